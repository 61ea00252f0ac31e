"""Passages as the answer page shows them: what is above each quotation, the quotation, and its sources."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from qa.models import Answer, Antecedent, DocumentView, Hit, HitSentence, NamedSource, NoteView, Unresolved, Verdict
from qa.web.layout import PagePart, pieces_in, quoted_parts, with_lists
from qa.web.works import Work, as_work

# Characters beside the relevant sentences up to which they are not folded: before the answer two or three lines on a
# phone, after it five, beside those of further passages two.
LEAD_BEFORE, LEAD_AFTER, BESIDE, NEAR = 120, 400, 400, 80
ALARMS = ("retracted", "concern", "disputed")  # levels of verdicts that a reader must see before the quotation

QuotedParts = list[PagePart[HitSentence]]


@dataclass(frozen=True, slots=True)
class HeadVerdict:
    """A verdict on a sentence, at the head of its quotation. `sentence` is its number in the passage, 0 if it is
    the only one, or the only relevant one; `note` is the reviewer's, None if the publisher of a work has said it;
    `work` is the one concerned."""

    verdict: Verdict
    sentence: int
    note: NoteView | None
    work: Work | None

    @property
    def warns(self) -> bool:
        return self.verdict.level in ALARMS


@dataclass(frozen=True, slots=True)
class Carried:
    """Works that are carried over from one earlier sentence."""

    works: tuple[Work, ...]
    antecedent: Antecedent


@dataclass(frozen=True, slots=True)
class SentenceSources:
    """What the document gives as the source of a sentence, the verdicts on it, and its number in the passage. `new` are
    the ids of the works whose facts no passage above has shown."""

    number: int
    status: str
    works: tuple[Work, ...]
    carried: tuple[Carried, ...]
    named: tuple[NamedSource, ...]
    unresolved: tuple[tuple[str, Unresolved], ...]
    verdicts: tuple[HeadVerdict, ...] = ()
    new: frozenset[str] = frozenset()


class Folded(NamedTuple):
    """The parts of a quotation: what is shown, and what before and after it is folded."""

    before: QuotedParts
    shown: QuotedParts
    after: QuotedParts


@dataclass(frozen=True, slots=True)
class Verse:
    """A passage on the answer page. `lead`: it is the answer; `answers`: its relevant sentences may be shown as such.
    `sources` are those of its relevant sentences, `others` those of the rest, with the verdicts that are not in
    `verdicts`. `unreviewed`: nobody has reviewed its relevant sentences, but some of the others shown."""

    hit: Hit
    document: DocumentView
    lead: bool
    answers: bool
    quotation: Folded
    verdicts: tuple[HeadVerdict, ...]
    sources: tuple[SentenceSources, ...]
    others: tuple[SentenceSources, ...]
    unreviewed: bool = False

    @property
    def several(self) -> bool:
        return len(self.hit.sentences) > 1

    @property
    def against(self) -> HeadVerdict | None:
        """The verdict because of which the quotation must not look like an answer: it warns of what is relevant."""
        return next((head for head in self.verdicts if head.warns and not head.sentence), None)


def verses_of(answer: Answer, works: Mapping[str, Work]) -> list[Verse]:
    """The passages of an answer; the first is the answer, if there is one."""
    hits = answer.abstention.nearest if answer.abstention else answer.answers
    documents = {document.id: document for document in answer.documents}
    answered = answer.status == "answered"
    reviewed = any(sentence.verdicts for hit in hits for sentence in hit.sentences)
    verses = (
        as_verse(hit, documents[hit.document], works, answers=answered, lead=answered and number == 0)
        for number, hit in enumerate(hits)
    )
    return [replace(each, unreviewed=reviewed and not each.verdicts) for each in with_facts_once(verses)]


def with_facts_once(verses: Iterable[Verse]) -> Iterator[Verse]:
    """Yield the verses so that the facts of a work are shown where it is first named; in what is folded, always."""
    shown: set[str] = set()
    for verse in verses:
        sources = []
        for each in verse.sources:
            named = {work.id for work in works_given(each)}
            sources.append(replace(each, new=frozenset(named - shown)))
            shown |= named
        others = (replace(each, new=frozenset(work.id for work in works_given(each))) for each in verse.others)
        yield replace(verse, sources=tuple(sources), others=tuple(others))


def as_verse(hit: Hit, document: DocumentView, works: Mapping[str, Work], *, answers: bool, lead: bool) -> Verse:
    beside = (BESIDE, BESIDE) if answers else (NEAR, NEAR)
    each = [sources_shown(hit, number, works) for number in range(1, len(hit.sentences) + 1)]
    relevant = [one for one, sentence in zip(each, hit.sentences, strict=True) if sentence.relevant] or each
    first = [v for one in each for v in one.verdicts if one in relevant or goes_first(v)]
    if len(relevant) == 1:  # what is said without a number is said of what is relevant
        first = [replace(v, sentence=0) if v.sentence == relevant[0].number else v for v in first]
    first.sort(key=lambda head: not head.warns)
    others = (replace(one, verdicts=tuple(v for v in one.verdicts if not goes_first(v))) for one in each)
    return Verse(
        hit=hit,
        document=document,
        lead=lead,
        answers=answers,
        quotation=fold_quotation(quoted_parts(hit), (LEAD_BEFORE, LEAD_AFTER) if lead else beside),
        verdicts=tuple(first),
        sources=tuple(alike(relevant)),
        others=tuple(one for one, sentence in zip(others, hit.sentences, strict=True) if not sentence.relevant)
        if len(relevant) < len(each)
        else (),
    )


def alike(relevant: Sequence[SentenceSources]) -> list[SentenceSources]:
    """The sources of sentences, once where several have the same."""
    once = {(one.status, one.works, one.carried, one.named, one.unresolved): one for one in reversed(relevant)}
    return sorted(once.values(), key=lambda one: one.number)


def goes_first(head: HeadVerdict) -> bool:
    """Whether a verdict must be read before the quotation: it warns of a sentence or is relevant to the question."""
    return head.warns or bool(head.note and head.note.bears_on_question)


def sources_shown(hit: Hit, number: int, works: Mapping[str, Work]) -> SentenceSources:
    """The sources of a sentence of a hit, with the verdicts on it."""
    sentence = hit.sentences[number - 1]
    support = sentence.support
    within = (citation for citation in hit.citations if sentence.start <= citation.start < sentence.end)
    carried: dict[str, list[Antecedent]] = {}
    for each in support.inherited:
        carried.setdefault(each.sentence, []).append(each)
    found = SentenceSources(
        number=number,
        status=support.status,
        works=tuple(known(id, works) for id in support.references),
        carried=tuple(
            Carried(tuple(known(each.reference, works) for each in group), group[0]) for group in carried.values()
        ),
        named=support.named_sources,
        unresolved=tuple((citation.text, target) for citation in within for target in citation.unresolved),
    )
    alone = len(hit.sentences) == 1
    return replace(found, verdicts=tuple(head_verdicts(sentence, 0 if alone else number, works)))


def head_verdicts(sentence: HitSentence, number: int, works: Mapping[str, Work]) -> Iterator[HeadVerdict]:
    for verdict in sentence.verdicts:
        note = None if verdict.note is None else sentence.notes[verdict.note]
        yield HeadVerdict(verdict, number, note, works.get(verdict.reference or ""))


def works_given(sources: SentenceSources) -> Iterator[Work]:
    yield from sources.works
    for carried in sources.carried:
        yield from carried.works


def known(id: str, works: Mapping[str, Work]) -> Work:
    return works.get(id) or as_work({"id": id})


def fold_quotation(parts: QuotedParts, most: tuple[int, int]) -> Folded:
    """Fold what is before and after the relevant sentences if it has more characters than `most` says. Rows of a table
    are never folded: each needs the others and the head."""
    places = [
        (place, number)
        for place, part in enumerate(parts)
        for number, stretch in enumerate(part.stretches)
        if stretch.sentence and stretch.sentence.relevant
    ]
    if not places or any(part.rows for part in parts):
        return Folded([], parts, [])
    upto, after = cut(parts, *places[-1], end=True)
    before, shown = cut(upto, *places[0], end=False)
    before, shown = ([], [*before, *shown]) if length_of(before) <= most[0] else (before, shown)
    shown, after = ([*shown, *after], []) if length_of(after) <= most[1] else (shown, after)
    return Folded(*map(with_lists, (before, shown, after)))


def cut(parts: QuotedParts, place: int, number: int, *, end: bool) -> tuple[QuotedParts, QuotedParts]:
    """Cut a quotation before a stretch of a part, or after it if `end`. A list is cut, but not within an item."""
    part, number = parts[place], number + end
    if part.kind == "list_item" or number in (0, len(part.stretches)):
        return parts[: place + end], parts[place + end :]
    head = replace(part, stretches=part.stretches[:number])
    return [*parts[:place], head], [replace(part, stretches=part.stretches[number:]), *parts[place + 1 :]]


def length_of(parts: Iterable[PagePart[HitSentence]]) -> int:
    """The number of characters that are shown."""
    return len("".join(piece.text for part in parts for piece in pieces_in(part) if not piece.hidden).strip())


def disputed_below(verses: Sequence[Verse]) -> str:
    """The id of the first passage below the answer with a sentence that a verdict warns of; empty if none has one."""
    below = (verse for verse in verses[1:] if any(each.warns for each in verse.verdicts))
    return next((verse.hit.id for verse in below), "")


def cited_in(verses: Iterable[Verse]) -> set[str]:
    """The ids of the works that support a sentence shown, without those that only a reviewer names."""
    sources = (each for verse in verses for each in (*verse.sources, *verse.others))
    return {work.id for each in sources for work in works_given(each)}
