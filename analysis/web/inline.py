"""Which inline scripts of Datasette's own pages may run: exactly those its templates hold.

A script is named to the browser by its hash. What a template fills with a setting or a version is
filled here the same way. What it fills with data (1.0: the columns of a table, as JSON) differs
from page to page: such a script may run where it does nothing but give a known name a JSON value.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass

from jinja2 import Environment, StrictUndefined, TemplateError

_POLICY = (
    "default-src 'none'; script-src 'self'{scripts}; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
_INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_DATA = re.compile(r"\s*window\.(\w+) = \{\{[^{}]*(?:\{[^{}]*\}[^{}]*)?\|\s*tojson \}\};\s*")
_GIVEN = re.compile(r"\s*window\.(\w+) = (\{.*\});\s*", re.DOTALL)
_HANDLER = re.compile(r'\son[a-z]+="([^"{}]*)"')
_SHOWN = re.compile(r"{%.*?%}|{{.*?}}", re.DOTALL)

# Datasette's environment strips nothing; autoescaping leaves these values as they are.
_TEMPLATES = Environment(undefined=StrictUndefined, keep_trailing_newline=True, autoescape=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class StockScripts:
    """``hashes`` of the scripts that stand the same on every page, of the handlers in attributes
    where there are any, and the names (``window.NAME``) that pages give data to.
    """

    hashes: frozenset[str]
    handlers: bool
    data: frozenset[str]

    def policy(self, page: str = "") -> str:
        """The content security policy of a stock page.

        :param page: its HTML, whose data scripts are allowed as they stand there.
        """
        found = _INLINE.findall(page) if self.data else ()
        given = frozenset(map(_hash, filter(self._is_data, found)))
        words = sorted(self.hashes | given)
        if self.handlers:  # hashes count for onclick="..." only with this word beside them
            words.insert(0, "'unsafe-hashes'")
        return _POLICY.format(scripts="".join(f" {word}" for word in words))

    def _is_data(self, script: str) -> bool:
        found = _GIVEN.fullmatch(script)
        if found is None or found.group(1) not in self.data:
            return False
        try:
            json.loads(found.group(2))
        except (ValueError, RecursionError):
            return False
        return True


def stock_scripts(sources: Iterable[str], version: str = "") -> StockScripts:
    """What Datasette's templates hold.

    :param sources: the text of the templates, as installed.
    :param version: Datasette's, which 1.0 writes into a script.
    """
    settings: list[dict[str, object]] = [
        {"datasette_allow_facet": facet, "datasette_version": version, "table_columns": {}}
        for facet in ("true", "false")
    ]
    hashes: set[str] = set()
    data: set[str] = set()
    handlers = False
    for source in sources:
        for script in _INLINE.findall(source):
            if named := _DATA.fullmatch(script):
                data.add(named.group(1))
                continue
            hashes |= {_hash(text) for given in settings if (text := _filled(script, given))}
        for handler in _HANDLER.findall(_SHOWN.sub("{}", source)):
            handlers = True
            hashes.add(_hash(handler))
    return StockScripts(hashes=frozenset(hashes), handlers=handlers, data=frozenset(data))


def _filled(script: str, given: dict[str, object]) -> str:
    try:
        return _TEMPLATES.from_string(script).render(given)
    except (TemplateError, TypeError):  # filled with something of the page: it may not run
        return ""


def _hash(script: str) -> str:
    digest = hashlib.sha256(script.encode("utf-8", "replace")).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
