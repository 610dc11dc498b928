"""Telling people what the alerts pass found: words, webhook, mail and chat. docs/alerts.md."""
