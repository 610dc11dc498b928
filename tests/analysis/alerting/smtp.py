"""A mail server of this machine: as much of RFC 5321 as a client needs, and it keeps the mail."""

import email
import socketserver
import threading
from email.message import EmailMessage
from email.policy import default
from types import TracebackType
from typing import Self


class _Session(socketserver.StreamRequestHandler):
    server: "_Server"
    timeout = 10

    def handle(self) -> None:
        self._say("220 ready")
        for _ in range(100):
            command = self.rfile.readline(1_000).decode("ascii", "replace").strip().upper()
            if command == "DATA":
                self._say("354 go on")
                self.server.received.append(self._message())
                self._say("250 taken")
            elif command in ("QUIT", ""):
                self._say("221 bye")
                return
            else:
                self._say("250 ok")

    def _message(self) -> EmailMessage:
        lines = []
        while (line := self.rfile.readline(100_000)) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        return email.message_from_bytes(b"".join(lines), policy=default)

    def _say(self, words: str) -> None:
        self.wfile.write(words.encode() + b"\r\n")


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        self.received: list[EmailMessage] = []
        super().__init__(("127.0.0.1", 0), _Session)


class MailServer:
    """``with MailServer() as mails: mails.port, mails.received``."""

    def __enter__(self) -> Self:
        self._server = _Server()
        self.port = int(self._server.server_address[1])
        self.received = self._server.received
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}
        )
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
