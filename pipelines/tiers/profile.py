"""What is known of a company when its tier is told, and how a JSON line becomes it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

PostKind = Literal["compared", "switch", "alternative"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferFact:
    """Something sold, as far as tiers need it; ``url`` is the page it stands on."""

    name: str
    price: Decimal | None = None
    currency: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PostFact:
    """A post that names the company together with us: compared with us, a switch between the two,
    or one named as an alternative to the other. ``quote`` is the post's own words.
    """

    quote: str
    url: str | None
    kind: PostKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A company, read: ours (the focal one) or one that may compete with it.

    :param texts: passages with the page they stand on, what says most first: taglines, headings,
        then main texts.
    :param job_adverts: passages of its careers pages: what people are sought for is going to be
        made. They say nothing of what it sells today.
    :param news: passages of its articles: what is announced there counts, what they talk about
        does not.
    :param audience: phrases that say whom it is for.
    :param category: what it calls its trade, or schema.org types, as text.
    :param posts: posts that name it together with us.
    :param searched: keywords its pages are written to be found by, with a page, weightiest first.
    :param linked: sites it links to that tell a trade (:mod:`pipelines.tiers.shared_links`), with
        the words of the link and the page it stands on.
    :param price_band: ``low``, ``middle`` or ``high``, where it was said.
    :param pages_seen: how many of its pages were read; 0 where the profile is a line of a file.
    """

    name: str
    site: str | None = None
    description: str = ""
    texts: tuple[tuple[str, str | None], ...] = ()
    job_adverts: tuple[tuple[str, str | None], ...] = ()
    news: tuple[tuple[str, str | None], ...] = ()
    offers: tuple[OfferFact, ...] = ()
    audience: tuple[str, ...] = ()
    category: str | None = None
    keywords: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    posts: tuple[PostFact, ...] = ()
    searched: tuple[tuple[str, str | None], ...] = ()
    linked: tuple[tuple[str, str, str], ...] = ()
    price_band: str | None = None
    pages_seen: int = 0


def profile_from_json(line: Mapping[str, Any]) -> Profile:
    """A profile from a line of ``scrapy tier`` or from the market file's ``[business]``.

    ``offers`` and ``audience`` may be a text, a list of texts, or (offers) a list of objects with
    ``name`` and ``price``; the other lists may be one text. Other keys are left alone.

    :raises ValueError: where a value is of a wrong type; the message names the key.
    """
    if not isinstance(line, Mapping):
        raise ValueError(f"a company is a JSON object, not {_kind_of(line)}")
    name = _text(line, "name")
    if not name:
        raise ValueError("'name' is missing: say what the company is called")
    return Profile(
        name=name,
        site=_text(line, "site") or None,
        description=_text(line, "description"),
        offers=_offers(line),
        audience=_texts(line, "audience"),
        category="; ".join(_texts(line, "category")) or None,
        keywords=_texts(line, "keywords"),
        regions=_texts(line, "regions"),
        languages=_texts(line, "languages"),
        aliases=_texts(line, "aliases"),
        price_band=_text(line, "price_band") or None,
    )


def _text(line: Mapping[str, Any], key: str) -> str:
    value = line.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ValueError(f"'{key}' must be a text, not {_kind_of(value)}")
    return value.strip()


def _texts(line: Mapping[str, Any], key: str) -> tuple[str, ...]:
    value = line.get(key)
    if value is None:
        return ()
    if isinstance(value, str):
        value = [value]
    if not isinstance(value, list | tuple) or not all(isinstance(part, str) for part in value):
        raise ValueError(f"'{key}' must be a text or a list of texts, not {_kind_of(value)}")
    return tuple(part.strip() for part in value if part.strip())


def _offers(line: Mapping[str, Any]) -> tuple[OfferFact, ...]:
    value = line.get("offers")
    if value is None:
        return ()
    if isinstance(value, str | Mapping):
        value = [value]
    if not isinstance(value, list | tuple):
        raise ValueError(f"'offers' must be a text or a list, not {_kind_of(value)}")
    return tuple(offer for part in value if (offer := _offer(part)) is not None)


def _offer(part: object) -> OfferFact | None:
    if isinstance(part, str):
        return OfferFact(name=part.strip()) if part.strip() else None
    if not isinstance(part, Mapping):
        raise ValueError(f"an entry of 'offers' must be a text or an object, not {_kind_of(part)}")
    name, currency = part.get("name"), part.get("currency")
    if name is not None and not isinstance(name, str):
        raise ValueError(f"an offer's 'name' must be a text, not {_kind_of(name)}")
    if currency is not None and not isinstance(currency, str):
        raise ValueError(f"an offer's 'currency' must be a text, not {_kind_of(currency)}")
    if not name or not name.strip():
        return None
    return OfferFact(name=name.strip(), price=_price(part.get("price")), currency=currency)


def _price(value: object) -> Decimal | None:
    """The price as a number; ``None`` for words ("on request"), which are no error."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        raise ValueError(f"an offer's 'price' must be a number or a text, not {_kind_of(value)}")
    try:
        price = Decimal(str(value).strip().replace(",", "")) if value != "" else None
    except InvalidOperation:
        return None
    return price if price is not None and price.is_finite() else None


def _kind_of(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true or false"
    names = {str: "a text", int: "a number", float: "a number", dict: "an object", list: "a list"}
    return names.get(type(value), type(value).__name__)
