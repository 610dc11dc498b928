"""What shopkeepers write in our live forums: English, Chinese (both scripts) and Vietnamese."""

import random
import re

LANGUAGES = ("en", "zh", "vi")
OPENINGS = {
    "en": [
        "Which shop system would you pick for a small bakery",
        "I moved my store from Ecwid to Sapo last month and here is how it went",
        "The checkout of my current provider fails on phones again",
        "Is it worth paying for the yearly plan",
        "Shipping labels print with the wrong size",
        "Thinking about leaving my builder because support never answers",
    ],
    "zh": [
        "小店刚开张，想找一个好用的收银系统",
        "用了半年有赞，最近想换成微盟",
        "這個平台的手續費比之前貴了不少",
        "请问有没有支持多语言的建站工具",
        "客服三天都没有回复，真的很失望",
        "年费要八千多，预算有点紧",
    ],
    "vi": [
        "Mình đang phân vân giữa KiotViet và Sapo cho tiệm trà sữa",
        "Phần mềm bán hàng này hay bị lỗi khi mất mạng",
        "Ai dùng Haravan rồi cho mình xin ý kiến với ạ",
        "mn oi cho em hoi phi dung thu hang thang la bao nhieu",
        "Giá hơi cao so với cửa hàng nhỏ",
        "Em vừa chuyển từ Nhanh qua Sapo được hai tuần",
    ],
}
ENDINGS = {
    "en": ["Any advice is welcome 🙏", "I need it before the holidays.", "We are a team of three.",
           "The old one was slow but cheap.", "Has anyone tried the free plan?"],
    "zh": ["谢谢大家！", "預算大概兩千。", "希望能马上用上。", "有人试过免费版吗？😄"],
    "vi": ["Cảm ơn cả nhà nhiều ạ.", "Shop mình có hai chi nhánh.", "Bên mình cần gấp trước Tết 🎉",
           "Tks ad."],
}  # fmt: skip
NAMES = [*(f"user{n}" for n in range(40)), "Nguyễn_Lan", "小王爱喝茶", "Trần.Dũng", "店主阿明"]


def markdown_post(rng: random.Random, number: int, lang: str, before: str | None) -> str:
    """Markdown of one post; its number makes it unlike every other. ``before`` may be quoted."""
    parts = [f"{rng.choice(OPENINGS[lang])}. ({number})", rng.choice(ENDINGS[lang])]
    form = rng.randrange(8)
    if form == 0:
        parts.insert(1, "**" + rng.choice(OPENINGS[lang]) + "**")
    elif form == 1:
        parts.append("* " + "\n* ".join(rng.sample(ENDINGS[lang], 3)))
    elif form == 2:
        parts.append("`GET /api/orders` x < 5 && y > 3")
    elif form == 3 and before is not None:
        parts.insert(0, f"> @guest said:\n> {before}")
    return "\n\n".join(parts)


def quotable(post: str) -> str:
    """The line of a post that a reply quotes."""
    return post.splitlines()[-1].lstrip("* >")[:80]


def own_words(markdown: str) -> str:
    """A post's words as its author typed them, without quotes: what must be stored."""
    return letters("\n".join(line for line in markdown.splitlines() if not line.startswith(">")))


def letters(text: str) -> str:
    """A text without blanks and the marks of lists, emphasis and code, to compare by."""
    return re.sub(r"[\s*`•·-]+", "", text)
