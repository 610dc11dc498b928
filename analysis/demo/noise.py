"""What the live web changes at every visit and no company means by it: the furniture of a page.

Dates and clocks, counters, tokens, addresses with the time in them, carousels and testimonials in
another order, other related goods, reordered plans, other ways to write the same price. Pure: the
same draw gives the same page.
"""

import hashlib
import re
from dataclasses import dataclass
from html import escape

from analysis.demo.content import Site


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    """The furniture in one language; ``{n}`` is a number of the draw."""

    dates: tuple[str, ...]
    viewing: tuple[str, ...]
    counters: tuple[str, ...]
    slides: tuple[str, ...]
    voices: tuple[tuple[str, str], ...]
    goods: tuple[tuple[str, str], ...]
    related: str


_WORDS = {
    "en": _Words(
        dates=("Sunday, 22 November 2026, 09:14", "Monday, 30 November 2026, 11:52",
               "Tuesday, 8 December 2026, 18:03"),
        viewing=("12 people are viewing this page", "1 person is viewing this page",
                 "31 people are viewing this page"),
        counters=("Page views: 18,204", "Page views: 19,377", "Page views: 1.2M"),
        slides=("Open your shop this weekend", "Talk to our team", "Read our guide"),
        voices=(("It simply works on busy days.", "Mei, tea shop"),
                ("Support picked up on the second ring.", "Arif, bookshop"),
                ("I stopped counting by hand.", "Joan, florist"),
                ("My nephew set it up in an hour.", "Mr Tan, hardware shop")),
        goods=(("Receipt paper, box of 50", "$38"), ("Cash drawer, steel", "$74"),
               ("Barcode scanner", "$61"), ("Tablet stand", "$45"), ("Label printer", "$129")),
        related="You may also like",
    ),
    "vi": _Words(
        dates=("Chủ nhật, 22 tháng 11 năm 2026, 09:14", "Thứ Hai, 30/11/2026, 11:52",
               "Thứ Ba, 8 tháng 12 năm 2026, 18:03"),
        viewing=("12 người đang xem trang này", "3 người đang xem trang này",
                 "27 khách đang xem trang này"),
        counters=("Lượt xem: 18.204", "Lượt xem: 19.377", "Lượt xem: 20,1k"),
        slides=("Mở cửa hàng ngay cuối tuần này", "Gặp tư vấn viên", "Đọc cẩm nang bán hàng"),
        voices=(("Ngày đông khách vẫn chạy êm.", "Chị Mai, tiệm trà"),
                ("Gọi là có người nghe máy.", "Anh Tú, hiệu sách"),
                ("Cuối ngày khỏi cộng sổ.", "Cô Ba, tiệm hoa"),
                ("Cháu tôi cài trong một tiếng.", "Chú Tư, đồ sắt")),
        goods=(("Giấy in hóa đơn, thùng 50 cuộn", "380.000đ"), ("Két tiền thép", "740.000đ"),
               ("Máy quét mã vạch", "610.000đ"), ("Giá đỡ máy tính bảng", "450.000đ"),
               ("Máy in tem", "1.290.000đ")),
        related="Có thể bạn quan tâm",
    ),
    "zh": _Words(
        dates=("2026年11月22日 星期日 09:14", "2026年11月30日 星期一 11:52",
               "2026年12月8日 星期二 18:03"),
        viewing=("12 人正在浏览本页", "3 人正在浏览本页", "27 人正在浏览本页"),
        counters=("浏览量：18,204", "浏览量：1.9万", "浏览量：20,113"),
        slides=("这个周末就开张", "联系我们的顾问", "阅读开店手册"),
        voices=(("忙的日子也不卡。", "梅姐，茶叶店"), ("电话一打就通。", "阿涛，书店"),
                ("晚上不用再对账了。", "三婶，花店"), ("侄子一小时就装好了。", "老陈，五金店")),
        goods=(("小票纸 50 卷", "¥38"), ("钢制钱箱", "¥174"), ("扫码枪", "¥161"),
               ("平板支架", "¥45"), ("标签打印机", "¥329")),
        related="猜你喜欢",
    ),
}  # fmt: skip

_MAIN_ENDS = re.compile(r"</main>|</div>\s*</div>\s*<div class=\"foot\">")


def noisy(html: str, site: Site, path: str, *, draw: int) -> str:
    """A page of the sample as the live web would serve it at one visit.

    :param draw: which visit: 0, 1, 2.
    """
    words = _WORDS.get(site.lang[:2], _WORDS["en"])
    token = hashlib.sha256(f"{site.id}{path}{draw}".encode()).hexdigest()
    html = _head(html, token, draw)
    if draw:
        html = _typography(html, draw)
        html = _counted(html, draw)
        html = _plans_turned(html)
    furniture = _furniture(words, path, draw, token)
    return _MAIN_ENDS.sub(lambda found: furniture + found[0], html, count=1)


def _head(html: str, token: str, draw: int) -> str:
    stamp = 1_795_000_000 + 700_000 * draw
    return html.replace(
        "</head>",
        f'<meta name="csrf-token" content="{token[:32]}">\n'
        f'<link rel="stylesheet" href="/static/app.css?v={token[:8]}">\n'
        f'<script nonce="{token[32:48]}">window.__page={{"id":"{token[:24]}","at":{stamp}}};'
        f"</script>\n</head>",
        1,
    )


def _furniture(words: _Words, path: str, draw: int, token: str) -> str:
    """A carousel, a voice, related goods and counters, all but their places other each time."""
    turn = int(token[:6], 16)
    slides = _turned(words.slides, draw)
    voice, who = words.voices[turn % len(words.voices)]
    parts = [
        '<div class="carousel">',
        *(f'<div class="slide"><p>{escape(slide)}</p></div>' for slide in slides),
        "</div>",
        f"<blockquote><p>{escape(voice)}</p><cite>{escape(who)}</cite></blockquote>",
    ]
    if path != "/":
        first = turn // 7 % len(words.goods)
        shown = (words.goods * 2)[first : first + 3]
        cards = "".join(
            f'<div class="product-card"><a class="product-name" href="#g{number}">{escape(name)}'
            f'</a> <span class="product-price">{escape(price)}</span></div>'
            for number, (name, price) in enumerate(shown)
        )
        parts.append(f'<aside class="related"><h3>{escape(words.related)}</h3>{cards}</aside>')
    parts += [
        f'<p class="viewing">{escape(words.viewing[draw])}</p>',
        f'<p class="views">{escape(words.counters[draw])}</p>',
        f'<p class="clock">{escape(words.dates[draw])}</p>',
        f'<input type="hidden" name="nonce" value="{token[:20]}">',
        f'<img src="/static/banner-{draw}.png?t={token[:10]}" alt="">',
    ]
    return "\n".join(parts) + "\n"


def _turned(things: tuple[str, ...], by: int) -> tuple[str, ...]:
    by %= len(things)
    return things[by:] + things[:by]


def _typography(html: str, draw: int) -> str:
    """The same words set otherwise: blanks, apostrophes, and the same prices written otherwise."""
    html = html.replace("</p>\n<", "</p>\n\n   <").replace("<li>", "<li> ")
    html = re.sub(r"(?<=[a-z])'(?=[a-z] ?)(?![^<]*</script>)(?![^<>]*>)", "’", html)
    if draw == 1:
        html = re.sub(r"(?<=>)\$(\d+)/mo", r"$\1.00/mo", html)
        html = re.sub(r"(?<=>)([\d.]+\.\d{3})đ", "\\1 ₫", html)
        html = re.sub(r"(?<=>)¥(\d+)(?=/)", r"￥\1.00", html)
    return html


def _counted(html: str, draw: int) -> str:
    """Counters that have gone on: reviews, ratings, customers, goods sold."""
    html = re.sub(
        r'"reviewCount": "(\d+)"', lambda m: f'"reviewCount": "{int(m[1]) + 17 * draw}"', html
    )
    html = re.sub(r'"ratingValue": "4\.(\d)"', lambda m: f'"ratingValue": "4.{9 - draw}"', html)
    html = html.replace("9,000 small shops", f"9,{draw}40 small shops")
    html = html.replace("14.000 cửa hàng", f"14.{draw}20 cửa hàng")
    html = html.replace("3.2 万家", f"3.{2 + draw} 万家")
    return html.replace("Đã bán 1,2k", f"Đã bán 1,{2 + draw}k")


_ROWS = re.compile(r"(<tr><th scope=\"row\">.*?</tr>\n)(<tr><th scope=\"row\">.*?</tr>\n)", re.S)
_LISTS = re.compile(r"(<dl class=\"taocan\">.*?</dl>\n)(<dl class=\"taocan\">.*?</dl>\n)", re.S)


def _plans_turned(html: str) -> str:
    """The first two plans change places."""
    html = _ROWS.sub(r"\2\1", html, count=1)
    return _LISTS.sub(r"\2\1", html, count=1)
