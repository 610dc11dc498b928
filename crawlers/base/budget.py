"""The requests of a run, counted down by all its spiders together."""


class Requests:
    """How many requests a run may still make; ``None``: as many as it needs."""

    def __init__(self, most: int | None) -> None:
        self._left = most

    @property
    def spent(self) -> bool:
        """Whether no request is left."""
        return self._left is not None and self._left <= 0

    def take(self) -> None:
        """Count one."""
        if self._left is not None:
            self._left -= 1
