"""Downloader middlewares: manners and safety of every single request."""
