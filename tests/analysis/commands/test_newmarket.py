"""``scrapy newmarket``: options, questions, home page; a file that loads, or a clear refusal."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from analysis.commandline import CONFIGURATION, NOTHING, OK, USAGE, CommandError
from analysis.newmarket.answers import Answers
from analysis.newmarket.phrases import phrases
from analysis.newmarket.run import Console, Given, run_newmarket
from analysis.newmarket.visit import HomePageError
from crawlers.market import Market, MarketNameError, find_market, load_market

ROOT = Path(__file__).parents[3]


class Talk:
    """A user who answers in turn, and what was shown to them."""

    def __init__(self, *answers: str) -> None:
        self.left = list(answers)
        self.asked: list[str] = []
        self.said: list[str] = []
        self.warned: list[str] = []

    def ask(self, question: str) -> str:
        self.asked.append(question)
        if not self.left:
            raise EOFError
        return self.left.pop(0)

    def console(self, *, seated: bool = True) -> Console:
        return Console(
            say=self.said.append, warn=self.warned.append, ask=self.ask if seated else None
        )


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RIVALMAP_HOME", str(tmp_path))
    return tmp_path


def no_site(url: str) -> Answers:
    raise AssertionError(f"{url} was read")


def reads(answers: Answers) -> Callable[[str], Answers]:
    return lambda site: answers


def fails(reason: str) -> Callable[[str], Answers]:
    def read(url: str) -> Answers:
        raise HomePageError(reason, url, "detail")

    return read


def made(
    talk: Talk, given: Given, *, read: Callable[[str], Answers] = no_site, language: str = "en",
    seated: bool = True,
) -> Market:  # fmt: skip
    code = run_newmarket(
        "soap", given, words=phrases(language), language=language,
        console=talk.console(seated=seated), read=read,
    )  # fmt: skip
    assert code == OK
    return load_market(find_market("soap"))


@pytest.mark.parametrize("language", ["en", "zh", "vi"])
def test_five_questions_at_most_in_the_users_language(place: Path, language: str) -> None:
    talk = Talk(
        "Xà phòng làm tay cho da nhạy cảm", "mẹ và bé, khách sạn", "Huế", "Bọt (bot.example)", ""
    )
    market = made(talk, Given(), language=language)
    assert len(talk.asked) == 5
    assert talk.asked[0].startswith(phrases(language).questions["sells"])
    assert market.business.description == "Xà phòng làm tay cho da nhạy cảm"
    assert market.business.name == "Soap"
    assert market.business.audience == ("mẹ và bé", "khách sạn")
    assert market.business.regions == ("Huế",)
    assert market.business.languages[0] == "vi"
    assert [(c.name, c.site) for c in market.competitors] == [("Bọt", "https://bot.example")]
    assert market.business.site is None
    assert any("scrapy research soap" in text for text in talk.said)


def test_the_data_folder_is_there_for_what_is_written_before_the_first_run(place: Path) -> None:
    made(Talk("Soap"), Given())
    assert (place / "data" / "soap").is_dir()


def test_only_the_first_question_needs_an_answer(place: Path) -> None:
    talk = Talk("", "  ", "Soap")
    market = made(talk, Given())
    assert market.business.description == "Soap"
    assert phrases("en").required in talk.said
    assert market.competitors == ()


def test_options_answer_their_questions_beforehand(place: Path) -> None:
    talk = Talk("hotels")
    market = made(
        talk, Given(sells="Soap", where="Huế", rival="Bot", site="", business="Bong Bong")
    )
    assert len(talk.asked) == 1
    assert market.business.audience == ("hotels",)
    assert market.business.name == "Bong Bong"


def test_the_home_page_fills_what_nobody_said_and_typed_words_win(place: Path) -> None:
    page = Answers(
        name="Bong Bong", sells="Handmade soap.", audience=("hotels",), regions=("Huế",),
        site="https://bong.example", offers=("Lemon soap",), languages=("en",),
    )  # fmt: skip
    talk = Talk()
    market = made(talk, Given(site="bong.example", where="Đà Nẵng"), read=reads(page), seated=False)
    assert market.business.name == "Bong Bong"
    assert market.business.description == "Handmade soap."
    assert market.business.regions == ("Đà Nẵng",)
    assert market.business.offers == ("Lemon soap",)
    assert market.business.site == "https://bong.example"
    assert "https://bong.example" in (place / "markets" / "soap.toml").read_text("utf-8")


def test_on_a_terminal_the_page_is_offered_as_the_answer(place: Path) -> None:
    page = Answers(sells="Handmade soap.", audience=("hotels",), site="https://bong.example")
    talk = Talk("", "spas", "", "")
    market = made(talk, Given(site="bong.example"), read=reads(page))
    assert len(talk.asked) == 4
    assert "Handmade soap." in talk.asked[0]
    assert market.business.description == "Handmade soap."
    assert market.business.audience == ("spas",)


def test_a_site_named_last_is_read_then(place: Path) -> None:
    page = Answers(name="Bong Bong", sells="Page words", offers=("Lemon soap",), site="x")
    talk = Talk("Soap", "", "", "", "not an address", "bong.example")
    market = made(talk, Given(), read=reads(page))
    assert len(talk.asked) == 6  # the fifth question twice
    assert market.business.description == "Soap"
    assert market.business.offers == ("Lemon soap",)
    assert market.business.site == "https://bong.example"


def test_our_own_site_is_no_rival(place: Path) -> None:
    page = Answers(sells="Soap", site="https://bong.example")
    talk = Talk()
    market = made(
        talk, Given(site="bong.example", rival="Me https://www.bong.example/x, Bot"),
        read=reads(page), seated=False,
    )  # fmt: skip
    assert [c.name for c in market.competitors] == ["Bot"]
    assert len(talk.warned) == 1


def refused(
    given: Given, read: Callable[[str], Answers] = no_site, *, seated: bool = False
) -> CommandError:
    with pytest.raises(CommandError) as caught:
        run_newmarket(
            "soap", given, words=phrases("en"), language="en",
            console=Talk().console(seated=seated), read=read,
        )  # fmt: skip
    return caught.value


@pytest.mark.parametrize("seated", [True, False])
def test_without_an_offer_there_is_no_file(place: Path, seated: bool) -> None:
    error = refused(Given(), seated=seated)
    assert error.exit_code == USAGE
    assert "--sells" in str(error)
    assert list(place.rglob("*.toml")) == []


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("robots", "robots.txt closes it"), ("blocked", "turned us away"), ("timeout", "in time"),
        ("status", "answered detail"), ("not_html", "no web page"), ("slow", "more than a minute"),
        ("too_large", "too large"), ("redirects", "never arrives"), ("unreachable", "reached"),
    ],
)  # fmt: skip
def test_a_page_that_cannot_be_read(place: Path, reason: str, words: str) -> None:
    error = refused(Given(site="bong.example"), fails(reason))
    assert (error.exit_code, words in str(error)) == (NOTHING, True)
    assert list(place.rglob("*.toml")) == []
    talk = Talk()
    market = made(talk, Given(site="bong.example", sells="Soap"), read=fails(reason), seated=False)
    assert words in talk.warned[0]
    assert (market.business.description, market.business.site) == ("Soap", "https://bong.example")


def test_a_page_that_says_nothing(place: Path) -> None:
    error = refused(Given(site="bong.example"), reads(Answers(site="https://bong.example")))
    assert error.exit_code == NOTHING
    assert "says nothing" in str(error)


def test_a_private_address_has_to_be_meant(place: Path) -> None:
    error = refused(Given(site="bong.localhost", sells="Soap"), fails("private"))
    assert error.exit_code == CONFIGURATION
    assert "--allow-private" in str(error)
    page = Answers(sells="Soap", site="http://bong.localhost")
    market = made(
        Talk(), Given(site="bong.localhost", allow_private=True), read=reads(page), seated=False
    )
    assert market.crawl.allow_private
    assert market.business.site == "http://bong.localhost"


@pytest.mark.parametrize("site", ["not an address", "ftp://bong.example", "https://a:b@c.example"])
def test_a_site_that_is_none(place: Path, site: str) -> None:
    assert refused(Given(site=site, sells="Soap")).exit_code == USAGE


def test_an_existing_file_is_never_touched(place: Path) -> None:
    path = place / "markets" / "soap.toml"
    path.parent.mkdir()
    path.write_text("mine", encoding="utf-8")
    error = refused(Given(sells="Soap"))
    assert error.exit_code == CONFIGURATION
    assert "stays as it is" in str(error)
    assert path.read_text("utf-8") == "mine"


def test_a_folder_that_cannot_be_made(place: Path) -> None:
    (place / "markets").write_text("a file", encoding="utf-8")
    error = refused(Given(sells="Soap"))
    assert error.exit_code == CONFIGURATION
    assert "cannot be written" in str(error)


def test_a_name_that_is_a_path_is_refused_before_anything_is_asked(place: Path) -> None:
    talk = Talk()
    with pytest.raises(MarketNameError, match="for example: soap"):
        run_newmarket(
            "../soap", Given(), words=phrases("en"), language="en", console=talk.console(),
            read=no_site,
        )  # fmt: skip
    assert talk.asked == []


# --- the command itself --------------------------------------------------------------------------

# Without the entry points: modules of other commands are not what is tested here.
RUN = """
import sys
import scrapy.cmdline
from scrapy.settings import Settings
scrapy.cmdline.entry_points = lambda group: ()
settings = Settings({"COMMANDS_MODULE": "analysis.commands.newmarket"})
scrapy.cmdline.execute(["scrapy", *sys.argv[1:]], settings)
"""


def scrapy(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", RUN, *arguments],
        env={
            **os.environ, "RIVALMAP_HOME": str(home), "PYTHONPATH": str(ROOT),
            "PYTHONUTF8": "1", "LC_ALL": "vi_VN.UTF-8",
        },
        cwd=home, stdin=subprocess.DEVNULL, capture_output=True, text=True, encoding="utf-8",
        timeout=60, check=False,
    )  # fmt: skip


@pytest.mark.slow
def test_the_command_writes_a_market_and_says_what_is_next(tmp_path: Path) -> None:
    done = scrapy(tmp_path, "newmarket", "xa-phong", "--sells", "Xà phòng", "--rival", "Bọt")
    assert (done.returncode, done.stderr) == (0, "")
    assert "Đã ghi: markets/xa-phong.toml".replace("/", os.sep) in done.stdout
    market = load_market(tmp_path / "markets" / "xa-phong.toml")
    assert market.business.description == "Xà phòng"
    assert market.competitors[0].name == "Bọt"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["newmarket"], 2, "missing argument"),
        (["newmarket", "soap", "too", "--sells", "x"], 2, "unexpected argument"),
        (["newmarket", "soap", "--sels", "x"], 2, "--sels"),
        (["newmarket", "soap", "--lang", "fr"], 2, "invalid choice"),
        (["newmarket", "soap"], 2, "--sells"),
        (["newmarket", "../soap", "--sells", "x"], 3, "for example: soap"),
        (["newmarket", "soap", "--site", "http://127.0.0.1:9/"], 3, "--allow-private"),
        (
            ["newmarket", "soap", "--site", "http://a.localhost:9/", "--allow-private"],
            6,
            "a.localhost",
        ),
    ],
)
def test_the_command_refuses_clearly(
    tmp_path: Path, arguments: list[str], code: int, words: str
) -> None:
    done = scrapy(tmp_path, *arguments)
    assert done.returncode == code, done.stderr
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert list(tmp_path.rglob("*.toml")) == []
