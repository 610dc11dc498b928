"""Pictures of every page of the desk, and what is wrong with them.

    python -m bench.screenshots FOLDER [--database FILE --market NAME] [--lang en,zh,vi]
                                [--pages /,/posts?q=x] [--dark]

Without a database: the sample market, researched in two of its states, so that there are changes.
Drives Debian's chromium over a server on loopback; writes FOLDER/<page>-<width>-<lang>.png and
prints every console error, every failed request and every page that scrolls sideways. Exits 1
where there was one. ``make screenshots`` writes those of docs/desk.md.
"""

import argparse
import os
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from PIL import Image
from playwright.sync_api import Page, sync_playwright

from analysis.demo.market import NAME, sample_market_toml
from analysis.demo.server import SampleServer
from analysis.web.serve import datasette_for

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-background-networking", "--disable-gpu"]
PAGES = (
    "/", "/competitors", "/channels", "/customers", "/when", "/why-not", "/why-them",
    "/openings", "/posts?q=price", "/changes", "/collection",
)  # fmt: skip
WIDTHS = {1280: 900, 390: 844}
STATES = ("baseline", "real")
COLOURS = 256  # of a picture: a third of the bytes, and nobody sees it


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--database", type=Path)
    parser.add_argument("--market", default=NAME)
    parser.add_argument("--lang", default="en,zh,vi")
    parser.add_argument("--pages")
    parser.add_argument("--dark", action="store_true")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    if options.database:
        faults = shoot_all(options, options.database)
    else:
        with sample() as database:
            faults = shoot_all(options, database)
    for fault in faults:
        print(fault)
    return 1 if faults else 0


@contextmanager
def sample() -> Iterator[Path]:
    """The database of the sample market, researched in two states."""
    scrapy = str(Path(sys.executable).parent / "scrapy")
    with tempfile.TemporaryDirectory() as folder, SampleServer() as server:
        home = Path(folder)
        (home / "markets").mkdir()
        text = sample_market_toml(server.port)
        (home / "markets" / f"{NAME}.toml").write_text(text, encoding="utf-8")
        for state in STATES:
            server.state = state  # type: ignore[assignment]
            run = subprocess.run(
                [scrapy, "research", NAME, "--quiet"], cwd=home, check=False,
                env={**os.environ, "RIVALMAP_HOME": folder},
            )  # fmt: skip
            if run.returncode != 5:  # one site of the sample is broken on purpose
                sys.exit(f"research of the sample ended with {run.returncode}")
        yield home / "data" / NAME / "market.db"


def pages_of(database: Path) -> list[str]:
    """The tabs, the rival most spoken of, and a post of somebody who changed over."""
    conn = sqlite3.connect(database)
    (rival,) = conn.execute(
        "SELECT competitor FROM tier_board ORDER BY mentions DESC, competitor LIMIT 1"
    ).fetchone()
    found = conn.execute("SELECT post_id FROM switches ORDER BY post_id LIMIT 1").fetchone()
    conn.close()
    return [*PAGES, f"/competitors/{rival}", *([f"/posts/{found[0]}"] if found else [])]


def shoot_all(options: argparse.Namespace, database: Path) -> list[str]:
    """Every page in every language at every width; what is wrong with them."""
    pages = options.pages.split(",") if options.pages else pages_of(database)
    port = serve(database, options.market)
    faults: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        for language in options.lang.split(","):
            for width, height in WIDTHS.items():
                context = browser.new_context(
                    viewport={"width": width, "height": height},
                    locale=language,
                    color_scheme="dark" if options.dark else "light",
                )
                page = context.new_page()
                listen(page, faults)
                for path in pages:
                    faults += shoot(page, f"http://127.0.0.1:{port}{path}", options.folder,
                                    f"{name_of(path)}-{width}-{language}")  # fmt: skip
                context.close()
        browser.close()
    return faults


def serve(database: Path, market: str) -> int:
    """Serve the market on a free port of loopback, in a thread that dies with us."""
    datasette = datasette_for(database, market)
    free = socket.socket()
    free.bind(("127.0.0.1", 0))
    port = int(free.getsockname()[1])
    free.close()
    server = uvicorn.Server(
        uvicorn.Config(datasette.app(), host="127.0.0.1", port=port, log_level="error")
    )
    threading.Thread(target=server.run, daemon=True).start()
    while not server.started:
        time.sleep(0.05)
    return port


def listen(page: Page, faults: list[str]) -> None:
    """Collect what the browser complains of."""
    page.on("console", lambda m: faults.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda e: faults.append(str(e)))


def shoot(page: Page, url: str, folder: Path, name: str) -> list[str]:
    """One picture; what is wrong with the page."""
    faults: list[str] = []
    answer = page.goto(url, wait_until="load")
    if answer is None or answer.status != 200:
        faults.append(f"{url}: {answer and answer.status}")
    wide = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    if wide > 0:
        faults.append(f"{name}: scrolls sideways by {wide} px")
    picture = folder / f"{name}.png"
    page.screenshot(path=picture, full_page=True)
    with Image.open(picture) as drawn:
        small = drawn.convert("RGB").quantize(COLOURS, method=Image.Quantize.MAXCOVERAGE)
    small.save(picture, optimize=True)
    return faults


def name_of(path: str) -> str:
    """``/posts?q=price`` is ``posts``, ``/posts/12`` is ``post``."""
    parts = path.split("?", maxsplit=1)[0].strip("/").split("/")
    return parts[0].removesuffix("s") if len(parts) > 1 else parts[0] or "overview"


if __name__ == "__main__":
    sys.exit(main())
