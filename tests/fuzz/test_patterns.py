"""No regular expression of ours can be made to hang: bench/faults/patterns.py, one in six."""

import json
import subprocess
import sys
from pathlib import Path
from re import _parser as parser

import pytest

from bench.faults.patterns import everywhere, sample, strings


@pytest.mark.slow
def test_no_pattern_can_be_made_to_hang() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "bench.faults.patterns", "--every", "6"],
        cwd=Path(__file__).parents[2], capture_output=True, text=True, timeout=600, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout + run.stderr
    counts = json.loads(run.stdout.splitlines()[-1])
    assert counts["patterns"] > 700
    assert counts["tried"] > 100


@pytest.mark.parametrize(
    "pattern", [r"(?:ab|c)+\d{2,}x?", r"\s*[^a-z]+$", r"(a+)+b", r"(?P<x>[1-5])-(?P=x)"]
)
def test_samples_and_strings_of_a_pattern(pattern: str) -> None:
    assert sample(parser.parse(pattern))
    made = strings(pattern, 0)
    assert len(made) > 5 and max(map(len, made)) > 3_000


def test_words_stand_everywhere() -> None:
    page = '<a href="/x" title="t">one</a> <p class="k">two</p><br>'
    assert everywhere(page, "7 <") == (
        '<a href="7 &lt;" title="7 &lt;">7 &lt;</a> <p class="k">7 &lt;</p><br>'
    )
