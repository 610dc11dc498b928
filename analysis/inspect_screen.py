"""A line of ``scrapy inspect`` as a screen for people: what was read, each with its proof."""

from collections.abc import Iterator, Mapping
from typing import Any

from rich import box
from rich.console import Console, Group, RenderableType
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

_TEXT = 900  # characters of the main text shown
_POSTS, _THREADS, _KEYWORDS, _OFFERS = 5, 10, 12, 20
_CONTACT_RULES = {
    "email": ("email", "mailto"), "phone": ("phone", "tel", "telephone"), "address": ("address",),
}  # fmt: skip
_CONTROLS = {code: None for code in (*range(32), *range(127, 160)) if code != ord("\n")}
_STRENGTHS = {1: "weak", 2: "medium", 3: "strong"}
_PERIODS = {
    "once": "once", "day": "a day", "week": "a week", "month": "a month", "quarter": "a quarter",
    "year": "a year",
}  # fmt: skip
_FIELDS = (
    "name", "tagline", "positioning", "description", "founded", "size", "places", "languages",
    "markets", "audience", "customers", "trust", "after_sales", "sales", "accounts",
)  # fmt: skip


def print_screen(line: Mapping[str, Any], console: Console) -> None:
    """Print a page's line, section by section; what the page does not say is left out.

    Control characters a page holds are dropped: a terminal would obey them.
    """
    line = _harmless(line)
    console.print(Text(line["title"] or "(no title)", style="bold"))
    about = [line["url"], line["kind"] or "", line["lang"], line["script"] or ""]
    console.print(Text(" · ".join(filter(None, about)), style="dim"))
    if line["error"]:
        console.print(Text(line["error"], style="red"))
        return
    for title, content in _sections(line):
        console.print()
        console.print(Text(title, style="bold cyan"))
        console.print(Padding(content, (0, 0, 0, 2)))
    console.print()


def _harmless(value: Any) -> Any:
    if isinstance(value, str):
        return value.translate(_CONTROLS)
    if isinstance(value, Mapping):
        return {name: _harmless(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_harmless(part) for part in value]
    return value


def _sections(line: Mapping[str, Any]) -> Iterator[tuple[str, RenderableType]]:
    if line["company"]:
        company = _company(line["company"])
        if company.row_count:
            yield "Company", company
    if line["offers"]:
        offers = line["offers"]
        yield _counted("Offers", offers, _OFFERS), _offers(offers[:_OFFERS])
    if line["channels"]:
        yield f"Channels ({len(line['channels'])})", _channels(line["channels"])
    if line.get("search"):
        yield "Search work", _search(line["search"])
    if line["engine"]:
        yield "Forum", Text(f"engine {line['engine']}; next page: {line['next'] or 'none'}")
    if line["threads"]:
        titles = "\n".join(f"{t['title']}  {t['url']}" for t in line["threads"][:_THREADS])
        yield _counted("Threads", line["threads"], _THREADS), Text(titles)
    if line["posts"]:
        yield _counted("Posts", line["posts"], _POSTS), _posts(line["posts"][:_POSTS])
    if line["text"]:
        cut = len(line["text"]) > _TEXT
        title = f"Main text ({len(line['text']):,} characters)"
        yield title, Text(line["text"][:_TEXT] + ("…" if cut else ""))


def _counted(name: str, rows: list[Any], shown: int) -> str:
    more = f", the first {shown} shown" if len(rows) > shown else ""
    return f"{name} ({len(rows)}{more})"


def _grid(*columns: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_header=any(columns), show_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def _company(company: Mapping[str, Any]) -> Table:
    """Each fact beside the words that prove it and the rule that read them."""
    table = _grid("fact", "value", "proof")
    proofs: dict[str, list[str]] = {}
    for row in company["evidence"]:
        proofs.setdefault(row["subject"], []).append(f"“{row['quote']}” ({row['rule']})")
    values = {name: company.get(name) for name in _FIELDS}
    for name, value in (company.get("contact") or {}).items():
        values[f"contact: {name}"] = value
    for name, value in values.items():
        if value in (None, "", [], ()):
            continue
        shown = "\n".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
        proof = proofs.get(name.split(":")[0], [])
        if name.startswith("contact: "):
            rules = _CONTACT_RULES.get(name.removeprefix("contact: "), ())
            proof = [words for words in proof if words.rstrip(")").endswith(rules)]
        table.add_row(escape(name), escape(shown), escape("\n".join(proof[:4])))
    return table


def _offers(offers: list[Mapping[str, Any]]) -> Table:
    table = _grid("name", "price", "as it stands", "more")
    for offer in offers:
        more = [
            offer["availability"],
            offer["sku"] and f"sku {offer['sku']}",
            offer["brand"],
            offer["rating"] and f"rated {offer['rating']} ({offer['review_count'] or '?'})",
            offer["sold_count"] and f"sold {offer['sold_count']}",
            offer.get("promotion"),
            offer.get("price_before") and f"before {offer['price_before']}",
        ]
        table.add_row(
            escape(offer["name"] or "-"),
            escape(_price(offer)),
            escape(offer["price_text"] or ""),
            escape(" · ".join(str(part) for part in more if part)),
        )
    return table


def _price(offer: Mapping[str, Any]) -> str:
    if offer["price"] is None:
        return "-"
    amount = str(offer["price"])
    if offer["price_max"] and offer["price_max"] != offer["price"]:
        amount += f" to {offer['price_max']}"
    parts = [amount, offer["currency"], _PERIODS.get(offer["period"] or "")]
    if offer["unit"]:
        parts.append(f"per {offer['unit']}")
    return " ".join(filter(None, parts))


def _channels(channels: list[Mapping[str, Any]]) -> Table:
    table = _grid("channel", "role", "platform", "strength", "proof")
    for tag in channels:
        proof = tag["evidence"]
        table.add_row(
            tag["channel"], tag["role"], escape(tag["platform"] or ""),
            _STRENGTHS.get(tag["strength"], ""), escape(f"{proof['quote']} ({proof['rule']})"),
        )  # fmt: skip
    return table


def _search(search: Mapping[str, Any]) -> Table:
    table = _grid("", "")
    table.show_header = False
    rows = {
        "title": f"{search['title_length']} characters",
        "description": f"{search['description_length']} characters",
        "h1": "\n".join(search["h1s"]),
        "canonical": search["canonical"],
        "hreflang": " ".join(search["hreflangs"]),
        "structured data": ", ".join(search["structured"]),
        "search engines": "let in" if search["indexable"] else "asked to leave it out (noindex)",
        "published": search["published_at"],
        "modified": search["modified_at"],
        "feeds": "\n".join(search["feeds"]),
        "keywords": ", ".join(word["phrase"] for word in search["keywords"][:_KEYWORDS]),
    }
    for name, value in rows.items():
        if value:
            table.add_row(name, escape(str(value)))
    return table


def _posts(posts: list[Mapping[str, Any]]) -> Group:
    shown: list[RenderableType] = []
    for post in posts:
        rating = f" · rated {post['rating']}" if post["rating"] else ""
        head = f"{post['author'] or 'unknown'} · {post['posted_at'] or post['posted_text'] or '?'}"
        shown.append(Text(head + rating, style="dim"))
        shown.append(Text(post["text"][:400] + ("…" if len(post["text"]) > 400 else "")))
    return Group(*shown)
