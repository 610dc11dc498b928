"""Second: one spelling for everything, and each post's language."""

import dataclasses
import re
import unicodedata
from typing import Any

from crawlers.items import ForumItem, ListingItem, PageItem, Post
from crawlers.language import language_of, script_of

# Marks that reorder or hide text (bidi overrides, zero width, soft hyphen): no author's words.
_UNWANTED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\xad\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
)
"""Control characters, and those marks."""


def clean_text(text: str) -> str:
    """NFC, no control or invisible marks, no blanks at line ends; lone surrogates replaced."""
    text = _UNWANTED.sub("", text)
    text = text.encode("utf-8", "replace").decode("utf-8")
    text = unicodedata.normalize("NFC", text)
    return "\n".join(line.rstrip() for line in text.splitlines()).strip()


def clean(value: Any) -> Any:
    """A value with every text in it cleaned; items, tuples and mappings are walked."""
    if isinstance(value, str):
        return value if value.isascii() and value.isprintable() else clean_text(value)
    if not value:
        return value
    if isinstance(value, tuple):
        return tuple([clean(part) for part in value])
    if isinstance(value, dict):
        return {key: clean(part) for key, part in value.items()}
    changed = {}
    for name in _fields(type(value)):
        before = getattr(value, name)
        if not before or (type(before) is str and before.isascii() and before.isprintable()):
            continue  # most of a page: its links and marks
        after = clean(before)
        if after is not before and after != before:
            changed[name] = after
    return dataclasses.replace(value, **changed) if changed else value


_FIELDS: dict[type, tuple[str, ...]] = {}
"""Of each type met so far."""


def _fields(kind: type) -> tuple[str, ...]:
    """The fields of a dataclass; nothing of another type."""
    names = _FIELDS.get(kind)
    if names is None:
        known = dataclasses.fields(kind) if dataclasses.is_dataclass(kind) else ()
        names = _FIELDS[kind] = tuple(field.name for field in known)
    return names


class Normalise:
    """Cleans every text of pages and posts; tells each post's language and script."""

    def process_item(self, item: Any) -> Any:
        """The item, cleaned."""
        if isinstance(item, ListingItem):
            return dataclasses.replace(item, listing=clean(item.listing))
        page = getattr(item, "page", None)
        if page is None:
            return item
        page = clean(page)
        if isinstance(item, ForumItem):
            page = dataclasses.replace(page, posts=tuple(self._post(post) for post in page.posts))
        elif isinstance(item, PageItem) and page.reviews:
            page = dataclasses.replace(
                page, reviews=tuple(self._post(post) for post in page.reviews)
            )
        return dataclasses.replace(item, page=page)

    @staticmethod
    def _post(post: Post) -> Post:
        lang = language_of(post.text)
        script = script_of(post.text) if lang == "zh" else None
        return dataclasses.replace(post, lang=lang, script=script)
