"""What the templates ask about an answer: plain questions with plain values for answers."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from qa.indexes import Store
from qa.messages import MESSAGES, count, say
from qa.models import (
    CSL,
    Answer,
    AskedCondition,
    Citation,
    CitationView,
    Condition,
    CoveredCondition,
    Hit,
    HitSentence,
    NamedSource,
    NoteView,
    Passage,
    Unresolved,
)
from qa.web.segments import cut
from qa.web.works import Work, as_work

MAX_DEPTH = 3  # steps of indentation that a telephone has room for
NAMED = {"review": "named_review", "meta-analysis": "named_review", "trial": "named_trial"}


@dataclass(frozen=True, slots=True)
class Choice:
    """A condition that can be asked for; `passages` is 0 for one that was chosen and is not covered."""

    id: str
    label: str
    passages: int
    depth: int


@dataclass(frozen=True, slots=True)
class CitedWork:
    """A work behind a hit, with the marks in the passage that point at it: none if it is carried on from elsewhere."""

    number: int
    work: Work
    marks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NumberedNote:
    """A note with the number of its sentence in the passage."""

    number: int
    said: NoteView


def works(references: Iterable[CSL]) -> dict[str, Work]:
    return {csl["id"]: as_work(csl) for csl in references}


def choices(
    covered: Iterable[CoveredCondition], conditions: Sequence[Condition], chosen: Collection[str]
) -> list[Choice]:
    """The covered conditions, each below the one it belongs to, and those that were chosen all the same."""
    counted = {condition.id: condition.passages for condition in covered}
    parents = {condition.id: condition.parent for condition in conditions}
    return [
        Choice(c.id, c.label, counted.get(c.id, 0), depth(c.id, parents, counted))
        for c in in_tree_order(conditions)
        if c.id in counted or c.id in chosen
    ]


def in_tree_order(conditions: Sequence[Condition]) -> list[Condition]:
    """Each condition followed by those below it; otherwise in the vocabulary's order."""
    below: dict[str | None, list[Condition]] = defaultdict(list)
    for condition in conditions:
        below[condition.parent].append(condition)
    waiting, ordered = below[None][::-1], []
    while waiting:
        ordered.append(waiting.pop())
        waiting += below[ordered[-1].id][::-1]
    return ordered


def depth(id: str, parents: Mapping[str, str | None], shown: Collection[str]) -> int:
    """How many of the conditions above this one are shown too."""
    above, steps = parents.get(id), 0
    while above and steps < MAX_DEPTH:
        steps += above in shown
        above = parents.get(above)
    return steps


def cited_works(hit: Hit, known: Mapping[str, Work]) -> dict[str, CitedWork]:
    """The works that the hit's sentences rest on, in reading order; a work that only a note uses is none of them."""
    marked = [id for citation in hit.citations for id in citation.references]
    resting = [id for s in hit.sentences for id in (*s.support.references, *(i.reference for i in s.support.inherited))]
    return {
        id: CitedWork(
            number, known.get(id) or as_work({"id": id}), tuple(c.text for c in hit.citations if id in c.references)
        )
        for number, id in enumerate(dict.fromkeys((*marked, *resting)), 1)
    }


def first_cited(hits: Iterable[Hit], known: Mapping[str, Work]) -> dict[str, int]:
    """The rank of the first hit that rests on each work: a reference manager is to pick it up once."""
    ranks: dict[str, int] = {}
    for hit in hits:
        for id in cited_works(hit, known):
            ranks.setdefault(id, hit.rank)
    return ranks


def anchors(hits: Iterable[Hit]) -> dict[str, str]:
    """Where on the page each sentence stands, by its id."""
    return {s.id: f"p{hit.rank}s{n}" for hit in hits for n, s in enumerate(hit.sentences, 1)}


def around(hits: Sequence[Hit], store: Store) -> dict[str, list[tuple[str, Passage]]]:
    """For each hit the passages before and after it in its document, each with the name of its phrase; those that are
    hits themselves are shown already."""
    shown = {hit.id for hit in hits}
    found: dict[str, list[tuple[str, Passage]]] = {}
    for hit in hits:
        passages = store.document(hit.document).passages
        place = bisect_left(passages, hit.start, key=lambda passage: passage.start)
        beside = [("hit.before", place - 1), ("hit.after", place + 1)]
        near = [(name, passages[n]) for name, n in beside if 0 <= n < len(passages)]
        found[hit.id] = [(name, passage) for name, passage in near if passage.id not in shown]
    return found


def first_work(citation: CitationView | None, cited: Mapping[str, CitedWork]) -> CitedWork | None:
    """Where a mark in the quotation leads to; one that is unresolved leads nowhere."""
    return next((cited[id] for id in citation.references if id in cited), None) if citation else None


def number_in(citation: Citation | None, numbers: Mapping[str, int]) -> int:
    """Where a mark in the reading view leads to in the list of works; 0 for one that is unresolved."""
    return next((numbers[id] for id in citation.references if id in numbers), 0) if citation else 0


def below(path: Sequence[str], title: str) -> Sequence[str]:
    """The headings below the title of the document, which is shown before them: often the first one is the title."""
    return path[1:] if path and as_title(path[0]) == as_title(title) else path


def as_title(text: str) -> str:
    return " ".join(text.casefold().split()).rstrip(".:")


def landing(hit: Hit) -> str:
    """The sentence of the document that a hit leads to: the first that answers, or else its first."""
    return next((s.id for s in hit.sentences if s.answers), hit.sentences[0].id if hit.sentences else "")


def unresolved(sentence: HitSentence, hit: Hit) -> list[Unresolved]:
    """What the marks in a sentence point at that fits no work, or several."""
    within = (citation for citation in hit.citations if sentence.start <= citation.start < sentence.end)
    return [target for citation in within for target in citation.unresolved]


def notes(hit: Hit, first: bool) -> list[NumberedNote]:
    """The notes on a hit that go before the quotation, or the others."""
    numbered = (NumberedNote(n, note) for n, sentence in enumerate(hit.sentences, 1) for note in sentence.notes)
    return [note for note in numbered if goes_first(note.said) == first]


def about(condition: AskedCondition) -> str:
    """The phrase for a condition that was found in the question or chosen by hand."""
    if not condition.covered:
        return "found.not_covered"
    return "found.about" if condition.asked_as else "found.chosen"


def named(source: NamedSource) -> str:
    return f"support.{NAMED.get(source.kind, 'named')}"


def goes_first(note: NoteView) -> bool:
    """Whether a note must be read before the quotation: it bears on the question, or says the opposite."""
    return note.bears_on_question or note.status == "contradicted"


def fields(keys: Iterable[str]) -> str:
    """Keys of CSL-JSON in the words of a reader."""
    return ", ".join(MESSAGES["field"].get(key, key) for key in keys)


def retraction(work: Work) -> str:
    """The phrase for what is known of a retraction; not to have looked is a value too."""
    return f"retraction.{(work.retraction or 'unknown').replace(' ', '_')}"


def day(date: str) -> str:
    """A date in words, as much of it as is known: "2026-11-23", "2026-11" or "2026"; anything else as it is."""
    known = re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])(?:-(\d\d))?", date)
    if not known:
        return date
    year, month, day = known.groups()
    name = say("date.months").split()[int(month) - 1]
    return say("date.day", day=int(day), month=name, year=year) if day else say("date.month", month=name, year=year)


def is_web_address(url: str) -> bool:
    """Only these become links: an address with another scheme could run script."""
    return url.lower().startswith(("https://", "http://"))


def contact_address(contact: str) -> str:
    """The owner's contact as an address: a web page, or a mailbox."""
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
    "cut": cut,
    "say": say,
    "count": count,
    "day": day,
    "retraction": retraction,
}
