"""The plainest words that set names among alternatives."""

import pytest

from pipelines.discovery.plain import plain_spans


def plain(line: str, *names: str) -> set[str]:
    spans = [(line.index(name), line.index(name) + len(name)) for name in names]
    return {line[a:b] for a, b in plain_spans(line, spans, frozenset({"dovetill"}))}


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("We moved from Quill to Pennyfern.", {"Quill", "Pennyfern"}),
        ("switching over from Dovetill to Quill", {"Dovetill", "Quill"}),
        ("Quill or Pennyfern?", {"Quill", "Pennyfern"}),
        ("Any alternative to Quill?", {"Quill"}),
        ("tried Quill, Orva and Pennyfern", {"Quill", "Orva", "Pennyfern"}),
        ("Shop em chuyển từ Mộc Sổ sang TiệmGọn rồi", {"Mộc Sổ", "TiệmGọn"}),
        ("moc so hay tiemgon", {"moc so", "tiemgon"}),
        ("我从蓝鲸记换成了豆瓜通", {"蓝鲸记", "豆瓜通"}),
        ("蓝鲸记和豆瓜通哪个好", {"蓝鲸记", "豆瓜通"}),
        ("有没有替代藍鯨記的", {"藍鯨記"}),
    ],
)
def test_they_do(line: str, names: set[str]) -> None:
    assert plain(line, *names) == names


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("I met Anna yesterday", "Anna"),
        ("We sell on Quill and like it", "Quill"),
        ("Quill needs a printer", "Quill"),
        ("先把蓝鲸记关了", "蓝鲸记"),
    ],
)
def test_they_do_not(line: str, name: str) -> None:
    assert plain(line, name) == set()


def test_a_platform_is_none() -> None:
    assert plain("Quill or PayPal?", "Quill", "PayPal") == set()


def test_nothing_is_plain_of_nothing() -> None:
    assert plain_spans("", [], frozenset()) == set()
