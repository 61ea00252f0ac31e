"""What the documents mention: which names stand in passages, and which may stand anywhere in any form. Of the others it
may be said that the documents do not mention them; elsewhere only that no passage was found."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import chain, takewhile

from qa.indexes import OpenIndex
from qa.text.analysis import AMERICAN, WORD_OR_NUMBER, analyze, form_of
from qa.understanding.expansion import in_terms, stands_in

SURE = 6  # letters of a beginning from which on ENDING of them are left out: "epilepsy" has "epileptic" beside it
ENDING = 2


class Mentions:
    """The words of some texts, each in the form that it is compared in."""

    def __init__(self, texts: Iterable[str]) -> None:
        words = {word for text in texts for word in WORD_OR_NUMBER.findall(text)}
        self.forms = sorted({american(form_of(word)) for word in words})

    def may_have(self, name: str) -> bool:
        """Whether each word of the name stands in the texts, together or apart, in this form or another one. Errs on
        the side of yes: a name of stop words may stand anywhere, and "flu" begins "fluid"."""
        return all(self._begins(common(american(token.form), token.term)) for token in analyze(name))

    def _begins(self, beginning: str) -> bool:
        """Whether one of the words begins like that."""
        beginning = beginning[:-ENDING] if len(beginning) >= SURE else beginning
        place = bisect_left(self.forms, beginning)
        return place < len(self.forms) and self.forms[place].startswith(beginning)


def american(form: str) -> str:
    return AMERICAN.get(form, form)


def common(form: str, term: str) -> str:
    """What a word and its stem begin with: "pubert" of puberty, whose stem is "puberti"."""
    return "".join(a for a, _ in takewhile(lambda pair: pair[0] == pair[1], zip(form, term, strict=False)))


@lru_cache(maxsize=4)
def mentions(index: OpenIndex) -> Mentions:
    """The words of all documents and titles; worked out when something is first said not to be mentioned."""
    documents = index.catalogue.documents
    return Mentions(chain((d.text for d in documents), (d.provenance.title for d in documents)))


def passages_with(names: Sequence[str], index: OpenIndex) -> int:
    """In how many passages one of the names stands."""
    terms = [in_terms(name) for name in names]
    least = max((min((index.statistics.frequency(t) for t in term.split()), default=0) for term in terms), default=0)
    if not least or all(" " not in term for term in terms):
        return least
    passages = (passage for document in index.catalogue.documents for passage in document.passages)
    return sum(1 for p in passages if any(stands_in(term, index.terms(p.id)) for term in terms if term))


def standing_in(names: Sequence[str], index: OpenIndex) -> tuple[str, ...]:
    """Those of the names that stand in a passage. Of many few have only words that the documents have."""
    terms = {name: term for name in names if (term := in_terms(name))}
    likely = {name: term for name, term in terms.items() if all(map(index.statistics.frequency, term.split()))}
    passages = [index.terms(p.id) for d in index.catalogue.documents for p in d.passages] if likely else []
    return tuple(name for name, term in likely.items() if any(stands_in(term, passage) for passage in passages))
