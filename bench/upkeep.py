"""How long backup, restore, doctor and upkeep take on a database, and what the journal costs.

    python -m bench.desk_market /var/tmp/desk.db --posts 100000 --no-summaries
    python -m bench.upkeep /var/tmp/desk.db [--archive data/NAME/archive]

The database is copied into a home of its own first; nothing of yours is touched. ``--archive``
tells how many bytes of an archive are answers and how many are journal, as they lie packed.
"""

import argparse
import os
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator

NAME = "desk"
MARKET = '[business]\nname = "Desk"\ndescription = "Standing desks"\n\n[upkeep]\nposts_days = 365\n'


@contextmanager
def clocked(what: str) -> Iterator[None]:
    began, cpu = time.perf_counter(), time.process_time()
    yield
    print(
        f"{what:22} {time.perf_counter() - began:8.1f} s {time.process_time() - cpu:8.1f} s of CPU",
        flush=True,
    )


def times(database: Path) -> None:
    """Each command's function once, on a copy."""
    from analysis.backup import backup, restore
    from analysis.checkup import examine
    from analysis.upkeep import upkeep
    from crawlers.market import data_dir, find_market, load_market

    with tempfile.TemporaryDirectory(dir=database.parent) as room:
        os.environ["RIVALMAP_HOME"] = room
        (Path(room) / "markets").mkdir()
        (Path(room) / "markets" / f"{NAME}.toml").write_text(MARKET, encoding="utf-8")
        folder = data_dir(NAME)
        folder.mkdir(parents=True)
        shutil.copyfile(database, folder / "market.db")
        (folder / "salt").write_bytes(bytes(32))
        market = load_market(find_market(NAME))
        print(f"database {database.stat().st_size / 1e6:.0f} MB")
        with clocked("doctor"):
            list(examine(market))
        with clocked("backup"):
            file = backup(NAME)
        print(f"backup file {file.stat().st_size / 1e6:.0f} MB")
        with clocked("restore"):
            restore(NAME, file)
        with clocked("upkeep --dry-run"):
            lines = upkeep(market, dry=True)
        print("\n".join(lines))
        with clocked("upkeep"):
            lines = upkeep(market)
        print("\n".join(lines))


def journal(folder: Path) -> None:
    """Bytes and records of an archive by kind of record."""
    sizes: Counter[str] = Counter()
    records: Counter[str] = Counter()
    for path in sorted(folder.glob("*.warc.gz")):
        with path.open("rb") as stream:
            archive = ArchiveIterator(stream)
            for record in archive:
                kind = record.rec_type
                records[kind] += 1
                archive.read_to_end()
                sizes[kind] += archive.get_record_length()
    total = sum(sizes.values())
    for kind, size in sizes.most_common():
        print(f"{kind:12} {records[kind]:8} records {size / 1e6:8.2f} MB {size / total:6.1%}")


def main() -> None:
    """Measure what is asked for."""
    parser = argparse.ArgumentParser(prog="bench.upkeep", description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--archive", type=Path, help="an archive folder, to weigh its journal")
    arguments = parser.parse_args()
    if arguments.archive:
        journal(arguments.archive)
    times(arguments.file.resolve())


if __name__ == "__main__":
    main()
