"""Is a page a shell, one that a script must fill before it says anything? Pure.

Three marks, each beside next to no words, few links and a script: it asks for JavaScript, its root
is empty, or there is nothing else at all. Pages told by their data (JSON-LD) or with a price are
none: what matters of them was read.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from crawlers.document import Document
from crawlers.extract.texts.columns import word_count
from crawlers.folding import fold
from crawlers.items import Page

READ_WORDS = 60
"""Words of main text (its data's included) from which a page says something, whatever its marks."""
SHELL_WORDS = 25
"""Words a shell shows at most: a name, a slogan, a few entries of a menu."""
BARE_WORDS = 5
"""Words a page without a mark of its own shows at most."""
SHELL_LINKS = 10
"""Addresses a shell links to at most."""
DRAWN_WORDS = 5
"""Words, or links, a drawn page must show at least to have said something."""

_UNSEEN = frozenset({"script", "style", "noscript", "template", "svg", "head", "iframe", "object"})
_ASIDE = frozenset({*_UNSEEN, "link", "meta", "br", "hr", "-comment", "-text", "!doctype"})
_SCRIPT = re.compile(r"java ?script|\bjs\b")
# Beside the word JavaScript, in texts folded to small letters without accents, simplified Han.
_ASKING = re.compile(
    r"enabl|activat|turn(?:ed)? on|switch on|requir|need|without|disabled|support|allow|work"
    r"|bat|kich hoat|yeu cau|can co|vo hieu|ho tro|cho phep|khong the"
    r"|启用|开启|打开|需要|允许|支持|禁用|关闭|停用|运行"
)
_WAITING = re.compile(
    r"loading|please wait|just a (?:second|moment)|dang tai|vui long (?:cho|doi)|xin cho"
    r"|(?:正在)?(?:加载|载入)中?|请稍[候等后]"
)
_LETTER = re.compile(r"\w")
_DEEPEST = 400
_MOST_NODES = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Shell:
    """Why a page counts as a shell: the rule (``asks``, ``root``, ``bare``), and what was seen."""

    rule: str
    quote: str


def shell_of(document: Document, page: Page) -> Shell | None:
    """Tell whether a page says nothing without JavaScript.

    :param page: the same page, read.
    :returns: the mark; ``None``: it can be read as it is.
    """
    if not document.is_html or _says(page) or word_count(page.text) > READ_WORDS:
        return None
    body = document.tree.body
    if body is None or document.tree.css_first("script") is None:
        return None
    if document.tree.css_first("frameset, meta[http-equiv='refresh' i]") is not None:
        return None
    if len({link.url for link in page.links}) > SHELL_LINKS:
        return None
    shown = fold(" ".join(_visible(body)))
    words = _words(shown)
    if words > SHELL_WORDS:
        return None
    asked = _asked(body, shown)
    if asked:
        return Shell(rule="asks", quote=asked)
    pictures = len(body.css("img, picture, video, form, iframe"))
    root = _empty_root(body)
    if root and pictures <= 2:
        return Shell(rule="root", quote=root)
    if words <= BARE_WORDS and not pictures and not page.links:
        return Shell(rule="bare", quote=f"{words:.0f} words, no link, a script")
    return None


def says_something(document: Document, page: Page) -> bool:
    """Whether a drawn page holds words, a price or ways on.

    :param page: the same page, read.
    """
    if _says(page) or word_count(page.text) >= DRAWN_WORDS or len(page.links) >= DRAWN_WORDS:
        return True
    body = document.tree.body
    return body is not None and _words(fold(" ".join(_visible(body)))) >= DRAWN_WORDS


def _words(folded: str) -> float:
    return word_count(_WAITING.sub(" ", folded))


def _says(page: Page) -> bool:
    return any(offer.price is not None or offer.price_text for offer in page.offers)


def _asked(body: LexborNode, shown: str) -> str:
    """The words that ask for JavaScript: any mention where scripts are off, else a request."""
    for node in body.css("noscript"):
        text = " ".join(node.text(deep=True, separator=" ").split())
        if _SCRIPT.search(fold(text)):
            return text[:200]
    if _SCRIPT.search(shown) and _ASKING.search(shown):
        return shown[:200]
    return ""


def _empty_root(body: LexborNode) -> str:
    """The opening tag of the element a script fills; ``""`` where there is none.

    It stands at the top of the body (or alone in what stands there), has a name to be found by (an
    id, or a tag of its own making), and shows nothing, or that it is loading.
    """
    level = body
    for _ in range(4):
        children = [
            node for node in level.iter(include_text=False) if (node.tag or "") not in _ASIDE
        ]
        for node in children:
            named = bool((node.attributes.get("id") or "").strip()) or "-" in (node.tag or "")
            if named and node.css_first("a[href], img") is None and not _shows(node):
                id_ = (node.attributes.get("id") or "")[:60]
                return f'<{node.tag} id="{id_}">' if id_ else f"<{node.tag}>"
        if len(children) != 1:
            return ""
        level = children[0]
    return ""


def _shows(node: LexborNode) -> bool:
    return _LETTER.search(_WAITING.sub(" ", fold(" ".join(_visible(node))))) is not None


def _visible(top: LexborNode) -> Iterator[str]:
    """The texts below an element that a visitor sees before any script ran."""
    waiting: list[tuple[LexborNode, int]] = [(top, 0)]
    for _ in range(_MOST_NODES):
        if not waiting:
            return
        node, depth = waiting.pop()
        if node.tag == "-text":
            yield node.text(deep=False) or ""
        elif node.tag not in _UNSEEN and depth < _DEEPEST:
            waiting.extend((child, depth + 1) for child in reversed(_children(node)))


def _children(node: LexborNode) -> list[LexborNode]:
    return list(node.iter(include_text=True))
