from decimal import Decimal

import pytest

from pipelines.storage.money import from_minor, to_minor


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [
        ("9.99", "USD", 999),
        ("1290000", "VND", 1_290_000),
        ("199", "CNY", 19_900),
        ("1.234", "KWD", 1_234),
        ("5", None, 500),
    ],
)
def test_there_and_back(amount: str, currency: str | None, minor: int) -> None:
    assert to_minor(Decimal(amount), currency) == minor
    back = from_minor(minor, currency)
    assert back == Decimal(amount)


def test_what_is_no_price() -> None:
    assert to_minor(None, "USD") is None
    assert to_minor(Decimal("NaN"), "USD") is None
    assert to_minor(Decimal("1e30"), "USD") is None
    assert from_minor(None, "USD") is None
    assert str(from_minor(990, "USD")) == "9.90"
    assert str(from_minor(4900, "USD")) == "49"
