"""Reviews as data: schema.org Review in JSON-LD, and the state scripts draw a page from.

What a site's own editors write about others' products is no customer's post: critics' reviews, the
one review of an article, a review by its publisher. Praise without a rating or a date is the site's
choice of voices (a testimonial), not a review. Pure.
"""

import html
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from selectolax.lexbor import LexborNode

from crawlers.document import Document
from crawlers.extract.reviews.fields import Found
from crawlers.extract.reviews.rating import scaled
from crawlers.extract.reviews.text import own_lines
from crawlers.extract.structured import Thing, all_things, text_of, things, types_of
from crawlers.forums.base import Reading
from crawlers.forums.texts.post_text import own_words
from crawlers.json_text import loads

ARTICLES = frozenset({
    "article", "newsarticle", "blogposting", "techarticle", "reportagenewsarticle", "recipe",
    "opinionnewsarticle", "analysisnewsarticle", "liveblogposting", "scholarlyarticle",
})  # fmt: skip
_REVIEWS = frozenset({"review", "userreview", "employerreview"})
_OWN_REVIEWS = frozenset({"criticreview", "claimreview", "mediareview", "reviewnewsarticle"})
_KEYS = ("review", "reviews")
_MOST = 500
_LONGEST_STATE = 3_000_000  # characters of a script's state; more is a shop's whole catalogue
_LISTED = re.compile(r"eviews?(?:[Ll]ist|[Dd]ata|[Ii]tems|[Cc]ards)?\"\s{0,3}:\s{0,3}[\[{]")
_STATE_NODES = 20_000
_TEXTS = ("text", "body", "content", "comment", "reviewText", "reviewBody", "review", "message",
          "reviewContent", "commentContent", "comments")  # fmt: skip
_RATINGS = ("rating", "score", "stars", "star", "ratingValue", "starRating", "rate", "rating_star",
            "overallRating")  # fmt: skip
_AUTHORS = ("author", "authorName", "userName", "username", "nickname", "nickName", "displayName",
            "reviewer", "reviewerName", "consumer", "user", "name", "customerName", "userNickname",
            "author_username", "created_by")  # fmt: skip
_DATES = ("datePublished", "publishedDate", "createdAt", "created_at", "date", "submissionTime",
          "creationTime", "dates", "createdDate", "reviewDate", "ctime", "created",
          "publishedAt")  # fmt: skip
_TITLES = ("title", "headline", "reviewTitle", "subject", "summary")
_IDS = ("id", "reviewId", "review_id", "uuid", "cmtid")


def is_article(document: Document) -> bool:
    """Whether the page's main thing is an article: then its reviews are its editors'."""
    tops = [types_of(thing) for thing in document.json_ld[:200]]
    return any(kinds & ARTICLES for kinds in tops)


def data_reviews(document: Document, reading: Reading) -> list[Found]:
    """The customers' reviews in JSON-LD, page order; on an article only of things with several."""
    article = is_article(document)
    publishers = set(_publishers(document))
    found: list[Found] = []
    seen: set[int] = set()
    for thing, product, together, sold in _reviews_of(document):
        if id(thing) in seen or len(found) >= _MOST:
            continue
        seen.add(id(thing))
        if article and together < 2:
            continue
        one = _of_thing(thing, product, reading, publishers, sold=sold and together > 1)
        if one is not None:
            found.append(one)
    return found


def _publishers(document: Document) -> Iterator[str]:
    for thing in document.json_ld[:200]:
        if types_of(thing) & {"organization", "website", "newsmediaorganization", "onlinestore"}:
            yield text_of(thing.get("name"), 200).casefold()
        yield text_of(thing.get("publisher"), 200).casefold()


def _reviews_of(document: Document) -> Iterator[tuple[Thing, str, int, bool]]:
    """(review, what it reviews, how many stand together, whether that is a product) of every
    Review of the page.
    """
    for thing, _ in all_things(document):
        kinds = types_of(thing)
        if kinds & _REVIEWS and not kinds & _OWN_REVIEWS:
            reviewed = things(thing.get("itemReviewed"))
            yield thing, text_of(reviewed[0].get("name"), 300) if reviewed else "", 1, False
        elif not kinds & (ARTICLES | _OWN_REVIEWS | _REVIEWS):
            name = text_of(thing.get("name"), 300)
            inside = [
                part for key in _KEYS for part in things(thing.get(key))[:_MOST]
                if not types_of(part) & _OWN_REVIEWS
            ]  # fmt: skip
            for part in inside:
                yield part, name, len(inside), bool(kinds & {"product", "productgroup"})


def _of_thing(
    thing: Thing, product: str, reading: Reading, publishers: set[str], *, sold: bool
) -> Found | None:
    authors = [_author(part) for part in _listed(thing.get("author"))]
    author = next(filter(None, authors), None)
    rating = _rating(thing)
    written = text_of(thing.get("datePublished") or thing.get("dateCreated"), 100)
    if author is not None and author.casefold() in publishers | {
        text_of(thing.get("publisher"), 200).casefold()
    }:
        return None
    if rating is None and not written and not (sold and author is not None):
        return None  # a voice the site chose
    lines = own_lines(_words(thing.get("reviewBody") or thing.get("description")), set(), reading)
    for key, mark in (("positiveNotes", "+"), ("negativeNotes", "-")):
        lines.extend(f"{mark} {note}" for note in _notes(thing.get(key)) if note not in lines)
    title = " ".join(_words(thing.get("name") or thing.get("headline")).split())
    if author is not None and title.casefold() == author.casefold():
        title = ""
    if not (lines or title):
        return None
    address = text_of(thing.get("url") or thing.get("@id"), 500)
    return Found(
        author=author,
        title=title[:300],
        body="\n".join(lines),
        written=written,
        rating=rating,
        id=_identifier(thing),
        anchor=address.rpartition("#")[2] if "#" in address else "",
        product=html.unescape(product),
    )


def _listed(value: Any) -> list[Any]:
    return value[:20] if isinstance(value, list) else [value]


def _author(value: Any) -> str | None:
    name = text_of(value.get("name") or value.get("alternateName"), 120) if (
        isinstance(value, dict)
    ) else text_of(value, 120)  # fmt: skip
    return html.unescape(name).strip() or None


def _rating(thing: Thing) -> Decimal | None:
    for part in _listed(thing.get("reviewRating") or thing.get("rating")):
        if isinstance(part, dict):
            found = scaled(part.get("ratingValue"), part.get("bestRating"), part.get("worstRating"))
        else:
            found = scaled(part)
        if found is not None:
            return found
    return None


def _notes(value: Any) -> list[str]:
    found: list[str] = []
    for part in _listed(value):
        if isinstance(part, dict) and "itemListElement" in part:
            found.extend(text_of(one, 300) for one in _listed(part["itemListElement"]))
        else:
            found.append(text_of(part, 300))
    return [note for note in found if note][:40]


def _words(value: Any) -> str:
    """A text with its line breaks: plain, or HTML, or HTML written as entities."""
    text = next((part for part in _listed(value) if isinstance(part, str)), "")
    if "&" in text:
        text = html.unescape(text)
    if "<" in text and ">" in text:
        return own_words(text.replace("\n", "<br>"), quote="").text
    return "\n".join(" ".join(line.split()) for line in text[:200_000].splitlines())


def _identifier(thing: Thing) -> str | None:
    for key in ("identifier", "@id", "url"):
        given = text_of(thing.get(key), 300)
        tail = given.rstrip("/").rpartition("#")[2].rpartition("/")[2].rpartition("=")[2]
        digits = tail.lstrip("reviwcomnt_-RC")
        if digits and digits.isascii() and any(c.isdigit() for c in digits) and len(digits) <= 60:
            return digits
    return None


# --- the state of a script -----------------------------------------------------------------------


def state_reviews(scripts: list[LexborNode], reading: Reading) -> list[Found]:
    """Reviews in the JSON a page's scripts draw it from (``__NEXT_DATA__`` and its like).

    Read only where the page's HTML holds none: a list named for reviews, of objects with words, a
    rating, and an author or a time.
    """
    found: list[Found] = []
    for node in scripts[:40]:
        source = node.text(deep=True)
        if len(source) > _LONGEST_STATE or "eview" not in source or not _LISTED.search(source):
            continue
        try:
            data = loads(source)
        except (ValueError, RecursionError):
            continue
        for row in _rows(data):
            one = _of_row(row, reading)
            if one is not None:
                found.append(one)
        if found:
            break
    return found[:_MOST]


def _rows(data: Any) -> Iterator[Thing]:
    """The objects of every list whose name speaks of reviews."""
    stack: list[tuple[str, Any]] = [("", data)]
    seen = 0
    while stack and seen < _STATE_NODES:
        name, value = stack.pop()
        seen += 1
        if isinstance(value, dict):
            stack.extend(
                (key.lower() if not key.isdigit() else name, part)
                for key, part in reversed(value.items())
                if isinstance(part, dict | list)
            )
        elif isinstance(value, list):
            if "review" in name and "summary" not in name:
                yield from things(value)[:_MOST]
            else:
                stack.extend((name, part) for part in reversed(value[:500]))


def _of_row(row: Thing, reading: Reading) -> Found | None:
    text = next((row[key] for key in _TEXTS if isinstance(row.get(key), str) and row[key]), None)
    rating = next((r for key in _RATINGS if (r := scaled(_value(row.get(key)))) is not None), None)
    if text is None or rating is None:
        return None
    author = next((name for key in _AUTHORS if (name := _person(row.get(key)))), None)
    written = next((when for key in _DATES if (when := _time(row.get(key)))), "")
    if author is None and not written:
        return None
    title = next((text_of(row[key], 300) for key in _TITLES if row.get(key)), "")
    lines = own_lines(_words(text), set(), reading)
    if not (lines or title):
        return None
    return Found(
        author=author,
        title=title,
        body="\n".join(lines),
        written=written,
        rating=rating,
        id=next((given for key in _IDS if (given := text_of(row.get(key), 80))), None),
        anchor="",
    )


def _value(value: Any) -> Any:
    if isinstance(value, dict):
        return value.get("value", value.get("rating", value.get("stars")))
    return value


def _person(value: Any) -> str:
    if isinstance(value, dict):
        return next(
            (name for key in ("displayName", "name", "nickname", "username", "userName")
             if (name := text_of(value.get(key), 120))),
            "",
        )  # fmt: skip
    return text_of(value, 120)


def _time(value: Any) -> str:
    if isinstance(value, dict):
        return next(
            (when for key in ("publishedDate", "createdAt", "published", "created", "date", "value")
             if (when := text_of(value.get(key), 60))),
            "",
        )  # fmt: skip
    return text_of(value, 60)
