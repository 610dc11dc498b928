"""Writing a forum's page: threads, posts with their search text, what must be read again."""

import hashlib
import sqlite3
from collections.abc import Sequence

from crawlers.folding import search_text
from crawlers.items import Fetch, ForumItem, Post
from pipelines.storage.crawl_state import targets_json
from pipelines.storage.facts import as_json
from pipelines.storage.gone import mark_gone
from pipelines.storage.times import utc_text

_PRECISIONS = ("second", "minute", "hour", "day", "month", "year", "unknown")

COPY_LENGTH = 60
"""Characters. Two posts with the same words are copies only when the words are this many: "me too"
is said by many."""


def reviews_of(competitor: str) -> str:
    """The id of the forum that holds the reviews found on a rival's own pages."""
    return f"reviews:{competitor}"


def post_key(forum: str, thread: str, post: Post) -> str:
    """A post's key: forum and engine id; without one, a hash of thread, author, time and text.

    :param thread: address of the page's thread; a post that names its own (``thread_url``) goes
        by that.
    """
    if post.id:
        return f"{forum}:{post.id}"
    thread = post.thread_url or thread
    when = utc_text(post.posted_at) if post.posted_at else (post.posted_text or "")
    parts = "\0".join((thread, post.author or "", when, post.text))
    return f"{forum}:h:{hashlib.sha256(parts.encode()).hexdigest()}"


def write_forum_page(
    connection: sqlite3.Connection, item: ForumItem, *, archived: bool = False
) -> None:
    """Store a list or a topic page: its row, its thread, its posts.

    :param archived: the page is read again from the archive, in no order: how far the thread was
        read stays as it is.
    """
    forum, seen = item.target.source, utc_text(item.fetch.fetched_at)
    fetch, page = item.fetch, item.page
    thread_url = item.target.meta.get("thread")
    connection.execute(
        "INSERT INTO forum_pages (url, forum, thread_url, kind, status, body_hash, etag, "
        "last_modified, links_json, archive_file, archive_offset, first_seen, last_seen) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (url) DO UPDATE SET "
        "status = excluded.status, body_hash = excluded.body_hash, etag = excluded.etag, "
        "last_modified = excluded.last_modified, links_json = excluded.links_json, "
        "archive_file = excluded.archive_file, archive_offset = excluded.archive_offset, "
        "last_seen = excluded.last_seen",
        (
            item.target.url, forum, thread_url, page.kind, fetch.status, fetch.body_hash,
            fetch.etag, fetch.last_modified, targets_json(item.outlinks), fetch.archive_file,
            fetch.archive_offset, seen, seen,
        ),
    )  # fmt: skip
    connection.execute(
        "UPDATE forums SET engine = ?, last_seen = ? WHERE id = ?", (page.engine, seen, forum)
    )
    if page.kind != "topic" and not page.posts:
        return
    home = thread_url or item.target.url
    named = {post.thread_url for post in page.posts}
    if item.target.role == "topic" and len(named) == 1:  # a thread the list calls by another name
        home = named.pop() or home
    title = page.thread_title or item.target.meta.get("title") or home
    for address, posts in _by_thread(page.posts, home):
        name = title if address == home else (posts[0].thread_title or address)
        number = page.thread_id if address == home else None
        thread_id = write_thread(connection, forum, address, name, seen, number=number)
        write_posts(connection, forum, thread_id, name, posts, seen, archived=archived)
        if address == home and not archived:
            # The stamp moves only when the last page was read: a kill before it leaves work to do.
            meta, whole = item.target.meta, item.page.next is None or item.ends
            connection.execute(
                "UPDATE threads SET last_page = ?, stamp = iif(?, ?, stamp), "
                "replies = iif(?, ?, replies), gone_at = NULL WHERE id = ?",
                (item.target.url, whole, meta.get("stamp"), whole, meta.get("replies"), thread_id),
            )
            mark_gone(connection, thread_id, item)


def _by_thread(posts: Sequence[Post], home: str) -> list[tuple[str, list[Post]]]:
    """The posts of each thread on a page, the page's own thread first (also where it has none)."""
    groups: dict[str, list[Post]] = {}
    for post in posts:
        groups.setdefault(post.thread_url or home, []).append(post)
    return list(groups.items())


def write_thread(
    connection: sqlite3.Connection,
    forum: str,
    url: str,
    title: str,
    seen: str,
    *,
    number: str | None = None,
) -> int:
    """Store a thread, new or seen again; returns its row's id.

    :param number: the engine's id.
    """
    # Not by RETURNING: it opens a savepoint, and the search index then writes out all it has yet.
    row = connection.execute("SELECT id FROM threads WHERE url = ?", (url,)).fetchone()
    if row is not None:
        connection.execute(
            "UPDATE threads SET last_seen = ?, title = ?, engine_id = coalesce(?, engine_id) "
            "WHERE id = ?",
            (seen, title, number, row[0]),
        )
        return int(row[0])
    cursor = connection.execute(
        "INSERT INTO threads (forum, url, engine_id, title, first_seen, last_seen) "
        "VALUES (?, ?, ?, ?, ?, ?)",
        (forum, url, number, title, seen, seen),
    )
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def forum_page_unchanged(connection: sqlite3.Connection, fetch: Fetch, url: str) -> None:
    """A page that was not sent again, or sent byte for byte: it was seen."""
    connection.execute(
        "UPDATE forum_pages SET last_seen = ?, archive_file = coalesce(?, archive_file), "
        "archive_offset = coalesce(?, archive_offset) WHERE url = ?",
        (utc_text(fetch.fetched_at), fetch.archive_file, fetch.archive_offset, url),
    )


def write_reviews(
    connection: sqlite3.Connection,
    competitor: str,
    page_url: str,
    title: str,
    reviews: Sequence[Post],
    seen: str,
) -> None:
    """Store the reviews of a rival's product page: posts of a forum of their own, whose name is the
    rival's with a star, which needs no translation.

    :param title: of the page, for reviews that do not name their product.
    """
    if not reviews:
        return
    forum = reviews_of(competitor)
    connection.execute(
        "INSERT INTO forums (id, url, name, kind, competitor, first_seen, last_seen) "
        "SELECT ?, ?, name || ' ★', 'reviews', id, ?, ? FROM competitors WHERE id = ? "
        "ON CONFLICT (id) DO UPDATE SET last_seen = excluded.last_seen, name = excluded.name",
        (forum, page_url, seen, seen, competitor),
    )
    for address, posts in _by_thread(reviews, page_url):
        name = posts[0].thread_title or title or address
        thread_id = write_thread(connection, forum, address, name, seen)
        write_posts(connection, forum, thread_id, name, posts, seen)


def write_own_source(
    connection: sqlite3.Connection, source: str, name: str, timezone: str | None, seen: str
) -> None:
    """Store a source of the researcher's own texts: a forum that is never crawled, nor public."""
    connection.execute(
        "INSERT INTO forums (id, url, name, engine, timezone, own, first_seen, last_seen) "
        "VALUES (?, ?, ?, 'own', ?, 1, ?, ?) ON CONFLICT (id) DO UPDATE SET name = excluded.name, "
        "timezone = coalesce(excluded.timezone, timezone), last_seen = excluded.last_seen",
        (source, source, name, timezone, seen, seen),
    )


def write_posts(
    connection: sqlite3.Connection,
    forum: str,
    thread_id: int,
    title: str,
    posts: Sequence[Post],
    seen: str,
    *,
    archived: bool = False,
) -> None:
    """Store a thread's posts: new ones with their search text, edited ones anew.

    :param archived: the page is read again from the archive: it cannot bring back what is gone, nor
        the words a younger page has replaced.
    """
    marks = ",".join("?" * len(posts))
    stored = {
        row[0]: row[1:]
        for row in connection.execute(
            "SELECT key, id, text_hash, timezone, posted_precision, last_seen, gone_at FROM posts "
            f"WHERE key IN ({marks})",
            [post.key for post in posts],
        )
    }
    empty = connection.execute(
        "SELECT NOT EXISTS (SELECT 1 FROM posts WHERE thread_id = ?)", (thread_id,)
    ).fetchone()[0]
    new: list[tuple[Post, str, str]] = []
    for place, post in enumerate(posts):
        assert post.key is not None
        text_hash = hashlib.sha256(post.text.encode()).hexdigest()
        before = stored.get(post.key)
        if before is not None and archived and (before[4] > seen or before[5]):
            continue
        if before is not None and _tells_more_of_time(post, before[2], before[3]):
            _retime(connection, before[0], post)
        if before is not None and before[1] == text_hash:
            connection.execute(
                "UPDATE posts SET last_seen = ?, gone_at = NULL WHERE id = ?", (seen, before[0])
            )
            continue
        # The title is searched with the post that opens the thread, not with every reply.
        opens = empty and place == 0
        folded = search_text(f"{title}\n{post.text}" if opens else post.text)
        if before is not None:
            _rewrite(connection, before[0], post, folded, text_hash, seen)
            continue
        new.append((post, folded, text_hash))
    _insert(connection, forum, thread_id, new, seen)
    connection.execute(
        "UPDATE threads SET posts = (SELECT count(*) FROM posts WHERE thread_id = threads.id) "
        "WHERE id = ?",
        (thread_id,),
    )


def _insert(
    connection: sqlite3.Connection,
    forum: str,
    thread_id: int,
    new: Sequence[tuple[Post, str, str]],
    seen: str,
) -> None:
    """Store posts that are new, each with its search text and the hash of its text, together: one
    statement a table, so that the search index takes them at once.
    """
    if not new:
        return
    first_of = _first_of(
        connection, forum, [hash_ for post, _, hash_ in new if len(post.text) >= COPY_LENGTH]
    )
    (newest,) = connection.execute("SELECT coalesce(max(id), 0) FROM posts").fetchone()
    rows = []
    for id_, (post, folded, text_hash) in enumerate(new, newest + 1):
        copy = None
        if len(post.text) >= COPY_LENGTH:
            first = first_of.setdefault(text_hash, id_)
            copy = first if first != id_ else None
        rows.append((
            id_, post.key, forum, thread_id, post.id, post.url, post.author,
            utc_text(post.posted_at) if post.posted_at else None, post.posted_text,
            post.posted_precision, post.timezone, post.lang, post.script, post.text,
            as_json(post.quoted), post.in_reply_to,
            float(post.rating) if post.rating is not None else None,
            copy, folded, text_hash, seen, seen,
        ))  # fmt: skip
    connection.executemany(
        "INSERT INTO posts (id, key, forum, thread_id, engine_id, url, author, posted_at, "
        "posted_text, posted_precision, timezone, lang, script, text, quoted_json, "
        "in_reply_to, rating, copy_of, search_text, text_hash, first_seen, last_seen) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        rows,
    )
    ids = range(newest + 1, newest + 1 + len(rows))
    connection.executemany(
        "INSERT INTO posts_fts (rowid, search_text) VALUES (?, ?)",
        [(id_, folded) for id_, (_, folded, _) in zip(ids, new, strict=True)],
    )
    connection.executemany(
        "INSERT OR IGNORE INTO dirty VALUES ('post', ?)", [(str(id_),) for id_ in ids]
    )


def _first_of(connection: sqlite3.Connection, forum: str, hashes: Sequence[str]) -> dict[str, int]:
    """The first post of each text that is stored; the researcher's own texts hide no public one."""
    rows = connection.execute(
        "SELECT p.text_hash, min(p.id) FROM posts p JOIN forums f ON f.id = p.forum "
        f"WHERE p.text_hash IN ({','.join('?' * len(hashes))}) AND p.copy_of IS NULL "
        "AND f.own = (SELECT own FROM forums WHERE id = ?) GROUP BY p.text_hash",
        (*hashes, forum),
    )
    return dict(rows.fetchall())


def _tells_more_of_time(post: Post, timezone: str | None, precision: str) -> bool:
    """Whether this reading of a post's time is better than the stored one: in a zone that was
    learnt or set since, or more exact. "3 hours ago" read a day later is not.
    """
    finer = _PRECISIONS.index(post.posted_precision) < _PRECISIONS.index(precision)
    return post.posted_at is not None and (finer or post.timezone != timezone)


def _retime(connection: sqlite3.Connection, id_: int, post: Post) -> None:
    assert post.posted_at is not None
    connection.execute(
        "UPDATE posts SET posted_at = ?, posted_text = ?, posted_precision = ?, timezone = ? "
        "WHERE id = ?",
        (utc_text(post.posted_at), post.posted_text, post.posted_precision, post.timezone, id_),
    )
    connection.execute("INSERT OR IGNORE INTO dirty VALUES ('post', ?)", (str(id_),))


def _rewrite(
    connection: sqlite3.Connection, id_: int, post: Post, folded: str, text_hash: str, seen: str
) -> None:
    """A post its author edited: the new words take the old ones' place, also in the index."""
    connection.execute(
        "INSERT INTO posts_fts (posts_fts, rowid, search_text) "
        "SELECT 'delete', id, search_text FROM posts WHERE id = ?",
        (id_,),
    )
    connection.execute(
        "UPDATE posts SET text = ?, quoted_json = ?, lang = ?, script = ?, rating = ?, "
        "search_text = ?, text_hash = ?, last_seen = ?, gone_at = NULL WHERE id = ?",
        (
            post.text, as_json(post.quoted), post.lang, post.script,
            float(post.rating) if post.rating is not None else None, folded, text_hash, seen, id_,
        ),
    )  # fmt: skip
    connection.execute("INSERT INTO posts_fts (rowid, search_text) VALUES (?, ?)", (id_, folded))
    connection.execute("INSERT OR IGNORE INTO dirty VALUES ('post', ?)", (str(id_),))
