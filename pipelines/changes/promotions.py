"""What a page gives on top or takes off, for a while or for all: read from its words.

A promotion has a key that stays the same while its countdown runs: what is given, and how much.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from crawlers.folding import fold
from pipelines.changes.model import Change, PageFacts, short

PROMISING = frozenset({"home", "pricing", "service", "other"})
"""Kinds of page whose own words are read for promotions. Articles talk about those of others; on
pages of goods each offer carries its own."""

_LONGEST_LINE = 20_000
_SENTENCES = re.compile(r"(?<=[.!?]) +|(?<=[。！？])")
_MOST = 20
_NUMBER = r"(\d{1,3})(?:[.,]\d{1,2})?"
_DAYS = {"week": 7, "tuan": 7, "周": 7, "month": 30, "thang": 30, "个月": 30, "月": 30}

# (kind, pattern over the folded text). A group holds what is given; a second the unit.
_RULES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        ("percent", rf"\b(?:save|get|extra) (?:up to )?{_NUMBER} ?%"),
        ("percent", rf"{_NUMBER} ?% (?:off|discount|cheaper|giam gia)\b"),
        ("percent", rf"\b(?:giam|uu dai|khuyen mai|sale|discount)(?: gia)?(?: ngay| den| toi| soc"
                    rf"| up to| of| off)? ?-?{_NUMBER} ?%"),
        ("percent", rf"(?:立减|直降|优惠|折扣|减免) ?{_NUMBER} ?%"),
        ("fold", r"(?<![\d.])(\d(?:\.\d)?|[一二三四五六七八九]{1,2}) ?折"
                 r"(?!叠|扣率|线|旧|射|腾|磨)"),
        ("trial", r"\b(\d{1,3})[- ](day|week|month)s?(?: of)? (?:free )?trial\b"),
        ("trial", r"\bfree for (?:the first )?(\d{1,3}) (day|week|month)s?\b"),
        ("trial", r"\btry (?:it |us |everything )?(?:free )?for (\d{1,3}) (day|week|month)s?\b"),
        ("trial", r"\bdung thu(?: mien phi)?(?: trong)? (\d{1,3}) (ngay|tuan|thang)\b"),
        ("trial", r"\bmien phi(?: trong)? (\d{1,3}) (ngay|tuan|thang)\b"),
        ("trial", r"(?:免费)?试用 ?(\d{1,3}) ?(天|日|周|个月)"),
        ("trial", r"(\d{1,3}) ?(天|日|周|个月)(?:的)?免费(?:试用|体验|使用)"),
        ("months", r"\b(\d{1,2}) months? (?:free|on us)\b"),
        ("months", r"\b(?:tang|mien phi)(?: them| ngay)? (\d{1,2}) thang\b"),
        ("months", r"(?:送|赠送|赠) ?(\d{1,2}|[一二两三四五六]) ?个月"),
        ("shipping", r"\bfree (?:shipping|delivery)\b|\bfreeship\b"
                     r"|\bmien phi (?:van chuyen|giao hang|ship)\b|包邮|免运费|免邮|免费配送"),
        ("buy_get", r"\bbuy (?:one|two|\d) get (?:one|two|\d)\b|\bbogo\b"
                    r"|\bmua \d tang \d\b|买[一二三1-9]送[一二三1-9]|买[一二三1-9]赠[一二三1-9]"),
        ("threshold", r"满 ?(\d{1,6}) ?(?:元)? ?(?:立)?减 ?(\d{1,6})"),
        ("coupon", r"\b(?:use |with |enter )?(?:coupon|promo|discount|voucher)? ?code:? "
                   r"[\"']?([a-z]{2,12}\d{1,4})\b"),
        ("coupon", r"\bnhap ma:? [\"']?([a-z]{2,12}\d{0,4})\b"),
        ("event", r"\b(black friday|cyber monday|flash sale|clearance sale|end of season sale"
                  r"|summer sale|winter sale|christmas sale|new year sale|anniversary sale)\b"),
        ("event", r"\b(giam gia soc|xa hang|sale tet|khuyen mai tet|sinh nhat giam gia"
                  r"|mung khai truong)\b"),
        ("event", r"(双十一|双11|双十二|双12|618大促|年中大促|年终大促|限时特惠|限时优惠|限时抢购"
                  r"|清仓|周年庆|新年特惠|黑五|秒杀)"),
        ("event", r"(?<![\d/.])((?:9[./]9|10[./]10|11[./]11|12[./]12)) sale\b|\bsale "
                  r"((?:9[./]9|10[./]10|11[./]11|12[./]12))(?![\d/])"),
    )
)  # fmt: skip
_HAN_DIGITS = dict(zip("一二两三四五六七八九", ("1", "2", "2", "3", "4", "5", "6", "7", "8", "9")))
# What a company pays its partners is no promotion to its customers.
_PARTNERS = re.compile(
    r"\b(?:commission|referral|affiliate|partner|hoa hong|dai ly|cong tac vien|ctv)\b"
    r"|返佣|佣金|代理"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Promotion:
    """A promotion: ``key`` compares it (``percent 20``), ``quote`` is the line that says it."""

    kind: str
    key: str
    quote: str


def promotions_of(*texts: str) -> tuple[Promotion, ...]:
    """The promotions texts speak of, line by line, each once."""
    return tuple({found.key: found for found in reversed(list(_found(texts)))}.values())[::-1]


def page_promotions(page: PageFacts) -> tuple[Promotion, ...]:
    """The promotions a page speaks of, in its bars and its own words."""
    return promotions_of(*page.notices, page.text, *page.headings, page.title, page.description)


def without_new_promotions(text: str, other: str) -> str:
    """A text without the sentences that promise what the other does not: those are told as
    promotions.
    """
    known = {found.key for found in promotions_of(other)}
    kept = [
        sentence
        for line in text.splitlines()
        for sentence in _SENTENCES.split(line)
        if all(found.key in known for found in promotions_of(sentence))
    ]
    return " ".join(kept)


def compare_promotions(old: PageFacts, new: PageFacts) -> Iterator[Change]:
    """The promotions a page begins, ends, or changes; a line that gives two things is told once."""
    if not {old.kind, new.kind} <= PROMISING:
        return
    told: set[str] = set()
    for change in _compared(old, new):
        if change.words not in told:
            told.add(change.words)
            yield change


def _compared(old: PageFacts, new: PageFacts) -> Iterator[Change]:
    before, after = _of(old), _of(new)
    gone = {key: one for key, one in before.items() if key not in after}
    come = {key: one for key, one in after.items() if key not in before}
    importance = 2 if new.kind in ("home", "pricing") else 1
    for key, promotion in come.items():
        was = next((one for one in gone.values() if one.kind == promotion.kind), None)
        if was is not None:
            del gone[was.key]
            yield _change(importance, was, promotion)
        else:
            yield _change(importance, None, promotion, key)
    for key, promotion in gone.items():
        yield _change(importance, promotion, None, key)


def _change(
    importance: int, old: Promotion | None, new: Promotion | None, key: str | None = None
) -> Change:
    was = short(old.quote) if old else None
    now = short(new.quote) if new else None
    words = f"Promotion: {was} -> {now}" if was and now else (
        f"New promotion: {now}" if now else f"Promotion ended: {was}"
    )  # fmt: skip
    pair = f"{old.key}>{new.key}" if old and new else None
    return Change(
        kind="promotion", field="promotion", old=was, new=now, words=words, importance=importance,
        site_wide=key or pair,
    )  # fmt: skip


def _of(page: PageFacts) -> dict[str, Promotion]:
    return {promotion.key: promotion for promotion in page_promotions(page)[:_MOST]}


def _found(texts: Iterable[str]) -> Iterator[Promotion]:
    for text in texts:
        for line in text.splitlines():
            for sentence in _SENTENCES.split(line[:_LONGEST_LINE]):
                quote = " ".join(sentence.split())
                folded = fold(quote)
                if len(folded) < 4 or _PARTNERS.search(folded):
                    continue
                for kind, rule in _RULES:
                    for match in rule.finditer(folded):
                        key = f"{kind} {_given(kind, match)}".strip()
                        yield Promotion(kind=kind, key=key, quote=quote)


def _given(kind: str, match: re.Match[str]) -> str:
    groups = [group for group in match.groups() if group]
    if kind == "trial":
        return str(int(groups[0]) * _DAYS.get(groups[1], 1))
    given = " ".join(groups)
    if kind in ("fold", "months"):
        given = "".join(_HAN_DIGITS.get(character, character) for character in given)
    return given.removesuffix(".0")
