"""Every regular expression of ours, and strings built to make each of them slow.

    python -m bench.faults.patterns [--all]

Notes every pattern that our code compiles while all modules are imported and every reader reads its
good inputs, and tries each on strings made from its own parts.

*Suspects* grow faster than the line; *runaways* are the worst of them. Many are only ever given a
word or a line, of single spaces. So whether they can be made to hurt is tried in place: pages in
which every text is the suspect's string, and posts of 30,000 characters of it, go through the
readers; none may take longer than a second. ``--all`` tries each suspect on every page, else on one
in turn. All times are processor time. A process of its own: it changes how ``re`` compiles.
"""

import argparse
import html
import importlib
import json
import pkgutil
import re
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from re import _constants as sre
from re import _parser as parser
from types import FrameType
from typing import Any

ROOT = Path(__file__).parents[2]
PACKAGES = ("crawlers", "pipelines", "analysis")

LENGTH = 3_000
"""Characters of a string: a very long line."""

SUSPECT, RUNAWAY = 100, 3_000
"""How many times longer than the baseline a pattern takes over one string. Large alternations take
forty times as long; what grows with the square of the length some four hundred at this length, with
the cube half a million.
"""

LONG_POST = 30_000
"""Characters of a post that is all one suspect's string."""

SHORT_TEXT = 1_500
"""Characters of it that take the place of each text of a page, and of each attribute."""

SLOWEST = 1.0
"""Seconds a reader may take over such a page or post."""

_GIVEN_UP = 0.5
_MOST_STRINGS = 16
_RUN = re.compile(r"\s+")
_ATTRIBUTE = re.compile(r'(?<= )(href|title|datetime|content|alt)="[^"]*"')
_TEXT = re.compile(r">[^<>]*[^<>\s][^<>]*<")


class Noted:
    """Patterns by (pattern, flags), each with the line of ours that compiled it first."""

    def __init__(self) -> None:
        self.found: dict[tuple[Any, int], str] = {}
        self._compile = re._compile  # type: ignore[attr-defined]

    def __enter__(self) -> "Noted":
        re._compile = self._noting  # type: ignore[attr-defined]
        return self

    def __exit__(self, *_: object) -> None:
        re._compile = self._compile  # type: ignore[attr-defined]

    def _noting(self, pattern: Any, flags: Any) -> Any:
        made = self._compile(pattern, flags)
        where = _ours(sys._getframe(1))
        if where is not None:
            self.found.setdefault((made.pattern, made.flags), where)
        return made


def _ours(frame: FrameType | None) -> str | None:
    """The line of ours that asked ``re``; ``None`` where a library did."""
    while frame is not None and frame.f_code.co_filename == re.__file__:
        frame = frame.f_back
    if frame is None:
        return None
    path = Path(frame.f_code.co_filename)
    if not path.is_relative_to(ROOT) or path.relative_to(ROOT).parts[0] not in PACKAGES:
        return None
    return f"{path.relative_to(ROOT)}:{frame.f_lineno}"


def our_patterns() -> dict[tuple[Any, int], str]:
    """Everything our modules compile, at import or while they read."""
    with Noted() as noted:
        for package in PACKAGES:
            for module in pkgutil.walk_packages([str(ROOT / package)], f"{package}."):
                importlib.import_module(module.name)
        from tests.fuzz.readers import readers
        from tests.fuzz.trying import warm

        with tempfile.TemporaryDirectory() as folder:
            warm(readers(Path(folder)))
    return noted.found


def _one(item: tuple[Any, Any]) -> str:
    """A character that a set or a category takes."""
    kind, value = item
    if kind is sre.LITERAL:
        return chr(value)
    if kind is sre.RANGE:
        return chr(value[0])
    if kind is sre.CATEGORY:
        return {
            sre.CATEGORY_DIGIT: "7", sre.CATEGORY_SPACE: " ", sre.CATEGORY_WORD: "a",
            sre.CATEGORY_NOT_DIGIT: "a", sre.CATEGORY_NOT_SPACE: "a", sre.CATEGORY_NOT_WORD: "-",
        }[value]  # fmt: skip
    return "x"


def _from_set(items: Any) -> str:
    if items and items[0][0] is sre.NEGATE:
        taken = {_one(item) for item in items[1:]}
        return next(one for one in "a -7.\n汉" if one not in taken)
    return _one(items[0])


def sample(tree: Any) -> str:
    """A string that fits, or nearly: repeats taken once or as often as they must be."""
    made = []
    for kind, value in tree:
        if kind in (sre.LITERAL, sre.RANGE, sre.CATEGORY):
            made.append(_one((kind, value)))
        elif kind is sre.NOT_LITERAL:
            made.append("a" if value != ord("a") else "b")
        elif kind is sre.ANY:
            made.append("a")
        elif kind is sre.IN:
            made.append(_from_set(value))
        elif kind in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
            made.append(sample(value[2]) * max(1, min(value[0], 40)))
        elif kind is sre.SUBPATTERN:
            made.append(sample(value[3]))
        elif kind is sre.ATOMIC_GROUP:
            made.append(sample(value))
        elif kind is sre.BRANCH:
            made.append(sample(value[1][0]))
    return "".join(made)


def _repeats(tree: Any, before: str = "") -> Iterator[tuple[str, str]]:
    """(what stands before, what is repeated) of every repeat without a small bound."""
    for kind, value in tree:
        if kind in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
            if value[1] > 20:
                yield before, sample(value[2])
            yield from _repeats(value[2], before)
        elif kind is sre.SUBPATTERN:
            yield from _repeats(value[3], before)
        elif kind in (sre.ASSERT, sre.ASSERT_NOT):
            yield from _repeats(value[1], before)
        elif kind is sre.ATOMIC_GROUP:
            yield from _repeats(value, before)
        elif kind is sre.BRANCH:
            for branch in value[1]:
                yield from _repeats(branch, before)
        before += sample([(kind, value)])


def strings(pattern: str, flags: int) -> list[str]:
    """Strings of :data:`LENGTH` that make a pattern try often: what its repeats take, over and
    over, with what must stand before once or each time, and an end that fits nothing.
    """
    tree = parser.parse(pattern, flags & ~re.UNICODE & ~re.DEBUG)
    whole = sample(tree)
    pumps = {" ": None, "a": None, "7": None, "a ": None, whole: None, whole[:-1]: None}
    for before, repeated in _repeats(tree):
        pumps |= {repeated: None, before + repeated: None, before: None}
        pumps[f"{before}\0{repeated}"] = None
    made = []
    for pump in list(pumps)[:_MOST_STRINGS]:
        if pump:
            start, _, again = pump.rpartition("\0")
            string = start + again * (LENGTH // len(again) if again else 0) + "\ufffc"
            made.append(_RUN.sub(" ", string))
    return [string for string in made if len(string) > LENGTH // 4]


def _cpu(pattern: "re.Pattern[Any]", text: Any, *, anchored: bool = False) -> float:
    began = time.process_time()
    if anchored:
        pattern.match(text)
        pattern.fullmatch(text)
    else:
        for _ in pattern.finditer(text):
            pass
    return time.process_time() - began


@cache
def _methods(path: str) -> dict[str, set[str]]:
    """The methods a file calls on each of its names."""
    called: dict[str, set[str]] = {}
    for found in re.finditer(r"\b(_?[A-Z][A-Z0-9_]*)\.(\w+)", (ROOT / path).read_text("utf-8")):
        called.setdefault(found[1], set()).add(found[2])
    return called


def _is_anchored(where: str) -> bool:
    """Whether a pattern of a module, named for it alone, is only matched at a place, not sought."""
    path, _, line = where.partition(":")
    lines = (ROOT / path).read_text("utf-8").splitlines()
    name = re.match(r"(_[A-Z][A-Z0-9_]*) = re\.compile\(", lines[int(line) - 1])
    uses = _methods(path).get(name[1], set()) if name else set()
    return bool(uses) and uses <= {"match", "fullmatch"}


class _GivenUpError(BaseException):
    pass


def tried(found: dict[tuple[Any, int], str]) -> Iterator[tuple[str, str, str, float]]:
    """(where, pattern, what its worst string repeats, how many times the baseline it took) of
    each suspect.
    """

    def stop(*_: object) -> None:
        raise _GivenUpError

    signal.signal(signal.SIGVTALRM, stop)
    words = re.compile(r"\b[a-z]{3,}\b\s+(?=\d)")
    base = min(_cpu(words, "abc def " * (LENGTH // 8)) for _ in range(9))
    for (source, flags), where in found.items():
        pattern = re.compile(source, flags)
        text = source.decode("latin-1") if isinstance(source, bytes) else source
        worst, worst_on, anchored = 0.0, "", _is_anchored(where)
        for string in strings(text, flags):
            given = string.encode("utf-8") if isinstance(source, bytes) else string
            try:
                signal.setitimer(signal.ITIMER_VIRTUAL, _GIVEN_UP)
                took = _cpu(pattern, given, anchored=anchored)
                if took > SUSPECT * base:  # once more: the machine may have been busy
                    took = min(took, _cpu(pattern, given, anchored=anchored))
            except _GivenUpError:
                took = _GIVEN_UP
            finally:
                signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            if took > worst:
                worst, worst_on = took, string
            if worst >= _GIVEN_UP:
                break
        if worst > SUSPECT * base:
            yield where, text, worst_on, worst / base


def everywhere(page: str, said: str) -> str:
    """The page with these words in place of every text and of what attributes say."""
    words = html.escape(said[:SHORT_TEXT])
    page = _ATTRIBUTE.sub(lambda found: f'{found[1]}="{words}"', page)
    return _TEXT.sub(lambda _: f">{words}<", page)


def in_place(said: str, pages: list[str], folder: Path) -> Iterator[tuple[str, float]]:
    """(reader, seconds) of pages and a post that say nothing but this."""
    from tests.fuzz.readers import readers

    known = readers(folder)
    long = said * (LONG_POST // max(1, len(said)) + 1)
    bodies = [
        ("read", json.dumps({"text": long[:LONG_POST], "lang": lang}).encode())
        for lang in ("en", "vi", "zh")
    ]
    bodies += [("inspect", f"<title>{html.escape(long[:LONG_POST])}</title><h1>x</h1>"
                f"<p>{html.escape(long[:LONG_POST])}</p>".encode("utf-8", "replace"))]  # fmt: skip
    bodies += [("inspect", everywhere(page, said).encode("utf-8", "replace")) for page in pages]
    for name, body in bodies:
        began = time.process_time()
        known[name].read(body, 1)
        yield name, time.process_time() - began


def seed_pages() -> list[str]:
    """Pages of three engines, of a company, and one no engine knows."""
    folder = ROOT / "tests" / "pages"
    names = ("forums/xenforo", "forums/discuz", "forums/phpbb", "forums/generic", "companies")
    return [
        max((folder / name).glob("*.html"), key=lambda path: path.stat().st_size).read_text("utf-8")
        for name in names
    ]


def main() -> int:
    """Print runaways and what hurts in place, and last the counts; 1 where there is any."""
    parser_ = argparse.ArgumentParser()
    parser_.add_argument("--all", action="store_true", help="every suspect on every page")
    parser_.add_argument("--every", type=int, default=1, metavar="N", help="one pattern in N")
    options = parser_.parse_args()
    found = our_patterns()
    known = len(found)
    found = dict(list(found.items())[:: options.every])
    suspects, runaways, hurts, slowest = 0, 0, 0, 0.0
    pages = seed_pages()
    with tempfile.TemporaryDirectory() as folder:
        for where, pattern, said, times in tried(found):
            suspects += 1
            about = {"where": where, "pattern": pattern[:200], "on": said[:40]}
            if times > RUNAWAY:
                runaways += 1
                print(json.dumps({"runaway": round(times), **about}), flush=True)
            some = pages if options.all else [pages[suspects % len(pages)]]
            for name, seconds in in_place(said, some, Path(folder)):
                slowest = max(slowest, seconds)
                if seconds > SLOWEST:
                    hurts += 1
                    print(json.dumps({"hurts": name, "seconds": seconds, **about}), flush=True)
    print(json.dumps({
        "patterns": known, "tried": len(found), "suspects": suspects,
        "runaways": runaways, "hurts": hurts,
        "slowest_in_place": round(slowest, 3), "cpu_seconds": round(time.process_time(), 1),
    }))  # fmt: skip
    return int(bool(hurts))


if __name__ == "__main__":
    sys.exit(main())
