"""FlaskBB."""

from crawlers.forums.base import Adapter


class FlaskBB(Adapter):
    """Bootstrap pages without a mark of their own; times carry their offset."""

    engine = "flaskbb"
    marker = (
        ".post-row .post-box .post-content[id^=pid], .forum-row .topic-name,"
        " .category-row .forum-name"
    )

    board = ".category-row .forum-name a, .forum-row .forum-name a"
    thread = ".forum-row:has(.topic-name a)"
    thread_link = ".topic-name a"
    thread_replies = ".topic-stats"
    counts_first = True
    thread_stamp = ".topic-last-post time@datetime | .topic-last-post a@href"
    sticky = ".topic-important, .fa-thumbtack"

    title = ".breadcrumb .active | title"
    post = ".post-row"
    author = ".author-name a | .author-name"
    date = ".post-meta time@datetime | .post-meta a"
    body = ".post-content"
    permalink = ".post-meta a[href*='/post/']"
    drop = ".post-signature, .post-edited"
    next = ".pagination .page-item:last-child:not(.disabled):not(.active) a"
