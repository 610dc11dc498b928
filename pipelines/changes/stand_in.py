"""Pages that stand in for the one asked for: a notice of works, a parked domain, "not found"
sent with status 200. What they say is not said by the site.
"""

import re
from typing import Literal

from crawlers.folding import fold
from pipelines.changes.model import PageFacts

StandIn = Literal["closed", "missing"]
"""``closed``: the site is not there for now; ``missing``: this one page is not there."""

_SHORT = 1_500  # characters: a notice is short, an article about maintenance is not
_CLOSED = re.compile(
    r"\b(?:under (?:construction|maintenance)|(?:down|closed) for maintenance|scheduled maintenance"
    r"|maintenance mode|we(?:'|’)ll be (?:right )?back|be back soon|temporarily unavailable"
    r"|service unavailable|domain (?:is|may be) for sale|buy this domain|this domain"
    r"|domain (?:has )?expired|parked (?:free|domain)|account (?:has been )?suspended"
    r"|website (?:is )?(?:suspended|disabled|expired)|welcome to nginx|apache2? default page"
    r"|index of /"
    r"|(?:dang|se) (?:duoc )?bao tri|bao tri he thong|tam ngung (?:hoat dong|phuc vu)"
    r"|website dang nang cap|ten mien (?:nay )?(?:dang duoc ban|da het han)|tai khoan da bi khoa)\b"
    r"|(?:网站|系统|正在|升级)维护|维护中|升级中|网站(?:已)?(?:关闭|暂停|停用|到期)|域名(?:出售|已过期|转让)"
    r"|此域名|暂停服务|站点创建成功"
)
_MISSING = re.compile(
    r"\b(?:404|page not found|not found|page (?:does not|doesn(?:'|’)t) exist|no longer available"
    r"|khong tim thay(?: trang)?|trang khong ton tai|duong dan khong ton tai)\b"
    r"|页面不存在|找不到(?:该)?页面|页面未找到|页面已删除|您访问的页面"
)


def stand_in_of(old: PageFacts | None, new: PageFacts, *, inner_links: int) -> StandIn | None:
    """What a page stands for in place of the one asked for; ``None`` where it is a page.

    :param old: the page as it was, where it is known.
    :param inner_links: how many links of the new page lead on inside the site.
    """
    if new.offers or len(new.text) > _SHORT:
        return None
    said = fold("\n".join((new.title, *new.headings[:2], new.text[:400])))
    before = fold("\n".join((old.title, *old.headings[:2], old.text[:400]))) if old else ""
    if _MISSING.search(fold("\n".join((new.title, *new.headings[:1])))):
        was_before = old is not None and _MISSING.search(
            fold("\n".join((old.title, *old.headings[:1])))
        )
        return None if was_before else "missing"
    if _CLOSED.search(said) and not _CLOSED.search(before):
        return "closed"
    if old is not None and not inner_links and len(old.text) >= 200:
        return "closed" if len(new.text) * 2 < len(old.text) else None
    return None
