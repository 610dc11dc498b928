"""Which adapters there are. A new engine is one module and one line here. Pure."""

from functools import lru_cache
from importlib import import_module
from typing import Final

from crawlers.document import Document
from crawlers.forums.base import Adapter
from crawlers.urls import host_of

MODULES: Final[tuple[str, ...]] = (
    "phpbb", "xenforo", "discourse", "spirit", "mybb", "discuz", "nodebb", "flaskbb", "machina",
    "vbulletin", "invision", "smf", "bbpress", "stackexchange", "flarum", "vanilla",
    "ptt", "public_inbox", "mailman", "feed",
    "hackernews", "v2ex", "lemmy", "mastodon", "youtube", "app_store", "telegram", "reddit",
    "tieba",
)  # fmt: skip
"""In the order they are asked: surer marks first."""


@lru_cache(maxsize=1)
def adapters() -> tuple[Adapter, ...]:
    """One of each adapter, loaded at the first use."""
    return tuple(
        made()
        for name in MODULES
        for made in vars(import_module(f"crawlers.forums.{name}")).values()
        if isinstance(made, type)
        and issubclass(made, Adapter)
        and made is not Adapter
        and made.__module__.endswith(f".{name}")
    )


def recognise(document: Document) -> str | None:
    """The engine's name (docs/contract.md) where the page carries its marks, else ``None``."""
    found = adapter_for(document)
    return found.engine if found else None


def adapter_for(document: Document, engine: str | None = None) -> Adapter | None:
    """The adapter that fits the page: of the engine named, else of the one recognised.

    An engine with templates of several versions has several adapters; the one whose marks the page
    carries is taken, the first where it carries none.
    """
    named = [adapter for adapter in adapters() if engine is None or adapter.engine == engine]
    if document.is_html:
        for adapter in named:
            if adapter.recognises(document):
                return adapter
    return named[0] if named and engine is not None else None


def adapter_named(engine: str) -> Adapter | None:
    """The first adapter of that engine; ``None`` for a name nobody knows."""
    return next((adapter for adapter in adapters() if adapter.engine == engine), None)


def engine_of_address(url: str) -> str | None:
    """The engine of a service that has hosts of its own (Hacker News, V2EX), told by the address.

    The longest host wins: ``old.reddit.com`` before ``reddit.com``.
    """
    host = host_of(url)
    fits = [
        (len(name), adapter.engine)
        for adapter in adapters()
        for name in adapter.hosts
        if host == name or host.endswith(f".{name}")
    ]
    return max(fits)[1] if fits else None
