"""Which rules a reading was made by."""

import hashlib
from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable

CODE_VERSION = "4"
"""Changes by hand where code changes what is read."""

_READ = (".toml", ".json")


@lru_cache(maxsize=1)
def rules_version() -> str:
    """The version of code, rules, word lists, topics and models together.

    Changes by itself with any of their files, so that stored readings can be told from today's.
    """
    digest = hashlib.sha256()
    for path, content in sorted(_files(files("pipelines.demand"), "")):
        digest.update(f"{path}\n".encode() + content)
    return f"demand-{CODE_VERSION}-{digest.hexdigest()[:8]}"


def _files(folder: Traversable, path: str) -> Iterator[tuple[str, bytes]]:
    for entry in folder.iterdir():
        name = f"{path}/{entry.name}"
        if entry.is_dir():
            yield from _files(entry, name)
        elif entry.name.endswith(_READ):
            yield name, entry.read_bytes()
