"""The sentence in which a company says what it is and for whom.

"Tillbee is the point of sale for small"
" bakeries", ``X 是专为中小商家打造的收银系统``: a sentence of the
title, the description, the top of the page that names a kind of thing and those served, or says
"is the". Nothing is put together: the sentence stands on the page. Pure.
"""

import re

from crawlers.extract.company.audience import audience_of

_SENTENCE = re.compile(r"[^.!?。！？\n]+(?:\.(?=\w)[^.!?。！？\n]+)*[.!?。！？]?")
_IS = re.compile(
    r"\b(?:is|are|was built as|we're|we are) (?:the|an?|your|one of|vietnam's|your|more than)\b"
    r"|\bwe (?:help|build|make|provide|offer|design|create|sell|serve|deliver)\b"
    r"|(?<!\w)(?:là|la) (?:một |mot |nền tảng|nen tang|giải pháp|giai phap|phần mềm|phan mem"
    r"|công ty"
    r"|cong ty|đơn vị|don vi|thương hiệu|thuong hieu|hệ thống|he thong|ứng dụng|ung dung|dịch vụ"
    r"|dich vu|nhà|cửa hàng|cua hang|chuỗi|đại lý|website|sàn|trung tâm|địa chỉ|công cụ|cong cu)"
    r"|chuyên (?:cung cấp|sản xuất|phân phối|bán|thiết kế|về)"
    r"|是(?:一[家个款种套]|[^,，。]{0,20}(?:平台|系统|软件|品牌|公司|服务商|工具|供应商"
    r"|制造商|商城|专家|厂家|系統|軟體))"
    r"|(?:专注于|专注|致力于|專注於|致力於|主营)",
    re.IGNORECASE,
)
_THING = re.compile(
    r"\b(?:platform|software|app|tool|tools|system|solution|solutions|service|services|agency|shop"
    r"|store|brand|marketplace|studio|company|suite|crm|erp|pos|assistant|network|community|course"
    r"|courses|insurance|marketing|clothing|furniture)\b"
    r"|nền tảng|giải pháp|phần mềm|hệ thống|ứng dụng|dịch vụ|công cụ|cửa hàng|thương hiệu|nen tang"
    r"|giai phap|phan mem|he thong|ung dung|dich vu|cong cu"
    r"|平台|系统|系統|软件|軟體|工具|服务|服務|解决方案|解決方案|品牌|商城",
    re.IGNORECASE,
)
_OURS = re.compile(
    r"\bwe(?:'re|’re| are| help| build| make| provide| offer| design| create| sell| serve"
    r"| deliver)\b"
    r"|chúng tôi|chung toi|我们|我們|本公司|(?:专注于|专注|致力于|專注於|致力於|主营)",
    re.IGNORECASE,
)
_HANGING = re.compile(
    r"^(?:furthermore|because|whether|if|of all|here's|here’s|also|but|and|so|however|when"
    r"|while|since"
    r"|with|this|that|these|it|they|there|nếu|vì|khi|ngoài ra|do đó|如果|因为|此外|所以|无论)\b",
    re.IGNORECASE,
)
_ENOUGH = 3


def positioning_of(candidates: list[tuple[str, str]], name: str) -> tuple[str, str] | None:
    """(sentence, rule) of the candidate that says most of what the company is and for whom.

    :param candidates: (text, rule), in the order of trust. :param name: the company's, or ``""``.
    """
    best: tuple[int, str, str] | None = None
    for text, rule in candidates:
        for piece in _SENTENCE.findall(text[:1_500])[:4]:
            sentence = piece.strip()
            if not 12 <= len(sentence) <= 260 and not (
                6 <= len(sentence) <= 200 and not sentence.isascii()
            ):
                continue
            score = _score(sentence, name)
            if score >= _ENOUGH and (best is None or score > best[0]):
                best = score, sentence, rule
    return (best[1], best[2]) if best else None


def _score(sentence: str, name: str) -> int:
    if _HANGING.match(sentence) or sentence.endswith((":", "：")):
        return 0
    states = _IS.search(sentence) is not None
    thing = _THING.search(sentence) is not None
    if not states and not thing:
        return 0
    named = bool(name) and name.lower() in sentence.lower()
    served = bool(audience_of(sentence))
    if not (served or (states and (named or _OURS.search(sentence)))):
        return 0
    return 2 * states + thing + 2 * served + 2 * (named and states)
