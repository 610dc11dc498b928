"""Discuz! X: its pages, its pages for phones, its archiver, and its mobile API."""

import re
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

from selectolax.lexbor import LexborNode

from crawlers.document import Document
from crawlers.forums.base import Adapter, Reading, stamp_of
from crawlers.forums.dates.reading import read_date
from crawlers.forums.fields import attribute_of, first, select, text_of
from crawlers.forums.json_shapes import as_dict, as_dicts, as_int, as_text
from crawlers.forums.links import followable
from crawlers.forums.texts.post_text import own_words, plain_text
from crawlers.items import ForumPage, Link, Post, ThreadRef

_TOUCH = "div.plc[id^=pid], .threadlist_tit, .sub-forum .murl, link[href*='image/mobile/style.css']"
_ARCHIVER = (
    "#content > p.author, base[href$='/archiver/'], link[href*='/archiver/'][rel=stylesheet]"
)
_SCRIPT = re.compile(
    r"/(?:(?:forum|index|portal|group|archiver/index|viewthread|forumdisplay)\.php|archiver/"
    r"|api/mobile/(?:index\.php)?|(?:thread|forum|group)-[^/]*\.html|[tf]id-[^/]*\.html)$"
)
_QUOTES = "div.quote, blockquote, .reply_wrap"
_MOVED_FROM = 1  # "closed" is 0 or 1; a larger number is the thread a moved one's mark leads to
_TOUCH_MARKS = re.compile(
    r"^(?:(?:置顶|置頂|投票|商品|悬赏|懸賞|活动|活動|辩论|辯論|图|圖|精华|精華) )+"
)
_TOUCH_DATE = re.compile(
    r"(?:\d{4}-\d{1,2}-\d{1,2}(?: \d{1,2}:\d{2}(?::\d{2})?)?"
    r"|(?:\d+|半) ?[^\d\s]{1,3}前(?: \d{1,2}:\d{2})?|[^\d\s]{1,12} ?\d{1,2}:\d{2})$"
)
_HELD_BACK = ("提示: ", "提示：")


class Discuz(Adapter):
    """Times are local without a zone; recent ones stand as prose with the exact time beside.

    Where an installation has its mobile API on, that gives times as epoch seconds, and page sizes:
    ``ppp`` posts and ``tpp`` threads a page.
    """

    engine = "discuz"
    marker = "body#nv_forum, body#nv_group, div[id^=post_] td[id^=postmessage_]"
    generator = r"^Discuz!"
    local_times = True

    board = (
        ".fl_tb h2 > a, .fl_tb dt > a, h2 > a[href*='mod=forumdisplay&fid='],"
        " h2 > a[href*='forum-'], dt > a[href*='mod=forumdisplay&fid='], dt > a[href*='forum-'],"
        " .fl_tb p > a[href*='mod=forumdisplay&fid='], .fl_tb p > a[href*='forum-']"
    )
    thread = "tbody[id^=normalthread_], tbody[id^=stickthread_], #waterfall > li"
    thread_link = "a.s.xst, a.xst, h3 > a[href*='thread']"
    thread_id = "@id"
    thread_replies = "td.num a | cite > a[href*='thread']"
    thread_stamp = "td.by:last-child em span@title | td.by:last-child em"
    sticky = "tbody[id^=stickthread_] tr, img[src*=pin_]"

    title = "#thread_subject"
    post = "div[id^=post_]:has([id^=postmessage_])"
    author = ".authi a.xw1 | .authi a.xi2 | .authi a[href*='space'][href*='uid']"
    date = "em[id^=authorposton] span@title | em[id^=authorposton]"
    body = "[id^=postmessage_]"
    permalink = "a[id^=postnum]"
    quote = _QUOTES
    drop = (
        ".pstatus, .jammer, .attach_popup, .tip, .aimg_tip, .sign, .blockcode em, .locked, .modact,"
        " .attach_nopermission, ignore_js_op, span[id^=attach_], .showhide > h4,"
        " span[style*='display:none'], span[style*='display: none']"
    )
    next = "a.nxt"

    def recognises(self, document: Document) -> bool:
        """Its own marks; the pages for phones and the archiver have adapters of their own."""
        return super().recognises(document) and not first(document.tree, f"{_TOUCH}, {_ARCHIVER}")

    def thread_number_in(self, row: LexborNode, url: str) -> str | None:
        """The number in the address: the row of a moved thread has another; else the row's."""
        return _number_in(url) or super().thread_number_in(row, url)

    def thread_number(self, document: Document) -> str | None:
        """The number in the page's own links: rewritten addresses are of many kinds."""
        link = first(document.tree, "#thread_subject[href], a[id^=postnum]")
        found = _number_in(attribute_of(link, "href")) if link else None
        return found or _number_in(self.page_address(document)) or super().thread_number(document)

    def read_post(
        self, node: LexborNode, document: Document, reading: Reading, thread: str
    ) -> Post | None:
        """As declared; guests and members gone have a name without a link."""
        post = super().read_post(node, document, reading, thread)
        return replace(post, author=post.author or _unlinked_author(node)) if post else None

    # --- mobile API ------------------------------------------------------------------------

    def entry_urls(
        self, base_url: str, boards: tuple[str, ...] = (), queries: tuple[str, ...] = ()
    ) -> list[str]:
        """The boards asked for, else the list of all boards."""
        return [self.fetch_address(url) for url in boards or (base_url,)]

    def board_list(self, base_url: str) -> str:
        """Every board with its name."""
        return _api(_root(base_url), "forumindex")

    def fetch_address(self, url: str) -> str:
        """The mobile API of a thread, a board or the front page; other addresses as they are."""
        root = _root(url)
        if urlsplit(url).path.startswith(urlsplit(f"{root}/api/").path):
            return url
        page = _page_of(url)
        for name, rule in _KINDS:
            if found := rule.search(url):
                return _api(root, name, found[1] or found[2], page)
        if re.search(r"[?&](?:mod|gid)=(?!forum\b|index\b)", url):
            return url  # a guide, a group, a collection: the API has no such list
        return _api(root, "forumindex")

    def read_json(self, document: Document, reading: Reading) -> ForumPage | None:
        """A topic, a board or the index; ``None`` for an error ("mobile API is closed")."""
        data = as_dict(as_dict(document.json).get("Variables"))
        root = _root(document.url)
        if "postlist" in data and "thread" in data:
            return self._topic(data, root, document, reading)
        if "forum_threadlist" in data:
            return self._list(data, root, document, reading)
        if "forumlist" in data:
            boards = _boards(data.get("forumlist"), root)
            return ForumPage(engine=self.engine, kind="index", boards=boards)
        return None

    def _topic(
        self, data: dict[str, Any], root: str, document: Document, reading: Reading
    ) -> ForumPage:
        thread = as_dict(data["thread"])
        number = as_text(thread.get("tid"))
        rows = as_dicts(data["postlist"])
        found: dict[str, Post] = {}
        for row in rows:
            if as_text(row.get("pid")) and row.get("invisible") in (None, 0, "0"):
                found.setdefault(as_text(row["pid"]), self._post(row, number, root, reading))
        replies = as_int(thread.get("allreplies"))
        replies = as_int(thread.get("replies")) if replies is None else replies
        following = _next_page(
            document.url, size=data.get("ppp"), total=None if replies is None else replies + 1
        )
        return ForumPage(
            engine=self.engine,
            kind="topic",
            posts=tuple(found.values()),
            thread_title=plain_text(as_text(thread.get("subject"))) or None,
            thread_id=number or None,
            next=_api(root, "viewthread", number, following) if rows and following else None,
        )

    def _post(self, row: dict[str, Any], thread: str, root: str, reading: Reading) -> Post:
        words = own_words(
            as_text(row.get("message")), quote=self.quote, drop=self.drop, quoted_id=self.replies_to
        )
        exact = as_text(row.get("dbdateline"))
        written = exact or as_text(row.get("dateline"))
        date = read_date(written, fetched_at=reading.fetched_at, timezone=reading.timezone)
        identifier = as_text(row["pid"])
        first_of_thread = as_text(row.get("first")) == "1"
        return Post(
            id=identifier,
            url=(
                _public(root, "viewthread", thread)
                if first_of_thread
                else f"{root}/forum.php?goto=findpost&mod=redirect&pid={identifier}&ptid={thread}"
            ),
            author=as_text(row.get("author")) or None,
            text="" if words.text.startswith(_HELD_BACK) else words.text,
            posted_at=date.posted_at,
            posted_text=plain_text(as_text(row.get("dateline"))) or written or None,
            posted_precision=date.precision,
            timezone=date.timezone,
            quoted=words.quoted,
            in_reply_to=words.reply_to if words.reply_to != identifier else None,
        )

    def _list(
        self, data: dict[str, Any], root: str, document: Document, reading: Reading
    ) -> ForumPage:
        found: dict[str, ThreadRef] = {}
        rows = as_dicts(data["forum_threadlist"])
        for row in rows:
            closed = as_int(row.get("closed")) or 0
            number = str(closed) if closed > _MOVED_FROM else as_text(row.get("tid"))
            title = plain_text(as_text(row.get("subject")))
            if not number or not title:
                continue
            replies = as_int(row.get("replies"))
            last = as_text(row.get("dblastpost")) or as_text(row.get("lastpost"))
            url = _public(root, "viewthread", number)
            found.setdefault(
                url,
                ThreadRef(
                    url=url,
                    title=title,
                    id=number,
                    replies=replies,
                    stamp=stamp_of(last, replies),
                    sticky=(as_int(row.get("displayorder")) or 0) > 0,
                    last_posted_at=read_date(
                        last, fetched_at=reading.fetched_at, timezone=reading.timezone
                    ).posted_at,
                ),
            )
        forum = as_dict(data.get("forum"))
        total = as_int(forum.get("threadcount"))
        total = as_int(forum.get("threads")) if total is None else total
        following = _next_page(document.url, size=data.get("tpp"), total=total)
        board = as_text(forum.get("fid"))
        return ForumPage(
            engine=self.engine,
            kind="board",
            boards=_boards(data.get("sublist"), root),
            threads=tuple(found.values()),
            next=_api(root, "forumdisplay", board, following) if rows and following else None,
        )


class DiscuzTouch(Adapter):
    """The pages for phones (``mobile=2``): the same ids, times always in full."""

    engine = "discuz"
    marker = _TOUCH
    local_times = True
    shown_only = frozenset({"mobile", "extra"})

    board = ".sub-forum a.murl, .sub-forum li > a[href*='forumdisplay'], .bm_c a[href*='forum-']"
    thread = ".threadlist li.list, .threadlist li.list_top, .threadlist li:has(> a[href*=thread])"
    thread_link = "a:has(.threadlist_tit), a[href*='viewthread'], a[href*='thread-']"
    thread_replies = ".threadlist_foot li:has(.dm-chat-s-fill) | .num"
    sticky = ".micon.top, .icon_top"

    title = ".view_tit | .postlist > h2 | title"
    post = "div.plc[id^=pid]"
    author = ".authi .z a | .authi .mtit a:not(.blue) | .authi b a | .authi .z"
    date = ".authi .mtime | .authi .rela"
    body = ".message"
    quote = _QUOTES
    drop = f"{Discuz.drop}, .postmessage_attach"
    next = "a.nxt, .page a:last-child[href*='page=']"

    def read_threads(self, document: Document, reading: Reading) -> tuple[ThreadRef, ...]:
        """As declared, without the marks "top", "poll" that stand in the link."""
        return tuple(
            replace(row, title=_TOUCH_MARKS.sub("", row.title))
            for row in super().read_threads(document, reading)
        )

    def date_text(self, node: LexborNode) -> str:
        """The time without the counts of views and replies before it."""
        text = super().date_text(node)
        found = _TOUCH_DATE.search(text)
        return found[0] if found else text


class DiscuzArchiver(Adapter):
    """Plain pages for readers without anything: no ids, no zone; posts parted by their authors."""

    engine = "discuz"
    marker = _ARCHIVER
    local_times = True

    board = "#content li > a[href*='fid-']"
    thread = "#content li:has(> a[href*='tid-'])"
    thread_link = "a[href*='tid-']"
    thread_replies = "span, em"
    title = "#end strong | #content h3 | h3"
    post = "#content > p.author"
    author = "strong"
    date = "span@title | p.author"
    body = "p.author"
    next = ".page strong + a"

    def next_page(self, document: Document) -> str | None:
        """The link as it stands: what follows the question mark is read by place, not by name."""
        node = first(document.tree, self.next)
        return document.join(attribute_of(node, "href")) if node else None

    def read_post(
        self, node: LexborNode, document: Document, reading: Reading, thread: str
    ) -> Post | None:
        """The words after an author's line, up to the next author or the pager."""
        name = first(node, "strong")
        author = text_of(name) if name else ""
        parts: list[str] = []
        after = node.next
        while after is not None and not _ends_post(after):
            if after.tag != "h3":
                parts.append(after.html or "")
            after = after.next
        words = own_words("".join(parts), quote=_QUOTES, drop=self.drop)
        span = first(node, "span[title]")
        written = attribute_of(span, "title") if span else ""
        written = written or text_of(node).removeprefix(author).strip()
        date = read_date(
            written, fetched_at=reading.fetched_at, timezone=reading.timezone, lang=reading.lang
        )
        return Post(
            id=None,
            url=thread,
            author=author or None,
            text=words.text,
            posted_at=date.posted_at,
            posted_text=written or None,
            posted_precision=date.precision,
            timezone=date.timezone,
            quoted=words.quoted,
        )

    def read_threads(self, document: Document, reading: Reading) -> tuple[ThreadRef, ...]:
        """Rows "title (49 replies)" named by the address their pages have elsewhere."""
        rows = []
        for row in select(document.tree, self.thread)[:2_000]:
            link = first(row, self.thread_link)
            found = re.search(r"tid-(\d{1,12})", attribute_of(link, "href")) if link else None
            if link is None or not found or not text_of(link):
                continue
            count = re.search(r"[(（](\d{1,9})\D", text_of(row).removeprefix(text_of(link)))
            replies = int(count[1]) if count else None
            rows.append(
                ThreadRef(
                    url=_public(_root(document.url), "viewthread", found[1]),
                    title=text_of(link),
                    id=found[1],
                    replies=replies,
                    stamp=stamp_of("", replies),
                )
            )
        return tuple({row.url: row for row in reversed(rows)}.values())[::-1]


_KINDS = (
    (
        "viewthread",
        re.compile(r"^(?=.*mod=viewthread).*[?&]tid=(\d{1,12})|[/?]t(?:hread|id)-(\d{1,12})"),
    ),
    (
        "forumdisplay",
        re.compile(r"^(?=.*mod=forumdisplay).*[?&]fid=(\d{1,12})|[/?]f(?:orum|id)-(\d{1,12})"),
    ),
)


def _number_in(url: str) -> str | None:
    found = re.search(r"(?:[?&]p?tid=|[?/]t(?:hread|id)-)(\d{1,12})", url)
    return found[1] if found else None


def _unlinked_author(node: LexborNode) -> str | None:
    """The words before "this member has been deleted", the guest's address or the time."""
    for css in (".pls .pi", ".authi"):
        held = first(node, css)
        words = []
        for part in held.iter(include_text=True) if held is not None else ():
            if part.tag in ("em", "span"):
                break
            words.append(part.text(deep=False) or "")
        name = " ".join("".join(words).split())
        if name:
            return name
    return None


def _ends_post(node: LexborNode) -> bool:
    return (node.tag == "p" and "author" in attribute_of(node, "class").split()) or (
        node.tag == "div" and attribute_of(node, "class") == "page"
    )


def _root(url: str) -> str:
    """The forum's address: its host and the folder its scripts lie in."""
    parts = urlsplit(url)
    path = _SCRIPT.sub("/", parts.path) if parts.path else "/"
    return f"{parts.scheme}://{parts.netloc}{path.rstrip('/')}"


def _page_of(url: str) -> int:
    given = parse_qs(urlsplit(url).query).get("page", [""])[0]
    rewritten = re.search(r"/(?:thread-\d{1,12}|forum-\d{1,12})-(\d{1,6})\b", url)
    given = given or (rewritten[1] if rewritten else "1")
    return max(int(given), 1) if given.isascii() and given.isdigit() and len(given) < 7 else 1


def _next_page(url: str, *, size: Any, total: int | None) -> int | None:
    """The following page's number where the reply's own counts say that there is one."""
    page, per_page = _page_of(url), as_int(size) or 0
    return page + 1 if per_page > 0 and total is not None and page * per_page < total else None


def _api(root: str, module: str, number: str = "", page: int | None = None) -> str:
    name = {"viewthread": "tid", "forumdisplay": "fid"}.get(module)
    asked = {"module": module, "version": "4"} | ({name: number} if name else {})
    asked |= {"page": str(page)} if page and page > 1 else {}
    return f"{root}/api/mobile/index.php?" + "&".join(f"{k}={v}" for k, v in sorted(asked.items()))


def _public(root: str, module: str, number: str) -> str:
    """The address as an installation without rewriting writes it; all others understand it."""
    return f"{root}/forum.php?mod={module}&{'tid' if module == 'viewthread' else 'fid'}={number}"


def _boards(rows: Any, root: str) -> tuple[Link, ...]:
    found: dict[str, Link] = {}
    waiting = as_dicts(rows)
    while waiting and len(found) < 2_000:
        row = waiting.pop(0)
        number, name = as_text(row.get("fid")), plain_text(as_text(row.get("name")))
        if number and name:
            url = followable(_public(root, "forumdisplay", number))
            found.setdefault(url, Link(url=url, text=name))
        waiting[:0] = as_dicts(row.get("sublist"))
    return tuple(found.values())
