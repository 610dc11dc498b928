"""The learnt parts: two readings of a line for names, and a judge of what stands around a name.

Linear models (conditional random fields, by CRFsuite), learnt from threads written for the purpose:
``python -m bench.discovery_learning`` writes ``models/`` anew from ``bench/texts/discovery``.
"""

from collections.abc import Sequence
from functools import lru_cache
from importlib import resources
from pathlib import Path

import pycrfsuite

from pipelines.discovery.recurring import Row, Span

LABELS = ("O", "BR", "IR", "BN", "IN")
"""Outside of names; begin and inside of a rival's (or our own), of another name."""
LEAST = (0.2, 0.25)
"""The chance from which pieces of the first and the second reading count as a name's."""


class Tagger:
    """A model that labels the pieces of a line."""

    def __init__(self, model: bytes) -> None:
        self._tagger = pycrfsuite.Tagger()
        self._tagger.open_inmemory(model)
        self._model = model  # the library reads it where it lies
        self._labels = [label for label in LABELS if label in set(self._tagger.labels())]

    def spans(self, rows: Sequence[Row], least: float) -> list[Span]:
        """The stretches of a line that may be names, by the chances of their pieces."""
        if not rows:
            return []
        self._tagger.set(rows)
        chances = [
            {label: self._tagger.marginal(label, at) for label in self._labels}
            for at in range(len(rows))
        ]
        found: list[Span] = []
        first: int | None = None
        for at in range(len(rows) + 1):
            here = chances[at] if at < len(rows) else {"O": 1.0}
            named = 1 - here.get("O", 0.0) > least
            begins = named and (
                first is None
                or here.get("BR", 0.0) + here.get("BN", 0.0)
                > here.get("IR", 0.0) + here.get("IN", 0.0)
            )
            if first is not None and (not named or begins):
                found.append(_span(chances, first, at))
                first = None
            if begins:
                first = at
        return found


def _span(chances: Sequence[dict[str, float]], first: int, end: int) -> Span:
    name = sum(1 - chances[at].get("O", 0.0) for at in range(first, end))
    rival = sum(chances[at].get("BR", 0.0) + chances[at].get("IR", 0.0) for at in range(first, end))
    return Span(first, end, name / (end - first), rival / name if name else 0.0)


class Judge:
    """A model that tells from a row whether a name is a rival's (``R``), another (``N``), none."""

    def __init__(self, model: bytes) -> None:
        self._tagger = pycrfsuite.Tagger()
        self._tagger.open_inmemory(model)
        self._model = model

    def chances(self, row: Row) -> tuple[float, float]:
        """(rival among names, no name at all), both 0..1."""
        self._tagger.set([row])
        rival, other, none = (self._tagger.marginal(label, 0) for label in "RNX")
        return rival / (rival + other + 1e-9), none


class Models:
    """The five models; ``first`` and ``second`` by whether a line holds Han characters."""

    def __init__(self, folder: Path) -> None:
        def read(name: str) -> bytes:
            return (folder / f"{name}.crfsuite").read_bytes()

        self.first = {han: Tagger(read(f"first_{_script(han)}")) for han in (False, True)}
        self.second = {han: Tagger(read(f"second_{_script(han)}")) for han in (False, True)}
        self.judge = Judge(read("context"))


def _script(han: bool) -> str:
    return "han" if han else "latin"


@lru_cache(maxsize=1)
def load_models() -> Models:
    """The models that ship with the package."""
    with resources.as_file(resources.files(__package__).joinpath("models")) as folder:
        return Models(folder)
