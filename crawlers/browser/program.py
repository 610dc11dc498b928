"""What drawing takes: the extra ``browser``, and a Chromium of the system."""

import importlib.util
import os
import shutil
from dataclasses import dataclass

PROGRAM_VARIABLE = "RIVALMAP_CHROMIUM"
"""Environment variable: the path or name of the browser, where it has none of the usual names."""
PROGRAMS = (
    "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome",
    "microsoft-edge",
)  # fmt: skip
"""Names Chromium and its kin are installed under, tried in this order."""
EXTRA_MEND = "install the extra: pip install 'rivalmap[browser]'"
PROGRAM_MEND = (
    f"install Chromium (Debian: apt-get install chromium), or name it with {PROGRAM_VARIABLE}"
)
SETTING_MEND = "set browser = true under [crawl] in the market file"


@dataclass(frozen=True, slots=True, kw_only=True)
class BrowserFound:
    """What of it is here. ``program``: the browser's path; ``None``: there is none."""

    extra: bool
    program: str | None

    @property
    def usable(self) -> bool:
        """Whether pages can be drawn."""
        return self.extra and self.program is not None

    @property
    def lacking(self) -> str:
        """What is missing, in words; ``""``: nothing."""
        parts = [] if self.extra else ["scrapy-playwright is not installed"]
        parts += [] if self.program else ["no Chromium was found"]
        return " and ".join(parts)

    def mend(self, *, wanted: bool) -> str:
        """What to do for pages to be drawn; ``""``: nothing.

        :param wanted: whether the market file says ``browser = true``.
        """
        parts = [] if wanted else [SETTING_MEND]
        parts += [] if self.extra else [EXTRA_MEND]
        parts += [] if self.program else [PROGRAM_MEND]
        return " and ".join(parts)


def find_browser() -> BrowserFound:
    """Look for the extra and the program; neither is loaded or started."""
    named = os.environ.get(PROGRAM_VARIABLE)
    names = (named,) if named else PROGRAMS
    program = next((path for path in map(shutil.which, names) if path), None)
    return BrowserFound(extra=_installed("scrapy_playwright"), program=program)


def sandboxed() -> bool:
    """Whether the browser runs in its sandbox: always, but as root, where it refuses to."""
    return not (hasattr(os, "geteuid") and os.geteuid() == 0)


def _installed(module: str) -> bool:
    return importlib.util.find_spec(module) is not None
