"""Items as bytes and back: JSON by the items' own types, compressed. No pickle: whoever can write
to Redis must not be able to run code in the writer.
"""

import zlib
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError

from crawlers.items import (
    DoneItem,
    FailureItem,
    ForumItem,
    ListingItem,
    PageItem,
    SitemapItem,
    UnchangedItem,
)
from pipelines.normalise import clean

KINDS: dict[str, type[Any]] = {
    kind.__name__: kind
    for kind in (
        PageItem, ForumItem, ListingItem, SitemapItem, UnchangedItem, DoneItem, FailureItem,
    )
}  # fmt: skip
LARGEST = 64 * 1024 * 1024
"""Bytes of an item's JSON that are read. The largest page (8 MB) gives less."""
_adapters: dict[str, TypeAdapter[Any]] = {}


class WireError(Exception):
    """Bytes that are no item."""


def _adapter(kind: str) -> TypeAdapter[Any]:
    if kind not in _adapters:
        _adapters[kind] = TypeAdapter(KINDS[kind])
    return _adapters[kind]


def encode(item: Any) -> bytes:
    """An item as bytes."""
    kind = type(item).__name__
    try:
        body = _adapter(kind).dump_json(item)
    except PydanticSerializationError:  # a lone surrogate; the pipelines clean pages, not targets
        body = _adapter(kind).dump_json(clean(item))
    return kind.encode() + b" " + zlib.compress(body, 1)


def decode(data: bytes) -> Any:
    """The item of bytes.

    :raises WireError: where they hold none.
    """
    kind, _, body = data.partition(b" ")
    try:
        unpacked = zlib.decompressobj()
        text = unpacked.decompress(body, LARGEST)
        if not unpacked.eof:
            raise WireError("the item is cut off or larger than any page makes")
        return _adapter(kind.decode("ascii")).validate_json(text)
    except (KeyError, UnicodeDecodeError, zlib.error, ValidationError) as error:
        raise WireError(f"{type(error).__name__}: {str(error)[:500]}") from error
