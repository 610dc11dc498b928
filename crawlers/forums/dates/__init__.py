"""When a post was written: labels, clocks and zones. Pure."""
