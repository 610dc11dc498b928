"""The demand reader: a post in, what its author wants, has, likes and hates out."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from crawlers.language import language_of, script_of
from pipelines.demand.assembling import reading_of
from pipelines.demand.brands import Brand, BrandFinder, Found, MarketTerms, mentions_of
from pipelines.demand.by_rules import decide
from pipelines.demand.folded import Folded, bare, share_of_marked_words
from pipelines.demand.judging import judge
from pipelines.demand.reading import Reading
from pipelines.demand.rulebook import LANGUAGES, Rulebook, rulebook
from pipelines.demand.weighing import Weighing

MAX_CHARACTERS = 20_000
"""More of one post is not read: no person writes so much about one purchase."""

_TYPED_WITH_ACCENTS = 0.12  # share of marked words; Vietnamese typed in full has 0.6 and more

_EMPTY = frozenset(
    "with from that this your their small large best free online other more most every service "
    "services product products company business good simple easy quality professional local "
    "tools tool system systems point solution solutions".split()
)
_NO_HAN = re.compile(r"[^\u4e00-\u9fff]")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_VIETNAMESE_ONLY = re.compile("[ơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]", re.IGNORECASE)
_KANA = re.compile(r"[\u3041-\u30fe]")
# Syllables every Vietnamese post holds and no English word is spelled like.
_PLAIN_SYLLABLES = frozenset(
    "minh khong ko duoc dc mua cua cho cac nhung nguoi roi qua moi doi tu vi bi rat voi thi la va "
    "nen gia hang tot dep nhieu toi em anh chi khi neu den trong nay cung nhu hay lam muon biet "
    "giup tien dien thoai may cu bao nhieu xin hoi dang giua hai mot nguoi ban chua van".split()
)


class DemandReader:
    """Reads posts against one market. Build once, call :meth:`read` for every post.

    :param terms: what the market sells and by whom; without it every offer is a seller's and
        every need counts.
    """

    def __init__(self, terms: MarketTerms | None = None) -> None:
        self.terms = terms or MarketTerms()
        brands = list(self.terms.brands)
        if self.terms.own is not None and self.terms.own not in brands:
            brands.append(self.terms.own)
        self._brands = BrandFinder(brands)
        words = [*self.terms.offers, *self.terms.keywords]
        self._sold = BrandFinder(Brand(word, _plurals(word)) for word in words) if words else None
        near = sorted({part for word in words for part in _topics(word)})
        self._near = BrandFinder(Brand(part, _plurals(part)) for part in near) if near else None

    def read(self, text: str, *, lang: str | None = None, title: str | None = None) -> Reading:
        """What one post says.

        :param text: the author's own words, quotations of others already taken out where the
            forum marks them.
        :param lang: the post's language where it is known.
        :param title: the thread's title, for its opening post; read as the post's first line.
            Quotes are cut from ``title``, a line break, ``text``.
        :returns: a :class:`Reading`; languages without rules get their mentions only.
        """
        text = (f"{title}\n{text}" if title else text)[:MAX_CHARACTERS]
        known = (lang or "").replace("_", "-").split("-")[0].lower()
        language = known or _language_of(text)
        script = script_of(text) if language == "zh" else None
        if language not in LANGUAGES or not text.strip():
            folded = Folded(text)
            found = self._brands.find(folded)
            return Reading(
                lang=language or "und", script=script, mentions=mentions_of(found, folded)
            )
        post = self.weigh(text, language)
        return reading_of(post, judge(post, decide(post)), script=script)

    def weigh(self, text: str, language: str) -> Weighing:
        """What speaks for which claim, before anything is decided.

        :param language: one of :data:`pipelines.demand.rulebook.LANGUAGES`.
        """
        accents = language != "vi" or share_of_marked_words(text) >= _TYPED_WITH_ACCENTS
        book = rulebook(language, accents=accents)
        folded = _folded(text, book)
        found = self._brands.find(folded)
        return Weighing(
            folded,
            book,
            found,
            of_market=self._speaks_of_market(folded, found),
            near_market=self._is_near_market(folded),
        )

    def _speaks_of_market(self, folded: Folded, found: Sequence[Found]) -> bool:
        return bool(found) or self._sold is None or bool(self._sold.find(folded))

    def _is_near_market(self, folded: Folded) -> bool | None:
        return None if self._near is None else bool(self._near.find(folded))


def _topics(word: str) -> Iterator[str]:
    """What a name of something sold speaks of: its words, in Vietnamese its pairs of syllables.

    "phần mềm thu ngân" speaks of "phần mềm", "mềm thu" and "thu ngân"; Chinese of its pairs of
    characters.
    """
    if _HAN.search(word):
        yield from map("".join, pairwise(_NO_HAN.sub("", word)))
        return
    parts = word.lower().split()
    if not word.isascii():
        yield from map(" ".join, pairwise(parts))
        return
    yield from (part for part in parts if len(part) > 3 and part not in _EMPTY)


def _plurals(word: str) -> tuple[str, ...]:
    """English plural and singular; other languages have none."""
    if not word.isascii() or not word[-1:].isalpha():
        return ()
    return (word[:-1],) if word.endswith("s") and len(word) > 4 else (word + "s",)


def _language_of(text: str) -> str:
    """The language, also where foreign brand names outweigh a short post's own words.

    Two Han characters without kana make a text Chinese; a third of its words from the commonest
    Vietnamese syllables, typed without accents, make it Vietnamese.
    """
    language = language_of(text)
    if language in ("vi", "zh"):
        return language
    if len(_HAN.findall(text)) >= 2 and not _KANA.search(text):
        return "zh"
    if language not in LANGUAGES and _VIETNAMESE_ONLY.search(text):
        return "vi"  # too short for its few marked letters to tell
    words = text[:600].lower().split()
    plain = sum(word.strip(".,!?") in _PLAIN_SYLLABLES for word in words)
    return "vi" if plain >= 3 and plain * 3 >= len(words) else language


def _folded(text: str, book: Rulebook) -> Folded:
    vietnamese = book.language == "vi"
    if vietnamese and not book.accents:
        folded = Folded(text)
        folded.text = bare(folded.text)
        if book.spelling_pattern is not None:
            folded.respell(book.spelling_pattern, book.spelling)
        return folded
    return Folded(text, spelling=book.spelling, pattern=book.spelling_pattern, tones=vietnamese)
