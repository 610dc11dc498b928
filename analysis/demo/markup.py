"""The small markup of the sample's page texts, turned into HTML. Pure.

Blocks are parted by empty lines: ``# `` to ``### `` headings, ``- `` and ``1. `` lists,
``> words | who`` a customer's words, ``!name`` a fragment of the page (plans, posts), anything
else a paragraph. Inside: ``**bold**`` and ``[text](address)``.
"""

import re
from collections.abc import Mapping

from markupsafe import Markup, escape

_LINK = re.compile(r"\[([^\]\n]+)\]\(([^)\s]+)\)")
_BOLD = re.compile(r"\*\*([^*\n]+)\*\*")
_ITEM = re.compile(r"^(?:- |\d+\. )")


def to_html(source: str, fragments: Mapping[str, Markup]) -> Markup:
    """A page's text as HTML.

    :raises KeyError: for a fragment the page does not have.
    """
    blocks = re.split(r"\n\s*\n", source.strip())
    return Markup("\n").join(_block(block.strip(), fragments) for block in blocks)


def _block(block: str, fragments: Mapping[str, Markup]) -> Markup:
    if block.startswith("!"):
        return fragments[block[1:]]
    if block.startswith("#"):
        line, _, rest = block.partition("\n")
        marks, _, words = line.partition(" ")
        level = len(marks)
        heading = Markup("<h{0}>{1}</h{0}>").format(level, _inline(words))
        return heading + Markup("\n") + _block(rest, fragments) if rest else heading
    if block.startswith("> "):
        words, _, who = block[2:].partition(" | ")
        return Markup("<blockquote><p>{}</p><cite>{}</cite></blockquote>").format(
            _inline(words), who
        )
    if _ITEM.match(block):
        tag = "ul" if block.startswith("-") else "ol"
        items = Markup("").join(
            Markup("<li>{}</li>").format(_inline(_ITEM.sub("", line)))
            for line in block.splitlines()
        )
        return Markup("<{0}>{1}</{0}>").format(tag, items)
    return Markup("<p>{}</p>").format(_inline(block))


def _inline(text: str) -> Markup:
    safe = str(escape(text))
    safe = _LINK.sub(r'<a href="\2">\1</a>', safe)
    return Markup(_BOLD.sub(r"<strong>\1</strong>", safe))  # noqa: S704 - escaped above
