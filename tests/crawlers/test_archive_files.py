"""Which archive files last, which go, and what a kill leaves torn: real files."""

import gzip
import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawlers.archive_files import (
    expire,
    hand_lock,
    in_hand,
    lasting_files,
    mend,
    size_of,
    trim,
    whole_bytes,
)

MEMBERS = [gzip.compress(os.urandom(size)) for size in (40, 3_000_000, 900)]


def file(folder: Path, name: str, *, days: float = 0, size: int = 1000) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.warc.gz"
    path.write_bytes(b"x" * size)
    when = (datetime.now(UTC) - timedelta(days=days)).timestamp()
    os.utime(path, (when, when))
    return path


def names(folder: Path) -> set[str]:
    return {path.name.removesuffix(".warc.gz") for path in folder.glob("*.warc.gz")}


def test_old_files_go(tmp_path: Path) -> None:
    file(tmp_path, "old", days=31)
    file(tmp_path, "young", days=29)
    assert expire(tmp_path, days=30) == 1
    assert names(tmp_path) == {"young"}


def test_the_oldest_go_until_the_bound_is_kept_but_never_one_that_is_written(
    tmp_path: Path,
) -> None:
    for number in range(5):
        file(tmp_path, str(number), days=9 - number)
    lock = hand_lock(tmp_path / "0.warc.gz")
    lock.acquire()
    assert trim(tmp_path, most=2500) == 3
    assert names(tmp_path) == {"0", "4"}
    assert expire(tmp_path, days=0) == 1
    assert names(tmp_path) == {"0"}, "it is in hand, however old"
    assert trim(tmp_path, most=0) == 0
    lock.release()
    assert size_of(tmp_path) == (1, 1000)


def test_what_the_bound_will_soon_take_does_not_last(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    for number in range(4):
        file(folder, str(number), days=9 - number)
    kept = {"1.warc.gz", "2.warc.gz", "3.warc.gz"}
    assert lasting_files(tmp_path, days=30, most=4000) == kept
    assert lasting_files(tmp_path, days=8, most=4000) == kept - {"1.warc.gz"}
    assert len(lasting_files(tmp_path, days=30)) == 4


@pytest.mark.parametrize("cut", [0, 1, 10, 500, len(MEMBERS[2]) - 1])
def test_only_whole_records_stay(tmp_path: Path, cut: int) -> None:
    whole = b"".join(MEMBERS[:2])
    path = tmp_path / "a.warc.gz"
    path.write_bytes(whole + MEMBERS[2][:cut])
    assert whole_bytes(path) == len(whole)
    before = time.time() - 86_400
    os.utime(path, (before, before))
    (tmp_path / "a.warc.gz.open").touch()  # as a killed process leaves it
    assert in_hand(path)
    assert mend(tmp_path) == {"a.warc.gz": cut}
    assert path.read_bytes() == whole and not in_hand(path)
    assert abs(path.stat().st_mtime - before) < 1, "it grows no younger by it"


def test_a_file_without_one_whole_record_goes(tmp_path: Path) -> None:
    (tmp_path / "a.warc.gz").write_bytes(MEMBERS[1][:1000])
    (tmp_path / "a.warc.gz.open").touch()
    (tmp_path / "never-begun.warc.gz.open").touch()
    assert mend(tmp_path) == {"a.warc.gz": 1000}
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_being_written_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    path.write_bytes(MEMBERS[0] + MEMBERS[2][:100])
    lock = hand_lock(path)
    lock.acquire()
    assert mend(tmp_path) == {}
    lock.release()
    assert len(path.read_bytes()) == len(MEMBERS[0]) + 100


def test_junk_after_the_last_record_is_cut(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    path.write_bytes(MEMBERS[0] + b"\0" * 4096)  # as some disks leave after a power cut
    assert whole_bytes(path) == len(MEMBERS[0])
