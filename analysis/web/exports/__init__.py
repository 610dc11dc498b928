"""What a reader takes away: JSON of every page, CSV and Excel of every table, a feed of changes.

Each leaves through the permission checks of the page or table it is of.
"""
