"""A post's fragment of HTML -> its author's own words, and what is quoted in them.

BeautifulSoup on the fragment, not the page: quotes and notes must be cut out of the tree, and
fragments are small. Pure.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString, PageElement, PreformattedString

from crawlers.items import Quoted

QUOTES = (
    "blockquote, aside.quote, .bbCodeBlock--quote, .bbCodeQuote, .ipsQuote, .quotecontent,"
    " .bbcode_quote, .quote_container, div.quote, .bbc_standard_quote, .UserQuote, .gmail_quote"
)
"""What holds another's words on most engines."""

DROPPED = (
    "script, style, noscript, template, iframe, button, form, select, textarea, svg, object,"
    " .signature, .sig, .postsignature, .message-signature, .post-signature,"
    " .bbCodeBlock-expandLink, .js-selectToQuoteEnd, .messageTextEndMarker,"
    " .sr-only, .visually-hidden, .u-srOnly, [hidden]"
)
"""What is nobody's words wherever it stands."""

_LONGEST = 400_000  # characters of HTML; the longest real posts are a tenth
_DEEPEST = 180
_BLOCKS = frozenset({
    "p", "div", "ul", "ol", "li", "table", "tr", "blockquote", "pre", "h1", "h2", "h3", "h4", "h5",
    "h6", "section", "article", "dl", "dt", "dd", "figure", "figcaption", "hr", "details",
    "summary", "fieldset", "aside", "header", "footer", "center", "legend",
})  # fmt: skip
_SAID = re.compile(
    r"^(?P<who>.{1,60}?)\s*(?:said(?: in .{1,200})?|wrote|writes|posted|nói|đã nói|viết|đã viết"
    r"|说|說|写道|寫道|发表于.{0,40}|發表於.{0,40}|\bscribis)(?: ?[:：↑]|$)",
    re.IGNORECASE,
)
_ORIGINALLY = re.compile(
    r"(?:originally posted by|quote from|quote|trích dẫn(?: từ)?|gửi bởi|引用)[:：]?\s*"
    r"(?P<who>[^\n:：]{1,60}?)\s*(?:view post|on .{4,40}|lúc .{4,40})?(?:$|[\n:：»])",
    re.IGNORECASE,
)
_IN_BRACKETS = re.compile(r"^\([^)]{1,40}\)\s*")  # MyBB puts the time before the name
_LABELS = re.compile(
    r"^(?:quote|quoted text|trích dẫn|引用|click to expand\.*|code|view post|↑)[:：]?$",
    re.IGNORECASE,
)
_TITLES = (
    "cite, .bbCodeBlock-title, .attribution, .title, .ipsQuote_citation, .quote-title,"
    " .quoteheader, .topslice_quote, .bbcode_postedby, .quote-author, .quoteauthor,"
    " .message_quote_header"
)
_POST_IN_ADDRESS = re.compile(
    r"(?:post: ?|[?&]pid=|[?&]p=|#p(?:id|ost)?-?|/posts?/|#comment-|goto/post\?id=|\.msg)(\d{1,15})"
)
_EMOJI = re.compile(r"emoji|smil|emoticon", re.IGNORECASE)
_SPACES = re.compile(r"[ \t\r\f\v\u00a0\u2000-\u200a\u202f\u3000]+")
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u2060\ufeff\u00ad\0"))


@dataclass(frozen=True, slots=True)
class OwnWords:
    """The author's text, the quotes taken out of it, and the id of the post first quoted."""

    text: str
    quoted: tuple[Quoted, ...] = ()
    reply_to: str | None = None


def own_words(
    html: str,
    *,
    quote: str = QUOTES,
    drop: str = "",
    quoted_id: Callable[[Tag], str | None] | None = None,
) -> OwnWords:
    """Separate a post's own words from quotes, signatures and marks of the engine.

    Text comes out line by line: a block or ``<br>`` starts a line, list items keep their marks,
    preformatted text its line breaks, emoji their character or name; runs of spaces are one.

    :param html: the body's HTML (inner or outer), trusted in nothing.
    :param quote: CSS of quotes; ``""`` where the engine has none.
    :param drop: CSS of what to leave out, beside :data:`DROPPED`.
    :param quoted_id: the engine's way to tell the quoted post's id from the quote.
    """
    soup = BeautifulSoup(f"<div>{html[:_LONGEST]}</div>", "lxml")
    for node in soup.select(f"{DROPPED}, {drop}" if drop else DROPPED):
        node.extract()
    whole = soup.div
    quoted: list[Quoted] = []
    reply_to: str | None = None
    for node in soup.select(quote) if quote else ():
        if node is whole or not any(parent is soup for parent in node.parents):
            continue  # the body itself, or gone with an outer quote
        reply_to = reply_to or (quoted_id or quoted_post_id)(node)
        one = _quoted(node)
        node.extract()
        if one.text or one.author:
            quoted.append(one)
    return OwnWords(_render(soup), tuple(quoted), reply_to)


def plain_text(html: str) -> str:
    """The words of a short piece of HTML on one line (a title of an API)."""
    if "<" not in html and "&" not in html:
        return " ".join(html.split())
    return " ".join(own_words(html, quote="").text.split())


def quoted_post_id(quote: Tag) -> str | None:
    """The id of the quoted post, from the marks engines leave on a quote or in its title link."""
    for name in ("data-source", "data-ipsquote-contentcommentid", "data-post-id", "data-pid"):
        digits = re.search(r"\d{1,15}", str(quote.get(name) or ""))
        if digits:
            return digits[0]
    title = quote.select_one(_TITLES)
    for link in (title or quote).select("a[data-post-id], a[href]")[:4]:
        if link.get("data-post-id"):
            return str(link["data-post-id"])
        found = _POST_IN_ADDRESS.search(str(link.get("href") or ""))
        if found:
            return found[1]
    return None


def _quoted(node: Tag) -> Quoted:
    author = _author_by_mark(node)
    title = node.select_one(_TITLES)
    if title is not None:
        strong = title.find(["strong", "b"])
        author = author or (_name(strong) if isinstance(strong, Tag) else None)
        author = author or _author_in(_render(title)) or _name(title)
        title.extract()
    before = _attribution_before(node)
    if before is not None:
        author = author or _author_in(_render(before)) or _name(before)
        before.extract()
    text = _render(node)
    lines = [line for line in text.split("\n") if not _LABELS.match(line.strip())]
    if lines and (_SAID.match(lines[0]) or _ORIGINALLY.match(lines[0])):
        author = author or _author_in(lines[0])
        lines = lines[1:]
    return Quoted(author=author, text="\n".join(lines).strip())


def _author_by_mark(node: Tag) -> str | None:
    for name in ("data-quote", "data-username", "data-author", "data-ipsquote-username"):
        given = str(node.get(name) or "").strip()
        if given:
            return given
    return None


def _author_in(text: str) -> str | None:
    line = _IN_BRACKETS.sub("", text.strip().replace("\n", " ")[:300])
    found = _SAID.match(line) or _ORIGINALLY.match(line)
    who = found["who"].strip(" @\"'“”,") if found else ""
    return who or None


def _name(node: Tag) -> str | None:
    link = node.find(["a", "strong", "b"])
    name = " ".join((link or node).get_text(" ").split()).strip(" @:：")
    return name if 0 < len(name) <= 40 and not _LABELS.match(name) else None


def _attribution_before(node: Tag) -> Tag | None:
    """The paragraph "x said in post 7:" that markdown forums put before a quote."""
    before = node.previous_sibling
    while isinstance(before, NavigableString) and not before.strip():
        before = before.previous_sibling
    if isinstance(before, Tag) and before.name in ("p", "div", "cite"):
        line = " ".join(before.get_text(" ").split())
        if len(line) < 200 and _SAID.match(line):
            return before
    return None


def _render(root: Tag) -> str:
    out: list[str] = []
    _write(root, out, 0, pre=False)
    lines = [_SPACES.sub(" ", line).strip() for line in "".join(out).split("\n")]
    text = "\n".join(line for line in lines if line).replace("\x01", " ")
    return unicodedata.normalize("NFC", text.translate(_INVISIBLE)).strip()


def _write(node: Tag, out: list[str], depth: int, *, pre: bool) -> None:
    if depth > _DEEPEST:
        out.append(node.get_text(" "))
        return
    number = 0
    for child in node.children:
        if isinstance(child, NavigableString):
            if not isinstance(child, PreformattedString):  # comments, doctypes
                out.append(str(child).replace(" ", "\x01") if pre else _one_line(child))
            continue
        if not isinstance(child, Tag):
            continue
        name = child.name
        if name == "br":
            out.append("\n")
        elif name == "img" or (name == "i" and child.get("title")):
            out.append(_picture(child))
        elif name == "li":
            number += 1
            out.append(f"\n{number}. " if node.name == "ol" else "\n- ")
            _write(child, out, depth + 1, pre=pre)
            out.append("\n")
        elif name in ("td", "th"):
            _write(child, out, depth + 1, pre=pre)
            out.append(" ")
        else:
            block = name in _BLOCKS
            out.append("\n" if block else "")
            _write(child, out, depth + 1, pre=pre or name == "pre")
            out.append("\n" if block else "")


def _one_line(text: PageElement) -> str:
    return re.sub(r"\s+", " ", str(text))


def _picture(node: Tag) -> str:
    """An emoji's character or name; a photograph says nothing in words."""
    marks = " ".join(map(str, node.get("class") or [])) + str(node.get("src") or "")
    if node.name == "i":
        title = str(node.get("title") or "")
        return title if re.fullmatch(r":[\w+-]{1,40}:", title) else ""
    if _EMOJI.search(marks) or node.get("data-emoji") or node.get("data-emoticon"):
        name = str(node.get("alt") or node.get("title") or "")
        return "" if name[:1].isalpha() else name  # a caption in words was not written by anyone
    return ""
