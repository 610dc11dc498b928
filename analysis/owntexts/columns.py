"""Which column of a table is what: by its name in three languages, and by what stands in it."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from analysis.owntexts.languages import language_code
from analysis.owntexts.model import ChoiceError, Choices
from crawlers.folding import fold

_WORD = re.compile(r"[a-z0-9]+|[\u3400-\u9fff]")
_HAN = re.compile(r"[\u3400-\u9fff]")
_NUMERIC = re.compile(r"[\d\s.,:/+%★☆*-]*")
_MOST_WORDS = 6
"""A longer name is a question in full; whose words stand below it, only the user knows."""
_MOST_CANDIDATES = 5
_TELLING = 12
"""Characters: a column whose texts are shorter on average is named last among candidates."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Columns by role; ``question`` holds the question of each row, ``texts`` the answers.

    ``authors`` are asked in turn: a row without an e-mail address is known by the name in it.
    ``headline`` belongs to the text itself; ``thread`` names what the text is about. ``spoken`` is
    the code of the language all texts are in, where the user says it.
    """

    texts: tuple[str, ...]
    authors: tuple[str, ...] = ()
    date: str | None = None
    rating: str | None = None
    id: str | None = None
    language: str | None = None
    thread: str | None = None
    headline: str | None = None
    spoken: str | None = None

    def read_as(self) -> dict[str, str]:
        """Role -> columns, for the user; questions asked in columns are cut."""
        named = {
            "text": ", ".join(_shown(name) for name in self.texts),
            "author": ", else ".join(_shown(name) for name in self.authors),
            "date": self.date, "rating": self.rating, "id": self.id,
            "language": told_language(self.spoken, self.language),
            "thread": self.thread, "title": self.headline,
        }  # fmt: skip
        return {role: _shown(name, 200) for role, name in named.items() if name}


def told_language(spoken: str | None, column: str | None = None) -> str:
    """Which language texts are read in, and who says so, for the user."""
    if spoken:
        return f"{spoken} (--lang)"
    return f"column {column}" if column else "told from each text"


def find_columns(
    names: Sequence[str], sample: Sequence[Mapping[str, str]], choices: Choices
) -> Columns:
    """The role of each column.

    :param sample: the first rows.
    :raises ChoiceError: where a chosen column is not there, a language is none, or no text column
        can be told.
    """
    chosen = _chosen(names, choices)
    spoken = None
    if choices.language and "language" not in chosen:
        spoken = code_said(choices.language, f" {_listed(names)}")
    roles: dict[str, str] = {}
    for name in names:
        if name not in chosen.values() and name not in choices.texts:
            roles[name] = role_of(name) or ""
    texts = tuple(_existing(names, name, "--text") for name in choices.texts)
    if not texts:
        texts = tuple(
            name for name, role in roles.items() if role == "text" and _in_words(name, sample)
        )
        rated = [n for n, role in roles.items() if role == "text" and n not in texts]
        for name in rated:  # 评价 and "đánh giá" are said of stars, too
            roles[name] = "rating" if any(row.get(name) for row in sample) else ""
        if not texts and len(names) == 1:
            texts = tuple(names)
        if not texts:
            raise ChoiceError(_no_text(names, sample))

    def one(role: str) -> str | None:
        return chosen.get(role) or next(
            (n for n, r in roles.items() if r == role and n not in texts), None
        )

    title = one("title")
    repeats = title is not None and not _differs(title, sample)
    thread = one("question") or one("product") or (title if repeats else None)
    named = (one("email"), one("author"))
    authors = (chosen["author"],) if "author" in chosen else tuple(name for name in named if name)
    return Columns(
        texts=texts, authors=authors, date=one("date"), rating=one("rating"), id=one("id"),
        language=None if spoken else one("language"), thread=thread,
        headline=None if repeats else title, spoken=spoken,
    )  # fmt: skip


def code_said(language: str, columns: str = "") -> str:
    """The code of the language that ``--lang`` names.

    :param columns: what to say of the columns it does not name either.
    :raises ChoiceError: where it names none.
    """
    code = language_code(language)
    if code is None:
        what = "neither a column nor a language code" if columns else "no language code"
        raise ChoiceError(f"--lang: {language!r} is {what}; write en, zh, vi, ...{columns}")
    return code


def role_of(name: str) -> str | None:
    """What a column's name says it holds; ``None`` where it does not say.

    >>> role_of("Review date"), role_of("用户评价"), role_of("Ngày đánh giá")
    ('date', 'text', 'date')
    """
    words = tuple(_WORD.findall(fold(name.replace("_", " "))))
    found: list[tuple[tuple[int, int], str, bool]] = []
    if len([w for w in words if not _HAN.match(w)]) > _MOST_WORDS or len(words) > 16:
        return None
    for start in range(len(words)):
        for end in range(len(words), start, -1):
            for role, language in _phrases().get(words[start:end], ()):
                first = language == "vi"
                place = (-start, end - start) if first else (end, end - start)
                found.append((place, role, first))
    if not found:
        return None
    whole = [one for one in found if one[0][1] == len(words)]
    if whole:
        return whole[0][1]
    # The head of a name stands first in Vietnamese and last elsewhere.
    vietnamese = [one for one in found if one[2]]
    others = [one for one in found if not one[2]]
    return max(vietnamese if len(vietnamese) > len(others) else others or vietnamese)[1]


@cache
def _phrases() -> Mapping[tuple[str, ...], tuple[tuple[str, str], ...]]:
    file = resources.files("analysis.owntexts").joinpath("columns.toml")
    found: dict[tuple[str, ...], list[tuple[str, str]]] = {}
    for role, languages in tomllib.loads(file.read_text(encoding="utf-8")).items():
        for language, phrases in languages.items():
            for phrase in phrases:
                found.setdefault(tuple(_WORD.findall(fold(phrase))), []).append((role, language))
    return {words: tuple(roles) for words, roles in found.items()}


def _chosen(names: Sequence[str], choices: Choices) -> dict[str, str]:
    found = {
        role: _existing(names, name, f"--{role}")
        for role, name in (
            ("author", choices.author), ("date", choices.date), ("rating", choices.rating),
            ("id", choices.id),
        )
        if name
    }  # fmt: skip
    if choices.language and (same := _same(names, choices.language)):
        found["language"] = same
    return found


def _existing(names: Sequence[str], asked: str, option: str) -> str:
    name = _same(names, asked)
    if name is None:
        raise ChoiceError(f"{option}: there is no column {asked!r}. {_listed(names)}")
    return name


def _same(names: Sequence[str], asked: str) -> str | None:
    if asked in names:
        return asked
    return next((name for name in names if fold(name).strip() == fold(asked).strip()), None)


def _in_words(name: str, sample: Sequence[Mapping[str, str]]) -> bool:
    """Whether a column holds words rather than stars and numbers."""
    filled = [row[name] for row in sample if row.get(name, "").strip()]
    return not filled or sum(not _NUMERIC.fullmatch(v[:200]) for v in filled) * 2 > len(filled)


def _differs(name: str, sample: Sequence[Mapping[str, str]]) -> bool:
    """Whether most rows have a title of their own: then it is the author's words, not a group's."""
    filled = [row[name] for row in sample if row.get(name, "").strip()]
    return len(filled) < 2 or len(set(filled)) * 2 > len(filled)


def _no_text(names: Sequence[str], sample: Sequence[Mapping[str, str]]) -> str:
    lengths = {}
    for name in names:
        # Some answer with a number alone; what the others write tells the column all the same.
        worded = [
            len(row[name]) for row in sample
            if row.get(name, "").strip() and not _NUMERIC.fullmatch(row[name][:200])
        ]  # fmt: skip
        if worded:
            lengths[name] = sum(worded) / len(worded)
    longest = sorted(lengths, key=lambda name: -lengths[name])[:_MOST_CANDIDATES]
    likely = [name for name in longest if lengths[name] >= _TELLING] or longest[:1]
    said = "no column is named as one that holds what people say. "
    if likely:
        options = " ".join(f'--text "{_shown(name, 120)}"' for name in likely)
        said += f"Most likely, by the length of what stands in them: {options} — name those meant. "
    return said + _listed(names)


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(_shown(name) for name in names[:40])
    more = f" and {len(names) - 40} more" if len(names) > 40 else ""
    return f"Columns: {shown}{more}"


def _shown(name: str, most: int = 60) -> str:
    plain = " ".join("".join(c if c.isprintable() else " " for c in name).split())
    return plain if len(plain) <= most else plain[: most - 1] + "…"
