"""``python -m bench NAME [arguments]``: one measurement; without a name, all in turn."""

import runpy
import sys
from pathlib import Path

PREPARATIONS = ("channel_labels", "data", "demand_learning", "demand_texts", "desk_market",
                "desk_sites", "desk_texts", "discovery_learning", "discovery_swaps",
                 "ageing", "discovery_texts", "forum_truth", "learn", "night_market",
                 "scale_market", "screenshots",
                "tier_gold", "tier_learning")  # fmt: skip
"""Modules that measure nothing."""

ASKED = ("desk",)
"""Measurements of a file that must be written first: run by name only."""


def names() -> list[str]:
    """The measurements."""
    folder = Path(__file__).parent
    found = sorted(path.stem for path in folder.glob("*.py") if not path.stem.startswith("__"))
    return [name for name in found if name not in PREPARATIONS]


def run(name: str, arguments: list[str]) -> None:
    """Run one measurement as a program."""
    sys.argv = [f"bench {name}", *arguments]
    runpy.run_module(f"bench.{name}", run_name="__main__")


def main(arguments: list[str]) -> int:
    """Run one, or all."""
    if arguments and arguments[0] not in names():
        sys.stderr.write(f"no measurement {arguments[0]!r}; there are: {', '.join(names())}\n")
        return 2
    if arguments:
        run(arguments[0], arguments[1:])
        return 0
    for name in names():
        if name in ASKED:
            continue
        print(f"\n# {name}", flush=True)
        try:
            run(name, [])
        except SystemExit as end:
            if end.code:
                print(f"{name} ended with {end.code}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
