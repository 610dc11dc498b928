"""Crawlers: gather. They know nothing of storage."""
