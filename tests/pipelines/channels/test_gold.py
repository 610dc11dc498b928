"""Labelled pages: the files are whole, and the written pages hold their floor."""

import json

import pytest

from bench.channel_labels import GOLD, Judged, judged, kappa, labels_of, score
from bench.channels import written_page
from crawlers.extract import read_page
from crawlers.items import ChannelTag, Evidence
from crawlers.words import CHANNELS, ROLES
from pipelines.channels import detect

PRECISION, RECALL = 0.97, 0.94  # lowered only on purpose, with a reason in docs/accuracy.md


@pytest.fixture(scope="module")
def pages() -> list[Judged]:
    labels = labels_of("written")
    return [
        judged(ident, labels[ident], detect(read_page(written_page(ident))))
        for ident in sorted(labels)
    ]


def test_written_pages_hold_their_floor(pages: list[Judged]) -> None:
    total = score(pages)
    wrong = [(page.id, sorted(page.wrong), sorted(page.missed)) for page in pages]
    assert total.precision >= PRECISION, wrong
    assert total.recall >= RECALL, wrong


@pytest.mark.parametrize("lang", ["vi", "zh"])
def test_each_language_holds_the_stated_goal(pages: list[Judged], lang: str) -> None:
    total = score([page for page in pages if page.id.startswith(lang)])
    assert total.precision >= 0.95
    assert total.recall >= 0.90


@pytest.mark.parametrize(("name", "count"), [("real", 80), ("written", 40)])
def test_label_files_are_whole(name: str, count: int) -> None:
    labels = labels_of(name)
    assert len(labels) == count
    for ident, readers in labels.items():
        assert set(readers) == {"first", "second"}, ident
        for said in readers.values():
            for pair, sure in said.items():
                channel, _, role = pair.partition("/")
                assert channel in CHANNELS, (ident, pair)
                assert role in ROLES, (ident, pair)
                assert sure in ("must", "may"), (ident, pair)
    assert kappa(labels) > 0.8


def test_every_written_page_is_labelled() -> None:
    assert {path.stem for path in (GOLD / "pages").glob("*.html")} == set(labels_of("written"))


def test_labels_hold_no_page() -> None:
    for path in GOLD.glob("*.json"):
        text = json.dumps(json.loads(path.read_text("utf-8")))
        assert "http" not in text
        assert "<" not in text


def tag(channel: str, strength: int) -> ChannelTag:
    return ChannelTag(
        channel=channel,  # type: ignore[arg-type]
        role="promotes",
        platform=None,
        strength=strength,  # type: ignore[arg-type]
        evidence=(Evidence(quote="x", rule="x.y", url="https://lumo.vn/"),),
    )


def test_what_counts() -> None:
    labels = {
        "first": {"email/promotes": "must", "press/promotes": "must", "audio/promotes": "must"},
        "second": {"email/promotes": "must", "press/promotes": "may", "sms/promotes": "must"},
    }
    page = judged("1", labels, [tag("email", 2), tag("sms", 3), tag("forum", 2), tag("events", 1)])
    assert page.true == {"email/promotes"}
    assert page.right == {"email/promotes"}
    assert page.wrong == {"forum/promotes"}  # sms is open: one reader saw it; events is only weak
    assert page.missed == frozenset()
    total = score([page])
    assert (total.precision, total.recall) == (0.5, 1.0)
    assert score([page], "forum/promotes").precision == 0.0


def test_kappa() -> None:
    same = {"first": {"email/promotes": "must"}, "second": {"email/promotes": "must"}}
    none: dict[str, dict[str, str]] = {"first": {}, "second": {}}
    assert kappa({"1": same, "2": none}) == 1.0
    crossed = {"first": {"email/promotes": "must"}, "second": {}}
    other = {"first": {}, "second": {"email/promotes": "must"}}
    assert kappa({"1": crossed, "2": other}) == -1.0
