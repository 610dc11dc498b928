"""What pains, praise, barriers and wishes are about: topics, grouped across languages.

Pure: a stretch of text in, the ids of listed topics out. To add one, see ``topics.toml``.
"""

from pipelines.demand.topics.catalogue import ListedTopic, listed_topics, listed_words, names_of
from pipelines.demand.topics.reading import KINDS, Kind, Topic, topics_in, topics_of

__all__ = [
    "KINDS",
    "Kind",
    "ListedTopic",
    "Topic",
    "listed_topics",
    "listed_words",
    "names_of",
    "topics_in",
    "topics_of",
]
