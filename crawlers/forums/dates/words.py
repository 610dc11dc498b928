"""The words of time, folded (see crawlers.folding): English, Chinese, Vietnamese. Data only."""

from typing import Literal

Half = Literal["am", "pm", "noon", "evening", "night", ""]

MONTHS: dict[str, int] = {
    "january": 1, "february": 2, "march": 3, "april": 4, "may": 5, "june": 6, "july": 7,
    "august": 8, "september": 9, "october": 10, "november": 11, "december": 12,
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "sept": 9,
    "oct": 10, "nov": 11, "dec": 12,
    # Vietnamese months in words
    "thang mot": 1, "thang gieng": 1, "thang hai": 2, "thang ba": 3, "thang tu": 4,
    "thang nam": 5, "thang sau": 6, "thang bay": 7, "thang tam": 8, "thang chin": 9,
    "thang muoi": 10, "thang muoi mot": 11, "thang muoi hai": 12, "thang chap": 12,
    # and as CLDR and WordPress shorten them
    **{f"{short}{number}": number for short in ("thg ", "thg", "th") for number in range(1, 13)},
}  # fmt: skip

WEEKDAYS: dict[str, int] = {
    "monday": 0, "tuesday": 1, "wednesday": 2, "thursday": 3, "friday": 4, "saturday": 5,
    "sunday": 6, "mon": 0, "tue": 1, "tues": 1, "wed": 2, "thu": 3, "thur": 3, "thurs": 3,
    "fri": 4, "sat": 5, "sun": 6,
    "thu hai": 0, "thu ba": 1, "thu tu": 2, "thu nam": 3, "thu sau": 4, "thu bay": 5,
    "chu nhat": 6, "cn": 6,
    **{f"{name}{day}": day - 2 for name in ("thu ", "t") for day in range(2, 8)},
    **{f"{name}{day}": number for name in ("星期", "周", "礼拜")
       for number, day in enumerate("一二三四五六日")},
    "星期天": 6, "礼拜天": 6, "周天": 6,
}  # fmt: skip

DAYS_AGO: dict[str, tuple[int, Half]] = {
    "today": (0, ""), "yesterday": (1, ""), "the day before yesterday": (2, ""),
    "this morning": (0, "am"), "this afternoon": (0, "pm"), "this evening": (0, "pm"),
    "tonight": (0, "pm"), "last night": (1, "evening"), "yesterday evening": (1, "evening"),
    "今天": (0, ""), "今日": (0, ""), "昨天": (1, ""), "昨日": (1, ""), "前天": (2, ""),
    "前日": (2, ""), "大前天": (3, ""), "今早": (0, "am"), "今晨": (0, "am"),
    "今晚": (0, "evening"), "昨晚": (1, "evening"), "昨夜": (1, "night"), "前晚": (2, "evening"),
    "hom nay": (0, ""), "hom qua": (1, ""), "hom kia": (2, ""),
    "sang nay": (0, "am"), "trua nay": (0, "noon"), "chieu nay": (0, "pm"),
    "toi nay": (0, "evening"), "sang qua": (1, "am"), "chieu qua": (1, "pm"),
    "toi qua": (1, "evening"), "dem qua": (1, "night"),
    "sang hom qua": (1, "am"), "trua hom qua": (1, "noon"), "chieu hom qua": (1, "pm"),
    "toi hom qua": (1, "evening"), "dem hom qua": (1, "night"),
}  # fmt: skip
"""Days counted back, and the half of the day the word names beside it."""

HALVES: dict[str, Half] = {
    **dict.fromkeys(("am", "a", "sa", "sang", "上午", "凌晨", "早上", "早晨", "清晨", "早"), "am"),
    **dict.fromkeys(("午夜", "零晨"), "am"),
    **dict.fromkeys(("pm", "p", "ch", "chieu", "下午", "午后", "傍晚"), "pm"),
    **dict.fromkeys(("中午", "trua"), "noon"),
    **dict.fromkeys(("晚上", "晚间", "晚", "toi"), "evening"),
    **dict.fromkeys(("深夜", "半夜", "夜里", "夜间", "dem"), "night"),
}

UNITS: dict[str, str] = {
    **dict.fromkeys(("second", "sec", "s", "秒", "秒钟", "giay"), "second"),
    **dict.fromkeys(("minute", "min", "m", "分", "分钟", "phut", "p"), "minute"),
    **dict.fromkeys(
        ("hour", "hr", "h", "小时", "个小时", "钟头", "个钟头", "gio", "tieng"), "hour"
    ),
    **dict.fromkeys(("day", "d", "天", "日", "ngay"), "day"),
    **dict.fromkeys(("week", "wk", "w", "周", "星期", "个星期", "礼拜", "个礼拜", "tuan"), "week"),
    **dict.fromkeys(("month", "mo", "mth", "月", "个月", "thang"), "month"),
    **dict.fromkeys(("year", "yr", "y", "年", "nam"), "year"),
}

NUMBERS: dict[str, float] = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "few": 3, "a few": 3, "several": 3,
    "couple": 2, "a couple": 2, "couple of": 2, "a couple of": 2, "half": 0.5, "half a": 0.5,
    "half an": 0.5,
    "半": 0.5, "半个": 0.5, "几": 3, "数": 3, "两": 2,
    "mot": 1, "hai": 2, "ba": 3, "bon": 4, "nam": 5, "sau": 6, "bay": 7, "tam": 8, "chin": 9,
    "muoi": 10, "vai": 3, "nua": 0.5, "may": 3,
}  # fmt: skip

LAST: dict[str, str] = {
    "last week": "week", "last month": "month", "last year": "year",
    "上周": "week", "上星期": "week", "上个星期": "week", "上礼拜": "week", "上个礼拜": "week",
    "上月": "month", "上个月": "month", "去年": "year",
    "tuan truoc": "week", "tuan roi": "week", "thang truoc": "month", "nam ngoai": "year",
    "nam truoc": "year",
}  # fmt: skip
"""One unit back; only where the whole label says it."""

ZONE_OFFSETS: dict[str, str] = {
    "utc": "+00:00", "gmt": "+00:00", "est": "-05:00", "edt": "-04:00", "pst": "-08:00",
    "pdt": "-07:00", "mst": "-07:00", "mdt": "-06:00", "cdt": "-05:00", "cet": "+01:00",
    "cest": "+02:00", "eet": "+02:00", "eest": "+03:00", "msk": "+03:00", "jst": "+09:00",
    "kst": "+09:00", "ict": "+07:00", "wib": "+07:00", "hkt": "+08:00", "sgt": "+08:00",
    "aest": "+10:00", "aedt": "+11:00", "nzst": "+12:00", "nzdt": "+13:00",
}  # fmt: skip
"""Zone abbreviations with one meaning. CST (Chicago, China), IST and BST are left out."""

ZONE_PHRASES: dict[str, str] = {
    "北京时间": "+08:00", "台北时间": "+08:00", "香港时间": "+08:00",
    "gio viet nam": "+07:00", "gio ha noi": "+07:00",
}  # fmt: skip
"""Zones called by their city or country, folded."""
