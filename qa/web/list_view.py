"""What the pages of lists show besides the entries: columns to sort by, values to filter by, pages, exports."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any
from urllib.parse import urlencode

from qa.messages import say
from qa.models import Facet, Facets, ListName
from qa.views.lists import LARGEST_FIRST
from qa.web.list_requests import AnyList, chosen_in

ON_A_PAGE = 50  # entries, unless asked otherwise
AT_ONCE = 8  # values of a facet that are shown without unfolding
MOST_VALUES = 60  # of a facet
SAID_ALONE = ("retraction",)  # facets of which one value says something: that nothing was checked, or found
COLUMNS_OF: dict[ListName, tuple[str, ...]] = {
    "documents": ("title", "date", "passages", "references"),
    "references": ("author", "year", "sentences"),
    "conditions": ("label", "passages"),
}
DEFAULT_SORT: dict[str, str] = {"documents": "", "references": "author", "conditions": ""}  # order of the pages


@dataclass(frozen=True, slots=True)
class ShownColumn:
    """A column of a list: its name, where the list is sorted by it, and how it is now ("", "ascending" or
    "descending")."""

    name: str
    url: str
    now: str


@dataclass(frozen=True, slots=True)
class ListLink:
    """A link with its words; `count` is the number of entries behind it, `chosen`: it is what is shown now."""

    label: str
    url: str
    count: int | None = None
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class ShownFacet:
    """What a list can be filtered by: the first values, those that are folded, and how many are not shown at all."""

    name: str
    label: str
    first: Sequence[ListLink]
    folded: Sequence[ListLink]
    left_out: int


@dataclass(frozen=True, slots=True)
class ListView:
    """A page of a list. `chosen` are the filters, each with the address without it."""

    name: ListName
    total: int
    first: int
    last: int
    columns: Sequence[ShownColumn]
    facets: Sequence[ShownFacet]
    chosen: Sequence[ListLink]
    everything: str
    previous: str
    next: str
    sent: str


def with_defaults(name: ListName, asked: AnyList) -> AnyList:
    """Return the request as the page answers it: with an order and a number of entries."""
    return changed(asked, sort=asked.sort or DEFAULT_SORT[name], limit=asked.limit or ON_A_PAGE)


def within_pages(asked: AnyList, total: int) -> AnyList:
    """Return the request with the last page if there are fewer pages than asked for."""
    return replace(asked, page=min(asked.page, max(1, -(-total // asked.limit))))


def list_view(name: ListName, asked: AnyList, found: Facets, titles: dict[str, str]) -> ListView:
    """Return what the page of a list shows. `titles` are what facets are called."""
    first = (asked.page - 1) * asked.limit
    last = min(first + asked.limit, found.total)
    return ListView(
        name=name,
        total=found.total,
        first=first + 1,
        last=last,
        columns=[column(name, asked, each) for each in COLUMNS_OF[name]],
        facets=[shown for facet in found.facets if (shown := shown_facet(name, asked, facet, titles))],
        chosen=list(filters(name, asked, found, titles)),
        everything=list_address(name, changed(asked, page=1, **dict.fromkeys(chosen_in(asked), ()))),
        previous=list_address(name, replace(asked, page=asked.page - 1)) if asked.page > 1 else "",
        next=list_address(name, replace(asked, page=asked.page + 1)) if last < found.total else "",
        sent=list_address("", replace(asked, page=1, limit=0)),
    )


def column(name: ListName, asked: AnyList, sort: str) -> ShownColumn:
    """A click sorts by the column in its usual order; another click turns the order round."""
    usual = "desc" if sort in LARGEST_FIRST else "asc"
    now = (asked.order or usual) if asked.sort == sort else ""
    wanted = ("asc" if now == "desc" else "desc") if now else usual
    url = list_address(name, changed(asked, sort=sort, order="" if wanted == usual else wanted, page=1))
    return ShownColumn(sort, url, {"": "", "asc": "ascending", "desc": "descending"}[now])


def shown_facet(name: ListName, asked: AnyList, facet: Facet, titles: dict[str, str]) -> ShownFacet | None:
    """A facet with a link for each value; None if it has nothing to choose from and says nothing by itself."""
    values = [
        ListLink(
            each.label,
            list_address(name, changed(asked, page=1, **{facet.name: () if each.chosen else (each.value,)})),
            each.count,
            each.chosen,
        )
        for each in facet.values[:MOST_VALUES]
    ]
    if len(values) < 2 and facet.name not in SAID_ALONE and not any(value.chosen for value in values):
        return None
    left_out = len(facet.values) - len(values)
    return ShownFacet(facet.name, titles[facet.name], values[:AT_ONCE], values[AT_ONCE:], left_out)


def filters(name: ListName, asked: AnyList, found: Facets, titles: dict[str, str]) -> Iterator[ListLink]:
    """The values that are chosen, each with the address without it. One that the list does not have is not repeated."""
    labels = {(facet.name, each.value): each.label for facet in found.facets for each in facet.values}
    for facet, values in chosen_in(asked).items():
        for value in values:
            without = tuple(other for other in values if other != value)
            label = labels.get((facet, value)) or say("list.unknown")
            yield ListLink(f"{titles[facet]}: {label}", list_address(name, changed(asked, page=1, **{facet: without})))


def changed(asked: AnyList, **values: Any) -> AnyList:
    """Return the request with these values instead."""
    return replace(asked, **values)


def list_address(name: str, asked: AnyList) -> str:
    """Return the address of a list on the page, without what is usual."""
    usual, defaults = type(asked)(), {("limit", ON_A_PAGE), ("sort", DEFAULT_SORT.get(name, ""))}
    given = [(each.name, getattr(asked, each.name)) for each in fields(asked) if each.name != "version"]
    sent = [
        (key, value)
        for key, values in given
        if values != getattr(usual, key) and (key, values) not in defaults
        for value in (values if isinstance(values, tuple) else (values,))
    ]
    return (f"/{name}" if name else "") + (f"?{urlencode(sent)}" if sent else "")
