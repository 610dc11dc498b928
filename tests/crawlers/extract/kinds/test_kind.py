"""Page kinds of links and of pages."""

import pytest

from crawlers.document import Document
from crawlers.extract import kind_of_link, page_priority, read_page


@pytest.mark.parametrize(
    ("url", "text", "kind"),
    [
        ("https://a.example/", "", "home"),
        ("https://a.example/en-us/", "", "home"),
        ("https://a.example/vi", "", "home"),
        ("https://a.example/pricing", "", "pricing"),
        ("https://a.example/bang-gia", "", "pricing"),
        ("https://a.example/x1", "价格", "pricing"),
        ("https://a.example/x1", "Bảng giá", "pricing"),
        ("https://a.example/about-us", "", "about"),
        ("https://a.example/gioi-thieu.html", "", "about"),
        ("https://a.example/page/7", "關於我們", "about"),
        ("https://a.example/lien-he", "", "contact"),
        ("https://a.example/products/red-kettle", "", "product"),
        ("https://a.example/san-pham/am-sieu-toc", "", "product"),
        ("https://a.example/collections/kettles", "", "collection"),
        ("https://a.example/danh-muc/am", "", "collection"),
        ("https://a.example/services/cleaning", "", "service"),
        ("https://a.example/dich-vu", "", "service"),
        ("https://a.example/tuyen-dung", "", "careers"),
        ("https://a.example/zhaopin.html", "", "careers"),
        ("https://a.example/blog", "", "listing"),
        ("https://a.example/privacy-policy", "", "legal"),
        ("https://a.example/dieu-khoan", "", "legal"),
        ("https://a.example/products", "", "collection"),
        ("https://a.example/san-pham", "", "collection"),
        ("https://a.example/product/123", "", "product"),
        ("https://a.example/x1", "Sản phẩm", "collection"),
        ("https://a.example/x1", "产品中心", "collection"),
        ("https://a.example/x1", "解决方案", "service"),
        ("https://a.example/x1", "新闻中心", "listing"),
        ("https://a.example/x1", "最新消息", "listing"),
        ("https://a.example/x1", "隱私權政策", "legal"),
        ("https://a.example/x1", "加入我們", "careers"),
        ("https://a.example/x1", "Chính sách bảo mật", "legal"),
        ("https://a.example/x1", "價格方案", "pricing"),
        ("https://a.example/blog/five-teas-to-try-now", "", "article"),
        ("https://a.example/cart", "", "other"),
        ("https://a.example/dang-nhap", "", "other"),
        ("https://a.example/xyzzy", "", None),
    ],
)
def test_link_kinds(url, text, kind):
    assert page_priority(url, text) == kind


def test_budget_order():
    worth = [
        kind_of_link(f"https://a.example{path}")[1]
        for path in (
            "/",
            "/pricing",
            "/about",
            "/careers",
            "/blog",
            "/privacy",
            "/tag/red",
            "/cart",
        )
    ]
    assert worth == sorted(worth, reverse=True)
    assert worth[-1] == 0
    assert kind_of_link("https://a.example/file.pdf") == (None, 0.0)
    assert kind_of_link("http://[") == (None, 0.0)


def page(url, body, title="", lang="en"):
    html = f'<html lang="{lang}"><head><title>{title}</title></head><body>{body}</body></html>'
    return read_page(Document(url, html.encode(), headers={"content-type": "text/html"}))


PROSE = (
    "<p>"
    + "The kettle was first boiled in the old mill, and people still talk of it. " * 6
    + "</p>"
)
REPLY = (
    '<div class="post message"><a class="author" href="/u/1">mai</a><div class="postbody">'
    + "I had the same trouble with mine, then I changed the cable. " * 3
    + '</div><span>Reply</span> <span>Quote</span></div>'
)  # fmt: skip


@pytest.mark.parametrize(
    ("url", "title", "body", "lang", "kind"),
    [
        ("https://a.example/", "Kettles", "<h1>Kettles for all</h1><p>We sell.</p>", "en", "home"),
        ("https://a.example/gioi-thieu", "Giới thiệu", PROSE, "vi", "about"),
        ("https://a.example/index.php?id=9", "联系我们 - 水壶公司", "<h1>联系我们</h1>", "zh",
         "contact"),
        ("https://a.example/privacy", "Privacy policy", "<h1>Privacy</h1>" + PROSE * 4, "en",
         "legal"),
        ("https://a.example/blog/2024/05/how-to-clean-a-kettle", "How to clean a kettle",
         "<article><h1>How to clean a kettle</h1>" + PROSE * 6 + "</article>", "en", "article"),
        ("https://a.example/threads/leaking-kettle.1234/", "Leaking kettle | Forum",
         "<h1>Leaking kettle</h1>" + REPLY * 6 + "<textarea></textarea>", "en", "forum_topic"),
        ("https://a.example/docs/install", "Install - Documentation",
         "<h1>Installation</h1><p>On this page</p><pre>make</pre><pre>run</pre><code>x</code>" * 2
         + PROSE, "en", "documentation"),
        ("https://a.example/x.html", "加湿器", "<h1>加湿器</h1><button>加入购物车</button>"
         "<p>¥199</p><p>立即购买</p>", "zh", "product"),
    ],
)  # fmt: skip
def test_page_kinds(url, title, body, lang, kind):
    assert page(url, body, title, lang).kind == kind
