"""What has become of a sentence of an earlier version: links to sentences are kept for longer than versions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from qa.errors import NotFound
from qa.indexes import OpenIndex
from qa.indexes.quotations import plain_sentence
from qa.models import Document, Sentence
from qa.models.addresses import document_url

# Share of the words that two wordings must have in common, in the same order, to be taken for one sentence; two
# sentences on one subject reach about .4.
MIN_SIMILARITY = 0.6
MOST_COMPARED_WORDINGS = 10  # sentences compared word by word: those that share most words


@dataclass(frozen=True, slots=True)
class SentenceChange:
    """A sentence of a document in an earlier version, as readers saw it, and the nearest wording in the version that is
    served, with its address; both empty if there is none. `published` is the day of the earlier version."""

    title: str
    before: str
    published: str
    now: str = ""
    address: str = ""

    @property
    def moved(self) -> bool:
        """Whether it is still there, word for word, at another place."""
        return self.now == self.before


def change_of_sentence(earlier: OpenIndex, served: OpenIndex, document: str, sentence: str) -> SentenceChange | None:
    """What has become of a sentence. None if it is there, or if the earlier version does not have it either."""
    was, present = find_document(earlier, document), find_document(served, document)
    found = sentence_named(was, sentence) if was else None
    if was is None or found is None or (present and sentence_named(present, sentence)):
        return None
    before, published = plain_sentence(was, found), earlier.manifest.published
    nearest = nearest_sentence(before, present) if present else None
    if present is None or nearest is None:
        return SentenceChange(was.provenance.title, before, published)
    address = document_url(document, nearest.id)
    return SentenceChange(was.provenance.title, before, published, plain_sentence(present, nearest), address)


def find_document(index: OpenIndex, id: str) -> Document | None:
    try:
        return index.document(id)
    except NotFound:
        return None


def sentence_named(document: Document, id: str) -> Sentence | None:
    return next((each for each in document.sentences if each.id == id), None)


def nearest_sentence(wording: str, document: Document) -> Sentence | None:
    """The sentence of a document that is most like a wording; the first of several. None if none is like it."""
    words = wording.split()
    counted = Counter(words)
    shared = [
        (share_of_words(counted, plain_sentence(document, sentence).split()), sentence)
        for sentence in document.sentences
    ]
    shared.sort(key=lambda each: -each[0])
    compared = [
        (similarity(words, plain_sentence(document, sentence).split()), sentence)
        for share, sentence in shared[:MOST_COMPARED_WORDINGS]
        if share >= MIN_SIMILARITY
    ]
    best, nearest = max(compared, key=lambda each: each[0], default=(0.0, None))
    return nearest if best >= MIN_SIMILARITY else None


def share_of_words(counted: Counter[str], words: Sequence[str]) -> float:
    """The share of words that two wordings have in common, in any order: never less than their similarity."""
    return 2 * (counted & Counter(words)).total() / max(1, counted.total() + len(words))


def similarity(one: Sequence[str], other: Sequence[str]) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()
