"""What a researcher corrects on a page: stored once, wins at once, told beside the rules' word."""

import asyncio
import html
import json
import re
import shutil
import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from datasette.app import Datasette

from analysis.passes import summaries
from analysis.questions.decided import ABSENT, not_in_sums, stage_is
from analysis.reviewing.correcting import Correction, CorrectionError, correct
from analysis.web import compat, deciding, session
from analysis.web.serve import datasette_for, metadata
from analysis.web.session import Door, door_of, set_door
from crawlers.words import STAGES
from tests.analysis import sample_db
from tests.analysis.web import lines

DECIDE = "/-/rivalmap/decide"
LATER = "2030-01-01T00:00:00Z"


@pytest.fixture
def own_db(market_db: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(market_db, tmp_path / "market.db"))


@pytest.fixture
def desk(own_db: Path) -> Iterator[Datasette]:
    datasette = datasette_for(own_db, "desks", door=Door(link="once", name="lan"), secret="s" * 64)
    yield datasette
    for database in datasette.databases.values():
        database.close()
    datasette.executor.shutdown(wait=True)


class Reader:
    """A browser that keeps its cookie and sends back what a form of the page holds."""

    def __init__(self, datasette: Datasette, name: str = "lan") -> None:
        self.datasette = datasette
        door = door_of(datasette)
        assert door is not None
        self.jar = {session.cookie_name(datasette): session.begin(datasette, door, name)}

    async def page(self, path: str) -> str:
        answer = await self.datasette.client.get(path, cookies=self.jar)
        assert answer.status_code == 200, (path, answer.text[-2_000:])
        return answer.text

    async def seen(self, path: str) -> str:
        return text_of(await self.page(path))

    async def send(self, fields: dict[str, str], **more):
        return await self.datasette.client.post(DECIDE, data=fields, cookies=self.jar, **more)

    async def token(self) -> str:
        return fields_of(forms(await self.page("/competitors/oakframe"))[0])["token"]

    async def decide(self, path: str, reason: str = "I looked", /, **chosen: str):
        """Fill in the form of a page that fits what is chosen, and send it."""
        for form in forms(await self.page(path)):
            fields = fields_of(form)
            fits = all(
                fields.get(name) == value for name, value in chosen.items() if name in FIXED
            )  # fmt: skip
            offered = chosen["value"] in re.findall(r'value="([^"]*)"', form)
            if fits and offered and (chosen["value"] == "auto") == ('name="reason"' not in form):
                return await self.send({**fields, **chosen, "reason": reason})
        raise AssertionError(f"no form on {path} for {chosen}")


FIXED = ("what", "key", "channel", "platform")


def forms(page: str) -> list[str]:
    return re.findall(rf'<form[^>]*action="[^"]*{DECIDE}[^"]*".*?</form>', page, re.DOTALL)


def fields_of(form: str) -> dict[str, str]:
    hidden = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', form)
    return {name: html.unescape(value) for name, value in hidden}


def text_of(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def stored(path: Path) -> list[tuple[str, str, object, str, str, str]]:
    """Rows of ``decisions`` the desk wrote, past those of the sample."""
    conn = sqlite3.connect(path)
    rows = conn.execute(
        "SELECT subject, field, value, reason, origin, decided_by FROM decisions "
        "WHERE decided_by <> 'lan' OR decided_at > '2026-11-21' ORDER BY id"
    ).fetchall()
    conn.close()
    return [(*row[:2], json.loads(row[2]), *row[3:]) for row in rows]


def group_on_board(page: str, key: str) -> str:
    place = page.index(f'href="/competitors/{key}"')
    return re.findall(r'<section class="tier[^"]*" id="(\w+)"', page[:place])[-1]


async def test_a_tier_wins_at_once_and_back(desk, own_db):
    reader = Reader(desk, "Lan Nguyễn")
    before = group_on_board(await reader.page("/competitors"), "posturely")
    assert before == "substitute"
    answer = await reader.decide(
        "/competitors/posturely?period=30d", "  They  sell\ndesks <b>now</b> ",
        what="tier", key="posturely", value="1",
    )  # fmt: skip
    assert answer.status_code == 303
    assert answer.headers["location"] == "/competitors/posturely?period=30d#why"
    assert stored(own_db) == [
        ("posturely", "tier", 1, "They sell desks <b>now</b>", "desk", "Lan Nguyễn")
    ]
    assert group_on_board(await reader.page("/competitors"), "posturely") == "direct"
    page = await reader.page("/competitors/posturely")
    seen = text_of(page)
    assert "Decided by Lan Nguyễn" in seen and "They sell desks <b>now</b>" in seen
    assert "<b>now" not in page
    assert "The rules say:" in seen and "1 correction is not in the sums yet" in seen
    back = await reader.decide("/competitors/posturely", what="tier", key="posturely", value="auto")
    assert back.status_code == 303
    assert stored(own_db)[-1][:3] == ("posturely", "tier", None)
    assert group_on_board(await reader.page("/competitors"), "posturely") == before
    assert "not in the sums" not in await reader.seen("/competitors/posturely")


async def test_the_sums_of_the_pages_follow_at_once(desk, own_db):
    reader = Reader(desk)
    assert "4 direct rivals, 3 substitutes" in await reader.seen("/")
    page = await reader.page("/channels")
    before = dict(re.findall(r'<a href="/competitors\?channel=(\w+)">(\d+)</a>', page))
    await reader.decide("/competitors/posturely", what="tier", key="posturely", value="1")
    assert "5 direct rivals, 2 substitutes" in await reader.seen("/")
    assert "5 direct rivals, 2 substitutes" in text_of(
        (await desk.client.get("/?period=90d", cookies=reader.jar)).text
    )
    conn = sqlite3.connect(own_db)
    (subject, channel, platform), = conn.execute(
        "SELECT t.subject, t.channel, t.platform FROM channel_tags t WHERE role = 'promotes' "
        "AND subject = 'liftline' AND 1 = (SELECT count(*) FROM channel_tags o "
        "WHERE o.subject = t.subject AND o.channel = t.channel AND o.role = 'promotes') LIMIT 1"
    ).fetchall()  # fmt: skip
    conn.close()
    await reader.decide(
        f"/competitors/{subject}", what="channel", key=subject, channel=channel, platform=platform,
        value=ABSENT,
    )  # fmt: skip
    page = await reader.page("/channels")
    after = re.findall(r'<a href="/competitors\?channel=(\w+)">(\d+)</a>', page)
    told = {n for name, n in after if name == channel}  # in the list and below the matrix
    assert told == ({str(int(before[channel]) - 1)} if before[channel] != "1" else set())


async def test_what_is_taken_back_after_a_pass_gives_the_word_to_the_rules(desk, own_db):
    reader = Reader(desk)
    await reader.decide("/competitors/posturely", what="tier", key="posturely", value="1")
    conn = sqlite3.connect(own_db)  # as the tiers pass stores what was decided
    conn.execute("UPDATE tiers SET tier = 1, verdict = 'override' WHERE competitor = 'posturely'")
    conn.commit()
    summaries.run(conn)
    conn.close()
    assert group_on_board(await reader.page("/competitors"), "posturely") == "direct"
    await reader.decide("/competitors/posturely", what="tier", key="posturely", value="auto")
    assert group_on_board(await reader.page("/competitors"), "posturely") == "substitute"
    assert "4 direct rivals, 3 substitutes" in await reader.seen("/")


async def test_a_candidate_is_accepted_ignored_and_given_back(desk, own_db):
    reader = Reader(desk)
    conn = sqlite3.connect(own_db)
    (key,) = conn.execute(
        "SELECT id FROM competitors WHERE origin = 'discovered' AND status = 'candidate' "
        "AND site IS NOT NULL ORDER BY id"
    ).fetchone()
    conn.close()
    assert f'value="{key}"' in (await reader.page("/competitors"))
    for value, status, chip in (
        ("accept", "watched", "Accepted"),
        ("ignore", "ignored", "Ignored"),
    ):
        answer = await reader.decide(
            "/competitors", f"{value} it", what="status", key=key, value=value
        )
        assert answer.status_code == 303 and answer.headers["location"].startswith("/competitors")
        assert stored(own_db)[-1] == (key, "status", status, f"{value} it", "desk", "lan")
        seen = await reader.seen(f"/competitors/{key}")
        assert chip in seen and f"{value} it" in seen
        board = await reader.page("/competitors")
        candidates = board.split('id="candidates"')[1:] and board.split('id="candidates"')[1]
        assert f'name="key" value="{key}"' not in (candidates or "")
        back = await reader.decide(f"/competitors/{key}", what="status", key=key, value="auto")
        assert back.status_code == 303
        assert f'value="{key}"' in (await reader.page("/competitors"))


async def test_a_channel_is_denied_confirmed_and_added(desk, own_db):
    reader = Reader(desk)
    conn = sqlite3.connect(own_db)
    channel, platform, strength = conn.execute(
        "SELECT channel, platform, strength FROM channel_tags WHERE subject = 'oakframe' "
        "AND role = 'promotes' ORDER BY channel"
    ).fetchone()
    (others,) = conn.execute(
        "SELECT count(DISTINCT channel) FROM channel_tags WHERE subject = 'oakframe' "
        "AND role = 'promotes'"
    ).fetchone()
    conn.close()
    what = {"what": "channel", "key": "oakframe", "channel": channel, "platform": platform}
    page = "/competitors/oakframe"
    assert f"{others} channels" in await reader.seen(page)

    assert (
        await reader.decide(page, "Their page is dead", **what, value=ABSENT)
    ).status_code == 303
    field = f"channel:{channel}" + (f":{platform}" if platform else "")
    assert stored(own_db)[-1] == ("oakframe", field, ABSENT, "Their page is dead", "desk", "lan")
    seen = await reader.seen(page)
    assert f"{others - 1} channels" in seen and "Ruled out by a researcher" in seen
    assert "Their page is dead" in seen
    on = await reader.page(f"/competitors?channel={channel}")
    assert 'href="/competitors/oakframe"' not in on
    assert "Ruled out by a researcher" in await reader.page("/channels")

    weaker = str(strength % 3 + 1)
    assert (await reader.decide(page, "Rarely", **what, value=weaker)).status_code == 303
    assert f"{others} channels" in await reader.seen(page)
    assert 'href="/competitors/oakframe"' in await reader.page(f"/competitors?channel={channel}")
    assert (await reader.decide(page, **what, value="auto")).status_code == 303
    assert "corrected by a researcher" not in await reader.page("/channels")

    new = {"what": "channel", "key": "oakframe", "channel": "audio", "platform": "spotify"}
    added = await reader.send(
        {**new, "value": "2", "reason": "Heard it", "back": page, "token": await reader.token()}
    )
    assert added.status_code == 303
    seen = await reader.seen(page)
    assert f"{others + 1} channels" in seen and "Heard it" in seen
    assert 'href="/competitors/oakframe"' in await reader.page("/competitors?channel=audio")
    assert (await reader.decide(page, **new, value="auto")).status_code == 303
    assert f"{others} channels" in await reader.seen(page)


def decided_post(path: Path, stage: str) -> tuple[int, str]:
    conn = sqlite3.connect(path)
    found = conn.execute(
        "SELECT p.id, p.key FROM posts p JOIN demand d ON d.post_id = p.id WHERE d.stage = ? "
        "AND p.copy_of IS NULL AND d.seller = 0 ORDER BY p.id LIMIT 1",
        (stage,),
    ).fetchone()
    conn.close()
    return found


async def shown(reader: Reader, path: str) -> int:
    numbers = re.search(r"([\d,]+) posts?\b", await reader.seen(path))
    assert numbers
    return int(numbers[1].replace(",", ""))


async def test_a_stage_wins_on_the_posts_pages_and_in_the_next_sums(desk, own_db):
    reader = Reader(desk)
    number, key = decided_post(own_db, "using")
    page = f"/posts/{number}"
    using = await shown(reader, "/posts?counted=1&stage=using")
    searching = await shown(reader, "/posts?counted=1&stage=searching")
    answer = await reader.decide(page, "Asks which", what="stage", key=key, value="searching")
    assert answer.status_code == 303 and answer.headers["location"] == f"{page}#reading"
    assert stored(own_db) == [(f"post:{key}", "stage", "searching", "Asks which", "desk", "lan")]
    seen = await reader.seen(page)
    assert "Decided by lan" in seen and "Asks which" in seen and "The rules say:" in seen
    assert await shown(reader, "/posts?counted=1&stage=using") == using - 1
    assert await shown(reader, "/posts?counted=1&stage=searching") == searching + 1
    conn = sqlite3.connect(own_db)
    conn.execute("UPDATE decisions SET decided_at = '2026-11-20T00:00:00Z' WHERE field = 'stage'")
    conn.commit()
    assert not_in_sums(conn) in (0, 1)
    summaries.run(conn, now=sample_db.NOW)
    answer_json = conn.execute(
        "SELECT answer_json FROM summaries WHERE question = 'customers' AND period = 'all'"
    ).fetchone()[0]
    stages = {one["stage"]: one["posts"] for one in json.loads(answer_json)["stages"]}
    assert (stages["using"], stages["searching"]) == (using - 1, searching + 1)
    conn.close()
    assert (await reader.decide(page, what="stage", key=key, value="auto")).status_code == 303
    assert await shown(reader, "/posts?counted=1&stage=using") == using


def test_the_filter_by_stage_finds_what_holds_now(own_db):
    conn = sqlite3.connect(own_db, isolation_level=None)
    number, key = decided_post(own_db, "none")
    count = f"SELECT count(*) FROM demand d WHERE {stage_is('using')}"
    (before,) = conn.execute(count).fetchone()
    correct(conn, Correction(subject="stage", key=key, value="using", reason="r"), "lan")
    assert conn.execute(count).fetchone() == (before + 1,)
    assert conn.execute(f"{count} AND d.post_id = {number}").fetchone() == (1,)
    for words in ((), ("buying",)):
        with pytest.raises(ValueError, match="no stage"):
            stage_is(*words)
    plan = str(conn.execute(f"EXPLAIN QUERY PLAN {count}").fetchall())
    assert "demand_stage (stage=?)" in plan and "SCAN d" not in plan
    conn.close()


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"reason": ""}, "Say why"),
        ({"reason": " \n\t "}, "Say why"),
        ({"reason": "x" * 501}, "longer than 500"),
        ({"value": "4"}, "none that exists"),
        ({"value": ""}, "none that exists"),
        ({"what": "seller"}, "cannot be corrected here"),
        ({"what": ""}, "cannot be corrected here"),
        ({"key": "nobody"}, "no such competitor"),
        ({"key": "maple"}, "your own business"),
        ({"what": "status", "value": "accept"}, "it is no candidate"),
        ({"what": "stage", "value": "using", "key": "gone:1"}, "not stored any more"),
        ({"what": "stage", "value": "buying"}, "none that exists"),
        ({"what": "channel", "value": "3", "channel": "tv"}, "no such channel"),
        ({"what": "channel", "value": "3", "channel": "email", "platform": "a:b"}, "no colon"),
        ({"what": "channel", "value": "3", "channel": "email", "platform": "x" * 61}, "no colon"),
        ({"what": "channel", "value": "none", "channel": "email"}, "none that exists"),
    ],
)
async def test_what_cannot_be_stored_is_told(desk, own_db, change, fault):
    reader = Reader(desk)
    good = {"what": "tier", "key": "oakframe", "value": "2", "reason": "because"}
    token = await reader.token()
    answer = await reader.send({**good, "token": token, "back": "/competitors", **change})
    assert answer.status_code == 400
    assert fault in text_of(answer.text) and "Nothing was changed." in answer.text
    assert 'href="/competitors"' in answer.text
    assert stored(own_db) == []


async def test_what_was_typed_is_not_lost(desk):
    reader = Reader(desk)
    fields = {"what": "tier", "key": "oakframe", "value": "2", "token": await reader.token()}
    answer = await reader.send({**fields, "reason": '"><script>x</script>' + "y" * 500})
    assert "<script>" not in answer.text and "y" * 100 in answer.text
    (form,) = forms(answer.text)
    again = await reader.send({**fields_of(form), "reason": "shorter"})
    assert again.status_code == 303


async def test_the_same_twice_is_stored_once(desk, own_db):
    reader = Reader(desk)
    fields = {"what": "tier", "key": "posturely", "value": "1", "reason": "r",
              "token": await reader.token()}  # fmt: skip
    answers = await asyncio.gather(*(reader.send(fields) for _ in range(6)))
    assert {answer.status_code for answer in answers} == {303}
    assert len(stored(own_db)) == 1
    back = {**fields, "value": "auto", "reason": ""}
    await asyncio.gather(*(reader.send(back) for _ in range(4)))
    assert [row[2] for row in stored(own_db)] == [1, None]
    await reader.send(fields)
    await reader.send({**fields, "reason": "another"})
    assert [row[2] for row in stored(own_db)] == [1, None, 1, 1]


async def test_two_researchers_at_once_both_stand(desk, own_db):
    lan, minh = Reader(desk, "lan"), Reader(desk, "minh")
    sent = []
    for reader, key in (
        (lan, "posturely"),
        (minh, "oakframe"),
        (lan, "liftline"),
        (minh, "nhamoi"),
    ):
        fields = {"what": "tier", "key": key, "value": "3", "reason": "r"}
        sent.append(reader.send({**fields, "token": await reader.token()}))
    assert {answer.status_code for answer in await asyncio.gather(*sent)} == {303}
    assert {(row[0], row[5]) for row in stored(own_db)} == {
        ("posturely", "lan"), ("oakframe", "minh"), ("liftline", "lan"), ("nhamoi", "minh"),
    }  # fmt: skip


async def test_a_correction_waits_for_a_writer(desk, own_db):
    reader = Reader(desk)
    fields = {"what": "tier", "key": "posturely", "value": "1", "reason": "r",
              "token": await reader.token()}  # fmt: skip
    held = sqlite3.connect(own_db, isolation_level=None, check_same_thread=False)
    held.execute("BEGIN IMMEDIATE")
    held.execute("UPDATE market SET loaded_at = loaded_at")
    threading.Timer(1.0, held.execute, ("COMMIT",)).start()
    began = time.monotonic()
    answer = await reader.send(fields)
    assert answer.status_code == 303 and 0.8 < time.monotonic() - began < 8
    assert len(stored(own_db)) == 1
    held.close()


async def test_a_database_held_too_long_is_told(desk, own_db, monkeypatch):
    monkeypatch.setattr(deciding, "BUSY_SECONDS", 0.1)
    reader = Reader(desk)
    fields = {"what": "tier", "key": "posturely", "value": "1", "reason": "typed with care",
              "token": await reader.token()}  # fmt: skip
    held = sqlite3.connect(own_db, isolation_level=None)
    held.execute("BEGIN IMMEDIATE")
    answer = await reader.send(fields)
    assert answer.status_code == 503 and "held by another program" in answer.text
    assert "typed with care" in answer.text
    held.execute("ROLLBACK")
    held.close()
    assert stored(own_db) == []
    assert (await reader.send(fields)).status_code == 303


async def test_strangers_and_forgers_store_nothing(desk, own_db):
    reader = Reader(desk)
    token = await reader.token()
    fields = {"what": "tier", "key": "posturely", "value": "1", "reason": "r", "token": token,
              "back": "/competitors"}  # fmt: skip
    (name,) = reader.jar

    async def post(data, jar, **headers):
        return await desk.client.post(DECIDE, data=data, cookies=jar, headers=headers)

    nobody = await post(fields, {})
    assert nobody.status_code == 403 and "not signed in" in nobody.text
    forged = {name: reader.jar[name][:-4] + "AAAA"}
    assert (await post(fields, forged)).status_code == 403
    for wrong in ("", "x", token[:-4] + "AAAA", desk.sign(["desk:lan", ""], "actor")):
        answer = await post({**fields, "token": wrong}, reader.jar)
        assert answer.status_code == 403 and "Please try once more" in answer.text
    other = Reader(desk, "minh")
    assert (await post({**fields, "token": await other.token()}, reader.jar)).status_code == 403
    for headers in ({"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"},
                    {"origin": "null"}, {"sec-fetch-site": "same-site"}):  # fmt: skip
        assert (await post(fields, reader.jar, **headers)).status_code == 403
    for method in ("GET", "HEAD", "PUT", "DELETE", "OPTIONS"):
        answer = await desk.client.request(method, DECIDE, cookies=reader.jar, params=fields)
        assert answer.status_code == 405 and answer.headers["allow"] == "POST"
    again = await desk.client.post(f"{DECIDE}?{'&'.join(f'{k}={v}' for k, v in fields.items())}",
                                   cookies=reader.jar)  # fmt: skip
    assert again.status_code == 403  # what stands in the address counts for nothing
    multipart = await desk.client.post(
        DECIDE, files={name: (None, value) for name, value in fields.items()}, cookies=reader.jar
    )
    assert multipart.status_code == 403
    assert stored(own_db) == []
    assert (await post(fields, reader.jar, origin="http://localhost")).status_code == 303


@pytest.mark.parametrize("back", ["//evil.example", "https://evil.example/", "/\\evil.example", ""])
async def test_a_correction_leads_back_to_the_desk_only(desk, back):
    reader = Reader(desk)
    fields = {"what": "tier", "key": "posturely", "value": "1", "reason": "r", "back": back}
    answer = await reader.send({**fields, "token": await reader.token()})
    assert answer.status_code == 303 and answer.headers["location"] == "/"


async def test_who_may_correct_can_be_said(own_db):
    config = metadata("desks")
    config["permissions"] = {deciding.ACTION: {"id": "desk:lan"}}
    datasette = lines.configured(own_db, "desks", config)
    set_door(datasette, Door(link="once", name="lan"))
    await datasette.invoke_startup()
    for name, status in (("lan", 303), ("minh", 403)):
        reader = Reader(datasette, name)
        assert await compat.may(datasette, {"id": f"desk:{name}"}, deciding.ACTION) == (
            status == 303
        )
        fields = {"what": "tier", "key": "posturely", "value": "1", "reason": name}
        answer = await reader.send({**fields, "token": await reader.token()})
        assert answer.status_code == status
    assert not await compat.may(datasette, None, deciding.ACTION)
    assert [row[3] for row in stored(own_db)] == ["lan"]


async def test_readers_who_are_not_signed_in_see_no_form(desk):
    for path in ("/competitors", "/competitors/oakframe", "/posts/3", "/channels"):
        page = (await desk.client.get(path)).text
        assert not forms(page) and 'name="token"' not in page
    page = (await desk.client.get("/competitors/oakframe?period=30d")).text
    assert "next=%2Fcompetitors%2Foakframe%3Fperiod%3D30d" in page


@pytest.mark.parametrize("language", ["en", "zh", "vi"])
async def test_forms_in_every_language(desk, language):
    reader = Reader(desk)
    for path in ("/competitors", "/competitors/oakframe", "/posts/3"):
        page = await reader.page(f"{path}?lang={language}")
        assert forms(page) and "undefined" not in page
        assert not re.search(r"<[^>]+\s(style|on\w+)=", page)


def test_sums_not_yet_computed(own_db):
    conn = sqlite3.connect(own_db, isolation_level=None)
    assert not_in_sums(conn) == 0
    asked = Correction(subject="tier", key="posturely", value="1", reason="r")
    assert correct(conn, asked, "lan") and not_in_sums(conn) == 1
    assert not correct(conn, asked, "lan") and not_in_sums(conn) == 1
    conn.execute("UPDATE summaries SET computed_at = ?", (LATER,))
    assert not_in_sums(conn) == 0
    conn.execute("DELETE FROM summaries")
    assert not_in_sums(conn) == 0
    conn.close()


def test_a_post_no_pass_has_read_has_nothing_to_correct(own_db):
    conn = sqlite3.connect(own_db, isolation_level=None)
    _, key = decided_post(own_db, "using")
    conn.execute("DELETE FROM demand WHERE post_id = (SELECT id FROM posts WHERE key = ?)", (key,))
    with pytest.raises(CorrectionError, match="unread"):
        correct(conn, Correction(subject="stage", key=key, value="using", reason="r"), "lan")
    assert not conn.in_transaction
    conn.close()


def test_odd_characters_in_a_reason(own_db):
    conn = sqlite3.connect(own_db, isolation_level=None)
    asked = Correction(subject="tier", key="posturely", value="3", reason="a\ud800\x00\u202eb 价格")
    assert correct(conn, asked, "lan")
    (kept,) = conn.execute("SELECT reason FROM decisions ORDER BY id DESC LIMIT 1").fetchone()
    assert kept.endswith("b 价格") and "\ud800" not in kept
    conn.close()


def test_every_stage_can_be_chosen():
    source = (Path(deciding.__file__).parent / "templates/rivalmap/_correct.html").read_text()
    offered = re.search(r"set STAGES = \(([^)]*)\)", source)
    assert offered and set(re.findall(r"'(\w+)'", offered[1])) == set(STAGES)
