"""What a page says of the company behind it: facts, each with its proof."""
