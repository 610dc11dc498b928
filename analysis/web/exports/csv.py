"""A table as CSV: a byte order mark for Excel, formulas defused."""

import csv
import io

from analysis.web.exports.tables import Table
from analysis.web.formulas import BOM, defuse_for_csv


def csv_of(table: Table, *, bom: bool = True) -> bytes:
    """The table as CSV (RFC 4180, UTF-8), its first line the names of the columns.

    :param bom: whether a byte order mark goes in front, as Excel needs it.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([defuse_for_csv(name) for name in table.columns])
    for row in table.rows:
        writer.writerow([defuse_for_csv(c) if isinstance(c, str) else c for c in row])
    return (BOM if bom else b"") + text.getvalue().encode("utf-8")
