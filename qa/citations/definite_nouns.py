"""Rule I3 for definite nouns: "the study", "this review", "their trial"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa.citations.antecedents import MATCHING_KINDS, REVIEWS, PlacedSource, RuleMatch, nearest_source
from qa.citations.context import LONGEST_CHAIN, DiscourseContext, is_plural
from qa.citations.cues import INCLUDED, NEEDS_REPORTING, ONE_OF_SEVERAL, OPENING, OWN, UNREPORTED
from qa.citations.noun_phrases import DID, PLURAL, REPORTS, NounPhrase, find_noun_phrases
from qa.citations.person_names import word_set
from qa.models import Span


def definite_noun(context: DiscourseContext) -> Iterator[RuleMatch]:
    """I3: "the study", "this review"."""
    text, here = context.text, context.here
    new_here: set[str] = set()
    for phrase in find_noun_phrases(text, here, ()):
        if phrase.article not in POINTING:
            new_here.add(phrase.kind)
        if phrase.article not in POINTING or phrase.end != phrase.noun.end or new_here & MATCHING_KINDS[phrase.kind]:
            continue
        reports = REPORTS.match(text, phrase.end, here.end)
        if is_unclear(context, phrase, bool(reports)) or is_own(context, phrase, bool(reports)):
            continue
        cue = Span(phrase.start, reports.end() if reports else phrase.end)
        yield RuleMatch("I3", cue, resolve(context, phrase))


NEAR_ONLY = frozenset({"this", "these", "its", "their"})
POINTING = NEAR_ONLY | {"the", "that", "those", "both"}
# "this earlier trial" is the one just mentioned, and never the article itself; "the earlier trial" could be any.
OTHERS_WORK = re.compile(
    r"(?:this|that|these|those) (?:earlier|previous|prior|older|latter|aforementioned)", re.IGNORECASE
)
# "In that study, …": what follows is reported, whatever its words.
WITHIN_STUDY = re.compile(rf"{OPENING}(?:in|from) ", re.IGNORECASE)
# "Implementing these guidelines, …", "Based on this study, …": what follows is not what the work says.
MADE_USE_OF = re.compile(
    r"\b(?!(?:dur|accord|follow-up|includ)ing)(?:[a-z]{4,}ing|based on|in the light of)\s\Z", re.IGNORECASE
)


def is_unclear(context: DiscourseContext, phrase: NounPhrase, reports: bool) -> bool:
    """Whether the phrase picks one of several works, or the sentence does not say what the work reports."""
    text, here = context.text, context.here
    left = text[phrase.start : phrase.noun.start].strip()
    if ONE_OF_SEVERAL.search(left) and not OTHERS_WORK.fullmatch(left):
        return True
    if reports:
        return False
    if NEEDS_REPORTING.search(text[slice(*phrase.noun)]) or MADE_USE_OF.search(text, here.start, phrase.start):
        return True
    within = WITHIN_STUDY.fullmatch(text[here.start : phrase.start]) or DID.match(text, phrase.end, here.end)
    return bool(UNREPORTED.search(context.words)) and not (within and phrase.article != "the")


UNINFORMATIVE = word_set("randomised randomized controlled clinical same included published research double-blind")
UNINFORMATIVE_OF_NEAR = word_set("earlier previous prior older latter aforementioned")


def resolve(context: DiscourseContext, phrase: NounPhrase) -> tuple[PlacedSource, ...]:
    """The source that a definite noun refers to. The words that qualify it ("the 2022 trial", "the pilot study") must
    also appear in the sentence with the source."""
    noun, left = context.text[slice(*phrase.noun)], context.text[phrase.start : phrase.noun.start]
    called = {word.lower() for word in re.findall(r"[\w-]+", left.partition(" ")[2])} - UNINFORMATIVE
    if OTHERS_WORK.fullmatch(left.strip()):
        called -= UNINFORMATIVE_OF_NEAR
    numbers = (n for n in context.in_reach() if all(word in context.words_of(n).lower() for word in called))
    near = context.before()
    if phrase.article == "both" and (two := two_works(context)):
        return two
    if (context.own_research and phrase.kind not in REVIEWS) or phrase.article in ("its", "their"):
        numbers = (n for n in numbers if n == near)
    elif phrase.article in NEAR_ONLY:
        numbers = (n for n in numbers if n == near or (context.same_block(n) and context.introduces_source(n)))
    if near is not None and "latter" in left.lower():
        return latter_source(context, near)
    plural = bool(PLURAL.search(noun)) or phrase.article == "both"
    if plural and INCLUDED.search(left):
        return nearest_source(context, context.in_reach(), REVIEWS, plural=False)
    kinds = MATCHING_KINDS[phrase.kind] - ({"guideline", "paper"} if NO_REPORT.match(noun.lower()) else set())
    if phrase.kind == "trial" and context.mentions_courts:
        kinds = frozenset({"trial"})
    return nearest_source(context, numbers, kinds, plural=plural, named=bool(called))


def two_works(context: DiscourseContext) -> tuple[PlacedSource, ...]:
    """The works of the last two sentences of the paragraph, if each has one: "Lee found [1]. Roe found [2]. Both"."""
    numbers = context.in_paragraph()[:2]
    found = [(number, carried) for number in numbers for carried in context.carried[number]]
    single = [place for place in found if len(place[1].source.references) == 1 and place[1].steps < LONGEST_CHAIN]
    distinct = len({carried.work for _, carried in single}) == 2 and len(found) == 2 == len(numbers)
    return tuple(reversed(single)) if distinct else ()


def latter_source(context: DiscourseContext, near: int) -> tuple[PlacedSource, ...]:
    """The last source of a sentence, which "the latter study" is."""
    last = [carried for carried in context.carried[near] if carried.steps < LONGEST_CHAIN][-1:]
    return tuple((near, carried) for carried in last if not is_plural(carried.source))


# "The audit" can refer to a report but not to a guideline.
NO_REPORT = re.compile(r"audit|evaluation|assessment|inquir")


OF_OTHERS = frozenset({"that", "those", "both", "their", "its"})


def is_own(context: DiscourseContext, phrase: NounPhrase, reports: bool) -> bool:
    """Whether "the study" is the article itself.

    In original research it is, except "that study", "these studies", a review, and "the study found" directly after a
    sentence about someone else's study.
    """
    if OWN.search(context.text, phrase.start, phrase.end):
        return True
    left = context.text[phrase.start : phrase.noun.start]
    if phrase.article in OF_OTHERS or OTHERS_WORK.match(left):
        return False
    if OWN.search(context.words) or not context.own_research:
        return bool(OWN.search(context.words))
    if PLURAL.search(context.text[slice(*phrase.noun)]) or (phrase.kind in REVIEWS and not context.is_review):
        return False
    near = context.before()
    others = near is not None and not OWN.search(context.words_of(near)) and context.introduces_source(near)
    return phrase.article == "this" or not (others and reports)
