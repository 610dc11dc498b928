"""What is sent to a channel: some alerts of a market, as words and as the JSON of the webhook."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from analysis.alerting.wording import words_of
from analysis.questions.told import Told
from analysis.web.formats import safe_url
from analysis.web.i18n import Translator
from pipelines.storage.times import now_text

VERSION = 1
"""Of the JSON: another number where a key changes its meaning. docs/schemas/alerts.schema.json."""

_OURS = uuid.UUID("8f0a5b0e-6e0d-4c0f-9d53-3b1f6a1c9b7e")
"""Our own name space of ids."""


class NotSentError(Exception):
    """A channel that did not take a message; the words name no address and no secret."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """Alerts of one market to one channel, in one language; without any: a test.

    ``market`` is the market's name, ``business`` whose it is.
    """

    market: str
    business: str
    language: str
    alerts: Sequence[Told] = ()

    def subject(self) -> str:
        """One line."""
        t = Translator(self.language)
        if not self.alerts:
            return t("alerts.test", market=self.business).unescape()
        if len(self.alerts) == 1:
            words = words_of(t, self.alerts[0])
            return f"{self.business}: {words.kind}: {words.title}"
        return t("alerts.subject", market=self.business, n=len(self.alerts)).unescape()

    def text(self) -> str:
        """Plain text: each alert a line, its details below it, its address."""
        t = Translator(self.language)
        if not self.alerts:
            return self.subject()
        return "\n\n".join(_paragraph(t, alert) for alert in self.alerts)

    def document(self) -> dict[str, Any]:
        """The JSON of the webhook; docs/alerts.md."""
        t = Translator(self.language)
        return {
            "version": VERSION,
            "market": self.market,
            "business": self.business,
            "language": self.language,
            "sent_at": now_text(),
            "test": not self.alerts,
            "alerts": [_row(t, self.market, alert) for alert in self.alerts],
        }


def urn(market: str, alert: Told) -> str:
    """An alert's name in the world: the same from any server, also of a market restored. What is
    seen anew at another time (raised after the backup was made) has another.
    """
    return uuid.uuid5(_OURS, f"{market}\n{alert.key}").urn


def _paragraph(t: Translator, alert: Told) -> str:
    words = words_of(t, alert)
    return "\n".join(
        part
        for part in (
            f"{words.kind}: {words.title}",
            *(f"- {line}" for line in words.lines),
            safe_url(alert.url) or "",
        )
        if part
    )


def _row(t: Translator, market: str, alert: Told) -> dict[str, Any]:
    words = words_of(t, alert)
    return {
        "id": urn(market, alert),
        "kind": alert.kind,
        "competitor": alert.competitor,
        "subject": alert.subject,
        "at": alert.at,
        "raised_at": alert.raised_at,
        "title": words.title,
        "lines": list(words.lines),
        "url": safe_url(alert.url),
        "facts": dict(alert.facts),
    }
