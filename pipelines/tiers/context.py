"""What stands around a place in a passage: relations to other products, aims, things to come.

"Plugin for online stores" is no online store; "instead of a spreadsheet" is no spreadsheet;
"an online store, coming soon" is none yet. Pure.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.tiers.lexicon import Lexicon
from pipelines.tiers.terms import Token, sentence_around

_GAP_BEFORE = 2  # words between "plugin for" and what it is for: "your", "the best"
_GAP_AFTER = 1  # "Shopify 的 插件"
_BREAK = re.compile(r"[.,;:!?()，。、；：！？（）\n]|\s[-–—|]\s")
_DENIALS = frozenset(
    {"no", "not", "without", "never", "不", "没", "無", "无", "未", "khong", "chua"}
)
_ARTICLES = frozenset({"a", "an", "the", "any", "your", "用", "需", "co", "can", "phai"})
_JOINS = frozenset({"and", "or", "va", "hoac", "hay", "与", "和", "及", "或"})
_LISTING = frozenset({"/", "、", "&", "+"})
_REACH = 25  # words between a sign of widening and what is meant, in one sentence


@dataclass(frozen=True, slots=True)
class Context:
    """The signs of one passage, by the positions of its words."""

    text: str = ""
    tokens: Sequence[Token] = ()
    relations: tuple[tuple[str, str, int, int], ...] = ()
    others: frozenset[int] = frozenset()
    aims: frozenset[int] = frozenset()
    denials: frozenset[int] = frozenset()
    mimics: frozenset[tuple[str, int]] = frozenset()
    coming: tuple[tuple[int, int], ...] = ()

    def relation(self, first: int, end: int) -> str | None:
        """``completes``, ``replaces`` or ``None`` for what stands at these words.

        "Unlike other shop builders" relates a shop builder to its like: that is no relation.
        """
        for relation, side, start, past in self.relations:
            if side == "before" and 0 <= first - past <= _GAP_BEFORE:
                like = relation == "replaces" and self.others & set(range(past, first))
                if self._joined(past, first) and not like:
                    return relation
            elif side == "after" and 0 <= start - end <= _GAP_AFTER and self._joined(end, start):
                return relation
        return None

    def _joined(self, past: int, first: int) -> bool:
        """Whether no punctuation parts two neighbours."""
        gap = self.text[self.tokens[past - 1].end : self.tokens[first].start]
        return _BREAK.search(gap) is None

    def is_aim(self, first: int) -> bool:
        """Whether "for", "cho", 为 stands just before."""
        return first - 1 in self.aims or first - 2 in self.aims

    def is_denied(self, first: int) -> bool:
        """Whether "no", "not a", "without", 不, "không" stands just before."""
        return first - 1 in self.denials or (
            first - 2 in self.denials and self.tokens[first - 1].word in _ARTICLES
        )

    def is_mimicked(self, first: int, end: int) -> bool:
        """Whether "toy", "pretend" stands just before, 玩具 (toy), 色 (colour) just after."""
        return ("before", first) in self.mimics or ("after", end) in self.mimics

    def is_joined(self, past: int, first: int) -> bool:
        """Whether "and", 与, "và", a slash or a listing comma alone stands between two places."""
        if not 0 <= first - past <= 1:
            return False
        if first - past == 1:
            return self.tokens[past].word in _JOINS
        gap = self.text[self.tokens[past - 1].end : self.tokens[first].start].strip()
        return gap in _LISTING

    def is_coming(self, at: int) -> bool:
        """Whether a sign of widening stands in the same sentence, not far away."""
        return any(low <= at < high for low, high in self.coming)


_NOTHING = Context()


def find_context(
    text: str, tokens: Sequence[Token], words: Sequence[str], lexicon: Lexicon
) -> Context:
    """The signs of a passage."""
    relations = tuple(
        (relation, side, hit.first, hit.end)
        for hit in lexicon.relations.find(words)
        for relation, side in hit.labels
    )
    aims = frozenset(hit.end - 1 for hit in lexicon.aim.find(words))
    denials = frozenset(at for at, word in enumerate(words) if word in _DENIALS)
    coming = tuple(
        _reach(text, tokens, hit.first, hit.end)
        for hit in lexicon.extension.find(words)
        if "none" not in hit.labels
    )
    mimics = frozenset(
        (side, hit.end if side == "before" else hit.first)
        for hit in lexicon.mimics.find(words)
        for side in hit.labels
    )
    if not (relations or aims or denials or coming or mimics):
        return _NOTHING
    others = frozenset(hit.first for hit in lexicon.other.find(words)) if relations else frozenset()
    return Context(text, tokens, relations, others, aims, denials, mimics, coming)


def _reach(text: str, tokens: Sequence[Token], first: int, end: int) -> tuple[int, int]:
    start, stop = sentence_around(text, tokens[first].start, tokens[end - 1].end, longest=2_000)
    low, high = first, end
    while low > max(0, first - _REACH) and tokens[low - 1].start >= start:
        low -= 1
    while high < min(len(tokens), end + _REACH) and tokens[high].end <= stop:
        high += 1
    return low, high
