import pytest

from crawlers.browser.shell import says_something, shell_of
from crawlers.document import Document
from crawlers.extract import read_page

APP = '<script src="/static/app.js"></script>'
ROOT = '<div id="root"></div>'


def shell(html: str) -> str | None:
    document = Document("https://till.example/", html.encode(), headers={})
    found = shell_of(document, read_page(document))
    return found.rule if found else None


def page(body: str, head: str = "<title>Lantern</title>") -> str:
    return f"<!doctype html><html><head>{head}</head><body>{body}</body></html>"


@pytest.mark.parametrize(
    "words",
    [
        "You need to enable JavaScript to run this app.",
        "We're sorry but this site doesn't work properly without JavaScript enabled.",
        "Please turn on Javascript in your browser.",
        "您需要启用 JavaScript 才能运行此应用。",
        "請開啟 JavaScript 以瀏覽本網站",
        "本网站需要浏览器支持JavaScript",
        "Bạn cần bật JavaScript để chạy ứng dụng này.",
        "Vui long kich hoat JavaScript de su dung trang web",
        "Trình duyệt của bạn không hỗ trợ JavaScript",
        "Bitte aktivieren Sie JavaScript.",
    ],
)
def test_what_asks_for_javascript(words: str) -> None:
    assert shell(page(f"<noscript><p>{words}</p></noscript>{ROOT}{APP}")) == "asks"


@pytest.mark.parametrize(
    "words",
    ["Please enable JavaScript to continue.", "请启用JavaScript后访问", "Hãy bật JavaScript nhé"],
)
def test_asking_without_noscript(words: str) -> None:
    assert shell(page(f"<p>{words}</p>{APP}")) == "asks"


@pytest.mark.parametrize(
    "body",
    [
        '<div id="app"></div>',
        '<div id="__next"></div>',
        "<app-root></app-root>",
        '<my-shop class="x"><div class="spinner"></div></my-shop>',
        '<div id="app"><div class="loader"><span>Loading...</span></div></div>',
        '<div id="app"><p>加载中…</p></div>',
        '<div id="app">正在載入，請稍候</div>',
        '<div id="app">Đang tải…</div>',
        '<div class="wrap"><main id="view"><svg><path d="M0 0"/></svg></main></div>',
        '<header>Lantern</header><div id="app"></div><footer>© 2026 Lantern</footer>',
    ],
)
def test_an_empty_root(body: str) -> None:
    assert shell(page(body + APP)) == "root"


def test_nothing_but_a_script() -> None:
    assert shell(page("<script>boot(document.body)</script>")) == "bare"


PROSE = "<p>" + "We sell paper lanterns for festivals, made by hand in Hoi An. " * 3 + "</p>"


@pytest.mark.parametrize(
    "body",
    [
        f"<div id='root'>{PROSE}</div>{APP}",  # drawn by the server
        f"<noscript>Enable JavaScript for the basket.</noscript>{PROSE}{APP}",
        "<h1>Thank you</h1><p>Your mail has reached us.</p>",  # short, but no script
        "<h1>Thank you</h1><p>Your mail has reached us, we answer within a day.</p>" + APP,
        "<div id='modal'></div>" + PROSE + APP,
        "<img src='a.jpg'><img src='b.jpg'><img src='c.jpg'><div id='modal'></div>" + APP,
        '<iframe src="https://shop.example/"></iframe>' + APP,
        "".join(f'<a href="/{n}">Page</a> ' for n in range(12)) + ROOT + APP,
        "<div id='root'></div><p>Starter: $19 / month</p>" + APP,
        "",
    ],
)
def test_pages_that_are_none(body: str) -> None:
    assert shell(page(body)) is None


def test_what_its_data_says_is_said() -> None:
    data = (
        '<script type="application/ld+json">{"@type": "Product", "name": "Lantern", "offers": '
        '{"@type": "Offer", "price": "12", "priceCurrency": "USD"}}</script>'
    )
    assert shell(page(f"{ROOT}{APP}", head=data)) is None


def test_a_page_that_leads_on_is_none() -> None:
    head = '<meta http-equiv="refresh" content="0; url=/en/">'
    assert shell(page(APP, head=head)) is None


@pytest.mark.parametrize(
    "body",
    [b"", b"<", b"\x00" * 100, b"<div>" * 20_000, b"<noscript>" * 3_000, b"<script>" + b"a" * 9],
)
def test_hostile_pages_are_judged_too(body: bytes) -> None:
    document = Document("https://till.example/", body, headers={"content-type": "text/html"})
    shell_of(document, read_page(document))


def test_what_a_drawn_page_must_show() -> None:
    def says(body: str) -> bool:
        document = Document("https://till.example/", page(body).encode())
        return says_something(document, read_page(document))

    assert says(PROSE) and says("<p>适合小型咖啡馆的收银系统</p>")
    assert not says(ROOT + APP) and not says("")
