"""Numeric citations in round brackets, (1, 2), which are hard to tell from counts and points."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from qa.citations.candidates import CitationCandidate, TextBlock
from qa.citations.noun_phrases import DID
from qa.citations.numeric import BRACKETED, NO_MARK_AFTER, numbered
from qa.citations.trial_names import NAME_OF_TRIAL

# Round brackets have many other uses: a count after a number, a grade, a day.
NO_MARK_IN_ROUND = re.compile(
    r"(?:(?<!\b1[5-9]\d)(?<!\b20\d)\d%?\s|\b(?:items?|aims?|hypothes[ei]s|versions?|phases?|stages?|grades?|types?|class|category|levels?|scores?|"
    r"scored|day|week|month|year|visits?|questions?|group|model|no\.?|number|total|mean|median|sample)\s?)$",
    re.IGNORECASE,
)
ENUMERATED = re.compile(
    r"(?:^|[:;,.–—-]\s?|\b(?:and|or|either|to|by|are|were|be|as|include|included|including|that)\s)$", re.IGNORECASE
)


def find_round(block: TextBlock) -> Iterator[CitationCandidate]:
    """(1, 2), unless the numbers count the points of an enumeration."""
    found: list[CitationCandidate] = []
    for group in block.groups:
        if block.text[group.start] != "(" or not (match := BRACKETED.fullmatch(block.inner(group))):
            continue
        before = block.before(group.start, 24)
        if NO_MARK_AFTER.search(before) or NO_MARK_IN_ROUND.search(before):
            continue
        if re.search(r"\w$", before) and not re.search(r"[^\W\d_A-Z]{4}$", before):
            continue
        found += numbered(group.start, group.end, match["numbers"])
    points = set(enumeration(block, found))
    return (candidate for candidate in found if candidate.start not in points)


def enumeration(block: TextBlock, candidates: Iterable[CitationCandidate]) -> list[int]:
    """Start offsets of the points of an enumeration: single numbers from 1 on, each at the start of a clause."""
    behind_stops = bool(MARK_AT_END.search(block.text, block.start, block.end))
    points = [
        candidate
        for candidate in candidates
        if not (behind_stops and STOP_BEFORE_MARK.search(block.before(candidate.start, 4)))
        and len(candidate.targets) == 1
        and (candidate.targets[0].label == "1" or ENUMERATED.search(block.before(candidate.start, 12)))
        and re.match(r"\s+[^\W\d_]", block.after(candidate.end, 4))
    ]
    numbered: list[int] = []
    run: list[CitationCandidate] = []
    for point in points:
        number = int(point.targets[0].label)
        if number == len(run) + 1:
            run.append(point)
        else:
            run = [point] if number == 1 else []
        numbered += [each.start for each in (run if len(run) == 2 else run[-1:])] if len(run) > 1 else []
    return numbered


# A paragraph that ends "… helped. (3)" has its marks behind the full stops.
MARK_AT_END = re.compile(r"[.!?][”\"’)]?\s?\(\d[\d,;\s–-]{0,30}\)\s*\Z")
STOP_BEFORE_MARK = re.compile(r"[.!?][”\"’)]?\s?\Z")
CLAUSE_ENDS = re.compile(r"\s*(?:[.,;:!?)\]*_]|\Z|\n)")
SENTENCE_ENDS = re.compile(r"[.!?]\s|\n")


def at_clause_ends(text: str, candidates: Sequence[CitationCandidate]) -> list[CitationCandidate]:
    """The round brackets that end a clause, as citations do but counts rarely ("the men who fell (2) had fractures").

    Without those that number a list: "a school (1), a bank (2) and two shops (3)".
    """
    run: list[CitationCandidate] = []
    counting: set[int] = set()
    done = 0
    for candidate in candidates:
        if run and SENTENCE_ENDS.search(text, done, candidate.start):
            run = []
        done = candidate.end
        if len(candidate.targets) == 1 and candidate.targets[0].label == str(len(run) + 1):
            run.append(candidate)
            counting |= {each.start for each in (run if len(run) == 3 else run[-1:])} if len(run) > 2 else set()
    return [c for c in candidates if c.start not in counting and ends_clause(text, c)]


# "Lee et al. (1) found", and at the start of a sentence "ORBIT (1) compared".
NAMED_BEFORE = re.compile(
    rf"(?:\bet al\.?|\b(?:colleagues|co-?workers)|(?:\A|[.!?\n]\s{{0,2}}|\n){NAME_OF_TRIAL.pattern})\s\Z"
)


def ends_clause(text: str, candidate: CitationCandidate) -> bool:
    """Whether a citation ends a clause, follows the full stop of a sentence, or comes between those who did something
    and what they did."""
    start, before = candidate.start, text[max(0, candidate.start - 60) : candidate.start]
    behind_stop = STOP_BEFORE_MARK.search(text, max(0, start - 4), start)
    named = NAMED_BEFORE.search(before) and DID.match(text, candidate.end)
    return bool(CLAUSE_ENDS.match(text, candidate.end) or behind_stop or named)
