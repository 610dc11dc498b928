"""Healthy sites beside a server of faults at full size: time, memory, what was recorded.

Bodies of 3 GB, a gzip bomb of 3 GB, drips of bodies and headers, resets, wrong lengths, broken
TLS, 429 and 503 with Retry-After, redirect loops, endless pages, pages of a hundred thousand open
elements. Everything runs on loopback with the settings that ship (a delay of one second, a timeout
of thirty). Prints a line a site, then seconds and the highest memory of the command; and the same
of the healthy sites alone, to compare.

    python -m bench.faults.server
"""

import sqlite3
import sys
import tempfile
from pathlib import Path

from tests.live.broken_tls import BrokenTls
from tests.live.faults import FaultServer
from tests.live.watched import Watched, run_watched

MARKET = """
[business]
name = "Hatchcart"
description = "Online shop builder for small shops"

[crawl]
delay = 1
allow_private = true
"""
HEALTHY = ("good", "gbk", "bytes", "links", "moment")
FORUMS = ("empty", "round")
BOMB = 3_000  # MB


def main() -> int:
    """Measure and print; 1 where a healthy site was not read whole."""
    with tempfile.TemporaryDirectory() as folder, BrokenTls() as tls:
        home = Path(folder)
        (home / "markets").mkdir()
        with FaultServer(bomb=BOMB) as server:
            alone = _run(home, "alone", server, HEALTHY, "")
            sites = tuple(server.sites)
            _print("healthy sites alone", alone)
            extra = _competitor("dead", "http://127.0.0.1:9/")
            extra += _competitor("tls", f"https://tls.localhost:{tls.port}/")
            everything = _run(home, "all", server, sites, extra)
        before, after = (_pages(home, name) for name in ("alone", "all"))
        for row in _rows(home, "all", _OUTCOMES):
            print("  ".join(str(cell)[:110] for cell in row))
        _print(
            f"{len(sites) + 2} sites, {len(sites) + 2 - len(HEALTHY)} of them faulty", everything
        )
        whole = all(before[site] == after[site] for site in before)
        print(f"healthy sites read as without the others: {'yes' if whole else 'NO'}")
    return 0 if whole and everything.returncode == 5 else 1


_OUTCOMES = (
    "SELECT s.source, s.outcome, (SELECT group_concat(DISTINCT f.reason) FROM failures f "
    "WHERE f.run_id = s.run_id AND f.source = s.source), s.detail "
    "FROM run_sources s ORDER BY s.outcome, s.source"
)


def _run(home: Path, name: str, server: FaultServer, sites: tuple[str, ...], extra: str) -> Watched:
    text = MARKET + extra
    for site in sites:
        url = f"http://{site}.localhost:{server.port}/"
        text += (
            f'\n[[forum]]\nname = "{site}"\nurl = "{url}"\n' if site in FORUMS
            else _competitor(site, url)
        )  # fmt: skip
    (home / "markets" / f"{name}.toml").write_text(text, encoding="utf-8")
    return run_watched(home, "research", name, timeout=1_100)


def _competitor(name: str, url: str) -> str:
    return f'\n[[competitor]]\nid = "{name}"\nname = "{name}"\nsite = "{url}"\n'


def _rows(home: Path, name: str, sql: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(home / "data" / name / "market.db")
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


def _pages(home: Path, name: str) -> dict[object, list[tuple[object, ...]]]:
    found = _rows(home, name, "SELECT competitor, url, text_hash FROM pages ORDER BY url")
    return {site: [row for row in found if row[0] == site] for site in HEALTHY}


def _print(title: str, run: Watched) -> None:
    print(
        f"{title}: exit code {run.returncode}, {run.seconds:.0f} s, "
        f"at most {run.peak_mb:.0f} MB resident"
    )


if __name__ == "__main__":
    sys.exit(main())
