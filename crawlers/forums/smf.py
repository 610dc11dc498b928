"""Simple Machines Forum 2."""

from selectolax.lexbor import LexborNode

from crawlers.forums.base import Adapter


class SMF(Adapter):
    """Local times without a zone; parameters are parted by semicolons, the first post's number
    stands behind the topic's with a dot (``topic=12.15``).
    """

    engine = "smf"
    marker = (
        ".post_wrapper .poster + .postarea, .postarea .inner[id^=msg_], #boardindex_table,"
        " #messageindex, [id^=board_][class*=up_contain], a[href*='simplemachines.org'][title*=SMF]"
    )
    cookies = ("SMFCookie",)

    board = "a.subject[href*='board='], .info a.subject, .info a[href*='board=']"
    thread = "#messageindex tbody tr, #topic_container > div, #messageindex .windowbg"
    thread_link = "span[id^=msg_] a[href*='topic='], .message_index_title a[href*='topic=']"
    thread_replies = ".stats | .board_stats"
    thread_stamp = ".lastpost"
    sticky = ".sticky, .stickybg, .sticky_posts"

    title = "#forumposts .catbg | .display_head h2 | #top_subject | h1 | title"
    post = ".post_wrapper"
    post_id = ".inner[id^=msg_]@id | [id^=msg_]@id"
    author = ".poster h4 a | .poster h4"
    date = ".postinfo a.smalltext | .keyinfo .smalltext | .keyinfo div:last-child"
    body = ".post .inner | .inner[id^=msg_]"
    permalink = ".postinfo a[href*='msg'], .keyinfo a[href*='msg']"
    quote = "blockquote, .quoteheader"
    drop = ".quotefooter, .signature, .codeheader, .moderatorbar, .attachments"
    next = "link[rel=next], .pagelinks a.nav_page:has(.next_page), .pagelinks .current_page + a"

    def date_text(self, node: LexborNode) -> str:
        """Without "Reply #4 on:" and guillemets around the time."""
        text = super().date_text(node).strip("« »")
        return text.rpartition(" on:")[2].strip() or text
