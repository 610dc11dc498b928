"""Values as a reader sees them: crawled text made harmless, money, times, shares."""

import shlex
import unicodedata
from collections.abc import Sequence
from urllib.parse import unquote

from crawlers.urls import is_web_url
from pipelines.channels import platform_names
from pipelines.storage.money import exponent, from_minor

# Explicit direction controls: inside a text they can turn the rest of the line around.
_DIRECTION = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C])

_SHORT, _LEAST, _PATH_READ = 40, 8, 1_000
"""Characters of an address shown, of its path shown at least, and of its path looked at."""


def plain(text: object, limit: int = 600) -> str:
    """Crawled text for display: no control or direction characters, no pile of combining marks,
    cut at ``limit`` characters. Escaping is the template's.
    """
    source = "" if text is None else str(text)
    cut = source[: limit + 1]
    if cut.isascii() and cut.isprintable():  # most names and words: nothing in them to take out
        return source if len(source) <= limit else cut[:limit].rstrip() + "…"
    cut = cut.translate(_DIRECTION)
    kept: list[str] = []
    marks = 0
    for character in cut:
        if unicodedata.category(character) in ("Mn", "Me"):  # some have no combining class
            marks += 1
            if marks > 3:  # no language here stacks more; "zalgo" text stacks dozens
                continue
        else:
            marks = 0
        if character in "\n\t" or unicodedata.category(character) != "Cc":
            kept.append(character)
    shown = "".join(kept)
    return shown if len(source) <= limit else shown[:limit].rstrip() + "…"


def typed(words: Sequence[str]) -> str:
    """A command as it is typed: what a shell would read otherwise stands in quotes."""
    return shlex.join(" ".join(plain(word, 200).split()) for word in words)


def safe_url(url: object) -> str | None:
    """The address if it is http or https, else ``None``: nothing else ever becomes a link."""
    text = str(url or "").strip()
    if len(text) > 2_000 or any(ord(c) < 33 for c in text):
        return None
    return text if is_web_url(text) else None


def host(url: object) -> str:
    """What to show for a link: address without scheme and trailing slash, its path as it is read
    (``%E4%BB%B7`` as 价) and short. Only shown: the link keeps the address as it is.
    """
    site, slash, path = str(url or "").split("://", 1)[-1].partition("/")
    path = unquote(path[:_PATH_READ]).rstrip("/")
    # A space or line of a decoded path would look like words of ours.
    name = plain(site, 60)
    room = max(_SHORT - len(name), _LEAST)
    return name + (slash + "".join(plain(path, room).split()) if path else "")


def day(moment: object) -> str:
    """``2026-11-20`` of an RFC 3339 time; empty for none."""
    return plain(str(moment or "")[:10])


def minute(moment: object) -> str:
    """``2026-11-20 06:30`` (UTC) of an RFC 3339 time; empty for none."""
    return plain(str(moment or "")[:16]).replace("T", " ")


def percent(share: float | None) -> str:
    """``34 %`` of 0.34; empty for none."""
    return "" if share is None else f"{round(100 * share)}\u00a0%"


def platform(slug: str) -> str:
    """A platform's name as its owners write it; the slug where the signal table has none."""
    return platform_names().get(slug, slug)


def money(minor: int | None, currency: str | None) -> str:
    """Minor units as an amount with its currency; no decimals where there are none."""
    amount = from_minor(minor, currency)
    if amount is None:
        return ""
    whole = amount == amount.to_integral_value()
    text = f"{amount:,.{0 if whole else exponent(currency)}f}"
    return f"{text} {plain(currency, 8)}" if currency else text
