"""Which earlier source a noun or a pronoun means.

A noun means the nearest source of agreeing kind, or none where that is not clear; "they", "she" and "it" mean the
source of the sentence before only if it was the subject there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from qa.citations.agents import ACTOR
from qa.citations.context import LONGEST_CHAIN, Held, Past, is_plural
from qa.citations.cues import OPENING
from qa.citations.noun_phrases import NOUN
from qa.citations.person_names import SURNAME
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


COMPANY = (
    rf"(?:,? et al\.?|(?:, {SURNAME}){{0,5}},? (?:and|&) (?:(?:his|her|their) )?(?:colleagues|co-?workers|co-?authors|"
    rf"associates|{SURNAME}))"
)
LEAD = re.compile(rf"{OPENING}(?i:(?:in|at|by|since|after|among|for|using) [^,;:()]{{1,60}}, )?", re.IGNORECASE)
NAMES = re.compile(rf"(?:{SURNAME}(?:{COMPANY})?(?:['’]s?)?\s*)?")
AUTHORS_AGAIN = re.compile(
    rf"{OPENING}(?:(?:they|she|he)\b|(?:the|its|their|these|those) (?:same )?(?:study |trial |review )?(?:authors|"
    rf"investigators|researchers|reviewers|scientists|team)\b|(?-i:{SURNAME}){COMPANY})",
    re.IGNORECASE,
)
STUDY_AGAIN = re.compile(
    rf"{OPENING}(?:it\b|(?:the|this|that|its|their) (?:[\w-]+ ){{0,3}}{NOUN.pattern})", re.IGNORECASE
)
# Those who are studied tell and find as well.
STUDIED = re.compile(
    r"\b(?:patients|participants|people|persons|children|adults|women|men|pupils|students|teachers|farmers|parents|"
    r"families|adolescents|teenagers|volunteers|residents|workers|nurses|doctors|users|households|respondents|carers|"
    r"mothers|fathers|officers|tenants|drivers|consumers|voters|veterans|prisoners|inmates|developers|managers)\b",
    re.IGNORECASE,
)
ONLY_AUTHORS = re.compile(
    r"(?:conclud|estimat|suggest|compar|examin|assess|test|includ|enrol|recruit|randomi|follow|pool|argu|recommend|"
    r"demonstrat|reveal|caution|attribut|propos)\w*\Z"
)


def means_source(past: Past, near: int, pronoun: str, verb: str) -> bool:
    """Whether the pronoun means the one source of the sentence `near`."""
    if len(past.held[near]) != 1:
        return False
    held, words = past.held[near][0], past.words_of(near)
    if pronoun in ("it", "its"):
        return told_by_study(past, near, held)
    return told_by_authors(past, near, held) and (not STUDIED.search(words) or bool(ONLY_AUTHORS.match(verb)))


def told_by_study(past: Past, near: int, held: Held) -> bool:
    if held.steps:
        return bool(STUDY_AGAIN.match(past.words_of(near)))
    return (
        bool(held.source.kind) and not held.source.text.startswith(("(", "[")) and leads(past, near, held.source.start)
    )


def told_by_authors(past: Past, near: int, held: Held) -> bool:
    """Whether the subject of the sentence is who wrote its source: "Lee et al. [1]", "A team at Yale", "They"."""
    if held.steps:
        return bool(AUTHORS_AGAIN.match(past.words_of(near)))
    if held.source.kind == ACTOR or (held.source.text[0].isalpha() and not NOUN.search(held.source.text.lower())):
        return leads(past, near, held.source.start)
    return leads(past, near, held.source.start, NAMES) and not leads(past, near, held.source.start)


def leads(past: Past, near: int, position: int, names: re.Pattern[str] | None = None) -> bool:
    """Whether a sentence begins at the position, but for a few words and a comma; `names` may stand between."""
    start = past.sentences[near].start
    opening = LEAD.match(past.text, start, position)
    begin = opening.end() if opening else start
    return begin == position or bool(names and names.fullmatch(past.text, begin, position))
