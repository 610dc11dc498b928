"""Analysis: read, decide, show. Imports pipelines and crawlers; nothing imports it."""
