"""What is true of the sample, from the content it is made of, never from what a reader found.

``truth.json`` is the same, written down (``python -m analysis.demo.truth`` writes it anew), so
that a change of the sample shows in its diff.
"""

import json
from dataclasses import asdict
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

from analysis.demo import broken
from analysis.demo.answers import NOW
from analysis.demo.boards import Forum, Post, Thread, load_forums
from analysis.demo.content import Mark, Site, load_sites

VERSION = 1
_FILE = "truth.json"


def load_truth() -> dict[str, Any]:
    """The truth as written down.

    ``business`` and ``competitors``: ``id, name, host, lang, tier, verdict, complement, reads``
    (``whole``, ``closed`` by robots.txt, ``partly``: the broken site, whose tier and verdict are
    null and not asserted), ``pages`` (number), ``must`` and ``never`` ({channel, role, platform};
    platform null: any; else the plain name, with which a shown name begins in any case: ``WeChat``
    stands for "WeChat (微信)"), ``offers`` ({page, name, price, currency, period, unit,
    price_text}; price null: on request).

    ``forums``: ``key, name, host, engine, timezone, threads, posts`` (numbers) and ``titles``
    (thread number -> title).

    ``posts``: ``forum, id, thread, author, posted_at`` (UTC), ``lang, text`` (own words; compare
    with white space folded), ``quotes`` (a post's number or null), ``seller, switch`` ({from, to,
    from_text, to_text, status} or null: there is none), and ``stage, barrier, pain, praise``,
    where null means "not asserted".
    """
    source = files("analysis.demo").joinpath(_FILE).read_text(encoding="utf-8")
    truth: dict[str, Any] = json.loads(source)
    return truth


def build_truth() -> dict[str, Any]:
    """The truth as it follows from the content files."""
    sites = load_sites()
    rivals = [_company(site) for site in sites if not site.own] + [_broken()]
    return {
        "version": VERSION,
        "now": _utc(NOW),
        "business": next(_company(site) for site in sites if site.own),
        "competitors": sorted(rivals, key=lambda row: str(row["id"])),
        "forums": [_forum(forum) for forum in load_forums()],
        "posts": [
            _post(forum, thread, post)
            for forum in load_forums()
            for thread in forum.threads
            for post in thread.posts
        ],
    }


def as_text(truth: dict[str, Any]) -> str:
    """JSON with a line for each company, forum and post: a diff shows which one changed."""
    parts = []
    for key, value in truth.items():
        if isinstance(value, list):
            rows = ",\n".join(json.dumps(row, ensure_ascii=False) for row in value)
            parts.append(f"{json.dumps(key)}: [\n{rows}\n]")
        else:
            parts.append(f"{json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _utc(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def _company(site: Site) -> dict[str, Any]:
    return {
        "id": site.id,
        "name": site.name,
        "host": site.host,
        "lang": site.lang.partition("-")[0],
        "tier": site.tier,
        "verdict": site.verdict,
        "complement": site.complement,
        "reads": "closed" if site.closed else "whole",
        "pages": len(site.pages) + bool(site.big),
        "must": [_mark(mark) for mark in site.must],
        "never": [_mark(mark) for mark in site.never],
        "offers": [
            {
                "page": page.path,
                "name": plan.name,
                "price": None if plan.price is None else str(plan.price),
                "currency": plan.currency,
                "period": plan.period,
                "unit": plan.unit,
                "price_text": plan.text,
            }
            for page in site.pages
            for plan in page.plans
        ],
    }


def _broken() -> dict[str, Any]:
    return {
        "id": broken.HOST.partition(".")[0],
        "name": broken.NAME,
        "host": broken.HOST,
        "lang": "en",
        "tier": None,
        "verdict": None,
        "complement": False,
        "reads": "partly",
        "pages": 1,
        "must": [],
        "never": [],
        "offers": [],
    }


def _mark(mark: Mark) -> dict[str, str | None]:
    return asdict(mark)


def _forum(forum: Forum) -> dict[str, Any]:
    return {
        "key": forum.key,
        "name": forum.name,
        "host": forum.host,
        "engine": forum.engine,
        "timezone": forum.timezone,
        "threads": len(forum.threads),
        "posts": len(forum.thread_of_post),
        "titles": {str(thread.id): thread.title for thread in forum.threads},
    }


def _post(forum: Forum, thread: Thread, post: Post) -> dict[str, Any]:
    said, switch = post.said, post.said.switch
    return {
        "forum": forum.key,
        "id": str(post.id),
        "thread": str(thread.id),
        "author": said.author,
        "posted_at": _utc(said.at),
        "lang": said.lang,
        "text": said.text,
        "quotes": str(post.quoted.id) if post.quoted else None,
        "seller": said.seller,
        "switch": None
        if switch is None
        else {
            "from": switch.source,
            "to": switch.target,
            "from_text": switch.source_text,
            "to_text": switch.target_text,
            "status": switch.status,
        },
        "stage": said.stage,
        "barrier": said.barrier,
        "pain": said.pain,
        "praise": said.praise,
    }


def main() -> None:
    """Write ``truth.json`` beside this module."""
    path = Path(__file__).with_name(_FILE)
    path.write_text(as_text(build_truth()), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
