"""Passages as they are shown for any question: offsets relative to their text, condition labels, quoted antecedents."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from qa.conditions import Vocabulary
from qa.indexes import OpenIndex, Store
from qa.indexes.derived import once_per_index
from qa.models import (
    Antecedent,
    CitationView,
    ConditionTag,
    ConditionView,
    Hit,
    HitSentence,
    NamedSource,
    Note,
    Quotation,
    Retraction,
    Sentence,
    Support,
    SupportView,
)
from qa.models.addresses import document_url
from qa.models.appearance import plain_words
from qa.views.verdicts import verdicts_on

KEPT_PASSAGES = 1 << 8  # that are kept as they are shown


@dataclass(frozen=True, slots=True)
class ShownPassage:
    """A passage as shown for any question, with no sentence marked. `notes` are those on each of its sentences."""

    hit: Hit
    notes: Sequence[Sequence[Note]]


@once_per_index
def shown_passages(index: OpenIndex, vocabulary: Vocabulary) -> Callable[[str], ShownPassage]:
    """What returns a passage, given its id, as shown for any question. The last ones are kept."""

    def shown(id: str) -> ShownPassage:
        return show_passage(index.quotation(id), vocabulary, index)

    return lru_cache(KEPT_PASSAGES)(shown)


def show_passage(quotation: Quotation, vocabulary: Vocabulary, store: Store) -> ShownPassage:
    passage = quotation.passage
    written: dict[tuple[int, int], list[Note]] = {}
    for note in store.notes(passage.document):
        written.setdefault((note.start, note.end), []).append(note)
    notes = [written.get((sentence.start, sentence.end), ()) for sentence in passage.sentences]
    own = store.overview(passage.document).document.retraction
    states = (NotesAndState(each, own, store.manifest.retractions) for each in notes)
    sentences = tuple(
        show_sentence(sentence, quotation, vocabulary, state)
        for sentence, state in zip(passage.sentences, states, strict=True)
    )
    hit = Hit(
        id=passage.id,
        rank=0,
        score=0.0,
        text=passage.text,
        document=passage.document,
        start=passage.start,
        end=passage.end,
        heading_path=passage.path,
        conditions=show_conditions(passage.conditions, vocabulary),
        sentences=sentences,
        citations=tuple(
            CitationView(
                c.id, c.start - passage.start, c.end - passage.start, c.text, c.references, unresolved=c.unresolved
            )
            for c in quotation.citations
        ),
        highlights=(),
        head=passage.head,
        pages=passage.pages,
        blocks=quotation.blocks,
    )
    return ShownPassage(hit, notes)


def show_conditions(tags: Iterable[ConditionTag], vocabulary: Vocabulary) -> tuple[ConditionView, ...]:
    """Return the tags with their labels."""
    return tuple(ConditionView(t.id, vocabulary.label(t.id), t.basis, general=False) for t in tags)


class NotesAndState(NamedTuple):
    """The notes on a sentence, what has become of its document, and of works, by id."""

    notes: Sequence[Note]
    document: Retraction | None
    works: Mapping[str, Retraction]


def show_sentence(
    sentence: Sentence, quotation: Quotation, vocabulary: Vocabulary, judged: NotesAndState
) -> HitSentence:
    """Return a sentence of a passage."""
    passage = quotation.passage
    start, end = sentence.start - passage.start, sentence.end - passage.start
    return HitSentence(
        id=sentence.id,
        start=start,
        end=end,
        answers=False,
        support=show_support(sentence.support, quotation),
        conditions=show_conditions(sentence.conditions, vocabulary),
        page=sentence.page,
        plain=plain_words(passage.text, quotation.blocks, start, end),
        verdicts=verdicts_on(sentence.support, judged.notes, judged.works, judged.document),
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
