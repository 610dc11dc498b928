"""The steps of ``scrapy newmarket``: options, home page, questions, file."""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from analysis.commandline import CONFIGURATION, NOTHING, OK, USAGE, CommandError
from analysis.newmarket.answers import Answers, Rival, address, answer, listed, rivals, tidy
from analysis.newmarket.phrases import Phrases
from analysis.newmarket.template import render
from analysis.newmarket.visit import HomePageError
from crawlers.folding import fold
from crawlers.language import language_of
from crawlers.market import MarketFileError, data_dir, market_path, parse_market
from crawlers.marketfile.entries import site_of
from crawlers.marketfile.errors import shown_path
from crawlers.marketfile.values import LANGUAGES

ReadSite = Callable[[str], Answers]
"""Site in, what its home page says out; raises ``HomePageError``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """The options as typed; ``None`` for those that were not given."""

    business: str | None = None
    sells: str | None = None
    to: str | None = None
    where: str | None = None
    rival: str | None = None
    site: str | None = None
    allow_private: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Console:
    """Where to talk to the user. ``ask`` is ``None`` where nobody sits at a terminal."""

    say: Callable[[str], None]
    warn: Callable[[str], None]
    ask: Callable[[str], str] | None = None


def run_newmarket(
    name: str, given: Given, *, words: Phrases, language: str, console: Console, read: ReadSite
) -> int:
    """Write a new market file, never over an existing one, and make the market's data folder.

    :param language: of the user: stands for the customers' where nothing tells it.
    :returns: the exit code.
    :raises CommandError: 2 where no offer is known, 3 where the file cannot be written, 6 where
        all depended on a home page that could not be read.
    :raises MarketNameError: for a name that cannot name a market.
    """
    path = market_path(name)
    if path.exists() or path.is_symlink():
        raise CommandError(words.exists.format(path=shown_path(path)), CONFIGURATION)
    dialogue = _Dialogue(words, console, read)
    answers = dialogue.answers(given)
    if not answers.sells:
        if dialogue.failure:
            raise CommandError(dialogue.failure, NOTHING)
        raise CommandError(words.no_offer, USAGE)
    answers = _completed(answers, name, language)
    text = render(
        name,
        _other_companies(answers, words, console),
        words,
        day=datetime.now(UTC).astimezone().date(),
        read_from=dialogue.read_from,
        allow_private=given.allow_private,
    )
    try:
        market = parse_market(text, path=path)
    except MarketFileError as error:
        raise CommandError(words.cannot_use.format(why=error.problem), USAGE) from None
    _write(path, text, words)
    with contextlib.suppress(OSError):  # a run makes it as well, and says why where it cannot
        data_dir(name).mkdir(parents=True, exist_ok=True)
    console.say(words.written.format(path=shown_path(path)))
    if not market.forums:
        console.say(words.no_forum)
    console.say(words.next_steps.format(name=name))
    return OK


class _Dialogue:
    """Collects the answers: options first, then the home page, then questions on a terminal."""

    def __init__(self, words: Phrases, console: Console, read: ReadSite) -> None:
        self.words = words
        self.console = console
        self.read = read
        self.read_from: str | None = None
        self.failure: str | None = None

    def answers(self, given: Given) -> Answers:
        typed = Answers(
            name=tidy(given.business or "", longest=80) or None,
            sells=answer(given.sells) or None,
            audience=listed(given.to),
            regions=listed(given.where),
            rivals=rivals(given.rival),
            site=self._site(given.site) if given.site else None,
        )
        page = self._page(typed.site) if typed.site else Answers()
        if self.console.ask:
            typed = self._asked(typed, page, given)
            if typed.site and not given.site:
                page = self._page(typed.site)
        return typed.or_else(page)

    def _site(self, text: str) -> str:
        try:
            return address(text)
        except ValueError as error:
            said = self.words.bad_address.format(text=tidy(text, longest=80), why=error)
            raise CommandError(said, USAGE) from None

    def _page(self, site: str) -> Answers:
        self.console.say(self.words.reading.format(url=site))
        try:
            found = self.read(site)
        except HomePageError as error:
            said = self.words.unreachable[error.reason].format(url=error.url, detail=error.detail)
            if error.reason == "private":
                raise CommandError(said, CONFIGURATION) from None
            self.failure = said
            self.console.warn(said)
            return Answers(site=site)
        if found.sells:
            self.read_from = site
            self.console.say(self.words.read)
        else:
            self.failure = self.words.nothing_said.format(url=site)
            self.console.warn(self.failure)
        return found

    def _asked(self, typed: Answers, page: Answers, given: Given) -> Answers:
        """At most five questions: none for what an option said, defaults from the home page."""
        open_questions = [
            key for key in ("sells", "to", "where", "rival", "site") if getattr(given, key) is None
        ]
        if open_questions:
            self.console.say(self.words.intro)
        for key in open_questions:
            if key == "sells":
                typed = replace(typed, sells=self._needed(page.sells))
            elif key == "to":
                typed = replace(typed, audience=listed(self._ask(key, ", ".join(page.audience))))
            elif key == "where":
                typed = replace(typed, regions=listed(self._ask(key, ", ".join(page.regions))))
            elif key == "rival":
                typed = replace(typed, rivals=rivals(self._ask(key)))
            else:
                typed = replace(typed, site=self._own_site())
        return typed

    def _ask(self, key: str, default: str = "") -> str:
        assert self.console.ask is not None
        question = self.words.questions[key]
        if default:
            question += "\n  " + self.words.keep.format(value=default)
        try:
            return answer(self.console.ask(question + "\n> "))
        except EOFError:
            return ""

    def _needed(self, default: str | None) -> str | None:
        for _ in range(3):
            said = self._ask("sells", default or "")
            if said or default:
                return said or None
            self.console.say(self.words.required)
        return None

    def _own_site(self) -> str | None:
        for _ in range(3):
            said = self._ask("site")
            if not said:
                return None
            try:
                return self._site(said)
            except CommandError as error:
                self.console.say(str(error))
        return None


def _completed(answers: Answers, name: str, language: str) -> Answers:
    """Name and languages where nobody said them."""
    told = language_of(answers.sells or "", hint=language)
    spoken = [*answers.languages, told if told in LANGUAGES else language]
    if language != "en":  # English stands for "nobody said" as well
        spoken.append(language)
    return replace(
        answers,
        name=answers.name or name.replace("_", "-").replace("-", " ").title(),
        languages=tuple(dict.fromkeys(spoken)),
    )


def _other_companies(answers: Answers, words: Phrases, console: Console) -> Answers:
    """Rivals that are others than we are, each once."""
    own = {fold(answers.name or "")}
    if answers.site:
        own.add(site_of(answers.site))
    seen: set[str] = set()
    kept: list[Rival] = []
    for rival in answers.rivals:
        mark = site_of(rival.site) if rival.site else fold(rival.name or "")
        if mark in own:
            console.warn(words.own_rival.format(rival=rival.site or rival.name))
        elif mark not in seen:
            kept.append(rival)
        seen.add(mark)
    return replace(answers, rivals=tuple(kept))


def _write(path: Path, text: str, words: Phrases) -> None:
    """Create the file, or nothing: never over another, never half."""
    try:
        if not path.parent.is_dir():
            path.parent.mkdir(parents=True)
        file = path.open("x", encoding="utf-8", newline="\n")
    except OSError as error:
        if path.exists():
            said = words.exists.format(path=shown_path(path))
        else:
            why = error.strerror or error
            said = words.cannot_write.format(path=shown_path(path), why=why)
        raise CommandError(said, CONFIGURATION) from None
    try:
        with file:
            file.write(text)
    except BaseException as error:
        path.unlink(missing_ok=True)
        if not isinstance(error, OSError):
            raise
        said = words.cannot_write.format(path=shown_path(path), why=error.strerror or error)
        raise CommandError(said, CONFIGURATION) from None
