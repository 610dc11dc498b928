"""Which column is what, in three languages."""

import pytest

from analysis.owntexts.columns import find_columns, role_of
from analysis.owntexts.model import ChoiceError, Choices


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("Review text", "text"), ("review_date", "date"), ("Review ID", "id"),
        ("Customer comment", "text"), ("Comment author", "author"), ("customer.email", "email"),
        ("Star rating", "rating"), ("Seller reply", "ours"), ("Product title", "product"),
        ("評價內容", "text"), ("评价时间", "date"), ("用户评价", "text"), ("商家回复", "ours"),
        ("买家昵称", "author"), ("评分", "rating"), ("商品名称", "product"),
        ("Nội dung đánh giá", "text"), ("Ngày đánh giá", "date"), ("danh gia cua khach", "text"),
        ("Tên khách hàng", "author"), ("Số sao", "rating"), ("Phản hồi của shop", "ours"),
        ("Why did you stop using our product after all?", None), ("", None), ("ξ", None),
    ],
)  # fmt: skip
def test_role_of(name: str, role: str | None) -> None:
    assert role_of(name) == role


def test_a_column_named_as_text_but_full_of_stars_is_a_rating() -> None:
    rows = [{"评价": "5", "内容": "很好用的收银机"}, {"评价": "4.5", "内容": "一般"}]
    found = find_columns(["评价", "内容"], rows, Choices())
    assert (found.texts, found.rating) == (("内容",), "评价")


def test_titles_of_their_own_are_words_and_repeated_ones_name_a_thread() -> None:
    own = [{"title": f"title {n}", "text": "words"} for n in range(5)]
    same = [{"title": "Till 3000", "text": "words"} for _ in range(5)]
    assert find_columns(["title", "text"], own, Choices()).headline == "title"
    assert find_columns(["title", "text"], same, Choices()).thread == "title"


def test_no_text_column_names_the_likely_ones() -> None:
    rows = [{"who": "a", "Why did you leave, in your own words, please?": "it kept crashing daily"}]
    with pytest.raises(ChoiceError) as caught:
        find_columns(list(rows[0]), rows, Choices())
    assert '--text "Why did you leave, in your own words, please?"' in str(caught.value)
    assert "who" in str(caught.value).partition("Columns:")[2]


def test_a_chosen_column_that_is_not_there() -> None:
    with pytest.raises(ChoiceError, match="--date: there is no column 'When'"):
        find_columns(["text"], [], Choices(date="When"))


def test_chosen_columns_are_found_in_any_spelling() -> None:
    found = find_columns(["Ý kiến khác", "Ngày"], [], Choices(texts=("y kien khac",)))
    assert (found.texts, found.date) == (("Ý kiến khác",), "Ngày")


def test_likely_columns_are_named_though_most_answers_are_numbers() -> None:
    question = "How much would you pay, and what for, if at all?"
    rows = [{"no": str(n), question: str(n)} for n in range(9)]
    rows.append({"no": "10", question: "nothing, because the old one still works"})
    with pytest.raises(ChoiceError) as caught:
        find_columns(list(rows[0]), rows, Choices())
    assert f'--text "{question}"' in str(caught.value) and '--text "no"' not in str(caught.value)
