import pytest

from crawlers.folding import fold, search_text
from crawlers.language import language_of, script_of


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("Which shop system would you pick for a small bakery?", "en"),
        ("great phone", "en"),
        ("小店刚开张，想找一个好用的收银系统", "zh"),
        ("价格", "zh"),
        ("Mình đang phân vân giữa hai phần mềm", "vi"),
        ("phan van giua A va B, ai dung roi cho minh hoi voi", "vi"),
        ("Asana比Trello好用。", "zh"),
        ("I visited 北京 and 上海 last year", "en"),
        ("minh moi doi tu Samsung sang iPhone duoc hai tuan", "vi"),
        ("quan em moi mo, dang phan van ko biet nen lay may nao", "vi"),
        ("truoc dung ban cu, gio sang hang khac roi, do ton tien hon han", "vi"),
        ("Can the man on the van come to me then? No, not on time.", "en"),
        ("Tim can hit the can; Kim and Tom ate a hot bun at ten", "en"),
        ("Vamos a la playa con mi perro y mi gato", "es"),
        ("Wir suchen einen guten Laden für unsere Tochter", "de"),
        ("この商品はとても良いです", "ja"),
        ("가격이 얼마예요", "ko"),
        ("12345 !!!", "und"),
        ("", "und"),
        ("iPhone 16 Pro 我想买这个手机", "zh"),
    ],
)
def test_language(text: str, lang: str) -> None:
    assert language_of(text) == lang


def test_a_hint_counts_only_where_letters_say_nothing() -> None:
    assert language_of("OK", hint="vi-VN") == "vi"
    assert language_of("小店刚开张想找一个好用的", hint="en") == "zh"


def test_script() -> None:
    assert script_of("价格太贵了") == "Hans"
    assert script_of("價格太貴了") == "Hant"
    assert script_of("hello") is None
    assert script_of("人山人海") is None


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Phân Vân", "phan van"),
        ("ĐỔI sang", "doi sang"),
        ("價格", "价格"),
        ("Ｅｎｇｌｉｓｈ", "english"),
        ("Café", "cafe"),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded
    assert fold(folded) == folded


def test_search_text_parts_characters() -> None:
    assert search_text("这个價格 OK") == "这 个 价 格 ok"
    assert search_text("价格") in search_text("请问价格是多少")
