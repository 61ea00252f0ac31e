"""The rules by which a sentence without a mark takes over a source; `attach` tells what each is for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

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
    THE_STUDY,
    THEY,
    UNREPORTED,
)
from qa.citations.names import UPPER, words
from qa.citations.past import LONGEST_CHAIN, Held, Past, is_plural
from qa.citations.phrases import (
    LONGEST_SENTENCE,
    NOUN,
    PLURAL,
    REPORTS,
    VERB_AHEAD,
    Phrase,
    find_phrases,
    kind_of_noun,
)
from qa.citations.sources import YEAR
from qa.models import Span

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


class Found(NamedTuple):
    """Sources to take over, each from an earlier sentence given by its number, and the words that point back."""

    rule: str
    cue: Span
    taken: tuple[Taken, ...]


def find_source(past: Past) -> Found | None:
    """The first rule that fires for the sentence in question."""
    if not past.holders or len(past.words) > LONGEST_SENTENCE or SUMS_UP.match(past.words):
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
        if name in past.names and (end := used_as_source(past.words, match, name)):
            owners = past.names[name]
            year = YEAR.search(past.words[match.start() : end + 8])
            fitting = [owner for owner in owners if not year or year[0] in past.words_of(owner[0])]
            if len({held.work for _, held in fitting}) == 1:
                yield Found("I2", Span(past.here.start + match.start(), past.here.start + end), (fitting[-1],))


AUTHORSHIP = re.compile(
    r"(?:['’]s)?(?: et al\.?| and (?:colleagues|co-?workers|associates)|(?: \d{4})? (?:trial|study|survey|cohort)\b)"
)


UNPUBLISHED = re.compile(
    r",? \(?(?:in prep|in press|submitted|unpublished|personal|manuscript|under review)", re.IGNORECASE
)


def used_as_source(words: str, match: re.Match[str], name: str) -> int | None:
    """Where the mention of a name ends, if it stands for the work there: "Grabski et al.", "in ORBIT,"."""
    if after := AUTHORSHIP.match(words, match.start() + len(name)):
        return None if UNPUBLISHED.match(words, after.end()) else after.end()
    if REPORTS.match(words, match.end()) or (sum(map(str.isupper, name)) > 1 and stands_as_trial(words, match)):
        return match.end()
    return None


def stands_as_trial(words: str, match: re.Match[str]) -> bool:
    before, after = words[: match.start()], words[match.end() :]
    return bool(re.search(r"\b[Ii]n\s\Z", before) and re.match(r",|\s(?:was|were|the)\b|\s\w+ed\b", after)) or bool(
        VERB_AHEAD.match(after) and not re.search(r"\w\s\Z", before)
    )


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
    if past.own_research and phrase.kind not in REVIEWS:
        numbers = (n for n in numbers if n == near)
    elif phrase.article in NEAR_ONLY:
        numbers = (n for n in numbers if n == near or (past.same_block(n) and past.tells_of_others(n)))
    plural = bool(PLURAL.search(noun)) or phrase.article == "both"
    if plural and INCLUDED.search(left):
        return nearest(past, past.in_reach(), REVIEWS, plural=False)
    return nearest(past, numbers, AGREEING[phrase.kind], plural=plural)


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
        only = past.held[near] if len(past.held[near]) == 1 else ()
        if only and not past.other_condition(near) and not (past.own_research and OWN.search(past.words_of(near))):
            yield Found("I3", place(past, match, "cue"), tuple(from_sentence(past, near)))


# --- I4 and I5: what the sentence before was about ----------------------------------------------


def trial_arm(past: Past) -> Iterator[Found]:
    words = past.words
    if past.own_research or not (numbers := past.in_paragraph()) or not PAST.search(words):
        return
    arm = next((arm for arm in ARM.finditer(words) if not NO_RISK_GROUP.search(arm[0])), None)
    if arm is None or UNREPORTED.search(words) or OWN.search(words):
        return
    fitting = [(n, held) for n in numbers for held in past.held[n] if held.source.kind in TRIAL_LIKE]
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


# --- taking over ---------------------------------------------------------------------------------


def nearest(past: Past, numbers: Iterable[int], kinds: frozenset[str], *, plural: bool) -> tuple[Taken, ...]:
    """The source of these kinds in the nearest sentence that has any; none when there are several to choose from.
    A mark whose kind of work is not known is remembered within its paragraph only."""
    near = past.before()
    for number in numbers:
        close = number == near or past.same_block(number)
        fitting = [held for held in past.held[number] if held.source.kind in kinds and (held.source.kind or close)]
        if not fitting:
            continue
        if plural:
            return tuple(several(past, number, fitting, kinds))
        if len({held.work for held in fitting}) > 1 or is_plural(fitting[0].source):
            return ()
        taken = past.shorter(number, fitting[0])
        return (taken,) if taken else ()
    return ()


def several(past: Past, number: int, fitting: list[Held], kinds: frozenset[str]) -> Iterator[Taken]:
    """What "these studies" means: the sources of the sentence, when they are several."""
    if len({held.work for held in fitting}) > 1 or is_plural(fitting[0].source):
        yield from filter(None, (past.shorter(number, held) for held in fitting))


def from_sentence(past: Past, number: int) -> Iterator[Taken]:
    """All that a sentence stands on and that can be taken over from it."""
    yield from ((number, held) for held in past.held[number] if held.steps < LONGEST_CHAIN)


def place(past: Past, match: re.Match[str], group: str | int = 0) -> Span:
    return Span(past.here.start + match.start(group), past.here.start + match.end(group))


def speaks_of_itself(words: str, path: Sequence[str]) -> bool:
    """Whether a sentence of someone's own research, which takes nothing over, is about that research."""
    return bool(OWN.search(words) or THE_STUDY.search(words) or any(map(OWN_SECTION.search, path)))
