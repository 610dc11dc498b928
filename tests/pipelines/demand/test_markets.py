"""Posts read against a market: listed brands stand for themselves, whatever they are called."""

import pytest

from pipelines.demand import Brand, DemandReader, MarketTerms

COFFEE = DemandReader(
    MarketTerms(
        brands=(
            Brand("Brewbox", ("布鲁盒",)),
            Brand("Rang Xay Nhanh", ("Rang Xay",)),
            Brand("山间豆", ("山間豆",)),
            Brand("Target Roast"),
        ),
        own=Brand("Beanly"),
        offers=("coffee subscription", "cà phê giao định kỳ", "咖啡订阅"),
        keywords=("coffee beans", "hạt cà phê", "咖啡豆"),
    )
)
BOOKS = DemandReader(
    MarketTerms(
        brands=(Brand("Ledgerly"), Brand("Sổ Nhanh"), Brand("账无忧"), Brand("Tallyho")),
        offers=("bookkeeping software", "phần mềm kế toán", "记账软件"),
        keywords=("invoicing", "hóa đơn điện tử", "发票"),
    )
)


def switch_of(reader, text):
    switch = reader.read(text).switch
    return (switch.from_brand, switch.to_brand, switch.status) if switch else None


@pytest.mark.parametrize(
    ("text", "old", "new", "status"),
    [
        ("We cancelled Ledgerly in May and went with Tallyho.", "Ledgerly", "Tallyho", "done"),
        ("Began on Ledgerly, moved to Tallyho after a year.", "Ledgerly", "Tallyho", "done"),
        ("Our Ledgerly books are now on Tallyho.", "Ledgerly", "Tallyho", "done"),
        ("We moved all our clients from Ledgerly to Tallyho.", "Ledgerly", "Tallyho", "done"),
        ("We have used Ledgerly since 2019. Last week I switched to Tallyho.",
         "Ledgerly", "Tallyho", "done"),
        ("In March we replaced Ledgerly with Tallyho.", "Ledgerly", "Tallyho", "done"),
        ("I'm on Ledgerly and may switch to Tallyho next year.",
         "Ledgerly", "Tallyho", "considering"),
        ("I am tempted to drop Ledgerly for Tallyho.", "Ledgerly", "Tallyho", "considering"),
        ("Our office uses Ledgerly, we are trying Tallyho this week. Probably switching.",
         "Ledgerly", "Tallyho", "considering"),
        ("If prices rise again we will move from Ledgerly to Tallyho.",
         "Ledgerly", "Tallyho", "considering"),
        ("Ledgerly was fine until last year. Now using Tallyho and never looked back.",
         "Ledgerly", "Tallyho", "done"),
        ("Been with Ledgerly for ages but considering Tallyho.",
         "Ledgerly", "Tallyho", "considering"),
        ("Is it worth moving from Ledgerly to Tallyho?", "Ledgerly", "Tallyho", "considering"),
        ("Văn phòng mình dùng Sổ Nhanh, đang nhắm Tallyho.",
         "Sổ Nhanh", "Tallyho", "considering"),
        ("账无忧涨价，我就不续了，现在用Tallyho。", "账无忧", "Tallyho", "done"),
        ("公司要求我们从账无忧换成Tallyho了。", "账无忧", "Tallyho", "done"),
        ("Công ty mình bỏ Sổ Nhanh, chuyển sang Tallyho từ quý trước.",
         "Sổ Nhanh", "Tallyho", "done"),
        ("Hồi trước mình dùng Sổ Nhanh, giờ chuyển qua Tallyho rồi.",
         "Sổ Nhanh", "Tallyho", "done"),
        ("Mình vừa đổi Sổ Nhanh lấy Ledgerly tuần trước.", "Sổ Nhanh", "Ledgerly", "done"),
        ("Mình đang dùng Sổ Nhanh, có khi tháng sau đổi sang Ledgerly.",
         "Sổ Nhanh", "Ledgerly", "considering"),
        ("Đang dùng thử Ledgerly, chắc bỏ Sổ Nhanh luôn.",
         "Sổ Nhanh", "Ledgerly", "considering"),
        ("truoc minh dung so nhanh, gio chuyen sang ledgerly roi",
         "Sổ Nhanh", "Ledgerly", "done"),
        ("公司从账无忧搬到了Tallyho。", "账无忧", "Tallyho", "done"),
        ("之前用賬無憂，今年換成Tallyho。", "账无忧", "Tallyho", "done"),
        ("我们弃用账无忧，改用Tallyho了。", "账无忧", "Tallyho", "done"),
        ("我们在用账无忧，明年考虑换Tallyho。", "账无忧", "Tallyho", "considering"),
        ("账无忧用了两年，正在试Ledgerly，可能要换过去。", "账无忧", "Ledgerly", "considering"),
    ],
)  # fmt: skip
def test_both_sides_of_a_switch_are_found(text, old, new, status):
    assert switch_of(BOOKS, text) == (old, new, status)


@pytest.mark.parametrize(
    "text",
    [
        "We didn't move from Ledgerly to Tallyho after all.",
        "I am not going to leave Ledgerly.",
        "My neighbour uses Ledgerly. Tallyho is new here.",
        "You should switch from Ledgerly to Tallyho.",
        "I still use Ledgerly for invoices and Tallyho for wages.",
        "In my experience Tallyho is quicker than Ledgerly.",
        "Ledgerly changed its prices, Tallyho did not.",
        "Bạn mình đổi từ Sổ Nhanh sang Tallyho.",
        "Mình không chuyển từ Sổ Nhanh sang Tallyho đâu.",
        "Mình thấy Sổ Nhanh dễ dùng hơn Tallyho.",
        "我不打算从账无忧换到Tallyho。",
        "朋友从账无忧换到了Tallyho。",
        "Tallyho比账无忧便宜。",
        "Probably leaving at six tonight.",
    ],
)
def test_no_switch_of_the_author(text):
    assert switch_of(BOOKS, text) is None


@pytest.mark.parametrize(
    ("text", "stage"),
    [
        ("My Ledgerly renewal came in today.", "using"),
        ("We pay for the top tier and still wait.", "using"),
        ("Tax office in Leeds, on Tallyho for six years.", "using"),
        ("I'm staying with Ledgerly, it is good enough.", "using"),
        ("I'm on Ledgerly and may switch to Tallyho next year.", "using"),
        ("I'm thinking of getting Ledgerly for the office but can't find out if it works abroad.",
         "comparing"),
        ("We need something like this for a small bakery.", "searching"),
        ("I type every invoicing detail by hand at night and still forget some.",
         "problem_aware"),
        ("Sổ Nhanh hay Tallyho hợp với quán nhỏ hơn ạ?", "comparing"),
        ("账无忧还是Tallyho？", "comparing"),
        ("Công ty mình chạy Sổ Nhanh cũng được hai năm.", "using"),
        ("Sổ Nhanh làm mất dữ liệu hai lần.", "using"),
        ("Mọi người cứ dùng thử vài ngày rồi hẵng mua.", "none"),
        ("我们公司账无忧用了三年。", "using"),
        ("我也需要一套，哪家有试用？", "searching"),
        ("Which bus goes to the airport?", "none"),
    ],
)  # fmt: skip
def test_stage_of_who_names_a_brand(text, stage):
    assert BOOKS.read(text).stage == stage


@pytest.mark.parametrize(
    ("text", "seller"),
    [
        ("Our company provides bookkeeping software, call us on 020 555 0199 for a free quote!",
         True),
        ("We build bookkeeping software for clinics. Write to hello@tally.example today.", True),
        ("Our bakery now closes its books with Ledgerly.", False),
        ("We sell bread and do the invoicing in Ledgerly.", False),
        ("Mình bán bánh mì, dùng Sổ Nhanh hai năm nay.", False),
        ("Mình bán bánh, ngày khoảng 90 đơn, phân vân giữa Sổ Nhanh và Ledgerly.", False),
        ("Bên em cung cấp phần mềm kế toán, liên hệ Zalo 0900 000 111.", True),
        ("本公司承接记账软件安装，欢迎咨询，加微信 abc-0000。", True),
        ("我开面包店的，用账无忧记账。", False),
    ],
)  # fmt: skip
def test_merchants_who_tell_of_themselves_are_no_sellers(text, seller):
    assert BOOKS.read(text).seller is seller


@pytest.mark.parametrize(
    ("text", "pain", "praise"),
    [
        ("Brewbox charged me twice and nobody could explain why.", True, False),
        ("Our office waited nine days for an answer from Brewbox.", True, False),
        ("We use Brewbox. A human answers within minutes and no bag was ever lost.", False, True),
        ("On Brewbox since 2020 and would choose it again.", False, True),
        ("Rang Xay giao trễ, gọi ba ngày không ai nghe máy.", True, False),
        ("Nhà mình dùng Rang Xay Nhanh, hỗ trợ nhanh, chưa sót đơn nào.", False, True),
        ("山间豆发错货，客服打不通。", True, False),
        ("我们用山间豆两年了，客服电话一打就通，从没错过一单。", False, True),
        # a brand's name says nothing: "Nhanh" is no praise, "Target" no verb
        ("Mình hỏi Rang Xay Nhanh mấy giờ mở cửa.", False, False),
    ],
)
def test_feelings_about_brands(text, pain, praise):
    reading = COFFEE.read(text)
    assert (reading.pain, reading.praise) == (pain, praise)


@pytest.mark.parametrize(
    ("text", "barrier"),
    [
        ("Brewbox costs more than my café makes in a week.", "price"),
        ("That is so cheap that I suspect a scam.", "too_cheap"),
        ("I can't find out whether Brewbox grinds the beans.", "understanding"),
        ("I don't trust them, I know no one here who uses it.", "trust"),
        ("Brewbox has no decaf, so it was off the list for us.", "missing_feature"),
        ("What worries me is moving all our orders by hand.", "switching_cost"),
        ("They don't ship Brewbox to our island yet.", "availability"),
        ("I'd take it, but my wife holds the purse and my boss says tea is fine.", "authority"),
        ("Ngại nhất là phải nhập lại toàn bộ khách.", "switching_cost"),
        ("Muốn mua nhưng quyết định là do sếp.", "authority"),
        ("Ở Cà Mau không có đại lý nên mình chưa dám mua.", "availability"),
        ("Lỡ họ ôm tiền bỏ trốn thì sao, chưa dám đặt.", "trust"),
        ("Giờ bận quá, để qua mùa rồi mua.", "timing"),
        ("想订，可是拍板的是老板。", "authority"),
        ("最怕老客户的积分转不过去。", "switching_cost"),
        ("我们县里没有代理商，找不到地方买。", "availability"),
        ("这阵子没时间研究，等忙完再买。", "timing"),
    ],
)
def test_barriers_in_a_market(text, barrier):
    assert COFFEE.read(text).barrier == barrier


@pytest.mark.parametrize(
    "text",
    [
        "Any suggestions welcome.",
        "Support had become slow.",
        "Show me your cups.",
        "Brewbox has been fine so far.",
        "Put it in the fridge overnight and it will keep.",
        "Just bought Brewbox Plus, love it so far.",
    ],
)
def test_what_asks_the_seller_for_nothing(text):
    assert COFFEE.read(text).suggestion is False


@pytest.mark.parametrize(
    "text",
    [
        "Brewbox should offer half bags.",
        "Please add a pause button.",
        "I wish Brewbox had a decaf bag.",
        "Mong Rang Xay có thêm gói nửa ký.",
        "希望山间豆能增加小包装。",
    ],
)
def test_what_asks_the_seller_for_more(text):
    assert COFFEE.read(text).suggestion is True


def test_every_quote_is_literal_where_brands_are_hidden():
    text = "Tiệm  nhà mình bỏ SỔ NHANH, chuyển qua Tallyho; đỡ khổ hẳn!"
    reading = BOOKS.read(text)
    assert reading.switch is not None
    for row in reading.evidence:
        assert row.quote in text
        assert "\ua7f9" not in row.quote
