import subprocess
import sys
from pathlib import Path

import pytest

from crawlers.browser import program
from crawlers.browser.program import BrowserFound, find_browser


@pytest.mark.parametrize(
    ("extra", "path", "wanted", "expected"),
    [
        (True, "/usr/bin/chromium", True, ""),
        (True, "/usr/bin/chromium", False, program.SETTING_MEND),
        (False, "/usr/bin/chromium", True, program.EXTRA_MEND),
        (True, None, True, program.PROGRAM_MEND),
        (False, "/c", False, f"{program.SETTING_MEND} and {program.EXTRA_MEND}"),
    ],
)
def test_mend_names_what_is_missing(
    extra: bool, path: str | None, wanted: bool, expected: str
) -> None:
    found = BrowserFound(extra=extra, program=path)
    assert found.mend(wanted=wanted) == expected
    assert found.usable == (extra and path is not None) == (not found.lacking)


def executable(path: Path) -> str:
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return str(path)


def test_the_program_is_found_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv(program.PROGRAM_VARIABLE, raising=False)
    assert find_browser().program is None
    chrome = executable(tmp_path / "google-chrome")
    assert find_browser().program == chrome
    chromium = executable(tmp_path / "chromium")
    assert find_browser().program == chromium
    own = executable(tmp_path / "ours")
    monkeypatch.setenv(program.PROGRAM_VARIABLE, own)
    assert find_browser().program == own
    monkeypatch.setenv(program.PROGRAM_VARIABLE, str(tmp_path / "gone"))
    assert find_browser().program is None  # what was named is not guessed again


def test_the_sandbox_is_left_off_for_root_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(program.os, "geteuid", lambda: 0)
    assert not program.sandboxed()
    monkeypatch.setattr(program.os, "geteuid", lambda: 1000)
    assert program.sandboxed()


def test_nothing_of_the_browser_is_loaded_before_it_is_needed() -> None:
    code = (
        "import sys, crawlers.spiders.competitors, crawlers.middlewares.browser, analysis.checkup;"
        "from crawlers.browser.program import find_browser; find_browser();"
        "print([n for n in sys.modules if n.startswith(('playwright', 'scrapy_playwright'))])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
