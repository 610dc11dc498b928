"""Fills a Spirit forum through its own models; run by the project's manage.py environment.

Usage: python spirit_seed.py PROJECT_FOLDER TOPICS POSTS [NEW]. With NEW, that many more posts are
added to existing topics instead. Deterministic. Prints nothing; the forum's database is the truth.
"""

import os
import random
import sys
from datetime import UTC, datetime, timedelta

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


def body(rng: random.Random, number: int, lang: str, before: str | None) -> str:
    """Markdown of one post; its number makes it unlike every other."""
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


def seed(topics: int, posts: int, new: int) -> None:
    from django.contrib.auth import get_user_model
    from spirit.category.models import Category
    from spirit.comment.models import Comment
    from spirit.core.utils.markdown import Markdown
    from spirit.topic.models import Topic

    rng = random.Random(20_261_122 + new)
    users = get_user_model()
    if new:
        people = list(users.objects.all())
        rows = list(Topic.objects.filter(category__parent=None).order_by("pk"))
    else:
        names = [f"user{n}" for n in range(40)] + [
            "Nguyễn_Lan",
            "小王爱喝茶",
            "Trần.Dũng",
            "店主阿明",
        ]
        people = [users.objects.create(username=n, email=f"u{i}@example.org", is_active=True)
                  for i, n in enumerate(names)]  # fmt: skip
        shops = Category.objects.create(title="Shops & tools")
        talk = Category.objects.create(title="闲聊 / Trò chuyện")
        rows = []
    start = datetime(2026, 1, 5, 3, 0, tzinfo=UTC)
    if not new:
        for number in range(topics):
            lang = ("en", "zh", "vi")[number % 3]
            rows.append(
                Topic.objects.create(
                    user=rng.choice(people), title=f"{rng.choice(OPENINGS[lang])} #{number}",
                    category=rng.choice([shops, talk]), is_pinned=number == 3,
                    date=start, last_active=start,
                )
            )  # fmt: skip
    offset = Comment.objects.count()
    last: dict[int, str] = {}
    made = []
    total = new or posts
    for number in range(total):
        # One topic in eight is a long one, so that threads have several pages.
        topic = (
            rows[number]
            if number < len(rows) and not new
            else (rng.choice(rows[::8]) if rng.random() < 0.5 else rng.choice(rows))
        )
        lang = rng.choice(["en", "zh", "vi"])
        text = body(rng, offset + number, lang, last.get(topic.pk))
        when = start + timedelta(minutes=37 * (offset + number), seconds=rng.randrange(60))
        made.append(
            Comment(
                user=rng.choice(people), topic=topic, comment=text,
                comment_html=Markdown().render(text), date=when,
            )
        )  # fmt: skip
        last[topic.pk] = text.splitlines()[-1].lstrip("* >")[:80]
        topic.comment_count += 1
        topic.last_active = when
    Comment.objects.bulk_create(made, batch_size=500)
    Topic.objects.bulk_update(rows, ["comment_count", "last_active"], batch_size=500)
    if not new:  # what moderators leave in a thread is no post
        Comment.create_moderation_action(people[0], rows[0], Comment.CLOSED)


if __name__ == "__main__":
    folder, topic_count, post_count, *more = sys.argv[1:]
    sys.path.insert(0, folder)
    os.chdir(folder)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shopforum.settings.dev")
    import django

    django.setup()
    seed(int(topic_count), int(post_count), int(more[0]) if more else 0)
