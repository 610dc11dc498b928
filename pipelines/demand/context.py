"""Whose words, and in what mood: sentences of others, questions, hypotheses, advice, negation."""

import re
from bisect import bisect_right
from collections.abc import Iterable

from pipelines.demand.folded import Folded
from pipelines.demand.rulebook import Hit, Rulebook

# From a run's first mark on: a run of thousands that ends no sentence is tried once.
_END = re.compile(r"(?<![.!?…])[.!?…]++(?=\s|$)|[\n。！？!?]+")
# What a full stop after does not end a sentence.
_SHORTENED = tuple(f" {word}" for word in "vs etc inc corp ltd co mr mrs dr st".split())
# Quoted speech of some length is another's; short quoted words are names or emphasis.
_QUOTED = re.compile(r'"([^"\n]{2,600})"|「([^」\n]{2,300})」|『([^』\n]{2,300})』|^>[^\n]*', re.M)
_LONG_QUOTE = 18  # characters, without the marks
_LONG_HAN = 8
# A verb of saying before quoted words makes even short ones another's, unless the author said it.
_SAYS = re.compile(
    r"(?:\b(?:says?|said|saying|told|tells?|telling|claim(?:s|ed)?|wrote|writes?|argue[sd]?|"
    r"insist(?:s|ed)?|swears?|swore|replie[sd]|answer(?:s|ed)|asked|asks|nói|bảo|kêu|phán|noi|bao|"
    r"keu|viết|khẳng định)(?: [\w']+){0,3}|(?:说|讲|称|表示|认为|觉得|写道|告诉)"
    r"[\u4e00-\u9fff]{0,3})\s*[,:，：]?\s*$"
)
_SAID = re.compile(
    r"[,，]?\s*(?:(?:s?he|they|my [\w']+|the [\w']+) )?(?:says?|said|told (?:me|us)|claims|claimed|"
    r"wrote)\b(?! i\b| we\b)|[,，]?(?:他|她|他们|朋友|同事|别人|有人)(?:们)?"
    r"(?:说|讲|表示)"
)
_AUTHOR_SAYS = re.compile(
    r"(?:\b(?:i|we|i've|i'd|mình|em|tôi|tui)(?: (?:\w+ ){0,2})?\b(?:say|said|saying|told|tell|"
    r"claim|wrote|write|argued|insist|swear|asked|nói|bảo|kêu)\b|我们?(?:就|也|想|还|只能|会)?"
    r"(?:说|讲|认为|觉得|表示))[^.!?\n。！？]*$"
)
_WHY = re.compile(
    r"(?:re: )?\W*(?:so,? |and |but |then )?(?:why|how come|"
    r"how (?:the|on earth|in|is it)|tại sao|vì sao|sao|为什么|为啥|为何)"
)
_INVERTED = re.compile(
    r"(?:[^,:;?]{0,60}[,:;])?\W*(?:(?:so|but|and|or|then|ok|okay|well|hi|hey|hello|anyone|now) )*"
    r"(?:is|are|was|were|does|do|did|has|have|can|could|will|would|should|isn't|aren't|doesn't|"
    r"which|what|who|anyone|any|whether)\b"
)
_COMMA = re.compile(r"[,;，；]")
_SPACES = re.compile(r"\s+")
_HAN = re.compile(r"[\u4e00-\u9fff]")
BLANK = "\u00b7"
"""What stands for every character of a quotation of others."""


def without_quotations(text: str) -> str:
    """The text with others' quoted speech blanked out; positions stay."""
    if '"' not in text and ">" not in text and "「" not in text and "『" not in text:
        return text
    return _QUOTED.sub(_blanked, text)


def _blanked(match: re.Match[str]) -> str:
    inner = match[0]
    han, words = len(_HAN.findall(inner)), len(_SPACES.split(inner))
    if inner.startswith('"'):
        long_enough = len(inner) >= _LONG_QUOTE + 2 and (han >= _LONG_HAN or words >= 5)
    else:
        long_enough = inner.startswith(">") or han >= _LONG_HAN or words >= 5
    of_another = long_enough or ((han >= 3 or words >= 2) and _is_said(match))
    return BLANK * len(inner) if of_another else inner


def _is_said(match: re.Match[str]) -> bool:
    """Whether words right before or after a quotation say that somebody else said it."""
    text = match.string
    before = text[max(0, match.start() - 48) : match.start()]
    if _AUTHOR_SAYS.search(before):
        return False
    return bool(_SAYS.search(before) or _SAID.match(text, match.end(), match.end() + 40))


class Context:
    """The sentences of a post and what each of them is.

    :param text: the post with quotations of others blanked and names of listed brands masked.
    :param own: the same with the names as written.
    """

    __slots__ = (
        "_advice",
        "_hypothetical",
        "_questions",
        "_reported",
        "_starts",
        "book",
        "folded",
        "own",
        "text",
    )

    def __init__(
        self, folded: Folded, text: str, book: Rulebook, hits: Iterable[Hit], *, own: str
    ) -> None:
        self.folded = folded
        self.text = text
        self.own = own
        self.book = book
        self._starts = [0]
        self._questions: set[int] = set()
        for match in _END.finditer(text):
            if match[0] == "." and text.endswith(_SHORTENED, 0, match.start()):
                continue
            if "?" in match[0]:
                self._questions.add(len(self._starts) - 1)
            self._starts.append(match.end())
        self._reported: set[int] = set()
        self._hypothetical: set[int] = set()
        self._advice: set[int] = set()
        marks = {
            "reported": self._reported,
            "hypothetical": self._hypothetical,
            "advice": self._advice,
            "question": self._questions,
        }
        for hit in hits:
            if hit.rule.group in marks:
                marks[hit.rule.group].add(self.sentence(hit.start))

    def sentence(self, at: int) -> int:
        """The number of the sentence a position stands in."""
        return bisect_right(self._starts, at) - 1

    def bounds(self, at: int) -> tuple[int, int]:
        """Start and end of the sentence a position stands in."""
        return self.bounds_of(self.sentence(at))

    def bounds_of(self, number: int) -> tuple[int, int]:
        """Start and end of a sentence by its number."""
        end = self._starts[number + 1] if number + 1 < len(self._starts) else len(self.text)
        return self._starts[number], end

    @property
    def sentences(self) -> int:
        """How many sentences there are."""
        return len(self._starts)

    def is_question(self, at: int) -> bool:
        """Whether the sentence asks."""
        return self.sentence(at) in self._questions

    def asks_clause(self, hit: Hit) -> bool:
        """Whether the sentence asks, and no comma parts the match from the question after it."""
        return self.is_question(hit.start) and not _COMMA.search(
            self.text, hit.end, self.bounds(hit.start)[1] - 1
        )

    def asks_whether(self, at: int) -> bool:
        """Whether the sentence asks if something is so, and so leaves it open.

        In English a question that does not begin with its verb takes what it says for true
        ("You mean A is slower than B?").
        """
        if not self.is_question(at) or self.asks_why(at):
            return False
        if self.book.language != "en":
            return True
        return bool(_INVERTED.match(self.text, *self.bounds(at)))

    def asks_why(self, at: int) -> bool:
        """Whether the sentence asks why: what it asks about is then taken for true."""
        begin, end = self.bounds(at)
        return bool(_WHY.match(self.text, begin, end))

    def is_reported(self, at: int) -> bool:
        """Whether the sentence tells what others say."""
        return self.sentence(at) in self._reported

    def is_hypothetical(self, at: int) -> bool:
        """Whether the sentence supposes."""
        return self.sentence(at) in self._hypothetical

    def is_advice(self, at: int) -> bool:
        """Whether the sentence tells others what to do."""
        return self.sentence(at) in self._advice

    def is_advice_only(self, at: int) -> bool:
        """Whether the sentence tells others what to do, and nothing of its author."""
        known = self.book.first_person is not None
        return self.is_advice(at) and not (known and self.is_first_person(at))

    def negated(self, hit: Hit) -> bool:
        """Whether the words around the match negate it."""
        return self.book.negated(self.text, hit.start, hit.end)

    def asks_about(self, hit: Hit) -> bool:
        """Whether the words right after the match ask whether it is so."""
        return self.book.asked(self.text, hit.end)

    def is_first_person(self, at: int) -> bool:
        """Whether the sentence speaks of its author, or begins with the verb at ``at``.

        Told by the language's list ``first_person``; a language that leaves its subjects out
        has none, and every sentence there may be the author's.
        """
        pattern = self.book.first_person
        begin, end = self.bounds(at)
        if pattern is None or not self.text[begin:at].strip(" -*>•\n"):
            return True
        return bool(pattern.search(self.text, begin, end))
