"""Search: candidate passages, scored by words and evidence, best first, with their coverage."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from qa.indexes import OpenIndex
from qa.models import Contribution, Passage
from qa.retrieval.coverage import Coverage, cover
from qa.retrieval.evidence import Evidence, any_in, gather, rarest_idf
from qa.retrieval.ranking import Candidate, rank
from qa.retrieval.request import Sought
from qa.retrieval.weights import (
    ALIKE,
    ASPECT,
    CANDIDATES,
    CONDITION,
    COVERED,
    GAIN,
    HELD,
    IDLE,
    INTERVENTION,
    LACK,
    SHOWN,
    SPOKEN_TO,
    TOLD,
    WEIGHED,
)
from qa.text.analysis import PassageTerms, analyze
from qa.text.background import background
from qa.understanding.context import Knowledge
from qa.understanding.parse import Question

# A passage that has nearly all of a question answers it, though it lacks a treatment or an aspect by its known names.
NEARLY_ALL = 0.8


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
