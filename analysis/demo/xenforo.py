"""The sample's XenForo 2 forum: addresses and markup as a stock installation has them.

Times carry the forum's offset (``+0800``) and recent ones are shown in words; addresses end in a
number, which alone counts: another slug leads to the right one.
"""

from datetime import datetime, timedelta
from urllib.parse import quote, unquote

from markupsafe import Markup

from analysis.demo.answers import NOW, Answer, not_found, page, plain, redirect
from analysis.demo.boards import MONTHS, Board, Forum, Post, Thread, clock, title_slug
from analysis.demo.sites import templates

_CLOSED = ("login", "register", "search", "members", "account", "lost-password", "misc", "posts")
_ROBOTS = "User-agent: *\n" + "".join(f"Disallow: /{name}/\n" for name in _CLOSED)
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def xenforo_answer(forum: Forum, target: str, port: int) -> Answer:
    """What the forum answers to a path; queries change nothing."""
    path = unquote(target.partition("?")[0])
    look = _Look(forum, port)
    parts = [part for part in path.split("/") if part]
    if path == "/robots.txt":
        return plain(_ROBOTS)
    if not parts:
        return look.render("index", "forum_list", forum.name)
    if parts[0] in _CLOSED:
        return look.render("message", "login", f"Log in | {forum.name}")
    number, rest = _number(parts[1]) if len(parts) > 1 else 0, "/".join(parts[2:])
    if parts[0] == "forums":
        board = next((row for row in forum.boards if row.id == number), None)
        return look.board(board, path, rest) if board else not_found(forum.name)
    if parts[0] == "threads" and number in forum.by_thread:
        return look.topic(forum.by_thread[number], path, rest)
    return not_found(forum.name)


def _number(part: str) -> int:
    tail = part.rpartition(".")[2]
    return int(tail) if tail.isascii() and tail.isdigit() and len(tail) < 10 else 0


def _page(rest: str) -> int:
    """``page-3`` -> 3; nothing -> 1; anything else 0."""
    if not rest:
        return 1
    word, _, number = rest.partition("-")
    return _number(number) if word == "page" else 0


class _Look:
    """Renders pages of one request."""

    def __init__(self, forum: Forum, port: int) -> None:
        self.forum = forum
        self.origin = f"http://{forum.host}:{port}"

    def render(self, name: str, template: str, title: str, **values: object) -> Answer:
        text = (
            templates()
            .get_template(f"xenforo_{name}.html")
            .render(forum=self.forum, title=title, look=self, template=template, **values)
        )
        return page(text, extra=(("Set-Cookie", "xf_csrf=AbCdEf0123456789; path=/; secure"),))

    def board(self, board: Board, path: str, rest: str) -> Answer:
        if unquote(self.board_url(board)).rstrip("/") not in path:
            return redirect(self.origin + self.board_url(board) + rest)
        rows = [row for row in self.forum.listed(board) if not row.sticky]
        sticky = [row for row in self.forum.listed(board) if row.sticky]
        size, number = self.forum.threads_per_page, _page(rest)
        shown = rows[(number - 1) * size : number * size] if number else []
        if not shown:
            return not_found(self.forum.name)
        return self.render(
            "board",
            "forum_view",
            f"{board.name} | {self.forum.name}",
            board=board,
            sticky=sticky if number == 1 else [],
            threads=shown,
            pages=self.pages(self.board_url(board), len(rows), size),
            here=number,
        )

    def topic(self, thread: Thread, path: str, rest: str) -> Answer:
        base = self.url(thread)
        if rest in ("latest", "unread") or rest.startswith("post-"):
            post = thread.last.id if not rest.startswith("post-") else _number(rest[5:])
            if self.forum.thread_of_post.get(post) is not thread:
                return not_found(self.forum.name)
            return redirect(self.origin + self.post_page(thread, post), status=303)
        if unquote(base).rstrip("/") not in path:
            return redirect(self.origin + base + rest)
        size, number = self.forum.posts_per_page, _page(rest)
        shown = thread.posts[(number - 1) * size : number * size] if number else ()
        if not shown:
            return not_found(self.forum.name)
        return self.render(
            "topic",
            "thread_view",
            f"{thread.title} | {self.forum.name}",
            thread=thread,
            posts=shown,
            first=(number - 1) * size + 1,
            pages=self.pages(base, len(thread.posts), size),
            here=number,
        )

    def url(self, thread: Thread) -> str:
        """``/threads/what-runs-on.4017/``."""
        return f"/threads/{quote(title_slug(thread.title))}.{thread.id}/"

    def board_url(self, board: Board) -> str:
        """``/forums/tools-and-software.7/``."""
        return f"/forums/{quote(title_slug(board.name))}.{board.id}/"

    def post_page(self, thread: Thread, post: int) -> str:
        """The page a post stands on, with the post as fragment."""
        number = self.forum.page_of(post)
        return f"{self.url(thread)}{f'page-{number}' if number > 1 else ''}#post-{post}"

    def member(self, post: Post) -> str:
        """The author's page, closed to visitors."""
        return f"/members/{quote(title_slug(post.said.author))}.{post.member}/"

    def pages(self, base: str, total: int, size: int) -> list[tuple[int, str]]:
        """Number and address of every page; empty where one is enough."""
        count = -(-total // size)
        return [(n, base if n == 1 else f"{base}page-{n}") for n in range(1, count + 1)][
            : count if count > 1 else 0
        ]

    def time(self, at: datetime, css: str = "u-dt") -> Markup:
        """A time as XenForo writes it: exact in the attribute, in words on the page."""
        local = self.forum.local(at)
        day = f"{MONTHS[local.month - 1]} {local.day}, {local.year}"
        hour = clock(local).upper()
        return Markup(
            '<time class="{}" dir="auto" datetime="{}" data-time="{}" data-date-string="{}" '
            'data-time-string="{}" title="{} at {}">{}</time>'
        ).format(
            css,
            local.strftime("%Y-%m-%dT%H:%M:%S%z"),
            int(at.timestamp()),
            day,
            hour,
            day,
            hour,
            self._in_words(local, day, hour),
        )

    def _in_words(self, local: datetime, day: str, hour: str) -> str:
        now = self.forum.local(NOW)
        age = (now.date() - local.date()) // timedelta(days=1)
        if age > 6:
            return day
        name = {0: "Today", 1: "Yesterday"}.get(age, _DAYS[local.weekday()])
        return f"{name} at {hour}"

    def lines(self, post: Post) -> Markup:
        """A post's words as HTML, line breaks kept."""
        return Markup("<br />\n").join(post.said.text.split("\n"))
