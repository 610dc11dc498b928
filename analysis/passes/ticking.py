"""How passes tell of their progress."""

from typing import Protocol


class Tick(Protocol):
    """Told how far a pass is."""

    def __call__(self, what: str, done: int, total: int) -> None:
        """``done`` of ``total`` pieces of ``what``."""


def no_tick(what: str, done: int, total: int) -> None:
    """Tell nobody."""
