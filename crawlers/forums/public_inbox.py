"""public-inbox: archives of mailing lists, as threads (``/MSGID/T/``), mails and Atom feeds."""

import re
from typing import Any
from urllib.parse import unquote, urlsplit

from bs4 import BeautifulSoup
from selectolax.lexbor import LexborNode

from crawlers.document import Document
from crawlers.forums.base import Adapter, Reading, stamp_of
from crawlers.forums.dates.reading import read_date
from crawlers.forums.feed import entry_link, entry_markup, parsed_feed
from crawlers.forums.fields import attribute_of, first, select, text_of
from crawlers.forums.texts.mail_text import mail_date, mail_words, person
from crawlers.items import ForumPage, Post, ThreadRef

_MAIL = re.compile(r"^(.*/)([^/]*@[^/]*)/(?:[Tt]/?|t\.atom|t\.mbox\.gz|raw)?$")
_FROM = re.compile(r"\nFrom: (?P<who>[^\n]*) @ (?P<when>\d{4}-\d{2}-\d{2} +\d{1,2}:\d{2}) UTC \($")
_ROW = re.compile(r"^\s*(\d{4}-\d{2}-\d{2} +\d{1,2}:\d{2}) UTC\b")
_HEADER = re.compile(r"^(From|Date|Subject|Message-ID|In-Reply-To): ?(.*)$", re.MULTILINE)
_MOST = 2_000


class PublicInbox(Adapter):
    """Pages of preformatted text; times are UTC, ids are the mails' Message-IDs.

    A list names a thread by one of its mails, another one as soon as mails arrive: so each post
    carries its thread's address, that of the mail the thread begins with. The Atom feed of a thread
    (``t.atom``) has every mail in full and to the second, and is read where it can be.
    """

    engine = "public_inbox"
    marker = (
        "a[href$='_/text/mirror/'], link[rel=alternate][href$='new.atom'] + style,"
        " pre > a[href$='/T/#u']"
    )

    thread = "pre > a[href*='/T/#']"
    title = "#u b | pre#b #t | title"
    post = "pre:has(> a[id^=e])"
    post_id = "a[href$='/raw']@href"
    author = "b"
    date = "b"
    body = "a[id^=e]"
    next = "pre > a[rel=next][href*='?t=']"

    def fetch_address(self, url: str) -> str:
        """The Atom feed of a mail's thread; an inbox's own address as it is."""
        parts = urlsplit(url)
        found = _MAIL.match(parts.path)
        if not found:
            return url
        return parts._replace(path=f"{found[1]}{found[2]}/t.atom", query="", fragment="").geturl()

    # --- HTML ------------------------------------------------------------------------------

    def read_threads(self, document: Document, reading: Reading) -> tuple[ThreadRef, ...]:
        """Rows "subject, newline, date UTC (n messages)".

        Only the time is a stamp: the count is of the mails on this page of the list.
        """
        found: dict[str, ThreadRef] = {}
        for link in select(document.tree, self.thread)[:_MOST]:
            told = _ROW.match(_text_beside(link, after=True))
            url = document.join(attribute_of(link, "href"))
            if not told or not url or not text_of(link):
                continue
            url = self.thread_address(url)
            date = read_date(f"{told[1]} UTC", fetched_at=reading.fetched_at)
            found.setdefault(
                url,
                ThreadRef(
                    url=url,
                    title=text_of(link),
                    stamp=stamp_of(told[1], None),
                    last_posted_at=date.posted_at,
                    post=_message_id(url),
                ),
            )
        return tuple(found.values())

    def read_posts(self, document: Document, reading: Reading) -> tuple[Post, ...]:
        """The mails of a thread's page, or the one of a mail's own page."""
        if header := first(document.tree, "pre#b"):
            return self._mail(header, document, reading)
        answered = _parents(document)
        ids: dict[str, str] = {}
        drafts: list[tuple[str, str, str, str, str]] = []
        for pre in select(document.tree, self.post)[:_MOST]:
            draft = _draft(pre)
            url = document.join(draft[1]) if draft else None
            identifier = _message_id(url) if url else None
            if draft and url and identifier and identifier not in ids.values():
                ids[draft[0]] = identifier
                drafts.append((draft[0], url, *draft[2:]))
        thread = _thread_of(drafts[0][1]) if drafts else None
        return tuple(
            self._post(
                ids[mark], url, who, f"{when} UTC", text, reading,
                thread=thread, answered=ids.get(answered.get(mark, "")), titled=None,
            )
            for mark, url, who, when, text in drafts
        )  # fmt: skip

    def _mail(self, header: LexborNode, document: Document, reading: Reading) -> tuple[Post, ...]:
        head, _, body = (header.text(deep=True) or "").partition("\n\n")
        told = {name.lower(): given.strip() for name, given in _HEADER.findall(head)}
        identifier = told.get("message-id", "").partition(">")[0].lstrip("<").strip()
        if not identifier:
            return ()
        overview = first(document.tree, "pre > b > a#r, pre a#r")
        root = _first_of_overview(overview, document) if overview else None
        answered = told.get("in-reply-to", "").partition(">")[0].lstrip("<").strip()
        when = told.get("date", "").partition("[")[0].strip()
        return (
            self._post(
                identifier, document.url.partition("#")[0], told.get("from", ""), when, body,
                reading, thread=_thread_of(root or document.url), answered=answered or None,
                titled=told.get("subject"),
            ),
        )  # fmt: skip

    # --- Atom ------------------------------------------------------------------------------

    def read_feed(self, document: Document, reading: Reading) -> ForumPage | None:
        """The mails of a thread's feed (``t.atom``) or of the inbox's newest (``new.atom``)."""
        path = urlsplit(document.url).path
        if (
            not path.endswith((".atom", "/"))
            or b"purl.org/syndication/thread" not in (document.body[:2_000])
        ):
            return None
        feed = parsed_feed(document)
        rows = [(entry, entry_link(entry, document)) for entry in feed.entries[:_MOST]]
        mails = [(entry, url) for entry, url in rows if url and _message_id(url)]
        if rows and not mails:
            return None  # another program's feed with threads in it
        parents = {url: _answered(entry, document) for entry, url in mails}
        whole = path.endswith("/t.atom")
        posts: dict[str, Post] = {}
        for entry, url in mails:
            parent = parents[url]
            identifier = _message_id(url) or ""
            when = str(entry["updated"]) if "updated" in entry else ""
            post = self._post(
                identifier, url, str(entry.get("author") or ""), when,
                _plain(entry_markup(entry)), reading,
                thread=_thread_of(mails[0][1] if whole else _root(url, parents)),
                answered=_message_id(parent) if parent else None,
                titled=str(entry.get("title") or ""),
            )  # fmt: skip
            posts.setdefault(identifier, post)
        return ForumPage(
            engine=self.engine,
            kind="topic",
            posts=tuple(posts.values()),
            thread_title=str(feed.feed.get("title") or "") or None,
        )

    def _post(
        self,
        identifier: str,
        url: str,
        who: str,
        when: str,
        text: str,
        reading: Reading,
        *,
        thread: str | None,
        answered: str | None,
        titled: str | None,
    ) -> Post:
        words = mail_words(text)
        date = mail_date(when, reading)
        return Post(
            id=identifier,
            url=url,
            author=person(who),
            text=words.text,
            posted_at=date.posted_at,
            posted_text=when or None,
            posted_precision=date.precision,
            quoted=words.quoted,
            in_reply_to=answered if answered != identifier else None,
            thread_url=thread,
            thread_title=re.sub(
                r"^(?:re|fwd?|回复|答复|回覆)[:：]\s*", "", titled, flags=re.IGNORECASE
            )
            if titled
            else None,
        )


def _message_id(url: str | None) -> str | None:
    found = _MAIL.match(urlsplit(url).path) if url else None
    return unquote(found[2]) if found else None


def _thread_of(url: str) -> str | None:
    """The thread's address, named by the mail it begins with."""
    parts = urlsplit(url)
    found = _MAIL.match(parts.path)
    if not found:
        return None
    return parts._replace(path=f"{found[1]}{found[2]}/T/", query="", fragment="").geturl()


def _draft(pre: LexborNode) -> tuple[str, str, str, str, str] | None:
    """A mail in a thread's page: mark, permalink, author, time, text."""
    mark, link, who, when = "", "", "", ""
    parts: list[str] = []
    for node in pre.iter(include_text=True):
        anchor = attribute_of(node, "id") if node.is_element_node else ""
        if anchor.startswith("m") and not mark:
            mark = anchor
        elif anchor.startswith("e") and link:
            break  # the links below a mail
        elif not who and not node.is_element_node:
            if found := _FROM.search(f"\n{node.text(deep=True) or ''}"):
                who, when = found["who"] or "?", found["when"]
        elif who and not link and node.tag == "a":
            link = attribute_of(node, "href")
        elif link:
            parts.append(node.text(deep=True) or "")
    if not link or not mark:
        return None
    _, _, text = "".join(parts).partition("\n\n")  # "raw)", To: and Cc: stand before
    return mark, link, "" if who == "?" else who, when, text


def _parents(document: Document) -> dict[str, str]:
    """Which mark answers which, read from the tree below a thread: depth is indentation."""
    found: dict[str, str] = {}
    above: list[tuple[int, str]] = []
    for link in select(document.tree, "pre > a[id^=r]")[:_MOST]:
        line = _text_beside(link, after=False).rpartition("\n")[2]
        depth = line.rfind("`")
        mark = attribute_of(link, "href").lstrip("#")
        while above and above[-1][0] >= depth:
            above.pop()
        if above and mark:
            found[mark] = above[-1][1]
        above.append((depth, mark))
    return found


def _text_beside(node: LexborNode, *, after: bool) -> str:
    beside = node.next if after else node.prev
    return (beside.text(deep=True) or "") if beside is not None and beside.is_text_node else ""


def _first_of_overview(mark: LexborNode, document: Document) -> str | None:
    """The address of the first mail in the overview below a mail: itself, or a link before it."""
    pre = mark.parent
    while pre is not None and pre.tag != "pre":
        pre = pre.parent
    for link in select(pre, "a") if pre is not None else ():
        if attribute_of(link, "id") == "r":
            return document.url
        url = document.join(attribute_of(link, "href"))
        if _message_id(url) and re.fullmatch(
            r"(?s).*\d{1,2}:\d{2}[ `]*", _text_beside(link, after=False)
        ):
            return url
    return None


def _answered(entry: Any, document: Document) -> str | None:
    told = entry.get("thr_in-reply-to")
    href = told.get("href") if isinstance(told, dict) else None
    return document.join(str(href)) if href else None


def _root(url: str, parents: dict[str, str | None]) -> str:
    """The earliest mail known of a thread, going up from answer to answered."""
    for _ in range(_MOST):
        parent = parents.get(url)
        if not parent:
            return url
        url = parent
    return url


def _plain(markup: str) -> str:
    return BeautifulSoup(markup, "lxml").get_text()
