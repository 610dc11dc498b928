"""django-machina."""

from selectolax.lexbor import LexborNode

from crawlers.forums.base import Adapter
from crawlers.forums.fields import value


class Machina(Adapter):
    """Django's templates: times in the site's language and zone, without naming it."""

    engine = "machina"
    marker = (
        ".topic-data-table .topic-name-link, td.topic-name > .topic-name-link,"
        " .forum-data-table .forum-name-link,"
        " .post-content-wrapper .post-controls, .forum-page-statistics"
    )

    local_times = True

    board = "tr:not(:has(.forum-icon.link)) a.forum-name-link, .sub-forums a"
    thread = (
        ".row:has(> .topic-name .topic-data-table), .row:has(> div > .topic-data-table),"
        " tr:has(> .topic-count)"
    )
    thread_link = "a.topic-name-link"
    thread_replies = ".topic-count"
    thread_stamp = ".topic-last-post | .topic-last-post-col"
    sticky = ".fa-lightbulb, .fa-info"

    title = "h1 | .topiclist h3 | h2"
    post = "div.card.post, div.post:has(.post-content)"
    author = ".post-sidebar .username | .username | .post-content-wrapper small a"
    date = ".post-content-wrapper p small | small"
    body = ".post-content"
    permalink = ".subject a[href*='post=']"
    drop = ".edit-info, .post-signature, .attachments, .poll"
    next = (
        ".pagination .page-item:last-child:not(.disabled):not(.active) a,"
        " .pagination li:last-child:not(.disabled):not(.active) a"
    )

    def date_text(self, node: LexborNode) -> str:
        """What stands behind the author's name, which may look like a date itself."""
        text, author = super().date_text(node), value(node, self.author)
        return (author and text.partition(author)[2].strip()) or text
