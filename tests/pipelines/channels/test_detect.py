"""Pages in, channel tags out: whose account, which strength, which role, and hostile pages."""

import time

import pytest

from crawlers.items import ChannelTag, Company, Link, Page, Signal
from crawlers.words import PageKind, Place, SignalKind
from pipelines.channels import detect

SITE = "https://lumo.vn/den-ban"
Found = dict[tuple[str, str, str | None], int]


def page(*links: Link, kind: PageKind = "home", url: str = SITE, **parts: object) -> Page:
    return Page(url=url, kind=kind, lang="vi", links=links, **parts)  # type: ignore[arg-type]


def found(page_: Page) -> Found:
    return {(tag.channel, tag.role, tag.platform): tag.strength for tag in detect(page_)}


def link(url: str, text: str = "", place: Place = "body") -> Link:
    return Link(url=url, text=text, place=place)


def marks(kind: SignalKind, *values: str) -> tuple[Signal, ...]:
    return tuple(Signal(kind=kind, value=value) for value in values)


def test_a_vietnamese_shop() -> None:
    shop = page(
        link("https://lumo.vn/dai-ly", "Trở thành đại lý", "header"),
        link("https://lumo.vn/tin-tuc", "Tin tức", "header"),
        link("https://lumo.vn/he-thong-cua-hang", "Hệ thống cửa hàng", "footer"),
        link("https://shopee.vn/lumo.official", "Shopee", "footer"),
        link("https://www.lazada.vn/shop/lumo-official/", "Lazada", "footer"),
        link("https://tiki.vn/cua-hang/lumo", "Tiki", "footer"),
        link("https://zalo.me/0900000000", "", "body"),
        link("https://m.me/lumoden", "Chat Facebook", "body"),
        link("https://go.isclix.com/deep_link/51?url=x", "Mua ngay"),
        link("http://online.gov.vn/Home/WebDetails/1", "", "footer"),
        text="Hotline: 1900 0000 (8h-21h)\nTuyển CTV bán hàng, hoa hồng 20%",
        signals=(
            *marks("script", "https://s.zzcdn.me/ztr/ztracker.js?id=7"),
            *marks("inline", "!function(f){}(); fbq('init', '123456');"),
            *marks("meta", "zalo-platform-site-verification=Ab1"),
            Signal(kind="link", value="tel:19000000", text="Gọi mua hàng"),
        ),
    )
    assert found(shop) == {
        ("affiliates", "promotes", "accesstrade"): 3,
        ("affiliates", "promotes", None): 2,
        ("marketplace", "promotes", "lazada"): 3,
        ("marketplace", "promotes", "shopee"): 3,
        ("marketplace", "promotes", "tiki"): 3,
        ("messaging", "promotes", "messenger"): 3,
        ("messaging", "promotes", "zalo"): 3,
        ("offline", "promotes", None): 2,
        ("organic_search", "promotes", None): 2,
        ("paid_social", "promotes", "facebook"): 3,
        ("paid_social", "promotes", "zalo"): 3,
        ("partners", "promotes", None): 3,
        ("telesales", "promotes", None): 2,
    }


def test_a_chinese_company() -> None:
    company = page(
        link("https://lumo-home.cn/jiameng", "招商加盟", "header"),
        link("https://lumo.tmall.com/", "天猫旗舰店", "footer"),
        link("https://mall.jd.com/index-1000.html", "京东", "footer"),
        link("https://weibo.com/lumohome", "", "footer"),
        link("https://www.xiaohongshu.com/user/profile/5a", "小红书", "footer"),
        link("https://space.bilibili.com/12", "B站", "footer"),
        link("https://wpa.qq.com/msgrd?v=3&uin=10001&site=qq&menu=yes", "QQ客服"),
        link("https://beian.miit.gov.cn/", "京ICP备1号", "footer"),
        url="https://www.lumo-home.cn/",
        text="全国服务热线：400-000-0000\n客服微信：lumo_kefu\n扫码关注微信公众号\n广告合作：ad@lumo-home.cn",
        signals=(
            *marks("inline", "var _hmt = _hmt || []; hm.src='https://hm.baidu.com/hm.js?0a';"),
            *marks("script", "https://zz.bdstatic.com/linksubmit/push.js"),
        ),
    )
    assert found(company) == {
        ("display", "sells_space", None): 2,
        ("marketplace", "promotes", "jd"): 3,
        ("marketplace", "promotes", "tmall"): 3,
        ("messaging", "promotes", "qq"): 3,
        ("messaging", "promotes", "wechat"): 3,
        ("organic_search", "promotes", "baidu"): 2,
        ("organic_social", "promotes", "weibo"): 3,
        ("organic_social", "promotes", "xiaohongshu"): 3,
        ("organic_video", "promotes", "bilibili"): 3,
        ("paid_search", "promotes", "baidu"): 1,
        ("partners", "promotes", None): 3,
        ("telesales", "promotes", None): 2,
    }


@pytest.mark.parametrize(
    ("url", "text", "place", "kind", "strength"),
    [
        ("https://facebook.com/lumoden", "", "footer", "home", 3),
        ("https://facebook.com/nhagom", "", "footer", "home", 3),
        ("https://facebook.com/nhagom", "", "header", "article", 3),
        ("https://facebook.com/lumo.official", "anything at all", "body", "article", 3),
        ("https://facebook.com/nhagom", "Follow us", "body", "home", 2),
        ("https://facebook.com/nhagom", "Fanpage", "body", "contact", 2),
        ("https://facebook.com/nhagom", "", "body", "home", 2),
        ("https://facebook.com/nhagom", "Mrs. Hoa of Nha Gom", "body", "home", 1),
        ("https://facebook.com/nhagom", "Mrs. Hoa of Nha Gom", "body", "article", None),
        ("https://facebook.com/nhagom", "", "body", "listing", None),
        ("https://www.facebook.com/sharer/sharer.php?u=x", "Share", "footer", "home", 1),
        ("https://www.facebook.com/nhagom/posts/123", "post", "footer", "home", None),
        ("https://www.facebook.com/policies/cookies", "", "footer", "home", None),
        ("https://m.facebook.com/profile.php?id=100", "", "footer", "home", 3),
        ("https://www.facebook.com/pages/Lumo-Den/123", "", "footer", "home", 3),
    ],
)
def test_whose_account(
    url: str, text: str, place: Place, kind: PageKind, strength: int | None
) -> None:
    tags = found(page(link(url, text, place), kind=kind))
    assert tags.get(("organic_social", "promotes", "facebook")) == strength


@pytest.mark.parametrize(
    "url",
    [
        "https://www.youtube.com/watch?v=abc",
        "https://youtu.be/abc",
        "https://twitter.com/someone/status/1",
        "https://www.instagram.com/p/Cab/",
        "https://www.tiktok.com/@someone/video/7",
        "https://www.linkedin.com/posts/someone_1",
        "https://vimeo.com/123456",
        "https://www.douyin.com/video/7",
        "https://zalo.me/pc",
        "https://medium.com/some-publication/a-story-1",
        "https://github.com/someone/project",
        "https://policies.google.com/privacy",
        "https://www.amazon.jobs/en",
        "https://facebook.com/",
        "https://x.com/login",
    ],
)
def test_single_works_and_platform_pages_are_nobodys_account(url: str) -> None:
    assert detect(page(link(url, "", "footer"))) == ()


def test_declared_accounts_are_the_sites_own() -> None:
    declared = page(company=Company(accounts=("https://www.youtube.com/@nhagom",)), kind="article")
    assert found(declared) == {
        ("organic_search", "promotes", None): 2,  # the article itself
        ("organic_video", "promotes", "youtube"): 3,
    }


def test_many_accounts_in_a_body_are_a_list_of_others() -> None:
    names = ["an", "binh", "chi", "dung", "giang"]
    links = [link(f"https://www.instagram.com/{name}.studio/") for name in names]
    assert detect(page(*links)) == ()
    own = link("https://www.instagram.com/lumo.vn/", "", "footer")
    (tag,) = detect(page(*links, own))
    assert tag.strength == 3
    assert [row.quote for row in tag.evidence] == ["https://www.instagram.com/lumo.vn/"]


def test_one_tag_with_evidence_strongest_first() -> None:
    (tag,) = detect(
        page(
            link("https://www.facebook.com/sharer.php?u=x", "Share"),
            link("https://www.facebook.com/lumo", "", "footer"),
            signals=marks("iframe", "https://www.facebook.com/plugins/page.php?href=lumo"),
        )
    )
    assert (tag.channel, tag.role, tag.platform, tag.strength) == (
        "organic_social", "promotes", "facebook", 3,
    )  # fmt: skip
    assert [row.rule for row in tag.evidence] == [
        "facebook.account",
        "facebook.page_plugin",
        "facebook.share",
    ]
    assert {row.url for row in tag.evidence} == {SITE}


def test_evidence_is_bounded() -> None:
    many = [link(f"https://www.amazon.com/dp/B{n}?tag=lumo-20&x={'y' * 400}") for n in range(50)]
    (tag,) = [tag for tag in detect(page(*many)) if tag.channel == "affiliates"]
    assert len(tag.evidence) == 5
    assert all(len(row.quote) == 200 for row in tag.evidence)


@pytest.mark.parametrize(
    ("action", "label", "tag"),
    [
        ("https://lumo.us1.list-manage.com/subscribe/post?u=1", "", ("email", "mailchimp", 3)),
        ("https://abc.sibforms.com/serve/MU", "", ("email", "brevo", 3)),
        ("https://lumo.vn/contact#f", "footer-newsletter", ("email", None, 2)),
    ],
)
def test_forms(action: str, label: str, tag: tuple[str, str | None, int]) -> None:
    tags = detect(page(signals=(Signal(kind="form", value=action, text=label),)))
    assert [(t.channel, t.platform, t.strength) for t in tags] == [tag]


def test_a_contact_form_is_no_newsletter() -> None:
    form = Signal(kind="form", value="https://lumo.vn/contact", text="contact-form")
    assert detect(page(signals=(form,))) == ()


@pytest.mark.parametrize(
    ("url", "tag"),
    [
        ("https://store.example/?utm_source=zalo&utm_medium=cpc", ("paid_social", "zalo", 2)),
        ("https://store.example/?utm_source=mail&utm_medium=email", ("email", None, 2)),
        ("https://store.example/?utm_source=blog&utm_medium=affiliate", ("affiliates", None, 2)),
        ("https://store.example/?utm_source=chatgpt.com", ("ai_assistant", "chatgpt", 1)),
        ("https://store.example/?utm_source=lumo.vn&utm_medium=banner", ("display", None, 2)),
        ("https://store.example/?utm_source=lumo&utm_medium=referral", None),
        ("https://store.example/?utm_source=x1&utm_medium=footer", None),
        ("https://lumo.vn/khuyen-mai?utm_source=facebook&utm_medium=cpc", None),
    ],
)
def test_campaign_marks_on_links_out(url: str, tag: tuple[str, str | None, int] | None) -> None:
    tags = [(t.channel, t.platform, t.strength) for t in detect(page(link(url, "Xem")))]
    assert tags == ([tag] if tag else [])


@pytest.mark.parametrize(
    ("url", "text", "tag"),
    [
        ("https://lumo.vn/vi/affiliate-program", "x1", ("affiliates", 3)),
        ("https://lumo.vn/pages/tuyen-dai-ly-cap-1.html", "x1", ("partners", 3)),
        ("https://lumo.vn/p1", "Chính sách đại lý Lumo", ("partners", 3)),
        ("https://lumo.vn/p1", "代理加盟", ("partners", 3)),
        ("https://lumo.vn/p1", "合作伙伴与渠道", ("partners", 2)),
        ("https://lumo.vn/p1", "代理服务器租用", None),
        ("https://lumo.vn/p1", "Playable without Quick Time Events", None),
        ("https://lumo.vn/p1", "Webinars & Events", ("events", 2)),
        ("https://lumo.vn/tag/affiliate", "affiliate", None),
        ("https://lumo.vn/p1", "Our Blog", ("organic_search", 2)),
        ("https://blog.lumo.vn/p1", "x1", ("organic_search", 2)),
        ("https://lumo.vn/rss.xml", "x1", ("organic_search", 2)),
        ("https://lumo.vn/llms.txt", "x1", ("ai_assistant", 3)),
        ("https://lumo.vn/ads.txt", "x1", ("display", 3)),
        ("https://lumo.vn/products/affiliate-hoodie", "x1", None),
        ("https://other.example/affiliate", "Affiliates", ("affiliates", 2)),
        ("https://other.example/affiliate", "How affiliates earn more", None),
        ("https://other.example/affiliate", "x1", None),
    ],
)
def test_own_pages(url: str, text: str, tag: tuple[str, int] | None) -> None:
    tags = [(t.channel, t.strength) for t in detect(page(link(url, text, "footer")))]
    assert tags == ([tag] if tag else [])


def test_the_page_itself_is_a_mark() -> None:
    assert found(page(url="https://lumo.vn/ctv")) == {("affiliates", "promotes", None): 3}


def test_words_of_an_article_are_about_others() -> None:
    text = "Nhiều shop tuyển đại lý. Hotline: 1900 0000. 扫码关注微信公众号"
    assert detect(page(kind="listing", text=text)) == ()
    footer = Signal(kind="text", value="Hotline: 1900 0000", place="footer")
    assert found(page(kind="listing", text=text, signals=(footer,))) == {
        ("telesales", "promotes", None): 2
    }
    notice = "Bài viết có chứa liên kết tiếp thị. This article includes affiliate links."
    assert found(page(kind="listing", text=notice)) == {("affiliates", "promotes", None): 2}


def test_a_platforms_own_site_is_not_its_own_customer() -> None:
    own = page(
        link("https://www.facebook.com/lumo", "", "footer"),
        url="https://www.facebook.com/business",
        signals=marks("script", "https://connect.facebook.net/en_US/fbevents.js"),
    )
    assert ("organic_social", "promotes", "facebook") not in found(own)


def test_addresses_inside_scripts_are_read() -> None:
    source = r"""(function(){var s="https:\/\/snap.licdn.com\/li.lms-analytics\/insight.min.js";
    var t={"url":"https://www.facebook.com/somebody"};})();"""
    assert found(page(signals=marks("inline", source))) == {
        ("paid_social", "promotes", "linkedin"): 3
    }


@pytest.mark.parametrize(
    ("source", "tags"),
    [
        ('{"social_youtube":"https:\\/\\/www.youtube.com\\/@nhagom"}', {("organic_video", 2)}),
        ('{"sameAs":["https://www.facebook.com/nhagom"]}', {("organic_social", 2)}),
        ('x={"u":"https://www.facebook.com/lumo.vn"}', {("organic_social", 2)}),
        ('x={"u":"https://www.facebook.com/nhagom"}', set()),
        ('{"facebookPixelId":"123456789012345"}', {("paid_social", 3)}),
        ('{"facebookPixelId":"","tiktokPixelId":""}', set()),
        ("fbq('init', '1234567890');", {("paid_social", 3)}),
        ("if (id) { s.src='https://connect.facebook.net/en_US/fbevents.js'; fbq('init', id); }",
         {("paid_social", 1)}),
    ],
)  # fmt: skip
def test_settings_in_scripts(source: str, tags: set[tuple[str, int]]) -> None:
    found_tags = detect(page(signals=marks("inline", source)))
    assert {(tag.channel, tag.strength) for tag in found_tags} == tags


def test_a_pattern_does_not_reach_into_the_next_script() -> None:
    parts = ("fbq(", "'init', '1234567890');")
    assert detect(page(signals=marks("inline", *parts))) == ()


SISTERS = "https://www.lumoliving.vn/den"


@pytest.mark.parametrize(
    ("url", "text", "place", "tag"),
    [
        # the site's own name under another suffix is its own house
        ("https://blog.lumoliving.com/", "Stories of ours", "header", ("organic_search", 2)),
        ("https://corporate.lumoliving.com/newsroom", "x1", "footer", ("press", 2)),
        ("https://lumoliving.example.com/newsroom", "x1", "footer", None),
        ("https://notlumoliving.com/newsroom", "x1", "footer", None),
        # a page's name in a menu that leads elsewhere
        ("https://group.example/p", "Press room", "footer", ("press", 2)),
        ("https://group.example/p", "Press room", "body", ("press", 1)),
        ("https://group.example/p", "The press room of the year", "footer", None),
        # a network's name on a link through a redirect
        ("https://www.lumoliving.vn/go/1", "Facebook", "footer", ("organic_social", 2)),
        ("https://www.lumoliving.vn/facebook", "Facebook", "header", ("organic_social", 1)),
    ],
)
def test_houses_of_one_company(
    url: str, text: str, place: Place, tag: tuple[str, int] | None
) -> None:
    tags = [(t.channel, t.strength) for t in detect(page(link(url, text, place), url=SISTERS))]
    assert tags == ([tag] if tag else [])


def test_a_host_linked_often_is_part_of_the_house() -> None:
    links = [link(f"https://players.example/{n}", text) for n, text in enumerate(("Market", "Hub"))]
    links.append(link("https://players.example/c", "Community"))
    assert found(page(*links)) == {("forum", "promotes", None): 2}
    assert found(page(*links, kind="article"))[("forum", "promotes", None)] == 1


@pytest.mark.parametrize(
    ("url", "place", "strength"),
    [
        ("https://lumo.vn/newsroom", "body", 2),
        ("https://lumo.vn/newsroom/", "footer", 2),
        ("https://lumo.vn/newsroom/2026/lumo-wins", "footer", 2),
        ("https://lumo.vn/newsroom/2026/lumo-wins", "body", 1),
    ],
)
def test_a_page_below_an_own_page_is_weaker_in_the_body(
    url: str, place: Place, strength: int
) -> None:
    assert found(page(link(url, "x1", place))) == {("press", "promotes", None): strength}


def test_headings_are_read_as_words() -> None:
    assert found(page(headings=("Đăng ký nhận tin", "Đèn bàn"))) == {("email", "promotes", None): 2}
    assert detect(page(headings=("Đăng ký nhận tin",), kind="listing")) == ()


def test_a_number_in_the_words_of_a_link() -> None:
    help_line = link("https://lumo.vn/tro-giup", "Cần tư vấn? Gọi ngay 1900 0000 (8h-21h)")
    assert found(page(help_line)) == {("telesales", "promotes", None): 2}
    assert found(page(help_line, kind="listing")) == {("telesales", "promotes", None): 1}


def test_a_chat_widget_of_an_unknown_vendor() -> None:
    shop = page(signals=marks("script", "https://cdn.nobody.example/live-chat/loader.js"))
    assert found(shop) == {("messaging", "promotes", None): 2}
    assert detect(page(signals=marks("script", "https://cdn.nobody.example/chatter.js"))) == ()


@pytest.mark.parametrize(
    ("text", "channel"),
    [
        ("Call us: (512) 555-0100", "telesales"),
        ("Need help? Call 1-888-555-0100 (8am - 11pm)", "telesales"),
        ("预约电话 0371-0000 0000", "telesales"),
        ("Đặt hàng qua điện thoại: 0900 000 000", "telesales"),
        ("Hai chi nhánh tại Quận 3 và Quận 7", "offline"),
        ("全国 128 家门店", "offline"),
        ("Visit our booth B12", "events"),
        ("Diễn đàn hỏi đáp của 60.000 mẹ", "forum"),
        ("4,8/5 theo đánh giá Google", "reviews"),
        ("This article includes affiliate links", "affiliates"),
        ("They call 112 at night and the tel is silent", None),
        ("Cơ sở dữ liệu khách hàng", None),
        ("We stand behind 12 rules", None),
    ],
)
def test_words(text: str, channel: str | None) -> None:
    assert [tag.channel for tag in detect(page(text=text))] == ([channel] if channel else [])


def test_same_page_same_tags() -> None:
    links = [link(f"https://{host}/lumo", "", "footer") for host in ("x.com", "vk.com", "t.me")]
    one, two = detect(page(*links)), detect(page(*reversed(links)))
    assert [(t.channel, t.platform) for t in one] == [(t.channel, t.platform) for t in two]


HOSTILE = [
    "http://[",
    "http://[::1",
    "https://user:pass@facebook.com:99999/lumo",
    "https://" + "a." * 5000 + "com/",
    "https://facebook.com/" + "%" * 3000,
    "https://facebook.com/%ff%fe",
    "https://facebook.com/" + "/" * 5000,
    "//",
    "",
    "?",
    ":",
    "tel:",
    "https://",
    "https:///facebook.com/x",
    "https://FACEBOOK.com\\@evil.example/lumo",
    "https://xn--/\x00\x01",
    "javascript:alert(1)",
    "https://shop.example/?utm_source=%00&utm_medium=" + "cp" * 5000,
    "https://shop.example/?" + "utm_source=a&" * 2000,
    "https://例子.测试/微信",
    "\ud800",
]


@pytest.mark.parametrize("value", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize(
    "kind", ["link", "script", "iframe", "form", "image", "inline", "meta", "text", "markup"]
)
def test_hostile_values(value: str, kind: SignalKind) -> None:
    tags = detect(
        page(
            link(value, value, "footer"),
            signals=(Signal(kind=kind, value=value, text=value, place="footer"),),
            company=Company(name=value, accounts=(value,)),
            text=value,
        )
    )
    assert all(isinstance(tag, ChannelTag) for tag in tags)


@pytest.mark.parametrize("url", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_page_address(url: str) -> None:
    assert detect(page(link("https://zalo.me/0900000000", "", "footer"), url=url))


@pytest.mark.parametrize(
    "piece",
    ["hotline ", "zalo 0 ", "微信 ", "QQ群 1 ", "subscribe ", "400-", "fbq( ", "İ", "a" * 50, "\n"],
)
def test_huge_texts_take_bounded_time(piece: str) -> None:
    text = piece * (2_000_000 // len(piece))
    start = time.process_time()
    detect(page(text=text, signals=marks("inline", *[text[:4000]] * 200)))
    assert time.process_time() - start < 2


def test_very_many_links_take_bounded_time() -> None:
    links = [link(f"https://h{n}.example/{n}", f"text {n}") for n in range(50_000)]
    start = time.process_time()
    assert detect(page(*links)) == ()
    assert time.process_time() - start < 3
