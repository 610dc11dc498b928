"""What a price is for, where only its words tell it: its sign, whom it counts, how it is billed."""

import re

from crawlers.folding import fold
from crawlers.items import Offer
from pipelines.changes.amounts import sign_of

_PAID = r"(?:billed|paid|charged|invoiced)"
_PAID_VI = r"(?:thanh toan|tra|tinh phi) (?:theo|hang|moi)"
_BILLING = (
    ("year", rf"\b{_PAID} (?:yearly|annually|(?:per|every|each|by the) year)\b"
             rf"|\b{_PAID_VI} nam\b|年(?:付|缴|计费|结)"),
    ("quarter", rf"\b{_PAID} (?:quarterly|(?:per|every|each) quarter)\b"
                rf"|\b{_PAID_VI} quy\b|季(?:付|缴|计费)"),
    ("month", rf"\b{_PAID} (?:monthly|(?:per|every|each|by the) month)\b"
              rf"|\b{_PAID_VI} thang\b|月(?:付|缴|计费|结)"),
)  # fmt: skip
_BILLINGS = tuple((period, re.compile(pattern)) for period, pattern in _BILLING)
_FROM = re.compile(
    r"\b(?:starting (?:at|from)|starts (?:at|from)|as low as|from|chi tu|gia tu|tu)\b|起(?:售|步)?"
)
_AMOUNT = re.compile(r"\b(?:us|usd|eur|gbp|vnd|cny|rmb|twd|nt|hk|d|dong)\b|[\d\W_]|[元块]")


def other_terms(old: Offer, new: Offer) -> bool:
    """Whether the same amount is asked on other terms. A term counts only where the words of both
    prices are known and speak of terms: what one reading missed is no change.
    """
    if not (old.currency and new.currency):
        signs = sign_of(old), sign_of(new)
        if all(signs) and signs[0] != signs[1]:
            return True
    was, now = (fold(offer.price_text or "") for offer in (old, new))
    if old.unit != new.unit and ((old.unit and new.unit) or (_says_more(was) and _says_more(now))):
        return True
    if not was or not now:
        return False
    billed = _billing(was), _billing(now)
    if all(billed) and billed[0] != billed[1]:
        return True
    return bool(_FROM.search(was)) != bool(_FROM.search(now)) and _bare(was) == _bare(now)


def _says_more(text: str) -> bool:
    return bool(_AMOUNT.sub("", text))


def _billing(text: str) -> str | None:
    return next((period for period, rule in _BILLINGS if rule.search(text)), None)


def _bare(text: str) -> str:
    return "".join(_FROM.sub("", text).split())
