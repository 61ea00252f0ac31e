"""Find a document's citations: collect candidates of each style, accept those with enough evidence, resolve them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from qa.citations import ama, author_year, keys, numeric
from qa.citations.candidates import CitationCandidate, Target, TextBlock, text_blocks
from qa.citations.references import ReferenceIds, ReferenceIndex, labelled
from qa.models import Citation, Reading, Reference, Span, Unresolved

# Least share of the reference list that candidates of an ambiguous style must cite, for numbered and unnumbered lists.
LEAST_COVERAGE = 0.3
LEAST_OF_UNNUMBERED = 0.6
# In a list this short, two counts in brackets already make up a large share of it.
SHORT_LIST = 5
# A citation of a missing entry has a number only slightly above those of the list and of other citations. A number far
# above is a year or a count, and a long range is a scale.
LARGEST_GAP = 10
MOST_MISSING = 5


Candidates = Sequence[CitationCandidate]


class CitationEvidence(NamedTuple):
    """Evidence from the document: its text, its references by label, whether the labels are printed, all known
    references, and whether citations of another style were found."""

    text: str
    labels: Mapping[str, str]
    numbered: bool
    reference_index: ReferenceIndex
    cited: bool

    def supported(
        self, candidates: Candidates, least: float, elsewhere: Candidates | None = None
    ) -> list[CitationCandidate]:
        """Candidates whose labels are all in the list, if together they cite at least the share `least` of it;
        otherwise []. An unnumbered list requires at least LEAST_OF_UNNUMBERED.

        If so, the document uses this style, and candidates from `elsewhere` (default: all) whose label is not in the
        list are citations of missing entries."""
        inside = [candidate for candidate in candidates if not self.missing_labels(candidate)]
        used = {target.label for candidate in inside for target in candidate.targets}
        enough = least if self.numbered else max(least, LEAST_OF_UNNUMBERED)
        if not inside or len(used) < enough * len(self.labels):
            return []
        return [*inside, *self.with_missing_works(candidates if elsewhere is None else elsewhere)]

    def missing_labels(self, candidate: CitationCandidate) -> list[str]:
        return [target.label for target in candidate.targets if target.label not in self.labels]

    def with_missing_works(self, candidates: Candidates) -> list[CitationCandidate]:
        """Candidates with a few labels that are not in the list but close to those that are."""
        marks = []
        last = max((int(label) for label in self.labels if label.isdecimal()), default=0)
        numbered = [
            (int(missing[-1]), candidate) for candidate in candidates if (missing := self.missing_labels(candidate))
        ]
        for number, candidate in sorted(numbered, key=lambda pair: pair[0]):
            if number <= last + LARGEST_GAP and len(self.missing_labels(candidate)) <= MOST_MISSING:
                marks.append(candidate)
                last = max(last, number)
        return marks


class Family(NamedTuple):
    """A citation style: how to find candidates, and which of them to accept given the document's evidence."""

    name: str
    find: Callable[[TextBlock, ReferenceIndex], Iterator[CitationCandidate]]
    accept: Callable[[Candidates, CitationEvidence], Iterable[CitationCandidate]]


def find_citations(
    reading: Reading, references: Mapping[str, Reference], known: Mapping[str, Reference] | None = None
) -> tuple[list[Citation], dict[str, Reference]]:
    """The citations of a document in reading order, and `references` plus the works that citations describe in full.

    `references` are those a citation may point to: the document's own (from `read_references`) and those of the files
    beside it. `known` are the works of other documents: never cited here, but a work found among them keeps its id,
    and no other work gets one of their ids.
    """
    own = [work for work in references.values() if work.end is not None and is_in(reading, work)]
    labels, numbered = labelled(reading.blocks, own)
    reference_index = ReferenceIndex(references.values())
    blocks = list(text_blocks(reading, frozenset(work.end for work in own)))
    taken: list[Span] = []
    marks: list[tuple[CitationCandidate, str]] = []
    for family in FAMILIES:
        candidates = [c for block in blocks for c in family.find(block, reference_index) if not block.is_apart(c)]
        evidence = CitationEvidence(reading.text, labels, numbered, reference_index, bool(marks))
        accepted = list(family.accept(non_overlapping(candidates, taken), evidence))
        marks += [(candidate, family.name) for candidate in accepted]
        taken = sorted([*taken, *(Span(candidate.start, candidate.end) for candidate in accepted)])
    marks.sort(key=lambda mark: mark[0].start)
    names = ReferenceIds({**(known or {}), **references})
    names.given |= references.keys()
    targets = Targets(labels, reference_index, names)
    citations = [targets.resolve(reading.text, number, *mark) for number, mark in enumerate(marks, start=1)]
    return citations, reference_index.works


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


# --- acceptance --------------------------------------------------------------------------------


def accept_all(candidates: Candidates, evidence: CitationEvidence) -> Iterable[CitationCandidate]:
    return candidates


def in_list(candidates: Candidates, evidence: CitationEvidence) -> Iterable[CitationCandidate]:
    """Accept labels in the document's list; in a document without other citations, also numbers that a numbered list
    lacks. Without a list, accept all labels if 1, 2 and 3 occur."""
    if evidence.labels:
        alone = evidence.numbered and not evidence.cited
        return evidence.supported(candidates, 0) or (evidence.with_missing_works(candidates) if alone else ())
    numbers = {target.label for candidate in candidates for target in candidate.targets}
    return candidates if {"1", "2", "3"} <= numbers else ()


def covering_list(candidates: Candidates, evidence: CitationEvidence) -> Iterable[CitationCandidate]:
    """Accept candidates of an ambiguous style only if they cite a good part of the list."""
    return evidence.supported(numeric.not_names(evidence.text, candidates), LEAST_COVERAGE)


def covering_list_in_round(candidates: Candidates, evidence: CitationEvidence) -> Iterable[CitationCandidate]:
    """As `covering_list`, but for a short list or a missing entry the candidate must also end a clause, because
    coverage then proves little."""
    at_ends = numeric.at_clause_ends(evidence.text, candidates)
    if len(evidence.labels) > SHORT_LIST:
        return evidence.supported(candidates, LEAST_COVERAGE, at_ends)
    return evidence.supported(at_ends, LEAST_OF_UNNUMBERED)


def known_or_firm(candidates: Candidates, evidence: CitationEvidence) -> Iterable[CitationCandidate]:
    """Accept candidates that match a reference or have an unmistakable form.

    If any matches, the document uses author-year citations, and a bare "(Reyes, 2018)" cites a missing entry.
    """
    known = [any(evidence.reference_index.find(target.csl) for target in candidate.targets) for candidate in candidates]
    by_name = any(known)
    return (
        candidate
        for candidate, is_known in zip(candidates, known, strict=True)
        if is_known
        or any(target.firm for target in candidate.targets)
        or (by_name and evidence.text[candidate.start] == "(")
    )


def with_a_firm_one(candidates: Candidates, evidence: CitationEvidence) -> Iterable[CitationCandidate]:
    """Accept all candidates if the form of at least one is unmistakable."""
    return candidates if any(target.firm for candidate in candidates for target in candidate.targets) else ()


def known_keys(candidates: Candidates, evidence: CitationEvidence) -> Iterable[CitationCandidate]:
    works = evidence.reference_index.works
    return (c for c in candidates if any(target.firm or target.label in works for target in c.targets))


def known_or_alone(candidates: Candidates, evidence: CitationEvidence) -> Iterable[CitationCandidate]:
    """Accept links that match a reference, and all links in a document without other citations."""
    return (
        candidate
        for candidate in candidates
        for target in candidate.targets
        if evidence.reference_index.find(target.csl) or (target.whole and not evidence.cited)
    )


def without_index(
    find: Callable[[TextBlock], Iterator[CitationCandidate]],
) -> Callable[[TextBlock, ReferenceIndex], Iterator[CitationCandidate]]:
    return lambda block, reference_index: find(block)


# In order of precedence: text accepted for one style is not offered to the next.
FAMILIES = (
    Family("pandoc", without_index(keys.find_pandoc), known_keys),
    Family("footnote", without_index(keys.find_footnotes), accept_all),
    Family("ama", without_index(ama.find_ama), with_a_firm_one),
    Family("identifier", without_index(keys.find_identified), accept_all),
    Family("author_year", author_year.find_author_year, known_or_firm),
    Family("numeric", without_index(numeric.find_square), in_list),
    Family("numeric", without_index(numeric.find_named), in_list),
    Family("superscript", without_index(numeric.find_caret), in_list),
    Family("superscript", without_index(numeric.find_raised), in_list),
    Family("numeric", without_index(numeric.find_round), covering_list_in_round),
    Family("superscript", without_index(numeric.find_glued), covering_list),
    Family("link", without_index(keys.find_links), known_or_alone),
)


# --- resolution --------------------------------------------------------------------------------


class Targets(NamedTuple):
    """What citations may point to."""

    labels: Mapping[str, str]
    reference_index: ReferenceIndex
    names: ReferenceIds

    def resolve(self, text: str, number: int, mark: CitationCandidate, family: str) -> Citation:
        """The citation with its references; targets without exactly one matching reference are unresolved, unless the
        citation describes the work in full."""
        found: list[str] = []
        unresolved: list[Unresolved] = []
        for target in mark.targets:
            fits = self.fitting(target)
            if not fits and target.whole:
                fits = [self.add_work(target)]
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

    def add_work(self, target: Target) -> str:
        work = self.names.assign(target.csl, target.text, target.start)
        self.reference_index.add(work)
        return work.id
