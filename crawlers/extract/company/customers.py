"""Who buys, where a page shows it without saying it: logos, voices, case studies. Pure."""

import re
from collections.abc import Iterator

from crawlers.document import Document
from crawlers.extract.company.phrases import Spots
from crawlers.extract.marks import GROUP_BITS
from crawlers.extract.outline import Block, Outline

_HEADINGS = "h1, h2, h3, h4, h5, h6, p, strong"
_LOGO = re.compile(
    r"\b(?:(?:company|client|customer|partner|brand|white|black|color|dark|light|the)\s+)*logos?\b"
    r"(?: (?:of|for|white|black|color|dark|light|image|\d+))*|(?:的)?(?:标志|商标"
    r"|logo)|\.(?:png|jpe?g|svg|webp)$",
    re.IGNORECASE,
)
_NO_NAME = re.compile(
    r"^(?:image|img|photo|picture|icon|avatar|star|stars|arrow|check|quote|logo|client"
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
_NAME = r"[^\W\d_a-z][^\W\d_]*[.'’-]?[^\W\d_]*\.?"
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
_SHOWS = 3  # logos that make a wall of them


def logos_of(document: Document, outline: Outline, spots: Spots) -> Iterator[tuple[str, str]]:
    """(name, heading) of the logos below a heading that says whose they are, by their alt text."""
    headings = {
        outline.blocks[number].text
        for number in spots.of_kind("heading:customers")
        if len(outline.blocks[number].text) <= 90 and outline.blocks[number].place == "body"
    }
    if not headings or sum(1 for _, _, alt in outline.images if alt) < _SHOWS:
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
                names = (_logo_name(image.attributes.get("alt") or "") for image in images)
                yield from ((name, f"{text}: {name}") for name in names if name)
            break


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
                    yield text, f"{words[:200]} {text}"
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
            yield text, f"{text} {anchor.href}"
