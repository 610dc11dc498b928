"""The kind of a page, and of a link before it is followed."""
