"""Making a market file: questions in the user's language, or the site's own home page."""
