"""Invision Community 4 and 5."""

from crawlers.forums.base import Adapter


class Invision(Adapter):
    """Times are UTC; a quote says whom and which post it quotes in its attributes."""

    engine = "invision"
    marker = "body.ipsApp, article[id^=elComment_], html[data-ips-path]"
    cookies = ("ips4_",)

    board = ".cForumRow .ipsDataItem_title a, .cForumTitle a, .ipsData__item--forum h4 a"
    thread = "li.ipsDataItem[data-rowid], li[data-rowid]"
    thread_link = (
        ".ipsDataItem_title a[href*='topic']:not([href*='getNewComment']),"
        " h4 a[href*='topic']:not([href*='getNewComment']), .ipsData__title a"
    )
    thread_id = "@data-rowid"
    thread_replies = (
        "[data-stattype=forums_comments] .ipsDataItem_stats_number"
        " | [data-stattype=forums_comments] [data-stat-value]@data-stat-value"
        " | [data-stattype=forums_comments] .ipsData__stats-label | [data-statvalue]"
    )
    thread_stamp = ".ipsDataItem_lastPoster time@datetime | .ipsData__last time@datetime"
    sticky = ".fa-thumb-tack, .fa-thumbtack"

    title = ".ipsType_pageTitle > .ipsType_break | .ipsType_pageTitle | h1"
    post = "article[id^=elComment_], article.ipsEntry[id^=elComment]"
    author = ".cAuthorPane_author a | .cAuthorPane_author | .ipsEntry__username a | h3 a"
    date = ".ipsComment_meta time@datetime | .ipsEntry__header time@datetime | time@datetime"
    body = "[data-role=commentContent] | .ipsComment_content .ipsType_richText | .ipsRichText"
    permalink = "a[href*='findComment'], a[href*='#comment-']"
    quote = "blockquote.ipsQuote, blockquote"
    drop = (
        ".ipsItemControls, .ipsComment_controls, [data-role=memberSignature], .ipsEmbedded,"
        " .ipsEdited, [data-excludequote], .ipsSpoiler_header"
    )
    next = "link[rel=next], li.ipsPagination_next:not(.ipsPagination_inactive) a"
