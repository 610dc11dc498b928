"""The site's own pages that are a channel: ``/affiliate``, ``/dai-ly``, 加盟, press, events, blog.

Told by the words of a link's path, by its subdomain and by the link's text. Pure.
"""

import re
from collections.abc import Iterator, Sequence
from urllib.parse import unquote

from crawlers.items import Link
from crawlers.spotting import Phrasebook
from crawlers.words import PageKind, Place, Strength
from pipelines.channels.addresses import MAX_URL, take_apart
from pipelines.channels.rows import Rule
from pipelines.channels.table import Table

_MAX_ANCHOR = 40  # characters: a longer link text is a headline, not the name of a page
_MAX_HAN_ANCHOR = 12  # the same for a text in Chinese characters
_SISTER = 3  # links to a host not ours: a page with as many points at a part of its own house
_LANGUAGES = frozenset(
    "en vi zh cn tw hk fr de es it pt ja jp ko kr th id ms nl pl ru sv da fi no nb cs tr uk us gb"
    " au ca sg my in ie nz eu bg ro hu gr el he ar ae br mx cl co za ph".split()
)
_LOCALE = re.compile(r"[a-z]{2}[-_][a-z]{2,4}")
_AFTER_PATH = re.compile(r"[?#]")
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
_TOPICS = re.compile(r"/(?:tags?|topics?|category|categories|chu-de|label)/")
# Words that change nothing of what a link's text names.
_FILLERS = frozenset(
    "our the all view see my visit more a an to of page center centre room hub us read latest"
    " upcoming new browse explore go find here info information official office".split()
)
_HAN_FILLERS = re.compile(
    r"^(我们的|更多|查看|最新|申请|加入|官方|了解)|(中心|专区|專區|列表|页面|入口)$"
)


class OwnPages:
    """Finds, among the links of a page, those that lead to channels of the site's own."""

    def __init__(self, table: Table, url: str) -> None:
        self._table = table
        here = take_apart(url)
        self.start = f"{here.scheme}://{here.host}/"
        self._found: dict[tuple[str, Strength], tuple[Rule, Strength, str]] = {}
        if len(here.path) > 1:
            self._by_path(here.path, here.raw, "header")

    def is_of_kind(self, kind: PageKind, url: str) -> None:
        """The page itself: an article is proof of articles."""
        rule = self._table.kinds.get(kind)
        if rule is not None:
            self._add(rule, rule.strength, url)

    def read(self, links: Sequence[Link]) -> None:
        """Links to the page's own host."""
        paths = "\n".join([link.url for link in links]).replace(self.start, "/")
        self._by_paths(paths, links)
        self._by_texts(links)

    def read_sisters(self, links: Sequence[tuple[str, Link]]) -> None:
        """Links, with their host, to other hosts of the site: ``blog.``, another country's."""
        for host, link in links:
            rule = self._table.path_words.get(host.partition(".")[0])
            if rule is not None:
                self._add(rule, rule.strength if link.place != "body" else rule.body, link.url)
        marks = [link for _, link in links]
        self._by_paths("\n".join([link.url for link in marks]), marks)
        self._by_texts(marks)

    def read_others(self, links: Sequence[tuple[str, Link]], *, about_others: bool) -> None:
        """Links, with their host, to hosts nobody knows: a page's name alone names a channel.

        "Press room", "Community" in a menu lead to another house of the same company; they prove
        at most medium, and nothing in a body, unless the page links there several times.
        """
        for line in _lines_with(self._table.anchor_book, [link.text for _, link in links]):
            host, link = links[line]
            for rule in self._whole(link.text.strip().lower()):
                often = sum(other == host for other, _ in links) >= _SISTER
                sure = link.place != "body" or (often and not about_others)
                self._add(rule, min(rule.strength, 2) if sure else 1, f"{link.text} {link.url}")

    def sightings(self) -> Iterator[tuple[Rule, Strength, str]]:
        """Rows that fired, with strength and quote (the address, or the link's words)."""
        yield from self._found.values()

    def _add(self, rule: Rule, strength: Strength, quote: str) -> None:
        self._found.setdefault((rule.id, strength), (rule, strength, quote[:MAX_URL]))

    def _by_paths(self, joined: str, links: Sequence[Link]) -> None:
        spelled = joined.lower().replace("_", "-")
        if spelled.count("\n") >= len(links):  # a break in an address: rare enough to be slow
            spelled = "\n".join(link.url.lower().replace("\n", "") for link in links)
        for line in _lines_in(spelled, self._table.paths.spot(spelled)):
            link = links[line]
            url = link.url
            at = url.find("/", url.find("//") + 2)
            self._by_path(_AFTER_PATH.split(url[at : at + 300], maxsplit=1)[0], url, link.place)

    def _by_path(self, path: str, raw: str, place: Place) -> None:
        parts = path[1:].split("/", 5)[:5]
        for number, part in enumerate(parts):
            word = _page_word(part)
            if word:
                rule = self._table.own_page(word)
                if rule is not None:
                    whole = not any(parts[number + 1 :])  # the page itself, not one below it
                    sure = whole or place != "body"
                    self._add(rule, rule.strength if sure else rule.body, raw)
                return

    def _by_texts(self, links: Sequence[Link]) -> None:
        for line in _lines_with(self._table.anchor_book, [link.text for link in links]):
            text, place = links[line].text, links[line].place
            if _TOPICS.search(links[line].url):
                continue  # a label of articles: they write about it
            words = text.strip().lower()
            whole = self._whole(words)
            for rule in whole:
                # "Facebook" in a menu may be a subject of the site; in a footer it is a way out.
                sure = rule.platform is None or place == "footer"
                self._add(rule, rule.strength if sure else 1, text)
            within = None if whole else self._within(words)
            if within is not None:
                self._add(within, within.strength if place != "body" else within.body, text)

    def _whole(self, line: str) -> list[Rule]:
        """The rows whose names a link's whole text is, or the parts it joins by "and"."""
        if len(line) > _MAX_ANCHOR:
            return []
        anchors = self._table.anchors
        rule = anchors.get(line)
        if rule is not None:
            return [rule]
        if _HAN.search(line):
            if len(line) > _MAX_HAN_ANCHOR:
                return []
            parts = [_HAN_FILLERS.sub("", part) for part in _BETWEEN.split(line)]
        else:
            if len(line.split()) > 4:
                return []
            parts = [
                " ".join(word for word in part.split() if word not in _FILLERS)
                for part in _BETWEEN.split(line)
            ]
        return [anchors[part] for part in parts if part in anchors]

    def _within(self, line: str) -> Rule | None:
        if len(line) > _MAX_ANCHOR:
            return None
        if _HAN.search(line):
            if len(line) <= _MAX_HAN_ANCHOR:
                for phrase, within in self._table.anchors_within_han:
                    if phrase in line:
                        return within
            return None
        if len(line.split()) > 8:
            return None
        padded = f" {' '.join(_WORD.findall(line))} "
        for phrase, within in self._table.anchors_within:
            if phrase in padded:
                return within
        return None


def _lines_with(book: Phrasebook, lines: list[str]) -> Iterator[int]:
    """The numbers of the lines in which a phrase stands, any case."""
    joined = "\n".join(lines).lower()
    if joined.count("\n") >= len(lines):  # a break in a text would shift the count
        joined = "\n".join(line.lower().replace("\n", " ") for line in lines)
    return _lines_in(joined, book.spot(joined))


def _lines_in(joined: str, found: list[tuple[int, int, int]]) -> Iterator[int]:
    """The numbers, each once, of the lines that places in a text lie in."""
    number = at = 0
    last = -1
    for start in sorted([start for _, start, _ in found]):
        number += joined.count("\n", at, start)
        at = start
        if number != last:
            last = number
            yield number


def _page_word(part: str) -> str:
    """A segment of a path as a page's name, lower case, without its ending; ``""`` where it only
    stands before one (``/en/pages/...``).
    """
    part = part.lower()
    if part in _BEFORE or part in _LANGUAGES or (len(part) < 8 and _LOCALE.fullmatch(part)):
        return ""
    return _ENDING.sub("", unquote(part)).replace("_", "-")
