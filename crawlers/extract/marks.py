"""What the class, id and role of an element say of it, as bits: ``nav``, ``footer``, ``price``...

Names are split into words (``pdp-priceBox`` -> pdp, price, box) and each word belongs to groups;
so no site's own spelling is needed. Bits, because a page has thousands of elements.
"""

import re

_GROUPS: dict[str, str] = {
    "nav": "nav navbar navigation menu megamenu submenu breadcrumb breadcrumbs pagination pager"
    " sitemap toolbar tabs tablist topbar crumb crumbs offcanvas drawer dropdown skip menubar",
    "header": "header masthead topbar announcement",
    "footer": "footer foot bottom colophon copyright contentinfo",
    "side": "sidebar aside side rail widget widgets complementary toc",
    "advert": "ad ads advert advertisement sponsor sponsored promo dfp taboola outbrain",
    "share": "share sharing social socials follow addthis sharethis",
    "related": "related recommend recommended recommendations suggested suggestions similar upsell"
    " crosssell recent recently trending popular also more viewed next prev previous",
    "comment": "comment comments reply replies respond disqus",
    "review": "review reviews rating ratings star stars feedback testimonial testimonials",
    "consent": "cookie cookies consent gdpr onetrust privacy ccpa",
    "popup": "modal popup overlay dialog lightbox tooltip toast notification alert flyout",
    "news": "newsletter subscribe subscription signup optin",
    "login": "login signin account user profile register auth",
    "search": "search searchbox autocomplete",
    "filter": "filter filters facet facets refine refinement refinements sort sorting sortby"
    " swatch option options variant variants",
    "cart": "cart basket minicart checkout wishlist compare quantity qty",
    "meta": "meta byline author date published timestamp tag tags category categories bio info",
    "hidden": "hidden hide invisible sr screenreader visuallyhidden noprint offscreen visually",
    "content": "content contents entry post body article story text copy prose markdown richtext"
    " rte wysiwyg maincontent single wpb",
    "main": "main primary maincontent",
    "page": "page container wrapper inner",
    "product": "product pdp item sku",
    "products": "products items",
    "price": "price prices pricing plan plans cost amount",
    "detail": "detail details description desc summary overview feature features spec specs"
    " specification specifications benefit benefits ingredients highlight highlights",
    "faq": "faq faqs accordion question questions answer answers collapse toggle",
    "list": "list grid tile tiles result results collection listing row feed catalog archive",
    "card": "card cards teaser excerpt",
    "hero": "hero jumbotron intro lead headline subtitle",
    "title": "title heading name",
    "media": "gallery carousel slider slide swiper slick caption image video thumbnail thumb zoom",
    "button": "btn button cta link links",
    "ship": "shipping delivery return returns warranty payment store stores availability pickup",
    "code": "highlight codehilite code snippet hljs prism linenos copybutton",
    "forum": "forum thread topic message messages posts postbody postcontent cooked bbwrapper"
    " signature",
    "stock": "stock availability inventory soldout",
}
_AREAS = (
    "nav", "header", "footer", "aside", "main", "article", "section", "form", "table", "ul", "ol",
    "dl", "dialog", "figure", "details", "select", "button", "blockquote", "pre", "fieldset",
)  # fmt: skip

GROUP_BITS: dict[str, int] = {name: 1 << i for i, name in enumerate(_GROUPS)}
AREA_BITS: dict[str, int] = {name: 1 << i for i, name in enumerate(_AREAS)}

_BITS_OF_WORD: dict[str, int] = {}
for _name, _words in _GROUPS.items():
    for _word in _words.split():
        for _spelling in (_word, _word.capitalize(), _word.upper()):
            _BITS_OF_WORD[_spelling] = _BITS_OF_WORD.get(_spelling, 0) | GROUP_BITS[_name]
_KNOWN = frozenset(_BITS_OF_WORD)
_MOST_TOKENS = 50_000  # names kept; what a site repeats is soon known again

_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")


class _Tokens(dict[str, int]):
    """The bits of single names, each read once: ``card__title--large``."""

    def __missing__(self, token: str) -> int:
        bits = 0
        for word in _KNOWN.intersection(_WORD.findall(token)):
            bits |= _BITS_OF_WORD[word]
        if len(self) >= _MOST_TOKENS:
            self.clear()
        self[token] = bits
        return bits


_TOKENS = _Tokens()


def group_bits(names: str) -> int:
    """The bits of every group that a ``class``, ``id`` or ``role`` value names."""
    bits = 0
    for token in names[:300].split():
        bits |= _TOKENS[token]
    return bits
