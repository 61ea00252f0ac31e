"""Questions that are answered, for when one is not: the closest of those that the owner gives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache

from qa.answering.answer import answer
from qa.answering.options import Options
from qa.indexes import OpenIndex
from qa.indexes.derived import once_per_index
from qa.models import Answer
from qa.text.analysis import analyze
from qa.text.background import background

MOST_SUGGESTED = 3
MOST_TRIED = 12  # questions that are asked to see whether they are answered; the results are kept


@dataclass(frozen=True, slots=True)
class Suggestible:
    """The owner's questions with their terms, and whether the documents answer one of them."""

    terms: dict[str, frozenset[str]]
    weight: Callable[[str], float]
    is_answered: Callable[[str], bool]

    def closest_to(self, question: str) -> tuple[str, ...]:
        """The questions that are answered, those that share the most telling words with `question` first."""
        asked = {token.term for token in analyze(question)}
        ranked = sorted(self.terms, key=lambda each: -self.share(asked, self.terms[each]))
        found: list[str] = []
        for each in ranked[:MOST_TRIED]:
            if len(found) < MOST_SUGGESTED and each.casefold() != question.casefold() and self.is_answered(each):
                found.append(each)
        return tuple(found)

    def share(self, asked: set[str], terms: frozenset[str]) -> float:
        """The weight of the terms that two questions share, as a share of that of all their terms: from 0 to 1."""
        every = sum(map(self.weight, asked | terms))
        return sum(map(self.weight, asked & terms)) / every if every else 0.0


def with_suggestions(found: Answer, index: OpenIndex, options: Options) -> Answer:
    """The answer with questions to ask instead, unless it is one, or its words call for help instead of questions."""
    if found.status == "answered" or any(notice.urgent for notice in found.notices):
        return found
    return replace(found, suggestions=suggestible(index, options.answer_from).closest_to(found.question))


@once_per_index
def answered_examples(index: OpenIndex, answer_from: float | None) -> tuple[str, ...]:
    """The owner's examples that are answered: pages call them so."""
    return tuple(filter(suggestible(index, answer_from).is_answered, index.manifest.examples))


@once_per_index
def suggestible(index: OpenIndex, answer_from: float | None) -> Suggestible:
    questions, statistics = index.manifest.answerable, index.statistics
    options = Options(limit=1, answer_from=answer_from)
    return Suggestible(
        terms={each: frozenset(token.term for token in analyze(each)) for each in questions},
        weight=lambda term: background().weight(term, statistics),
        is_answered=lru_cache(maxsize=None)(lambda question: answer(question, index, options).status == "answered"),
    )
