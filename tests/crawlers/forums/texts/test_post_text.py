"""Own words, quotes, marks of the engine."""

import time

import pytest

from crawlers.forums.texts.post_text import own_words


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One</p><p>Two</p>", "One\nTwo"),
        ("One<br>\n Two", "One\nTwo"),
        ("a   b\n c", "a b c"),
        ("a&nbsp;b &amp; c &lt;d&gt;", "a b & c <d>"),
        ("<ul><li>x</li><li>y</li></ul>", "- x\n- y"),
        ("<ol><li>x</li><li>y</li></ol>", "1. x\n2. y"),
        ("<pre><code>a  b\n  c</code></pre>", "a  b\n  c"),
        ("<details><summary>Spoiler</summary>It ends.</details>", "Spoiler\nIt ends."),
        ("Tốt 👍🏽 <img class='emoji' alt='🙂' src='x'>", "Tốt 👍🏽 🙂"),
        ("<img src='/images/smilies/a.gif' alt=':)'>", ":)"),
        ("<img src='/photo.jpg' alt='my cat'>Look", "Look"),
        ("<i class='tw' title=':tea:'></i> good", ":tea: good"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"),
        ("hi<script>x()</script><style>p{}</style><!-- c -->", "hi"),
        ("hi<div class='signature'>me</div><form>vote</form>", "hi"),
        ("cafe\u0301", "café"),
        ("zero\u200bwidth", "zerowidth"),
        ("", ""),
        ("https://x.example/a", "https://x.example/a"),
        ("<p>unclosed <b>bold", "unclosed bold"),
    ],
)
def test_text(html: str, text: str) -> None:
    assert own_words(html).text == text


@pytest.mark.parametrize(
    ("html", "author", "quoted"),
    [
        ("<blockquote>old</blockquote>new", None, "old"),
        ("<blockquote><cite>Ann wrote:</cite>old</blockquote>new", "Ann", "old"),
        ("<blockquote><p>@Ann said:<br>old</p></blockquote>new", "Ann", "old"),
        ("<blockquote>阿明 发表于 2026-10-30 10:24<br>old</blockquote>new", "阿明", "old"),
        ("<blockquote>Lan đã viết:<br>old</blockquote>new", "Lan", "old"),
        ("<p><a>@Ann</a> said in <a>X</a>:</p><blockquote>old</blockquote>new", "Ann", "old"),
        (
            "<aside class='quote' data-username='ann'><div class=title>ann:</div>old</aside>new",
            "ann",
            "old",
        ),
    ],
)
def test_quotes_are_kept_apart(html: str, author: str | None, quoted: str) -> None:
    words = own_words(html)
    assert words.text == "new"
    assert [(q.author, q.text) for q in words.quoted] == [(author, quoted)]


def test_what_is_dropped_twice_over_is_dropped_once() -> None:
    html = "Hi<div class=note><span class=onebox>x</span><button class=note>y</button></div>"
    assert own_words(html, drop=".note, .onebox, button").text == "Hi"


def test_the_quoted_post_is_named_where_the_engine_names_it() -> None:
    assert own_words("<blockquote data-source='post: 12'>x</blockquote>").reply_to == "12"
    assert (
        own_words("<blockquote><cite><a href='?pid=9#pid9'>x</a></cite></blockquote>").reply_to
        == "9"
    )
    assert own_words("<blockquote>see <a href='/page/9'>x</a></blockquote>").reply_to is None


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 20_000,
        "<blockquote>" * 3_000 + "x",
        "<blockquote class=quote>" * 20_000 + "x",
        "<b>" * 5_000 + "x",
        "\0\x01\x02",
        "<" * 10_000,
        "<!--" * 500,
        "&#xD800;&#0;",
        "a" * 600_000,
    ],
)
def test_hostile_fragments_are_read_in_time(html: str) -> None:
    start = time.process_time()
    own_words(html)
    assert time.process_time() - start < 1.5


def test_words_before_too_many_tags_are_kept() -> None:
    found = own_words("<p>Mine.</p><blockquote>Theirs.</blockquote>" + "<b>x</b>" * 9_000)
    assert found.text.startswith("Mine.")
    assert [one.text for one in found.quoted] == ["Theirs."]


@pytest.mark.parametrize(
    ("html", "quoted"),
    [
        (  # phpBB nests blockquotes, each with its cite
            "<blockquote><div><cite>Nguyễn Văn A wrote: <a href='?p=4#p4'>↑</a></cite>"
            "<blockquote><div><cite>Big Bob wrote:</cite>first</div></blockquote>second</div>"
            "</blockquote>own",
            [("Nguyễn Văn A", "second"), ("Big Bob", "first")],
        ),
        (  # vBulletin 3: a table in a box, named by its words only
            "<div style='margin:20px'><div class=smallfont>Quote:</div><table><tr><td class=alt2>"
            "<div>Originally Posted by <strong>Big Bob</strong> <a href='#post9'></a></div>"
            "<div style='font-style:italic'>old words</div></td></tr></table></div>own",
            [("Big Bob", "old words")],
        ),
        (  # a skin of it
            "<div style='margin:1rem'><div><label>Quote:</label></div><div class='panel alt2'>"
            "<div>Originally Posted by <strong>Lan Anh</strong></div><div>old words</div></div>"
            "</div>own",
            [("Lan Anh", "old words")],
        ),
        (  # XenForo 2
            "<blockquote class='bbCodeBlock bbCodeBlock--quote' data-quote='Big Bob'"
            " data-source='post: 12'><div class=bbCodeBlock-title><a>Big Bob said:</a></div>"
            "<div class=bbCodeBlock-content><div class=bbCodeBlock-expandContent>old words</div>"
            "<div class=bbCodeBlock-expandLink><a>Click to expand...</a></div></div></blockquote>"
            "own",
            [("Big Bob", "old words")],
        ),
        (  # XenForo 1, Vietnamese
            "<div class='bbCodeBlock bbCodeQuote'><aside><div class=attribution>Lan Anh nói:"
            " <a class=AttributionLink>↑</a></div><blockquote class=quoteContainer>"
            "<div class=quote>old words</div><div class=quoteExpand>Bấm để mở rộng...</div>"
            "</blockquote></aside></div>own",
            [("Lan Anh", "old words")],
        ),
        (  # Discuz!
            "<div class=quote><blockquote><font color=#999>小明 发表于 2024-1-2 10:00</font><br>"
            "old words</blockquote></div>own",
            [("小明", "old words")],
        ),
        (  # Invision
            "<blockquote class=ipsQuote data-ipsquote-username='Big Bob'><div"
            " class=ipsQuote_citation>3 hours ago, Big Bob said:</div><div"
            " class=ipsQuote_contents><p>old words</p></div></blockquote>own",
            [("Big Bob", "old words")],
        ),
        (  # SMF
            "<blockquote class=bbc_standard_quote><cite><a href='?msg=7'>Quote from: Big Bob on"
            " June 09, 2024, 03:29:46 AM</a></cite>old words</blockquote>own",
            [("Big Bob", "old words")],
        ),
        (  # MyBB
            "<blockquote class=mycode_quote><cite><span>(2024-01-02, 10:00 AM)</span>Big Bob Wrote:"
            " <a href='?pid=3#pid3'></a></cite>old words</blockquote>own",
            [("Big Bob", "old words")],
        ),
        (  # NodeBB, Markdown
            "<p><a>@Big-Bob</a> <a>said</a>:</p><blockquote><p>old words</p></blockquote>own",
            [("Big-Bob", "old words")],
        ),
        (  # Discourse
            "<aside class=quote data-username=bob data-post=2><div class=title>bob:</div>"
            "<blockquote><p>old words</p></blockquote></aside><p>own</p>",
            [("bob", "old words")],
        ),
        (  # mail
            "<pre>own\n\nOn Mon, 3 Jun 2024 at 10:00, Big Bob &lt;bob@mail.example&gt;\nwrote:\n"
            "&gt; old words\n-- \nLan\nhttps://lan.example</pre>",
            [("Big Bob", "old words")],
        ),
        (
            "own<br>Vào Th 2, 3 thg 6, 2024 vào lúc 10:00 Lan Anh &lt;a@mail.example&gt; đã viết:"
            "<br>&gt; old words",
            [("Lan Anh", "old words")],
        ),
        (
            "own<br>小明 &lt;m@mail.example&gt; 于2024年6月3日周一 10:00写道：<br>&gt; old words",
            [("小明", "old words")],
        ),
        (
            "<pre>own\n-----Original Message-----\nFrom: Big Bob &lt;b@mail.example&gt;\n"
            "Sent: Monday\n\nold words</pre>",
            [("Big Bob", "old words")],
        ),
        ("own<blockquote>old words</blockquote>", [(None, "old words")]),
    ],
)
def test_quotes_of_every_engine(html: str, quoted: list[tuple[str | None, str]]) -> None:
    words = own_words(html)
    assert words.text == "own"
    assert [(q.author, q.text) for q in words.quoted] == quoted


@pytest.mark.parametrize(
    "note",
    [
        "Last edited by Big Bob on Mon Nov 04, 2024 3:12 pm, edited 2 times in total.",
        "Last edited by Big Bob; 04-11-2024 at 03:12 PM.",
        "Last edited: Nov 4, 2024",
        "(This post was last modified: 2024-11-04, 03:12 PM by Big Bob.)",
        "« Last Edit: November 04, 2024, 03:12:10 PM by Big Bob »",
        "Edited November 4, 2024 by Big Bob",
        "Edited 3 hours ago by Big Bob",
        "This post has been edited by Big Bob: Nov 4 2024, 03:12 PM",
        "本帖最后由 小明 于 2024-1-2 10:05 编辑",
        "本帖最後由 小明 於 2024-1-2 10:05 編輯",
        "最后编辑于 2024-1-2 10:05",
        "Sửa lần cuối bởi Lan Anh: 4/11/24",
        "Sửa lần cuối: 4/11/24",
        "Chỉnh sửa cuối: 4 Tháng mười một 2024",
        "Chỉnh sửa lần cuối bởi điều hành viên: 4/11/24",
        "Bob, Ann and 3 others like this.",
        "Bob likes this.",
        "3 people like this",
        "Reactions: Bob and Ann",
        "The following 2 users say Thank You to Bob for this post: Ann, Lan",
        "Lan và 3 người khác thích điều này",
        "Lan Anh thích bài này.",
        "12 người đã thích",
        "点赞 12",
        "小明等12人点赞",
        "Click to expand...",
        "Nhấn vào để mở rộng...",
        "点击展开",
        "Attachments:",
        "IMG_2024.jpg (120.5 KB) Viewed 33 times",
        "下载附件 保存到相册",
    ],
)
def test_marks_in_words_are_left_out(note: str) -> None:
    assert own_words(f"<p>It leaks.</p><p>{note}</p>").text == "It leaks."


@pytest.mark.parametrize(
    "line",
    [
        "Edit: it was the valve.",
        "Edited to add the 2 photos you asked for.",
        "I edited the video on my phone in 2 hours.",
        "My wife likes it.",
        "She likes this",
        "I like this and would buy it again in 2025 for sure",
        "Tôi thích bài này.",
        "我最后由他们编辑部推荐买的",
        "The doctor said:",
        "> ls -l",
        "Sửa máy lúc 10h sáng mai được không ạ?",
        "点赞太多了，我不信",
        "Quote me a price",
        "--verbose",
        "I posted 2 photos of the scale.",
    ],
)
def test_an_authors_line_stays(line: str) -> None:
    html = line.replace(">", "&gt;")
    assert own_words(f"<p>Before.</p><p>{html}</p><p>After.</p>").text == f"Before.\n{line}\nAfter."


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<pre>if x:\n\ty()\n\n    z()</pre>", "if x:\n    y()\n    z()"),
        ("<code>if x:<br>&nbsp;&nbsp;y()</code>", "if x:\n  y()"),
        ("<div class=blockcode><ol><li>a = 1</li><li>b = 2</li></ol></div>", "a = 1\nb = 2"),
        (
            "<table><tr><td class=gutter>1\n2<td class=code><pre>a\n b</pre></table>",
            "a\n b",
        ),
        ("👨\u200d👩\u200d👧 ❤️\u200d🔥 👍🏽", "👨\u200d👩\u200d👧 ❤️\u200d🔥 👍🏽"),
        ("pri\u200dce\u202e up\u200e", "price up"),
        ("<img class='smilie smilie_1' src=s.png alt='Smile'> hi", ":smile: hi"),
        ("<img class=smilie data-shortname=':tea:' alt=':tea:'>hi", ":tea:hi"),
        ("one<blockquote>q</blockquote>two", "one\ntwo"),
        ("<a>ann</a><a>bob</a>", "ann bob"),
        ("wo<b>r</b>d<wbr>s", "words"),
        ("a<button>Quote</button>b", "a b"),
        ("<p>a</p>b<div>c</div>d", "a\nb\nc\nd"),
        ("<p>Look</p><aside class=onebox><h3>A page</h3><p>Its words</p></aside>", "Look"),
        ("<p>Hi.</p><p>--</p><p>Lan</p>", "Hi."),
        ("<p>Hi.</p>__________________<br>My car: blue", "Hi."),
        ("<div class='msg_signature'>x</div>Hi.", "Hi."),
        ("<div class=spoiler><button>Show</button><div>The butler.</div></div>", "The butler."),
    ],
)
def test_what_readers_see(html: str, text: str) -> None:
    assert own_words(html).text == text


@pytest.mark.parametrize(
    "line",
    [
        "My wife and I love it.",
        "I keep stock in a spreadsheet, and it can't go on like this.",
        "Everybody likes this.",
        "Updated on 12/3: I moved to another shop builder and never looked back.",
        "Edited 12/3: the second one broke too.",
        "Thanks: the label printer works now",
        "10 người thích mẫu này nên mình nhập thêm.",
        "Mình thích bài này.",
        "店里有10人喜欢这款",
        "Attachments are too heavy for this lamp",
        "Salt, pepper and lemon like this dish",
        "Originally posted by Bob in another thread, and I agree with every word.",
    ],
)
def test_what_only_resembles_a_mark_stays(line: str) -> None:
    assert own_words(f"<p>First.</p><p>{line}</p>").text == f"First.\n{line}"
    assert own_words(f"<p>{line}</p>").text == line


def test_a_post_of_marks_within_marks_costs_little() -> None:
    html = "<select><p>" * 2_400 + "words"  # dropped one by one, each with all it holds
    began = time.process_time()
    own_words(html)
    assert time.process_time() - began < 1
