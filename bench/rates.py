"""How often each of fifty sites is asked, seen from the sites.

One process, fifty sites that each ask nothing of their own but two: a Crawl-delay of 3 s, and one
of 300 s, which no crawl can keep. Five sites are read by two crawls of the run, as companies and
as forums. Prints, of every kind of site, requests, the least and the mean pause between two
arrivals, and how many were ever open at one time.

    python -m bench rates [--delay 1] [--sites 50]
"""

import argparse
import tempfile
from pathlib import Path

from tests.live.arrivals import Arrivals, ArrivalServer
from tests.live.watched import run_watched

MARKET = """
[business]
name = "Hatchcart"
description = "Online shop builder for small shops"

[crawl]
delay = {delay}
allow_private = true
"""
CRAWL_DELAYS = {"site07": 3, "site08": 300}
SHARED = 5


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="bench rates")
    parser.add_argument("--delay", type=float, default=1.0)
    parser.add_argument("--sites", type=int, default=50)
    told = parser.parse_args()
    names = [f"site{n:02}" for n in range(told.sites)]
    robots = {
        name: f"User-agent: *\nCrawl-delay: {seconds}\n" for name, seconds in CRAWL_DELAYS.items()
    }
    with tempfile.TemporaryDirectory() as folder, ArrivalServer(robots=robots, pages=8) as server:
        home = Path(folder)
        (home / "markets").mkdir()
        text = MARKET.format(delay=told.delay)
        for name in names:
            url = server.url(name)
            text += f'\n[[competitor]]\nid = "{name}"\nname = "{name}"\nsite = "{url}"\n'
        for name in names[:SHARED]:
            text += f'\n[[forum]]\nname = "talk {name}"\nurl = "{server.url(name)}"\n'
        (home / "markets" / "rates.toml").write_text(text, encoding="utf-8")
        run = run_watched(home, "research", "rates", timeout=1_100)
        arrivals = server.arrivals
    apart = [name for name in names[SHARED:] if name not in CRAWL_DELAYS]
    _print(arrivals, "read by two crawls", names[:SHARED])
    _print(arrivals, "read by one crawl", apart)
    for name, seconds in CRAWL_DELAYS.items():
        _print(arrivals, f"Crawl-delay: {seconds}", [name])
    print(f"exit code {run.returncode}, {run.seconds:.0f} s")


def _print(arrivals: Arrivals, title: str, names: list[str]) -> None:
    requests = sum(len(arrivals.of(name)) for name in names)
    gaps = [gap for name in names for gap in arrivals.gaps(name)]
    pauses = f"least {min(gaps):.3f} s, mean {sum(gaps) / len(gaps):.3f} s" if gaps else "no second"
    most = max(arrivals.most_at_once(name) for name in names)
    print(f"{title}: {len(names)} sites, {requests} requests, pause {pauses}, {most} at a time")


if __name__ == "__main__":
    main()
