"""The rules by which a sentence without a mark takes over a source; `attach` tells what each is for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from qa.citations.antecedents import AGREEING, REVIEWS, TRIAL_LIKE, UNTOLD, Taken, from_sentence, means_source, nearest
from qa.citations.context import LONGEST_CHAIN, Past, is_plural
from qa.citations.cues import (
    ARM,
    AUTHORS,
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
    THEY,
    UNREPORTED,
)
from qa.citations.noun_phrases import LONGEST_SENTENCE, NOUN, PLURAL, REPORTS, Phrase, find_phrases, kind_of_noun
from qa.citations.person_names import UPPER, words
from qa.citations.sources import YEAR
from qa.models import Span


class Found(NamedTuple):
    """Sources to take over, each from an earlier sentence given by its number, and the words that point back."""

    rule: str
    cue: Span
    taken: tuple[Taken, ...]


def find_source(past: Past) -> Found | None:
    """The first rule that fires for the sentence in question."""
    unseen = past.words.startswith("<!--")
    if unseen or not past.holders or len(past.words) > LONGEST_SENTENCE or SUMS_UP.match(past.words):
        return None
    found = (found for rule in RULES for found in rule(past) if found.taken)
    return next(found, None)


# --- I1 and I2: named again ----------------------------------------------------------------------


def same_again(past: Past) -> Iterator[Found]:
    if match := IBID.search(past.words):
        yield Found("I1", place(past, match), tuple(from_sentence(past, past.holders[-1])))
    if match := SAME.search(past.words):
        noun = NOUN.search(match["noun"].lower())
        kind = kind_of_noun(noun[0]) if noun else "authors"
        plural = bool(noun and PLURAL.search(noun[0]))
        yield Found("I1", place(past, match), nearest(past, past.in_reach(), AGREEING[kind], plural=plural))


CAPITALISED = re.compile(rf"\b{UPPER}[\w'’-]*\w")


def known_name(past: Past) -> Iterator[Found]:
    for match in CAPITALISED.finditer(past.words):
        name = re.sub(r"['’]s$", "", match[0])
        if name in past.names and (end := past.namesakes.end_of_mention(past.words, match, name)):
            owners = past.names[name]
            year = YEAR.search(past.words[match.start() : end + 8])
            fitting = [owner for owner in owners if not year or year[0] in past.words_of(owner[0])]
            if len({held.work for _, held in fitting}) == 1:
                yield Found("I2", Span(past.here.start + match.start(), past.here.start + end), (fitting[-1],))


# --- I3: a definite noun, the authors -----------------------------------------------------------


def definite_noun(past: Past) -> Iterator[Found]:
    text, here = past.text, past.here
    new_here: set[str] = set()
    for phrase in find_phrases(text, here, ()):
        if phrase.article not in POINTING:
            new_here.add(phrase.kind)
        if phrase.article not in POINTING or phrase.end != phrase.noun.end or new_here & AGREEING[phrase.kind]:
            continue
        reports = REPORTS.match(text, phrase.end, here.end)
        noun, left = text[slice(*phrase.noun)], text[phrase.start : phrase.noun.start]
        unclear = ONE_OF_SEVERAL.search(left) or (not reports and NEEDS_REPORTING.search(noun))
        if unclear or (not reports and UNREPORTED.search(past.words)) or is_own(past, phrase, bool(reports)):
            continue
        cue = Span(phrase.start, reports.end() if reports else phrase.end)
        yield Found("I3", cue, resolve(past, phrase, noun, left))


NEAR_ONLY = frozenset({"this", "these", "its", "their"})
POINTING = NEAR_ONLY | {"the", "that", "those", "both"}


TELLS_NOTHING = words("randomised randomized controlled clinical same included published research double-blind")


def resolve(past: Past, phrase: Phrase, noun: str, left: str) -> tuple[Taken, ...]:
    """The source that a definite noun means. What it is called by ("the 2022 trial", "the pilot study") must stand
    where the source was brought in."""
    called = {word.lower() for word in re.findall(r"[\w-]+", left.partition(" ")[2])} - TELLS_NOTHING
    numbers = (n for n in past.in_reach() if all(word in past.words_of(n).lower() for word in called))
    near = past.before()
    if (past.own_research and phrase.kind not in REVIEWS) or phrase.article in ("its", "their"):
        numbers = (n for n in numbers if n == near)
    elif phrase.article in NEAR_ONLY:
        numbers = (n for n in numbers if n == near or (past.same_block(n) and past.tells_of_others(n)))
    plural = bool(PLURAL.search(noun)) or phrase.article == "both"
    if plural and INCLUDED.search(left):
        return nearest(past, past.in_reach(), REVIEWS, plural=False)
    kinds = AGREEING[phrase.kind] - ({"guideline", "paper"} if NO_REPORT.match(noun.lower()) else set())
    if phrase.kind == "trial" and past.tells_of_courts:
        kinds = frozenset({"trial"})
    return nearest(past, numbers, kinds, plural=plural, named=bool(called))


# "The audit" is a report, and no guideline.
NO_REPORT = re.compile(r"audit|evaluation|assessment|inquir")


def is_own(past: Past, phrase: Phrase, reports: bool) -> bool:
    """Whether "the study" is the article itself. In one's own research it is, but for "that study", "these studies",
    a review, and "the study found" right after a sentence that tells of another's."""
    if OWN.search(past.text, phrase.start, phrase.end):
        return True
    if phrase.article in ("that", "those", "both"):
        return False
    if OWN.search(past.words) or not past.own_research:
        return bool(OWN.search(past.words))
    if PLURAL.search(past.text[slice(*phrase.noun)]) or (phrase.kind in REVIEWS and phrase.article == "the"):
        return False
    near = past.before()
    told = near is not None and not OWN.search(past.words_of(near)) and past.tells_of_others(near)
    return phrase.article == "this" or not (told and reports)


def the_authors(past: Past) -> Iterator[Found]:
    if (match := AUTHORS.search(past.words)) and not OWN.search(past.words[: match.start()]):
        yield Found("I3", place(past, match), nearest(past, past.in_reach(), AGREEING["authors"], plural=False))
    if (match := THEY.match(past.words)) and (near := past.before()) is not None and near not in past.closed:
        meant = means_source(past, near, match["pronoun"].lower(), match["verb"].lower())
        if meant and not past.other_condition(near) and not (past.own_research and OWN.search(past.words_of(near))):
            yield Found("I3", place(past, match, "cue"), tuple(from_sentence(past, near)))


# --- I4 and I5: what the sentence before was about ----------------------------------------------


def trial_arm(past: Past) -> Iterator[Found]:
    words = past.words
    if past.own_research or not (numbers := past.in_paragraph()) or not PAST.search(words):
        return
    arm = next((arm for arm in ARM.finditer(words) if not NO_RISK_GROUP.search(arm[0])), None)
    if arm is None or UNREPORTED.search(words) or OWN.search(words):
        return
    fitting = [(n, held) for n in numbers for held in past.held[n] if held.source.kind in TRIAL_LIKE | UNTOLD]
    if len({held.work for _, held in fitting}) == 1 and not is_plural(fitting[0][1].source):
        takeable = [taken for taken in fitting if taken[1].steps < LONGEST_CHAIN]
        yield Found("I4", place(past, arm), tuple(takeable[:1]))


def continuation(past: Past) -> Iterator[Found]:
    match, near = CONTINUES.match(past.words), past.before()
    if match is None or near is None or near in past.closed or past.other_condition(near):
        return
    if UNREPORTED.search(past.words) or OWN.search(past.words[: match.end()]):
        return
    if past.own_research and not tells_results_of_others(past, near):
        return
    yield Found("I5", place(past, match, "cue"), tuple(from_sentence(past, near)))


def tells_results_of_others(past: Past, near: int) -> bool:
    """Whether, in one's own research, "these results" after a sentence are those that it tells of."""
    words = past.words_of(near)
    own = OWN.search(words) or COMPARED.search(words) or CONTINUES.match(words)
    told = PAST.search(words) and not UNREPORTED.search(words) and not own
    return bool(told) and not STATISTICS.search(past.words) and not any(map(OWN_SECTION.search, past.path))


RULES: tuple[Callable[[Past], Iterator[Found]], ...] = (
    same_again,
    known_name,
    definite_noun,
    the_authors,
    trial_arm,
    continuation,
)


def place(past: Past, match: re.Match[str], group: str | int = 0) -> Span:
    return Span(past.here.start + match.start(group), past.here.start + match.end(group))
