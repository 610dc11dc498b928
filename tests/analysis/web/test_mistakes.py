"""A mistyped address is a quiet 400, 404 or 405; pages about the machine are closed."""

import asyncio
import json
import logging
import sqlite3
import warnings

import pytest
from datasette import Forbidden, NotFound
from datasette.views.base import DatasetteError

from analysis.serving import quieten, worth_saying
from analysis.web import desk as pages_of_desk
from analysis.web.mistakes import explain
from analysis.web.serve import datasette_for

MISTYPED = [
    ("/desks/posts?_sort=bogus", 400), ("/desks/posts?_sort_desc=bogus", 400),
    ("/desks/posts?_sort=id&_sort_desc=id", 400), ("/desks/posts?_facet=x", 400),
    ("/desks/posts?_facet_array=x", 400), ("/desks/posts?_size=abc", 400),
    ("/desks/posts?_col=zz", 400), ("/desks/posts?_next=1,2,3", 400),
    ("/desks/posts?_through=x", 400), ("/desks/posts?id__in=[x", 400),
    ("/desks/posts?_search_zz=1", 400), ("/desks/posts?_where=1", 403),
    ("/desks/-/query", 404), ("/desks/-/schema", 404), ("/desks/posts/abc", 404),
    ("/desks/run_sources/1", 400),
    ("/desks/nothing", 404), ("/nothing", 404), ("/desks/posts/1/2/3", 404),
    ("/desks/posts.csv?_sort=bogus", 400), ("/-/nothing", 404), ("/-/rivalmap/none.css", 404),
]  # fmt: skip

ABOUT = (
    "actor", "allow-debug", "auth-token", "config", "databases", "logout", "messages", "metadata",
    "patterns", "permissions", "plugins", "settings", "threads", "versions",
)  # fmt: skip

pytestmark = pytest.mark.filterwarnings(r"ignore:coroutine '(TableView|\w+Facet)\b:RuntimeWarning")


@pytest.mark.parametrize(("path", "status"), MISTYPED)
async def test_a_mistyped_address_is_told_quietly(desk, capfd, caplog, path, status):
    answer = await desk.client.get(path, headers={"accept-language": "vi"})
    assert answer.status_code == status
    said = capfd.readouterr()
    assert said.out == "" and said.err == ""
    assert [r for r in caplog.records if r.name.startswith("analysis")] == []
    assert answer.headers["content-language"] == "vi"
    assert "Traceback" not in answer.text and "sqlite" not in answer.text.lower()


@pytest.mark.parametrize(
    ("path", "status", "word"),
    [
        ("/desks/posts.json?_sort=bogus", 400, "bogus"),
        ("/desks/nothing.json", 404, "Table not found"),
        ("/nothing.json", 404, "Database not found"),
        ("/desks/posts.json?_facet=x", 400, "no such column"),
    ],
)
async def test_programs_are_answered_in_json(desk, capfd, path, status, word):
    answer = await desk.client.get(path)
    said = answer.json()
    assert (answer.status_code, said["status"], said["ok"]) == (status, status, False)
    assert word in said["error"]
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
@pytest.mark.parametrize("path", ["/", "/posts", "/desks", "/desks/posts", "/-/messages"])
async def test_the_desk_is_for_reading(desk, capfd, method, path):
    answer = await desk.client.request(method, path)
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("path", ["/", "/posts", "/desks/posts"])
async def test_head_is_answered(desk, path):
    assert (await desk.client.head(path)).status_code == 200


@pytest.mark.parametrize("form", ["/-/{}", "/-/{}.json", "/-/{}/", "/%2D/{}", "//-/{}"])
@pytest.mark.parametrize("name", ABOUT)
async def test_pages_about_the_machine_are_closed(desk, market_db, form, name):
    answer = await desk.client.get(form.format(name), follow_redirects=True)
    assert answer.status_code == 404
    assert str(market_db.parent) not in answer.text


@pytest.mark.parametrize("path", ["/.json", "/desks.json", "/desks", "/desks/posts.json"])
async def test_no_path_of_the_machine_is_told(desk, market_db, path):
    answer = await desk.client.get(path, follow_redirects=True)
    assert answer.status_code == 200
    assert str(market_db.parent) not in answer.text


async def test_files_of_the_pages_are_open(desk):
    for path in ("/-/static/app.css", "/-/static/table.js", "/-/rivalmap/desk.css", "/robots.txt"):
        assert (await desk.client.get(path)).status_code == 200, path


async def test_closed_below_a_base_address_too(market_db):
    datasette = datasette_for(market_db, "desks", overrides={"base_url": "/research/"})
    assert (await datasette.client.get("/-/databases")).status_code == 404
    assert (await datasette.client.get("/-/static/app.css")).status_code == 200


async def test_our_own_fault_is_logged_without_locals(desk, capfd, caplog, monkeypatch):
    def broken(*_):
        secret = "a-value-of-a-local-variable"
        raise RuntimeError(f"broken {len(secret)}")

    monkeypatch.setattr(pages_of_desk, "_common", broken)
    with caplog.at_level(logging.ERROR):
        answer = await desk.client.get("/channels")
    assert answer.status_code == 500
    assert "Something went wrong here" in answer.text and "broken 27" not in answer.text
    (record,) = [r for r in caplog.records if r.name.startswith("analysis")]
    assert record.getMessage() == "/channels: broken 27" and record.exc_info
    said = capfd.readouterr()
    # rich's frames show a variable's value beside its name; a plain traceback shows lines of code
    assert "locals" not in said.out + said.err + caplog.text


def _caused(message: str) -> DatasetteError:
    try:
        try:
            raise sqlite3.OperationalError(message)
        except sqlite3.OperationalError as error:
            raise DatasetteError(str(error)) from None
    except DatasetteError as error:
        return error


@pytest.mark.parametrize(
    ("exception", "status", "what"),
    [
        (NotFound("x"), 404, "missing"),
        (Forbidden("x"), 403, "closed"),
        (DatasetteError("Cannot sort table by x"), 400, "address"),
        (DatasetteError("<p>long</p>", title="SQL Interrupted", status=400), 400, "slow"),
        (_caused("no such column: x"), 400, "address"),
        (_caused("no such table: -"), 404, "missing"),
        (_caused("database is locked"), 500, "broken"),
        (sqlite3.DatabaseError("database disk image is malformed"), 500, "broken"),
        (json.JSONDecodeError("Expecting value", "x", 0), 400, "address"),
        (RuntimeError("secret"), 500, "broken"),
        (ValueError(), 500, "broken"),
    ],
)
def test_who_is_at_fault(exception, status, what):
    mistake = explain(exception)
    assert (mistake.status, mistake.what) == (status, what)
    assert "secret" not in mistake.message


def test_a_browser_that_went_away_is_not_worth_saying():
    log = logging.getLogger("asyncio")
    before = list(log.filters)
    with warnings.catch_warnings():
        quieten()
        try:
            assert worth_saying in log.filters
        finally:
            log.filters[:] = before
    gone, other = "socket.send() raised exception.", "Task was destroyed but it is pending!"
    for words, said in ((gone, False), (other, True)):
        record = logging.LogRecord(asyncio.__name__, logging.WARNING, "", 0, words, (), None)
        assert worth_saying(record) is said
