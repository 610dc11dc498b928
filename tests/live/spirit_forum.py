"""A live Spirit forum: installed, filled, served, and what a visitor must find in it."""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tests.live.servers import (
    SCRIPTS,
    LiveForum,
    PageCount,
    Said,
    copied,
    django_server,
    environment,
    module,
)
from tests.live.shop_talk import own_words

PER_PAGE = 20
"""Comments of a topic's page and topics of a list's page: Spirit's own defaults."""

# What a public installation would not do: no search index, no limits, nothing in the console.
SETTINGS = """
from shopforum.settings.dev import *

DEBUG = False
TEMPLATES[0]["OPTIONS"]["debug"] = False
HAYSTACK_SIGNAL_PROCESSOR = "haystack.signals.BaseSignalProcessor"
ST_RATELIMIT_ENABLE = False
SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
DATABASES["default"]["CONN_MAX_AGE"] = None
LOGGING_CONFIG = None
"""


@dataclass(frozen=True, kw_only=True)
class Spirit(LiveForum):
    """A running Spirit forum."""

    engine: str = "spirit"

    def seed(self, topics: int, posts: int, new: int = 0) -> None:
        """Fill the empty forum, or add ``new`` posts to one of its topics in eight."""
        module("tests.live.spirit_seed", topics, posts, new, env=_environment(self.folder))

    def truth(self) -> dict[str, Said]:
        """Every comment a visitor can see, by its number."""
        rows = self._rows(
            "SELECT c.id, u.username, c.date, c.comment FROM spirit_comment_comment c "
            "JOIN auth_user u ON u.id = c.user_id WHERE c.action = 0 AND NOT c.is_removed"
        )
        return {
            str(id_): Said(
                author=author,
                minute=datetime.fromisoformat(date).strftime("%Y-%m-%dT%H:%M"),
                words=own_words(text),
            )
            for id_, author, date, text in rows
        }  # fmt: skip

    def pages(self) -> PageCount:
        """The pages of every topic, of every category's list, and the entry page."""
        topics = self._rows(
            f"SELECT sum((n + {PER_PAGE - 1}) / {PER_PAGE}) FROM (SELECT count(*) AS n FROM "
            "spirit_comment_comment GROUP BY topic_id)"
        )
        lists = self._rows(
            f"SELECT sum(max(1, (n + {PER_PAGE - 1}) / {PER_PAGE})) FROM (SELECT count(t.id) AS n "
            "FROM spirit_category_category c LEFT JOIN spirit_topic_topic t "
            "ON t.category_id = c.id WHERE NOT c.is_private AND NOT c.is_removed GROUP BY c.id)"
        )
        return PageCount(topics=topics[0][0], lists=lists[0][0] + 1)

    def _rows(self, sql: str) -> list[tuple[object, ...]]:
        connection = sqlite3.connect(self.database)
        try:
            return connection.execute(sql).fetchall()
        finally:
            connection.close()


def _environment(folder: Path) -> dict[str, str]:
    path = environment().get("PYTHONPATH", "")
    return environment(
        DJANGO_SETTINGS_MODULE="shopforum.settings.live", PYTHONPATH=f"{folder}:{path}"
    )


def install_spirit(parent: Path) -> Path:
    """An empty Spirit project in a new folder of ``parent``, its database made."""
    folder = parent / "shopforum"
    subprocess.run(
        [str(SCRIPTS / "spirit"), "startproject", "shopforum"], cwd=parent, env=environment(),
        check=True, stdout=subprocess.DEVNULL, timeout=120,
    )  # fmt: skip
    (folder / "shopforum" / "settings" / "live.py").write_text(SETTINGS, encoding="utf-8")
    subprocess.run(
        [sys.executable, "manage.py", "spiritinstall"], cwd=folder, env=_environment(folder),
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    return folder


@contextmanager
def running_spirit(installed: Path, folder: Path) -> Iterator[Spirit]:
    """A fresh copy of the installed project in ``folder``, served until the end."""
    copied(installed, folder)
    with django_server(folder, _environment(folder)) as url:
        yield Spirit(url=url, folder=folder)
