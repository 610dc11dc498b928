"""What a page proves, gathered row by row, and the tags that come of it. Pure."""

from crawlers.items import ChannelTag, Evidence
from crawlers.words import Channel, ChannelRole, Strength
from pipelines.channels.rows import Rule

_QUOTE = 200  # characters of a quote
_EVIDENCE = 5  # rows kept for a tag

Claim = tuple[Channel, ChannelRole, str | None]
"""Channel, role and platform: what one tag is about."""


class Claims:
    """Evidence gathered so far of one page."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._rows: dict[Claim, dict[tuple[str, str], tuple[int, int]]] = {}
        self._count = 0

    def add(self, rule: Rule, strength: Strength, quote: str) -> None:
        """A row that fired, with the words or the address seen."""
        self.add_claim((rule.channel, rule.role, rule.platform), rule.id, strength, quote)

    def add_claim(self, claim: Claim, rule: str, strength: Strength, quote: str) -> None:
        """The same for what no row of the table says."""
        quote = " ".join(quote[: 2 * _QUOTE].split())[:_QUOTE]
        rows = self._rows.setdefault(claim, {})
        known = rows.get((rule, quote))
        if known is None or -known[0] < strength:
            self._count += 1
            rows[rule, quote] = (-strength, self._count)

    def tags(self) -> tuple[ChannelTag, ...]:
        """One tag per claim, strongest first, then by name; evidence strongest first."""
        tags = []
        for (channel, role, platform), rows in self._rows.items():
            ordered = sorted(rows.items(), key=lambda row: row[1])
            best = ordered[0][1][0]
            tags.append(
                ChannelTag(
                    channel=channel,
                    role=role,
                    platform=platform,
                    strength=3 if best == -3 else 2 if best == -2 else 1,
                    evidence=tuple(
                        Evidence(quote=quote, rule=rule, url=self._url)
                        for (rule, quote), _ in ordered[:_EVIDENCE]
                    ),
                )
            )
        if any(tag.channel == "email" and tag.platform for tag in tags):
            # A newsletter of an unknown provider is said only where none is known.
            tags = [tag for tag in tags if tag.channel != "email" or tag.platform]
        tags.sort(key=lambda tag: (-tag.strength, tag.channel, tag.role, tag.platform or ""))
        return tuple(tags)
