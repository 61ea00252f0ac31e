"""Which names the documents mention.

That the documents do not mention a name is stated only if it occurs in no form; otherwise only that no passage was
found.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from itertools import takewhile

from qa.indexes import OpenIndex
from qa.text.analysis import AMERICAN, WORD_OR_NUMBER, analyze, form_of
from qa.understanding.expansion import in_terms, occurs_in

LONG_PREFIX = 6  # letters from which on a prefix is shortened by ENDING: "epilepsy" also matches "epileptic"
ENDING = 2


class Mentions:
    """The distinct words of some texts, in the form used for comparison."""

    def __init__(self, texts: Iterable[str]) -> None:
        words = {word for text in texts for word in WORD_OR_NUMBER.findall(text)}
        self.forms = sorted({american(form_of(word)) for word in words})

    def may_have(self, name: str) -> bool:
        """Whether every word of a name occurs in the texts, together or apart, in any form.

        Errs on the side of yes: a name made of stop words always may, and "flu" matches "fluid".
        """
        return all(self._has_prefix(common(american(token.form), token.term)) for token in analyze(name))

    def _has_prefix(self, prefix: str) -> bool:
        """Whether one of the words starts with a prefix, which is shortened when it is long."""
        prefix = prefix[:-ENDING] if len(prefix) >= LONG_PREFIX else prefix
        place = bisect_left(self.forms, prefix)
        return place < len(self.forms) and self.forms[place].startswith(prefix)


def american(form: str) -> str:
    """The American spelling of a form."""
    return AMERICAN.get(form, form)


def common(form: str, term: str) -> str:
    """The common prefix of a word and its stem: "pubert" for puberty, whose stem is "puberti"."""
    return "".join(a for a, _ in takewhile(lambda pair: pair[0] == pair[1], zip(form, term, strict=False)))


def passages_with(names: Sequence[str], index: OpenIndex) -> int:
    """The number of passages that contain one of the names."""
    terms = [in_terms(name) for name in names]
    least = max((min((index.statistics.frequency(t) for t in term.split()), default=0) for term in terms), default=0)
    if not least or all(" " not in term for term in terms):
        return least
    passages = (passage for document in index.catalogue.documents for passage in document.passages)
    return sum(1 for p in passages if any(occurs_in(term, index.terms(p.id)) for term in terms if term))


def names_found(names: Sequence[str], index: OpenIndex) -> tuple[str, ...]:
    """Those of the names that occur in a passage."""
    terms = {name: term for name in names if (term := in_terms(name))}
    # Checked first because it is cheap: few names of a long list consist of known words only.
    likely = {name: term for name, term in terms.items() if all(map(index.statistics.frequency, term.split()))}
    passages = [index.terms(p.id) for d in index.catalogue.documents for p in d.passages] if likely else []
    return tuple(name for name, term in likely.items() if any(occurs_in(term, passage) for passage in passages))
