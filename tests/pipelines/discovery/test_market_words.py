"""What recurs in a market's talk."""

from pipelines.discovery.market_words import Market

TALK = [
    ["蓝鲸记怎么样", "蓝鲸记还行，就是贵"],
    ["换账本", "我从蓝鲸记搬出来了"],
    ["Pennyfern or not", "we pay for Pennyfern monthly", "is Pennyfern down"],
]


def test_runs_of_characters_that_come_back_are_marked_where_they_stand() -> None:
    rows = Market(TALK).runs(list("用蓝鲸记吗"))
    inside = [any(f.startswith("run=") for f in row) for row in rows]
    assert inside == [False, True, True, True, False]
    assert any(f.startswith("run=B|") for f in rows[1])
    assert any(f.startswith("run=E|") for f in rows[3])
    assert any(f.startswith("run>") for f in rows[0])
    assert any(f.startswith("run<") for f in rows[4])


def test_a_run_that_always_goes_on_is_not_marked_by_its_part() -> None:
    rows = Market(TALK).runs(list("蓝鲸"))
    assert rows == [[], []]


def test_a_run_of_one_post_alone_is_none() -> None:
    rows = Market([["x", "豆瓜通豆瓜通"]]).runs(list("豆瓜通"))
    assert rows == [[], [], []]


def test_words_used_more_than_elsewhere_stand_out() -> None:
    market = Market(TALK)
    assert market.word("unheard") == "1"
    assert market.word("pennyfern") != market.word("for")


def test_nothing_is_read_of_nothing() -> None:
    assert Market([]).runs(list("蓝鲸记")) == [[], [], []]
