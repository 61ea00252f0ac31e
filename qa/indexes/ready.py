"""Passages that are ready to be indexed: each is a document of its own, with a title, a text and sentences, and without
citations. Only that is stored; documents and quotations are made from it when they are asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any, Generic, Protocol, TypeVar

from qa.indexes.layout import Names, Records, Sections, place_among
from qa.indexes.quotations import overview_of, quotations
from qa.models import Condition, ConditionTag, Document, DocumentOverview, Passage, Provenance, Quotation, Sentence

READY = "ready"  # the name of the records
Made = TypeVar("Made")
KeptRecord = TypeVar("KeptRecord", covariant=True)


@dataclass(frozen=True, slots=True)
class ReadyPassage:
    """A ready passage; its sentences are `text[cuts[0]:cuts[1]]`, `text[cuts[2]:cuts[3]]` and so on. `conditions` are
    the ids that it is tagged with."""

    title: str
    text: str
    cuts: tuple[int, ...] = ()
    conditions: tuple[str, ...] = ()


def conditions_named(ids: Iterable[str]) -> tuple[Condition, ...]:
    """The conditions that ready passages are tagged with: nothing is known of them but their ids."""
    return tuple(Condition(id, id) for id in sorted(set(ids)))


def document_of(id: str, ready: ReadyPassage) -> Document:
    """The document that consists of a ready passage."""
    tags = tuple(ConditionTag(condition, "heading") for condition in ready.conditions)
    spans = list(pairwise(ready.cuts))[::2]
    sentences = tuple(Sentence(f"{id}-{n}", start, end, "claim", 0, 0, tags) for n, (start, end) in enumerate(spans))
    passage = Passage(id, id, 0, len(ready.text), ready.text, (), sentences, tags)
    return Document(id, "", "", Provenance(ready.title), ready.text, (), (), sentences, (), (), (passage,))


class RecordsById(Protocol[KeptRecord]):
    """Records by id, in order; see `Records`."""

    @property
    def ids(self) -> Names: ...

    def __len__(self) -> int: ...

    def __getitem__(self, id: str) -> KeptRecord: ...

    def __iter__(self) -> Iterator[KeptRecord]: ...

    def __contains__(self, id: str) -> bool: ...

    def place(self, id: str) -> int: ...

    def read(self, place: int) -> KeptRecord: ...


class Derived(Generic[Made]):
    """What is made from each ready passage, by its id; `kind` says what that is if an id is unknown."""

    def __init__(self, ready: Records[ReadyPassage], kind: str, make: Callable[[Document], Made]) -> None:
        self._ready, self.ids, self._kind, self._make = ready, ready.ids, kind, make
        self._read = lru_cache(Records.KEPT)(self.read)

    def __len__(self) -> int:
        return len(self.ids)

    def __getitem__(self, id: str) -> Made:
        return self._read(self.place(id))

    def __iter__(self) -> Iterator[Made]:
        return map(self.read, range(len(self)))

    def __contains__(self, id: str) -> bool:
        return id in self._ready

    def place(self, id: str) -> int:
        return place_among(self.ids, self._kind, id)

    def read(self, place: int) -> Made:
        return self._make(document_of(self.ids[place], self._ready.read(place)))


@dataclass(frozen=True, slots=True)
class Tables:
    """The records of documents and passages."""

    documents: RecordsById[Document]
    overviews: RecordsById[DocumentOverview]
    quotations: RecordsById[Quotation]


def tables_of(sections: Sections) -> Tables:
    if not sections.has(f"{READY}.starts"):
        return Tables(
            Records(sections, "document", Document),
            Records(sections, "overview", DocumentOverview),
            Records(sections, "passage", Quotation),
        )
    ready = Records(sections, READY, ReadyPassage)
    return Tables(
        Derived(ready, "document", lambda document: document),
        Derived(ready, "document", overview_of),
        Derived(ready, "passage", lambda document: next(quotations(document))),
    )


class Overviews(Sequence[DocumentOverview]):
    """The documents as shown in lists, each made when it is asked for."""

    def __init__(self, records: RecordsById[DocumentOverview]) -> None:
        self._records = records

    def __len__(self) -> int:
        return len(self._records)

    def __getitem__(self, number: Any) -> Any:
        if isinstance(number, slice):
            return [self._records.read(each) for each in range(*number.indices(len(self)))]
        return self._records.read(range(len(self))[number])
