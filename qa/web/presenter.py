"""Functions for the templates: they compute plain values from an answer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from qa.indexes import Store
from qa.messages import MESSAGES, count, day_in_words, say
from qa.models import (
    CSL,
    Answer,
    AskedCondition,
    Citation,
    CitationView,
    CoveredCondition,
    Hit,
    HitSentence,
    NamedSource,
    NoteView,
    Passage,
    Quotation,
    Unresolved,
)
from qa.models.appearance import plain_words
from qa.views.headings import below
from qa.views.hits import landing_of
from qa.web.layout import quoted_parts
from qa.web.works import Work, as_work

MAX_DEPTH = 3  # levels of indentation that fit on a phone
NAMED = {"review": "named_review", "meta-analysis": "named_review", "trial": "named_trial"}


@dataclass(frozen=True, slots=True)
class Choice:
    """A condition to filter by. `passages` is 0 if it was chosen but is not covered."""

    id: str
    label: str
    passages: int
    depth: int


@dataclass(frozen=True, slots=True)
class CitedWork:
    """A work that supports a hit, with its citations in the passage; none if it is carried over from elsewhere."""

    number: int
    work: Work
    marks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NumberedNote:
    """A note, with the number of its sentence in the passage."""

    number: int
    said: NoteView


def works(references: Iterable[CSL]) -> dict[str, Work]:
    return {csl["id"]: as_work(csl) for csl in references}


def choices(conditions: Sequence[CoveredCondition], chosen: Collection[str] = ()) -> list[Choice]:
    """Return the covered conditions and those chosen but not covered, each below its parent."""
    covered = {condition.id for condition in conditions if condition.passages}
    parents = {condition.id: condition.parent for condition in conditions}
    return [
        Choice(each.id, each.label, each.passages, depth(each.id, parents, covered))
        for each in in_tree_order(conditions)
        if each.id in covered or each.id in chosen
    ]


def in_tree_order(conditions: Sequence[CoveredCondition]) -> list[CoveredCondition]:
    """Sort conditions so that each is followed by its descendants; otherwise keep the order of the vocabulary."""
    below: dict[str | None, list[CoveredCondition]] = defaultdict(list)
    for condition in conditions:
        below[condition.parent].append(condition)
    waiting, ordered = below[None][::-1], []
    while waiting:
        ordered.append(waiting.pop())
        waiting += below[ordered[-1].id][::-1]
    return ordered


def depth(id: str, parents: Mapping[str, str | None], shown: Collection[str]) -> int:
    """Return how many ancestors of a condition are shown, at most MAX_DEPTH."""
    above, steps = parents.get(id), 0
    while above and steps < MAX_DEPTH:
        steps += above in shown
        above = parents.get(above)
    return steps


def cited_works(hit: Hit, known: Mapping[str, Work]) -> dict[str, CitedWork]:
    """Return the works that support the hit, in reading order. Works used only in a note are not included."""
    cited = [id for citation in hit.citations for id in citation.references]
    supporting = [
        id for s in hit.sentences for id in (*s.support.references, *(i.reference for i in s.support.inherited))
    ]
    return {
        id: CitedWork(
            number, known.get(id) or as_work({"id": id}), tuple(c.text for c in hit.citations if id in c.references)
        )
        for number, id in enumerate(dict.fromkeys((*cited, *supporting)), 1)
    }


def first_cited(hits: Iterable[Hit], known: Mapping[str, Work]) -> dict[str, int]:
    """Return the rank of the first hit that each work supports, so that a reference manager imports it only once."""
    ranks: dict[str, int] = {}
    for hit in hits:
        for id in cited_works(hit, known):
            ranks.setdefault(id, hit.rank)
    return ranks


def anchors(hits: Iterable[Hit]) -> dict[str, str]:
    """Return the anchor of each sentence on the page, by sentence id."""
    return {s.id: f"p{hit.rank}s{n}" for hit in hits for n, s in enumerate(hit.sentences, 1)}


def around(hits: Sequence[Hit], store: Store) -> dict[str, list[tuple[str, Passage, str]]]:
    """Return for each hit the passages before and after it in its document, each with the name of its label and its
    text without markup. Passages that are hits themselves are omitted."""
    shown = {hit.id for hit in hits}
    found: dict[str, list[tuple[str, Passage, str]]] = {}
    for hit in hits:
        quotation = store.quotation(hit.id)
        beside = [("hit.before", quotation.before), ("hit.after", quotation.after)]
        there = [(name, store.quotation(id)) for name, id in beside if id and id not in shown]
        found[hit.id] = [(name, each.passage, plain_passage(each)) for name, each in there]
    return found


def plain_passage(quotation: Quotation) -> str:
    return plain_words(quotation.passage.text, quotation.blocks, 0, len(quotation.passage.text))


def first_work(citation: CitationView | None, cited: Mapping[str, CitedWork]) -> CitedWork | None:
    """Return the work that a citation in the quotation links to; None if it is unresolved."""
    return next((cited[id] for id in citation.references if id in cited), None) if citation else None


def number_in(citation: Citation | None, numbers: Mapping[str, int]) -> int:
    """Return the number in the list of works that a citation in a document links to; 0 if it is unresolved."""
    return next((numbers[id] for id in citation.references if id in numbers), 0) if citation else 0


def landing(hit: Hit) -> str:
    """Return the id of the sentence that a hit links to: the first that answers, or else its first."""
    return landing_of(hit.sentences)


def unresolved(sentence: HitSentence, hit: Hit) -> list[Unresolved]:
    """Return the parts of the citations in a sentence that match no work or several."""
    within = (citation for citation in hit.citations if sentence.start <= citation.start < sentence.end)
    return [target for citation in within for target in citation.unresolved]


def notes(hit: Hit, first: bool) -> list[NumberedNote]:
    """Return the notes to show before the quotation, or the others if not `first`."""
    numbered = (NumberedNote(n, note) for n, sentence in enumerate(hit.sentences, 1) for note in sentence.notes)
    return [note for note in numbered if goes_first(note.said) == first]


def about(condition: AskedCondition) -> str:
    """Return the name of the message for a condition found in the question or chosen by hand."""
    if not condition.covered:
        return "found.not_covered"
    return "found.about" if condition.asked_as else "found.chosen"


def named(source: NamedSource) -> str:
    return f"support.{NAMED.get(source.kind, 'named')}"


def goes_first(note: NoteView) -> bool:
    """Return whether a note must be read before the quotation: it is relevant to the question or contradicts it."""
    return note.bears_on_question or note.status == "contradicted"


def fields(keys: Iterable[str]) -> str:
    """Return the readable names of CSL-JSON fields."""
    return ", ".join(MESSAGES["field"].get(key, key) for key in keys)


def retraction(work: Work) -> str:
    """Return the name of the message for the retraction status; "unknown" if it was not checked."""
    return f"retraction.{(work.retraction or 'unknown').replace(' ', '_')}"


def is_web_address(url: str) -> bool:
    """Return whether a URL may become a link: other schemes could run a script."""
    return url.lower().startswith(("https://", "http://"))


def contact_address(contact: str) -> str:
    """Return the owner's contact if it is a web page or a mailto: link; empty otherwise."""
    return contact if is_web_address(contact) or contact.startswith("mailto:") else ""


def shown_hits(answer: Answer) -> tuple[Hit, ...]:
    return answer.abstention.nearest if answer.abstention else answer.answers


FILTERS: dict[str, Callable[..., Any]] = {
    "about": about,
    "below": below,
    "named": named,
    "first_work": first_work,
    "number_in": number_in,
    "landing": landing,
    "unresolved": unresolved,
    "notes": notes,
    "web": is_web_address,
    "cited": cited_works,
    "fields": fields,
    "parts": quoted_parts,
    "say": say,
    "count": count,
    "day": day_in_words,
    "retraction": retraction,
}
