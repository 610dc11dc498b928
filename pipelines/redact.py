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

from crawlers.items import ForumItem, Post, Quoted
from pipelines.storage.write_posts import post_key

SALT_NAME = "salt"

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


def redact(text: str) -> str:
    """A text without e-mail addresses, phone numbers and messenger handles."""
    text = _EMAIL.sub("[email]", text)
    text = _HANDLE.sub(lambda found: found["kind"] + "[contact]", text)
    return _PHONE.sub(_phone, text)


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
    try:
        return path.read_bytes()
    except FileNotFoundError:
        folder.mkdir(parents=True, exist_ok=True)
        salt = secrets.token_bytes(32)
        path.touch(mode=0o600)
        path.write_bytes(salt)
        return salt


def pseudonym(author: str, salt: bytes) -> str:
    """A stable name for an author that does not tell who it is: ``p-`` and 80 bits."""
    digest = hmac.new(salt, author.strip().casefold().encode(), hashlib.sha256).digest()
    return "p-" + base64.b32encode(digest[:10]).decode().lower()


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
        if not isinstance(item, ForumItem):
            return item
        thread = item.target.meta.get("thread") or item.target.url
        posts = tuple(
            self._post(post, post_key(item.target.source, thread, post)) for post in item.page.posts
        )
        return dataclasses.replace(item, page=dataclasses.replace(item.page, posts=posts))

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
