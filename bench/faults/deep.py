"""Processor seconds that pages made to keep a reader busy take: a hundred thousand of anything.

The bodies are those of ``tests/crawlers/test_deep_pages.py``, each read as a company's page and
as a post of a forum. Prints a line a body.

    python -m bench.faults.deep
"""

import time

from crawlers.document import Document
from crawlers.extract import read_page
from crawlers.forums import read_forum
from tests.crawlers.test_deep_pages import BODIES, HEADERS, POST, SHOP


def main() -> None:
    """Measure and print."""
    for name, body in BODIES.items():
        page = Document("https://a.example/p", (SHOP + body).encode(), headers=HEADERS)
        forum = Document("https://a.example/viewtopic.php?t=1", (POST + body).encode())
        forum.headers.update(HEADERS)
        began = time.process_time()
        read_page(page)
        between = time.process_time()
        read_forum(forum)
        ended = time.process_time()
        print(f"{name:28} page {between - began:5.2f} s   post {ended - between:5.2f} s")


if __name__ == "__main__":
    main()
