"""Find a document's citations: collect candidates of each style, accept those with enough evidence, resolve them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from qa.citations import ama, author_year, keys, numeric
from qa.citations.acceptance import (
    Candidates,
    CitationEvidence,
    accept_all,
    covering_list,
    covering_list_in_round,
    in_list,
    in_list_if_raised,
    known_keys,
    known_or_alone,
    known_or_firm,
    labels_in_list,
    notes_with_works,
    with_a_firm_one,
    without_remarks,
)
from qa.citations.candidates import CitationCandidate, Target, TextBlock, text_blocks
from qa.citations.links import covers, find_linked, linked_spans
from qa.citations.matching import printed_alike
from qa.citations.notes import printed_labels, remarks_in_list, works_of_notes
from qa.citations.reference_ids import ReferenceIds
from qa.citations.reference_index import ReferenceIndex
from qa.citations.references import labelled, numbered_lists
from qa.citations.round_brackets import find_round
from qa.models import Citation, Reading, Reference, Span, Unresolved


class Family(NamedTuple):
    """A citation style: how to find candidates, and which of them to accept given the document's evidence. `keyed`:
    its citations name a key, so that nothing is guessed from their shape."""

    name: str
    find: Callable[[TextBlock, ReferenceIndex], Iterator[CitationCandidate]]
    accept: Callable[[Candidates, CitationEvidence], Iterable[CitationCandidate]]
    keyed: bool = False


def find_citations(
    reading: Reading, references: Mapping[str, Reference], known: ReferenceIndex | None = None
) -> tuple[list[Citation], dict[str, Reference]]:
    """The citations of a document in reading order, and `references` plus the works that citations describe in full.

    `references` are those a citation may point to: the document's own (from `read_references`) and those of the files
    beside it. Links of the file come first; if they cite a good part of its list, no mark is guessed by its shape.
    `known` are other works: never cited here, but a work found among them keeps its id, and no other work gets one of
    their ids.
    """
    own = [work for work in references.values() if work.end is not None and is_in(reading, work)]
    labels, numbered = labelled(reading.blocks, own)
    lists = numbered_lists(reading.blocks, own)
    labels = {label: id for _, chapter in reversed(lists) for label, id in chapter.items()} or labels
    reference_index = ReferenceIndex(references.values())
    notes = works_of_notes(reading, own) or printed_labels(labels, numbered=numbered)
    notes |= remarks_in_list(reading, own)
    blocks = list(text_blocks(reading, frozenset(work.end for work in own)))
    tables = [Span(block.start, block.end) for block in reading.blocks if block.kind == "table"]
    linked = find_linked(reading, references)
    taken = linked_spans(reading, linked)
    marks = [(candidate, "cross_reference") for candidate in linked]
    by_links = covers(linked, own)
    by_id = {id: label for label, id in labels.items()}
    cited = frozenset(cited_labels(linked, by_id, reference_index))
    for family in FAMILIES:
        if by_links and not family.keyed:
            continue
        candidates = [c for block in blocks for c in found_in(block, family, reference_index)]
        evidence = CitationEvidence(reading.text, labels, numbered, reference_index, bool(marks), cited, notes, tables)
        free = non_overlapping(candidates, taken)
        accepted = list(family.accept(free if family.keyed else without_remarks(free, evidence), evidence))
        marks += [(candidate, family.name) for candidate in accepted]
        cited |= frozenset(cited_labels(accepted, by_id, reference_index))
        taken = sorted([*taken, *(Span(candidate.start, candidate.end) for candidate in accepted)])
    marks.sort(key=lambda mark: mark[0].start)
    names = ReferenceIds(known or ReferenceIndex(()), given=references)
    targets = Targets(labels, reference_index, names, notes, lists, frozenset(work.id for work in own))
    citations = [targets.resolve(reading.text, number, *mark) for number, mark in enumerate(marks, start=1)]
    return citations, reference_index.works


def found_in(block: TextBlock, family: Family, reference_index: ReferenceIndex) -> list[CitationCandidate]:
    found = [c for c in family.find(block, reference_index) if not block.is_code(c.start)]
    return [] if len(found) > 1 and family.name == "superscript" and block.lists_people else found


def cited_labels(
    candidates: Iterable[CitationCandidate], by_id: Mapping[str, str], reference_index: ReferenceIndex
) -> Iterator[str]:
    """The labels of the entries that marks cite, by number or by author and year."""
    for candidate in candidates:
        for target in candidate.targets:
            ids = () if target.label or not target.csl else reference_index.find(target.csl)
            listed = [by_id[id] for id in ids if id in by_id]
            yield from [target.label] if target.label else listed if len(listed) == 1 else []


def is_in(reading: Reading, work: Reference) -> bool:
    return work.raw is not None and work.start is not None and reading.text[work.start : work.end] == work.raw


def non_overlapping(candidates: Iterable[CitationCandidate], taken: Sequence[Span]) -> list[CitationCandidate]:
    """Candidates that overlap neither a citation already found nor an earlier candidate."""
    kept: list[CitationCandidate] = []
    for candidate in sorted(candidates, key=lambda candidate: (candidate.start, -candidate.end)):
        index = bisect_left(taken, Span(candidate.end, -1))
        if (index == 0 or taken[index - 1].end <= candidate.start) and (not kept or kept[-1].end <= candidate.start):
            kept.append(candidate)
    return kept


def without_index(
    find: Callable[[TextBlock], Iterator[CitationCandidate]],
) -> Callable[[TextBlock, ReferenceIndex], Iterator[CitationCandidate]]:
    return lambda block, reference_index: find(block)


# In order of precedence: text accepted for one style is not offered to the next.
FAMILIES = (
    Family("pandoc", without_index(keys.find_pandoc), known_keys, keyed=True),
    Family("footnote", without_index(keys.find_footnotes), notes_with_works, keyed=True),
    Family("label", without_index(keys.find_key_labels), labels_in_list, keyed=True),
    Family("ama", without_index(ama.find_ama), with_a_firm_one),
    Family("identifier", without_index(keys.find_identified), accept_all),
    Family("author_year", author_year.find_author_year, known_or_firm),
    Family("numeric", without_index(numeric.find_square), in_list),
    Family("numeric", without_index(numeric.find_named), in_list),
    Family("superscript", without_index(numeric.find_raised), in_list_if_raised),
    Family("numeric", without_index(find_round), covering_list_in_round),
    Family("superscript", without_index(numeric.find_glued), covering_list),
    Family("link", without_index(keys.find_links), known_or_alone),
)


# --- resolution --------------------------------------------------------------------------------


class Targets(NamedTuple):
    """What citations may point to."""

    labels: Mapping[str, str]
    reference_index: ReferenceIndex
    names: ReferenceIds
    notes: Mapping[str, tuple[str, ...]]
    lists: Sequence[tuple[int, Mapping[str, str]]]
    own: frozenset[str]

    def resolve(self, text: str, number: int, mark: CitationCandidate, family: str) -> Citation:
        """The citation with its references; targets without exactly one matching reference are unresolved, unless the
        citation describes the work in full."""
        found: list[str] = []
        unresolved: list[Unresolved] = []
        for target in mark.targets:
            if works := self.notes.get(target.label):
                found += works
                continue
            fits = self.fitting(target, mark.start)
            if not fits and target.whole:
                fits = [self.add_work(target, text, mark)]
            if len(fits) == 1:
                found += fits
            else:
                unresolved.append(Unresolved(target.text, tuple(fits)))
        references = tuple(dict.fromkeys(found))
        return Citation(
            f"c{number}", mark.start, mark.end, text[mark.start : mark.end], family, references, tuple(unresolved)
        )

    def fitting(self, target: Target, start: int) -> Sequence[str]:
        """The ids of the works that a target may mean; of several numbered lists, the next one below it counts."""
        if target.work:
            return [target.work]
        if not target.label:
            return self.one_of_same(self.reference_index.find(target.csl))
        below = next((labels for end, labels in self.lists if start < end), self.labels)
        if self.lists:
            return [below[target.label]] if target.label in below else []
        if target.label in self.labels:
            return [self.labels[target.label]]
        return [target.label] if target.label in self.reference_index.works else []

    def one_of_same(self, fits: Sequence[str]) -> Sequence[str]:
        """The works that fit, without those of other lists if the document's own list has one, and each only once."""
        listed = [id for id in fits if id in self.own] or fits
        works = [self.reference_index.works[id] for id in listed]
        return listed[:1] if all(printed_alike(works[0].csl, work.csl) for work in works[1:]) else listed

    def add_work(self, target: Target, text: str, mark: CitationCandidate) -> str:
        work = self.names.assign(target.csl, target.text, target.start)
        if not text.startswith(target.text, target.start):  # known by the address of a link
            work = replace(work, start=mark.start, end=mark.end)
        self.reference_index.add(work)
        return work.id
