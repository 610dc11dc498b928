"""The sample's states: what they serve, apart from what a crawl makes of it."""

import pytest

from analysis.demo.content import load_sites
from analysis.demo.sample import answer
from analysis.demo.sites import site_answer, site_paths
from analysis.demo.states import STATES, changes

PORT = 8600
OPEN = [site for site in load_sites() if not site.closed]


def body(host: str, path: str, state: str | None) -> bytes:
    return answer(host, path, PORT, state).body  # type: ignore[arg-type]


@pytest.mark.parametrize("site", OPEN, ids=lambda site: site.id)
def test_without_a_state_the_sample_is_as_it_was(site) -> None:
    for path in site_paths(site):
        assert body(site.host, path, None) == site_answer(site, path, PORT).body


@pytest.mark.parametrize("site", OPEN, ids=lambda site: site.id)
def test_nothing_sends_the_same_bytes_and_noise_others_on_every_page(site) -> None:
    for path in site_paths(site):
        first = body(site.host, path, "baseline")
        assert first == body(site.host, path, "nothing")
        assert first != body(site.host, path, "noise") != body(site.host, path, "real")
        first.decode(site.encoding)


def test_every_true_change_stands_on_its_page_and_in_no_other_state() -> None:
    hosts = {site.id: site.host for site in OPEN}
    for change in changes():
        host, page = hosts[change["competitor"]], change["page"]
        status = [answer(host, page, PORT, state).status for state in STATES[:4]]  # type: ignore[arg-type]
        if change["kind"] == "new_page":
            assert status == [404, 404, 404, 200]
        elif change["kind"] == "removed_page":
            assert status == [200, 200, 200, 404]
        else:
            assert status == [200, 200, 200, 200]
    kinds = {change["kind"] for change in changes()}
    assert kinds >= {"price", "plan", "positioning", "new_page", "removed_page", "channel",
                     "hiring", "promotion", "availability"}  # fmt: skip
    assert len({change["competitor"] for change in changes()}) >= 8


@pytest.mark.parametrize("site", OPEN, ids=lambda site: site.id)
def test_down_no_site_answers_as_itself(site) -> None:
    down = answer(site.host, "/pricing-of-nothing", PORT, "down")
    assert (
        down.fault
        or down.status != 200
        or site.name.encode(site.encoding) not in down.body
        or (len(down.body) < 400)
    )
