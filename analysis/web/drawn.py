"""Pages drawn before: what shows the same is drawn once.

Drawing is two thirds of a page's time, and a market changes by the minute, not by the second. A
page is a function of its template and of what it is given, so the same again is the same page.
"""

from __future__ import annotations

import hashlib
import pickle
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any

MOST_CHARACTERS = 16_000_000
"""Of all pages kept, together; the largest page has 0.4 million."""


class Drawn:
    """The pages drawn last, by what they were drawn from.

    :param most: characters of all pages kept; the one shown longest ago goes first.
    """

    def __init__(self, most: int = MOST_CHARACTERS) -> None:
        self._most = most
        self._kept: OrderedDict[bytes, str] = OrderedDict()
        self._size = 0

    def page(self, template: str, context: Mapping[str, Any], draw: Callable[[], str]) -> str:
        """The page of a template and a context: kept from before, or drawn now.

        :param context: what the page shows. Texts (``t``), addresses (``links``) and tabs are told
            apart by their language and their base; all else by its value.
        """
        key = _key(template, context)
        if key is None:
            return draw()
        html = self._kept.get(key)
        if html is not None:
            self._kept.move_to_end(key)
            return html
        html = draw()
        self._kept[key] = html
        self._size += len(html)
        while self._size > self._most:
            self._size -= len(self._kept.popitem(last=False)[1])
        return html


def _key(template: str, context: Mapping[str, Any]) -> bytes | None:
    shown = {name: value for name, value in context.items() if name not in ("t", "links", "tabs")}
    asked = (template, context["t"].language, vars(context["links"]), shown)
    try:
        return hashlib.blake2b(pickle.dumps(asked, pickle.HIGHEST_PROTOCOL)).digest()
    except (pickle.PicklingError, TypeError, AttributeError, RecursionError):
        return None  # something with no value of its own
