"""Telling channels: each alert once, what fails is kept; by real servers of this machine."""

import argparse
import json
import logging
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import jsonschema
import pytest

from analysis.alerting import delivering, notify, webhook
from analysis.alerting.delivering import channel_states, deliver
from analysis.alerting.message import Message, NotSentError
from analysis.checkup import examine
from analysis.commandline import CONFIGURATION, LOCKED, OK, PARTLY, CommandError
from analysis.commands.alerts import Command
from analysis.lock import market_lock
from analysis.passes import alerts as alerts_pass
from crawlers.market import Market, data_dir, load_market
from pipelines.storage.database import open_database
from pipelines.storage.times import now_text
from tests.analysis.alerting.smtp import MailServer
from tests.analysis.sample_db import ALERTS
from tests.end_to_end.tables import scrapy

SCHEMA = json.loads(
    (Path(__file__).parents[3] / "docs/schemas/alerts.schema.json").read_text(encoding="utf-8")
)
MARKET = """
[business]
name = "Maple Desk"
description = "Standing desks"
[crawl]
allow_private = {private}
[alerts]
language = "{language}"
webhook = "{webhook}"
quiet = {quiet}
"""


@dataclass
class Hook:
    """A webhook that keeps what it was sent and answers as told."""

    status: int = 204
    bodies: list[dict[str, object]] = field(default_factory=list)
    url: str = ""
    location: str = ""

    @property
    def kinds(self) -> list[str]:
        return [alert["kind"] for body in self.bodies for alert in body["alerts"]]  # type: ignore[attr-defined,index]


@pytest.fixture
def hook() -> Iterator[Hook]:
    found = Hook()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            if found.status == 204:
                assert self.headers["content-type"] == "application/json; charset=utf-8"
                found.bodies.append(json.loads(body))
            self.send_response(found.status)
            if found.location:
                self.send_header("location", found.location)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    found.url = f"http://127.0.0.1:{server.server_port}/hook?token=t0ps3cret"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield found
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RIVALMAP_HOME", str(tmp_path))
    monkeypatch.delenv("RIVALMAP_NOTIFY", raising=False)
    (tmp_path / "markets").mkdir()
    return tmp_path


def market_of(home: Path, hook: Hook, *, language: str = "en", quiet: bool = False,
              private: bool = True) -> Market:  # fmt: skip
    path = home / "markets" / "desks.toml"
    path.write_text(
        MARKET.format(
            webhook=hook.url, language=language, quiet=str(quiet).lower(),
            private=str(private).lower(),
        )
    )  # fmt: skip
    return load_market(path)


@pytest.fixture
def connection(home: Path) -> Iterator[sqlite3.Connection]:
    with closing(open_database(data_dir("desks") / "market.db")) as connection:
        for key in ("liftline", "riserkit", "lampora", "shutdoor"):
            connection.execute(
                "INSERT INTO competitors (id, name, first_seen, last_seen) VALUES (?, ?, 'x', 'x')",
                (key, key),
            )
        yield connection


def raise_alerts(connection: sqlite3.Connection, market: Market, *kinds: str) -> None:
    """A night: the pass has been, and these were raised by it."""
    alerts_pass.run(connection, market)
    for kind in kinds:
        subject, competitor, facts = ALERTS[kind]
        (count,) = connection.execute("SELECT count(*) FROM alerts").fetchone()
        connection.execute(
            "INSERT INTO alerts (key, kind, subject, competitor, fact, at, raised_at, facts_json, "
            "url) VALUES (?, ?, ?, ?, 'f', ?, ?, ?, 'https://a.example/p')",
            (f"{kind}:{count}", kind, subject, competitor, now_text(), now_text(),
             json.dumps(facts)),
        )  # fmt: skip


def test_the_webhook_is_sent_every_kind_once(
    connection: sqlite3.Connection, home: Path, hook: Hook
) -> None:
    market = market_of(home, hook, language="vi")
    raise_alerts(connection, market, *ALERTS)
    (delivery,) = deliver(market)
    assert (delivery.sent, delivery.waiting, delivery.error) == (6, 0, "")
    (body,) = hook.bodies
    jsonschema.validate(body, SCHEMA)
    assert hook.kinds == list(ALERTS) and body["language"] == "vi"
    assert body["alerts"][0]["title"] == "LiftLine: 7 giá đã đổi"  # type: ignore[index]
    assert body["alerts"][0]["lines"][0] == "Pro: $499 → $549"  # type: ignore[index]
    assert deliver(market)[0].sent == 0 and len(hook.bodies) == 1
    stored = "\n".join(connection.iterdump())
    assert "t0ps3cret" not in stored and "127.0.0.1" not in stored


def test_what_a_channel_does_not_take_is_kept_and_the_next_run_sends_it(
    connection: sqlite3.Connection, home: Path, hook: Hook, caplog: pytest.LogCaptureFixture
) -> None:
    market = market_of(home, hook)
    hook.status = 503
    raise_alerts(connection, market, "price", "pain")
    (delivery,) = deliver(market)
    assert (delivery.sent, delivery.waiting, delivery.error) == (0, 2, "the answer was 503")
    assert "2 alerts are kept" in caplog.text and "t0ps3cret" not in caplog.text
    deliver(market)
    (state,) = channel_states(connection, market, data_dir("desks"))
    assert (state.failures, state.detail) == (2, "the answer was 503") and state.failed_at
    (finding,) = [one for one in examine(market) if one.what == "alert channel"]
    assert finding.state == "bad" and "the answer was 503" in finding.words
    hook.status = 204
    raise_alerts(connection, market, "tier")
    assert deliver(market)[0].sent == 3 and hook.kinds == ["price", "pain", "tier"]
    (state,) = channel_states(connection, market, data_dir("desks"))
    assert (state.failures, state.failed_at) == (0, None)
    assert not [one for one in examine(market) if one.what == "alert channel" and one.mend]


def test_a_new_channel_begins_with_the_last_night_and_quiet_is_not_made_up_for(
    connection: sqlite3.Connection, home: Path, hook: Hook
) -> None:
    market = market_of(home, hook)
    raise_alerts(connection, market, "price")
    raise_alerts(connection, market, "pain")  # another night
    assert deliver(market)[0].sent == 1 and hook.kinds == ["pain"]
    raise_alerts(connection, market, "tier")
    assert deliver(market_of(home, hook, quiet=True)) == []
    market = market_of(home, hook)
    raise_alerts(connection, market, "source")
    deliver(market)
    assert hook.kinds == ["pain", "source"]


def test_many_alerts_go_in_several_messages(
    connection: sqlite3.Connection, home: Path, hook: Hook
) -> None:
    market = market_of(home, hook)
    raise_alerts(connection, market, *["price"] * (delivering.MOST + 5))
    assert deliver(market)[0].sent == delivering.MOST
    assert {len(body["alerts"]) for body in hook.bodies} == {delivering.IN_ONE}  # type: ignore[arg-type]
    assert deliver(market)[0].sent == 5


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "hooks.localhost", "[::1]", "10.0.0.1", "169.254.169.254",
             "0x7f000001"],
)  # fmt: skip
def test_private_addresses_are_refused_unless_allowed(host: str) -> None:
    message = Message(market="m", business="M", language="en")
    with pytest.raises(NotSentError, match=r"private address|no connection"):
        webhook.post(f"https://{host}/x", message)


def test_a_redirect_is_not_followed_and_a_silent_server_is_left(
    hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = Message(market="m", business="M", language="en")
    hook.status, hook.location = 302, hook.url
    with pytest.raises(NotSentError, match="302"):
        webhook.post(hook.url, message, allow_private=True)
    monkeypatch.setattr(webhook, "LONGEST", 0.2)
    import socket

    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        with pytest.raises(NotSentError, match="no answer in time"):
            webhook.post(address, message, allow_private=True)


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")
@pytest.mark.parametrize(
    "address", ["wxyz://user:pw@host/t0ps3cret", "json://user:t0ps3cret@127.0.0.1:1/t0ps3cret"]
)
def test_nothing_that_apprise_and_its_libraries_log_comes_through(
    address: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    with caplog.at_level(logging.DEBUG), pytest.raises(NotSentError) as failed:
        notify.send(address, Message(market="m", business="M", language="en"))
    assert "t0ps3cret" not in str(failed.value) + caplog.text + "".join(capfd.readouterr())
    assert caplog.records == []
    with caplog.at_level(logging.DEBUG):
        logging.getLogger("apprise").error("again")
    assert "again" in caplog.text, "only while it sends"


# A plugin of apprise loads it where it is there; without it, from Python 3.13 on, does without.
@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")
def test_mail_goes_by_apprise_and_an_address_that_is_none_fails_alone(
    connection: sqlite3.Connection, home: Path, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    market = market_of(home, hook, language="zh")
    with MailServer() as mails:
        address = f"mailto://127.0.0.1:{mails.port}?from=a@example.com&to=b@example.com"
        (data_dir("desks") / "notify").write_text(f"# ours\n{address}\nnonsense://t0ps3cret\n")
        raise_alerts(connection, market, "price", "leaving")
        hooked, mailed, wrong = deliver(market)
    assert (hooked.sent, mailed.sent, wrong.sent, wrong.waiting) == (2, 2, 0, 2)
    assert "does not know such an address" in wrong.error and "t0ps3cret" not in wrong.words()
    (mail,) = mails.received
    assert mail["subject"] == "Maple Desk：2 条提醒"
    text = mail.get_body(("plain",)).get_content()
    assert "价格变动: LiftLine：7 个价格有变" in text and "thinking of going to LiftLine" in text
    assert "https://a.example/p" in text


def test_a_missing_extra_is_a_clear_word(
    connection: sqlite3.Connection, home: Path, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    market = market_of(home, hook)
    monkeypatch.setenv("RIVALMAP_NOTIFY", "json://127.0.0.1:1/")
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    raise_alerts(connection, market, "price")
    hooked, chat = deliver(market)
    assert hooked.sent == 1 and "pip install 'rivalmap[alerts]'" in chat.error


def test_who_only_looks_makes_no_salt_and_needs_no_table(
    connection: sqlite3.Connection, home: Path, hook: Hook
) -> None:
    market, folder = market_of(home, hook), data_dir("desks")
    (state,) = channel_states(connection, market, folder)
    assert state.name == "webhook 127.0.0.1" and state.failed_at is None
    assert not (folder / "salt").exists()
    connection.execute("DROP TABLE alert_deliveries")
    connection.execute("DROP TABLE alert_channels")
    connection.execute("DROP TABLE alerts")
    assert channel_states(connection, market, folder) == []


def asked(*options: str) -> int:
    """The command's own work, without a start of scrapy."""
    given = {name: f"--{name}" in options for name in ("list", "test", "send")}
    return Command().execute(["desks"], argparse.Namespace(**given))


def test_the_command_tests_and_sends(
    connection: sqlite3.Connection, home: Path, hook: Hook, capsys: pytest.CaptureFixture[str]
) -> None:
    market = market_of(home, hook)
    raise_alerts(connection, market, "price", "source")
    assert asked("--test") == OK and "took the test" in capsys.readouterr().out
    assert hook.bodies[0]["test"] is True and hook.bodies[0]["alerts"] == []
    jsonschema.validate(hook.bodies[0], SCHEMA)
    with market_lock(data_dir("desks"), "research desks"), pytest.raises(CommandError) as held:
        asked("--send")
    assert held.value.exit_code == LOCKED
    assert asked("--send") == OK and "2 alerts sent" in capsys.readouterr().out
    hook.status = 500
    raise_alerts(connection, market, "pain")
    assert asked("--send") == PARTLY and "the answer was 500" in capsys.readouterr().out
    assert asked("--test") == PARTLY
    path = home / "markets" / "desks.toml"
    path.write_text(path.read_text().split("[alerts]")[0])
    for option in ("--test", "--send"):
        with pytest.raises(CommandError) as none:
            asked(option)
        assert none.value.exit_code == CONFIGURATION and "RIVALMAP_NOTIFY" in str(none.value)


@pytest.mark.slow
def test_the_real_command_lists(connection: sqlite3.Connection, home: Path, hook: Hook) -> None:
    raise_alerts(connection, market_of(home, hook, language="zh"), "price", "source")
    listed = scrapy(home, "alerts", "desks")
    assert listed.returncode == OK and len(listed.stdout.splitlines()) == 2, listed.stderr
    assert "价格变动: LiftLine：7 个价格有变" in listed.stdout
