"""What is taken off or given on top: the words of a promotion, and the price before it."""

import re
from collections.abc import Iterable
from decimal import Decimal

from crawlers.extract.outline import Block
from crawlers.folding import fold

_LONGEST = 160  # characters of a block read for a promotion; longer ones are text about one
_KEPT = 120
_ENDS = re.compile(r"(?<=[.!?;])\s+|(?<=[。！？；])|\s[|·•]\s")
# Folded: lower case, no accents, simplified characters.
_PROMOTION = re.compile(
    r"(?:^|[\s(\[])[-–−]\d{1,2}(?:[.,]\d)?\s?%(?!\s(?!off|until|sale|khi|cho|den|only|today)[a-z])"
    r"|\d{1,2}\s?% (?:off|discount|rabatt|de (?:desc|reduc))"
    r"|\bsave (?:up to )?(?:[$€£¥]\s?\d|\d{1,2}\s?%|[a-z]{0,3}\$?\d)|[$€£]\s?\d[\d.,]* off\b"
    r"|\bbuy (?:one|two|\d),? get\b|\bbogo\b|\b(?:promo|coupon|discount|voucher) code\b"
    r"|\buse code\b|\bflash sale\b|\bfree gift\b|\blimited[- ]time (?:offer|deal)|\bcoupon\b"
    r"|\bgiam(?: gia| ngay| den| toi| soc| them)* ?\d|\bgiam gia\b|\buu dai \d|\bkhuyen mai \d"
    r"|\bmua \d+ tang \d|\btang (?:kem|ngay|them|\d)|\b(?:ma|nhap ma) giam|\bvoucher\b"
    r"|\bdong gia \d|\btiet kiem \d"
    r"|\d(?:\.\d)?\s?折|[一二三四五六七八九]折|满\s?\d+[^\d]{0,4}[减送返]|立减|直降\d|买[一二三\d]+[^\d\s]{0,2}[送赠]"
    r"|第二[件杯份]半价|限时|优惠券|领券|折扣码|秒杀|省\s?[¥$]?\d|赠品|加赠|特惠价"
)  # fmt: skip
_AMOUNTS = re.compile(r"^(?:[^\w\s%]{0,3}\s?\d[\d.,]{0,14}\s?[₫đ€元]?\s)+")  # "€90 €72 -20%"
CUES = (
    *(f"{digit}%" for digit in range(10)), *(f"{digit} %" for digit in range(10)),
    "save ", "$ off", "0 off", "5 off", "buy ", "bogo", "coupon", "promo code", "discount code",
    "use code", "flash sale", "free gift", "limited time", "limited-time", "giam ", "uu dai",
    "khuyen mai", "mua 1", "mua 2", "mua 3", "tang ", "voucher", "dong gia", "tiet kiem", "折",
    "立减", "直降", "满", "买", "半价", "限时", "券", "秒杀", "省", "赠", "特惠价",
)  # fmt: skip
"""Folded; one of them stands in every promotion that is known here."""


def promotion_in(text: str) -> str | None:
    """The words of a promotion in a text, as they stand: ``-20%``, ``Mua 2 tặng 1``, 限时8折.

    The sentence that says it, where the text is longer.
    """
    if len(text) > _LONGEST or not _PROMOTION.search(fold(text)):
        return None
    bare = _AMOUNTS.sub("", text)
    if bare != text and _PROMOTION.search(fold(bare)):
        text = bare
    if len(text) <= _KEPT // 2:
        return text
    for part in _ENDS.split(text):
        if _PROMOTION.search(fold(part)):
            return part.strip()[:_KEPT]
    return text[:_KEPT]


def proves_discount(blocks: Iterable[Block], before: Decimal, now: Decimal) -> bool:
    """Whether a percentage in the blocks is what two prices differ by: so sums tell old from new,
    whatever language the page has.
    """
    if not 0 < now < before:
        return False
    percent = (1 - now / before) * 100
    for block in blocks:
        if len(block.text) <= 60 and "%" in block.text:
            for found in re.findall(r"(\d{1,2})(?:[.,]\d{1,2})?\s?%", block.text):
                if abs(int(found) - percent) <= 1 and percent >= 2:
                    return True
    return False
