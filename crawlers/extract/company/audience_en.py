"""Those served in English: "built for small shops", "we help restaurant owners". Pure.

The noun that says who ends the name: it is looked for in ``company/people.toml``, or told by how
English makes nouns for people (-ers, -ists, -ians), less the things made alike (printers, lists).
"""

import re
import tomllib
from collections.abc import Iterable, Iterator
from functools import lru_cache
from importlib.resources import files

_WORDS = tomllib.loads(
    files("crawlers.extract").joinpath("company/people.toml").read_text("utf-8")
)["en"]
_PLURAL, _SINGULAR, _RELATIONAL, _WEAK, _NOT_PEOPLE, _TRADES, _PAIRS, _VAGUE, _BEFORE_FOR = (
    frozenset(_WORDS[name].split())
    for name in (
        "plural", "singular", "relational", "weak", "not_people", "trades", "pairs", "vague",
        "before_for",
    )
)  # fmt: skip

LEADS = (
    "for ", "help ", "helps ", "helping ", "serve ", "serves ", "serving ", "trusted by", "used by",
    "loved by", "chosen by", "preferred by", "relied on by", "empower ", "empowers ", "empowering ",
    "cater to", "caters to", "catering to", "we work with", "clients include", "whether you",
    "are you a", "if you are", "if you're", "if you’re", "tailored to", "suited to", "geared to",
    "catered to", "aimed at", "targeted at", "popular with", "popular among",
)  # fmt: skip

_FIT_FOR = re.compile(
    r"(?<![\w-])(?:(?:purpose-|custom-|tailor-)?(?:built|made)|appropriate|designed|perfect"
    r"|ideal|created"
    r"|tailored|crafted|great|good|suitable|best|recommended|intended|meant|developed|engineered"
    r"|optimi[sz]ed|suited|excellent|exclusively|specially|specifically|especially|reserved|fit"
    r"|wonderful|essential)"
    r"(?: (?:exclusively|specially|specifically|especially|primarily|expressly|just|only))? $"
)
_LEAD = re.compile(
    r"(?P<fit>(?:tailored|suited|geared|catered) to(?:wards?)?|aimed at|targeted at"
    r"|popular (?:with|among))"
    r"|(?P<by>(?:trusted|used|loved|chosen|preferred|relied on) by)"
    r"|(?P<with>we work with|clients include)"
    r"|(?P<help>help(?:s|ing)?|serv(?:e|es|ing)|empower(?:s|ing)?|cater(?:s|ing)? to)"
    r"|(?P<are>whether (?:you['’]re|you are|you were)|if you['’]re|if you are|are you)"
)
_TOKEN = re.compile(r"[a-z0-9$%][a-z0-9&+-]*(?:[.,]\d+)*(?:['’]s?(?![a-z]))?|[^\sa-z0-9]")
_STOPS = frozenset(
    "who whom whose that which with without to in on at by from of for as is are was were be"
    " can will"
    " may so because when while where how than across around through throughout everywhere"
    " worldwide"
    " since before after during into over under like such and or & but looking seeking"
    " wanting needing"
    " trying using today now alike also only too more via about aged age ages between near"
    " within per"
    " plus if we our you your it its this they have has had do does not get need want including"
    " nationwide globally starting managing learning living among"
    .split()
)  # fmt: skip
_NUMBER = re.compile(
    r"(?:[\d$%][\d.,]*[+km%]?|two|three|four|five|six|seven|eight|nine|ten|twelve|hundred"
    r"|thousand)$"
)
_ENDING = re.compile(r"[a-z]{2,}(?:ers|ists|ians|eers|preneurs)$")
_ONE_ENDING = re.compile(r"[a-z]{2,}(?:er|ist|ian|eer|preneur)$")
_OF_SIZE = re.compile(
    r" of (?:all|any|every|different|various)(?: \w+)? (?:sizes?|ages?|levels?|abilities|kinds?"
    r"|types?|backgrounds?|shapes)(?: and (?:sizes?|ages|levels|abilities|backgrounds?))?"
    r"| of (?:up to )?\d[\d,]*\+?(?: ?(?:to|-|–|or) ?\d[\d,]*\+?)?(?: or more)?"
    r"(?: (?:people|employees|staff|seats|users))?"
    r"|,? (?:aged |ages? |over |under |above |below |from )(?:the age of )?\d+\+?"
    r"(?: ?(?:to|-|–|and) ?\d+)?(?: years(?: old)?| months| and (?:up|over|above))?"
    r"| with (?:(?:fewer|less|more) than |up to |at least |over |under )?\d[\d,]*\+?"
    r"(?: ?(?:to|-|–) ?\d[\d,]*\+?)? (?:employees|people|staff|users|seats|locations|members)"
)
_COMPLEMENT = re.compile(
    r" (?:with|who|whose|that|of|living with|suffering from|looking) "
    r"[^.,;:!?()|]{3,60}(?=[\s.,;:!?()|]|$)"
)
_GENERIC = frozenset(
    "people anyone everyone anybody everybody those individuals someone persons adults".split()
)
_SKIN = re.compile(
    r"(?:(?:all|most|every|any|dry|oily|sensitive|combination|normal|mature|acne-prone"
    r"|dehydrated|dull"
    r"|aging|ageing|very|irritated|blemish-prone|curly|coily|fine|thick|thin|damaged|color-treated"
    r"|colored|frizzy|straight|wavy|bleached|gray|grey|blonde|textured|and|or|to|,|-)\s?)+"
    r"(?:skin|hair|scalps?)(?: types?| tones?)?(?!\w)"
)
_OWNED = frozenset("your our his her their my its".split())
_ONE = frozenset("a an the every any each".split())
_PAIRING = frozenset(("and", "or", "&", ",", "to"))
_PARTICULAR = frozenset(
    "center centre desk"
    " right wrong internal multiple different separate other additional eligible existing"
    " such certain"
    " affected qualified same first next last entire previous past trusted best numerous countless"
    " various many several some well-known".split()
)
"""Before a noun these speak of some the text is about, not of those served."""
_PROGRAMS = frozenset("ai coding software autonomous root llm user voice".split())
_KINDS_OF = frozenset(
    "growing aspiring marketing engineering accounting nursing manufacturing working expecting"
    " publishing landscaping cleaning catering gaming emerging leading aging ageing fishing camping"
    " hiking cycling running shipping trucking staffing roofing plumbing banking investing"
    " coaching fledgling teaching consulting advertising breastfeeding visiting building"
    " printing wedding".split()
)
_AGES = re.compile(r"(?:all ages|ages? \d+)[^.,;!?]{0,24}?(?=[.,;!?]|$)")
_NEGATED = re.compile(
    r"(?:\bnot|n['’]t|\bnever|\bno longer|\bisnt|\bun)(?: be| been| \w+ly| \w+)? ?$"
)
_JOINED = re.compile(r"(?:,? (?:and|or|as well as) |, ?(?:and |or )?| ?[&/] ?| \+ )")
_MOST = 7  # words of one name


def spans(folded: str, offsets: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Start and end of every phrase in a folded line.

    :param offsets: where its leads (:data:`LEADS`) stand.
    """
    for at in offsets:
        if at and (folded[at - 1].isalnum() or folded[at - 1] == "-"):
            continue
        if folded.startswith("for ", at):
            yield from _for(folded, at)
            continue
        lead = _LEAD.match(folded, at)
        if lead is None or folded[lead.end() : lead.end() + 1] != " ":
            continue
        end = _served(folded, lead.end() + 1, lead.lastgroup or "")
        if end is not None and not _NEGATED.search(folded, max(0, at - 24), at):
            yield (at - 3 if folded.startswith("we ", at - 3) and at >= 3 else at), end


def _for(folded: str, at: int) -> Iterator[tuple[int, int]]:
    end = _served(folded, at + 4, "for")
    if end is None:
        return
    left = max(0, at - 40)
    fit = _FIT_FOR.search(folded, left, at)
    start = fit.start() if fit else at
    before = folded[max(0, start - 24) : start]
    if _NEGATED.search(before):
        return
    words = before.split()
    if fit is None and words and words[-1].strip(',."') in _BEFORE_FOR:
        return
    yield start, end


def _served(folded: str, start: int, kind: str) -> int | None:
    """Where the names of those served end; ``None`` where the first one names nobody."""
    if kind in ("fit", "for"):
        for rule in (_SKIN, _AGES):
            if whole := rule.match(folded, start):
                return whole.end()
    end = _one(folded, start, kind)
    if end is None:
        return None
    while joint := _JOINED.match(folded, end):
        following = _one(folded, joint.end(), kind)
        if following is None:
            break
        end = following
    return end


def _one(folded: str, start: int, kind: str) -> int | None:
    """Where one name that begins here ends; ``None`` where it is nobody's."""
    words: list[str] = []
    ends: list[int] = []
    for token in _TOKEN.finditer(folded, start, min(len(folded), start + 90)):
        word = token[0]
        if word in _PAIRING and words and all(part in _PAIRS for part in words):
            words.clear()
            ends.clear()
            continue
        if word in _STOPS or not word[0].isalnum() or len(words) > _MOST:
            break
        if words and (word in _ONE or word in _OWNED):
            break
        if not words and (word in _OWNED or word in _PARTICULAR or _is_doing(word)):
            return None
        words.append(word)
        ends.append(token.end())
    at = _head(words, kind)
    if at is None:
        return None
    end = ends[at]
    generic = words[at] in _GENERIC
    if more := _OF_SIZE.match(folded, end):
        return more.end()
    if (generic or words[at] in ("lovers", "fans")) and (more := _COMPLEMENT.match(folded, end)):
        return more.end()
    return None if generic and at == 0 else end


def _is_doing(word: str) -> bool:
    """``improving`` is something done; a ``growing`` or ``marketing`` team is of a kind."""
    return word.endswith("ing") and word not in _KINDS_OF


def _head(words: list[str], kind: str) -> int | None:
    """The place of the noun that says who; ``None`` where there is none."""
    if not words or any(word in _PARTICULAR for word in words[:2]):
        return None
    if kind == "for" and words[0] in ("a", "an"):
        return None  # "we did it for a utility company": one case
    one = words[0] in _ONE
    if kind == "are" and not one:
        return None
    for at in range(len(words) - 1, -1, -1):
        word = words[at]
        last = at == len(words) - 1
        plural = _is_plural(word)
        if not plural:
            if not (last and at > 0):
                continue
            if word not in _TRADES and not (one and _is_singular(word)):
                continue
        if words[0] == "the" and at == 1:
            return None  # "for the manager": those the text has named
        return at if _tells(words, at, kind) else None
    return None


def _tells(words: list[str], at: int, kind: str) -> bool:
    """Whether the noun ends a name, and the words before it leave it one."""
    word, before = words[at], words[:at]
    last = at == len(words) - 1
    if any(_NUMBER.match(part) for part in before):
        return False
    if word == "agents" and any(part in _PROGRAMS for part in before):
        return False
    if not last and kind != "help" and (word in _WEAK or word in _RELATIONAL):
        return False
    if word in _GENERIC:
        return at == 0 or word in ("people", "individuals", "adults", "persons")
    if word in _RELATIONAL or f"{word}s" in _RELATIONAL:
        return bool(before) and not any(part in _VAGUE for part in before)
    return True


@lru_cache(maxsize=8_192)
def _is_plural(word: str) -> bool:
    if word in _PLURAL or word in _RELATIONAL:
        return True
    last = word.rpartition("-")[2]
    if last != word and last in _PLURAL:
        return True
    return bool(_ENDING.match(last)) and last[:-1] not in _NOT_PEOPLE


@lru_cache(maxsize=8_192)
def _is_singular(word: str) -> bool:
    last = word.rpartition("-")[2]
    if word in _SINGULAR or last in _SINGULAR:
        return True
    return bool(_ONE_ENDING.match(last)) and last not in _NOT_PEOPLE and last[-3:] != "ier"
