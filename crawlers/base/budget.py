"""The requests of a run, counted down by all its spiders together."""


class Requests:
    """How many addresses a run may still ask for; ``None``: as many as it needs.

    Pages, lists, sitemaps, feeds and parts of drawn pages count; robots.txt, the hops of redirects
    and second tries do not.
    """

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
