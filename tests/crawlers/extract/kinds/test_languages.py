"""Every page kind of the contract, told on small pages in English, Vietnamese and Chinese.

The pages are built the same way in each language and differ in their words only; addresses are
what sites of each market use. Forum pages are told by the forum readers first; here only by the
weights.
"""

import pytest

from crawlers.document import Document
from crawlers.extract import read_page

SENTENCE = {
    "en": "Water first boiled in the old mill by the river, and people still talk of it today. ",
    "vi": "Nước sôi lần đầu tiên ở cối xay cũ bên sông và người ta vẫn kể chuyện đó đến nay. ",
    "zh": "第一壶水是在河边的老磨坊里烧开的，直到今天人们还常常谈起这件事。",
}
NAV = {
    "en": ("Home", "Shop", "Blog", "Contact", "Cart"),
    "vi": ("Trang chủ", "Cửa hàng", "Tin tức", "Liên hệ", "Giỏ hàng"),
    "zh": ("首页", "商城", "新闻", "联系我们", "购物车"),
}


def paragraphs(lang, count, of=3):
    return f"<p>{SENTENCE[lang] * of}</p>" * count


def product(lang, name, price, cart, specs):
    rows = "".join(f"<tr><th>{key}</th><td>{value}</td></tr>" for key, value in specs)
    return (
        f'<div class="product-detail"><h1>{name}</h1><span class="price">{price}</span>'
        f'<input name="quantity"><button>{cart}</button><table>{rows}</table>'
        f'<div class="product-description">{paragraphs(lang, 1)}</div></div>'
    )


def collection(heading, names, price, sort, quick):
    cards = "".join(
        f'<li class="product-card"><a href="/p/{at}"><img src="/{at}.jpg"><h3>{name}</h3></a>'
        f'<span class="price">{price}</span><button>{quick}</button></li>'
        for at, name in enumerate(names * 8)
    )
    return f'<h1>{heading}</h1><div>{sort}</div><ul class="product-grid">{cards}</ul>'


def listing(heading, titles, more, date):
    cards = "".join(
        f'<article class="post-card"><h2><a href="/blog/{at}">{title}</a></h2><time>{date}</time>'
        f'<p>{title}</p><a href="/blog/{at}">{more}</a></article>'
        for at, title in enumerate(titles * 6)
    )
    return f"<h1>{heading}</h1>{cards}"


def service(lang, heading, calls, steps):
    parts = "".join(f"<section><h2>{step}</h2><p>{SENTENCE[lang]}</p></section>" for step in steps)
    buttons = "".join(f'<a class="btn" href="/go">{call}</a>' for call in calls)
    return f"<section><h1>{heading}</h1>{buttons}</section>{parts}"


def article(lang, heading, signs):
    by = "".join(f"<span>{sign}</span>" for sign in signs)
    return f"<article><h1>{heading}</h1>{by}{paragraphs(lang, 9)}</article>"


def documentation(lang, heading, signs):
    side = "".join(f"<li>{sign}</li>" for sign in signs)
    code = "<pre><code>make install</code></pre>"
    return f"<aside><ul>{side}</ul></aside><main><h1>{heading}</h1>" + (
        (code + paragraphs(lang, 1, 1)) * 6 + "</main>"
    )


def topic(lang, heading, signs):
    post = (
        f'<div class="post message"><a class="author" href="/u/1">mai</a>'
        f'<div class="postbody">{SENTENCE[lang] * 2}</div>'
        + "".join(f"<span>{sign}</span>" for sign in signs)
        + "</div>"
    )
    return f"<h1>{heading}</h1>" + post * 6 + "<textarea></textarea>"


def board(titles, signs):
    rows = "".join(
        f'<tr class="topic"><td><a href="/t/{at}">{title}</a></td>'
        + "".join(f"<td>{sign}</td>" for sign in signs)
        + "</tr>"
        for at, title in enumerate(titles * 6)
    )
    return f'<table class="forum threads">{rows}</table>'


PAGES = [
    ("en", "home", "/", "Kettles for all", "<h1>Kettles for all</h1>" + paragraphs("en", 1)),
    ("vi", "home", "/vi/", "Ấm siêu tốc", "<h1>Ấm cho mọi nhà</h1>" + paragraphs("vi", 1)),
    ("zh", "home", "/zh-hans", "电热水壶", "<h1>人人都有好水壶</h1>" + paragraphs("zh", 1)),
    ("en", "pricing", "/pricing", "Plans", "<h1>Plans and pricing</h1><p>$9/mo</p>"),
    ("vi", "pricing", "/bang-gia", "Bảng giá", "<h1>Bảng giá dịch vụ</h1><p>850k</p>"),
    ("vi", "pricing", "/trang-gia.html", "Trang giá", "<h1>Trang giá</h1><p>850k</p>"),
    ("zh", "pricing", "/jiage", "价格", "<h1>价格</h1><p>¥199起</p>"),
    ("zh", "pricing", "/p/7", "價格方案", "<h1>價格方案</h1><p>NT$1,280</p>"),
    ("en", "about", "/about-us", "About", "<h1>About us</h1>" + paragraphs("en", 3)),
    ("vi", "about", "/gioi-thieu", "Giới thiệu", "<h1>Giới thiệu</h1>" + paragraphs("vi", 3)),
    ("zh", "about", "/page/7", "关于我们", "<h1>关于我们</h1>" + paragraphs("zh", 3)),
    ("zh", "about", "/page/8", "關於我們 | 水壺", "<h1>關於我們</h1>" + paragraphs("zh", 3)),
    ("en", "contact", "/contact", "Contact us", "<h1>Get in touch</h1><form></form>"),
    ("vi", "contact", "/lien-he.html", "Liên hệ", "<h1>Liên hệ</h1><form></form>"),
    ("zh", "contact", "/lxwm", "联系我们", "<h1>联系我们</h1><form></form>"),
    ("zh", "contact", "/about/3", "聯絡我們", "<h1>聯絡我們</h1><form></form>"),
    ("en", "careers", "/careers", "Careers", "<h1>Join our team</h1>" + paragraphs("en", 2)),
    ("vi", "careers", "/tuyen-dung", "Tuyển dụng", "<h1>Tuyển dụng</h1>" + paragraphs("vi", 2)),
    ("zh", "careers", "/zhaopin", "加入我们", "<h1>加入我们</h1>" + paragraphs("zh", 2)),
    ("en", "legal", "/privacy-policy", "Privacy", "<h1>Privacy</h1>" + paragraphs("en", 8)),
    ("vi", "legal", "/chinh-sach-bao-mat", "Chính sách bảo mật", paragraphs("vi", 8)),
    ("zh", "legal", "/page/9", "隐私政策", "<h1>隐私政策</h1>" + paragraphs("zh", 8)),
    ("zh", "legal", "/page/10", "隱私權政策", "<h1>隱私權政策</h1>" + paragraphs("zh", 8)),
    ("en", "product", "/products/red-kettle", "Red kettle",
     product("en", "Red kettle", "$39.00", "Add to cart", [("SKU", "K-1"), ("Size", "1.7 l")])),
    ("vi", "product", "/san-pham/am-do", "Ấm đỏ",
     product("vi", "Ấm đỏ", "390.000₫", "Thêm vào giỏ", [("Mã sản phẩm", "K-1")])),
    ("zh", "product", "/item/1001.html", "红水壶",
     product("zh", "红水壶", "¥199.00", "加入购物车", [("规格参数", "1.7升")])),
    ("en", "collection", "/collections/kettles", "Kettles",
     collection("Kettles", ("Red", "Blue", "Black"), "$39.00", "Sort by", "Quick view")),
    ("vi", "collection", "/danh-muc/am", "Ấm siêu tốc",
     collection("Ấm", ("Ấm đỏ", "Ấm xanh", "Ấm đen"), "390.000₫", "Sắp xếp theo", "Xem nhanh")),
    ("zh", "collection", "/chanpinzhongxin", "产品中心",
     collection("产品中心", ("红水壶", "蓝水壶", "黑水壶"), "¥199.00", "排序", "加入购物车")),
    ("en", "service", "/services/repair", "Kettle repair",
     service("en", "Kettle repair", ("Get a quote", "Book now"), ("Our services", "How it works"))),
    ("vi", "service", "/dich-vu/sua-am", "Dịch vụ sửa ấm",
     service("vi", "Dịch vụ sửa ấm", ("Đăng ký ngay", "Nhận tư vấn"), ("Vì sao chọn", "Dịch vụ"))),
    ("zh", "service", "/jiejuefangan", "解决方案",
     service("zh", "解决方案", ("免费试用", "立即咨询"), ("为什么选择", "服务流程"))),
    ("en", "article", "/blog/2024/05/how-to-clean-a-kettle", "How to clean a kettle",
     article("en", "How to clean a kettle", ("Written by", "5 May 2024", "Share this"))),
    ("vi", "article", "/tin-tuc/cach-lam-sach-am-sieu-toc", "Cách làm sạch ấm siêu tốc",
     article("vi", "Cách làm sạch ấm", ("Tác giả", "05/05/2024", "Bài viết liên quan"))),
    ("zh", "article", "/xinwen/2024/05/112233.html", "如何清洗水壶",
     article("zh", "如何清洗水壶", ("作者", "2024-05-05", "上一篇", "下一篇"))),
    ("en", "listing", "/blog", "Blog",
     listing("Blog", ("How kettles are made", "Five teas to try"), "Read more", "May 5, 2024")),
    ("vi", "listing", "/tin-tuc", "Tin tức",
     listing("Tin tức", ("Ấm được làm ra sao", "Năm loại trà"), "Xem thêm", "05/05/2024")),
    ("zh", "listing", "/xinwen", "新闻中心",
     listing("新闻中心", ("水壶是怎样做成的", "值得一试的五种茶"), "查看更多", "2024-05-05")),
    ("en", "documentation", "/docs/install", "Install - Documentation",
     documentation("en", "Installation", ("On this page", "Getting started", "Reference"))),
    ("vi", "documentation", "/tai-lieu/cai-dat", "Cài đặt - Tài liệu",
     documentation("vi", "Cài đặt", ("Trên trang này", "Tài liệu", "Trợ giúp"))),
    ("zh", "documentation", "/docs/anzhuang", "安装 - 文档",
     documentation("zh", "安装", ("本页目录", "文档", "接口"))),
    ("en", "forum_topic", "/threads/leaking-kettle.1234/", "Leaking kettle | Forum",
     topic("en", "Leaking kettle", ("Reply", "Quote"))),
    ("vi", "forum_topic", "/threads/am-bi-ri-nuoc.1234/", "Ấm bị rỉ nước | Diễn đàn",
     topic("vi", "Ấm bị rỉ nước", ("Trả lời", "Trích dẫn"))),
    ("zh", "forum_topic", "/thread-1234-1-1.html", "水壶漏水 - 论坛",
     topic("zh", "水壶漏水", ("回复", "引用", "楼主"))),
    ("en", "forum_board", "/forum/kettles", "Kettles | Forum",
     board(("Leaking kettle", "Which tea?"), ("Replies", "Last post"))),
    ("vi", "forum_board", "/forum/am", "Ấm | Diễn đàn",
     board(("Ấm bị rỉ nước", "Trà nào ngon?"), ("Trả lời", "Bài viết cuối"))),
    ("zh", "forum_board", "/forum/shuihu", "水壶 - 论坛",
     board(("水壶漏水", "喝什么茶？"), ("回复", "最后发表"))),
    ("en", "other", "/x/y", "", ""),
    ("vi", "other", "/x/y", "", ""),
    ("zh", "other", "/x/y", "", ""),
]  # fmt: skip


@pytest.mark.parametrize(("lang", "kind", "path", "title", "body"), PAGES)
def test_every_kind_in_three_languages(lang, kind, path, title, body):
    menu = "".join(f'<li><a href="/m{at}">{word}</a></li>' for at, word in enumerate(NAV[lang]))
    menu = f"<nav><ul>{menu}</ul></nav>" if body else ""
    page = read_page(
        Document(
            f"https://a.example{path}",
            f'<html lang="{lang}"><head><title>{title}</title></head>'
            f"<body>{menu}{body}</body></html>".encode(),
        )
    )
    assert page.kind == kind
