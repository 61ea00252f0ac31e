"""Where passages are kept and found: two small protocols with their promises, and `open_index`.

Every index gets its terms from `text/analysis.py` and proposes candidates; the second stage (`retrieval/ranking.py`)
scores them, so that the ranking is the same wherever the passages are kept. tests/test_indexes.py holds the promises
for every index.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple, Protocol

from qa.errors import IndexUnavailable
from qa.models import Catalogue, Document, Note, Passage, Reference
from qa.text.analysis import PassageTerms, Statistics


class Match(NamedTuple):
    """A passage that the first stage proposes; the score is on the index's own scale."""

    passage: str
    score: float


class Index(Protocol):
    """Terms to passages, over the terms of passage, headings and title."""

    @property
    def statistics(self) -> Statistics:
        """The counts of this version."""
        ...

    @property
    def words(self) -> Mapping[str, int]:
        """Folded words that the passages write in lower case, with their number: what a misspelt word may have
        been meant as. A word only ever written with a capital is taken for a name and left out."""
        ...

    def search(self, terms: Sequence[str], limit: int, conditions: Collection[str] | None = None) -> list[Match]:
        """At most `limit` matches, best first, ties in the order of the documents.

        Every match shares a term with the question and scores above 0; a term given twice counts once. With
        `conditions`, only passages tagged with one of these ids; an empty collection leaves none.
        """
        ...

    def terms(self, passage: str) -> PassageTerms:
        """The terms of a passage, as published. Raises NotFound."""
        ...

    def tagged(self, conditions: Collection[str]) -> int:
        """How many passages are tagged with one of these conditions."""
        ...


class Store(Protocol):
    """Ids to what is shown. An unknown id raises NotFound."""

    @property
    def catalogue(self) -> Catalogue:
        """Everything of this version but the passages' terms."""
        ...

    def passage(self, id: str) -> Passage: ...

    def document(self, id: str) -> Document: ...

    def reference(self, id: str) -> Reference: ...

    def notes(self, document: str) -> tuple[Note, ...]:
        """The notes on a document's sentences, in the order of the text."""
        ...


class OpenIndex(Index, Store, Protocol):
    """Index and store of one published version. It never changes: publishing again opens another one."""

    def __hash__(self) -> int: ...


def open_index(url: str, catalogue: Catalogue) -> OpenIndex:
    """Publish a catalogue at `url` and open it. Raises IndexUnavailable for a kind of index that is not known."""
    if url == "memory:":
        from qa.indexes.memory import MemoryIndex

        return MemoryIndex(catalogue)
    raise IndexUnavailable(f"QA_INDEX: there is no such kind of index: {url!r}. Known is memory: (the default).")
