"""Question to Answer, top to bottom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial

from qa import refusal
from qa.analysis import Token, analyze
from qa.conditions import Vocabulary
from qa.coverage import PARTIAL_BELOW, REFUSE_BELOW, Coverage, background, cover, words_of_asking
from qa.errors import UnknownCondition
from qa.highlight import SentenceWords, pick_sentences
from qa.indexes import OpenIndex
from qa.models import Abstention, Answer, AskedCondition, CoveredCondition, Hit, IndexInfo, Interpretation, Passage
from qa.notices import call_up
from qa.questions import Question, parse_question
from qa.ranking import Candidate, rank
from qa.showing import covered_conditions, show_documents, show_hit, show_references
from qa.spelling import correct

CANDIDATES = 100  # of the first stage: with 100, all final first tens were the same as without a limit
NEAREST = 3  # passages offered beside a refusal, labelled as no answer

# What a passage gains for the condition asked about, by the nearest of its tags, in the units of the second stage
# (a word that one passage of seven has is worth about 1.2): enough to put exact tags before general ones when the
# words are level, too little to bury the one general passage that speaks to the question.
BEARING = {"exact": 1.0, "descendant": 0.8, "ancestor": 0.0}


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What a version of the index knows beside its passages, worked out once for each version: the vocabulary with
    the abbreviations that the documents define, what is covered, and the nearest known word for an unknown one."""

    vocabulary: Vocabulary
    covered: tuple[CoveredCondition, ...]
    correct: Callable[[str], str | None]


@lru_cache(maxsize=4)
def knowledge_of(index: OpenIndex) -> Knowledge:
    """The knowledge of a version; kept for the newest ones."""
    catalogue = index.catalogue
    vocabulary = Vocabulary(catalogue.conditions).learn("\n\n".join(d.text for d in catalogue.documents))
    names = analyze(" ".join(name for c in catalogue.conditions for name in (c.label, *c.names, *c.asked_as)))
    terms = {token.term for token in names}

    def knows(term: str) -> bool:
        return term in terms or index.statistics.frequency(term) > 0 or background().knows(term)

    words = {**Counter(token.form for token in names), **index.words}
    return Knowledge(vocabulary, covered_conditions(index, vocabulary), partial(correct, words=words, knows=knows))


@dataclass(frozen=True, slots=True)
class Found:
    """A passage that bears on what was asked, with its score and how much of the question it speaks to."""

    passage: Passage
    score: float
    coverage: Coverage


def answer(
    question: str,
    index: OpenIndex,
    *,
    conditions: Sequence[str] = (),
    limit: int = 5,
    refuse_below: float = REFUSE_BELOW,
    partial_below: float = PARTIAL_BELOW,
) -> Answer:
    """What the documents of the index say to the question, word for word, or why they do not answer it.

    `conditions` are ids chosen by hand; they do what naming one in the question does. Raises QuestionError for a
    question that cannot be taken, UnknownCondition for an id that the vocabulary does not have.
    """
    known = knowledge_of(index)
    asked = parse_question(question, known.vocabulary, known.correct)
    wanted = asked_conditions(asked, conditions, known, index)
    found = rank_bearing(asked, wanted, known.vocabulary, index)
    abstention = reason_to_refuse(asked, wanted, found, refuse_below, known)
    shown = found[:NEAREST] if abstention else keep_supported(found, refuse_below)[:limit]
    hits = [show(each, place, asked, wanted, known, index) for place, each in enumerate(shown, start=1)]
    missing = () if abstention else missing_words(asked, found[0], wanted, partial_below)
    return compose(asked, wanted, hits, missing, abstention, known, index)


# --- what is asked about -------------------------------------------------------------------------


def asked_conditions(
    asked: Question, chosen: Sequence[str], known: Knowledge, index: OpenIndex
) -> list[AskedCondition]:
    """The conditions that the question names and those chosen by hand, each once, and whether they are covered.

    A general condition named beside a narrower one adds nothing ("addiction to alcohol" asks about alcohol).
    """
    vocabulary = known.vocabulary
    if not all(id in vocabulary.conditions for id in chosen):
        raise UnknownCondition([condition.id for condition in index.catalogue.conditions])
    named = {mention.id: asked.searched[mention.start : mention.end] for mention in asked.mentions}
    wider = {ancestor for id in named for ancestor in vocabulary.ancestors(id)}
    covered = {condition.id for condition in known.covered}
    return [
        AskedCondition(id, vocabulary.label(id), named.get(id), covered=id in covered)
        for id in dict.fromkeys((*chosen, *(id for id in named if id not in wider)))
    ]


# --- what bears on it ----------------------------------------------------------------------------


def rank_bearing(
    asked: Question, wanted: Sequence[AskedCondition], vocabulary: Vocabulary, index: OpenIndex
) -> list[Found]:
    """The passages that bear on the conditions asked about, best first; all passages when none is asked about.

    Where no condition asked about is covered these are passages on a wider one: near, but not an answer.
    """
    ids = [c.id for c in wanted if c.covered] or [c.id for c in wanted]
    # The label's words stand in for the asker's: "booze" is in no passage, "alcohol use disorder" is.
    labels = [token for id in ids for token in analyze(vocabulary.label(id))]
    bearing = None if not ids else {other for id in ids for other in related(id, vocabulary)}
    matches = index.search([token.term for token in (*asked.tokens, *labels)], CANDIDATES, bearing)
    candidates = [Candidate(match.passage, index.terms(match.passage)) for match in matches]
    ranked = rank(asked.tokens, asked.sentences, candidates, index.statistics)
    found = [weigh(index.passage(each.id), each.score, asked, ids, vocabulary, index) for each in ranked]
    return sorted(found, key=lambda each: -each.score)


def related(id: str, vocabulary: Vocabulary) -> Collection[str]:
    """The condition, those below and those above: what a passage may be tagged with to bear on it."""
    return {id, *vocabulary.descendants(id), *vocabulary.ancestors(id)}


def weigh(
    passage: Passage, score: float, asked: Question, ids: Sequence[str], vocabulary: Vocabulary, index: OpenIndex
) -> Found:
    """A candidate with what it gains for the conditions asked about, and its coverage of the question."""
    tags = {tag.id for tag in passage.conditions}
    relations = [relation for id in ids if (relation := vocabulary.bears_on(tags, id))]
    gain = max((BEARING[relation] for relation in relations), default=0.0)
    coverage = cover(
        asked.tokens,
        index.terms(passage.id).counts,
        index.statistics,
        background(),
        given=named_by_condition(asked, ids, tags, vocabulary),
        discounted=words_of_asking(),
    )
    return Found(passage, score + gain, coverage)


def named_by_condition(
    asked: Question, ids: Sequence[str], tags: Collection[str], vocabulary: Vocabulary
) -> frozenset[str]:
    """The terms by which the question names a condition that the passage bears on: its tag speaks to them."""
    bearing = {id for id in ids if vocabulary.bears_on(tags, id)}
    spans = [(m.start, m.end) for m in asked.mentions if m.id in bearing or bearing & vocabulary.descendants(m.id)]
    return frozenset(t.term for t in asked.tokens if any(start <= t.start < end for start, end in spans))


def keep_supported(found: Sequence[Found], refuse_below: float) -> list[Found]:
    """Only passages that would be an answer by themselves."""
    return [each for each in found if each.coverage.share >= refuse_below]


# --- what is said about it -----------------------------------------------------------------------


def reason_to_refuse(
    asked: Question, wanted: Sequence[AskedCondition], found: Sequence[Found], refuse_below: float, known: Knowledge
) -> Abstention | None:
    """Why there is no answer, or None when there is one."""
    if not wanted and all(token.term in words_of_asking() for token in asked.tokens):
        return refusal.no_searchable_words()
    if wanted and not any(condition.covered for condition in wanted):
        return refusal.condition_not_covered(wanted, known.covered)
    if not found or found[0].coverage.share < refuse_below:
        missing = found[0].coverage.missing if found else asked.tokens
        return refusal.not_enough_found(as_written(asked, missing))
    return None


def missing_words(asked: Question, first: Found, wanted: Sequence[AskedCondition], partial_below: float) -> list[str]:
    """What the first passage does not speak to, when that is much: words of the question, and conditions."""
    uncovered = [condition.asked_as or condition.label for condition in wanted if not condition.covered]
    words = as_written(asked, first.coverage.missing) if first.coverage.share < partial_below else []
    return [*uncovered, *(word for word in words if word not in uncovered)]


def as_written(asked: Question, tokens: Sequence[Token]) -> list[str]:
    """Words as the question has them, each once."""
    return list(dict.fromkeys(asked.searched[token.start : token.end] for token in tokens))


def show(
    found: Found, place: int, asked: Question, wanted: Sequence[AskedCondition], known: Knowledge, index: OpenIndex
) -> Hit:
    """A passage as a hit, with the sentences that answer marked."""
    ids = [condition.id for condition in wanted if condition.covered]
    return show_hit(
        found.passage,
        index,
        known.vocabulary,
        rank=place,
        score=found.score,
        asked=ids,
        question={token.term for token in asked.tokens},
        answering=answering_sentences(found.passage, asked, ids, known.vocabulary, index),
    )


def answering_sentences(
    passage: Passage, asked: Question, ids: Sequence[str], vocabulary: Vocabulary, index: OpenIndex
) -> list[int]:
    """The indices of the sentences that answer: among those that bear on the conditions asked about, by their words;
    the first of them when the question has no word but the condition itself."""
    bearing = [n for n, s in enumerate(passage.sentences) if bears({tag.id for tag in s.conditions}, ids, vocabulary)]
    terms = index.terms(passage.id)
    stretches = [passage.sentences[n] for n in bearing]
    words = [
        SentenceWords(passage.text[start:end], terms.within(start, end))
        for start, end in ((s.start - passage.start, s.end - passage.start) for s in stretches)
    ]
    weigh_term = partial(background().weight, statistics=index.statistics)
    picked = pick_sentences(
        asked.tokens, words, terms.given, weigh_term, asks_number=asked.asks_number, asks_effect=asked.asks_effect
    )
    return [bearing[n] for n in picked] or bearing[:1]


def bears(tags: Collection[str], ids: Sequence[str], vocabulary: Vocabulary) -> bool:
    return not ids or any(vocabulary.bears_on(tags, id) for id in ids)


def compose(
    asked: Question,
    wanted: Sequence[AskedCondition],
    hits: Sequence[Hit],
    missing: Sequence[str],
    abstention: Abstention | None,
    known: Knowledge,
    index: OpenIndex,
) -> Answer:
    """Everything that is said, from which page, JSON and terminal are made."""
    catalogue = index.catalogue
    return Answer(
        question=asked.text,
        status="abstained" if abstention else "partial" if missing else "answered",
        interpretation=Interpretation(tuple(as_written(asked, asked.tokens)), tuple(wanted), asked.corrections),
        answers=() if abstention else tuple(hits),
        missing=tuple(missing),
        abstention=replace(abstention, nearest=tuple(hits)) if abstention else None,
        references=show_references(hits, index),
        documents=show_documents(hits, index),
        conditions=known.covered,
        notices=call_up(catalogue.notices, asked.text, known.vocabulary),
        index=IndexInfo(catalogue.version, len(catalogue.documents), sum(len(d.passages) for d in catalogue.documents)),
    )
