"""No expression of ours can be made to hurt: each meets strings built from its own parts."""

import json
import subprocess
import sys

import pytest


@pytest.mark.slow
def test_no_page_or_post_makes_an_expression_run_away() -> None:
    """In a process of its own: the walk changes how ``re`` compiles."""
    ended = subprocess.run(
        [sys.executable, "-m", "bench.faults.patterns"],
        capture_output=True, text=True, timeout=400,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stdout + ended.stderr
    counts = json.loads(ended.stdout.splitlines()[-1])
    assert counts["tried"] == counts["patterns"] > 1_500
    assert counts["suspects"] > 0  # else the strings are too weak to show anything
