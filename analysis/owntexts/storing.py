"""Own texts as posts of a source of their own, through the same steps as crawled ones."""

import dataclasses
import hashlib
import itertools
import re
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from analysis.lock import market_lock
from analysis.owntexts.columns import code_said, told_language
from analysis.owntexts.mails import read_mails
from analysis.owntexts.model import ChoiceError, Choices, Counts, OwnText, OwnTextsError, Table
from analysis.owntexts.tables import read_json_lines, read_separated, read_workbook, unpacked
from analysis.owntexts.texts import texts_of
from analysis.passes import run_passes
from analysis.passes.ticking import Tick, no_tick
from crawlers.folding import fold
from crawlers.forums.dates.zones import zone_named
from crawlers.items import Fetch, ForumItem, ForumPage, Post, Target
from crawlers.language import script_of
from crawlers.market import Market, data_dir
from crawlers.urls import site_key
from pipelines.duplicates import Duplicates
from pipelines.normalise import Normalise, clean_text
from pipelines.redact import Redact, pseudonym, read_salt, redact, require_salt
from pipelines.storage.database import DATABASE_NAME, open_database, transaction
from pipelines.storage.market_rows import load_market_rows
from pipelines.storage.times import utc_text
from pipelines.storage.write_posts import write_own_source, write_posts, write_thread
from pipelines.validate import Validate

ENGINE = "own"
SUFFIXES = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".jsonl", ".ndjson", ".mbox", ".eml")
LONGEST_LABEL = 60
_LONGEST_TITLE = 300
_BATCH = 500
"""Texts a transaction holds."""
_WORD = re.compile(r"\w+")


def source_key(label: str) -> str:
    """The id of the source a label names: the same in any case and with or without accents.

    >>> source_key("Khảo sát 2026"), source_key("khao sat 2026")
    ('own:khao-sat-2026', 'own:khao-sat-2026')

    :raises ChoiceError: for a label without letters and digits, or a long one.
    """
    words = _WORD.findall(fold(label))
    if not words or len(label) > LONGEST_LABEL:
        raise ChoiceError(
            f"--source: a label needs letters or digits, {LONGEST_LABEL} characters at most, such "
            'as "survey 2026"'
        )
    return "own:" + "-".join(words)


def add_texts(
    market: Market, path: Path, label: str, choices: Choices | None = None, *, tick: Tick = no_tick
) -> Counts:
    """Store a file's texts as posts of the source ``own:LABEL``, then bring the answers up to date.

    A text that is stored already is not stored again; one that has other words now, under the same
    id, has these. What was stored before an error stays.

    :raises ChoiceError: for an option that does not fit the file.
    :raises OwnTextsError: for a file that cannot be read.
    :raises analysis.lock.LockedError: where another run holds the market.
    """
    choices = choices or Choices()
    key = source_key(label)
    if choices.timezone and zone_named(choices.timezone) is None:
        raise ChoiceError(
            f"--timezone: {choices.timezone!r} is no time zone; write one as Asia/Ho_Chi_Minh"
        )
    if not path.is_file():
        raise ChoiceError(f"{path} is no file")
    counts = Counts()
    texts = _texts(path, counts, choices, market)
    first = next(texts, None)  # an error in the file's form is told before anything is written
    folder = data_dir(market.name)
    with market_lock(folder, f"addtexts {market.name}"):
        connection = open_database(folder / DATABASE_NAME)
        try:
            (held,) = connection.execute("SELECT EXISTS (SELECT 1 FROM posts)").fetchone()
            require_salt(folder, has_posts=bool(held))
            with transaction(connection):
                load_market_rows(connection, market)
            if first is not None:
                name = " ".join(clean_text(label).split())
                store = _Store(connection, key, name, read_salt(folder), choices.timezone)
                try:
                    _store_all(store, itertools.chain([first], texts), counts, tick)
                except OwnTextsError:  # further down the file: what stands above it is stored
                    run_passes(connection, market, tick=tick)
                    raise
                run_passes(connection, market, tick=tick)
        finally:
            connection.close()
    return counts


def _texts(path: Path, counts: Counts, choices: Choices, market: Market) -> Iterator[OwnText]:
    name = path.name.lower().removesuffix(".gz")
    suffix = Path(name).suffix
    if suffix not in SUFFIXES:
        raise ChoiceError(
            f"{path.name}: files are told by the end of their names, which must be one of "
            f"{', '.join(SUFFIXES)} (or one of them and .gz)"
        )
    try:
        if suffix in (".mbox", ".eml"):
            site = market.business.site
            spoken = code_said(choices.language) if choices.language else None
            counts.read_as = {"language": told_language(spoken)}
            for text in read_mails(path, counts, own_site=site_key(site) if site else None):
                yield dataclasses.replace(text, language=spoken) if spoken else text
            return
        with unpacked(path) as file:
            table: Table
            if suffix in (".xlsx", ".xlsm"):
                table = read_workbook(file, counts)
            elif suffix in (".jsonl", ".ndjson"):
                table = read_json_lines(file, counts)
            else:
                table = read_separated(file, counts, encoding=choices.encoding)
            yield from texts_of(table, choices, counts)
    except ChoiceError as error:
        raise ChoiceError(f"{path.name}: {error}") from None
    except OwnTextsError as error:
        shown = str(error)
        raise OwnTextsError(shown if str(path) in shown else f"{path.name}: {shown}") from None


def _store_all(store: "_Store", texts: Iterator[OwnText], counts: Counts, tick: Tick) -> None:
    while True:
        batch: list[OwnText] = []
        try:
            batch.extend(itertools.islice(texts, _BATCH))
        finally:  # whole or cut short by an error: what was read is stored
            store.write(batch, counts)
        if not batch:
            return
        tick("texts", counts.stored, counts.stored)


class _Store:
    """Writes texts of one source, batch by batch."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        source: str,
        name: str,
        salt: bytes,
        timezone: str | None,
    ) -> None:
        self._connection = connection
        self._source, self._name, self._timezone = source, name, timezone
        self._salt = salt
        self._steps = (Validate(), Normalise(), Redact(salt), Duplicates())
        self._now = datetime.now(UTC)

    def write(self, batch: list[OwnText], counts: Counts) -> None:
        """Store a batch in one transaction; texts without words are counted as empty."""
        threads: dict[str, list[OwnText]] = {}
        for text in batch:
            threads.setdefault(self._title(text.thread), []).append(text)
        with transaction(self._connection):
            write_own_source(
                self._connection, self._source, self._name, self._timezone, utc_text(self._now)
            )
            for title, texts in threads.items():
                self._write_thread(title, texts, counts)

    def _title(self, title: str | None) -> str:
        """A thread's title: redacted, as the words of posts are."""
        clean = redact(" ".join(clean_text(title or "").split()))
        return clean[:_LONGEST_TITLE] or self._name

    def _write_thread(self, title: str, texts: list[OwnText], counts: Counts) -> None:
        mark = hashlib.sha256(fold(title).encode()).hexdigest()[:16]
        address = f"{self._source}#{mark}"
        posts = self._redacted(address, title, texts)
        counts.empty += len(texts) - len(posts)
        stored = self._stored(posts)
        seen = utc_text(self._now)
        thread = write_thread(self._connection, self._source, address, title, seen)
        for post in posts:
            before = stored.get(str(post.key))
            if before is None:
                counts.added += 1
            elif before == _facts(post, thread):
                counts.unchanged += 1
            else:
                counts.changed += 1
                self._move(post, thread)
        write_posts(self._connection, self._source, thread, title, posts, seen)

    def _redacted(self, address: str, title: str, texts: list[OwnText]) -> tuple[Post, ...]:
        """Texts as posts, through the steps crawled ones go through."""
        page = ForumPage(
            engine=ENGINE, kind="topic", thread_title=title,
            posts=tuple(self._post(text) for text in texts),
        )  # fmt: skip
        item = ForumItem(
            target=Target(source=self._source, url=address, role="topic"),
            fetch=Fetch(url=address, status=200, fetched_at=self._now),
            page=page,
        )
        for step in self._steps:
            item = step.process_item(item)
        said = {self._id(text.id): text.language for text in texts if text.language}
        return tuple(_in_language(post, said.get(str(post.id))) for post in item.page.posts)

    def _post(self, text: OwnText) -> Post:
        id_ = self._id(text.id)
        author = text.author
        if "\0" in author or not author:  # nobody named: a person of this source's own
            author = f"{self._source}\0{author or text.id}"
        return Post(
            id=id_, url=f"{self._source}#{id_}", author=author, text=text.text,
            posted_at=text.posted_at, posted_text=redact(text.posted_text or "") or None,
            posted_precision=text.posted_precision, timezone=text.timezone, rating=text.rating,
        )  # fmt: skip

    def _id(self, id_: str) -> str:
        """A post's id, which tells nobody a row's author or words without the market's salt."""
        return pseudonym(f"{self._source}\0{id_}", self._salt).removeprefix("p-")

    def _stored(self, posts: tuple[Post, ...]) -> dict[str, tuple[object, ...]]:
        marks = ",".join("?" * len(posts))
        return {
            key: tuple(facts)
            for key, *facts in self._connection.execute(
                "SELECT key, text_hash, author, posted_at, timezone, rating, lang, thread_id "
                f"FROM posts WHERE key IN ({marks})",
                [post.key for post in posts],
            )
        }

    def _move(self, post: Post, thread: int) -> None:
        """Bring what is no word of a stored post up to date; its words follow as any post's do."""
        _, author, posted_at, timezone, rating, lang, thread_id = _facts(post, thread)
        self._connection.execute(
            "UPDATE posts SET author = ?, posted_at = ?, posted_text = ?, posted_precision = ?, "
            "timezone = ?, rating = ?, lang = ?, script = ?, thread_id = ? WHERE key = ?",
            (author, posted_at, post.posted_text, post.posted_precision, timezone, rating, lang,
             post.script, thread_id, post.key),
        )  # fmt: skip
        self._connection.execute(
            "INSERT OR IGNORE INTO dirty SELECT 'post', CAST(id AS TEXT) FROM posts WHERE key = ?",
            (post.key,),
        )


def _facts(post: Post, thread: int) -> tuple[object, ...]:
    return (
        hashlib.sha256(post.text.encode()).hexdigest(), post.author,
        utc_text(post.posted_at) if post.posted_at else None, post.timezone,
        float(post.rating) if post.rating is not None else None, post.lang, thread,
    )  # fmt: skip


def _in_language(post: Post, said: str | None) -> Post:
    """The language the file or the user says; detection errs on answers of two words."""
    if not said or said == post.lang:
        return post
    script = script_of(post.text) if said == "zh" else None
    return dataclasses.replace(post, lang=said, script=script)
