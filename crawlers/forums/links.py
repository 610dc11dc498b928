"""Which forum links are never fetched, and the one address of a thread. Pure."""

import re
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from crawlers.urls import canonical_of, canonical_url, plain_parts

# A path segment of this name is a door to something else wherever it stands ...
_DOORS = frozenset({
    "login", "log-in", "signin", "sign-in", "logout", "logoff", "signout", "register",
    "registration", "signup", "sign-up", "lostpw", "lost-password", "password_reset", "memberlist",
    "member", "members", "profile", "user", "users", "whos-online", "whosonline", "search",
    "find-new", "whats-new", "posting", "newreply", "newthread", "new-topic", "newtopic",
    "add-reply", "printthread", "sendmessage", "sendtofriend", "privmsg", "conversations", "ucp",
    "usercp", "mcp", "modcp", "attachments", "attachment", "syndication", "cron", "captcha",
    "cdn-cgi", "account", "my", "notifications", "leaderboard", "badges", "feeds", "accounts",
    "u", "admin", "over18",
})  # fmt: skip
# ... of these only at the end of the path: a board or a thread may be called so.
_ACTS = frozenset({
    "reply", "quote", "report", "flag", "print", "edit", "delete", "history", "like", "react",
    "reactions", "vote", "watch", "follow", "bookmark", "subscribe", "subscription", "unsubscribe",
    "share", "raw", "rss", "feed", "publish", "compose", "download", "preview", "mark-read",
    "post-reply", "post-thread", "online", "calendar", "faq", "tos", "privacy", "rate", "likes",
    "mark_read", "index.rss", "ip", "trophies", "permalink",
})  # fmt: skip
_NAMES_FOLLOW = frozenset({"c", "t", "category", "categories", "topic", "topics", "thread",
    "threads", "tag", "tags", "f", "board", "boards", "questions"})  # fmt: skip
_EXTENSION = re.compile(r"\.(?:php|html?|aspx|rss|xml|json|cgi|pl)$", re.IGNORECASE)
_ACTION = re.compile(
    r"^(?:login|logout|register|reply|quote|post|newreply|newpoll|report|print|printpage|printable|"
    r"profile|viewprofile|search|members?|activity|who|whoposted|mlist|pm|help|reminder|email|"
    r"sendmail|syndication|dlattach|attachment|reporttm|calendar|stats|verificationcode|markread|"
    r"add_reply|getlastpost_form|delete|edit|like|vote|rss|feed|newthread|collapse|space|spacecp|"
    r"logging|misc|attachment|member|relatekw|seccode|faq|ranklist|emailtopic|notify|find)$",
    re.IGNORECASE,
)
_FILES = re.compile(
    r"\.(?:jpe?g|png|gif|webp|svg|css|js|ico|zip|rar|7z|mp[34]|pdf|docx?|xlsx?|exe|apk|woff2?)$",
    re.IGNORECASE,
)

# Query parameters that change how a page is shown, or open a session, but not which page it is.
_VIEW = frozenset({
    "sid", "s", "phpsessid", "lang", "language", "view", "order", "sort", "sortby", "sort_by",
    "ordertype", "authorid", "highlight", "hilit", "hl", "extra", "mobile", "style", "styleid",
    "theme", "skin", "from", "source", "ref", "nojs", "mode", "datecut", "prefixid", "sk", "sd",
    "st", "u", "tdsourcetag", "fromuid", "lastpost", "goto", "action", "do", "comment", "unread",
    "tap", "amp", "topicseen", "prev_next", "pk_campaign", "noquote", "srsltid", "viewfull",
})  # fmt: skip
_PAGE = frozenset({"page", "start", "p", "pp", "page_number", "pagenumber", "pageno", "offset"})
_SESSION = frozenset({"sid", "phpsessid", "s", "osid", "zenid"})

# Path endings of a page or a post inside a thread, by engine.
_ENDINGS = (
    re.compile(r"/(?:page-|page/)\d{1,6}/?$"),  # XenForo, Invision, bbPress
    re.compile(r"/(?:unread|latest|last|first-unread|post-\d{1,12}|lastpost)/?$"),  # XenForo
)
_BARE_ENDING = re.compile(r"/page\d{1,6}/?$")  # vBulletin 4 and 5, whose names end without a slash
_NAMED = (  # what stands in the first group is the thread, the rest a page or a post of it
    re.compile(r"^(.*/t/(?:[^/]+/)?\d{1,10})(?:/\d{1,7}|/last|/print)?(?:\.json)?/?$"),  # Discourse
    re.compile(r"^(.*/topic/\d{1,10}/[^/]+)/\d{1,7}/?$"),  # NodeBB
    re.compile(r"^(.*/d/\d{1,12}(?:-[^/]*)?)/\d{1,7}/?$"),  # Flarum
    re.compile(r"^(.*/discussion/\d{1,12}/[^/]+?)(?:/p\d{1,6})?/?$"),  # Vanilla
)
_REWRITTEN = (  # the same, and how the thread's own address ends
    (re.compile(r"^(.*/thread-\d{1,12})-\d{1,6}-\d{1,6}(\.html?)$"), r"\1-1-1\2"),  # Discuz!
    (re.compile(r"^(.*/thread-\d{1,12})-(?:page|post)-\d{1,12}(\.html?)$"), r"\1\2"),  # MyBB
    (re.compile(r"^(.*/thread-\d{1,12})-(?:lastpost|newpost)(\.html?)$"), r"\1\2"),  # MyBB
    (re.compile(r"^(.*/topic,\d{1,12})\.[^/.]{1,20}(\.html?)$"), r"\1.0\2"),  # SMF
    (re.compile(r"^(.*[/-]t\d{1,12})-\d{1,7}(\.html?)$"), r"\1\2"),  # phpBB with rewriting
)
_SMF = re.compile(r"^(\d{1,12})\.(?:\d{1,9}|msg\d{1,12}|new|0)$")
_NAME = re.compile(r"/|^\d{1,12}(?:-|$)|^[tf]id-\d")  # vBulletin 4; the archiver of Discuz!
_NUMBER_FIRST = re.compile(r"/\d{1,12}-[^/]+$")  # vBulletin 4 and 5: /threads/12-title?p=99
_OF_A_POST = frozenset({"p", "pid"})  # a post's number beside its thread's


def is_utility_link(url: str) -> bool:
    """Whether the address is no place where posts are read: sign-in, search, member, print,
    reply, report, attachment, feed, file.

    Such pages are never fetched: they hold no posts, or the same posts once more.
    """
    try:
        parts = urlsplit(url)
        query = parse_qsl(parts.query.replace(";", "&"), keep_blank_values=True)
    except ValueError:
        return True
    path = parts.path
    name, _ = _name_in(parts.query)
    if "/" in name:  # without rewriting: index.php?threads/x.1/
        path += "/" + name.lstrip("/")
    if _FILES.search(path) or path.lower().endswith(".rss") or _leads_away(path):
        return True
    for key, given in query:
        name = key.lower()
        if name in ("action", "do", "mode", "mod", "act", "view") and _ACTION.match(given):
            return True
        if name in ("replyto", "quote", "replytocom", "attachmentid", "aid", "print", "printable"):
            return True
    return False


def _leads_away(path: str) -> bool:
    segments = [_EXTENSION.sub("", part).lower() for part in path.split("/") if part]
    for place, segment in enumerate(segments):
        before = segments[place - 1] if place else ""
        if before in _NAMES_FOLLOW:
            continue
        is_slug = before.isdigit() and place > 1 and segments[place - 2] in _NAMES_FOLLOW
        if segment in _DOORS and not is_slug:
            return True
        if segment in _ACTS and place and place == len(segments) - 1 and before != "forums":
            return True
    return False


def thread_url(url: str) -> str:
    """The one address of a thread: no page, no post, no session, no view switches.

    ``viewtopic.php?f=2&t=3&sid=..&start=10#p7`` -> ``viewtopic.php?t=3``;
    ``/threads/x.12/page-4#post-9`` -> ``/threads/x.12/``; ``/t/slug/12/34`` -> ``/t/slug/12``;
    ``showthread.php?8-title/page2`` -> ``showthread.php?8-title``.
    An address that cannot be parsed comes back as it is.
    """
    try:
        parts = urlsplit(url)
        name, rest = _name_in(parts.query)
        query = parse_qsl(rest.replace(";", "&"), keep_blank_values=True)  # SMF: a;b
    except ValueError:
        return url
    path = _without_place(parts.path)
    names = {key.lower() for key, _ in query}
    named = bool(name) or bool(names & {"t", "tid", "topic", "threadid", "topic_id", "id"})
    named = named or any(rule.search(path) for rule in (_NUMBER_FIRST, *_NAMED))
    kept = []
    for key, given in query:
        low = key.lower()
        if low in _VIEW or (low in _PAGE and low not in _OF_A_POST):
            continue
        if named and low in _OF_A_POST:
            continue
        if low == "f" and "t" in names:  # phpBB: the forum of a topic is no part of its name
            continue
        if low == "topic" and (found := _SMF.match(given)):
            kept.append((key, f"{found[1]}.0"))
        else:
            kept.append((key, given))
    name = _without_place(name)
    words = "&".join(part for part in (name, urlencode(kept)) if part)
    return _canonical(urlunsplit((parts.scheme, parts.netloc, path, words, "")), url)


def _name_in(query: str) -> tuple[str, str]:
    """A query's bare beginning, which is read by place (``?8-title``, ``?threads/x.1/``), and the
    parameters after it.
    """
    first, _, rest = query.partition("&")
    if first and "=" not in first and ";" not in first and _NAME.search(first):
        return first, rest
    return "", query


def _without_place(path: str) -> str:
    """A thread's path without the page or the post shown of it."""
    path = _BARE_ENDING.sub("", path)
    for ending in _ENDINGS:
        path = ending.sub("/", path)
    for rule in _NAMED:
        if found := rule.match(path):
            path = found[1]
    for rule, own in _REWRITTEN:
        path = rule.sub(own, path)
    return path


def followable(url: str, *, drop: frozenset[str] = frozenset()) -> str:
    """A link to follow: without its fragment and session, everything else as the forum wrote it.

    :param drop: further query parameters an engine adds for show (``lang`` of NodeBB).
    """
    plain = plain_parts(url)
    if plain is not None:
        place, pairs = plain
        kept = [(key, given) for key, given in pairs if not _is_for_show(key, given, drop)]
        return canonical_of(place, kept)
    try:
        parts = urlsplit(url)
        name, rest = _name_in(parts.query)
        query = parse_qsl(rest, keep_blank_values=True)
    except ValueError:
        return url
    if ";" in rest or not (name or "=" in rest):
        return urlunsplit(parts._replace(fragment=""))
    kept = [(key, given) for key, given in query if not _is_for_show(key, given, drop)]
    words = "&".join(part for part in (name, urlencode(kept)) if part)
    return _canonical(urlunsplit(parts._replace(query=words, fragment="")), url)


def _is_for_show(key: str, given: str, drop: frozenset[str]) -> bool:
    """Whether a parameter says how a page is shown or to whom, not which it is."""
    name = key.lower()
    return name in drop or (name in _SESSION and not (name == "s" and len(given) != 32))


def _canonical(url: str, fallback: str) -> str:
    try:
        return canonical_url(url)
    except ValueError:
        return fallback
