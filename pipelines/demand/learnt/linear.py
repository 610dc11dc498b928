"""Linear models: features in, a margin per label out."""

import json
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any, cast

import numpy as np

SCALE = 1000
"""Weights are stored as whole thousandths: a third of the size, no figure changes."""


class LinearModel:
    """One weight per feature and label, and what margin is enough for a label.

    :param data: as a model's file holds it: ``labels``, ``bias`` and ``enough`` (a number a
        label), ``weights`` (feature -> a number a label), numbers in thousandths.
    """

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.labels: tuple[str, ...] = tuple(data["labels"])
        self.enough: dict[str, float] = {
            label: value / SCALE for label, value in zip(self.labels, data["enough"], strict=True)
        }
        self._rows: dict[str, int] = {name: row for row, name in enumerate(data["weights"])}
        self._weights = np.array(list(data["weights"].values()), dtype=np.float32) / SCALE
        self._bias = np.array(data["bias"], dtype=np.float32) / SCALE

    def margins(
        self, there: Iterable[str], valued: Mapping[str, float] | None = None
    ) -> dict[str, float]:
        """Per label: above 0 more likely than not (log odds). Unknown features say nothing.

        :param there: features that are there; however often, they count once.
        :param valued: features with a value.
        """
        numbers = set(map(self._rows.get, there))
        numbers.discard(None)
        # A set of whole numbers has the same order in every run: so has the sum.
        total = self._weights.take(list(cast(set[int], numbers)), axis=0).sum(axis=0) + self._bias
        known = [
            (row, value)
            for name, value in (valued or {}).items()
            if (row := self._rows.get(name)) is not None
        ]
        if known:
            values = np.array([value for _, value in known], dtype=np.float32)
            total += values @ self._weights[[row for row, _ in known]]
        return dict(zip(self.labels, total.tolist(), strict=True))

    def weight(self, feature: str, label: str) -> float:
        """What one feature adds to the margin of a label."""
        row = self._rows.get(feature)
        return 0.0 if row is None else float(self._weights[row, self.labels.index(label)])


@lru_cache(maxsize=4)
def linear_model(name: str) -> LinearModel:
    """The model ``models/NAME.json``, read once. :raises FileNotFoundError: where there is none."""
    source = files("pipelines.demand.learnt").joinpath(f"models/{name}.json")
    return LinearModel(json.loads(source.read_text("utf-8")))
