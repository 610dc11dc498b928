"""The raw marks of a page from which channels are told later, each with its place.

Links, scripts, iframes, form actions, image hosts, inline scripts, meta tags, schema.org types,
and stretches of visible text (phone numbers, group numbers, account names). No judgement here:
what a mark means is the business of the signal tables.
"""

import re
import tomllib
from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files
from itertools import chain

from crawlers.document import Document
from crawlers.extract.addresses import absolute_to, host_in
from crawlers.extract.head import Head
from crawlers.extract.outline import Outline
from crawlers.extract.phones import phone_in
from crawlers.extract.structured import all_things, text_of, types_of
from crawlers.folding import fold
from crawlers.items import Signal
from crawlers.spotting import Lines, Phrasebook, stands_alone
from crawlers.urls import host_of, registrable_domain

_MOST = 1_500  # signals of one page
_INLINE = 4_000  # characters of an inline script in one signal
_WINDOWS = 6  # windows of one inline script
_TEXT = 200
_LONGEST_TEXT = 1_500  # characters of a block in which phrases count as marks
_METAS = re.compile(
    r"^(?:generator|google-site-verification|facebook-domain-verification|fb:|baidu-site|msvalidate"
    r"|yandex|p:domain_verify|sogou|360-site|bytedance|zalo|shenma|naver|al:|twitter:|apple-itunes"
    r"|google-play|og:(?:type|site_name|locale)|article:publisher|keywords|robots|author|shopify"
    r"|google-adsense|monetization|csrf|theme|platform|copyright|hostname|facebook|pinterest|wb:"
    r"|property=|qc:|tiktok|apple-mobile-web-app-title|application-name)"
)
# Names by which ids stand inside long inline scripts: windows are opened around these.
_MARKERS = (
    "fbq(", "gtag(", "AW-", "UA-", "'G-", '"G-', "GTM-", "ttq.", "_hmt", "hm.baidu", "clarity",
    "hotjar", "_linkedin", "uetq", "criteo", "pintrk", "snaptr", "twq(", "adsbygoogle", "OneSignal",
    "pushengage", "ubiz", "awk_API", "zalo", "Zalo", "intercom", "Intercom", "crisp", "drift",
    "zendesk", "zE(", "ivechat", "iveChat", "ubspot", "laviyo", "ailchimp", "getresponse", "brevo",
    "accesstrade", "masoffer", "adpia", "impact", "awin", "shareasale", "firebase", "mixpanel",
    "matomo", "_paq", "cnzz", "53kf", "meiqia", "udesk", "qidian", "coccoc", "admicro", "adtima",
    "haravan", "sapo", "bizweb", "Shopify", "yotpo", "rustpilot", "line.me", "liff", "WeixinJS",
    "wx.config", "ffiliate", "rdt(", "taboola", "outbrain", "ixel_id", "ixelId", "ixelID",
    "pixelIds", "pixel_type", "iktokPixel", "social_", "sameAs", "prebid", "pbjs", "googletag",
    "newsletter", "webchat", "livechat", "facebook.com/", "youtube.com/", "instagram.com/",
)  # fmt: skip
_SCANNED = 20_000  # characters of one long script searched for markers: ids stand near its start
_SCANNED_ALL = 80_000  # ... and of all scripts of a page
_DIALLED = (
    "tel:", "mailto:", "sms:", "zalo:", "skype:", "weixin:", "tg:", "viber:", "whatsapp:",
    "fb-messenger", "line:",
)  # fmt: skip
_FEW_LINKS = 25  # a page with fewer is drawn by scripts, its menus stand in its data
_STATE = 400_000  # characters of such data read
_MOST_DRAWN = 150
_QUOTED_URL = re.compile(r"""["'](https?://[a-z0-9.-]{3,100}(?:/[^\s"'<>\\]{0,300})?)["']""")
_CODES = ("qr", "wechat", "weixin", "微信", "二维码", "zalo", "公众号", "小程序")
_PATH_START = re.compile(r"[^/]*//[^/]*/([^/?#]*)")
_DIGITS = re.compile(r"\d\D{0,4}\d\D{0,4}\d\D{0,4}\d")


@lru_cache(maxsize=1)
def _phrases() -> Phrasebook:
    source = files("crawlers.extract").joinpath("signal_words.toml").read_text("utf-8")
    groups = tomllib.loads(source).values()
    return Phrasebook(
        sorted({fold(word) for group in groups for part in group.values() for word in part})
    )


@lru_cache(maxsize=1)
def _codes() -> Phrasebook:
    return Phrasebook(_CODES)


@lru_cache(maxsize=1)
def _markers() -> Phrasebook:
    return Phrasebook(_MARKERS)


def signals_of(document: Document, outline: Outline, head: Head) -> tuple[Signal, ...]:
    """Every raw mark of a page, distinct, in the page's order by kind; at most 1,500."""
    found: dict[tuple[str, str], Signal] = {}
    for signal in _all(document, outline, head):
        if len(found) >= _MOST:
            break
        found.setdefault((signal.kind, signal.value), signal)
    return tuple(found.values())


def _all(document: Document, outline: Outline, head: Head) -> Iterator[Signal]:
    yield from _metas(outline)
    yield from _markup(document, outline)
    for source, place in outline.scripts[:400]:
        url = absolute_to(outline.base, source)
        if url:
            yield Signal(kind="script", value=url, place=place)
    for source, place in outline.iframes[:100]:
        url = absolute_to(outline.base, source)
        if url:
            yield Signal(kind="iframe", value=url, place=place)
    for action, place, label in outline.forms[:60]:
        url = absolute_to(outline.base, action)
        yield Signal(kind="form", value=url or action[:500], place=place, text=label[:_TEXT])
    yield from _links(outline)
    if len(outline.anchors) < _FEW_LINKS:
        yield from _drawn_links(outline, registrable_domain(host_of(document.url)))
    yield from _texts(outline)
    yield from _inline(outline)
    yield from _images(document, outline)


def _metas(outline: Outline) -> Iterator[Signal]:
    for name, content in outline.metas[:300]:
        if _METAS.match(name):
            yield Signal(kind="meta", value=f"{name}={content[:500]}", place="head")
    for rel, href, lang in outline.rels:
        if lang or any(
            word in rel for word in ("alternate", "me", "publisher", "amphtml", "manifest")
        ):
            text = f"{rel} {lang}".strip()
            yield Signal(kind="link", value=href[:1_000], place="head", text=text[:_TEXT])


def _markup(document: Document, outline: Outline) -> Iterator[Signal]:
    for thing, depth in all_things(document):
        if depth > 2:
            continue
        for kind in sorted(types_of(thing)):
            yield Signal(
                kind="markup", value=kind, place="head", text=text_of(thing.get("name"), 120)
            )
    for value, place in outline.items[:200]:
        yield Signal(
            kind="markup", value=value.rstrip("/").rsplit("/", 1)[-1][:80].lower(), place=place
        )


def _links(outline: Outline) -> Iterator[Signal]:
    """Links that are no addresses but calls: telephone, messengers. The others are outlinks."""
    for anchor in outline.anchors[:4_000]:
        if anchor.url is None:
            href = anchor.href.strip()
            if href[:12].lower().startswith(_DIALLED):
                yield Signal(kind="link", value=href[:500], place=anchor.place, text=anchor.text)


def _drawn_links(outline: Outline, own: str) -> Iterator[Signal]:
    """Links to other sites that only the data of a page drawn by scripts holds."""
    budget = _STATE
    seen: set[str] = set()
    sources = (node.text(deep=True) for node in outline.states)
    for source in chain(sources, (text for text, _ in outline.inline)):
        if budget <= 0:
            return
        part = source[:budget].replace("\\/", "/").replace("\\u002F", "/")
        budget -= len(source)
        for url in _QUOTED_URL.findall(part):
            if len(seen) >= _MOST_DRAWN:
                return
            if url not in seen and registrable_domain(host_in(url)) != own:
                seen.add(url)
                yield Signal(kind="link", value=url)


def _images(document: Document, outline: Outline) -> Iterator[Signal]:
    """Images of other hosts: counting pixels, badges, QR codes; one a host and path start."""
    images = outline.images[:2_000]
    own = registrable_domain(host_of(document.url))
    lines = [f"{alt} {source[-80:]}".lower().replace("\n", " ") for source, _, alt in images]
    named = Lines(lines, "\n".join(lines))
    codes = {named.line_at(start) for _, start, _ in _codes().spot(named.joined)}
    domains: dict[str, str] = {}
    seen: set[tuple[str, str]] = set()
    for at, (source, place, alt) in enumerate(images):
        if at not in codes and not source.startswith(("http", "//", "HTTP")):
            continue  # of the site itself: says nothing
        url = absolute_to(outline.base, source)
        if url is None:
            if at in codes:
                yield Signal(kind="image", value=source[:300], place=place, text=alt[:_TEXT])
            continue
        host = host_in(url)
        if host not in domains:
            domains[host] = registrable_domain(host)
        start = _PATH_START.match(url)
        key = (host, start[1] if start else "")
        if at not in codes and (domains[host] == own or key in seen):
            continue
        seen.add(key)
        yield Signal(kind="image", value=url[:1_000], place=place, text=alt[:_TEXT])


def _inline(outline: Outline) -> Iterator[Signal]:
    budget = _SCANNED_ALL
    for source, place in outline.inline[:200]:
        text = source.strip()
        if len(text) <= _INLINE:
            if text:
                yield Signal(kind="inline", value=text, place=place)
            continue
        part = text[: min(_SCANNED, max(0, budget))]
        budget -= len(part)
        first: dict[int, int] = {}
        for which, at, _ in _markers().spot(part):
            first.setdefault(which, at)
        marks = sorted(first.values())
        end = windows = 0
        for at in marks:
            if at < end - 200 or windows >= _WINDOWS:
                continue
            start = max(0, at - 300)
            end = start + _INLINE
            yield Signal(kind="inline", value=text[start:end], place=place)
            windows += 1
        if not windows:
            yield Signal(kind="inline", value=text[:_INLINE], place=place)


def _texts(outline: Outline) -> Iterator[Signal]:
    blocks = outline.blocks
    lines = outline.folded
    book = _phrases()
    found: dict[int, tuple[int, int]] = {}  # line -> where its first, longest phrase stands
    for which, start, end in book.spot(lines.joined):
        line = lines.line_at(start)
        if len(blocks[line].text) > _LONGEST_TEXT or not stands_alone(lines.joined, start, end):
            continue
        known = found.get(line)
        if known is None or len(book.phrases[known[1]]) < len(book.phrases[which]):
            found[line] = (start - lines.starts[line], which)
    for line in sorted(found)[:150]:
        at, which = found[line]
        block = blocks[line]
        start = max(0, at - 40)
        yield Signal(
            kind="text",
            value=block.text[start : start + _TEXT],
            place=block.place,
            text=book.phrases[which],
        )
    count = 0
    for line, block in enumerate(blocks):
        text = block.text
        dialled = 8 <= len(text) < 80 and line not in found and _DIGITS.search(text)
        if dialled and phone_in(text):
            yield Signal(kind="text", value=text, place=block.place, text="phone")
            count += 1
            if count >= 30:
                break
