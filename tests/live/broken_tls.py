"""A server that answers every TLS handshake with words, on a loopback port."""

import socket
import threading


class BrokenTls:
    """Runs in a thread; ``port`` is the system's choice."""

    def __enter__(self) -> "BrokenTls":
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(5)
                try:
                    connection.recv(4096)
                    connection.sendall(b"HTTP/1.0 400 Bad Request\r\n\r\nplain words\r\n")
                except OSError:
                    continue

    def __exit__(self, *exception: object) -> None:
        self._socket.close()
