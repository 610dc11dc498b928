"""Names at a place: which brand a stretch of a post names, listed or not."""

import re
from collections.abc import Sequence

from pipelines.demand.brands import Found
from pipelines.demand.folded import Folded

_LATIN_NAME = re.compile(r"[A-Za-zÀ-ỹ0-9][\w.+&'-]*(?:[ /][A-Z0-9À-Ỹ][\w.+&-]*){0,4}")
_TRIM = re.compile(
    r"^(?:my|our|the|a|an|your|their|old|new|using|con|chiếc|cái|em|máy|thằng|dòng|bọn|hãng|nhà|xe|"
    r"điện thoại|dùng|xài|mua|những|các|một|1|用|买|这个|这款|那个|那款|我的|我|从|把|将|"
    r"原来的|以前的|了|一个|一台|一部|同价位的|同级的|同级|其他|其它|别的)(?:\s+|(?<=[\u4e00-\u9fff]))",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"\s+(?:last|this|next|about|a|an|and|but|so|because|since|for|when|after|before|years?|months?|"
    r"is|was|now|today|yesterday|recently|due|as|which|that|who|in|on|at|with|if|instead|ago|it|i|"
    r"we|to|too|then|than|of|"
    r"rồi|thì|vì|do|được|mà|và|nhưng|cho|luôn|đi|nhé|ạ|nha|cách|từ|tháng|năm|hôm|thấy|là|nên|để|"
    r"sang|qua|có|bị|này|kia|đó|không|hơn|xong|trong|với)(?:\s.*)?$",
    re.IGNORECASE | re.DOTALL,
)
_HAN_TAIL = re.compile(
    r"(?<=.)(?:的|了|吧|呢|啊|吗|以后|之后|后|算了|都|也|就|很|真|还|是|感觉|觉得|因为|，).*$",
    re.DOTALL,
)
_PLAIN_THING = frozenset(
    "one it this that these those them others other another something anything everything nothing "
    "here there before ever average most expected you me us him her they all last time year years "
    "usual normal always never nó kia này đó trước cũ mới khác nhiều họ nhau 以前 之前 这个 那个 "
    "它 这 那 别人 想象 其他 其它 自己 原来 现在 过去 图片 预期 大家 "
    "去年 什么 我 你 他 前 人家 none 无 没有 没 không".split()
)
_SENTENCE = re.compile(r"(?<=\w\w)[.!?]\s")
_CLAUSE = re.compile(r"[，。,;；!！?？、：:\s]")
# A Chinese sentence names its subject first; what follows is an aspect, an adverb or the verb.
_HAN_SUBJECT = re.compile(
    r"^(?:我?(?:个人)?(?:觉得|感觉|认为)|总体|其实|但是?|不过|而|虽然)?([\u4e00-\u9fffA-Za-z0-9]{2,6}?)"
    r"(?:的|要|更|还|明显|根本|真|就|也|都|在|远|确实|质量|外观|空间|油耗|音质|屏幕|做工|价格|性能|"
    r"动力|配置|内饰|操控|拍照|续航|功能|服务|$)"
)
_REACH = 200
"""Characters before a place in which its subject is looked for."""
_HAS_HAN = re.compile(r"[\u4e00-\u9fff]")


def brand_in(found: Sequence[Found], start: int, end: int, *, last: bool = False) -> Found | None:
    """The first (or last) listed brand that stands within a stretch."""
    inside = [f for f in found if f.start < end and f.end > start]
    return (inside[-1] if last else inside[0]) if inside else None


def name_in(
    folded: Folded, found: Sequence[Found], start: int, end: int, *, last: bool = False
) -> str | None:
    """The name a stretch holds: a listed brand's, else the words as written, cut to the name.

    ``None`` where the stretch names no thing of its own ("it", "before", "khác", "以前").
    """
    listed = brand_in(found, start, end, last=last)
    if listed is not None:
        return listed.brand.name
    written = " ".join(folded.quote(start, end).split()).strip(" \"'.,:;!?()，。、！？“”")
    written = _SENTENCE.split(written)[0]
    previous = None
    while previous != written:
        previous = written
        written = _TRIM.sub("", written)
    if _HAS_HAN.search(written):
        written = _HAN_TAIL.sub("", written)
    written = _TAIL.sub("", written).strip(" \"'.,:;!?()，。、！？“”")
    if not written or written.lower() in _PLAIN_THING or len(written) > 40:
        return None
    return written


def name_before(folded: Folded, found: Sequence[Found], start: int, at: int) -> str | None:
    """The name that stands last in the words between a sentence's start and a place.

    Unlisted names count where they are written like names: with a capital or a digit. Of a long
    sentence the last 200 characters are looked at, from the first whole clause or word on.
    """
    listed = brand_in(found, start, at, last=True)
    if listed is not None:
        return listed.brand.name
    begins = at - start <= _REACH  # whether the sentence's first word is among them
    written = folded.quote(max(start, at - _REACH), at)
    if not begins and (cut := _CLAUSE.search(written)):
        written = written[cut.end() :]
        whole = True
    else:
        whole = begins
    names = [
        m[0]
        for m in _LATIN_NAME.finditer(written)
        if (not begins or m.start() > 0 or len(m[0].split()) > 1 or not m[0].istitle())
        and (m[0][:1].isupper() or any(c.isdigit() for c in m[0]))
        and m[0].lower() not in _PLAIN_THING
        and len(m[0]) > 1
        and not m[0].replace(".", "").isdigit()
    ]
    if names:
        return names[-1].strip(" .'-")
    if not whole:  # one clause without an end: its subject stands out of reach
        return None
    subject = _HAN_SUBJECT.search(_CLAUSE.split(written)[-1])
    return subject[1] if subject and subject[1] not in _PLAIN_THING else None
