"""What ranking needs of the sentences of a passage, worked out when publishing."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from qa.indexes.candidates import SentenceMarks
from qa.indexes.words import PassageMarks
from qa.models import Passage
from qa.text.analysis import Token
from qa.understanding.aspects import Aspects


def marks_of(passage: Passage, words: Sequence[Token], aspects: Aspects) -> PassageMarks:
    """The tags of a passage, and what ranking needs of its sentences. `words` are the content words of its text.

    What the heading or a table's header row shows, each sentence or row under it shows.
    """
    above = (*passage.path[-1:], *([passage.head.text] if passage.head else []))
    heading = frozenset[str]().union(*map(aspects.shown, above))
    sentences = []
    for sentence in passage.sentences:
        start, end = sentence.start - passage.start, sentence.end - passage.start
        first = bisect_left(words, start, key=lambda token: token.start)
        tags = frozenset(tag.id for tag in sentence.conditions)
        sentences.append(SentenceMarks(first, tags, aspects.shown(passage.text[start:end]) | heading))
    return PassageMarks(frozenset(tag.id for tag in passage.conditions), sentences)
