"""The company sites of the sample, rendered: three families of markup, and what is not a page."""

from collections.abc import Iterator
from functools import cache
from html import escape

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from analysis.demo.answers import NOW, Answer, etag_of, not_found, page, plain, redirect
from analysis.demo.content import Site, SitePage, with_addresses
from analysis.demo.markup import to_html

FAMILIES = ("classic", "cards", "portal")
"""Ways a site is marked up; each has ``NAME_page.html`` and ``NAME_parts.html``."""


@cache
def templates() -> Environment:
    """The sample's templates; missing names are errors."""
    return Environment(
        loader=PackageLoader("analysis.demo"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def site_answer(site: Site, target: str, port: int) -> Answer:
    """What a company's site answers.

    :param target: path and query as asked for.
    :param port: the port of the Host header: every absolute link carries it.
    """
    path = target.partition("?")[0]
    if path == "/robots.txt":
        return plain(_robots(site, port))
    if path == "/sitemap.xml" and site.sitemap:
        return page(_sitemap(site, port), content_type="application/xml; charset=utf-8")
    if path == "/ads.txt" and site.ads_txt:
        return plain(site.ads_txt + "\n")
    if path in site.redirects:
        return redirect(with_addresses("{origin}", site.id, port) + site.redirects[path])
    if path.startswith("/files/") and path in _files(site):
        return _pdf(f"{site.name} {site.details['phone']}")
    if path == site.big.get("path"):
        return page(_render(site, _big_page(site), port), modified=NOW)
    for content in site.pages:
        if content.path == path:
            return _page_answer(site, content, port)
    if path.startswith(site.closed_paths or ("\0",)):
        return page("<!doctype html><title>Sign in</title><p>This part is for customers.</p>")
    return not_found(site.name)


def site_paths(site: Site) -> tuple[str, ...]:
    """Paths of the site's pages, the large one among them."""
    paths = [content.path for content in site.pages]
    return tuple([*paths, str(site.big["path"])] if site.big else paths)


def _page_answer(site: Site, content: SitePage, port: int) -> Answer:
    kind = "text/html" if not site.declared else f"text/html; charset={site.encoding}"
    return page(
        _render(site, content, port),
        content_type=kind,
        encoding=site.encoding,
        modified=content.published or NOW,
    )


def _render(site: Site, content: SitePage, port: int) -> str:
    environment = templates()
    parts = environment.get_template(f"{site.family}_parts.html").module
    origin = with_addresses("{origin}", site.id, port)
    articles = [entry for entry in site.pages if entry.kind == "article"]
    fragments = {
        "plans": parts.plans(content.plans),  # type: ignore[attr-defined]
        "posts": parts.posts(articles, origin),  # type: ignore[attr-defined]
        "items": _items(site),
    }

    def raw(text: str) -> Markup:
        return Markup(with_addresses(text, site.id, port))  # noqa: S704 - our own files

    return environment.get_template(f"{site.family}_page.html").render(
        site=site,
        page=content,
        origin=origin,
        body=to_html(with_addresses(content.body, site.id, port), fragments),
        head=raw(site.head),
        header_html=raw(site.header_html),
        footer_html=raw(site.footer_html),
        ld=raw(content.ld),
        cart=site.closed_paths[0] if site.closed_paths and not site.closed else "",
    )


def _robots(site: Site, port: int) -> str:
    line = with_addresses("Sitemap: {origin}/sitemap.xml\n", site.id, port)
    return site.robots + (line if site.sitemap else "")


def _sitemap(site: Site, port: int) -> str:
    origin = with_addresses("{origin}", site.id, port)
    rows = "".join(
        f"<url><loc>{escape(origin + content.path)}</loc>"
        f"<lastmod>{(content.published or NOW):%Y-%m-%d}</lastmod></url>\n"
        for content in site.pages
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{rows}</urlset>\n'
    )


def _files(site: Site) -> frozenset[str]:
    """Addresses of files the pages link to."""
    return frozenset(
        word.split(")")[0]
        for content in site.pages
        for word in content.body.split("](")[1:]
        if word.startswith("/files/")
    )


def _pdf(words: str) -> Answer:
    """A PDF of one empty page, whole and valid; the title carries the words."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
        b"<< /Title <" + words.encode("utf-16-be").hex().encode() + b"> >>",
    ]
    body, places = b"%PDF-1.4\n", []
    for number, part in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    start = len(body)
    body += b"xref\n0 5\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % p for p in places)
    body += b"trailer\n<< /Size 5 /Root 1 0 R /Info 4 0 R >>\nstartxref\n%d\n%%%%EOF\n" % start
    headers = (("Content-Type", "application/pdf"), ("ETag", etag_of(body)))
    return Answer(status=200, body=body, headers=headers)


_GOODS = ("Mật ong", "Nước mắm", "Trà sen", "Gốm", "Khăn lụa", "Nón lá", "Cà phê", "Bánh tráng")
_PLACES = ("Cao Bằng", "Phú Quốc", "Huế", "Bát Tràng", "Bảo Lộc", "Gò Găng", "Đắk Lắk", "Sa Đéc")


def _big_page(site: Site) -> SitePage:
    return SitePage(
        path=str(site.big["path"]),
        kind="collection",
        lang=site.lang,
        title=f"Tất cả mặt hàng - {site.name}",
        description="Toàn bộ mặt hàng trên sàn, một trang duy nhất.",
        body="# Tất cả mặt hàng\n\n!items",
    )


def _items(site: Site) -> Markup:
    """The large page's goods: a long list in one page, as careless shops have it."""

    def rows() -> Iterator[str]:
        for number in range(int(site.big.get("items", 0))):
            goods = _GOODS[number % len(_GOODS)]
            place = _PLACES[number // len(_GOODS) % len(_PLACES)]
            price = f"{(number * 7919) % 480 + 20}.000đ"
            href = "/mat-ong-cao-bang" if number == 0 else f"#sp-{number}"
            yield (
                f'<div class="product-card" id="sp-{number}"><a class="product-name" href="{href}">'
                f"{goods} {place} số {number + 1}</a><div class='product-meta'>"
                f'<span class="product-price">{price}</span> <span class="product-sold">'
                f"Đã bán {number % 97}</span></div></div>"
            )

    return Markup("\n".join(rows()))  # noqa: S704 - our own words
