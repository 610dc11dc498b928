"""Comparing two versions of a page, fact by fact."""

from crawlers.items import ChannelTag
from pipelines.changes.hiring import compare_hiring
from pipelines.changes.model import Change, PageFacts, short
from pipelines.changes.offers import compare_offers
from pipelines.changes.positioning import compare_positioning
from pipelines.changes.promotions import compare_promotions

_IMPORTANT_PAGES = {"pricing": 3, "product": 2, "service": 2, "careers": 2, "home": 2}


def compare(old: PageFacts, new: PageFacts) -> tuple[Change, ...]:
    """What changed between two versions of one page; cosmetic noise is no change.

    Both must have been read by the same readers: what one of them reads better is no change of the
    page. Channels are weighed over the whole site, see :func:`channel_seen`.
    """
    return (
        *compare_offers(old, new),
        *compare_promotions(old, new),
        *compare_positioning(old, new),
        *compare_hiring(old, new),
    )


def new_page(page: PageFacts) -> Change:
    """A page that was not there when the site was read before."""
    return Change(
        kind="new_page", field="page", old=None, new=page.url,
        words=f"New {_kind(page.kind)}: {short(page.title or page.url)}",
        importance=_IMPORTANT_PAGES.get(page.kind, 1),
    )  # fmt: skip


def removed_page(*, url: str, title: str, kind: str) -> Change:
    """A page that is not there any more."""
    return Change(
        kind="removed_page", field="page", old=url, new=None,
        words=f"Removed {_kind(kind)}: {short(title or url)}",
        importance=_IMPORTANT_PAGES.get(kind, 1),
    )  # fmt: skip


def channel_seen(tag: ChannelTag, *, platform: str) -> Change:
    """A channel the site had given no proof of.

    :param platform: the platform's name as people write it; ``""`` where the tag has none.
    """
    name = _channel(tag.channel, platform)
    return Change(
        kind="channel", field=tag.role, old=None, new=name, words=f"New channel: {name}",
        importance=2,
    )  # fmt: skip


def channel_gone(channel: str, role: str, *, platform: str) -> Change:
    """A channel the site has given no proof of for some crawls."""
    name = _channel(channel, platform)
    return Change(
        kind="channel", field=role, old=name, new=None, words=f"Channel not seen any more: {name}",
        importance=1,
    )  # fmt: skip


def channel_key(channel: str, role: str, platform: str) -> str:
    """A channel tag of a site in one spelling."""
    return f"{channel} {role} {platform}"


def _channel(channel: str, platform: str) -> str:
    group = channel.replace("_", " ")
    return f"{platform} ({group})" if platform else group


def _kind(kind: str) -> str:
    return "page" if kind == "other" else f"{kind.replace('_', ' ')} page"
