"""A small forum under our control, shown in the shape of one engine or another, on loopback.

What real software cannot be made to do at will: an API that is switched off, a clock in another
zone, moved threads, walls, posts that vanish. Every requested path is kept.
"""

import json
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

PER_PAGE = 10
LIST_PAGE = 15


@dataclass
class SmallPost:
    id: int
    author: str
    at: datetime
    text: str


@dataclass
class SmallThread:
    id: int
    board: int
    title: str
    posts: list[SmallPost] = field(default_factory=list)
    sticky: bool = False
    moved_from: int | None = None

    @property
    def last(self) -> datetime:
        return self.posts[-1].at


class SmallForum:
    """Boards {number: name} and threads; ``style`` is phpbb, mybb or discourse.

    :param offset: hours the local clock of a mybb page stands before UTC.
    :param api: whether Discourse's JSON answers.
    """

    def __init__(self, style: str = "phpbb", *, offset: int = 0, api: bool = True) -> None:
        self.style, self.offset, self.api = style, offset, api
        self.boards = {2: "Shop tools", 3: "Off topic"}
        self.threads: dict[int, SmallThread] = {}
        self.log: list[str] = []
        self.walls: dict[str, tuple[int, str]] = {}
        self.feed = True
        self.counts = True
        self.keeps = ""
        self.endless: set[int] = set()
        self._next = 1

    def thread(
        self, title: str, posts: int, *, board: int = 2, sticky: bool = False,
        start: datetime = datetime(2026, 3, 1, 9, 30, tzinfo=UTC),
    ) -> SmallThread:  # fmt: skip
        made = SmallThread(len(self.threads) + 1, board, title, sticky=sticky)
        self.threads[made.id] = made
        for number in range(posts):
            self.post(made.id, f"{title}: words number {number}", start + timedelta(hours=number))
        return made

    def post(self, thread: int, text: str, at: datetime) -> SmallPost:
        made = SmallPost(self._next, f"author{self._next % 7}", at, text)
        self._next += 1
        self.threads[thread].posts.append(made)
        return made

    def truth(self) -> dict[str, tuple[str, str]]:
        return {
            str(post.id): (post.at.strftime("%Y-%m-%dT%H:%M"), post.text)
            for thread in self.threads.values()
            for post in thread.posts
        }

    def __enter__(self) -> "SmallForum":
        forum = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, format: str, *args: object) -> None:
                pass

            def do_GET(self) -> None:
                if self.path != "/robots.txt":
                    forum.log.append(self.path)
                status, kind, body, extra = forum.answer(self.path)
                self.send_response(status)
                self.send_header("Content-Type", f"{kind}; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                for name, value in extra.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}/"
        self.running = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.running.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.running.join(timeout=5)

    def answer(self, path: str) -> tuple[int, str, bytes, dict[str, str]]:
        for part, (status, target) in self.walls.items():
            if part in path:
                extra = {"Location": target} if 300 <= status < 400 else {}
                body = b"<html><title>Wall</title><form><input type=password></form></html>"
                return status, "text/html", body, extra
        parts = urlsplit(path)
        query = {key: values[0] for key, values in parse_qs(parts.query).items()}
        found = getattr(self, f"{self.style}_answer")(parts.path, query)
        if found is None:
            return 404, "text/html", b"<html><p>not here</p></html>", {}
        kind, text = found
        return 200, kind, text.encode(), {}

    def rows(self, board: int | None) -> list[SmallThread]:
        shown = [t for t in self.threads.values() if board in (None, t.board, t.moved_from)]
        return sorted(shown, key=lambda t: (t.sticky, t.last), reverse=True)

    # --- phpBB ----------------------------------------------------------------------------------

    def phpbb_answer(self, path: str, query: dict[str, str]) -> tuple[str, str] | None:
        start = int(query.get("start", 0))
        sid = f"sid={len(self.log):032x}"  # another session at every request
        head = '<html><body id="phpbb"><a href="./ucp.php?mode=login">Login</a>'
        if path == "/":
            links = "".join(
                f'<a class="forumtitle" href="./viewforum.php?f={n}&amp;{sid}">{name}</a>'
                for n, name in self.boards.items()
            )
            return "text/html", f"{head}{links}</body></html>"
        if path == "/viewforum.php":
            rows = self.rows(int(query["f"]))
            shown = "".join(
                f'<li class="row"><dl class="{"sticky" if t.sticky else "topic"}"><dt><a '
                f'href="./viewtopic.php?t={t.id}&amp;{sid}" class="topictitle">{t.title}</a></dt>'
                f'<dd class="posts">{f"{len(t.posts) - 1} Replies" if self.counts else ""}</dd>'
                f'<dd class="lastpost">'
                f'<time datetime="{t.last.isoformat()}">then</time></dd></dl></li>'
                for t in rows[start : start + LIST_PAGE]
            )
            more = self._next_link(f"./viewforum.php?f={query['f']}", start, LIST_PAGE, len(rows))
            return "text/html", f'{head}<ul class="topics">{shown}</ul>{more}</body></html>'
        if path == "/viewtopic.php":
            thread = self.threads.get(int(query.get("t", 0)))
            endless = thread is not None and thread.id in self.endless
            if thread is None or (start >= max(len(thread.posts), 1) and not endless):
                return None
            shown = "".join(
                f'<div id="p{p.id}" class="post"><p class="author"><a class="username" '
                f'href="./memberlist.php?mode=viewprofile&amp;u=2">{p.author}</a> <time '
                f'datetime="{p.at.isoformat()}">then</time></p><div class="content">{p.text}</div>'
                "</div>"
                for p in thread.posts[0 if endless else start :][:PER_PAGE]
            )
            total = 10**6 if endless else len(thread.posts)
            kept = f"&amp;{self.keeps}" if self.keeps and self.keeps.split("=")[0] in query else ""
            base = f"./viewtopic.php?t={thread.id}{kept}"
            more = self._next_link(base, start, PER_PAGE, total)
            title = f'<h2 class="topic-title">{thread.title}</h2>'
            return "text/html", f"{head}{title}{shown}{more}</body></html>"
        return None

    @staticmethod
    def _next_link(base: str, start: int, size: int, total: int) -> str:
        if start + size >= total:
            return ""
        link = f'<a rel="next" href="{base}&amp;start={start + size}"></a>'
        return f'<div class="pagination">{link}</div>'

    # --- MyBB -----------------------------------------------------------------------------------

    def mybb_answer(self, path: str, query: dict[str, str]) -> tuple[str, str] | None:
        def local(at: datetime) -> str:
            return (at + timedelta(hours=self.offset)).strftime("%m-%d-%Y, %I:%M %p")

        if path == "/syndication.php":
            if not self.feed:
                return None
            entries = "".join(
                f"<entry><title>{t.title}</title><link href='{self.url}showthread.php?tid={t.id}'/>"
                f"<id>{self.url}showthread.php?tid={t.id}</id><author><name>{t.posts[0].author}"
                f"</name></author><published>{t.posts[0].at:%Y-%m-%dT%H:%M:%SZ}</published>"
                f"<updated>{t.posts[0].at:%Y-%m-%dT%H:%M:%SZ}</updated>"
                f"<content type='html'>{t.posts[0].text}</content></entry>"
                for t in list(self.threads.values())[-3:]
            )
            return "application/atom+xml", (
                f"<?xml version='1.0'?><feed xmlns='http://www.w3.org/2005/Atom'><title>F</title>"
                f"<id>{self.url}</id><updated>2026-11-01T00:00:00Z</updated>{entries}</feed>"
            )
        head = (
            '<html><head><link rel="alternate" type="application/atom+xml" '
            'href="/syndication.php?type=atom1.0"></head><body><span id="powered_by">'
            '<a href="https://mybb.com">MyBB</a></span>'
        )
        if path == "/":
            links = "".join(
                f'<td><strong><a href="forumdisplay.php?fid={n}">{name}</a></strong></td>'
                for n, name in self.boards.items()
            )
            return "text/html", f"{head}<table><tr>{links}</tr></table></body></html>"
        if path == "/forumdisplay.php":
            rows = "".join(
                f'<tr class="inline_row"><td></td><td></td><td><span id="tid_{t.id}"><a href='
                f'"showthread.php?tid={t.id}">{t.title}</a></span></td><td><a href="javascript:'
                f'MyBB.whoPosted({t.id})">{len(t.posts) - 1}</a></td><td><span class="lastpost">'
                f"{local(t.last)}</span></td></tr>"
                for t in self.rows(int(query["fid"]))
            )
            return "text/html", f"{head}<table>{rows}</table></body></html>"
        thread = self.threads.get(int(query.get("tid", 0)))
        if path == "/showthread.php" and thread is not None:
            shown = "".join(
                f'<div class="post" id="post_{p.id}"><div class="author_information"><strong>'
                f'<span class="largetext">{p.author}</span></strong></div><span class="post_date">'
                f'{local(p.at)}</span><div class="post_body">{p.text}</div></div>'
                for p in thread.posts
            )
            return "text/html", f"{head}<title>{thread.title}</title>{shown}</body></html>"
        return None

    # --- Telegram: the newest posts at the bottom, older ones behind a link ---------------------

    def telegram_answer(self, path: str, query: dict[str, str]) -> tuple[str, str] | None:
        posts = [post for thread in self.threads.values() for post in thread.posts]
        before = int(query.get("before", 10**9))
        older = [post for post in posts if post.id < before]
        if path != "/s/shop":
            return None
        shown = "".join(
            f'<div class="tgme_widget_message_wrap"><div class="tgme_widget_message" '
            f'data-post="shop/{p.id}"><div class="tgme_widget_message_author"><a class="'
            f'tgme_widget_message_owner_name"><span>{p.author}</span></a></div><div class="'
            f'tgme_widget_message_text">{p.text}</div><a class="tgme_widget_message_date" href="'
            f'https://t.me/shop/{p.id}"><time datetime="{p.at.isoformat()}">then</time></a></div>'
            "</div>"
            for p in older[-PER_PAGE:]
        )
        more = ""
        if len(older) > PER_PAGE:
            first = older[-PER_PAGE].id
            more = f'<a class="tme_messages_more" data-before="{first}" href="?before={first}"></a>'
        return "text/html", f"<html><body><main>{more}{shown}</main></body></html>"

    # --- Discourse ------------------------------------------------------------------------------

    def discourse_answer(self, path: str, query: dict[str, str]) -> tuple[str, str] | None:
        if path.endswith(".json") and not self.api:
            return None
        head = '<html><head><meta name="generator" content="Discourse 3.2"></head><body>'
        if path == "/latest.json":
            topics = [
                {"id": t.id, "title": t.title, "slug": f"s{t.id}", "posts_count": len(t.posts),
                 "last_posted_at": t.last.strftime("%Y-%m-%dT%H:%M:%S.000Z"), "pinned": t.sticky}
                for t in self.rows(None)
            ]  # fmt: skip
            return "application/json", json.dumps({"topic_list": {"topics": topics}})
        if path == "/":
            rows = "".join(
                f'<tr class="topic-list-item" itemprop="itemListElement"><td class="main-link">'
                f'<a itemprop="url" class="title raw-link raw-topic-link" href="/t/s{t.id}/{t.id}">'
                f'{t.title}</a></td><td class="replies"><span class="posts">{len(t.posts)}</span>'
                f"</td><td>{t.last:%B %d, %Y}</td></tr>"
                for t in self.rows(None)
            )
            return "text/html", f'{head}<table class="topic-list">{rows}</table></body></html>'
        number = path.removesuffix(".json").rstrip("/").rpartition("/")[2]
        thread = self.threads.get(int(number)) if number.isdigit() else None
        if thread is None:
            return None
        if path.endswith(".json"):
            posts = [
                {"id": 1000 + p.id, "post_number": n, "username": p.author, "cooked": p.text,
                 "created_at": p.at.strftime("%Y-%m-%dT%H:%M:%S.000Z"), "topic_id": thread.id}
                for n, p in enumerate(thread.posts, 1)
            ]  # fmt: skip
            stream = {"posts": posts, "stream": [p["id"] for p in posts]}
            told = {"id": thread.id, "title": thread.title, "slug": f"s{thread.id}"}
            return "application/json", json.dumps({**told, "post_stream": stream})
        shown = "".join(
            f'<div id="post_{n}" itemprop="comment" itemscope class="topic-body crawler-post">'
            f'<span class="creator" itemprop="author" itemscope><a itemprop="url" href="/u/x">'
            f'<span itemprop="name">{p.author}</span></a></span><time itemprop="datePublished" '
            f'datetime="{p.at:%Y-%m-%dT%H:%M:%SZ}" class="post-time">then</time>'
            f'<div class="post" itemprop="text">{p.text}</div></div>'
            for n, p in enumerate(thread.posts, 1)
        )
        link = f'<a href="/t/s{thread.id}/{thread.id}">{thread.title}</a>'
        title = f'<div id="topic-title"><h1>{link}</h1></div>'
        return "text/html", f"{head}{title}{shown}</body></html>"
