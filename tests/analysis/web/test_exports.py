"""What is taken away: right, bounded, harmless in a spreadsheet, closed where the page is."""

import csv
import io
import json
import re
import sqlite3
from pathlib import Path

import feedparser
import jsonschema
import pytest
from openpyxl import load_workbook

from analysis.web import i18n
from analysis.web.exports import stock_excel
from analysis.web.exports.csv import csv_of
from analysis.web.exports.data import data_of
from analysis.web.exports.excel import LONGEST, text_for_excel, write_tables
from analysis.web.exports.stock_excel import CsvToSheet
from analysis.web.exports.tables import Table, tables
from analysis.web.formulas import BOM, DefusedCsv, defuse, defuse_for_csv
from analysis.web.serve import datasette_for, metadata
from tests.analysis import hostile_db
from tests.analysis.web import lines
from tests.analysis.web.conftest import served

SCHEMA = json.loads((Path(__file__).parents[3] / "docs/schemas/page.schema.json").read_text())
JSON_PAGES = (
    "overview", "competitors", "competitors/oakframe", "channels", "customers", "when", "why-not",
    "why-them", "openings", "posts", "posts/3", "changes", "collection",
)  # fmt: skip
HOSTILE = (
    '=HYPERLINK("http://evil.example","x")', "=1+1", "+1+cmd|' /C calc'!A0", "-1+1", "@SUM(A1)",
    "\t=1", "\r=1", "\n=1", "＝1+1", "＋1", "－1+1", "＠x", " =1", "\u00a0=1", "\ufeff=1",
    "\x00=1", "\u202e=1", "\u200b=1", "\x1b=1", " " * 100 + "=1",
)  # fmt: skip
PLAIN = ("", "a", "1", "-1", "+84", "-1.5", "-12,5 %".replace(" ", ""), "1=2", "价格", "a-b", "'x")
WORST = [
    attack
    for attack in hostile_db.ATTACKS
    if attack.name in ("formula", "surrogate", "json-deeper")
]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def formula(text: str) -> bool:
    """Whether a spreadsheet may compute a cell: said apart from the code that defuses."""
    text = re.sub(r"^[\s\x00-\x20\u00a0\u200b-\u200f\u202a-\u202e\ufeff]+", "", text)
    return bool(re.match("[=+@＝＋－＠-]", text)) and not re.fullmatch(r"[+-]?[\d.,]+%?", text)


def sheet_of(body: bytes, name: str | None = None):
    book = load_workbook(io.BytesIO(body))
    return book[name] if name else book.worksheets[0]


def book_of(body: bytes):
    return load_workbook(io.BytesIO(body)).worksheets


def rows_of(body: bytes) -> list[list[str]]:
    csv.field_size_limit(10_000_000)
    return list(csv.reader(io.StringIO(body.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("cell", HOSTILE)
def test_formulas_are_defused(cell):
    assert formula(cell)
    assert defuse(cell) == "'" + cell
    assert not formula(defuse_for_csv(cell))
    assert defuse_for_csv(defuse_for_csv(cell)) == defuse_for_csv(cell)


@pytest.mark.parametrize("cell", PLAIN)
def test_what_is_no_formula_stays(cell):
    assert defuse(cell) == cell == defuse_for_csv(cell)


@pytest.mark.parametrize(
    "cell", ["a;=1+1", "a; @SUM(A1)", "a\t=x", "a\n=1", "a|=1", "a;+cmd|' /C calc'!A0", 'a;"=1"'],
)  # fmt: skip
def test_no_formula_begins_where_another_program_parts_cells(cell):
    safe = defuse_for_csv(cell)
    parts = re.split(r"[;\t\n|]", safe.replace('"', ""))
    assert not [part for part in parts if re.match(r"\s*[=@]|\s*[+-].*[(|!]", part)]
    assert defuse_for_csv(safe) == safe


def test_lists_in_posts_stay_lists():
    text = "Pros:\n- quiet\n- +1 for service; -5 kg"
    assert defuse_for_csv(text) == text


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
def test_csv_is_rewritten_whatever_the_chunks(size):
    rows = [["a", "b"], ["=1", 'x "quoted", =2'], ["价格", "line\n=HYPERLINK()"], ["", "\x00=1"]]
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    body, stream, out = text.getvalue().encode(), DefusedCsv(bom=True), b""
    for start in range(0, len(body), size):
        out += stream.feed(body[start : start + size], last=False)
    out += stream.feed(b"", last=True)
    assert out.startswith(BOM) and out.count(BOM) == 1
    assert rows_of(out) == [[defuse_for_csv(cell) for cell in row] for row in rows]


def test_data_is_what_json_knows():
    found = data_of(
        {
            "price_minor": 129900, "currency": "USD", "nan": float("nan"), "inf": float("inf"),
            "set": {"b", "a"}, "pair": ("x", 1), "object": object(), "bytes": b"x", 5: "five",
            "lone": "\ud800", "vnd": {"price_minor": 1290000, "currency": "VND"},
            "odd": {"price_minor": None, "currency": 3}, "search_text": "x", ("a", "b"): 1,
        }
    )  # fmt: skip
    assert found == {
        "price": "1299", "currency": "USD", "nan": None, "inf": None, "set": ["a", "b"],
        "pair": ["x", 1], "5": "five", "lone": "?", "vnd": {"price": "1290000", "currency": "VND"},
        "odd": {"price": None, "currency": 3},
    }  # fmt: skip
    deep: list = []
    for _ in range(5_000):
        deep = [deep]
    assert json.dumps(data_of({"deep": deep}))


def test_tables_are_found_with_those_inside():
    data = {
        "answers": {"barriers": {"stages": [
            {"stage": "searching", "of": 9, "names": {"en": "a"}, "tags": ["x", "y"],
             "quotes": [{"quote": "q"}, {"quote": "r"}],
             "barriers": [{"barrier": "price", "people": 5}]},
            {"stage": "using", "of": 2, "enough": False, "barriers": []},
        ]}},
    }  # fmt: skip
    found = tables(data)
    assert list(found) == ["barriers.stages", "barriers.stages.barriers"]
    outer = found["barriers.stages"]
    assert outer.columns == ("stage", "of", "names.en", "tags", "quotes.quote", "enough",
                             "barriers")  # fmt: skip
    assert outer.rows[0][:5] == ("searching", 9, "a", "x; y", "q")
    assert found["barriers.stages.barriers"].rows == (("searching", "price", 5),)


def test_a_table_as_csv():
    table = Table(name="t", columns=("a", "=b"), rows=((1, "价,格"), (None, "=1"), (0.5, "x\ny")))
    body = csv_of(table)
    assert body.startswith(BOM)
    assert rows_of(body) == [["a", "'=b"], ["1", "价,格"], ["", "'=1"], ["0.5", "x\ny"]]


def test_excel_holds_text_as_text(tmp_path):
    texts = [*HOSTILE, "#N/A", "_x003D_1", "w" * 100_000, "价格", "https://x.example", "a\x0bb",
             "\ud7ff\ufffe", "2026-01-01", "'=x"]  # fmt: skip
    rows = [[text, 10**18, 5, 0.5, None] for text in texts]
    write_tables(
        tmp_path / "t.xlsx", [("bad/[name]*?:" * 5, ["=a", "", "b", "c", "d"], rows)] * 2, empty="-"
    )
    book = load_workbook(tmp_path / "t.xlsx")
    assert [len(name) <= 31 for name in book.sheetnames] == [True, True]
    sheet = book.worksheets[1]
    assert sheet.freeze_panes == "A2" and sheet["A1"].font.bold
    for row, text in zip(sheet.iter_rows(min_row=2), texts, strict=True):
        assert row[0].data_type == "s" and row[0].hyperlink is None
        assert not formula(row[0].value) and len(row[0].value) <= LONGEST
        assert row[0].value == text_for_excel(text)
        assert [cell.value for cell in row[1:4]] == ["1000000000000000000", 5, 0.5]
        assert [cell.data_type for cell in row[1:]] == ["s", "n", "n", "n"]
    widths = [column.width for column in sheet.column_dimensions.values()]
    assert widths and all(9 <= width <= 60 for width in widths)


def test_an_excel_file_without_tables_says_so(tmp_path):
    write_tables(tmp_path / "t.xlsx", [], empty="nothing yet")
    sheet = load_workbook(tmp_path / "t.xlsx").worksheets[0]
    assert [cell.value for row in sheet.iter_rows() for cell in row if cell.value] == [
        "nothing yet"
    ]


@pytest.mark.parametrize(
    ("body", "most", "kept", "why"),
    [
        ("a,b\r\n1,x\r\n2,y\r\n", 2, 2, ""),
        ("a,b\r\n1,x\r\n2,y\r\n3,z\r\n", 2, 2, "rows"),
        ("a,b\r\n1,x\r\nCSV contains more than 50 bytes", 9, 1, "CSV contains more than 50 bytes"),
        ("", 9, 0, ""),
    ],
)
def test_a_cut_file_says_so_in_its_last_line(tmp_path, body, most, kept, why):
    sheet = CsvToSheet("t", {"a": "INTEGER"}, most=most)
    for start in range(0, len(body), 5):
        sheet.feed(body[start : start + 5].encode(), last=False)
    sheet.feed(b"", last=True)
    assert sheet.why == why
    sheet.save(tmp_path / "t.xlsx", lambda why, rows: f"cut after {rows}: {why}")
    rows = list(load_workbook(tmp_path / "t.xlsx").worksheets[0].values)
    assert len([row for row in rows[1:] if isinstance(row[0], int)]) == kept
    last = rows[-1][0] if rows else None
    assert (last == f"cut after {kept}: {why}") is bool(why)


# The server.


@pytest.mark.parametrize("extra", ["", "?_stream=on", "?_dl=1", "?_stream=on&_dl=1&_labels=on"])
async def test_datasettes_csv_begins_with_a_mark(desk, extra):
    answer = await desk.client.get(f"/desks/posts.csv{extra}")
    assert answer.content.startswith(BOM) and answer.content.count(BOM) == 1
    bare = await desk.client.get(f"/desks/posts.csv{extra}{'&' if extra else '?'}_bom=off")
    assert bare.content == answer.content.removeprefix(BOM)
    rows = rows_of(answer.content)
    assert rows[0][0] == "id" and any("价格" in cell for row in rows for cell in row)
    if "_stream" in extra:
        assert len(rows) - 1 == 340


async def test_no_mark_where_there_is_no_csv(desk):
    for path in ("/desks/nowhere.csv", "/desks/posts.json", "/robots.txt", "/why-not.csv?table=x"):
        assert not (await desk.client.get(path)).content.startswith(BOM)


@pytest.mark.parametrize(
    ("address", "count"),
    [
        ("posts", 340), ("posts?lang__exact=vi&_size=3&_next=5", None), ("tier_board", None),
        ("offers?_sort=id", None), ("market", 1),
    ],
)  # fmt: skip
async def test_any_table_or_view_as_excel(desk, market_db, address, count):
    table, _, query = address.partition("?")
    answer = await desk.client.get(f"/desks/{table}.xlsx?{query}")
    assert answer.status_code == 200 and answer.headers["content-type"] == XLSX
    assert answer.headers["content-disposition"] == f'attachment; filename="{table}.xlsx"'
    assert answer.headers["x-content-type-options"] == "nosniff"
    rows = list(sheet_of(answer.content, table).values)
    conn = sqlite3.connect(market_db)
    where = " WHERE lang = 'vi'" if "lang" in query else ""
    (expected,) = conn.execute(f"SELECT count(*) FROM {table}{where}").fetchone()
    columns = [row[1] for row in conn.execute(f"PRAGMA table_info({table})")]
    conn.close()
    assert list(rows[0]) == columns and len(rows) - 1 == expected == (count or expected)


async def test_types_survive_in_excel(desk):
    rows = list(sheet_of((await desk.client.get("/desks/offers.xlsx")).content).values)
    first = dict(zip(rows[0], rows[1], strict=True))
    assert isinstance(first["id"], int) and isinstance(first["price_minor"], int)
    assert isinstance(first["name"], str)
    posts = list(sheet_of((await desk.client.get("/desks/posts.xlsx")).content).values)
    assert isinstance(dict(zip(posts[0], posts[1], strict=True))["engine_id"], str)


async def test_hostile_tables_as_excel_and_csv(hostile):
    seen = 0
    for table in ("posts", "evidence", "companies", "changes", "competitors", "tier_board"):
        body = (await hostile.client.get(f"/desks/{table}.xlsx")).content
        for row in sheet_of(body).iter_rows(min_row=2):
            for cell in row:
                assert cell.data_type in ("s", "n") and cell.hyperlink is None
                seen += "HYPERLINK" in str(cell.value)
                assert not isinstance(cell.value, str) or not formula(cell.value)
        streamed = await hostile.client.get(f"/desks/{table}.csv?_stream=on")
        cells = [cell for row in rows_of(streamed.content) for cell in row]
        assert not [cell[:40] for cell in cells if formula(cell)]
    assert seen > 10


async def test_excel_of_what_is_not_there(desk):
    for path in ("/desks/nowhere.xlsx", "/nowhere/posts.xlsx", "/desks/a/b.xlsx"):
        assert (await desk.client.get(path)).status_code == 404
    assert (await desk.client.get("/desks/posts.xlsx?_sort=nowhere")).status_code == 400
    head = await desk.client.head("/desks/posts.xlsx")
    assert head.status_code == 200 and head.headers["content-type"] == XLSX


async def test_a_long_table_is_cut_in_the_readers_language(market_db, monkeypatch):
    monkeypatch.setattr(stock_excel, "MOST_ROWS", 5)
    monkeypatch.setattr(CsvToSheet.__init__, "__kwdefaults__", {"most": 5})
    datasette = datasette_for(market_db, "desks")
    for language, words in (("en", "The rest is missing"), ("zh", "其余部分未包含")):
        body = (await datasette.client.get(f"/desks/posts.xlsx?lang={language}")).content
        rows = list(sheet_of(body).values)
        assert rows[-1][0].startswith(words)
        assert len([row for row in rows[1:] if isinstance(row[0], int)]) == 5
    for database in datasette.databases.values():
        database.close()


async def test_stock_tables_link_to_their_files(desk):
    page = (await desk.client.get("/desks/posts?lang__exact=vi&_next=9&_facet=lang")).text
    line = re.search('<p class="rm-take">.*?</p>', page, re.DOTALL).group()
    links = [link.replace("&amp;", "&") for link in re.findall('href="([^"]+)"', line)]
    assert len(links) == 3 and all("lang__exact=vi" in link for link in links)
    for link in links:
        assert (await desk.client.get(link)).status_code == 200, link
    assert "rm-take" not in (await desk.client.get("/desks")).text


@pytest.mark.parametrize("page", JSON_PAGES)
async def test_every_page_as_json(desk, page):
    answer = await desk.client.get(f"/{page}.json")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    found = json.loads(answer.text, parse_constant=pytest.fail)
    jsonschema.validate(found, SCHEMA)
    assert found["market"] == "desks" and found["data"]
    assert "_minor" not in answer.text


@pytest.mark.parametrize("page", JSON_PAGES)
async def test_every_page_as_json_where_all_is_hostile(hostile, page):
    answer = await hostile.client.get(f"/{page}.json")
    assert answer.status_code == 200
    jsonschema.validate(json.loads(answer.text, parse_constant=pytest.fail), SCHEMA)
    for ending in ("xlsx", "tables"):
        assert (await hostile.client.get(f"/{page}.{ending}")).status_code == 200


async def test_json_shows_what_the_page_shows(desk, market_db):
    found = (await desk.client.get("/posts.json?q=LiftLine&language=vi")).json()["data"]
    page = (await desk.client.get("/posts?q=LiftLine&language=vi")).text
    assert f"<strong>{found['total']} post" in page
    assert {hit["lang"] for hit in found["hits"]} == {"vi"}
    offers = (await desk.client.get("/competitors/oakframe.json")).json()["data"]["offers"]
    assert re.fullmatch(r"\d+(\.\d+)?", offers[0]["price"]) and offers[0]["currency"]
    matrix = (await desk.client.get("/channels.json")).json()["data"]["matrix"]
    conn = sqlite3.connect(market_db)
    for row in matrix:
        seen = dict(
            conn.execute(
                "SELECT channel, max(strength) FROM channel_tags WHERE subject = ? "
                "AND role = 'promotes' GROUP BY channel",
                (row["competitor"],),
            ).fetchall()
        )
        assert seen == {key: row[key] for key in row.keys() & seen.keys()}
        assert all(row[key] is None for key in row.keys() - seen.keys() - {
            "competitor", "name", "group", "read"})  # fmt: skip
    conn.close()


async def test_json_keeps_the_range(desk):
    for key in ("all", "365d", "90d", "30d"):
        assert (await desk.client.get(f"/customers.json?period={key}")).json()["period"] == key
    assert (await desk.client.get("/customers.json?period=nonsense")).json()["period"] == "all"


async def test_mistakes_as_json(desk):
    for path, status in (
        ("/competitors/nobody.json", 404), ("/posts/999999.json", 404),
        ("/why-not.csv?table=nothing", 404), ("/competitors/nobody.xlsx", 404),
    ):  # fmt: skip
        answer = await desk.client.get(path)
        assert answer.status_code == status == answer.json()["status"]
        assert answer.json()["ok"] is False and answer.json()["error"]


async def test_every_table_of_a_page_as_csv_and_excel(desk):
    for page in ("customers", "why-not", "why-them", "when", "channels", "changes"):
        found = tables((await desk.client.get(f"/{page}.json")).json()["data"])
        assert found
        book = load_workbook(io.BytesIO((await desk.client.get(f"/{page}.xlsx")).content))
        assert len(book.sheetnames) == len(found)
        for name, sheet in zip(found, book.worksheets, strict=True):
            rows = list(sheet.values)
            assert list(rows[0]) == list(found[name].columns)
            assert len(rows) - 1 == len(found[name].rows)
        listed = (await desk.client.get(f"/{page}.tables")).text
        links = re.findall(rf'href="(/{page}\.csv[^"]+)"', listed)
        assert len(links) == len(found)
        for link, name in zip(links, found, strict=True):
            answer = await desk.client.get(link.replace("&amp;", "&"))
            assert answer.content.startswith(BOM) and answer.content.count(BOM) == 1
            assert len(rows_of(answer.content)) - 1 == len(found[name].rows)


async def test_pages_link_to_their_data(desk):
    for page in ("", "why-not", "posts?q=desk&period=90d", "competitors/oakframe"):
        text = (await desk.client.get(f"/{page}")).text
        footer = text.split('<footer class="foot">')[1]
        links = re.findall(r'href="([^"]+\.(?:xlsx|json|tables)[^"]*)"', footer)
        assert len(links) == 3
        for link in links:
            assert ("q=desk" in link and "period=90d" in link) or "?" not in page
            assert (await desk.client.get(link.replace("&amp;", "&"))).status_code == 200


async def test_an_empty_market_is_no_mistake(empty_desk):
    for page in ("overview", "customers", "changes", "posts", "channels", "collection"):
        for ending in ("json", "xlsx", "tables"):
            assert (await empty_desk.client.get(f"/{page}.{ending}")).status_code == 200
    assert (await empty_desk.client.get("/changes.atom")).status_code == 200
    assert (await empty_desk.client.get("/changes")).status_code == 200
    assert (await empty_desk.client.get("/changes.csv")).status_code in (200, 404)


@pytest.mark.parametrize("closed", ["database", "table"])
async def test_closed_pages_give_nothing_away(market_db, closed):
    config = metadata("desks", hosts=None)
    ours = config["databases"]["desks"]
    if closed == "database":
        ours["allow"] = {"id": "root"}
    else:
        for table in ("summaries", "tiers", "posts", "runs", "changes", "channel_tags"):
            ours["tables"].setdefault(table, {})["allow"] = {"id": "root"}
    datasette = lines.configured(market_db, "desks", config)
    root = {"ds_actor": datasette.sign({"a": {"id": "root"}}, "actor")}
    paths = [f"/{page}.{ending}" for page in JSON_PAGES for ending in ("json", "xlsx", "tables")]
    for path in [*paths, "/changes.atom", "/desks/posts.xlsx", "/desks/posts.csv"]:
        assert (await datasette.client.get(path)).status_code == 403, path
        assert (await datasette.client.get(path, cookies=root)).status_code == 200, path
    for database in datasette.databases.values():
        database.close()


@pytest.mark.slow
@pytest.mark.parametrize("attack", WORST, ids=lambda attack: attack.name)
async def test_whatever_is_in_the_database_leaves_harmless(tmp_path, attack):
    hostile_db.build(tmp_path / "market.db", attack, keys=False)
    for datasette in served(tmp_path / "market.db"):
        for page in JSON_PAGES:
            if "/" in page:
                continue
            answer = await datasette.client.get(f"/{page}.json")
            assert answer.status_code == 200, page
            jsonschema.validate(json.loads(answer.text, parse_constant=pytest.fail), SCHEMA)
            taken = await datasette.client.get(f"/{page}.csv")
            assert taken.status_code in (200, 404), page
            if taken.status_code == 200:
                cells = [cell for row in rows_of(taken.content) for cell in row]
                assert not [cell[:40] for cell in cells if formula(cell)]
            assert (await datasette.client.get(f"/{page}.tables")).status_code == 200
            for row in (
                row
                for sheet in book_of((await datasette.client.get(f"/{page}.xlsx")).content)
                for row in sheet.iter_rows()
            ):
                assert not [cell for cell in row if cell.data_type not in ("s", "n")]
                assert not [cell for cell in row if formula(str(cell.value or ""))
                            and cell.data_type == "s"]  # fmt: skip
        feed = await datasette.client.get("/changes.atom")
        assert feed.status_code == 200 and not feedparser.parse(feed.content).bozo
        for table in ("posts", "changes", "evidence"):
            # SQLite hands out no text that is no UTF-8: 400, as on the table's own page.
            answer = await datasette.client.get(f"/desks/{table}.xlsx")
            page = await datasette.client.get(f"/desks/{table}.csv")
            assert answer.status_code == page.status_code, table
            assert answer.status_code == 200, table


async def test_every_table_has_a_name_in_every_language(desk):
    parts = {
        part
        for page in JSON_PAGES
        for name in tables((await desk.client.get(f"/{page}.json")).json()["data"])
        for part in name.split(".")
    }
    assert len(parts) > 60
    for language in i18n.LANGUAGES:
        named = i18n.catalogue(language)
        assert {part for part in parts if f"table.{part}" not in named} == set(), language
