"""What our commands share: strict options, exit codes, settings outside the folder.

Every module of this folder is imported at each start of ``scrapy``, so nothing heavy is imported
at the top of any of them.
"""

import argparse
import atexit
import gc
import sys
from typing import Any, ClassVar

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

OK, INTERNAL, USAGE, CONFIGURATION, LOCKED, PARTLY, NOTHING = range(7)
"""Exit codes; docs/contract.md."""

MEANINGS = {
    OK: "every source was read, was unchanged, or is closed to us by its own word",
    INTERNAL: "internal error",
    USAGE: "wrong use",
    CONFIGURATION: "wrong configuration",
    LOCKED: "another run holds this market",
    PARTLY: "not whole: some sources could not be read, or the run was cut short",
    NOTHING: "nothing could be read",
}


class CommandError(Exception):
    """What stops a command: a message for the user and the exit code."""

    def __init__(self, message: str, exit_code: int = CONFIGURATION) -> None:
        super().__init__(message)
        self.exit_code = exit_code


class RivalmapCommand(ScrapyCommand):
    """A command that refuses what it does not know and ends with a meaningful exit code.

    Subclasses say ``arguments`` (for usage, and how many there may be) and implement
    :meth:`execute`.
    """

    requires_project = False
    requires_crawler_process = False
    default_settings: ClassVar[dict[str, Any]] = {"LOG_LEVEL": "WARNING"}

    arguments: ClassVar[tuple[str, ...]] = ()
    """Names of the positional arguments; ``...`` after the last allows more."""

    def syntax(self) -> str:
        """The usage line."""
        return " ".join([*(f"<{name}>" for name in self.arguments), "[options]"])

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Refuse unknown options and wrong numbers of arguments.

        :raises UsageError: with what is wrong.
        """
        for argument in args:
            if argument.startswith("-") and argument != "-":
                raise UsageError(f"unknown option {argument}", print_help=False)
        many = bool(self.arguments) and self.arguments[-1].endswith("...")
        least = len(self.arguments)
        if len(args) < least:
            missing = ", ".join(self.arguments[len(args) :])
            raise UsageError(f"missing argument: {missing}", print_help=False)
        if len(args) > least and not many:
            extra = " ".join(args[least:])
            raise UsageError(f"unexpected argument: {extra}", print_help=False)
        super().process_options(args, opts)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Run :meth:`execute`; a foreseen error is one clear line, not a traceback."""
        self._project_settings()
        try:
            self.exitcode = self.execute(args, opts)
        except CommandError as error:
            sys.stderr.write(f"scrapy {self._name()}: {error}\n")
            self.exitcode = error.exit_code
        except KeyboardInterrupt:
            sys.stderr.write(f"scrapy {self._name()}: stopped\n")
            self.exitcode = 130
        except BrokenPipeError:
            sys.stderr.close()
            self.exitcode = OK
        except Exception as error:
            said = mendable(error)
            if said is None:
                raise
            sys.stderr.write(f"scrapy {self._name()}: {said}\n")
            self.exitcode = CONFIGURATION

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Do the work; returns the exit code."""
        raise NotImplementedError

    def _name(self) -> str:
        return type(self).__module__.rsplit(".", 1)[-1]

    def _project_settings(self) -> None:
        """Outside the folder (installed by pipx or uv) our settings module still counts."""
        assert self.settings is not None
        if self.settings["BOT_NAME"] != "rivalmap":
            self.settings.setmodule("crawlers.settings", priority="project")


def end_at_once() -> None:
    """Let the process end without looking through all it still holds: a tenth of a second.

    For commands that read files and write lines: nothing is left open then that must be closed.
    """
    atexit.register(gc.freeze)


def mendable(error: Exception) -> str | None:
    """What to say of an error that a user can mend; ``None`` for a bug."""
    import sqlite3

    from crawlers.market import MarketError
    from pipelines.storage.database import DatabaseError

    if isinstance(error, sqlite3.OperationalError):
        return (
            f"the database could not be written: {error}. What was stored stays. Check the disk, "
            "and that no other program holds the file, then start again"
        )
    return str(error) if isinstance(error, MarketError | DatabaseError) else None
