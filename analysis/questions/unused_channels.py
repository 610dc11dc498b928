"""Channels nobody uses: platforms that people with a need name, and no rival is seen promoting on.

Not seen is not absent: a rival may be there without its pages leading to it.
"""

import sqlite3
from typing import Any, Final

from analysis.questions.channels import NEED
from analysis.questions.decided import CHANNEL_TAGS
from analysis.questions.sample import COUNTED, MINIMUM_PEOPLE, one_row, share
from analysis.questions.standing import RIVALS
from crawlers.folding import search_text
from pipelines.channels.table import platform_names

WORDS: Final = {
    "facebook": ("organic_social", "Facebook"),
    "instagram": ("organic_social", "Instagram"),
    "tiktok": ("organic_social", "TikTok"),
    "linkedin": ("organic_social", "LinkedIn"),
    "pinterest": ("organic_social", "Pinterest"),
    "weibo": ("organic_social", "微博"),
    "xiaohongshu": ("organic_social", "小红书"),
    "douyin": ("organic_video", "抖音"),
    "bilibili": ("organic_video", "bilibili"),
    "youtube": ("organic_video", "YouTube"),
    "zhihu": ("organic_social", "知乎"),
    "whatsapp": ("messaging", "WhatsApp"),
    "telegram": ("messaging", "Telegram"),
    "zalo": ("messaging", "Zalo"),
    "discord": ("messaging", "Discord"),
    "wechat": ("messaging", "微信"),
    "amazon": ("marketplace", "Amazon"),
    "ebay": ("marketplace", "eBay"),
    "etsy": ("marketplace", "Etsy"),
    "lazada": ("marketplace", "Lazada"),
    "shopee": ("marketplace", "Shopee"),
    "jd": ("marketplace", "京东"),
    "pinduoduo": ("marketplace", "拼多多"),
    "taobao": ("marketplace", "淘宝"),
}
"""Platform of the signal table -> channel (as Google Analytics 4 groups it), and one word by which
people name it and nothing else: LINE, X, Tiki and Signal are words of daily speech, left out."""

Row = dict[str, Any]


def answer(conn: sqlite3.Connection, of: int) -> list[Row]:
    """Platforms by the people with a need who name them, most first.

    :param of: people with a need.
    :returns: {channel, platform, name, word (finds the posts), channel_rivals (rivals seen on the
        channel at all, other platforms too), share fields}; only where enough people name it.
    """
    used = {
        platform
        for (platform,) in conn.execute(
            f"SELECT DISTINCT platform FROM {CHANNEL_TAGS} WHERE role = 'promotes' "
            f"AND subject IN {RIVALS}"
        )
    }
    on_channel: dict[str, int] = dict(
        conn.execute(
            f"SELECT channel, count(DISTINCT subject) FROM {CHANNEL_TAGS} "
            f"WHERE role = 'promotes' AND subject IN {RIVALS} GROUP BY channel"
        ).fetchall()
    )
    names = platform_names()
    found = []
    for platform, (channel, word) in WORDS.items():
        if platform in used:
            continue
        (people,) = one_row(
            conn,
            f"WITH {COUNTED} SELECT count(DISTINCT person) FROM counted c WHERE c.{NEED} "
            "AND c.id IN (SELECT rowid FROM posts_fts WHERE posts_fts MATCH ?)",
            (f'"{search_text(word).strip()}"',),
        )
        if people >= MINIMUM_PEOPLE:
            found.append({
                "channel": channel, "platform": platform, "name": names.get(platform, word),
                "word": word, "channel_rivals": on_channel.get(channel, 0), **share(people, of),
            })  # fmt: skip
    return sorted(found, key=lambda row: (-row["people"], row["platform"]))
