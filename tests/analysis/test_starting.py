"""A market that names nothing to read starts from public places; the next run from the same."""

import json
from pathlib import Path

import pytest

from analysis import starting
from analysis.checkup import examine
from analysis.research import first_jobs
from analysis.source_check import store_checks
from analysis.starting import in_words, names_nothing, start_of
from crawlers.market import Market, data_dir, load_market
from crawlers.sources import CatalogueError, Check
from crawlers.urls import site_key

BUSINESS = '[business]\nname = "Dovetill"\ndescription = "Point of sale software for shops in {}"\n'
OWN = '[crawl]\ncatalogue = "own"\n'


def row(id_: str, **more: object) -> str:
    fields = {
        "id": id_, "name": id_.title(), "address": f"https://{id_}.example/", "kind": "forum",
        "engine": "phpbb", "trades": ["ecommerce", "software"], "languages": ["en"], **more,
    }  # fmt: skip
    lines = [f"{key} = {json.dumps(value)}" for key, value in fields.items() if value is not None]
    return "\n".join(["[[source]]", *lines]) + "\n"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RIVALMAP_HOME", str(tmp_path))
    (tmp_path / "markets").mkdir()
    (tmp_path / "sources").mkdir()
    return tmp_path


def market(home: Path, more: str = OWN, *, place: str = "Ireland", rows: str = "") -> Market:
    (home / "sources" / "own.toml").write_text(rows, encoding="utf-8")
    path = home / "markets" / "shop.toml"
    path.write_text(BUSINESS.format(place) + more, encoding="utf-8")
    return load_market(path)


@pytest.mark.parametrize(
    ("more", "nothing"),
    [
        ("", True),
        ('[[competitor]]\nname = "Orrery"\n', True),
        ('[[competitor]]\nsite = "https://orrery.example/"\n', False),
        ('[[forum]]\nurl = "https://f.example/"\n', False),
        ('[[source]]\nkind = "directory"\nurl = "https://l.example/"\n', False),
        ("[crawl]\ncatalogue = false\n", False),
    ],
)
def test_who_starts_from_the_catalogue(home: Path, more: str, nothing: bool) -> None:
    found = market(home, more)
    assert names_nothing(found) is nothing
    assert (start_of(found) is not None) is nothing


@pytest.mark.parametrize("place", ["Ireland", "Việt Nam", "Taiwan 台灣", "the moon"])
def test_the_shipped_rows_give_talk_and_lists_that_can_be_read(home: Path, place: str) -> None:
    found = start_of(market(home, "", place=place))
    assert found is not None
    assert 1 <= len(found.talk) <= starting.MOST_TALK and len(found.lists) <= starting.MOST_LISTS
    assert {row.access for row in (*found.talk, *found.lists)} == {"open"}
    assert found.walled and all(row.guide and row.access != "open" for row in found.walled)
    sites = [site_key(row.address) for row in found.talk]
    assert max(map(sites.count, sites)) <= starting.MOST_OF_ONE_SITE


def test_every_language_of_the_market_is_heard(home: Path) -> None:
    rows = "".join(row(f"en{n}") for n in range(9))
    rows += "".join(row(f"vi{n}", languages=["vi"]) for n in range(2))
    found = start_of(market(home, place="Vietnam", rows=rows))
    assert found is not None and len(found.talk) == starting.MOST_TALK
    assert sum("vi" in row.languages for row in found.talk) == 2


def test_the_next_run_reads_the_same_places(home: Path) -> None:
    first = start_of(market(home, rows=row("alpha") + row("beta")))
    more = row("aaa", trades=["ecommerce", "software", "general"]) + row("alpha") + row("beta")
    again = start_of(market(home, rows=more))
    assert first is not None and again is not None
    assert set(first.ids) == {"alpha", "beta"} <= set(again.ids)
    assert again.ids[:2] == first.ids


SITE = '[[competitor]]\nsite = "https://orrery.example/"\n'


def test_a_rivals_site_does_not_end_the_reading(home: Path) -> None:
    rows = row("alpha") + row("beta")
    start_of(market(home, rows=rows))
    known = market(home, SITE + OWN, rows=rows)
    found = start_of(known)
    assert found is not None and set(found.ids) == {"alpha", "beta"}
    said: list[str] = []
    in_words(known, found, said.append)
    assert "chosen before are read beside the sites" in said[0] and "start.json" in said[0]
    finding = next(one for one in examine(known) if one.what == "market file")
    assert "1 competitors with a site" in finding.words
    assert "2 public places chosen before" in finding.words
    jobs = {job.spider: job.arguments for job in first_jobs(known, home / "market.db", found)}
    assert set(jobs) == {"competitors", "forums"}
    assert jobs["forums"] == {"sources": ",".join(found.ids)}


@pytest.mark.parametrize(
    "more",
    [
        SITE + OWN + '[[forum]]\nurl = "https://f.example/"\n',
        SITE + OWN + '[[source]]\nkind = "directory"\nurl = "https://l.example/"\n',
        SITE + "[crawl]\ncatalogue = false\n",
        OWN + '[[forum]]\nurl = "https://f.example/"\n',
    ],
)
def test_what_the_file_names_to_read_ends_it(home: Path, more: str) -> None:
    start_of(market(home, rows=row("alpha")))
    assert start_of(market(home, more, rows=row("alpha"))) is None


def test_so_does_the_deletion_of_the_choice_where_there_is_a_site(home: Path) -> None:
    start_of(market(home, rows=row("alpha")))
    (data_dir("shop") / starting.FILE_NAME).unlink()
    assert start_of(market(home, SITE + OWN, rows=row("alpha"))) is None


def test_one_found_shut_makes_room(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(starting, "MOST_TALK", 1)
    shop = market(home, rows=row("alpha") + row("beta"))
    assert start_of(shop).ids == ("alpha",)
    check = Check(id="alpha", checked_at="2026-11-01T00:00:00Z", state="blocked")
    store_checks(data_dir("shop") / "sources.json", [check])
    assert start_of(shop).ids == ("beta",)


@pytest.mark.parametrize("hurt", ["", "{", "[]", '{"wish": 1, "sources": 2}', "\x00"])
def test_a_broken_choice_is_made_anew(home: Path, hurt: str) -> None:
    shop = market(home, rows=row("alpha"))
    path = data_dir("shop") / starting.FILE_NAME
    path.parent.mkdir(parents=True)
    path.write_text(hurt)
    assert start_of(shop).ids == ("alpha",)
    assert json.loads(path.read_text("utf-8"))["sources"] == ["alpha"]


def test_doctor_writes_no_choice(home: Path) -> None:
    start_of(market(home, rows=row("alpha")), keep=False)
    assert not (data_dir("shop") / starting.FILE_NAME).exists()


@pytest.mark.parametrize(
    "one",
    [
        row("news", kind="feed", engine="feed"),
        row("channels", engine="telegram", kind="social"),
        row("facts", kind="directory", engine=None, languages=[]),
        row("members", access="login"),
        row("apps", kind="app_store", engine="app_store"),
    ],
)
def test_what_cannot_be_read_as_it_stands_is_left_out(home: Path, one: str) -> None:
    assert start_of(market(home, rows=one)).ids == ()


def test_it_is_said_in_words(home: Path) -> None:
    shop = market(
        home, rows=row("alpha") + row("beta", checked="2026-11-01", how="asked")
        + row("wall", access="login", guide="Facebook groups and pages"),
    )  # fmt: skip
    said: list[str] = []
    in_words(shop, start_of(shop), said.append)
    text = "\n".join(said)
    assert "Alpha <https://alpha.example/> (unchecked)" in text
    assert "(checked 2026-11-01)" in text and "scrapy doctor shop --sources" in text
    assert 'Wall: export your own data instead, docs/sources.md, "Facebook groups' in text
    said.clear()
    in_words(shop, start_of(market(home, rows="")), said.append)
    assert "none of the catalogue fits" in "\n".join(said)


def test_a_broken_row_of_the_users_own_is_named(home: Path) -> None:
    with pytest.raises(CatalogueError, match=r"own\.toml"):
        start_of(market(home, rows='[[source]]\nid = "x"\n'))
