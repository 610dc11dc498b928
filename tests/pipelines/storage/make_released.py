"""Makes the databases of released schemas that are missing:

    python -m tests.pipelines.storage.make_released

Each is the one before it, brought up to its schema by its own migration alone, with what that
migration leaves as it is: rows of tables that are new in it are for the hand of who adds them.
To be run when a migration is added, for the schema before it.
"""

import shutil
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

from sqlite_utils import Database

from pipelines.storage.database import migrations

RELEASED = Path(__file__).parent / "released"


def missing(released: Path = RELEASED) -> list[str]:
    """Schemas but the newest that no database is kept of, oldest first."""
    names = sorted(migration.name for migration in migrations._migrations)
    return [name for name in names[:-1] if not (released / f"{name}.db").exists()]


def make(name: str, released: Path = RELEASED) -> Path:
    """Make the database of a schema from the one of the schema before it."""
    before = max(path for path in released.glob("*.db") if path.stem < name)
    path = released / f"{name}.db"
    shutil.copy(before, path)
    with closing(sqlite3.connect(path)) as connection:
        migrations.apply(Database(connection), stop_before=_after(name))
        connection.commit()
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute("VACUUM")
    return path


def _after(name: str) -> str | None:
    later = sorted(other.name for other in migrations._migrations if other.name > name)
    return later[0] if later else None


if __name__ == "__main__":
    for one in missing():
        sys.stdout.write(f"{make(one)}\n")
