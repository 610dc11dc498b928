import hashlib
import json
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from analysis.demo import broken
from analysis.demo.answers import NOW
from analysis.demo.boards import load_forums
from analysis.demo.content import load_sites
from analysis.demo.market import NAME, sample_market_toml
from analysis.demo.sample import answer, hosts
from analysis.demo.sites import FAMILIES, site_paths
from analysis.demo.truth import as_text, build_truth, load_truth
from crawlers.language import language_of, script_of
from crawlers.market import check_name, parse_market
from crawlers.words import BARRIERS, CHANNELS, PERIODS, ROLES, STAGES, VERDICTS

PORT = 8600
TRUTH = load_truth()
POSTS = TRUTH["posts"]
RIVALS = {row["id"]: row for row in TRUTH["competitors"]}


def page_text(host: str, path: str) -> str:
    got = answer(host, path, PORT)
    encoding = "gbk" if host.startswith("zhangxin") else "utf-8"
    tree = LexborHTMLParser(got.body.decode(encoding, "replace"))
    return tree.body.text(separator=" ") if tree.body else ""


def test_the_file_is_what_the_content_says() -> None:
    stored = files("analysis.demo").joinpath("truth.json").read_text(encoding="utf-8")
    assert stored == as_text(build_truth())


def test_two_processes_make_the_same_bytes() -> None:
    code = (
        "import hashlib\n"
        "from analysis.demo.truth import as_text, build_truth\n"
        "from analysis.demo.sample import answer, hosts\n"
        "d = hashlib.sha256(as_text(build_truth()).encode())\n"
        "for host in hosts(): d.update(answer(host, '/', 8600).body)\n"
        "print(d.hexdigest())"
    )
    digest = hashlib.sha256(as_text(build_truth()).encode())
    for host in hosts():
        digest.update(answer(host, "/", PORT).body)
    other = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONHASHSEED": "7", "TZ": "Pacific/Auckland"},
        cwd=Path(__file__).parents[3],
    )
    assert other.stdout.strip() == digest.hexdigest()


def test_the_market_holds_every_kind_of_company() -> None:
    assert len(RIVALS) >= 14
    tiers = Counter(row["tier"] for row in RIVALS.values())
    assert tiers[1] >= 4
    assert tiers[2] >= 3
    assert tiers[3] >= 2
    assert sum(row["complement"] for row in RIVALS.values()) == 2
    assert sum(row["verdict"] == "unrelated" for row in RIVALS.values()) == 3
    assert Counter(row["reads"] for row in RIVALS.values()) == {
        "whole": len(RIVALS) - 2,
        "closed": 1,
        "partly": 1,
    }
    assert {row["lang"] for row in RIVALS.values()} == {"en", "vi", "zh"}
    assert {site.family for site in load_sites()} == set(FAMILIES)
    for row in RIVALS.values():
        assert row["verdict"] in (*VERDICTS, None)
        assert (row["verdict"] == "decided") == (row["tier"] is not None)


@pytest.mark.parametrize("site", load_sites(), ids=lambda site: site.id)
def test_prices_of_the_truth_stand_on_their_pages(site) -> None:
    row = TRUTH["business"] if site.own else RIVALS[site.id]
    assert row["pages"] == len(site_paths(site))
    for offer in row["offers"]:
        text = page_text(site.host, offer["page"])
        assert offer["name"] in text
        assert offer["price_text"] in text
        assert offer["period"] in (*PERIODS, None)
        digits = "".join(c for c in offer["price_text"].replace("k", "000") if c.isdigit())
        price = offer["price"] or ""
        assert digits == (price if price != "0" else "")


def test_prices_are_in_the_three_currencies() -> None:
    money = {o["currency"] for row in RIVALS.values() for o in row["offers"]}
    assert money >= {"USD", "VND", "CNY", None}
    texts = {offer["price_text"] for row in RIVALS.values() for offer in row["offers"]}
    assert {"299.000đ/tháng", "¥199起/月", "$29/mo billed yearly", "Liên hệ", "免费"} <= texts


@pytest.mark.parametrize("site", load_sites(), ids=lambda site: site.id)
def test_sites_speak_the_language_they_should(site) -> None:
    for page in site.pages:
        text = page_text(site.host, page.path)
        assert language_of(text) == page.lang.partition("-")[0], page.path
        if page.lang == "zh-Hant":
            assert script_of(text) == "Hant"


MARKS = {
    "Google Ads": "AW-",
    "LinkedIn": "linkedin.com",
    "Mailchimp": "list-manage.com",
    "Klaviyo": "klaviyo.com",
    "YouTube": "youtube.com/",
    "Zalo": "zalo.me/",
    "Facebook": ("facebook.com/", "fbq("),
    "TikTok": "analytics.tiktok.com",
    "AccessTrade": "accesstrade",
    "OneSignal": "onesignal.com",
    "Shopee": "shopee.vn/",
    "Weibo": "weibo.com/",
    "Xiaohongshu": "xiaohongshu.com/user",
    "WeChat": "微信公众号",
    "QQ": "QQ群",
    "LINE": "line.me/",
    "Instagram": "instagram.com/",
    "WhatsApp": "wa.me/",
    "X": "https://x.com/",
    "AdSense": "adsbygoogle",
    "Criteo": "criteo",
}


@pytest.mark.parametrize("site", load_sites(), ids=lambda site: site.id)
def test_channels_of_the_truth_are_marked_on_the_site(site) -> None:
    row = TRUTH["business"] if site.own else RIVALS[site.id]
    source = "\n".join(
        answer(site.host, path, PORT).body.decode(site.encoding) for path in site_paths(site)
    )
    for mark in row["must"] + row["never"]:
        assert mark["channel"] in CHANNELS
        assert mark["role"] in ROLES
        assert mark["platform"] in (*MARKS, "Baidu", None)
    for mark in row["must"]:
        needles = MARKS.get(mark["platform"] or "", ())
        needles = (needles,) if isinstance(needles, str) else needles
        assert not needles or any(needle in source for needle in needles), mark
    wanted = {(mark["channel"], mark["role"], mark["platform"]) for mark in row["must"]}
    for mark in row["never"]:
        assert not any(
            (channel, role) == (mark["channel"], mark["role"])
            and mark["platform"] in (None, platform)
            for channel, role, platform in wanted
        )
        if mark["platform"] in ("Zalo", "Weibo", "Klaviyo"):
            assert MARKS[mark["platform"]] not in source


def test_the_forums_are_as_large_as_promised() -> None:
    assert [forum["engine"] for forum in TRUTH["forums"]] == ["phpbb", "xenforo"]
    assert sum(forum["threads"] for forum in TRUTH["forums"]) >= 150
    assert len(POSTS) == sum(forum["posts"] for forum in TRUTH["forums"]) >= 400
    assert len({(post["forum"], post["id"]) for post in POSTS}) == len(POSTS)
    assert len({post["text"] for post in POSTS}) == len(POSTS)
    assert min(Counter(post["lang"] for post in POSTS).values()) >= 120
    for forum in load_forums():
        sizes = [len(thread.posts) for thread in forum.threads]
        assert max(sizes) > forum.posts_per_page
        assert max(len(forum.listed(board)) for board in forum.boards) > forum.threads_per_page
        assert any(thread.sticky for thread in forum.threads)
        assert any(post.quoted for thread in forum.threads for post in thread.posts)
        assert any(post.signature for thread in forum.threads for post in thread.posts)
        assert any(post.said.edited for thread in forum.threads for post in thread.posts)


def test_times_lie_in_the_year_before_now_with_its_peaks() -> None:
    times = [datetime.fromisoformat(post["posted_at"]) for post in POSTS]
    assert max(times) < NOW
    assert (NOW - min(times)).days in range(340, 370)

    def a_day(first: datetime, last: datetime) -> float:
        return sum(first <= at < last for at in times) / (last - first).days

    usual = len(times) / 364
    before_tet = a_day(datetime(2026, 1, 12, tzinfo=UTC), datetime(2026, 2, 11, tzinfo=UTC))
    holiday = a_day(datetime(2026, 2, 15, tzinfo=UTC), datetime(2026, 2, 22, tzinfo=UTC))
    sale = a_day(datetime(2026, 10, 29, tzinfo=UTC), datetime(2026, 11, 14, tzinfo=UTC))
    assert before_tet > 1.5 * usual
    assert holiday < 0.7 * usual
    assert sale > 1.8 * usual
    for forum in TRUTH["forums"]:
        rows = [post for post in POSTS if post["forum"] == forum["key"]]
        by_id = sorted(rows, key=lambda post: int(post["id"]))
        assert [row["posted_at"] for row in by_id] == sorted(row["posted_at"] for row in rows)


def test_labels_are_words_of_the_contract_and_every_kind_is_there() -> None:
    assert {post["stage"] for post in POSTS} == {*STAGES, None}
    barriers = {post["barrier"] for post in POSTS}
    assert barriers <= {*BARRIERS, None}
    assert barriers >= {
        "price", "too_cheap", "trust", "understanding", "switching_cost", "missing_feature",
        "availability", "timing", "authority",
    }  # fmt: skip
    assert sum(post["seller"] for post in POSTS) >= 10
    for lang in ("en", "vi", "zh"):
        status = Counter(
            post["switch"]["status"] for post in POSTS if post["switch"] and post["lang"] == lang
        )
        assert min(status["done"], status["considering"]) >= 8


def test_a_switch_names_two_companies_as_the_text_does() -> None:
    pairs = set()
    known = {TRUTH["business"]["id"], *RIVALS}
    for post in POSTS:
        switch = post["switch"]
        if switch is None:
            continue
        pairs.add((switch["from"], switch["to"]))
        assert {switch["from"], switch["to"]} <= known
        assert switch["from"] != switch["to"]
        assert switch["from_text"] in post["text"]
        assert switch["to_text"] in post["text"]
    assert ("hatchcart", "quayxanh") in pairs
    assert ("quayxanh", "hatchcart") in pairs
    leaving = [
        post
        for post in POSTS
        if post["switch"]
        and post["switch"]["from"] == "hatchcart"
        and post["switch"]["status"] == "considering"
    ]
    assert len({post["author"] for post in leaving}) >= 10


def test_no_slot_is_left_open_and_languages_are_told() -> None:
    for post in POSTS:
        assert "{" not in post["text"]
        assert "  " not in post["text"]
    told = [language_of(post["text"]) == post["lang"] for post in POSTS]
    assert sum(told) / len(told) > 0.98  # those typed without accents are hard


@pytest.mark.parametrize("forum", load_forums(), ids=lambda forum: forum.engine)
def test_a_topic_page_shows_authors_times_and_words(forum) -> None:
    """Read with the engine's own selectors, as its adapter must."""
    truth = {post["id"]: post for post in POSTS if post["forum"] == forum.key}
    seen = set()
    for thread in forum.threads:
        address = {
            "phpbb": f"/viewtopic.php?t={thread.id}",
            "xenforo": f"/threads/{thread.id}/",
        }[forum.engine]
        got = answer(forum.host, address, PORT)
        if got.status == 301:
            got = answer(forum.host, (got.header("Location") or "").partition("600")[2], PORT)
        tree = LexborHTMLParser(got.body)
        if forum.engine == "phpbb":
            assert tree.css_first("body#phpbb") is not None
            rows = [
                (
                    (node.attributes["id"] or "")[1:],
                    node.css_first("p.author .username").text(),
                    node.css_first("p.author time").attributes["datetime"] or "",
                    node.css_first(".content"),
                )
                for node in tree.css("div.post[id^=p]")
            ]
        else:
            assert tree.css_first("html#XF") is not None
            rows = [
                (
                    (node.attributes["data-content"] or "")[5:],
                    node.attributes["data-author"],
                    node.css_first(".message-attribution-main time").attributes["datetime"] or "",
                    node.css_first(".message-body .bbWrapper"),
                )
                for node in tree.css("article.message--post")
            ]
        assert rows
        for id_, author, at, body in rows:
            post = truth[id_]
            assert author == post["author"]
            assert datetime.fromisoformat(at) == datetime.fromisoformat(post["posted_at"])
            for quoted in body.css("blockquote"):
                assert truth[post["quotes"]]["text"] in " ".join(quoted.text().split())
                quoted.decompose()
            assert " ".join(body.text().split()) == " ".join(post["text"].split())
            seen.add(id_)
    assert len(seen) > 0.8 * len(truth)


def test_the_market_file_is_valid_and_gives_no_tier_away() -> None:
    assert check_name(NAME) == NAME
    text = sample_market_toml(PORT)
    market = parse_market(text, path=f"{NAME}.toml")
    assert market.business.name == "Hatchcart"
    assert {entry.id for entry in market.competitors} == set(RIVALS)
    assert [entry.tier for entry in market.competitors] == [None] * len(RIVALS)
    assert {entry.key for entry in market.forums} == {forum["key"] for forum in TRUTH["forums"]}
    assert {entry.timezone for entry in market.forums} == {
        "Asia/Ho_Chi_Minh",
        "Asia/Singapore",
    }
    assert market.crawl.allow_private
    assert market.crawl.delay == 0
    assert market.crawl.contact
    served = set(hosts())
    for entry in market.competitors:
        assert (entry.site or "").split("/")[2] == f"{RIVALS[entry.id]['host']}:{PORT}"
        assert RIVALS[entry.id]["host"] in served
    assert broken.HOST in served


def test_the_package_data_stays_small() -> None:
    folder = Path(str(files("analysis.demo").joinpath("")))
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.suffix != ".pyc")
    assert size < 1_500_000
    assert json.loads((folder / "truth.json").read_text(encoding="utf-8"))["version"] == 1
