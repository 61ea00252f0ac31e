"""Which full stops end a sentence, by the rules of Punkt (NLTK) with abbreviations and nothing learned from a text.

The same as NLTK's `PunktSentenceTokenizer` with those parameters, in a fraction of its time: of a full stop after a
plain word, the word and the next letter tell. Only others are left to Punkt.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from nltk.tokenize.punkt import PunktParameters, PunktSentenceTokenizer

# What may end a sentence, with what comes after it: punctuation, or blanks and another word.
END = re.compile(r"""[.?!](?=[)";}\]*:@'({\[‘’“”«»?!]|\s+(\S+))""")
MORE_ENDS = re.compile(r"[.?!]\W")
CLOSING = re.compile(r"""["')\]}‘’“”«»]+?(?:\s+|(?=--)|$)""", re.MULTILINE)
CLOSES = frozenset("\"')]}‘’“”«»")
BLANKS = " \t\n\r\v\f"
PLAIN = re.compile(r"""[(\[{"]*([^\W_][\w/%+=<>~]*(?:[.-][\w/%+=<>~]+)*)""")
NUMBER = re.compile(r"\d[\d,.-]*")


class FullStops:
    """Finds where sentences start. `abbreviations` are in lower case, without the final full stop."""

    def __init__(self, abbreviations: Collection[str]) -> None:
        parameters = PunktParameters()
        parameters.abbrev_types = set(abbreviations)
        self._abbreviations = frozenset(abbreviations)
        self._punkt = PunktSentenceTokenizer(parameters)

    def starts(self, text: str) -> list[int]:
        """The offsets at which sentences start, without the first."""
        starts, ends = [0], []
        for end, following in self._ends(text):
            ends.append(end)
            starts.append(following)
        ends.append(len(text.rstrip()))
        found, moved = [], 0
        for start, end, after, after_end in zip(starts, ends, [*starts[1:], 0], [*ends[1:], 0], strict=True):
            # Brackets and quotation marks after a full stop belong to the sentence before.
            closing = CLOSING.match(text, after, after_end) if after and text[after] in CLOSES else None
            if closing or start + moved < end:
                found.append(start + moved)
            moved = closing.end() - after if closing else 0
        return [start for start in found if start]

    def _ends(self, text: str) -> Iterator[tuple[int, int]]:
        """The end of each sentence except the last, and where what comes after it begins."""
        for word, match in words_before_ends(text):
            if match[0] != "." or self._is_end(text, word, match):
                yield match.end(), match.end() if match[1] is None else match.start(1)

    def _is_end(self, text: str, word: int, match: re.Match[str]) -> bool:
        """Whether a sentence ends with a full stop, before which a word begins at `word`."""
        before, after = text[word : match.start()], match[1] or text[match.end()]
        if before[-1:] in CLOSES:
            return True
        if plain := PLAIN.fullmatch(before):
            ends = self._ends_after(plain[1], after[0])
            if ends or (ends is False and not plain.start(1) and not MORE_ENDS.search(after)):
                return ends
        following = max(match.end() + 1, match.end(1))
        return bool(self._punkt.text_contains_sentbreak(text[word:following]))

    def _ends_after(self, word: str, after: str) -> bool | None:
        """Whether a sentence ends with the full stop between a word and a character; None: other rules tell."""
        folded = word.lower()
        if folded in self._abbreviations or folded.rpartition("-")[2] in self._abbreviations:
            return False
        initial = len(word) == 1 and word.isalpha()
        if not initial and not NUMBER.fullmatch(word):
            return True
        return None if not after.isalnum() else not (after.islower() or (initial and after.isupper()))


def words_before_ends(text: str) -> Iterator[tuple[int, re.Match[str]]]:
    """Each match of END with the place where the word before it begins. Of several in one word, the last counts."""
    blanks = [blank for blank in BLANKS if blank in text]
    begin = searched = 0
    before: re.Match[str] | None = None
    for match in END.finditer(text):
        place = match.start()
        last = max([text.rfind(blank, searched, place) for blank in blanks], default=-1)
        word = last + 1 if last > searched else begin
        if before and word >= searched:
            yield begin, before
        begin, searched, before = word, place, match
    if before:
        yield begin, before
