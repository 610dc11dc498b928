"""Third: people out. Authors become salted pseudonyms, private contacts leave the posts."""

import base64
import dataclasses
import hashlib
import hmac
import re
import secrets
from pathlib import Path
from typing import Any, Self

from scrapy.crawler import Crawler

from crawlers.items import ForumItem, ForumPage, PageItem, Post, Quoted, Target
from pipelines.storage.database import DatabaseError
from pipelines.storage.write_posts import post_key

SALT_NAME = "salt"
_SALT_SIZE = 32

_EMAIL = re.compile(r"[\w.+-]{1,64}\s?(?:@|\[at\]|\(at\))\s?[\w-]{1,63}(?:\.[\w-]{2,63}){1,4}")
# A phone number: 9 to 13 digits with the usual parting marks, not part of a longer number, and
# begun as numbers are: +, 0, 1[3-9] (Chinese mobiles), (84). Prices and model numbers are not.
_PHONE = re.compile(
    r"(?<![A-Za-z0-9_/.,#=&?-])(?:\+|00)?(?:\(?\d{1,4}\)?[\s.-]?){2,5}\d{2,4}"
    r"(?![A-Za-z0-9_/%đ₫]|[.,]\d)"
)
_PHONE_START = re.compile(r"^(?:\+|00|\(?0|1[3-9]\d|\(?84)")
_HANDLE = re.compile(
    r"(?P<kind>(?:zalo|whatsapp|wechat|weixin|telegram|vx|qq|line id|sđt|sdt|微信|加微|扣扣)"
    r"\s?(?:id|号|號)?\s?[:：]\s?)(?P<id>[\w.+-]{4,40})",
    re.IGNORECASE,
)
# Without a colon only what looks like an id and no word: with a digit or an underscore in it.
_BARE_HANDLE = re.compile(
    r"(?P<kind>(?:\b(?:zalo|whatsapp|wechat|weixin|vx|qq)|微信|加微|扣扣)\s?(?:id|号|號)?\s?)"
    r"(?P<id>(?=[a-zA-Z0-9_-]*[\d_])[a-zA-Z0-9_-]{5,30})(?![a-zA-Z0-9_])",
    re.IGNORECASE,
)
_CONTACT_LINK = re.compile(
    r"(?:https?://)?(?:www\.)?(?:zalo\.me|wa\.me|api\.whatsapp\.com/send\?phone=)/?\+?\d{8,15}",
    re.IGNORECASE,
)
_SPELT_EMAIL = re.compile(
    r"\b[\w-]{1,40}(?: (?:dot|chấm) [\w-]{1,40}){0,3} (?:at|a còng) "
    r"[\w-]{1,40}(?: (?:dot|chấm) [a-z]{2,10}){1,3}\b",
    re.IGNORECASE,
)
_WIDE = str.maketrans("＠．０１２３４５６７８９", "@.0123456789")


# What must stand in a text for a pattern to be looked for: most posts hold none of it.
_HANDLE_NAMES = (
    "zalo", "whatsapp", "wechat", "weixin", "telegram", "vx", "qq", "line id", "sđt", "sdt",
    "微信", "加微", "扣扣",
)  # fmt: skip
_LINK_NAMES = ("zalo.me", "wa.me", "whatsapp.com")
_SPELT = (" at ", " a còng ")
# Letters that a pattern without regard to case takes for i, s and k, and `lower` does not.
_ODD_CASE = re.compile("[\u0130\u0131\u017f\u212a]")


def redact(text: str) -> str:
    """A text without e-mail addresses, phone numbers and messenger handles."""
    if not text.isascii():
        text = text.translate(_WIDE)
    low = text.lower()
    odd = not text.isascii() and _ODD_CASE.search(text) is not None
    if "@" in text or "[at]" in text or "(at)" in text:
        text = _EMAIL.sub("[email]", text)
    if odd or _holds(low, _SPELT):
        text = _SPELT_EMAIL.sub("[email]", text)
    if odd or _holds(low, _LINK_NAMES):
        text = _CONTACT_LINK.sub("[contact]", text)
    if odd or _holds(low, _HANDLE_NAMES):
        for handle in (_HANDLE, _BARE_HANDLE):
            text = handle.sub(lambda found: found["kind"] + "[contact]", text)
    return _PHONE.sub(_phone, text)


def _holds(text: str, names: tuple[str, ...]) -> bool:
    return any(name in text for name in names)


def _phone(found: "re.Match[str]") -> str:
    number = found.group().strip()
    digits = sum(c.isdigit() for c in number)
    if not 9 <= digits <= 15 or not _PHONE_START.match(number):
        return found.group()
    return found.group().replace(number, "[phone]")


def read_salt(folder: Path) -> bytes:
    """The market's salt, made at first use; it stays outside the database, readable by its owner.

    Whoever has the database alone cannot test a name against the pseudonyms.
    """
    path = folder / SALT_NAME
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        fresh = folder / f"{SALT_NAME}.new"
        fresh.touch(mode=0o600)
        fresh.write_bytes(secrets.token_bytes(_SALT_SIZE))
        fresh.replace(path)  # whole or not at all: a kill must not leave an empty salt
    salt = path.read_bytes()
    if len(salt) != _SALT_SIZE:
        raise DatabaseError(
            f"{path} is damaged: it must hold {_SALT_SIZE} bytes. Restore it from a backup; with "
            "another salt the same author would count twice"
        )
    return salt


def require_salt(folder: Path, *, has_posts: bool) -> None:
    """Refuse to go on where posts are stored and their salt is gone.

    :raises DatabaseError: then; a new salt would make every author a stranger to himself.
    """
    if has_posts and not (folder / SALT_NAME).exists():
        raise DatabaseError(
            f"{folder / SALT_NAME} is missing, and posts are stored under pseudonyms made with it. "
            "Restore it from a backup, or move the database away and begin anew"
        )
    read_salt(folder)


def pseudonym(author: str, salt: bytes) -> str:
    """A stable name for an author that does not tell who it is: ``p-`` and 80 bits."""
    digest = hmac.new(salt, author.strip().casefold().encode(), hashlib.sha256).digest()
    return "p-" + base64.b32encode(digest[:10]).decode().lower()


def _redacted_titles(page: ForumPage) -> ForumPage:
    """Titles are posts' words too: "for sale, call 09..."."""
    return dataclasses.replace(
        page,
        thread_title=redact(page.thread_title) if page.thread_title else page.thread_title,
        threads=tuple(
            dataclasses.replace(thread, title=redact(thread.title)) for thread in page.threads
        ),
    )


def _redacted_title(target: Target) -> Target:
    title = target.meta.get("title")
    if not title:
        return target
    return dataclasses.replace(target, meta={**target.meta, "title": redact(title)})


class Redact:
    """Takes people out of posts; gives each its key first, which rests on the author's name."""

    def __init__(self, salt: bytes) -> None:
        self._salt = salt

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Read the salt of the crawl's market."""
        return cls(read_salt(Path(crawler.settings["RIVALMAP_DATA_DIR"])))

    def process_item(self, item: Any) -> Any:
        """The item, its posts redacted."""
        if isinstance(item, PageItem):
            return self._with_reviews(item)
        if not isinstance(item, ForumItem):
            return item
        thread = item.target.meta.get("thread") or item.target.url
        posts = tuple(
            self._post(post, post_key(item.target.source, thread, post)) for post in item.page.posts
        )
        return dataclasses.replace(
            item,
            target=_redacted_title(item.target),
            page=dataclasses.replace(_redacted_titles(item.page), posts=posts),
            outlinks=tuple(_redacted_title(outlink) for outlink in item.outlinks),
        )

    def _with_reviews(self, item: PageItem) -> PageItem:
        """A page's reviews: the posts of a forum of the competitor's own, a thread a product."""
        if not item.page.reviews:
            return item
        forum = f"reviews:{item.target.source}"
        reviews = tuple(
            self._post(post, post_key(forum, post.thread_url or item.page.url, post))
            for post in item.page.reviews
        )
        return dataclasses.replace(item, page=dataclasses.replace(item.page, reviews=reviews))

    def _post(self, post: Post, key: str) -> Post:
        return dataclasses.replace(
            post,
            key=key,
            author=pseudonym(post.author, self._salt) if post.author else None,
            text=redact(post.text),
            quoted=tuple(
                Quoted(
                    author=pseudonym(q.author, self._salt) if q.author else None,
                    text=redact(q.text),
                )
                for q in post.quoted
            ),
        )
