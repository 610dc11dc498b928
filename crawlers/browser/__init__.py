"""Pages that say nothing without JavaScript: told by their marks, drawn in a browser on request.

The browser itself never touches the network. Every part of a page it asks for is fetched by the
crawl's own downloader, so that the same rules hold for a part as for a page: addresses, robots.txt,
user agent, sizes, times. Nothing here imports playwright before the first page is drawn.
"""
