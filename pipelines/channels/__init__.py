"""Which channels a company's pages give proof of, from a table of signals. Pure.

``detect(page)`` gives the tags; ``SIGNALS_VERSION`` names the rows they came from.
"""

from pipelines.channels.detect import detect
from pipelines.channels.ga4 import channel_of
from pipelines.channels.rows import TableError
from pipelines.channels.table import load_table, platform_names

__all__ = ["SIGNALS_VERSION", "TableError", "channel_of", "detect", "load_table", "platform_names"]


def __getattr__(name: str) -> str:
    # The table is read on first use, not on import: commands that need no channels start faster.
    if name == "SIGNALS_VERSION":
        return load_table().version
    raise AttributeError(name)
