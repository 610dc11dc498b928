"""``scrapy browse``: what a shared server needs is asked for before anything is served."""

import argparse
from pathlib import Path

import pytest

from analysis import serving
from analysis.commandline import CONFIGURATION, OK, CommandError
from analysis.commands.browse import PASSWORD_FILE, Command

MARKET = """
[business]
name = "Bean House"
description = "Roasts and sells coffee beans"
"""
PASSWORD = "correct horse battery"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RIVALMAP_HOME", str(tmp_path))
    monkeypatch.delenv(PASSWORD_FILE, raising=False)
    (tmp_path / "markets").mkdir()
    (tmp_path / "markets" / "coffee.toml").write_text(MARKET, encoding="utf-8")
    return tmp_path


def run(monkeypatch: pytest.MonkeyPatch, **options: object) -> dict[str, object]:
    """What the command would serve."""
    served: dict[str, object] = {}
    monkeypatch.setattr(serving, "serve", lambda *args, **named: served.update(named))
    named = {"port": 0, "password_file": None, "public_url": None, **options}
    assert Command().execute(["coffee"], argparse.Namespace(**named)) == OK
    return served


def test_this_machine_needs_no_password(home, monkeypatch):
    assert run(monkeypatch) == {"password": None, "public": None}


def test_the_password_by_option_or_environment(home, monkeypatch, capsys):
    path = home / "password"
    path.write_text(PASSWORD)
    path.chmod(0o644)
    assert run(monkeypatch, password_file=str(path))["password"] == PASSWORD
    assert "chmod 600" in capsys.readouterr().err
    path.chmod(0o600)
    monkeypatch.setenv(PASSWORD_FILE, str(path))
    served = run(monkeypatch, public_url="https://r.example.com/coffee")
    assert served["password"] == PASSWORD and capsys.readouterr().err == ""
    assert served["public"] == serving.public_address("https://r.example.com/coffee/")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"public_url": "https://r.example.com/"}, "needs --password-file"),
        ({"password_file": "/nowhere/password"}, "cannot be read"),
        ({"password_file": "/nowhere", "public_url": "http://r.example.com/"}, "cannot be read"),
    ],
)
def test_what_cannot_be_served(home, monkeypatch, options, said):
    with pytest.raises(CommandError, match=said) as caught:
        run(monkeypatch, **options)
    assert caught.value.exit_code == CONFIGURATION
