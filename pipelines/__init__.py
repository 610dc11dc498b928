"""Pipelines: clean, tag, store. One pipeline class a file, in the order the settings give."""
