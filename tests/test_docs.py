"""What the documents promise is there: tables, commands, links, settings with a reason."""

import re
import sqlite3
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DOCS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def test_every_table_is_documented(tmp_path: Path) -> None:
    from pipelines.storage.database import open_database

    connection: sqlite3.Connection = open_database(tmp_path / "market.db")
    names = {
        row[0]
        for row in connection.execute(
            "SELECT name FROM sqlite_master WHERE type IN ('table','view')"
        )
        if not row[0].startswith(("sqlite_", "_sqlite", "posts_fts_"))
    }
    connection.close()
    documented = set(re.findall(r"^\| `(\w+)` \|", (ROOT / "docs/schema.md").read_text(), re.M))
    assert documented == names


def test_every_command_has_an_entry_point_and_a_word_in_the_documents() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    entries = set(project["entry-points"]["scrapy.commands"])
    modules = {
        path.stem for path in (ROOT / "analysis/commands").glob("*.py") if path.stem != "__init__"
    }
    assert modules == entries
    prose = "\n".join(path.read_text() for path in DOCS)
    for name in modules:
        assert f"scrapy {name}" in prose


@pytest.mark.parametrize("path", DOCS, ids=lambda path: path.name)
def test_links_between_documents_lead_somewhere(path: Path) -> None:
    for link in re.findall(r"\]\(([^)#:]+)\)", path.read_text()):
        assert (path.parent / link).exists(), link


def test_every_setting_has_its_reason() -> None:
    lines = (ROOT / "crawlers/settings.py").read_text().splitlines()
    for number, line in enumerate(lines):
        if re.match(r"[A-Z_]+ = ", line):
            block = lines[max(0, number - 8) : number + 1]
            assert any(part.lstrip().startswith("#") or "  # " in part for part in block), line


def test_every_dependency_has_its_reason() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    named = (ROOT / "docs/decisions.md").read_text()
    groups = [project["dependencies"], *project["optional-dependencies"].values()]
    for requirement in (one for group in groups for one in group):
        name = re.split(r"[<>=;\[ ]", requirement)[0]
        known = {"pytest-asyncio": "pytest", "pandas-stubs": "mypy", "types-jsonschema": "mypy"}
        assert known.get(name, name) in named, requirement
