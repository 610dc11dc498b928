"""Fills a Spirit forum through its own models; the forum's database is the truth. Deterministic.

Usage: python -m tests.live.spirit_seed TOPICS POSTS NEW, with DJANGO_SETTINGS_MODULE set. With NEW
above 0, that many posts are added to the long topics instead.
"""

import random
import sys
from datetime import UTC, datetime, timedelta

from tests.live.shop_talk import LANGUAGES, NAMES, OPENINGS, markdown_post, quotable

START = datetime(2026, 1, 5, 3, 0, tzinfo=UTC)
SPAN = timedelta(days=300)


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
        last_said = Comment.objects.order_by("-date").first().date
    else:
        people = [users.objects.create(username=n, email=f"u{i}@example.org", is_active=True)
                  for i, n in enumerate(NAMES)]  # fmt: skip
        shops = Category.objects.create(title="Shops & tools")
        talk = Category.objects.create(title="闲聊 / Trò chuyện")
        rows = [
            Topic.objects.create(
                user=rng.choice(people),
                title=f"{rng.choice(OPENINGS[LANGUAGES[number % 3]])} #{number}",
                category=rng.choice([shops, talk]), is_pinned=number == 3,
                date=START, last_active=START,
            )
            for number in range(topics)
        ]  # fmt: skip
        last_said = START
    offset = Comment.objects.count()
    step = timedelta(minutes=7) if new else SPAN / posts
    last: dict[int, str] = {}
    made = []
    for number in range(new or posts):
        # One topic in eight is a long one, so that threads have several pages.
        if new:
            topic = rng.choice(rows[::8])
        elif number < len(rows):
            topic = rows[number]
        else:
            topic = rng.choice(rows[::8]) if rng.random() < 0.5 else rng.choice(rows)
        text = markdown_post(rng, offset + number, rng.choice(LANGUAGES), last.get(topic.pk))
        when = last_said + step * (number + 1) + timedelta(seconds=rng.randrange(60))
        made.append(
            Comment(
                user=rng.choice(people), topic=topic, comment=text,
                comment_html=Markdown().render(text), date=when,
            )
        )  # fmt: skip
        last[topic.pk] = quotable(text)
        topic.comment_count += 1
        topic.last_active = when
    Comment.objects.bulk_create(made, batch_size=500)
    Topic.objects.bulk_update(rows, ["comment_count", "last_active"], batch_size=500)
    if not new:  # what moderators leave in a thread is no post
        Comment.create_moderation_action(people[0], rows[0], Comment.CLOSED)


if __name__ == "__main__":
    import django

    django.setup()
    seed(*map(int, sys.argv[1:]))
