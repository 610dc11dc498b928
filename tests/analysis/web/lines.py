"""How a test asks either line of Datasette (0.65, 1.0) for the same thing."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from datasette.app import Datasette

from analysis.web import compat, desk
from analysis.web.serve import settings


async def total(client: Any, address: str) -> int:
    """How many rows stand at the address of a raw table: 1.0 counts where it is asked to."""
    parts = urlsplit(address)
    query = "&".join(filter(None, [parts.query, "_size=0", "_extra=count"]))
    answer = await client.get(f"{parts.path}.json?{query}")
    assert answer.status_code == 200, address
    said = answer.json()
    return int(said["count"] if compat.IS_1 else said["filtered_table_rows_count"])


def configured(path: Path, name: str, config: Mapping[str, Any]) -> Datasette:
    """A Datasette over one file with a configuration of the test's own."""
    datasette = compat.build([str(path)], settings(), config)
    compat.rename_database(datasette, str(path), name)
    compat.fresh_client(datasette)
    return datasette


def pages() -> list[str]:
    """The addresses of our pages that take nothing from the market."""
    return [f"/{page.route}" for page in desk.PAGES if "(" not in page.route]
