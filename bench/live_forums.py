"""Crawls live forums of full size on loopback: ``python -m bench live_forums [spirit] [machina]``.

The forums are installed from the dev extra and filled by the tests' own seeds (tests/live); their
databases are the truth, and their servers count what they are asked for. For each:

1. a first run with delay 0: every post once, no other, in requests <= 1.05 x the pages there are;
2. a second run after 1 % new posts: all of them, in <= 10 % of the first run's requests;
3. a third run with nothing new;
4. a run of another market killed with ``kill -9`` in the middle, and run again.

Ends with 1 where one of these is missed.
"""

import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from tests.live.crawling import Researcher, Run
from tests.live.machina_forum import Machina, install_machina, running_machina
from tests.live.spirit_forum import Spirit, install_spirit, running_spirit

Forum = Spirit | Machina

SIZES = {"spirit": (320, 15_000, 150), "machina": (130, 3_060, 30)}
"""Topics and posts of the forum, new posts of the second run."""
PAGES_FACTOR, SECOND_SHARE = 1.05, 0.10


class Report:
    """Prints figures as they come, and remembers whether one missed its target."""

    missed = False

    def say(self, label: str, figure: str, *, good: bool = True) -> None:
        self.missed |= not good
        print(f"  {label:<26} {figure}{'' if good else '   MISSED'}", flush=True)

    def posts(self, label: str, researcher: Researcher, forum: Forum) -> None:
        """Stored against true: found, extra, and those of wrong author, minute or words."""
        stored, true = researcher.posts(), researcher.expected(forum.truth())
        rows = researcher.rows("SELECT count(*) FROM posts")[0][0]
        wrong = sum(stored[id_] != true[id_] for id_ in stored.keys() & true.keys())
        self.say(
            label,
            f"{len(stored.keys() & true.keys())}/{len(true)}, extra {rows - len(true)}, "
            f"wrong {wrong}",
            good=stored == true and rows == len(true),
        )

    def cost(self, run: Run) -> None:
        """Wall time and the crawl's own CPU time, its passes over the texts included."""
        self.say("wall, CPU of the run", f"{run.seconds:.0f} s, {run.cpu:.0f} s")


def measure(forum: Forum, folder: Path, size: tuple[int, int, int], report: Report) -> None:
    topics, posts, new = size
    forum.seed(topics, posts)
    pages = forum.pages()
    print(f"\n{forum.engine}: {len(forum.truth())} posts, {topics} topics, "
          f"{pages.topics} topic pages + {pages.lists} list pages", flush=True)  # fmt: skip

    killed = Researcher(folder / "killed", forum)
    before = killed.killed_after(pages.all // 2)
    again = killed.research(timeout=3_600)
    report.posts("killed, run again", killed, forum)
    total = len(before) + len(again.asked)
    report.say("requests of both", f"{len(before)} + {len(again.asked)} = {total}, "
               f"{total / pages.all:.3f} of the pages", good=again.returncode == 0)  # fmt: skip

    researcher = Researcher(folder / "home", forum)
    first = researcher.research(timeout=3_600)
    report.posts("first run", researcher, forum)
    ratio = len(first.asked) / pages.all
    report.say("requests", f"{len(first.asked)}, {ratio:.3f} of the pages",
               good=first.returncode == 0 and ratio <= PAGES_FACTOR)  # fmt: skip
    report.cost(first)

    forum.seed(0, 0, new=new)
    for label, share_allowed in ((f"{new} new posts", SECOND_SHARE), ("nothing new", SECOND_SHARE)):
        run = researcher.research(timeout=3_600)
        report.posts(label, researcher, forum)
        share = len(run.asked) / len(first.asked)
        report.say("requests", f"{len(run.asked)}, {share:.1%} of the first run's",
                   good=run.returncode == 0 and share <= share_allowed)  # fmt: skip
        report.cost(run)


@contextmanager
def running(
    install: Callable[[Path], Path],
    run: Callable[[Path, Path], AbstractContextManager[Forum]],
) -> Iterator[tuple[Forum, Path]]:
    """A fresh forum and a folder for the markets that read it, both gone at the end."""
    with tempfile.TemporaryDirectory(prefix="live_forum_") as name:
        folder = Path(name)
        with run(install(folder), folder / "served") as forum:
            yield forum, folder


FORUMS = {
    "spirit": lambda: running(install_spirit, running_spirit),
    "machina": lambda: running(install_machina, running_machina),
}


def main(arguments: list[str]) -> int:
    unknown = set(arguments) - set(FORUMS)
    if unknown:
        sys.stderr.write(f"no forum {min(unknown)!r}; there are: {', '.join(FORUMS)}\n")
        return 2
    report = Report()
    for name in arguments or FORUMS:
        with FORUMS[name]() as (forum, folder):
            measure(forum, folder, SIZES[name], report)
    return int(report.missed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
