"""The rules I1 to I5, by which a sentence without a citation inherits a source; see `attach` for an overview."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from qa.citations.antecedents import (
    MATCHING_KINDS,
    REVIEWS,
    TRIAL_LIKE,
    UNSPECIFIED,
    PlacedSource,
    from_sentence,
    means_source,
    nearest_source,
)
from qa.citations.context import LONGEST_CHAIN, DiscourseContext, is_plural
from qa.citations.cues import (
    ARM,
    COMPARED,
    CONTINUES,
    IBID,
    INCLUDED,
    NEEDS_REPORTING,
    NO_RISK_GROUP,
    ONE_OF_SEVERAL,
    OWN,
    OWN_SECTION,
    PAST,
    SAME,
    STATISTICS,
    SUMS_UP,
    THE_AUTHORS,
    THEY,
    UNREPORTED,
)
from qa.citations.noun_phrases import (
    LONGEST_SENTENCE,
    NOUN,
    PLURAL,
    REPORTS,
    NounPhrase,
    find_noun_phrases,
    kind_of_noun,
)
from qa.citations.person_names import UPPER, word_set
from qa.citations.sources import A_YEAR
from qa.models import Span


class RuleMatch(NamedTuple):
    """The result of a rule: its name, the span of the words that refer back, and the sources they refer to."""

    rule: str
    cue: Span
    antecedents: tuple[PlacedSource, ...]


def find_source(context: DiscourseContext) -> RuleMatch | None:
    """The match of the first rule that applies to the current sentence, or None."""
    unseen = context.words.startswith("<!--")
    if unseen or not context.sourced or len(context.words) > LONGEST_SENTENCE or SUMS_UP.match(context.words):
        return None
    found = (found for rule in RULES for found in rule(context) if found.antecedents)
    return next(found, None)


# --- I1 and I2: repeated names -------------------------------------------------------------------


def same_again(context: DiscourseContext) -> Iterator[RuleMatch]:
    """I1: ibid., "the same trial"."""
    if match := IBID.search(context.words):
        yield RuleMatch("I1", span_of_match(context, match), tuple(from_sentence(context, context.sourced[-1])))
    if match := SAME.search(context.words):
        noun = NOUN.search(match["noun"].lower())
        kind = kind_of_noun(noun[0]) if noun else "authors"
        plural = bool(noun and PLURAL.search(noun[0]))
        yield RuleMatch(
            "I1",
            span_of_match(context, match),
            nearest_source(context, context.in_reach(), MATCHING_KINDS[kind], plural=plural),
        )


CAPITALISED = re.compile(rf"\b{UPPER}[\w'’-]*\w")


def known_name(context: DiscourseContext) -> Iterator[RuleMatch]:
    """I2: the name of a trial or an author."""
    for match in CAPITALISED.finditer(context.words):
        name = re.sub(r"['’]s$", "", match[0])
        if name in context.names and (end := context.namesakes.end_of_mention(context.words, match, name)):
            owners = context.names[name]
            year = A_YEAR.search(context.words[match.start() : end + 8])
            fitting = [owner for owner in owners if not year or year[0] in context.words_of(owner[0])]
            if len({carried.work for _, carried in fitting}) == 1:
                yield RuleMatch(
                    "I2", Span(context.here.start + match.start(), context.here.start + end), (fitting[-1],)
                )


# --- I3: definite nouns, authors ----------------------------------------------------------------


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
        noun, left = text[slice(*phrase.noun)], text[phrase.start : phrase.noun.start]
        unclear = ONE_OF_SEVERAL.search(left) or (not reports and NEEDS_REPORTING.search(noun))
        if unclear or (not reports and UNREPORTED.search(context.words)) or is_own(context, phrase, bool(reports)):
            continue
        cue = Span(phrase.start, reports.end() if reports else phrase.end)
        yield RuleMatch("I3", cue, resolve(context, phrase, noun, left))


NEAR_ONLY = frozenset({"this", "these", "its", "their"})
POINTING = NEAR_ONLY | {"the", "that", "those", "both"}


UNINFORMATIVE = word_set("randomised randomized controlled clinical same included published research double-blind")


def resolve(context: DiscourseContext, phrase: NounPhrase, noun: str, left: str) -> tuple[PlacedSource, ...]:
    """The source that a definite noun refers to. The words that qualify it ("the 2022 trial", "the pilot study") must
    also appear in the sentence with the source."""
    called = {word.lower() for word in re.findall(r"[\w-]+", left.partition(" ")[2])} - UNINFORMATIVE
    numbers = (n for n in context.in_reach() if all(word in context.words_of(n).lower() for word in called))
    near = context.before()
    if (context.own_research and phrase.kind not in REVIEWS) or phrase.article in ("its", "their"):
        numbers = (n for n in numbers if n == near)
    elif phrase.article in NEAR_ONLY:
        numbers = (n for n in numbers if n == near or (context.same_block(n) and context.introduces_source(n)))
    plural = bool(PLURAL.search(noun)) or phrase.article == "both"
    if plural and INCLUDED.search(left):
        return nearest_source(context, context.in_reach(), REVIEWS, plural=False)
    kinds = MATCHING_KINDS[phrase.kind] - ({"guideline", "paper"} if NO_REPORT.match(noun.lower()) else set())
    if phrase.kind == "trial" and context.mentions_courts:
        kinds = frozenset({"trial"})
    return nearest_source(context, numbers, kinds, plural=plural, named=bool(called))


# "The audit" can refer to a report but not to a guideline.
NO_REPORT = re.compile(r"audit|evaluation|assessment|inquir")


def is_own(context: DiscourseContext, phrase: NounPhrase, reports: bool) -> bool:
    """Whether "the study" is the article itself.

    In original research it is, except "that study", "these studies", a review, and "the study found" directly after a
    sentence about someone else's study.
    """
    if OWN.search(context.text, phrase.start, phrase.end):
        return True
    if phrase.article in ("that", "those", "both"):
        return False
    if OWN.search(context.words) or not context.own_research:
        return bool(OWN.search(context.words))
    if PLURAL.search(context.text[slice(*phrase.noun)]) or (phrase.kind in REVIEWS and phrase.article == "the"):
        return False
    near = context.before()
    others = near is not None and not OWN.search(context.words_of(near)) and context.introduces_source(near)
    return phrase.article == "this" or not (others and reports)


def the_authors(context: DiscourseContext) -> Iterator[RuleMatch]:
    """I3: "the authors found", "they reported"."""
    if (match := THE_AUTHORS.search(context.words)) and not OWN.search(context.words[: match.start()]):
        yield RuleMatch(
            "I3",
            span_of_match(context, match),
            nearest_source(context, context.in_reach(), MATCHING_KINDS["authors"], plural=False),
        )
    if (match := THEY.match(context.words)) and (near := context.before()) is not None and near not in context.closed:
        meant = means_source(context, near, match["pronoun"].lower(), match["verb"].lower())
        if (
            meant
            and not context.other_condition(near)
            and not (context.own_research and OWN.search(context.words_of(near)))
        ):
            yield RuleMatch("I3", span_of_match(context, match, "cue"), tuple(from_sentence(context, near)))


# --- I4 and I5: the topic of the previous sentence ----------------------------------------------


def trial_arm(context: DiscourseContext) -> Iterator[RuleMatch]:
    """I4: an arm of the only trial nearby ("the control group")."""
    words = context.words
    if context.own_research or not (numbers := context.in_paragraph()) or not PAST.search(words):
        return
    arm = next((arm for arm in ARM.finditer(words) if not NO_RISK_GROUP.search(arm[0])), None)
    if arm is None or UNREPORTED.search(words) or OWN.search(words):
        return
    fitting = [
        (n, carried)
        for n in numbers
        for carried in context.carried[n]
        if carried.source.kind in TRIAL_LIKE | UNSPECIFIED
    ]
    if len({carried.work for _, carried in fitting}) == 1 and not is_plural(fitting[0][1].source):
        reusable = [antecedent for antecedent in fitting if antecedent[1].steps < LONGEST_CHAIN]
        yield RuleMatch("I4", span_of_match(context, arm), tuple(reusable[:1]))


def continuation(context: DiscourseContext) -> Iterator[RuleMatch]:
    """I5: "Key finding:", "These results"."""
    match, near = CONTINUES.match(context.words), context.before()
    if match is None or near is None or near in context.closed or context.other_condition(near):
        return
    if UNREPORTED.search(context.words) or OWN.search(context.words[: match.end()]):
        return
    if context.own_research and not reports_others_results(context, near):
        return
    yield RuleMatch("I5", span_of_match(context, match, "cue"), tuple(from_sentence(context, near)))


def reports_others_results(context: DiscourseContext, near: int) -> bool:
    """Whether, in original research, "these results" are those of others, reported in the sentence `near`."""
    words = context.words_of(near)
    own = OWN.search(words) or COMPARED.search(words) or CONTINUES.match(words)
    reported = PAST.search(words) and not UNREPORTED.search(words) and not own
    return bool(reported) and not STATISTICS.search(context.words) and not any(map(OWN_SECTION.search, context.path))


RULES: tuple[Callable[[DiscourseContext], Iterator[RuleMatch]], ...] = (
    same_again,
    known_name,
    definite_noun,
    the_authors,
    trial_arm,
    continuation,
)


def span_of_match(context: DiscourseContext, match: re.Match[str], group: str | int = 0) -> Span:
    return Span(context.here.start + match.start(group), context.here.start + match.end(group))
