"""What shops call a review and its parts, and the lines beside it that nobody wrote.

Names are those of classes, ids and test marks, made plain (``reviewItem_2Tu-H`` and
``review__item`` are ``review-item``), so one table serves themes and review apps alike; the few
names no rule reaches stand in :data:`KNOWN_BLOCKS`.
"""

import re
from functools import lru_cache

from crawlers.spotting import Phrasebook

STEMS = (
    "review", "rating", "comment", "feedback", "danh-gia", "danhgia", "danh_gia",
    "nhan-xet", "nhanxet", "rate-", "-rate", "rate_", "cmt", "-rev", "avis", "opinion",
    "bewertung", "recension", "evaluat", "appraise", "pingjia", "opinia",
)  # fmt: skip
"""What a class that names a review holds one of (lower case)."""

KNOWN_ITEMS = (
    "[itemtype$='/Review'], [itemtype$='/UserReview'], [itemprop=review][itemscope],"
    " [itemprop=reviews][itemscope]"
)
"""Blocks that microdata tells."""
KNOWN_BLOCKS = (
    ("review", "[data-review-id], [data-hook=review], article[data-service-review-card-paper]"),
    ("bv-", ".bv-content-item, [class*=bv-rnr-]"),
    ("mod-reviews", ".mod-reviews .item"),
    ("rate-grid", ".rate-grid tr"),
)
"""Blocks no name tells, with what the page's class names hold where there are any: Trustpilot,
Bazaarvoice, Lazada, Taobao. Other shop systems and review apps call a review a review
(:data:`UNIT`)."""
SECTION_STEMS = ("review", "rating", "danh-gia")
"""What the name of a section of unnamed reviews holds."""

_REVIEW = (
    r"(?:review|rev|avis|opinion|recension|recensione|bewertung|opinia|feedback|rating|rate|ratings"
    r"|evaluate|evaluation|appraise|appraisal|pingjia|danh-gia|danhgia|nhan-xet|nhanxet"
    r"|comment|cmt)"
)
UNIT = re.compile(
    r"(?:^|-)(?:" + _REVIEW + r"|" + _REVIEW + r"s?-(?:list-)?(?:item|card|box|block|entry|row"
    r"|single|wrapper|wrap|tile|unit|post|container|content|comment))$"
)
"""A name that one review's block has: its last word is the word for a review, or a part of it."""
COMMENT = re.compile(r"comment|cmt|rate|rating|feedback")
"""Names that blocks of other things have too: a rating must stand in them."""

HEADING = re.compile(
    r"review|rating|đánh giá|nhận xét|danh gia|评价|評價|评论|評論|口碑|ý kiến khách|opinion"
    r"|bewertung|avis|feedback",
    re.IGNORECASE,
)
TESTIMONIAL = re.compile(r"testimon|quote-slider|client-say|customer-say|success-stor", re.I)

QUESTION = re.compile(r"question|answer|\bq-?and-?a\b|\bqna\b|\bfaq|hoi-?dap", re.IGNORECASE)

AUTHOR = (
    re.compile(
        r"(?:author|reviewer|customer|user|buyer|member|consumer|profile|display|commenter|shopper"
        r"|review|nick|khach-hang|nguoi-danh-gia)-?(?:full-?)?(?:name|nick)\b|nickname"
        r"|review-author|rev-author|reviewer\b|review-name"
    ),
    re.compile(r"(?:^|[\s-])(?:author|commenter|nick|ten-khach(?:-hang)?|by)(?:$|\s)"),
    re.compile(r"(?:^|[\s-])(?:user|name|byline|username|consumer|customer)(?:$|\s|-info)"),
)
"""Names of the node that holds the author, surest first."""
DATE = re.compile(r"date|time|\bago\b|posted|published|created|ngay|thoi-gian|-when\b")
TITLE = re.compile(
    r"(?:^|[\s-])(?:title|headline|heading|header|summary|subject|head)(?:-text|-content)?(?:$|\s)"
)
BODY = (
    re.compile(
        r"(?:review|rev|comment|cmt|rating|feedback|user|rate)s?-?(?:text|body|content|description"
        r"|message|comment|desc|detail|txt|con|review)s?(?:$|\s|-)|reviewbody|reviewtext"
    ),
    re.compile(r"(?:^|[\s-])(?:text|body|content|description|message|comment|desc|msg)(?:$|\s)"),
)
NO_BODY = re.compile(r"vote|action|helpful|report|footer|form\b|button|tool-?bar|widget|meta\b")
DROP = (
    "[class*=reply i], [class*=replies i], [class*=response i], [class*=helpful i], .children,"
    " [class*=vote i], [class*=report i], [class*=verified i], [class*=avatar i], [class*=badge i],"
    " [class*=share i], [class*=merchant i], [class*=answer i], [class*=translat i], nav, audio,"
    " video, input, [class*=variant i], [class*=tooltip i], [class*=modal i], [class*=popup i],"
    " [class*=phan-hoi i], [class*=tra-loi i], [class*=screen-reader i], [class*=a-icon-alt],"
    " [class*=useful i], [class*=disclaimer i], [class*=read-more-link], [class*=readmore i],"
    " [class*=photos i], [class*=thumbs i], [class*=expander-prompt], [class*=source i]"
)
"""CSS of what stands in a review's block and is not its author's words."""

SELLER = re.compile(
    r"^(?:商家|掌柜|卖家|店家|客服|賣家|官方|店主)\s?(?:回复|回覆|回應|解释)|^phản hồi (?:của|từ)"
    r"|^(?:shop|người bán|cửa hàng|admin|quản trị viên)(?: đã)? (?:phản hồi|trả lời)"
    r"|^trả lời (?:của|từ) (?:shop|người bán|cửa hàng)"
    r"|^(?:response|reply|comment|answer|feedback) (?:from|by) (?:the )?"
    r"(?:store|seller|owner|shop|company|merchant|manufacturer|business|support|team)"
    r"|^(?:store|seller|owner|business|company|merchant|shop)(?:'s|’s)? (?:owner )?"
    r"(?:response|reply|replied)|^antwort (?:von|des)",
    re.IGNORECASE,
)
FOLLOW_UP = re.compile(r"^(?:\[?(?:追评|追加|追評)|用户追评|\d+天后追评)")
VARIANT = re.compile(
    r"^(?:颜色分类|颜色|顏色|尺码|尺碼|规格|規格|套餐(?:类型)?|型号|型號|款式|版本|尺寸|方案|口味"
    r"|网络类型|机身颜色|存储容量|màu(?: sắc)?|phân loại(?: hàng)?|kích (?:thước|cỡ)|dung lượng"
    r"|size|colou?r|style|farbe|variant|flavou?r(?: name)?|pattern(?: name)?|bewerteter artikel"
    r"|format|location|age|gender|height|weight|body type|skin type|hair type|usual size)"
    r"(?: name)?\s*[:：]",
    re.IGNORECASE,
)
_COUNT = r"\??\s?[(（]?\d*[)）]?"
LABEL = re.compile(
    r"\W*(?:verified(?: (?:purchase|buyer|customer|owner|reviewer|review))?"
    r"|(?:was this (?:review )?helpful|did you find this helpful|is this helpful)\b.{0,40}"
    r"|(?:not )?helpful" + _COUNT + r"|report(?: abuse| review| this)?|flag|share|reply|comments?"
    r"|(?:read|show|see|view) (?:more|less|full review)|(?:yes|no|likes?|dislikes?)" + _COUNT + r"|"
    r"translate (?:review|this).{0,30}|posted on|images? in this review|incentivized review"
    r"|(?:\d+|one|\d+ of \d+) (?:people|person) found this (?:review )?helpful"
    r"|(?:yes,? )?i (?:would )?recommend this.{0,30}|(?:review )?originally posted on.{0,40}"
    r"|leggi (?:di più|tutto)|weiterlesen|mehr (?:lesen|anzeigen)|lire (?:la suite|plus)|leer más"
    r"|ver más|citește mai mult|achizi[tț]ie verificat[aă]|compra verificada|achat vérifié"
    r"|verifizierter kauf|acquisto verificato"
    r"|đã mua (?:tại|hàng|ở).{0,40}|khách hàng(?: đã mua.{0,20})?|chứng nhận đã mua.{0,20}"
    r"|(?:hữu ích|thích|không thích)" + _COUNT + r"|trả lời|thảo luận|báo cáo(?: vi phạm)?|chia sẻ"
    r"|xem thêm|thu gọn|bình luận|mua hàng xác thực|đánh giá này (?:có )?hữu ích.{0,30}"
    r"|(?:有用|没用|點讚|点赞|有帮助|有幫助|赞|讚|回复|回覆)"
    + _COUNT
    + r"|举报|檢舉|展开(?:全文)?|收起"
    r"|查看全文|已购买?|已購買?|好评|中评|差评|好評|中評|負評|匿名评价|默认好评"
    r"|此用户没有填写评[价论].?|用户默认好评.?|该用户未填写评价内容.?|评价方未及时做出评价.{0,30}"
    r"|\d{1,5}|)\W*",
    re.IGNORECASE,
)
"""A line that is a button, a badge or the sentence a shop writes where the buyer wrote none."""
BY = re.compile(
    r"^[-–—\s]*(?:(?:review(?:ed)?|written|posted|submitted|published|đăng|viết|đánh giá)\s)?"
    r"(?:by|bởi|von|par|por|作者|用户|用戶)\s?[:：]?\s+(?P<who>\S.{0,60}?)"
    r"(?:\s+(?:on|from|aus|vào|le|am)\s.{3,60}|\s*[-–—|,]\s*.{0,40}\d.{0,30})?$",
    re.IGNORECASE,
)

_HASH = re.compile(r"(?<=[A-Za-z])[_-]{1,3}(?=[A-Za-z0-9-]{0,7}[A-Z0-9])[A-Za-z0-9-]{4,8}$")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_STEMS = Phrasebook(STEMS)
_PARTS = re.compile(r"[_-]+")


def speaking_classes(names: str) -> list[str]:
    """Those of the class names, with blanks between, that hold a stem of :data:`STEMS`."""
    small = names.lower()
    if len(small) != len(names):
        names = small  # some letters have a longer small form
    found: set[str] = set()
    for _, start, end in _STEMS.spot(small):
        left = names.rfind(" ", 0, start) + 1
        right = names.find(" ", end)
        found.add(names[left : right if right >= 0 else len(names)])
    return sorted(found)


def unit_classes(speaking: list[str], *, sure: bool) -> list[str]:
    """Those of the classes that name one review's block.

    :param speaking: class names that speak of reviews (:func:`speaking_classes`).
    :param sure: leave out names that other things have as often (:data:`COMMENT`).
    """
    return [
        name
        for name in speaking
        if UNIT.search(plain := plain_name(name)) and not (sure and is_doubtful(plain))
    ][:60]


def is_doubtful(names: str) -> bool:
    """Whether plain names may as well be those of comments or of a row of stars."""
    return COMMENT.search(names) is not None and "review" not in names


@lru_cache(maxsize=20_000)
def plain_name(token: str) -> str:
    """A class or id as words with hyphens, lower case, a build tool's hash taken off."""
    token = _HASH.sub("", token[:120])
    return _PARTS.sub("-", _CAMEL.sub("-", token)).strip("-").lower()


def plain_names(names: str) -> str:
    """The same of several, with blanks between."""
    return " ".join(plain_name(token) for token in names.split()[:14])
