"""Functions for the templates: they compute plain values."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from qa.messages import MESSAGES, count, day_in_words, listed, say
from qa.models import (
    CSL,
    Citation,
    CitationView,
    CoveredCondition,
    Interpretation,
    NamedSource,
)
from qa.views.headings import below
from qa.web.works import Work, as_work

MAX_DEPTH = 3  # levels of indentation that fit on a phone
NAMED = {"review": "named_review", "meta-analysis": "named_review", "trial": "named_trial"}


@dataclass(frozen=True, slots=True)
class Choice:
    """A condition to read about. `passages` is 0 if it was chosen but is not covered; `url` is its page."""

    id: str
    label: str
    passages: int
    depth: int
    url: str


def works(references: Iterable[CSL]) -> dict[str, Work]:
    return {csl["id"]: as_work(csl) for csl in references}


def choices(conditions: Sequence[CoveredCondition], chosen: Collection[str] = ()) -> list[Choice]:
    """Return the covered conditions and those chosen but not covered, each below its parent."""
    covered = {condition.id for condition in conditions if condition.passages}
    parents = {condition.id: condition.parent for condition in conditions}
    return [
        Choice(each.id, each.label, each.passages, depth(each.id, parents, covered), each.url)
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


def most_passages(conditions: Iterable[CoveredCondition], most: int = 8) -> list[CoveredCondition]:
    """Return the covered conditions with the most passages, most first."""
    covered = (condition for condition in conditions if condition.passages)
    return sorted(covered, key=lambda condition: -condition.passages)[:most]


def depth(id: str, parents: Mapping[str, str | None], shown: Collection[str]) -> int:
    """Return how many ancestors of a condition are shown, at most MAX_DEPTH."""
    above, steps = parents.get(id), 0
    while above and steps < MAX_DEPTH:
        steps += above in shown
        above = parents.get(above)
    return steps


def work_anchor(citation: CitationView | None) -> str:
    """Return the link of a citation in a quotation to the entry of its first work; empty if it is unresolved."""
    return f"#{work_id(citation.references[0])}" if citation and citation.references else ""


def work_id(id: str) -> str:
    """Return the id of a work's entry on the page; ids of works may have characters that those of elements have not."""
    return f"work-{re.sub(r'[^A-Za-z0-9_.-]', '_', id)}"


def number_in(citation: Citation | None, numbers: Mapping[str, int]) -> int:
    """Return the number in the list of works that a citation in a document links to; 0 if it is unresolved."""
    return next((numbers[id] for id in citation.references if id in numbers), 0) if citation else 0


def understood_as(understood: Interpretation) -> str:
    """Return what a question was understood to ask: conditions, treatments and aspects."""
    conditions = (condition.label for condition in understood.conditions)
    treatments = (treatment.asked_as for treatment in understood.interventions)
    aspects = (aspect.label.lower() for aspect in understood.aspects)
    return "; ".join(dict.fromkeys((*conditions, *treatments, *aspects)))


def quoted_words(words: Sequence[str], joint: Literal["and", "or"]) -> str:
    return listed([say("abstention.quoted", asked=word) for word in words], joint)


def named(source: NamedSource) -> str:
    return f"support.{NAMED.get(source.kind, 'named')}"


def fields(keys: Iterable[str]) -> str:
    """Return the readable names of CSL-JSON fields."""
    return ", ".join(MESSAGES["field"].get(key, key) for key in keys)


def retraction(work: Work) -> str:
    """Return the name of the message for the retraction status."""
    return f"retraction.{(work.retraction or 'not checked').replace(' ', '_')}"


def report_url(url: str) -> str:
    """Return where to object to the sentence that has this place in the page of its document."""
    return url.replace("#", "/report/")


def first_sentence(text: str) -> tuple[str, str]:
    """Return the first sentence of a text and the rest."""
    first, *rest = re.split(r"(?<=[.!?])\s+", text, maxsplit=1)
    return first, "".join(rest)


def is_web_address(url: str) -> bool:
    """Return whether a URL may become a link: other schemes could run a script."""
    return url.lower().startswith(("https://", "http://"))


def contact_address(contact: str) -> str:
    """Return the owner's contact if it is a web page or a mailto: link; empty otherwise."""
    return contact if is_web_address(contact) or contact.startswith("mailto:") else ""


FILTERS: dict[str, Callable[..., Any]] = {
    "below": below,
    "quoted_words": quoted_words,
    "understood_as": understood_as,
    "work_anchor": work_anchor,
    "work_id": work_id,
    "named": named,
    "number_in": number_in,
    "web": is_web_address,
    "fields": fields,
    "first_sentence": first_sentence,
    "report_url": report_url,
    "say": say,
    "count": count,
    "day": day_in_words,
    "retraction": retraction,
}
