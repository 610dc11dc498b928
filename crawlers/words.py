"""The project's vocabulary, defined once.

Every closed list of words that stands in tables, on pages and in the JSON contract lives here,
so that code, schema and documentation cannot drift apart. A leaf: imports nothing of ours.
"""

from typing import Literal, get_args

PageKind = Literal[
    "home", "pricing", "product", "collection", "service", "about", "article", "listing",
    "documentation", "careers", "contact", "legal", "forum_board", "forum_topic", "other",
]  # fmt: skip

Availability = Literal[
    "InStock", "OutOfStock", "PreOrder", "BackOrder", "LimitedAvailability", "SoldOut",
    "Discontinued", "InStoreOnly", "OnlineOnly", "PreSale",
]  # fmt: skip
"""Names of schema.org/ItemAvailability, without the address."""

Period = Literal["once", "day", "week", "month", "quarter", "year"]

Channel = Literal[
    # Google Analytics 4, default channel group
    "direct", "cross_network", "paid_search", "paid_social", "paid_video", "paid_shopping",
    "display", "paid_other", "organic_search", "organic_social", "organic_video",
    "organic_shopping", "email", "affiliates", "referral", "audio", "sms", "mobile_push",
    "unassigned",
    # our named extensions
    "forum", "messaging", "marketplace", "events", "telesales", "partners", "reviews", "press",
    "offline", "ai_assistant",
]  # fmt: skip

ChannelRole = Literal["promotes", "gathers", "sells_space"]

Strength = Literal[1, 2, 3]
"""1 weak, 2 medium, 3 strong."""

SignalKind = Literal[
    "link", "script", "iframe", "form", "image", "inline", "meta", "text", "markup",
]  # fmt: skip

Place = Literal["head", "header", "body", "footer"]

Canonical = Literal["self", "other", "none"]
"""Which address a page names as its own: the one it stands at, another, or none."""

Flag = Literal["same_product", "same_audience", "same_category", "substitute", "extension"]

Tier = Literal[1, 2, 3]

Verdict = Literal["decided", "override", "insufficient", "unrelated"]

Stage = Literal["comparing", "searching", "using", "problem_aware", "none"]
"""Demand stage of a post's author; where several hold, the first in this order wins."""

Barrier = Literal[
    "price", "too_cheap", "trust", "understanding", "not_compared", "missing_feature", "quality",
    "switching_cost", "availability", "authority", "timing", "other",
]  # fmt: skip

Answer = Literal["yes", "no", "unknown"]

SwitchStatus = Literal["considering", "done"]

Force = Literal["push", "pull", "anxiety", "habit"]

ListLinkKind = Literal["next", "detail", "list"]
"""What a list of companies leads to: its next page, a page about one company, another list."""

Precision = Literal["second", "minute", "hour", "day", "month", "year", "unknown"]
"""How exact a post's time is known."""

Script = Literal["Hans", "Hant"]

AlertKind = Literal["price", "tier", "direct", "pain", "leaving", "source"]
"""What people are told of: a rival's prices, its move to another tier, a new direct rival, a pain
that surges, our customers leaving, a source that fails. docs/alerts.md."""

ENGINES = (
    "phpbb", "mybb", "discuz", "nodebb", "xenforo", "vbulletin", "invision", "discourse", "flarum",
    "vanilla", "smf", "bbpress", "flaskbb", "spirit", "machina", "public_inbox", "mailman",
    "stackexchange", "hackernews", "v2ex", "tieba", "ptt", "lemmy", "mastodon", "reddit",
    "youtube", "app_store", "telegram", "feed", "generic",
)  # fmt: skip
"""Forum engines a market file may name. Naming one does not promise a reader for it: without one
the forum is read by structured data and the generic reader."""

PAGE_KINDS: tuple[str, ...] = get_args(PageKind)
AVAILABILITIES: tuple[str, ...] = get_args(Availability)
PERIODS: tuple[str, ...] = get_args(Period)
CHANNELS: tuple[str, ...] = get_args(Channel)
ROLES: tuple[str, ...] = get_args(ChannelRole)
FLAGS: tuple[str, ...] = get_args(Flag)
VERDICTS: tuple[str, ...] = get_args(Verdict)
STAGES: tuple[str, ...] = get_args(Stage)
BARRIERS: tuple[str, ...] = get_args(Barrier)
ANSWERS: tuple[str, ...] = get_args(Answer)
FORCES: tuple[str, ...] = get_args(Force)
PRECISIONS: tuple[str, ...] = get_args(Precision)
ALERT_KINDS: tuple[AlertKind, ...] = get_args(AlertKind)
