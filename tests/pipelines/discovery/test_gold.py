"""The written threads (tests/gold/discovery): a floor that only a person lowers.

200 threads by a writer who had not seen the rules. Measured: ``python -m bench discovery``. Of the
goal, precision 0.85 and recall 0.80, the first is not met: docs/accuracy.md says by how much.
"""

import pytest

from bench.discovery import load, measure, precision_recall

PRECISION, RECALL = 0.74, 0.79
LEAST_OF_A_LANGUAGE = 0.62


@pytest.fixture(scope="module")
def measured():
    rows, names, seekers = load()
    return rows, measure(rows, names, seekers, alone=False)


def test_the_set_is_what_it_says(measured):
    rows, _ = measured
    assert len(rows) == 200
    assert sum(not row["truth"] for row in rows) >= 60
    assert {row["lang"] for row in rows} == {"en", "vi", "zh"}


def test_names_come_out_as_the_writer_said(measured):
    _, result = measured
    precision, recall = precision_recall(counts for counts, _, _ in result.values())
    assert precision >= PRECISION
    assert recall >= RECALL


@pytest.mark.parametrize("lang", ["en", "vi", "zh"])
def test_no_language_is_left_behind(measured, lang):
    rows, result = measured
    precision, recall = precision_recall(
        result[row["id"]][0] for row in rows if row["lang"] == lang
    )
    assert min(precision, recall) >= LEAST_OF_A_LANGUAGE
