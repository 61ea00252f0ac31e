"""What question answering needs to know about an index besides its passages; computed once per version."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial

from qa.conditions import Vocabulary
from qa.indexes import OpenIndex
from qa.indexes.derived import once_per_index
from qa.models import CoveredCondition, Intervention, Span
from qa.text.background import generic_words
from qa.understanding.aspects import Aspects
from qa.understanding.expansion import Synonyms
from qa.understanding.illnesses import Illness, find_illnesses
from qa.understanding.interventions import MARK, is_drug, names_of_both
from qa.understanding.lexicon import Lexicon, corrector, merge_entries
from qa.understanding.mentions import Mentions
from qa.understanding.named_works import CitedWorks
from qa.understanding.notices import Notices
from qa.understanding.segmentation import find_questions
from qa.understanding.shipped import aspects, interventions, synonyms

SHIPPED_FOR = ("en",)  # the languages of the encoder in the package


@dataclass(frozen=True, slots=True)
class IndexContext:
    """One index version, and what questions are understood with.

    `vocabulary` includes the abbreviations that the documents define; `notices` finds the owner's notices that
    apply to a text. `conditions` gives the number of passages that cover each condition. `tagged_as` maps a covered
    condition to the id that its passages are tagged with: its own, or, for a state named only by a heading and a word
    together, the heading's. `lexicon` is used to interpret questions. `subject` holds the treatments found in at least
    half of the passages, `treatments` all treatments by mention id. `is_mentioned` says whether a passage contains one
    of several names; `may_mention` whether a name may occur anywhere in the documents, in any form.
    """

    index: OpenIndex
    vocabulary: Vocabulary
    notices: Notices
    conditions: tuple[CoveredCondition, ...]
    tagged_as: Mapping[str, str]
    lexicon: Lexicon
    subject: tuple[str, ...]
    treatments: Mapping[str, Intervention]
    is_mentioned: Callable[[Sequence[str]], bool]
    may_mention: Callable[[str], bool]

    @property
    def covered(self) -> tuple[CoveredCondition, ...]:
        """The conditions that at least one passage is about."""
        return tuple(condition for condition in self.conditions if condition.passages)


@once_per_index
def context_of(index: OpenIndex) -> IndexContext:
    """The context of an index version."""
    manifest, knowledge = index.manifest, index.manifest.knowledge
    vocabulary = Vocabulary(manifest.conditions).learn_definitions(knowledge.definitions)
    treatments = merge_entries(interventions(), manifest.interventions)
    mentions = Mentions(knowledge.forms, knowledge.names, index.statistics)
    lexicon = Lexicon(
        names=names_of_both(manifest.conditions, treatments).learn_definitions(knowledge.definitions),
        aspects=Aspects(merge_entries(aspects(), manifest.aspects)),
        synonyms=Synonyms((group.words for group in (*synonyms(), *manifest.synonyms)), index.statistics.frequency),
        illnesses=partial(illnesses_in, occurring=lru_cache(1 << 12)(mentions.listed)),
        works=CitedWorks(knowledge, index.words).find,
        correct=corrector(index),
        is_drug=is_drug,
        divide=find_questions,
        generic=generic_words(),
        languages=languages_expected(index),
    )
    triggers = {id for notice in manifest.notices for id in notice.conditions}
    noticed = Vocabulary(c for c in manifest.conditions if triggers & {c.id, *vocabulary.ancestors(c.id)})
    return IndexContext(
        index,
        vocabulary,
        Notices(manifest.notices, noticed.learn_definitions(knowledge.definitions)),
        knowledge.conditions,
        knowledge.tagged_as,
        lexicon,
        knowledge.subject_treatments,
        treatments={MARK + each.id: each for each in treatments},
        is_mentioned=lambda names: bool(mentions.occurring(names)),
        may_mention=mentions.may_have,
    )


def languages_expected(index: OpenIndex) -> set[str]:
    """The languages of the documents, outside of which questions are not answered; none if an encoder of the owner's
    may find answers to questions in others."""
    own_encoder = index.vectors is not None and index.vectors.languages != SHIPPED_FOR
    return set() if own_encoder else set(index.manifest.languages)


def literal_context(context: IndexContext) -> IndexContext:
    """A context in which a question is nothing but its words: no names, aspects, synonyms or corrections."""
    lexicon = replace(
        context.lexicon,
        names=Vocabulary(()),
        aspects=Aspects(()),
        synonyms=Synonyms(()),
        illnesses=lambda text: (),
        works=lambda text: (),
        correct=lambda word: None,
        is_drug=lambda word: False,
        divide=lambda text: [Span(0, len(text))],
        languages=frozenset(),
    )
    return replace(context, lexicon=lexicon)


def illnesses_in(text: str, occurring: Callable[[Sequence[str]], tuple[str, ...]]) -> Iterator[Illness]:
    """The illnesses named in a text, each with those of its names that occur in the documents."""
    return (illness._replace(names=occurring(illness.names)) for illness in find_illnesses(text))


def names_of(id: str, vocabulary: Vocabulary) -> Iterator[str]:
    """All names of a condition and its narrower ones, including those recognised in questions only."""
    for each in (vocabulary.conditions[other] for other in (id, *vocabulary.descendants(id))):
        yield from (
            each.label,
            *filter(None, [each.everyday]),
            *each.names,
            *each.asked_as,
            *(abbreviation.text for abbreviation in each.abbreviations),
        )
