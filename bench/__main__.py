"""``python -m bench NAME [arguments]``: one measurement; without a name, all of them in turn."""

import importlib
import sys
from pathlib import Path


def names() -> list[str]:
    """The measurements: modules with a ``main(arguments) -> int``."""
    folder = Path(__file__).parent
    found = sorted(path.stem for path in folder.glob("*.py") if not path.stem.startswith("__"))
    return [name for name in found if name not in ("data", "learn", "screenshots")]


def main(arguments: list[str]) -> int:
    """Run one, or all; returns the worst exit code."""
    if arguments and arguments[0] in {*names(), "learn", "screenshots"}:
        return int(importlib.import_module(f"bench.{arguments[0]}").main(arguments[1:]) or 0)
    if arguments:
        sys.stderr.write(f"no measurement {arguments[0]!r}; there are: {', '.join(names())}\n")
        return 2
    worst = 0
    for name in names():
        print(f"\n# {name}", flush=True)
        worst = max(worst, int(importlib.import_module(f"bench.{name}").main([]) or 0))
    return worst


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
