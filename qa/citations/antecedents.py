"""Resolve a noun or pronoun to an earlier source.

A noun refers to the nearest source of a matching kind, or to none if that is ambiguous. "They", "she" and "it" refer
to the source of the previous sentence only if that source was its subject.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from qa.citations.agents import ACTOR
from qa.citations.context import LONGEST_CHAIN, CarriedSource, DiscourseContext, is_plural
from qa.citations.cues import OPENING
from qa.citations.noun_phrases import DID, NOUN, REPORTS, VERB_AHEAD
from qa.citations.person_names import SURNAME
from qa.citations.sources import UNKNOWN
from qa.models import Source, Span

# The kind of source in a table row.
IN_TABLE = "row"
# Kinds that do not tell what sort of work it is (people and organisations, unresolved citations, table rows): any noun
# may refer to them.
UNSPECIFIED = frozenset({ACTOR, UNKNOWN, IN_TABLE})
UNNAMED = frozenset({UNKNOWN, IN_TABLE})
# Sources of these kinds can be referred to only within their paragraph.
PARAGRAPH_ONLY = frozenset({"", ACTOR, UNKNOWN})
TRIAL_LIKE = frozenset({"trial", "study", "cohort", "case report", "survey", "research", "paper", ""})
REVIEWS = frozenset({"review", "meta-analysis"})


# The kinds of source that a noun can refer back to.
MATCHING_KINDS: dict[str, frozenset[str]] = {
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

# (number of the sentence, source)
PlacedSource = tuple[int, CarriedSource]


class RuleMatch(NamedTuple):
    """The result of a rule: its name, the span of the words that refer back, and the sources they refer to."""

    rule: str
    cue: Span
    antecedents: tuple[PlacedSource, ...]


def span_of_match(context: DiscourseContext, match: re.Match[str], group: str | int = 0) -> Span:
    return Span(context.here.start + match.start(group), context.here.start + match.end(group))


def nearest_source(
    context: DiscourseContext, numbers: Iterable[int], kinds: frozenset[str], *, plural: bool, named: bool = False
) -> tuple[PlacedSource, ...]:
    """The source of one of these kinds in the nearest sentence that has any; empty if several would fit.

    `numbers` are the sentences to search, nearest first. With `plural`, several sources are returned. `named` means
    that the noun identifies the source by a word of its own ("the Boston study").
    """
    near = context.before()
    for number in numbers:
        close = number == near or context.same_block(number)
        fitting = [
            carried
            for carried in context.carried[number]
            if carried.source.kind in kinds | UNSPECIFIED and (close or carried.source.kind not in PARAGRAPH_ONLY)
        ]
        if not fitting:
            continue
        if plural:
            return tuple(plural_antecedents(context, number, fitting, kinds))
        if len({carried.work for carried in fitting}) > 1 or is_plural(fitting[0].source):
            return ()
        if (
            not named
            and number != near
            and is_bare_citation(fitting[0].source)
            and has_other_work(context, fitting[0], kinds)
        ):
            return ()
        antecedent = context.reusable_source(number, fitting[0])
        return (antecedent,) if antecedent else ()
    return ()


def is_bare_citation(source: Source) -> bool:
    """Whether a source is cited without a noun for it ("trial", "review")."""
    return bool(source.references) and not NOUN.search(source.text.lower())


def has_other_work(context: DiscourseContext, carried: CarriedSource, kinds: frozenset[str]) -> bool:
    """Whether the paragraph has another work that the noun could refer to."""
    others = (other for number in context.in_paragraph() for other in context.carried[number])
    return any(other.work != carried.work and other.source.kind in kinds for other in others)


def plural_antecedents(
    context: DiscourseContext, number: int, fitting: list[CarriedSource], kinds: frozenset[str]
) -> Iterator[PlacedSource]:
    """The antecedents of "these studies": the sources of the sentence, if there are several."""
    if len({carried.work for carried in fitting}) > 1 or is_plural(fitting[0].source):
        yield from filter(None, (context.reusable_source(number, carried) for carried in fitting))


def from_sentence(context: DiscourseContext, number: int) -> Iterator[PlacedSource]:
    """All sources of a sentence that can be carried over from it."""
    yield from ((number, carried) for carried in context.carried[number] if carried.steps < LONGEST_CHAIN)


COMPANY = (
    rf"(?:,? et al\.?|(?:, {SURNAME}){{0,5}},? (?:and|&) (?:(?:his|her|their) )?(?:colleagues|co-?workers|co-?authors|"
    rf"associates|{SURNAME}))"
)
LEAD = re.compile(
    rf"{OPENING}(?i:(?:in|at|by|since|after|among|for|using|to|unlike|like|contrary to|compared (?:with|to)|"
    r"consistent with|similar to) [^,;:()]{1,60}, )?",
    re.IGNORECASE,
)
NAMES = re.compile(rf"(?:{SURNAME}(?:{COMPANY})?(?:['’]s?)?\s*)?")
AUTHORS_AGAIN = re.compile(
    rf"{OPENING}(?:(?:they|she|he)\b|(?:the|its|their|these|those) (?:same )?(?:study |trial |review )?(?:authors|"
    rf"investigators|researchers|reviewers|scientists|team)\b|(?-i:{SURNAME}){COMPANY})",
    re.IGNORECASE,
)
STUDY_AGAIN = re.compile(
    rf"{OPENING}(?:it\b|(?:the|this|that|its|their) (?:[\w-]+ ){{0,3}}{NOUN.pattern})", re.IGNORECASE
)
# Words for study participants: "they found" may mean them, since participants report and find things too.
STUDIED = re.compile(
    r"\b(?:patients|participants|people|persons|children|adults|women|men|pupils|students|teachers|farmers|parents|"
    r"families|adolescents|teenagers|volunteers|residents|workers|nurses|doctors|users|households|respondents|carers|"
    r"mothers|fathers|officers|tenants|drivers|consumers|voters|veterans|prisoners|inmates|developers|managers)\b",
    re.IGNORECASE,
)
ONLY_AUTHORS = re.compile(
    r"(?:conclud|estimat|suggest|compar|examin|assess|test|includ|enrol|recruit|randomi|follow|pool|argu|recommend|"
    r"demonstrat|reveal|caution|attribut|propos|observ)\w*\b"
    r"|(?:found|reported|show(?:ed|s)|noted|stated) (?:that|no|a significant|significant\w*|evidence|higher|lower)\b"
)
MARK_BEHIND = re.compile(r"\s?(?:[\[(][^\[\]()]{1,60}[\])]|[⁰¹²³⁴-⁹˒,–⁻]+|\^[\d,–-]{1,20}\^?)")
# "Lee et al. [1] found", "Lee and colleagues compared … [1]": the authors are the subject, wherever the citation is.
LED_BY_AUTHORS = re.compile(rf"{SURNAME}{COMPANY}(?:['’]s?)?")


def means_source(context: DiscourseContext, near: int, pronoun: str, said: str) -> bool:
    """Whether the pronoun refers to the source of the sentence `near`, which must have exactly one. `said` is the rest
    of the sentence, from the verb on."""
    if len(context.carried[near]) != 1:
        return False
    carried, words = context.carried[near][0], context.words_of(near)
    if pronoun in ("it", "its"):
        return means_study(context, near, carried)
    return means_authors(context, near, carried) and (not STUDIED.search(words) or bool(ONLY_AUTHORS.match(said)))


def means_study(context: DiscourseContext, near: int, carried: CarriedSource) -> bool:
    if carried.steps:
        return bool(STUDY_AGAIN.match(context.words_of(near)))
    return (
        bool(carried.source.kind)
        and not carried.source.text.startswith(("(", "["))
        and begins_at(context, near, carried.source.start)
    )


def means_authors(context: DiscourseContext, near: int, carried: CarriedSource) -> bool:
    """Whether the subject of the sentence is the authors of its source: "Lee et al. [1]", "A team at Yale", "They"."""
    if carried.steps:
        return bool(AUTHORS_AGAIN.match(context.words_of(near)))
    if carried.source.kind == ACTOR or (
        carried.source.text[0].isalpha() and not NOUN.search(carried.source.text.lower())
    ):
        return begins_at(context, near, carried.source.start)
    named = begins_at(context, near, carried.source.start, NAMES) and not begins_at(context, near, carried.source.start)
    return named or (len(carried.source.references) == 1 and is_led_by_authors(context, near))


def is_led_by_authors(context: DiscourseContext, near: int) -> bool:
    """Whether the subject of a sentence is people known by surname: "Lee et al. compared", "Lee and Roe [1] found"."""
    words = context.words_of(near)
    people = LED_BY_AUTHORS.match(words, length_of_lead(words))
    if not people:
        return False
    mark = MARK_BEHIND.match(words, people.end())
    verb = mark.end() if mark else people.end()
    return any(shape.match(words, verb) for shape in (REPORTS, DID, VERB_AHEAD))


def length_of_lead(words: str) -> int:
    """Where the subject of a sentence begins, behind "However, in 2010, "."""
    opening = LEAD.match(words)
    return opening.end() if opening else 0


def begins_at(context: DiscourseContext, near: int, position: int, names: re.Pattern[str] | None = None) -> bool:
    """Whether the sentence begins at `position`, apart from an opening phrase and text that matches `names`."""
    words = context.words_of(near)
    place, begin = position - context.sentences[near].start, length_of_lead(words)
    return begin == place or bool(names and begin < place and names.fullmatch(words, begin, place))
