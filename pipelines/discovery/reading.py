"""A market's threads -> every mention of a name, with what the models say of it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from crawlers.language import language_of
from pipelines.discovery.contexts import (
    ON_TOPIC,
    ThreadTopic,
    context_row,
    name_row,
    sold_words,
    with_signs,
)
from pipelines.discovery.features import own_keys, rows_of, setting_of
from pipelines.discovery.fit import fit_of
from pipelines.discovery.market_words import Market
from pipelines.discovery.matching import key_of
from pipelines.discovery.model import Seeker, Thread
from pipelines.discovery.pieces import lines
from pipelines.discovery.plain import plain_spans
from pipelines.discovery.recurring import ReadLine, Recurring, Span
from pipelines.discovery.tagger import LEAST, Models

LONGEST_TITLE = 300
LONGEST_POST = 4_000
"""Characters read of a post: who recommends something has said so by then."""
_HAN = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A name in a line.

    :param thread: the thread's key; ``post`` the post's, ``None`` for the title.
    :param at: the line's number in the thread, the title's is 0.
    :param name: the chance that it is a name; 0 where only other lines say so.
    :param rival: of that chance the rivals' share, by the reading; ``around``: by the words
        around it; ``none``: the chance, by these, that it is no name. All 0..1.
    :param plain: the plainest words set it among alternatives, under a title that speaks of
        what is sold.
    """

    thread: str
    post: str | None
    at: int
    line: str
    start: int
    end: int
    key: str
    name: float
    rival: float = 0.0
    around: float = 0.5
    none: float = 0.3
    plain: bool = False

    @property
    def written(self) -> str:
        """The name as it stands in the line."""
        return self.line[self.start : self.end]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of a thread, read."""

    thread: str
    post: str | None
    at: int
    read: ReadLine

    @property
    def han(self) -> bool:
        """Whether it holds Han characters."""
        return _HAN.search(self.read.text) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A market read: its lines, the mentions in them, each thread's topic, the keys of our own
    and of known names.
    """

    lines: tuple[Line, ...]
    mentions: tuple[Mention, ...]
    topics: dict[str, ThreadTopic]
    own: frozenset[str]


def texts_of(thread: Thread) -> list[str]:
    """The title, then each post's words: of a long one the beginning. As long as they were."""
    texts = [thread.title[:LONGEST_TITLE], *(post.text[:LONGEST_POST] for post in thread.posts)]
    return [text.encode("utf-8", "replace").decode("utf-8") for text in texts]  # lone surrogates


def thread_lines(
    threads: Sequence[Thread], own: frozenset[str], topics: Mapping[str, ThreadTopic]
) -> list[Line]:
    """Every line of a market with its features; nothing is read yet."""
    market = Market(texts_of(thread) for thread in threads)
    found = []
    for thread in threads:
        texts = texts_of(thread)
        setting = setting_of(texts, own, market, topics[thread.key].level)
        keys: list[str | None] = [None, *(post.key for post in thread.posts)]
        number = 0
        for post, text in zip(keys, texts, strict=True):
            for text_line in lines(text):
                pieces, rows = rows_of(text_line, setting, title=post is None)
                read = ReadLine(text_line, pieces, rows, ())
                found.append(Line(thread=thread.key, post=post, at=number, read=read))
                number += 1
    return found


def with_spans(line: Line, rows: Sequence[list[str]], spans: Sequence[Span]) -> Line:
    """The line with other features and the names read by them."""
    read = ReadLine(line.read.text, line.read.found, rows, spans)
    return Line(thread=line.thread, post=line.post, at=line.at, read=read)


def first_reading(found: Sequence[Line], models: Models) -> list[Line]:
    """Each line with the names it shows by itself."""
    return [
        with_spans(line, line.read.rows, models.first[line.han].spans(line.read.rows, LEAST[0]))
        for line in found
    ]


def again(found: Sequence[Line]) -> list[Line]:
    """Lines of a first reading with the features of the second."""
    known = Recurring(line.read for line in found)
    return [with_spans(line, known.rows(line.read), line.read.spans) for line in found]


def second_reading(found: Sequence[Line], models: Models) -> list[Line]:
    """Each line with the names it shows in the light of the others."""
    return [
        with_spans(line, line.read.rows, models.second[line.han].spans(line.read.rows, LEAST[1]))
        for line in found
    ]


def settled(found: Sequence[Line]) -> list[Line]:
    """Lines read, each name without a neighbouring word that stands with it only here."""
    known = Recurring(line.read for line in found)
    return [with_spans(line, line.read.rows, known.settled(line.read)) for line in found]


def topics_of(threads: Sequence[Thread], seeker: Seeker) -> dict[str, ThreadTopic]:
    """Each thread's topic, by its key."""
    fit, sold = fit_of(seeker), sold_words(seeker.description)
    return {
        thread.key: ThreadTopic(fit, sold, thread.title, " ".join(texts_of(thread)))
        for thread in threads
    }


def own_of(seeker: Seeker) -> frozenset[str]:
    """The keys of the business's own names, and of their initials ("M&C")."""
    names = (seeker.name, *seeker.aliases)
    words = [[word for word in re.split(r"[\W_]+", name) if word.isalpha()] for name in names]
    initials = ("".join(word[0] for word in row) for row in words if len(row) > 1)
    return own_keys((*names, *initials))


def trade_of(seeker: Seeker) -> frozenset[str]:
    """The keys of all names known to be of the trade: our own, listed rivals, hints.

    Who stands beside one of them is seen as standing beside us.
    """
    return own_of(seeker) | own_keys((*seeker.known, *seeker.hints))


def context_rows(
    line: Line, spans: Sequence[tuple[int, int]], topic: ThreadTopic, own: frozenset[str], lang: str
) -> Iterator[tuple[tuple[int, int], list[str]]]:
    """For each stretch of characters that is a name: what is around it and what it is made of."""
    text = line.read.text
    words, places = with_signs(text, spans, own, topic.fit.kinds)
    for (start, end), place in places.items():
        row = context_row(words, place, topic=topic, line=text, title=line.post is None, lang=lang)
        yield (start, end), row + name_row(text[start:end], topic.sold)


def tongue_of(thread_text: str) -> str:
    """``en``, ``vi``, ``zh``, or another."""
    return "zh" if _HAN.search(thread_text) else language_of(thread_text)


def read_market(threads: Sequence[Thread], seeker: Seeker, models: Models) -> Reading:
    """Read all threads of a market twice, and judge each name by what is around it."""
    own, topics = trade_of(seeker), topics_of(threads, seeker)
    found = settled(
        second_reading(again(first_reading(thread_lines(threads, own, topics), models)), models)
    )
    tongues = {thread.key: tongue_of(" ".join(texts_of(thread))) for thread in threads}
    mentions = [
        mention
        for line in found
        for mention in line_mentions(line, topics[line.thread], own, tongues[line.thread], models)
    ]
    mentions += _elsewhere(found, mentions)
    ours = own_of(seeker) | own_keys(seeker.known)
    return Reading(lines=tuple(found), mentions=tuple(mentions), topics=topics, own=ours)


def line_mentions(
    line: Line, topic: ThreadTopic, own: frozenset[str], lang: str, models: Models
) -> Iterator[Mention]:
    """The names of a line, judged."""
    read = line.read
    spans = {
        (read.found[span.first].start, read.found[span.end - 1].end): span for span in read.spans
    }
    on_topic = topic.level == ON_TOPIC
    plain = plain_spans(read.text, spans, own, topic.fit.kinds) if on_topic else set()
    for (start, end), row in context_rows(line, list(spans), topic, own, lang):
        key = key_of(read.text[start:end])
        if len(key) < 2:
            continue
        span = spans[start, end]
        around, none = models.judge.chances(row)
        yield Mention(
            thread=line.thread, post=line.post, at=line.at, line=read.text, start=start, end=end,
            key=key, name=span.name, rival=span.rival, around=around, none=none,
            plain=(start, end) in plain,
        )  # fmt: skip


def _elsewhere(found: Sequence[Line], mentions: Sequence[Mention]) -> Iterator[Mention]:
    """Where a name that is plain somewhere stands unnoticed."""
    plain = {mention.key for mention in mentions if mention.name >= 0.5}
    known = Recurring(line.read for line in found)
    taken: dict[tuple[str, int], list[tuple[int, int]]] = {}
    for mention in mentions:
        taken.setdefault((mention.thread, mention.at), []).append((mention.start, mention.end))
    for line in found:
        busy = taken.get((line.thread, line.at), [])
        for first, end, key in known.matches(line.read.text, line.read.found):
            start, stop = line.read.found[first].start, line.read.found[end - 1].end
            if key in plain and len(key) > 1 and not any(a < stop and start < b for a, b in busy):
                yield Mention(
                    thread=line.thread, post=line.post, at=line.at, line=line.read.text,
                    start=start, end=stop, key=key, name=0.0,
                )  # fmt: skip
