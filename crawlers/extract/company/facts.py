"""The company being filled in: each field once or as a list of phrases, each with its proof."""

from dataclasses import dataclass, field

from crawlers.extract.head import tidy
from crawlers.items import Evidence

_MOST = 12  # phrases kept of one field
_MOST_CODES = 60  # languages and markets: codes
_QUOTE = 300


_CODES = frozenset({"languages", "markets"})
_APART = frozenset({"accounts", "languages", "markets", "places"})
"""Fields of which one value may be part of another and still be of its own."""


@dataclass(slots=True)
class Facts:
    """Fields of :class:`crawlers.items.Company` as they are found, and the evidence."""

    url: str
    values: dict[str, object] = field(default_factory=dict)
    evidence: list[Evidence] = field(default_factory=list)
    known: dict[str, set[str]] = field(default_factory=dict)

    def set(self, name: str, value: object, quote: str, rule: str) -> None:
        """Fill a field once, with proof."""
        if value in (None, "", (), {}) or name in self.values:
            return
        self.values[name] = value
        self.prove(name, quote, rule)

    def add(self, name: str, value: str, quote: str, rule: str) -> None:
        """Add a phrase to a list field, with proof, unless it or one it is part of is there."""
        value = value.strip()
        known = self.known.setdefault(name, set())
        plain = value.lower()
        if not value or plain in known or len(known) >= (_MOST_CODES if name in _CODES else _MOST):
            return
        if name not in _APART and any(plain in one for one in known):
            return
        known.add(plain)
        have = self.values.get(name, ())
        assert isinstance(have, tuple)
        self.values[name] = (*have, value)
        self.prove(name, quote, rule)

    def prove(self, name: str, quote: str, rule: str, value: str | None = None) -> None:
        """A row of evidence."""
        self.evidence.append(
            Evidence(
                subject=name, quote=tidy(str(quote), _QUOTE), rule=rule, url=self.url or None,
                value=value,
            )
        )  # fmt: skip
