"""Where in a TOML text each key stands. tomllib gives values without lines; errors need lines.

A leaf, pure. Meant for texts that tomllib has accepted: it walks the same grammar (TOML 1.0) and
checks nothing.
"""

import contextlib
from collections import defaultdict
from collections.abc import Sequence

KeyPath = tuple[str | int, ...]
"""Keys and list indices from the root: ``("competitor", 0, "tier")``."""

MOST_PARTS = 32
"""Parts of a dotted key. tomllib's time grows with their square: thousands would hang it."""

_DEPTH = 8  # keys deeper than the model reaches are found by their ancestors
_BARE_END = frozenset(" \t\n=.]")
_SCALAR_END = frozenset(",]}#\n")
_ESCAPES = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", '"': '"', "\\": "\\"}


class Lines:
    """Lines, counted from 1, of the keys of a TOML text."""

    def __init__(self, text: str) -> None:
        self._lines: dict[KeyPath, int] = {}
        scanner = _Scanner(text.replace("\r\n", "\n"), self._lines)
        # Where it is not TOML after all, what was found until there still helps.
        with contextlib.suppress(IndexError, ValueError, RecursionError):
            scanner.document()
        self.unclosed = scanner.unclosed
        """The line where a multi-line string opens that nothing closes, else ``None``."""
        self.too_deep = scanner.too_deep
        """The line of a key of more parts than :data:`MOST_PARTS`, else ``None``."""

    def of(self, path: Sequence[str | int]) -> int:
        """The line of a key path, or of the nearest ancestor that stands in the text, or 1."""
        wanted: KeyPath = tuple(path)[:_DEPTH]
        while wanted:
            if wanted in self._lines:
                return self._lines[wanted]
            wanted = wanted[:-1]
        return 1


class _Scanner:
    def __init__(self, text: str, lines: dict[KeyPath, int]) -> None:
        self.text = text
        self.at = 0
        self.line = 1
        self.lines = lines
        self.unclosed: int | None = None
        self.too_deep: int | None = None
        self._counts: dict[KeyPath, int] = defaultdict(int)

    def document(self) -> None:
        table: KeyPath = ()
        while self._skip(newlines=True):
            if self.text.startswith("[[", self.at):
                table = self._header(2, many=True)
            elif self.text[self.at] == "[":
                table = self._header(1, many=False)
            else:
                self._pair(table)

    def _header(self, width: int, *, many: bool) -> KeyPath:
        line = self.line
        self.at += width
        keys = self._keys("]")[:_DEPTH]
        self.at += width
        path: KeyPath = ()
        for key in keys[:-1]:
            path = self._latest((*path, key))
        path = (*path, *keys[-1:])
        if many:
            self._mark(path, line)
            self._counts[path] += 1
            path = (*path, self._counts[path] - 1)
        self._mark(path, line)
        return path

    def _latest(self, path: KeyPath) -> KeyPath:
        count = self._counts.get(path)
        return (*path, count - 1) if count else path

    def _mark(self, path: KeyPath, line: int) -> None:
        for size in range(1, min(len(path), _DEPTH) + 1):
            self.lines.setdefault(path[:size], line)

    def _pair(self, table: KeyPath) -> None:
        line = self.line
        keys = self._keys("=")
        self.at += 1
        path = (*table[:_DEPTH], *keys[:_DEPTH])
        self._mark(path, line)
        self._value(path)

    def _keys(self, end: str) -> list[str]:
        """A dotted key, up to the character that ends it."""
        keys: list[str] = []
        while True:
            self._skip(newlines=False)
            char = self.text[self.at]
            if char == end:
                return keys
            if char == ".":
                self.at += 1
            elif char in "\"'":
                keys.append(self._string())
            else:
                start = self.at
                while self.text[self.at] not in _BARE_END:
                    self.at += 1
                if self.at == start:
                    raise IndexError("no key here")
                keys.append(self.text[start : self.at])
            if len(keys) > MOST_PARTS:
                self.too_deep = self.line
                raise IndexError("too many parts")

    def _value(self, path: KeyPath) -> None:
        self._skip(newlines=False)
        char = self.text[self.at]
        if char in "\"'":
            self._string()
        elif char == "[":
            self._array(path)
        elif char == "{":
            self._inline_table(path)
        else:
            start = self.at
            while self.at < len(self.text) and self.text[self.at] not in _SCALAR_END:
                self.at += 1
            if self.at == start:
                raise IndexError("no value here")

    def _array(self, path: KeyPath) -> None:
        self.at += 1
        index = 0
        while self._skip(newlines=True):
            char = self.text[self.at]
            if char == "]":
                self.at += 1
                return
            if char == ",":
                self.at += 1
                continue
            item = (*path[:_DEPTH], index)
            self._mark(item, self.line)
            self._value(item)
            index += 1

    def _inline_table(self, path: KeyPath) -> None:
        self.at += 1
        while self._skip(newlines=True):
            char = self.text[self.at]
            if char == "}":
                self.at += 1
                return
            if char == ",":
                self.at += 1
                continue
            self._pair(path)

    def _string(self) -> str:
        quote = self.text[self.at]
        opened = self.line
        if self.text.startswith(quote * 3, self.at):
            end = self._end_of(quote * 3, self.at + 3, escapes=quote == '"')
            if end < 0:
                self.unclosed = opened
                raise IndexError("unclosed string")
            # up to two more quotes may stand before the closing three
            while self.text.startswith(quote, end + 3):
                end += 1
            self.line += self.text.count("\n", self.at, end)
            self.at = end + 3
            return ""  # a multi-line string is never a key
        end = self._end_of(quote, self.at + 1, escapes=quote == '"')
        if end < 0:
            raise IndexError("unclosed string")
        raw = self.text[self.at + 1 : end]
        self.at = end + 1
        return _unescape(raw) if quote == '"' and "\\" in raw else raw

    def _end_of(self, quote: str, start: int, *, escapes: bool) -> int:
        end = self.text.find(quote, start)
        while escapes and end > 0:
            slashes = 0
            while self.text[end - 1 - slashes] == "\\" and end - 1 - slashes >= start:
                slashes += 1
            if slashes % 2 == 0:
                break
            end = self.text.find(quote, end + 1)
        return end

    def _skip(self, *, newlines: bool) -> bool:
        """Move over blanks (and comments and line ends); false at the end of the text."""
        while self.at < len(self.text):
            char = self.text[self.at]
            if char in " \t":
                self.at += 1
            elif newlines and char == "\n":
                self.line += 1
                self.at += 1
            elif newlines and char == "#":
                end = self.text.find("\n", self.at)
                self.at = end if end >= 0 else len(self.text)
            else:
                return True
        return False


def _unescape(raw: str) -> str:
    out: list[str] = []
    at = 0
    while at < len(raw):
        if raw[at] != "\\":
            out.append(raw[at])
            at += 1
            continue
        sign = raw[at + 1]
        if sign in "uU":
            size = 4 if sign == "u" else 8
            out.append(chr(int(raw[at + 2 : at + 2 + size], 16)))
            at += 2 + size
        else:
            out.append(_ESCAPES.get(sign, sign))
            at += 2
    return "".join(out)
