"""The site's own pages that are a channel: ``/affiliate``, ``/dai-ly``, 加盟, press, events, blog.

Told by the words of a link's path, by its subdomain and by the link's text. Pure.
"""

import re
from collections.abc import Iterator
from urllib.parse import unquote

from crawlers.urls import registrable_domain
from crawlers.words import Place, Strength
from pipelines.channels.addresses import MAX_URL, Url, take_apart
from pipelines.channels.table import Rule, Table

_MAX_ANCHOR = 40  # characters: a longer link text is a headline, not the name of a page
_MAX_HAN_ANCHOR = 12  # the same for a text in Chinese characters
_LANGUAGES = frozenset(
    "en vi zh cn tw hk fr de es it pt ja jp ko kr th id ms nl pl ru sv da fi no nb cs tr uk us gb"
    " au ca sg my in ie nz eu bg ro hu gr el he ar ae br mx cl co za ph".split()
)
_LOCALE = re.compile(r"[a-z]{2}[-_][a-z]{2,4}")
_ENDING = re.compile(r"\.(html?|php|aspx?|jsp)$")
_WORD = re.compile(r"[^\W_]+")
_HAN = re.compile(r"[\u3400-\u9fff]")
_BETWEEN = re.compile(r"\s*[&|/·,+]\s*|\s+(?:and|và)\s+|[与和及]")
# Segments that stand before the page's own name.
_BEFORE = frozenset({
    "pages", "page", "p", "s", "site", "about", "about-us", "aboutus", "company", "info", "content",
    "home", "index.php", "help", "support", "customer-service", "trang", "ve-chung-toi",
    "gioi-thieu", "corporate", "en-us",
})  # fmt: skip
# Words that change nothing of what a link's text names.
_FILLERS = frozenset(
    "our the all view see my visit more a an to of page center centre room hub us read latest"
    " upcoming new browse explore go find here info information official".split()
)
_HAN_FILLERS = re.compile(
    r"^(我们的|更多|查看|最新|申请|加入|官方|了解)|(中心|专区|專區|列表|页面|入口)$"
)


class OwnPages:
    """Gathers the links to the site's own pages, then says which of them are channels."""

    def __init__(self, table: Table, url: str, domain: str) -> None:
        self._table = table
        self._domain = domain
        here = take_apart(url)
        self._host = here.host
        self._start = f"{here.scheme}://{here.host}/"
        self._found: dict[tuple[str, Place], tuple[Rule, Strength, str]] = {}
        self._texts: dict[str, Place] = {}
        self._words: dict[str, str] = {}
        self._by_path(here.path, here.raw, "header")

    def take(self, raw: str, text: str, place: Place) -> bool:
        """Read a link; True where it leads to the site itself."""
        if raw.startswith(self._start):
            path = raw[len(self._start) - 1 : MAX_URL]
            if "?" in path:
                path = path[: path.index("?")]
            if "#" in path:
                path = path[: path.index("#")]
        else:
            url = take_apart(raw)
            if url.scheme not in ("http", "https", ""):
                return False
            if url.host and url.host != self._host:
                if registrable_domain(url.host) != self._domain:
                    return False
                self._by_host(url, place)
            path = url.path
        if len(path) > 1:
            self._by_path(path, raw, place)
        if text and 1 < len(text) <= _MAX_ANCHOR and self._texts.get(text, "body") == "body":
            self._texts[text] = place
        return True

    def sightings(self) -> Iterator[tuple[Rule, Strength, str]]:
        """Rows that fired, with strength and quote (the address, or the link's words)."""
        yield from self._found.values()
        for text, place in self._texts.items():
            rule = self._by_text(text)
            if rule is not None:
                yield rule, _strength(rule, place), text

    def _by_path(self, path: str, raw: str, place: Place) -> None:
        first = path[1:300].partition("/")[0]
        word = self._words.get(first)
        if word is None:
            word = self._words[first] = _page_word(first)
        if not word:
            word = next(filter(None, map(_page_word, path[1:300].split("/", 5)[1:5])), "")
        rule = self._table.own_page(word) if word else None
        if rule is not None:
            self._found.setdefault((rule.id, place), (rule, _strength(rule, place), raw[:MAX_URL]))

    def _by_host(self, url: Url, place: Place) -> None:
        label = url.host.split(".")[0]
        rule = self._table.path_words.get(label)
        if rule is not None:
            self._found.setdefault((rule.id, place), (rule, _strength(rule, place), url.raw))

    def _by_text(self, text: str) -> Rule | None:
        anchors = self._table.anchors
        line = text.strip().lower()
        rule = anchors.get(line)
        if rule is not None or line.isdigit():
            return rule
        if _HAN.search(line):
            return self._by_han(line)
        words = line.split()
        if len(words) > 8 or self._table.anchor_words.isdisjoint(words):
            return None
        if 1 < len(words) < 5:
            for part in _BETWEEN.split(line):
                rule = anchors.get(" ".join(w for w in part.split() if w not in _FILLERS))
                if rule is not None:
                    return rule
        if not line.isascii():
            padded = f" {' '.join(_WORD.findall(line))} "
            for phrase, within in self._table.anchors_within:
                if phrase in padded:
                    return within
        return None

    def _by_han(self, line: str) -> Rule | None:
        if len(line) > _MAX_HAN_ANCHOR:
            return None
        for part in _BETWEEN.split(line):
            rule = self._table.anchors.get(_HAN_FILLERS.sub("", part))
            if rule is not None:
                return rule
        for phrase, within in self._table.anchors_within_han:
            if phrase in line:
                return within
        return None


def _strength(rule: Rule, place: Place) -> Strength:
    return rule.strength if place != "body" else rule.body


def _page_word(part: str) -> str:
    """A segment of a path as a page's name, lower case, without its ending; ``""`` where it only
    stands before one (``/en/pages/...``).
    """
    part = part.lower()
    if part in _BEFORE or part in _LANGUAGES or (len(part) < 8 and _LOCALE.fullmatch(part)):
        return ""
    return _ENDING.sub("", unquote(part)).replace("_", "-")
