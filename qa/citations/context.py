"""What has been read of a document up to a sentence: which sentence stands on which sources, and who may reach them."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from qa.citations.namesakes import Namesakes
from qa.citations.noun_phrases import DID, LONGEST_SENTENCE, NOUN, PLURAL
from qa.citations.person_names import SURNAME
from qa.models import Citation, Section, Sentence, Source

LONGEST_CHAIN = 2
# How many sentences back a source is still remembered by "the study".
MEMORY = 40

# Names that stand for a source later on.
SURNAMES_IN_MARK = re.compile(rf"(?:^|[(\[; ])(?P<name>{SURNAME})(?=,? (?:et al|and |& )|,? ?\(?(?:19|20)\d\d|,)")
# "Lee et al. [1]", "Lee and colleagues [1]"; a name alone only where it does something: "Lee [1] used".
SURNAMES_BEFORE_MARK = re.compile(
    rf"(?P<name>{SURNAME})(?:,? et al\.?,?| (?:and|&) (?:colleagues|co-?workers|associates|{SURNAME}))(?:['’]s?)?\s*\Z"
)
SURNAME_BEFORE_MARK = re.compile(rf"(?:\A|[.,;:] |\b(?:by|of) )(?P<name>{SURNAME})\s*\Z")
TRIAL_NAME = re.compile(
    r"\b(?:[Tt]he|[Ii]ts) (?P<before>[A-Z][\w-]*[A-Z\d][\w-]*)(?= (?:trial|study|survey|cohort|project)\b)"
    r"|\b(?:trial|study|survey|cohort)s? \((?P<after>[A-Z][\w-]*[A-Z\d][\w-]*)\)"
    r"|\b(?:[Cc]alled|[Nn]amed|[Kk]nown as) (?P<called>[A-Z][\w-]*[A-Z\d][\w-]*)\b"
)


# "The trial" of such a text is of a study only where the source is called so.
COURT = re.compile(
    r"\b(?:murder|criminal|civil|jury|bench|show|fair|speedy|rape|fraud|terrorism|war crimes) trials?\b"
    r"|\btrial (?:courts?|judges?|lawyers?|attorneys?|dates?|jur(?:y|ies)|counsel)\b"
    r"|\b(?:jury|juries|jurors?|defendants?|prosecutors?|at trial)\b"
    r"|\b(?:stand|stands|stood|on|await|awaits|awaiting|brought to) trial\b",
    re.IGNORECASE,
)


class CarriedSource(NamedTuple):
    """A source that a sentence stands on; `steps` away is the sentence that is cited itself, or names the source."""

    source: Source
    steps: int

    @property
    def work(self) -> tuple[str, ...]:
        """What makes it the same source again, however it is called there."""
        return self.source.references or (self.source.id,)


@dataclass
class DiscourseContext:
    """`carried` has a row for each sentence that has been read; the next one is the sentence in question.

    `words` are those of the sentence in question. `closed` are sentences that end the reach of an arm or of a
    continuation: of approval, definition or advice.
    """

    text: str
    sentences: Sequence[Sentence]
    sections: Sequence[Section]
    own_research: bool
    lineage: Callable[[str], Collection[str]]
    roots: list[int] = field(default_factory=list)
    carried: list[tuple[CarriedSource, ...]] = field(default_factory=list)
    holders: list[int] = field(default_factory=list)
    closed: set[int] = field(default_factory=set)
    names: dict[str, deque[tuple[int, CarriedSource]]] = field(default_factory=dict)
    words: str = ""
    namesakes: Namesakes = field(init=False)

    def __post_init__(self) -> None:
        self.namesakes = Namesakes(self.text)
        self.roots = roots_of(self.sections)
        self.words = self.words_of(0) if self.sentences else ""

    # --- the sentence in question

    @property
    def here(self) -> Sentence:
        return self.sentences[len(self.carried)]

    def words_of(self, number: int) -> str:
        return self.text[self.sentences[number].start : self.sentences[number].end]

    @cached_property
    def tells_of_courts(self) -> bool:
        """Whether trials are also those before a judge, in this text."""
        return bool(COURT.search(self.text))

    @property
    def path(self) -> tuple[str, ...]:
        return self.sections[self.here.section].path

    def before(self) -> int | None:
        """The claim right before, in the same section."""
        for number in range(len(self.carried) - 1, -1, -1):
            if self.sentences[number].section != self.here.section:
                return None
            if self.sentences[number].kind == "claim":
                return number
        return None

    # --- where sources may come from

    def in_reach(self) -> Iterator[int]:
        """Earlier sentences that stand on something, nearest first, under the same top-level heading and not of
        another condition."""
        for number in reversed(self.holders):
            if len(self.carried) - number > MEMORY:
                return
            if self.same_reach(number) and not self.other_condition(number):
                yield number

    def same_reach(self, number: int) -> bool:
        """Under the same top-level heading; or above it, where the text right under the condition's heading stands."""
        there, here = self.sentences[number].section, self.here.section
        if self.roots[there] == self.roots[here]:
            return True
        above, path = self.sections[there].path, self.path
        shared = {t.id for t in self.sections[there].conditions} & {t.id for t in self.sections[here].conditions}
        return bool(above and shared) and path[: len(above)] == above

    def other_condition(self, number: int) -> bool:
        """Whether the two speak of conditions of which none is the other or above it."""
        there = {tag.id for tag in self.sentences[number].conditions}
        here = {tag.id for tag in self.here.conditions}
        if not there or not here or not there.isdisjoint(here):
            return False
        above_there = {above for id in there for above in self.lineage(id)}
        above_here = {above for id in here for above in self.lineage(id)}
        return there.isdisjoint(above_here) and here.isdisjoint(above_there)

    def same_block(self, number: int) -> bool:
        return self.sentences[number].block == self.here.block

    def in_paragraph(self) -> list[int]:
        """Earlier sentences of the paragraph and the sentence before, nearest first, up to one that is closed."""
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

    def shorter(self, number: int, carried: CarriedSource) -> tuple[int, CarriedSource] | None:
        """The source where it can still be taken over from: there, or in an earlier sentence that stands on it."""
        if carried.steps < LONGEST_CHAIN:
            return number, carried
        for earlier in reversed(self.holders):
            for other in self.carried[earlier]:
                if earlier < number and other.work == carried.work and other.steps < LONGEST_CHAIN:
                    return earlier, other
            if number - earlier > MEMORY:
                return None
        return None

    def tells_of_others(self, number: int) -> bool:
        """Whether the sentence brings in a work by a noun or by its authors, not by a bare mark."""
        return any(carried.steps == 0 and carried.source.kind for carried in self.carried[number]) or any(
            owner == number for owners in self.names.values() for owner, _ in [owners[-1]]
        )

    # --- reading on

    def add(self, carried: tuple[CarriedSource, ...], marks: Sequence[Citation] = ()) -> None:
        """Go on to the next sentence."""
        number = len(self.carried)
        for name, owner in self.new_names(carried, marks):
            self.names.setdefault(name, deque(maxlen=MEMORY)).append((number, owner))
        self.carried.append(carried)
        if carried:
            self.holders.append(number)
        self.words = self.words_of(number + 1) if number + 1 < len(self.sentences) else ""

    def new_names(
        self, carried: Sequence[CarriedSource], marks: Sequence[Citation]
    ) -> Iterator[tuple[str, CarriedSource]]:
        for owner in carried:
            if owner.steps == 0 and not is_plural(owner.source):
                for match in TRIAL_NAME.finditer(owner.source.text):
                    yield match["before"] or match["after"] or match["called"], owner
                if not owner.source.references and owner.source.kind == "" and (name := owner.source.text.split()[:1]):
                    yield name[0], owner
        if len(self.words) > LONGEST_SENTENCE:
            return
        for mark in marks:
            owners = [owner for owner in carried if owner.source.references == mark.references]
            if len(mark.references) == 1 and len(owners) == 1:
                before = self.text[max(self.here.start, mark.start - 60) : mark.start]
                leading = SURNAMES_BEFORE_MARK.search(before)
                if not leading and DID.match(self.text, mark.end):
                    leading = SURNAME_BEFORE_MARK.search(before)
                inner = SURNAMES_IN_MARK.search(mark.text)
                found = [match["name"] for match in (leading, inner) if match]
                yield from ((name, owners[0]) for name in found if not name.isupper())


def roots_of(sections: Sequence[Section]) -> list[int]:
    """For each section a number that it shares with those under the same top-level heading. A title that stands above
    everything is no such heading; the next rank is."""
    paths = [section.path for section in sections if section.path]
    shared = paths[0] if paths else ()
    while any(path[: len(shared)] != shared for path in paths):
        shared = shared[:-1]
    depth = len(shared) + 1
    roots: list[int] = []
    for number, section in enumerate(sections):
        previous = sections[number - 1].path[:depth] if number else None
        roots.append(roots[-1] if previous == section.path[:depth] else number)
    return roots


def is_plural(source: Source) -> bool:
    """Whether it stands for several works that "the study" cannot mean: "two trials", a bare "[3-5]"."""
    noun = NOUN.search(source.text.lower()) if source.kind else None
    return bool(PLURAL.search(noun[0])) if noun else len(source.references) > 1
