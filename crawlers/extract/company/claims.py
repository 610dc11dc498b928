"""Whether a phrase met by its words says what it seems to: numbers, years and contexts. Pure.

"For companies with 50 employees" is not the company's size, "3/5" is a day as often as a rating,
"since 2019" tells the founding only where the company speaks of itself.
"""

import re
from collections.abc import Callable

_YEAR = re.compile(r"(?<!\d)(?:1[6-9]\d\d|20[0-4]\d)(?!\d)")
_FIGURE = re.compile(
    r"(\d[\d.,]*)\s?(million|thousand|billion|trieu|nghin|ngan|ty|k\b|m\b|[万千百亿])?"
)
_OWN = re.compile(
    r"\b(?:we|our|us|company|business|family|serving|trusted|proudly|established|chung toi|cong ty"
    r"|thuong hieu|doanh nghiep|crafting|making|brand)\b|我们|公司|品牌|本店|企业|工厂|老字号"
)
_OTHERS = re.compile(
    r"(?:\bwith|\bfor|\bto|\bunder|less than|fewer than|\bbetween|\bfrom|\bevery|\bper|\byour"
    r"|\bup to|\bminimum|\bmaximum"
    r"|\bdưới|\btu|\bduoi|\bcho|\bit nhat|\btoi da|适合|少于|不超过|低于|不足|至|每)\s?$"
)
_STATED = re.compile(
    r"\b(?:we|our|team of|team|company|employ|employs|employing|chung toi|doi ngu|cong ty"
    r"|quy mo|hien co"
    r"|tap the)\b|我们|公司|团队|员工|现有|拥有"
)
_FOR_THOSE = re.compile(r"\b(?:for|cho)\s(?:[\w&-]+\s){1,4}(?:with|of|having|co|tu|duoi|tren)\s?$")
_MORE_THAN = re.compile(r"(?:\bover|more than|\bhon|\btren|超过|逾)\s?$")
_SPEAKS = re.compile(
    r"(?:\bwe|\bwe're|\bwe are|\bis|\bare|\bi'm|\bcompany|\bagency|\bstudio|\bshop|\bteam|\bfirm"
    r"|\bbrand|\bproudly|\bbusiness|\bstore|\bstartup|\bwarehouse|,|^)\s?$"
)
_STARRED = re.compile(r"star|sao|rating|rated|review|danh gia|diem|评|分|星|out of|based on|score")
_AREAS = re.compile(
    r"\barea|\bcount(?:y|ies)|\bregion|\bcit(?:y|ies)|\bstates?\b|\bmetro|\bvalley|\bsurrounding"
)


def stands(field: str, words: str, folded: str, start: int, end: int) -> bool:
    """Whether a match is a claim of its field.

    :param words: the pattern, as in the table. :param folded: the line; start and end of the match
        lie in it.
    """
    check = _CHECKS.get(field)
    return check is None or check(words, folded, start, end)


def year_of(phrase: str, now: int) -> int | None:
    """The year in a founding phrase: 1600 to this year."""
    match = _YEAR.search(phrase)
    year = int(match[0]) if match else None
    return year if year and 1600 <= year <= now else None


def figure(text: str) -> float:
    """The first number of a phrase: ``1,2k`` is 1200, ``30万`` 300,000; 0 where there is none."""
    match = _FIGURE.search(text)
    if match is None:
        return 0.0
    digits, scale = match[1].rstrip(".,"), match[2]
    if scale:
        value = float(re.sub(r"[.,](?=.*[.,])", "", digits).replace(",", ".") or 0)
        return value * _SCALES[scale.strip()]
    return float(re.sub(r"[.,]", "", digits) or 0)


_SCALES = {
    "million": 1e6, "m": 1e6, "trieu": 1e6, "thousand": 1e3, "k": 1e3, "nghin": 1e3, "ngan": 1e3,
    "billion": 1e9, "ty": 1e9, "万": 1e4, "千": 1e3, "百": 1e2, "亿": 1e8,
}  # fmt: skip


def _founded(words: str, folded: str, start: int, end: int) -> bool:
    if not _YEAR.search(folded, start, end):
        return False
    loose = words.startswith(("since", "tu nam", "ke tu", "自#", "has been", "have been", "始于"))
    loose = loose or words.startswith(
        ("created", "opened in", "started", "launched", "began", "born")
    )
    if not loose:
        return True
    if _OWN.search(folded):
        return True
    return words.startswith("since") and start <= 12 and len(folded) <= 40


def _size(words: str, folded: str, start: int, end: int) -> bool:
    if figure(folded[start:end]) < 3 or _OTHERS.search(folded[max(0, start - 14) : start]):
        return False
    more = _MORE_THAN.search(folded[max(0, start - 16) : start])
    before = start - len(more[0]) if more else start
    if more and before and _OTHERS.search(folded[max(0, before - 14) : before]):
        return False
    if re.match(
        r"\s?(?:or (?:more|less|fewer)|以下|以上|tro len|tro xuong|and (?:up|under))", folded[end:]
    ):
        return False
    if _FOR_THOSE.search(folded[max(0, before - 60) : before]):
        return False
    return start <= 12 or more is not None or _STATED.search(folded) is not None


def _customers(words: str, folded: str, start: int, end: int) -> bool:
    text = folded[start:end]
    if "#" not in words:
        return end - start > len(words) + 2 and not re.search(r"^trusted by (?:you|us)\b", text)
    if _OTHERS.search(folded[max(0, start - 10) : start]) and not words.startswith(
        ("join", "serving", "used", "loved", "trusted", "chosen", "powering")
    ):
        return False
    return figure(text) >= 50 and not _YEAR.fullmatch(re.sub(r"[^\d.,]", "", text))


def _trust(words: str, folded: str, start: int, end: int) -> bool:
    text = folded[start:end]
    if words.startswith("#/5"):
        return bool(re.match(r"[0-5](?:[.,]\d{1,2})?\s?/5(?![\d/])", text)) and (
            bool(re.match(r"\d[.,]\d", text)) or _STARRED.search(folded) is not None
        )
    if "★" in words or "⭐" in words:
        return bool(re.search(r"(?<![\d.,])[0-5][.,]\d(?![\d%])", text[:8]))
    if words in ("# stars", "# sao", "#颗星"):
        return bool(re.match(r"[0-5][.,]\d", text))
    if words.startswith("rated"):
        return bool(re.match(r"rated\s+(?:[0-5](?:[.,]\d)?|#\s?1)\b", text)) or figure(text) >= 20
    if "reviews" in words or "danh gia" in words or "ratings" in words or "评" in words:
        return figure(text) >= 1
    if "year" in words or "nam kinh nghiem" in words or "年" in words:
        return 1 < figure(text) < 200
    if words == "cam ket *":
        return end - start >= 14
    return True


_FEWEST_SOLD = 10
"""Fewer sold tell nothing of how a shop fares."""
_SOLD = re.compile(r"sold\s+([\d.,]*\d)")
_NO_COUNT = re.compile(r"\s?(?:[%$€£₫đ]|percent|usd|vnd|times|years?|months?|days?|hours?|ago)")


def _sales(words: str, folded: str, start: int, end: int) -> bool:
    text = folded[start:end]
    if words == "#单":
        return False
    if words in ("# orders", "# sales", "# don hang", "# nguoi mua"):
        return figure(text) >= 20
    if words == "sold #~":
        number = _SOLD.match(folded, start)
        if number is None or figure(text) < 100 or _YEAR.fullmatch(number[1]):
            return False
        return _NO_COUNT.match(folded, number.end()) is None
    return figure(text) >= _FEWEST_SOLD and not re.match(r"(?:19|20)\d\d\s", text)


def _places(words: str, folded: str, start: int, end: int) -> bool:
    if words.startswith("based in"):
        return _SPEAKS.search(folded[max(0, start - 16) : start]) is not None
    if words.startswith("dat tai"):
        return "tru so" in folded[max(0, start - 20) : start]
    return True


def _markets(words: str, folded: str, start: int, end: int) -> bool:
    text = folded[start:end]
    if words in ("serving the *", "proudly serving *"):
        return _AREAS.search(text) is not None
    if words.endswith("to *") and re.match(
        r"\S+(?: \S+)? to (?:your|you|my|the (?:address|door|customer)|be |a |an |\d)", text
    ):
        return False
    return "countries" not in words or figure(text) >= 2


_Check = Callable[[str, str, int, int], bool]
_CHECKS: dict[str, _Check] = {
    "founded": _founded,
    "size": _size,
    "customers": _customers,
    "trust": _trust,
    "sales": _sales,
    "places": _places,
    "markets": _markets,
}
