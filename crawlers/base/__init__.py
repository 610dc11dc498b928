"""Crawl loops that the spiders share; each spider is a name and a few hooks."""
