"""Those served in Vietnamese: ``dành cho chủ shop``, ``phu hop voi me bau``. Pure.

The noun that says who stands first, words that tell which behind it. Folded text is compared, so
that text without accents is read too; where a line has accents, they must be the noun's own
(``mẹ`` is not ``mẻ``).
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files
from itertools import islice

from crawlers.folding import fold

_WORDS = tomllib.loads(
    files("crawlers.extract").joinpath("company/people.toml").read_text("utf-8")
)["vi"]

LEADS = (
    "cho ", "danh tang", "phu hop", "thich hop", "huong den", "huong toi", "phuc vu", "giup ",
    "ho tro ", "dong hanh", "tin dung", "doi tuong", "ban la ", "muc tieu",
)  # fmt: skip

_LEAD = re.compile(
    r"(?<!\w)(?:"
    r"(?P<fit>(?:(?:thiet ke|danh|danh rieng|phu hop|thich hop|ly tuong|tot nhat|hoan hao|chuyen"
    r"|chuyen dung|rieng|toi uu|may)(?: (?:danh|rieng|danh rieng"
    r"|nhat))?|danh tang) (?:cho|voi)"
    r"|danh tang|danh rieng|(?:phu hop|thich hop)(?: voi)?|cho)"
    r"|(?P<label>(?:doi tuong|khach hang)(?: (?:su dung|khach hang|phu hop|phuc vu|hoc vien"
    r"|muc tieu|tham gia))?\s?:|(?:nhom )?khach hang muc tieu(?: la)?)"
    r"|(?P<by>(?:tin dung|tin tuong|lua chon|yeu thich) boi)"
    r"|(?P<to>huong den|huong toi|phuc vu|dong hanh cung|dong hanh voi)"
    r"|(?P<are>(?:neu )?(?:ban|quy khach) la)"
    r"|(?P<help>giup|ho tro)"
    r") "
)
_MANY = re.compile(
    r"(?:(?:tat ca|moi|cac|nhung|nhieu|rieng|ca|doi tuong|khach hang la|khach hang"
    r"|nhom|doi ngu|mot|moi"
    r"|hang (?:nghin|ngan|tram|trieu)|dong dao|cac ban la|cac bac) )*"
)
_NOT = re.compile(
    r"(?:không|khong|chưa|chua|đừng|chẳng)(?: (?:nên|nen|phải|phai|được|duoc|thể|thiết kế))?\s$"
)
_BEFORE = re.compile(
    r"(?:gui|tra|giao|bao|goi|noi|dua|ban|ban lai|tang kem|lien he|hoan tien|thanh toan|gay|giup"
    r"|uu dai|giam gia|khuyen mai|chuyen khoan|thue|cam on|xin|dong vai tro|nho)\s$"
)
_PLACES = "shopee|lazada|tiki|tiktok|facebook|amazon|etsy|ebay|sendo|instagram|zalo|youtube|alibaba"
"""Where those sell who are told by it: người bán hàng trên Shopee."""
_ENDS = re.compile(
    r"[.!?;:()|–—\"”“]|,| - "
    rf"| (?:với|để|nhờ|bằng|mà|giúp|khi|trong|tại|ở|trên(?! \d| (?:{_PLACES}))|theo|không|của|sẽ"
    r"|được"
    r"|bị|là|thì|nên|vì"
    r"|nhưng|tự|quản|tiết kiệm|tăng|mua|tìm|sử dụng|đang|có thể|cần|từ(?! \d)|đến(?! \d)|qua"
    r"|và|hoặc"
    r"|hay|cùng|như|do|chỉ|đã|giảm|phát triển|dễ dàng|nhanh chóng|voi|de|bang|ma|giup|khi|trong"
    rf"|tai|tren(?! \d| (?:{_PLACES}))|theo|khong|cua|se|duoc|bi|thi|vi|nhung|va|hoac|quan ly"
    r"|tiet kiem|tang|dang|co the"
    r"|su dung|cung)(?!\w)"
)
_JOINED = re.compile(r"\s*,\s*(?:(?:va|hoac|hay) )?|\s+(?:va|hoac|hay)\s+|\s*[&/]\s*|\s+-\s+")
_PAIR = re.compile(r" (?:vua va nho|nho va vua|lon va nho|lon nho|sau sinh va cho con bu)\b")
_WHICH = re.compile(
    r"(?: (?:vua va nho|nho va vua|nho|lon|sieu nho|online|tre|nuoc ngoai|khoi nghiep|ban le"
    r"|ban buon"
    r"|san xuat|xuat khau|nhap khau|moi|viet nam|viet|thuong mai dien tu|f&b|kinh doanh|van phong"
    r"|xay dung|ban hang|lam dep|tai chinh|giao duc|bat dong san|phan mem|cong nghe|du lich"
    r"|thoi trang|tap hoa|ca phe|cao tuoi|lon tuoi|khuyet tat|lao dong|tieu dung|viet nam))*\b"
)
_LOOSE = ("nguoi", "nhung ai", "ai", "cac ban", "nhung ban")
_MOST_LEADS = 12  # of a line
_MOST_WORDS = 7


@lru_cache(maxsize=1)
def _nouns() -> tuple[re.Pattern[str], dict[str, list[str]], frozenset[str]]:
    """The nouns folded, the spellings behind each, and which of them are skin or hair."""
    spelled: dict[str, list[str]] = {}
    bodies = {fold(word) for word in _WORDS["bodies"]}
    for word in (*_WORDS["heads"], *_WORDS["bodies"]):
        spelled.setdefault(fold(word), []).append(word)
    ordered = sorted(spelled, key=len, reverse=True)
    return (
        re.compile(rf"(?:{'|'.join(map(re.escape, ordered))})(?!\w)"),
        spelled,
        frozenset(bodies),
    )


_NOBODY = re.compile(rf"(?:{fold(_WORDS['nobody'])})(?!\w)")


def spans(lower: str, folded: str) -> Iterator[tuple[int, int]]:
    """Start and end of every phrase in a line.

    :param lower: the line in lower case, with its accents. :param folded: the same, folded.
    """
    for lead in islice(_LEAD.finditer(folded), _MOST_LEADS):
        before = folded[max(0, lead.start() - 24) : lead.start()]
        kind = lead.lastgroup or ""
        if _NOT.search(lower, max(0, lead.start() - 24), lead.start()) or (
            lead[0] == "cho " and _BEFORE.search(before)
        ):
            continue
        if lead[0] == "cho " and lower[lead.start() : lead.end()] != "cho ":
            continue  # chợ, chỗ, chờ
        end = _served(lower, folded, lead.end(), kind)
        if end is not None:
            yield lead.start(), end


def _served(lower: str, folded: str, start: int, kind: str) -> int | None:
    end = _one(lower, folded, start, kind)
    if end is None:
        return None
    while joint := _JOINED.match(folded, end):
        following = _one(lower, folded, joint.end(), kind)
        if following is None:
            break
        end = following
    return end


def _one(lower: str, folded: str, start: int, kind: str) -> int | None:
    """Where one name that begins here ends."""
    many = _MANY.match(folded, start)
    pattern, spelled, bodies = _nouns()
    places = {start, many.end() if many else start}
    noun = next(filter(None, (pattern.match(folded, at) for at in sorted(places))), None)
    if noun is None or not _is_spelled(lower[noun.start() : noun.end()], spelled[noun[0]]):
        return None
    if noun[0] in bodies and kind not in ("fit", "label"):
        return None
    end = _which(lower, folded, noun, kind)
    return None if _NOBODY.match(folded[noun.start() : end]) else end


def _which(lower: str, folded: str, noun: re.Match[str], kind: str) -> int:
    """The end of the words that tell which: to the end of the clause, at most seven."""
    if kind == "help" and noun[0] not in _LOOSE:
        told = _WHICH.match(folded, noun.end())
        return told.end() if told else noun.end()
    stop = _ENDS.search(lower, noun.end())
    end = stop.start() if stop else len(lower)
    pair = _PAIR.search(folded, noun.end(), min(len(folded), noun.end() + 40))
    if pair and pair.start() <= end <= pair.end():
        end = pair.end()
    words = list(re.finditer(r"\S+", folded[noun.end() : end]))
    if len(words) > _MOST_WORDS:
        return noun.end() + words[_MOST_WORDS - 1].end()
    return end


def _is_spelled(written: str, spellings: list[str]) -> bool:
    """Whether a word is one of these, tone marks on either letter, or has no accents at all."""
    if written.isascii():
        return True
    marks = sorted(unicodedata.normalize("NFD", written))
    return any(sorted(unicodedata.normalize("NFD", word)) == marks for word in spellings)
