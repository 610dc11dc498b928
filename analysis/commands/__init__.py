"""Custom Scrapy commands: thin, one a file; they import what they need when they run."""
