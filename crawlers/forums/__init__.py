"""Forum pages -> boards, threads, posts. Pure: no network, no database.

:func:`read_forum` reads any page; an engine is one file of declarations (see
:class:`~crawlers.forums.base.Adapter` and docs/adding-a-forum-engine.md).
"""

from crawlers.forums.dates.reading import DateRead, read_date
from crawlers.forums.dates.zone_learning import learn_zone, pairs_of, shows_local_times
from crawlers.forums.links import is_utility_link, thread_url
from crawlers.forums.reading import (
    board_list,
    entry_urls,
    feed_address,
    fetch_address,
    learn_shape,
    read_forum,
    read_with_feed,
)
from crawlers.forums.registry import adapter_named, engine_of_address, recognise
from crawlers.forums.shapes.shape import Shape, agrees

__all__ = [
    "DateRead",
    "Shape",
    "adapter_named",
    "agrees",
    "board_list",
    "engine_of_address",
    "entry_urls",
    "feed_address",
    "fetch_address",
    "is_utility_link",
    "learn_shape",
    "learn_zone",
    "pairs_of",
    "read_date",
    "read_forum",
    "read_with_feed",
    "recognise",
    "shows_local_times",
    "thread_url",
]
