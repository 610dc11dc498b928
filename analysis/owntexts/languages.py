"""The languages files and users name, as primary codes."""

import re

from crawlers.folding import fold
from crawlers.marketfile.values import LANGUAGES

_NAMES = {
    "english": "en", "tieng anh": "en", "英语": "en", "英文": "en", "chinese": "zh", "中文": "zh",
    "汉语": "zh", "简体中文": "zh", "繁体中文": "zh", "tieng trung": "zh", "vietnamese": "vi",
    "tieng viet": "vi", "越南语": "vi",
}  # fmt: skip
_CODE = re.compile(r"([a-z]{2,3})(?:[-_][a-z0-9]{2,8})*")


def language_code(said: str | None) -> str | None:
    """A primary code, of ISO 639-1 or three letters as in ISO 639-3; ``None`` where it is none.

    >>> language_code("vi-VN"), language_code("Tiếng Việt"), language_code("klingon")
    ('vi', 'vi', None)
    """
    folded = fold(said or "").strip()
    if folded in _NAMES:
        return _NAMES[folded]
    found = _CODE.fullmatch(folded)
    return found[1] if found and (found[1] in LANGUAGES or len(found[1]) == 3) else None
