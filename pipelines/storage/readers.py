"""Which readers read a page, and an older answer read by today's.

What a new version of the readers reads in a page is no change of the page. So each page keeps the
mark of the readers that read it; where they are not today's, its older answer is taken from the
archive and read again before anything is compared.
"""

import hashlib
from functools import cache
from pathlib import Path

import crawlers
import pipelines
from crawlers.archive import read_archived
from crawlers.extract import read_page
from crawlers.items import Fetch, PageItem, Target
from pipelines.changes import PageFacts
from pipelines.channel_tags import TagChannels
from pipelines.normalise import Normalise
from pipelines.validate import Validate

_READERS = (
    (crawlers, ("extract", "document.py", "folding.py", "language.py")),
    (pipelines, ("channels", "channel_tags.py", "normalise.py", "validate.py")),
)
_SOURCES = (".py", ".toml")


@cache
def readers_mark() -> str:
    """Today's readers, as a short hash of their own sources: nobody has to remember to count up."""
    digest = hashlib.sha256()
    for package, names in _READERS:
        for name in names:
            root = Path(package.__path__[0]) / name
            files = sorted(root.rglob("*")) if root.is_dir() else [root]
            for file in files:
                if file.suffix in _SOURCES and file.is_file():
                    digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:12]


def read_again(
    folder: Path, file: str, offset: int, *, url: str, competitor: str, least: int
) -> PageFacts | None:
    """An archived answer as today's readers read it; ``None`` where it cannot be had.

    :param folder: the market's data folder.
    :param least: characters of text that were read in it before; an answer that says far less
        without the browser that drew it stands for nothing.
    """
    document = read_archived(folder, file, offset, url=url)
    if document is None or not document.is_html:
        return None
    target = Target(source=competitor, url=url, role="page")
    fetch = Fetch(url=url, status=200, fetched_at=document.fetched_at)
    item: PageItem = PageItem(target=target, fetch=fetch, page=read_page(document))
    for step in (Validate(), Normalise(), TagChannels()):
        item = step.process_item(item)
    facts = facts_of(item)
    return facts if len(facts.text) * 2 >= least else None


def facts_of(item: PageItem) -> PageFacts:
    """What a page states, as it is compared."""
    page = item.page
    return PageFacts(
        url=item.target.url, kind=page.kind, title=page.title, description=page.description,
        company=page.company, offers=page.offers, text=page.text, headings=page.headings,
        notices=page.notices, channels=item.channels,
    )  # fmt: skip
