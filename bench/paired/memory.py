"""What a crawl of 200 sites of 500 pages holds in memory, and what more known pages add to it."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.paired import Figure
from bench.paired.crawling import Crawled, crawled, market, without_links_of_its_own
from bench.paired.pages import companies, source
from bench.paired.serving import served
from pipelines.storage.database import DATABASE_NAME, open_database, transaction

SITES = 200
PAGES = int(os.environ.get("SPEED_PAGES_A_SITE", "500"))
"""Pages read of each site."""
LED_TO = PAGES * 6 // 5
"""Pages of a site that its pages lead to: a sixth of what is known waits when the budget is spent.
"""
LARGE_PAGES = 5
"""Real pages, of 200 KB in the mean, of each of the sites of the third crawl."""
FEW = 25
"""Pages of each site that are read again where only the number of known pages differs."""
MORE = 100_000

_WORDS = (
    "orders stock till counter delivery invoice customers receipt branch printer market loyalty "
    "discount season weekend supplier margin queue tablet shelf report staff shift payment refund"
).split()


def small_sites(root: Path, *, sites: int, pages: int) -> dict[str, int]:
    """Write sites of small pages, each with a text, an offer and links to twelve others.

    :returns: pages of each site.
    """
    for site in range(sites):
        folder = root / f"s{site}.localhost"
        (folder / "p").mkdir(parents=True)
        (folder / "index.html").write_text(_page(site, 0, pages), encoding="utf-8")
        for number in range(1, pages):
            file = folder / "p" / f"{number}.html"
            file.write_text(_page(site, number, pages), encoding="utf-8")
    return {f"s{site}.localhost": pages for site in range(sites)}


def _page(site: int, number: int, pages: int) -> str:
    words = [_WORDS[(site * 7 + number * 3 + place * place) % len(_WORDS)] for place in range(90)]
    leads = [1 + (number * 11 + step) % (pages - 1) for step in range(12)]
    links = "".join(f'<li><a href="/p/{one}.html">About part {one}</a>' for one in leads)
    return (
        f'<!doctype html><html lang="en"><head><title>Part {number} of shop {site}</title>'
        f'<meta name="description" content="Tills of shop {site}, part {number}"></head><body>'
        f'<nav><a href="/">Home</a><ul>{links}</ul></nav><main><h1>Part {number}</h1>'
        f'<p>{" ".join(words)}.</p><div class="product"><h2>Till {number}</h2>'
        f'<span class="price">${10 + number}.00</span></div></main></body></html>'
    )


def _large_sites(root: Path, *, sites: int, each: int) -> dict[str, int]:
    """Sites of real pages, the same files under many names."""
    pages = companies()
    store = root / "pages"
    store.mkdir(parents=True)
    for number, (url, body) in enumerate(pages):
        (store / f"{number}.html").write_bytes(without_links_of_its_own(url, body))
    for site in range(sites):
        folder = root / f"s{site}.localhost"
        (folder / "p").mkdir(parents=True)
        links = "".join(f'<li><a href="/p/{n}.html">Page {n}</a>' for n in range(each))
        index = f"<!doctype html><title>Shop {site}</title><h1>Shop {site}</h1><ul>{links}</ul>"
        (folder / "index.html").write_text(index, encoding="utf-8")
        for number in range(each):
            which = (site * each + number) % len(pages)
            (folder / "p" / f"{number}.html").hardlink_to(store / f"{which}.html")
    return {f"s{site}.localhost": each + 1 for site in range(sites)}


def _crawl(root: Path, home: Path, hosts: dict[str, int], pages: int) -> Crawled:
    with served(root) as port, market(home, hosts, port, delay=0.0, pages=pages):
        return crawled("full", home, port, pages=0, files=0)


def slope(samples: list[tuple[int, float]]) -> float:
    """MB a page, by the line of least squares through the second half of (pages, MB)."""
    late = samples[len(samples) // 2 :]
    if len(late) < 2:
        raise ValueError("too few samples: a crawl of some thousand pages is needed")
    mean_x = sum(pages for pages, _ in late) / len(late)
    mean_y = sum(mb for _, mb in late) / len(late)
    over = sum((pages - mean_x) * (mb - mean_y) for pages, mb in late)
    return over / sum((pages - mean_x) ** 2 for pages, _ in late)


def peak(rounds: int) -> Iterator[Figure]:
    """The highest memory of a whole crawl of small pages, and how it grew in its second half; one
    round, as it does not swing.
    """
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        hosts = small_sites(place / "sites", sites=SITES, pages=LED_TO)
        found = _crawl(place / "sites", place / "home", hosts, PAGES)
    yield Figure(
        value=found.mb,
        parts=f"{found.pages:,} small pages of {SITES} sites; in the second half "
        f"{1e5 * slope(found.samples):+.1f} MB for 100,000 pages more; {found.each:.2f} ms of CPU "
        "a page",
    )


def large(rounds: int) -> Iterator[Figure]:
    """The same where pages are large but few; one round."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        hosts = _large_sites(place / "sites", sites=SITES, each=LARGE_PAGES)
        found = _crawl(place / "sites", place / "home", hosts, LARGE_PAGES + 1)
    yield Figure(
        value=found.mb,
        parts=f"{found.pages:,} {source()} of {SITES} sites; {found.each:.2f} ms of CPU a page",
    )


def known(rounds: int) -> Iterator[Figure]:
    """The same pages read again over a database that knows them, and over one that knows a hundred
    thousand more of the same sites: MB more.
    """
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        hosts = small_sites(place / "small", sites=SITES, pages=FEW * 6 // 5)
        with served(place / "small") as port:
            home = place / "home"
            with market(home, hosts, port, delay=0.0, pages=FEW):
                crawled("full", home, port, pages=0, files=0)
            shutil.copytree(home, place / "more")
            _know_more(place / "more" / "data" / "speed" / DATABASE_NAME, MORE)
            for number in range(rounds):
                peaks = []
                for before in (home, place / "more"):
                    again = place / f"again{number}"
                    shutil.copytree(before, again)
                    peaks.append(crawled("full", again, port, pages=0, files=0))
                    shutil.rmtree(again)
                few, many = peaks
                yield Figure(
                    value=many.mb - few.mb,
                    parts=f"{many.mb:.0f} MB - {few.mb:.0f} MB, {many.pages:,} pages of {SITES} "
                    f"sites read again; {many.each:.2f} and {few.each:.2f} ms of CPU a page",
                )


def _know_more(database: Path, more: int) -> None:
    """Copy the stored pages under other addresses, as the last run's frontier has them too."""
    connection = open_database(database)
    with transaction(connection):
        (stored,) = connection.execute("SELECT count(*) FROM pages").fetchone()
        for number in range(-(-more // stored)):
            for table in ("pages", "frontier"):
                rows = connection.execute(f"PRAGMA table_info({table})").fetchall()
                columns = [row[1] for row in rows if row[1] != "id"]
                taken = ", ".join("url || ?2" if one == "url" else one for one in columns)
                which = "role = 'page'" if table == "frontier" else "id <= ?1"
                connection.execute(
                    f"INSERT INTO {table} ({', '.join(columns)}) SELECT {taken} FROM {table} "
                    f"WHERE {which} AND url NOT LIKE '%?copy=%'",
                    (stored, f"?copy={number}"),
                )
        connection.execute(
            "INSERT OR IGNORE INTO page_versions SELECT p.id, p.version, v.seen_at, v.title, "
            "v.description, v.text, v.headings_json, v.company_json, v.notices_json "
            "FROM pages p JOIN pages o ON o.url = substr(p.url, 1, instr(p.url, '?copy=') - 1) "
            "JOIN page_versions v ON v.page_id = o.id AND v.version = o.version"
        )
    connection.close()
