"""In which languages a site speaks and which countries it serves, by its marks: html lang,
hreflang (https://developers.google.com/search/docs/specialty/international/localized-versions),
OpenGraph locales and the links of a language switcher.
"""

import re

from crawlers.extract.company.facts import Facts
from crawlers.extract.head import Head
from crawlers.extract.outline import Outline

_CODE = re.compile(r"([A-Za-z]{2,3})(?:[-_]([A-Za-z]{4}))?(?:[-_]([A-Za-z]{2}|\d{3}))?(?:[-_.].*)?")
_NAMES = {
    "english": "en", "tiếng anh": "en", "tiếng việt": "vi", "tieng viet": "vi", "vietnamese": "vi",
    "việt nam": "vi", "简体中文": "zh", "繁體中文": "zh", "繁体中文": "zh",
    "中文": "zh", "简体": "zh",
    "繁體": "zh", "繁体": "zh", "中文简体": "zh", "中文（简体）": "zh", "中文 (简体)": "zh",
    "中文（繁體）": "zh", "中文 (繁體)": "zh", "正體中文": "zh",
    "chinese": "zh", "tiếng trung": "zh",
    "日本語": "ja", "japanese": "ja", "tiếng nhật": "ja", "한국어": "ko", "korean": "ko",
    "tiếng hàn": "ko", "français": "fr", "french": "fr", "deutsch": "de", "german": "de",
    "español": "es", "spanish": "es", "português": "pt", "português (brasil)": "pt",
    "portuguese": "pt", "italiano": "it", "italian": "it", "русский": "ru", "russian": "ru",
    "nederlands": "nl", "dutch": "nl", "polski": "pl", "türkçe": "tr", "ไทย": "th", "thai": "th",
    "bahasa indonesia": "id", "indonesia": "id", "bahasa melayu": "ms", "العربية": "ar",
    "arabic": "ar", "हिन्दी": "hi", "svenska": "sv", "dansk": "da", "suomi": "fi", "norsk": "no",
    "čeština": "cs", "magyar": "hu", "română": "ro", "ελληνικά": "el", "українська": "uk",
    "עברית": "he", "ភាសាខ្មែរ": "km", "ລາວ": "lo", "filipino": "fil", "română (ro)": "ro",
}  # fmt: skip
"""What a language switcher calls a language: its own name, or that in one of ours."""
_CODES = {
    "en": "en", "eng": "en", "vi": "vi", "vn": "vi", "vie": "vi", "zh": "zh",
    "cn": "zh", "中": "zh",
    "英": "en", "en-us": "en", "en-gb": "en", "zh-cn": "zh", "zh-tw": "zh", "tw": "zh", "jp": "ja",
    "ja": "ja", "ko": "ko", "kr": "ko", "fr": "fr", "de": "de", "es": "es", "pt": "pt", "it": "it",
    "ru": "ru", "nl": "nl", "pl": "pl", "th": "th",
}  # fmt: skip
_SPELLED = frozenset(
    form
    for name in (*_NAMES, *_CODES)
    for form in (name, name.upper(), name.capitalize(), name.title())
)
_SWITCHING = re.compile(
    r"(?:^|[/?&#=._-])(?:lang|language|locale|hl|[a-z]{2}(?:[-_][a-z]{2,4})?)(?:[/=?&#._-]|$)",
    re.IGNORECASE,
)


def read_languages(facts: Facts, outline: Outline, head: Head) -> None:
    """Fill ``languages``: primary codes, the page's own first."""
    if head.lang:
        _add_language(facts, "html:lang", head.lang)
    for code in head.hreflangs[:200]:
        _add_language(facts, "link:hreflang", code)
    for name, content in outline.metas:
        if name == "og:locale:alternate":
            _add_language(facts, "meta:og:locale:alternate", content)
    found: dict[str, str] = {}
    short: dict[str, str] = {}
    for anchor in [anchor for anchor in outline.anchors if anchor.text in _SPELLED]:
        plain = anchor.text.lower()
        if plain in _NAMES:
            found.setdefault(_NAMES[plain], anchor.text)
        elif _SWITCHING.search(anchor.href):
            short.setdefault(_CODES[plain], anchor.text)
    if len(short) + len(found) > 1 or (short and "languages" in facts.values):
        found = {**short, **found}
    for code, text in found.items():
        facts.add("languages", code, text, "link:language")


def read_regions(facts: Facts, head: Head) -> None:
    """Add to ``markets`` the regions of hreflang, as ISO 3166 codes."""
    for code in head.hreflangs[:200]:
        match = _CODE.fullmatch(code.strip()[:40])
        if match and match[3] and match[3].isalpha() and not code.lower().startswith("x-"):
            facts.add("markets", match[3].upper(), code, "link:hreflang")


def _add_language(facts: Facts, rule: str, code: str) -> None:
    match = _CODE.fullmatch(code.strip()[:40])
    if match and not code.lower().startswith("x-"):
        facts.add("languages", match[1].lower(), code, rule)
