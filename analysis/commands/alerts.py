"""``scrapy alerts NAME``: what was told, to whom; a test of the channels."""

import argparse
from typing import TYPE_CHECKING, ClassVar

from analysis.commandline import (
    CONFIGURATION,
    LOCKED,
    OK,
    PARTLY,
    USAGE,
    CommandError,
    RivalmapCommand,
)

if TYPE_CHECKING:
    from pathlib import Path

    from crawlers.market import Market


class Command(RivalmapCommand):
    """Lists alerts, tries the channels, sends what waits. docs/alerts.md."""

    arguments: ClassVar[tuple[str, ...]] = ("market",)

    def short_desc(self) -> str:
        """A line of the commands' list."""
        return "Alerts of a market: list them, test the channels, send what waits"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """``--list``, ``--test``, ``--send``."""
        super().add_options(parser)
        group = parser.add_argument_group("Alerts")
        what = group.add_mutually_exclusive_group()
        what.add_argument(
            "--list", action="store_true", help="the alerts of the last thirty days (default)"
        )
        what.add_argument(
            "--test", action="store_true", help="send every channel a test message; stores nothing"
        )
        what.add_argument(
            "--send", action="store_true", help="send what no channel was told yet, as a run does"
        )

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """List, test or send; exit 5 where a channel failed, 3 where there is none."""
        from crawlers.market import data_dir, find_market, load_market

        market = load_market(find_market(args[0]))
        folder = data_dir(market.name)
        if opts.test:
            return _test(market, folder)
        if opts.send:
            return _send(market)
        return _list(market, folder)


def _list(market: "Market", folder: "Path") -> int:
    from contextlib import closing
    from datetime import UTC, datetime, timedelta

    from analysis.alerting.wording import one_line
    from analysis.questions.told import DAYS, newest
    from analysis.web.i18n import Translator
    from pipelines.storage.database import DATABASE_NAME, open_database
    from pipelines.storage.times import utc_text

    since = utc_text(datetime.now(UTC) - timedelta(days=DAYS))
    t = Translator(market.alerts.language)
    with closing(open_database(folder / DATABASE_NAME, read_only=True)) as connection:
        found = newest(connection, most=1_000, since=since)
    for alert in found:
        print(f"{alert.at[:16].replace('T', ' ')}  {one_line(t, alert)}")
    if not found:
        print(t("alerts.none").unescape())
    return OK


def _test(market: "Market", folder: "Path") -> int:
    from analysis.alerting.channels import channels_of
    from analysis.alerting.delivering import attempt
    from analysis.alerting.message import Message

    channels = channels_of(market, folder)
    if not channels:
        raise CommandError(_none(market), CONFIGURATION)
    message = Message(
        market=market.name, business=market.business.name, language=market.alerts.language
    )
    failed = 0
    for channel in channels:
        error = attempt(channel, message)
        failed += bool(error)
        print(f"{channel.name}: {error or 'took the test'}")
    return PARTLY if failed else OK


def _send(market: "Market") -> int:
    from analysis.alerting.channels import channels_of
    from analysis.alerting.delivering import deliver
    from analysis.lock import LockedError, market_lock
    from crawlers.market import data_dir
    from pipelines.storage.database import DATABASE_NAME, DatabaseError

    folder = data_dir(market.name)
    if not (folder / DATABASE_NAME).exists():
        raise DatabaseError(f"there is no database yet; run scrapy research {market.name} first")
    if market.alerts.quiet:
        raise CommandError(
            f"[alerts] quiet = true in {market.path}: nothing is sent; take it out", USAGE
        )
    if not channels_of(market, folder):
        raise CommandError(_none(market), CONFIGURATION)
    try:
        with market_lock(folder, f"alerts {market.name}"):
            found = deliver(market)
    except LockedError as error:
        raise CommandError(str(error), LOCKED) from None
    for delivery in found:
        print(delivery.words())
    return PARTLY if any(delivery.error for delivery in found) else OK


def _none(market: "Market") -> str:
    return (
        f"no channel: set webhook under [alerts] in {market.path}, or addresses of apprise in "
        f"RIVALMAP_NOTIFY or data/{market.name}/notify"
    )
