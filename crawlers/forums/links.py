"""Which forum links are never fetched, and the one address of a thread. Pure."""

import re
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from crawlers.urls import canonical_url

# A path segment of this name is a door to something else wherever it stands ...
_DOORS = frozenset({
    "login", "log-in", "signin", "sign-in", "logout", "logoff", "signout", "register",
    "registration", "signup", "sign-up", "lostpw", "lost-password", "password_reset", "memberlist",
    "member", "members", "profile", "user", "users", "whos-online", "whosonline", "search",
    "find-new", "whats-new", "posting", "newreply", "newthread", "new-topic", "newtopic",
    "add-reply", "printthread", "sendmessage", "sendtofriend", "privmsg", "conversations", "ucp",
    "usercp", "mcp", "modcp", "attachments", "attachment", "syndication", "cron", "captcha",
    "cdn-cgi", "account", "my", "notifications", "leaderboard", "badges", "feeds", "accounts",
    "u", "admin",
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
    re.compile(r"/(?:page-|page/|p)\d{1,6}/?$"),  # XenForo, vBulletin 5, Invision, bbPress
    re.compile(r"/(?:unread|latest|last|first-unread|post-\d{1,12}|lastpost)/?$"),  # XenForo
)
_DISCOURSE = re.compile(r"^(.*/t/(?:[^/]+/)?\d{1,10})(?:/\d{1,7}|/last|/print)?(?:\.json)?/?$")
_NODEBB = re.compile(r"^(.*/topic/\d{1,10}/[^/]+)/\d{1,7}/?$")
_DISCUZ = re.compile(r"^(.*/thread-\d{1,12})-\d{1,6}-\d{1,6}(\.html?)$")
_SMF = re.compile(r"^(\d{1,12})\.(?:\d{1,9}|msg\d{1,12}|new|0)$")
_VB_PAGE = re.compile(r"^(.*?-\d{1,9}|.*/\d{1,9}-[^/]+?)-\d{1,4}(\.html)$")


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
    if parts.query.startswith("/"):  # XenForo without rewriting: index.php?threads/x.1/
        path += "/" + parts.query.lstrip("/")
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
    ``/threads/x.12/page-4#post-9`` -> ``/threads/x.12/``; ``/t/slug/12/34`` -> ``/t/slug/12``.
    An address that cannot be parsed comes back as it is.
    """
    try:
        parts = urlsplit(url)
        query = parse_qsl(parts.query.replace(";", "&"), keep_blank_values=True)  # SMF: a;b
    except ValueError:
        return url
    path = parts.path
    for ending in _ENDINGS:
        path = ending.sub("/", path)
    for rule in (_DISCOURSE, _NODEBB):
        if found := rule.match(path):
            path = found[1]
    if found := _DISCUZ.match(path):
        path = f"{found[1]}-1-1{found[2]}"
    names = {name.lower() for name, _ in query}
    named = bool(names & {"t", "tid", "topic", "threadid", "topic_id", "id"})
    kept = []
    for name, given in query:
        low = name.lower()
        if low in _VIEW or (low in _PAGE and (named or low != "p")):
            continue
        if low == "f" and "t" in names:  # phpBB: the forum of a topic is no part of its name
            continue
        if low == "topic" and (found := _SMF.match(given)):
            kept.append((name, f"{found[1]}.0"))
        else:
            kept.append((name, given))
    if "/" in parts.query and "=" not in parts.query:  # index.php?threads/x.1/page-2
        tail = parts.query.split("&")[0]
        for ending in _ENDINGS:
            tail = ending.sub("/", tail)
        return urlunsplit((parts.scheme, parts.netloc, path, tail, ""))
    return _canonical(urlunsplit((parts.scheme, parts.netloc, path, urlencode(kept), "")), url)


def followable(url: str, *, drop: frozenset[str] = frozenset()) -> str:
    """A link to follow: without its fragment and session, everything else as the forum wrote it.

    :param drop: further query parameters an engine adds for show (``lang`` of NodeBB).
    """
    try:
        parts = urlsplit(url)
        query = parse_qsl(parts.query, keep_blank_values=True)
    except ValueError:
        return url
    if not query or "=" not in parts.query or ";" in parts.query:
        return urlunsplit(parts._replace(fragment=""))
    kept = [
        (name, given)
        for name, given in query
        if name.lower() not in drop
        and (name.lower() not in _SESSION or (name.lower() == "s" and len(given) != 32))
    ]
    return _canonical(urlunsplit(parts._replace(query=urlencode(kept), fragment="")), url)


def _canonical(url: str, fallback: str) -> str:
    try:
        return canonical_url(url)
    except ValueError:
        return fallback
