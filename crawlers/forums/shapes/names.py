"""The generic reader's names without marks: what stands near each time and may be who wrote. Pure.

Software of the 2000s and pages of hashed classes mark nothing. A name is then told from a label by
differing from block to block, from a sentence by its length, and from everything else by standing
beside the time, before it rather than after.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from statistics import mean

from selectolax.lexbor import LexborNode

from crawlers.forums.base import Reading
from crawlers.forums.dates.reading import read_date
from crawlers.forums.fields import attribute_of
from crawlers.forums.shapes.blocks import Block, Signature, place, start_of, walk

Named = tuple[LexborNode, str]
"""The node a name was found at, and the name."""

_LONGEST = 40  # characters of a name
_MOST_PIECES = 120  # texts of a block that are looked at
_SHARE = 0.6  # of the blocks must show one
_ENOUGH = 1.2  # points a place needs
_WORDS = 10  # of a label's end that may name who wrote
_SAMPLE = 80  # blocks that tell where names stand
_LABEL = ("~label",)
_ALONE = 0.7  # points less where all blocks show one name
_IN_LABEL = 2.5  # points of a name in the time's own text
_NOT_A_NAME = re.compile(
    r"(?:advertisement|sponsored|quảng cáo|广告|廣告|reply|quote|report|permalink|like|share|follow"
    r"|log ?in|sign ?up|register|more|profile|avatar|image|photo|trả lời|trích dẫn|báo cáo|chia sẻ"
    r"|đăng nhập|回复|回覆|引用|举报|分享|登录|登入|楼主|沙发|板凳|re:.*)"
    r"|https?://.*|[\W\d_]+|(?:\W*\d[\d.,kK]*\s+\w+)|\w+[:：](?:\s*[\d.,]+\w?|\s+\w{3})?",
    re.IGNORECASE,
)
_ENDS_A_SENTENCE = re.compile(r"[.!?。！？…:：]$")
_DIGIT = re.compile(r"\d")
_DIGITS = re.compile(r"\d+")
_LETTER = re.compile(r"[^\W_]")
_VERB = (
    r"wrote|writes|said|says|posted|replied|commented|asked|answered|on|at|this|viết|gửi|đăng|lúc"
    r"|vào|ngày|đã|trả|lời|bình|luận|từ"
)
# No word is two others joined: text of nothing else would be tried in every way.
_ZH_VERB = r"发表|發表|回复|回覆|写道|寫道|说道|說道|于|於"
_VERBS = re.compile(rf"(?:{_VERB}|{_ZH_VERB}|\s)+", re.IGNORECASE)
_SET_APART = frozenset({"a", "b", "strong", "h3", "h4", "h5", "cite", "img"})
_BEFORE = re.compile(
    r"(?:^|\b)(?:(?:posted|written|asked|answered|sent|gửi|đăng|viết)\s+)?"
    r"(?:(?:by|from|bởi|author|tác giả|作者|楼主|发帖人)\s*[:：]?\s+|(?:作者|发帖人)[:：])",
    re.IGNORECASE,
)
_AFTER_NAME = re.compile(
    # From the first of a run of spaces and signs on, or each of them would be tried.
    r"(?<![\s,，、@|·•:：–—\-(\[])"
    rf"(?:(?:^|\s)(?:{_VERB})|(?:{_ZH_VERB})|[\s,，、@|·•:：–—\-(\[])+$",
    re.IGNORECASE,
)
_BEFORE_NAME = re.compile(
    r"^(?:[\s,，、|·•:：–—\-(\[)\]]|(?:utc|gmt)\b|(?:by|from|bởi|bởi|từ|đăng bởi)\s|作者[:：]?)+",
    re.IGNORECASE,
)


def near_times(
    found: Sequence[Block], reading: Reading
) -> tuple[list[Named | None], Signature | None]:
    """The best place of unmarked names, and the name of each block there.

    :returns: ``([None, ...], None)`` where no place is good enough.
    """
    places: dict[Signature, dict[int, tuple[float, Named]]] = defaultdict(dict)
    sample = found[:_SAMPLE]
    for index, block in enumerate(sample):
        for key, points, named in _candidates(block, reading):
            places[key].setdefault(index, (points, named))
    best: Signature | None = None
    most = _ENOUGH
    for key, by_block in places.items():
        if len(by_block) >= _SHARE * len(sample) and (points := _points(key, by_block)) > most:
            best, most = key, points
    if best is None:
        return [None] * len(found), None
    return names_at(best, found, reading), best


def names_at(key: Signature, found: Sequence[Block], reading: Reading) -> list[Named | None]:
    """What stands at a known place of unmarked names in each block."""
    names: list[Named | None] = []
    for block in found:
        there = (named for other, _, named in _candidates(block, reading, key) if other == key)
        names.append(next(there, None))
    return names


def is_place(key: Signature) -> bool:
    """Whether a place of authors is one of unmarked names."""
    return key[0].startswith("~")


def _points(key: Signature, by_block: dict[int, tuple[float, Named]]) -> float:
    names = [name for _, (_, name) in by_block.values()]
    alone = 0.0
    if len(names) > 1 and len({_form(name, key) for name in names}) == 1:
        # One who writes alone, or a label: a name is set apart.
        nodes = [node for _, (node, _) in by_block.values()]
        if not all(node.tag in _SET_APART for node in nodes) or _VERBS.fullmatch(names[0]):
            return 0.0
        alone = _ALONE
    if sum(_ENDS_A_SENTENCE.search(name) is not None for name in names) * 4 > len(names):
        return 0.0
    short = mean(1.0 if len(name) <= 24 and name.count(" ") < 4 else 0.0 for name in names)
    again = 0.3 if len(set(names)) < len(names) else 0.0  # people come back, sentences do not
    return mean(points for points, _ in by_block.values()) + 0.8 * short + again - alone


def _form(name: str, key: Signature) -> str:
    """A name as it is compared; "Level 3" is a label, unless the time's own text says "by"."""
    counted = " " in name and key != _LABEL
    return _DIGITS.sub("0", name.casefold()) if counted else name.casefold()


def _candidates(
    block: Block, reading: Reading, only: Signature | None = None
) -> list[tuple[Signature, float, Named]]:
    """Places in a block where a name may stand, each with points for its distance to the time.

    :param only: the place asked for, where it is known.
    """
    label = block.date.written if block.date.node.is_text_node else start_of(block.date.node, 200)
    found: list[tuple[Signature, float, Named]] = []
    in_label = name_in_label(label, reading) if only in (None, _LABEL) else None
    if in_label:
        found.append((_LABEL, _IN_LABEL, (block.date.node, in_label)))
    if only == _LABEL:
        return found
    inside = {node.mem_id for node in walk(block.date.node)}
    pieces: list[tuple[LexborNode, str, bool]] = []  # node, text, of the time
    start = 0
    for top in (*block.lead, *block.nodes):
        for node in walk(top):
            if len(pieces) >= _MOST_PIECES:
                break
            of_time = node.mem_id in inside
            if of_time and not any(part[2] for part in pieces):
                start = len(pieces)
            if node.is_text_node:
                text = " ".join((node.text_content or "").split())
                if _LETTER.search(text) or of_time:
                    pieces.append((node, text, of_time and node.parent is not None))
            elif node.tag == "img" and (alt := attribute_of(node, "alt")):
                pieces.append((node, alt, of_time))
    ends = [number for number, part in enumerate(pieces) if part[2]]
    end = ends[-1] if ends else start
    for number, (node, text, of_time) in enumerate(pieces):
        if not 1 <= len(text) <= _LONGEST or _NOT_A_NAME.fullmatch(text):
            continue
        holder = node if node.tag == "img" else node.parent
        if holder is None or (
            of_time and (holder.mem_id == block.date.node.mem_id or _tells_time(text, reading))
        ):
            continue
        away = 0 if of_time else start - number - 1 if number < start else number - end - 1
        points = max(1.0 - 0.25 * away, 0.0) + (0.3 if number <= end else 0.0)
        points += 0.3 if holder.tag in ("a", "b", "strong") else 0.0
        points += 0.2 if number == 0 else 0.0
        found.append(
            (("~img" if node.tag == "img" else "~", *place(holder, 2)), points, (holder, text))
        )
    return found


def _tells_time(text: str, reading: Reading) -> bool:
    return (
        read_date(text, fetched_at=reading.fetched_at, lang="en", order="dmy").posted_at is not None
    )


def name_in_label(label: str, reading: Reading) -> str | None:
    """Who wrote, where the time's own text says it: "lan wrote on 20 Nov 2026, 10:23".

    What can be left out at either end without changing the time read is no part of the time.
    """
    words = label.split()
    if len(words) < 2 or len(words) > 20:
        return None

    def at(parts: list[str]) -> object:
        date = read_date(
            " ".join(parts), fetched_at=reading.fetched_at, lang="en", order=reading.order or "dmy"
        )
        return date.posted_at

    whole = at(words)
    if whole is None:
        return None
    first = _most(min(len(words) - 1, _WORDS), lambda cut: at(words[cut:]) == whole)
    rest = words[first:]
    last = len(words) - _most(
        min(len(rest) - 1, _WORDS), lambda cut: at(rest[: len(rest) - cut]) == whole
    )
    before = _BEFORE.sub("", " ".join(words[:first]))
    before = _AFTER_NAME.sub("", before).strip()
    after = _BEFORE_NAME.sub("", " ".join(words[last:]))
    for name in (before, _AFTER_NAME.sub("", after).strip()):
        if not name or len(name) > _LONGEST or not _LETTER.search(name):
            continue
        if not _NOT_A_NAME.fullmatch(name) and not _ENDS_A_SENTENCE.search(name):
            return name
    return None


def _most(limit: int, holds: Callable[[int], bool]) -> int:
    """The largest number up to the limit for which something holds that holds for all below."""
    low = 0
    while low < limit:
        middle = (low + limit + 1) // 2
        low, limit = (middle, limit) if holds(middle) else (low, middle - 1)
    return low
