"""The written market file: valid TOML, explained in the user's language."""

from collections.abc import Iterable, Iterator
from datetime import date

from analysis.newmarket.answers import Answers
from analysis.newmarket.phrases import Phrases


def toml_text(text: str) -> str:
    """A text as a TOML basic string; what cannot be seen is written as an escape."""
    return f'"{"".join(_sign(c) for c in text)}"'


def toml_list(texts: Iterable[str]) -> str:
    """Texts as a TOML array, on several lines where one would be long."""
    parts = [toml_text(text) for text in texts]
    line = f"[{', '.join(parts)}]"
    if len(line) <= 90:
        return line
    return "\n".join(["[", *(f"    {part}," for part in parts), "]"])


def _sign(char: str) -> str:
    if char in '"\\':
        return "\\" + char
    if char.isprintable():
        return char
    code = ord(char)
    if 0xD800 <= code <= 0xDFFF:
        return "\\uFFFD"  # half a pair: no character, TOML allows none
    return f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:08X}"


def render(
    name: str,
    answers: Answers,
    words: Phrases,
    *,
    day: date,
    read_from: str | None = None,
    allow_private: bool = False,
) -> str:
    """The text of a new market file.

    :param name: the market's name.
    :param answers: ``name`` and ``sells`` must be there.
    :param day: today, for the remark that says when the home page was read.
    :param read_from: the home page's address, where some of it comes from there.
    """
    lines = [
        *_head(name, words, day=day, read_from=read_from),
        *_business(answers, words),
        *_competitors(answers, words),
        *_forum_and_source(answers, words),
        *_crawl(words, allow_private=allow_private),
    ]
    return "\n".join(lines) + "\n"


def _remark(text: str) -> Iterator[str]:
    for line in text.split("\n"):
        # Filled-in names and addresses are the only foreign words here: keep them on this line.
        yield "# " + "".join(c if c.isprintable() else "?" for c in line)


def _head(name: str, words: Phrases, *, day: date, read_from: str | None) -> Iterator[str]:
    yield from _remark(words.remarks["head"].format(name=name))
    if read_from:
        yield "#"
        yield from _remark(words.from_page.format(url=read_from, day=day.isoformat()))
    yield ""


def _business(answers: Answers, words: Phrases) -> Iterator[str]:
    yield from _remark(words.remarks["business"])
    yield "[business]"
    dots = '["...", "..."]'
    for key, value, example in (
        ("name", _text(answers.name), None),
        ("description", _text(answers.sells), None),
        ("site", _text(answers.site), '"https://www.example.com/"'),
        ("aliases", None, dots),
        ("offers", _list(answers.offers), dots),
        ("keywords", _list(answers.keywords), dots),
        ("category", None, '"..."'),
        ("audience", _list(answers.audience), dots),
        ("price_band", None, '"middle"'),
        ("regions", _list(answers.regions), dots),
        ("languages", _list(answers.languages), '["en", "zh", "vi"]'),
    ):
        yield from _remark(words.remarks[key])
        yield f"{key} = {value}" if value else f"#{key} = {example}"
    yield ""


def _competitors(answers: Answers, words: Phrases) -> Iterator[str]:
    yield from _remark(words.remarks["competitor"])
    yield from _remark(words.remarks["tier"])
    for rival in answers.rivals:
        yield "[[competitor]]"
        if rival.name:
            yield f"name = {toml_text(rival.name)}"
        yield (
            f"site = {toml_text(rival.site)}"
            if rival.site
            else '#site = "https://www.example.org/"'
        )
        yield "#tier = 1"
        yield ""
    if not answers.rivals:
        yield "#[[competitor]]"
        yield '#name = "..."'
        yield '#site = "https://www.example.org/"'
        yield "#tier = 1"
        yield ""


def _forum_and_source(answers: Answers, words: Phrases) -> Iterator[str]:
    language = answers.languages[0] if answers.languages else "en"
    yield from _remark(words.remarks["forum"])
    yield "#[[forum]]"
    yield '#url = "https://forum.example.com/"'
    yield '#boards = ["https://forum.example.com/board/"]'
    yield f"#language = {toml_text(language)}"
    yield f"#timezone = {toml_text(words.zone)}"
    yield "#since = 2025-01-01"
    yield ""
    yield from _remark(words.remarks["source"])
    yield "#[[source]]"
    yield '#url = "https://directory.example.com/"'
    yield '#kind = "directory"'
    yield ""


def _crawl(words: Phrases, *, allow_private: bool) -> Iterator[str]:
    yield from _remark(words.remarks["crawl"])
    yield "[crawl]"
    for key, example in (
        ("contact", '"you@example.com"'),
        ("pages_per_site", "40"),
        ("pages_per_forum", "2000"),
        ("delay", "1.0"),
        ("time_budget", "3600"),
    ):
        yield from _remark(words.remarks[key])
        yield f"#{key} = {example}"
    if allow_private:
        yield from _remark(words.remarks["allow_private"])
        yield "allow_private = true"


def _text(text: str | None) -> str | None:
    return toml_text(text) if text else None


def _list(texts: tuple[str, ...]) -> str | None:
    return toml_list(texts) if texts else None
