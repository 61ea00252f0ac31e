"""Which names the documents mention.

That the documents do not mention a name is stated only if it occurs in no form; otherwise only that no passage was
found.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import takewhile

from qa.text.analysis import (
    AMERICAN,
    WORD_OR_NUMBER,
    Statistics,
    analyze,
    form_of,
    in_terms,
    listed_in_terms,
)

LONG_PREFIX = 6  # letters from which on a prefix is shortened by ENDING: "epilepsy" also matches "epileptic"
ENDING = 2


class Mentions:
    """What the documents mention. `forms` are all their words, as `forms_in` returns them; `names` are the names of
    several words, as terms, that occur in a passage."""

    def __init__(self, forms: str, names: Collection[str], statistics: Statistics) -> None:
        self.forms, self.names, self.statistics = forms, names, statistics

    def may_have(self, name: str) -> bool:
        """Whether every word of a name occurs in the documents, together or apart, in any form.

        Errs on the side of yes: a name made of stop words always may, and "flu" matches "fluid".
        """
        return all(self._has_prefix(common(american(token.form), token.term)) for token in analyze(name))

    def _has_prefix(self, prefix: str) -> bool:
        """Whether one of the words starts with a prefix, which is shortened when it is long."""
        return f"\n{prefix[:-ENDING] if len(prefix) >= LONG_PREFIX else prefix}" in self.forms

    def occurring(self, names: Iterable[str]) -> tuple[str, ...]:
        """Those of the names that occur in a passage. A name of several words must be one of a known treatment or
        illness: only those were looked for."""
        return tuple(name for name in names if self._occurs(in_terms(name)))

    def listed(self, names: Iterable[str]) -> tuple[str, ...]:
        """The same for names of the package's or the owner's lists."""
        return tuple(name for name in names if self._occurs(listed_in_terms(name)))

    def _occurs(self, terms: str) -> bool:
        return terms in self.names if " " in terms else self.statistics.frequency(terms) > 0


def forms_in(texts: Iterable[str]) -> str:
    """The distinct words of some texts in the form used for comparison, sorted, each after a line break."""
    words = {word for text in texts for word in WORD_OR_NUMBER.findall(text)}
    return "".join(f"\n{form}" for form in sorted({american(form_of(word)) for word in words}))


def american(form: str) -> str:
    """The American spelling of a form."""
    return AMERICAN.get(form, form)


def common(form: str, term: str) -> str:
    """The common prefix of a word and its stem: "pubert" for puberty, whose stem is "puberti"."""
    return "".join(a for a, _ in takewhile(lambda pair: pair[0] == pair[1], zip(form, term, strict=False)))
