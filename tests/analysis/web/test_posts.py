"""The posts page against the tables themselves: every filter, every pair, every count."""

import html
import itertools
import json
import random
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from datasette.app import Datasette

from analysis.passes import facets as facets_pass
from analysis.passes import summaries
from analysis.questions import SHAPE, local_time
from analysis.questions.sample import PERSON
from analysis.questions.standing import RIVALS
from analysis.web import facets
from analysis.web.facet_columns import gather, moment, packed, unpacked
from analysis.web.page import Visit
from analysis.web.pages import post as post_page
from analysis.web.pages import posts as posts_page
from analysis.web.postfilter import NAMES, PostFilter, build
from analysis.web.proofs import Said, proofs, stretches
from crawlers.folding import search_text
from pipelines.storage.write_posts import write_own_source
from tests.analysis import sample_db
from tests.analysis.web.conftest import served

OWN = "(SELECT id FROM forums WHERE own = 1)"
SOURCE = "posts p LEFT JOIN demand d ON d.post_id = p.id LEFT JOIN switches w ON w.post_id = p.id"


def _among(sql: str) -> str:
    return f"p.id IN (SELECT post_id FROM {sql})"


# Rivals are neither ourselves nor ignored nor candidates nobody decided on.
WATCHED = "(SELECT id FROM competitors WHERE is_self = 0 AND status = 'watched')"
LET_DOWN = (
    "EXISTS (SELECT 1 FROM feelings f WHERE f.post_id = p.id AND f.feeling = 'pain' AND "
    "f.competitor IN ({}) AND (d.stage = 'using' OR w.from_competitor = f.competitor))"
)

# What each filter means, as SQL on the tables: written apart from what is tested.
MEANING = {
    "counted=1": "p.copy_of IS NULL AND d.seller = 0",
    "kept=public": f"p.forum NOT IN {OWN}",
    "kept=own": f"p.forum IN {OWN}",
    "language=zh": "p.lang = 'zh'",
    "language=xx": "p.lang = 'xx'",
    "stage=any": "d.stage <> 'none'",
    "stage=buying": "d.stage IN ('searching', 'comparing')",
    "stage=using": "d.stage = 'using'",
    "stage=none": "d.stage = 'none'",
    "barrier=any": "d.barrier IS NOT NULL",
    "barrier=hesitates": "(d.barrier IS NOT NULL OR d.objection = 1)",
    "barrier=price": "d.barrier = 'price'",
    "claim=pain": "d.pain = 1",
    "claim=praise": "d.praise = 1",
    "claim=seller": "d.seller = 1",
    "competitor=liftline": _among("mentions WHERE competitor = 'liftline'"),
    "competitor=nobody": "0",
    "named=1": _among(f"mentions WHERE competitor IN {WATCHED}"),
    "customers=liftline": LET_DOWN.format("'liftline'"),
    "customers=any": LET_DOWN.format("'liftline', 'oakframe'"),
    "customers=nobody": "0",
    "switch=any": "w.post_id IS NOT NULL",
    "switch=done": "w.status = 'done'",
    "force=push": "w.force = 'push'",
    "from=self": "w.from_competitor IN (SELECT id FROM competitors WHERE is_self = 1)",
    "from=liftline": "'liftline' IN (w.from_competitor, w.from_brand)",
    "to=LiftLine": "'LiftLine' IN (w.to_competitor, w.to_brand)",
    "forum=gongwei": "p.forum = 'gongwei'",
    "thread=2": "p.thread_id = 2",
    "month=2026-08": "p.posted_at LIKE '2026-08%' "
    "AND p.posted_precision NOT IN ('year', 'unknown')",
    "day=2026-11-10": "p.posted_at LIKE '2026-11-10%' "
    "AND p.posted_precision IN ('second', 'minute', 'hour', 'day')",
    "since=2026-09-01": "p.posted_at >= '2026-09-01'",
    "until=2026-08-31": "substr(p.posted_at, 1, 10) <= '2026-08-31'",
    "weekday=0": "local_weekday(p.posted_at, p.timezone) = 0 "
    "AND p.posted_precision IN ('second', 'minute', 'hour', 'day')",
    "hour=9": "local_hour(p.posted_at, p.timezone) = 9 "
    "AND p.posted_precision IN ('second', 'minute', 'hour')",
    "budget=yes": "d.budget = 'yes'",
    "authority=no": "d.authority = 'no'",
    "aspect=price": _among("comparisons WHERE lower(aspect) = 'price'"),
    "topic=pain:updates": _among("topics WHERE kind = 'pain' AND topic = 'updates'"),
    "fact=segment:student": _among("author_facts WHERE fact = 'segment' AND value = 'student'"),
    "fact=any": _among("author_facts"),
}
ABOUT = "p.id IN (SELECT post_id FROM feelings WHERE competitor = '{}' AND feeling = '{}')"


def market(path: Path) -> sqlite3.Connection:
    """The sample market with what it lacks: times known badly, copies, own texts, topics, facts."""
    conn = sample_db.sample(path)
    write_own_source(conn, "own:survey", "Survey", "Asia/Kathmandu", sample_db.stamp(sample_db.NOW))
    conn.executescript(
        """
        UPDATE posts SET forum = 'own:survey', timezone = 'Asia/Kathmandu' WHERE id % 19 = 0;
        UPDATE posts SET posted_at = NULL, posted_precision = 'unknown' WHERE id % 23 = 0;
        UPDATE posts SET posted_precision = 'month' WHERE id % 13 = 1;
        UPDATE posts SET posted_precision = 'year' WHERE id % 13 = 2;
        UPDATE posts SET posted_precision = 'day' WHERE id % 13 = 3;
        UPDATE posts SET copy_of = 1 WHERE id % 17 = 5;
        UPDATE posts SET author = NULL WHERE id % 11 = 0;
        UPDATE posts SET posted_at = (SELECT posted_at FROM posts WHERE id = 7) WHERE id % 7 = 0
            AND posted_at IS NOT NULL;
        DELETE FROM demand WHERE post_id % 29 = 0;
        INSERT INTO topics SELECT post_id, 'pain', iif(post_id % 3, 'updates', 'reports'), 'slow'
            FROM demand WHERE pain = 1;
        INSERT INTO author_facts SELECT post_id, 'segment', iif(post_id % 4, 'student', 'owner'),
            NULL, NULL, 'me', 'r' FROM demand WHERE post_id % 5 = 0;
        INSERT INTO comparisons (post_id, preferred, other, aspect, quote) SELECT id, 'a', 'b',
            iif(id % 3, 'Price', 'noise'), 'q' FROM posts WHERE id % 6 = 0;
        INSERT OR IGNORE INTO mentions SELECT id, 'Lift Line', 'liftline', 'x' FROM posts
            WHERE id % 9 = 0;
        INSERT OR IGNORE INTO mentions SELECT id, 'Lampora', 'lampora', 'x' FROM posts
            WHERE id % 31 = 0;
        UPDATE demand SET praise = 0, pain = 0 WHERE post_id % 7 = 1;
        UPDATE competitors SET status = 'ignored' WHERE id = 'chaoban';
        UPDATE feelings SET competitor = 'oakframe' WHERE post_id % 3 = 0;
        """
    )
    conn.execute(
        "INSERT INTO summaries (question, period, answer_json, sample, computed_at) "
        "VALUES ('openings', 'all', ?, 0, '2026-11-20T00:00:00Z')",
        (json.dumps({"shape": SHAPE, "rivals": {"liftline": "LiftLine", "oakframe": "Oak"}}),),
    )
    conn.commit()
    local_time.register(conn)
    return conn


@pytest.fixture(scope="module")
def conn(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    with closing(market(tmp_path_factory.mktemp("posts") / "market.db")) as found:
        yield found


def condition(query: dict[str, str]) -> str:
    felt = query.get("claim") in ("pain", "praise") and ("competitor" in query or "named" in query)
    parts = [
        MEANING[f"{name}={value}"]
        for name, value in query.items()
        if not (felt and name == "claim")
    ]
    if query.get("claim") in ("pain", "praise") and "competitor" in query:
        parts.append(ABOUT.format(query["competitor"], query["claim"]))
    if query.get("claim") in ("pain", "praise") and "named" in query:
        parts.append(
            f"p.id IN (SELECT post_id FROM feelings WHERE competitor IN {WATCHED} "
            f"AND feeling = '{query['claim']}')"
        )
    return " AND ".join(f"({part})" for part in parts) or "1"


def select(conn: sqlite3.Connection, query: dict[str, str]) -> facets.Selection:
    return facets.Selection(conn, facets.known(conn).columns, chosen_of(conn, query))


def chosen_of(conn: sqlite3.Connection, query: dict[str, str]) -> PostFilter:
    rivals = frozenset(row[0] for row in conn.execute(f"SELECT id FROM {RIVALS}"))
    return build(query, own=frozenset({"own:survey"}), rivals=rivals)


def ids(selection: facets.Selection) -> set[int]:
    return set(selection.columns.arrays["id"][selection.rows()].tolist())


PAIRS = [
    dict(one.split("=", 1) for one in pair)
    for many in (0, 1, 2)
    for pair in itertools.combinations(MEANING, many)
    if len({one.split("=")[0] for one in pair}) == many
]


def compare(conn: sqlite3.Connection) -> None:
    """Every filter and every pair: the same posts, and as many people, as the tables say."""
    columns = facets.known(conn).columns
    found_some = 0
    for query in PAIRS:
        chosen = chosen_of(conn, query)
        assert len(chosen.chosen) == len(query), query
        selection = facets.Selection(conn, columns, chosen)
        where = condition(query)
        expected = conn.execute(f"SELECT p.id, {PERSON} FROM {SOURCE} WHERE {where}").fetchall()
        assert ids(selection) == {row[0] for row in expected}, query
        assert selection.people(selection.rows()) == len({row[1] for row in expected}), query
        found_some += bool(expected)
    assert found_some > 400 and len(PAIRS) > 500


def test_every_filter_is_tested():
    assert {query.split("=")[0] for query in MEANING} == set(NAMES)


def test_every_filter_and_pair_without_the_pass(conn):
    compare(conn)


def test_every_filter_and_pair_after_the_pass(tmp_path):
    with closing(market(tmp_path / "market.db")) as conn:
        assert facets_pass.run(conn) == 340
        assert conn.execute("SELECT count(*) FROM post_columns").fetchone()[0] > 15
        compare(conn)


def test_every_filter_and_pair_with_posts_since_the_pass(tmp_path):
    """Posts gathered since, of authors, forums, brands and languages old and new."""
    with closing(market(tmp_path / "market.db")) as conn:
        facets_pass.run(conn)
        later = sample_db.NOW + timedelta(hours=3)
        for number, voice in enumerate(sample_db.VOICES):
            (thread,) = conn.execute(
                "SELECT min(id) FROM threads WHERE forum = ?", (voice[0],)
            ).fetchone()
            sample_db.add_post(conn, 1_000 + number, thread, voice, later)
        conn.executescript(
            """
            UPDATE posts SET lang = 'fr', author = 'nobody-before' WHERE id % 4 = 0 AND id > 340;
            INSERT OR IGNORE INTO mentions SELECT id, 'Nhà Mới', 'nhamoi', 'x' FROM posts
                WHERE id > 350;
            """
        )
        compare(conn)
        french = select(conn, {"language": "fr"})
        assert len(french.rows()) == 4 and french.people(french.rows()) > 0
        assert dict(french.facets()["competitor"][0])["nhamoi"] > 0


@pytest.mark.parametrize(
    "query",
    [{}, {"counted": "1"}, {"claim": "pain"}, {"competitor": "liftline"}, {"stage": "buying"},
     {"claim": "pain", "competitor": "liftline"}, {"language": "zh", "switch": "any"},
     {"named": "1"}, {"named": "1", "claim": "praise"}, {"customers": "any"}],
)  # fmt: skip
def test_a_count_is_what_a_click_on_it_finds(conn, query):
    counted = 0
    for name, (values, more) in select(conn, query).facets().items():
        assert more == 0
        for value, number in values:
            clicked = {**query, name: value}
            MEANING.setdefault(f"{name}={value}", _plain(name, value))
            (found,) = conn.execute(
                f"SELECT count(*) FROM {SOURCE} WHERE {condition(clicked)}"
            ).fetchone()
            assert (found, len(select(conn, clicked).rows())) == (number, number), clicked
            counted += 1
    assert counted >= 10


def _plain(name: str, value: str) -> str:
    if name == "competitor":
        return _among(f"mentions WHERE competitor = '{value}'")
    if name == "claim":
        return f"d.{value} = 1"
    columns = {"language": "p.lang", "forum": "p.forum", "switch": "w.status"}
    return f"{columns.get(name, f'd.{name}')} = '{value}'"


def test_long_lists_say_how_many_more_there_are(tmp_path):
    with closing(market(tmp_path / "market.db")) as conn:
        conn.execute("UPDATE posts SET lang = 'l' || (id % 30)")
        values, more = select(conn, {"language": "l29"}).facets()["language"]
        assert more == 30 - len(values)
        assert "l29" in dict(values) and len(values) in (facets.SHOWN, facets.SHOWN + 1)


def test_newest_first_undated_last_and_no_post_twice(conn):
    expected = [
        row[0] for row in conn.execute("SELECT id FROM posts ORDER BY posted_at DESC, id DESC")
    ]
    selection = select(conn, {})
    rows, seen, before = selection.rows(), [], None
    while page := selection.newest(rows, 26, before):
        seen += page
        before = (selection.columns.at(page[-1]), page[-1])
    assert seen == expected


def test_the_newest_of_many(monkeypatch):
    """Above the size of the sample the newest are found without sorting all."""
    monkeypatch.setattr(facets, "_SAMPLE", 20)
    chance = random.Random(7)
    at = np.array([chance.choice([0, 1, *range(500)]) for _ in range(5_000)])
    columns = gather(sqlite3.connect(":memory:").executescript(
        "CREATE TABLE posts (id, posted_at, posted_precision, timezone, copy_of, forum, lang, "
        "author, thread_id); CREATE TABLE demand (post_id, pain, praise, objection, poor_fit, "
        "suggestion, seller, stage, barrier, budget, authority); CREATE TABLE switches (post_id, "
        "status, force); CREATE TABLE author_facts (post_id); CREATE TABLE mentions (post_id, "
        "competitor); CREATE TABLE feelings (post_id, competitor, feeling);"
    ).connection)  # fmt: skip
    arrays = {**columns.arrays, "id": np.arange(1, 5_001), "at": at}
    selection = facets.Selection(
        sqlite3.connect(":memory:"),
        type(columns)(arrays=arrays, values=columns.values),
        build({}),
    )
    expected = sorted(range(1, 5_001), key=lambda post: (-at[post - 1], -post))
    assert selection.newest(selection.rows(), 26, None) == expected[:26]
    place = 777
    before = (int(at[expected[place] - 1]), expected[place])
    assert selection.newest(selection.rows(), 26, before) == expected[place + 1 : place + 27]


def test_stored_columns_are_the_gathered_ones(conn):
    columns = gather(conn)
    again = unpacked({name: bytes(data) for name, data in packed(columns)})
    assert again.values == columns.values
    assert {name: array.tolist() for name, array in again.arrays.items()} == {
        name: array.tolist() for name, array in columns.arrays.items()
    }


def test_a_column_that_is_missing_is_read_from_the_tables(tmp_path):
    with closing(market(tmp_path / "market.db")) as conn:
        facets_pass.run(conn)
        conn.execute("DELETE FROM post_columns WHERE name = 'hour'")
        assert len(select(conn, {}).rows()) == 340


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("2026-11-20T06:30:00Z", 20261120063000), ("2026-11-20", 20261120000000),
        ("2026-08", 20260800000000), (None, 0), ("", 0), ("soon", 0), ("٢٠٢٦-11", 0),
    ],
)  # fmt: skip
def test_a_time_as_a_number(text, number):
    assert moment(text) == number


def test_more_posts_than_are_read_without_a_pass_are_said_to_be_missing(conn, monkeypatch):
    monkeypatch.setattr(facets, "NEWEST", 100)
    found = facets.known(conn)
    assert not found.whole
    assert found.columns.arrays["id"].tolist() == list(range(241, 341))


def test_what_comes_in_is_looked_for_now_and_then(tmp_path, monkeypatch):
    clock = 1_000.0
    monkeypatch.setattr(facets, "monotonic", lambda: clock)
    with closing(market(tmp_path / "market.db")) as conn:
        facets_pass.run(conn)
        assert len(select(conn, {}).rows()) == 340
        sample_db.add_post(conn, 1_000, 1, sample_db.VOICES[0], sample_db.NOW)
        conn.execute("DELETE FROM demand WHERE post_id = 341")
        assert len(select(conn, {}).rows()) == 340
        clock += facets.PATIENCE
        assert len(select(conn, {}).rows()) == 341
        assert 341 not in ids(select(conn, {"stage": "searching"}))
        conn.execute(
            "INSERT INTO demand SELECT 341, stage, need, budget, authority, pain, praise, "
            "objection, poor_fit, suggestion, seller, barrier, '1' FROM demand "
            "WHERE stage = 'searching' LIMIT 1"
        )
        clock += facets.PATIENCE
        assert 341 in ids(select(conn, {"stage": "searching"}))


def test_a_stage_decided_on_wins_at_once(tmp_path):
    with closing(market(tmp_path / "market.db")) as conn:
        facets_pass.run(conn)
        before = ids(select(conn, {"stage": "problem_aware"}))
        post, key = conn.execute(
            "SELECT p.id, p.key FROM posts p JOIN demand d ON d.post_id = p.id "
            "WHERE d.stage = 'using' LIMIT 1"
        ).fetchone()
        conn.execute(
            "INSERT INTO decisions (subject, field, value, origin, decided_at) "
            "VALUES (?, 'stage', '\"problem_aware\"', 'desk', '2026-11-20T07:00:00Z')",
            (f"post:{key}",),
        )
        assert ids(select(conn, {"stage": "problem_aware"})) == before | {post}
        assert post not in ids(select(conn, {"stage": "using"}))


@pytest.mark.parametrize(
    "words", ["switch", "SWITCH", "価", "价格", "價格", "điện thoại", "dien thoai"]
)
async def test_every_spelling_finds_the_same_newest_first(tmp_path, words):
    """Whatever the spelling, the first page holds the newest posts with the words."""
    texts = {
        "switch": ["I will switch soon", "SWITCH it", "switched is another word"],
        "价格": ["价格太高", "這個價格"],
        "dien thoai": ["mua điện thoại mới", "mua dien thoai cu", "điện nước"],
    }
    key = next((k for k in texts if search_text(words) == search_text(k)), None)
    with closing(market(tmp_path / "market.db")) as conn:
        for number, text in enumerate(text for group in texts.values() for text in group):
            conn.execute(
                "UPDATE posts SET text = ?, search_text = ?, posted_at = ?, forum = 'gongwei' "
                "WHERE id = ?",
                (text, search_text(text), f"2026-11-{10 + number}T00:00:00Z", 300 + number),
            )
        conn.execute("INSERT INTO posts_fts (posts_fts) VALUES ('rebuild')")
        conn.commit()
        found = posts_page.read(conn, Visit(parts={}, query={"q": words}))
        shown = [hit["text"] for hit in found["hits"]]
        expected = [
            row[0]
            for row in conn.execute("SELECT text FROM posts WHERE forum NOT LIKE 'own:%' "
                                    "ORDER BY posted_at DESC, id DESC")
            if f" {search_text(words)} " in f" {search_text(row[0])} ".replace(".", " ")
        ]  # fmt: skip
    assert shown == expected[: posts_page.PAGE_SIZE]
    assert found["total"] == len(expected)
    assert (key is None) == (not shown)
    if key:
        assert set(texts[key][:2]) <= set(shown)


def test_relevance_is_for_words_that_are_not_everywhere(conn, monkeypatch):
    asked = Visit(parts={}, query={"q": "desk", "sort": "relevance"})
    found = posts_page.read(conn, asked)
    assert found["by_rank"] and found["rankable"]
    best = [row[0] for row in conn.execute(
        "SELECT p.id FROM posts_fts JOIN posts p ON p.id = posts_fts.rowid "
        f"WHERE posts_fts MATCH 'desk' AND p.forum NOT IN {OWN} ORDER BY rank"
    )]  # fmt: skip
    assert [hit["id"] for hit in found["hits"]] == best[: posts_page.PAGE_SIZE]
    monkeypatch.setattr(posts_page, "RANKED", 10)
    found = posts_page.read(conn, asked)
    assert not found["by_rank"] and not found["rankable"]
    times = [hit["posted_at"] for hit in found["hits"] if hit["posted_at"]]
    assert times == sorted(times, reverse=True) and len(times) > 10


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Datasette]:
    with closing(market(tmp_path / "market.db")) as conn:
        summaries.run(conn, now=sample_db.NOW)
        facets_pass.run(conn)
    yield from served(tmp_path / "market.db")


@pytest.mark.parametrize("query", ["", "q=desk", "stage=buying", "period=90d&q=价格"])
async def test_the_page_says_what_it_found(desk, query):
    page = (await desk.client.get(f"/posts?{query}")).text
    total = int(re.search(r"<strong>(\d+) posts", page).group(1))
    seen = len(re.findall('<article class="hit">', page))
    while following := re.search(r'rel="next" href="([^"]+)"', page):
        page = (await desk.client.get(html.unescape(following.group(1)))).text
        seen += len(re.findall('<article class="hit">', page))
    assert seen == total > 0


async def test_a_filter_in_force_takes_itself_away(desk):
    page = (await desk.client.get("/posts?stage=using&language=vi&q=bàn&period=365d")).text
    chips = page.split('class="chips inforce"')[1].split("</ul>")[0]
    links = [html.unescape(href) for href in re.findall(r'class="chip t3" href="([^"]+)"', chips)]
    assert len(links) == 3
    for href, gone, kept in zip(
        links, ("language=", "stage=", "period="), ("stage=using", "language=vi", "q="), strict=True
    ):
        assert gone not in href and kept in href
        assert (await desk.client.get(href)).status_code == 200


async def test_nothing_found_says_which_filter_to_give_up(desk):
    page = (await desk.client.get("/posts?language=zh&forum=gocviec")).text
    found = page.split('class="instead"')[1].split("</ul>")[0]
    offers = re.findall(r'<a href="([^"]+)">.*?<span class="soft">([\d,]+) posts', found, re.DOTALL)
    assert len(offers) == 2
    for href, number in offers:
        opened = (await desk.client.get(html.unescape(href))).text
        assert f"<strong>{number} posts" in opened


async def test_a_word_in_too_many_posts_says_so(desk, monkeypatch):
    monkeypatch.setattr(posts_page, "RANKED", 3)
    page = (await desk.client.get("/posts?q=desk&sort=relevance")).text
    order = page.split('class="small order"')[1].split("</div>")[0]
    assert "these stand in too many posts" in order and "href" not in order


async def test_missing_posts_are_said(desk, tmp_path, monkeypatch):
    monkeypatch.setattr(facets, "NEWEST", 50)
    with closing(sqlite3.connect(tmp_path / "market.db")) as conn:
        conn.execute("DELETE FROM post_columns")
        conn.commit()
    page = (await desk.client.get("/posts")).text
    assert "at least" in page and "scrapy refresh desks" in page


async def test_a_post_with_its_words_neighbours_and_copies(desk, tmp_path):
    with closing(sqlite3.connect(tmp_path / "market.db")) as conn:
        thread, first = conn.execute(
            "SELECT thread_id, id FROM posts WHERE text LIKE 'My LiftLine wobbles%' AND id > 60 "
            "AND id IN (SELECT post_id FROM demand) LIMIT 1"
        ).fetchone()
        conn.execute("UPDATE posts SET copy_of = 3, text_hash = 'same' WHERE id = ?", (first,))
        conn.execute("UPDATE posts SET text_hash = 'same', copy_of = 3 WHERE id = 20")
        around = [row[0] for row in conn.execute(
            "SELECT id FROM posts WHERE thread_id = ? AND id < ? ORDER BY id DESC LIMIT 2",
            (thread, first),
        )]  # fmt: skip
        conn.commit()
    page = (await desk.client.get(f"/posts/{first}")).text
    assert re.search(r'<mark class="pain">wobbles at full height</mark><sup class="ref">'
                     r'<a href="#proof-\d">', page)  # fmt: skip
    for number in (*around, 3, 20):
        assert f'href="/posts/{number}"' in page
    assert 'id="proof-1"' in page and 'id="reading"' in page


def test_words_are_marked_where_they_stand():
    text = "The price is too high.  I moved to\nLiftLine, and it wobbles."
    found = proofs(text, [
        Said(what="pain", quote="it wobbles", rule="en/pain"),
        Said(what="switch", quote="I moved to LiftLine, and it wobbles."),
        Said(what="barrier", quote="The price is too high."),
        Said(what="stage", quote="words of another text"),
        Said(what="pain", quote=" "),
    ])  # fmt: skip
    assert [(one.number, one.start) for one in found] == [(1, 0), (2, 24), (3, -1)]
    assert [said.what for said in found[1].said] == ["switch", "pain"]
    pieces = stretches(text, found)
    assert "".join(piece for piece, _, _ in pieces) == text
    marked = [(piece, [one.number for one in within]) for piece, within, _ in pieces if within]
    assert marked == [("The price is too high.", [1]),
                      ("I moved to\nLiftLine, and it wobbles.", [2])]  # fmt: skip
    assert sum(len(ending) for _, _, ending in pieces) == 2


def test_overlapping_words_are_cut_where_they_meet():
    text = "abcdefgh"
    found = proofs(text, [Said(what="pain", quote="abcde"), Said(what="praise", quote="defgh")])
    assert [(piece, len(within)) for piece, within, _ in stretches(text, found)] == [
        ("abc", 1), ("de", 2), ("fgh", 1),
    ]  # fmt: skip


def test_a_post_with_endless_proof_is_bounded(conn):
    conn.execute("SAVEPOINT many")
    conn.executemany(
        "INSERT INTO topics VALUES (3, 'praise', ?, ?)",
        [(f"t{n}", f"quote {n} " * 50) for n in range(500)],
    )
    found = post_page.read(conn, Visit(parts={"post": "3"}, query={}))
    conn.execute("ROLLBACK TO many")
    assert len(found["proof"]) <= 40 and len(found["topics"]) <= 60


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    """50,000 posts, the pass done: half with a word, a tenth with another."""
    path = tmp_path_factory.mktemp("many") / "market.db"
    with closing(sample_db.sample(path, posts=340)) as conn:
        conn.execute(
            "INSERT INTO posts (key, forum, thread_id, url, author, posted_at, posted_precision, "
            "timezone, lang, text, search_text, text_hash, first_seen, last_seen) "
            "WITH n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 49660) "
            "SELECT 'x' || n, p.forum, p.thread_id, p.url, 'a' || (n % 9000), "
            "strftime('%Y-%m-%dT%H:%M:%SZ', '2024-01-01', (n * 7919 % 1500000) || ' minutes'), "
            "'minute', p.timezone, p.lang, w.t, w.t, 'h' || n, p.first_seen, p.last_seen FROM n "
            "JOIN posts p ON p.id = 1 + n % 340 "
            "JOIN (SELECT 0 AS k, 'plain' AS t UNION ALL SELECT 1, 'common words') w "
            "ON w.k = n % 2"
        )
        conn.execute("UPDATE posts SET text = text || ' switch', search_text = search_text || "
                     "' switch' WHERE id % 10 = 3")  # fmt: skip
        conn.execute("INSERT INTO posts_fts (posts_fts) VALUES ('rebuild')")
        conn.execute(
            "INSERT INTO demand SELECT p.id, d.stage, d.need, d.budget, d.authority, d.pain, "
            "d.praise, d.objection, d.poor_fit, d.suggestion, d.seller, d.barrier, '1' "
            "FROM posts p JOIN demand d ON d.post_id = 1 + p.id % 340 WHERE p.id > 340"
        )
        conn.commit()
        facets_pass.run(conn)
        yield conn


STEP = 100


def steps(conn: sqlite3.Connection, query: dict[str, str]) -> int:
    """Instructions of SQLite's virtual machine a request of the page takes."""
    count = 0

    def counted() -> None:
        nonlocal count
        count += 1

    conn.set_progress_handler(counted, STEP)
    try:
        posts_page.read(conn, Visit(parts={}, query=query))
    finally:
        conn.set_progress_handler(None, 0)
    return count * STEP


@pytest.mark.slow
@pytest.mark.parametrize(
    ("query", "most"),
    [
        ({}, 8_000), ({"stage": "buying"}, 8_000), ({"language": "zh"}, 8_000),
        ({"counted": "1", "claim": "pain"}, 8_000), ({"weekday": "3"}, 8_000),
        ({"since": "2026-01-01"}, 8_000), ({"competitor": "liftline"}, 8_000),
        ({"topic": "pain:updates"}, 8_000), ({"fact": "segment:x"}, 8_000),
        # A search reads its hits and no more: a handful of instructions each.
        ({"q": "switch"}, 50_000), ({"q": "common"}, 200_000),
        ({"q": "switch", "language": "en"}, 50_000),
        ({"q": "switch", "sort": "relevance"}, 150_000), ({"q": "nowhere"}, 8_000),
    ],
)  # fmt: skip
def test_work_does_not_grow_with_the_posts(many, query, most):
    assert steps(many, query) < most
