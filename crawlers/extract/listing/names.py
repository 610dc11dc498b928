"""Which words of a list's entry are the company's name. Pure."""

import re
import unicodedata

from crawlers.extract.listing.sites import alnum, bare_domain
from crawlers.extract.listing.words import plain, words
from crawlers.folding import fold

_NUMBER = re.compile(
    r"^\s*(?:(?:top|no\.?|số|hạng|第)\s*)?[#＃(（\[]?\s*"
    r"(\d{1,3}|[一二三四五六七八九十]{1,3})\s*(?:[.)）\]:：、．/]|[-–—]\s|名|位|家|款|\s(?=\S))\s*[.:：、]?\s*",
    re.IGNORECASE,
)
_CIRCLED = re.compile(r"^\s*([\u2460-\u2473])\s*")
_HAN_DIGITS = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_PARTS = re.compile(r"\s+[-–—|·•»→]+\s+|\s*[|｜–—：•»→]\s*|:\s+|[，；]|,\s|\s-\s")
_ASIDE = re.compile(r"\s*[(（【\[][^)）】\]]{0,80}[)）】\]]?\s*")
_AROUND = " \t.,;:!·•*★☆✓✔➤→►▶»«\"'“”‘’「」『』《》-–—|"
_SENTENCE = re.compile(r"[.!?。！？…]\s+\S|[?？]$|\.\.\.$|…$")
_HAN = re.compile(r"[\u3400-\u9fff]")
_CALLS = re.compile(
    r"(?:buy|read|shop|see|view|check|go to|learn|compare|start|find|explore|discover|mua|xem|doc"
    r"|tim hieu|kham pha)\s|(?:查看|购买|立即|点击|了解|阅读)"
)
_MONEY = re.compile(r"[$€£¥￥₫]\s?\d|\d\s?(?:[$€£¥￥₫元]|đ\b|usd|vnd|eur)", re.IGNORECASE)
_PART_OF_TEXT = re.compile(r"\w+ \d{1,2}|第[一二三四五六七八九十\d]{1,3}[步章节部点条]")
_LETTER = re.compile(r"[^\W\d_]")
_COUNT = re.compile(r"(?<!\d)(?:[3-9]|[1-9]\d)(?!\d|[.,]\d|%)")
_MOST_WORDS = 5
_MOST_HAN = 10
_LONGEST = 50  # characters
_SHORTEST_MATCH = 3


def number_of(text: str) -> tuple[int, str] | None:
    """The number a heading begins with, and what follows: ``"3. Rivalo"`` -> (3, "Rivalo")."""
    text = text[:300]
    circled = _CIRCLED.match(text)
    if circled is not None:
        return int(unicodedata.numeric(circled[1])), text[circled.end() :]
    match = _NUMBER.match(text)
    if match is None or match.end() == len(text):
        return None
    return _value(match[1]), text[match.end() :]


def _value(digits: str) -> int:
    if digits.isdigit():
        return int(digits)
    tens, _, ones = digits.rpartition("十")
    if "十" not in digits:
        return _HAN_DIGITS.get(digits[-1], 0)
    return 10 * _HAN_DIGITS.get(tens, 1) + _HAN_DIGITS.get(ones, 0)


def name_in(text: str, label: str = "") -> str | None:
    """The company's name in a heading, a cell or a link's text; ``None`` where it holds none.

    :param label: letters of the domain it leads to: of several parts the one that spells it is
        the name ("Best overall: Rivalo").
    """
    text = " ".join(text[:300].split())
    if "://" in text or text.startswith("www."):
        return None
    numbered = number_of(text)
    if numbered is not None:
        text = numbered[1]
    parts = [bare for part in _PARTS.split(text)[:6] if (bare := _bare(part))]
    if label:
        for part in parts:
            if spells(part, label) and is_name(part):
                return part
    if len(parts) > 1 and words().lead.search(fold(parts[0])):
        parts = parts[1:]
    return parts[0] if parts and is_name(parts[0]) else None


def _bare(part: str) -> str:
    """A part without brackets, marks, and the small words around a name."""
    part = _ASIDE.sub(" ", part).strip(_AROUND)
    folded = fold(part)
    if len(folded) == len(part):
        match = words().before.match(folded)
        if match is not None and _LETTER.search(part[match.end() :]):
            part, folded = part[match.end() :], folded[match.end() :]
        match = words().after.search(folded)
        if match is not None and match.start() > 1:
            part = part[: match.start()]
    return _tail(part.strip(_AROUND))


def _tail(part: str) -> str:
    """A proper name behind plain words: "quản lý khách hàng Lúa CRM" -> "Lúa CRM"."""
    words_ = part.split()
    if len(words_) < 2 or not words_[0][:1].islower():
        return part
    at = next((n for n, word in enumerate(words_) if not word[:1].islower()), 0)
    tail = words_[at:]
    return " ".join(tail) if at and len(tail) <= 4 and tail[0][:1].isupper() else part


def is_name(text: str) -> bool:
    """Whether a text may be a company's name: short, no call, no question, no sentence."""
    if not 2 <= len(text) <= _LONGEST or not _LETTER.search(text) or _SENTENCE.search(text):
        return False
    if _MONEY.search(text):
        return False
    han = len(_HAN.findall(text))
    if han > _MOST_HAN or len(text.split()) > _MOST_WORDS + (1 if not text.isascii() else 0):
        return False
    key = plain(text)
    table = words()
    if _PART_OF_TEXT.fullmatch(key):  # "Step 2"
        return False
    if not key or _is_call(key) or key in table.no_name or key in table.next:
        return False
    return table.asks.match(key) is None


def looks_proper(text: str) -> bool:
    """Whether a name is written as names are: capitals, digits or Chinese characters in it."""
    if _HAN.search(text):
        return True
    parts = text.split()
    return bool(parts) and (
        any(char.isupper() for char in parts[0]) or any(char.isdigit() for char in text)
    )


def spells(name: str, label: str) -> bool:
    """Whether a name and a domain's label are one spelling of each other."""
    key = alnum(name)
    short, long = sorted((key, label), key=len)
    return len(short) >= _SHORTEST_MATCH and short in long and 4 * len(short) >= len(long)


def is_call(text: str) -> bool:
    """Whether a link's text only calls to click it."""
    return not _LETTER.search(text) or _is_call(plain(text))


def _is_call(key: str) -> bool:
    return key in words().call or _CALLS.match(key) is not None


def is_visit(text: str) -> bool:
    """Whether a link's text says that it leads to the company's own site."""
    key = plain(text)
    return (
        key in words().visit or key.startswith(("visit ", "truy cap ")) or bool(bare_domain(text))
    )


def is_list_title(text: str, *, anywhere: bool = False) -> bool:
    """Whether a title is that of a list or comparison of companies or products.

    :param anywhere: it may be a company's own title as well: then "software" alone is no list.
    """
    folded = fold(text[:300])
    if words().advice.search(folded):
        return False
    if words().list.search(folded):
        return True
    goods = words().goods.search(folded) is not None
    return goods and (not anywhere or _COUNT.search(folded) is not None)
