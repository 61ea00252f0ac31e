"""The verdicts on a sentence: retractions and expressions of concern, then reviewers' notes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from qa.indexes import OpenIndex
from qa.messages import day_in_words, say
from qa.models import (
    Document,
    DocumentVerdicts,
    Note,
    NoteStatus,
    Retraction,
    RetractionStatus,
    Sentence,
    SentenceVerdicts,
    Support,
    Verdict,
    VerdictLevel,
)

LEVEL_OF_NOTE: Mapping[NoteStatus, VerdictLevel] = {
    "contradicted": "disputed",
    "partly": "partly",
    "unchecked": "unchecked",
    "agrees": "agrees",
}
LEVEL_OF_WORK: Mapping[RetractionStatus, VerdictLevel] = {"retracted": "retracted", "expression of concern": "concern"}
SEVERITY: Mapping[VerdictLevel, int] = {
    level: place for place, level in enumerate((*LEVEL_OF_WORK.values(), *LEVEL_OF_NOTE.values()))
}


def verdicts_on(
    support: Support, notes: Sequence[Note], retractions: Mapping[str, Retraction], document: Retraction | None = None
) -> tuple[Verdict, ...]:
    """The verdicts on a sentence with this support and these notes, most serious first. `retractions` are those of
    works, by id; `document` is what has become of the document itself."""
    if not (notes or retractions or document):
        return ()
    found = [*on_document(document), *on_works(support, retractions), *map(on_note, range(len(notes)), notes)]
    return most_serious_first(found)


def most_serious_first(verdicts: Iterable[Verdict]) -> tuple[Verdict, ...]:
    return tuple(sorted(verdicts, key=lambda verdict: SEVERITY[verdict.level]))


def on_document(retraction: Retraction | None) -> Iterator[Verdict]:
    if retraction and (level := LEVEL_OF_WORK.get(retraction.status)):
        yield publishers_verdict(level, retraction, "document", None)


def on_works(support: Support, retractions: Mapping[str, Retraction]) -> Iterator[Verdict]:
    """A verdict for each work of the sentence that is no longer sound; it says so if the sentence has others too."""
    works = list(dict.fromkeys((*support.references, *(each.reference for each in support.inherited))))
    about = "source" if len(works) == 1 else "one_source"
    for id in works:
        if (retraction := retractions.get(id)) and (level := LEVEL_OF_WORK.get(retraction.status)):
            yield publishers_verdict(level, retraction, about, id)


def publishers_verdict(level: VerdictLevel, retraction: Retraction, about: str, reference: str | None) -> Verdict:
    dated = f"{level}_{about}" + ("_on" if retraction.date else "")
    line = say(f"verdict.{dated}", date=day_in_words(retraction.date or ""))
    return Verdict(level, say(f"verdict.{level}"), line, retraction.date, None, reference, retraction.notice)


def on_note(number: int, note: Note) -> Verdict:
    level = LEVEL_OF_NOTE[note.status]
    line = note.short or say(f"verdict.{level}_unexplained")
    return Verdict(level, say(f"verdict.{level}"), line, note.date, number, note.reference)


def document_verdicts(document: Document, index: OpenIndex) -> DocumentVerdicts:
    """The verdicts on a document and on its sentences, for reading it."""
    notes: dict[tuple[int, int], list[Note]] = defaultdict(list)
    for note in index.notes(document.id):
        notes[note.start, note.end].append(note)
    found = tuple(with_numbers(document.sentences, notes, index.manifest.retractions))
    reviewed = {each.sentence for each in found}
    unreviewed = sum(s.kind == "claim" and s.id not in reviewed for s in document.sentences)
    return DocumentVerdicts(document.id, document.provenance.retraction, found, unreviewed)


def with_numbers(
    sentences: Iterable[Sentence],
    notes: Mapping[tuple[int, int], Sequence[Note]],
    retractions: Mapping[str, Retraction],
) -> Iterator[SentenceVerdicts]:
    number = 0
    for sentence in sentences:
        own = notes.get((sentence.start, sentence.end), ())
        if verdicts := verdicts_on(sentence.support, own, retractions):
            number += 1
            yield SentenceVerdicts(number, sentence.id, sentence.start, sentence.end, verdicts, tuple(own))
