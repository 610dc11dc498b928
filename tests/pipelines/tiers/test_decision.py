"""The table of tiers, all thirty-two rows of it, against the table as the contract prints it."""

from itertools import product
from pathlib import Path

import pytest

from crawlers.words import FLAGS
from pipelines.tiers import decide

CONTRACT = Path(__file__).parents[3] / "docs" / "contract.md"


def printed_rows() -> list[tuple[list[str], int | None]]:
    lines = CONTRACT.read_text("utf-8").splitlines()
    start = lines.index(
        "| same_product | same_audience | same_category | substitute | extension | tier |"
    )
    rows = []
    for line in lines[start + 2 : start + 8]:
        *cells, tier = [cell.strip() for cell in line.strip("|").split("|")]
        rows.append((cells, int(tier)))
    return rows


def tier_by_the_page(flags: tuple[bool, ...]) -> int | None:
    for cells, tier in printed_rows():
        if all(
            cell == "any" or (cell == "yes") == flag
            for cell, flag in zip(cells, flags, strict=True)
        ):
            return tier
    return None


@pytest.mark.parametrize("flags", list(product([False, True], repeat=5)))
def test_every_row_is_decided_as_the_contract_prints_it(flags):
    assert decide(**dict(zip(FLAGS, flags, strict=True))) == tier_by_the_page(flags)


def test_the_contract_prints_six_rows_that_decide():
    assert [tier for _, tier in printed_rows()] == [1, 1, 2, 2, 3, 3]
