"""A post's fragment of HTML -> its author's own words, and what is quoted in them.

BeautifulSoup on the fragment, not the page: quotes and notes must be cut out of the tree, and
fragments are small. Pure.
"""

import re
import unicodedata
from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString, PreformattedString

from crawlers.document import shallow
from crawlers.forums.texts.attributions import (
    author_in,
    is_attribution,
    is_label,
    starts_quote,
)
from crawlers.forums.texts.mail_quotes import mail_quotes_apart
from crawlers.forums.texts.notes import without_notes
from crawlers.items import Quoted

QUOTES = (
    "blockquote, aside.quote, .bbCodeBlock--quote, .bbCodeQuote, .ipsQuote, .quotecontent,"
    " .bbcode_quote, .quote_container, div.quote, .bbc_standard_quote, .UserQuote, .gmail_quote"
)
"""What holds another's words on most engines."""

_DROPPED_TAGS = frozenset({
    "script", "style", "noscript", "template", "iframe", "button", "form", "select", "textarea",
    "svg", "object",
})  # fmt: skip
_DROPPED = frozenset({
    ".sig", ".bbCodeBlock-expandLink", ".js-selectToQuoteEnd", ".messageTextEndMarker",
    ".sr-only", ".visually-hidden", ".u-srOnly",
    ".message-lastEdit", ".lastedited", ".post_edit", ".post-edited", ".edited-by", "i.pstatus",
    ".reactionsBar", ".likesSummary", ".message-likes", ".like-bar", ".post-likes", ".ipsReact",
    ".attachbox", ".message-attachments", ".attach_popup", ".aimg_tip", ".tattl",
    "aside.onebox", ".bbCodeBlock--unfurl", ".js-unfurl",
    ".gutter", ".rouge-gutter", ".linenos", ".lineno", ".hljs-ln-numbers",
})  # fmt: skip
"""Classes of what is nobody's words wherever it stands, some with their tag."""

_LONGEST = 400_000  # characters of HTML; the longest real posts are a tenth
_MOST_TAGS = 5_000  # of them; the longest real posts have a tenth
_MANY_TAGS = 600  # of them; fewer cost little however they nest
_DEEPEST = 180
_MOST_QUOTES = 400
_BLOCKS = frozenset({
    "p", "div", "ul", "ol", "li", "table", "tr", "blockquote", "pre", "h1", "h2", "h3", "h4", "h5",
    "h6", "section", "article", "dl", "dt", "dd", "figure", "figcaption", "hr", "details",
    "summary", "fieldset", "aside", "header", "footer", "center", "legend",
})  # fmt: skip
_STOOD_BETWEEN = frozenset(
    {"button", "form", "select", "iframe", "object", "svg", "a", "span", "i"}
)
_BLOCKS_OF_QUOTE = frozenset({"div", "td", "fieldset", "p", "section", "dd", "table"})
_CODE_BLOCKS = frozenset({"blockcode", "codeblock", "bbc_code", "codebox", "code"})
_QUOTED_WORDS = r"(?:originally posted by|nguyên văn (?:bởi|của)|原帖由|được gửi bởi)"
_UNMARKED = re.compile(rf"^\s{{0,80}}{_QUOTED_WORDS}", re.IGNORECASE)
_UNMARKED_WORDS = re.compile(_QUOTED_WORDS, re.IGNORECASE)
_TITLES = (
    "cite, .bbCodeBlock-title, .attribution, .title, .ipsQuote_citation, .quote-title,"
    " .quoteheader, .topslice_quote, .bbcode_postedby, .quote-author, .quoteauthor,"
    " .message_quote_header"
)
_POST_IN_ADDRESS = re.compile(
    r"(?:post: ?|[?&]pid=|[?&]p=|#p(?:id|ost)?-?|/posts?/|#comment-|goto/post\?id=|\.msg)(\d{1,15})"
)
_EMOJI = re.compile(r"emoji|smil|emoticon", re.IGNORECASE)
# Characters that a parser drops or mends, and entities but the five, are left to it.
_UNSURE = r"\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
_PLAIN_WORDS = (
    rf"(?:[^<&{_UNSURE}]++|&(?:amp|lt|gt|nbsp|quot);|<br ?/?>|</?(?:b|i|em|strong|u)>"
    rf"|<!--[^<>{_UNSURE}-]*+-->)*+"
)
PLAIN_LINKS = (
    "postlink", "link", "link link--external", "link link--internal", "externalLink",
    "internalLink", "bbc_link", "mention",
)  # fmt: skip
"""Classes of links that say nothing of whose words they hold."""
_PLAIN_SAYING = rf'(?:href|rel|target|title|dir)="[^"<>{_UNSURE}]*+"'
_PLAIN_CLASS = rf'class="(?:{"|".join(PLAIN_LINKS)})"'
_PLAIN_LINK = rf"<a(?: (?:{_PLAIN_SAYING}|{_PLAIN_CLASS}))*+>{_PLAIN_WORDS}</a>"
_PLAIN_RUN = rf"{_PLAIN_WORDS}(?:{_PLAIN_LINK}{_PLAIN_WORDS})*+"
_PLAIN = re.compile(rf'{_PLAIN_RUN}(?:<p(?: dir="[a-z]+")?>{_PLAIN_RUN}</p>{_PLAIN_RUN})*+')
# Drawn apart by the tree.
_TOUCHING_LINKS = re.compile(r"</a>(?:\s|<!--[^<>]*+>|</?(?:b|i|em|strong|u)>)*+<a\b")
_LINE_END = re.compile(r"<br ?/?>|</?p[^>]*+>")
_INLINE_MARKUP = re.compile(r"</?(?:b|i|em|strong|u|a)(?: [^>]*+)?>|<!--[^>]*+>")
_ENTITIES = (
    ("&lt;", "<"), ("&gt;", ">"), ("&nbsp;", "\u00a0"), ("&quot;", '"'), ("&amp;", "&"),
)  # fmt: skip
_SPACES = re.compile(r"[ \t\r\f\v\u00a0\u2000-\u200a\u202f\u3000]+")
_INVISIBLE = dict.fromkeys(
    map(
        ord,
        "\u200b\u2060\ufeff\u00ad\0\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069",
    )
)
# A joiner joins emoji and the letters of some scripts; elsewhere it hides words from a search.
_LOOSE_JOINER = re.compile(
    "(?<![\u00a9\u2190-\u2bff\ufe0f\U0001f000-\U0001faff\u0600-\u06ff\u0900-\u0dff])\u200d"
)
_INDENT = "\x01"  # a space that is meant; folded back at the end


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
    :param drop: CSS of what to leave out, beside what is dropped everywhere.
    :param quoted_id: the engine's way to tell the quoted post's id from the quote.
    """
    plain = _plain(html)
    if plain is not None:
        return _without_marks(plain, (), None, quote)
    soup = BeautifulSoup(f"<div>{_bounded(html)}</div>", "lxml")
    for found in (filter(_is_dropped, soup.find_all(True)), soup.select(drop) if drop else ()):
        for node in found:
            if node.parent is not None:  # else gone with what held it
                node.replace_with(" " if node.name in _STOOD_BETWEEN else "")
    whole = soup.div
    quotes = [
        node
        for node in (soup.select(quote) if _may_quote(html, quote) else ())
        if node is not whole  # the body itself may be one
    ]
    if quote and whole is not None:
        quotes = _with_unmarked(whole, quotes)
    said = _quotes(quotes, soup, quoted_id or quoted_post_id)
    quoted = [one for one, _ in said if one.text or one.author]
    reply_to = next((given for _, given in said if given), None)
    return _without_marks(_render(soup), quoted, reply_to, quote)


def _without_marks(
    text: str, quoted: Iterable[Quoted], reply_to: str | None, quote: str
) -> OwnWords:
    """A text without what is quoted in it as mail does, and without notes of the engine."""
    if not quote:
        return OwnWords(text, tuple(quoted), reply_to)
    text, by_lines = mail_quotes_apart(text.split("\n"))
    words = "\n".join(without_notes(text.split("\n"))).strip()
    return OwnWords(words, (*quoted, *by_lines), reply_to)


def _plain(html: str) -> str | None:
    """The words of a post that holds none but the plainest markup; ``None`` for any other.

    Most posts are words, links, line breaks and paragraphs. What the tree would make of them needs
    no tree: no selector of any engine names a bare paragraph or link (a test holds them to that),
    and a paragraph or break is the end of a line.
    """
    if len(html) > _LONGEST or not _PLAIN.fullmatch(html) or _UNMARKED_WORDS.search(html):
        return None
    if "</a>" in html and _TOUCHING_LINKS.search(html):
        return None
    words = _INLINE_MARKUP.sub("", html)
    parts = (_one_line(_decoded(part)) for part in _LINE_END.split(words))
    return _tidied("\n".join(parts))


def _decoded(text: str) -> str:
    if "&" not in text:
        return text
    for entity, character in _ENTITIES:
        text = text.replace(entity, character)
    return text


def _bounded(html: str) -> str:
    """The part of the HTML that is read."""
    html = html[:_LONGEST]
    if html.count("<") > _MOST_TAGS:
        html = "<".join(html.split("<", _MOST_TAGS)[:_MOST_TAGS])
    # A page's tree is shallow already; what an API or a feed sends is not.
    return shallow(html) if html.count("<") > _MANY_TAGS else html


def _is_dropped(node: Tag) -> bool:
    if node.name in _DROPPED_TAGS or "hidden" in node.attrs or "data-excludequote" in node.attrs:
        return True
    return any(
        f".{name}" in _DROPPED or f"{node.name}.{name}" in _DROPPED or "signature" in name.lower()
        for name in map(str, node.get("class") or ())
    )


def _may_quote(html: str, quote: str) -> bool:
    """Whether it is worth looking for quotes: selecting is most of what a post costs."""
    return bool(quote) and (quote is not QUOTES or "quote" in html.lower())


def _quotes(
    nodes: list[Tag], soup: BeautifulSoup, quoted_id: Callable[[Tag], str | None]
) -> list[tuple[Quoted, str | None]]:
    """The quotes in page order, each with its own words; they are cut out of the tree.

    A quote inside a quote is one of its own, unless the outer one holds nothing else: engines wrap
    the quoted words in a box that bears the name.
    """
    nodes = nodes[:_MOST_QUOTES]
    places = {id(node): number for number, node in enumerate(nodes)}
    outer = [
        next((places[id(up)] for up in node.parents if id(up) in places), None) for node in nodes
    ]
    read: dict[int, tuple[Quoted, str | None]] = {}
    for number in range(len(nodes) - 1, -1, -1):  # inner ones first
        if nodes[number].parent is None:
            continue  # gone with a title or a label
        given = quoted_id(nodes[number])
        one = _quoted(nodes[number])
        _cut_out(nodes[number], soup, places)
        inner = next((at for at in sorted(read) if outer[at] == number), None)
        if inner is not None and not one.text:
            wrapped, its_id = read.pop(inner)
            one = Quoted(author=one.author or wrapped.author, text=wrapped.text)
            given = given or its_id
        read[number] = (one, given)
    return [read[number] for number in sorted(read)]


def _with_unmarked(whole: Tag, marked: list[Tag]) -> list[Tag]:
    """The quotes with those no mark but their first words tell: "Originally Posted by Ann ..."."""
    found = {id(node) for node in marked}
    more: list[Tag] = []
    for words in whole.find_all(string=_UNMARKED)[:50]:
        holder = words.parent
        while holder is not None and holder is not whole and holder.name not in _BLOCKS_OF_QUOTE:
            holder = holder.parent
        line = holder.get_text(" ", strip=True) if holder is not None else ""
        # The line that names the author may have a block of its own beside the quoted words.
        if holder is not None and holder is not whole and holder.parent is not None:
            around = holder.parent.get_text(" ", strip=True)
            beside = holder.parent is not whole and around.startswith((line[:40], "Quote"))
            if len(line) < 120 and is_attribution(line) and beside:
                holder = holder.parent
        inside = holder is not None and any(id(up) in found for up in (holder, *holder.parents))
        if holder is None or holder is whole or inside:
            continue
        one_line = "\n" not in _render(holder)  # then nothing parts the quoted words from others
        if not one_line and starts_quote(holder.get_text(" ", strip=True)):
            found.add(id(holder))
            more.append(holder)
    return (
        [*marked, *more]
        if not more
        else [node for node in whole.find_all(True) if id(node) in found]
    )  # page order


def _cut_out(node: Tag, soup: BeautifulSoup, kept: Container[int]) -> None:
    """Take a quote out, with the label that is left alone around it, and keep its line end."""
    around = node.parent
    node.replace_with(soup.new_tag("br"))
    while isinstance(around, Tag) and around is not soup.div and id(around) not in kept:
        left = around.get_text(" ", strip=True)[:80]
        if left:
            if is_label(left) and around.parent is not None:
                around.replace_with(soup.new_tag("br"))
            return
        around = around.parent


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
        author = author or author_in(_render(title)) or _name(title)
        title.extract()
    before = _attribution_before(node) if title is None else None
    if before is not None:
        author = author or author_in(_render(before)) or _name(before)
        before.extract()
    lines = [line for line in _render(node).split("\n") if not is_label(line)]
    if lines and is_attribution(lines[0]):
        author = author or author_in(lines[0])
        lines = lines[1:]
    return Quoted(author=author, text="\n".join(without_notes(lines)).strip())


def _author_by_mark(node: Tag) -> str | None:
    for name in ("data-quote", "data-username", "data-author", "data-ipsquote-username"):
        given = str(node.get(name) or "").strip()
        if given:
            return given
    return None


def _name(node: Tag) -> str | None:
    link = node.find(["a", "strong", "b"])
    name = " ".join((link or node).get_text(" ").split()).strip(" @:：")
    return name if 0 < len(name) <= 40 and not is_label(name) else None


def _attribution_before(node: Tag) -> Tag | None:
    """The paragraph "x said in post 7:" that markdown forums put before a quote."""
    before = node.previous_sibling
    while isinstance(before, NavigableString) and not before.strip():
        before = before.previous_sibling
    above = before.find_parent("blockquote") if before is not None else None
    titled = isinstance(before, Tag) and before.name == "cite" and above is not None  # the outer's
    if isinstance(before, Tag) and before.name in ("p", "div", "cite") and not titled:
        line = " ".join(before.get_text(" ").split())
        # "As a wise man once famously said:" is the author's own sentence.
        if len(line) < 200 and is_attribution(line) and len((author_in(line) or "").split()) <= 5:
            return before
    return None


def _render(root: Tag) -> str:
    out: list[str] = []
    _write(root, out, 0, code="")
    return _tidied("".join(out))


def _tidied(written: str) -> str:
    lines = [_SPACES.sub(" ", line).strip() for line in written.split("\n")]
    text = "\n".join(line for line in lines if line.strip(_INDENT)).replace(_INDENT, " ")
    text = _LOOSE_JOINER.sub("", text.translate(_INVISIBLE))
    return unicodedata.normalize("NFC", text).strip()


def _write(node: Tag, out: list[str], depth: int, *, code: str) -> None:
    """Write a node's text; in ``code`` ("pre", "code") spaces that are meant are kept."""
    if depth > _DEEPEST:
        out.append(node.get_text(" "))
        return
    number = 0
    last: str | None = None
    for child in node.children:
        if isinstance(child, NavigableString):
            if not isinstance(child, PreformattedString):  # comments, doctypes
                out.append(_words(child, code))
                last = None if child.strip() else last
            continue
        if not isinstance(child, Tag):
            continue
        name = child.name
        if name == "br":
            out.append("\n")
        elif name == "img" or (name == "i" and child.get("title")):
            out.append(_picture(child))
        elif name == "li" and not code:
            number += 1
            out.append(f"\n{number}. " if node.name == "ol" else "\n- ")
            _write(child, out, depth + 1, code=code)
            out.append("\n")
        elif name in ("td", "th"):
            _write(child, out, depth + 1, code=code)
            out.append(" ")
        else:
            block = name in _BLOCKS or name == "li" or "bbc_code" in (child.get("class") or [])
            # Two links that touch are two names or tags, drawn apart.
            out.append("\n" if block else " " if name == last == "a" else "")
            _write(child, out, depth + 1, code="pre" if code == "pre" else _code(child) or code)
            out.append("\n" if block else "")
        last = name


def _code(node: Tag) -> str:
    if node.name == "pre":
        return "pre"
    names = set(map(str, node.get("class") or []))
    return "code" if node.name == "code" or names & _CODE_BLOCKS else ""


def _words(text: NavigableString, code: str) -> str:
    if code == "pre":
        return str(text).replace("\t", _INDENT * 4).replace(" ", _INDENT)
    if code:  # written with line breaks of HTML and spaces that do not break
        return _one_line(re.sub("[\u00a0\t]", _INDENT, str(text)))
    return _one_line(text)


def _one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def _picture(node: Tag) -> str:
    """An emoji's character or name; a photograph says nothing in words."""
    marks = " ".join(map(str, node.get("class") or [])) + str(node.get("src") or "")
    if node.name == "i":
        title = str(node.get("title") or "")
        return title if re.fullmatch(r":[\w+-]{1,40}:", title) else ""
    if _EMOJI.search(marks) or node.get("data-emoji") or node.get("data-emoticon"):
        name = str(node.get("alt") or node.get("data-shortname") or node.get("title") or "").strip()
        if name[:1].isalpha() and name.isascii():  # "Smile": what stands for the picture, no word
            return f":{name.lower()}:" if re.fullmatch(r"[\w+-]{2,30}", name) else ""
        return name
    return ""
