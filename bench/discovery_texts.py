r"""Threads that discovery learns from: ``bench/texts/discovery/*.txt``, written for the purpose.

A file begins with its businesses, ``@ ID | name | other spellings; ... | what it sells``; then
threads: ``### ID language``, ``T: title``, ``- author| post`` (``\n``: a line break). Every name
is marked ``[[as typed|r]]``: ``r`` a rival of the business, ``s`` the business itself, ``o`` any
other.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from pipelines.discovery import Post, Seeker, Thread

FOLDER = Path(__file__).resolve().parent / "texts" / "discovery"
_MARK = re.compile(r"\[\[(.+?)\|([rso])\]\]")

Mark = tuple[int, int, str]
"""First and past-the-last character, label."""


@dataclass(frozen=True, slots=True)
class Marked:
    """A thread, the business it belongs to, and the marks of its title and of each post."""

    business: str
    lang: str
    thread: Thread
    marks: tuple[tuple[Mark, ...], ...]


def unmarked(text: str) -> tuple[str, tuple[Mark, ...]]:
    """A text without its marks, and where they stood."""
    plain, marks, at = "", [], 0
    for match in _MARK.finditer(text):
        plain += text[at : match.start()]
        marks.append((len(plain), len(plain) + len(match[1]), match[2]))
        plain += match[1]
        at = match.end()
    return plain + text[at:], tuple(marks)


def load(folder: Path = FOLDER) -> tuple[dict[str, Seeker], list[Marked]]:
    """All businesses by id, all threads.

    :raises ValueError: for a line that is none of the above.
    """
    seekers: dict[str, Seeker] = {}
    found: list[Marked] = []
    for file in sorted(folder.glob("*.txt")):
        head, *blocks = re.split(r"(?m)^### ", file.read_text("utf-8"))
        for line in filter(str.strip, head.splitlines()):
            id_, name, others, sells = (part.strip() for part in line.removeprefix("@").split("|"))
            aliases = tuple(a for part in others.split(";") if (a := part.strip()) not in ("", "-"))
            seekers[id_] = Seeker(name=name, description=sells, aliases=aliases)
        for number, block in enumerate(blocks):
            found.append(_thread(block, f"{file.stem}-{number}"))
    return seekers, found


def _thread(block: str, key: str) -> Marked:
    head, title, *rows = [line for line in block.splitlines() if line.strip()]
    business, lang = head.split()[:2]
    if not title.startswith("T:"):
        raise ValueError(f"{key}: the second line must be T: title, not {title[:40]!r}")
    texts = [unmarked(title[2:].strip())]
    posts: list[Post] = []
    for row in rows:
        if not row.startswith("- "):
            raise ValueError(f"{key}: a post begins with '- author|', not {row[:40]!r}")
        author, _, said = row[2:].partition("|")
        texts.append(unmarked(said.strip().replace("\\n", "\n")))
        posts.append(Post(key=f"{key}/{len(posts)}", text=texts[-1][0], author=author.strip()))
    thread = Thread(key=key, title=texts[0][0], posts=tuple(posts))
    return Marked(business, lang, thread, tuple(marks for _, marks in texts))
