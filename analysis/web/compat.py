"""Differences between Datasette 0.65 and 1.0, and nothing else.

0.65 asks ``permission_allowed`` / ``ensure_permissions`` and reads plugin settings from
``metadata``; 1.0 asks ``allowed`` with resource objects and reads them from ``config``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from datasette import Forbidden
from datasette.version import __version__

if TYPE_CHECKING:  # Datasette loads plugins while it loads itself
    from datasette.app import Datasette
    from datasette.database import Database

IS_1 = not __version__.startswith("0.")


async def ensure_may_view(
    datasette: Datasette, actor: Mapping[str, Any] | None, database: str, tables: tuple[str, ...]
) -> None:
    """Pass where the actor may view the database and each of the tables.

    :raises Forbidden: where one of them is closed to the actor.
    """
    if IS_1:
        # Exists in 1.0 only.
        from datasette.resources import DatabaseResource, TableResource

        allowed = await datasette.allowed(
            action="view-database", resource=DatabaseResource(database), actor=actor
        )
        for table in tables:
            allowed = allowed and await datasette.allowed(
                action="view-table", resource=TableResource(database, table), actor=actor
            )
        if not allowed:
            raise Forbidden("view-database")
        return
    # ensure_permissions stops at the first explicit yes, so each level is asked on its own.
    await datasette.ensure_permissions(actor, ["view-instance"])
    await datasette.ensure_permissions(actor, [("view-database", database), "view-instance"])
    for table in tables:
        await datasette.ensure_permissions(
            actor, [("view-table", (database, table)), ("view-database", database)]
        )


def build(files: list[str], settings: Mapping[str, object], config: Mapping[str, Any]) -> Datasette:
    """A Datasette over these files; ``config`` holds ``plugins`` and ``databases``, which 0.65
    calls metadata.
    """
    from datasette.app import Datasette

    named = {"config": dict(config)} if IS_1 else {"metadata": dict(config)}
    return Datasette(files, settings=dict(settings), **named)


def rename_database(datasette: Datasette, path: str, name: str) -> Database:
    """Serve the one file under this name: every market's file is called ``market.db``."""
    from datasette.database import Database

    class QuietDatabase(Database):  # type: ignore[misc]  # Datasette has no types
        """Tells of a query that failed by raising only, not on the terminal as well."""

        async def execute(self, *args: Any, **named: Any) -> Any:
            return await super().execute(*args, **{**named, "log_sql_errors": False})

    for known, database in list(datasette.databases.items()):
        if database.path == path:
            datasette.remove_database(known)
    return datasette.add_database(QuietDatabase(datasette, path, is_mutable=True), name=name)


def fresh_client(datasette: Datasette) -> None:
    """Let ``datasette.client`` see what was added since the constructor (0.65 freezes its app)."""
    if not IS_1:
        datasette.client = type(datasette.client)(datasette)
