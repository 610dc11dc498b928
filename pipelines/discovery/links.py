"""Candidates in pages: comparison pages, directories, and links to other companies' homes."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from crawlers.folding import fold
from crawlers.urls import host_of, is_web_url, site_key
from pipelines.discovery.fit import fit_of
from pipelines.discovery.matching import KnownNames, key_of
from pipelines.discovery.model import Candidate, Seeker, Sighting
from pipelines.discovery.wordlists import chinese_band, english_band, platform_kind

_DIRECTORY_LINKS = 5
"""Links to the homes of so many other sites make a page a directory."""

_LONGEST_LINE = 200
_LONGEST_NAME = 4  # words
_COMMON = 5  # a word as common as one in a thousand to ten thousand is rarely meant as a name
_VERSUS = re.compile(
    r"^\s*(.{2,40}?)\s+(?:vs\.?|versus|so với|so voi|对比|對比|与)\s+(.{2,40}?)"
    r"(?:\s*[:|–—(,?]|\s+-\s|$)",
    re.IGNORECASE,
)
_INSTEAD = re.compile(
    r"(?:alternatives?\s+(?:to|for)|instead of|thay thế(?: cho)?|替代)\s+(.{2,40}?)"
    r"(?:\s*[:|–—(,?.]|\s+-\s|\s+(?:for|in)\s|$)",
    re.IGNORECASE,
)
_ITS_ALTERNATIVES = re.compile(
    r"^(?:\s*(?:\d{1,3}|best|top)\b)*\s*(.{2,30}?)\s+alternatives?\b(?!\s+(?:to|for)\b)",
    re.IGNORECASE,
)
_LISTING = re.compile(
    r"best|top \d|alternatives|directory|compare|danh sach|tot nhat|大全|排行|推荐|对比"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageLink:
    """A link that leaves the site: its address and its words."""

    url: str
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageText:
    """A stored page: address, title, headings, and the links that leave its site."""

    url: str
    title: str
    headings: tuple[str, ...] = ()
    links: tuple[PageLink, ...] = ()


def candidates_in_pages(pages: Sequence[PageText], seeker: Seeker) -> tuple[Candidate, ...]:
    """Names set against another on comparison pages, and sites that directories link to.

    A name of a comparison page needs no other proof: who writes "X vs Y" sells one of the two. A
    link counts where the page is a directory of the business's trade, and leads to a home page.
    """
    fit = fit_of(seeker)
    known = KnownNames((seeker.name, *seeker.aliases, *seeker.known))
    found: dict[str, list[tuple[str, str | None, Sighting]]] = defaultdict(list)
    for page in pages:
        about = " ".join((page.title, *page.headings))
        for name, quote in _compared(page):
            found[key_of(name)].append((name, None, _sighting(page, quote, "versus_page", 1.0)))
        homes = {site_key(link.url): link for link in page.links if _is_home(link.url, page.url)}
        if (
            len(homes) >= _DIRECTORY_LINKS
            and fit.of(about) > 0
            and _LISTING.search(fold(about)) is not None
        ):
            for site, link in homes.items():
                name = _site_name(link, site)
                sighting = _sighting(page, link.text or link.url, "directory", 0.7)
                found[key_of(name)].append((name, link.url, sighting))
    return tuple(
        Candidate(
            name=rows[0][0],
            aliases=tuple(sorted({name for name, _, _ in rows} - {rows[0][0]})),
            sightings=tuple(sighting for _, _, sighting in rows),
            site=next((site for _, site, _ in rows if site), None),
        )
        for key, rows in found.items()
        if key
        and not known.holds_key(key)
        and platform_kind(key) in (None, *fit.kinds)
        and english_band(key) < _COMMON
    )


def _sighting(page: PageText, quote: str, rule: str, weight: float) -> Sighting:
    return Sighting(place=page.url, post=None, quote=quote, rule=f"discovery/{rule}", weight=weight)


def _compared(page: PageText) -> Iterable[tuple[str, str]]:
    """The names a comparison page sets against each other, and the words that do."""
    for line in (words[:_LONGEST_LINE] for words in (page.title, *page.headings)):
        match = _VERSUS.search(line)
        sides = list(match.groups()) if match else []
        for pattern in (_INSTEAD, _ITS_ALTERNATIVES):
            if (match := pattern.search(line)) is not None:
                sides.append(match[1])
        for side in sides:
            if name := _name_of(side):
                yield name, line


def _name_of(side: str) -> str | None:
    """The name in one side of "X vs Y"; ``None`` where it is written like plain words."""
    words = side.strip(" \"'“”「」《》").split()[:_LONGEST_NAME]
    while words and words[0].islower() and words[0].isascii():  # "the best Quillmart"
        words = words[1:]
    kept: list[str] = []
    for word in words:
        if word.islower() and word.isascii():
            break
        kept.append(word)
    name = " ".join(kept)
    if not name or (len(kept) == 1 and english_band(fold(name)) >= _COMMON):
        return None
    return None if chinese_band(name) >= _COMMON else name


def _is_home(url: str, page: str) -> bool:
    if not is_web_url(url) or site_key(url) == site_key(page):
        return False
    parts = urlsplit(url)
    return parts.path.strip("/") in ("", "en", "vi", "zh", "index.html") and not parts.query


def _site_name(link: PageLink, site: str) -> str:
    """What a link calls a site, else its domain's first label."""
    text = " ".join(link.text.split())
    if 2 <= len(text) <= 30 and "/" not in text and english_band(fold(text)) < _COMMON:
        return text
    return host_of(link.url).removeprefix("www.").split(".")[0] or site
