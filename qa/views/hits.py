"""Build a hit from a passage: offsets relative to its text, condition labels, quoted antecedents, notes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from qa.conditions import Vocabulary
from qa.indexes import OpenIndex, Store
from qa.models import (
    CSL,
    Antecedent,
    CitationView,
    ConditionTag,
    ConditionView,
    Contribution,
    DocumentView,
    Highlight,
    Hit,
    HitSentence,
    NamedSource,
    Note,
    NoteView,
    Passage,
    Quotation,
    Retraction,
    Support,
    SupportView,
)
from qa.models.addresses import document_url
from qa.models.appearance import plain_words
from qa.text.analysis import Token, analyze
from qa.views.verdicts import verdicts_on
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
    passage = ranked.passage
    quotation = view.store.quotation(passage.id)
    conditions = show_conditions(passage.conditions, view)
    written: dict[tuple[int, int], list[Note]] = {}
    for note in view.store.notes(passage.document):
        written.setdefault((note.start, note.end), []).append(note)
    own = view.store.overview(passage.document).document.retraction
    sentences = tuple(
        show_sentence(
            number, quotation, view, ranked, NotesAndState(written.get((sentence.start, sentence.end), ()), own)
        )
        for number, sentence in enumerate(passage.sentences)
    )
    matched = [*ranked.substitutes, *((term, term) for term in view.terms)]
    return Hit(
        id=passage.id,
        rank=ranked.rank,
        score=ranked.score,
        why=ranked.why,
        text=passage.text,
        document=passage.document,
        start=passage.start,
        end=passage.end,
        heading_path=passage.path,
        conditions=conditions,
        sentences=sentences,
        citations=tuple(
            CitationView(
                c.id, c.start - passage.start, c.end - passage.start, c.text, c.references, unresolved=c.unresolved
            )
            for c in quotation.citations
        ),
        highlights=tuple(highlights(ranked.words, matched)),
        general=bool(conditions) and all(condition.general for condition in conditions),
        head=passage.head,
        pages=passage.pages,
        blocks=quotation.blocks,
        url=document_url(passage.document, landing_of(sentences)),
    )


def landing_of(sentences: Sequence[HitSentence]) -> str:
    """Return the id of the sentence that a hit links to: the first that answers, or else its first."""
    return next((s.id for s in sentences if s.answers), sentences[0].id if sentences else "")


def show_conditions(tags: Iterable[ConditionTag], view: Viewpoint) -> tuple[ConditionView, ...]:
    """Return the tags with their labels. A tag is `general` if it is broader than the conditions asked about."""
    return tuple(ConditionView(t.id, view.vocabulary.label(t.id), t.basis, t.id in view.broader) for t in tags)


class NotesAndState(NamedTuple):
    """The notes on a sentence, and what has become of its document."""

    notes: Sequence[Note]
    document: Retraction | None


def show_sentence(
    number: int, quotation: Quotation, view: Viewpoint, ranked: RankedPassage, judged: NotesAndState
) -> HitSentence:
    """Return a sentence of a hit, by its number."""
    passage, relevant = quotation.passage, number in ranked.relevant
    sentence = passage.sentences[number]
    start, end = sentence.start - passage.start, sentence.end - passage.start
    return HitSentence(
        id=sentence.id,
        start=start,
        end=end,
        answers=relevant and ranked.answers,
        relevant=relevant,
        support=show_support(sentence.support, quotation),
        conditions=show_conditions(sentence.conditions, view),
        notes=tuple(show_note(note, view.terms) for note in judged.notes),
        page=sentence.page,
        plain=plain_words(passage.text, quotation.blocks, start, end),
        verdicts=verdicts_on(sentence.support, judged.notes, view.store.manifest.retractions, judged.document),
        text=passage.text[start:end],
        url=document_url(passage.document, sentence.id),
    )


def show_support(support: Support, quotation: Quotation) -> SupportView:
    """Return the support with its antecedents quoted, since they may be outside the passage."""
    antecedents = quotation.antecedents
    return SupportView(
        status=support.status,
        references=support.references,
        inherited=tuple(
            Antecedent(
                reference=i.reference,
                sentence=i.antecedent,
                text=antecedents[i.antecedent][0],
                plain=antecedents[i.antecedent][1],
                rule=i.rule,
                cue=i.cue,
                steps=i.steps,
                url=document_url(quotation.passage.document, i.antecedent),
            )
            for i in support.inherited
        ),
        named_sources=tuple(NamedSource(s.text, s.kind) for s in support.named_sources),
    )


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
    return tuple(with_facts(store.reference(id).csl) for id in ids)


def reference_ids(hit: Hit) -> Iterator[str]:
    """Yield the reference ids in a hit: those of its sentences and notes, then those of its citations."""
    for sentence in hit.sentences:
        yield from sentence.support.references
        yield from (i.reference for i in sentence.support.inherited)
        yield from (note.reference for note in sentence.notes if note.reference)
    for citation in hit.citations:
        yield from citation.references
        yield from (id for target in citation.unresolved for id in target.candidates)
