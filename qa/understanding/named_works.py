"""The works that a question names by an author or a year ("What did Dakwar find?", "the 2022 trial"), and the sentences
that each of them supports."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from functools import partial
from typing import NamedTuple

from qa.models import Knowledge, Span
from qa.text.analysis import STOP_WORDS, WORD_OR_NUMBER, term_of
from qa.text.background import background
from qa.text.phrases import Phrase, PhraseMatcher, in_words, words_of

YEAR = r"(?:18|19|20)\d\d"
WORK = (
    r"(?:trials?|rct|stud(?:y|ies)|reviews?|papers?|meta-?analys[ie]s|articles?|surveys?|cohorts?|experiments?|"
    r"publications?)\b"
)
COLLEAGUES = r" et al\b| (?:and|&) (?:(?:his|her|their) )?(?:colleagues|co-?workers|co-?authors|associates)\b"
VERBS_OF_AUTHORS = (
    r"(?:f[io]u?nds?|reports?|shows?|concludes?|observes?|suggests?|says?|states?|describes?|measures?|includes?|"
    r"recruits?|enrol\w*|tests?|uses?|study|studies|compares?|publish\w*|randomi[sz]e|looks?|analy[sz]e|conducts?|"
    r"excludes?|recommends?|reviews?|gives?|gave|treats?|(?:report|show|conclud|observ|suggest|stat|describ|measur|"
    r"includ|recruit|test|us|studi|compar|randomi[sz]|look|analy[sz]|conduct|exclud|recommend|review|treat)ed|said)\b"
)
# What makes a name the name of a work, even if the name is also an ordinary word ("Brown et al.", "the Young trial").
AFTER_AUTHOR = re.compile(rf"(?:{COLLEAGUES}|,? \(?{YEAR}\b)", re.IGNORECASE)
AFTER_NAME = re.compile(rf"(?: {YEAR})? {WORK}", re.IGNORECASE)
ASKED_OF = re.compile(r"\b(?:did|do|does|has|have|had) $", re.IGNORECASE)
ACCORDING_TO = re.compile(rf"(?:\baccording to|\b{WORK} (?:by|of|from)) $", re.IGNORECASE)
AND_COLLEAGUES = re.compile(COLLEAGUES, re.IGNORECASE)
REPORTED = re.compile(rf" {VERBS_OF_AUTHORS}", re.IGNORECASE)
YEAR_AFTER = re.compile(rf"(?:{COLLEAGUES})?\.?,? \(?({YEAR})\b", re.IGNORECASE)
YEAR_BEFORE = re.compile(rf"\b({YEAR}) $")
# A year with up to three words between it and a kind of work: "the 2022 Phase 2 trial"; or after it.
DATED = re.compile(rf"\b({YEAR})((?:[ -][\w-]+){{0,3}}?) {WORK}|\b{WORK} (?:of|from|in|published in) ({YEAR})\b", re.I)
SET_ASIDE = re.compile(
    r"\b(?:instead of|rather than|not|besides|other than|apart from|except|except for) (?:the )?$", re.I
)
BEGINS = re.compile(r"(?:^|[.?!:]\s)\W*$")


class Authorship(NamedTuple):
    """A work by an author, by number; `first`: the author is named first."""

    work: int
    first: bool


class NamedWork(NamedTuple):
    """Works named by the author or year at `text[start:end]`, and the ids of the sentences and passages that they
    support; none if the documents cite the author, but not with the year given."""

    start: int
    end: int
    sentences: frozenset[str]
    passages: tuple[str, ...]


class CitedWorks:
    """The works of an index by author and year, with the sentences that each supports. `is_word` tells whether a folded
    word is used in the documents in lower case."""

    def __init__(self, knowledge: Knowledge, words: Collection[str]) -> None:
        self.is_word = partial(is_ordinary, written_small=words)
        self.authors: PhraseMatcher[Authorship] = PhraseMatcher((), str)
        self.years: dict[str, set[int]] = defaultdict(set)
        self.sentences = [work.sentences for work in knowledge.works]
        self.called, self.own = knowledge.called, knowledge.own
        self.places, self.ids = knowledge.places, knowledge.supported
        for number, work in enumerate(knowledge.works):
            for place, author in enumerate(work.authors):
                self.authors.add(author, Authorship(number, first=not place))
            for year in work.years:
                self.years[year].add(number)

    def find(self, text: str) -> Iterator[NamedWork]:
        """The works that a question names, from left to right."""
        by_author = [work for work in self._named_by_author(text) if not SET_ASIDE.search(text[: work.start])]
        yield from by_author
        for match in DATED.finditer(text):
            year, between = match[1] or match[3], match[2] or ""
            apart = any(not term_of(word) for word in WORD_OR_NUMBER.findall(between))
            named = any(work.start < match.end() and match.start() < work.end for work in by_author)
            known = year in self.years or self._called(year)
            if known and not (apart or named or year in self.own or SET_ASIDE.search(text[: match.start()])):
                span = Span(*match.span(1 if match[1] else 3))
                yield self._work(span, self.years.get(year, ()), self._called(year))

    def _named_by_author(self, text: str) -> Iterator[NamedWork]:
        for name in self.authors.longest(words_of(text), partial(self._is_name, text)):
            yield self._work_by(name, text)

    def _is_name(self, text: str, name: Phrase[Authorship]) -> bool:
        """Whether an author's surname is meant as one. A name in small letters and a name that is also an ordinary word
        need something that only follows names of works; the latter must be a capitalised word too."""
        before, after = text[: name.start], text[name.end :]
        capital = text[name.start].isupper() and not text.isupper()
        certain = bool(AFTER_AUTHOR.match(after))
        asked = bool(
            AFTER_NAME.match(after)
            or ACCORDING_TO.search(before)
            or (ASKED_OF.search(before) and REPORTED.match(after))
        )
        forms = [word.form for word in words_of(text[name.start : name.end])]
        if self.own.issuperset(forms):
            return False
        if len(forms) == 1 and self.is_word(forms[0]):
            return capital and (certain or (asked and not BEGINS.search(before)))
        return capital or certain or asked

    def _work_by(self, name: Phrase[Authorship], text: str) -> NamedWork:
        """The works of an author, of those in which the author is named first if there are any, and of the year beside
        the name."""
        ids = {each.work for each in name.values if each.first} or {each.work for each in name.values}
        surname = f" {in_words(text[name.start : name.end], str)} "
        after, before = YEAR_AFTER.match(text, name.end), YEAR_BEFORE.search(text[: name.start])
        year = after[1] if after else before[1] if before else ""
        if year:
            ids = ids & self.years.get(year, set())
        colleagues = AND_COLLEAGUES.match(text, name.end)
        ends = [match.end() for match in (after, colleagues) if match]
        span = Span(before.start() if year and not after and before else name.start, max(ends, default=name.end))
        return self._work(span, ids, self._called(year, surname))

    def _called(self, year: str, surname: str = "") -> set[str]:
        """The sentences that call a work without a reference by a year and a surname."""
        return {id for text, id in self.called if year in text and surname in f" {in_words(text, str)} "}

    def _work(self, span: Span, ids: Iterable[int], called: set[str]) -> NamedWork:
        """The works with these numbers, and those that some sentences call by the same name."""
        sentences = frozenset(called.union(*(self.sentences[id] for id in ids)))
        places = sorted({self.places[sentence] for sentence in sentences})
        return NamedWork(*span, sentences, tuple(self.ids[place] for place in places))


def is_ordinary(form: str, written_small: Collection[str]) -> bool:
    """Whether a name is also an ordinary word, in the documents or in English."""
    return form in STOP_WORDS or form in written_small or background().knows(term_of(form))
