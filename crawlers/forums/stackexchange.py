"""Stack Exchange sites: a question, its answers, the comments under each."""

from crawlers.forums.base import Adapter


class StackExchange(Adapter):
    """Times are UTC (``2018-05-21 20:37:55Z``); an edited post names its editor first."""

    engine = "stackexchange"
    marker = (
        "#question .js-post-body, .answer .js-post-body,"
        " .s-post-summary[data-post-id] .s-post-summary--content"
    )

    thread = ".s-post-summary, .question-summary"
    thread_link = ".s-post-summary--content-title a, a.question-hyperlink"
    thread_id = "@data-post-id | @id"
    thread_replies = ".s-post-summary--stats-item[title*=answer] span | .status strong"
    thread_stamp = ".s-user-card--time span@title | .relativetime@title"

    title = "#question-header h1 | h1"
    post = "#question:has(.js-post-body), .answer:has(.js-post-body), li.comment:has(.comment-copy)"
    post_id = "@data-questionid | @data-answerid | @data-comment-id | @id"
    author = (
        ".post-signature [itemprop=author] [itemprop=name]@content"
        " | .post-signature [itemprop=author] a | .post-signature.owner .user-details a"
        " | .post-signature .user-details a | .comment-user"
    )
    date = (
        "time[itemprop=dateCreated]@datetime | .post-signature.owner .relativetime@title"
        " | .post-signature [itemprop=author] .relativetime@title | .comment-date span[title]@title"
        " | .post-signature .relativetime@title"
    )
    body = ".js-post-body | .comment-copy"
    permalink = ".js-share-link, .comment-date a"
    drop = ".post-notice, .s-notice"
    next = "a[rel=next], link[rel=next]"
