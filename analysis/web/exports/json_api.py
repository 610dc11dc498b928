"""The JSON of a page: what it shows, in one envelope; docs/take-away.md, docs/schemas/page.*."""

import json
from collections.abc import Mapping
from typing import Any

from datasette import Response

from analysis.web.exports.data import data_of
from analysis.web.exports.shapes import shaped
from analysis.web.security import OURS

VERSION = 1

OF_THE_MARKET = ("business", "market_name", "gathered", "computed_at", "running", "period", "since")
"""What every page says of the market: in the envelope, not among the page's own."""

HEADERS = {
    "Cache-Control": "private, no-cache",
    "Vary": "Cookie",
    "Content-Security-Policy": OURS,
}


def document(page: str, period: str, contents: Mapping[str, Any]) -> dict[str, Any]:
    """The envelope with a page's data.

    :param page: the page's name.
    :param period: the id of the time range.
    :param contents: what :func:`analysis.web.desk.contents` gives.
    """
    return {
        "version": VERSION,
        "page": page,
        "period": period,
        "market": data_of(contents.get("market_name")),
        "computed_at": data_of(contents.get("computed_at")),
        "data": data_of(
            shaped(page, {k: v for k, v in contents.items() if k not in OF_THE_MARKET})
        ),
    }


def answer(found: Mapping[str, Any]) -> Response:
    """A document as an answer."""
    return _json(found, 200)


def mistake(status: int, message: str) -> Response:
    """What went wrong, for programs; the words Datasette uses, and ours."""
    found = {"version": VERSION, "ok": False, "status": status, "error": message}
    return _json(found, status)


def _json(found: Mapping[str, Any], status: int) -> Response:
    body = json.dumps(found, ensure_ascii=False, allow_nan=False)
    return Response(
        body, status=status, headers=dict(HEADERS), content_type="application/json; charset=utf-8"
    )
