"""Lists of documents, works and conditions: sorted, filtered and counted.

What an order or a count needs is worked out once for a version, so that a page of a long list takes no longer than one
of a short list.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from qa.indexes import OpenIndex
from qa.indexes.derived import once_per_index
from qa.messages import MESSAGES
from qa.models import CSL, Facet, FacetValue, ListName, Selection
from qa.views.works import show_work

LARGEST_FIRST = {"year", "date", "passages", "references", "sentences"}  # unless the order is asked for


class ListRow(NamedTuple):
    """An entry of a list: what it is sorted by, None if that is unknown, and its values in each facet."""

    id: str
    keys: Mapping[str, Any]
    values: Mapping[str, Sequence[str]]


class Sheet(NamedTuple):
    """A list, ready to be sorted and filtered. Entries are numbers; `orders` has them in ascending and in descending
    order, by what they are sorted by; `members` the entries that have a value, by facet and value."""

    ids: tuple[str, ...]
    orders: Mapping[str, tuple[list[int], list[int]]]
    members: Mapping[str, Mapping[str, frozenset[int]]]
    labels: Mapping[str, Mapping[str, str]]


class Selected(NamedTuple):
    """The entries of one page, how many there are on all pages, and the values to filter by."""

    ids: Sequence[str]
    total: int
    facets: tuple[Facet, ...]


def select(index: OpenIndex, name: ListName, selection: Selection) -> Selected:
    """Select from a list of this version."""
    sheet = sheet_of(index, name)
    groups = {
        facet: frozenset[int]().union(*(sheet.members[facet].get(value, frozenset()) for value in values))
        for facet, values in selection.chosen.items()
        if values and facet in sheet.members
    }
    found = entries_in_order(sheet, selection)
    if groups:
        kept = frozenset.intersection(*groups.values())
        found = [number for number in found if number in kept]
    first = (selection.page - 1) * selection.limit
    page = found[first : first + selection.limit] if selection.limit else found[first:]
    facets = (
        tuple(facet_of(sheet, facet, groups, selection.chosen.get(facet, ())) for facet in sheet.members)
        if groups
        else facets_of_all(index, name)
    )
    return Selected([sheet.ids[number] for number in page], len(found), facets)


@once_per_index
def facets_of_all(index: OpenIndex, name: ListName) -> tuple[Facet, ...]:
    """The facets of a list without a filter."""
    sheet = sheet_of(index, name)
    return tuple(facet_of(sheet, facet, {}, ()) for facet in sheet.members)


def entries_in_order(sheet: Sheet, selection: Selection) -> Sequence[int]:
    """All entries in the order that is wanted."""
    descending = selection.order == "desc" or (not selection.order and selection.sort in LARGEST_FIRST)
    if selection.sort not in sheet.orders:
        everything = range(len(sheet.ids))
        return everything[::-1] if descending else everything
    return sheet.orders[selection.sort][descending]


def facet_of(sheet: Sheet, facet: str, groups: Mapping[str, frozenset[int]], chosen: Sequence[str]) -> Facet:
    """The values of a facet, each with the number of entries that there would be with it instead of those chosen."""
    others = [group for name, group in groups.items() if name != facet]
    within = frozenset.intersection(*others) if others else None
    counted = (
        (value, len(members if within is None else members & within)) for value, members in sheet.members[facet].items()
    )
    labels = sheet.labels.get(facet, {})
    values = (FacetValue(v, labels.get(v, v), n, v in chosen) for v, n in counted if n or v in chosen)
    if facet == "year":
        return Facet(facet, tuple(sorted(values, key=lambda each: each.value, reverse=True)))
    return Facet(facet, tuple(sorted(values, key=lambda each: (-each.count, sort_key(each.label)))))


# --- sheets --------------------------------------------------------------------------------------


@once_per_index
def sheet_of(index: OpenIndex, name: ListName) -> Sheet:
    """The sheet of a list of this version."""
    rows = [*ROWS[name](index)]
    members: dict[str, dict[str, set[int]]] = {facet: defaultdict(set) for facet in FACETS[name]}
    for number, row in enumerate(rows):
        for facet, values in row.values.items():
            for value in values:
                members[facet][value].add(number)
    return Sheet(
        ids=tuple(row.id for row in rows),
        orders={key: ordered(row.keys[key] for row in rows) for key in (rows[0].keys if rows else ())},
        members={f: {v: frozenset(numbers) for v, numbers in values.items()} for f, values in members.items()},
        labels={
            "document": {each.document.id: each.document.title for each in index.manifest.documents},
            "condition": {each.id: each.label for each in index.manifest.conditions},
            "kind": MESSAGES["document_kind"] if name == "documents" else {},
            "retraction": {key.replace("_", " "): told for key, told in MESSAGES["retraction_status"].items()},
        },
    )


def ordered(keys: Iterable[Any]) -> tuple[list[int], list[int]]:
    """The numbers of the entries in ascending and in descending order of their keys. Those without a key come last in
    either, equal ones are in the order of the list."""
    numbered = list(enumerate(keys))
    known = [each for each in numbered if each[1] is not None]
    unknown = [number for number, key in numbered if key is None]
    up, down = (sorted(known, key=lambda each: each[1], reverse=descending) for descending in (False, True))
    return [*(number for number, _ in up), *unknown], [*(number for number, _ in down), *unknown]


def document_rows(index: OpenIndex) -> Iterator[ListRow]:
    wider = Wider(index)
    for each in index.manifest.documents:
        about = each.document
        yield ListRow(
            about.id,
            {
                "title": sort_key(about.title),
                "date": about.date,
                "passages": each.passages,
                "references": each.references,
            },
            {
                "condition": wider(each.conditions),
                "year": at_most_one(about.date and about.date[:4]),
                "kind": at_most_one(about.kind),
            },
        )


def reference_rows(index: OpenIndex) -> Iterator[ListRow]:
    wider = Wider(index)
    for reference in index.references():
        work = show_work(index.uses(reference.id), {})
        yield ListRow(
            work.id,
            {
                "author": sort_key(work.label),
                "title": sort_key(work.csl["title"]) if work.csl.get("title") else None,
                "year": work.facts.year,
                "sentences": work.sentences,
            },
            {
                "document": work.documents,
                "condition": wider(work.conditions),
                "year": at_most_one(work.facts.year and str(work.facts.year)),
                "kind": at_most_one(work.facts.kind),
                "retraction": (retraction_status(work.csl),),
            },
        )


def retraction_status(csl: CSL) -> str:
    """What is known of a retraction of a work, "not checked" if nobody has looked."""
    retraction = (csl.get("custom") or {}).get("retraction") or {}
    return str(retraction.get("status") or "not checked")


def condition_rows(index: OpenIndex) -> Iterator[ListRow]:
    wider = Wider(index)
    within: dict[str, list[str]] = defaultdict(list)
    for each in index.manifest.documents:
        for id in wider(each.conditions):
            within[id].append(each.document.id)
    for condition in index.manifest.knowledge.conditions:
        keys = {"label": sort_key(condition.label), "passages": condition.passages}
        yield ListRow(condition.id, keys, {"document": within[condition.id]})


ROWS: Mapping[ListName, Callable[[OpenIndex], Iterator[ListRow]]] = {
    "documents": document_rows,
    "references": reference_rows,
    "conditions": condition_rows,
}
FACETS: Mapping[ListName, tuple[str, ...]] = {
    "documents": ("condition", "year", "kind"),
    "references": ("document", "condition", "year", "kind", "retraction"),
    "conditions": ("document",),
}


class Wider:
    """Conditions with all that are wider: whoever filters by one also gets what is about a narrower one."""

    def __init__(self, index: OpenIndex) -> None:
        self.parents = {condition.id: condition.parent for condition in index.manifest.conditions}

    def __call__(self, ids: Iterable[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(wider for id in ids for wider in self._line(id)))

    def _line(self, id: str | None) -> Iterator[str]:
        while id:
            yield id
            id = self.parents.get(id)


def at_most_one(value: str | int | None) -> tuple[str, ...]:
    """The value, or nothing."""
    return (str(value),) if value else ()


def sort_key(text: str) -> str:
    """A text as it is sorted: without accents and capitals."""
    plain = unicodedata.normalize("NFKD", text)
    return "".join(character for character in plain if not unicodedata.combining(character)).casefold()
