"""One check of ``scrapy doctor``, and how it came out."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One check: what was looked at, how it is, and how to mend it."""

    state: Literal["good", "note", "bad"]
    what: str
    words: str
    mend: str = ""
