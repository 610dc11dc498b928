"""What changes by itself: dates, clocks, counters, tokens, typography. Pure."""

import re
from functools import lru_cache

from crawlers.folding import fold

_MONTHS = (
    "january|february|march|april|may|june|july|august|september|october|november|december|"
    "jan|feb|mar|apr|jun|jul|aug|sept|sep|oct|nov|dec"
)
_HAN_NUMBER = "[一二三四五六七八九十百千两零]"
# The order matters: a token is taken out before its digits are, a date before its numbers. Every
# piece is bounded, so that no text takes more than linear time.
_PASSING = tuple(
    re.compile(pattern)
    for pattern in (
        # session ids, hashes, nonces: letters and digits mixed, eight or more
        r"\b(?=[a-z]{0,40}\d)(?=\d{0,40}[a-z])[a-z0-9]{8,80}\b",
        # dates in words; a weekday alone is a date too
        rf"\b(?:{_MONTHS})\.? {{0,2}}\d{{1,4}}(?:st|nd|rd|th)?\b(?:,? {{0,2}}\d{{4}}\b)?",
        rf"\b\d{{1,2}}(?:st|nd|rd|th)? {{0,2}}(?:{_MONTHS})\b\.?(?:,? {{0,2}}\d{{4}}\b)?",
        r"\b(?:mon|tues|wednes|thurs|satur|sun)day\b|\bfriday\b(?<!black friday)",
        r"\bthang (?:\d{1,2}|gieng|chap)\b|\bthu (?:hai|ba|tu|nam|sau|bay)(?=\W{0,3}\d|\W{0,3}ngay)"
        r"|\bchu nhat(?=\W{0,3}\d|\W{0,3}ngay)",
        r"(?:星期|礼拜|周)[一二三四五六日天](?=\W{0,3}\d|\W{0,3}$)",
        r"\d{1,4} {0,1}年|\d{1,2} {0,1}月|\d{1,2} {0,1}[日号]",
        # how long ago, how long still
        r"\b(?:\d{1,6}|an?) (?:second|minute|min|hour|hr|day|week|month|year)s?"
        r"(?: ago| left)?\b",
        r"\b\d{1,6} (?:giay|phut|gio|ngay|tuan|thang|nam)(?: truoc)?\b",
        rf"(?:\d{{1,6}}|{_HAN_NUMBER}{{1,3}}) {{0,1}}(?:秒|分钟|小时|天|周|个月)(?:前|后)?",
        r"\bjust now\b|\bmoments? ago\b|\byesterday\b|\btoday\b|\bvua xong\b|\bhom (?:nay|qua)\b"
        r"|刚刚|今天|昨天",
        # who is looking, how many are left, how many have bought or said something
        r"\b(?:\d[\d.,]{0,9}|one) (?:people|persons?|customers?|visitors?|users?|others?)"
        r" (?:is|are|have|has)"
        r" (?:currently |now )?(?:viewing|watching|looking|bought|ordered|online)\b"
        r"(?: (?:at )?this(?: page| product| item)?)?",
        r"\b\d[\d.,]{0,9}\+? (?:nguoi|khach)(?: hang)? (?:dang xem|da mua|da xem|online)\b",
        r"\d[\d.,]{0,9} {0,1}(?:人|位) {0,1}(?:正在|在|已)?(?:浏览|观看|看|购买|付款|在线|关注)",
        # numbers with what multiplies them, and the marks of money around them
        r"(?:[$€£¥₫]|\b(?:us|nt|hk|s|a)\$|\busd|\bvnd|\brmb) {0,1}(?=\d)",
        r"\d[\d.,:/]{0,20} {0,1}(?:(?:k|m|tr)\d{0,3}|trieu|nghin|ngan|ty|cu|usd|vnd|d|dong|w|am|pm)"
        r"\b\+?",
        r"\d[\d.,:/]{0,20} {0,1}(?:万|亿|元|块|₫)\+?",
        r"\d{1,20}(?:st|nd|rd|th)\b|\d{1,20}\+?",
        # what joins words: "and" is "&", "that" is "who"
        r"\b(?:and|that|which|who|va)\b|[和与及]",
    )
)  # fmt: skip
_MARKS = re.compile(r"[\W_]+")


def steady(text: str) -> str:
    """A text without what changes by itself: folded, no dates, clocks, counters, numbers, amounts,
    tokens, marks; words parted by one blank. Two texts that differ in these alone come out alike.
    """
    return _phrase(text) if len(text) <= _SHORT else _whole(text)


def _steadied(text: str) -> str:
    text = fold(" ".join(text.split()))
    for passing in _PASSING:
        text = passing.sub(" ", text)
    return _MARKS.sub(" ", text).strip()


_SHORT = 500  # characters
# A page's own text is asked for by every fact of it, its phrases by every page of the site.
_phrase = lru_cache(maxsize=4_000)(_steadied)
_whole = lru_cache(maxsize=8)(_steadied)


def same(old: str | None, new: str | None) -> bool:
    """Whether two texts say the same."""
    return steady(old or "") == steady(new or "")


def words_of(text: str) -> frozenset[str]:
    """The words of a folded text, each Han character one."""
    return frozenset(re.findall(r"[\u3400-\u9fff]|[^\W_\u3400-\u9fff]+", fold(text)))
