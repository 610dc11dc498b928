"""``scrapy addtexts NAME FILE --source LABEL``: the researcher's own texts, read like posts."""

import argparse
import sys
from typing import TYPE_CHECKING, ClassVar

from analysis.commandline import LOCKED, NOTHING, OK, PARTLY, USAGE, CommandError, RivalmapCommand

if TYPE_CHECKING:
    from analysis.owntexts.model import Counts


class Command(RivalmapCommand):
    """Takes survey answers, interviews, support mails, shop exports. docs/own-texts.md."""

    arguments: ClassVar[tuple[str, ...]] = ("market", "FILE.(csv|tsv|xlsx|jsonl|mbox|eml)[.gz]")

    def short_desc(self) -> str:
        """A line of the commands' list."""
        return "Add texts of your own (surveys, mails, shop exports), kept apart from public ones"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Where the texts come from, and what stands in which column."""
        super().add_options(parser)
        add = parser.add_argument
        add("--source", metavar="LABEL", help='what these texts are: "survey 2026"; always needed')
        add(
            "--text",
            metavar="COLUMN",
            action="append",
            default=[],
            help="column of texts; more than one: each a question of its own",
        )
        add("--author", metavar="COLUMN", help="column that tells persons apart")
        add("--date", metavar="COLUMN", help="column of dates")
        add("--date-order", choices=("dmy", "mdy"), help="what 05/06/2026 is: day or month first")
        add("--rating", metavar="COLUMN", help="column of ratings")
        add("--id", metavar="COLUMN", help="column of ids: by these, a changed text is told")
        add("--timezone", metavar="ZONE", help="zone of times that name none: Asia/Ho_Chi_Minh")
        add("--lang", metavar="CODE|COLUMN", help="language of the texts, or column that tells it")
        add("--encoding", metavar="CODEC", help="character encoding, where it is guessed wrongly")
        add("--quiet", action="store_true", help="only errors")  # fmt: skip

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Add the file's texts."""
        from pathlib import Path

        from analysis.lock import LockedError
        from analysis.owntexts.model import ChoiceError, Choices, OwnTextsError
        from analysis.owntexts.storing import add_texts
        from crawlers.market import find_market, load_market

        if not opts.source:
            raise CommandError(
                '--source is missing: say what these texts are, "survey 2026"', USAGE
            )
        market = load_market(find_market(args[0]))
        choices = Choices(
            texts=tuple(opts.text), author=opts.author, date=opts.date, rating=opts.rating,
            id=opts.id, language=opts.lang, timezone=opts.timezone, order=opts.date_order,
            encoding=opts.encoding,
        )  # fmt: skip
        try:
            counts = add_texts(market, Path(args[1]), opts.source, choices)
        except LockedError as error:
            raise CommandError(str(error), LOCKED) from None
        except ChoiceError as error:
            raise CommandError(str(error), USAGE) from None
        except OwnTextsError as error:
            raise CommandError(f"{error}. What was stored before it stays", NOTHING) from None
        if not opts.quiet or not counts.stored:
            print(f"{market.name}, {opts.source}: {told(counts)}", file=sys.stderr)
        if not counts.stored:
            return NOTHING
        return PARTLY if counts.faulty or counts.cut or counts.large else OK


def told(counts: "Counts") -> str:
    """What became of a file, in a line or two."""
    parts = [
        f"added {counts.added:,}", f"changed {counts.changed:,}", f"unchanged {counts.unchanged:,}"
    ]  # fmt: skip
    parts += [
        f"{number:,} {what}"
        for number, what in (
            (counts.empty, "without words left out"),
            (counts.ours, "mails of our own left out"),
            (counts.automatic, "automatic mails left out"),
            (counts.large, "mails over 32 MB left out"),
        )
        if number
    ]
    said = ", ".join(parts)
    if counts.read_as:
        said += "; read as: " + ", ".join(f"{k}={v}" for k, v in counts.read_as.items())
    if counts.bad_dates:
        first = " ".join(counts.first_bad_date.split())
        said += f"; {counts.bad_dates:,} without a date that can be told"
        said += f' (the first: "{first}"; --date-order may help)' if first else ""
    if counts.faulty:
        said += f"; {counts.faulty:,} could not be read (the first: {counts.first_fault})"
    if counts.cut:
        said += "; only the first 1,000,000 rows were read: split the file"
    return said
