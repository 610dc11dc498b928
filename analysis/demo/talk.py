"""What is said in the sample's forums, and the truth about it.

``talk/*.toml`` holds sentences with slots and labels; this module fills the slots, gives every
post an author and a time, and joins replies to threads of their topics. Only the sequence of
``random.Random(seed).random()`` is used, which Python promises never to change, and every time
counts back from :data:`analysis.demo.answers.NOW`: two runs give the same posts to the byte.
"""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from random import Random
from typing import Any, TypeVar

from analysis.demo.answers import NOW
from analysis.demo.content import read_toml
from analysis.demo.hours import reply_delay, thread_time
from analysis.demo.people import PEOPLE, SELLERS

LANGUAGES = ("vi", "en", "zh")
OWN = "hatchcart"
_SEED = "hatchcart sample 1"
_TRIES = 60
"""How often a sentence is filled anew before it counts as used up."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Switched:
    """A change of brand as its author tells it: ids of the companies, names as written."""

    source: str
    target: str
    source_text: str
    target_text: str
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One post, its author's own words, and what is true of it. ``None``: not asserted.

    ``switch`` is the exception: ``None`` asserts that the author tells of none.
    """

    text: str
    lang: str
    author: str
    at: datetime
    stage: str | None
    barrier: str | None
    seller: bool
    switch: Switched | None
    pain: bool | None
    praise: bool | None
    quotes: int | None = None
    edited: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """A thread before a forum numbers it. ``quotes`` of a post counts posts of the thread."""

    topic: str
    title: str
    lang: str
    sticky: bool
    posts: tuple[Said, ...]


class Dice:
    """Choices from one seeded sequence, made of ``random()`` alone."""

    def __init__(self, seed: str) -> None:
        self.roll = Random(seed).random  # noqa: S311 - sample data, no secret
        self._spread = 0

    def pick(self, options: Sequence[T]) -> T:
        """One of the options."""
        return options[int(self.roll() * len(options))]

    def spread(self) -> float:
        """Numbers 0..1 that lie evenly, also when few are asked for (steps of the golden ratio)."""
        self._spread += 1
        return self._spread * 0.6180339887498949 % 1

    def chance(self, part: float) -> bool:
        """True in that part (0..1) of the calls."""
        return self.roll() < part


@dataclass(frozen=True, slots=True)
class _Filled:
    """A sentence with its slots filled."""

    title: str
    text: str
    brands: Mapping[str, tuple[str, str]]
    """Slot -> id and name as written."""


class _Speech:
    """One language's sentences; remembers what was said, so that nothing is said twice."""

    def __init__(self, lang: str, dice: Dice) -> None:
        self.lang = lang
        self.data = read_toml("talk", f"{lang}.toml")
        self.dice = dice
        self.said: set[str] = set()
        self.left = [int(reply["times"]) for reply in self.data["reply"]]

    def fill(self, entry: Mapping[str, Any], thread: Mapping[str, str]) -> _Filled | None:
        """The sentence with brands and words that make it new; ``None`` where none are left.

        :param thread: brands the thread is about, by slot; a reply speaks of these.
        """
        hant = "_hant" if entry.get("script") == "Hant" else ""
        names: Mapping[str, Sequence[str]] = self.data[f"names{hant}"]
        slots: Mapping[str, Sequence[str]] = self.data[f"slots{hant}"]
        for _ in range(_TRIES):
            ids = self._brands(entry, thread)
            brands = {slot: (id_, self.dice.pick(names[id_])) for slot, id_ in ids.items()}
            words = {slot: self.dice.pick(options) for slot, options in slots.items()}
            if entry.get("plain"):
                words = {slot: _plain(word) for slot, word in words.items()}
                brands = {slot: (id_, _plain(name)) for slot, (id_, name) in brands.items()}
            words |= {slot: name for slot, (_, name) in brands.items()}
            text = entry["text"].format_map(words)
            if text not in self.said:
                self.said.add(text)
                title = entry.get("title", "").format_map(words)
                return _Filled(title[:1].upper() + title[1:], text, brands)
        return None

    def _brands(self, entry: Mapping[str, Any], thread: Mapping[str, str]) -> dict[str, str]:
        """A brand for each slot, never one twice; now and then a reply turns the pair round."""
        known = dict(thread)
        if len(known) == 2 and self.dice.chance(0.3):
            known = {"a": thread["b"], "b": thread["a"]}
        taken = {OWN} if OWN in entry["text"].lower() else set()
        chosen: dict[str, str] = {}
        for slot in ("a", "b"):
            pool = [id_ for id_ in entry.get(slot, self.data["brands"]) if id_ not in taken]
            preset = known.get(slot)
            usable = preset in pool or (slot not in entry and preset not in (None, *taken))
            chosen[slot] = preset if preset and usable else self.dice.pick(pool)
            taken.add(chosen[slot])
        return chosen

    def reply(self, topic: str, used: set[int], thread: Mapping[str, str]) -> tuple[Any, _Filled]:
        """A reply for a thread of this topic that the thread has not had.

        :raises LookupError: where none is left.
        """
        fitting = [
            index
            for index, entry in enumerate(self.data["reply"])
            if topic in entry["topic"] and self.left[index] and index not in used
        ]
        while fitting:
            index = self.dice.pick(fitting)
            filled = self.fill(self.data["reply"][index], thread)
            if filled is not None:
                self.left[index] -= 1
                used.add(index)
                return self.data["reply"][index], filled
            fitting.remove(index)
        raise LookupError(topic)


@lru_cache(maxsize=1)
def conversations() -> tuple[Conversation, ...]:
    """Every thread of the sample, in the order they were opened."""
    dice = Dice(_SEED)
    found = [talk for lang in LANGUAGES for talk in _of_language(_Speech(lang, dice))]
    return tuple(sorted(found, key=lambda talk: talk.posts[0].at))


def _of_language(speech: _Speech) -> Iterator[Conversation]:
    openers = [entry for entry in speech.data["open"] for _ in range(entry["times"])]
    # long threads first, while there are replies for them
    for entry in sorted(openers, key=lambda entry: -entry.get("replies", 0)):
        filled = speech.fill(entry, {})
        if filled is not None:
            yield _conversation(speech, entry, filled)


def _conversation(speech: _Speech, entry: Mapping[str, Any], filled: _Filled) -> Conversation:
    dice, topic = speech.dice, str(entry["topic"])
    first, last = (date.fromisoformat(day) for day in entry.get("when", (_FIRST, _LAST)))
    at = thread_time(dice.spread(), dice.roll, first, last)
    thread = {
        slot: id_ for slot, (id_, _) in filled.brands.items() if f"{{{slot}}}" in entry["text"]
    }
    if topic == "ours":
        thread["a"] = OWN
    authors = [dice.pick((SELLERS if entry.get("seller") else PEOPLE)[speech.lang])]
    posts = [_said(speech.lang, entry, filled, authors[0], at)]
    wanted = int(entry.get("replies", 0)) or (0, 1, 1, 2, 2, 3, 4)[int(dice.roll() * 7)]
    used: set[int] = set()
    while len(posts) <= wanted:
        at = reply_delay(dice.roll, at, slow=wanted > 10)
        try:
            reply, words = speech.reply(topic, used, thread)
        except LookupError:
            break
        if at >= NOW:
            break
        if wanted > 10:
            used.clear()  # a long thread hears the same thing from several members
        author = dice.pick([name for name in PEOPLE[speech.lang] if name != authors[-1]])
        authors.append(author)
        said = _said(speech.lang, reply, words, author, at)
        if dice.chance(0.28):
            said = replace(said, quotes=0 if dice.chance(0.6) else len(posts) - 1)
        if dice.chance(0.06):
            said = replace(said, edited=min(reply_delay(dice.roll, at), NOW))
        posts.append(said)
    return Conversation(
        topic=topic,
        title=filled.title,
        lang=speech.lang,
        sticky=bool(entry.get("sticky")),
        posts=tuple(posts),
    )


_FIRST, _LAST = "2025-11-21", "2026-11-18"


def _said(lang: str, entry: Mapping[str, Any], filled: _Filled, author: str, at: datetime) -> Said:
    feel = entry.get("feel")
    return Said(
        text=filled.text,
        lang=lang,
        author=author,
        at=at,
        stage=entry.get("stage"),
        barrier=entry.get("barrier"),
        seller=bool(entry.get("seller")),
        switch=_switch(entry.get("switch", ""), filled.brands),
        pain=True if feel in ("pain", "both") else None,
        praise=True if feel in ("praise", "both") else None,
    )


def _switch(rule: str, brands: Mapping[str, tuple[str, str]]) -> Switched | None:
    """``a>b done`` with the brands in the slots; a brand may be named instead of a slot."""
    if not rule:
        return None
    pair, _, status = rule.partition(" ")
    old, new = (brands.get(side, (side, side.capitalize())) for side in pair.split(">"))
    return Switched(
        source=old[0], target=new[0], source_text=old[1], target_text=new[1], status=status
    )


def _plain(text: str) -> str:
    """As typed in a hurry: small letters without accents."""
    marks = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(c for c in marks if not unicodedata.combining(c))
