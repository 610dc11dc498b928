"""One answer of the sample market: status, headers, body. Pure; the server only carries it."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Literal

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
"""The sample's "today". Every date in it is relative to this moment, so it never changes."""

Fault = Literal["reset", "short"]
"""``reset``: the connection is torn down; ``short``: more is promised than is sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a host answers to one address. ``fault`` is set on the broken site only."""

    status: int
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    fault: Fault | None = None

    def header(self, name: str) -> str | None:
        """The first header of that name, in any case; ``None`` where there is none."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


def etag_of(body: bytes) -> str:
    """A strong entity tag: the same bytes have the same tag in every run."""
    return f'"{hashlib.sha256(body).hexdigest()[:20]}"'


def page(
    text: str,
    *,
    status: int = 200,
    content_type: str = "text/html; charset=utf-8",
    encoding: str = "utf-8",
    modified: datetime | None = None,
    extra: tuple[tuple[str, str], ...] = (),
) -> Answer:
    """A text as an answer, with entity tag and, where given, the time of its last change."""
    body = text.encode(encoding, "xmlcharrefreplace")
    headers = [("Content-Type", content_type), ("ETag", etag_of(body)), *extra]
    if modified is not None:
        headers.append(("Last-Modified", format_datetime(modified, usegmt=True)))
    return Answer(status=status, body=body, headers=tuple(headers))


def plain(text: str) -> Answer:
    """A text file: robots.txt, ads.txt."""
    return page(text, content_type="text/plain; charset=utf-8")


def redirect(location: str, *, status: int = 301) -> Answer:
    """A redirect to an absolute address."""
    return Answer(
        status=status,
        body=b"moved\n",
        headers=(("Location", location), ("Content-Type", "text/plain")),
    )


def not_found(name: str) -> Answer:
    """A real 404, in the site's name."""
    return page(
        f"<!doctype html><title>404</title><h1>404</h1><p>{name}: no such page.</p>", status=404
    )
