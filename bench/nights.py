"""Thirty real nights: ``scrapy research`` on sites that change, fail and recover.

``python -m bench.nights [--nights N]``: each night is the real command on loopback sites; between
two nights every stored time grows a day older (:mod:`bench.ageing`), for the program cannot wait.
Told: what each night raised, what it should have, and whether the webhook got each once. Exit
code 1 where a night told anything else.
"""

import argparse
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

from bench.ageing import age
from bench.night_market import CHAIRS, NOVELS, TILLS, Event, Server, Shop, Street, Talk

LATE = "Delivery is so slow, the till arrived {} days late and I am fed up."
LEFT = "I switched from Tally to {} after {} months and never looked back."
LEAVING = "Thinking of moving from Tally to {} because support never answers, after {} months."
ASKED = "Any tips for till number {} in a small cafe?"

MARKET = """
[business]
name = "Tally"
description = "Point of sale software for small cafes and restaurants"
audience = ["small restaurants", "cafes"]
[crawl]
delay = 0
allow_private = true
[alerts]
webhook = "http://hooks.localhost:{port}/tally"
"""


def past(street: Street, forum: str) -> None:
    """Eighteen weeks in which ten people a week ask, and every third week one complains."""
    street.talks[forum] = Talk()
    for week in range(17, -1, -1):
        for person in range(10):
            days = week * 7 + person * 0.6 + 0.2
            street.say(forum, f"asks-{person}", ASKED.format(week * 10 + person), days=days)
        if week % 3 == 2:
            street.say(forum, f"late-{week}", LATE.format(week), days=week * 7 + 1)


def price(key: str, **plans: int) -> Event:
    """A rival's prices from now on."""
    return lambda street: street.shops[key].prices.update(plans)


def fails(how: str, *keys: str) -> Event:
    """Sites or forums fail from now on (all where none is named); empty: they are back."""

    def event(street: Street) -> None:
        for key in keys or (*street.shops, *street.talks):
            (street.shops.get(key) or street.talks[key]).down = how

    return event


def crowd(first: int, last: int, text: str = LATE) -> Event:
    """So many people say one thing tonight."""

    def event(street: Street) -> None:
        for number in range(first, last):
            street.say("talk", f"crowd-{number}", text.format(number))

    return event


def both(*events: Event) -> Event:
    """Several things on one night."""

    def event(street: Street) -> None:
        for one in events:
            one(street)

    return event


def second_forum(street: Street) -> None:
    """A forum that is added to the market file: in its past a customer left, some complained."""
    past(street, "second")
    street.say("second", "gone", LEFT.format("Oak", 5), days=2)
    for number in range(6):
        street.say("second", f"sour-{number}", LATE.format(50 + number), days=3)


def nothing(street: Street) -> None:
    """A quiet night."""


NIGHTS: tuple[tuple[Event, list[str]], ...] = (
    (nothing, []),
    (nothing, []),
    (price("pine", Pro=59), ["price pine"]),
    (nothing, []),
    (fails("500", "oak"), []),
    (fails("", "oak"), []),
    (fails("reset", "birch"), []),
    (nothing, ["source birch"]),
    (nothing, []),
    (fails("", "birch"), []),
    (fails("503", "birch"), []),
    (both(fails("", "birch"), second_forum), []),
    (crowd(100, 130, ASKED), []),
    (lambda street: setattr(street.shops["oak"], "text", TILLS), ["direct oak"]),
    (nothing, []),
    (lambda street: street.shops.update(elm=Shop(TILLS, {"Solo": 9})), []),
    (price("elm", Solo=12), ["price elm"]),
    (lambda street: street.say("talk", "anna", LEFT.format("Oak", 3)), ["leaving"]),
    (both(lambda street: street.say("talk", "anna", LEFT.format("Oak", 4)),
          lambda street: street.say("talk", "ben", LEAVING.format("Pine", 6))), ["leaving"]),
    (both(price("pine", Basic=22, Pro=69), price("oak", Lease=25)), ["price oak", "price pine"]),
    (crowd(0, 3), []),
    (crowd(3, 40), ["pain delivery"]),
    (crowd(40, 45), []),
    (fails("500"), []),
    (nothing, ["source"]),
    (fails(""), []),
    (price("pine", Pro=59), ["price pine"]),
    (price("pine", Pro=69), []),
    (nothing, []),
    (price("elm", Solo=15), ["price elm"]),
)  # fmt: skip
"""What happens before each night, and the alerts it should raise: ``kind subject``."""


def market_file(street: Street, port: int) -> str:
    """The market file tonight: rivals and forums that are there."""
    body = MARKET.format(port=port)
    for key in street.shops:
        body += f'[[competitor]]\nid = "{key}"\nsite = "http://{key}.localhost:{port}/"\n'
    for key in street.talks:
        body += f'[[forum]]\nname = "{key}"\nurl = "http://{key}.localhost:{port}/"\n'
        body += 'timezone = "UTC"\n'
    return body


def research(home: Path) -> int:
    """One real run; its exit code."""
    program = str(Path(sys.executable).parent / "scrapy")
    done = subprocess.run(
        [program, "research", "tally", "--quiet"], cwd=home, capture_output=True, text=True,
        env={**os.environ, "RIVALMAP_HOME": str(home)}, timeout=300, check=False,
    )  # fmt: skip
    if done.returncode not in (0, 5, 6):
        sys.stderr.write(done.stderr)
    return done.returncode


def raised(connection: sqlite3.Connection, after: int) -> list[str]:
    """The alerts after one, as ``kind subject``, by the alphabet."""
    rows = connection.execute("SELECT kind, subject FROM alerts WHERE id > ?", (after,))
    return sorted(f"{kind} {subject}".strip() for kind, subject in rows)


def main(arguments: list[str]) -> int:
    """Run the nights; 1 where one told anything but what it should."""
    parser = argparse.ArgumentParser(description="real nights, exactly the true alerts")
    parser.add_argument("--nights", type=int, default=len(NIGHTS), help="only the first so many")
    many = parser.parse_args(arguments).nights
    street = Street(
        shops={
            "oak": Shop(CHAIRS, {"Lease": 20}),
            "pine": Shop(TILLS, {"Basic": 19, "Pro": 49}),
            "birch": Shop(NOVELS),
        },
        talks={},
    )
    past(street, "talk")
    began, wrong, true = time.monotonic(), 0, 0
    with tempfile.TemporaryDirectory(prefix="rivalmap-nights-") as folder, Server(street) as server:
        home = Path(folder)
        (home / "markets").mkdir()
        last = 0
        for number, (event, wanted) in enumerate(NIGHTS[:many], 1):
            event(street)
            (home / "markets" / "tally.toml").write_text(market_file(street, server.port))
            told_before = len(street.hooked)
            code = research(home)
            with closing(
                sqlite3.connect(home / "data" / "tally" / "market.db", isolation_level=None)
            ) as connection:
                found = raised(connection, last)
                (last,) = connection.execute("SELECT coalesce(max(id), 0) FROM alerts").fetchone()
                age(connection)
            hooked = sorted(
                f"{alert['kind']} {alert['subject']}".strip()
                for body in street.hooked[told_before:]
                for alert in body["alerts"]
            )
            well = found == wanted == hooked
            wrong += not well
            true += len(wanted)
            sent = "" if hooked == found else f", webhook got {hooked}"
            print(
                f"night {number:2}  exit {code}  {', '.join(found) or '-'}{sent}"
                + ("" if well else f"   SHOULD BE {wanted}"),
                flush=True,
            )
            street.night += 1
    print(
        f"{many} nights, {true} alerts due, {wrong} nights that told anything else, "
        f"{time.monotonic() - began:.0f} s"
    )
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
