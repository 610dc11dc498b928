"""The sample's database held against its truth: what came out otherwise than it must."""

import sqlite3
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from crawlers.folding import fold
from pipelines.redact import pseudonym, redact
from pipelines.storage.money import from_minor


def deviations(
    connection: sqlite3.Connection, truth: dict[str, Any], salt: bytes
) -> dict[str, list[str]]:
    """What differs from the truth, by area: tiers, channels, offers, posts, switches.

    :param truth: :func:`analysis.demo.truth.load_truth`.
    :param salt: the market's, to find authors behind their pseudonyms.
    """
    return {
        "tiers": list(_tiers(connection, truth)),
        "channels": list(_channels(connection, truth)),
        "offers": list(_offers(connection, truth)),
        "posts": list(_posts(connection, truth, salt)),
        "switches": list(_switches(connection, truth)),
    }


def _tiers(connection: sqlite3.Connection, truth: dict[str, Any]) -> Iterator[str]:
    found = {
        row[0]: row[1:]
        for row in connection.execute("SELECT competitor, tier, verdict, complement FROM tiers")
    }
    for site in truth["competitors"]:
        if site["reads"] != "whole":
            continue
        want = (site["tier"], site["verdict"], int(site["complement"]))
        got = found.get(site["id"])
        if got != want:
            yield f"{site['id']}: tier, verdict, complement {got}, must be {want}"
    hosts = {site["host"]: site["id"] for site in (truth["business"], *truth["competitors"])}
    for key, host in connection.execute(
        "SELECT id, site_key FROM competitors WHERE origin = 'discovered'"
    ):
        if host in hosts:
            yield f"{key}: a candidate, though the market file names it as {hosts[host]}"


def _channels(connection: sqlite3.Connection, truth: dict[str, Any]) -> Iterator[str]:
    for site in (truth["business"], *truth["competitors"]):
        tags = {
            (channel, role, fold(platform))
            for channel, role, platform in connection.execute(
                "SELECT channel, role, platform FROM channel_tags WHERE subject = ?",
                (_key(connection, site),),
            )
        }
        if site["reads"] != "whole":
            continue
        for mark in site["must"]:
            if not _seen(mark, tags):
                yield f"{site['id']}: {mark} was not seen"
        for mark in site["never"]:
            if _seen(mark, tags):
                yield f"{site['id']}: {mark} was seen"


def _seen(mark: dict[str, Any], tags: set[tuple[str, str, str]]) -> bool:
    platform = fold(mark["platform"]).replace(" ", "_") if mark["platform"] else None
    return any(
        channel == mark["channel"] and role == mark["role"] and platform in (None, name)
        for channel, role, name in tags
    )


def _key(connection: sqlite3.Connection, site: dict[str, Any]) -> str:
    """A site's competitor id: our own business has none in the market file."""
    row = connection.execute(
        "SELECT id FROM competitors WHERE id = ? OR (is_self = 1 AND name = ?)",
        (site["id"], site["name"]),
    ).fetchone()
    return str(row[0]) if row else str(site["id"])


def _offers(connection: sqlite3.Connection, truth: dict[str, Any]) -> Iterator[str]:
    for site in (truth["business"], *truth["competitors"]):
        if site["reads"] != "whole":
            continue
        rows = [
            (url, fold(name or ""), from_minor(price, currency), currency, period)
            for url, name, price, currency, period in connection.execute(
                "SELECT p.url, o.name, o.price_minor, o.currency, o.period FROM offers o "
                "JOIN pages p ON p.id = o.page_id WHERE o.competitor = ?",
                (_key(connection, site),),
            )
        ]
        for offer in site["offers"]:
            price = None if offer["price"] is None else Decimal(offer["price"])
            want = (fold(offer["name"]), price, offer["currency"], offer["period"])
            here = [row[1:] for row in rows if row[0].endswith(offer["page"])]
            if not any(_same_offer(want, row) for row in here):
                yield f"{site['id']}{offer['page']}: {want} not among {here}"


def _same_offer(want: tuple[Any, ...], got: tuple[Any, ...]) -> bool:
    name, price, currency, period = want
    if price is None:  # on request: no number, whatever else stands there
        return bool(got[0] == name and got[1] is None)
    free = price == 0  # nothing costs nothing in every currency and period
    return bool(
        got[0] == name and got[1] == price and (free or (got[2] == currency and got[3] == period))
    )


def _posts(connection: sqlite3.Connection, truth: dict[str, Any], salt: bytes) -> Iterator[str]:
    found = {
        (forum, id_): (author, when, _bare(text))
        for forum, id_, author, when, text in connection.execute(
            "SELECT forum, engine_id, author, posted_at, text FROM posts"
        )
    }
    wanted = {}
    for post in truth["posts"]:
        text = _bare(redact(post["text"]))
        wanted[post["forum"], post["id"]] = (
            pseudonym(post["author"], salt), post["posted_at"], text,
        )  # fmt: skip
    for key, want in wanted.items():
        got = found.get(key)
        if got is None:
            yield f"{key}: missing"
        elif got != want:
            part = next(n for n, a, b in zip(("author", "time", "text"), got, want, strict=True)
                        if a != b)  # fmt: skip
            yield f"{key}: {part} differs"
    for key in found.keys() - wanted.keys():
        yield f"{key}: is no post of the sample"


def _bare(text: str) -> str:
    return " ".join(text.split())


def _switches(connection: sqlite3.Connection, truth: dict[str, Any]) -> Iterator[str]:
    own = truth["business"]["id"]
    found = {
        (forum, id_): (source, target, status)
        for forum, id_, source, target, status in connection.execute(
            "SELECT p.forum, p.engine_id, iif(a.is_self, ?1, s.from_competitor), "
            "iif(b.is_self, ?1, s.to_competitor), s.status FROM switches s "
            "JOIN posts p ON p.id = s.post_id "
            "LEFT JOIN competitors a ON a.id = s.from_competitor "
            "LEFT JOIN competitors b ON b.id = s.to_competitor",
            (own,),
        )
    }
    for post in truth["posts"]:
        key, switch = (post["forum"], post["id"]), post["switch"]
        want = (switch["from"], switch["to"], switch["status"]) if switch else None
        got = found.get(key)
        if got != want:
            yield f"{key}: {got}, must be {want}"
