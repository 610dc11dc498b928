import pytest

from crawlers.document import Document
from crawlers.extract import read_page

BODY = "<h1>Plans for small shops</h1><p>{}</p><footer>Save 10% in the footer</footer>"
OWN = "Our plans are made for shops with one till and shops with ten, month by month. " * 3


def notices(top):
    page = f"<html><body>{top}{BODY.format(OWN)}".encode()
    return read_page(Document("https://a.example/pricing", page)).notices


@pytest.mark.parametrize(
    "text",
    [
        "Black Friday: 40% off all plans until Nov 30",
        "Tặng 3 tháng khi mua gói năm",
        "Get 3 months free on annual plans",
        "双十一限时8折，全场包邮",
        "Miễn phí vận chuyển toàn quốc",
    ],
)
@pytest.mark.parametrize(
    "bar", ["<div class=bar>{}</div>", '<header><div class="announcement-bar">{}</div></header>']
)
def test_a_bar_that_promises_is_a_notice(text, bar):
    assert notices(bar.format(text)) == (text,)


@pytest.mark.parametrize(
    "top",
    [
        "",
        "<nav><a href=/a>Pricing</a><a href=/b>About us</a></nav>",
        "<div>We use cookies to make this site work for you</div>",
        "<div class=bar>" + "Save 10% now and always. " * 20 + "</div>",
    ],
)
def test_menus_and_others_are_none(top):
    assert notices(top) == ()
