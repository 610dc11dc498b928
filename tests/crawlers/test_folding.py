import pytest

from crawlers.folding import fold, search_text

ALIKE = [
    ("価格", "価格"),
    ("價格", "价格"),
    ("Phân vân", "phan van"),
    ("ĐẸP đẽ", "dep de"),
    ("Phân vân", "phan van"),  # typed as letters and marks
    ("Ｅｎｇ１２", "eng12"),
    ("Café №5", "cafe no5"),
    ("Straße", "straße"),
    ("cửa hàng ở Hà Nội, giá 850k", "cua hang o ha noi, gia 850k"),
    ("微信：ＡＢＣ", "微信:abc"),
    ("臺灣の店 và chợ", "台湾の店 va cho"),
    ("plain ASCII", "plain ascii"),
    ("", ""),
]


@pytest.mark.parametrize(("text", "folded"), ALIKE)
def test_spellings_fold_alike(text, folded):
    assert fold(text) == folded


@pytest.mark.parametrize("text", [text for text, _ in ALIKE])
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


def test_line_breaks_stay_where_they_are():
    lines = ["Giá bán lẻ", "價格", "", "Ｘ", "plain"]
    assert fold("\n".join(lines)) == "\n".join(map(fold, lines))


def test_search_text_parts_han_characters():
    assert search_text("買價格 Tốt") == "买 价 格 tot"
