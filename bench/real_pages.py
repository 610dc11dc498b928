"""The main job on real company pages: served on loopback, crawled by ``scrapy research``.

Needs ``RIVALMAP_MEASURE_DATA``. Every service, product and collection page of its ``pages/`` is
served under a host of its own, at its own path; a market file of one trade (software that keeps
track of customers) names them all as competitors. Prints what came out, and with ``--read N`` a
sheet of N pages to judge by eye.

    python -m bench real_pages [--read 30]
"""

import argparse
import gzip
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from bench.data import measure_data

MARKET = """
[business]
name = "Tidyleads"
description = "CRM and e-mail marketing software for small businesses: contacts, campaigns."
offers = ["CRM software", "e-mail marketing", "sales pipeline"]
keywords = ["CRM", "contact management", "marketing automation", "sales software"]
category = "business software"
audience = ["small businesses", "sales teams"]
languages = ["en"]

[crawl]
delay = 0
allow_private = true
pages_per_site = 1
"""


def pages(folder: Path) -> dict[str, dict[str, str]]:
    """Host -> the page: its file, its path, its true kind."""
    found = {}
    for path in sorted((folder / "pages" / "truth").glob("*.json")):
        truth = json.loads(path.read_text(encoding="utf-8"))
        kind = truth["_internal"]["page_type"]["primary"]
        if kind in ("service", "product", "collection"):
            parts = urlsplit(truth.get("url") or "")
            name = (parts.hostname or "unknown").removeprefix("www.").replace(".", "-")
            query = f"?{parts.query}" if parts.query else ""
            found[f"{name}-{path.stem}"] = {
                "file": str(folder / "pages" / "html" / f"{path.stem}.html.gz"),
                "path": (parts.path or "/") + query,
                "kind": kind,
                "title": truth["ground_truth"].get("title") or "",
            }
    return found


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    sites: dict[str, dict[str, str]]

    def log_message(self, format: str, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        site = self.sites.get(self.headers.get("Host", "").split(".localhost")[0])
        known = site is not None and self.path == site["path"]
        body = gzip.decompress(Path(site["file"]).read_bytes()) if known and site else b"not here"
        self.send_response(200 if known else 404)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def crawl(sites: dict[str, dict[str, str]], home: Path) -> tuple[int, str]:
    """Serve the sites and research the market; returns the exit code and what it said."""
    _Handler.sites = sites
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    rows = [
        f'\n[[competitor]]\nid = "{host}"\nname = "{host}"\n'
        f"site = {json.dumps(f'http://{host}.localhost:{server.server_port}' + site['path'])}\n"
        for host, site in sites.items()
    ]
    (home / "markets").mkdir(parents=True)
    (home / "markets" / "real.toml").write_text(MARKET + "".join(rows), encoding="utf-8")
    scrapy = Path(sys.executable).parent / "scrapy"
    run = subprocess.run(
        [str(scrapy), "research", "real", "--quiet"],
        env={**os.environ, "RIVALMAP_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )
    server.shutdown()
    server.server_close()
    return run.returncode, run.stderr


def report(connection: sqlite3.Connection, sites: dict[str, dict[str, str]]) -> None:
    """Print how many pages, offers, channels and tiers came out."""
    kinds = dict(connection.execute("SELECT competitor, kind FROM pages"))
    print(f"sites served                {len(sites)}")
    print(f"sites with a page stored    {len(kinds)}")
    right = Counter(site["kind"] for host, site in sites.items() if kinds.get(host) == site["kind"])
    total = Counter(site["kind"] for site in sites.values())
    for kind in total:
        print(f"  kind {kind:<12} right   {right[kind]} of {total[kind]}")
    one = connection.execute
    for name, sql in (
        ("offers", "SELECT count(*) FROM offers"),
        ("offers with a price", "SELECT count(*) FROM offers WHERE price_minor IS NOT NULL"),
        ("sites with an offer", "SELECT count(DISTINCT competitor) FROM offers"),
        ("channel tags", "SELECT count(*) FROM channel_tags"),
        ("sites with a channel", "SELECT count(DISTINCT subject) FROM channel_tags"),
        ("company facts, rows of evidence",
         "SELECT count(*) FROM evidence WHERE claim_table = 'companies'"),
    ):  # fmt: skip
        print(f"{name:<32}{one(sql).fetchone()[0]}")
    for tier, verdict, n in one(
        "SELECT tier, verdict, count(*) FROM tiers GROUP BY 1, 2 ORDER BY 1 IS NULL, 1"
    ):
        print(f"tier {tier or 'none'} {verdict:<24}{n}")
    bare = one(
        "SELECT count(*) FROM tiers t WHERE tier IS NOT NULL AND (SELECT count(*) FROM evidence e "
        "WHERE e.claim_table = 'tiers' AND e.claim_key = t.competitor) < 2"
    ).fetchone()[0]
    print(f"tiers with fewer than two rows of evidence  {bare}")


def sheet(connection: sqlite3.Connection, sites: dict[str, dict[str, str]], number: int) -> None:
    """Print pages to judge by eye, spread evenly over the set."""
    step = max(1, len(sites) // number)
    for host in list(sites)[::step][:number]:
        site = sites[host]
        print(f"\n=== {host} {site['path']}  true kind {site['kind']}: {site['title'][:80]}")
        for row in connection.execute(
            "SELECT kind, lang, title, description FROM pages WHERE competitor = ?", (host,)
        ):
            print("page    ", *(str(part)[:110] for part in row), sep=" | ")
        for row in connection.execute(
            "SELECT name, tagline, founded, size, places_json, audience_json, trust_json, "
            "contact_json FROM companies WHERE competitor = ?", (host,)
        ):  # fmt: skip
            print("company ", *(str(part)[:130] for part in row), sep=" | ")
        for row in connection.execute(
            "SELECT name, price_minor, currency, period, price_text, availability FROM offers "
            "WHERE competitor = ? ORDER BY position LIMIT 4", (host,)
        ):  # fmt: skip
            print("offer   ", *(str(part)[:70] for part in row), sep=" | ")
        tags = connection.execute(
            "SELECT channel, role, platform, strength FROM channel_tags WHERE subject = ? "
            "ORDER BY strength DESC", (host,)
        )  # fmt: skip
        print("channels", ", ".join("/".join(map(str, tag)) for tag in tags))
        for row in connection.execute(
            "SELECT tier, verdict, score, same_product, same_audience, same_category, substitute, "
            "extension, complement FROM tiers WHERE competitor = ?", (host,)
        ):  # fmt: skip
            print("tier    ", *row, sep=" | ")
        for row in connection.execute(
            "SELECT subject, weight, quote FROM evidence WHERE claim_table = 'tiers' "
            "AND claim_key = ? ORDER BY weight DESC LIMIT 3", (host,)
        ):  # fmt: skip
            print("   proof", row[0], row[1], " ".join(row[2].split())[:100], sep=" | ")


def main(arguments: list[str]) -> int:
    """Run the measurement."""
    parser = argparse.ArgumentParser(prog="bench real_pages")
    parser.add_argument("--read", type=int, default=0, metavar="N", help="print N pages to judge")
    parser.add_argument("--keep", metavar="FOLDER", help="keep the market's home here")
    options = parser.parse_args(arguments)
    sites = pages(measure_data())
    home = Path(tempfile.mkdtemp(prefix="rivalmap-real-"))
    try:
        code, said = crawl(sites, home)
        print(f"scrapy research: exit code {code}")
        if not (home / "data" / "real" / "market.db").exists():
            print(said)
            return 1
        connection = sqlite3.connect(home / "data" / "real" / "market.db")
        report(connection, sites)
        if options.read:
            sheet(connection, sites, options.read)
        connection.close()
        if options.keep:
            shutil.copytree(home, options.keep, dirs_exist_ok=True)
    finally:
        shutil.rmtree(home)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
