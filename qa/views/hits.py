"""Build a hit from a passage: what is shown of it for any question, and what a question finds in it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import count

from qa.conditions import Vocabulary
from qa.indexes import OpenIndex, Store
from qa.models import (
    CSL,
    ConditionView,
    Contribution,
    DocumentView,
    Highlight,
    Hit,
    HitSentence,
    Note,
    NoteView,
    Passage,
)
from qa.models.addresses import document_url
from qa.text.analysis import Token, analyze
from qa.views.passages import shown_passages
from qa.views.works import with_facts


@dataclass(frozen=True, slots=True)
class RankedPassage:
    """A passage in the order of relevance, with the contributions to its score. `substitutes`: pairs of a question term
    and the passage's own words for it (several terms separated by a space). `relevant`: positions of the most relevant
    sentences, which answer the question if the passage `answers` it. `words` are those of its text that the question
    asks for, with gaps."""

    passage: Passage
    rank: int
    score: float
    why: tuple[Contribution, ...] = ()
    substitutes: Sequence[tuple[str, str]] = ()
    relevant: Collection[int] = ()
    answers: bool = False
    words: Sequence[Token] = ()


@dataclass(frozen=True, slots=True)
class Viewpoint:
    """What all hits of a question are shown with: `broader` are the ids of the conditions that are broader than those
    asked about, `terms` those of the question."""

    store: OpenIndex
    vocabulary: Vocabulary
    broader: Collection[str] = ()
    terms: Collection[str] = ()


def show_hit(ranked: RankedPassage, view: Viewpoint) -> Hit:
    """Return a passage as a hit."""
    shown = shown_passages(view.store, view.vocabulary)(ranked.passage.id)
    conditions = with_generality(shown.hit.conditions, view)
    sentences = tuple(map(partial(mark_sentence, ranked, view), count(), shown.hit.sentences, shown.notes))
    matched = [*ranked.substitutes, *((term, term) for term in view.terms)]
    return replace(
        shown.hit,
        rank=ranked.rank,
        score=ranked.score,
        why=ranked.why,
        conditions=conditions,
        sentences=sentences,
        highlights=tuple(highlights(ranked.words, matched)),
        general=bool(conditions) and all(condition.general for condition in conditions),
        url=document_url(shown.hit.document, landing_of(sentences)),
    )


def mark_sentence(
    ranked: RankedPassage, view: Viewpoint, number: int, sentence: HitSentence, notes: Sequence[Note]
) -> HitSentence:
    """Return a sentence of a passage as it is for a question."""
    relevant = number in ranked.relevant
    if not (relevant or notes or view.broader):
        return sentence
    return replace(
        sentence,
        answers=relevant and ranked.answers,
        relevant=relevant,
        conditions=with_generality(sentence.conditions, view),
        notes=tuple(show_note(note, view.terms) for note in notes),
    )


def with_generality(conditions: tuple[ConditionView, ...], view: Viewpoint) -> tuple[ConditionView, ...]:
    """Return the tags, `general` where they are broader than the conditions asked about."""
    if not view.broader:
        return conditions
    return tuple(replace(tag, general=True) if tag.id in view.broader else tag for tag in conditions)


def landing_of(sentences: Sequence[HitSentence]) -> str:
    """Return the id of the sentence that a hit links to: the first that answers, or else its first."""
    return next((s.id for s in sentences if s.answers), sentences[0].id if sentences else "")


def show_note(note: Note, question: Collection[str]) -> NoteView:
    """Return a note. It is shown before the quotation if a word of the question triggers it."""
    relevant = any(token.term in question for word in note.words for token in analyze(word))
    return NoteView(note.status, note.text, note.date, note.reference, relevant, note.short)


def highlights(words: Sequence[Token], matched: Iterable[tuple[str, str]]) -> Iterator[Highlight]:
    """Yield the words of the passage that match the question. `matched` are pairs of a question term and the passage
    terms to look for; if two question terms have the same passage terms, the later pair counts."""
    sought = {tuple(present.split()): term for term, present in matched}
    longest = max(map(len, sought), default=0)
    begins = {run[0] for run in sought if run}
    done = 0
    for place, token in enumerate(words):
        if token.term not in begins:
            continue
        run = tuple(each.term for each in words[place : place + longest])
        for length in range(len(run), 0, -1):
            if place >= done and (term := sought.get(run[:length])):
                yield Highlight(token.start, words[place + length - 1].end, term)
                done = place + length


def show_documents(hits: Iterable[Hit], store: Store) -> tuple[DocumentView, ...]:
    """Return the documents of the hits, each once, in order of first appearance."""
    return tuple(store.overview(id).document for id in dict.fromkeys(hit.document for hit in hits))


def show_references(hits: Iterable[Hit], store: Store) -> tuple[CSL, ...]:
    """Return the works of the hits as CSL-JSON with label, page and facts, each once: cited, inherited, candidates of
    an ambiguous citation, or used in a note only (marked `custom.note_only`)."""
    ids = dict.fromkeys(id for hit in hits for id in reference_ids(hit))
    return tuple(with_facts(each.csl) for each in store.references_by_id(ids))


def reference_ids(hit: Hit) -> Iterator[str]:
    """Yield the reference ids in a hit: those of its sentences and notes, then those of its citations."""
    for sentence in hit.sentences:
        yield from sentence.support.references
        yield from (i.reference for i in sentence.support.inherited)
        yield from (note.reference for note in sentence.notes if note.reference)
    for citation in hit.citations:
        yield from citation.references
        yield from (id for target in citation.unresolved for id in target.candidates)
