"""The parts of the market file's loading; ``crawlers.market`` is the door."""
