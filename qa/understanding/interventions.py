"""Recognise the treatments that a question names.

They are matched together with the conditions so that the longest name wins: "special K" in a question about alcohol
names a drug and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable

from qa.conditions import Vocabulary
from qa.models import Condition, Cued, Intervention
from qa.text.analysis import form_of, term_of
from qa.text.background import background
from qa.text.phrases import in_words
from qa.text.spelling import drug_endings, drug_names, known_terms

MARK = "\0"  # prefix of treatment ids, to distinguish them from condition ids
LONG_ENOUGH = 7  # minimum letters of a word recognised as a drug by its ending alone


def names_of_both(conditions: Iterable[Condition], interventions: Iterable[Intervention]) -> Vocabulary:
    """One vocabulary of conditions and treatments; the ids of treatments start with MARK.

    A name of both belongs to the condition: on a page about opioid use disorder, "codeine" means the disorder.
    """
    conditions = tuple(conditions)
    near = tuple(name for c in conditions for name in (c.label, *c.names, *c.asked_as))
    taken = {in_words(name) for name in near}
    drugs = tuple(name for intervention in interventions for name in intervention.names)
    return Vocabulary(
        (
            *conditions,
            *(
                Condition(
                    MARK + each.id,
                    each.names[0],
                    names=tuple(name for name in each.names if in_words(name) not in taken),
                    asked_as_with_cue=(Cued(each.short_names, near + drugs),) if each.short_names else (),
                )
                for each in interventions
            ),
        )
    )


def is_drug(word: str) -> bool:
    """Whether a word is the name of a drug: a listed one, or an otherwise unknown word with a drug ending.

    Known words are excluded because some end like drugs ("concept").
    """
    form = form_of(word)
    if form in drug_names():
        return True
    if len(form) < LONG_ENOUGH or not form.isalpha() or not form.endswith(drug_endings()):
        return False
    term = term_of(form)
    return not background().knows(term) and term not in known_terms()
