"""Quotes written as lines that begin with ``>``: mail, Markdown and sites without a quote button.

Pure.
"""

import re
from html import escape

from crawlers.forums.texts.post_text import own_words
from crawlers.items import Quoted

_QUOTED = re.compile(r"^\s{0,3}>+(?!!)\s?(?!\s*$)(.*)$")  # ">!" opens a spoiler, no quote


def plain_words(text: str) -> str:
    """A plain text as a post keeps it: its line breaks, runs of spaces as one, no blank lines."""
    return own_words(escape(text, quote=False).replace("\n", "<br>"), quote="").text


def quotes_apart(text: str) -> tuple[str, tuple[Quoted, ...]]:
    """The author's own lines, and each run of quoted lines as one quote of an unnamed author."""
    own: list[str] = []
    quotes: list[list[str]] = []
    inside = False
    for line in text.split("\n"):
        found = _QUOTED.match(line)
        if found is None:
            own.append(line)
        elif inside:
            quotes[-1].append(found[1].lstrip("> ").rstrip())
        else:
            quotes.append([found[1].lstrip("> ").rstrip()])
        inside = found is not None or (inside and line.strip() in ("", ">"))
    said = tuple(Quoted(author=None, text="\n".join(lines).strip()) for lines in quotes)
    return "\n".join(own).strip(), said
