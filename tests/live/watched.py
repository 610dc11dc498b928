"""Running the real command and watching what it takes."""

import os
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from tests.live.servers import SCRIPTS


@dataclass(frozen=True, kw_only=True)
class Watched:
    """How a command ended, its seconds, and its highest resident memory in MB (0: not known)."""

    returncode: int
    stderr: str
    seconds: float
    peak_mb: float


def run_watched(home: Path, *arguments: str, timeout: float = 300) -> Watched:
    """Run ``scrapy`` with a home folder to its end.

    :raises subprocess.TimeoutExpired: where it does not end; it is killed then.
    """
    began, peak = time.monotonic(), 0.0
    with (home / "stderr.txt").open("w+", encoding="utf-8") as errors:
        process = subprocess.Popen(
            [str(SCRIPTS / "scrapy"), *arguments],
            cwd=home, env={**os.environ, "RIVALMAP_HOME": str(home)}, stderr=errors,
            stdout=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            while process.poll() is None:
                peak = max(peak, _peak(process.pid))
                if time.monotonic() - began > timeout:
                    raise subprocess.TimeoutExpired(arguments, timeout)
                time.sleep(0.1)
        finally:
            process.kill()
            process.wait()
        errors.seek(0)
        said = errors.read()
    return Watched(
        returncode=process.returncode, stderr=said, seconds=time.monotonic() - began, peak_mb=peak
    )


def _peak(pid: int) -> float:
    """VmHWM of a process, which only grows: the last look before its end tells it."""
    try:
        text = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return 0.0
    line = next((line for line in text.splitlines() if line.startswith("VmHWM")), "VmHWM: 0 kB")
    return int(line.split()[1]) / 1024
