"""Index and store of passages: two small protocols, and `open_index`.

Every index uses the terms of `text/analysis.py` and returns candidates. They are scored in a second stage
(`retrieval/ranking.py`), so the ranking does not depend on the index. tests/test_indexes.py tests every index against
these protocols.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple, Protocol

from qa.errors import IndexUnavailable
from qa.models import Catalogue, Document, Note, Passage, Reference
from qa.text.analysis import PassageTerms, Statistics


class Match(NamedTuple):
    """A candidate passage of the first stage; the scale of the score depends on the index."""

    passage: str
    score: float


class Index(Protocol):
    """Find passages by the terms of their text, headings and document title."""

    @property
    def statistics(self) -> Statistics:
        """Term statistics of this version."""
        ...

    @property
    def words(self) -> Mapping[str, int]:
        """Counts of folded words that occur in lower case: the candidates for spelling correction.

        A word that is always capitalised is taken for a name and left out.
        """
        ...

    def search(self, terms: Sequence[str], limit: int, conditions: Collection[str] | None = None) -> list[Match]:
        """At most `limit` matches, best first; ties are in document order.

        Every match shares a term with the question and has a score above 0; repeated terms count once. With
        `conditions`, only passages tagged with one of these ids; none if the collection is empty.
        """
        ...

    def terms(self, passage: str) -> PassageTerms:
        """The terms of a passage, as published. Raises NotFound."""
        ...


class Store(Protocol):
    """Passages, documents, references and notes by id. An unknown id raises NotFound."""

    @property
    def catalogue(self) -> Catalogue:
        """All content of this version except the terms of passages."""
        ...

    def passage(self, id: str) -> Passage: ...

    def document(self, id: str) -> Document: ...

    def reference(self, id: str) -> Reference: ...

    def notes(self, document: str) -> tuple[Note, ...]:
        """The notes on sentences of a document, in reading order."""
        ...


class OpenIndex(Index, Store, Protocol):
    """Index and store of one published version. Immutable: publishing again creates a new version."""

    def __hash__(self) -> int: ...


def open_index(url: str, catalogue: Catalogue) -> OpenIndex:
    """Publish a catalogue at `url` and open it. Raises IndexUnavailable for an unknown kind of index."""
    if url == "memory:":
        from qa.indexes.memory import MemoryIndex

        return MemoryIndex(catalogue)
    raise IndexUnavailable(f"QA_INDEX: unknown kind of index: {url!r}. The only kind is memory: (the default).")
