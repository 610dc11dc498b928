"""Readings are told apart by the rules they were made by."""

from pathlib import Path

import pytest

from pipelines.demand import version


@pytest.fixture
def rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "en.toml").write_text("[words]", "utf-8")
    (tmp_path / "model.json").write_text("{}", "utf-8")
    monkeypatch.setattr(version, "files", lambda _: tmp_path)
    return tmp_path


def fresh() -> str:
    version.rules_version.cache_clear()
    try:
        return version.rules_version()
    finally:
        version.rules_version.cache_clear()


@pytest.mark.parametrize("name", ["rules/en.toml", "model.json", "rules/new.toml"])
def test_any_file_of_rules_changes_it(rules: Path, name: str) -> None:
    before = fresh()
    assert fresh() == before
    (rules / name).write_text("[words]\nbrand = 'x'", "utf-8")
    assert fresh() != before


def test_other_files_do_not(rules: Path) -> None:
    before = fresh()
    (rules / "notes.txt").write_text("nothing", "utf-8")
    assert fresh() == before
