"""Ids of the works of a document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from qa.citations.matching import author_names, same_work, year_of
from qa.citations.person_names import acronym, fold_name
from qa.citations.reference_index import ReferenceIndex
from qa.models import CSL, Reference, makers_of


class ReferenceIds:
    """Assigns ids to the works of a document: `smith2022`, then `smith2022b`, …; without a year `smith`, `smith-2`, …

    A work found among `known` keeps its id there; every other id is new, and differs from those already `given`.
    """

    def __init__(self, known: ReferenceIndex, given: Iterable[str] = ()) -> None:
        self.known = known
        self.given = set(given)
        self.counts: Counter[str] = Counter()

    def assign(self, csl: CSL, raw: str, start: int) -> Reference:
        same = [work for work in self.known.namesakes(csl) if same_work(csl, work.csl)]
        if len(same) == 1 and same[0].id not in self.given:
            key, csl = same[0].id, csl | same[0].csl
        else:
            key = self.unused_id(stem(csl, raw))
        self.given.add(key)
        return Reference(key, csl | {"id": key}, raw, start, start + len(raw))

    def listed(self, csl: CSL, key: str) -> Reference:
        """A work that the file describes in its own fields but prints nowhere."""
        work = self.assign(csl, "", 0)
        return replace(work, raw=None, start=None, end=None, key=key)

    def unused_id(self, name: str) -> str:
        while True:
            self.counts[name] += 1
            key = name + ordinal(self.counts[name], after_digit=name[-1:].isdigit())
            if key not in self.given and key not in self.known.works:
                return key


def stem(csl: CSL, raw: str) -> str:
    """The base of an id: first author and year; without an author, the first word of the raw string."""
    names = author_names(csl)
    short = acronym(names[0].split()) if names and "literal" in makers_of(csl)[0] else ""
    name = short or fold_name("".join(names[:1])) or fold_name("".join(raw[:60].split()[:1])) or "work"
    return f"{name}{year_of(csl) or ''}{csl.get('year-suffix', '')}"


def ordinal(number: int, *, after_digit: bool) -> str:
    if number == 1:
        return ""
    return chr(ord("a") + number - 1) if after_digit and number <= 26 else f"-{number}"
