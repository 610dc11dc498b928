"""The words of time, folded (see crawlers.folding): English, Chinese, Vietnamese. Data only."""

import re

MONTHS: dict[str, int] = {
    "january": 1, "february": 2, "march": 3, "april": 4, "may": 5, "june": 6, "july": 7,
    "august": 8, "september": 9, "october": 10, "november": 11, "december": 12,
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "sept": 9,
    "oct": 10, "nov": 11, "dec": 12,
    # Vietnamese months in words
    "thang mot": 1, "thang gieng": 1, "thang hai": 2, "thang ba": 3, "thang tu": 4,
    "thang nam": 5, "thang sau": 6, "thang bay": 7, "thang tam": 8, "thang chin": 9,
    "thang muoi": 10, "thang muoi mot": 11, "thang muoi hai": 12, "thang chap": 12,
}  # fmt: skip

WEEKDAYS: dict[str, int] = {
    "monday": 0, "tuesday": 1, "wednesday": 2, "thursday": 3, "friday": 4, "saturday": 5,
    "sunday": 6, "mon": 0, "tue": 1, "wed": 2, "thu": 3, "fri": 4, "sat": 5, "sun": 6,
    "thu hai": 0, "thu ba": 1, "thu tu": 2, "thu nam": 3, "thu sau": 4, "thu bay": 5,
    "chu nhat": 6,
    **{f"{name}{day}": number for name in ("星期", "周", "礼拜")
       for number, day in enumerate("一二三四五六日")},
    "星期天": 6, "礼拜天": 6,
}  # fmt: skip

DAYS_AGO: dict[str, int] = {
    "today": 0, "yesterday": 1, "今天": 0, "今日": 0, "昨天": 1, "昨日": 1, "前天": 2, "前日": 2,
    "hom nay": 0, "hom qua": 1, "hom kia": 2,
}  # fmt: skip

UNITS: dict[str, str] = {
    **dict.fromkeys(("second", "sec", "s", "秒", "秒钟", "giay"), "second"),
    **dict.fromkeys(("minute", "min", "m", "分", "分钟", "phut"), "minute"),
    **dict.fromkeys(
        ("hour", "hr", "h", "小时", "个小时", "钟头", "个钟头", "gio", "tieng"), "hour"
    ),
    **dict.fromkeys(("day", "d", "天", "日", "ngay"), "day"),
    **dict.fromkeys(("week", "wk", "w", "周", "星期", "个星期", "礼拜", "个礼拜", "tuan"), "week"),
    **dict.fromkeys(("month", "mo", "mth", "月", "个月", "thang"), "month"),
    **dict.fromkeys(("year", "yr", "y", "年", "nam"), "year"),
}

NUMBERS: dict[str, float] = {
    "": 0, "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "few": 3, "a few": 3, "several": 3,
    "couple": 2, "a couple": 2, "couple of": 2, "a couple of": 2, "half": 0.5, "half a": 0.5,
    "half an": 0.5, "last": 1, "about a": 1, "about an": 1,
    "半": 0.5, "半个": 0.5, "几": 3, "数": 3, "一": 1, "两": 2, "二": 2, "三": 3, "四": 4, "五": 5,
    "六": 6, "七": 7, "八": 8, "九": 9, "十": 10,
    "mot": 1, "hai": 2, "ba": 3, "bon": 4, "nam": 5, "sau": 6, "bay": 7, "tam": 8, "chin": 9,
    "muoi": 10, "vai": 3, "nua": 0.5, "may": 3,
}  # fmt: skip

MORNING = frozenset({"am", "a", "sa", "上午", "凌晨", "早上", "清晨"})
AFTERNOON = frozenset({"pm", "p", "ch", "下午", "晚上", "傍晚"})
NOON = frozenset({"中午"})

ZONE_OFFSETS: dict[str, str] = {
    "utc": "+00:00", "gmt": "+00:00", "est": "-05:00", "edt": "-04:00", "pst": "-08:00",
    "pdt": "-07:00", "mst": "-07:00", "mdt": "-06:00", "cdt": "-05:00", "cet": "+01:00",
    "cest": "+02:00", "jst": "+09:00", "ict": "+07:00",
}  # fmt: skip
"""Zone abbreviations with one meaning. CST is left out: Chicago or China."""

_EN_COUNT = (
    r"(?P<count>\d{1,5}|(?:about )?an?|one|two|three|(?:a )?few|several|(?:a )?couple(?: of)?"
    r"|half an?)"
)
_EN_UNIT = r"(?P<unit>second|sec|minute|min|hour|hr|day|week|wk|month|mo|mth|year|yr)s?\.?"
_EN_SHORT = r"(?P<count>\d{1,4}) ?(?P<unit>mo|s|m|h|d|w|y)"
_ZH_COUNT = r"(?P<count>\d{1,5}|半个?|[几数一两二三四五六七八九十])"
_ZH_UNIT = r"(?P<unit>秒钟|秒|分钟|分|个?小时|个?钟头|天|日|周|个?星期|个?礼拜|个?月|年)"
_VI_COUNT = r"(?P<count>\d{1,5}|mot|hai|ba|bon|nam|sau|bay|tam|chin|muoi|vai|nua|may)"
_VI_UNIT = r"(?P<unit>giay|phut|gio|tieng|ngay|tuan|thang|nam)"

RELATIVE_FORMS: tuple[tuple[re.Pattern[str], bool], ...] = (
    (re.compile(rf"\b{_EN_COUNT} {_EN_UNIT}(?:,? \d{{1,2}} [a-z]{{3,7}})?,? ago\b"), False),
    (re.compile(rf"\b{_EN_SHORT} ago\b"), False),
    (re.compile(_EN_SHORT), True),
    (re.compile(r"\b(?P<count>last) (?P<unit>week|month|year)\b"), False),
    (re.compile(r"\b(?:just now|(?:a )?moments? ago|seconds ago)\b"), False),
    (re.compile(r"now"), True),
    (re.compile(rf"(?<!\d){_ZH_COUNT} ?{_ZH_UNIT} ?之?以?前"), False),
    (re.compile(r"刚刚|刚才"), False),
    (re.compile(rf"\b{_VI_COUNT} {_VI_UNIT} (?:dong ho )?truoc\b"), False),
    (re.compile(rf"{_VI_COUNT} {_VI_UNIT}"), True),
    (re.compile(r"(?P<count>\d{1,4}) ?(?P<unit>h|d|w|m) truoc"), False),
    (re.compile(r"\b(?:vua xong|vua moi|moi day|luc nay)\b"), False),
)
"""Forms that count back from now; ``True``: only where the whole label is it."""
