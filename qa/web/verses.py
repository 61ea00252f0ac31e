"""Passages as the answer page shows them: what is above each quotation, the quotation, and its sources."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from qa.models import Answer, Antecedent, DocumentView, Hit, HitSentence, NamedSource, NoteView, Unresolved, Verdict
from qa.web.layout import PagePart, pieces_in, quoted_parts, with_lists
from qa.web.works import Work, as_work

SHOWN_BEFORE = 120  # characters before the answering sentence that are not folded: two or three lines on a phone
ALARMS = ("retracted", "concern", "disputed")  # levels of verdicts that a reader must see before the quotation

QuotedParts = list[PagePart[HitSentence]]


@dataclass(frozen=True, slots=True)
class HeadVerdict:
    """A verdict on a sentence, at the head of its quotation. `sentence` is its number in the passage, 0 if that has
    only one; `note` is the reviewer's, None if the publisher of a work has said it; `work` is the one concerned."""

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
    """What the document gives as the source of a sentence, or of all sentences of a passage. `number` is that of the
    sentence; 0 for several."""

    number: int
    status: str
    works: tuple[Work, ...]
    carried: tuple[Carried, ...]
    named: tuple[NamedSource, ...]
    unresolved: tuple[tuple[str, Unresolved], ...]
    verdicts: tuple[HeadVerdict, ...] = ()


@dataclass(frozen=True, slots=True)
class Verse:
    """A passage on the answer page. `lead`: it is the answer. `before` is what the quotation begins with, if that is to
    be folded. `others` are the sources of the sentences that `sources` does not cover, with the verdicts on them."""

    hit: Hit
    document: DocumentView
    lead: bool
    answers: bool
    before: QuotedParts
    parts: QuotedParts
    verdicts: tuple[HeadVerdict, ...]
    sources: SentenceSources
    others: tuple[SentenceSources, ...]

    @property
    def several(self) -> bool:
        return len(self.hit.sentences) > 1

    @property
    def against(self) -> HeadVerdict | None:
        """The verdict because of which the whole quotation must not look like an answer."""
        shown = [s for s in self.hit.sentences if s.answers] or self.hit.sentences
        number = self.hit.sentences.index(shown[0]) + 1 if self.several and shown else 0
        alone = len(shown) == 1
        return next((v for v in self.verdicts if alone and v.warns and v.sentence == number), None)


def verses_of(answer: Answer, works: Mapping[str, Work]) -> list[Verse]:
    """The passages of an answer; the first is the answer, if there is one."""
    hits = answer.abstention.nearest if answer.abstention else answer.answers
    documents = {document.id: document for document in answer.documents}
    answered = answer.status == "answered"
    return [
        as_verse(hit, documents[hit.document], works, answers=answered, lead=answered and number == 0)
        for number, hit in enumerate(hits)
    ]


def as_verse(hit: Hit, document: DocumentView, works: Mapping[str, Work], *, answers: bool, lead: bool) -> Verse:
    parts = quoted_parts(hit)
    before, rest = split_before_answer(parts) if lead else ([], parts)
    if length_of(before) <= SHOWN_BEFORE:
        before, rest = [], parts
    each = [sources_shown(hit, number, works) for number in range(1, len(hit.sentences) + 1)]
    answering = [one for one, sentence in zip(each, hit.sentences, strict=True) if sentence.answers]
    main = answering[:1] if answers else []
    sources = main[0] if main else merged(each)
    others = [one for one in each if one is not sources] if len(each) > 1 else []
    first = [v for one in each for v in one.verdicts if not main or one is sources or goes_first(v)]
    first.sort(key=lambda each: not each.warns)
    others = [replace(one, verdicts=tuple(v for v in one.verdicts if v not in first)) for one in others]
    return Verse(hit, document, lead, answers, before, rest, tuple(first), sources, tuple(others))


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


def merged(each: Sequence[SentenceSources]) -> SentenceSources:
    """The sources of a passage as a whole."""
    if len(each) == 1:
        return each[0]
    sourced = [one for one in each if one.works or one.carried]
    return SentenceSources(
        number=0,
        status=sourced[0].status if sourced else (each[0].status if each else "uncited"),
        works=tuple(dict.fromkeys(work for one in each for work in works_given(one))),
        carried=(),
        named=() if sourced else tuple(dict.fromkeys(source for one in each for source in one.named)),
        unresolved=(),
    )


def known(id: str, works: Mapping[str, Work]) -> Work:
    return works.get(id) or as_work({"id": id})


def split_before_answer(parts: QuotedParts) -> tuple[QuotedParts, QuotedParts]:
    """Split a quotation where its answering sentence begins; nothing is split off if that is within a table."""
    for place, part in enumerate(parts):
        if any(row.sentence and row.sentence.answers for row in part.rows):
            break
        for number, stretch in enumerate(part.stretches):
            if not (stretch.sentence and stretch.sentence.answers):
                continue
            if part.kind == "list_item" and number:  # an item cannot be split
                return with_lists(parts[:place]), with_lists(parts[place:])
            head = replace(part, kind="", stretches=part.stretches[:number], opens_list=False, closes_list=False)
            tail = replace(part, stretches=part.stretches[number:])
            return with_lists([*parts[:place], head]), with_lists([tail, *parts[place + 1 :]])
    return [], parts


def length_of(parts: Iterable[PagePart[HitSentence]]) -> int:
    """The number of characters that are shown."""
    return len("".join(piece.text for part in parts for piece in pieces_in(part) if not piece.hidden).strip())


def disputed_below(verses: Sequence[Verse]) -> str:
    """The id of the first passage below the answer with a sentence that a verdict warns of; empty if none has one."""
    below = (verse for verse in verses[1:] if any(each.warns for each in verse.verdicts))
    return next((verse.hit.id for verse in below), "")


def cited_in(verses: Iterable[Verse]) -> set[str]:
    """The ids of the works that support a sentence shown, without those that only a reviewer names."""
    sources = (each for verse in verses for each in (verse.sources, *verse.others))
    return {work.id for each in sources for work in works_given(each)}
