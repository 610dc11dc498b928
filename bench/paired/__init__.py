"""What a measure of `bench speed` is: one ratio (or figure) of two things done in the same run."""

import statistics
from collections.abc import Callable, Iterator
from dataclasses import dataclass

ROUNDS = 5


class SkippedError(Exception):
    """A measure that cannot be had here; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """What one round found.

    ``parts`` says in words what ``value`` was made of.
    """

    value: float
    parts: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One line of the table.

    :ivar goal: the bound the figure is held to; ``at_least`` says on which side.
    :ivar rounds: begins the work once and yields a figure a round.
    :ivar asked: too long for the whole table: run by its name only.
    """

    name: str
    title: str
    goal: float
    at_least: bool = False
    rounds: Callable[[int], Iterator[Figure]]
    asked: bool = False

    def holds(self, value: float) -> bool:
        """Whether a figure keeps the goal."""
        return value >= self.goal if self.at_least else value <= self.goal


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A measure's median of all rounds, the least and the most, and the median round's parts."""

    measure: Measure
    median: float
    least: float
    most: float
    parts: str

    @property
    def kept(self) -> bool:
        """Whether the median keeps the goal."""
        return self.measure.holds(self.median)


def measured(measure: Measure, rounds: int = ROUNDS) -> Outcome:
    """Run the rounds of a measure."""
    figures = list(measure.rounds(rounds))
    values = sorted(figure.value for figure in figures)
    middle = statistics.median_low(values)
    parts = next(figure.parts for figure in figures if figure.value == middle)
    return Outcome(measure=measure, median=middle, least=values[0], most=values[-1], parts=parts)
