"""The rate of each site, and the rests sites ask for, seen from the server's side."""

from pathlib import Path

import pytest

from tests.live.arrivals import ArrivalServer
from tests.live.faults import FaultServer
from tests.live.servers import ROOT
from tests.live.test_faults import BUSINESS, competitor, rows, scrapy, write_market

pytestmark = pytest.mark.slow


def test_a_rest_is_kept_by_the_next_start_and_its_pages_wait(tmp_path: Path) -> None:
    with FaultServer() as server:
        text = BUSINESS + "".join(
            competitor(site, f"http://{site}.localhost:{server.port}/")
            for site in ("later", "busy", "good")
        )
        write_market(tmp_path, "rest", text)
        assert scrapy(tmp_path, "research", "rest").returncode == 5
        asked = server.arrivals.paths("later")
        assert asked[:2] == ["/robots.txt", "/"]
        assert len(asked) == 3  # whatever came next was told to come back in two hours
        assert server.arrivals.paths("busy") == ["/robots.txt", "/"]
        waiting = rows(
            tmp_path, "rest",
            "SELECT url FROM frontier WHERE source = 'later' AND state = 'pending' ORDER BY url",
        )  # fmt: skip
        assert len(waiting) >= 2
        kept = dict(rows(tmp_path, "rest", "SELECT site, detail FROM rests"))
        assert kept.keys() == {"later.localhost", "busy.localhost"}

        server.arrivals.clear()
        again = scrapy(tmp_path, "research", "rest")
        assert again.returncode == 5
        assert not server.arrivals.paths("later") and not server.arrivals.paths("busy")
        assert server.arrivals.paths("good")  # a run that ended holds nobody else up
        assert "not before" in again.stderr
        newest = rows(tmp_path, "rest", "SELECT max(id) FROM runs")[0][0]
        carried = rows(
            tmp_path, "rest",
            "SELECT url FROM frontier WHERE source = 'later' AND state = 'pending' "
            f"AND run_id = {newest} ORDER BY url",
        )  # fmt: skip
        assert set(waiting) <= set(carried)


def test_inspect_keeps_a_rest_and_one_request_at_a_time(tmp_path: Path) -> None:
    with FaultServer() as server:
        urls = [f"http://busy.localhost:{server.port}/{n}" for n in range(5)]
        run = scrapy(tmp_path, "inspect", *urls, "--allow-private")
        assert run.returncode == 6 and "a pause of 3600 s" in run.stderr
        assert server.arrivals.paths("busy") == ["/robots.txt", "/0"]
    with ArrivalServer(seconds=0.1) as server:
        urls = [f"{server.url('one')}pricing-{n}" for n in range(3)]
        assert scrapy(tmp_path, "inspect", *urls, "--allow-private").returncode == 0
        assert server.arrivals.most_at_once("one") == 1
        assert min(server.arrivals.gaps("one")) >= 1.0


SLOW = {
    "site07": "User-agent: *\nCrawl-delay: 1.5\n",
    "site08": "User-agent: *\nCrawl-delay: 300\n",
}


def test_fifty_sites_are_each_asked_at_their_own_pace(tmp_path: Path) -> None:
    """docs/manners.md has the figures: delay, least gap, requests, seconds."""
    names = [f"site{n:02}" for n in range(50)]
    delay = 0.5
    with ArrivalServer(robots=SLOW, pages=4) as server:
        text = BUSINESS.replace("delay = 0", f"delay = {delay}")
        text += "".join(competitor(name, server.url(name)) for name in names)
        # The same sites as forums: two spiders of one run must not double the rate.
        text += "".join(
            f'\n[[forum]]\nname = "talk {name}"\nurl = "{server.url(name)}"\n' for name in names[:5]
        )
        write_market(tmp_path, "fifty", text)
        run = scrapy(tmp_path, "research", "fifty")
        arrivals = server.arrivals
    assert run.returncode == 5  # site08 asks for five minutes; no forum is one
    least = {name: min(arrivals.gaps(name)) for name in names if name not in SLOW}
    assert min(least.values()) >= delay, least
    assert min(arrivals.gaps("site07")) >= 1.5
    assert arrivals.paths("site08") == ["/robots.txt"]
    assert {arrivals.most_at_once(name) for name in names} == {1}
    pages = dict(rows(tmp_path, "fifty", "SELECT competitor, count(*) FROM pages GROUP BY 1"))
    assert pages == {name: 5 for name in names if name != "site08"}


INSIDE = (
    "http://127.0.0.1:{port}/secret", "http://localhost:{port}/secret",
    "http://x.localhost:{port}/secret", "http://127.1:{port}/secret",
    "http://2130706433:{port}/secret", "http://0x7f.0.0.1:{port}/secret",
    "http://[::1]:{port}/secret", "http://[::ffff:127.0.0.1]:{port}/secret",
    "http://[64:ff9b::7f00:1]:{port}/secret", "http://inside.example:{port}/secret",
    "http://meta.example/latest/meta-data/",
)  # fmt: skip


def test_a_public_site_leads_nobody_inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By a redirect, in every spelling of an address, and by a name that resolves to one."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    with FaultServer() as server:
        server.places["open.example"] = [place.format(port=server.port) for place in INSIDE]
        urls = [f"http://open.example:{server.port}/{n}" for n in range(len(INSIDE))]
        resolver = ["-s", "TWISTED_DNS_RESOLVER=tests.live.open_resolver.OpenResolver"]
        run = scrapy(tmp_path, "inspect", *urls, *resolver, "-s", "RIVALMAP_DELAY=0",
                     "-s", "DOWNLOAD_DELAY=0")  # fmt: skip
        asked = server.arrivals.paths("open.example")
        assert set(asked) == {"/robots.txt", *(f"/{n}" for n in range(len(INSIDE)))}
        elsewhere = [site for site in server.arrivals.sites() if site != "open.example"]
    assert run.returncode == 6 and not elsewhere
    assert run.stderr.count("a private address, or a name that leads to one") == len(INSIDE)
