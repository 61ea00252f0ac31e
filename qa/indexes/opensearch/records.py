"""Passages and documents of a version in a cluster, read when they are asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, Protocol

from qa.errors import NotFound
from qa.indexes.opensearch.entries import Entries, IndexEntry, record_of
from qa.indexes.opensearch.layout import PASSAGE
from qa.indexes.quotations import overview_of, quotations
from qa.indexes.ready import ReadyPassage, document_of
from qa.messages import say
from qa.models import Document, DocumentOverview, Quotation

RECORD_WITH_ID = ("id", "record")


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

    def __init__(self, entries: Entries, overviews: Sequence[DocumentOverview]) -> None:
        self._entries, self.overviews = entries, overviews

    @cached_property
    def _by_id(self) -> Mapping[str, DocumentOverview]:
        return {each.document.id: each for each in self.overviews}

    def quotation(self, id: str) -> Quotation:
        return record_of(self._entries.one(PASSAGE, id), Quotation)

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

    def __init__(self, entries: Entries, passages: int) -> None:
        self._entries, self.overviews = entries, ReadyOverviews(entries, passages)

    def quotation(self, id: str) -> Quotation:
        return next(quotations(document_of(id, self._ready(id))))

    def document(self, id: str) -> Document:
        try:
            return document_of(id, self._ready(id))
        except NotFound:
            raise NotFound(say("not_found.document")) from None

    def overview(self, id: str) -> DocumentOverview:
        return overview_of(self.document(id))

    def documents(self) -> Iterator[Document]:
        return documents_in(self._entries.all(PASSAGE, RECORD_WITH_ID))

    def _ready(self, id: str) -> ReadyPassage:
        return record_of(self._entries.one(PASSAGE, id), ReadyPassage)


class ReadyOverviews(Sequence[DocumentOverview]):
    """The documents as shown in lists, each made when it is asked for. There are as many as passages."""

    def __init__(self, entries: Entries, passages: int) -> None:
        self._entries, self._passages = entries, passages

    def __len__(self) -> int:
        return self._passages

    def __iter__(self) -> Iterator[DocumentOverview]:
        return self._between(0, self._passages)

    def __getitem__(self, number: Any) -> Any:
        numbers = range(self._passages)[number]
        if isinstance(numbers, range):
            found = list(self._between(min(numbers, default=0), max(numbers, default=-1) + 1))
            return [found[each - min(numbers)] for each in numbers]
        return next(self._between(numbers, numbers + 1))

    def _between(self, first: int, end: int) -> Iterator[DocumentOverview]:
        return map(overview_of, documents_in(self._entries.between(PASSAGE, first, end, RECORD_WITH_ID)))


def documents_in(entries: Iterable[IndexEntry]) -> Iterator[Document]:
    """The documents made from the entries of ready passages."""
    return (document_of(entry["id"], record_of(entry, ReadyPassage)) for entry in entries)
