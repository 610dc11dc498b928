"""Scrapy extensions: what watches a crawl without being part of it."""
