"""Pages whose data is laid out for drawing, laid out for programs: one row a thing, each named."""

from collections.abc import Callable, Mapping
from typing import Any

Contents = Mapping[str, Any]


def shaped(page: str, contents: Contents) -> dict[str, Any]:
    """A page's contents for programs; those of most pages are as they are."""
    return _SHAPES.get(page, dict)(contents)


def _changes(contents: Contents) -> dict[str, Any]:
    """The rows alone: their day is in ``at``."""
    rest = {key: value for key, value in contents.items() if key != "days"}
    return {"changes": [row for _, rows in contents["days"] for row in rows], **rest}


def _channels(contents: Contents) -> dict[str, Any]:
    """The matrix as a row a competitor, a column a channel: the strength seen, 1 to 3.

    ``null`` is not seen; where ``read`` is false nothing could be seen.
    """
    rest = {key: value for key, value in contents.items() if key not in ("rows", "columns")}
    columns = contents["columns"]
    matrix = [
        {
            "competitor": row["standing"].competitor,
            "name": row["standing"].name,
            "group": row["standing"].group,
            "read": not row["unread"],
            **{
                channel: cell["strength"] if cell else None
                for channel, cell in zip(columns, row["cells"], strict=True)
            },
        }
        for row in contents["rows"]
    ]
    platforms = [
        {"competitor": row["standing"].competitor, "channel": channel, "platform": platform}
        for row in contents["rows"]
        for channel, cell in zip(columns, row["cells"], strict=True)
        for platform in (cell["platforms"] if cell else ())
    ]
    return {"matrix": matrix, "platforms": platforms, **rest}


def _competitor(contents: Contents) -> dict[str, Any]:
    """Without the whole market's answer on keywords: what is of this one is in ``gap``."""
    return {key: value for key, value in contents.items() if key != "gap_answer"}


def _posts(contents: Contents) -> dict[str, Any]:
    """Counts of the filters as rows, and how many values more there are."""
    facets: Mapping[str, tuple[list[tuple[str, int]], int]] = contents["facets"]
    rows = {
        name: [{"value": value, "posts": posts} for value, posts in found]
        for name, (found, _) in facets.items()
    }
    return {**contents, "facets": rows, "more": {name: more for name, (_, more) in facets.items()}}


_SHAPES: dict[str, Callable[[Contents], dict[str, Any]]] = {
    "changes": _changes,
    "channels": _channels,
    "competitor": _competitor,
    "posts": _posts,
}
