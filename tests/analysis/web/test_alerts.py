"""Alerts on the pages and in their feed, in three languages."""

import html
import json
import re

import feedparser
import pytest

from analysis.web import i18n
from analysis.web.i18n import Translator
from crawlers.words import ALERT_KINDS

KINDS = {
    "en": ("Price change", "Tier move", "New direct rival", "Surge of complaints",
           "Our customers leave", "Source fails"),
    "zh": ("价格变动", "级别变动", "新的直接对手", "抱怨激增", "我们的客户在流失", "来源读不到"),
    "vi": ("Đổi giá", "Đổi nhóm", "Đối thủ trực tiếp mới", "Lời than phiền tăng vọt",
           "Khách của mình rời đi", "Nguồn không đọc được"),
}  # fmt: skip


def text_of(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_every_kind_has_a_word():
    for language in i18n.LANGUAGES:
        assert {
            k for k in ALERT_KINDS if f"alert_kind.{k}" not in i18n.catalogue(language)
        } == set()


@pytest.mark.parametrize("language", KINDS)
async def test_changes_tells_every_alert_with_what_it_rests_on(desk, language):
    page = (await desk.client.get("/changes", headers={"accept-language": language})).text
    seen = text_of(page.split('id="alerts"')[1].split("</section>")[0])
    for kind in KINDS[language]:
        assert kind in seen, kind
    for words in ("$499 → $549", "電機噪音太大", "thinking of going to LiftLine", "status 403",
                  "desks that rise"):  # fmt: skip
        assert words in seen, words
    t = Translator(language)
    assert t("alerts.more", n=5) in seen  # seven prices changed, two are named
    topic = {"en": "noise", "zh": "噪音", "vi": "tiếng ồn"}[language]
    assert topic in seen and ("1,5" if language == "vi" else "1.5") in seen


async def test_the_changes_of_a_rival_show_its_alerts_only(desk):
    page = (await desk.client.get("/changes?competitor=liftline")).text
    seen = text_of(page.split('id="alerts"')[1].split("</section>")[0])
    assert "LiftLine: 7 prices changed" in seen and "RiserKit" not in seen


async def test_the_overview_names_the_newest_and_collection_the_sources(desk):
    panel = (await desk.client.get("/")).text.split('id="changed"')[1].split("</section>")[0]
    assert "Shutdoor Desks could not be read two nights running (blocked)" in text_of(panel)
    assert "Lampora, found" not in text_of(panel)  # a new direct rival stands above, until decided
    nights = text_of((await desk.client.get("/collection")).text)
    assert "Shutdoor Desks could not be read two nights running" in nights
    assert "prices changed" not in nights


async def test_nothing_is_shown_where_there_is_none(empty_desk):
    for path in ("/", "/changes", "/collection"):
        answer = await empty_desk.client.get(path)
        assert answer.status_code == 200 and "Source fails" not in answer.text
    feed = feedparser.parse((await empty_desk.client.get("/alerts.atom")).content)
    assert feed.version == "atom10" and feed.entries == []


@pytest.mark.parametrize("language", KINDS)
async def test_the_feed_tells_all_with_ids_that_stay(desk, language):
    answer = await desk.client.get(f"/alerts.atom?lang={language}")
    assert answer.headers["content-type"].startswith("application/atom+xml")
    feed = feedparser.parse(answer.content)
    assert not feed.bozo and feed.feed.language == language
    assert [entry.tags[0].term for entry in feed.entries] == [*ALERT_KINDS][::-1]
    assert {entry.title.split(": ")[0] for entry in feed.entries} == set(KINDS[language])
    other = feedparser.parse((await desk.client.get("/alerts.atom?lang=en")).content)
    assert [entry.id for entry in feed.entries] == [entry.id for entry in other.entries]
    again = await desk.client.get(
        f"/alerts.atom?lang={language}", headers={"if-none-match": answer.headers["etag"]}
    )
    assert again.status_code == 304


async def test_the_feed_takes_filters(desk):
    async def terms(query: str) -> list[str]:
        feed = feedparser.parse((await desk.client.get(f"/alerts.atom?{query}")).content)
        return [entry.tags[0].term for entry in feed.entries]

    assert await terms("kind=pain") == ["pain"]
    assert await terms("competitor=liftline") == ["price"]
    assert await terms("kind=none") == []


async def test_the_page_as_json_holds_the_rows(desk):
    found = json.loads((await desk.client.get("/changes.json")).text)["data"]["told"]
    assert [row["kind"] for row in found] == [*ALERT_KINDS][::-1]
    assert found[-1]["facts"]["count"] == 7
