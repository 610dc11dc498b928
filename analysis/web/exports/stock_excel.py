"""``/DB/TABLE.xlsx``: any table or view as Excel, with the filters of its page.

Datasette hands an output renderer the rows of one page only, in two ways in its two lines; its
streamed CSV has all of them, filtered, sorted and allowed as on the page, alike in both. So the
CSV is asked for and turned into Excel as it streams by: neither is ever whole in memory.
"""

from __future__ import annotations

import asyncio
import codecs
import contextlib
import csv
import io
import re
import tempfile
from collections.abc import Awaitable, Callable, Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode

from analysis.web.exports.excel import KIND, ExcelFile, Sheet
from analysis.web.exports.tables import Cell
from analysis.web.security import OURS, Asgi

MOST_ROWS = 200_000
AT_ONCE = 2
"""Files built at the same time; others wait: each keeps a core busy."""

_BATCH = 64_000
_LONGEST_FIELD = 64_000_000
_INTEGER = re.compile(r"-?(?:0|[1-9]\d{0,14})")
_REAL = re.compile(r"-?\d{1,20}(?:\.\d{1,20})?(?:e[+-]?\d{1,3})?", re.IGNORECASE)
_OF_ONE_PAGE = frozenset({"_next", "_size", "_shape", "_dl", "_stream", "_header", "_trace"})
Types = Callable[[str], Awaitable[Mapping[str, str]]]
"""Column -> declared type of a table; where a type is empty, whole numbers are numbers."""
Remark = Callable[[Mapping[str, Any], str, int], str]
"""The last line of a file that was cut: (ASGI scope, why, rows) -> text."""


def with_excel(app: Asgi, *, base: str, database: str, types: Types, remark: Remark) -> Asgi:
    """The application with ``.xlsx`` beside every ``.csv`` of a table.

    :param base: Datasette's ``base_url``; a proxy may have taken it off the path.
    :param database: the market's database as its addresses spell it.
    :param types: the types of a table's columns.
    :param remark: words for a file that does not hold every row.
    """
    start = rf"(?:{re.escape(base.rstrip('/'))})?/{re.escape(database)}/"
    path_of = re.compile(start + r"(?P<table>[^/]+)\.xlsx")
    gate = asyncio.Semaphore(AT_ONCE)

    async def served(
        scope: dict[str, Any], receive: Callable[..., Any], send: Callable[..., Any]
    ) -> None:
        asked = path_of.fullmatch(scope["path"]) if scope["type"] == "http" else None
        if asked is None:
            await app(scope, receive, send)
            return
        table = _untilde(asked["table"])
        async with gate:
            with tempfile.TemporaryDirectory(prefix="rivalmap-") as folder:
                # The table is named in a header: ASCII, no quotes.
                name = re.sub(r"[^A-Za-z0-9_.-]", "_", table)[:80] or "table"
                answer = _Answer(
                    send, Path(folder) / "table.xlsx", name, scope["method"] == "HEAD",
                    CsvToSheet(table, await types(table)),
                    lambda why, rows: remark(scope, why, rows),
                )  # fmt: skip
                try:
                    await app(_as_csv(scope), receive, answer.take)
                finally:
                    await answer.close()

    return served


def _as_csv(scope: Mapping[str, Any]) -> dict[str, Any]:
    """The request for the same rows as streamed CSV."""
    query = [
        pair
        for pair in parse_qsl(scope.get("query_string", b"").decode("latin-1"), True)
        if pair[0] not in _OF_ONE_PAGE and not pair[0].startswith("_facet")
    ]
    inner = dict(scope)
    inner["path"] = scope["path"].removesuffix(".xlsx") + ".csv"
    # Who asks for the headers alone is not made to wait for the rows.
    all_rows = [("_size", "1")] if scope["method"] == "HEAD" else [("_stream", "on")]
    inner["query_string"] = urlencode([*query, *all_rows]).encode()
    raw = scope.get("raw_path")
    if raw:
        inner["raw_path"] = raw.split(b"?")[0].removesuffix(b".xlsx") + b".csv"
    return inner


def _untilde(name: str) -> str:
    """A table's name from Datasette's spelling in addresses (``~2E`` for a dot)."""
    return unquote(name.replace("%", "").replace("~", "%").replace("+", " "))


class _Answer:
    """Takes the messages of the CSV's answer; sends those of the Excel file."""

    def __init__(
        self, send: Callable[..., Any], path: Path, name: str, headers_only: bool,
        rows: CsvToSheet, remark: Callable[[str, int], str],
    ) -> None:  # fmt: skip
        self._send, self._path, self._name = send, path, name
        self._headers_only = headers_only
        self._rows, self._remark = rows, remark
        self._passed = False
        self._headers: list[tuple[bytes, bytes]] = []
        self._pending: list[bytes] = []
        self._size = 0

    async def take(self, message: dict[str, Any]) -> None:
        """A message of the CSV's answer."""
        if message["type"] == "http.response.start":
            headers = [(bytes(k).lower(), bytes(v)) for k, v in message.get("headers", [])]
            kind = dict(headers).get(b"content-type", b"").split(b";")[0]
            self._passed = message["status"] != 200 or kind not in (b"text/plain", b"text/csv")
            self._headers = headers
            if self._passed:
                await self._send(message)
        elif self._passed:
            await self._send(message)
        elif self._headers_only:
            if not message.get("more_body", False):
                await self._begin(())
                await self._send({"type": "http.response.body", "body": b""})
        elif message["type"] == "http.response.body":
            body = message.get("body", b"")
            self._pending.append(body)
            self._size += len(body)
            last = not message.get("more_body", False)
            if last or self._size >= _BATCH:
                chunk, self._pending, self._size = b"".join(self._pending), [], 0
                await asyncio.to_thread(self._rows.feed, chunk, last=last)
            if last:
                await asyncio.to_thread(self._rows.save, self._path, self._remark)
                await self._send_file()

    async def _begin(self, more: Iterable[tuple[bytes, bytes]]) -> None:
        replaced = (b"content-type", b"content-length", b"content-disposition")
        headers = [pair for pair in self._headers if pair[0] not in replaced]
        headers += [
            (b"content-type", KIND.encode()),
            (b"content-security-policy", OURS.encode()),
            (b"content-disposition", f'attachment; filename="{self._name}.xlsx"'.encode()),
            *more,
        ]
        await self._send({"type": "http.response.start", "status": 200, "headers": headers})

    async def _send_file(self) -> None:
        size = (await asyncio.to_thread(self._path.stat)).st_size
        await self._begin([(b"content-length", str(size).encode())])
        with self._path.open("rb") as file:
            while chunk := await asyncio.to_thread(file.read, _BATCH):
                await self._send({"type": "http.response.body", "body": chunk, "more_body": True})
        await self._send({"type": "http.response.body", "body": b""})

    async def close(self) -> None:
        """Give up what was not sent."""
        await asyncio.to_thread(self._rows.discard)


class CsvToSheet:
    """CSV as it streams by into a sheet: at most :data:`MOST_ROWS` rows.

    :param types: column -> declared type.
    """

    def __init__(self, name: str, types: Mapping[str, str], *, most: int = MOST_ROWS) -> None:
        csv.field_size_limit(_LONGEST_FIELD)
        self._book = ExcelFile()
        self._name, self._types, self._most = name, types, most
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._rest = ""
        self._sheet: Sheet | None = None
        self._columns: list[str] = []
        self._open = True
        self.why = ""
        """Why rows are missing: ``rows`` (too many) or what Datasette said; empty where none is."""

    def feed(self, chunk: bytes, *, last: bool) -> None:
        """Take a part of the CSV; it may end anywhere."""
        text = self._rest + self._decoder.decode(chunk, final=last)
        if not last and not (text.endswith("\n") and text.count('"') % 2 == 0):
            self._rest = text
            return
        self._rest = ""
        if self.why:
            return
        for record in csv.reader(io.StringIO(text, newline="")):
            if self._sheet is None:
                self._columns = record
                self._sheet = self._book.sheet(self._name, record)
            elif self._sheet.rows >= self._most:
                self.why = "rows"
                return
            elif len(record) != len(self._columns):
                # Datasette ends a stream that failed with a line of words.
                self.why = " ".join(record)[:200] or "-"
                return
            else:
                self._sheet.add(
                    [self._value(n, v) for n, v in zip(self._columns, record, strict=True)]
                )

    def save(self, path: Path, remark: Callable[[str, int], str]) -> None:
        """Write the file; a cut one says so in its last line."""
        sheet = self._sheet or self._book.sheet(self._name, [])
        sheet.finish(*([remark(self.why, sheet.rows)] if self.why else []))
        self._book.save(path)
        self._open = False

    def discard(self) -> None:
        """Give up what was not saved, the temporary files too."""
        if self._open and self._sheet is not None:
            with tempfile.TemporaryDirectory() as folder, contextlib.suppress(OSError):
                self.save(Path(folder) / "unwanted.xlsx", lambda _why, _rows: "")
        self._open = False

    def _value(self, name: str, text: str) -> Cell:
        if not text:
            return None
        kind = self._types.get(name, "TEXT").upper()
        if kind in ("INTEGER", "INT", "") and _INTEGER.fullmatch(text):
            return int(text)
        if kind == "REAL" and _REAL.fullmatch(text):
            return float(text)
        return text
