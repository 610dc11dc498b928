"""Spirit (django-spirit)."""

from crawlers.forums.base import Adapter


class Spirit(Adapter):
    """Closed, pinned and moved marks stand among the comments in blocks of another class, in older
    versions highlighted; a deleted comment has no time there.

    Threads keep their slug: Spirit redirects an address without it and forgets ``?page=2`` on the
    way, so page 1 would come back as page 2. Times are of the server's zone and do not say so.
    """

    engine = "spirit"
    marker = (
        "link[href*='spirit/stylesheets'], script[src*='spirit/scripts'], .comments_list__comment,"
        " .layout__topics__topic, .comments > .comment[data-pk] .comment-text"
    )

    local_times = True

    board = (
        "a.menu_list__link[href*='/category/'], .topic__category a[href*='/category/'],"
        " .row-info a[href*='/category/']"
    )
    thread = ".layout__topics__topic, .row:has(> .row-title)"
    thread_link = ".topic__title a, a.row-link"
    thread_replies = ".topic__comments | .row-info div:has(.fa-comment)"
    counts_first = True
    thread_stamp = ".topic__date@title | .row-info div[title]@title | .topic__date"
    sticky = ".topic__title .fa-thumb-tack, .row-title .fa-thumb-tack"

    title = "h1.headline | h1"
    post = (
        ".comments_list__comment,"
        " .comments > .comment[data-pk]:not(.is-highlighted):has(.comment-date)"
    )
    post_id = "@data-pk"
    author = (
        ".comment__info__username__link span | .comment__info__username a"
        " | .comment-username .username"
    )
    date = ".comment__info__date li[title]@title | .comment-date li[title]@title"
    body = ".comment__text | .comment-text"
    permalink = ".comment__footer__share__url | .share-url"
    drop = ".comment__text__poll"
    next = ".paginator__button a:has(.fa-chevron-right)"
