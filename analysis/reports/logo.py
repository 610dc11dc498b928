"""The client's logo: checked by what is in the file, not by its name."""

import base64
import re
import warnings
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Literal

Kind = Literal["png", "jpeg", "svg"]

MOST_BYTES = 1_000_000
MOST_PIXELS = 25_000_000
"""A larger picture is no logo: a small file may unpack to gigabytes."""

_MEDIA: dict[Kind, str] = {
    "png": "image/png", "jpeg": "image/jpeg", "svg": "image/svg+xml",
}  # fmt: skip
_OUTSIDE = re.compile(
    rb"<!ENTITY|<!DOCTYPE[^>]*\[|<\s*(?:\w+:)?(?:script|foreignObject|iframe|embed|object)\b"
    rb"|\son\w+\s*=|javascript:",
    re.IGNORECASE,
)


class LogoError(Exception):
    """A logo that cannot be used; the message says why and what can."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Logo:
    """A picture that is safe to show: as an image it runs nothing and asks for nothing."""

    kind: Kind
    body: bytes

    @property
    def address(self) -> str:
        """The picture itself as an address (``data:``)."""
        return f"data:{_MEDIA[self.kind]};base64,{base64.b64encode(self.body).decode('ascii')}"


def read_logo(path: Path) -> Logo:
    """The logo in a file.

    :raises LogoError: no such file; larger than :data:`MOST_BYTES`; not a whole PNG, JPEG or SVG;
        an SVG that holds scripts.
    """
    try:
        with path.open("rb") as file:
            body = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise LogoError(f"logo {path}: {error.strerror or error}") from None
    if len(body) > MOST_BYTES:
        raise LogoError(f"logo {path}: larger than 1 MB; save a smaller picture")
    if body.startswith(b"\x89PNG\r\n\x1a\n"):
        return _raster(path, body, "png")
    if body.startswith(b"\xff\xd8\xff"):
        return _raster(path, body, "jpeg")
    if b"<svg" in body[:4096].lower():
        return _drawing(path, body)
    raise LogoError(f"logo {path}: no PNG, JPEG or SVG picture, whatever its name says")


def _raster(path: Path, body: bytes, kind: Kind) -> Logo:
    from PIL import Image, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(BytesIO(body), formats=[kind.upper()]) as picture:
                width, height = picture.size
                if width * height > MOST_PIXELS:
                    raise LogoError(f"logo {path}: {width} x {height} pixels are too many")
                picture.load()
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise LogoError(f"logo {path}: has too many pixels") from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise LogoError(f"logo {path}: a broken {kind.upper()} picture ({error})") from None
    return Logo(kind=kind, body=body)


def _drawing(path: Path, body: bytes) -> Logo:
    """Shown as an image an SVG runs no script; one that brings scripts is refused all the same:
    the file may be taken out of the report again.
    """
    from lxml import etree

    if _OUTSIDE.search(body):
        raise LogoError(f"logo {path}: an SVG with scripts or entities; save it as a plain SVG")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        raise LogoError(f"logo {path}: a broken SVG picture ({error})") from None
    if etree.QName(root).localname != "svg":
        raise LogoError(f"logo {path}: no SVG picture")
    return Logo(kind="svg", body=body)
