"""A reading does not depend on the order of sets, which differs from process to process."""

import subprocess
import sys
from pathlib import Path

_READ = """
import hashlib, json
from analysis.demo.truth import load_truth
from pipelines.demand import Brand, DemandReader, MarketTerms, reading_as_json
reader = DemandReader(MarketTerms(brands=(Brand(name="Stallbox"),), own=Brand(name="Hatchcart")))
lines = [reading_as_json(reader.read(post["text"])) for post in load_truth()["posts"]]
print(hashlib.sha256(json.dumps(lines).encode()).hexdigest())
"""


def test_the_same_in_every_process() -> None:
    found = {
        subprocess.run(
            [sys.executable, "-c", _READ], cwd=Path(__file__).parents[3], check=True, text=True,
            env={"PYTHONHASHSEED": seed}, capture_output=True,
        ).stdout
        for seed in ("1", "2", "3")
    }  # fmt: skip
    assert len(found) == 1
