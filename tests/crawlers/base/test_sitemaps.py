"""Sitemaps and feeds counted, from bodies written here."""

import gzip
from datetime import UTC, datetime, timedelta

import pytest

from crawlers.base.sitemaps import MOST_ARTICLES, SitemapRead, read_feed, read_sitemap
from crawlers.document import Document

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
NS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def own(url: str) -> bool:
    return "shop.example" in url


def document(body: str | bytes, url: str = "https://shop.example/sitemap.xml") -> Document:
    return Document(url, body.encode() if isinstance(body, str) else body, fetched_at=NOW)


def urlset(*rows: tuple[str, str]) -> str:
    urls = "".join(
        f"<url><loc>https://shop.example{path}</loc>"
        + (f"<lastmod>{at}</lastmod>" if at else "")
        + "</url>"
        for path, at in rows
    )
    return f"<?xml version='1.0'?><urlset {NS}>{urls}</urlset>"


def read(body: str | bytes, **where: str) -> SitemapRead:
    found = read_sitemap(document(body, **where), owns=own)
    assert found is not None
    return found


def test_a_sitemap_is_counted() -> None:
    body = urlset(
        ("/", "2026-11-19"), ("/blog/one", "2026-11-01T08:00:00+07:00"),
        ("/blog/two", "2026-08-30"), ("/old", "2025-01-01"), ("/undated", ""),
        ("/odd", "yesterday"), ("/to-come", "2031-01-01"),
    )  # fmt: skip
    body = body.replace("</urlset>", "<url><loc>https://else.example/x</loc></url></urlset>")
    count = read(body).count
    assert (count.kind, count.addresses, count.whole, count.dated) == ("sitemap", 7, True, 4)
    assert (count.recent_30, count.recent_90, count.generated) == (2, 3, False)
    assert count.newest == datetime(2026, 11, 19, tzinfo=UTC)
    assert list(count.articles) == [
        "https://shop.example/blog/one",
        "https://shop.example/blog/two",
    ]
    assert count.articles["https://shop.example/blog/one"].hour == 1


def test_a_spoilt_packed_sitemap_is_none() -> None:
    packed = gzip.compress(urlset(("/a", ""), ("/b", "")).encode())
    for spoilt in (packed[:40], packed[:10] + b"\xff" * 40, packed[:-6] + b"\0" * 6, packed[:3]):
        assert read_sitemap(document(spoilt), owns=own) is None


def test_a_packed_sitemap_and_an_index() -> None:
    body = gzip.compress(urlset(("/a", ""), ("/b", "")).encode())
    assert read(body).count.addresses == 2
    index = (
        f"<sitemapindex {NS}><sitemap><loc>https://shop.example/a.xml</loc></sitemap>"
        "<sitemap><loc>https://shop.example/b.xml.gz</loc></sitemap></sitemapindex>"
    )
    found = read(index)
    assert (found.count.kind, found.count.addresses) == ("index", 2)
    assert found.addresses == ("https://shop.example/a.xml", "https://shop.example/b.xml.gz")


def test_dates_of_one_day_are_the_machines_own() -> None:
    today = [(f"/p/{n}", "2026-11-20") for n in range(40)]
    assert read(urlset(*today)).count.generated
    assert not read(urlset(*today[:4])).count.generated
    spread = [(f"/p/{n}", f"2026-10-{n % 28 + 1:02}") for n in range(40)]
    assert not read(urlset(*spread)).count.generated


def test_a_sitemap_of_posts_holds_articles_wherever_they_stand() -> None:
    rows = [(f"/how-to-{n}", "2026-10-02") for n in range(3)]
    body = urlset(*rows)
    assert len(read(body, url="https://shop.example/post-sitemap.xml").count.articles) == 3
    assert not read(body).count.articles


def test_the_newest_articles_are_kept() -> None:
    start = datetime(2020, 1, 1, tzinfo=UTC)
    rows = [(f"/blog/{n}", f"{start + timedelta(days=n):%Y-%m-%d}") for n in range(700)]
    count = read(urlset(*rows)).count
    assert len(count.articles) == MOST_ARTICLES
    assert next(iter(count.articles)) == "https://shop.example/blog/699"


FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>Shop</title>
<item><title>One</title><link>https://shop.example/x/1</link>
<pubDate>Mon, 02 Nov 2026 07:00:00 +0700</pubDate></item>
<item><title>Two</title><link>https://shop.example/x/2</link></item>
<item><title>Else</title><link>https://else.example/3</link>
<pubDate>Mon, 02 Nov 2026 07:00:00 GMT</pubDate></item></channel></rss>"""


def test_a_feed_is_counted() -> None:
    found = read_feed(document(FEED, "https://shop.example/feed"), owns=own)
    assert found is not None
    assert (found.count.kind, found.count.addresses, found.count.dated) == ("feed", 2, 1)
    assert found.count.articles == {"https://shop.example/x/1": datetime(2026, 11, 2, tzinfo=UTC)}


@pytest.mark.parametrize(
    "body",
    [b"", b"<html><body>not here</body></html>", b"\x1f\x8bnot packed", b"\x00" * 200,
     b"<urlset>" + b"<url>" * 3_000, b"<?xml version='1.0'?>",
     b'<!DOCTYPE x [<!ENTITY a "b"><!ENTITY c "&a;&a;">]><urlset><url><loc>&c;</loc></url>'
     b"</urlset>",
     gzip.compress(b"\0" * 1_000_000), b"<urlset><url><lastmod>2026</lastmod></url></urlset>",
     b"<urlset><url><loc>http://[</loc></url></urlset>"],
)  # fmt: skip
def test_what_is_no_sitemap_counts_nothing(body: bytes) -> None:
    for reader in (read_sitemap, read_feed):
        found = reader(document(body), owns=own)
        assert found is None or found.count.addresses == 0


def test_a_feed_whose_articles_have_no_date() -> None:
    body = (
        '<rss version="2.0"><channel><item><link>https://shop.example/a</link></item>'
        "<item><link>https://shop.example/b</link>"
        "<pubDate>Thu, 19 Nov 2026 08:00:00 +0700</pubDate></item></channel></rss>"
    )
    found = read_feed(document(body), owns=own)
    assert found is not None
    assert (found.count.addresses, found.count.dated) == (2, 1)
