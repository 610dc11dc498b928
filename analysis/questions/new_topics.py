"""Words that recur in what people complain of, praise and wish for, and that no topic lists."""

import math
import re
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, Final

from analysis.questions.phrases import brand_keys, key_of, names_a_brand
from analysis.questions.sample import COUNTED, MINIMUM_PEOPLE
from crawlers.folding import fold
from pipelines.demand.folded import Folded
from pipelines.demand.rulebook import rulebook
from pipelines.demand.topics import KINDS, topics_in
from pipelines.discovery.wordlists import (
    english_band,
    han_words,
    is_syllable,
    simplified,
    vietnamese_band,
)

SENTENCES: Final = 20_000
"""The newest sentences with a claim that are read, and as many of all posts to compare with."""

CRITICAL: Final = 15.13
"""Log-likelihood from which a phrase is over-represented: Dunning (1993), "Accurate methods for the
statistics of surprise and coincidence", at the level of 0.0001 that Rayson, Berridge and Francis
(2004) advise for word counts.
"""

LEAST_THREADS: Final = 3
"""Threads in which a phrase must be said: in one, all repeat one another's words."""

NEW_DAYS: Final = 90
_LISTED: Final = 40
_LONGEST_TEXT: Final = 600
_COPIED: Final = 24  # letters from which one and the same sentence is a copy; half in Chinese
_WORD = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")
_BREAK = re.compile(r"[^\w\s'-]+|\n")
_END = re.compile(r"(?<![.!?…])[.!?…]++(?=\s|$)|[。！？]+|\n+")
# Words this common (bands of ten: a thousandth of a text and more) begin and end no phrase; a
# single English word that says something is ten times rarer still than those.
_COMMON_EN, _COMMON_VI, _COMMON_ALONE = 5, 6, 4
_SAID = frozenset("n nr nz nt vn v a an l i j eng nw x b".split())  # parts of speech of things said
_SMALL_VI = frozenset(
    "sang nhưng cũng thì mà là và có không được cho của với này đó rất quá lắm vẫn đã đang sẽ khi "
    "nếu vì nên mình em anh chị shop ạ nhé nha luôn hơn bị ra vào lên lại các những một cái con "
    "hay hoặc rồi nữa thôi đi ai gì sao thế vậy nó họ bạn tôi mọi người như chỉ còn từ đến tại "
    "trong ngoài"
    .split()
)  # fmt: skip


@dataclass(slots=True)
class _Seen:
    people: set[str] = field(default_factory=set)
    threads: set[int] = field(default_factory=set)
    kinds: Counter[str] = field(default_factory=Counter)
    written: Counter[str] = field(default_factory=Counter)
    first: str | None = None
    sentences: int = 0
    topicless: int = 0
    quotes: list[dict[str, Any]] = field(default_factory=list)


def phrases_in(text: str, lang: str) -> dict[str, str]:
    """The phrases of one to three words of a sentence: folded -> as written.

    None begins or ends with one of a language's commonest words; a single Vietnamese syllable is
    no phrase; Chinese is cut into words first. Other languages have none.
    """
    text = text[:_LONGEST_TEXT]
    found: dict[str, str] = {}
    if lang == "zh":
        for phrase in _han_phrases(simplified(text)):
            found.setdefault(phrase, phrase)
        return found
    if lang not in ("en", "vi"):
        return found
    for clause in _BREAK.split(text):
        words = _WORD.findall(clause)
        keys = [fold(word) for word in words]
        usual = [_usual(word, key, lang) for word, key in zip(words, keys, strict=True)]
        for size in (1, 2, 3):
            for start in range(len(words) - size + 1):
                end = start + size
                if usual[start] or usual[end - 1]:
                    continue
                if size == 1 and not _says_alone(keys[start], lang):
                    continue
                found.setdefault(" ".join(keys[start:end]), " ".join(words[start:end]))
    return found


def _says_alone(key: str, lang: str) -> bool:
    if len(key) < 3:
        return False
    return not is_syllable(key) if lang == "vi" else english_band(key) < _COMMON_ALONE


def _usual(word: str, key: str, lang: str) -> bool:
    if lang == "en":
        return english_band(key) >= _COMMON_EN
    return word.lower() in _SMALL_VI or vietnamese_band(key) >= _COMMON_VI


def _han_phrases(line: str) -> Iterator[str]:
    words = han_words(line)
    said = [
        word.part in _SAID and word.band < _COMMON_EN and not re.search(r"[\W\d_]", word.text)
        for word in words
    ]
    for word, says in zip(words, said, strict=True):
        if says and len(word.text) > 1:
            yield word.text
    for (one, says), (other, says_too) in pairwise(zip(words, said, strict=True)):
        if says and says_too and len(one.text + other.text) <= 6:
            yield one.text + other.text


def recurring(conn: sqlite3.Connection, now: str | None) -> list[dict[str, Any]]:
    """Phrases said by enough people in sentences with a pain, a praise, a barrier or a wish, and
    oftener than in other sentences, that no topic lists, that name no company and say no feeling.

    Said in at least three threads. A longer sentence that was said before, with other numbers or
    without, is a copy or a template and counts once: it shows who wrote it, not what many mean.

    :param now: the moment "lately" is counted from, UTC.
    :returns: [{phrase, lang, people, sentences, topicless (of these), kinds {kind: sentences},
        strength (log-likelihood), first_seen, new_since, quotes}], most people first. ``new_since``
        is the day it was first said where that is at most 90 days ago though as many
        people were read from before; else ``None``.
    """
    seen: dict[tuple[str, str], _Seen] = defaultdict(_Seen)
    sizes: Counter[str] = Counter()
    claims: dict[int, list[str]] = defaultdict(list)
    voices: dict[str, dict[str, str]] = defaultdict(dict)
    told: set[tuple[str, str]] = set()
    for post, thread, quote, url, lang, posted_at, person, kind, named in conn.execute(
        f"WITH {COUNTED} SELECT c.id, c.thread_id, e.quote, c.url, c.lang, c.posted_at, "
        "c.person, e.subject, "
        "EXISTS (SELECT 1 FROM topics t WHERE t.post_id = c.id AND t.kind = e.subject) "
        "FROM counted c CROSS JOIN evidence e ON e.claim_table = 'demand' "
        "AND e.claim_key = CAST(c.id AS TEXT) "
        f"WHERE e.subject IN ({', '.join('?' * len(KINDS))}) "
        "ORDER BY c.posted_at DESC, c.id DESC, e.id LIMIT ?",
        (*KINDS, SENTENCES),
    ):
        claims[post].append(quote)
        if _is_copy(quote, kind, told):
            continue
        sizes[lang] += 1
        if posted_at:
            voices[lang][person] = min(posted_at, voices[lang].get(person, posted_at))
        for key, written in phrases_in(quote, lang).items():
            one = seen[lang, key]
            one.sentences += 1
            one.topicless += not named
            one.kinds[kind] += 1
            one.written[written] += 1
            if posted_at and (one.first is None or posted_at < one.first):
                one.first = posted_at
            if person not in one.people and len(one.quotes) < 3:
                one.quotes.append({
                    "post": post, "quote": quote[:400], "url": url, "lang": lang,
                    "posted_at": posted_at,
                })  # fmt: skip
            one.people.add(person)
            one.threads.add(thread)
    often = {
        key: one
        for key, one in seen.items()
        if len(one.people) >= MINIMUM_PEOPLE and len(one.threads) >= LEAST_THREADS
    }
    if not often:
        return []
    elsewhere, other_sizes = _elsewhere(conn, often, claims)
    brands = brand_keys(conn)
    rows = []
    for (lang, key), one in often.items():
        strength = log_likelihood(
            one.sentences, sizes[lang], elsewhere[lang, key], other_sizes[lang]
        )
        phrase = one.written.most_common(1)[0][0]
        if strength < CRITICAL or _known(phrase, lang) or names_a_brand(key_of(phrase), brands):
            continue
        rows.append({
            "phrase": phrase, "lang": lang, "people": len(one.people),
            "sentences": one.sentences, "topicless": one.topicless, "kinds": dict(one.kinds),
            "strength": round(strength, 1), "first_seen": one.first,
            "new_since": _new_since(one, voices[lang], now), "quotes": one.quotes,
            "_by": one.people,
        })  # fmt: skip
    return _without_parts(rows)[:_LISTED]


_LETTER = re.compile(r"[^\W\d_]+")


def _is_copy(sentence: str, kind: str, told: set[tuple[str, str]]) -> bool:
    """Whether a sentence was told before as a claim of this kind; remembers it if not."""
    words = "".join(_LETTER.findall(fold(sentence)))
    if len(words) * (1 if words.isascii() else 2) < _COPIED:
        return False  # short ones are what many say alike
    if (kind, words) in told:
        return True
    told.add((kind, words))
    return False


def _elsewhere(
    conn: sqlite3.Connection,
    often: Iterable[tuple[str, str]],
    claims: Mapping[int, Sequence[str]],
) -> tuple[Counter[tuple[str, str]], Counter[str]]:
    """How many other sentences of the newest posts hold each phrase; how many there are, by
    language. Other: those in which none of the claims stands.
    """
    wanted = set(often)
    held: Counter[tuple[str, str]] = Counter()
    sizes: Counter[str] = Counter()
    for post, text, lang in conn.execute(
        f"WITH {COUNTED} SELECT c.id, p.text, c.lang FROM counted c JOIN posts p ON p.id = c.id "
        "ORDER BY c.posted_at DESC, c.id DESC LIMIT ?",
        (SENTENCES,),
    ):
        quotes = claims.get(post, ())
        for sentence in map(str.strip, _END.split(text)):
            if not sentence or any(sentence in quote or quote in sentence for quote in quotes):
                continue
            sizes[lang] += 1
            held.update(key for key in ((lang, phrase) for phrase in phrases_in(sentence, lang))
                        if key in wanted)  # fmt: skip
        if sizes.total() >= SENTENCES:
            break
    return held, sizes


def log_likelihood(here: int, size: int, there: int, other_size: int) -> float:
    """Dunning's log-likelihood that a phrase is commoner here than there; 0 where it is not."""
    if not size or not other_size or here / size <= there / other_size:
        return 0.0
    rate = (here + there) / (size + other_size)
    total = here * math.log(here / (size * rate))
    if there:
        total += there * math.log(there / (other_size * rate))
    return 2 * total


def _known(phrase: str, lang: str) -> bool:
    """Whether a topic lists the phrase, or the reader's rules know it: words of feeling, mostly."""
    if topics_in(phrase, lang):
        return True
    book = rulebook(lang, accents=not phrase.isascii()) if lang == "vi" else rulebook(lang)
    return any(True for _ in book.hits(Folded(phrase).text))


def _new_since(one: _Seen, voices: dict[str, str], now: str | None) -> str | None:
    if one.first is None or now is None:
        return None
    edge = (datetime.fromisoformat(now.replace("Z", "+00:00")) - timedelta(days=NEW_DAYS)).strftime(
        "%Y-%m-%dT%H:%M:%SZ"
    )
    earlier = sum(moment < edge for moment in voices.values())
    lately = len(voices) - earlier
    return one.first[:10] if one.first >= edge and earlier >= max(lately, MINIMUM_PEOPLE) else None


def _without_parts(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Most people first; a phrase goes where a kept one says the same of the same people."""
    kept: list[dict[str, Any]] = []
    rows.sort(key=lambda row: (-len(row["phrase"]), row["phrase"]))
    for row in rows:
        part = f" {fold(row['phrase'])} " if row["lang"] != "zh" else row["phrase"]
        whole = (
            other["_by"]
            for other in kept
            if other["lang"] == row["lang"]
            and part in (f" {fold(other['phrase'])} " if row["lang"] != "zh" else other["phrase"])
        )
        if not any(len(row["_by"] & by) >= 0.8 * len(row["_by"]) for by in whole):
            kept.append(row)
    kept.sort(key=lambda row: (-row["people"], -row["strength"], row["phrase"]))
    return [{name: value for name, value in row.items() if name != "_by"} for row in kept]
