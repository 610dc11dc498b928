"""vBulletin 3.8, 4 and 5."""

from crawlers.forums.base import Adapter


class VBulletin3(Adapter):
    """Tables; times are local, without a zone; the default setting prints the month first."""

    engine = "vbulletin"
    marker = "table[id^=post] [id^=post_message_], a[id^=thread_title_]"
    generator = r"^vBulletin 3"

    board = (
        "td[id^=f] strong a[href*='forumdisplay.php'], td.alt1Active a[href*='forumdisplay.php']"
    )
    thread = "tr:has(a[id^=thread_title_])"
    thread_link = "a[id^=thread_title_]"
    thread_id = "a[id^=thread_title_]@id"
    thread_replies = "a[href*='whoposted'] | td:nth-last-child(2)"
    thread_stamp = (
        "td[title] a[href*='#post']@href | a[href*='goto=lastpost']@href | td.alt2 .smallfont"
    )
    sticky = "img[src*=sticky]"

    title = ".navbar strong | title"
    post = "table[id^=post]:has([id^=post_message_]), div[id^=post]:has(> [id^=post_message_])"
    author = "a.bigusername | .bigusername | [id^=postmenu_]"
    date = "td.thead:has(a[name^=post]) | td.thead | .thead"
    body = "[id^=post_message_]"
    permalink = "a[id^=postcount], a[href*='#post']"
    quote = "div:has(> table):has(td.alt2), .bbcode_quote, blockquote"
    drop = ".smallfont:has(em), .signature"
    date_order = "mdy"
    next = "a[rel=next], link[rel=next]"


class VBulletin4(Adapter):
    """List items; otherwise as 3.8."""

    engine = "vbulletin"
    marker = "li.postbit, li.postbitlegacy, li.threadbit, html#vbulletin_html ol#posts"
    generator = r"^vBulletin 4"

    board = ".forumtitle a, .subforum a, .foruminfo h2 a"
    thread = "li.threadbit"
    thread_link = "a.title"
    thread_id = "@id"
    thread_replies = ".threadstats a | .threadstats li"
    thread_stamp = ".threadlastpost dd:last-child | .threadlastpost"
    sticky = ".sticky, .threadstatus[class*=sticky]"

    title = ".threadtitle | h1"
    post = "li.postbit, li.postbitlegacy, li.postcontainer"
    author = "a.username strong | .username | .popupctrl"
    date = ".postdate .date | .postdate"
    body = "blockquote.postcontent | .postcontent"
    permalink = "a.postcounter"
    quote = ".bbcode_quote, .bbcode_container:has(.quote_container)"
    drop = ".after_content, .signature, .bbcode_description"
    date_order = "mdy"
    next = "a[rel=next], link[rel=next]"


class VBulletin5(Adapter):
    """Microdata in place; times carry no zone but the API's form."""

    engine = "vbulletin"
    marker = ".b-post .js-post__content-text, .js-topic-item"
    generator = r"^vBulletin [56]"

    board = ".forum-title, a.subforum-title"
    thread = "tr.js-topic-item, .topic-item"
    thread_link = "a.js-topic-title, a.topic-title"
    thread_id = "@data-node-id"
    thread_replies = ".posts-count"
    thread_stamp = ".cell-lastpost .post-date | .cell-lastpost"
    sticky = ".sticky"

    title = ".b-post__title | h1"
    post = ".b-post[data-node-id]"
    post_id = "@data-node-id"
    author = "[itemprop=author] [itemprop=name] | .author a | .b-userinfo__details a"
    date = "time[itemprop=dateCreated]@datetime | time@datetime | .b-post__timestamp"
    body = ".js-post__content-text | .b-post__content"
    permalink = "a.b-post__count, a.js-show-post-link"
    quote = ".bbcode_quote, .bbcode_container:has(.bbcode_quote)"
    drop = ".b-post__edit, .b-post__signature"
    next = "a.js-pagenav-next-button[href], a[rel=next], link[rel=next]"
