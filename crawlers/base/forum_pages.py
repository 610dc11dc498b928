"""What the loop over a forum asks of one page or one row of a list: small judgements, and the words
for faults.
"""

import hashlib

from crawlers.document import Document
from crawlers.forums.base import Expect
from crawlers.items import ForumPage, Target, ThreadRef
from crawlers.state import KnownThread

EXPECTED: dict[str, Expect] = {"board": "board", "topic": "topic"}
"""What a target's role lets the reader expect."""
OF_LIST = frozenset({"stamp", "replies"})
"""What a target's meta holds of its thread's row in the list."""
OF_FIRST = frozenset({"first", "again", "public", "resumed"})
"""What holds for a thread's first target alone."""
NO_FORUM = (
    "{} does not look like a page of a forum: no list of threads and no posts were found. Name the "
    'engine with engine = "..." under [[forum]], or give the address of a board'
)
PAGE_LOST = "the site sends this page of a thread back to {}, which was read: the rest is not seen"
EMPTY_TOPIC = "a topic page of {} in which no post could be read"


def mark_of(page: ForumPage) -> str:
    """What tells a page from the one before it: the posts and threads on it."""
    parts = [post.id or f"{post.author} {post.text}" for post in page.posts]
    parts += [thread.url for thread in page.threads]
    return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()[:16]


def is_repeated(target: Target, page: ForumPage) -> bool:
    """Whether a page holds the posts of the page before once more."""
    return bool(page.posts) and target.meta.get("like") == mark_of(page)


def api_of(target: Target) -> dict[str, str]:
    """What a target says of the API, for those it leads to."""
    return {"api": target.meta["api"]} if "api" in target.meta else {}


def is_end(target: Target, document: Document) -> bool:
    """Whether an empty page is the end of what an API tells page by page."""
    return document.is_json and "first" not in target.meta


def is_new(thread: ThreadRef, known: KnownThread) -> bool:
    """Whether the list shows something of a thread that was not there when it was last read."""
    if known.newest is not None and thread.last_posted_at is not None:
        return thread.last_posted_at > known.newest
    return thread.stamp is None or known.stamp != thread.stamp


def is_shorter(thread: ThreadRef, known: KnownThread | None) -> bool:
    """Whether the list counts fewer replies than it did: something was deleted."""
    before = known.replies if known is not None else None
    return thread.replies is not None and before is not None and thread.replies < before
