"""Pictures of every page of the desk, and what is wrong with them.

    python bench/screenshots.py DATABASE MARKET FOLDER [--lang en,zh,vi] [--pages /,/posts?q=x]

Drives Debian's chromium over a server on loopback; writes FOLDER/<page>-<width>-<lang>.png and
prints every console error, every failed request and every page that scrolls sideways. Exits 1
where there was one.
"""

import argparse
import socket
import sys
import threading
import time
from pathlib import Path

import uvicorn
from playwright.sync_api import Page, sync_playwright

from analysis.web.serve import datasette_for

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-background-networking", "--disable-gpu"]
PAGES = (
    "/", "/competitors", "/channels", "/customers", "/when", "/why-not", "/why-them",
    "/openings", "/posts", "/changes", "/collection",
)  # fmt: skip
WIDTHS = {1280: 900, 390: 844}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("database", type=Path)
    parser.add_argument("market")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--lang", default="en,zh,vi")
    parser.add_argument("--pages", default=",".join(PAGES))
    parser.add_argument("--dark", action="store_true")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    port = serve(options.database, options.market)
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
                for path in options.pages.split(","):
                    faults += shoot(page, f"http://127.0.0.1:{port}{path}", options.folder,
                                    f"{name_of(path)}-{width}-{language}")  # fmt: skip
                context.close()
        browser.close()
    for fault in faults:
        print(fault)
    return 1 if faults else 0


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
    page.screenshot(path=folder / f"{name}.png", full_page=True)
    return faults


def name_of(path: str) -> str:
    return "".join(c if c.isalnum() else "_" for c in path.strip("/")) or "overview"


if __name__ == "__main__":
    sys.exit(main())
