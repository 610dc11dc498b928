"""The address of Redis, as a user gives it. Light: imported by commands before they do anything."""

import os
from importlib.util import find_spec

from analysis.commandline import USAGE, CommandError

VARIABLE = "RIVALMAP_REDIS"


def wanted_redis(option: str | None) -> str | None:
    """The address given by the option, else by the environment; ``None``: by neither."""
    return option or os.environ.get(VARIABLE) or None


def require_extra(url: str | None) -> str:
    """The address, where one was given and what it takes is installed.

    :raises CommandError: otherwise.
    """
    if url is None:
        raise CommandError(f"which Redis? Give --redis URL, or set {VARIABLE}", USAGE)
    if find_spec("scrapy_redis") is None:
        raise CommandError("several machines need the extra: pip install 'rivalmap[cluster]'")
    return url
