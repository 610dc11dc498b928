import resource
import subprocess
import sys

import pytest

HELD = """
import sys
from pathlib import Path
from crawlers.memory import give_back_freed
if not give_back_freed():
    sys.exit(3)
kept = []
for size in (900_000, 700_000):
    pages = [bytearray(size) for _ in range(100)]
    kept += [bytearray(2_000) for _ in range(100)]
    del pages
print(int(Path("/proc/self/statm").read_text().split()[1]))
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_memory_of_large_pages_is_given_back() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", HELD], capture_output=True, text=True, timeout=30, check=False
    )
    if ended.returncode == 3:
        pytest.skip("needs glibc")
    assert int(ended.stdout) * resource.getpagesize() < 40_000_000  # of 90 MB; 80 without
