"""A post's own words, without what others said and what engines add. Pure."""
