"""The files of a market: archive, salt, backups; whether the disk has room for another night."""

import os
import shutil
import sqlite3
import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from analysis.backup_files import BACKUP_FOLDER, leftovers, own_backups
from analysis.checkup.finding import Finding
from crawlers.archive_files import ARCHIVE_FOLDER, HAND_SUFFIX, PATTERN, lasting_files, size_of
from crawlers.market import Market
from pipelines.redact import SALT_NAME

LEAST_FREE = 500_000_000
"""Bytes: room for the database's journal, an archive file and the system's own needs."""
BACKUP_DAYS = 35
MANY_BACKUPS = 12
_MB = 1e6


def archive(connection: sqlite3.Connection, market: Market, folder: Path) -> Iterator[Finding]:
    """How much is kept, within which bounds, and what today's rules can be applied to."""
    crawl = market.crawl
    files, size = size_of(folder / ARCHIVE_FOLDER)
    most = crawl.archive_megabytes * _MB
    kept = lasting_files(folder, days=crawl.archive_days)
    answers = connection.execute(
        "SELECT archive_file FROM pages WHERE status < 400 "
        "UNION ALL SELECT archive_file FROM forum_pages"
    ).fetchall()
    there = sum(row[0] in kept for row in answers)
    words = (
        f"{files} files, {size / _MB:.1f} of {most / _MB:.0f} MB, {crawl.archive_days} days; "
        f"{there} of {len(answers)} stored pages can be read again"
    )
    if size > 0.9 * most:
        yield Finding(
            state="note", what="archive", words=words,
            mend="its bound takes away what is younger than archive_days; raise archive_megabytes "
            "under [crawl] if you want it longer",
        )  # fmt: skip
    else:
        yield Finding(state="good", what="archive", words=words)
    torn = len(list((folder / ARCHIVE_FOLDER).glob(PATTERN + HAND_SUFFIX)))
    if torn:
        yield Finding(
            state="note", what="archive",
            words=f"{torn} files are being written, or were when a run was killed",
            mend="nothing: the next run cuts off what is torn",
        )  # fmt: skip


def salt(connection: sqlite3.Connection, folder: Path) -> Iterator[Finding]:
    """Whether the pseudonyms can go on, and nobody else can test a name against them."""
    path = folder / SALT_NAME
    (posts,) = connection.execute("SELECT EXISTS (SELECT 1 FROM posts)").fetchone()
    if not path.exists():
        if posts:
            yield Finding(
                state="bad", what="salt", words=f"{path} is missing, and posts are stored",
                mend=f"take it out of a backup: tar xzOf FILE.tar.gz {SALT_NAME} > {path}",
            )  # fmt: skip
        return
    if os.name == "posix" and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        yield Finding(
            state="bad",
            what="salt",
            words=f"{path} can be read by others",
            mend=f"chmod 600 {path}",
        )


def backups(market: Market, folder: Path) -> Iterator[Finding]:
    """When the market was last backed up where ``scrapy backup`` puts it, whether old ones ever go,
    and what killed backups left.
    """
    left = leftovers(folder)
    if left:
        yield Finding(
            state="note", what="backup",
            words=f"{len(left)} leftovers of killed backups, such as {left[0]}: copies of the "
            "database, with its salt",
            mend=f"scrapy upkeep {market.name}",
        )  # fmt: skip
    own = own_backups(folder, market.name)
    if market.upkeep.backups is None and len(own) > MANY_BACKUPS:
        size = sum(path.stat().st_size for path in own)
        yield Finding(
            state="note", what="backup",
            words=f"{len(own)} files take {size / _MB:.0f} MB, and none ever goes",
            mend=f"backups = 8 under [upkeep] of the market file, then scrapy upkeep {market.name}",
        )  # fmt: skip
    made = [path.stat().st_mtime for path in (folder / BACKUP_FOLDER).glob("*.tar.gz")]
    if not made:
        yield Finding(
            state="note", what="backup", words=f"none in {folder / BACKUP_FOLDER}",
            mend=f"scrapy backup {market.name}, once a week by cron, to another disk",
        )  # fmt: skip
        return
    age = datetime.now(UTC) - datetime.fromtimestamp(max(made), UTC)
    words = f"{len(made)} files, the newest {age.days} days old"
    if age.days > BACKUP_DAYS:
        yield Finding(state="note", what="backup", words=words, mend=f"scrapy backup {market.name}")
    else:
        yield Finding(state="good", what="backup", words=words)


def room(folder: Path) -> Iterator[Finding]:
    """Whether the disk has room."""
    free = shutil.disk_usage(folder).free
    words = f"{free / 1e9:.1f} GB free for {folder}"
    if free < LEAST_FREE:
        yield Finding(
            state="bad", what="disk", words=words,
            mend="make room: the archive gives some (archive_days, archive_megabytes under "
            f"[crawl]), old files of {BACKUP_FOLDER} too",
        )  # fmt: skip
    else:
        yield Finding(state="good", what="disk", words=words)
