"""How fast it is, as ratios of two things done in the same run: ``make bench``.

    [RIVALMAP_MEASURE_DATA=...] python -m bench speed [NAME ...] [--rounds 5] [--write] [--check]
        [--peers PYTHON]

Without a name all measures but the longest. Each figure is the median of five paired rounds; least
and most stand beside it. Pages are real where the measuring data is named, else generated; servers
are on loopback (nginx). ``--write`` puts the table into docs/performance.md; ``--check`` holds the
figures to the floors of bench/floors.toml and ends with 1 where one is missed.
"""

import argparse
import os
import sys
import tomllib
from datetime import UTC, datetime
from pathlib import Path

from bench.paired import ROUNDS, Measure, Outcome, SkippedError, measured, peers
from bench.paired.crawling import full_crawl, our_settings
from bench.paired.growth import pages_stored
from bench.paired.memory import known, large, peak
from bench.paired.rate import fetching, reading
from bench.paired.reading import channels, company_page, forum_page
from bench.paired.saying import beside_plain_expressions, posts_a_second
from bench.paired.serving import NoServerError
from bench.paired.starting import inspect_started, research_again
from bench.paired.storing import posts_beside_raw

ROOT = Path(__file__).resolve().parents[1]
FLOORS = Path(__file__).with_name("floors.toml")
TABLE = ROOT / "docs" / "performance.md"
_BEGIN, _END = "<!-- bench speed -->\n", "<!-- end of bench speed -->\n"

MEASURES = (
    Measure(
        name="company", title="reading a company page, everything / parsing it with lxml, CPU",
        goal=2.0, rounds=company_page,
    ),
    Measure(
        name="forum", title="reading a forum page of 20 posts, all fields / parsing it with lxml, "
        "CPU", goal=4.0, rounds=forum_page,
    ),
    Measure(
        name="channels", title="channel detection / parsing with lxml, CPU", goal=0.2,
        rounds=channels,
    ),
    Measure(
        name="storing", title="storing posts with search text / raw executemany of the same rows, "
        "CPU", goal=6.0, rounds=posts_beside_raw,
    ),
    Measure(
        name="demand", title="demand reading, posts a second a core", goal=2_000, at_least=True,
        rounds=posts_a_second,
    ),
    Measure(
        name="expressions", title="one expression after another / demand reading, CPU", goal=10.0,
        at_least=True, rounds=beside_plain_expressions,
    ),
    Measure(
        name="start", title="`scrapy inspect` on one small page, seconds", goal=1.0,
        rounds=inspect_started,
    ),
    Measure(
        name="settings", title="throughput with our settings / with Scrapy's defaults, empty "
        "callback", goal=1.8, at_least=True, rounds=our_settings,
    ),
    Measure(
        name="full", title="throughput of a full `competitors` crawl / empty callback with our "
        "settings", goal=0.20, at_least=True, rounds=full_crawl,
    ),
    Measure(
        name="research", title="second `scrapy research` with nothing new / first, sample market",
        goal=0.3, rounds=research_again,
    ),
    Measure(
        name="peer-crawl", title="advertools / a whole `competitors` crawl of the same pages, "
        "CPU a page", goal=3, at_least=True, rounds=peers.crawl,
    ),
    Measure(
        name="peer-text", title="trafilatura / reading a company page, everything, CPU", goal=3,
        at_least=True, rounds=peers.main_text,
    ),
    Measure(
        name="peer-forum", title="forumscraper / reading a phpBB page of 20 posts, CPU", goal=3,
        at_least=True, rounds=peers.forum,
    ),
    Measure(
        name="growth", title="storing a page, dearest / cheapest of 1,000, 10,000 and 100,000 "
        "stored pages, CPU", goal=1.15, rounds=pages_stored, asked=True,
    ),
    Measure(
        name="rate", title="200 sites at one request a second each, fetching alone: achieved / "
        "allowed rate", goal=0.99, at_least=True, rounds=fetching, asked=True,
    ),
    Measure(
        name="rate-read", title="200 sites at one request a second each, full reading: achieved / "
        "allowed rate", goal=0.99, at_least=True, rounds=reading, asked=True,
    ),
    Measure(
        name="memory", title="memory of a crawl of 200 sites x 500 pages, MB at most", goal=500,
        rounds=peak, asked=True,
    ),
    Measure(
        name="large", title="memory of a crawl of 200 sites x 5 real pages, MB at most", goal=500,
        rounds=large, asked=True,
    ),
    Measure(
        name="known", title="memory that 100,000 more known pages add to a crawl, MB", goal=20,
        rounds=known, asked=True,
    ),
)  # fmt: skip


def line(outcome: Outcome) -> str:
    """A row of the table."""
    measure = outcome.measure
    sign = ">=" if measure.at_least else "<="
    kept = "" if outcome.kept else " **missed**"
    return (
        f"| {measure.title} | {sign} {measure.goal:g} | {_short(outcome.median)}{kept} "
        f"| {_short(outcome.least)} to {_short(outcome.most)} | {outcome.parts} "
        f"| `python -m bench speed {measure.name}` |"
    )


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def write(lines: list[str]) -> None:
    """Put the table where docs/performance.md has its place.

    :raises ValueError: where the place is not marked.
    """
    text = TABLE.read_text("utf-8")
    if _BEGIN not in text or _END not in text:
        raise ValueError(f"{TABLE} has no place for the table: put {_BEGIN.strip()} there")
    before, _, rest = text.partition(_BEGIN)
    after = rest.partition(_END)[2]
    TABLE.write_text(before + _BEGIN + "\n".join(lines) + "\n" + _END + after, encoding="utf-8")


def floors() -> dict[str, float]:
    """What `--check` holds each figure to."""
    read: dict[str, float] = tomllib.loads(FLOORS.read_text("utf-8"))["floors"]
    return read


def main() -> int:
    """Measure, print, and where asked write or check."""
    parser = argparse.ArgumentParser(prog="bench speed")
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--peers", help="the Python of an environment that has the other programs")
    options = parser.parse_args()
    known = {measure.name: measure for measure in MEASURES}
    wrong = [name for name in options.names if name not in known]
    if wrong:
        parser.error(f"no measure {wrong[0]!r}; there are: {', '.join(known)}")
    if options.peers:
        os.environ[peers.VARIABLE] = options.peers
    if options.write and options.names:
        parser.error("--write writes the whole table; leave the names out")
    held = floors() if options.check else {}
    every = [measure.name for measure in MEASURES if not measure.asked]
    chosen = [known[name] for name in options.names or every if not held or name in held]
    lines = [
        f"Measured on {datetime.now(UTC):%Y-%m-%d}, median of {options.rounds} paired rounds.", "",
        "| measure | goal | median | least to most | the median's parts | command |",
        "|---|---|---|---|---|---|",
    ]  # fmt: skip
    print("\n".join(lines), flush=True)
    missed = []
    for measure in chosen:
        try:
            outcome = measured(measure, options.rounds)
        except NoServerError as error:
            print(f"{measure.name}: {error}", file=sys.stderr)
            return 3
        except SkippedError as error:
            print(f"{measure.name}: skipped: {error}", file=sys.stderr)
            continue
        lines.append(line(outcome))
        print(lines[-1], flush=True)
        floor = held.get(measure.name)
        if floor is not None:
            good = outcome.median >= floor if measure.at_least else outcome.median <= floor
            missed += [] if good else [f"{measure.name}: {_short(outcome.median)}, floor {floor:g}"]
    if options.write:
        write(lines)
    for words in missed:
        print(f"below its floor: {words}", file=sys.stderr)
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main())
