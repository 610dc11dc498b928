import pytest
from zhconv_rs import zhconv

from crawlers import folding
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


def test_a_text_folded_whole_is_as_folded_run_by_run():
    ranges = [(0x20, 0x250), (0x300, 0x370), (0x1E00, 0x2180), (0x2600, 0x27C0), (0x3000, 0x3130)]
    for first, last in [*ranges, (0x4E00, 0x4F00), (0xFF00, 0xFFF0), (0x1F300, 0x1F400)]:
        for letter in map(chr, range(first, last)):
            text = f"Aa{letter}b {letter}\u0301e{letter}"
            plain = zhconv(text, "zh-hans") if "\u4e00" <= letter <= "\u9fff" else text
            assert fold(text) == folding._folded_by_runs(plain.lower())
