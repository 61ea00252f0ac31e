"""The state while support is attached sentence by sentence: sources so far, and which of them are in scope."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from qa.citations.namesakes import Namesakes, surnames_at
from qa.citations.noun_phrases import LONGEST_SENTENCE, NOUN, PLURAL
from qa.citations.trial_names import TrialNames
from qa.models import Citation, Section, Sentence, Source

LONGEST_CHAIN = 2
# How many sentences back "the study" can refer.
MEMORY = 40

# In a text that matches, "the trial" refers to a study only if that source is itself called a trial.
COURT = re.compile(
    r"\b(?:murder|criminal|civil|jury|bench|show|fair|speedy|rape|fraud|terrorism|war crimes) trials?\b"
    r"|\btrial (?:courts?|judges?|lawyers?|attorneys?|dates?|jur(?:y|ies)|counsel)\b"
    r"|\b(?:jury|juries|jurors?|defendants?|prosecutors?|at trial)\b"
    r"|\b(?:stand|stands|stood|on|await|awaits|awaiting|brought to) trial\b",
    re.IGNORECASE,
)


REVIEW_TITLE = re.compile(r"\breview\b|\bmeta-?\s?analys|\bsynthes", re.IGNORECASE)


class CarriedSource(NamedTuple):
    """A source that supports a sentence, `steps` away from the sentence that cites or names it (0: this one)."""

    source: Source
    steps: int

    @property
    def work(self) -> tuple[str, ...]:
        """Identity of the source, whatever words refer to it."""
        return self.source.references or (self.source.id,)


@dataclass
class DiscourseContext:
    """The sentences processed so far, and the current one.

    `carried` holds the sources of each processed sentence; the next sentence is the current one, `words` its text.
    `sourced` are the numbers of the sentences with a source. `closed` are those on approval, definition or advice:
    rules I4 and I5 do not look past them. `trials` are the names of trials, `cited` where
    each work was last cited, and `surnames` the work of each first author who has only one.
    """

    text: str
    sentences: Sequence[Sentence]
    sections: Sequence[Section]
    own_research: bool
    ancestors: Callable[[str], Collection[str]]
    surnames: Mapping[str, str] = field(default_factory=dict)
    roots: list[int] = field(default_factory=list)
    carried: list[tuple[CarriedSource, ...]] = field(default_factory=list)
    sourced: list[int] = field(default_factory=list)
    closed: set[int] = field(default_factory=set)
    names: dict[str, deque[tuple[int, CarriedSource]]] = field(default_factory=dict)
    words: str = ""
    trials: set[str] = field(default_factory=set)
    cited: dict[str, tuple[int, CarriedSource]] = field(default_factory=dict)
    namesakes: Namesakes = field(init=False)
    trial_names: TrialNames = field(init=False)

    def __post_init__(self) -> None:
        self.namesakes, self.trial_names = Namesakes(self.text), TrialNames(self.text)
        self.roots = roots_of(self.sections)
        self.words = self.words_of(0) if self.sentences else ""

    # --- the current sentence

    @property
    def here(self) -> Sentence:
        return self.sentences[len(self.carried)]

    def words_of(self, number: int) -> str:
        return self.text[self.sentences[number].start : self.sentences[number].end]

    @cached_property
    def mentions_courts(self) -> bool:
        """Whether the text also mentions court trials."""
        return bool(COURT.search(self.text))

    @cached_property
    def is_review(self) -> bool:
        """Whether the first heading is that of a review, so that "this review" is the text itself."""
        return any(REVIEW_TITLE.search(section.path[0]) for section in self.sections[:1] if section.path)

    @property
    def path(self) -> tuple[str, ...]:
        return self.sections[self.here.section].path

    def before(self) -> int | None:
        """The number of the previous claim in the same section, or None."""
        for number in range(len(self.carried) - 1, -1, -1):
            if self.sentences[number].section != self.here.section:
                return None
            if self.sentences[number].kind == "claim":
                return number
        return None

    # --- sources in scope

    def in_reach(self) -> Iterator[int]:
        """Yield the numbers of earlier sentences with a source, nearest first, under the same top-level heading and not
        about another condition."""
        for number in reversed(self.sourced):
            if len(self.carried) - number > MEMORY:
                return
            if self.same_reach(number) and not self.other_condition(number):
                yield number

    def same_reach(self, number: int) -> bool:
        """Whether a sentence is under the same top-level heading, or under one above with the same condition."""
        there, here = self.sentences[number].section, self.here.section
        if self.roots[there] == self.roots[here]:
            return True
        above, path = self.sections[there].path, self.path
        shared = {t.id for t in self.sections[there].conditions} & {t.id for t in self.sections[here].conditions}
        return bool(above and shared) and path[: len(above)] == above

    def other_condition(self, number: int) -> bool:
        """Whether the two sentences are about unrelated conditions (neither the same nor an ancestor)."""
        there = {tag.id for tag in self.sentences[number].conditions}
        here = {tag.id for tag in self.here.conditions}
        if not there or not here or not there.isdisjoint(here):
            return False
        above_there = {above for id in there for above in self.ancestors(id)}
        above_here = {above for id in here for above in self.ancestors(id)}
        return there.isdisjoint(above_here) and here.isdisjoint(above_there)

    def same_block(self, number: int) -> bool:
        return self.sentences[number].block == self.here.block

    def in_paragraph(self) -> list[int]:
        """Numbers of the sentences with a source in this paragraph (and the previous claim), nearest first, back to the
        last closed one."""
        numbers = []
        near = self.before()
        number = len(self.carried) - 1
        while number >= max(0, len(self.carried) - MEMORY) and (number == near or self.same_block(number)):
            if number in self.closed:
                break
            if self.carried[number] and not self.other_condition(number):
                numbers.append(number)
            number -= 1
        return numbers

    def reusable_source(self, number: int, carried: CarriedSource) -> tuple[int, CarriedSource] | None:
        """The source if it can still be carried over: from this sentence or an earlier one with it; otherwise None."""
        if carried.steps < LONGEST_CHAIN:
            return number, carried
        for earlier in reversed(self.sourced):
            for other in self.carried[earlier]:
                if earlier < number and other.work == carried.work and other.steps < LONGEST_CHAIN:
                    return earlier, other
            if number - earlier > MEMORY:
                return None
        return None

    def introduces_source(self, number: int) -> bool:
        """Whether the sentence introduces a work by a noun or its authors, not only by a citation."""
        return any(carried.steps == 0 and carried.source.kind for carried in self.carried[number]) or any(
            owner == number for owners in self.names.values() for owner, _ in [owners[-1]]
        )

    # --- next sentence

    def add(self, carried: tuple[CarriedSource, ...], marks: Sequence[Citation] = ()) -> None:
        """Record the sources of the current sentence and move on to the next."""
        number = len(self.carried)
        for name, owner in self.new_names(carried, marks):
            self.names.setdefault(name, deque(maxlen=MEMORY)).append((number, owner))
        for mark in marks:
            for id in mark.references:
                source = Source("", mark.start, mark.end, mark.text, "", references=(id,))
                self.cited[id] = (number, CarriedSource(source, 0))
        self.carried.append(carried)
        if carried:
            self.sourced.append(number)
        self.words = self.words_of(number + 1) if number + 1 < len(self.sentences) else ""

    def new_names(
        self, carried: Sequence[CarriedSource], marks: Sequence[Citation]
    ) -> Iterator[tuple[str, CarriedSource]]:
        for owner in carried:
            if owner.steps == 0 and not is_plural(owner.source):
                for name in self.trial_names.named_in_phrase(owner.source.text):
                    self.trials.add(name)
                    yield name, owner
                if not owner.source.references and owner.source.kind == "" and (named := owner.source.text.split()[:1]):
                    yield named[0], owner
        if len(self.words) > LONGEST_SENTENCE:
            return
        for mark in marks:
            owners = [owner for owner in carried if owner.source.references == mark.references]
            if len(mark.references) == 1 and len(owners) == 1:
                yield from ((name, owners[0]) for name in surnames_at(self.text, self.here.start, mark))
                trial = self.trial_names.named_by_mark(
                    self.text[self.here.start : mark.start], self.text[mark.end : self.here.end]
                )
                if trial:
                    self.trials.add(trial)
                    yield trial, owners[0]


def roots_of(sections: Sequence[Section]) -> list[int]:
    """For each section, a number shared by all sections under the same top-level heading.

    A document title above all sections does not count; the headings one rank below do. Where headings have no rank, one
    that names no condition is under the last one that does.
    """
    paths = [section.path for section in sections if section.path]
    shared = paths[0] if paths else ()
    while any(path[: len(shared)] != shared for path in paths):
        shared = shared[:-1]
    depth = len(shared) + 1
    roots: list[int] = []
    for number, section in enumerate(sections):
        previous = sections[number - 1].path[:depth] if number else None
        is_under = previous == section.path[:depth] or (number > 0 and has_earlier_conditions(section))
        roots.append(roots[-1] if is_under else number)
    return roots


def has_earlier_conditions(section: Section) -> bool:
    """Whether a section without a heading above it has the conditions of an earlier one all the same."""
    return len(section.path) == 1 and any(tag.basis == "ancestor" for tag in section.conditions)


def is_plural(source: Source) -> bool:
    """Whether the source is several works, so that "the study" cannot mean it: "two trials", a bare "[3-5]"."""
    noun = NOUN.search(source.text.lower()) if source.kind else None
    return bool(PLURAL.search(noun[0])) if noun else len(source.references) > 1
