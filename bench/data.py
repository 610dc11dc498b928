"""Where the measuring data lies."""

import os
import sys
from pathlib import Path


def measure_data() -> Path:
    """The folder that ``RIVALMAP_MEASURE_DATA`` names; ends the program with a word where not."""
    named = os.environ.get("RIVALMAP_MEASURE_DATA", "")
    folder = Path(named)
    if not named or not folder.is_dir():
        sys.exit("set RIVALMAP_MEASURE_DATA to the folder of the measuring data")
    return folder
