"""Public sources joined to a market: what becomes a forum, what a list, what is left out."""

from dataclasses import replace
from pathlib import Path

import pytest

from crawlers.market import Market, MarketFileError, parse_market
from crawlers.sources import (
    CatalogueError,
    PublicSource,
    catalogue_for,
    joined,
    load_catalogue,
    own_rows,
    queries_of,
    readable,
    rows_named,
)

FORUM = PublicSource(
    id="bean-talk", name="Bean Talk", address="https://talk.example/", kind="forum",
    trades=("food",), engine="discourse", languages=("en",),
)  # fmt: skip
ROW = """
[[source]]
id = "{id}"
name = "{id} of mine"
address = "https://{id}.example/"
kind = "directory"
trades = ["food"]
"""


def market(more: str = "", description: str = "Roasted coffee beans by subscription.") -> Market:
    return parse_market(
        f'[business]\nname = "Morning Hill"\ndescription = "{description}"\n{more}',
        path="hill.toml",
    )


def row(**values: object) -> PublicSource:
    return replace(FORUM, **values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ({}, "forum"),
        ({"kind": "questions", "engine": "stackexchange"}, "forum"),
        ({"kind": "feed", "engine": None}, "forum"),
        ({"kind": "search", "engine": "hackernews"}, "forum"),
        ({"kind": "search", "engine": "searxng"}, "search"),
        ({"kind": "search", "engine": None}, None),
        ({"kind": "directory", "engine": None}, "directory"),
        ({"kind": "reviews", "engine": None}, "directory"),
        ({"kind": "marketplace"}, None),
        ({"kind": "app_store", "engine": "app_store"}, None),
        ({"kind": "social", "engine": None}, None),
        ({"kind": "social", "engine": "mastodon"}, "forum"),
        ({"access": "login"}, None),
        ({"access": "blocked"}, None),
        ({"access": "permission"}, None),
        ({"access": "dead"}, None),
        ({"access": "api_key", "engine": "youtube"}, "forum"),
    ],
)
def test_what_a_row_becomes(values: dict[str, object], kind: str | None) -> None:
    given = row(**values)
    found = joined(market(), [given])
    kinds = ["forum" for _ in found.forums] + [entry.kind for entry in found.sources]
    assert kinds == ([kind] if kind else [])
    assert readable(given) == bool(kind)
    assert len(found.joined) == len(kinds)
    if kind is None:
        assert found == market()


def test_a_joined_forum_is_asked_for_what_the_market_sells() -> None:
    found = joined(market('keywords = ["pour over", "Morning Hill"]'), [FORUM])
    (entry,) = found.forums
    assert (entry.key, entry.engine, entry.language) == ("bean-talk", "discourse", "en")
    assert entry.queries == ("pour over",)
    assert found.joined == {"bean-talk"}
    assert entry in found.talk


def test_what_the_file_names_stays_as_it_is() -> None:
    own = market('[[forum]]\nurl = "http://www.talk.example"\nlanguage = "vi"')
    assert joined(own, [FORUM]) == own


def test_keys_stay_apart() -> None:
    own = market('[[forum]]\nurl = "https://else.example"\nname = "Bean Talk"')
    other = row(id="other", address="https://third.example/")
    found = joined(own, [FORUM, other])
    assert [entry.key for entry in found.forums] == ["bean-talk", "talk.example", "third.example"]
    assert found.joined == {"talk.example", "third.example"}


def test_every_row_that_ships_can_be_joined_or_says_no() -> None:
    rows = load_catalogue()
    found = joined(market(), rows)
    assert len(found.joined) >= sum(readable(one) for one in rows) * 0.97  # some share an address
    assert len({entry.key for entry in found.talk}) == len(found.talk)


@pytest.mark.parametrize(
    ("more", "description", "expected"),
    [
        ('keywords = ["a b"]\noffers = ["c d"]', "x y z", ("a b", "c d")),
        ("", "Freshly roasted coffee beans by monthly subscription.",
         ("Freshly roasted coffee beans", "monthly subscription")),
        ("", "Phần mềm quản lý bán hàng cho cửa hàng nhỏ",
         ("Phần mềm quản lý bán hàng", "cửa hàng nhỏ")),
        ("", "为小餐馆提供收银系统。", None),
        ("", "Morning Hill", ()),
    ],
)  # fmt: skip
def test_queries_of_a_market(more: str, description: str, expected: tuple[str, ...] | None) -> None:
    found = queries_of(market(more, description))
    if expected is None:
        assert any("收银" in query for query in found)
    else:
        assert found == expected


def test_own_rows_stand_beside_and_in_place_of_those_that_ship(tmp_path: Path) -> None:
    shipped = load_catalogue()
    folder = tmp_path / "sources"
    folder.mkdir()
    text = ROW.format(id=shipped[0].id) + ROW.format(id="only-mine")
    (folder / "a.toml").write_text(text, encoding="utf-8")
    found = {one.id: one for one in catalogue_for(market(), tmp_path)}
    assert len(found) == len(shipped) + 1
    assert found[shipped[0].id].name == f"{shipped[0].id} of mine"
    only = catalogue_for(market('[crawl]\ncatalogue = "own"'), tmp_path)
    assert [one.id for one in only] == [shipped[0].id, "only-mine"]
    assert catalogue_for(market("[crawl]\ncatalogue = false"), tmp_path) == ()
    assert own_rows(tmp_path / "nowhere") == ()


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"[[source]]\nid = 3", "a.toml"),
        (b"not toml", "a.toml"),
        ('[[source]]\nid = "é"'.encode("latin-1"), "UTF-8"),
        ((ROW.format(id="x") + ROW.format(id="x")).encode(), "twice"),
    ],
)
def test_a_fault_in_an_own_file_is_told_with_its_file(
    tmp_path: Path, body: bytes, told: str
) -> None:
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "a.toml").write_bytes(body)
    with pytest.raises(CatalogueError, match=told):
        own_rows(tmp_path)


def test_rows_are_found_by_id_as_checks_found_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RIVALMAP_HOME", str(tmp_path))
    (tmp_path / "data" / "hill").mkdir(parents=True)
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "a.toml").write_text(ROW.format(id="mine"), encoding="utf-8")
    (tmp_path / "data" / "hill" / "sources.json").write_text(
        '{"version": 1, "checks": [{"id": "mine", "checked_at": "2026-11-23T00:00:00Z", '
        '"state": "moved", "address": "https://new.example/"}]}'
    )
    (found,) = rows_named(market(), [" mine", "mine", ""])
    assert found.address == "https://new.example/"
    with pytest.raises(CatalogueError, match="did you mean 'mine'"):
        rows_named(market(), ["mien"])


@pytest.mark.parametrize("value", ['"mine"', "1", "[]", '"true"'])
def test_a_wrong_word_for_the_catalogue_is_a_fault(value: str) -> None:
    with pytest.raises(MarketFileError, match="catalogue") as told:
        market(f"[crawl]\ncatalogue = {value}")
    assert '"own"' in str(told.value)
