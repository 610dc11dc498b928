"""What the tagger sees of each piece of a line: its make, its neighbours, the thread's other uses.

Nothing here is a name's or a trade's own: what is learnt must hold for businesses never seen.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from sys import intern

from crawlers.folding import fold
from pipelines.discovery.market_words import Market
from pipelines.discovery.matching import key_of
from pipelines.discovery.pieces import Piece, is_han, lines, pieces
from pipelines.discovery.wordlists import (
    HanWord,
    english_band,
    han_words,
    is_syllable,
    platform_kind,
    simplified,
    vietnamese_band,
)

_HAN = re.compile(r"[\u3400-\u9fff]")
_MARKED = re.compile(r"[ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]", re.IGNORECASE)
_DOMAIN = re.compile(r"[\w-]{2,}\.(?:com|vn|net|io|co|cn|app|shop|uk|org|tw|sg|in|au|hk|store)\b")
_ENDS = frozenset(".!?…。！？；:：>|-•*")

Row = list[str]


@dataclass(frozen=True, slots=True)
class Setting:
    """What the whole thread tells of a piece's spelling.

    ``capitalised``: folded words that stand capitalised inside a sentence; ``times``: how often
    each folded word stands; ``own``: keys of the business's names; ``topic``: how much of the
    thread is about what is sold, 0..2.
    """

    vietnamese: bool
    capitalised: frozenset[str]
    times: Counter[str]
    own: frozenset[str]
    market: Market
    topic: int = 0


def setting_of(
    texts: Sequence[str], own: frozenset[str], market: Market, topic: int = 0
) -> Setting:
    """Read a thread's texts once.

    :param topic: how much of it is about what is sold (:attr:`ThreadTopic.level`).
    """
    capitalised, times = set(), Counter[str]()
    syllables = words = 0
    for text in texts:
        for line in lines(text):
            before = None
            row = pieces(line)
            shouting = sum(p.text[0].isupper() for p in row) > 0.6 * len(row)
            for piece in row:
                if piece.text[0].isalpha() and not is_han(piece.text):
                    folded = fold(piece.text)
                    times[folded] += 1
                    words += 1
                    syllables += is_syllable(folded) and not (
                        english_band(folded) > vietnamese_band(folded)
                    )
                    inside = before is not None and before not in _ENDS
                    if piece.text[0].isupper() and inside and not shouting:
                        capitalised.add(folded)
                before = piece.text
    whole = " ".join(texts)
    vietnamese = len(_MARKED.findall(whole)) > 2 or (words > 3 and syllables > 0.75 * words)
    return Setting(vietnamese, frozenset(capitalised), times, own, market, topic)


def rows_of(line: str, setting: Setting, *, title: bool = False) -> tuple[list[Piece], list[Row]]:
    """The pieces of a line, and a row of features for each."""
    found = pieces(line)
    read = _han_rows if _HAN.search(line) else _latin_rows
    rows = read(line, found, setting, title=title)
    # The same features come back all the time: kept once each, they take a fifth of the memory.
    return found, [[intern(feature) for feature in row] for row in rows]


# --- Latin letters ------------------------------------------------------------------------------


def shape(text: str) -> str:
    """``Xx`` a capital and small letters, ``xX`` mixed, ``XX`` capitals, ``9`` a number, ..."""
    if text.isdigit() or (text[0].isdigit() and not any(c.isalpha() for c in text)):
        return "9"
    if not text[0].isalnum():
        return text if len(text) == 1 else "."
    if _DOMAIN.match(text.lower()):
        return "dom"
    letters = [c for c in text if c.isalpha()]
    mark = "9" if any(c.isdigit() for c in text) else "&" if "&" in text else ""
    if all(c.isupper() for c in letters):
        return ("X" if len(letters) == 1 else "XX") + mark
    if text[0].isupper():
        return ("XxX" if any(c.isupper() for c in letters[1:]) else "Xx") + mark
    return ("xX" if any(c.isupper() for c in letters) else "xx") + mark


@dataclass(frozen=True, slots=True)
class _Word:
    folded: str
    shape: str
    band: str
    syllable: bool


def _word(piece: Piece) -> _Word:
    folded = fold(piece.text)
    bare = re.sub(r"['’]s?$", "", folded)
    english, vietnamese = english_band(bare), vietnamese_band(bare)
    return _Word(folded, shape(piece.text), f"{english}{vietnamese}", is_syllable(bare))


def _latin_rows(line: str, found: Sequence[Piece], setting: Setting, *, title: bool) -> list[Row]:
    words = [_word(piece) for piece in found]
    capitals = [w.shape[0] == "X" for w in words if w.folded[:1].isalpha()]
    share = sum(capitals) / len(capitals) if capitals else 0.0
    cased = "T" if share > 0.6 and len(capitals) > 2 else "n" if not any(capitals) else "m"
    tongue = "v" if setting.vietnamese else "e"
    size = len(words)
    rows: list[Row] = []
    for at, (piece, word) in enumerate(zip(found, words, strict=True)):
        before = words[at - 1] if at else None
        begins = before is None or before.folded in _ENDS
        form = word.shape + ("^" if begins else "")
        key = key_of(piece.text)
        row = [
            "bias", f"t={tongue}", f"s={form}", f"s={form}|{cased}", f"b={word.band}",
            f"s={word.shape}|b={word.band}|{tongue}",
            f"s={form}|{cased}|{word.band[tongue == 'v']}",
            f"w={word.folded}", f"p={word.folded[:3]}", f"f={word.folded[-3:]}",
            f"y={word.syllable}|{tongue}|{word.shape}",
        ]  # fmt: skip
        if word.folded in setting.capitalised:
            row += ["cap", f"cap|{word.shape}|{word.band[tongue == 'v']}"]
        if setting.times[word.folded] > 1:
            row.append(f"again|{word.shape}|{word.band[tongue == 'v']}")
        row.append(f"mk={setting.market.word(word.folded)}|{word.shape}")
        row.append(f"mk={setting.market.word(word.folded)}|{word.band[tongue == 'v']}")
        if (kind := platform_kind(key)) is not None:
            row += ["plat", f"plat={kind}"]
        if key in setting.own:
            row.append("own")
        if title:
            row += ["title", f"title|{form}|{min(size, 4)}"]
        if at == 0 and size == 1:
            row += ["alone", f"alone|{word.shape}|{word.band}"]
        elif size <= 3:
            row.append(f"few|{word.shape}|{word.band[tongue == 'v']}")
        for step in (-3, -2, -1, 1, 2, 3):
            if not 0 <= at + step < size:
                row.append(f"{step}=#")
                continue
            other = words[at + step]
            row.append(f"{step}={other.folded}")
            if abs(step) < 3:
                row.append(f"{step}s={other.shape}|{other.band[tongue == 'v']}")
                if platform_kind(other.folded) is not None:
                    row.append(f"{step}plat")
                if other.folded in setting.own:
                    row.append(f"{step}own")
        one = words[at - 1].folded if at else "#"
        two = words[at - 2].folded if at > 1 else "#"
        nxt = words[at + 1].folded if at + 1 < size else "#"
        far = words[at + 2].folded if at + 2 < size else "#"
        row += [
            f"-2-1={two} {one}", f"+1+2={nxt} {far}", f"-1+1={one} {nxt}",
            f"-1s={one}|{word.shape}", f"+1s={nxt}|{word.shape}",
        ]  # fmt: skip
        row += [f"tp={setting.topic}|{form}", f"tp={setting.topic}|{one}", f"tp={setting.topic}"]
        rows.append(row)
    return rows


# --- Han characters -----------------------------------------------------------------------------


def _han_rows(line: str, found: Sequence[Piece], setting: Setting, *, title: bool) -> list[Row]:
    plain = simplified(line)
    words = han_words(plain)
    holder = _holders(found, words)
    size = len(found)
    texts = [fold(plain[p.start : p.end]) if not is_han(p.text) else plain[p.start : p.end]
             for p in found]  # fmt: skip
    runs = setting.market.runs(texts)
    rows: list[Row] = []
    for at, piece in enumerate(found):
        word, place = holder[at]
        text, han = texts[at], is_han(piece.text)
        kind = "h" if han else shape(piece.text)
        before = words[place - 1] if place else None
        after = words[place + 1] if place + 1 < len(words) else None
        where = _where(piece, word)
        row = [
            "bias", f"k={kind}", f"c={text}", f"m={where}", f"m={where}|{word.part}",
            f"m={where}|{word.band}|{len(word.text)}", f"w={word.text}|{where}",
            f"pos={word.part}|{word.band}",
        ]  # fmt: skip
        if not han:
            row += [f"b={english_band(text)}", f"k={kind}|b={english_band(text)}"]
            if text in setting.capitalised:
                row.append("cap")
        if setting.times[text] > 1:
            row.append("again")
        if (found_kind := platform_kind(text if not han else word.text)) is not None:
            row += ["plat", f"plat={found_kind}"]
        if (text if not han else word.text) in setting.own:
            row.append("own")
        if title:
            row.append("title")
        row += runs[at]
        if not han:
            row.append(f"mk={setting.market.word(text)}|{kind}")
        if size <= 6:
            row += [f"few|{where}|{word.part}", f"few={size}|{kind}"]
        for step in (-3, -2, -1, 1, 2, 3):
            row.append(f"{step}c={texts[at + step]}" if 0 <= at + step < size else f"{step}c=#")
        for name, other in (("-", before), ("+", after)):
            row += [
                f"{name}w={other.text if other else '#'}",
                f"{name}w={other.text if other else '#'}|{where}",
                f"{name}pos={other.part if other else '#'}|{other.band if other else 0}|{where}",
            ]
        row += [f"{at2}{at1}" for at1, at2 in (
            (texts[at], f"bi={texts[at - 1] if at else '#'}"),
            (texts[at + 1] if at + 1 < size else "#", f"ib={texts[at]}"),
        )]  # fmt: skip
        beside_word = before.text if before else "#"
        row += [f"tp={setting.topic}|{where}|{beside_word}", f"tp={setting.topic}|{where}"]
        for step in (-1, 1):
            if 0 <= at + step < size:
                row.append(
                    f"{step}k={'h' if is_han(texts[at + step]) else shape(found[at + step].text)}"
                )
        rows.append(row)
    return rows


def _holders(found: Sequence[Piece], words: Sequence[HanWord]) -> list[tuple[HanWord, int]]:
    """For each piece the word it begins in, and that word's place."""
    result, place = [], 0
    for piece in found:
        while place + 1 < len(words) and words[place].end <= piece.start:
            place += 1
        result.append((words[place], place))
    return result


def _where(piece: Piece, word: HanWord) -> str:
    """Begin, middle, end of a word, or the whole of it."""
    begins, ends = piece.start <= word.start, piece.end >= word.end
    return "S" if begins and ends else "B" if begins else "E" if ends else "M"


def own_keys(names: Iterable[str]) -> frozenset[str]:
    """Keys by which a business's own names are known."""
    return frozenset(key for name in names if (key := key_of(name)))
