"""``kill -9`` at random moments of ``scrapy research``, again and again, until the run ends.

    python -m bench.faults.kills --kills 50 --seed 1 [--jobs 2] [--minutes 18]

The sample market and a live Spirit forum are served on this machine. An undisturbed run is made
once. Then *courses*: a new home; start, kill the process group at a random moment, check the
database, start again, ..., until a start comes to its end before its kill. A moment is drawn evenly
from the processor time of the undisturbed run, not from its wall clock, so that a busy machine does
not shift it. After each kill the database must open and be whole; at the end of each course its
tables must equal those of the undisturbed run (tests/end_to_end/tables.py: ids of runs and times of
fetches aside; of the live forum's pages also hash and links, since a start after the crawl's end
visits them again: each answer holds another token, and links to threads without news are not kept).
Prints a JSON line a course and one at the end; exits 1 where anything differed.
``--latest 0.4`` draws from the first 40 % of a start's processor time: start
and crawl; the passes take the rest. Linux: processor time is read from ``/proc``.
"""

import argparse
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from threading import Lock

from analysis.demo.market import NAME, sample_market_toml
from analysis.demo.server import SampleServer
from tests.end_to_end.tables import SCRAPY, dump
from tests.live.spirit_forum import install_spirit, running_spirit

TOPICS, POSTS = 24, 200
"""Of the live forum: some thirty pages, so that a course is short."""

LIVE = "spirit"
"""The live forum's name in the market file."""

MOST_KILLS = 12
"""Of one course; then it is let go to its end."""

PATIENCE = 600.0
"""Seconds after which a start is stuck."""

_TICK = os.sysconf("SC_CLK_TCK")


@dataclass(kw_only=True)
class Kill:
    """A kill: the processor time the start had used, and how far the run was by then."""

    cpu: float
    done: int
    pending: int
    posts: int
    answered: bool

    @property
    def phase(self) -> str:
        """In which part of the run it fell."""
        if not self.done:
            return "before the first page"
        return "crawling" if self.pending else "crawled, in the passes or between stages"


@dataclass(kw_only=True)
class Course:
    """One run, killed until it came to its end; ``faults`` says what is not as it must be."""

    kills: list[Kill] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    seconds: float = 0.0


class Start:
    """One start of ``scrapy research`` in a process group of its own."""

    def __init__(self, home: Path) -> None:
        self._errors = (home / "errors.txt").open("ab")
        self.process = subprocess.Popen(
            [SCRAPY, "research", NAME, "--quiet"], cwd=home, start_new_session=True,
            env={**os.environ, "RIVALMAP_HOME": str(home)}, stderr=self._errors,
        )  # fmt: skip
        self.cpu = 0.0

    def until(self, cpu: float) -> int | None:
        """Wait until it has used so much processor time; its exit code where it ended before."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if (code := self.process.poll()) is not None:
                return code
            self.cpu = _cpu_of(self.process.pid)
            if self.cpu >= cpu:
                return None
            time.sleep(0.01)
        self.kill()
        raise TimeoutError(f"a start was stuck for {PATIENCE:.0f} s")

    def kill(self) -> bool:
        """Kill its group; whether it was still running."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self._errors.close()
        return self.process.wait() == -signal.SIGKILL


def _cpu_of(pid: int) -> float:
    """Seconds of processor time, all threads; 0 once the process is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return (int(fields[11]) + int(fields[12])) / _TICK


def unsound(path: Path) -> list[str]:
    """What is wrong with a database: SQLite's own checks, foreign keys, every search index."""
    found = []
    with closing(sqlite3.connect(path, timeout=30)) as connection:
        for (line,) in connection.execute("PRAGMA integrity_check"):
            if line != "ok":
                found.append(f"integrity: {line}")
        for row in connection.execute("PRAGMA foreign_key_check"):
            found.append(f"foreign key: {row}")
        for (table,) in connection.execute(
            "SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL TABLE%fts5%'"
        ).fetchall():
            try:
                # Rank 1: the posts themselves are compared, not the index with itself alone.
                connection.execute(
                    f"INSERT INTO {table} ({table}, rank) VALUES ('integrity-check', 1)"
                )
            except sqlite3.DatabaseError as error:
                found.append(f"search index {table}: {error}")
    return found


def _so_far(path: Path, cpu: float) -> Kill:
    """How far a killed run was."""
    counts = {"done": 0, "pending": 0, "posts": 0, "answered": 0}
    sql = {
        "done": "SELECT count(*) FROM frontier WHERE state <> 'pending'",
        "pending": "SELECT count(*) FROM frontier f JOIN runs r ON r.id = f.run_id "
        "WHERE f.state = 'pending' AND r.status = 'running'",
        "posts": "SELECT count(*) FROM posts",
        "answered": "SELECT EXISTS (SELECT 1 FROM summaries)",
    }
    if path.exists():
        with closing(sqlite3.connect(path, timeout=30)) as connection:
            for name, query in sql.items():
                try:
                    counts[name] = connection.execute(query).fetchone()[0]
                except sqlite3.OperationalError:
                    break  # killed while the schema was being made
    return Kill(
        cpu=round(cpu, 2), done=counts["done"], pending=counts["pending"], posts=counts["posts"],
        answered=bool(counts["answered"]),
    )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Calm:
    """The undisturbed run."""

    home: Path
    code: int
    cpu: float
    seconds: float
    tables: dict[str, list[tuple[object, ...]]]


def calm_run(home: Path) -> Calm:
    """Run to the end; the measure of all courses."""
    began, start = time.monotonic(), Start(home)
    code = start.until(float("inf"))
    assert code is not None
    # The last reading is at most a hundredth of a second old.
    return Calm(
        home=home, code=code, cpu=start.cpu, seconds=time.monotonic() - began, tables=dump(home)
    )


def course(calm: Calm, home: Path, rng: random.Random, *, most: int, latest: float) -> Course:
    """One course in a new home; at most ``most`` kills, then it is let go. Moments lie in the first
    part (``latest``, 0..1) of the undisturbed run's processor time.
    """
    found, began = Course(), time.monotonic()
    folder = home / "data" / NAME
    folder.mkdir(parents=True)
    salt = calm.home / "data" / NAME / "salt"
    shutil.copyfile(salt, folder / "salt")  # or pseudonyms would differ
    code = None
    while code is None:
        start = Start(home)
        kills = len(found.kills) < min(most, MOST_KILLS)
        code = start.until(rng.uniform(0, latest * calm.cpu) if kills else float("inf"))
        if code is None:
            if not start.kill():
                code = start.process.returncode  # it ended in the last hundredth of a second
                break
            found.kills.append(_so_far(folder / "market.db", start.cpu))
            if (folder / "market.db").exists():
                found.faults += [f"after kill {len(found.kills)}: {fault}"
                                 for fault in unsound(folder / "market.db")]  # fmt: skip
    if code != calm.code:
        said = (home / "errors.txt").read_text(errors="replace")[-2000:]
        found.faults.append(f"exit code {code}, undisturbed {calm.code}: {said}")
    found.faults += [f"at the end: {fault}" for fault in unsound(folder / "market.db")]
    found.faults += differences(calm.tables, dump(home))
    found.seconds = round(time.monotonic() - began, 1)
    return found


def differences(
    want: dict[str, list[tuple[object, ...]]], have: dict[str, list[tuple[object, ...]]]
) -> list[str]:
    """The tables that are not as they must be, with the first rows that differ."""
    found = []
    for table in sorted(want.keys() | have.keys()):
        wanted, got = (_comparable(table, rows.get(table, [])) for rows in (want, have))
        if wanted != got:
            found.append(
                f"{table}: {(wanted - got).total()} missing, such as "
                f"{[row[:400] for row in sorted(wanted - got)[:2]]}, "
                f"{(got - wanted).total()} too much, such as "
                f"{[row[:400] for row in sorted(got - wanted)[:2]]}"
            )
    return found


def _comparable(table: str, rows: list[tuple[object, ...]]) -> "Counter[str]":
    if table == "forum_pages":  # address, forum, thread, kind, status, hash, links
        rows = [row[:5] if row[1] == LIVE else row for row in rows]
    return Counter(map(repr, rows))


@contextmanager
def market(folder: Path) -> Iterator[str]:
    """Serve the sample and the forum; the market file that reads both."""
    (folder / "spirit").mkdir()
    installed = install_spirit(folder / "spirit")
    with SampleServer() as sample, running_spirit(installed, folder / "forum") as forum:
        forum.seed(TOPICS, POSTS)
        yield sample_market_toml(sample.port) + (
            f'\n[[forum]]\nname = "{LIVE}"\nengine = "spirit"\nurl = "{forum.url}"\n'
            f'timezone = "{forum.zone}"\n'
        )


def new_home(folder: Path, name: str, text: str) -> Path:
    """A home with the market file."""
    home = folder / name
    (home / "markets").mkdir(parents=True)
    (home / "markets" / f"{NAME}.toml").write_text(text, encoding="utf-8")
    return home


def main() -> int:
    """Courses until there were so many kills or the time is over."""
    parser = argparse.ArgumentParser(description="kill -9 at random moments, then resume")
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1, help="courses at the same time")
    parser.add_argument("--minutes", type=float, default=60.0, help="begin no course after these")
    parser.add_argument("--latest", type=float, default=1.0, metavar="PART",
                        help="draw moments from this first part of the run")  # fmt: skip
    parser.add_argument("--keep", type=Path, help="where homes of faulty courses are kept")
    options = parser.parse_args()
    began, lock = time.monotonic(), Lock()
    courses: list[Course] = []
    left = options.kills
    with tempfile.TemporaryDirectory(prefix="rivalmap-kills-") as name:
        folder = Path(name)
        with market(folder) as text:
            calm = calm_run(new_home(folder, "calm", text))
            print(json.dumps({
                "undisturbed": {"exit_code": calm.code, "cpu_seconds": calm.cpu,
                                "seconds": round(calm.seconds, 1),
                                "rows": {t: len(rows) for t, rows in calm.tables.items() if rows}}
            }), flush=True)  # fmt: skip

            def work(job: int) -> None:
                nonlocal left
                rng = random.Random(f"{options.seed}/{job}")
                for number in range(options.kills):
                    late = time.monotonic() - began > options.minutes * 60
                    with lock:
                        if late or left <= 0:
                            return
                        most = left
                    home = new_home(folder, f"course-{job}-{number}", text)
                    done = course(calm, home, rng, most=most, latest=options.latest)
                    with lock:
                        left -= len(done.kills)
                        courses.append(done)
                        print(json.dumps({**asdict(done), "job": job}), flush=True)
                    if done.faults and options.keep:
                        shutil.copytree(home, options.keep / home.name)
                    shutil.rmtree(home)

            with ThreadPoolExecutor(options.jobs) as pool:
                list(pool.map(work, range(options.jobs)))
    kills = [kill for done in courses for kill in done.kills]
    print(json.dumps({
        "seed": options.seed, "latest": options.latest, "courses": len(courses),
        "kills": len(kills),
        "phases": Counter(kill.phase for kill in kills),
        "faults": sum(bool(done.faults) for done in courses),
        "seconds": round(time.monotonic() - began, 1),
    }))  # fmt: skip
    return int(any(done.faults for done in courses))


if __name__ == "__main__":
    sys.exit(main())
