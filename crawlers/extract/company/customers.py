"""Who buys, where a page shows it without saying it: logos, voices, case studies. Pure."""

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborNode

from crawlers.document import Document
from crawlers.extract.company.phrases import Spots
from crawlers.extract.marks import GROUP_BITS, group_bits
from crawlers.extract.outline import Block, Outline

_HEADINGS = "h1, h2, h3, h4, h5, h6, p, strong"
_LOGO = re.compile(
    r"\b(?:(?:company|client|customer|partner|brand|white|black|color|dark|light|the)\s+)*logos?\b"
    r"(?: (?:of|for|white|black|color|dark|light|image|\d+))*|(?:的)?(?:标志|商标"
    r"|logo)|\.(?:png|jpe?g|svg|webp)$",
    re.IGNORECASE,
)
_NO_NAME = re.compile(
    r"^(?:clients|customers|partners|client mobile"
    r"|image|img|photo|picture|icon|avatar|star|stars|arrow|check|quote|logo|client"
    r"|customer|partner"
    r"|brand|slide|banner|placeholder|trustpilot|visa|mastercard|paypal|american express|amex"
    r"|apple pay"
    r"|google pay|facebook|instagram|twitter|youtube|linkedin|zalo|tiktok|close|menu|play|next|prev"
    r"|previous|untitled|screenshot|khách hàng|đối tác|hình ảnh|客户|合作伙伴|图片)?[\s\d._-]*$",
    re.IGNORECASE,
)
_CASE = re.compile(
    r"/(?:case-stud(?:y|ies)|customer-stor(?:y|ies)|success-stor(?:y|ies)|customers|clients"
    r"|casestudy"
    r"|cau-chuyen-khach-hang|khach-hang|anli|cases?|kehuanli|customer-case)/[^/?#]{3,}",
    re.IGNORECASE,
)
_BUTTON = re.compile(
    r"^(?:read|learn|see|view|xem|đọc|chi tiết|tìm hiểu|查看|了解|阅读|更多|full|get|watch)",
    re.IGNORECASE,
)
_NAME = r"[^\W\d_a-z][^\W\d_]*+(?:[.'’-][^\W\d_]*+)?\.?"
_PERSON = re.compile(
    # "Lan Nguyễn", "Jo B.", "Mai Trần, chủ quán Mây"; a first name alone only with who it is
    rf"[-–—]?\s*(?:{_NAME}(?:\s+{_NAME}){{1,4}}(?:\s*[,\-–—|/·(]\s*[^\d@]{{2,60}}\)?)?"
    rf"|{_NAME}\s*[,|–—]\s*[^\d@]{{2,60}}"
    r"|[一-鿿]{1,4}(?:先生|女士|总|總|老板|老闆|经理|經理|小姐|老师|老師|店长"
    r"|店長)(?:\s?[,，\-–—|/ ]\s?\S{2,30})?"
    r"|[一-鿿*]{2,4}\s?[,，\-–—|/]\s?\S{2,30})"
)
_QUOTES = frozenset('“”"「」『』«»‘’')
_REVIEW = GROUP_BITS["review"]
_FRAME = GROUP_BITS["nav"] | GROUP_BITS["footer"] | GROUP_BITS["share"]
_SHOWS = 3  # logos that make a wall of them
_FEWEST = 2  # logos in a section that says by its name whose they are
_WALL = re.compile(
    r"(?:^|[\s_-])(?:logos|clients|customers|partners|(?:logo|client|customer|partner)s?[_-]?"
    r"(?:logos?|list|grid|wall|bar|cloud|strip|row|section|carousel|slider|marquee)"
    r"|trusted[_-]?by|khach-hang|doi-tac)(?=$|[\s_-])"
    r"(?![_-](?:also|who|viewed|bought|reviews?|says?|photos?|gallery|cam-nhan|noi|danh-gia))",
    re.IGNORECASE,
)
_SPACED = re.compile(r" (?=[,.;:!?，。；：！？”」』])")
_WALLS = ", ".join(
    f"[{attribute}*={name}]"
    for attribute in ("class", "id")
    for name in ("ogo", "lient", "ustomer", "artner", "rusted", "khach-hang", "doi-tac")
)


def logos_of(
    document: Document, outline: Outline, spots: Spots, *, named: bool = True
) -> Iterator[tuple[str, str]]:
    """(name, alt text) of logos in a section named for customers, or below a heading that says
    whose they are.

    :param named: read the sections named for customers too.
    """
    if sum(1 for _, _, alt in outline.images if alt) < _FEWEST:
        return
    if named:
        yield from _named_logos(document, outline)
    headings = {
        outline.blocks[number].text
        for number in spots.of_kind("heading:customers")
        if len(outline.blocks[number].text) <= 90 and outline.blocks[number].place == "body"
    }
    if not headings:
        return
    for node in document.tree.css(_HEADINGS)[:600]:
        text = " ".join((node.text(deep=True) or "").split())
        if text not in headings:
            continue
        up = node
        for _ in range(4):
            if up.parent is None or up.parent.tag in ("body", "html", "main"):
                break
            up = up.parent
            images = up.css("img[alt]")
            if len(images) < _SHOWS:
                continue
            if len(images) <= 60 and len(up.text(deep=True)) <= 900:
                yield from _names_of(images)
            break


def _named_logos(document: Document, outline: Outline) -> Iterator[tuple[str, str]]:
    """Those in ``<div class="client-logos">`` and the like, outside the page's frame."""
    if not _WALL.search("\n".join((*outline.names, *outline.ids))):
        return
    for node in document.tree.css(_WALLS)[:200]:
        names = f"{node.attributes.get('class') or ''} {node.attributes.get('id') or ''}"
        if not _WALL.search(names) or _in_frame(node):
            continue
        images = node.css("img[alt]")
        if _FEWEST <= len(images) <= 60 and len(node.text(deep=True)) <= 900:
            shown = dict(_names_of(images))
            if len(shown) >= _FEWEST:  # one name twice is the site's own, for two screens
                yield from shown.items()


def _in_frame(node: LexborNode) -> bool:
    up: LexborNode | None = node
    for _ in range(30):
        if up is None:
            return False
        if up.tag in ("header", "footer", "nav"):
            return True
        if group_bits(up.attributes.get("class") or "") & _FRAME and up.tag != "body":
            return True
        up = up.parent
    return False


def _names_of(images: list[LexborNode]) -> Iterator[tuple[str, str]]:
    for image in images:
        alt = image.attributes.get("alt") or ""
        name = _logo_name(alt)
        if name:
            yield name, alt


def cited_of(document: Document, outline: Outline) -> Iterator[tuple[str, str]]:
    """(who, their words) of quotations with a ``cite``, a footer or a caption, or a name as their
    last line.
    """
    if not outline.tags.get("blockquote"):
        return
    for node in document.tree.css("blockquote")[:20]:
        scope = node.parent if node.parent is not None and node.parent.tag == "figure" else node
        who = scope.css_first("cite, footer, figcaption")
        if who is None and len(node.css("p, div, span, strong")) > 1:
            who = node.css("p, div, span, strong")[-1]
        following = node.next
        while following is not None and _is_no_element(following):
            following = following.next
        if who is None and following is not None and following.tag in ("p", "div", "cite", "span"):
            who = following
        name = _spoken(who) if who is not None else ""
        words = _spoken(node)
        if len(words) >= 2 * len(name) and 2 <= len(name) <= 90:
            for link in who.css("a, button") if who is not None else ():
                name = name.removesuffix(_spoken(link)).rstrip()  # "Read the story"
            name = name.strip(" -–—―")
            if _PERSON.fullmatch(name):
                yield name, _end_of(words if name in words else f"{words} {name}")


def _is_no_element(node: LexborNode) -> bool:
    return not (node.tag or "-")[0].isalpha()


def _spoken(node: LexborNode) -> str:
    return _SPACED.sub("", " ".join(node.text(deep=True, separator=" ").split()))


def _end_of(words: str) -> str:
    """The last 200 characters, from the beginning of a word."""
    cut = words[-200:]
    return cut if len(words) <= 200 else cut.partition(" ")[2] or cut


def _logo_name(alt: str) -> str:
    name = " ".join(_LOGO.sub(" ", alt[:120]).split()).strip(" -–—|_,.")
    return "" if len(name) > 40 or len(name) < 2 or _NO_NAME.match(name) else name


def voices_of(outline: Outline, spots: Spots) -> Iterator[tuple[str, str]]:
    """(who, their words) of testimonials: words in quotes, or in a block named for them, then a
    short line that is a person's name.
    """
    blocks = outline.blocks
    for number in spots.of_kind("heading:testimonials"):
        heading = blocks[number]
        if len(heading.text) > 80 or heading.place != "body":
            continue
        words, since, said = "", 0, 0
        for block in blocks[number + 1 : number + 60]:
            text = block.text
            if block.place == "footer" or said >= 8:
                break
            if len(text) >= (24 if not text.isascii() else 40):
                words, since = (text, 0) if _is_voice(block) else ("", 0)
            elif words:
                since += 1
                if since > 2:
                    words = ""
                elif not block.linked and _PERSON.fullmatch(text):
                    # Only neighbours stand on the page as one text.
                    yield text, _end_of(f"{words} {text}") if since == 1 else text
                    words, said = "", said + 1


def _is_voice(block: Block) -> bool:
    quoted = block.text[0] in _QUOTES or block.text[-1] in _QUOTES
    return quoted or block.tag == "blockquote" or bool((block.near | block.far) & _REVIEW)


def cases_of(outline: Outline, marked: list[int]) -> Iterator[tuple[str, str]]:
    """(title, address) of linked case studies.

    :param marked: numbers of the links whose address may be one's.
    """
    for number in marked:
        anchor = outline.anchors[number]
        if not _CASE.search(anchor.href) or anchor.place == "footer":
            continue
        text = anchor.text.strip()
        if 6 <= len(text) <= 110 and not _BUTTON.match(text) and " " in text:
            yield text, text
