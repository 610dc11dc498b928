"""Differences between Datasette 0.65 and 1.0, and nothing else.

0.65 asks ``permission_allowed`` / ``ensure_permissions`` and reads plugin settings from
``metadata``; 1.0 asks ``allowed`` with resource objects and reads them from ``config``.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import resources
from typing import TYPE_CHECKING, Any

from datasette import Forbidden
from datasette.version import __version__

if TYPE_CHECKING:  # Datasette loads plugins while it loads itself
    from datasette.app import Datasette
    from datasette.database import Database

IS_1 = not __version__.startswith("0.")

MACHINERY = (
    r"^/-$",
    r"^/-/(?!(?:static|static-plugins|rivalmap)/)",
    r"^/(?!-/)[^/]+/(?:.*/)?-/",
)
"""Datasette's pages about itself (paths of the machine, versions, permissions, tokens, test forms)
but not the files its pages are made of; 1.0 has more of them below a database, a table and a row:
schema, queries, and the forms that write."""

UNASKED = () if IS_1 else (r"^/[^/]+\.csv$",)
"""CSV of a whole database: 0.65 stumbles over it (500) where no query of SQL is named, 1.0 knows no
such address."""

SILENCED = (r"^/-/static/navigation-search\.js$",)
"""Scripts of 1.0's pages that do nothing but ask a closed address (``/-/jump``)."""


async def ensure_may_view(
    datasette: Datasette, actor: Mapping[str, Any] | None, database: str, tables: tuple[str, ...]
) -> None:
    """Pass where the actor may view the database and each of the tables.

    :raises Forbidden: where one of them is closed to the actor.
    """
    if IS_1:
        # Exists in 1.0 only.
        from datasette.resources import DatabaseResource, TableResource

        asked: list[tuple[str, Any]] = [("view-instance", None)]
        asked.append(("view-database", DatabaseResource(database)))
        asked += [("view-table", TableResource(database, table)) for table in tables]
        for action, resource in asked:
            if not await datasette.allowed(action=action, resource=resource, actor=actor):
                raise Forbidden(action)
        return
    # ensure_permissions stops at the first explicit yes, so each level is asked on its own.
    await datasette.ensure_permissions(actor, ["view-instance"])
    await datasette.ensure_permissions(actor, [("view-database", database), "view-instance"])
    for table in tables:
        await datasette.ensure_permissions(
            actor, [("view-table", (database, table)), ("view-database", database)]
        )


def stock_templates() -> list[str]:
    """The text of Datasette's own templates, as installed."""
    folder = resources.files("datasette") / "templates"
    return [
        page.read_text(encoding="utf-8") for page in folder.iterdir() if page.name.endswith(".html")
    ]


async def may(datasette: Datasette, actor: Mapping[str, Any] | None, action: str) -> bool:
    """Whether the actor may do this to the whole server."""
    if IS_1:
        return bool(await datasette.allowed(action=action, actor=actor))
    return bool(await datasette.permission_allowed(actor, action, default=False))


def permitted(datasette: Datasette, actor: Mapping[str, Any] | None, action: str) -> bool:
    """Whether a signed-in actor may do what is ours to permit, for 0.65, which leaves the block
    ``permissions`` of its metadata unread; 1.0 reads that of its config by itself.
    """
    from datasette.utils import actor_matches_allow

    blocks = datasette.metadata("permissions")
    block = blocks.get(action) if isinstance(blocks, dict) else None
    return bool(actor) and (block is None or bool(actor_matches_allow(actor, block)))


def actions(names: Mapping[str, str]) -> list[Any]:
    """Actions of ours as 1.0 wants them registered; 0.65 knows no such list."""
    from datasette.permissions import Action  # exists in 1.0 only

    return [Action(name=name, description=words) for name, words in names.items()]


def granted(reason: str) -> Any:
    """A yes of ours to an action, as 1.0 wants it."""
    from datasette.permissions import PermissionSQL  # exists in 1.0 only

    return PermissionSQL.allow(reason=reason)


def build(
    files: list[str],
    settings: Mapping[str, object],
    config: Mapping[str, Any],
    *,
    secret: str | None = None,
) -> Datasette:
    """A Datasette over these files; ``config`` holds ``plugins`` and ``databases``, which 0.65
    calls metadata.

    :param secret: what its cookies are signed with; a new one at every start unless said.
    """
    from datasette.app import Datasette

    named = {"config": dict(config)} if IS_1 else {"metadata": dict(config)}
    return Datasette(files, settings=dict(settings), secret=secret, **named)


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
