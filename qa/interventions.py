"""Treatments that a question names, and which of them a text speaks of.

They are looked for together with the conditions, so that the longest name wins: "special K" in a question about
alcohol names a drug and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from qa.analysis import form_of, read_words
from qa.conditions import Vocabulary
from qa.models import Condition, Cued, Intervention

MARK = "\0"  # before the ids of interventions where they stand beside those of conditions
LONG_ENOUGH = 7  # letters of a word that is taken for a drug by its ending alone


def names_of_both(conditions: Iterable[Condition], interventions: Iterable[Intervention]) -> Vocabulary:
    """One vocabulary of conditions and interventions; the ids of the latter begin with MARK."""
    conditions = tuple(conditions)
    near = tuple(name for c in conditions for name in (c.label, *c.names, *c.asked_as))
    drugs = tuple(name for intervention in interventions for name in intervention.names)
    return Vocabulary(
        (
            *conditions,
            *(
                Condition(
                    MARK + each.id,
                    each.names[0],
                    names=each.names,
                    asked_as_with_cue=(Cued(each.beside, near + drugs),) if each.beside else (),
                )
                for each in interventions
            ),
        )
    )


@cache
def drug_names() -> frozenset[str]:
    return read_words("drug_names.txt")


@cache
def drug_endings() -> tuple[str, ...]:
    return tuple(sorted(ending for ending in read_words("drug_endings.txt") if len(ending) > 3))


def is_drug(word: str) -> bool:
    """Whether a word is the name of a drug by the lists or, when long enough, by its ending."""
    form = form_of(word)
    return form in drug_names() or (len(form) >= LONG_ENOUGH and form.isalpha() and form.endswith(drug_endings()))
