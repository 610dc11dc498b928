"""The default channel of Google Analytics 4 for a source, a medium and a campaign.

Rules and order: support.google.com/analytics/answer/9756891, "manual traffic"; the lists of
sources stand in ``tables/ga4.toml``. One rule is ours: an unpaid visit from an assistant
(ChatGPT, Perplexity, Doubao, Kimi) is ``ai_assistant``. Pure.
"""

import re
import tomllib
from functools import lru_cache
from urllib.parse import parse_qsl

from crawlers.urls import registrable_domain
from crawlers.words import Channel
from pipelines.channels.table import table_files

_PAID = re.compile(r"^(.*cp.*|ppc|retargeting|paid.*)$")
_SHOPPING_CAMPAIGN = re.compile(r"^(.*(([^a-df-z]|^)shop|shopping).*)$")
_DISPLAY = frozenset({"display", "banner", "expandable", "interstitial", "cpm"})
_SOCIAL = frozenset({
    "social", "social-network", "social-media", "sm", "social network", "social media",
})  # fmt: skip
_EMAIL = frozenset({"email", "e-mail", "e_mail", "e mail"})
_NOTHING = frozenset({"", "(not set)", "(none)"})
_LONGEST = 200  # characters read of a source, medium or campaign: more is an attack
_PAID_BY_CATEGORY: dict[str, Channel] = {
    "search": "paid_search",
    "social": "paid_social",
    "video": "paid_video",
}
_ORGANIC_BY_CATEGORY: dict[str, Channel] = {
    "shopping": "organic_shopping",
    "social": "organic_social",
    "video": "organic_video",
    "search": "organic_search",
}


def channel_of(source: str | None, medium: str | None, campaign: str | None = None) -> Channel:
    """The channel a visit with these campaign parameters counts for; the first rule wins.

    :param source: ``utm_source``; compared without regard to case, as are the others.
    :param medium: ``utm_medium``.
    :param campaign: ``utm_campaign``.
    :returns: ``unassigned`` where no rule fits.
    """
    source, medium, campaign = _plain(source), _plain(medium), _plain(campaign)
    category = category_of(source)
    paid = bool(_PAID.match(medium))
    shopping = category == "shopping" or bool(_SHOPPING_CAMPAIGN.match(campaign))
    if source in ("(direct)", "direct", "") and medium in _NOTHING and not campaign:
        return "direct"
    if "cross-network" in campaign:
        return "cross_network"
    if paid and shopping:
        return "paid_shopping"
    if paid and category in _PAID_BY_CATEGORY:
        return _PAID_BY_CATEGORY[category]
    if medium in _DISPLAY:
        return "display"
    if paid:
        return "paid_other"
    if category == "assistant":
        return "ai_assistant"
    return _unpaid(source, medium, "shopping" if shopping else category)


def _unpaid(source: str, medium: str, category: str) -> Channel:
    if category == "shopping":
        return "organic_shopping"
    if category == "social" or medium in _SOCIAL:
        return "organic_social"
    if category == "video" or "video" in medium:
        return "organic_video"
    if category == "search" or medium == "organic":
        return "organic_search"
    if source in _EMAIL or medium in _EMAIL:
        return "email"
    if medium in ("affiliate", "affiliates"):
        return "affiliates"
    if medium in ("referral", "app", "link"):
        return "referral"
    if medium == "audio":
        return "audio"
    if "sms" in (source, medium):
        return "sms"
    if medium.endswith("push") or "mobile" in medium or "notification" in medium:
        return "mobile_push"
    return "mobile_push" if source == "firebase" else "unassigned"


def _plain(text: str | None) -> str:
    return (text or "")[:_LONGEST].strip().lower()


def category_of(source: str) -> str:
    """``search``, ``social``, ``video``, ``shopping``, ``assistant``, or ``""``."""
    names = _categories()
    source = source.removeprefix("www.")
    if source in names:
        return names[source]
    if "." in source:
        return names.get(registrable_domain(source).split(".")[0], "")
    return ""


def platform_of(source: str) -> str | None:
    """The platform a source names (``m.facebook.com`` -> ``facebook``), None where unknown."""
    source = _plain(source).removeprefix("www.")
    if not category_of(source):
        return None
    if source in _SAME:
        return _SAME[source]
    label = registrable_domain(source).split(".")[0] if "." in source else source
    return _SAME.get(label, label.replace("-", "_"))


_SAME = {
    "fb": "facebook", "facebook_ads": "facebook", "fbads": "facebook", "ig": "instagram",
    "twitter": "x", "t.co": "x", "t.me": "telegram", "lnkd": "linkedin",
    "youtu": "youtube", "yt": "youtube", "pin": "pinterest",
    "xhs": "xiaohongshu", "red": "xiaohongshu", "rednote": "xiaohongshu",
    "weixin": "wechat", "google_ads": "google", "googleads": "google", "adwords": "google",
    "pdd": "pinduoduo", "openai": "chatgpt", "bard": "gemini", "bsky": "bluesky",
}  # fmt: skip


@lru_cache(maxsize=1)
def _categories() -> dict[str, str]:
    data = tomllib.loads(table_files()["ga4.toml"])
    return {
        name: category
        for part in ("sources", "hosts")
        for category, names in data[part].items()
        for name in names
    }


def campaign_of(query: str) -> tuple[str, str, str] | None:
    """Source, medium and campaign of a query string; None where it has no ``utm_`` parameters."""
    if "utm_" not in query:
        return None
    found = {
        key: value for key, value in parse_qsl(query, max_num_fields=None) if key.startswith("utm_")
    }
    if not found:
        return None
    return found.get("utm_source", ""), found.get("utm_medium", ""), found.get("utm_campaign", "")
