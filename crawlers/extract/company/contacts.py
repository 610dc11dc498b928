"""Public business contact and the company's own accounts elsewhere."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate
from urllib.parse import unquote, urlsplit

from crawlers.document import Document
from crawlers.extract.addresses import host_in
from crawlers.extract.company.phrases import Spots
from crawlers.extract.outline import Outline
from crawlers.extract.phones import phone_in
from crawlers.spotting import Phrasebook
from crawlers.urls import registrable_domain

_EMAIL = re.compile(
    r"(?<![\w.+-])[A-Za-z0-9][\w.+-]{0,63}@"
    r"[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,4}(?![\w@])"
)
_DIGITS = re.compile(r"\d\D{0,4}\d\D{0,4}\d\D{0,4}\d")
_LABELLED = re.compile(
    r"tel\b|phone|call|hotline|mobile|whatsapp|(?:điện thoại|dien thoai|đt|dt|sđt|sdt"
    r"|tổng đài|tong dai"
    r"|liên hệ|lien he|zalo|gọi|goi)\b|电话|電話|热线|熱線|手机|手機|联系|聯絡|客服|专线|專線",
    re.IGNORECASE,
)
_ADDRESS_WORDS = re.compile(
    r"^(?:(?:our |head ?office |office |store |company )?address|visit us"
    r"|trụ sở(?: chính)?|địa chỉ|văn phòng|showroom|cơ sở \d|chi nhánh[^:]{0,30}"
    r"|tru so(?: chinh)?|dia chi|van phong|co so \d|chi nhanh[^:]{0,30}"
    r"|(?:公司|办公|总部|门店|联系)?地址|地址)\s*[:：]\s*(.{8,200})$",
    re.IGNORECASE,
)
# Where companies have accounts and shops: what a path must look like to be one's own, and which
# paths are the platform's own (sharing, embedding, help).
_PLATFORMS = frozenset({
    "facebook.com", "fb.com", "instagram.com", "twitter.com", "x.com", "linkedin.com",
    "youtube.com", "youtu.be", "tiktok.com", "pinterest.com", "threads.net", "threads.com",
    "zalo.me", "m.me", "t.me", "wa.me", "line.me", "lin.ee", "weibo.com", "weibo.cn",
    "xiaohongshu.com", "douyin.com", "bilibili.com", "zhihu.com", "kuaishou.com", "shopee.vn",
    "shopee.sg", "shopee.tw", "shopee.ph", "shopee.co.th", "shopee.com.my", "lazada.vn",
    "lazada.sg", "lazada.com.my", "tiki.vn", "sendo.vn", "tmall.com", "taobao.com", "jd.com",
    "pinduoduo.com", "1688.com", "amazon.com", "ebay.com", "etsy.com", "github.com", "discord.gg",
    "discord.com", "medium.com", "apps.apple.com", "play.google.com", "trustpilot.com", "yelp.com",
    "g2.com", "capterra.com", "crunchbase.com", "glassdoor.com", "spotify.com", "snapchat.com",
    "reddit.com", "vimeo.com", "behance.net", "dribbble.com", "bsky.app", "whatsapp.com",
    "toutiao.com", "alibaba.com", "youzan.com", "weidian.com", "producthunt.com", "telegram.me",
    "mastodon.social", "quora.com", "houzz.com", "thumbtack.com", "bbb.org", "tripadvisor.com",
})  # fmt: skip
_NOT_OWN = re.compile(
    r"/(?:sharer?|share|intent|dialog|plugins|embed|login|signup|policy|policies|legal|privacy|help"
    r"|watch|status|p|reel|hashtag|search|home|explore|pin/create|v|video|shareArticle|submit"
    r"|events)"
    r"(?:[/.?]|$)|share\.php|sharing|shareArticle",
    re.IGNORECASE,
)


_CASES = ("case", "customers/", "clients/", "stories/", "khach-hang", "anli")
_MARKS = {
    **{f"{before}{host}": "account" for host in sorted(_PLATFORMS) for before in ("//", ".")},
    **dict.fromkeys(("mailto:", "tel:"), "contact"),
    **dict.fromkeys(_CASES, "case"),
}
_BOOK = Phrasebook(_MARKS)
_KINDS = tuple(_MARKS.values())
_MOST = 4_000  # links of a page looked at
_LONG = 400_000  # characters of all addresses


def marked_links(outline: Outline) -> dict[str, list[int]]:
    """Numbers of the links whose address speaks of an ``account``, a ``contact`` or a ``case``
    study, found in one scan of all addresses.
    """
    found: dict[str, list[int]] = {"account": [], "contact": [], "case": []}
    hrefs = [anchor.href for anchor in outline.anchors[:_MOST]]
    joined = "\n".join(hrefs)
    if joined.count("\n") >= len(hrefs) or len(joined) > _LONG:
        hrefs = [href[:500].replace("\n", " ") for href in hrefs]
        joined = "\n".join(hrefs)
    hits = _BOOK.spot(joined.lower())
    starts = [0, *accumulate([len(href) + 1 for href in hrefs])] if hits else []
    for which, start, _ in hits:
        number = bisect_right(starts, start) - 1
        numbers = found[_KINDS[which]]
        if number < len(hrefs) and (not numbers or numbers[-1] != number):
            numbers.append(number)
    return found


def accounts_of(
    document: Document, outline: Outline, numbers: list[int]
) -> Iterator[tuple[str, str]]:
    """(address, quote) of profiles and shops linked from the header or footer, or named so.

    A link inside an article's text is somebody's; one in the page's frame, or whose words name
    the platform, is the company's own.

    :param numbers: the links that name a platform (:func:`marked_links`).
    """
    own = registrable_domain(host_in(document.url)) if numbers else ""
    seen: set[str] = set()
    for number in numbers:
        anchor = outline.anchors[number]
        framed = anchor.place in ("header", "footer") or len(anchor.text) < 30
        url = anchor.url if framed else None
        if url is None:
            continue
        host = host_in(url)
        domain = registrable_domain(host)
        if domain == own or (domain not in _PLATFORMS and host not in _PLATFORMS):
            continue
        parts = urlsplit(url)
        shop_host = domain in ("tmall.com", "taobao.com", "1688.com", "jd.com", "youzan.com")
        if (len(parts.path.strip("/")) < 2 and not (shop_host and host.split(".")[0] != "www")) or (
            _NOT_OWN.search(parts.path) and "play.google" not in host and "apps.apple" not in host
        ):
            continue
        key = url.split("?")[0].rstrip("/").lower()
        if key not in seen:
            seen.add(key)
            yield url[:500], anchor.text or url


def contacts_of(
    outline: Outline, spots: Spots, numbers: list[int]
) -> Iterator[tuple[str, str, str, str]]:
    """(email, phone or address; value; quote; rule) in links and in text beside its label.

    :param numbers: the links to write or call (:func:`marked_links`).
    """
    for number in numbers:
        anchor = outline.anchors[number]
        href = anchor.href.strip()
        scheme = href[:8].lower()
        if scheme.startswith("mailto:"):
            for match in _EMAIL.finditer(unquote(href[7:300])):
                yield "email", match[0], anchor.text or href, "link:mailto"
        elif scheme.startswith("tel:"):
            called = unquote(href[4:60]).strip()
            if 3 <= len(re.sub(r"\D", "", called)) <= 15:
                yield "phone", called, anchor.text or href, "link:tel"
    for number in spots.of_kind("email", "phone", "address"):
        text = outline.blocks[number].text
        if len(text) > 400:
            continue
        if "@" in text:
            for match in _EMAIL.finditer(text):
                yield "email", match[0], text, "text:email"
        if len(text) < 200 and _DIGITS.search(text):
            dialled = phone_in(text) if _LABELLED.search(text) else None
            if dialled:
                yield "phone", dialled, text, "text:phone"
        found = _ADDRESS_WORDS.match(text)
        if found:
            yield "address", found[1].strip(), text, "text:address"
