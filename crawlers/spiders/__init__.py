"""Spiders: one per kind of source, each a name and what it reads."""
