"""Second: one spelling for everything, and each post's language."""

import dataclasses
import unicodedata
from typing import Any

from crawlers.items import ForumItem, ListingItem, PageItem, Post
from crawlers.language import language_of, script_of

# Marks that reorder or hide text (bidi overrides, zero width, soft hyphen): no author's words.
_INVISIBLE = dict.fromkeys(
    [*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200B, 0x200E, 0x200F, 0xFEFF, 0xAD]
)
_CONTROLS = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 127])


def clean_text(text: str) -> str:
    """NFC, no control or invisible marks, no blanks at line ends; lone surrogates replaced."""
    text = text.translate(_CONTROLS).translate(_INVISIBLE)
    text = text.encode("utf-8", "replace").decode("utf-8")
    text = unicodedata.normalize("NFC", text)
    return "\n".join(line.rstrip() for line in text.splitlines()).strip()


def clean(value: Any) -> Any:
    """A value with every text in it cleaned; items, tuples and mappings are walked."""
    if isinstance(value, str):
        return value if value.isascii() and value.isprintable() else clean_text(value)
    if isinstance(value, tuple):
        return tuple(clean(part) for part in value)
    if isinstance(value, dict):
        return {key: clean(part) for key, part in value.items()}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        changed = {}
        for field in dataclasses.fields(value):
            before = getattr(value, field.name)
            after = clean(before)
            if after is not before and after != before:
                changed[field.name] = after
        return dataclasses.replace(value, **changed) if changed else value
    return value


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
