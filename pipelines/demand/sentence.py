"""The sentence that words of a post stand in."""

import re

LONGEST_QUOTE = 500
# A full stop ends a sentence only before a space: 1.290.000 and example.com are whole.
_SENTENCE_END = re.compile(r"(?<![.!?…])[.!?…]++(?=\s|$)|[。！？]+|\n+")


def in_its_sentence(text: str, words: str) -> str:
    """The sentence of a text that holds these words: what a reader needs to judge them by.

    A literal part of the text, at most :data:`LONGEST_QUOTE` characters; the words themselves
    where they are not found or their sentence is longer.
    """
    place = text.find(words)
    if place < 0 or not words:
        return words
    ends = [found.end() for found in _SENTENCE_END.finditer(text)]
    start = max((end for end in ends if end <= place), default=0)
    end = min((end for end in ends if end >= place + len(words)), default=len(text))
    sentence = text[start:end].strip()
    return sentence if len(sentence) <= LONGEST_QUOTE else words
