"""Which passages bear on a question, best first, and how much of the question each speaks to."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from qa.analysis import PassageTerms, Statistics, Token, analyze
from qa.conditions import Vocabulary
from qa.coverage import Coverage, background, cover
from qa.highlight import DIGIT
from qa.indexes import OpenIndex
from qa.knowledge import Knowledge
from qa.models import Contribution, Passage
from qa.questions import Question
from qa.ranking import Candidate, rank
from qa.synonyms import stands_in

WEIGHED = 20  # of the candidates, best first: more are never shown
CANDIDATES = 100  # of the first stage: with 100, all final first tens were the same as without a limit

# What a passage gains for the condition asked about, by the nearest of its tags, in the units of the second stage
# (a word that one passage of seven has is worth about 1.2): enough to put exact tags before general ones when the
# words are level, too little to bury the one general passage that speaks to the question.
GAIN = {"exact": 2.0, "descendant": 0.3, "ancestor": 0.0}
# What it gains for each aspect that one of its sentences shows, by the aspect's kind.
SHOWN = {"general": 0.2, "soft": 1.0, "specific": 2.0}

# What it gains for speaking to all of the question. Words are weighed by the page in ranking, by the language at large
# in coverage: a passage that has every word but the page's rarest one should not stand behind one that has just that.
COVERED = 2.0

IDLE = 0.5  # what a word of asking counts for beside the others in ranking
TOLD = 0.3  # what a word of the message outside the question counts for
ALIKE = 0.5  # what a word counts for that is found in another one of its group, in ranking …
SPOKEN_TO = 0.7  # … and in coverage

# What a condition and an aspect weigh beside words in coverage (a word weighs up to 8, one in a hundred passages 4.6).
CONDITION = 4.0
HELD = {"exact": 1.0, "descendant": 1.0, "ancestor": 0.7}
ASPECT = {"general": 1.5, "soft": 3.0, "specific": 4.0}
INTERVENTION = 4.0
MOST = 0.65  # of what names a thing, by weight, must stand beside a number of it
# A passage that has nearly all of a question answers it, though it lacks a treatment or an aspect by its known names.
NEARLY_ALL = 0.8
LACK = 0.5  # what a lacking word weighs where both the condition and the aspect asked about are found


@dataclass(frozen=True, slots=True)
class Sought:
    """What passages are looked for: the question, the tags of the conditions asked about, the terms that name its
    interventions. Words that name a condition (`given`, by its tag), an intervention (`apart`) or an aspect (`cued`)
    are not looked for as words. `aspects` gives the kind of each aspect asked about, `things` are the words for what
    a number is asked of, each with others for it and its weight, `counted` gives the words of which a sentence that
    shows an aspect must have one itself: what is counted."""

    question: Question
    ids: Sequence[str]
    interventions: Sequence[frozenset[str]]
    given: Mapping[str, frozenset[str]]
    apart: frozenset[str]
    cued: Mapping[str, frozenset[str]]
    aspects: Mapping[str, str]
    things: Mapping[frozenset[str], float]
    counted: Mapping[str, frozenset[str]]


class Instead(NamedTuple):
    """The term that a passage has for one of the question's, and what it counts for: 1 where a list has the two as the
    same, less where they only stand near one another."""

    share: float
    term: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a passage has beside the words of a question: how its tags stand to the conditions asked about, which
    aspects asked about its sentences show, sentence by sentence, which terms it has in other words only, and which
    name the works that it rests on."""

    relations: Mapping[str, str]
    shown: tuple[frozenset[str], ...]
    instead: Mapping[str, Instead]
    cited: frozenset[str]

    def shows(self, aspect: str) -> bool:
        return any(aspect in sentence for sentence in self.shown)


@dataclass(frozen=True, slots=True)
class Found:
    """A passage that bears on what was asked, with what its score is the sum of, what it has beside words, and how much
    of the question it speaks to."""

    passage: Passage
    why: tuple[Contribution, ...]
    evidence: Evidence
    coverage: Coverage

    @property
    def score(self) -> float:
        return sum(each.value for each in self.why)


def find_bearing(sought: Sought, sentences: int, known: Knowledge, index: OpenIndex) -> list[Found]:
    """The passages that bear on what is sought, best first.

    Where no condition asked about is covered these are passages on a wider one: near, but not an answer.
    """
    question = sought.question
    shares = weights_of_words(question, known)
    words = [*question.tokens, *question.told]
    scored = []
    for each in rank(words, sentences, candidates(sought, known, index), index.statistics, shares):
        evidence = gather(index.passage(each.id), sought, known, index)
        gained = tuple(gain(evidence, each.id, sought, shares, index))
        scored.append((each.score + sum(g.value for g in gained), each, gained, evidence))
    found = []
    for _, each, gained, evidence in sorted(scored, key=lambda row: -row[0])[:WEIGHED]:
        coverage = cover_question(evidence, each.id, sought, known, index)
        if coverage.plain >= NEARLY_ALL or names_any(sought.interventions, index.terms(each.id)):
            covered = Contribution("", "coverage", COVERED * coverage.share)
            found.append(Found(index.passage(each.id), (*each.contributions, *gained, covered), evidence, coverage))
    return sorted(found, key=lambda each: -each.score)


def candidates(sought: Sought, known: Knowledge, index: OpenIndex) -> Iterator[Candidate]:
    """The passages on the conditions asked about that share a word with the question; where there is room, those that
    share one with the conditions' names or show an aspect asked about in words of their own."""
    question, vocabulary = sought.question, known.vocabulary
    # The label's words stand in for the asker's: "booze" is in no passage, "alcohol use disorder" is.
    labels = [token.term for id in sought.ids for token in analyze(vocabulary.label(id))]
    unknown = [term for term in question.alike if not index.statistics.frequency(term)]
    others = [other for term in unknown for other in question.alike[term] if " " not in other]
    related = {other for id in sought.ids for other in (id, *vocabulary.descendants(id), *vocabulary.ancestors(id))}
    words = [token.term for token in (*question.tokens, *question.told)]
    within = related if sought.ids else None
    matches = index.search([*words, *labels, *others], CANDIDATES, within)
    if len(matches) < CANDIDATES:
        names = (
            name for id in sorted(related & vocabulary.conditions.keys()) for name in vocabulary.conditions[id].names
        )
        phrases = (phrase for id in sought.aspects for phrase in known.words.aspects.entries[id].evidence)
        more = [token.term for phrase in (*names, *phrases) for token in analyze(phrase)]
        matches += index.search(more, CANDIDATES, within)
    return (Candidate(id, index.terms(id)) for id in dict.fromkeys(match.passage for match in matches))


def names_any(interventions: Sequence[frozenset[str]], terms: PassageTerms) -> bool:
    """What is found with one treatment is no answer for another."""
    return not interventions or any(any_in(names, terms) for names in interventions)


def weights_of_words(question: Question, known: Knowledge) -> dict[str, float]:
    """What the terms of a message count for in ranking, where it is less than 1."""
    asked = {token.term for token in question.tokens}
    told = {token.term: TOLD for token in question.told if token.term not in asked}
    return told | {term: IDLE for term in asked if term in known.words.idle}


def gather(passage: Passage, sought: Sought, known: Knowledge, index: OpenIndex) -> Evidence:
    terms = index.terms(passage.id)
    tags = {tag.id for tag in passage.conditions}
    return Evidence(
        {id: relation for id in sought.ids if (relation := known.vocabulary.bears_on(tags, id))},
        shown_aspects(passage, terms, sought, known),
        put_otherwise(sought.question, terms, index.statistics),
        known.cited(passage),
    )


def put_otherwise(question: Question, terms: PassageTerms, statistics: Statistics) -> dict[str, Instead]:
    """For the terms of a question that a passage lacks the nearest that it has, the rarest of equals: of their groups,
    or by nearness."""
    found: dict[str, Instead] = {}
    for term in dict.fromkeys(token.term for token in question.tokens):
        if term not in terms.counts:
            near = dict.fromkeys(question.alike.get(term, ()), 1.0) or question.related.get(term, {})
            if present := [Instead(share, other) for other, share in near.items() if stands_in(other, terms)]:
                found[term] = max(present, key=lambda each: (each.share, rarest_idf(each.term, statistics), each.term))
    return found


def gain(
    evidence: Evidence, id: str, sought: Sought, shares: Mapping[str, float], index: OpenIndex
) -> Iterator[Contribution]:
    """What a passage scores beside its words: for the condition, for the aspects of its best sentence, for words in
    other words, and for words that name what it cites."""
    question, terms, statistics = sought.question, index.terms(id), index.statistics
    if evidence.relations:
        nearest = max(evidence.relations, key=lambda condition: GAIN[evidence.relations[condition]])
        yield Contribution(nearest, "condition", GAIN[evidence.relations[nearest]])
    best = max(evidence.shown, key=lambda sentence: sum(SHOWN[sought.aspects[a]] for a in sentence), default=())
    yield from (Contribution(aspect, "aspect", SHOWN[sought.aspects[aspect]]) for aspect in sorted(best))
    for term in sorted(evidence.instead):
        share, other = evidence.instead[term]
        value = ALIKE * share * shares.get(term, 1.0) * rarest_idf(other, statistics)
        yield Contribution(term, "alike" if other in question.alike.get(term, ()) else "related", value)
    cited = {token.term for token in question.tokens} & evidence.cited - terms.counts.keys()
    yield from (Contribution(term, "cited", statistics.idf(term)) for term in sorted(cited))


def cover_question(evidence: Evidence, id: str, sought: Sought, known: Knowledge, index: OpenIndex) -> Coverage:
    """How much of a question a passage speaks to: its words, conditions, aspects and treatments together."""
    relations, kinds, terms = evidence.relations, sought.aspects, index.terms(id)
    met = {aspect for aspect in kinds if evidence.shows(aspect)}
    weighed = {aspect for aspect, kind in kinds.items() if kind == "specific" or aspect in met}
    apart = sought.apart.union(*(sought.cued[aspect] for aspect in weighed))
    bound = any(relation != "ancestor" for relation in relations.values()) and any(kinds[a] != "general" for a in met)
    return cover(
        [token for token in sought.question.tokens if token.term not in apart],
        terms,
        index.statistics,
        background(),
        given=evidence.cited,
        discounted=known.words.idle,
        partly={term: SPOKEN_TO * each.share for term, each in evidence.instead.items()},
        beside=[
            *((CONDITION, HELD[relations[id]] if id in relations else 0.0) for id in sought.ids),
            *((ASPECT[kinds[aspect]], float(aspect in met)) for aspect in weighed),
            *((INTERVENTION, float(any_in(names, terms))) for names in sought.interventions),
        ],
        lack=LACK if bound else 1.0,
    )


def shown_aspects(
    passage: Passage, terms: PassageTerms, sought: Sought, known: Knowledge
) -> tuple[frozenset[str], ...]:
    """For each sentence the aspects asked about that it shows; none where it bears on another condition, and those that
    are bound only where it, the one before it and the headings are about the thing asked about. In the row of a table
    the words of the table's head and headings count as its own: its numbers are of what these name."""
    asked = frozenset(sought.aspects)
    if not asked:
        return ()
    aspects = known.words.aspects
    above = (*passage.path[-1:], *([passage.head.text] if passage.head else []))
    heading = frozenset[str]().union(*map(aspects.shown, above))
    frame = terms.given if passage.head else frozenset[str]()
    shown: list[frozenset[str]] = []
    before: frozenset[str] = frozenset()
    for s in passage.sentences:
        start, end = s.start - passage.start, s.end - passage.start
        words = frame.union(token.term for token in terms.within(start, end))
        here = frozenset[str]()
        if bears({tag.id for tag in s.conditions}, sought.ids, known.vocabulary):
            here = asked & (aspects.shown(passage.text[start:end]) | heading)
            if passage.head and DIGIT.search(passage.text, start, end):
                here |= sought.counted.keys()
            here = frozenset(a for a in here if a not in sought.counted or not words.isdisjoint(sought.counted[a]))
            if here and not is_about(words | before | terms.given, sought.things):
                here = frozenset(a for a in here if not aspects.entries[a].bound)
        shown.append(here)
        before = words
    return tuple(shown)


def is_about(words: Collection[str], things: Mapping[frozenset[str], float]) -> bool:
    """Whether words have most of what names the things asked about."""
    held = sum(weight for alike, weight in things.items() if not alike.isdisjoint(words))
    return held >= MOST * sum(things.values())


def any_in(names: Iterable[str], terms: PassageTerms) -> bool:
    return any(stands_in(name, terms) for name in names)


def rarest_idf(phrase: str, statistics: Statistics) -> float:
    """A phrase weighs what its rarest word does."""
    return max(map(statistics.idf, phrase.split()))


def bears(tags: Collection[str], ids: Sequence[str], vocabulary: Vocabulary) -> bool:
    """Whether something with these tags bears on one of the conditions; on anything when none is asked about."""
    return not ids or any(vocabulary.bears_on(tags, id) for id in ids)


def terms_between(tokens: Iterable[Token], start: int, end: int) -> frozenset[str]:
    return frozenset(token.term for token in tokens if start <= token.start < end)
