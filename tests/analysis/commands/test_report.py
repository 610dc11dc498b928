"""``scrapy report``: one file, whole or not at all; clear words for bad input."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from analysis.reports.writing import WriteError, write_whole
from tests.analysis.reports.conftest import MARKET, filled

ROOT = Path(__file__).parents[3]
SCRAPY = Path(sys.executable).with_name("scrapy")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the market ``desks``, filled, and ``bare``, without data."""
    home = tmp_path_factory.mktemp("home")
    (home / "markets").mkdir()
    for name in ("desks", "bare"):
        (home / "markets" / f"{name}.toml").write_bytes(MARKET)
    (home / "data" / "desks").mkdir(parents=True)
    filled(home / "data" / "desks")
    return home


def scrapy(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the command in the project's folder; files are those of ``home``."""
    typed = [str(home / w) if before in ("-o", "--logo") else w
             for before, w in zip(("", *words), words, strict=False)]  # fmt: skip
    return subprocess.run(
        [SCRAPY, "report", *typed], capture_output=True, text=True, timeout=120, cwd=ROOT,
        env={**os.environ, "RIVALMAP_HOME": str(home)}, check=False,
    )  # fmt: skip


@pytest.mark.slow
def test_a_report_in_the_markets_language(home: Path) -> None:
    done = scrapy(home, "desks", "-o", "out.html")
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    text = (home / "out.html").read_text(encoding="utf-8")
    assert '<html lang="vi">' in text and "Ai cạnh tranh với chúng ta?" in text
    assert "out.html" in done.stderr
    done = scrapy(home, "desks", "-o", "out.MD", "--weekly", "--lang", "zh")
    assert done.returncode == 0, done.stderr
    assert (home / "out.MD").read_text(encoding="utf-8").startswith("# 本周简报: Maple Desk")
    assert sorted(p.name for p in home.iterdir()) == ["data", "markets", "out.MD", "out.html"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["desks"], 2, "name the file"),
        (["desks", "-o", "x.pdf"], 2, "take .html, .md or .xlsx"),
        (["desks", "-o", "none/x.html"], 2, "there is no folder"),
        (["desks", "-o", "x.html", "--weekly", "--period", "30d"], 2, "does not go with it"),
        (["desks", "-o", "x.html", "--logo", "none.png"], 2, "No such file"),
        (["desks", "-o", "x.html", "--lang", "de"], 2, "invalid choice"),
        (["bare", "-o", "x.html"], 3, "nothing gathered yet: scrapy research bare"),
        (["nobody", "-o", "x.html"], 3, "nobody"),
    ],
)
def test_bad_input(home: Path, words: list[str], code: int, said: str) -> None:
    done = scrapy(home, *words)
    assert done.returncode == code, done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert not (home / "x.html").exists()


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "r.md"
    path.write_bytes(b"old")
    path.chmod(0o640)
    write_whole(path, b"new")
    assert path.read_bytes() == b"new"
    assert path.stat().st_mode & 0o777 == 0o640
    assert [p.name for p in tmp_path.iterdir()] == ["r.md"]


def test_a_file_that_cannot_be_replaced_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "r.md"
    path.write_bytes(b"old")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(WriteError, match="No space left"):
        write_whole(path, b"new")
    assert path.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["r.md"]
    (tmp_path / "folder.md").mkdir()
    with pytest.raises(WriteError, match="is a folder"):
        write_whole(tmp_path / "folder.md", b"new")
    with pytest.raises(WriteError, match="cannot be written"):
        write_whole(tmp_path / "none" / "r.md", b"new")
