"""What is known of a business before its market file is written, and how free text becomes it."""

import re
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter, ValidationError

from crawlers.marketfile.values import Url, clean

_SEPARATORS = re.compile(r"[,;，；、\n]+(?!\s*(?:inc|ltd|llc|co)\b)", re.IGNORECASE)
_HOST_IN_TEXT = re.compile(
    r"(?:https?://)?(?:[\w-]+\.)+[a-z][\w-]*(?::\d+)?(?:/[^\s()（）]*)?", re.IGNORECASE
)
_NOTHING = frozenset(
    ("-", "no", "none", "n/a", "không", "khong", "không có", "chưa", "chưa biết", "没有", "無",
     "无", "不知道", "沒有")
)  # fmt: skip
_EDGES = " \t()（）<>[]:：-–—|·.,"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rival:
    """A rival as the user named it: a name, a site or both."""

    name: str | None = None
    site: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What goes into the file. Texts are clean; ``site`` and rivals' sites are absolute."""

    name: str | None = None
    sells: str | None = None
    audience: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    rivals: tuple[Rival, ...] = ()
    site: str | None = None
    offers: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()

    def or_else(self, other: "Answers") -> "Answers":
        """These answers, with the other's where there is none."""
        return Answers(**{
            field: getattr(self, field) or getattr(other, field) for field in self.__slots__
        })  # fmt: skip


def tidy(text: str, *, longest: int = 400) -> str:
    """A text as one printable line, cut at a word where it is longer than wanted."""
    line = " ".join("".join(c if c.isprintable() else " " for c in clean(text)).split())
    if len(line) <= longest:
        return line
    head = line[:longest]
    end = max(line.rfind(mark, 0, longest + 1) for mark in (". ", "。", "! ", "！"))
    if end >= longest // 3:
        return head[: end + 1]
    blank = head.rfind(" ")
    return head[: blank if blank > longest // 2 else longest].rstrip(" ,;，；、")


def answer(text: str | None) -> str:
    """One answer; ``""`` where the user said that there is none."""
    line = tidy(text or "", longest=2_000)
    return "" if line.lower().rstrip(".!。") in _NOTHING else line


def listed(text: str | None) -> tuple[str, ...]:
    """The entries of an answer that lists several."""
    parts = (tidy(part, longest=200).strip(" .") for part in _SEPARATORS.split(text or ""))
    return tuple(dict.fromkeys(part for part in parts if part and part.lower() not in _NOTHING))


def address(text: str) -> str:
    """An answer as an absolute address.

    :raises ValueError: where it is none; the message says why.
    """
    try:
        return str(TypeAdapter[Any](Url).validate_python(text))
    except ValidationError as error:
        found = error.errors()[0].get("ctx", {})
        raise ValueError(str(found.get("fix") or found.get("problem") or error)) from None


def rivals(text: str | None) -> tuple[Rival, ...]:
    """Rivals in free text: ``Acme (acme.com), https://other.example/``, or names alone."""
    found = []
    for part in listed(text):
        match = _HOST_IN_TEXT.search(part)
        site = None
        name = part
        if match:
            try:
                site = address(match[0].rstrip(".,"))
                name = f"{part[: match.start()]} {part[match.end() :]}".strip(_EDGES)
            except ValueError:
                site = None
        found.append(Rival(name=" ".join(name.split()) or None, site=site))
    return tuple(dict.fromkeys(found))
