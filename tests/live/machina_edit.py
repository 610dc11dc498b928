"""Adds and deletes single posts of a machina forum, step by step, as its views would.

Usage: python -m tests.live.machina_edit STEP ..., with DJANGO_SETTINGS_MODULE set. A step is
``reply:TOPIC:COUNT`` or ``delete:POST``.
"""

import sys
from datetime import timedelta


def reply(topic: int, count: int) -> None:
    from machina.apps.forum_conversation.models import Post, Topic

    thread = Topic.objects.get(pk=topic)
    when = Post.objects.order_by("created").last().created
    for number in range(count):
        made = Post(
            topic=thread, poster=thread.poster, subject=thread.subject, approved=True,
            content=f"One more word on this, {number} of topic {topic}. Giá bao nhiêu? 多少钱？",
        )  # fmt: skip
        made.save()
        when += timedelta(minutes=2)
        Post.objects.filter(pk=made.pk).update(created=when, updated=when)
    thread.refresh_from_db()
    thread.update_trackers()


def delete(post: int) -> None:
    from machina.apps.forum_conversation.models import Post

    Post.objects.get(pk=post).delete()


if __name__ == "__main__":
    import django

    django.setup()
    for step in sys.argv[1:]:
        name, *numbers = step.split(":")
        {"reply": reply, "delete": delete}[name](*map(int, numbers))
