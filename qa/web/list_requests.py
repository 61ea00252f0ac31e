"""What requests for lists may contain: how the list is sorted, filtered and divided into pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from qa.models import ListName, Order, Selection
from qa.web.request_models import RequestModel, Version

MOST_ENTRIES = 1000  # on a page
MOST_PAGES = 1_000_000

ByCondition = Annotated[
    tuple[str, ...], Field(description="Ids of conditions: only entries about one of them, or about a narrower one.")
]
ByYear = Annotated[tuple[str, ...], Field(description="Only entries of one of these years.")]
SortOf = "The column to sort by; without it, the entries are in the order of the documents."


@dataclass(frozen=True, slots=True)
class ListRequest(RequestModel):
    """What requests for all lists have in common."""

    version: Version = ""
    order: Annotated[
        Order, Field(description="Ascending or descending; without it, numbers and dates begin with the largest.")
    ] = ""
    page: Annotated[int, Field(description="Which page, counted from 1.", ge=1, le=MOST_PAGES)] = 1
    limit: Annotated[
        int, Field(description="Entries on a page; 0, as without it: all on one page.", ge=0, le=MOST_ENTRIES)
    ] = 0


@dataclass(frozen=True, slots=True)
class ListDocuments(ListRequest):
    """A request for the list of documents."""

    sort: Annotated[Literal["", "title", "date", "passages", "references"], Field(description=SortOf)] = ""
    condition: ByCondition = ()
    year: ByYear = ()
    kind: Annotated[tuple[str, ...], Field(description="Only documents of one of these kinds.")] = ()


@dataclass(frozen=True, slots=True)
class ListReferences(ListRequest):
    """A request for the list of works."""

    sort: Annotated[Literal["", "author", "title", "year", "sentences"], Field(description=SortOf)] = ""
    document: Annotated[
        tuple[str, ...], Field(description="Ids of documents: only works that one of them relies on.")
    ] = ()
    condition: ByCondition = ()
    year: ByYear = ()
    kind: Annotated[tuple[str, ...], Field(description="Only works of one of these kinds, as in their facts.")] = ()
    retraction: Annotated[
        tuple[str, ...],
        Field(description='Only works of which one of these is known, as in `custom.retraction`; or "not checked".'),
    ] = ()


@dataclass(frozen=True, slots=True)
class ListConditions(ListRequest):
    """A request for the list of conditions."""

    sort: Annotated[Literal["", "label", "passages"], Field(description=SortOf)] = ""
    document: Annotated[
        tuple[str, ...], Field(description="Ids of documents: only conditions that one of them is about.")
    ] = ()


AnyList = ListDocuments | ListReferences | ListConditions
REQUESTS: Mapping[ListName, type[AnyList]] = {
    "documents": ListDocuments,
    "references": ListReferences,
    "conditions": ListConditions,
}
FILTERS = ("document", "condition", "year", "kind", "retraction")


def chosen_in(asked: AnyList) -> dict[str, tuple[str, ...]]:
    """Return the values to filter by, by facet, each once."""
    given = {name: getattr(asked, name, ()) for name in FILTERS}
    return {name: tuple(dict.fromkeys(values)) for name, values in given.items() if values}


def selection_of(asked: AnyList) -> Selection:
    return Selection(asked.sort, asked.order, chosen_in(asked), asked.page, asked.limit)
