"""Reading pages of unknown software: what repeats, what the page says of itself. Pure."""
