"""What is selected from a list, and what it can be filtered by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

ListName = Literal["documents", "references", "conditions"]
Order = Literal["", "asc", "desc"]


@dataclass(frozen=True, slots=True)
class Selection:
    """Which entries of a list are wanted, and in which order.

    `sort` is a column, "" for the order of the documents; `order` is "asc" or "desc", "" for the usual one: numbers and
    dates begin with the largest. `chosen` are the values to filter by, by facet: an entry has one of the values of
    each. Pages have `limit` entries (0: all are on one page) and are counted from 1.
    """

    sort: str = ""
    order: Order = ""
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    page: int = 1
    limit: int = 0


@dataclass(frozen=True)
class FacetValue:
    """A value to filter by, what it is called, and the number of entries that there would be with it."""

    value: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True)
class Facet:
    """What entries can be filtered by (`document`, `condition`, `year`, `kind`, `retraction`), and its values."""

    name: str
    values: tuple[FacetValue, ...]


@dataclass(frozen=True)
class Facets:
    """What a list can be filtered by, and the number of entries that fit what is chosen (`total`)."""

    total: int
    facets: tuple[Facet, ...]
