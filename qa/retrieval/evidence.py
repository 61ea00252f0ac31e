"""Evidence for a passage other than the words that it shares with the question."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from qa.conditions import Vocabulary
from qa.indexes.vectors import Closeness
from qa.models import Passage, Sentence
from qa.retrieval.ranking import Candidate
from qa.retrieval.request import SearchRequest
from qa.text.analysis import PassageTerms, Statistics, occurs_in
from qa.understanding.context import IndexContext
from qa.understanding.parse import Question


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a passage has for a question.

    `relations` maps each condition asked about to the relation of the passage's nearest tag. `relevant` are the
    positions of the sentences that may answer: on a condition asked about, if any, and supported by a work that the
    question names, if any. `shown` holds, for each sentence, the aspects asked about that it shows. `substitutes` maps
    the question terms that the passage has only in other words to these. `closeness` is how close it is in meaning, if
    there is an encoder.
    """

    passage: Passage
    terms: PassageTerms
    relations: Mapping[str, str]
    relevant: Sequence[int]
    shown: Mapping[int, frozenset[str]]
    substitutes: Mapping[str, str]
    closeness: Closeness | None = None

    def shows(self, aspect: str) -> bool:
        return any(aspect in sentence for sentence in self.shown.values())

    def relevant_texts(self) -> Iterator[str]:
        """The sentences that may answer."""
        text, offset = self.passage.text, self.passage.start
        for sentence in (self.passage.sentences[number] for number in self.relevant):
            yield text[sentence.start - offset : sentence.end - offset]

    def names_one_of(self, names: Collection[str]) -> bool:
        """Whether the passage contains one of several names, each given as terms."""
        return any(occurs_in(name, self.terms) for name in names)


def gather_evidence(candidate: Candidate, request: SearchRequest, context: IndexContext) -> Evidence:
    """The evidence that a candidate has for a search request."""
    passage, terms = context.index.passage(candidate.id), candidate.terms
    tags = {tag.id for tag in passage.conditions}
    relevant = relevant_sentences(passage, request, context.vocabulary)
    return Evidence(
        passage,
        terms,
        {id: relation for id in request.ids if (relation := context.vocabulary.relation_of(tags, id))},
        relevant,
        shown_aspects(passage, relevant, request, context) if request.aspects else {},
        find_substitutes(request.question, terms, context.index.statistics),
        candidate.closeness,
    )


def find_substitutes(question: Question, terms: PassageTerms, statistics: Statistics) -> dict[str, str]:
    """For each question term that a passage lacks, the rarest of the substitutes that it contains, if any."""
    found: dict[str, str] = {}
    for term in dict.fromkeys(token.term for token in question.tokens):
        present = [other for other in question.alike.get(term, ()) if occurs_in(other, terms)]
        if present and term not in terms.counts:
            found[term] = max(present, key=lambda other: (rarest_idf(other, statistics), other))
    return found


def relevant_sentences(passage: Passage, request: SearchRequest, vocabulary: Vocabulary) -> list[int]:
    """The positions of the sentences about a condition asked about and supported by a work that the question names."""
    ids, works = request.ids, request.question.works

    def is_relevant(sentence: Sentence) -> bool:
        tags = {tag.id for tag in sentence.conditions}
        supported = not works or any(sentence.id in work.sentences for work in works)
        return supported and (not ids or any(vocabulary.relation_of(tags, id) for id in ids))

    return [number for number, sentence in enumerate(passage.sentences) if is_relevant(sentence)]


def shown_aspects(
    passage: Passage, relevant: Sequence[int], request: SearchRequest, context: IndexContext
) -> dict[int, frozenset[str]]:
    """For each relevant sentence, the aspects asked about that it shows.

    What the heading or a table's header row shows, each sentence or row under it shows.
    """
    asked, aspects = frozenset(request.aspects), context.lexicon.aspects
    above = (*passage.path[-1:], *([passage.head.text] if passage.head else []))
    heading = frozenset[str]().union(*map(aspects.shown, above))
    shown: dict[int, frozenset[str]] = {}
    for number in relevant:
        sentence = passage.sentences[number]
        start, end = sentence.start - passage.start, sentence.end - passage.start
        shown[number] = asked & (aspects.shown(passage.text[start:end]) | heading)
    return shown


def rarest_idf(phrase: str, statistics: Statistics) -> float:
    """The idf of the rarest word of a phrase."""
    return max(map(statistics.idf, phrase.split()))
