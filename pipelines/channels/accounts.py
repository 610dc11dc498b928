"""Whose account is it? The site's own, or another party's that the page only mentions.

A link in the header or footer, in the page's structured data, or to an account named like the
site is the site's own. In the body it depends on what the page is and what the link says. Pure.
"""

import re
from dataclasses import dataclass

from crawlers.folding import fold
from crawlers.items import Page
from crawlers.urls import host_of, registrable_domain
from crawlers.words import Place, Strength
from pipelines.channels.rows import Rule

# Pages that write about others: their links lead to what they write about.
ABOUT_OTHERS = frozenset({"article", "listing", "documentation", "forum_board", "forum_topic"})
MANY = 3  # accounts of one platform in a body; more is a list of other parties

_PLAIN = re.compile(r"[\W_]+")
_INVITES = re.compile(
    r"follow|visit us|find us|join us|like us|connect|chat|message us|contact|channel|page|social"
    r"|official|our |subscribe|add friend|store|shop|buy|order|download|get it|available"
    r"|theo dõi|kết nối|liên hệ|nhắn tin|tư vấn|fanpage|kênh|trang|gian hàng|cửa hàng|mua|tải|chính"
    r" hãng|gọi|đặt|关注|官方|联系|咨询|客服|旗舰店|店铺|购买|下载|加入|添加"
    r"|扫码|關注|聯繫|諮詢|購買|追蹤|追踪|下載|粉絲|粉丝|店"
)


# Words that are a domain's name on many sites of many parties: shop.vn and shop.com are strangers.
_COMMON = frozenset(
    "shop store online market mobile travel hotel house coffee beauty fashion blogs video music"
    " health sport sports games world media group agency studio digital design".split()
)
# What may follow a name under another country: lumoliving.co.uk, lumoliving.eu, lumoliving.com.vn
_SUFFIX = re.compile(r"(?:com?\.|net\.|org\.)?[a-z]{2,3}|info|shop|store|blog")


@dataclass(frozen=True, slots=True)
class Site:
    """What is needed to know a site's own name again in an account's name."""

    domain: str
    names: frozenset[str]
    about_others: bool
    brand: str = ""  # the domain's name with its dot, where it is no common word

    @classmethod
    def of(cls, page: Page) -> "Site":
        """The site a page belongs to."""
        domain = registrable_domain(host_of(page.url))
        names = {plain_name(domain.split(".")[0])}
        if page.company.name:
            names.add(plain_name(page.company.name[:80]))
        brand = domain.partition(".")[0]
        return cls(
            domain=domain,
            names=frozenset(name for name in names if len(name) > 2),
            about_others=page.kind in ABOUT_OTHERS,
            brand="" if brand in _COMMON else f"{brand}.",
        )

    def owns(self, host: str) -> bool:
        """Whether a host is the site's: under its domain, or its name under another suffix
        (``corporate.lumoliving.com`` of ``lumoliving.co.uk``).
        """
        domain = self.domain
        if not domain:
            return False
        if host.endswith(domain) and (len(host) == len(domain) or host[-len(domain) - 1] == "."):
            return True
        if self.brand not in host or len(self.brand) < 6:
            return False
        before, _, suffix = host.partition(self.brand)
        return (not before or before.endswith(".")) and bool(_SUFFIX.fullmatch(suffix))

    def names_itself(self, account: str) -> bool:
        """Whether an account's name is the site's (``@lumo.official`` of ``lumo.vn``)."""
        plain = plain_name(account[:80])
        if not plain:
            return False
        for name in self.names:
            if plain == name:
                return True
            short, long = sorted((plain, name), key=len)
            if len(short) >= 4 and long.startswith(short):
                return True
            if len(short) >= 6 and short in long:
                return True
        return False


def plain_name(text: str) -> str:
    """A name folded to letters and digits alone."""
    return _PLAIN.sub("", fold(text))


def account_strength(
    rule: Rule, name: str, text: str, *, place: Place, site: Site
) -> Strength | None:
    """How strongly a link to an account speaks for the site; None where it is another party's.

    :param name: the account's name in the address, ``""`` where it has none.
    :param text: the link's words.
    """
    if place != "body" or (name and site.names_itself(name)):
        return rule.strength
    words = text.strip().lower()
    inviting = len(words) < 60 and (
        not words
        or bool(_INVITES.search(words))
        or (rule.platform is not None and rule.platform in plain_name(words))
    )
    if not site.about_others:
        return rule.body if inviting or rule.body == rule.strength else 1
    if rule.body == rule.strength and inviting:
        return 2 if rule.strength == 3 else rule.strength
    return 1 if inviting and words else None
