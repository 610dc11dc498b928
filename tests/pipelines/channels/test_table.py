"""Every row of the signal table proves itself, and a wrong row is refused in words."""

from collections import Counter
from typing import cast

import pytest

from crawlers.items import Page, Signal
from crawlers.words import CHANNELS, ROLES, PageKind, SignalKind
from pipelines.channels import SIGNALS_VERSION, detect, load_table, platform_names
from pipelines.channels.addresses import take_apart
from pipelines.channels.table import Rule, TableError, read_table, table_files

SITE = "https://lumo-living.example/"
RULES = load_table().rules
PROVING = [rule for rule in RULES if not rule.noise]


def page_with(rule: Rule, value: str) -> Page:
    """A page whose only mark is the value, where the row looks for it."""
    match rule.looks:
        case "kind":
            return Page(url=SITE, kind=cast(PageKind, value), lang="en")
        case "source":
            signal = Signal(kind="script", value=value, place="footer")
        case "at":
            kind: SignalKind = next(k for k in ORDER if k in rule.kinds)
            signal = Signal(kind=kind, value=value, place="footer")
        case "path":
            own = SITE + value.split("/", 3)[3] if value.count("/") >= 3 else value
            signal = Signal(kind="link", value=own, place="footer")
        case "anchor":
            signal = Signal(kind="link", value=SITE + "xyz", place="footer", text=value)
        case "form":
            signal = Signal(kind="form", value=SITE, place="footer", text=value)
        case "alt":
            signal = Signal(kind="image", value="/upload/1.png", place="footer", text=value)
        case "inline":
            signal = Signal(kind="inline", value=value)
        case "text":
            signal = Signal(kind="text", value=value, place="footer")
        case "meta":
            signal = Signal(kind="meta", value=value, place="head")
        case _:
            signal = Signal(kind="markup", value=value)
    return Page(url=SITE, kind="home", lang="en", signals=(signal,))


ORDER: tuple[SignalKind, ...] = ("link", "script", "iframe", "form", "image")


@pytest.mark.parametrize("rule", PROVING, ids=lambda rule: rule.id)
def test_example_proves_row(rule: Rule) -> None:
    tags = detect(page_with(rule, rule.example))
    mine = [tag for tag in tags if rule.id in {row.rule for row in tag.evidence}]
    assert len(mine) == 1, [(t.channel, t.platform, t.evidence[0].rule) for t in tags]
    (tag,) = mine
    assert (tag.channel, tag.role, tag.platform) == (rule.channel, rule.role, rule.platform)
    assert tag.strength >= rule.strength
    evidence = next(row for row in tag.evidence if row.rule == rule.id)
    assert evidence.url == SITE
    assert evidence.quote and len(evidence.quote) <= 200


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.noise], ids=lambda rule: rule.id)
def test_noise_proves_nothing(rule: Rule) -> None:
    assert detect(page_with(rule, rule.example)) == ()


@pytest.mark.parametrize(
    ("rule", "refused"),
    [(rule, text) for rule in RULES for text in rule.refused],
    ids=lambda value: value.id if isinstance(value, Rule) else value[:40],
)
def test_refused_text_does_not_fire_row(rule: Rule, refused: str) -> None:
    tags = detect(page_with(rule, refused))
    assert rule.id not in {row.rule for tag in tags for row in tag.evidence}


def test_several_hundred_rows_over_all_channels() -> None:
    assert len(PROVING) >= 600
    covered = Counter(rule.channel for rule in PROVING)
    untold = {"direct", "cross_network", "paid_other"}  # only campaign marks could say these
    assert set(CHANNELS) - set(covered) <= untold
    assert {rule.role for rule in PROVING} == set(ROLES) - {"gathers"}


def url_of(pattern: str) -> str:
    """An address of a pattern's shape."""
    url = pattern.replace(".*", ".com").replace("{name}", "lumo77").replace("{any}", "any9")
    body, _, key = url.partition("?")
    return f"https://{body.replace('*', '')}" + (f"?{key}=1" if key else "")


@pytest.mark.parametrize(
    ("rule", "pattern"),
    [
        (rule, value)
        for rule in RULES
        if rule.looks == "at" and rule.pattern is None
        for value in rule.values
        if not value.endswith(":")
    ],
    ids=lambda value: value.id if isinstance(value, Rule) else value,
)
def test_no_pattern_is_dead(rule: Rule, pattern: str) -> None:
    # A pattern hidden behind a more specific one of another row would never fire.
    for kind in rule.kinds:
        hit = load_table().at(take_apart(url_of(pattern)), kind)
        assert hit is not None
        assert hit[0].id == rule.id


def test_version_names_the_rows() -> None:
    assert load_table().version == SIGNALS_VERSION
    files = table_files()
    changed = {**files, "social.toml": files["social.toml"].replace("lumoliving", "lumolife")}
    assert read_table(changed).version != SIGNALS_VERSION


def test_platform_names() -> None:
    names = platform_names()
    assert names["zalo"] == "Zalo"
    assert names["google_ads"] == "Google Ads"
    assert {rule.platform for rule in RULES if rule.platform} == set(names)


ROW = '[[group]]\nchannel = "email"\nstrength = 3\nrows = [\n  {{ {} }},\n]\n'


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        ('id = "lumo", at = "lumo.example", example = "x"', "id must look like"),
        ('id = "lumo.form", example = "x"', "exactly one of"),
        ('id = "lumo.form", at = "a.example", text = "b", example = "x"', "exactly one of"),
        ('id = "lumo.form", at = "https://a.example", example = "x"', "no host"),
        ('id = "lumo.form", at = "a.example/A/b", example = "x"', "lower case"),
        ('id = "lumo.form", at = "a.example/x*/b", example = "x"', "last segment"),
        ('id = "lumo.form", at = "a.example/{id}", example = "x"', "slot"),
        ('id = "lumo.form", at = "a.example"', "example"),
        ('id = "lumo.form", at = "a.example", example = "x", strength = 4', "strength"),
        ('id = "lumo.form", at = "a.example", example = "x", channel = "post"', "none of"),
        ('id = "lumo.form", at = "a.example", example = "x", role = "buys"', "none of"),
        ('id = "lumo.form", at = "a.example", example = "x", platform = "Lu mo"', "platform"),
        ('id = "lumo.form", at = "a.example", example = "x", colour = "red"', "unknown key"),
        ('id = "lumo.form", text = "Newsletter", example = "x"', "lower case"),
        ('id = "lumo.form", text = "news", pattern = "(", example = "x"', "lumo.form"),
        ('id = "lumo.form", at = "a.example", example = "x", in = ["video"]', "'in'"),
    ],
)
def test_wrong_row_is_named(row: str, complaint: str) -> None:
    with pytest.raises(TableError, match=complaint) as caught:
        read_table({"mail.toml": ROW.format(row)})
    assert "mail.toml" in str(caught.value)


def test_id_given_twice() -> None:
    row = '{ id = "lumo.form", at = "a.example", example = "x" }'
    text = f'[[group]]\nchannel = "email"\nstrength = 3\nrows = [{row}, {row}]\n'
    with pytest.raises(TableError, match="given twice"):
        read_table({"mail.toml": text})


def test_broken_toml_names_the_file() -> None:
    with pytest.raises(TableError, match=r"mail\.toml"):
        read_table({"mail.toml": "[[group]\n"})
