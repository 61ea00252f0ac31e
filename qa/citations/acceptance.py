"""Which candidates of a style are citations, given what else the document has."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from qa.citations import numeric
from qa.citations.candidates import CitationCandidate
from qa.citations.notes import NOTE
from qa.citations.reference_index import ReferenceIndex
from qa.citations.round_brackets import at_clause_ends
from qa.models import Span

# Least share of the reference list that candidates of an ambiguous style must cite, for numbered and unnumbered lists.
LEAST_COVERAGE = 0.3
LEAST_OF_UNNUMBERED = 0.6
# Share of the list that is cited in one style, beyond which numbers in a vaguer style are no citations.
COVERED_BY_ANOTHER = 0.5
# In a list this short, two counts in brackets already make up a large share of it.
SHORT_LIST = 5
# A citation of a missing entry has a number only slightly above those of the list and of other citations. A number far
# above is a year or a count, and a long range is a scale.
LARGEST_GAP = 10
MOST_MISSING = 5
MOST_AGAIN = 3  # times that a number is used, on average, in a text with marks but without a list


Candidates = Sequence[CitationCandidate]


class CitationEvidence(NamedTuple):
    """Evidence from the document: its text, its references by label, whether the labels are printed, all known
    references, whether citations of another style were found, the labels these cite, the works of footnotes, and the
    tables."""

    text: str
    labels: Mapping[str, str]
    numbered: bool
    reference_index: ReferenceIndex
    cited: bool
    cited_labels: frozenset[str] = frozenset()
    notes: Mapping[str, tuple[str, ...]] = {}
    tables: Sequence[Span] = ()

    def is_beside_text(self, place: int) -> bool:
        """Whether a place is in a table or a caption."""
        above = bisect_right(self.tables, (place, len(self.text)))
        if above and place < self.tables[above - 1].end:
            return True
        return bool(CAPTION.match(self.text, self.text.rfind("\n", 0, place) + 1))

    @property
    def covered(self) -> bool:
        """Whether citations of another style already cite a good part of the list, so that numbers in another form are
        counts, powers or notes."""
        return len(self.cited_labels & self.labels.keys()) >= COVERED_BY_ANOTHER * max(len(self.labels), 1)

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


def accept_all(candidates: Candidates, evidence: CitationEvidence) -> Iterable[CitationCandidate]:
    return candidates


def notes_with_works(candidates: Candidates, evidence: CitationEvidence) -> Iterable[CitationCandidate]:
    """Accept marks of footnotes, except those of notes that are remarks."""
    return (c for c in candidates if evidence.notes.get(c.targets[0].label) != ())


CAPTION = re.compile(r"\W*(?:Table|Figure|Fig\.?|Box) ?\d")


def without_remarks(candidates: Candidates, evidence: CitationEvidence) -> list[CitationCandidate]:
    """Candidates without the numbers of footnotes that are remarks. Where an entry of the list has the same number, a
    raised number in a table or a caption is that of the note, and so is every one unless such numbers cite the list."""
    remarks = {note.removeprefix(NOTE) for note, works in evidence.notes.items() if not works}
    if not remarks:
        return list(candidates)
    others = {target.label for candidate in candidates for target in candidate.targets} - remarks
    listed = evidence.labels.keys() - remarks
    cites = bool(listed) and len(others & listed) >= COVERED_BY_ANOTHER * len(listed)

    def is_note(candidate: CitationCandidate) -> bool:
        labels = {target.label for target in candidate.targets}
        if not labels <= remarks:
            return False
        raised = evidence.text[candidate.start] not in "[("
        noted = not cites or evidence.is_beside_text(candidate.start)
        return not labels <= evidence.labels.keys() or (raised and noted)

    return [candidate for candidate in candidates if not is_note(candidate)]


def in_list(candidates: Candidates, evidence: CitationEvidence) -> Iterable[CitationCandidate]:
    """Accept labels in the document's list; in a document without other citations, also numbers that a numbered list
    lacks. Without a list, accept all labels if 1, 2 and 3 occur."""
    if evidence.labels:
        alone = evidence.numbered and not evidence.cited
        return evidence.supported(candidates, 0) or (evidence.with_missing_works(candidates) if alone else ())
    numbers = {target.label for candidate in candidates for target in candidate.targets}
    return candidates if {"1", "2", "3"} <= numbers else ()


def labels_in_list(candidates: Candidates, evidence: CitationEvidence) -> Iterable[CitationCandidate]:
    """Accept labels with letters of which the document's list has at least one; a locator in the bracket is none."""
    listed = {label for label in evidence.labels if not label.isdecimal()}
    for candidate in candidates if listed else ():
        if kept := tuple(target for target in candidate.targets if target.label in listed):
            missing = tuple(t for t in candidate.targets if t.label not in listed and t.label[:1].isupper())
            yield replace(candidate, targets=kept + missing)


def in_list_if_raised(candidates: Candidates, evidence: CitationEvidence) -> Iterable[CitationCandidate]:
    """As `in_list`, unless another style already cites the list: raised numbers then are powers or notes. Without a
    list, they must count up from 1: powers do not."""
    if evidence.covered or not (evidence.labels or counts_up(candidates)):
        return ()
    return in_list(candidates, evidence)


def counts_up(candidates: Candidates) -> bool:
    """Whether numbers are those of notes: each is first there after all that are smaller, and few are there again."""
    numbers = [int(target.label) for candidate in candidates for target in candidate.targets]
    first = list(dict.fromkeys(numbers))
    return first == list(range(1, len(first) + 1)) and len(numbers) <= MOST_AGAIN * len(first)


def covering_list(candidates: Candidates, evidence: CitationEvidence) -> Iterable[CitationCandidate]:
    """Accept candidates of an ambiguous style only if they cite a good part of the list, which no other style does."""
    if evidence.covered:
        return ()
    return evidence.supported(numeric.not_names(evidence.text, candidates), LEAST_COVERAGE)


def covering_list_in_round(candidates: Candidates, evidence: CitationEvidence) -> Iterable[CitationCandidate]:
    """As `covering_list`, but for a short list or a missing entry the candidate must also end a clause, because
    coverage then proves little."""
    if evidence.covered:
        return ()
    at_ends = at_clause_ends(evidence.text, candidates)
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
    """Accept keys of known works, and unknown ones in brackets unless they are those of figures and tables."""
    works = evidence.reference_index.works
    for candidate in candidates:
        if kept := tuple(t for t in candidate.targets if t.firm or t.label in works or (t.whole and t.csl)):
            yield replace(candidate, targets=kept)


def known_or_alone(candidates: Candidates, evidence: CitationEvidence) -> Iterable[CitationCandidate]:
    """Accept links that match a reference, and all links in a document without other citations."""
    return (
        candidate
        for candidate in candidates
        for target in candidate.targets
        if evidence.reference_index.find(target.csl) or (target.whole and not evidence.cited)
    )
