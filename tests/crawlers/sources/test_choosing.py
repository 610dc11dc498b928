"""Which sources fit, and in which order."""

import pytest

from crawlers.sources import Check, PublicSource, sources_for


def source(name: str, **changes: object) -> PublicSource:
    values: dict[str, object] = {
        "id": name, "name": name, "address": f"https://{name}.example/", "kind": "forum",
        "trades": ("general",), **changes,
    }  # fmt: skip
    return PublicSource(**values)  # type: ignore[arg-type]


CATALOGUE = (
    source("world"),
    source("world-coffee", trades=("food",), languages=("en",)),
    source("vn", countries=("VN",), languages=("vi",)),
    source("vn-food", countries=("VN",), languages=("vi",), trades=("food",)),
    source("vn-food-shop", countries=("VN",), languages=("vi",), trades=("food", "ecommerce")),
    source("vn-cars", countries=("VN",), languages=("vi",), trades=("autos",)),
    source("vn-food-closed", countries=("VN",), languages=("vi",), trades=("food",),
           access="blocked"),
    source("vn-food-key", countries=("VN",), languages=("vi",), trades=("food",),
           access="api_key"),
    source("us-vi", countries=("US",), languages=("vi", "en")),
    source("tw-food", countries=("TW",), languages=("zh",), trades=("food",), kind="reviews"),
)  # fmt: skip


def chosen(**wish: object) -> list[str]:
    asked: dict[str, object] = {"countries": (), "languages": (), "trades": (), **wish}
    return [row.id for row in sources_for(catalogue=CATALOGUE, **asked)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("wish", "ids"),
    [
        ({"countries": ["VN"], "languages": ["vi"], "trades": ["food"]},
         ["vn-food", "vn-food-shop", "vn", "world", "vn-food-key", "vn-food-closed"]),
        ({"countries": ["VN"], "languages": ["vi"], "trades": ["food", "ecommerce"]},
         ["vn-food-shop", "vn-food", "vn", "world", "vn-food-key", "vn-food-closed"]),
        ({"languages": ["vi"], "trades": ["autos"]}, ["vn-cars", "vn", "us-vi", "world"]),
        ({"countries": ["US"], "languages": ["en"], "trades": ["pets"]}, ["us-vi", "world"]),
        ({"countries": ["US"], "languages": ["en"], "trades": ["food"]},
         ["world-coffee", "us-vi", "world"]),
        ({"languages": ["zh"], "kinds": ["reviews"]}, ["tw-food"]),
        ({"countries": ["DE"], "languages": ["de"], "trades": ["general"]}, ["world"]),
        ({"kinds": []}, []),
    ],
)  # fmt: skip
def test_order(wish: dict[str, object], ids: list[str]) -> None:
    assert chosen(**wish) == ids


def test_no_wish_gives_every_source_the_open_ones_first() -> None:
    everything = chosen()
    assert sorted(everything) == sorted(row.id for row in CATALOGUE)
    assert everything[-2:] == ["vn-food-key", "vn-food-closed"]


@pytest.mark.parametrize("wish", [{"trades": ["coffee"]}, {"kinds": ["forums"]}])
def test_unknown_words_are_refused(wish: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"of the catalogue: \w+"):
        chosen(**wish)


def test_what_was_found_here_comes_before_what_ships() -> None:
    checks = {
        "vn-food": Check(id="vn-food", checked_at="2026-11-23T01:00:00Z", state="blocked"),
        "vn-food-closed": Check(
            id="vn-food-closed", checked_at="2026-11-23T01:00:00Z", state="open"
        ),
    }
    assert chosen(countries=["VN"], languages=["vi"], trades=["food"], checks=checks) == [
        "vn-food-shop", "vn-food-closed", "vn", "world", "vn-food-key", "vn-food",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("wish", "first"),
    [
        ({"countries": ["VN"], "languages": ["vi"], "trades": ["autos"]}, "otofun"),
        ({"countries": ["GB"], "languages": ["en"], "trades": ["parenting"]}, "mumsnet"),
        ({"countries": ["HK"], "languages": ["zh"], "trades": ["parenting"]}, "baby-kingdom"),
        ({"countries": ["TW"], "languages": ["zh"], "trades": ["food"]}, "ptt-coffee"),
        ({"countries": ["CN"], "languages": ["zh"], "trades": ["software"]}, "v2ex"),
        ({"countries": ["SG"], "languages": ["en"], "trades": ["electronics"]}, "hardwarezone"),
        ({"countries": ["US"], "languages": ["en"], "trades": ["ecommerce", "software",
          "marketing"]}, "shopify-community"),
    ],
)  # fmt: skip
def test_what_ships_answers_usual_markets(wish: dict[str, list[str]], first: str) -> None:
    found = sources_for(**wish)  # type: ignore[arg-type]
    assert first in [row.id for row in found[:10]]
    accesses = [row.access for row in found]
    assert accesses[: accesses.count("open")] == ["open"] * accesses.count("open")
    assert accesses.count("open") >= 15
