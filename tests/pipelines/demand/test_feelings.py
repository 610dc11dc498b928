"""Who is praised, who is complained about."""

import pytest

from pipelines.demand import Brand, DemandReader, MarketTerms

READER = DemandReader(
    MarketTerms(
        brands=(
            Brand("Tillora", key="tillora.example"),
            Brand("Kassa"),
            Brand("Mây Sổ", aliases=("may so",)),
            Brand("快记", aliases=("快記",)),
            Brand("云账"),
        )
    )
)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("I use Tillora and it crashes every morning.", {("Tillora", "pain")}),
        (
            "Tillora crashes all the time but Kassa is really easy to use.",
            {("Tillora", "pain"), ("Kassa", "praise")},
        ),
        (
            "We switched from Kassa to Tillora because the support was terrible.",
            {("Kassa", "pain")},
        ),
        (
            "We have used Kassa for two years. Great support, very reliable.",
            {("Kassa", "praise")},
        ),
        ("快记很好用，云账经常闪退。", {("快记", "praise"), ("云账", "pain")}),
        ("我用的是快記，非常好用。", {("快记", "praise")}),
        (
            "Mình dùng Mây Sổ thấy rất tốt, còn Kassa thì lỗi suốt.",
            {("Mây Sổ", "praise"), ("Kassa", "pain")},
        ),
        ("Kassa and Tillora are both on the list.", set()),
    ],
)
def test_the_brand_a_feeling_speaks_of(text: str, told: set[tuple[str, str]]) -> None:
    reading = READER.read(text)
    assert {(f.brand, f.feeling) for f in reading.feelings} == told
    assert all(f.quote in text for f in reading.feelings)


def test_a_feeling_keeps_the_key_of_its_brand() -> None:
    feelings = READER.read("I use Tillora and it crashes every morning.").feelings
    assert [f.key for f in feelings] == ["tillora.example"]


def test_words_whose_brand_cannot_be_told_are_nobodys() -> None:
    text = "Had Kassa, had Tillora. The one before crashed every single day, terrible."
    reading = READER.read(text)
    assert reading.pain
    assert reading.feelings == ()


def test_an_advert_praises_nobody() -> None:
    text = (
        "We sell Tillora licences, best price, great quality, contact us on WhatsApp to order now!"
    )
    assert READER.read(text).seller
    assert READER.read(text).feelings == ()
