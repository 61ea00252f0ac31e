"""The rules I1 to I5, by which a sentence without a citation inherits a source; see `attach` for an overview."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from qa.citations.antecedents import (
    MATCHING_KINDS,
    TRIAL_LIKE,
    UNSPECIFIED,
    PlacedSource,
    RuleMatch,
    from_sentence,
    is_led_by_authors,
    means_source,
    nearest_source,
    span_of_match,
)
from qa.citations.context import LONGEST_CHAIN, DiscourseContext, is_plural
from qa.citations.cues import (
    ACCORDING_TO_AUTHORS,
    ARM,
    COMPARED,
    CONTINUES,
    IBID,
    NO_RISK_GROUP,
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
from qa.citations.definite_nouns import definite_noun
from qa.citations.namesakes import WITH_OTHERS
from qa.citations.noun_phrases import (
    DID,
    LONGEST_SENTENCE,
    NOUN,
    PLURAL,
    REPORTS,
    kind_of_noun,
)
from qa.citations.person_names import UPPER, with_one_apostrophe
from qa.citations.sources import A_YEAR
from qa.citations.trial_names import trial_mentions
from qa.models import Span


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


COLLEAGUES_REPORT = re.compile(rf"{WITH_OTHERS}(?:{REPORTS.pattern}|{DID.pattern})")
CAPITALISED = re.compile(rf"\b{UPPER}[\w'’ʼ´`′‘-]*\w")


def known_name(context: DiscourseContext) -> Iterator[RuleMatch]:
    """I2: the name of a trial or an author."""
    for mention in trial_mentions(context.words, frozenset(context.trials)):
        owners = [owner for name in mention.names for owner in the_owner(context, name, mention.start, mention.end)]
        if len(owners) == len(mention.names):
            start = context.here.start
            yield RuleMatch("I2", Span(start + mention.start, start + mention.end), tuple(dict.fromkeys(owners)))
    for match in CAPITALISED.finditer(context.words):
        name = with_one_apostrophe(match[0]).removesuffix("'s")
        if (
            name in context.surnames
            and name not in context.names
            and (place := context.cited.get(context.surnames[name]))
        ):
            if COLLEAGUES_REPORT.match(context.words, match.end()):
                yield RuleMatch("I2", span_of_match(context, match), (place,))
            continue
        if name not in context.names or name in context.trials:
            continue
        if end := context.namesakes.end_of_mention(context.words, match, name):
            span = Span(context.here.start + match.start(), context.here.start + end)
            yield RuleMatch("I2", span, tuple(the_owner(context, name, match.start(), end)))


def the_owner(context: DiscourseContext, name: str, start: int, end: int) -> list[PlacedSource]:
    """The last mention of the source with a name, if the name and a year next to it identify one work."""
    year = A_YEAR.search(context.words[start : end + 8])
    fitting = [owner for owner in context.names[name] if not year or year[0] in context.words_of(owner[0])]
    return fitting[-1:] if len({carried.work for _, carried in fitting}) == 1 else []


# --- I3: authors -----------------------------------------------------------------------------------


def the_authors(context: DiscourseContext) -> Iterator[RuleMatch]:
    """I3: "the authors found", "they reported"."""
    match = THE_AUTHORS.search(context.words) or ACCORDING_TO_AUTHORS.search(context.words)
    if match and not OWN.search(context.words[: match.start()]):
        yield RuleMatch(
            "I3",
            span_of_match(context, match),
            nearest_source(context, context.in_reach(), MATCHING_KINDS["authors"], plural=False),
        )
    if (match := THEY.match(context.words)) and (near := context.before()) is not None and near not in context.closed:
        meant = means_source(context, near, match["pronoun"].lower(), context.words[match.start("verb") :].lower())
        own = context.own_research and OWN.search(context.words_of(near)) and not is_led_by_authors(context, near)
        if meant and not own and not context.other_condition(near):
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
