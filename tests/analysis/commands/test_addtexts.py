"""``scrapy addtexts``: kept apart, redacted, never twice, nothing lost."""

import io
import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from openpyxl import Workbook

from analysis.commandline import LOCKED, NOTHING, OK, PARTLY, USAGE
from analysis.lock import market_lock
from analysis.owntexts.model import ChoiceError, Choices, Counts, OwnTextsError
from analysis.owntexts.storing import add_texts, source_key
from analysis.passes import run_passes
from analysis.questions.sample import COUNTED, OWN
from analysis.refreshing import refresh
from crawlers.items import Post
from crawlers.market import Market, data_dir, find_market, load_market
from pipelines.storage.database import open_database, transaction
from pipelines.storage.market_rows import load_market_rows
from pipelines.storage.write_posts import write_posts, write_thread

SCRAPY = Path(sys.executable).with_name("scrapy")
MARKET = """
[business]
name = "Tally"
site = "https://tally.example/"
description = "Point of sale software for small cafes and restaurants"
offers = ["point of sale system"]
[[competitor]]
id = "tillo"
name = "Tillo"
[[forum]]
url = "https://forum.example/"
name = "Cafe talk"
"""
LONG = "I switched from Tillo to Tally because Tillo kept crashing during lunch, every single day."
SHOP = (
    "评价编号,昵称,评价时间,评价内容,评分\n"
    "1,小明,2026-05-01 14:03,Tillo 的收银系统太贵了，老是死机，我的电话13812345678,2\n"
    "2,小红,2026-05-03,很好用，推荐给开小店的朋友，发票打印也快,5\n"
    "3,小明,,,1\n"
)
MBOX = (
    "From lan@c.example Mon May  4 10:00:00 2026\n"
    "From: Lan <lan@c.example>\nSubject: Tillo keeps crashing\n"
    "Date: Mon, 04 May 2026 10:00:00 +0700\nMessage-ID: <1@c.example>\n\n"
    "Call me at 0912 345 678 or write to lan.tran@c.example, it is too expensive.\n\n"
    "On Sun, 3 May 2026 at 10:00, Tally <help@tally.example> wrote:\n> Hello from the shop\n"
)


@pytest.fixture
def market(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Market:
    monkeypatch.setenv("RIVALMAP_HOME", str(tmp_path))
    (tmp_path / "markets").mkdir()
    (tmp_path / "markets" / "tills.toml").write_text(MARKET)
    return load_market(find_market("tills"))


def saved(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def rows(sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(data_dir("tills") / "market.db")) as connection:
        return connection.execute(sql).fetchall()


def dump() -> list[tuple[object, ...]]:
    return rows("SELECT key, author, posted_at, rating, text, lang FROM posts ORDER BY key")


def test_a_shop_export_is_stored_once(market: Market, tmp_path: Path) -> None:
    path = saved(tmp_path, "shop.csv", SHOP.encode("gb18030"))
    first = add_texts(market, path, "Shop export", Choices(timezone="Asia/Shanghai"))
    assert (first.added, first.empty) == (2, 1)
    assert first.read_as["text"] == "评价内容"
    before = dump()
    again = add_texts(market, path, "shop  EXPORT", Choices(timezone="Asia/Shanghai"))
    assert (again.added, again.changed, again.unchanged) == (0, 0, 2)
    assert dump() == before
    said = {row[4]: row for row in before}
    complaint = next(text for text in said if "死机" in str(text))
    assert "13812345678" not in str(complaint) and "[phone]" in str(complaint)
    assert said[complaint][2] == "2026-05-01T06:03:00Z"
    assert not [row for row in before if "小" in str(row[1])]
    (own,) = rows("SELECT id, own, url FROM forums WHERE own = 1")
    assert own == ("own:shop-export", 1, "own:shop-export")
    assert rows("SELECT count(*) FROM demand") == [(2,)]  # read like any other


def test_a_changed_file_brings_its_changes(market: Market, tmp_path: Path) -> None:
    add_texts(market, saved(tmp_path, "a.csv", SHOP), "shop")
    changed = (
        SHOP.replace("很好用", "不好用").replace(",5\n", ",1\n") + "4,小刚,2026-05-04,一般般吧,3\n"
    )
    counts = add_texts(market, saved(tmp_path, "b.csv", changed), "shop")
    assert (counts.added, counts.changed, counts.unchanged) == (1, 1, 1)
    assert ("不好用，推荐给开小店的朋友，发票打印也快", 1.0) in rows(
        "SELECT text, rating FROM posts"
    )
    assert rows("SELECT count(*) FROM posts_fts_docsize") == [(3,)]


def test_a_new_rating_alone_is_a_change(market: Market, tmp_path: Path) -> None:
    add_texts(market, saved(tmp_path, "a.csv", "id,text,rating\n1,fine,4\n"), "shop")
    counts = add_texts(market, saved(tmp_path, "a.csv", "id,text,rating\n1,fine,2\n"), "shop")
    assert counts.changed == 1 and rows("SELECT text, rating FROM posts") == [("fine", 2.0)]


def test_a_survey_of_two_questions(market: Market, tmp_path: Path) -> None:
    book = Workbook()
    questions = ("Why did you choose us over the others?", "What stops you from buying more of it?")
    book.active.append(["Email", *questions])
    book.active.append(["ann@x.example", "It was near", "The price is too high for us"])
    book.active.append(["Bob@x.example", "My brother uses it", None])
    file = io.BytesIO()
    book.save(file)
    path = saved(tmp_path, "survey.xlsx", file.getvalue())
    with pytest.raises(ChoiceError, match=r"survey.xlsx: no column.*--text \"What stops you"):
        add_texts(market, path, "survey")
    assert not (data_dir("tills") / "market.db").exists()
    counts = add_texts(market, path, "survey", Choices(texts=questions))
    assert (counts.added, counts.empty) == (3, 1)
    found = rows(
        "SELECT t.title, count(*), count(DISTINCT p.author) FROM posts p "
        "JOIN threads t ON t.id = p.thread_id GROUP BY t.title ORDER BY t.title"
    )
    assert found == [(questions[1], 1, 1), (questions[0], 2, 2)]
    assert rows("SELECT count(DISTINCT author) FROM posts") == [(2,)]


def test_mails_are_redacted_and_freed_of_quotes(market: Market, tmp_path: Path) -> None:
    add_texts(market, saved(tmp_path, "support.mbox", MBOX), "support")
    ((text, author, timezone, url, title),) = rows(
        "SELECT p.text, p.author, p.timezone, p.url, t.title FROM posts p "
        "JOIN threads t ON t.id = p.thread_id"
    )
    assert text == "Call me at [phone] or write to [email], it is too expensive."
    assert str(author).startswith("p-") and timezone == "Etc/GMT-7"
    assert str(url).startswith("own:support#") and title == "Tillo keeps crashing"
    assert "c.example" not in "".join(
        str(cell) for table in ("posts", "threads", "forums", "evidence", "posts_fts")
        for row in rows(f"SELECT * FROM {table}") for cell in row
    )  # fmt: skip


def test_never_mixed_up_with_public_posts(market: Market, tmp_path: Path) -> None:
    lines = "".join(
        json.dumps({"author": f"a{n}", "text": f"{LONG} Number {n}. Nobody beats Zorbo tills."})
        + "\n"
        for n in range(8)
    )
    lines += json.dumps({"author": "b", "text": LONG}) + "\n"
    add_texts(market, saved(tmp_path, "a.jsonl", lines), "mails")
    with closing(open_database(data_dir("tills") / "market.db")) as connection:
        with transaction(connection):
            (forum,) = connection.execute("SELECT id FROM forums WHERE own = 0").fetchone()
            thread = write_thread(
                connection, forum, "https://forum.example/1", "t", "2026-05-01T00:00:00Z"
            )
            post = Post(id="1", url="https://forum.example/1", author="p", text=LONG, key="f:1")
            write_posts(connection, forum, thread, "t", [post], "2026-05-01T00:00:00Z")
        run_passes(connection, market)
        count = "SELECT count(*) FROM counted"
        (public,) = connection.execute(f"WITH {COUNTED} {count}").fetchone()
        (own,) = connection.execute(
            "SELECT count(*) FROM posts p JOIN demand d ON d.post_id = p.id "
            f"WHERE p.copy_of IS NULL AND d.seller = 0 AND p.forum IN {OWN}"
        ).fetchone()
        assert (public, own) == (1, 9)  # the same words in our own file make no copy of the post
        (authors, won) = connection.execute(
            "SELECT authors, switched_from FROM summary_competitors "
            "WHERE competitor = 'tillo' AND period = 'all'"
        ).fetchone()
        assert (authors, won) == (1, 1)
        (answer,) = connection.execute(
            "SELECT answer_json FROM summaries WHERE question = 'sources'"
        ).fetchone()
        found = json.loads(answer)
        assert (found["posts"], found["own"][0]["posts"]) == (1, 9)
        tags = "SELECT count(*) FROM channel_tags WHERE subject LIKE 'own:%'"
        assert connection.execute(tags).fetchone() == (0,)
        proof = "SELECT count(*) FROM evidence WHERE url LIKE 'own:%' AND claim_table <> 'demand'"
        assert connection.execute(proof).fetchone() == (0,)  # of no rival, tier or candidate


def test_refresh_and_the_market_file_leave_own_texts_alone(market: Market, tmp_path: Path) -> None:
    add_texts(market, saved(tmp_path, "a.csv", SHOP), "shop")
    before = dump(), rows("SELECT id, name, own FROM forums ORDER BY id")
    refresh(market)
    path = data_dir("tills") / "market.db"
    with closing(open_database(path)) as connection, transaction(connection):
        load_market_rows(connection, market)
    assert (dump(), rows("SELECT id, name, own FROM forums ORDER BY id")) == before


def test_what_stands_above_an_error_is_stored_and_read(market: Market, tmp_path: Path) -> None:
    broken = "id,text\n" + "".join(f"{n},text {n}\n" for n in range(1_200)) + '9,"open\n'
    path = saved(tmp_path, "a.csv", broken + "1,x\n" * 3_000)
    with pytest.raises(OwnTextsError, match="line 1202"):
        add_texts(market, path, "shop")
    assert rows("SELECT count(*) FROM posts") == rows("SELECT count(*) FROM demand") == [(1_200,)]


def test_titles_are_redacted(market: Market, tmp_path: Path) -> None:
    lines = "product,text\n" + "call 0912 345 678 now,fine\n" * 3
    add_texts(market, saved(tmp_path, "a.csv", lines), "shop")
    assert rows("SELECT title FROM threads") == [("call [phone] now",)]


@pytest.mark.parametrize("label", ["", "  ", "!!", "x" * 61])
def test_labels_that_name_nothing(label: str) -> None:
    with pytest.raises(ChoiceError):
        source_key(label)


@pytest.mark.parametrize(
    ("name", "choices", "says"),
    [
        ("a.doc", Choices(), "told by the end of their names"),
        ("a.csv", Choices(timezone="Moon"), "no time zone"),
        ("missing.csv", Choices(), "is no file"),
    ],
)
def test_wrong_use(market: Market, tmp_path: Path, name: str, choices: Choices, says: str) -> None:
    if not name.startswith("missing"):
        saved(tmp_path, name, "text\nfine\n")
    with pytest.raises(ChoiceError, match=says):
        add_texts(market, tmp_path / name, "x", choices)


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [str(SCRAPY), "addtexts", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


@pytest.mark.slow
def test_the_command(market: Market, tmp_path: Path) -> None:
    good = saved(tmp_path, "a.csv", SHOP)
    done = run("tills", good, "--source", "shop")
    assert done.returncode == OK and "added 2, changed 0, unchanged 0" in done.stderr
    assert run("tills", good).returncode == USAGE
    assert run("tills", saved(tmp_path, "b.csv", ""), "--source", "x").returncode == NOTHING
    ragged = run("tills", saved(tmp_path, "c.csv", "id,text\n1,a,b\n2,c\n"), "--source", "x")
    assert ragged.returncode == PARTLY and "1 could not be read" in ragged.stderr
    with market_lock(data_dir("tills"), "crawl forums"):
        assert run("tills", good, "--source", "shop").returncode == LOCKED


def test_counts_say_what_is_stored() -> None:
    assert Counts(added=1, changed=2, unchanged=3, empty=9).stored == 6


@pytest.mark.parametrize("name", ["a.csv", "a.mbox"])
def test_a_language_nobody_speaks_is_wrong_use(market: Market, tmp_path: Path, name: str) -> None:
    path = saved(tmp_path, name, MBOX if name == "a.mbox" else SHOP)
    with pytest.raises(ChoiceError, match="--lang: 'klingon'"):
        add_texts(market, path, "x", Choices(language="klingon"))
    counts = add_texts(market, path, "x", Choices(language="vi"))
    assert counts.read_as["language"] == "vi (--lang)"
    assert set(rows("SELECT lang FROM posts")) == {("vi",)}
