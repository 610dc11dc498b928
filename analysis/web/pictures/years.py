"""Months of several years under each other, so that the same month of each can be compared."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analysis.web.pictures.columns import Column, columns

MOST_YEARS = 4

LEAST_COMPARED = 6
"""Months that must be there in two years: fewer say nothing of a year's course."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    """A year's twelve columns: the month's row and its column, ``None`` where nothing was read."""

    year: str
    months: tuple[tuple[Mapping[str, object], Column] | None, ...]


def years(months: Sequence[Mapping[str, object]]) -> tuple[Year, ...]:
    """The newest years, the oldest first, all measured by the same busiest month.

    :param months: {``month`` (``YYYY-MM``), ``people``} in a row, quiet ones too.
    :returns: nothing where fewer than :data:`LEAST_COMPARED` months are there a year later too.
    """
    known = {str(row["month"]): row for row in months}
    found = sorted({month[:4] for month in known})[-MOST_YEARS:]
    again = sum(f"{int(month[:4]) - 1:04d}{month[4:]}" in known for month in known)
    if again < LEAST_COMPARED:
        return ()
    named = [[f"{year}-{month:02d}" for month in range(1, 13)] for year in found]
    values = [_people(known.get(month)) for year in named for month in year]
    top = max(values, default=0)
    drawn = []
    for place, (year, of_year) in enumerate(zip(found, named, strict=True)):
        # The busiest month of all stands in each year as a thirteenth, so that all are alike.
        placed = columns([*values[place * 12 : place * 12 + 12], top])
        drawn.append(
            Year(
                year=year,
                months=tuple(
                    (known[month], column) if month in known else None
                    for month, column in zip(of_year, placed, strict=False)
                ),
            )
        )
    return tuple(drawn)


def _people(row: Mapping[str, object] | None) -> int:
    people = row["people"] if row else 0
    return people if isinstance(people, int) else 0
