"""The channels of a market: its webhook, and each address of apprise."""

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from analysis.alerting import notify, webhook
from analysis.alerting.message import Message
from crawlers.market import Market
from crawlers.urls import host_of
from pipelines.redact import SALT_NAME


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """Somewhere alerts go.

    ``id`` is a salted digest, since addresses hold passwords; ``name`` may be shown; ``send``
    raises :class:`~analysis.alerting.message.NotSentError`.
    """

    id: str
    name: str
    send: Callable[[Message], None]


def channels_of(market: Market, folder: Path) -> list[Channel]:
    """Every channel that is configured, the webhook first.

    :param folder: the market's data folder.
    """
    found = []
    if market.alerts.webhook:
        url = market.alerts.webhook
        post = partial(webhook.post, url, allow_private=market.crawl.allow_private)
        found.append(Channel(id=_id(folder, url), name=f"webhook {host_of(url)}", send=post))
    for address in notify.addresses(folder):
        scheme = address.partition("://")[0].lower()
        shown = scheme if scheme.isalnum() and len(scheme) <= 20 else "unknown"
        key = _id(folder, address)
        send = partial(notify.send, address)
        found.append(Channel(id=key, name=f"{shown} ({key[:4]})", send=send))
    return found


def _id(folder: Path, address: str) -> str:
    # Not read_salt: whoever only looks must not make a salt in place of one that was lost.
    path = folder / SALT_NAME
    salt = path.read_bytes() if path.exists() else b""
    return hmac.new(salt, address.encode(), hashlib.sha256).hexdigest()[:16]
