"""The sample's phpBB 3 forum: addresses and markup as a stock prosilver board has them.

Every link carries ``sid=``, as phpBB does for a visitor without a cookie; replies carry the title
with ``Re:``; pages are asked for with ``start=``.
"""

import hashlib
from datetime import datetime
from itertools import pairwise
from urllib.parse import parse_qs

from markupsafe import Markup

from analysis.demo.answers import Answer, not_found, page, plain
from analysis.demo.boards import MONTHS, WEEKDAYS, Board, Forum, Post, Thread, clock
from analysis.demo.sites import templates

_CLOSED = ("ucp.php", "search.php", "memberlist.php", "posting.php", "report.php", "mcp.php")
_ROBOTS = "User-agent: *\n" + "".join(f"Disallow: /{name}\n" for name in (*_CLOSED, "login"))


def phpbb_answer(forum: Forum, target: str, port: int) -> Answer:
    """What the board answers to a path and query."""
    path, _, query = target.partition("?")
    asked = {key: values[0] for key, values in parse_qs(query).items()}
    look = _Look(forum, target, asked.get("sid"), port)
    if path == "/robots.txt":
        return plain(_ROBOTS)
    if path in ("/", "/index.php"):
        return look.render("index", f"{forum.name} - Index page")
    if path == "/viewforum.php":
        board = next((row for row in forum.boards if str(row.id) == asked.get("f")), None)
        return look.board(board, _start(asked)) if board else not_found(forum.name)
    if path == "/viewtopic.php":
        start, post = _start(asked), _number(asked.get("p"))
        thread = forum.by_thread.get(_number(asked.get("t")))
        if thread is None and post in forum.thread_of_post:
            thread = forum.thread_of_post[post]
            start = (forum.page_of(post) - 1) * forum.posts_per_page
        return look.topic(thread, start) if thread else not_found(forum.name)
    if path.strip("/").partition("/")[0] in _CLOSED:
        return look.render("message", f"{forum.name} - Login")
    return not_found(forum.name)


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0


def _start(asked: dict[str, str]) -> int:
    return _number(asked.get("start"))


class _Look:
    """Renders pages of one request: the session id stays the same in every link."""

    def __init__(self, forum: Forum, target: str, sid: str | None, port: int) -> None:
        self.forum = forum
        self.port = port
        self.sid = sid or hashlib.sha256(target.encode()).hexdigest()[:32]

    def render(self, name: str, title: str, **values: object) -> Answer:
        text = (
            templates()
            .get_template(f"phpbb_{name}.html")
            .render(forum=self.forum, title=title, look=self, origin=self.origin, **values)
        )
        cookie = ("Set-Cookie", f"phpbb3_hcb_sid={self.sid}; path=/; HttpOnly")
        return page(text, extra=(cookie,))

    @property
    def origin(self) -> str:
        return f"http://{self.forum.host}:{self.port}"

    def board(self, board: Board, start: int) -> Answer:
        rows = self.forum.listed(board)
        size = self.forum.threads_per_page
        pages = self.pages(f"./viewforum.php?f={board.id}", len(rows), size, start)
        title = f"{self.forum.name} - {board.name}"
        shown = rows[start : start + size]
        return self.render("board", title, board=board, threads=shown, pages=pages, total=len(rows))

    def topic(self, thread: Thread, start: int) -> Answer:
        size = self.forum.posts_per_page
        start -= start % size
        shown = thread.posts[start : start + size]
        if not shown:
            return not_found(self.forum.name)
        pages = self.pages(f"./viewtopic.php?t={thread.id}", len(thread.posts), size, start)
        title = f"{thread.title} - {self.forum.name}"
        return self.render("topic", title, thread=thread, posts=shown, pages=pages, start=start)

    def link(self, address: str) -> str:
        """An address with the session id, before its fragment."""
        base, mark, fragment = address.partition("#")
        return f"{base}{'&' if '?' in base else '?'}sid={self.sid}{mark}{fragment}"

    def pages(self, base: str, total: int, size: int, start: int) -> list[dict[str, object]]:
        """Page links: number, address, whether it is this page."""
        if total <= size:
            return []
        return [
            {
                "number": first // size + 1,
                "here": first <= start < first + size,
                "href": self.link(f"{base}&start={first}" if first else base),
            }
            for first in range(0, total, size)
        ]

    def after(self, pages: list[dict[str, object]]) -> object:
        """The address of the page after this one; ``None`` on the last."""
        for now, following in pairwise(pages):
            if now["here"]:
                return following["href"]
        return None

    def iso(self, at: datetime) -> str:
        """``2026-11-22T15:08:41+00:00``."""
        return at.isoformat(timespec="seconds")

    def shown(self, at: datetime) -> str:
        """``Sun Nov 22, 2026 3:08 pm`` on the board's clock."""
        local = self.forum.local(at)
        day = f"{WEEKDAYS[local.weekday()]} {MONTHS[local.month - 1]} {local.day:02}, {local.year}"
        return f"{day} {clock(local)}"

    def lines(self, post: Post) -> Markup:
        """A post's words as HTML, line breaks kept."""
        return Markup("<br>\n").join(post.said.text.split("\n"))
