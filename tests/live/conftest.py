"""Real forum software on loopback: installed once, a fresh copy per test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.live.machina_forum import Machina, install_machina, running_machina
from tests.live.public_inbox_forum import PublicInbox, missing_program, running_public_inbox
from tests.live.spirit_forum import Spirit, install_spirit, running_spirit


@pytest.fixture(scope="session")
def spirit_installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty Spirit project."""
    pytest.importorskip("spirit", reason="django-spirit is not installed (the dev extra has it)")
    return install_spirit(tmp_path_factory.mktemp("spirit"))


@pytest.fixture
def spirit(spirit_installed: Path, tmp_path: Path) -> Iterator[Spirit]:
    """A fresh Spirit forum, empty; stopped at the end by the process we started."""
    with running_spirit(spirit_installed, tmp_path / "shopforum") as forum:
        yield forum


@pytest.fixture(scope="session")
def machina_installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty machina forum."""
    pytest.importorskip("machina", reason="django-machina is not installed (the dev extra has it)")
    return install_machina(tmp_path_factory.mktemp("machina"))


@pytest.fixture
def machina(
    machina_installed: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Machina]:
    """A fresh machina forum, empty. Its language, zone and page sizes are the parameter's, if any
    (``indirect``); the forum's RSS feeds tell its times with their zone.
    """
    options = getattr(request, "param", {})
    with running_machina(machina_installed, tmp_path / "machina", **options) as forum:
        yield forum


@pytest.fixture
def public_inbox(tmp_path: Path) -> Iterator[PublicInbox]:
    """A fresh archive of a mailing list, empty."""
    missing = missing_program()
    if missing:
        pytest.skip(f"{missing} is not installed (Debian's package public-inbox has it)")
    with running_public_inbox(tmp_path / "list") as archive:
        yield archive
