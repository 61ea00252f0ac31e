"""The terms of all passages as flat arrays of numbers, and those of one passage decoded again."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from qa.indexes.layout import Numbers, Sections, ends_of, pack_words, unpack_words
from qa.text.analysis import PassageTerms, Token, combine_parts


def pack_terms(parts: Sequence[Sequence[Sequence[Token]]]) -> dict[str, Numbers | bytes]:
    """The sections for the content words of passages, given by part: title, headings and, last, the text.

    Words are numbered by form, and forms have the number of their term. `words.parts` are the lengths of all parts,
    `words.starts` and `words.ends` the places of the words of the texts.
    """
    forms: dict[str, int] = {}
    terms: dict[str, int] = {}
    term_of_form: list[int] = []
    for token in (token for passage in parts for part in passage for token in part):
        if token.form not in forms:
            forms[token.form] = len(forms)
            term_of_form.append(terms.setdefault(token.term, len(terms)))
    texts = [passage[-1] for passage in parts]
    return {
        "forms": pack_words(list(forms)),
        "terms": pack_words(list(terms)),
        "terms.of_forms": np.array(term_of_form, np.uint32),
        "words": np.array([forms[t.form] for passage in parts for part in passage for t in part], np.uint32),
        "words.of_passages": ends_of(sum(map(len, passage)) for passage in parts),
        "words.parts": np.array([len(part) for passage in parts for part in passage], np.uint32),
        "parts.of_passages": ends_of(map(len, parts)),
        "words.starts": np.array([t.start for text in texts for t in text], np.uint32),
        "words.ends": np.array([t.end for text in texts for t in text], np.uint32),
        "texts.of_passages": ends_of(map(len, texts)),
    }


class TermTable:
    """The terms of passages by number of the passage."""

    def __init__(self, sections: Sections) -> None:
        self.forms, self.terms = unpack_words(sections.bytes("forms")), unpack_words(sections.bytes("terms"))
        self.term_of_form = sections.numbers("terms.of_forms")
        self._term_of_form = self.term_of_form.tolist()
        self.words, self._of_passages = sections.numbers("words"), sections.numbers("words.of_passages")
        self._parts, self._parts_of = sections.numbers("words.parts"), sections.numbers("parts.of_passages")
        self._starts, self._ends = sections.numbers("words.starts"), sections.numbers("words.ends")
        self._texts_of = sections.numbers("texts.of_passages")

    @property
    def lengths(self) -> Numbers:
        """The number of words of each passage."""
        return np.diff(self._of_passages)

    def __getitem__(self, place: int) -> PassageTerms:
        numbers = self.words[self._of_passages[place] : self._of_passages[place + 1]].tolist()
        text = slice(self._texts_of[place], self._texts_of[place + 1])
        unplaced = [0] * (len(numbers) - (text.stop - text.start))
        starts, ends = unplaced + self._starts[text].tolist(), unplaced + self._ends[text].tolist()
        tokens = [
            Token(self.terms[self._term_of_form[number]], self.forms[number], start, end)
            for number, start, end in zip(numbers, starts, ends, strict=True)
        ]
        parts, begin = [], 0
        for length in self._parts[self._parts_of[place] : self._parts_of[place + 1]].tolist():
            parts.append(tokens[begin : begin + length])
            begin += length
        return combine_parts(parts)
