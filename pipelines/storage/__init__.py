"""Storage: schema, migrations, writing, the crawl's state, search text."""
