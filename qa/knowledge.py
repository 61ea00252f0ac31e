"""What a version of the index knows beside its passages, worked out once for each version."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache, partial
from typing import NamedTuple, Protocol, TypeVar

from qa.analysis import Statistics, analyze, form_of, read_words, term_of
from qa.aspects import Aspects
from qa.conditions import Vocabulary
from qa.coverage import background, is_subject, words_of_asking
from qa.focus import find_questions
from qa.illnesses import Illness, find_illnesses
from qa.indexes import OpenIndex
from qa.interventions import MARK, is_drug, names_of_both
from qa.mentions import mentions, passages_with, standing_in
from qa.models import CSL, CoveredCondition, Intervention, Passage, Span
from qa.phrases import in_words
from qa.questions import Words
from qa.related import related_terms
from qa.showing import count_conditions
from qa.spelling import correct
from qa.synonyms import Synonyms
from qa.wordlists import aspects, interventions, synonyms


class HasId(Protocol):
    @property
    def id(self) -> str: ...


Entry = TypeVar("Entry", bound=HasId)


@dataclass(frozen=True, slots=True)
class Knowledge:
    """`vocabulary` has the abbreviations that the documents define, `conditions` says how many passages each of its
    conditions is covered by, `words` is what
    questions are understood by. `tagged_as` says under which condition the passages on a condition are tagged: under
    its own id, or, for a state that a heading and a word name together, under the heading's. `subject` are the
    interventions that half of the passages or more speak of, `treatments` are all, by the ids of mentions. `noticed`
    finds the conditions that call up a notice, `may_mention` says of a name whether it may stand anywhere in the
    documents."""

    vocabulary: Vocabulary
    noticed: Vocabulary
    conditions: tuple[CoveredCondition, ...]
    tagged_as: Mapping[str, str]
    words: Words
    subject: tuple[str, ...]
    treatments: Mapping[str, Intervention]
    cited: Callable[[Passage], frozenset[str]]
    speaks_of: Callable[[Sequence[str]], bool]
    may_mention: Callable[[str], bool]

    @property
    def covered(self) -> tuple[CoveredCondition, ...]:
        """The conditions that some passage is about."""
        return tuple(condition for condition in self.conditions if condition.passages)


@lru_cache(maxsize=4)
def knowledge_of(index: OpenIndex) -> Knowledge:
    """The knowledge of a version; kept for the newest ones."""
    catalogue = index.catalogue
    texts = "\n\n".join(document.text for document in catalogue.documents)
    vocabulary = Vocabulary(catalogue.conditions).learn(texts)
    tagged = count_conditions(index, vocabulary)
    together = states(vocabulary, tagged, index)
    tagged_as = {condition.id: condition.id for condition in tagged if condition.passages}
    tagged_as |= {id: state.above for id, state in together.items()}
    treatments, statistics = with_own(interventions(), catalogue.interventions), index.statistics
    words = Words(
        names=names_of_both(catalogue.conditions, treatments).learn(texts),
        aspects=Aspects(a for a in with_own(aspects(), catalogue.aspects) if catalogue.conditions or not a.medical),
        synonyms=Synonyms(group.words for group in (*synonyms(), *catalogue.synonyms)),
        related=partial(related_in, statistics=statistics),
        illnesses=partial(illnesses_in, known_by=partial(standing_in, index=index)),
        correct=corrector(index),
        is_drug=is_drug,
        divide=find_questions,
        idle=words_of_asking() | words_of_talking(),
        subject=frozenset(t for t, n in statistics.frequencies.items() if is_subject(n, statistics.passages)),
        languages={document.provenance.language for document in catalogue.documents},
    )
    many = max(2, index.statistics.passages / 2)
    subject = tuple(t.names[0] for t in treatments if passages_with(t.names, index) >= many)
    called = {id for notice in catalogue.notices for id in notice.conditions}
    return Knowledge(
        vocabulary,
        Vocabulary(c for c in catalogue.conditions if called & {c.id, *vocabulary.ancestors(c.id)}).learn(texts),
        tuple(replace(c, passages=together[c.id].passages) if c.id in together else c for c in tagged),
        tagged_as,
        words,
        subject,
        treatments={MARK + each.id: each for each in treatments},
        cited=lru_cache(1 << 14)(partial(cited_by, index=index)),
        speaks_of=lambda names: passages_with(names, index) > 0,
        may_mention=lambda name: mentions(index).may_have(name),
    )


def taken_as_written(known: Knowledge) -> Knowledge:
    """The knowledge of one who understands nothing of a question but its words."""
    words = replace(
        known.words,
        names=Vocabulary(()),
        aspects=Aspects(()),
        synonyms=Synonyms(()),
        related=lambda term: {},
        illnesses=lambda text: (),
        correct=lambda word: None,
        is_drug=lambda word: False,
        divide=lambda text: [Span(0, len(text))],
        languages=frozenset(),
    )
    return replace(known, words=words)


def with_own(shipped: Sequence[Entry], own: Sequence[Entry]) -> tuple[Entry, ...]:
    """The entries that ship and the owner's, which win over those with the same id."""
    ids = {entry.id for entry in own}
    return (*(entry for entry in shipped if entry.id not in ids), *own)


def related_in(term: str, statistics: Statistics) -> Mapping[str, float]:
    """The terms near a term that the documents have."""
    return {other: share for other, share in related_terms(term).items() if statistics.frequency(other)}


@cache
def words_of_talking() -> frozenset[str]:
    """Terms that lay people put around what they ask about (data/chatter.txt)."""
    return frozenset(map(term_of, read_words("chatter.txt"))) - {""}


def corrector(index: OpenIndex) -> Callable[[str], str | None]:
    """Gives the nearest known word for one that neither index nor vocabularies nor background know."""
    named = (name for c in index.catalogue.conditions for name in (c.label, *c.names, *c.asked_as))
    catalogue = index.catalogue
    treatments = (name for each in (*interventions(), *catalogue.interventions) for name in each.names)
    spoken = (word for group in (*synonyms(), *catalogue.synonyms) for word in group.words)
    entries = (*aspects(), *catalogue.aspects)
    cues = (cue for aspect in entries for cue in aspect.cues)
    analyze(" . ".join(phrase for aspect in entries for phrase in aspect.evidence), remember=True)
    words = analyze(" . ".join((*named, *treatments, *spoken, *cues)), remember=True)
    terms = {token.term for token in words}

    def knows(term: str) -> bool:
        return term in terms or index.statistics.frequency(term) > 0 or background().knows(term)

    meant: dict[str, dict[str, int]] = defaultdict(dict)  # by their first letter, which is taken to be right
    for form, number in {**Counter(token.form for token in words), **index.words}.items():
        meant[form[0]][form] = number

    def nearest(word: str) -> str | None:
        """Of a plural also the singular, which may be the only one that is known; never another form of the word."""
        form = form_of(word)
        alike = meant.get(form[:1], {})
        found = correct(word, alike, knows) or (correct(word[:-1], alike, knows) if word.endswith("s") else None)
        return found if found and in_words(found) != in_words(form) and term_of(found) != term_of(form) else None

    return nearest


def illnesses_in(text: str, known_by: Callable[[Sequence[str]], tuple[str, ...]]) -> Iterator[Illness]:
    """The illnesses named in a text, each with those of its names that the documents have."""
    return (illness._replace(names=known_by(illness.names)) for illness in find_illnesses(text))


def cited_by(passage: Passage, index: OpenIndex) -> frozenset[str]:
    """The terms by which askers name the works that a passage rests on: authors, years, journals, volumes."""
    ids = {id for sentence in passage.sentences for id in sentence.support.references}
    works = [index.reference(id).csl for id in ids]
    return frozenset(token.term for work in works for part in named_by(work) for token in analyze(part))


def named_by(work: CSL) -> Iterator[str]:
    yield from (author.get("family", "") for author in work.get("author", ()))
    yield from (str(part) for date in work.get("issued", {}).get("date-parts", ()) for part in date[:1])
    yield from (str(work.get(key, "")) for key in ("container-title", "container-title-short", "volume"))


class State(NamedTuple):
    """A condition that a heading and a word name together: the heading's, and in how many passages below it."""

    above: str
    passages: int


def states(vocabulary: Vocabulary, tagged: Iterable[CoveredCondition], index: OpenIndex) -> dict[str, State]:
    """Conditions that no passage names in full, but a heading and a sentence below it do together: "withdrawal" under
    "Opioid use disorder" speaks of opioid withdrawal.

    Not below a condition that stands at the top: under "Substance use disorders" a word says too little.
    """
    known = {condition.id for condition in tagged if condition.passages}
    found = {}
    for condition in vocabulary.conditions.values():
        above = condition.parent
        if condition.id in known or above not in known or vocabulary.conditions[above].parent is None:
            continue
        own = terms_of(vocabulary, condition.id) - names_around(vocabulary, condition.id, above)
        passages = passages_on(above, vocabulary, index) if own else ()
        if number := sum(own <= index.terms(passage.id).counts.keys() for passage in passages):
            found[condition.id] = State(above, number)
    return found


def terms_of(vocabulary: Vocabulary, id: str) -> set[str]:
    return {token.term for token in analyze(vocabulary.label(id))}


def names_around(vocabulary: Vocabulary, id: str, above: str) -> set[str]:
    """The terms by which the condition above is named, and the others below it."""
    others = [vocabulary.conditions[other] for other in (above, *vocabulary.descendants(above)) if other != id]
    return {token.term for c in others for name in (c.label, *c.names) for token in analyze(name)}


def names_of(id: str, vocabulary: Vocabulary) -> Iterator[str]:
    """All names of a condition and of the narrower ones, those by which it is only asked about too."""
    for each in (vocabulary.conditions[other] for other in (id, *vocabulary.descendants(id))):
        yield from (
            each.label,
            *each.names,
            *each.asked_as,
            *(abbreviation.text for abbreviation in each.abbreviations),
        )


def passages_on(id: str, vocabulary: Vocabulary, index: OpenIndex) -> Iterator[Passage]:
    wanted = {id, *vocabulary.descendants(id)}
    for document in index.catalogue.documents:
        yield from (p for p in document.passages if wanted & {tag.id for tag in p.conditions})
