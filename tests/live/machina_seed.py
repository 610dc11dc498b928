"""Fills a machina forum through its own models; its database is the truth. Deterministic.

Usage: python -m tests.live.machina_seed TOPICS POSTS NEW, with DJANGO_SETTINGS_MODULE set. With NEW
above 0, that many posts are added instead, to seven topics and a new eighth.
"""

import random
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.live.shop_talk import LANGUAGES, NAMES, OPENINGS, markdown_post, quotable

START = datetime(2025, 11, 3, 4, 0, tzinfo=UTC)
SPAN = timedelta(days=365)
GUESTS = ["Khách ghé chơi", "路人甲", "passer-by"]
SIGNATURE = "-- **My small shop**, open from 9 to 9 --"


def forums() -> list[Any]:
    """The boards topics are started in, in a category, below others, at the top; the last one is
    not open to visitors.
    """
    from django.contrib.auth.models import AnonymousUser
    from machina.apps.forum.models import Forum
    from machina.apps.forum_permission.shortcuts import assign_perm

    def forum(name: str, parent: Any = None, type_: int = Forum.FORUM_POST, **more: Any) -> Any:
        return Forum.objects.create(name=name, parent=parent, type=type_, **more)

    selling = forum("Bán hàng · 卖货", type_=Forum.FORUM_CAT)
    systems = forum("Shop systems", selling, description="Builders, tills and *checkouts*")
    payments = forum("Thanh toán", systems)
    shipping = forum("Shipping", systems)
    labels = forum("Labels", shipping)
    talk = forum("闲聊", selling)
    wishes = forum("Wishes", forum("Góp ý"))
    members = forum("Members only", selling)
    for permission in ("can_see_forum", "can_read_forum"):
        assign_perm(permission, AnonymousUser())
        assign_perm(permission, AnonymousUser(), members, has_perm=False)
    return [systems, systems, payments, shipping, labels, talk, talk, wishes, members]


def people() -> list[Any]:
    """The members; one in four signs what it writes."""
    from django.contrib.auth import get_user_model
    from machina.apps.forum_member.models import ForumProfile

    users = get_user_model().objects
    made = [users.create(username=name, email=f"u{i}@example.org") for i, name in enumerate(NAMES)]
    for number, user in enumerate(made):
        ForumProfile.objects.create(user=user, signature=SIGNATURE if number % 4 == 0 else "")
    return made


def seed(topics: int, posts: int, new: int) -> None:
    from django.contrib.auth import get_user_model
    from machina.apps.forum_conversation.models import Post, Topic

    rng = random.Random(20_261_123 + new)
    if new:
        users = list(get_user_model().objects.order_by("pk"))
        old = list(Topic.objects.filter(approved=True, forum__name="Shop systems"))
        rows = [*rng.sample(old, 7), start_topic(rng, len(old), old[0].forum, users)]
        begin, step = Post.objects.order_by("created").last().created, timedelta(minutes=11)
    else:
        users, (*boards, members) = people(), forums()
        rows = [
            start_topic(rng, number, members if number in {20, 25} else rng.choice(boards), users)
            for number in range(topics)
        ]
        begin, step = START, SPAN / posts
    offset, last, made = Post.objects.count(), {}, []
    for number in range(new or posts):
        # One topic in six is a long one, so that threads have several pages.
        if number < len(rows):
            topic = rows[number]
        else:
            topic = rng.choice(rows[::6] if rng.random() < 0.6 else rows)
        text = markdown_post(rng, offset + number, rng.choice(LANGUAGES), last.get(topic.pk))
        when = begin + step * (number + 1) + timedelta(seconds=rng.randrange(60))
        if number % 9 == 0 and not new:  # full hours, noons and midnights have words of their own
            when = when.replace(minute=0)
        made.append(post(rng, number, topic, text, when, users))
        last[topic.pk] = quotable(text)
    times = [(one, one.created) for one in made]
    Post.objects.bulk_create(made, batch_size=500)
    for one, when in times:  # the models set the present
        one.created = one.updated = when
    Post.objects.bulk_update(made, ["created", "updated"], batch_size=200)
    if not new:
        what_moderators_do(rows)
    for topic in rows:
        topic.refresh_from_db()
        Topic.objects.filter(pk=topic.pk).update(created=topic.posts.first().created)
        topic.refresh_from_db()
        topic.update_trackers()


def start_topic(rng: random.Random, number: int, forum: Any, users: list[Any]) -> Any:
    from machina.apps.forum_conversation.models import Topic

    subject = f"{rng.choice(OPENINGS[LANGUAGES[number % 3]])} #{number}"
    return Topic.objects.create(
        forum=forum, poster=rng.choice(users), subject=subject, type=Topic.TOPIC_POST,
        status=Topic.TOPIC_UNLOCKED, approved=True,
    )  # fmt: skip


def post(
    rng: random.Random, number: int, topic: Any, text: str, when: datetime, users: list[Any]
) -> Any:
    """A post as its form would make it: by a member, or by a guest; some edited later."""
    from machina.apps.forum_conversation.models import Post
    from machina.models.fields import render_func

    guest = number % 31 == 30
    return Post(
        topic=topic, poster=None if guest else rng.choice(users),
        username=rng.choice(GUESTS) if guest else None,
        anonymous_key=f"{rng.randrange(10**9)}" if guest else None,
        subject=topic.subject if number % 5 else f"Re: {topic.subject}", content=text,
        _content_rendered=render_func(text), approved=True, created=when, updated=when,
        updates_count=number % 17 == 3, update_reason="spelling" if number % 34 == 3 else None,
    )  # fmt: skip


def what_moderators_do(rows: list[Any]) -> None:
    """Topics pinned, announced, locked and moved; a post and a topic that wait for approval."""
    from machina.apps.forum_conversation.models import Post, Topic

    def mark(topic: Any, **marks: Any) -> None:
        Topic.objects.filter(pk=topic.pk).update(**marks)

    mark(rows[6], type=Topic.TOPIC_STICKY)
    mark(rows[7], type=Topic.TOPIC_STICKY)
    mark(rows[12], type=Topic.TOPIC_ANNOUNCE)
    mark(rows[13], status=Topic.TOPIC_LOCKED)
    elsewhere = next(topic.forum for topic in rows if topic.forum_id != rows[14].forum_id)
    mark(rows[14], status=Topic.TOPIC_MOVED, forum=elsewhere)
    waiting = rows[18].posts.order_by("created")[3]
    Post.objects.filter(pk=waiting.pk).update(approved=False)
    rows[19].posts.update(approved=False)
    mark(rows[19], approved=False)


if __name__ == "__main__":
    import django

    django.setup()
    seed(*map(int, sys.argv[1:]))
