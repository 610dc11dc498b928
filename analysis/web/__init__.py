"""The research desk: a Datasette plugin that shows what was gathered, and its proof."""
