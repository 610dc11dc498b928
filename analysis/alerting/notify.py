"""Mail and chat through apprise (extra ``alerts``): its addresses hold passwords, so they stand in
``RIVALMAP_NOTIFY`` or in ``data/NAME/notify``, never in the market file or the database.
"""

import importlib.util
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from analysis.alerting.message import Message, NotSentError

VARIABLE = "RIVALMAP_NOTIFY"
"""Addresses with blanks or line ends between them; wins over the file."""
FILE_NAME = "notify"
"""In the market's data folder: an address a line, ``#`` begins a remark."""
MOST = 20
"""Addresses that are read."""


def addresses(folder: Path) -> tuple[str, ...]:
    """The addresses for a market, each once, in their order.

    :param folder: the market's data folder.
    """
    text = os.environ.get(VARIABLE, "")
    if not text.strip():
        try:
            text = (folder / FILE_NAME).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            return ()
        text = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
    return tuple(dict.fromkeys(text.split()))[:MOST]


def is_readable_by_others(folder: Path) -> bool:
    """Whether other users of this machine may read the file; never on Windows."""
    path = folder / FILE_NAME
    return os.name == "posix" and path.exists() and bool(path.stat().st_mode & 0o077)


def lack() -> str:
    """What is missing to send mail and chat; empty where nothing is."""
    if importlib.util.find_spec("apprise") is None:
        return "mail and chat need apprise: pip install 'rivalmap[alerts]'"
    return ""


def send(address: str, message: Message) -> None:
    """Send a message to one address; its times out are the address's own (``?cto=4&rto=4``).

    :raises NotSentError: where the extra is missing, the address is none, or nobody took it.
    """
    if missing := lack():
        raise NotSentError(missing)
    with _unlogged():
        import apprise

        service = apprise.Apprise()
        known = service.add(address)
        taken = known and service.notify(
            title=message.subject(), body=message.text(), body_format=apprise.NotifyFormat.TEXT
        )
    if not known:
        raise NotSentError("apprise does not know such an address: github.com/caronc/apprise/wiki")
    if not taken:
        raise NotSentError("the service did not take it, or could not be reached")


@contextmanager
def _unlogged() -> Iterator[None]:
    """What apprise and the libraries below it log may quote the address: none of it is kept."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(before)
