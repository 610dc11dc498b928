"""The command that holds an engine against a folder of saved pages."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from analysis.engine_check import FixtureError, check_folder

SCRAPY = Path(sys.executable).parent / "scrapy"
TOPIC = """<!doctype html><html><body id="phpbb">
<h2 class="topic-title"><a href="./viewtopic.php?t=4">Which label printer</a></h2>
<div id="p9" class="post"><p class="author"><a class="username">Lan</a>
<time datetime="2026-11-02T03:04:05+00:00">then</time></p>
<div class="content">The small one.</div></div></body></html>"""
WANTED = {
    "url": "https://f.example/viewtopic.php?t=4",
    "fetched_at": "2026-11-22T06:30:00Z",
    "engine": "phpbb",
    "kind": "topic",
    "posts": [{"id": "9", "author": "Lan", "posted_at": "2026-11-02T03:04:05Z",
               "text": "The small one."}],
}  # fmt: skip


def folder(tmp_path: Path, **changes: object) -> Path:
    (tmp_path / "topic.html").write_text(TOPIC, encoding="utf-8")
    told = {**WANTED, **changes}
    (tmp_path / "topic.expected.json").write_text(json.dumps(told), encoding="utf-8")
    return tmp_path


def test_a_page_that_is_read_as_expected(tmp_path: Path) -> None:
    page, note = check_folder(folder(tmp_path))
    assert page.state == "good" and page.lines == ()
    assert page.words == "phpbb topic, 1 posts (1 authors, 1 times, 1 ids), no next page"
    assert note.state == "note" and "list of threads" in note.words


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"next": "https://f.example/2"}, 'next: null, not "https://f.example/2"'),
        ({"posts": []}, "posts: 1 were read, 0 stand there"),
        ({"posts": [{"author": "Minh"}]}, 'posts[0].author: "Lan", not "Minh"'),
        ({"engine": "mybb"}, 'engine: "phpbb", not "mybb"'),
        ({"engine": "mybb"}, "marker: the page is recognised as phpbb, not mybb"),
    ],
)
def test_what_differs_is_named(tmp_path: Path, changes: dict[str, object], line: str) -> None:
    page, *_ = check_folder(folder(tmp_path, **changes))
    assert page.state == "bad" and line in page.lines


def test_a_draft_is_written_and_then_agrees(tmp_path: Path) -> None:
    (tmp_path / "topic.html").write_text(TOPIC, encoding="utf-8")
    assert next(check_folder(tmp_path)).state == "note"
    assert not list(tmp_path.glob("*.json"))
    assert "correct it by eye" in next(check_folder(tmp_path, write=True)).words
    draft = json.loads((tmp_path / "topic.expected.json").read_text(encoding="utf-8"))
    assert draft["posts"][0]["text"] == "The small one."
    assert next(check_folder(tmp_path)).state == "good"


def test_folders_that_cannot_be_used(tmp_path: Path) -> None:
    with pytest.raises(FixtureError, match="is no folder"):
        list(check_folder(tmp_path / "none"))
    with pytest.raises(FixtureError, match="holds no pages"):
        list(check_folder(tmp_path))
    with pytest.raises(FixtureError, match='"url" and "fetched_at" are missing'):
        list(check_folder(folder(tmp_path, url=None) and _broken(tmp_path, "{}")))
    with pytest.raises(FixtureError, match="is no JSON"):
        list(check_folder(_broken(tmp_path, "{")))


def _broken(path: Path, text: str) -> Path:
    (path / "topic.expected.json").write_text(text, encoding="utf-8")
    return path


@pytest.mark.slow
def test_the_command(tmp_path: Path) -> None:
    def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [str(SCRAPY), "checkengine", *arguments], capture_output=True, text=True, timeout=60
        )

    good = run(str(folder(tmp_path)))
    assert good.returncode == 0 and good.stdout.startswith("ok   topic.html")
    bad = run(str(folder(tmp_path, thread_title="Else")))
    assert bad.returncode == 5
    assert '-> thread_title: "Which label printer", not "Else"' in bad.stdout
    none = run(str(tmp_path / "none"))
    assert none.returncode == 2 and "is no folder" in none.stderr
