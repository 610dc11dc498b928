"""Processes beside this one: order, death, and the end."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from analysis.workers import AHEAD, ALONE, Workers, WorkersError


def square(number: int) -> tuple[int, int]:
    """With who did it."""
    return number * number, os.getpid()


def slow_when_early(number: int) -> int:
    """The first part is done last."""
    time.sleep(0.3 if number == 0 else 0)
    return number


def die_once(mark: str) -> str:
    """Kill the process that reads this, the first time; a second reader is left alone."""
    path = Path(mark)
    if path.name.startswith("kill") and not path.exists():
        path.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return path.name


def die(number: int) -> int:
    """Nobody survives the third part."""
    if number == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def fail(number: int) -> int:
    raise ValueError(f"part {number}")


def test_alone_a_part_is_taken_when_the_one_before_was_dealt_with() -> None:
    taken = []

    def parts() -> Iterator[int]:
        for number in range(3):
            taken.append(number)
            yield number

    for part, result in ALONE.each(square, parts()):
        assert result == (part * part, os.getpid()) and taken == list(range(part + 1))


def test_parts_come_back_in_order_from_other_processes_and_few_are_taken_ahead() -> None:
    taken = 0

    def parts() -> Iterator[int]:
        nonlocal taken
        for number in range(40):
            taken += 1
            yield number

    readers = set()
    with Workers(2) as crew:
        for place, (part, result) in enumerate(crew.each(square, parts())):
            assert (part, result[0]) == (place, place * place)
            assert taken <= place + 1 + 2 * AHEAD
            readers.add(result[1])
        assert [part for part, _ in crew.each(slow_when_early, range(5))] == [0, 1, 2, 3, 4]
    assert len(readers) <= 2 and os.getpid() not in readers


def test_what_a_killed_process_had_in_hand_is_read_again(tmp_path: Path) -> None:
    names = ["a", "kill-1", "b", "c", "kill-2", "d", "e"]
    with Workers(2) as crew:
        found = list(crew.each(die_once, (str(tmp_path / name) for name in names)))
    assert [result for _, result in found] == names


def test_a_part_that_kills_everybody_is_given_up_and_no_other_is_blamed() -> None:
    done = []
    with pytest.raises(WorkersError, match="3 processes died"), Workers(2) as crew:
        done.extend(part for part, _ in crew.each(die, range(9)))
    assert done == [0, 1, 2]


def test_an_error_of_the_work_is_raised_here() -> None:
    with pytest.raises(ValueError, match="part 0"), Workers(2) as crew:
        list(crew.each(fail, range(3)))


PARENT = textwrap.dedent("""
    import signal, sys, time
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs ignore it
    from analysis.workers import Workers
    from tests.analysis.test_workers import say_who
    if __name__ == "__main__":
        with Workers(2) as crew:
            for part, result in crew.each(say_who, [sys.argv[1]] * 1000):
                pass
""")


def say_who(folder: str) -> None:
    """Leave this process's id, then be busy for longer than the test."""
    (Path(folder) / str(os.getpid())).touch()
    time.sleep(120)


@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGINT])
def test_no_process_outlives_its_parent(tmp_path: Path, ending: signal.Signals) -> None:
    (tmp_path / "parent.py").write_text(PARENT)
    ids = tmp_path / "ids"
    ids.mkdir()
    root = str(Path(__file__).parents[2])
    parent = subprocess.Popen(
        [sys.executable, str(tmp_path / "parent.py"), str(ids)],
        cwd=root, env={**os.environ, "PYTHONPATH": root}, stderr=subprocess.PIPE, text=True,
        start_new_session=True,
    )  # fmt: skip
    wait_for(lambda: len(list(ids.iterdir())) == 2)
    if ending == signal.SIGINT:
        os.killpg(parent.pid, ending)  # as a terminal does: to all of them
    else:
        parent.kill()
    _, said = parent.communicate(timeout=20)
    children = [int(path.name) for path in ids.iterdir()]
    wait_for(lambda: not any(map(is_alive, children)))
    assert said.count("Traceback") == (ending == signal.SIGINT)  # the parent's own, no child's


def is_alive(process: int) -> bool:
    """Whether a process runs; one that has ended and waits to be reaped does not."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def wait_for(condition, seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)
