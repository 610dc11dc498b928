"""Finding rivals nobody listed: names that posts compare, leave, move to or ask alternatives for.

Pure: threads and pages in, :class:`Candidate` out, each sighting with the words it rests on.
"""

from pipelines.discovery.links import PageLink, PageText, candidates_in_pages
from pipelines.discovery.matching import KnownNames, key_of
from pipelines.discovery.model import Candidate, Post, Seeker, Sighting, Thread
from pipelines.discovery.reading import LONGEST_POST
from pipelines.discovery.threads import RULES_VERSION, find_candidates

__all__ = [
    "LONGEST_POST",
    "RULES_VERSION",
    "Candidate",
    "KnownNames",
    "PageLink",
    "PageText",
    "Post",
    "Seeker",
    "Sighting",
    "Thread",
    "candidates_in_pages",
    "find_candidates",
    "key_of",
]
