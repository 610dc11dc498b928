"""Every page of the desk against the real application."""

import html
import json
import re
import sqlite3
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote

import pytest

from analysis.web.desk import RESERVED
from analysis.web.i18n import catalogue
from analysis.web.serve import database_name, datasette_for
from pipelines.tiers.reasons import NOT_PROVEN
from pipelines.tiers.reasons import TOO_LITTLE as TOLD_LITTLE
from tests.analysis import sample_db

PAGES = (
    "/", "/competitors", "/competitors?channel=email", "/competitors/oakframe",
    "/competitors/shutdoor", "/competitors/lampora", "/competitors/name:standwell", "/channels",
    "/customers", "/when", "/why-not", "/why-them", "/openings", "/posts", "/posts/3", "/changes",
    "/collection",
)  # fmt: skip


def text_of(page: str) -> str:
    """What a reader sees, spaces made one."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


@pytest.mark.parametrize("language", ["en", "zh", "vi"])
@pytest.mark.parametrize("path", PAGES)
async def test_every_page_in_every_language(desk, path, language):
    answer = await desk.client.get(path, headers={"accept-language": language})
    assert answer.status_code == 200
    assert answer.headers["content-language"] == language
    assert f'<html lang="{language}">' in answer.text
    assert "undefined" not in answer.text


async def test_overview_answers_the_six_questions(desk):
    seen = text_of((await desk.client.get("/")).text)
    for words in (
        "Who competes with us?", "Where do customers talk", "Who are the customers?",
        "When do they buy?", "Why don't they buy (yet)?", "who switches?", "Unserved needs",
        "What changed", "What this rests on",
    ):  # fmt: skip
        assert words in seen
    assert "4 direct rivals, 3 substitutes, 1 might enter." in seen
    assert "1 candidate to look at 1 name that leads to no site yet" in seen
    assert "Partial." in seen
    assert re.search(r"20 of our customers have left or think of it", seen)
    assert re.search(r"\d+ posts · \d+ people", seen)


@pytest.mark.parametrize("path", ["/", "/competitors", "/channels", "/when", "/posts"])
async def test_empty_market_says_what_to_run(empty_desk, path):
    answer = await empty_desk.client.get(path)
    assert answer.status_code == 200
    assert "scrapy research desks" in answer.text


async def test_gathered_but_not_computed_says_what_to_run(tmp_path):
    sample_db.sample(tmp_path / "market.db", posts=20).close()
    datasette = datasette_for(tmp_path / "market.db", "desks")
    for path in PAGES:
        answer = await datasette.client.get(path)
        assert answer.status_code == 200, path
    assert "scrapy refresh desks" in (await datasette.client.get("/")).text


async def test_answers_of_another_release_count_as_not_computed(tmp_path):
    from analysis.passes import summaries

    conn = sample_db.sample(tmp_path / "market.db", posts=20)
    summaries.run(conn, now=sample_db.NOW)
    for number, (question,) in enumerate(conn.execute("SELECT question FROM summaries").fetchall()):
        old = ('{"sample": {}}', "[]", "{broken", "null")[number % 4]
        conn.execute("UPDATE summaries SET answer_json = ? WHERE question = ?", (old, question))
    conn.commit()
    conn.close()
    datasette = datasette_for(tmp_path / "market.db", "desks")
    for path in PAGES:
        assert (await datasette.client.get(path)).status_code == 200, path
    assert "scrapy refresh desks" in (await datasette.client.get("/")).text


async def test_too_few_people_is_said(tmp_path):
    from analysis.passes import summaries

    conn = sample_db.sample(tmp_path / "market.db", posts=3)
    summaries.run(conn, now=sample_db.NOW)
    conn.close()
    datasette = datasette_for(tmp_path / "market.db", "desks")
    assert "Too few to say" in (await datasette.client.get("/")).text
    assert "Too few to say" in (await datasette.client.get("/why-not")).text


async def test_tier_board_has_every_group(desk):
    page = (await desk.client.get("/competitors")).text
    for group, member in (
        ("direct", "oakframe"), ("substitute", "posturely"), ("potential", "nhamoi"),
        ("insufficient", "thinco"), ("unrelated", "brewhut"), ("failed", "shutdoor"),
    ):  # fmt: skip
        section = page.split(f'id="{group}"')[1].split("</section>")[0]
        assert f"/competitors/{member}" in section, group
    assert "Decision" in page.split('id="direct"')[1].split("</section>")[0]


async def test_competitor_shows_decision_proof_and_prices(desk):
    seen = text_of((await desk.client.get("/competitors/oakframe")).text)
    assert "Decided by lan, 2026-11-18. They opened a desk line in spring" in seen
    assert "oakframe.example/products" in seen and "fetched 2026-11-20 02:30 UTC" in seen
    assert "499 USD" in seen
    for words in ("Same product", "Praise", "Complaints", "Won from", "Lost to", "Changes"):
        assert words in seen


async def test_competitor_shows_its_search_work_and_the_keyword_gap(desk):
    page = (await desk.client.get("/competitors/liftline")).text
    work = text_of(page.split('id="search"')[1].split("</section>")[0])
    for words in (
        "standing desk converter", "articles a month, by the last changes its sitemap names",
        "48 addresses", "25 % changed within 30 days", "missing on 3 pages",
        "3 of 3 pages have exactly one", "3 name themselves, 0 another page, 0 none",
    ):  # fmt: skip
        assert words in work, words
    gap = text_of(page.split('id="gap"')[1].split("</section>")[0])
    assert "standing desk converter" in gap and "also " in gap
    assert "liftline.example/" in gap and "Our own site was not read" in gap
    unread = (await desk.client.get("/competitors/shutdoor")).text
    assert "Nothing read of this yet." in text_of(unread)


async def test_a_decision_shows_before_any_pass(market_db, tmp_path):
    path = tmp_path / "market.db"
    conn = sqlite3.connect(market_db)
    with sqlite3.connect(path) as copy:
        conn.backup(copy)
    conn.close()
    copy.execute(
        "INSERT INTO decisions (subject, field, value, reason, origin, decided_by, decided_at) "
        "VALUES ('liftline', 'tier', '3', 'moved away', 'desk', 'an', '2026-11-20T10:00:00Z')"
    )
    copy.commit()
    copy.close()
    page = (await datasette_for(path, "desks").client.get("/competitors")).text
    assert "/competitors/liftline" in page.split('id="potential"')[1].split("</section>")[0]


async def test_blocked_rival_is_not_said_to_be_absent(desk):
    page = (await desk.client.get("/channels")).text
    assert "blocked: nothing can be said" in page
    assert "not seen" in page
    assert not re.search(r">\s*absent", page)


@pytest.mark.parametrize(
    ("query", "least", "mark"),
    [
        ("价格", 20, "<mark>价格</mark>"),
        ("價格", 20, "<mark>价格</mark>"),
        ("phan van", 20, "<mark>phân</mark>"),
        ("噪音", 20, "<mark>噪音</mark>"),
        ("wobbles", 20, "<mark>wobbles</mark>"),
    ],
)
async def test_search_finds_and_marks(desk, query, least, mark):
    answer = await desk.client.get("/posts", params={"q": query})
    assert int(re.search(r"<strong>(\d+) posts", answer.text).group(1)) == least
    assert mark in answer.text


@pytest.mark.parametrize("query", ['"', "AND", "NEAR(", "*", "'", "%", "x" * 5_000, "\x00"])
async def test_any_query_is_answered(desk, query):
    assert (await desk.client.get("/posts", params={"q": query})).status_code == 200


async def test_pages_of_posts_follow_one_another_without_gap(desk):
    for start in ("/posts", "/posts?q=desk&sort=relevance", "/posts?language=vi"):
        seen: list[str] = []
        path = start
        total = None
        while path:
            page = (await desk.client.get(path)).text
            total = total or int(re.search(r"<strong>(\d+) posts", page).group(1))
            seen += re.findall(r'class="thread"><a class="crawled" href="/posts/(\d+)"', page)
            following = re.search(r'rel="next" href="([^"]+)"', page)
            path = html.unescape(following.group(1)) if following else None
        assert len(seen) == len(set(seen)) == total, start


async def test_filters_count_what_they_find(desk):
    page = (await desk.client.get("/posts")).text
    for href, number in re.findall(
        r'<li><a href="([^"]+)"><span>[^<]*(?:\n[^<]*)*</span><span class="num">(\d+)</span>', page
    ):
        found = (await desk.client.get(html.unescape(href))).text
        assert re.search(r"<strong>(\d+) post", found).group(1) == number, href


@pytest.mark.parametrize(
    "query",
    [
        "stage=nonsense", "weekday=9", "month=99", "after=x~y", "after=~99999999999999999999",
        "page=-1", "page=99999999999", "since=1' OR 1", "thread=abc", "forum=%00", "hour=1%27",
    ],
)  # fmt: skip
async def test_nonsense_in_an_address_is_no_error(desk, query):
    assert (await desk.client.get(f"/posts?{query}")).status_code == 200


async def test_numbers_open_their_rows(desk):
    """Each link of a number on the desk leads to a page; a number of posts finds as many."""
    checked = 0
    for path in PAGES:
        page = (await desk.client.get(path)).text
        for href in set(re.findall(r'href="(/[^"#]*)', page)):
            answer = await desk.client.get(html.unescape(href), follow_redirects=True)
            assert answer.status_code == 200, (path, href)
            checked += 1
        for href, n in re.findall(r'<a href="(/posts\?[^"]*)">([\d,]+) posts</a>', page):
            found = (await desk.client.get(html.unescape(href))).text
            assert re.search(r"<strong>([\d,]+) post", found).group(1) == n, (path, href)
    assert checked > 100


async def test_people_of_a_bar_are_the_people_found(desk):
    page = (await desk.client.get("/why-not")).text
    links = re.findall(r'<td class="num"><a href="(/posts\?[^"]*)">(\d+)</a>', page)
    assert len(links) >= 5
    for href, n in links:
        found = (await desk.client.get(html.unescape(href))).text
        assert re.search(r'class="soft">(\d+) pe', found).group(1) == n, href


async def test_language_is_kept_in_a_cookie(desk):
    answer = await desk.client.get("/channels?lang=vi")
    assert "rivalmap_lang=vi" in answer.headers["set-cookie"]
    kept = await desk.client.get(
        "/channels", cookies={"rivalmap_lang": "vi"}, headers={"accept-language": "zh"}
    )
    assert kept.headers["content-language"] == "vi"
    odd = await desk.client.get("/channels?lang=<script>")
    assert "<script>" not in odd.text and "set-cookie" not in odd.headers


async def test_missing_pages_say_so(desk):
    for path in ("/competitors/nobody", "/posts/999999", "/nowhere", "/desks/nothing"):
        answer = await desk.client.get(path, headers={"accept-language": "vi"})
        assert answer.status_code == 404
        assert "Không có gì ở địa chỉ này" in answer.text


async def test_ids_with_slashes_have_pages(tmp_path):
    conn = sample_db.sample(tmp_path / "market.db", posts=0)
    conn.execute(
        "INSERT INTO competitors (id, name, first_seen, last_seen) VALUES "
        "('shopee.vn/bàn đẹp', 'Bàn Đẹp', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z')"
    )
    conn.commit()
    conn.close()
    datasette = datasette_for(tmp_path / "market.db", "desks")
    page = (await datasette.client.get("/competitors")).text
    href = next(h for h in re.findall(r'href="([^"#]+)"', page) if "shopee" in unquote(h))
    assert "Bàn Đẹp" in (await datasette.client.get(href)).text


@pytest.mark.parametrize("name", sorted(RESERVED)[:3])
async def test_a_market_named_like_a_page_keeps_both(market_db, name):
    datasette = datasette_for(market_db, name)
    assert database_name(name) != name
    assert (await datasette.client.get(f"/{name}")).headers["content-language"] == "en"
    assert (await datasette.client.get(f"/{database_name(name)}/posts")).status_code == 200


async def test_candidates_stand_apart_with_their_words_and_commands(desk):
    page = (await desk.client.get("/competitors")).text
    found = page.split('id="candidates"')[1].split("</section>")[0]
    seen = text_of(found)
    for words in (
        "Candidates 1", "1 name that leads to no site yet Standwell",
        "Lampora Might enter", "named 7 times in 4 places by 5 authors on 1 list",
        "Lampora or LiftLine for a studio?", "named once in 1 place by 1 author",
        "Standwell Not enough seen", "site not known yet",
        "scrapy review desks --decide lampora=accept",
        "scrapy review desks --decide name:standwell=ignore",
    ):  # fmt: skip
        assert words in seen, words
    assert 'href="https://deskforum.example/t/1#p1"' in found
    for table, name in (("tiers", "2 proofs of the tier"), ("competitors", "3 proofs")):
        link = (
            rf'<a href="([^"]*claim_table__exact={table}[^"]*claim_key__exact=lampora)">{name}</a>'
        )
        assert re.search(link, found), table
    assert "/competitors/lampora" not in page.split('id="candidates"')[0]
    assert (
        "12 competitors, 1 candidate to look at, and 1 name that leads to no site yet"
        in text_of(page)
    )


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh", ("候选对手", "被提到 7 次", "接受", "1 个名字还找不到网站", "级别依据 2 条")),
        (
            "vi",
            (
                "Ứng viên",
                "được nhắc 7 lần",
                "Chấp nhận",
                "1 tên chưa dẫn tới trang web nào",
                "2 bằng chứng cho bậc",
            ),
        ),
    ],
)
async def test_candidates_in_the_readers_language(desk, language, words):
    answer = await desk.client.get("/competitors", headers={"accept-language": language})
    found = text_of(answer.text.split('id="candidates"')[1].split("</section>")[0])
    assert all(word in found for word in words)


async def test_candidates_by_provisional_tier(desk):
    page = (await desk.client.get("/competitors?provisional=insufficient")).text
    found = page.split('id="candidates"')[1].split("</section>")[0]
    assert "Standwell" in found and "Lampora" not in found
    every = (await desk.client.get("/competitors?provisional=%3Cb%3E")).text
    assert "Lampora" in every.split('id="candidates"')[1]


async def test_a_candidates_page_says_that_it_is_provisional(desk):
    seen = text_of((await desk.client.get("/competitors/lampora")).text)
    for words in (
        "Provisional: it counts nowhere until you accept it.", "Where it was named",
        "Lampora nghe nói cũng ổn", "scrapy review desks --decide lampora=accept",
    ):  # fmt: skip
        assert words in seen, words


REASONS = {
    "en": ("Same product · sells the same kind of product: shop builder", "What would change it",
           "They for us: Direct We for them: Might enter", "Not the same both ways",
           "words and meaning", "Its pages or posts changed"),
    "zh": ("相同产品 · 出售同类产品：网店搭建", "什么会改变它",
           "他们之于我们： 直接对手 我们之于他们： 潜在对手", "双向并不相同", "词语和含义",
           "它的网页或帖子有变化"),
    "vi": ("Cùng sản phẩm · bán cùng loại sản phẩm: tạo website bán hàng", "Điều gì sẽ thay đổi",
           "Họ với ta: Trực tiếp Ta với họ: Có thể gia nhập", "Hai chiều không giống nhau",
           "từ ngữ và nghĩa", "Trang của họ hoặc bài viết có thay đổi"),
}  # fmt: skip


@pytest.mark.parametrize("language", REASONS)
async def test_a_verdict_is_told_in_the_readers_language(market_db, tmp_path, language):
    conn = sqlite3.connect(tmp_path / "market.db")
    with sqlite3.connect(market_db) as source:
        source.backup(conn)
    source.close()
    with conn:
        conn.execute(
            "UPDATE evidence SET rule = 'kind:shop_builder' WHERE claim_table = 'tiers' "
            "AND claim_key = 'liftline' AND subject = 'same_product'"
        )
        conn.execute(
            "UPDATE tiers SET seen_from_them = 3, method = 'semantic' WHERE competitor = 'liftline'"
        )
        at = (datetime.now(UTC) - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
        conn.execute("UPDATE tier_history SET tier = 3 WHERE competitor = 'liftline'")
        conn.execute(
            "INSERT INTO tier_history (competitor, at, tier, verdict, score, reason, cause) "
            "VALUES ('liftline', ?, 1, 'decided', 0.9, 'why', 'seen')",
            (at,),
        )
    conn.close()
    datasette = datasette_for(tmp_path / "market.db", "desks")
    answer = await datasette.client.get(
        "/competitors/liftline", headers={"accept-language": language}
    )
    seen = text_of(answer.text)
    for words in REASONS[language]:
        assert words in seen, words
    alert = {"en": "New direct rival.", "zh": "新的直接对手。", "vi": "Đối thủ trực tiếp mới."}
    for path in ("/", "/competitors", "/competitors/liftline"):
        page = await datasette.client.get(path, headers={"accept-language": language})
        assert alert[language] in text_of(page.text), path
    other = await datasette.client.get("/competitors/bandung")
    assert alert["en"] not in text_of(other.text)


async def test_too_little_proof_reads_so_and_no_reason_is_given(desk):
    page = (await desk.client.get("/competitors/thinco")).text
    why = text_of(page.split('id="why"')[1].split("</section>")[0])
    assert "Not enough was seen to give a tier" in why
    assert "What would change it" not in why and "They for us" not in why


TOO_LITTLE = {"en": "Not enough was seen to give a tier", "zh": "信息不足，不给级别",
              "vi": "Chưa đủ để xếp bậc"}  # fmt: skip


@pytest.mark.parametrize("language", TOO_LITTLE)
@pytest.mark.parametrize("told", [TOLD_LITTLE, NOT_PROVEN, "nothing shared reaches the line"])
async def test_a_tier_given_by_hand_where_the_rules_had_too_little(
    market_db, tmp_path, language, told
):
    conn = sqlite3.connect(tmp_path / "market.db")
    with sqlite3.connect(market_db) as source:
        source.backup(conn)
    source.close()
    with conn:
        conn.execute(
            "UPDATE tiers SET tier = 1, verdict = 'override', reasons_json = ? "
            "WHERE competitor = 'name:standwell'",
            (json.dumps([told]),),
        )
        conn.execute(
            "INSERT INTO decisions (subject, field, value, origin, decided_at) "
            "VALUES ('name:standwell', 'tier', '1', 'desk', '2026-11-20T00:00:00Z')"
        )
    conn.close()
    datasette = datasette_for(tmp_path / "market.db", "desks")
    page = await datasette.client.get(
        "/competitors/name%3Astandwell", headers={"accept-language": language}
    )
    why = page.text.split('id="why"')[1].split("</section>")[0]
    nothing = catalogue(language)["competitor.nothing_shared"][0]
    little = told != "nothing shared reaches the line"
    assert (TOO_LITTLE[language] in why, str(nothing) in why) == (little, not little)
    assert "I left LiftLine for Standwell" in why
    assert "claim_table__exact=competitors" in why


async def test_a_database_of_an_older_release_is_shown(market_db, tmp_path):
    """Readers do not migrate: what an older schema lacks is left out."""
    conn = sqlite3.connect(tmp_path / "market.db")
    with sqlite3.connect(market_db) as source:
        source.backup(conn)
    source.close()
    with conn:
        conn.executescript(
            "DROP TABLE candidates; ALTER TABLE tiers DROP COLUMN reasons_json;"
            "ALTER TABLE tiers DROP COLUMN would_change;"
            "ALTER TABLE tiers DROP COLUMN seen_from_them;"
        )
    conn.close()
    datasette = datasette_for(tmp_path / "market.db", "desks")
    for path in PAGES:
        assert (await datasette.client.get(path)).status_code == 200, path
    page = (await datasette.client.get("/competitors/liftline")).text
    assert "They for us" not in page and 'id="why"' in page
