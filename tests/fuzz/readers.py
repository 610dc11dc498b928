"""What is fed with spoilt inputs: each reader of hostile input, with good inputs to spoil.

A reader takes bytes and raises nothing: documented errors (a bad market file, a line that is none)
are its answers. What comes out is put through JSON, since that is what the commands do with it.
"""

import contextlib
import gzip
import io
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from analysis.commandline import CommandError
from analysis.demo.market import sample_market_toml
from analysis.inputs import from_manifest
from analysis.inspecting import inspect_document
from analysis.json_lines import judge_through, work_through
from analysis.passes.tier_profiles import business_profile
from analysis.passes.tiers import tier_config
from analysis.reading_lines import LineReader
from crawlers.archive import ARCHIVE_FOLDER, read_archived
from crawlers.base.sitemaps import SitemapRead, read_feed, read_sitemap
from crawlers.document import Document
from crawlers.market import MarketFileError, parse_market
from crawlers.words import ENGINES
from pipelines.tiers import judge, profile_from_json, verdict_as_json

TESTS = Path(__file__).parents[1]
URL = "https://shop.example/t/1-a.html"
NOW = datetime(2026, 11, 20, 6, 30, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Reader:
    """``read(body, number)``: the number chooses among variants, such as the engine."""

    seeds: tuple[bytes, ...]
    read: Callable[[bytes, int], None]
    share: int


def _pages(folder: str) -> tuple[bytes, ...]:
    return tuple(
        path.read_bytes()
        for path in sorted((TESTS / "pages" / folder).rglob("*"))
        if path.is_file() and not path.name.endswith(".expected.json")
    )


def _written(line: dict[str, Any]) -> None:
    json.dumps(line, ensure_ascii=False, allow_nan=False).encode("utf-8", "replace")


def _inspect(body: bytes, number: int) -> None:
    kinds = ("text/html", "", "application/json", "text/xml", "text/html; charset=gbk")
    kind = kinds[number % len(kinds) if number % 3 == 0 else 0]
    document = Document(URL, body, headers={"content-type": kind}, fetched_at=NOW)
    _written(inspect_document(document))


def _forum(body: bytes, number: int) -> None:
    engine = sorted(ENGINES)[number % len(ENGINES)]
    kind = ("text/html", "application/json", "application/atom+xml")[number % 7 % 3]
    document = Document(URL, body, headers={"content-type": kind}, fetched_at=NOW)
    _written(inspect_document(document, engine=engine, timezone="Asia/Ho_Chi_Minh"))


def _sitemap(body: bytes, number: int) -> None:
    _counted(read_sitemap(_published(body), owns=lambda url: number % 2 == 0))


def _feed(body: bytes, number: int) -> None:
    _counted(read_feed(_published(body), owns=lambda url: True))


def _published(body: bytes) -> Document:
    headers = {"content-type": "application/xml"}
    return Document("https://shop.example/post-sitemap.xml", body, headers=headers, fetched_at=NOW)


def _counted(found: SitemapRead | None) -> None:
    if found is not None:
        json.dumps([asdict(found.count), found.addresses], default=str).encode()


_SITEMAP = b"""<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<url><loc>https://shop.example/</loc><lastmod>2026-11-19</lastmod></url>
<url><loc>https://shop.example/blog/one</loc><lastmod>2026-11-01T08:00:00+07:00</lastmod></url>
<url><loc>https://shop.example/b%C3%A0i/hai?a=1&amp;b=2</loc><priority>0.5</priority></url></urlset>"""
_SITEMAPS = (
    _SITEMAP, gzip.compress(_SITEMAP, mtime=0), gzip.compress(_SITEMAP * 300, mtime=0),
    _SITEMAP.replace(b"urlset", b"sitemapindex").replace(b"url>", b"sitemap>"),
)  # fmt: skip
_FEEDS = (
    b"""<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>
<item><title>One</title><link>https://shop.example/one</link>
<pubDate>Thu, 19 Nov 2026 08:00:00 +0700</pubDate></item>
<item><guid>https://shop.example/two</guid><description><![CDATA[<b>2</b>]]></description></item>
</channel></rss>""",
    b"""<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://shop.example/">
<entry><id>tag:1</id><link href="three"/><updated>2026-11-18T10:00:00Z</updated></entry></feed>""",
)


def _lines(body: bytes, work: Callable[[Path, io.StringIO], object], folder: Path) -> None:
    path = folder / "lines.jsonl"
    path.write_bytes(body)
    out = io.StringIO()
    with contextlib.redirect_stderr(io.StringIO()):
        work(path, out)
    for line in out.getvalue().split("\n")[:-1]:
        found = json.loads(line)
        if "internal error" in str(found.get("error")) and "line" in found:
            raise AssertionError(found["error"])


def _market(body: bytes, number: int) -> None:
    with contextlib.suppress(MarketFileError):
        tier_config(parse_market(body))


def _manifest(body: bytes, folder: Path) -> None:
    path = folder / "manifest.jsonl"
    path.write_bytes(body)
    with contextlib.suppress(CommandError):  # a manifest that is no text is refused as a whole
        for found in from_manifest(path):
            assert found.error or found.document


def _archived(seeds: tuple[bytes, ...]) -> tuple[bytes, ...]:
    """Each page as a record of its own, packed and not."""
    made = []
    for number, seed in enumerate(seeds):
        for packed in (False, True):
            stream = io.BytesIO()
            writer = WARCWriter(stream, gzip=packed, warc_version="WARC/1.1")
            headers = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], "HTTP/1.1")
            writer.write_record(
                writer.create_warc_record(
                    URL, "conversion" if number % 5 == 4 else "response",
                    payload=io.BytesIO(seed[:20_000]), length=len(seed[:20_000]),
                    http_headers=None if number % 5 == 4 else headers,
                    warc_headers_dict={"WARC-Date": "2026-11-20T06:30:00Z"},
                )
            )  # fmt: skip
            made.append(stream.getvalue())
    return tuple(made)


def _archive(body: bytes, folder: Path) -> None:
    path = folder / ARCHIVE_FOLDER / "a.warc.gz"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(body)
    document = read_archived(folder, "a.warc.gz", 0, url=URL)
    if document is not None:
        _written(inspect_document(document))


def _texts(*names: str) -> tuple[bytes, ...]:
    """Some lines of each file, a few lines together."""
    made = []
    for name in names:
        lines = (TESTS / "gold" / name).read_bytes().splitlines(keepends=True)
        made += [b"".join(lines[start : start + 3]) for start in range(0, min(90, len(lines)), 3)]
    return tuple(made)


@cache
def readers(folder: Path) -> dict[str, Reader]:
    """Every reader, by name. ``share``: how many of a hundred inputs it is given.

    :param folder: where those that read files find them.
    """
    forums, companies = _pages("forums"), _pages("companies")
    sample = sample_market_toml(8000).encode()
    market = parse_market(sample)
    focal, config = business_profile(None, market.business, ""), tier_config(market)
    lines = LineReader()
    manifest = json.dumps({
        "path": "lines.jsonl", "url": URL, "headers": {"Content-Type": "text/html"},
        "fetched_at": "2026-11-20T06:30:00Z", "timezone": "Asia/Ho_Chi_Minh",
    })  # fmt: skip
    (folder / "lines.jsonl").write_bytes(b"<p>Hello")

    def tier(path: Path, out: io.StringIO) -> None:
        judge_through(
            str(path), profile_from_json,
            lambda found: [verdict_as_json(one) for one in judge(focal, found, config)], out=out,
        )  # fmt: skip

    return {
        "inspect": Reader(seeds=companies + forums, read=_inspect, share=38),
        "forum": Reader(seeds=forums, read=_forum, share=22),
        "read": Reader(
            seeds=_texts("demand_en.jsonl", "demand_vi.jsonl", "demand_zh.jsonl",
                         "author_en.jsonl", "author_vi.jsonl", "author_zh.jsonl"),
            read=lambda body, _: _lines(
                body, lambda path, out: work_through(str(path), lines.read, out=out), folder
            ),
            share=16,
        ),
        "tier": Reader(
            seeds=_texts("tiers/profiles.jsonl"),
            read=lambda body, _: _lines(body, tier, folder), share=6,
        ),
        "market": Reader(
            seeds=(sample, *(path.read_bytes() for path in sorted(
                (TESTS.parent / "markets").glob("*.toml")))),
            read=_market, share=8,
        ),
        "manifest": Reader(
            seeds=(manifest.encode(), (manifest + "\n").encode() * 3),
            read=lambda body, _: _manifest(body, folder), share=2,
        ),
        "archive": Reader(
            seeds=_archived((companies + forums)[::7]),
            read=lambda body, _: _archive(body, folder), share=4,
        ),
        "sitemap": Reader(seeds=_SITEMAPS, read=_sitemap, share=2),
        "feed": Reader(seeds=_FEEDS, read=_feed, share=2),
    }  # fmt: skip
