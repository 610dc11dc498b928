"""Kinds of values of the market file: what is accepted, what it becomes, how a fault is mended.

Each is a pydantic type. A fault is raised as :class:`Fault`, which carries the mend with it. Pure.
"""

import math
import re
import unicodedata
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Annotated, Any
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from crawlers.marketfile.errors import did_you_mean, nearest, shown_value
from crawlers.urls import is_web_url

LONGEST_TEXT = 5_000
"""Characters of one text. What a business says of itself in a sentence or a page."""
MOST_TEXTS = 500
"""Entries of one list of texts."""

_EMAIL = re.compile(r"[^\s@<>()\",;]{1,64}@[^\s@<>()\",;]{1,190}\.[^\s@<>()\",;.]{2,}")
_HOST_ONLY = re.compile(r"[^\s/@:]+(:\d+)?([/?#]\S*)?")
_HOST = re.compile(r"[^\s/@<>\"'\\^`{|},;!$&()*+=%]+")

LANGUAGES = frozenset({
    "aa", "ab", "ae", "af", "ak", "am", "an", "ar", "as", "av", "ay", "az", "ba", "be", "bg",
    "bh", "bi", "bm", "bn", "bo", "br", "bs", "ca", "ce", "ch", "co", "cr", "cs", "cu", "cv",
    "cy", "da", "de", "dv", "dz", "ee", "el", "en", "eo", "es", "et", "eu", "fa", "ff", "fi",
    "fj", "fo", "fr", "fy", "ga", "gd", "gl", "gn", "gu", "gv", "ha", "he", "hi", "ho", "hr",
    "ht", "hu", "hy", "hz", "ia", "id", "ie", "ig", "ii", "ik", "io", "is", "it", "iu", "ja",
    "jv", "ka", "kg", "ki", "kj", "kk", "kl", "km", "kn", "ko", "kr", "ks", "ku", "kv", "kw",
    "ky", "la", "lb", "lg", "li", "ln", "lo", "lt", "lu", "lv", "mg", "mh", "mi", "mk", "ml",
    "mn", "mr", "ms", "mt", "my", "na", "nb", "nd", "ne", "ng", "nl", "nn", "no", "nr", "nv",
    "ny", "oc", "oj", "om", "or", "os", "pa", "pi", "pl", "ps", "pt", "qu", "rm", "rn", "ro",
    "ru", "rw", "sa", "sc", "sd", "se", "sg", "si", "sk", "sl", "sm", "sn", "so", "sq", "sr",
    "ss", "st", "su", "sv", "sw", "ta", "te", "tg", "th", "ti", "tk", "tl", "tn", "to", "tr",
    "ts", "tt", "tw", "ty", "ug", "uk", "ur", "uz", "ve", "vi", "vo", "wa", "wo", "xh", "yi",
    "yo", "za", "zh", "zu",
})  # fmt: skip
"""ISO 639-1, the two-letter codes in use."""

# What people write for a code: countries' codes, ISO 639-2 codes, names.
_MEANT_LANGUAGE = {
    "cn": "zh", "chs": "zh", "cht": "zh", "hans": "zh", "hant": "zh", "zho": "zh", "chi": "zh",
    "cmn": "zh", "yue": "zh", "chinese": "zh", "mandarin": "zh", "中文": "zh", "汉语": "zh",
    "普通话": "zh", "vn": "vi", "vie": "vi", "vietnamese": "vi", "tiếng việt": "vi",
    "tieng viet": "vi", "eng": "en", "us": "en", "gb": "en", "english": "en", "英文": "en",
    "jp": "ja", "jpn": "ja", "japanese": "ja", "kor": "ko", "korean": "ko", "thai": "th",
    "fra": "fr", "fre": "fr", "french": "fr", "deu": "de", "ger": "de", "german": "de",
    "spa": "es", "spanish": "es",
}  # fmt: skip
_MEANT_ZONE = {
    "beijing": "Asia/Shanghai", "china": "Asia/Shanghai", "cst": "Asia/Shanghai",
    "+8": "Asia/Shanghai", "hanoi": "Asia/Ho_Chi_Minh", "ha noi": "Asia/Ho_Chi_Minh",
    "saigon": "Asia/Ho_Chi_Minh", "vietnam": "Asia/Ho_Chi_Minh", "ict": "Asia/Ho_Chi_Minh",
    "+7": "Asia/Ho_Chi_Minh", "taiwan": "Asia/Taipei", "est": "America/New_York",
    "pst": "America/Los_Angeles", "cet": "Europe/Berlin",
}  # fmt: skip
_OFFSET = re.compile(r"(?:gmt|utc)?\s*\+\s*0?(\d{1,2})(?::?00)?")


class Fault(PydanticCustomError):  # noqa: N818 - a fault of the file, not of the program
    """A fault with its mend. ``Fault.of("no such tier", "write 1, 2 or 3")``."""

    @classmethod
    def of(cls, problem: str, fix: str = "") -> "Fault":
        """Build one; both texts may hold anything."""
        return cls("fault", "{problem}", {"problem": problem, "fix": fix})


def clean(text: str) -> str:
    """NFC, blanks at the ends off, control characters turned to blanks, line breaks kept."""
    text = unicodedata.normalize("NFC", text)
    bare = (c if c == "\n" or unicodedata.category(c) not in ("Cc", "Cs") else " " for c in text)
    return "".join(bare).strip()


def _text(value: Any) -> Any:
    if not isinstance(value, str):
        raise Fault.of(f"expected a text, found {kind_of(value)}", 'write it in quotes: "..."')
    text = clean(value)
    if len(text) > LONGEST_TEXT:
        raise Fault.of(
            f"the text has {len(text):,} characters, more than {LONGEST_TEXT:,}", "shorten it"
        )
    if not text:
        raise Fault.of("the text is empty", "write something between the quotes or leave it out")
    return text


def _line(value: Any) -> Any:
    return " ".join(_text(value).split())


def texts_of(value: Any) -> Any:
    """A list of one-line texts, each once; a text alone is a list of one.

    :raises Fault: for anything else.
    """
    if isinstance(value, str):
        value = [value]
    if not isinstance(value, list | tuple):
        raise Fault.of(
            f"expected a list of texts, found {kind_of(value)}", 'write ["one", "another"]'
        )
    if len(value) > MOST_TEXTS:
        raise Fault.of(f"the list has {len(value):,} entries, more than {MOST_TEXTS}", "shorten it")
    found: list[str] = []
    for part in value:
        text = _line(part)
        if text not in found:
            found.append(text)
    return tuple(found)


def _url(value: Any) -> Any:
    """An http(s) address. A bare host (``shop.com/a``) is read as https, a local one as http."""
    text = _line(value)
    shown = shown_value(text)
    if "://" not in text:
        scheme = text.split(":")[0].lower() if ":" in text else ""
        if scheme in ("mailto", "tel", "javascript", "data", "file"):
            raise Fault.of(f"{shown} is no web address", "write one that begins with https://")
        if not _HOST_ONLY.fullmatch(text):
            raise Fault.of(f"{shown} is no web address", "write it like https://example.com/")
        local = re.match(r"([\w-]+\.)*localhost\b|127\.", text, re.IGNORECASE)
        text = f"{'http' if local else 'https'}://{text}"
    scheme = text.split("://")[0].lower()
    if scheme not in ("http", "https"):
        meant = nearest(scheme, ["http", "https"])
        raise Fault.of(
            f'{shown} begins with "{scheme}://"',
            f"did you mean {meant}://?" if meant else "only http:// and https:// are read",
        )
    text = scheme + text[len(scheme) :]
    if not is_web_url(text) or " " in text:
        raise Fault.of(f"{shown} is no web address", "write it like https://example.com/")
    parts = urlsplit(text)
    if parts.username is not None:
        raise Fault.of(
            f"{shown} carries a user name or password",
            "take it out: Rivalmap reads public pages only and never logs in",
        )
    host = parts.hostname or ""
    named = "." in host.strip(".") or ":" in host or host == "localhost"
    if not named or not _HOST.fullmatch(host) or ".." in host:
        raise Fault.of(f"{shown} has no complete host name", "write it like https://example.com/")
    return text


def _language(value: Any) -> Any:
    text = _line(value)
    code = text.replace("_", "-").split("-")[0].lower()
    if code in LANGUAGES:
        return code
    meant = _MEANT_LANGUAGE.get(text.lower()) or _MEANT_LANGUAGE.get(code)
    if meant:
        raise Fault.of(f"{shown_value(text)} is no language code", f'did you mean "{meant}"?')
    if re.fullmatch(r"[a-z]{3}", code):  # ISO 639-3, for languages without a shorter code
        return code
    raise Fault.of(
        f"{shown_value(text)} is no language code",
        "use the two-letter code of ISO 639-1, such as en, zh or vi",
    )


def _languages(value: Any) -> Any:
    return tuple(dict.fromkeys(_language(text) for text in texts_of(value)))


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _zone(value: Any) -> Any:
    name = _line(value)
    if name in _zones():
        return name
    plain = name.lower()
    offset = _OFFSET.fullmatch(plain)
    cities = {zone.rsplit("/", 1)[-1].lower(): zone for zone in sorted(_zones(), reverse=True)}
    city = plain.replace(" ", "_").rsplit("/", 1)[-1]
    meant = (
        _MEANT_ZONE.get(f"+{offset[1]}" if offset else plain)
        or _MEANT_ZONE.get(city.replace("_", " "))
        or cities.get(city)
        or nearest(name, sorted(_zones()), cutoff=0.75)
        or cities.get(nearest(city, sorted(cities), cutoff=0.75) or "")
    )
    raise Fault.of(
        f"{shown_value(name)} is no time zone",
        f'did you mean "{meant}"?'
        if meant
        else 'use an IANA name, such as "Asia/Ho_Chi_Minh", "Asia/Shanghai" or "Europe/London"',
    )


def _day(value: Any) -> Any:
    day: date | None = None
    if isinstance(value, datetime):
        day = value.date()
    elif isinstance(value, date):
        day = value
    elif isinstance(value, str):
        try:
            day = date.fromisoformat(value.strip())
        except ValueError:
            day = None
    if day is None:
        shown = shown_value(value)
        raise Fault.of(f"{shown} is no date", "write year-month-day: 2025-01-31")
    if day > datetime.now(UTC).date() + timedelta(days=1):
        raise Fault.of(f"{day.isoformat()} lies in the future", "nothing would ever be read")
    return day


def _contact(value: Any) -> Any:
    """An e-mail or web address. It goes into every request, so only plain printable ASCII."""
    text = _line(value).removeprefix("mailto:")
    if not text.isascii():
        raise Fault.of(
            f"{shown_value(text)} holds characters that a user agent cannot carry",
            "write an e-mail or web address in plain ASCII",
        )
    if _EMAIL.fullmatch(text):
        return text
    if re.fullmatch(r"https?://\S+|\S+\.\S+", text) and "@" not in text:
        return _url(text)
    raise Fault.of(
        f"{shown_value(text)} is neither an e-mail nor a web address",
        'write contact = "you@example.com" or contact = "https://example.com/about-our-crawler"',
    )


def _number(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float):
        mend = "write it without quotes" if isinstance(value, str) else "write a number"
        raise Fault.of(f"expected a number, found {kind_of(value)}", mend)
    if not math.isfinite(value):
        raise Fault.of(f"{value} is no number to reckon with", "write a plain number")
    return value


def _whole(value: Any) -> Any:
    number = _number(value)
    if isinstance(number, float):
        if not number.is_integer():
            raise Fault.of(f"expected a whole number, found {number:g}", "leave the fraction out")
        number = int(number)
    return number


def _switch(value: Any) -> Any:
    if not isinstance(value, bool):
        raise Fault.of(
            f"expected true or false, found {kind_of(value)}", "write true or false, without quotes"
        )
    return value


def kind_of(value: Any) -> str:
    """A value of TOML in words, for messages."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return f"the number {shown_value(value)}"
    if isinstance(value, str):
        return f"the text {shown_value(value)}" if value.strip() else "an empty text"
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list | tuple):
        return "a list"
    return f"the date {value}" if isinstance(value, date) else "a time"


def one_of(word: Any, known: tuple[str, ...], what: str) -> str:
    """The word of a closed list that a value names.

    :raises Fault: with the nearest word, or all of them.
    """
    text: str = _line(word)
    if text in known:
        return text
    raise Fault.of(f"{shown_value(text)} is no {what}", did_you_mean(text, known))


Line = Annotated[str, BeforeValidator(_line)]
"""A text of one line; blanks are folded."""
Prose = Annotated[str, BeforeValidator(_text)]
"""A text that may have several lines."""
Texts = Annotated[tuple[str, ...], BeforeValidator(texts_of)]
"""A list of one-line texts without repeats; one text stands for a list of one."""
Url = Annotated[str, BeforeValidator(_url)]
"""An absolute http(s) address."""
Language = Annotated[str, BeforeValidator(_language)]
"""A primary language code; ``zh-TW`` becomes ``zh``."""
Languages = Annotated[tuple[str, ...], BeforeValidator(_languages)]
"""A list of primary language codes."""
TimeZone = Annotated[str, BeforeValidator(_zone)]
"""An IANA time zone name."""
Day = Annotated[date, BeforeValidator(_day)]
"""A calendar day that is not in the future."""
Contact = Annotated[str, BeforeValidator(_contact)]
"""An e-mail or web address in ASCII."""
Number = Annotated[float, BeforeValidator(_number)]
"""A finite number."""
Whole = Annotated[int, BeforeValidator(_whole)]
"""A whole number; ``40.0`` is one."""
Switch = Annotated[bool, BeforeValidator(_switch)]
"""``true`` or ``false``, nothing that merely looks like it."""


_SETTING_KEY = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}")


def tier_setting(key: str, value: Any) -> float:
    """A weight or threshold of ``[tiers]``. Its name is checked by the room that reads it.

    :raises Fault: for anything but a number.
    """
    _setting_key(key)
    return float(_number(value))


def _setting_key(key: str) -> None:
    if not _SETTING_KEY.fullmatch(key):
        raise Fault.of("no such setting", "a setting's name has letters, digits and _ only")
