"""Addresses inside the desk: every number can be opened down to its rows."""

from urllib.parse import quote, urlencode

from analysis.questions.period import ALL, DAYS
from analysis.questions.told import Told
from analysis.web.i18n import LANGUAGES

_LONGEST = 300
"""Characters of a value in an address: crawled ids and names may be of any length."""


class Links:
    """Builds addresses under Datasette's ``base_url``.

    :param base: Datasette's ``base_url``, ends with a slash.
    :param database: the market's name in Datasette, as its route spells it.
    :param version: changes with the stylesheet, so that no browser keeps an old one.
    :param period: the time range of the page, which every address of ours carries on.
    """

    def __init__(self, base: str, database: str, version: str, period: str = ALL) -> None:
        self._base = base
        self._database = database
        self._version = version
        self._period = period

    def page(self, name: str, /, **query: object) -> str:
        """A page of ours (``posts``, ``""`` for the overview); empty values are left out."""
        kept = {
            key: str(value)[:_LONGEST] for key, value in query.items() if value not in (None, "")
        }
        if self._period != ALL:
            kept.setdefault("period", self._period)
        if kept.get("period") == ALL:
            del kept["period"]
        return f"{self._base}{name}" + (f"?{urlencode(kept)}" if kept else "")

    def posts(self, **query: object) -> str:
        """The posts a number counts: copies and sellers left out, as in the number."""
        return self.page("posts", **{**query, "counted": 1})

    def post(self, number: int) -> str:
        """One post, whole."""
        return self.page(f"posts/{number}")

    def competitor(self, key: str, anchor: str = "") -> str:
        """One competitor."""
        return self.page(f"competitors/{quote(key, safe='')}") + (f"#{anchor}" if anchor else "")

    def alert(self, alert: Told) -> str:
        """Where an alert is looked into: the rival, the posts, the sources."""
        if alert.kind == "source":
            return self.page("collection")
        if alert.kind == "pain":
            return self.page("customers")
        if alert.kind == "leaving":
            return self.page("why-them") + "#leaving"
        anchor = "changes" if alert.kind == "price" else "history"
        return self.competitor(alert.competitor or "", anchor)

    def on_channel(self, channel: str) -> str:
        """The competitors seen promoting through a channel."""
        return self.page("competitors", channel=channel)

    def rows(self, table: str, /, **exact: object) -> str:
        """The raw rows of a table, each column equal to a value.

        A name that says how to compare itself (``run_id__gte``) is taken as it is.
        """
        query = urlencode(
            {
                name if "__" in name else f"{name}__exact": str(value)[:_LONGEST]
                for name, value in exact.items()
            }
        )
        return f"{self._base}{self._database}/{table}" + (f"?{query}" if query else "")

    def database(self) -> str:
        """All tables."""
        return f"{self._base}{self._database}"

    def static(self, name: str) -> str:
        """A file of our own."""
        return f"{self._base}-/rivalmap/{name}?{self._version}"

    def periods(self, path: str, query: dict[str, str]) -> dict[str, str]:
        """The same page for every time range: id -> address. Where to read on is left out: it is
        a place in what the other range shows.
        """
        rest = {
            key: value
            for key, value in query.items()
            if key not in ("period", "lang", "after", "page", "month", "since", "until")
        }
        return {
            key: path + (f"?{urlencode(asked)}" if asked else "")
            for key in DAYS
            for asked in [{**rest, **({} if key == ALL else {"period": key})}]
        }

    def languages(self, path: str, query: dict[str, str]) -> dict[str, tuple[str, str]]:
        """The same page in every language: code -> (own name, address)."""
        rest = {key: value for key, value in query.items() if key != "lang"}
        return {
            code: (name, f"{path}?{urlencode({**rest, 'lang': code})}")
            for code, name in LANGUAGES.items()
        }
