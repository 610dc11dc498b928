"""Real output of ``inspect``, ``read`` and ``tier``, held against docs/schemas."""

import gzip
import io
import json
import os
import subprocess
import sys
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from analysis.demo.market import sample_market_toml
from analysis.demo.sample import answer, hosts
from analysis.inspecting import inspect_document, unreadable
from analysis.json_lines import judge_through, work_through
from crawlers import words
from crawlers.document import Document

ROOT = Path(__file__).parents[1]
SCRAPY = str(Path(sys.executable).parent / "scrapy")


def validator(name: str) -> Draft202012Validator:
    schema = json.loads((ROOT / f"docs/schemas/{name}.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def valid(name: str, line: dict[str, Any]) -> None:
    errors = [f"{list(e.path)}: {e.message}"[:300] for e in validator(name).iter_errors(line)]
    assert not errors, errors


def scrapy(
    *arguments: str, cwd: Path, given: str | None = None
) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [SCRAPY, *arguments], cwd=cwd, input=given, env={**os.environ, "RIVALMAP_HOME": str(cwd)},
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip


def pages() -> dict[str, bytes]:
    """Every host's home page, and whatever it links to on the first level."""
    found = {}
    for host in hosts():
        home = answer(host, "/", 8000)
        if home.status == 200:
            found[f"http://{host}:8000/"] = home.body
    return found


@pytest.mark.parametrize("url", sorted(pages()))
def test_inspect_of_every_home_of_the_sample(url: str) -> None:
    line = inspect_document(Document(url, pages()[url], headers={"content-type": "text/html"}))
    valid("inspect", json.loads(json.dumps(line)))
    assert line["version"] == 1 and line["error"] is None and line["kind"] in words.PAGE_KINDS


@pytest.mark.parametrize(
    "body",
    [b"", b"%PDF-1.7 x", b"\x89PNG\r\n\x1a\n", b"{\"a\": [1, {\"b\": null}]}", b"<rss></rss>",
     b"<p>" * 20_000, b"<html>\xff\xfe\xfa</html>", b"plain words", b"<a href='http://['>x</a>",
     b"<script type='application/ld+json'>{\"@type\": [1, {}], \"offers\": 7}</script>"],
)  # fmt: skip
def test_inspect_of_what_is_no_page(body: bytes) -> None:
    line = inspect_document(Document("http://a.localhost/x", body))
    valid("inspect", json.loads(json.dumps(line)))


def test_inspect_of_a_missing_page_has_its_error() -> None:
    line = unreadable("http://a/", "gone", path="x.html")
    valid("inspect", line)
    assert line["company"] is None and line["kind"] is None


def test_inspect_command_reads_files_gz_and_manifests(tmp_path: Path) -> None:
    (url, body), *_ = pages().items()
    (tmp_path / "a.html").write_bytes(body)
    (tmp_path / "b.html.gz").write_bytes(gzip.compress(body))
    manifest = [
        {"path": "b.html.gz", "url": url, "fetched_at": "2026-01-02T03:04:05Z",
         "headers": {"Content-Type": "text/html"}, "timezone": "Asia/Ho_Chi_Minh"},
        {"path": "missing.html", "url": url},
        {"url": url},
        {"path": "a.html", "url": url, "timezone": "Asia/Saigonn"},
    ]  # fmt: skip
    (tmp_path / "m.jsonl").write_text("\n".join(json.dumps(row) for row in manifest))
    one = scrapy("inspect", "a.html", "--url", url, cwd=tmp_path)
    assert one.returncode == 0, one.stderr
    first = json.loads(one.stdout)
    valid("inspect", first)
    assert first["url"] == url and first["path"] == "a.html"
    many = scrapy("inspect", "--manifest", "m.jsonl", cwd=tmp_path)
    assert many.returncode == 5
    lines = [json.loads(line) for line in many.stdout.splitlines()]
    for line in lines:
        valid("inspect", line)
    assert [bool(line["error"]) for line in lines] == [False, True, True, True]
    assert {k: v for k, v in lines[0].items() if k != "path"} == {
        k: v for k, v in first.items() if k != "path"
    }


POSTS = [
    {"text": "I moved from Ecwid to Sapo last month because support never answered.", "id": 7},
    {"text": "Mình đang phân vân giữa KiotViet và Sapo, ai dùng rồi cho ý kiến với",
     "brands": [{"name": "KiotViet", "aliases": ["kiot"]}, {"name": "Sapo"}]},
    {"text": "从有赞换到微盟了，价格便宜一半", "lang": "zh", "brands": ["有赞", "微盟"]},
    {"text": ""},
    {"text": "x" * 200_000},
    {"text": "\ud800 lone", "lang": "en"},
]  # fmt: skip


def test_read_command(tmp_path: Path) -> None:
    broken = ["not json", "[1]", '{"no": "text"}', '{"text": 3}', '{"text": "a", "brands": 3}']
    given = "\n".join([*(json.dumps(post) for post in POSTS), *broken])
    run = scrapy("read", "-", cwd=tmp_path, given=given)
    assert run.returncode == 5, run.stderr
    lines = [json.loads(line) for line in run.stdout.splitlines()]
    assert len(lines) == len(POSTS) + len(broken)
    for line in lines[: len(POSTS)]:
        valid("read", line)
        for row in line["evidence"]:
            assert row["quote"] in line["text"]
    assert lines[0]["id"] == 7 and lines[0]["switch"]["status"] == "done"
    assert lines[1]["stage"] == "comparing" and lines[1]["lang"] == "vi"
    for number, line in enumerate(lines[len(POSTS) :], len(POSTS) + 1):
        valid("error", line)
        assert line["line"] == number


COMPANIES = [
    {"name": "Sapo", "site": "https://sapo.example", "description":
     "Phần mềm quản lý bán hàng và website bán hàng cho cửa hàng nhỏ",
     "audience": ["chủ shop nhỏ"]},
    {"name": "Oven & Co", "description": "Sourdough bread and cakes, baked every morning in Hanoi.",
     "offers": [{"name": "Loaf", "price": "4.50"}]},
    {"name": "Little known"},
]  # fmt: skip


def test_tier_command(tmp_path: Path) -> None:
    (tmp_path / "markets").mkdir()
    (tmp_path / "markets" / "demo.toml").write_text(sample_market_toml(8000), encoding="utf-8")
    given = "\n".join([*(json.dumps(c) for c in COMPANIES), '{"offers": 3}', "{"])
    run = scrapy("tier", "-", "--market", "demo", cwd=tmp_path, given=given)
    assert run.returncode == 5, run.stderr
    lines = [json.loads(line) for line in run.stdout.splitlines()]
    for line in lines[:3]:
        valid("tier", line)
    assert [line["tier"] for line in lines[:3]] == [1, None, None]
    assert [line["verdict"] for line in lines[1:3]] == ["unrelated", "insufficient"]
    assert len(lines[0]["evidence"]) >= 2
    for line in lines[3:]:
        valid("error", line)


def test_a_decision_in_the_market_file_overrides(tmp_path: Path) -> None:
    text = sample_market_toml(8000) + '\n[[competitor]]\nname = "Oven & Co"\ntier = 3\n'
    (tmp_path / "m.toml").write_text(text, encoding="utf-8")
    given = json.dumps(COMPANIES[1])
    run = scrapy("tier", "-", "--market", "m.toml", cwd=tmp_path, given=given)
    line = json.loads(run.stdout)
    valid("tier", line)
    assert (line["tier"], line["verdict"]) == (3, "override")


def test_order_is_kept_and_other_keys_come_back(tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    path.write_text("\n".join(json.dumps({"n": n, "text": "t"}) for n in range(5)) + "\n\n")
    one, many = io.StringIO(), io.StringIO()
    assert work_through(str(path), lambda line: line, out=one) == 0
    assert judge_through(str(path), lambda line: line, lambda lines: lines, out=many) == 0
    for out in (one, many):
        assert [json.loads(line)["n"] for line in out.getvalue().splitlines()] == list(range(5))


def test_nothing_readable_is_a_failure(tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    path.write_text("nope\n")
    with redirect_stdout(io.StringIO()):
        assert work_through(str(path), lambda line: line) == 6


def test_the_contract_names_every_word() -> None:
    text = (ROOT / "docs/contract.md").read_text(encoding="utf-8")
    for vocabulary in (words.PAGE_KINDS, words.STAGES, words.BARRIERS, words.FLAGS, words.VERDICTS,
                       words.FORCES, words.PRECISIONS):  # fmt: skip
        for word in vocabulary:
            assert word in text, word
