"""Forums no engine ever made: what people say, and the templates that draw it as a page."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import escape

from crawlers.document import Document

FETCHED = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True)
class Said:
    """One post: who said what, and how many hours before the page was fetched."""

    author: str
    text: str
    hours: int

    @property
    def at(self) -> datetime:
        return FETCHED - timedelta(hours=self.hours)

    @property
    def paragraphs(self) -> str:
        return "".join(f"<p>{escape(line)}</p>" for line in self.text.split("\n"))

    @property
    def lines(self) -> str:
        return "<br>\n".join(escape(line) for line in self.text.split("\n"))

    @property
    def iso(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"

    @property
    def spoken(self) -> str:
        return f"{self.at:%d} {MONTHS[self.at.month - 1]} {self.at:%Y, %H:%M}"

    def ago(self, unit: str) -> str:
        return f"{self.hours}{unit}"


def talk(*said: tuple[str, str]) -> tuple[Said, ...]:
    return tuple(
        Said(author, text, len(said) - number + 1) for number, (author, text) in enumerate(said)
    )


TALKS = {
    "en": talk(
        ("marge", "Our till prints every receipt twice since the last update.\nIs it only us?"),
        ("old_tom", "Same here. Switch the second tray off and it stops."),
        ("marge", "That did it, thank you!"),
        ("P. Oyelaran", "We moved to another till last spring and never looked back, to be fair."),
        ("old_tom", "Which one? The fees of ours went up again and I am shopping around."),
    ),
    "zh": talk(
        ("小满", "收银机更新以后每张小票都打两遍。\n只有我们店这样吗？"),
        ("阿诚掌柜", "我们也是，把第二个纸盒关掉就好了。"),
        ("小满", "好了，谢谢！"),
        ("lily2020", "去年春天我们换了别家的系统，说实话一直没后悔过。"),
        ("阿诚掌柜", "换的哪家？我们的手续费又涨了，正在比较。"),
    ),
    "vi": talk(
        ("thuhang", "Máy tính tiền in mỗi hoá đơn hai lần từ khi cập nhật.\nChỉ quán mình bị à?"),
        ("chú Bảy", "Mình cũng vậy, tắt khay giấy thứ hai đi là hết."),
        ("thuhang", "Được rồi, cảm ơn chú!"),
        ("kho_si_dalat", "Năm ngoái bên mình đổi sang máy khác, nói thật là chưa hối hận lần nào."),
        ("chú Bảy", "Máy nào vậy bạn? Phí bên mình lại tăng nên mình đang tìm chỗ khác."),
    ),
}
SHORT = talk(
    ("ann", "Anyone selling through the app yet?"), ("bo", "+1"), ("cy", "同意"), ("di", "up"),
    ("ed", "đánh dấu"), ("fay", "No, too dear."),
)  # fmt: skip
LONG = talk(
    *((f"member{n % 9}", f"Shop {n * 7} tells the same story: orders {n} to {n + 3} went missing.")
      for n in range(50))
)  # fmt: skip
ACTS = {
    "en": ("Reply", "Report", "Share"),
    "zh": ("回复", "举报", "分享"),
    "vi": ("Trả lời", "Báo cáo", "Chia sẻ"),
}
AGO = {"en": " hours ago", "zh": " 小时前", "vi": " giờ trước"}

Template = Callable[[tuple[Said, ...], str], str]
TEMPLATES: dict[str, Template] = {}


def template(draw: Template) -> Template:
    TEMPLATES[draw.__name__] = draw
    return draw


def page(html: str, url: str = "https://talk.example/thread/7", title: str = "Tills") -> Document:
    html = f"<!DOCTYPE html><html><head><title>{title}</title></head><body>{html}</body></html>"
    return Document(url, html.encode(), headers={"content-type": "text/html"}, fetched_at=FETCHED)


def acts(lang: str, number: int) -> str:
    return " ".join(f'<a href="/do/{number}/{n}">{word}</a>' for n, word in enumerate(ACTS[lang]))


@template
def table_without_classes(posts: tuple[Said, ...], lang: str) -> str:
    rows = "".join(
        f'<tr bgcolor="#eeeeee"><td width="20%" valign="top"><b>{p.author}</b><br><font size="1">'
        f"Posts: {n * 31 + 4}<br>Joined: Mar 2019</font></td>"
        f'<td><font size="1">Posted: {p.spoken}</font><hr>{p.lines}</td></tr>'
        for n, p in enumerate(posts)
    )
    return f'<center><h2>Tills</h2></center><table width="98%" cellspacing="1">{rows}</table>'


@template
def table_of_two_rows(posts: tuple[Said, ...], lang: str) -> str:
    rows = "".join(
        f'<tr><td class="tcat" colspan="2">{p.iso}</td><td align="right">#{n}</td></tr>'
        f'<tr><td class="alt2"><a href="member.php?u={len(p.author)}">{p.author}</a></td>'
        f'<td class="alt1" colspan="2"><div>{p.lines}</div><div>{acts(lang, n)}</div></td></tr>'
        for n, p in enumerate(posts, 1)
    )
    return f"<h1>Tills</h1><table>{rows}</table>"


@template
def hashed_classes(posts: tuple[Said, ...], lang: str) -> str:
    return "".join(
        f'<div class="_3xK9a"><div class="_1aBcD"><a class="_2xQ" href="/p/{len(p.author)}">'
        f'{p.author}</a><span class="_9zZ0">{p.ago(AGO[lang])}</span></div>'
        f'<div class="_77tPo">{p.paragraphs}</div><div class="_0bar">{acts(lang, n)}</div></div>'
        for n, p in enumerate(posts)
    )


@template
def utility_classes(posts: tuple[Said, ...], lang: str) -> str:
    return "<main>" + "".join(
        f'<div class="flex gap-4 p-4 border-b"><img class="w-8 h-8 rounded-full" src="/i/{n}.png">'
        f'<div class="flex-1"><div class="flex items-center text-sm text-gray-500">'
        f'<span class="font-semibold">{p.author}</span><span class="mx-1">·</span>'
        f'<span title="{p.iso}">{p.ago("h")}</span></div>'
        f'<div class="mt-2 prose">{p.paragraphs}</div>'
        f'<div class="flex gap-2"><button>{ACTS[lang][0]}</button></div></div></div>'
        for n, p in enumerate(posts)
    ) + "</main>"  # fmt: skip


@template
def custom_elements(posts: tuple[Said, ...], lang: str) -> str:
    return "<thread-view>" + "".join(
        f'<thread-post post-id="{900 + n}" id="p{900 + n}"><post-author>{p.author}</post-author>'
        f'<post-time datetime="{p.at:%Y-%m-%dT%H:%M:%SZ}">{p.spoken}</post-time>'
        f"<post-content>{p.paragraphs}</post-content></thread-post>"
        for n, p in enumerate(posts)
    ) + "</thread-view>"  # fmt: skip


@template
def definition_list(posts: tuple[Said, ...], lang: str) -> str:
    said = {"en": "wrote on", "zh": "发表于", "vi": "viết lúc"}[lang]
    return "<dl>" + "".join(
        f"<dt>{p.author} {said} {p.iso}</dt><dd>{p.lines}</dd>" for p in posts
    ) + "</dl>"  # fmt: skip


@template
def nested_comments(posts: tuple[Said, ...], lang: str) -> str:
    def comment(number: int) -> str:
        p = posts[number]
        inner = comment(number + 1) if number + 1 < len(posts) and number % 3 != 2 else ""
        return (
            f'<div class="cmt"><div class="tag"><a href="/u/{p.author}">{p.author}</a>'
            f' <span>{p.ago(AGO[lang])}</span></div><div class="md">{p.paragraphs}</div>'
            f'<ul class="bar"><li>{ACTS[lang][0]}</li></ul><div class="child">{inner}</div></div>'
        )

    return "".join(comment(number) for number in range(0, len(posts), 3))


@template
def author_after_the_body(posts: tuple[Said, ...], lang: str) -> str:
    return '<ul class="guestbook">' + "".join(
        f"<li><div>{p.paragraphs}</div><div><em>{p.author}</em>, <small>{p.iso}</small></div></li>"
        for p in posts
    ) + "</ul>"  # fmt: skip


@template
def date_in_title_only(posts: tuple[Said, ...], lang: str) -> str:
    return "".join(
        f'<article class="msg" id="msg-{n}"><div class="l"><a class="nick" href="/{p.author}">'
        f'{p.author}</a></div><div class="r"><a class="no" href="#msg-{n}" title="{p.iso}">#{n}</a>'
        f'<div class="said">{p.paragraphs}</div>{acts(lang, n)}</div></article>'
        for n, p in enumerate(posts, 1)
    )


@template
def date_of_two_elements(posts: tuple[Said, ...], lang: str) -> str:
    return "".join(
        f'<section><header><strong>{p.author}</strong><span class="d">{p.at:%d/%m/%Y}</span>'
        f'<span class="t">{p.at:%H:%M}</span></header><div class="txt">{p.lines}</div></section>'
        for p in posts
    )


@template
def avatar_names_the_author(posts: tuple[Said, ...], lang: str) -> str:
    return "".join(
        f'<div class="item"><div class="pic"><img src="/a/{n}.jpg" alt="{p.author}"></div>'
        f'<div class="col"><div class="when">{p.iso}</div><div class="txt">{p.paragraphs}</div>'
        f"<div>{acts(lang, n)}</div></div></div>"
        for n, p in enumerate(posts)
    )


@template
def marked_posts_and_advertisements(posts: tuple[Said, ...], lang: str) -> str:
    found = []
    for n, p in enumerate(posts):
        marks = f"post {'odd' if n % 2 else 'even'}{' first op' if not n else ''}" + (
            " staff" if n == 3 else ""
        )
        found.append(
            f'<div class="{marks}" id="post{n + 10}"><a class="name" href="/user/{p.author}">'
            f'{p.author}</a><time datetime="{p.at.isoformat()}">{p.iso}</time>'
            f'<div class="body">{p.paragraphs}</div><p>{acts(lang, n)}</p></div>'
        )
        if n % 2:
            found.append(
                '<div class="post ad"><span>Sponsored</span><div class="body">Tills for less, only'
                ' this week, from the shop that never sleeps.</div><a href="/ad">More</a></div>'
            )
    return "".join(found)


@template
def lists_beside_the_thread(posts: tuple[Said, ...], lang: str) -> str:
    def beside(kind: str, count: int) -> str:
        rows = "".join(
            f'<li><a href="/thread/{n}">Another long thread about tills and trays, {n}</a>'
            f' <a href="/user/x{n}">x{n}</a> <span>2026-11-{n:02} 10:00</span></li>'
            for n in range(1, count)
        )
        return f'<div class="box"><h4>{kind}</h4><ul>{rows}</ul></div>'

    main = "".join(
        f'<div class="row"><p class="by"><a href="/user/{p.author}">{p.author}</a> · '
        f'<span>{p.iso}</span></p><div class="said">{p.paragraphs}</div></div>'
        for p in posts
    )
    return f"{beside('Latest posts', 12)}<div id='main'>{main}</div>{beside('Related', 16)}"


@template
def flat_paragraphs(posts: tuple[Said, ...], lang: str) -> str:
    by = {"en": "posted at", "zh": "发表于", "vi": "gửi lúc"}[lang]
    return "<div><h1>Tills</h1>" + "".join(
        f'<p class="top"><strong>{p.author}</strong> {by} {p.iso}</p>{p.paragraphs}' for p in posts
    ) + '</div><div id="foot">Powered by Nothing 1.0, page made in 0.02 s</div>'  # fmt: skip


@template
def flat_lines(posts: tuple[Said, ...], lang: str) -> str:
    return "<body><h3>Tills</h3>" + "<hr>".join(
        f"<b>{p.author}</b> - <i>{p.spoken}</i><br>{p.lines}<br>" for p in posts
    )


@template
def flat_headings(posts: tuple[Said, ...], lang: str) -> str:
    return '<div id="archive">' + "".join(
        f"<h3>{p.author}, {p.iso}</h3>{p.lines}" for p in posts
    ) + "</div>"  # fmt: skip


@template
def flat_preformatted(posts: tuple[Said, ...], lang: str) -> str:
    return "<h1>Tills</h1><hr>" + "<hr>".join(
        f'<pre><a name="m{n}">*</a> <b>Re: Tills</b>\nFrom: {p.author} @ {p.iso} UTC'
        f' (<a href="/m{n}/">permalink</a> / <a href="/m{n}/raw">raw</a>)\n\n{escape(p.text)}\n\n'
        f'<a href="#m{n}">^</a> <a href="/m{n}/">permalink</a> <a href="/m{n}/R">reply</a></pre>'
        for n, p in enumerate(posts)
    )
