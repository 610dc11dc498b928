"""sqlite-utils, loaded without pandas.

Where pandas is installed, sqlite-utils imports it at its own import, for the sake of one type
(``Timestamp``) that nothing here inserts: a quarter of a second and some 40 MB of every command
that opens a database. pandas itself is loaded by what uses it (:mod:`analysis.frames`).
"""

import sys

_NAME = "pandas"
_known = _NAME in sys.modules
if not _known:
    sys.modules[_NAME] = None  # type: ignore[assignment]  # what imports it is told there is none
try:
    from sqlite_utils import Database
    from sqlite_utils.migrations import Migrations
finally:
    if not _known:
        del sys.modules[_NAME]

__all__ = ["Database", "Migrations"]
