"""Which passages bear on a question, best first, and how much of the question each speaks to."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from qa.analysis import PassageTerms, Token, analyze
from qa.conditions import Vocabulary
from qa.coverage import Coverage, background, cover
from qa.indexes import OpenIndex
from qa.knowledge import Knowledge
from qa.models import Passage
from qa.questions import Question
from qa.ranking import Candidate, rank
from qa.synonyms import stands_in

CANDIDATES = 100  # of the first stage: with 100, all final first tens were the same as without a limit

# What a passage gains for the condition asked about, by the nearest of its tags, in the units of the second stage
# (a word that one passage of seven has is worth about 1.2): enough to put exact tags before general ones when the
# words are level, too little to bury the one general passage that speaks to the question.
GAIN = {"exact": 1.0, "descendant": 0.8, "ancestor": 0.0}
# What it gains for each aspect that one of its sentences shows, by the aspect's kind.
SHOWN = {"general": 0.2, "soft": 1.0, "specific": 2.0}

IDLE = 0.4  # what a word of asking counts for beside the others in ranking
TOLD = 0.3  # what a word of the message outside the question counts for
ALIKE = 0.5  # what a word counts for that is found in another one of its group, in ranking …
SPOKEN_TO = 0.7  # … and in coverage

# What a condition and an aspect weigh beside words in coverage (a word weighs up to 8, one in a hundred passages 4.6).
CONDITION = 4.0
HELD = {"exact": 1.0, "descendant": 1.0, "ancestor": 0.7}
ASPECT = {"general": 1.5, "soft": 3.0, "specific": 4.0}
INTERVENTION = 4.0
LACK = 0.5  # what a lacking word weighs where both the condition and the aspect asked about are found


@dataclass(frozen=True, slots=True)
class Sought:
    """What passages are looked for: the question, the tags of the conditions asked about, the terms that name its
    interventions. Words that name a condition (`given`, by its tag), an intervention (`apart`) or an aspect (`cued`)
    are not looked for as words."""

    question: Question
    ids: Sequence[str]
    interventions: Sequence[frozenset[str]]
    given: Mapping[str, frozenset[str]]
    apart: frozenset[str]
    cued: Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Found:
    """A passage that bears on what was asked, with its score, how much of the question it speaks to, and the
    aspects asked about that its sentences show, sentence by sentence."""

    passage: Passage
    score: float
    coverage: Coverage
    shown: tuple[frozenset[str], ...]

    def shows(self, aspect: str) -> bool:
        return any(aspect in sentence for sentence in self.shown)


def find_bearing(sought: Sought, sentences: int, known: Knowledge, index: OpenIndex) -> list[Found]:
    """The passages that bear on what is sought, best first.

    Where no condition asked about is covered these are passages on a wider one: near, but not an answer.
    """
    question, vocabulary = sought.question, known.vocabulary
    # The label's words stand in for the asker's: "booze" is in no passage, "alcohol use disorder" is.
    labels = [token.term for id in sought.ids for token in analyze(vocabulary.label(id))]
    others = [term for terms in question.alike.values() for term in terms if " " not in term]
    related = {other for id in sought.ids for other in (id, *vocabulary.descendants(id), *vocabulary.ancestors(id))}
    words = [token.term for token in (*question.tokens, *question.told)]
    matches = index.search([*words, *labels, *others], CANDIDATES, related if sought.ids else None)
    ids = dict.fromkeys(match.passage for match in matches)
    if index.statistics.passages <= CANDIDATES:
        ids |= dict.fromkeys(every_passage(related, index))
    candidates = [Candidate(id, terms) for id in ids if names_any(sought.interventions, terms := index.terms(id))]
    shares = weights_of_words(question, known)
    ranked = rank([*question.tokens, *question.told], sentences, candidates, index.statistics, shares)
    found = [weigh(index.passage(each.id), each.score, sought, shares, known, index) for each in ranked]
    return sorted(found, key=lambda each: -each.score)


def every_passage(related: set[str], index: OpenIndex) -> Iterator[str]:
    """Of a small corpus also the passages that share no word with the question: they may show what it asks about."""
    for document in index.catalogue.documents:
        yield from (p.id for p in document.passages if not related or related & {tag.id for tag in p.conditions})


def names_any(interventions: Sequence[frozenset[str]], terms: PassageTerms) -> bool:
    """What is found with one treatment is no answer for another."""
    return not interventions or any(any_in(names, terms) for names in interventions)


def weights_of_words(question: Question, known: Knowledge) -> dict[str, float]:
    """What the terms of a message count for in ranking, where it is less than 1."""
    asked = {token.term for token in question.tokens}
    told = {token.term: TOLD for token in question.told if token.term not in asked}
    return told | {term: IDLE for term in asked if term in known.words.idle}


def weigh(
    passage: Passage, score: float, sought: Sought, shares: Mapping[str, float], known: Knowledge, index: OpenIndex
) -> Found:
    """A candidate with what it gains beside its words, and its coverage of the question."""
    question, terms = sought.question, index.terms(passage.id)
    tags = {tag.id for tag in passage.conditions}
    relations = {id: relation for id in sought.ids if (relation := known.vocabulary.bears_on(tags, id))}
    shown = shown_aspects(passage, sought, known)
    asked = {cue.id: known.words.aspects.entries[cue.id].kind for cue in question.cues}
    met = {id for id in asked if any(id in sentence for sentence in shown)}
    instead = {term for term, others in question.alike.items() if term not in terms.counts and any_in(others, terms)}
    cited = known.cited(passage)

    score += max((GAIN[relation] for relation in relations.values()), default=0.0)
    score += max((sum(SHOWN[asked[id]] for id in sentence) for sentence in shown), default=0.0)
    score += sum(ALIKE * shares.get(term, 1.0) * best_idf(question.alike[term], terms, index) for term in instead)
    score += sum(
        index.statistics.idf(t.term) for t in question.tokens if t.term in cited and t.term not in terms.counts
    )

    apart = sought.apart.union(*(words for id, words in sought.cued.items() if id in met or asked[id] == "specific"))
    bound = any(relations[id] != "ancestor" for id in relations) and any(asked[id] != "general" for id in met)
    coverage = cover(
        [token for token in question.tokens if token.term not in apart],
        terms.counts,
        index.statistics,
        background(),
        given=cited.union(*(words for id, words in sought.given.items() if id in relations)),
        discounted=known.words.idle,
        partly=dict.fromkeys(instead, SPOKEN_TO),
        beside=[
            *((CONDITION, HELD[relations[id]] if id in relations else 0.0) for id in sought.ids),
            *((ASPECT[kind], float(id in met)) for id, kind in asked.items() if kind == "specific" or id in met),
            *((INTERVENTION, float(any_in(names, terms))) for names in sought.interventions),
        ],
        lack=LACK if bound else 1.0,
    )
    return Found(passage, score, coverage, shown)


def shown_aspects(passage: Passage, sought: Sought, known: Knowledge) -> tuple[frozenset[str], ...]:
    """For each sentence the aspects asked about that it shows; none where it bears on another condition."""
    asked = {cue.id for cue in sought.question.cues}
    if not asked:
        return ()
    aspects = known.words.aspects
    heading = aspects.shown(passage.path[-1]) if passage.path else frozenset()
    return tuple(
        frozenset(asked) & (aspects.shown(passage.text[s.start - passage.start : s.end - passage.start]) | heading)
        if bears({tag.id for tag in s.conditions}, sought.ids, known.vocabulary)
        else frozenset()
        for s in passage.sentences
    )


def any_in(names: Iterable[str], terms: PassageTerms) -> bool:
    return any(stands_in(name, terms) for name in names)


def best_idf(others: Iterable[str], terms: PassageTerms, index: OpenIndex) -> float:
    """The weight of the best of several other terms that a passage has; a phrase weighs what its rarest word does."""
    statistics = index.statistics
    return max(max(map(statistics.idf, other.split())) for other in others if stands_in(other, terms))


def bears(tags: Collection[str], ids: Sequence[str], vocabulary: Vocabulary) -> bool:
    """Whether something with these tags bears on one of the conditions; on anything when none is asked about."""
    return not ids or any(vocabulary.bears_on(tags, id) for id in ids)


def terms_between(tokens: Iterable[Token], start: int, end: int) -> frozenset[str]:
    return frozenset(token.term for token in tokens if start <= token.start < end)
