"""Who gets in, how, and who does not."""

import html
import logging
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from datasette.app import Datasette

from analysis import serving
from analysis.web import session
from analysis.web.serve import datasette_for
from analysis.web.session import Door, Password, Throttle, door_of

SIGN_IN, SIGN_OUT = "/-/rivalmap/sign-in", "/-/rivalmap/sign-out"
PASSWORD = "correct horse battery"
SECRET = "s" * 64

# A key as the server's, without its 64 MB: the tests type many passwords.
session._SCRYPT["n"] = 2**10

EVIL = (
    "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example",
    "https://evil.example/", "javascript:alert(1)", "/\t/evil.example", "/\n/evil.example",
    " //evil.example", "evil.example", "/" + "a" * 3_000, "",
)  # fmt: skip


def opened(path: Path, door: Door, **more: object) -> Iterator[Datasette]:
    datasette = datasette_for(path, "desks", door=door, secret=SECRET, **more)
    yield datasette
    for database in datasette.databases.values():
        database.close()
    datasette.executor.shutdown(wait=True)


@pytest.fixture
def own_db(market_db: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(market_db, tmp_path / "market.db"))


@pytest.fixture
def local(own_db: Path) -> Iterator[Datasette]:
    """As ``scrapy browse`` serves it on one's own machine."""
    yield from opened(own_db, Door(link="once", name="lan", mark="link"))


@pytest.fixture
def shared(own_db: Path) -> Iterator[Datasette]:
    """As it is served to those who know the password."""
    yield from opened(own_db, Door(password=Password(PASSWORD), mark="k1"))


async def typed(datasette: Datasette, password: str = PASSWORD, **fields: str):
    data = {"name": "Lan", "password": password, **fields}
    return await datasette.client.post(SIGN_IN, data=data)


def cookies(answer) -> dict[str, str]:
    """What a browser would send back."""
    return {
        match[1]: match[2]
        for line in answer.headers.get_list("set-cookie")
        if (match := re.match(r'([^=]+)="?([^";]*)', line)) and match[2]
    }


def token(page: str) -> str:
    return re.search(r'name="token" value="([^"]+)"', page)[1]


async def test_the_link_works_once_and_reading_needs_none(local):
    assert (await local.client.get("/")).status_code == 200
    looked = await local.client.head(f"{SIGN_IN}?link=once")
    assert looked.status_code == 200 and not cookies(looked)
    wrong = await local.client.get(f"{SIGN_IN}?link=twice")
    assert wrong.status_code == 403 and not cookies(wrong)
    entered = await local.client.get(f"{SIGN_IN}?link=once&next=/competitors")
    assert entered.status_code == 303 and entered.headers["location"] == "/competitors"
    page = await local.client.get("/competitors", cookies=cookies(entered))
    assert "Signed in as lan" in page.text
    again = await local.client.get(f"{SIGN_IN}?link=once")
    assert again.status_code == 403 and not cookies(again)
    assert "not valid" in again.text
    assert "Signed in" not in (await local.client.get("/")).text


async def test_the_cookie_is_kept_from_scripts_and_other_sites(local, own_db):
    line = (await local.client.get(f"{SIGN_IN}?link=once")).headers["set-cookie"]
    assert "HttpOnly" in line and "SameSite=lax" in line and "Path=/" in line
    assert "Secure" not in line and f"Max-Age={session.LASTS}" in line
    public = serving.public_address("https://r.example.com/desks").settings()
    for datasette in opened(own_db, Door(link="x", mark="l"), overrides=public):
        line = (await datasette.client.get(f"{SIGN_IN}?link=x")).headers["set-cookie"]
        assert "Secure" in line and "Path=/desks/" in line


@pytest.mark.parametrize(
    "path", ["/", "/posts/3", "/competitors/oakframe?period=30d", "/desks", "/desks/posts",
             "/nowhere", "/-/rivalmap/decide?x", "/-/rivalmap/nowhere"],
)  # fmt: skip
async def test_nothing_is_shown_before_the_password(shared, path):
    for method in ("GET", "HEAD"):
        answer = await shared.client.request(method, path)
        assert answer.status_code in (303, 405), path
        assert "升降桌" not in answer.text and "oakframe" not in answer.text
    if answer.status_code == 303:
        where = urlsplit(answer.headers["location"])
        assert where.path == SIGN_IN and parse_qs(where.query)["next"] == [path]


@pytest.mark.parametrize(
    "path", ["/desks.json", "/desks/posts.json", "/desks/posts.csv?_stream=1", "/-/actor.json",
             "/desks/posts/3.json", "/-/static/app.css", "/favicon.ico", "/desks.db"],
)  # fmt: skip
async def test_programs_and_files_get_a_401(shared, path):
    answer = await shared.client.get(path)
    assert answer.status_code == 401 and answer.text == "Sign in first.\n"
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_strangers_see_how_to_come_in_and_no_more(shared):
    page = await shared.client.get(SIGN_IN, headers={"accept-language": "vi"})
    assert page.status_code == 200 and "Đăng nhập" in page.text
    assert "desks" not in re.sub(r'href="[^"]*"', "", page.text)
    for name in ("desk.css", "bar.css", "mark.svg"):
        assert (await shared.client.get(f"/-/rivalmap/{name}")).status_code == 200
    assert (await shared.client.get("/robots.txt")).status_code == 200
    assert (await shared.client.get("/-/rivalmap/feed.atom")).status_code == 401


@pytest.mark.parametrize("language", ["en", "zh", "vi"])
async def test_the_password_opens_every_page(shared, language):
    entered = await typed(shared, next="/posts?q=desk&stage=using")
    assert entered.status_code == 303
    assert entered.headers["location"] == "/posts?q=desk&stage=using"
    jar = cookies(entered)
    for path in ("/", "/desks/posts", "/desks/posts.csv", "/posts"):
        answer = await shared.client.get(path, cookies=jar, headers={"accept-language": language})
        assert answer.status_code == 200, path


@pytest.mark.parametrize("next_", EVIL)
async def test_nobody_is_sent_elsewhere(shared, local, next_):
    entered = await typed(shared, next=next_)
    assert entered.status_code == 303 and entered.headers["location"] == "/"
    page = await shared.client.get(f"{SIGN_IN}?next={quote(next_)}")
    assert "evil" not in re.sub(r'<nav class="rm-tongues".*?</nav>', "", page.text, flags=re.DOTALL)
    link = await local.client.get(f"{SIGN_IN}?link=once&next={quote(next_)}")
    assert link.status_code == 303 and link.headers["location"] == "/"


async def test_wrong_passwords_are_counted(shared, caplog):
    now = [1_000_000.0]
    door_of(shared).clock = lambda: now[0]
    caplog.set_level(logging.WARNING)
    answers = [await typed(shared, f"wrong {number}") for number in range(20)]
    assert [answer.status_code for answer in answers] == [403] * 10 + [429] * 10
    assert 0 < int(answers[-1].headers["retry-after"]) <= 901
    assert "Try again in 15 min" in answers[-1].text or "16 min" in answers[-1].text
    assert all(not cookies(answer) for answer in answers)
    assert (await typed(shared)).status_code == 429  # the right one does not tell a guesser
    now[0] += 901
    assert (await typed(shared)).status_code == 303
    assert "wrong password" in caplog.text and PASSWORD not in caplog.text
    assert "wrong 3" not in caplog.text


async def test_right_passwords_are_not_counted(shared):
    for _ in range(15):
        assert (await typed(shared)).status_code == 303


def test_the_limit_needs_bounded_memory():
    limit = Throttle(each=3, all_together=50, window=60, most=20)
    assert [limit.attempt("10.0.0.1", 0) > 0 for _ in range(5)] == [False] * 3 + [True] * 2
    waits = [limit.attempt(f"10.1.{number}.1", 1) for number in range(200)]
    assert len(limit) <= 20
    assert sum(not wait for wait in waits) == 47 and waits[-1] > 0
    assert limit.attempt("10.0.0.1", 61) == 0
    six = Throttle(each=2)
    assert not six.attempt("2001:db8::1", 0) and not six.attempt("2001:db8::2", 0)
    assert six.attempt("2001:db8::ffff", 0) and not six.attempt("2001:db8:1::1", 0)


async def test_a_name_is_asked_and_kept_short(shared):
    assert (await typed(shared, name=" \u202e ")).status_code == 400
    entered = await typed(shared, name="  Lan\u202e\nNguyễn " + "x" * 500)
    page = (await shared.client.get("/", cookies=cookies(entered))).text
    name = re.search(r"Signed in as ([^<]*)", page)[1].strip()
    assert name.startswith("Lan Nguyễn x") and len(name) <= 60
    root = await typed(shared, name="root")
    assert session.current(shared, cookies(root)).actor()["id"] == "desk:root"


async def test_forged_ended_and_old_cookies_open_nothing(shared, own_db):
    door = door_of(shared)
    jar = cookies(await typed(shared))
    (name,) = jar
    good = jar[name]
    assert (await shared.client.get("/", cookies=jar)).status_code == 200
    body, _, signature = good.rpartition(".")
    forged = [
        "",
        "x",
        "a.b",
        body,
        f"{body}.{signature[::-1]}",
        f"{body}x.{signature}",
        "." * 3_000,
    ]
    forged += [
        shared.sign({"n": "x", "s": "1", "e": 2**40, "k": "k1"}, "actor"),  # another use's
        shared.sign({"n": "x", "s": "1", "e": "later", "k": "k1"}, "rivalmap-session"),
        shared.sign({"n": "x", "s": "1", "e": 2**40, "k": "old"}, "rivalmap-session"),
        shared.sign(["x"], "rivalmap-session"),
    ]
    for value in forged:
        assert (await shared.client.get("/", cookies={name: value})).status_code == 303, value
    assert (await shared.client.get("/", cookies={"ds_actor": good})).status_code == 303
    root = shared.sign({"a": {"id": "root"}}, "actor")
    assert (await shared.client.get("/", cookies={"ds_actor": root})).status_code == 303
    for other in opened(own_db, Door(password=Password(PASSWORD), mark="k1")):  # a restart
        assert (await other.client.get("/", cookies=jar)).status_code == 200
    for other in opened(own_db, Door(password=Password("another one"), mark="k2")):
        assert (await other.client.get("/", cookies=jar)).status_code == 303
    now = door.clock()
    door.clock = lambda: now + session.LASTS + 1
    assert (await shared.client.get("/", cookies=jar)).status_code == 303


async def feed_of(datasette: Datasette) -> str:
    """The address that the page of changes shows to somebody signed in."""
    page = await datasette.client.get("/changes", cookies=cookies(await typed(datasette)))
    assert "without the password" in page.text
    return html.unescape(re.findall(r'<a href="([^"]*changes\.atom[^"]*)"', page.text)[0])


async def test_a_feed_reader_needs_no_cookie(shared):
    address = await feed_of(shared)
    assert address == await feed_of(shared)  # a subscription stays
    for method in ("GET", "HEAD"):
        answer = await shared.client.request(method, address)
        assert answer.status_code == 200
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert "private" in answer.headers["cache-control"]
        assert not cookies(answer)
    body = (await shared.client.get(f"{address}&kind=price&period=90d")).text
    assert "<entry>" in body and body.count("key=") == 1  # where readers subscribe: "self"
    assert (await shared.client.post(address)).status_code == 405


async def test_the_key_of_the_feed_opens_nothing_else(shared):
    address = await feed_of(shared)
    query = urlsplit(address).query
    (key,) = parse_qs(query)["key"]
    for path in ("/", "/changes", "/changes.json", "/changes.csv", "/changes.tables", "/posts",
                 "/desks/changes", "/desks/changes.json", "/-/rivalmap/decide", "/changes.atom/",
                 "/changes.atom.json", "/changes.atom/../posts", "/posts%2f..%2fchanges.atom",
                 "//changes.atom"):  # fmt: skip
        answer = await shared.client.get(f"{path}?{query}")
        assert answer.status_code in (303, 401, 405), path
        assert "升降桌" not in answer.text and "oakframe" not in answer.text
    (name,) = cookies(await typed(shared))
    for jar in ({name: key}, {"ds_actor": key}):
        assert (await shared.client.get("/", cookies=jar)).status_code == 303
    posted = await shared.client.post(f"/-/rivalmap/decide?{query}", data={"token": key})
    assert posted.status_code in (303, 401, 403)
    assert not session.is_form_token(shared, {"id": "feed"}, key)


async def test_other_keys_open_no_feed(shared, own_db, tmp_path):
    address = await feed_of(shared)
    (key,) = parse_qs(urlsplit(address).query)["key"]
    jar = cookies(await typed(shared))
    (name,) = jar
    body, _, signature = key.rpartition(".")
    wrong = [
        "", "x", body, f"{body}.{signature[::-1]}", f"{key}x", f" {key}", "é\udc80", "k" * 9_000,
        jar[name], shared.sign(shared.unsign(key, "rivalmap-feed"), "rivalmap-form"),
        shared.sign([session.cookie_name(shared), "k0"], "rivalmap-feed"),
    ]  # fmt: skip
    for value in wrong:
        answer = await shared.client.get(
            f"/changes.atom?key={quote(value, errors='surrogatepass')}"
        )
        assert answer.status_code == 401, value
    assert (await shared.client.get(f"/changes.atom?key=x&key={key}")).status_code == 401
    for other in opened(own_db, Door(password=Password(PASSWORD), mark="k1")):  # a restart
        assert (await other.client.get(address)).status_code == 200
    for other in opened(own_db, Door(password=Password("another one"), mark="k2")):
        assert (await other.client.get(address)).status_code == 401
    another = Path(shutil.copy(own_db, tmp_path / "another.db"))
    for other in opened(another, Door(password=Password(PASSWORD), mark="k1")):
        assert (await other.client.get(address)).status_code == 401


async def test_a_feed_address_below_a_proxys_path(own_db):
    public = serving.public_address("https://r.example.com/desks").settings()
    door = Door(password=Password(PASSWORD), mark="k1")
    for datasette in opened(own_db, door, overrides=public):
        key = quote(session.feed_key(datasette))
        answer = await datasette.client.get(f"/changes.atom?key={key}")
        assert answer.status_code == 200 and "/desks/changes.atom?" in answer.text
        assert (await datasette.client.get(f"/changes.json?key={key}")).status_code == 401


async def test_where_everybody_reads_the_feed_has_no_key(local):
    jar = cookies(await local.client.get(f"{SIGN_IN}?link=once"))
    page = (await local.client.get("/changes", cookies=jar)).text
    assert "changes.atom" in page and "key=" not in page and "without the password" not in page
    assert not session.is_feed_key(local, "") and session.feed_key(local) == ""


async def test_signing_out_ends_the_session(shared):
    jar = cookies(await typed(shared))
    page = (await shared.client.get("/", cookies=jar)).text
    assert (await shared.client.get(SIGN_OUT, cookies=jar)).status_code == 405
    stale = await shared.client.post(SIGN_OUT, cookies=jar, data={"token": "x"})
    assert stale.status_code == 403
    assert (await shared.client.get("/", cookies=jar)).status_code == 200
    out = await shared.client.post(SIGN_OUT, cookies=jar, data={"token": token(page)})
    assert out.status_code == 303 and "Max-Age=0" in out.headers["set-cookie"]
    assert (await shared.client.get("/", cookies=jar)).status_code == 303  # a copy of it, too


@pytest.mark.parametrize(
    "headers",
    [{"origin": "https://evil.example"}, {"origin": "null"}, {"sec-fetch-site": "cross-site"},
     {"sec-fetch-site": "same-site"}, {"origin": "http://localhost:81"},
     {"sec-fetch-site": "cross-site", "origin": "http://localhost"}],
)  # fmt: skip
async def test_forms_of_other_sites_are_turned_away(shared, headers):
    data = {"name": "Lan", "password": PASSWORD}
    answer = await shared.client.post(SIGN_IN, data=data, headers=headers)
    assert answer.status_code == 403 and not cookies(answer)


@pytest.mark.parametrize(
    "headers", [{"origin": "http://localhost"}, {"sec-fetch-site": "same-origin", "origin": "null"}]
)
async def test_forms_of_our_own_pages_are_taken(shared, headers):
    data = {"name": "Lan", "password": PASSWORD}
    assert (await shared.client.post(SIGN_IN, data=data, headers=headers)).status_code == 303


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
async def test_no_other_address_takes_a_form(local, method):
    for path in (
        "/",
        "/desks",
        "/desks/decisions",
        "/-/rivalmap/desk.css",
        "/posts/3",
        "/-/logout",
    ):
        assert (await local.client.request(method, path)).status_code == 405, path
    if method != "POST":
        assert (await local.client.request(method, SIGN_IN)).status_code == 405


async def test_forms_are_bounded(shared):
    answer = await shared.client.post(SIGN_IN, data={"name": "Lan", "password": "x" * 40_000})
    assert answer.status_code == 413

    async def endless():
        for _ in range(100):
            yield b"password=" + b"x" * 1_000

    answer = await shared.client.post(SIGN_IN, content=endless())
    assert answer.status_code == 413
    bad = await shared.client.post(SIGN_IN, content=b"name=%ff&password=%ff%00")
    assert bad.status_code == 403


async def test_somebody_elses_datasette_has_its_own_sign_in(own_db):
    datasette = Datasette([str(own_db)])
    assert (await datasette.client.get(SIGN_IN)).status_code == 404
    assert "sign-in" not in (await datasette.client.get("/")).text


def test_passwords_are_kept_as_a_key():
    password = Password("Mật khẩu dài")
    assert password.matches("Mật khẩu dài") and password.matches("Mật khẩu dài")
    assert not password.matches("mật khẩu dài") and not password.matches("x" * 5_000)
    assert "khẩu" not in repr(vars(password))


@pytest.mark.parametrize(
    ("text", "fault"),
    [("short\n", "10 to"), ("", "10 to"), (b"\xff\xfe\xff", "UTF-8"), (None, "No")],
)
def test_password_files_that_are_none(tmp_path, text, fault):
    path = tmp_path / "password"
    if text is not None:
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(serving.SharingError, match=fault):
        serving.read_password(path)


def test_the_password_is_the_first_line(tmp_path):
    path = tmp_path / "password"
    path.write_text("correct horse battery\r\nsecond line\n", encoding="utf-8")
    path.chmod(0o600)
    assert serving.read_password(path) == PASSWORD and not serving.is_open_to_others(path)
    path.chmod(0o644)
    assert serving.is_open_to_others(path)


def test_the_secret_stays_and_is_its_owners(tmp_path):
    first = serving.read_secret(tmp_path)
    assert len(first) == 64 and serving.read_secret(tmp_path) == first
    assert (tmp_path / serving.SECRET_NAME).stat().st_mode & 0o777 == 0o600
    (tmp_path / serving.SECRET_NAME).write_text("")  # a full disk left it empty
    assert len(serving.read_secret(tmp_path)) == 64
    assert serving.door_for(PASSWORD, first).mark != serving.door_for("another one", first).mark
    assert serving.door_for(None, first).link != serving.door_for(None, first).link


def test_public_addresses():
    found = serving.public_address("https://Research.Example.com:8443/desks")
    assert (found.url, found.host, found.base) == (
        "https://Research.Example.com:8443/desks/", "research.example.com", "/desks/",
    )  # fmt: skip
    assert serving.public_address("https://r.example/").base == "/"
    assert serving.public_address("http://127.0.0.1:9/").settings()["force_https_urls"] is False
    for text in ("research.example.com", "ftp://r.example/", "https://", "https://r.example/?a=1",
                 "http://r.example/"):  # fmt: skip
        with pytest.raises(serving.SharingError):
            serving.public_address(text)


async def test_under_a_base_address(own_db):
    public = serving.public_address("https://r.example.com/desks/")
    door = Door(password=Password(PASSWORD), mark="k")
    for datasette in opened(
        own_db, door, overrides=public.settings(), hosts=("localhost", public.host)
    ):
        turned = await datasette.client.get("/posts?q=a", headers={"host": public.host})
        where = urlsplit(turned.headers["location"])
        assert where.path == f"/desks{SIGN_IN}"
        assert parse_qs(where.query)["next"] == ["/desks/posts?q=a"]
        page = (await datasette.client.get(SIGN_IN)).text
        assert f'action="/desks{SIGN_IN}"' in page
        data = {"name": "Lan", "password": PASSWORD, "next": "/desks/posts?q=a"}
        entered = await datasette.client.post(SIGN_IN, data=data)
        assert entered.status_code == 303 and entered.headers["location"] == "/desks/posts?q=a"
        assert (await datasette.client.get("/", cookies=cookies(entered))).status_code == 200
