"""PTT: the web pages of the bulletin board (www.ptt.cc and boards of the same program)."""

import hashlib
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo

from selectolax.lexbor import LexborNode

from crawlers.document import Document
from crawlers.forums.base import Adapter, Reading
from crawlers.forums.dates.reading import read_date
from crawlers.forums.dates.zones import zone_named
from crawlers.forums.fields import attribute_of, first, select, text_of
from crawlers.forums.links import followable
from crawlers.forums.texts.post_text import plain_text
from crawlers.items import ForumPage, Link, Post, Quoted, ThreadRef

_ZONE = "Asia/Taipei"
_ARTICLE = re.compile(r"/(M\.(\d{9,11})\.A\.[0-9A-F]{3})\.html$", re.IGNORECASE)
_PUSHED = re.compile(r"(\d{1,2})/(\d{1,2})(?: (\d{1,2}):(\d{2}))?\s*$")
_QUOTING = re.compile(r"^※ 引述《(.{1,80}?)》|^==> ?(.{1,40}?) ?提到")
_QUOTED = re.compile(r"^(?::|>)(?: |$)")
_NICKNAME = re.compile(r"\s*\(.*\)\s*$")
_STILL_MOVING = timedelta(days=3)
_MOST = 3_000
_SIGNATURE = 7  # lines at most


class PTT(Adapter):
    """An article with its pushes: short answers below it, each a post of its own.

    A list shows how many liked an article, not how many answered; so an article younger than three
    days has no stamp and is read again, an older one only when that number has changed. Its age is
    in its name (``M.1795000000.A.1A2``: seconds since 1970).

    A push has no id: it gets the article's with ten hexadecimal digits of the SHA-1 of its author,
    time and text behind it, so that a push deleted above leaves the others' ids as they are; the
    second of two that are equal in all ends in ``-2``. Times are Taipei's. The question for the
    reader's age on some boards is a wall and stays shut.
    """

    engine = "ptt"
    marker = (
        "#main-content.bbs-content, .r-list-container.bbs-screen, .b-list-container, .over18-notice"
    )
    hosts = ("www.ptt.cc",)

    board = "a.board"
    thread = ".r-ent"
    thread_link = ".title a"
    thread_stamp = ".nrec"

    title = ".article-metaline .article-meta-value"
    post = "#main-content"
    author = ".article-metaline .article-meta-value"
    date = ".article-metaline:last-of-type .article-meta-value"
    body = "#main-content"
    next = ".btn-group-paging a[href]:nth-child(2)"

    # --- lists -----------------------------------------------------------------------------

    def read_boards(self, document: Document) -> tuple[Link, ...]:
        """Boards and classes of boards, by name."""
        found: dict[str, Link] = {}
        for node in select(document.tree, self.board)[:_MOST]:
            url, name = document.join(attribute_of(node, "href")), first(node, ".board-name")
            if url and name and text_of(name):
                found.setdefault(url, Link(url=followable(url), text=text_of(name)))
        return tuple(found.values())

    def read_threads(self, document: Document, reading: Reading) -> tuple[ThreadRef, ...]:
        """Articles of a list, newest first; those after the line are pinned; deleted ones gone."""
        rows: dict[str, ThreadRef] = {}
        pinned = {node.mem_id for node in select(document.tree, ".r-list-sep ~ .r-ent")}
        for row in select(document.tree, self.thread)[:_MOST]:
            link = first(row, self.thread_link)
            url = document.join(attribute_of(link, "href")) if link else None
            if link is None or not url or not text_of(link):
                continue
            named = _ARTICLE.search(url)
            likes = first(row, self.thread_stamp)
            young = named is not None and _written(named) > reading.fetched_at - _STILL_MOVING
            rows.setdefault(
                url,
                ThreadRef(
                    url=url,
                    title=text_of(link),
                    id=named[1] if named else None,
                    stamp=None if young else (text_of(likes) if likes else "") or "0",
                    sticky=row.mem_id in pinned,
                ),
            )
        return tuple(reversed(rows.values()))

    # --- articles --------------------------------------------------------------------------

    def thread_number(self, document: Document) -> str | None:
        """The article's name in its address."""
        found = _ARTICLE.search(self.page_address(document).partition("?")[0])
        return found[1] if found else None

    def read(self, document: Document, reading: Reading) -> ForumPage:
        """As declared, with the title of the article."""
        page = super().read(document, reading)
        titles = _heads(document).get("標題") or _heads(document).get("标题")
        return replace(page, thread_title=titles) if page.posts and titles else page

    def read_posts(self, document: Document, reading: Reading) -> tuple[Post, ...]:
        """The article, then its pushes."""
        main = first(document.tree, "#main-content")
        if main is None:
            return ()
        url = self.thread_address(self.page_address(document))
        heads, named = _heads(document), _ARTICLE.search(url)
        text, quoted = _words(main)
        pushes = select(main, ".push:has(.push-userid)")[:_MOST]
        if not heads and not pushes and not named:
            return ()
        zone_name = reading.timezone or _ZONE
        written = heads.get("時間") or heads.get("时间") or ""
        date = read_date(written, fetched_at=reading.fetched_at, timezone=zone_name)
        at, precision, zone_read = date.posted_at, date.precision, date.timezone
        if at is None and named:
            at, precision, zone_read = _written(named), "second", None
        identifier = named[1] if named else None
        author = _NICKNAME.sub("", heads.get("作者") or "")
        article = Post(
            id=identifier,
            url=url,
            author=author or None,
            text=text,
            posted_at=at,
            posted_text=written or None,
            posted_precision=precision,
            timezone=zone_read,
            quoted=quoted,
        )
        zone = zone_named(zone_name) or UTC
        return (article, *_pushes(pushes, article, zone, zone_name, reading))


def _pushes(
    nodes: list[LexborNode], article: Post, zone: tzinfo, zone_name: str, reading: Reading
) -> list[Post]:
    posts: list[Post] = []
    seen: dict[str, int] = {}
    last = article.posted_at.astimezone(zone) if article.posted_at else None
    for node in nodes:
        who, said, when = (
            first(node, css) for css in (".push-userid", ".push-content", ".push-ipdatetime")
        )
        author = text_of(who) if who else ""
        text = plain_text(said.inner_html or "") if said else ""
        text = text.removeprefix(":").strip()
        written = text_of(when) if when else ""
        if not author:
            continue
        at = _pushed_at(written, last, zone, reading.fetched_at)
        last = at or last
        mark = hashlib.sha1(f"{author}\n{written}\n{text}".encode(), usedforsecurity=False)
        key = mark.hexdigest()[:10]
        seen[key] = seen.get(key, 0) + 1
        key = key if seen[key] == 1 else f"{key}-{seen[key]}"
        posts.append(
            Post(
                id=f"{article.id}#{key}" if article.id else None,
                url=article.url,
                author=author,
                text=text,
                posted_at=at.astimezone(UTC) if at else None,
                posted_text=written or None,
                posted_precision=("minute" if ":" in written else "day") if at else "unknown",
                timezone=zone_name if at else None,
                in_reply_to=article.id,
            )
        )
    return posts


def _pushed_at(
    written: str, last: datetime | None, zone: tzinfo, fetched_at: datetime
) -> datetime | None:
    """The time of ``11/22 15:16``: of the year that puts it after the push before.

    Pushes stand in the order they came; a month back or more means that a year has turned.
    """
    found = _PUSHED.search(written)
    if not found:
        return None
    after = last or fetched_at.astimezone(zone) - timedelta(days=365)
    for year in range(after.year, after.year + 5):
        try:
            at = datetime(
                year, int(found[1]), int(found[2]), int(found[3] or 0), int(found[4] or 0),
                tzinfo=zone,
            )  # fmt: skip
        except ValueError:  # 29 February, or nonsense
            continue
        if at >= after - timedelta(days=30):
            return at if at <= fetched_at + timedelta(days=1) else None
    return None


def _heads(document: Document) -> dict[str, str]:
    """What stands in the lines above an article: author, title, time."""
    found: dict[str, str] = {}
    for line in select(document.tree, ".article-metaline, .article-metaline-right")[:10]:
        tag, given = first(line, ".article-meta-tag"), first(line, ".article-meta-value")
        if tag and given:
            found.setdefault(text_of(tag), text_of(given))
    return found


def _words(main: LexborNode) -> tuple[str, tuple[Quoted, ...]]:
    """The article's own words and its quotes; what its author wrote between pushes belongs to it.

    The signature stands above the line of the sending station.
    """
    parts: list[str] = []
    for node in main.iter(include_text=True):
        marks = attribute_of(node, "class").split() if node.is_element_node else []
        if any(mark.startswith(("article-metaline", "push", "richcontent")) for mark in marks):
            continue
        parts.append(node.text(deep=True) or "")
    lines = [line.rstrip() for line in "".join(parts).replace("\u00a0", " ").split("\n")]
    sent = next((n for n, line in enumerate(lines) if line.startswith("※ 發信站")), len(lines))
    dashes = [n for n, line in enumerate(lines[:sent]) if line in ("--", "-- ")]
    if dashes:  # with a signature there is a line of dashes on either side of it
        paired = len(dashes) > 1 and dashes[-1] - dashes[-2] <= _SIGNATURE + 1
        del lines[dashes[-2 if paired else -1] : sent]
    own: list[str] = []
    quoted: list[Quoted] = []
    author: str | None = None
    current: list[str] = []
    for line in [*lines, "."]:
        if named := _QUOTING.match(line):
            author = _NICKNAME.sub("", named[1] or named[2] or "") or None
        elif _QUOTED.match(line):
            current.append(line[2:].strip())
        elif line:
            if current:
                quoted.append(Quoted(author=author, text="\n".join(filter(None, current))))
                current, author = [], None
            if not line.startswith("※ "):
                own.append(line)
    return "\n".join(own[:-1]).strip(), tuple(part for part in quoted if part.text)


def _written(named: re.Match[str]) -> datetime:
    return datetime.fromtimestamp(int(named[2]), UTC)
