"""A correction posted from a page: who, may they, what is asked, stored or told why not."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from datasette import Forbidden, NotFound, Response

from analysis.reviewing.correcting import Correction, CorrectionError, correct
from analysis.web import compat, desk, session, signin
from analysis.web.market import market_database

if TYPE_CHECKING:  # Datasette loads plugins while it loads itself
    from datasette.app import Datasette

ACTION = "rivalmap-decide"
ACTIONS = {ACTION: "Correct tiers, candidates, channels and stages"}

BUSY_SECONDS = 10.0
"""How long a correction waits while a crawl writes; a crawl's transactions take less."""

log = logging.getLogger(__name__)

_writer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="rivalmap-decide")


async def decide(datasette: Datasette, request: Any) -> Response:
    """Store what the form asks and go back to its page (303), or say why not (400, 403, 503)."""
    database = market_database(datasette)
    if database is None or request.method != "POST":
        raise NotFound("closed")
    home = str(datasette.setting("base_url"))
    posted = await signin.form_of(request)
    asked = Correction(
        subject=posted.get("what", ""), key=posted.get("key", ""), value=posted.get("value", ""),
        reason=posted.get("reason", ""), channel=posted.get("channel", ""),
        platform=posted.get("platform", ""),
    )  # fmt: skip
    goal = session.local_path(posted.get("back"), home)
    actor = request.scope.get("actor")

    def refused(fault: str, status: int) -> Response:
        context = desk.bar(datasette, database, request, None)
        return desk.draw(
            "refused", context | {"fault": fault, "asked": asked, "goal": goal}, request,
            status=status,
        )  # fmt: skip

    if not actor:
        return refused("signed_out", 403)
    if not session.is_form_token(datasette, actor, posted.get("token", "")):
        return refused("stale", 403)
    if not await compat.may(datasette, actor, ACTION):
        raise Forbidden(ACTION)
    await compat.ensure_may_view(datasette, actor, database.name, ("decisions",))
    try:
        await asyncio.get_running_loop().run_in_executor(
            _writer, stored, str(database.path), asked, session.name_of(actor) or "?"
        )
    except CorrectionError as error:
        return refused(error.fault, 400)
    except sqlite3.OperationalError as error:
        if "locked" in str(error) or "busy" in str(error):
            return refused("busy", 503)
        log.exception("a correction could not be stored")
        return refused("unwritable", 503)
    return Response.redirect(goal, status=303)


def stored(path: str, asked: Correction, by: str) -> bool:
    """Store it over a short connection of its own: the market's lock is a crawl's.

    :returns: whether it was not known already.
    :raises CorrectionError: what is wrong with it.
    :raises sqlite3.OperationalError: where the file is held or cannot be written.
    """
    address = f"{Path(path).absolute().as_uri()}?mode=rw"  # a file that is gone is not made anew
    connection = sqlite3.connect(address, uri=True, timeout=BUSY_SECONDS, isolation_level=None)
    try:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = NORMAL")
        return correct(connection, asked, by)
    finally:
        connection.close()
