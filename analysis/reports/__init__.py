"""Reports as HTML, Markdown and Excel: a room kept free, nothing stands in it yet."""
