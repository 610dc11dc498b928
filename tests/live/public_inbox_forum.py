"""A live mailing list's archive: public-inbox, as Debian packs it, on loopback."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.live.public_inbox_mails import LIST, as_fast_import, mails
from tests.live.servers import LiveForum, Said, environment, free_port, wait_for

PROGRAMS = ("public-inbox-init", "public-inbox-index", "public-inbox-httpd", "git")

# The server's default application; each request's path and query is a line of the log first.
APPLICATION = """
use strict;
use PublicInbox::WWW;
my $www = PublicInbox::WWW->new;
$www->preload;
open(my $log, '>>', $ENV{REQUESTS_LOG}) or die $!;
$log->autoflush(1);
sub {
    my ($env) = @_;
    print $log "$env->{REQUEST_URI}\\n";
    $www->call($env);
};
"""


@dataclass(frozen=True, kw_only=True)
class PublicInbox(LiveForum):
    """A running archive of one list."""

    engine: str = "public_inbox"

    def seed(self, new: int = 0) -> None:
        """Fill the empty archive, or add ``new`` mails to its threads."""
        sent = mails(new=new)
        batch = sent[-new:] if new else sent
        repository = self.folder / "inbox" / "git" / "0.git"
        subprocess.run(
            ["git", f"--git-dir={repository}", "fast-import", "--quiet"],
            input=as_fast_import(batch, "refs/heads/master^0" if new else None), check=True,
            timeout=60,
        )  # fmt: skip
        _tool("public-inbox-index", str(self.folder / "inbox"), folder=self.folder)

    @staticmethod
    def truth(new: int = 0) -> dict[str, Said]:
        """Every mail, by its Message-ID."""
        return {
            mail.id: Said(
                author=mail.author, minute=f"{mail.sent:%Y-%m-%dT%H:%M}", words=mail.words
            )
            for mail in mails(new=new)
        }

    @staticmethod
    def answers(new: int = 0) -> dict[str, str | None]:
        """Which mail each one answers, by Message-IDs."""
        return {mail.id: mail.reply_to for mail in mails(new=new)}


def missing_program() -> str | None:
    """The first program that is not installed."""
    return next((name for name in PROGRAMS if shutil.which(name) is None), None)


def _environment(folder: Path) -> dict[str, str]:
    return environment(
        HOME=str(folder), PI_CONFIG=str(folder / "config"),
        REQUESTS_LOG=str(folder / "requests.log"),
    )  # fmt: skip


def _tool(*command: str, folder: Path) -> None:
    subprocess.run(command, env=_environment(folder), check=True, capture_output=True, timeout=120)


@contextmanager
def running_public_inbox(folder: Path) -> Iterator[PublicInbox]:
    """An empty archive in ``folder``, served until the end."""
    folder.mkdir()
    port = free_port()
    url = f"http://127.0.0.1:{port}/shops/"
    _tool("public-inbox-init", "-V2", "shops", str(folder / "inbox"), url, LIST, folder=folder)
    (folder / "inbox.psgi").write_text(APPLICATION, encoding="utf-8")
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(
            ["public-inbox-httpd", "-W0", "-l", f"http://127.0.0.1:{port}",
             str(folder / "inbox.psgi")],
            env=_environment(folder), stdout=log, stderr=log,
        )  # fmt: skip
    try:
        wait_for(port, process)
        yield PublicInbox(url=url, folder=folder)
    finally:
        process.terminate()
        process.wait(timeout=20)
