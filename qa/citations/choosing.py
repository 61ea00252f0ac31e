"""Which of the sources read so far a noun means: the nearest of agreeing kind, or none where that is not clear."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from qa.citations.actors import ACTOR
from qa.citations.past import LONGEST_CHAIN, Held, Past, is_plural
from qa.citations.phrases import NOUN
from qa.citations.sources import UNKNOWN
from qa.models import Source

# The kind of what stands in the row of a table.
IN_TABLE = "row"
# Kinds that say nothing of the work: people and bodies, marks that no reference fits, rows. Any noun may mean these.
UNTOLD = frozenset({ACTOR, UNKNOWN, IN_TABLE})
UNNAMED = frozenset({UNKNOWN, IN_TABLE})
# These are remembered within their paragraph only.
SOON_FORGOTTEN = frozenset({"", ACTOR, UNKNOWN})
TRIAL_LIKE = frozenset({"trial", "study", "cohort", "case report", "survey", "research", "paper", ""})
REVIEWS = frozenset({"review", "meta-analysis"})
# The kinds of source that a noun which refers back can mean.
AGREEING: dict[str, frozenset[str]] = {
    "trial": frozenset({"trial", "study", ""}),
    "study": TRIAL_LIKE,
    "cohort": frozenset({"cohort", "study", ""}),
    "case report": frozenset({"case report"}),
    "survey": frozenset({"survey", "study", "report"}),
    "review": REVIEWS,
    "meta-analysis": REVIEWS,
    "guideline": frozenset({"guideline"}),
    "report": frozenset({"report", "survey", "guideline", "paper", "case report"}),
    "paper": TRIAL_LIKE | REVIEWS | {"report"},
    "research": TRIAL_LIKE,
    "authors": TRIAL_LIKE | REVIEWS | {"report", "guideline"},
}
Taken = tuple[int, Held]


def nearest(
    past: Past, numbers: Iterable[int], kinds: frozenset[str], *, plural: bool, named: bool = False
) -> tuple[Taken, ...]:
    """The source of these kinds in the nearest sentence that has any; none when there are several to choose from.
    `named` are sources that a noun calls by a word of their own ("the Boston study")."""
    near = past.before()
    for number in numbers:
        close = number == near or past.same_block(number)
        fitting = [
            held
            for held in past.held[number]
            if held.source.kind in kinds | UNTOLD and (close or held.source.kind not in SOON_FORGOTTEN)
        ]
        if not fitting:
            continue
        if plural:
            return tuple(several(past, number, fitting, kinds))
        if len({held.work for held in fitting}) > 1 or is_plural(fitting[0].source):
            return ()
        if not named and number != near and is_bare_mark(fitting[0].source) and another_work(past, fitting[0], kinds):
            return ()
        taken = past.shorter(number, fitting[0])
        return (taken,) if taken else ()
    return ()


def is_bare_mark(source: Source) -> bool:
    """Whether a source is cited without a word of what it is."""
    return bool(source.references) and not NOUN.search(source.text.lower())


def another_work(past: Past, held: Held, kinds: frozenset[str]) -> bool:
    """Whether the paragraph has other works too that a noun may mean."""
    others = (other for number in past.in_paragraph() for other in past.held[number])
    return any(other.work != held.work and other.source.kind in kinds for other in others)


def several(past: Past, number: int, fitting: list[Held], kinds: frozenset[str]) -> Iterator[Taken]:
    """What "these studies" means: the sources of the sentence, when they are several."""
    if len({held.work for held in fitting}) > 1 or is_plural(fitting[0].source):
        yield from filter(None, (past.shorter(number, held) for held in fitting))


def from_sentence(past: Past, number: int) -> Iterator[Taken]:
    """All that a sentence stands on and that can be taken over from it."""
    yield from ((number, held) for held in past.held[number] if held.steps < LONGEST_CHAIN)
