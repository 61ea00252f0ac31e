"""What a version of the index knows beside its passages, worked out once for each version."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial

from qa.conditions import Vocabulary
from qa.indexes import OpenIndex
from qa.models import CSL, CoveredCondition, Intervention, Passage, Span
from qa.text.analysis import analyze
from qa.text.background import generic_words, is_subject
from qa.understanding.aspects import Aspects
from qa.understanding.covered import count_conditions, implied_conditions
from qa.understanding.expansion import Synonyms
from qa.understanding.illnesses import Illness, find_illnesses
from qa.understanding.interventions import MARK, is_drug, names_of_both
from qa.understanding.lexicon import Lexicon, chatter_words, corrector, related_in, with_own
from qa.understanding.mentions import mentions, passages_with, standing_in
from qa.understanding.segmentation import find_questions
from qa.understanding.shipped import aspects, interventions, synonyms


@dataclass(frozen=True, slots=True)
class IndexContext:
    """`vocabulary` has the abbreviations that the documents define, `conditions` says how many passages each of its
    conditions is covered by, `lexicon` is what
    questions are understood by. `tagged_as` says under which condition the passages on a condition are tagged: under
    its own id, or, for a state that a heading and a word name together, under the heading's. `subject` are the
    interventions that half of the passages or more speak of, `treatments` are all, by the ids of mentions. `noticed`
    finds the conditions that call up a notice, `may_mention` says of a name whether it may stand anywhere in the
    documents."""

    vocabulary: Vocabulary
    noticed: Vocabulary
    conditions: tuple[CoveredCondition, ...]
    tagged_as: Mapping[str, str]
    lexicon: Lexicon
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
def context_of(index: OpenIndex) -> IndexContext:
    """The knowledge of a version; kept for the newest ones."""
    catalogue = index.catalogue
    texts = "\n\n".join(document.text for document in catalogue.documents)
    vocabulary = Vocabulary(catalogue.conditions).learn(texts)
    tagged = count_conditions(index, vocabulary)
    together = implied_conditions(vocabulary, tagged, index)
    tagged_as = {condition.id: condition.id for condition in tagged if condition.passages}
    tagged_as |= {id: state.above for id, state in together.items()}
    treatments, statistics = with_own(interventions(), catalogue.interventions), index.statistics
    words = Lexicon(
        names=names_of_both(catalogue.conditions, treatments).learn(texts),
        aspects=Aspects(a for a in with_own(aspects(), catalogue.aspects) if catalogue.conditions or not a.medical),
        synonyms=Synonyms(group.words for group in (*synonyms(), *catalogue.synonyms)),
        related=partial(related_in, statistics=statistics),
        illnesses=partial(illnesses_in, known_by=partial(standing_in, index=index)),
        correct=corrector(index),
        is_drug=is_drug,
        divide=find_questions,
        generic=generic_words() | chatter_words(),
        subject=frozenset(t for t, n in statistics.frequencies.items() if is_subject(n, statistics.passages)),
        languages={document.provenance.language for document in catalogue.documents},
    )
    many = max(2, index.statistics.passages / 2)
    subject = tuple(t.names[0] for t in treatments if passages_with(t.names, index) >= many)
    called = {id for notice in catalogue.notices for id in notice.conditions}
    return IndexContext(
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


def literal_context(known: IndexContext) -> IndexContext:
    """The knowledge of one who understands nothing of a question but its words."""
    words = replace(
        known.lexicon,
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
    return replace(known, lexicon=words)


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


def names_of(id: str, vocabulary: Vocabulary) -> Iterator[str]:
    """All names of a condition and of the narrower ones, those by which it is only asked about too."""
    for each in (vocabulary.conditions[other] for other in (id, *vocabulary.descendants(id))):
        yield from (
            each.label,
            *each.names,
            *each.asked_as,
            *(abbreviation.text for abbreviation in each.abbreviations),
        )
