"""How a forum is asked: which engine answers there, whether it may be read, with which key."""

import os
from dataclasses import dataclass

from crawlers.forums import adapter_named, engine_of_address
from crawlers.market import ForumEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """What is known of a forum before its first page.

    ``engine``: named by the market file or told by the address of a service; ``off``: why it is
    not read, in words, ``""`` where it is; ``headers``: what every request carries (the reader's
    own key: it travels in a header, since addresses are stored).
    """

    engine: str | None
    off: str
    headers: dict[str, str]


def access_of(entry: ForumEntry) -> Access:
    """How the forum of a market file's entry may be read."""
    engine = entry.engine or engine_of_address(entry.url)
    adapter = adapter_named(engine) if engine else None
    if adapter is None:
        return Access(engine=engine, off="", headers={})
    if adapter.off and not entry.permitted:
        return Access(
            engine=engine,
            off=f"{adapter.off.rstrip('.')}. If you hold that permission, write permitted = true "
            "under its [[forum]]",
            headers={},
        )
    key = os.environ.get(adapter.key_variable, "").strip() if adapter.key_variable else ""
    if adapter.key_required and not key:
        return Access(
            engine=engine,
            off=f"{adapter.engine} answers only to a key of your own: set the environment "
            f"variable {adapter.key_variable}",
            headers={},
        )
    return Access(engine=engine, off="", headers={adapter.key_header: key} if key else {})
