"""``scrapy demo``: the sample served, crawled, held against its truth, opened."""

import os
import sqlite3
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table
from scrapy.settings import Settings

from analysis.commandline import CONFIGURATION, INTERNAL, OK, CommandError
from analysis.demo.comparing import deviations
from analysis.demo.market import NAME, sample_market_toml
from analysis.demo.server import SampleServer
from analysis.demo.truth import load_truth
from analysis.report_lines import print_result
from analysis.research import research
from analysis.serving import free_port, serve
from crawlers.market import data_dir, load_market, market_path
from pipelines.redact import read_salt
from pipelines.storage.database import DATABASE_NAME, open_database

TIER_WORDS = {1: "1 direct", 2: "2 substitute", 3: "3 might enter", None: "none"}


def run_demo(settings: Settings, *, once: bool, port: int) -> int:
    """Do the main job on the sample; returns 0 when all came out as it must.

    Everything lives in a folder of its own that is removed at the end; the user's markets are not
    touched.

    :param once: end after the table; else serve the pages until Ctrl-C.
    """
    if not once:
        try:
            port = free_port(port)
        except OSError as error:
            raise CommandError(
                f"port {port} cannot be used: {error.strerror}; try --port 0", CONFIGURATION
            ) from None
    console = Console(width=None if sys.stdout.isatty() else 160)
    with tempfile.TemporaryDirectory(prefix="rivalmap-demo-") as folder, SampleServer() as sample:
        os.environ["RIVALMAP_HOME"] = folder
        path = market_path(NAME)
        path.parent.mkdir(parents=True)
        path.write_text(sample_market_toml(sample.port), encoding="utf-8")
        market = load_market(path)
        console.print(
            f"The sample market is served on 127.0.0.1:{sample.port}; {len(market.competitors)} "
            f"rivals' sites (one broken, one closed by its robots.txt, both on purpose), "
            f"{len(market.forums)} forums. What follows is scrapy research {NAME}."
        )
        settings.set("RIVALMAP_PROGRESS", True, priority="cmdline")
        result = research(market, settings)
        print_result(market, result)
        connection = open_database(data_dir(NAME) / DATABASE_NAME)
        try:
            console.print(tier_table(connection))
            code = _judge(connection, Path(data_dir(NAME)), console)
        finally:
            connection.close()
        if not once:
            serve(market, data_dir(NAME), port)
    return code


def tier_table(connection: sqlite3.Connection) -> Table:
    """The competitors by tier, with the strongest proof of each; no candidates."""
    table = Table(title="Competitors by tier", title_justify="left", box=None, pad_edge=False)
    for column in ("tier", "competitor", "verdict", "score", "strongest proof"):
        table.add_column(column, overflow="fold")
    rows = connection.execute(
        "SELECT t.tier, c.name, t.verdict, t.complement, t.score, (SELECT e.quote FROM evidence e "
        "WHERE e.claim_table = 'tiers' AND e.claim_key = c.id ORDER BY e.weight DESC LIMIT 1) "
        "FROM tiers t JOIN competitors c ON c.id = t.competitor WHERE c.status = 'watched' "
        "ORDER BY t.tier IS NULL, t.tier, t.score DESC"
    )
    for tier, name, verdict, complement, score, quote in rows:
        words = f"{verdict}, completes ours" if complement else verdict
        proof = " ".join((quote or "").split())
        table.add_row(
            TIER_WORDS[tier], name, words, f"{score:.2f}",
            proof[:80] + ("…" if len(proof) > 80 else ""),
        )  # fmt: skip
    return table


def _judge(connection: sqlite3.Connection, folder: Path, console: Console) -> int:
    found = deviations(connection, load_truth(), read_salt(folder))
    wrong = sum(len(lines) for lines in found.values())
    if not wrong:
        console.print("[green]All came out as it must: tiers, channels, offers, posts, "
                      "switches.[/green]")  # fmt: skip
        return OK
    console.print(f"[red]{wrong} things came out otherwise than they must:[/red]")
    for area, lines in found.items():
        for line in lines[:20]:
            console.print(f"  {area}: {line}", markup=False)
        if len(lines) > 20:
            console.print(f"  {area}: ... and {len(lines) - 20} more")
    return INTERNAL
