"""Where markets live: ``RIVALMAP_HOME`` and the names in it. A leaf."""

import os
import re
from pathlib import Path

from crawlers.folding import fold
from crawlers.marketfile.errors import MarketNameError, MarketNotFoundError, nearest, shown_value

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
# Windows keeps these names for devices, with any ending; a folder shared with it must still open.
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)")


def home() -> Path:
    """The folder that holds ``markets/`` and ``data/``, absolute.

    ``RIVALMAP_HOME`` where it is set; else the nearest folder with a ``scrapy.cfg``, from the
    current one upwards; else the current folder.
    """
    named = os.environ.get("RIVALMAP_HOME", "").strip()
    if named:
        return Path(named).expanduser().resolve()
    here = Path.cwd().resolve()
    for folder in (here, *here.parents):
        if (folder / "scrapy.cfg").is_file():
            return folder
    return here


def check_name(name: str) -> str:
    """The name itself, where it can name a market.

    A market's name is a file's and a folder's on every system: lower-case ASCII letters, digits,
    ``-`` and ``_``, at most 64, the first a letter or a digit.

    :raises MarketNameError: with a mended name.
    """
    if _NAME.fullmatch(name) and not _DEVICES.fullmatch(name):
        return name
    shown, mended = shown_value(name), mended_name(name)
    if not name.strip():
        wrong = "a market needs a name"
    elif re.search(r"[/\\:]|\.\.|\0", name):
        wrong = f"{shown} is a path, not a market's name"
    elif _DEVICES.fullmatch(name):
        wrong = f"{shown} cannot be a market's name: Windows keeps it for a device"
    elif len(name) > 64:
        wrong = f"{shown} is too long for a market's name ({len(name)} characters, 64 at most)"
    else:
        wrong = f"{shown} cannot be a market's name"
    raise MarketNameError(
        f"{wrong}. Use small letters a-z, digits, - and _, for example: {mended}",
        suggestion=mended,
    )


def mended_name(name: str) -> str:
    """The nearest name that can name a market; ``my-market`` where nothing of it can stay."""
    stem = re.split(r"[/\\]", name.rstrip("/\\"))[-1]
    plain = fold(re.sub(r"\.toml$", "", stem, flags=re.IGNORECASE))
    mended = re.sub(r"[^a-z0-9_]+", "-", plain).strip("-_")[:64].rstrip("-_")
    if not mended:
        return "my-market"
    return f"{mended}-market" if _DEVICES.fullmatch(mended) else mended


def market_path(name: str) -> Path:
    """Where a market's file is, or would be.

    :raises MarketNameError: for a name that cannot be one.
    """
    return home() / "markets" / f"{check_name(name)}.toml"


def data_dir(name: str) -> Path:
    """The folder of a market's database, archive and lock; made by whoever writes there first.

    :raises MarketNameError: for a name that cannot be one.
    """
    return home() / "data" / check_name(name)


def market_names(folder: Path | None = None) -> tuple[str, ...]:
    """The markets that have a file under :func:`home` (or another folder), sorted."""
    try:
        found = [path.stem for path in ((folder or home()) / "markets").glob("*.toml")]
    except OSError:
        return ()
    return tuple(sorted(name for name in found if _NAME.fullmatch(name)))


def find_market(name: str, folder: Path | None = None) -> Path:
    """The file of an existing market.

    :param folder: instead of :func:`home`.
    :raises MarketNameError: for a name that cannot be one.
    :raises MarketNotFoundError: where there is no such file; says which there are.
    """
    place = folder or home()
    path = place / "markets" / f"{check_name(name)}.toml"
    if path.is_file():
        return path
    existing = market_names(place)
    likely = nearest(name, existing)
    if likely:
        hint = f'did you mean "{likely}"? '
    elif existing:
        hint = f"there are: {', '.join(existing[:20])}{' ...' if existing[20:] else ''}. "
    else:
        hint = "there is none yet. "
    raise MarketNotFoundError(
        f'no market "{name}": {path} does not exist; {hint}Make it with: scrapy newmarket {name}',
        existing=existing,
    )
