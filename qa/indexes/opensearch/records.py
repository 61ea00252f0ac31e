"""Passages and documents of a version in a cluster, read when they are asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Any, Protocol

from qa.errors import NotFound
from qa.indexes.opensearch.entries import Entries, record_of
from qa.indexes.opensearch.passages import ClusterPassages
from qa.indexes.quotations import overview_of, quotations
from qa.indexes.ready import ReadyPassage, document_of
from qa.messages import say
from qa.models import Document, DocumentOverview, Quotation

RECORDS_KEPT = 1 << 10


class ClusterRecords(Protocol):
    """Records by id. An unknown id raises NotFound."""

    @property
    def overviews(self) -> Sequence[DocumentOverview]:
        """All documents as shown in lists, in order."""
        ...

    def quotation(self, id: str) -> Quotation: ...

    def document(self, id: str) -> Document: ...

    def overview(self, id: str) -> DocumentOverview: ...

    def documents(self) -> Iterator[Document]: ...


class PublishedRecords:
    """The records of documents as they were published, with overviews from the manifest; implements
    `ClusterRecords`."""

    def __init__(self, entries: Entries, passages: ClusterPassages, overviews: Sequence[DocumentOverview]) -> None:
        self._entries, self._passages, self.overviews = entries, passages, overviews

    @cached_property
    def _by_id(self) -> Mapping[str, DocumentOverview]:
        return {each.document.id: each for each in self.overviews}

    def quotation(self, id: str) -> Quotation:
        return self._passages.record(id, Quotation)

    def document(self, id: str) -> Document:
        return record_of(self._entries.one("document", id), Document)

    def overview(self, id: str) -> DocumentOverview:
        if id not in self._by_id:
            raise NotFound(say("not_found.document"))
        return self._by_id[id]

    def documents(self) -> Iterator[Document]:
        return (record_of(entry, Document) for entry in self._entries.all("document"))


class ReadyRecords:
    """What is made from ready passages, each of which is a document; implements `ClusterRecords`."""

    def __init__(self, passages: ClusterPassages, number: int) -> None:
        self._passages, self._number = passages, number
        self.overviews = ReadyOverviews(passages, number)
        self._document = lru_cache(RECORDS_KEPT)(lambda id: document_of(id, passages.record(id, ReadyPassage)))

    def quotation(self, id: str) -> Quotation:
        return next(quotations(self._document(id)))

    def document(self, id: str) -> Document:
        try:
            return self._document(id)
        except NotFound:
            raise NotFound(say("not_found.document")) from None

    def overview(self, id: str) -> DocumentOverview:
        return overview_of(self.document(id))

    def documents(self) -> Iterator[Document]:
        return documents_of(self._passages.between(0, self._number, ReadyPassage))


class ReadyOverviews(Sequence[DocumentOverview]):
    """The documents as shown in lists, each made when it is asked for. There are as many as passages."""

    def __init__(self, passages: ClusterPassages, number: int) -> None:
        self._passages, self._number = passages, number

    def __len__(self) -> int:
        return self._number

    def __iter__(self) -> Iterator[DocumentOverview]:
        return self._between(0, self._number)

    def __getitem__(self, number: Any) -> Any:
        numbers = range(self._number)[number]
        if isinstance(numbers, range):
            found = list(self._between(min(numbers, default=0), max(numbers, default=-1) + 1))
            return [found[each - min(numbers)] for each in numbers]
        return next(self._between(numbers, numbers + 1))

    def _between(self, first: int, end: int) -> Iterator[DocumentOverview]:
        return map(overview_of, documents_of(self._passages.between(first, end, ReadyPassage)))


def documents_of(passages: Iterable[tuple[str, ReadyPassage]]) -> Iterator[Document]:
    """The documents made from ready passages, each with its id."""
    return (document_of(id, ready) for id, ready in passages)
