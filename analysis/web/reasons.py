"""Why a page could not be had, in words, and what to do about it.

The reasons are those of :mod:`crawlers.base.answers` and the spiders; what each asks of a reader is
one of a few things, so the advice is given by kind.
"""

import re

from analysis.web.i18n import Translator

ADVICE = {
    "blocked": "turned_away", "login": "members",
    "robots": "robots", "robots_unreachable": "robots_unreachable",
    "robots_too_slow": "robots_too_slow", "resting": "resting", "failing": "passing",
    "tls": "passing",
    "left_site": "gone", "page_lost": "gone", "not_html": "nothing", "ignored": "nothing",
    "timeout": "passing", "connection": "passing", "cut_off": "passing", "refused": "passing",
    "empty_body": "passing", "stand_in": "passing", "missing": "passing",
    "dns": "address", "redirect": "address", "redirect_loop": "address", "moved": "address",
    "too_large": "nothing",
    "empty_topic": "engine", "empty_forum": "engine", "no_forum": "engine",
    "needs_browser": "script", "says_nothing": "script", "browser_failed": "script",
    "private_address": "private", "no_json": "no_json", "internal": "internal",
    "reader_died": "reader_died",
}  # fmt: skip
"""Reason -> kind of advice (texts ``advice.*``); answers by status are told apart by number."""

_STATUS = re.compile(r"http_(\d{3})\Z")
_TURNED_AWAY = frozenset({401, 403, 429, 451})
_GONE = frozenset({404, 410})


def advice(reason: str) -> str:
    """The kind of advice for a reason: a key of the texts ``advice.*``."""
    answered = _STATUS.match(reason)
    if answered is None:
        return ADVICE.get(reason, "other")
    status = int(answered.group(1))
    if status in _TURNED_AWAY:
        return "turned_away"
    return "gone" if status in _GONE else "passing"


def words(translator: Translator, reason: str) -> str:
    """A reason as readers say it."""
    answered = _STATUS.match(reason)
    if answered is not None:
        return translator("reason.http", status=answered.group(1))
    return translator.word("reason", reason)
