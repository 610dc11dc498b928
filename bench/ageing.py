"""A simulated clock: the database grows a day older, while the machine's clock stays as it is.

Every stored time moves back, so that to the program's next start its last one was a day ago. What
is read is what would be read then: no clock is replaced in the program under test.
"""

import sqlite3

MOMENT = "[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]Z"
DAY = "[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]"


def age(connection: sqlite3.Connection, *, days: int = 1) -> None:
    """Move every time and every day of every table back, in one transaction.

    A column counts as a time where its whole value is one; times inside longer texts stay.
    """
    tables = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%STRICT%'"
    ).fetchall()
    connection.execute("BEGIN IMMEDIATE")
    for (table,) in tables:
        for _, column, kind, *_ in connection.execute(f"PRAGMA table_info({table})").fetchall():
            if kind != "TEXT":
                continue
            for pattern, form in ((MOMENT, "%Y-%m-%dT%H:%M:%SZ"), (DAY, "%Y-%m-%d")):
                connection.execute(
                    f"UPDATE {table} SET {column} = strftime(?, {column}, ?) WHERE {column} GLOB ?",
                    (form, f"-{days} days", pattern),
                )
    connection.execute("COMMIT")
