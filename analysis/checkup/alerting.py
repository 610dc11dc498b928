"""Whether people are reached: channels that fail, addresses others can read."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from analysis.alerting import notify
from analysis.alerting.delivering import channel_states
from analysis.checkup.finding import Finding
from crawlers.market import Market


def channels(connection: sqlite3.Connection, market: Market, folder: Path) -> Iterator[Finding]:
    """Each channel alerts are sent by, and who can read its address.

    :param folder: the market's data folder.
    """
    for channel in channel_states(connection, market, folder):
        if channel.failed_at is None:
            yield Finding(state="good", what="alert channel", words=channel.name)
            continue
        yield Finding(
            state="bad", what="alert channel",
            words=f"{channel.name} fails since {channel.failed_at[:10]}, {channel.failures} times: "
            f"{channel.detail}",
            mend=f"mend its address; scrapy alerts {market.name} --test tries it",
        )  # fmt: skip
    if notify.is_readable_by_others(folder):
        yield Finding(
            state="note", what="alert channel",
            words=f"other users can read the passwords in {folder / notify.FILE_NAME}",
            mend=f"chmod 600 {folder / notify.FILE_NAME}",
        )  # fmt: skip
