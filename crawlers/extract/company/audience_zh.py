"""Those served in Chinese: ``适合中小商家``, ``专为外贸企业打造``, ``学生党首选``. Pure.

Works on folded text, so that traditional characters are read by the same rules. The noun that says
who stands last; what follows it must not make it another thing (``学生宿舍``).
"""

import re
import tomllib
from collections.abc import Iterator
from importlib.resources import files
from itertools import islice

_WORDS = tomllib.loads(
    files("crawlers.extract").joinpath("company/people.toml").read_text("utf-8")
)["zh"]
_HEADS = sorted((*_WORDS["heads"].split(), *_WORDS["suffixes"].split()), key=len, reverse=True)
_SUFFIXES = frozenset(_WORDS["suffixes"].split())
_NOT_PEOPLE = tuple(_WORDS["not_people"].split())
_TRADES = frozenset(_WORDS["trades"].split())
_RELATIONAL = frozenset(_WORDS["relational"].split())

LEADS = (
    "适合", "适用", "面向", "针对", "服务于", "帮助", "助力", "赋能", "专为", "为", "首选", "专用",
    "深受", "必备", "您是", "你是", "目标客户", "目标用户", "送给", "献给",
)  # fmt: skip

_LEAD = re.compile(
    r"(?P<label>(?:适用|适合|目标|服务)(?:人群|客户|用户|对象|肤质|肌肤|客群)\s?[:：是为]+)\s?"
    r"|(?<![不非])(?P<fit>(?:特别|非常|尤其|更|最)?适合(?:于|送给)?|(?:特别|更)?适用于"
    r"|服务于|面向|针对|送给|献给)"
    r"|(?<![因作称成以认名视人行])(?P<made>专为|为)"
    r"|(?P<help>帮助|助力|赋能|协助)"
    r"|(?P<are>(?:如果|若|无论|不管)?[您你]是)"
)
_BELOVED = re.compile(r"深受([^,，。;；!！?？\s]{2,16}?)(?:们)?(?:的)?(?:喜爱|欢迎|青睐|信赖|追捧)")
_CHOICE = re.compile(r"([^,，。;；!！?？、\s]{2,14}?)(?:的)?(?:首选|专用|必备|之选|专享|福音)")
_WINDOW = re.compile(r"[^,，。;；!！?？|｜\s()（）\[\]【】]{2,40}")
_LISTED = re.compile(r"[、/,，]|以及|和|与|及|或者?|跟")
_HEAD = re.compile(f"(?=({'|'.join(map(re.escape, _HEADS))}))")  # one may begin in another
_PREFIX = re.compile(rf"^(?:{_WORDS['vague']})*(?:的)?$")
_AFTER = re.compile(
    r"^(?:们)?(?:群体|人群|等(?:商户|企业|用户|客户|人群|行业|机构|场所)?)?"
    r"(?:$|的|使用|之|专用|专享|首选|必备|穿|戴|佩戴|吃|喝|饮用|食用|服用|阅读|学习|观看|玩|用|入手"
    r"|购买|选购|选择|入门|参加|报名|提供|打造|设计|量身|定制|开发|研发|推出|而|来|在|进行|做"
    r"|开展|都"
    r"|也|一起|解决|带来|创造|服务|[a-z0-9:：]|吗|实现|搭建|建立|构建|制作|生产|节省|降低"
    r"|提升|赋能)"
)
_MAKING = re.compile(r"(?:们)?(?:量身(?:定制|定做|打造)|设计|打造|定制|研发|开发|制作|准备)")
_TOLD_APART = re.compile(r"的[^的]{0,6}(?:朋友|人群|人士|用户)")
_MOST_LEADS = 12  # of a line
_MOST = 12  # characters before the noun


def spans(folded: str) -> Iterator[tuple[int, int]]:
    """Start and end of every phrase in a folded line."""
    for lead in islice(_LEAD.finditer(folded), _MOST_LEADS):
        kind = lead.lastgroup or ""
        end = _served(folded, lead.end(), kind)
        if end is None:
            continue
        if kind == "made" and (making := _MAKING.match(folded, end)):
            end = making.end()
        yield lead.start(), end
    for rule in (_BELOVED, _CHOICE):
        for match in rule.finditer(folded):
            if _ends_in_people(match[1].removesuffix("的"), strict=True):
                yield match.start(), match.end()


def _served(folded: str, start: int, kind: str) -> int | None:
    """Where the name of those served ends; ``None`` where nobody is named."""
    end: int | None = None
    at = start
    while window := _WINDOW.match(folded, at):
        whole = window[0]
        offset = 0
        done = False
        for piece in _LISTED.split(whole):
            begin = whole.index(piece, offset)
            offset = begin + len(piece)
            length = _person(piece, loose=kind == "help")
            if length is None and end is None and piece in _TRADES:
                continue  # shares the noun of the next: 餐饮、零售门店
            if length is None:
                done = True
                break
            end = at + begin + length
            if length < len(piece):
                tail = re.match(r"们|等(?:商户|企业|用户|客户|人群|行业|机构)", piece[length:])
                if tail:
                    end += tail.end()
                done = True
                break
        if done or end is None or folded[window.end() : window.end() + 1] not in ",，":
            break
        if kind != "label":
            break
        at = window.end() + 1
    return end


def _person(piece: str, *, loose: bool) -> int | None:
    """How much of a piece names someone: up to its last noun for people that ends a name.

    :param loose: a verb follows ("helps shops sell"), so anything may stand behind the noun.
    """
    best: int | None = None
    for match in _HEAD.finditer(piece):
        end = match.end(1)
        if match.start() > _MOST or (loose and best is not None and match.start() > best):
            break
        if not _ends_in_people(piece[:end], strict=False):
            continue
        rest = piece[end:]
        if (loose and not rest.startswith("的")) or _AFTER.match(rest):
            best = end
            if rest.startswith("的") and not _TOLD_APART.match(rest):
                break
    return best


def _ends_in_people(name: str, *, strict: bool) -> bool:
    """Whether a name ends with a noun for people, one of its own or one that is told apart."""
    for head in _HEADS:
        if name.endswith(head):
            before = name[: -len(head)]
            if strict and before.startswith("的"):
                return False
            if head in _SUFFIXES:
                return bool(before) and not name.endswith(_NOT_PEOPLE)
            return head not in _RELATIONAL or _PREFIX.match(before) is None
    return False
