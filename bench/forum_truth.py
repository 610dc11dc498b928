"""What the forum readers are measured against: saved pages, an API's own words, people's labels."""

import gzip
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from crawlers.document import Document
from crawlers.forums.texts.post_text import own_words

# The address a saved page came from, where links of the page do not tell it.
ADDRESSES = {
    "phpbb": (
        "http://phpbb.localhost/viewtopic.php?t=3",
        "http://phpbb.localhost/viewforum.php?f=2",
    ),
    "spirit": (
        "http://spirit.localhost/topic/2/x/",
        "http://spirit.localhost/category/3/marketing/",
    ),
    "mybb": (
        "http://127.0.0.1:8201/showthread.php?tid=3",
        "http://127.0.0.1:8201/forumdisplay.php?fid=2",
    ),
    "discuz": (
        "http://127.0.0.1:8203/forum.php?mod=viewthread&tid=3",
        "http://127.0.0.1:8203/forum.php?mod=forumdisplay&fid=2",
    ),
    "flaskbb": ("http://flaskbb.localhost/topic/2-x", "http://flaskbb.localhost/forum/1-welcome"),
    "nodebb": ("http://127.0.0.1:8206/topic/5/x", "http://127.0.0.1:8206/category/2/x"),
    "machina": ("http://machina.localhost/forum/f/topic/x-1/", "http://machina.localhost/forum/f/"),
    "public-inbox": (
        "http://127.0.0.1:8208/coffee/0.0@example.org/T/",
        "http://127.0.0.1:8208/coffee/",
    ),
    "voz": ("https://voz.localhost/f/x.33/", "https://voz.localhost/f/x.33/"),
}
FETCHED = datetime(2026, 11, 22, 15, 16, tzinfo=UTC)
WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Saved:
    """A saved page and what it is called in the tables."""

    name: str
    document: Document
    is_board: bool


def installations(data: Path) -> Iterator[Saved]:
    for path in sorted((data / "forums").glob("*/*.html")):
        engine = path.parent.name
        is_board = not path.name.startswith(("topic", "post"))
        if engine not in ADDRESSES or "mobile" in path.name or path.name.startswith("arch"):
            continue
        url = ADDRESSES[engine][is_board]
        document = Document(
            url, path.read_bytes(), headers={"content-type": "text/html"}, fetched_at=FETCHED
        )
        yield Saved(f"{engine}/{path.stem}", document, is_board)


OTHER_FORMS = {
    "discuz/topic_mobile.html": "http://127.0.0.1:8203/forum.php?mod=viewthread&tid=3&mobile=2",
    "discuz/archiver_topic.html": "http://127.0.0.1:8203/archiver/?tid-3.html",
    "discuz/api_viewthread.json": "http://127.0.0.1:8203/api/mobile/?module=viewthread&tid=3",
    "discuz/api_forumdisplay.json": "http://127.0.0.1:8203/api/mobile/?module=forumdisplay&fid=2",
    "discuz/rss.xml": "http://127.0.0.1:8203/forum.php?mod=rss",
    "nodebb/topic.json": "http://127.0.0.1:8206/api/topic/5/x",
    "nodebb/topic_p2.json": "http://127.0.0.1:8206/api/topic/5/x?page=2",
    "nodebb/board.json": "http://127.0.0.1:8206/api/category/2/x",
    "nodebb/recent.json": "http://127.0.0.1:8206/api/recent",
    "nodebb/categories.json": "http://127.0.0.1:8206/api/categories",
    "nodebb/topic.rss": "http://127.0.0.1:8206/topic/5.rss",
    "nodebb/recent.rss": "http://127.0.0.1:8206/recent.rss",
    "mybb/atom.xml": "http://127.0.0.1:8201/syndication.php?type=atom1.0",
    "mybb/archive.html": "http://127.0.0.1:8201/archive/index.php?thread-3.html",
    "phpbb/atom.xml": "http://phpbb.localhost/app.php/feed",
    "machina/feed.xml": "http://127.0.0.1:8104/forum/feeds/topics/",
    "public-inbox/topic.atom": "http://127.0.0.1:8208/coffee/0.0@example.org/t.atom",
    "public-inbox/feed.xml": "http://127.0.0.1:8208/coffee/new.atom",
}
"""Replies of APIs, feeds, and pages for phones and archives, with the addresses they came from."""


def other_forms(data: Path) -> Iterator[tuple[str, Document]]:
    types = {".json": "application/json", ".html": "text/html"}
    for name, url in OTHER_FORMS.items():
        path = data / "forums" / name
        headers = {"content-type": types.get(path.suffix, "application/xml")}
        yield name, Document(url, path.read_bytes(), headers=headers, fetched_at=FETCHED)


def texts(data: Path) -> Iterator[str]:
    """What people wrote, without any markup: every text of the demand sets."""
    for path in sorted((data / "demand").glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            text = row.get("text") or row.get("sentence")
            if text:
                yield text


def labelled(data: Path, *, forums: bool) -> Iterator[tuple[dict[str, Any], Document]]:
    for path in sorted((data / "pages" / "truth").glob("*.json")):
        truth = json.loads(path.read_text(encoding="utf-8"))
        if (truth["_internal"]["page_type"]["primary"] == "forum") is not forums:
            continue
        body = gzip.decompress((data / "pages/html" / f"{truth['file_id']}.html.gz").read_bytes())
        url = truth["url"] or "https://unknown.invalid/"
        yield truth, Document(url, body, fetched_at=datetime(2026, 3, 6, tzinfo=UTC))


def api_posts(data: Path, name: str) -> list[tuple[str, str, datetime, str]] | None:
    """(id, author, UTC time, text) as the installation's own API tells them."""
    if name in ("nodebb/topic", "nodebb/topic_p2"):
        told = json.loads((data / "forums" / f"{name}.json").read_text(encoding="utf-8"))
        rows = [
            (p["pid"], p["user"]["username"], p["timestamp"] / 1000, p["content"])
            for p in told["posts"]
        ]
    elif name == "discuz/topic":
        told = json.loads((data / "forums/discuz/api_viewthread.json").read_text(encoding="utf-8"))
        rows = [
            (p["pid"], p["author"], int(p["dbdateline"]), p["message"])
            for p in told["Variables"]["postlist"]
        ]
    else:
        return None
    return [
        (str(pid), author, datetime.fromtimestamp(int(at), UTC), own_words(text).text)
        for pid, author, at, text in rows
    ]


def f1(found: str, wanted: str) -> float:
    mine, theirs = (Counter(WORD.findall(text.lower())) for text in (found, wanted))
    both = sum((mine & theirs).values())
    total = sum(mine.values()) + sum(theirs.values())
    return 2 * both / total if total else 1.0


def flat(text: str) -> str:
    return " ".join(text.translate({0x2019: "'", 0x2018: "'", 0x201C: '"', 0x201D: '"'}).split())


# How pages name the software they were made with, in a generator or below "powered by".
NAMES = {
    "discourse": r"Discourse",
    "xenforo": r"XenForo",
    "vbulletin": r"vBulletin",
    "invision": r"Invision (?:Community|Power)|IPS,? Inc",
    "nodebb": r"NodeBB",
    "smf": r"Simple Machines|\bSMF\b",
    "mybb": r"MyBB",
    "phpbb": r"phpBB",
    "discuz": r"Discuz!",
    "flarum": r"Flarum",
    "vanilla": r"Vanilla",
    "bbpress": r"bbPress",
    "flaskbb": r"FlaskBB",
    "machina": r"django-machina",
    "spirit": r"\bSpirit\b",
}
_GENERATOR = re.compile(r"<meta[^>]{0,80}generator[^>]{0,200}>", re.IGNORECASE)
_POWERED = re.compile(
    r"(?:powered by|community platform by|forum software by|software by)(?:\s|<[^>]{0,200}>){0,6}"
    r"[^<>]{0,60}",
    re.IGNORECASE,
)


def named_engine(document: Document) -> str | None:
    """The engine a page names itself, read by no reader's rule; ``None`` where it names none."""
    said = " ".join([*_GENERATOR.findall(document.text), *_POWERED.findall(document.text)])
    found = {name for name, words in NAMES.items() if re.search(words, said)}
    return next(iter(found)) if len(found) == 1 else None
