"""One key per name."""

import pytest

from pipelines.discovery import KnownNames, key_of


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Quán Mây", "quan may"), ("QuanMay", "Quán Mây POS"), ("Penny Fern", "PennyFern"),
        ("Pennyfern's", "Pennyfern"), ("pennyfern.com", "Pennyfern"), ("蓝鲸帳", "藍鯨账"),
        ("The Quill", "Quill"),
    ],
)  # fmt: skip
def test_spellings_of_one_name(one: str, other: str) -> None:
    assert key_of(one) == key_of(other) != ""


@pytest.mark.parametrize(("one", "other"), [("Quill", "Quilt"), ("POS", "app"), ("蓝鲸", "蓝鲸记")])
def test_different_names(one: str, other: str) -> None:
    assert key_of(one) != key_of(other)


def test_known_names_are_found_in_any_spelling() -> None:
    assert "quan may" in KnownNames(["Quán Mây"])
    assert "quan" not in KnownNames(["Quán Mây"])
