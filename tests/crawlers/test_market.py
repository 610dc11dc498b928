"""Market files in, models or clear faults out."""

import hashlib
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from crawlers.market import (
    MarketError,
    MarketFileError,
    MarketNameError,
    MarketNotFoundError,
    check_name,
    data_dir,
    fault_at,
    find_market,
    home,
    load_market,
    market_names,
    market_path,
    parse_market,
)

LEAST = '[business]\nname = "Moc"\ndescription = "Hand-made soap"\n'

FULL = """
[business]
name = "Xưởng Mộc Lan"
description = '''Bàn ghế gỗ
đóng theo yêu cầu'''
aliases = "Moc Lan"
site = "moclan.example"
offers = ["bàn", "ghế", "bàn"]
keywords = ["bàn gỗ"]
category = "furniture"
audience = ["quán cà phê"]
price_band = "middle"
regions = ["Hà Nội"]
languages = ["vi", "zh-TW", "en_US"]

[[competitor]]
id = "oak"
name = "Oak & Sons"
site = "https://www.oak.example/shop"
aliases = ["Oak"]
tier = 1
note = "price leader"

[[competitor]]
site = "https://pine.example"

[[competitor]]
name = "木工坊"

[[forum]]
url = "https://talk.example/forums/"
engine = "XenForo 2.3"
language = "vi"
timezone = "Asia/Ho_Chi_Minh"
boards = ["https://talk.example/forums/wood.4/"]
since = 2024-06-01

[[forum]]
url = "http://board.localhost:8081"
name = "Thợ Mộc"
since = "2024-06-01"

[[source]]
url = "https://list.example/furniture"
kind = "directory"

[crawl]
pages_per_site = 12
delay = 0
contact = "mailto:me@moclan.example"
allow_private = true

[tiers]
w_product = 2

[alerts]
kinds = ["price", "direct"]
language = "vi"
webhook = "http://127.0.0.1:8080/rivals"
"""


def faults(body: str | bytes) -> list[tuple[int, str]]:
    with pytest.raises(MarketFileError) as caught:
        parse_market(body)
    return [(p.line, f"{p.problem} — {p.fix}") for p in caught.value.problems]


def test_everything_said_is_in_the_model() -> None:
    market = parse_market(FULL, path="markets/moc-lan.toml")
    assert market.name == "moc-lan"
    assert market.digest == hashlib.sha256(FULL.encode()).hexdigest()
    business = market.business
    assert business.description == "Bàn ghế gỗ\nđóng theo yêu cầu"
    assert (business.site, business.key) == ("https://moclan.example", "moclan.example")
    assert business.aliases == ("Moc Lan",)
    assert business.offers == ("bàn", "ghế")
    assert business.languages == ("vi", "zh", "en")
    assert [c.key for c in market.competitors] == ["oak", "pine.example", "木工坊"]
    assert [c.title for c in market.competitors] == ["Oak & Sons", "pine.example", "木工坊"]
    assert market.competitors[0].tier == 1
    first, second = market.forums
    assert (first.key, first.engine, first.since) == (
        "talk.example/forums",
        "xenforo",
        date(2024, 6, 1),
    )
    assert (second.key, second.title, second.since) == ("tho-moc", "Thợ Mộc", date(2024, 6, 1))
    assert market.sources[0].kind == "directory"
    assert market.crawl.contact == "me@moclan.example"
    assert (market.crawl.delay, market.crawl.pages_per_site, market.crawl.depth) == (0.0, 12, 3)
    assert dict(market.tiers) == {"w_product": 2.0}
    assert (market.alerts.kinds, market.alerts.language) == (("price", "direct"), "vi")
    assert market.alerts.webhook == "http://127.0.0.1:8080/rivals" and not market.alerts.quiet


def test_name_and_one_sentence_are_enough() -> None:
    market = parse_market(LEAST)
    assert (market.competitors, market.forums, market.sources) == ((), (), ())
    assert market.crawl.allow_private is False
    assert market.business.key == "moc"


def test_nothing_can_be_changed_after_loading() -> None:
    market = parse_market(FULL)
    with pytest.raises(ValidationError):
        market.business.name = "other"  # type: ignore[misc]
    with pytest.raises(TypeError):
        market.tiers["w_product"] = 3.0  # type: ignore[index]
    with pytest.raises(AttributeError):
        market.name = "other"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("extra", "line", "words"),
    [
        # unknown keys and sections
        ('[[competitor]]\nnane = "A"\nsite = "a.example"', 5, ['"nane"', '"name"?']),
        ("[crawl]\npages_per_sites = 3", 5, ['did you mean "pages_per_site"?']),
        ('[crawl]\ntimezone = "UTC"', 5, ['"timezone" belongs in [[forum]]']),
        ("[crawl]\nwombat = 3", 5, ["known are: pages_per_site, depth"]),
        ('[competitors]\nname = "A"', 4, ["unknown section [competitors]", "[[competitor]]"]),
        ('[[forums]]\nurl = "a.example"', 4, ["did you mean [[forum]]?"]),
        ("[wombat]\nx = 1", 4, ["sections are: [business], [crawl]"]),
        ('[competitor]\nname = "A"', 4, ["one pair of brackets", "[[competitor]]"]),
        ("[[crawl]]\ndelay = 2", 4, ["two pairs of brackets", "[crawl]"]),
        # values
        ("[crawl]\ndelay = -1", 5, ["delay = -1 is too small", "at least 0"]),
        ("[crawl]\ndelay = nan", 5, ["nan is no number"]),
        ("[crawl]\ndepth = 900", 5, ["too large", "50 at most"]),
        ("[crawl]\ndepth = 1.5", 5, ["whole number"]),
        ('[crawl]\npages_per_site = "40"', 5, ["without quotes"]),
        ("[crawl]\npages_per_site = true", 5, ["found true"]),
        ("[crawl]\ntime_budget = 0", 5, ["more than 0"]),
        ('[crawl]\nbrowser = "yes"', 5, ["true or false, without quotes"]),
        ("[crawl]\nbrowser = 1", 5, ["true or false"]),
        ('[crawl]\ncontact = "me"', 5, ["neither an e-mail nor a web address"]),
        ('[crawl]\ncontact = "咖啡@example.com"', 5, ["plain ASCII"]),
        ('[[competitor]]\nname = "A"\ntier = 4', 6, ["4 is no tier", "1 (direct)"]),
        ('[[competitor]]\nname = "A"\ntier = "direct"', 6, ['"direct" is no tier']),
        ('[[competitor]]\nname = "A"\ntier = true', 6, ["true is no tier"]),
        ('[[competitor]]\nname = "A"\nid = "Ä B"', 6, ["is no id", "small letters"]),
        ('[[competitor]]\nnote = "?"', 4, ["neither name nor site"]),
        ('[[competitor]]\nname = "!!!"', 4, ["can serve as a key"]),
        ('[[competitor]]\nname = ""', 5, ["the text is empty"]),
        ('[[competitor]]\nname = "A"\naliases = [1]', 6, ["found the number 1"]),
        ('[[competitor]]\nname = "A"\naliases = {a = 1}', 6, ["expected a list of texts"]),
        # addresses
        ('[[competitor]]\nsite = "ftp://a.example"', 5, ['begins with "ftp://"']),
        ('[[competitor]]\nsite = "htps://a.example"', 5, ["did you mean https://?"]),
        ('[[competitor]]\nsite = "acme"', 5, ["no complete host name"]),
        ('[[competitor]]\nsite = "http://[::1"', 5, ["no web address"]),
        ('[[competitor]]\nsite = "https://a.example:99999"', 5, ["no web address"]),
        ('[[competitor]]\nsite = "https://me:pw@a.example"', 5, ["never logs in"]),
        ('[[competitor]]\nsite = "javascript:alert(1)"', 5, ["no web address"]),
        ('[[competitor]]\nsite = "two words.example"', 5, ["no web address"]),
        # forums
        ('[[forum]]\nname = "F"', 4, ['[[forum]] has no "url"', "add url"]),
        ('[[forum]]\nurl = "f.example"\ntimezone = "Asia/Hochiminh"', 6, ["Asia/Ho_Chi_Minh"]),
        ('[[forum]]\nurl = "f.example"\ntimezone = "Hanoi"', 6, ["Asia/Ho_Chi_Minh"]),
        ('[[forum]]\nurl = "f.example"\ntimezone = "asia/shanghai"', 6, ['"Asia/Shanghai"?']),
        ('[[forum]]\nurl = "f.example"\ntimezone = "GMT+07:00"', 6, ["Asia/Ho_Chi_Minh"]),
        ('[[forum]]\nurl = "f.example"\ntimezone = "Mars"', 6, ["no time zone"]),
        ('[[forum]]\nurl = "f.example"\ntimezone = "../etc/passwd"', 6, ["no time zone"]),
        ('[[forum]]\nurl = "f.example"\nlanguage = "vn"', 6, ['did you mean "vi"?']),
        ('[[forum]]\nurl = "f.example"\nlanguage = "Chinese"', 6, ['did you mean "zh"?']),
        ('[[forum]]\nurl = "f.example"\nlanguage = "klingon"', 6, ["two-letter code"]),
        ('[[forum]]\nurl = "f.example"\nengine = "discorse"', 6, ['did you mean "discourse"?']),
        ('[[forum]]\nurl = "f.example"\nsince = "last year"', 6, ["2025-01-31"]),
        ('[[forum]]\nurl = "f.example"\nsince = 12:00:00', 6, ["no date"]),
        ('[[source]]\nurl = "s.example"\nkind = "directry"', 6, ['did you mean "directory"?']),
        # settings other rooms read
        ('[tiers]\nw = "x"', 5, ["expected a number"]),
        ("[tiers]\nw = inf", 5, ["no number"]),
        ('[tiers]\n"a b" = 1', 5, ["no such setting"]),
        ('[alerts]\nkinds = ["prices"]', 5, ['did you mean "price"?']),
        ("[alerts]\nkinds = {a = 1}", 5, ["list of texts"]),
        ('[alerts]\nlanguage = "de"', 5, ["no language that alerts"]),
        ('[alerts]\nwebhook = "http://h.example/a"', 5, ["no https address", "allow_private"]),
        ('[alerts]\nquite = true', 5, ['did you mean "quiet"?']),
        ('[alerts]\nnotify = ["mailto://a:b@c.example"]', 5, ["unknown key"]),
        # entries against each other
        (
            '[[competitor]]\nsite = "a.example"\n[[competitor]]\nname = "B"\n'
            'site = "http://www.a.example/b"',
            8,
            ["same site, a.example", "aliases"],
        ),
        (
            '[[competitor]]\nid = "x"\nname = "A"\n[[competitor]]\nid = "x"\nname = "B"',
            8,
            ['two competitors have the id "x"'],
        ),
        ('[[competitor]]\nname = "Cà Phê"\n[[competitor]]\nname = "ca phe"', 7, ["same key"]),
        (
            '[[competitor]]\nname = "A"\nsite = "a.example"\n[[competitor]]\nname = "a"',
            8,
            ["listed twice"],
        ),
        ('[[competitor]]\nname = "MOC"', 5, ["your own business"]),
        (
            '[[forum]]\nurl = "https://f.example/a/"\n[[forum]]\nurl = "http://www.f.example/a#x"',
            7,
            ["listed twice"],
        ),
        (
            '[[forum]]\nurl = "f.example"\nname = "F"\n[[forum]]\nurl = "g.example"\nname = "f"',
            9,
            ["same key"],
        ),
        ('[[source]]\nurl = "s.example"\n[[source]]\nurl = "s.example"', 7, ["listed twice"]),
    ],
)  # fmt: skip
def test_a_fault_names_its_line_and_its_mend(extra: str, line: int, words: list[str]) -> None:
    found = faults(LEAST + extra + "\n")
    assert len(found) == 1, found
    assert found[0][0] == line
    for word in words:
        assert word in found[0][1]


@pytest.mark.parametrize(
    ("body", "line", "words"),
    [
        ("", 1, ["no section [business]", "description"]),
        ("# nothing yet\n", 1, ["no section [business]"]),
        ('name = "Moc"\n[business]\nname = "a"\ndescription = "b"', 1, ["under a line [business]"]),
        ('[busines]\nname = "Moc"\ndescription = "Soap"', 1, ["did you mean [business]?"]),
        ('[[business]]\nname = "Moc"', 1, ["write [business], once"]),
        ('\n[business]\nname = "Moc"\n', 2, ['no "description"', "one sentence"]),
        ('\n[business]\nname = "Moc"\ndescription = "  "', 4, ["the text is empty"]),
        ('[business]\nname = 3\ndescription = "Soap"', 2, ["in quotes"]),
        ("[business]\nname = Moc\n", 2, ['write name = "..."']),
        ("[business]\nname = “Moc”\n", 2, ["the sign “", 'plain "']),
        ('[business]\nname＝"Moc"\n', 2, ["the sign ＝", "plain ="]),
        ('[business]\nname: "Moc"\n', 2, ["write key = value"]),
        ('[business]\nname = "Moc\n', 2, ["not closed on its line"]),
        ('[business]\nname = \n', 2, ["a key without a value"]),
        ('[business\nname = "Moc"', 1, ["not closed"]),
        ('[business]\nname = "a"\nname = "b"', 3, ['"name" is written twice']),
        ('[business]\nname = "a"\n[business]\n', 3, ["one heading"]),
        ('[competitor]\nname = "a"\n[competitor]\nname = "b"', 3, ["[[competitor]]"]),
        ('[business]\ndescription = """Soap\nand more\n', 2, ["never closed"]),
        ('[business]\nsite = "C:\\web"', 2, ["single quotes"]),
        ('[business]\nname = "a" "b"', 2, ["after the value"]),
        ('[business]\noffers = ["a" "b"]', 2, ["comma"]),
        ('[business]\noffers = [soap, oil]', 2, ["without quotes"]),
        ('[business]\noffers = ["a",\nname = "x"\n', 3, ["above this line"]),
        ("[crawl]\nbrowser = True", 2, ["small letters"]),
        ("[crawl]\nbrowser = null", 2, ["take the line out"]),
        ("[[forum]]\nsince = 2025-13-45", 2, ["no date that exists"]),
        ("[crawl]\ndepth = " + "9" * 6_000, 2, ["far too long"]),
        ("x = " + "[" * 50_000, 1, ["nested too deeply"]),
        ("a" + ".a" * 50_000 + " = 1", 1, ["parts"]),
        ("[a" + ".a" * 50_000 + "]", 1, ["parts"]),
        (b"\xff\xfe[\x00b\x00", 1, ["UTF-16", "save it as UTF-8"]),
        ("[b]\n".encode("utf-16-le"), 1, ["zero bytes"]),
        ("[business]\nname = '香皂店铺'".encode("gbk"), 2, ["GBK", "UTF-8"]),
        ("[business]\nname = 'caf\xe9'".encode("latin-1"), 2, ["not UTF-8"]),
        (b"#" * 1_100_000, 1, ["1,100,000 bytes"]),
    ],
)  # fmt: skip
def test_a_file_that_is_no_market_file(body: str | bytes, line: int, words: list[str]) -> None:
    found = faults(body)
    assert len(found) == 1, found
    assert found[0][0] == line
    for word in words:
        assert word in found[0][1]


def test_all_faults_are_told_together_in_the_order_of_their_lines() -> None:
    found = faults(
        '[business]\nname = "Moc"\n\n[[competitor]]\nnane = "A"\nsite = "a"\n\n'
        '[[forum]]\nurl = "f.example"\n\n[[forum]]\nurl = "f.example"\n\n[crawl]\ndepth = "x"\n'
    )
    assert [line for line, _ in found] == [1, 5, 6, 12, 15]


def test_a_thousand_faults_are_not_a_thousand_lines() -> None:
    found = faults(LEAST + "".join(f"k{n} = 1\n" for n in range(5_000)))
    assert len(found) < 40
    assert "more faults follow" in found[-1][1]


def test_the_message_says_file_line_fault_and_mend() -> None:
    with pytest.raises(MarketFileError) as caught:
        parse_market(LEAST + '[[competitr]]\nname = "A"\n', path="markets/soap.toml")
    assert str(caught.value) == (
        "markets/soap.toml, line 4: unknown section [[competitr]] — did you mean [[competitor]]?"
    )
    assert (caught.value.line, caught.value.path) == (4, Path("markets/soap.toml"))


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_line_ends_and_byte_order_mark_change_neither_model_nor_lines(
    ends: str, mark: bytes
) -> None:
    body = mark + FULL.replace("\n", ends).encode()
    assert parse_market(body).business == parse_market(FULL).business
    broken = mark + (LEAST + "[crawl]\ndepth = -1\n").replace("\n", ends).encode()
    assert [line for line, _ in faults(broken)] == [5]


@pytest.mark.parametrize(
    ("written", "url"),
    [
        ("example.com", "https://example.com"),
        ("www.example.com/shop?a=1", "https://www.example.com/shop?a=1"),
        ("HTTPS://Example.com/A", "https://Example.com/A"),
        ("shop.localhost:8000", "http://shop.localhost:8000"),
        ("127.0.0.1:8000/x", "http://127.0.0.1:8000/x"),
        ("http://192.168.1.4/", "http://192.168.1.4/"),
        ("咖啡.example", "https://咖啡.example"),
        ("http://[::1]:8000/", "http://[::1]:8000/"),
        ("  https://example.com/  ", "https://example.com/"),
    ],
)
def test_addresses_are_made_absolute(written: str, url: str) -> None:
    market = parse_market(LEAST + f'[[competitor]]\nname = "A"\nsite = "{written}"\n')
    assert market.competitors[0].site == url


@pytest.mark.parametrize(
    ("written", "engine"),
    [
        ("phpBB", "phpbb"), ("phpBB 3", "phpbb"), ("XenForo2", "xenforo"), ("xenforo", "xenforo"),
        ("Discuz! X3.4", "discuz"), ("Public Inbox", "public_inbox"), ("V2EX", "v2ex"),
        ("vBulletin 5", "vbulletin"), ("Simple Machines", "smf"), ("generic", "generic"),
    ],
)  # fmt: skip
def test_engines_are_known_by_the_names_people_write(written: str, engine: str) -> None:
    market = parse_market(LEAST + f'[[forum]]\nurl = "f.example"\nengine = "{written}"\n')
    assert market.forums[0].engine == engine


def test_a_shop_on_a_platform_is_no_double_of_its_neighbour() -> None:
    market = parse_market(
        LEAST + '[[competitor]]\nsite = "https://shopee.vn/anna"\n'
        '[[competitor]]\nsite = "https://shopee.vn/berta"\n'
    )
    assert [c.key for c in market.competitors] == ["shopee.vn/anna", "shopee.vn/berta"]


def test_two_ports_of_one_machine_are_two_sites_and_need_ids() -> None:
    text = (
        '[[competitor]]\n{}site = "http://127.0.0.1:8001"\n'
        '[[competitor]]\n{}site = "http://127.0.0.1:8002"\n'
    )
    market = parse_market(LEAST + text.format('id = "a"\n', 'id = "b"\n'))
    assert [c.key for c in market.competitors] == ["a", "b"]
    (found,) = faults(LEAST + text.format("", ""))
    assert found[0] == 7
    assert "id" in found[1]


def test_a_day_ahead_of_us_is_refused() -> None:
    ahead = (datetime.now(UTC) + timedelta(days=30)).date().isoformat()
    (found,) = faults(LEAST + f'[[forum]]\nurl = "f.example"\nsince = {ahead}\n')
    assert "in the future" in found[1]


def test_control_characters_do_not_get_through() -> None:
    market = parse_market(
        LEAST + '[[competitor]]\nname = "A\\u0000\\u001b[31m\\nB"\n[crawl]\ncontact = "a@b.example"'
    )
    assert market.competitors[0].name == "A [31m B"
    (found,) = faults(LEAST + '[crawl]\ncontact = "a@b.example\\r\\nX-Evil: 1"')
    assert found[0] == 5


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_a_market_or_a_told_fault(text: str) -> None:
    try:
        parse_market(text)
    except MarketFileError as error:
        assert error.line >= 1
        assert error.problem


@settings(max_examples=300, deadline=None)
@given(
    st.integers(0, len(FULL)),
    st.integers(0, 12),
    st.text(alphabet="[]\"'=.,{}\n#\\a1 “", max_size=6),
)
def test_a_damaged_file_is_a_market_or_a_told_fault(at: int, cut: int, put: str) -> None:
    damaged = FULL[:at] + put + FULL[at + cut :]
    try:
        parse_market(damaged)
    except MarketFileError as error:
        assert all(1 <= p.line <= damaged.count("\n") + 1 for p in error.problems)


# --- files and names -----------------------------------------------------------------------------


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RIVALMAP_HOME", str(tmp_path))
    (tmp_path / "markets").mkdir()
    return tmp_path


def test_a_market_is_found_under_home_and_loaded(place: Path) -> None:
    (place / "markets" / "soap.toml").write_text(LEAST, encoding="utf-8")
    assert home() == place.resolve()
    assert find_market("soap") == market_path("soap") == place / "markets" / "soap.toml"
    assert data_dir("soap") == place / "data" / "soap"
    assert not data_dir("soap").exists()
    market = load_market(find_market("soap"))
    assert (market.name, market.path) == ("soap", place / "markets" / "soap.toml")


def test_without_the_variable_home_is_the_folder_of_scrapy_cfg(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("RIVALMAP_HOME", raising=False)
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)
    monkeypatch.chdir(deep)
    assert home() == deep.resolve()
    (tmp_path / "a" / "scrapy.cfg").write_text("[settings]\n", encoding="utf-8")
    assert home() == (tmp_path / "a").resolve()


def test_a_missing_market_names_those_there_are(place: Path) -> None:
    with pytest.raises(MarketNotFoundError, match=r"none yet.*scrapy newmarket soap"):
        find_market("soap")
    for name in ("soap", "candles"):
        (place / "markets" / f"{name}.toml").write_text(LEAST, encoding="utf-8")
    (place / "markets" / "Not A Name.toml").write_text("", encoding="utf-8")
    assert market_names() == ("candles", "soap")
    with pytest.raises(MarketNotFoundError, match='did you mean "soap"'):
        find_market("soaps")
    with pytest.raises(MarketNotFoundError, match="there are: candles, soap") as caught:
        find_market("wombats")
    assert caught.value.existing == ("candles", "soap")


def test_what_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(MarketNotFoundError, match="does not exist"):
        load_market(tmp_path / "none.toml")
    with pytest.raises(MarketError, match="it is a folder"):
        load_market(tmp_path)


@pytest.mark.parametrize("name", ["shop", "a", "0-9", "my_shop-2", "x" * 64])
def test_names_that_can_be(name: str) -> None:
    assert check_name(name) == name


@pytest.mark.parametrize(
    ("name", "mended", "words"),
    [
        ("../shop", "shop", "is a path"),
        ("a/b", "b", "is a path"),
        ("..", "my-market", "is a path"),
        ("/etc/passwd", "passwd", "is a path"),
        ("C:\\shop", "shop", "is a path"),
        ("shop\0", "shop", "is a path"),
        ("markets/shop.toml", "shop", "is a path"),
        ("shop.toml", "shop", "cannot be"),
        ("Shop", "shop", "cannot be"),
        ("my shop", "my-shop", "cannot be"),
        ("-s", "s", "cannot be"),
        ("Quán Cà Phê Đá", "quan-ca-phe-da", "cannot be"),
        ("咖啡店", "my-market", "cannot be"),
        ("", "my-market", "needs a name"),
        ("con", "con-market", "Windows"),
        ("x" * 65, "x" * 64, "too long"),
        ("shop\n", "shop", "cannot be"),
    ],
)
def test_names_that_cannot_be_come_with_one_that_can(name: str, mended: str, words: str) -> None:
    with pytest.raises(MarketNameError, match=words) as caught:
        check_name(name)
    assert caught.value.suggestion == mended
    assert check_name(mended) == mended


def test_a_fault_that_another_room_sees_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "soap.toml"
    path.write_text(LEAST + "\n[tiers]\n\nwrods = 1\n", encoding="utf-8")
    market = load_market(path)
    error = fault_at(market, ("tiers", "wrods"), "unknown weight", "did you mean words_line?")
    assert error.line == 7
    assert str(error) == f"{path}, line 7: unknown weight — did you mean words_line?"
    path.unlink()
    assert fault_at(market, ("tiers", "wrods"), "unknown weight").line == 1
