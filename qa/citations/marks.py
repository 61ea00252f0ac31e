"""The marks of a document: found in all their shapes, believed on the document's own evidence, then resolved."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from qa.citations import ama, author_year, keys, numeric
from qa.citations.candidates import MarkCandidate, Target, TextBlock, text_blocks
from qa.citations.references import ReferenceIds, ReferenceIndex, labelled
from qa.models import Citation, Reading, Reference, Span, Unresolved

LEAST_COVERAGE = 0.3
LEAST_OF_UNNUMBERED = 0.6
# In a list as short as this, two counts in brackets are soon a good part of it.
SHORT_LIST = 5
# A mark whose work is missing from the list has a number not far above those that the list and other marks have. A
# number far away is a year or a count, and a long range is a scale.
LARGEST_GAP = 10
MOST_MISSING = 5


class MarkEvidence(NamedTuple):
    """What a document offers: its own works by label, all that is known of works, whether marks are found already."""

    text: str
    labels: Mapping[str, str]
    numbered: bool
    reference_index: ReferenceIndex
    cited: bool

    def borne_out(
        self, candidates: Sequence[MarkCandidate], least: float, elsewhere: Sequence[MarkCandidate] | None = None
    ) -> list[MarkCandidate]:
        """Candidates whose labels are all in the list, if they use at least this share of it. Entries without
        printed numbers are counted only where the marks use most of them.

        The document then uses this shape of marks, so that those `elsewhere` (all candidates when not given) with
        labels that the list lacks are marks too, whose work is missing."""
        inside = [candidate for candidate in candidates if not self.lacking(candidate)]
        used = {target.label for candidate in inside for target in candidate.targets}
        enough = least if self.numbered else max(least, LEAST_OF_UNNUMBERED)
        if not inside or len(used) < enough * len(self.labels):
            return []
        return [*inside, *self.with_missing_works(candidates if elsewhere is None else elsewhere)]

    def lacking(self, candidate: MarkCandidate) -> list[str]:
        return [target.label for target in candidate.targets if target.label not in self.labels]

    def with_missing_works(self, candidates: Sequence[MarkCandidate]) -> list[MarkCandidate]:
        """Candidates with a few labels that are not in the list but near those that are."""
        marks = []
        last = max((int(label) for label in self.labels if label.isdecimal()), default=0)
        numbered = [(int(lacking[-1]), candidate) for candidate in candidates if (lacking := self.lacking(candidate))]
        for number, candidate in sorted(numbered, key=lambda pair: pair[0]):
            if number <= last + LARGEST_GAP and len(self.lacking(candidate)) <= MOST_MISSING:
                marks.append(candidate)
                last = max(last, number)
        return marks


class Family(NamedTuple):
    """A shape of marks: how to find it, and which of the finds the document's evidence bears out."""

    name: str
    find: Callable[[TextBlock, ReferenceIndex], Iterator[MarkCandidate]]
    admit: Callable[[Sequence[MarkCandidate], MarkEvidence], Iterable[MarkCandidate]]


def find_citations(
    reading: Reading, references: Mapping[str, Reference], known: Mapping[str, Reference] | None = None
) -> tuple[list[Citation], dict[str, Reference]]:
    """Marks of a reading in order, and the `references` with those added that marks themselves describe.

    `references` are the document's own (from `read_references`) and those of the files beside it: what marks may
    point at. `known` are works of other documents: no mark points at them, but a work that is one of them keeps its
    id, and no other work gets one of theirs.
    """
    own = [work for work in references.values() if work.end is not None and is_in(reading, work)]
    labels, numbered = labelled(reading.blocks, own)
    reference_index = ReferenceIndex(references.values())
    blocks = list(text_blocks(reading, frozenset(work.end for work in own)))
    taken: list[Span] = []
    marks: list[tuple[MarkCandidate, str]] = []
    for family in FAMILIES:
        candidates = [c for block in blocks for c in family.find(block, reference_index) if not block.is_apart(c)]
        evidence = MarkEvidence(reading.text, labels, numbered, reference_index, bool(marks))
        admitted = list(family.admit(free(candidates, taken), evidence))
        marks += [(candidate, family.name) for candidate in admitted]
        taken = sorted([*taken, *(Span(candidate.start, candidate.end) for candidate in admitted)])
    marks.sort(key=lambda mark: mark[0].start)
    names = ReferenceIds({**(known or {}), **references})
    names.given |= references.keys()
    targets = Targets(labels, reference_index, names)
    citations = [targets.resolve(reading.text, number, *mark) for number, mark in enumerate(marks, start=1)]
    return citations, reference_index.works


def is_in(reading: Reading, work: Reference) -> bool:
    return work.raw is not None and work.start is not None and reading.text[work.start : work.end] == work.raw


def free(candidates: Iterable[MarkCandidate], taken: Sequence[Span]) -> list[MarkCandidate]:
    """Candidates that overlap no mark found before, nor an earlier one of their own."""
    kept: list[MarkCandidate] = []
    for candidate in sorted(candidates, key=lambda candidate: (candidate.start, -candidate.end)):
        index = bisect_left(taken, Span(candidate.end, -1))
        if (index == 0 or taken[index - 1].end <= candidate.start) and (not kept or kept[-1].end <= candidate.start):
            kept.append(candidate)
    return kept


# --- admission ---------------------------------------------------------------------------------


def all_of_them(candidates: Sequence[MarkCandidate], evidence: MarkEvidence) -> Iterable[MarkCandidate]:
    return candidates


def in_list(candidates: Sequence[MarkCandidate], evidence: MarkEvidence) -> Iterable[MarkCandidate]:
    """Labels of the document's list. Where nothing is cited otherwise, a numbered list shows that numbers that it lacks
    are marks; without a list, a run of numbers from 1 on does."""
    if evidence.labels:
        alone = evidence.numbered and not evidence.cited
        return evidence.borne_out(candidates, 0) or (evidence.with_missing_works(candidates) if alone else ())
    numbers = {target.label for candidate in candidates for target in candidate.targets}
    return candidates if {"1", "2", "3"} <= numbers else ()


def covering_list(candidates: Sequence[MarkCandidate], evidence: MarkEvidence) -> Iterable[MarkCandidate]:
    """Shapes that mean much else count only where they use a good part of the list."""
    return evidence.borne_out(numeric.not_names(evidence.text, candidates), LEAST_COVERAGE)


def covering_list_in_round(candidates: Sequence[MarkCandidate], evidence: MarkEvidence) -> Iterable[MarkCandidate]:
    """Where the list is so short that its coverage says little, or lacks the number, the place in the sentence must
    say more."""
    at_ends = numeric.at_clause_ends(evidence.text, candidates)
    if len(evidence.labels) > SHORT_LIST:
        return evidence.borne_out(candidates, LEAST_COVERAGE, at_ends)
    return evidence.borne_out(at_ends, LEAST_OF_UNNUMBERED)


def known_or_firm(candidates: Sequence[MarkCandidate], evidence: MarkEvidence) -> Iterable[MarkCandidate]:
    """Names whose work is known, or whose form says enough. Where some are known the document cites by name and year,
    so that a bare "(Reyes, 2018)" is a citation whose work is missing."""
    known = [any(evidence.reference_index.find(target.csl) for target in candidate.targets) for candidate in candidates]
    by_name = any(known)
    return (
        candidate
        for candidate, is_known in zip(candidates, known, strict=True)
        if is_known
        or any(target.firm for target in candidate.targets)
        or (by_name and evidence.text[candidate.start] == "(")
    )


def with_a_firm_one(candidates: Sequence[MarkCandidate], evidence: MarkEvidence) -> Iterable[MarkCandidate]:
    """A form that is plain in one mark is believed in all."""
    return candidates if any(target.firm for candidate in candidates for target in candidate.targets) else ()


def known_keys(candidates: Sequence[MarkCandidate], evidence: MarkEvidence) -> Iterable[MarkCandidate]:
    works = evidence.reference_index.works
    return (c for c in candidates if any(target.firm or target.label in works for target in c.targets))


def known_or_alone(candidates: Sequence[MarkCandidate], evidence: MarkEvidence) -> Iterable[MarkCandidate]:
    """Links are citations where a work with this address is known, or where nothing else is cited."""
    return (
        candidate
        for candidate in candidates
        for target in candidate.targets
        if evidence.reference_index.find(target.csl) or (target.whole and not evidence.cited)
    )


def by_shape_alone(
    find: Callable[[TextBlock], Iterator[MarkCandidate]],
) -> Callable[[TextBlock, ReferenceIndex], Iterator[MarkCandidate]]:
    return lambda block, reference_index: find(block)


# In order of precedence: a stretch that one family took is not offered to the next.
FAMILIES = (
    Family("pandoc", by_shape_alone(keys.find_pandoc), known_keys),
    Family("footnote", by_shape_alone(keys.find_footnotes), all_of_them),
    Family("ama", by_shape_alone(ama.find_ama), with_a_firm_one),
    Family("identifier", by_shape_alone(keys.find_identified), all_of_them),
    Family("author_year", author_year.find_author_year, known_or_firm),
    Family("numeric", by_shape_alone(numeric.find_square), in_list),
    Family("numeric", by_shape_alone(numeric.find_named), in_list),
    Family("superscript", by_shape_alone(numeric.find_caret), in_list),
    Family("superscript", by_shape_alone(numeric.find_raised), in_list),
    Family("numeric", by_shape_alone(numeric.find_round), covering_list_in_round),
    Family("superscript", by_shape_alone(numeric.find_glued), covering_list),
    Family("link", by_shape_alone(keys.find_links), known_or_alone),
)


# --- resolution --------------------------------------------------------------------------------


class Targets(NamedTuple):
    """What marks may point at."""

    labels: Mapping[str, str]
    reference_index: ReferenceIndex
    names: ReferenceIds

    def resolve(self, text: str, number: int, mark: MarkCandidate, family: str) -> Citation:
        """A work that one reference fits, or that the mark describes by itself; anything else is unresolved."""
        found: list[str] = []
        unresolved: list[Unresolved] = []
        for target in mark.targets:
            fits = self.fitting(target)
            if not fits and target.whole:
                fits = [self.bring(target)]
            if len(fits) == 1:
                found += fits
            else:
                unresolved.append(Unresolved(target.text, tuple(fits)))
        references = tuple(dict.fromkeys(found))
        return Citation(
            f"c{number}", mark.start, mark.end, text[mark.start : mark.end], family, references, tuple(unresolved)
        )

    def fitting(self, target: Target) -> Sequence[str]:
        if not target.label:
            return self.reference_index.find(target.csl)
        if target.label in self.labels:
            return [self.labels[target.label]]
        return [target.label] if target.label in self.reference_index.works else []

    def bring(self, target: Target) -> str:
        work = self.names.give(target.csl, target.text, target.start)
        self.reference_index.place(work)
        return work.id
