"""What can be wrong with a market file or its name, said so that its writer can mend it. A leaf."""

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path


class MarketError(Exception):
    """Something about a market that its researcher has to mend. Commands exit with 3."""


class MarketNameError(MarketError):
    """A name that cannot name a market's file and folder. ``suggestion`` is one that can."""

    def __init__(self, message: str, *, suggestion: str) -> None:
        super().__init__(message)
        self.suggestion = suggestion


class MarketNotFoundError(MarketError):
    """No file for this name. ``existing`` are the names that have one."""

    def __init__(self, message: str, *, existing: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.existing = existing


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Problem:
    """One fault of a market file: its line (counted from 1), what is wrong, how to mend it."""

    line: int
    problem: str
    fix: str = ""

    def __str__(self) -> str:
        """``line 12: unknown key "x" — did you mean "y"?``."""
        return f"line {self.line}: {self.problem}" + (f" — {self.fix}" if self.fix else "")


class MarketFileError(MarketError):
    """A market file that cannot be used, with every fault found, in the order of its lines.

    :param path: the file as the reader of the message knows it.
    :param problems: at least one.
    """

    def __init__(self, path: Path | str, problems: Iterable[Problem]) -> None:
        self.path = Path(path)
        self.problems = tuple(sorted(set(problems)))
        super().__init__(self._text())

    @property
    def line(self) -> int:
        """The line of the first fault."""
        return self.problems[0].line

    @property
    def problem(self) -> str:
        """What is wrong there."""
        return self.problems[0].problem

    @property
    def fix(self) -> str:
        """How to mend it."""
        return self.problems[0].fix

    def _text(self) -> str:
        shown = shown_path(self.path)
        return "\n".join(f"{shown}, {problem}" for problem in self.problems)


def shown_path(path: Path) -> str:
    """The path as short as it stays clear: relative to the current folder where it lies below."""
    try:
        return str(path.resolve().relative_to(Path.cwd().resolve()))
    except (OSError, ValueError):
        return str(path)


def shown_value(value: object) -> str:
    """A value of the file for a message: one line, cut to sixty characters."""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = f'"{value}"' if isinstance(value, str) else str(value)
    text = " ".join("".join(c if c.isprintable() else " " for c in text[:400]).split())
    return text if len(text) <= 60 else text[:57] + "..."


def nearest(word: str, known: Sequence[str], *, cutoff: float = 0.6) -> str | None:
    """The known word that was most likely meant, case and punctuation aside, or ``None``."""
    if len(word) > 80:
        return None
    plain = {_plain(candidate): candidate for candidate in reversed(known)}
    wanted = _plain(word)
    if wanted in plain:
        return plain[wanted]
    for candidate, spelled in plain.items():  # "competitors" for "competitor", "url" in "urls"
        if wanted and (wanted == candidate + "s" or wanted + "s" == candidate):
            return spelled
    found = difflib.get_close_matches(wanted, plain, n=1, cutoff=cutoff)
    return plain[found[0]] if found else None


def did_you_mean(word: str, known: Sequence[str]) -> str:
    """A fix for an unknown word: the nearest one, else all there are."""
    match = nearest(word, known)
    return f'did you mean "{match}"?' if match else f"known are: {', '.join(known)}"


def _plain(word: str) -> str:
    return "".join(c for c in word.lower() if c.isalnum())
