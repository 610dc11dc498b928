"""From a market and options to a report's bytes."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

from analysis.reports.document import Report
from analysis.reports.html import as_html
from analysis.reports.logo import Logo, LogoError
from analysis.reports.markdown import as_markdown
from analysis.reports.reading import NothingToReportError, read_findings, refuse_older
from analysis.reports.weekly import read_week, weekly_report
from analysis.reports.whole import whole_report
from analysis.reports.wording import Wording
from analysis.web.i18n import LANGUAGES
from crawlers.market import Market
from pipelines.storage.database import DATABASE_NAME, open_database

ENDINGS: Final = (".html", ".md", ".xlsx")
"""The forms a report can have, by the ending of its file."""


def choose_language(asked: str | None, offered: Iterable[str]) -> str:
    """The language asked for, else the market's first that we have, else English."""
    for code in (asked, *offered):
        if code in LANGUAGES:
            return str(code)
    return next(iter(LANGUAGES))


def build(
    market: Market,
    folder: Path,
    *,
    language: str,
    period: str,
    weekly: bool = False,
    logo: Logo | None = None,
    today: date | None = None,
) -> Report:
    """A market's report. The database is opened for reading only.

    :param folder: where the market's database lies.
    :param period: an id of :data:`analysis.questions.period.DAYS`.
    :param today: the day on the report; the clock's (UTC) unless said.
    :raises DatabaseError: no database, a damaged one, one of a newer program.
    :raises NothingToReportError: an older schema, nothing gathered, no answers yet.
    """
    path = folder / DATABASE_NAME
    if not path.exists():
        raise NothingToReportError(f"nothing gathered yet: scrapy research {market.name}")
    day = today or datetime.now(UTC).date()
    words = Wording(language)
    connection = open_database(path, read_only=True)
    try:
        connection.text_factory = _text
        refuse_older(connection, path)
        connection.execute("BEGIN")  # one state of the database, while a crawl goes on writing
        found = read_findings(connection, period)
        if not weekly:
            return whole_report(found, words, today=day, logo=logo)
        week = read_week(connection)
        if week is None:
            raise NothingToReportError(f"nothing gathered yet: scrapy research {market.name}")
        return weekly_report(found, week, words, today=day, logo=logo)
    finally:
        connection.close()


def _text(stored: bytes) -> str:
    """Text as stored; bytes that are no UTF-8, which only others' programs write, show as such."""
    return stored.decode("utf-8", "replace")


def rendered(report: Report, ending: str) -> bytes:
    """The bytes of a report's file.

    :param ending: one of :data:`ENDINGS`.
    :raises LogoError: an SVG logo for Excel, which shows none.
    """
    if ending == ".html":
        return as_html(report).encode("utf-8")
    if ending == ".md":
        return as_markdown(report).encode("utf-8")
    if report.logo is not None and report.logo.kind == "svg":
        raise LogoError("Excel shows no SVG pictures: give the logo as PNG or JPEG")
    from analysis.reports.workbook import as_workbook

    return as_workbook(report)
