"""Texts made to hurt: nothing raises, nothing takes long (processor seconds, any machine)."""

import time

import pytest

from crawlers.items import Company, Offer
from pipelines.changes import PageFacts, compare, stand_in_of

TEXTS = [
    "a1" * 100_000, "1" * 200_000, "1." * 100_000, "1 " * 100_000, "满1减" * 60_000,
    "save " * 40_000, "\n" * 200_000, "买一送" * 60_000, "%" * 200_000, "1 people are " * 15_000,
    "thang " * 30_000, "january 1 " * 20_000, "\ud800 \x00 \u202e" * 20_000, "折" * 100_000,
    "sale 9.9 " * 20_000, "- " * 100_000,
]  # fmt: skip


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: repr(text[:8]))
@pytest.mark.parametrize("kind", ["home", "careers", "pricing"])
def test_no_text_hurts(text: str, kind: str) -> None:
    def facts(said: str) -> PageFacts:
        return PageFacts(
            url="http://a/", kind=kind, title=said[:2_000], description=said[:2_000],
            company=Company(tagline=said[:500], audience=(said[:300],)), text=said,
            headings=(said[:300],), offers=(Offer(name=said[:300], price_text=said[:300]),),
        )  # fmt: skip

    began = time.process_time()
    compare(facts(text), facts("x" + text[1:]))
    stand_in_of(facts("plain"), facts(text), inner_links=0)
    assert time.process_time() - began < 5
