"""A live django-machina forum: installed, filled, served, and what a visitor must find in it."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from tests.live.servers import (
    LiveForum,
    PageCount,
    Said,
    copied,
    django_server,
    environment,
    module,
)
from tests.live.shop_talk import own_words

PER_PAGE = (15, 20)
"""Posts of a topic's page and topics of a list's page: machina's own defaults."""

# What a visitor may read: see forums() of the seed.
VISIBLE = """
SELECT t.id, t.forum_id, t.type FROM forum_conversation_topic t JOIN forum_forum f
ON f.id = t.forum_id WHERE t.approved AND f.name <> 'Members only'
"""


@dataclass(frozen=True, kw_only=True)
class Machina(LiveForum):
    """A running machina forum; its pages tell times in words of ``language``, in ``zone``.

    ``per_page``: posts of a topic's page, topics of a list's page.
    """

    engine: str = "machina"
    language: str = "en"
    per_page: tuple[int, int] = PER_PAGE

    def seed(self, topics: int, posts: int, new: int = 0) -> None:
        """Fill the empty forum, or add ``new`` posts to seven topics and a new one."""
        module("tests.live.machina_seed", topics, posts, new, env=_environment(self))

    def truth(self) -> dict[str, Said]:
        """Every post a visitor can see, by its number."""
        rows = self._rows(
            "SELECT p.id, coalesce(u.username, p.username), p.created, p.content "
            "FROM forum_conversation_post p LEFT JOIN auth_user u ON u.id = p.poster_id "
            f"WHERE p.approved AND p.topic_id IN (SELECT id FROM ({VISIBLE}))"
        )
        return {
            str(id_): Said(
                author=author,
                minute=datetime.fromisoformat(created).strftime("%Y-%m-%dT%H:%M"),
                words=own_words(text),
            )
            for id_, author, created, text in rows
        }  # fmt: skip

    def pages(self) -> PageCount:
        """The pages of every topic, of every forum's list, of categories, and the entry page."""
        posts_a_page, topics_a_page = self.per_page
        topics = self._rows(
            f"SELECT sum((n + {posts_a_page - 1}) / {posts_a_page}) FROM (SELECT count(*) AS n "
            "FROM forum_conversation_post WHERE approved AND topic_id IN "
            f"(SELECT id FROM ({VISIBLE})) GROUP BY topic_id)"
        )
        # Announcements (type 2) stand on each page of a list and are not counted for paging.
        lists = self._rows(
            f"SELECT sum(max(1, (n + {topics_a_page - 1}) / {topics_a_page})) FROM (SELECT "
            f"count(v.id) AS n FROM forum_forum f LEFT JOIN ({VISIBLE}) v ON v.forum_id = f.id "
            "AND v.type <> 2 WHERE f.name <> 'Members only' GROUP BY f.id)"
        )
        return PageCount(topics=topics[0][0], lists=lists[0][0] + 1)

    def edit(self, *steps: str) -> None:
        """Take steps of :mod:`tests.live.machina_edit`: ``reply:TOPIC:COUNT``, ``delete:POST``."""
        module("tests.live.machina_edit", *steps, env=_environment(self))

    def topics(self) -> list[int]:
        """The numbers of the topics a visitor can see."""
        return [row[0] for row in self._rows(VISIBLE + " ORDER BY t.id")]

    def posts_of(self, topic: int) -> list[str]:
        """The numbers of a topic's posts, first to last."""
        rows = self._rows(
            f"SELECT id FROM forum_conversation_post WHERE topic_id = {topic} AND approved "
            "ORDER BY created"
        )
        return [str(row[0]) for row in rows]

    def _rows(self, sql: str) -> list[tuple[object, ...]]:
        connection = sqlite3.connect(self.database)
        try:
            return connection.execute(sql).fetchall()
        finally:
            connection.close()


def _environment(forum: Machina) -> dict[str, str]:
    posts, topics = forum.per_page
    return environment(
        DJANGO_SETTINGS_MODULE="tests.live.machina_project.settings",
        LIVE_FORUM_FOLDER=str(forum.folder), LIVE_FORUM_LANGUAGE=forum.language,
        LIVE_FORUM_ZONE=forum.zone, LIVE_FORUM_POSTS=str(posts), LIVE_FORUM_TOPICS=str(topics),
    )  # fmt: skip


def install_machina(parent: Path) -> Path:
    """An empty forum's folder, its database made."""
    folder = parent / "machina"
    folder.mkdir()
    module("django", "migrate", "--verbosity=0", env=_environment(Machina(url="", folder=folder)))
    return folder


@contextmanager
def running_machina(
    installed: Path,
    folder: Path,
    *,
    language: str = "en",
    zone: str = "Asia/Ho_Chi_Minh",
    per_page: tuple[int, int] = PER_PAGE,
) -> Iterator[Machina]:
    """A fresh copy of the installed forum in ``folder``, served until the end."""
    forum = Machina(
        url="", folder=copied(installed, folder), language=language, zone=zone, per_page=per_page
    )
    with django_server(folder, _environment(forum)) as url:
        yield replace(forum, url=url)
