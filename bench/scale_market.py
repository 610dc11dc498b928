"""Pages of the generated market of `bench.scale`, archived and stored by the real code.

Company pages are those of the measuring data, where ``RIVALMAP_MEASURE_DATA`` names it, else the
sample market's; forum pages are phpBB topics of twenty generated posts each. No network: answers
go to the archive and its middleware as a crawl would give them, without the waiting.
"""

import gzip
import json
import os
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from scrapy import Request
from scrapy.http import HtmlResponse
from scrapy.settings import Settings

from analysis.demo.boards import Board, Forum, Thread
from analysis.demo.content import load_sites
from analysis.demo.phpbb import phpbb_answer
from analysis.demo.sites import site_answer, site_paths
from analysis.demo.talk import Said
from bench.desk_market import Posts
from bench.desk_sites import rivals
from bench.desk_texts import speech
from crawlers.archive import ArchiveMiddleware
from crawlers.items import Target

NAME = "scale"
A_PAGE = 20  # posts
SITES = 46
_PORT = 80
_BOARD = Board(id=2, name="Talk", about="Tills and shops.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A page as it was answered, and what it was asked for."""

    target: Target
    body: bytes


def market_toml(count: int = SITES) -> str:
    """The market file: so many rivals and one forum."""
    rows = "".join(
        f'[[competitor]]\nid = "r{place}"\nname = {json.dumps(one.name)}\n'
        f'site = "https://r{place}.example/"\n'
        for place, one in enumerate(_companies(count))
    )
    return (
        '[business]\nname = "Tidytill"\ndescription = "A till and a web shop for small shops."\n'
        'offers = ["till", "web shop"]\nkeywords = ["till", "checkout"]\n'
        f'{rows}[[forum]]\nurl = "https://forum.example/"\nengine = "phpbb"\n'
    )


def _companies(count: int) -> list[Any]:
    return [one for one in rivals(random.Random(7), 2 * count) if one.status == "watched"][:count]


def company_pages() -> Iterator[Answered]:
    """Real pages where there are any, by turns of so many sites."""
    data = os.environ.get("RIVALMAP_MEASURE_DATA")
    if data:
        truths = sorted((Path(data) / "pages" / "truth").glob("*.json"))
        for place, truth in enumerate(truths):
            url = json.loads(truth.read_text("utf-8"))["url"] or f"https://none.example/{place}"
            file = truth.parents[1] / "html" / f"{truth.stem}.html.gz"
            yield _company_page(place, url, gzip.decompress(file.read_bytes()))
        return
    place = 0
    for site in load_sites():
        for path in site_paths(site):
            answer = site_answer(site, path, _PORT)
            yield _company_page(place, f"https://{site.id}.example{path}", answer.body)
            place += 1


def _company_page(place: int, url: str, body: bytes) -> Answered:
    return Answered(target=Target(source=f"r{place % SITES}", url=url, role="page"), body=body)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Post:
    """What the sample's templates ask of a post."""

    id: int
    said: Said
    member: int
    quoted: None = None
    signature: str = ""


def forum_pages(posts: int) -> Iterator[Answered]:
    """Topics of so many posts in all."""
    chance = random.Random(7)
    made = Posts(chance, speech(chance), rivals(random.Random(7), 2 * SITES), 365)
    kept: list[_Post] = []
    for rows in made.threads(posts):
        titles = {row[0]: str(row[4]) for row in rows["threads"]}
        for row in rows["posts"]:
            kept.append(_post(row))
            if len(kept) == A_PAGE:
                yield _topic(kept, titles[row[3]])
                kept = []


def _post(row: tuple[Any, ...]) -> _Post:
    number, author, at, lang, text = row[0], row[6], row[7], row[11], row[13]
    when = datetime.strptime(at or row[8], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    said = Said(
        text=text, lang=lang, author=author or "guest", at=when, stage=None, barrier=None,
        seller=False, switch=None, pain=None, praise=None,
    )  # fmt: skip
    return _Post(id=number, said=said, member=hash_of(author or "guest"))


def hash_of(name: str) -> int:
    """A member's number, the same for the same name."""
    return sum(ord(c) * 31**place for place, c in enumerate(name[-4:])) % 90_000


def _topic(posts: list[_Post], title: str) -> Answered:
    number = posts[0].id
    thread = Thread(id=number, board=_BOARD, title=title, sticky=False, posts=tuple(posts))
    forum = Forum(
        name="Talk", key="forum", host="forum.example", engine="phpbb", languages=("en",),
        timezone="UTC", zone=ZoneInfo("UTC"), posts_per_page=A_PAGE, threads_per_page=50,
        boards=(_BOARD,), threads=(thread,),
    )  # fmt: skip
    path = f"/viewtopic.php?t={number}"
    url = f"https://forum.example{path}"
    target = Target(source="forum.example", url=url, role="topic", meta={"thread": url})
    return Answered(target=target, body=phpbb_answer(forum, path, _PORT).body)


class Archive:
    """The crawl's own archive, written to without a crawl."""

    def __init__(self, folder: Path, settings: Settings) -> None:
        settings.set("RIVALMAP_DATA_DIR", str(folder))
        crawler = SimpleNamespace(settings=settings, spider=SimpleNamespace(name="scale"))
        self._archive = ArchiveMiddleware(crawler)

    def add(self, answered: Answered) -> tuple[str, int]:
        """Archive an answer; its file and offset."""
        request = Request(answered.target.url, meta={"target": answered.target})
        headers = {"Content-Type": "text/html; charset=utf-8"}
        response = HtmlResponse(request.url, body=answered.body, headers=headers)
        self._archive.process_response(request, response)
        found: tuple[str, int] = request.meta["archived"]
        return found

    def close(self) -> None:
        """Close the file in hand."""
        self._archive.close()
