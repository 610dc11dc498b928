"""Forum pages -> boards, threads, posts. Pure: no network, no database.

:func:`read_forum` reads any page; an engine is one file of declarations (see
:class:`~crawlers.forums.base.Adapter` and docs/adding-a-forum-engine.md).
"""

from crawlers.forums.dates import DateRead, read_date
from crawlers.forums.links import is_utility_link, thread_url
from crawlers.forums.reading import api_urls, entry_urls, fetch_address, read_forum
from crawlers.forums.registry import recognise

__all__ = [
    "DateRead",
    "api_urls",
    "entry_urls",
    "fetch_address",
    "is_utility_link",
    "read_date",
    "read_forum",
    "recognise",
    "thread_url",
]
