"""RSS and Atom of any forum -> posts. Pure."""

import re
from functools import lru_cache
from io import BytesIO
from typing import Any, Final
from urllib.parse import quote, urlsplit

from crawlers.document import Document
from crawlers.forums.base import Adapter, Reading, id_in_address
from crawlers.forums.dates.reading import UNREAD, DateRead
from crawlers.forums.links import thread_url
from crawlers.forums.texts.mail_text import mail_date, person
from crawlers.forums.texts.post_text import own_words, plain_text
from crawlers.items import ForumPage, Post, ThreadRef

_MOST: Final = 2_000  # entries
_LARGEST: Final = 8_000_000  # bytes: a feed of 2,000 long posts has half of it
_LONGEST_NAME: Final = 300  # characters, an address beside it
_LONG_VALUE = re.compile(
    rb"(\bxml:base\s*=\s*\")[^\"]{300,}|(\bxml:base\s*=\s*')[^']{300,}"
    rb"|(=\s*\")[^\"]{4000,}|(=\s*')[^']{4000,}",
    re.IGNORECASE,
)
_MOST_TAGS: Final = 40_000  # two seconds of feedparser's; 2,000 entries have as many at most
_DOCTYPE = re.compile(rb"<!DOCTYPE\b[^\[>]{0,2000}(?:\[.{0,200000}?\]\s*)?>", re.DOTALL | re.I)
_ELEMENT = re.compile(rb"<\0{0,3}\w")  # zeros: in UTF-16 and UTF-32
_GAP = re.compile(rb"[\s\0]{200,}")
_ENTITY = re.compile(rb"<!ENTITY\b", re.I)

_GENERATORS: Final = (
    ("phpbb", re.compile(r"phpbb", re.I)),
    ("mybb", re.compile(r"mybb", re.I)),
    ("discuz", re.compile(r"discuz", re.I)),
    ("xenforo", re.compile(r"xenforo", re.I)),
    ("vbulletin", re.compile(r"vbulletin", re.I)),
    ("discourse", re.compile(r"discourse", re.I)),
    ("bbpress", re.compile(r"bbpress", re.I)),
    ("smf", re.compile(r"simple machines|\bsmf\b", re.I)),
    ("invision", re.compile(r"invision", re.I)),
    ("vanilla", re.compile(r"vanilla", re.I)),
    ("flarum", re.compile(r"flarum", re.I)),
)
_FORMS: Final = (
    ("phpbb", re.compile(r"viewtopic\.php\?")),
    ("mybb", re.compile(r"showthread\.php\?(?:[^#]*&)?tid=")),
    ("discuz", re.compile(r"mod=viewthread|/thread-\d+-\d+-\d+\.html")),
    ("nodebb", re.compile(r"/topic/\d+/[^/?#]+(?:/\d+)?$|/post/\d+$")),
    ("machina", re.compile(r"/forum/.+-\d+/topic/.+-\d+/$")),
    ("vbulletin", re.compile(r"showthread\.php\?(?:[^#]*&)?(?:t|p)=")),
    ("smf", re.compile(r"[?;&]topic=\d+\.")),
)
"""How the address of an entry looks where the feed names no generator."""

_POST_NUMBERS: Final = (
    re.compile(r"#(?:post|msg|p|pid|comment-|entry|post-|findComment-)(\d{1,15})$"),
    re.compile(r"[?&;](?:p|pid|post_id|comment)=(\d{1,15})"),
    re.compile(r"/(?:posts?|comment)/(\d{1,15})/?$"),
    re.compile(r"\.msg(\d{1,15})"),
)
_POST_ONLY: Final = re.compile(
    r"viewtopic\.php\?p=\d+$|/posts?/\d+/?$|[?&]goto=findpost|showthread\.php\?p=\d+$"
)
"""Addresses that name a post and not its thread."""
_THREAD: Final = re.compile(r"[?&;](?:t|tid|topic)=\d|/(?:t|topic|threads?|discussion|d)/")

_GUID_OF_THREAD: Final = ("nodebb", "xenforo", "invision")
"""Engines whose entries are threads under the thread's own guid, which is no post's."""

_TAILS = re.compile(
    r"(?:\n|^)(?:Statistics: Posted by|Statistiques: Posté|Thống kê: (?:Đã gửi|Gửi) bởi"
    r"|统计[:：] ?(?:发表|由)|統計[:：])[^\n]*(?:\n[-_]{3,})?\s*$"
)
_SIGNED = re.compile(r"(?:\n|^)Posted by (.{1,80}?) - [^\n]{4,60}$")  # machina
_ANSWER = re.compile(r"^(?:re|回复|回覆|答复|trả lời)\s*[:：]\s*", re.IGNORECASE)
_REPLY_ON = re.compile(r"^Reply to (.+) on \w{3}, \d{1,2} \w{3} \d{4} [\d:]+ GMT$")  # NodeBB
_BY_NAME = re.compile(r"^\s*[^\s()]+@[^\s()]+\s*\((.{1,120})\)\s*$")


class Feed(Adapter):
    """Any feed, named in the market file as a source of its own."""

    engine = "feed"
    marker = "rss > channel, feed > entry"

    post = "item, entry"
    author = "author name | author"
    date = "pubdate | updated"
    body = "description | content"


@lru_cache(maxsize=1)  # engines ask for it one after another
def parsed_feed(document: Document) -> Any:
    """The feed as feedparser reads it; an empty one where the body is too large or a trap.

    Entities a document declares itself are left out, so that none of them can unfold into more than
    was sent. Broken XML is read as far as it goes.
    """
    import feedparser  # costs a start, and few pages are feeds

    body = _bounded(document.body[:_LARGEST])
    if _ENTITY.search(body[:200_000]):
        body = _without_doctype(body)
        if _ENTITY.search(body[:200_000]):
            return feedparser.FeedParserDict(feed=feedparser.FeedParserDict(), entries=[])
    declared = document.headers.get("content-type", "")
    headers = {"content-type": declared if "charset" in declared else "application/xml"}
    try:
        return feedparser.parse(
            BytesIO(body),
            sanitize_html=False,
            resolve_relative_uris=False,
            response_headers=headers,
        )
    except (
        ValueError, LookupError, AttributeError, RecursionError, TypeError, AssertionError,
        OverflowError,
    ):  # fmt: skip
        return feedparser.FeedParserDict(feed=feedparser.FeedParserDict(), entries=[])


def _bounded(body: bytes) -> bytes:
    """The body as far as it is read, with no values of attributes that no address has, and no long
    runs of spaces before its first element: feedparser looks there for declarations in a time that
    grows with the square of their length.
    """
    before, *parts = body.split(b"<![CDATA[") if body.count(b"<") > _MOST_TAGS else (b"",)
    tags = before.count(b"<") + sum(part.partition(b"]]>")[2].count(b"<") for part in parts)
    if tags > _MOST_TAGS:
        body = b"<".join(body.split(b"<", _MOST_TAGS)[:_MOST_TAGS])
    # feedparser gives each element its base address anew.
    body = _LONG_VALUE.sub(lambda found: found[found.lastindex or 0], body)
    first = _ELEMENT.search(body)
    head = body[: first.start()] if first else body
    return _GAP.sub(b"\n", head) + body[len(head) :]


def _without_doctype(body: bytes) -> bytes:
    start = body[:200_000].upper().find(b"<!DOCTYPE")
    found = _DOCTYPE.match(body, start) if start >= 0 else None
    return body[:start] + body[found.end() :] if found else body


def entry_link(entry: Any, document: Document) -> str | None:
    """The address of an entry's page: its link, else its guid where that is an address."""
    for given in (entry.get("link"), entry.get("id")):
        url = document.join(str(given), base=document.url) if given else None
        if url and (given != entry.get("id") or str(given).startswith("http")):
            return url
    return None


def entry_markup(entry: Any) -> str:
    """The fullest text of an entry: its whole content before a summary."""
    parts = [part.get("value") for part in entry.get("content") or [] if isinstance(part, dict)]
    texts = [text for text in (*parts, entry.get("summary")) if isinstance(text, str) and text]
    return max(texts, key=len) if texts else ""


def read_feed(document: Document, reading: Reading, *, engine: str = "feed") -> ForumPage | None:
    """The entries of a feed as posts, each in the thread its link leads to.

    A feed of threads (one entry a thread, its first post) and a feed of posts look alike: an entry
    is a post, and its thread is told by its address without page and post.

    :param engine: the name to give it; ``feed``: the one the feed's generator or addresses tell.
    """
    feed = parsed_feed(document)
    if not feed.entries and not feed.feed:
        return None
    entries = feed.entries[:_MOST]
    name = _engine(feed, entries, document) if engine == "feed" else engine
    found: dict[str, Post] = {}
    for place, entry in enumerate(entries):
        post = _post(entry, feed, document, reading, name)
        found.setdefault(post.id or f"#{place}", post)
    posts = tuple(found.values())
    if posts and not any(post.text for post in posts):
        return _list(posts, name, _next(feed, document))
    return ForumPage(
        engine=name,
        kind="topic",
        posts=posts,
        thread_title=_plain(feed.feed.get("title")) or None,
        next=_next(feed, document),
    )


def _list(posts: tuple[Post, ...], engine: str, following: str | None) -> ForumPage:
    """A feed without a word of any post is a list of threads."""
    threads = {
        post.thread_url: ThreadRef(
            url=post.thread_url,
            title=post.thread_title,
            id=id_in_address(post.thread_url),
            stamp=post.posted_at.isoformat() if post.posted_at else None,
            last_posted_at=post.posted_at,
        )
        for post in posts
        if post.thread_url and post.thread_title
    }
    return ForumPage(engine=engine, kind="board", threads=tuple(threads.values()), next=following)


def _post(entry: Any, feed: Any, document: Document, reading: Reading, engine: str) -> Post:
    words = own_words(_once_more(entry_markup(entry)))
    text = _TAILS.sub("", words.text).strip()
    signed = _SIGNED.search(text) if engine == "machina" else None
    if signed:
        text = text[: signed.start()].removesuffix("None").strip()
    written, date = _time(entry, reading)
    url = entry_link(entry, document) or document.url
    guid = str(entry.get("id") or "")
    title = _title(entry, engine)
    return Post(
        id=_number(url, guid, engine) or (guid if engine not in _GUID_OF_THREAD else None) or None,
        url=url,
        author=_author(entry) or (signed[1] if signed else None),
        text=text,
        posted_at=date.posted_at,
        posted_text=written or None,
        posted_precision=date.precision,
        timezone=date.timezone,
        quoted=words.quoted,
        in_reply_to=words.reply_to,
        thread_url=_thread(url, title, feed, document),
        thread_title=title or None,
    )


def _thread(url: str, title: str, feed: Any, document: Document) -> str:
    """The thread's address: the entry's without post and page.

    Where an entry's address names its post alone, the thread is the one the feed is of, else all
    entries of this feed under one title: then its address is the feed's with the title behind.
    """
    bare = urlsplit(url)._replace(fragment="").geturl()
    if not _POST_ONLY.search(bare):
        return thread_url(bare)
    own = document.join(str(feed.feed.get("link") or ""), base=document.url)
    if own and _THREAD.search(own):
        return thread_url(own)
    return f"{document.url.partition('#')[0]}#{quote(title)}"


def _time(entry: Any, reading: Reading) -> tuple[str, DateRead]:
    """When it was written: ``published`` before ``updated``, which an edit or an answer moves."""
    for name in ("published", "created", "updated"):
        written = str(entry.get(name) or "").strip() if name in entry else ""
        date = mail_date(written, reading)
        if date.posted_at is not None:
            return written, date
    return "", UNREAD


def _author(entry: Any) -> str | None:
    """The name alone: no markup (MyBB puts a link), no address (``x@y.example (Lan)``)."""
    for given in (entry.get("author"), entry.get("dc_creator")):
        if not isinstance(given, str) or not given.strip():
            continue
        name = plain_text(_once_more(given))[:_LONGEST_NAME]
        if found := _BY_NAME.match(name):
            name = found[1]
        if name := person(name) or "":
            return name
    return None


def _title(entry: Any, engine: str) -> str:
    """The thread's title: without "Re:" and the board that phpBB and machina put before it."""
    title = _plain(entry.get("title"))
    if engine in ("phpbb", "machina") and " • " in title:
        title = title.partition(" • ")[2]
    if found := _REPLY_ON.match(title):
        title = found[1]
    return _ANSWER.sub("", title).strip()


def _plain(given: Any) -> str:
    return plain_text(_once_more(given)) if isinstance(given, str) else ""


def _once_more(markup: str) -> str:
    """Markup that was escaped twice (``&amp;lt;p&amp;gt;``) with one layer taken off."""
    if "<" in markup or "&lt;" not in markup:
        return markup.replace("&amp;amp;", "&amp;").replace("&amp;#", "&#")
    if not re.search(r"&lt;/?(?:p|br|div|span|a|b|i|em|strong|blockquote|ul|li|img)\b", markup):
        return markup
    return (
        markup.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"')
        .replace("&amp;", "&")
    )  # fmt: skip


def _number(url: str, guid: str, engine: str) -> str | None:
    """The post's number as the engine's pages give it, told by link or guid."""
    if engine in ("feed", "public_inbox"):
        return None
    for address in (guid, url):
        for rule in _POST_NUMBERS:
            if found := rule.search(address):
                if rule is _POST_NUMBERS[1] and engine == "vbulletin" and "#post" not in address:
                    continue
                return found[1]
    if engine == "discourse" and (found := re.search(r"-post-(\d{1,12})-(\d{1,7})$", guid)):
        return f"{found[1]}/{found[2]}"
    if engine == "discourse" and (found := re.search(r"/t/[^/]+/(\d{1,12})/(\d{1,7})$", url)):
        return f"{found[1]}/{found[2]}"
    return None


def _engine(feed: Any, entries: list[Any], document: Document) -> str:
    told = str(feed.feed.get("generator") or "")
    for name, rule in _GENERATORS:
        if rule.search(told):
            return name
    links = [link for entry in entries[:20] if (link := entry_link(entry, document))]
    for name, rule in _FORMS:
        if links and all(rule.search(link) for link in links):
            return name
    return "feed"


def _next(feed: Any, document: Document) -> str | None:
    """The feed's following page (RFC 5005), of the same host."""
    for link in feed.feed.get("links") or []:
        if isinstance(link, dict) and link.get("rel") == "next" and link.get("href"):
            url = document.join(str(link["href"]), base=document.url)
            same = url and urlsplit(url).netloc == urlsplit(document.url).netloc
            return url if same and url != document.url else None
    return None
