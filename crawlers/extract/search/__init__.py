"""What a page does to be found by search engines."""
