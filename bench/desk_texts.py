"""Words of the generated market of `bench.desk_market`: sentences in three languages, by claim.

A sentence may hold ``{brand}``, ``{other}``, ``{thing}``, ``{place}`` and ``{n}``. The word ``app``
stands nowhere but in ``COMMON``, so that the share of the posts it stands in is known.
"""

import random
from dataclasses import dataclass

Sentences = dict[str, tuple[str, ...]]

THINGS: Sentences = {
    "en": ("till", "label printer", "stock list", "phone case", "checkout page", "order sheet",
           "loyalty card", "barcode reader", "price tag", "cash drawer", "web shop", "invoice"),
    "zh": ("收银机", "标签打印机", "库存表", "手机壳", "结账页", "订单", "会员卡", "扫码枪", "价签",
           "钱箱", "网店", "发票"),
    "zh-Hant": ("收銀機", "標籤機", "庫存表", "手機殼",
                "結帳頁", "訂單", "會員卡", "掃碼槍", "價籤",
                "錢箱", "網店", "發票"),
    "vi": ("máy tính tiền", "máy in tem", "bảng tồn kho", "ốp lưng", "trang thanh toán", "đơn hàng",
           "thẻ thành viên", "máy quét mã", "tem giá", "két tiền", "web bán hàng", "hóa đơn"),
}  # fmt: skip

PLACES: Sentences = {
    "en": ("Penang", "Cebu", "Leeds", "Hanoi", "Austin", "Perth", "Manila", "Singapore"),
    "zh": ("杭州", "成都", "苏州", "佛山", "武汉", "厦门", "西安", "青岛"),
    "zh-Hant": ("台北", "台中", "高雄", "新竹", "香港", "基隆", "嘉義", "台南"),
    "vi": ("Hà Nội", "Đà Nẵng", "Cần Thơ", "Huế", "Vinh", "Đà Lạt", "Hải Phòng", "Biên Hòa"),
}

COMMON: Sentences = {
    "en": ("The app asked me to log in again.", "I only ever open the app on my way home."),
    "zh": ("我在 app 里看过一遍。", "昨天 app 又更新了。"),
    "zh-Hant": ("我在 app 裡看過一遍。", "昨天 app 又更新了。"),
    "vi": ("Mình mở app trên xe buýt.", "Hôm qua app lại cập nhật."),
}
"""Put into one post of ten, whatever its language."""

KNOWN: Sentences = {
    "en": ("The switch behind the {thing} was off.", "I had to switch rooms twice."),
    "zh": ("他们的价格写在第{n}页。", "价格表我问了三遍。"),
    "zh-Hant": ("他們的價格寫在第{n}頁。", "價格表我問了三遍。"),
    "vi": ("Mình bán điện thoại cũ ở {place}.", "Ban dien thoai o {place} cung vay thoi."),
}
"""Put into one post of fifty: what the search is tested with."""

CLAIMS: dict[str, Sentences] = {
    "comparing": {
        "en": ("I cannot decide between {brand} and {other} for my {thing}.",
               "{brand} or {other}, which one for {n} orders a day?"),
        "zh": ("在{brand}和{other}之间纠结了{n}天。", "{brand}跟{other}哪个适合做{thing}？"),
        "zh-Hant": ("在{brand}和{other}之間糾結了{n}天。", "{brand}跟{other}哪個適合做{thing}？"),
        "vi": ("Đang phân vân giữa {brand} và {other} cho {thing}.",
               "{brand} với {other} bên nào hợp {n} đơn mỗi ngày?"),
    },
    "searching": {
        "en": ("Can anybody recommend something for a {thing}?",
               "Looking for a {thing} in {place}."),
        "zh": ("求推荐一个{thing}，{place}这边用。", "有没有好用的{thing}？"),
        "zh-Hant": ("求推薦一個{thing}，{place}這邊用。", "有沒有好用的{thing}？"),
        "vi": ("Xin gợi ý {thing} cho tiệm ở {place}.", "Ai biết chỗ nào có {thing} tốt không ạ?"),
    },
    "using": {
        "en": ("We have run {brand} in the shop for {n} months.", "I use {brand} for the {thing}."),
        "zh": ("我们店用{brand}已经{n}个月了。", "我家的{thing}用的是{brand}。"),
        "zh-Hant": ("我們店用{brand}已經{n}個月了。", "我家的{thing}用的是{brand}。"),
        "vi": ("Tiệm mình xài {brand} được {n} tháng rồi.", "Mình dùng {brand} cho {thing}."),
    },
    "problem_aware": {
        "en": ("Counting the {thing} by hand costs us {n} hours a week.",),
        "zh": ("手工数{thing}每周要花{n}个小时。",),
        "zh-Hant": ("手工數{thing}每週要花{n}個小時。",),
        "vi": ("Đếm {thing} bằng tay tốn {n} giờ mỗi tuần.",),
    },
    "pain": {
        "en": ("{brand} lost the {thing} again and nobody answers.",
               "The {thing} of {brand} has been broken for {n} days."),
        "zh": ("{brand}的{thing}又坏了，{n}天没人管。", "{brand}客服一直占线，气死了。"),
        "zh-Hant": ("{brand}的{thing}又壞了，{n}天沒人管。", "{brand}客服一直佔線，氣死了。"),
        "vi": ("{brand} lại lỗi {thing}, gọi {n} lần không ai nghe.", "{brand} chậm kinh khủng."),
    },
    "praise": {
        "en": ("{brand} answered within {n} minutes, great people.",
               "Love the {thing} of {brand}."),
        "zh": ("{brand}的{thing}真好用，{n}分钟就学会。", "{brand}服务很好，推荐。"),
        "zh-Hant": ("{brand}的{thing}真好用，{n}分鐘就學會。", "{brand}服務很好，推薦。"),
        "vi": ("{brand} hỗ trợ nhanh, {n} phút là xong.", "Thích nhất {thing} của {brand}."),
    },
    "objection": {
        "en": ("Why should I pay {n} a month for a {thing}?",),
        "zh": ("一个{thing}每月要{n}块，凭什么？",),
        "zh-Hant": ("一個{thing}每月要{n}塊，憑什麼？",),
        "vi": ("Mỗi tháng {n} nghìn cho {thing} thì ai mua.",),
    },
    "poor_fit": {
        "en": ("{brand} is made for chains, not for my single {thing}.",),
        "zh": ("{brand}是给连锁店做的，不适合我。",),
        "zh-Hant": ("{brand}是給連鎖店做的，不適合我。",),
        "vi": ("{brand} hợp chuỗi lớn, không hợp tiệm nhỏ.",),
    },
    "suggestion": {
        "en": ("I wish {brand} could print the {thing} in two languages.",),
        "zh": ("希望{brand}的{thing}能支持两种语言。",),
        "zh-Hant": ("希望{brand}的{thing}能支援兩種語言。",),
        "vi": ("Ước gì {brand} in được {thing} hai thứ tiếng.",),
    },
    "barrier": {
        "en": ("Too much trouble to move {n} items over.", "I do not trust them with my {thing}."),
        "zh": ("要搬{n}个商品，太麻烦了。", "把{thing}交给他们不放心。"),
        "zh-Hant": ("要搬{n}個商品，太麻煩了。", "把{thing}交給他們不放心。"),
        "vi": ("Chuyển {n} mặt hàng mệt lắm.", "Giao {thing} cho họ thì không yên tâm."),
    },
    "switch": {
        "en": ("We moved from {brand} to {other} in spring.", "Left {brand} for {other}."),
        "zh": ("我们从{brand}换到{other}了。", "打算从{brand}换成{other}。"),
        "zh-Hant": ("我們從{brand}換到{other}了。", "打算從{brand}換成{other}。"),
        "vi": ("Tụi mình chuyển từ {brand} sang {other}.", "Đang tính bỏ {brand} qua {other}."),
    },
    "comparison": {
        "en": ("{brand} is quicker than {other} with the {thing}.",),
        "zh": ("做{thing}，{brand}比{other}快。",),
        "zh-Hant": ("做{thing}，{brand}比{other}快。",),
        "vi": ("Về {thing} thì {brand} nhanh hơn {other}.",),
    },
    "fact": {
        "en": ("I own a small shop in {place}.", "We open a second branch in {place}."),
        "zh": ("我在{place}开小店。", "下个月在{place}开分店。"),
        "zh-Hant": ("我在{place}開小店。", "下個月在{place}開分店。"),
        "vi": ("Mình có tiệm nhỏ ở {place}.", "Tháng sau mở thêm tiệm ở {place}."),
    },
    "seller": {
        "en": ("Write to us for a free {thing}, first {n} shops only!",),
        "zh": ("加微信免费领{thing}，前{n}名！",),
        "zh-Hant": ("加好友免費領{thing}，前{n}名！",),
        "vi": ("Inbox nhận {thing} miễn phí cho {n} tiệm đầu tiên!",),
    },
    "plain": {
        "en": ("Rain all week in {place}, few people in the street.", "Thanks, that helped.",
               "Page {n} of the handbook says the same.", "My cousin in {place} told me so."),
        "zh": ("{place}下了一周雨，街上没人。", "谢谢楼主，学到了。", "手册第{n}页也这么写。"),
        "zh-Hant": ("{place}下了一週雨，街上沒人。", "謝謝樓主，學到了。", "手冊第{n}頁也這麼寫。"),
        "vi": ("{place} mưa cả tuần, đường vắng.",
               "Cảm ơn bác, hay quá.", "Trang {n} cũng ghi vậy."),
    },
}  # fmt: skip

_SYLLABLES = {
    "en": ("bar", "con", "del", "fer", "gan", "hol", "jin", "kel", "lum", "mor", "nev", "or",
           "pel", "quin", "ros", "sil", "tam", "ul", "vor", "wex", "yar", "zen"),
    "vi": ("bạ", "cổn", "đèng", "gù", "hể", "khọ", "lếch", "mứ", "nghẻ", "ỏm", "phịu", "quơ",
           "rễ", "sắt", "thuỗ", "ượn", "vẩy", "xoè"),
}  # fmt: skip
_HAN = (
    "的一是不了人我在有他这中大来上个国到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可"
)
_HAN_MORE = (
    "好小多然于心起样如所天后前头现开关点回长明看想起本见发被让给但已正手民理实动进行面定此间"
)
WORDS = 20_000
"""Made-up words of each language, so that the index has a vocabulary to speak of."""


@dataclass(frozen=True, slots=True)
class Speech:
    """Makes sentences from one source of chance."""

    chance: random.Random
    vocabulary: dict[str, list[str]]

    def say(self, kind: Sentences, lang: str, brand: str = "", other: str = "") -> str:
        """A sentence of a kind, its gaps filled."""
        pick = self.chance.random
        sentences, things, places = kind[lang], THINGS[lang], PLACES[lang]
        return sentences[int(pick() * len(sentences))].format(
            brand=brand,
            other=other,
            thing=things[int(pick() * len(things))],
            place=places[int(pick() * len(places))],
            n=2 + int(pick() * 58),
        )

    def babble(self, lang: str, words: int) -> str:
        """So many words of the vocabulary, frequent ones often."""
        vocabulary, pick = self.vocabulary[lang], self.chance.random
        size = len(vocabulary)
        chosen = [vocabulary[int(size * pick() ** 3)] for _ in range(words)]
        return "".join(chosen) + "。" if lang.startswith("zh") else " ".join(chosen) + "."


def speech(chance: random.Random) -> Speech:
    """A speech with its vocabulary, the same for the same chance."""
    vocabulary: dict[str, list[str]] = {}
    for lang, syllables in _SYLLABLES.items():
        joint = "" if lang == "en" else " "
        vocabulary[lang] = [
            joint.join(chance.choices(syllables, k=chance.randint(1, 3))) for _ in range(WORDS)
        ]
    characters = _HAN + _HAN_MORE
    vocabulary["zh"] = [
        "".join(chance.choices(characters, k=chance.randint(1, 2))) for _ in range(WORDS)
    ]
    vocabulary["zh-Hant"] = vocabulary["zh"]
    return Speech(chance=chance, vocabulary=vocabulary)


def names(chance: random.Random, count: int) -> list[str]:
    """So many names of companies, none twice; some in Chinese characters."""
    found: dict[str, None] = {}
    while len(found) < count:
        if chance.random() < 0.12:
            found.setdefault("".join(chance.sample(_HAN_MORE, 2)) + chance.choice("云铺宝账"))
            continue
        word = "".join(chance.sample(_SYLLABLES["en"], chance.randint(2, 3)))
        found.setdefault((word + chance.choice(("", "ly", "ware", "kit", "desk"))).capitalize())
    return list(found)
