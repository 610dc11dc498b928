"""Through which channels rivals promote. No pandas: pages import this."""

import sqlite3
from typing import Any

from analysis.questions.decided import CHANNEL_TAGS
from analysis.questions.standing import RIVALS


def promotes(conn: sqlite3.Connection) -> list[dict[str, Any]]:
    """Channels by how many rivals were seen promoting there, corrections counted.

    :returns: ``channel``, ``competitors``, ``strongest`` (1 to 3), ``strong`` (rivals of strength
        3), ``platforms`` in the order of their names.
    """
    return [
        {
            "channel": channel, "competitors": competitors, "strongest": strongest,
            "strong": strong, "platforms": sorted(platforms.split(",")) if platforms else [],
        }
        for channel, competitors, strongest, strong, platforms in conn.execute(
            "SELECT t.channel, count(DISTINCT t.subject) AS competitors, max(t.strength), "
            "count(DISTINCT CASE WHEN t.strength = 3 THEN t.subject END) AS strong, "
            "group_concat(DISTINCT nullif(t.platform, '')) "
            f"FROM {CHANNEL_TAGS} t JOIN channels ch ON ch.id = t.channel "
            f"WHERE t.role = 'promotes' AND t.subject IN {RIVALS} GROUP BY t.channel "
            "ORDER BY competitors DESC, strong DESC, ch.position"
        )
    ]  # fmt: skip
