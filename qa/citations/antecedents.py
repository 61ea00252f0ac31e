"""Which earlier source a noun or a pronoun means.

A noun means the nearest source of agreeing kind, or none where that is not clear; "they", "she" and "it" mean the
source of the sentence before only if it was the subject there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from qa.citations.agents import ACTOR
from qa.citations.context import LONGEST_CHAIN, CarriedSource, DiscourseContext, is_plural
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


Taken = tuple[int, CarriedSource]


def nearest_source(
    context: DiscourseContext, numbers: Iterable[int], kinds: frozenset[str], *, plural: bool, named: bool = False
) -> tuple[Taken, ...]:
    """The source of these kinds in the nearest sentence that has any; none when there are several to choose from.
    `named` are sources that a noun calls by a word of their own ("the Boston study")."""
    near = context.before()
    for number in numbers:
        close = number == near or context.same_block(number)
        fitting = [
            carried
            for carried in context.carried[number]
            if carried.source.kind in kinds | UNTOLD and (close or carried.source.kind not in SOON_FORGOTTEN)
        ]
        if not fitting:
            continue
        if plural:
            return tuple(several(context, number, fitting, kinds))
        if len({carried.work for carried in fitting}) > 1 or is_plural(fitting[0].source):
            return ()
        if (
            not named
            and number != near
            and is_bare_mark(fitting[0].source)
            and another_work(context, fitting[0], kinds)
        ):
            return ()
        taken = context.shorter(number, fitting[0])
        return (taken,) if taken else ()
    return ()


def is_bare_mark(source: Source) -> bool:
    """Whether a source is cited without a word of what it is."""
    return bool(source.references) and not NOUN.search(source.text.lower())


def another_work(context: DiscourseContext, carried: CarriedSource, kinds: frozenset[str]) -> bool:
    """Whether the paragraph has other works too that a noun may mean."""
    others = (other for number in context.in_paragraph() for other in context.carried[number])
    return any(other.work != carried.work and other.source.kind in kinds for other in others)


def several(
    context: DiscourseContext, number: int, fitting: list[CarriedSource], kinds: frozenset[str]
) -> Iterator[Taken]:
    """What "these studies" means: the sources of the sentence, when they are several."""
    if len({carried.work for carried in fitting}) > 1 or is_plural(fitting[0].source):
        yield from filter(None, (context.shorter(number, carried) for carried in fitting))


def from_sentence(context: DiscourseContext, number: int) -> Iterator[Taken]:
    """All that a sentence stands on and that can be taken over from it."""
    yield from ((number, carried) for carried in context.carried[number] if carried.steps < LONGEST_CHAIN)


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


def means_source(context: DiscourseContext, near: int, pronoun: str, verb: str) -> bool:
    """Whether the pronoun means the one source of the sentence `near`."""
    if len(context.carried[near]) != 1:
        return False
    carried, words = context.carried[near][0], context.words_of(near)
    if pronoun in ("it", "its"):
        return means_study(context, near, carried)
    return means_authors(context, near, carried) and (not STUDIED.search(words) or bool(ONLY_AUTHORS.match(verb)))


def means_study(context: DiscourseContext, near: int, carried: CarriedSource) -> bool:
    if carried.steps:
        return bool(STUDY_AGAIN.match(context.words_of(near)))
    return (
        bool(carried.source.kind)
        and not carried.source.text.startswith(("(", "["))
        and leads(context, near, carried.source.start)
    )


def means_authors(context: DiscourseContext, near: int, carried: CarriedSource) -> bool:
    """Whether the subject of the sentence is who wrote its source: "Lee et al. [1]", "A team at Yale", "They"."""
    if carried.steps:
        return bool(AUTHORS_AGAIN.match(context.words_of(near)))
    if carried.source.kind == ACTOR or (
        carried.source.text[0].isalpha() and not NOUN.search(carried.source.text.lower())
    ):
        return leads(context, near, carried.source.start)
    return leads(context, near, carried.source.start, NAMES) and not leads(context, near, carried.source.start)


def leads(context: DiscourseContext, near: int, position: int, names: re.Pattern[str] | None = None) -> bool:
    """Whether a sentence begins at the position, but for a few words and a comma; `names` may stand between."""
    start = context.sentences[near].start
    opening = LEAD.match(context.text, start, position)
    begin = opening.end() if opening else start
    return begin == position or bool(names and names.fullmatch(context.text, begin, position))
