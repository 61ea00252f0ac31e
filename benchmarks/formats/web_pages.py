"""Web pages: articles dressed as pages of common systems, read again and compared with the articles."""

from __future__ import annotations

import re
import time
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from benchmarks.formats.dresses import DRESSES, dressed
from benchmarks.formats.scores import Score, compare, letters
from qa.models import Block, Reading
from qa.readers import read_document

SCRIPT_DIGITS = re.compile(r"[⁰¹²³⁴-₎]+")
LETTERS_BEFORE = 12  # that say where a mark is
SAME_ENTRY = 85  # of 100, by which two entries are the same one
ENTRIES = frozenset({"reference", "footnote"})


def spoken(text: str) -> list[str]:
    """The words of a text by their letters."""
    plain = unicodedata.normalize("NFKC", SCRIPT_DIGITS.sub(" ", text)).replace("\xad", "").lower()
    return re.findall(r"[a-z]+", plain)


def error_rate(gold: list[str], found: list[str]) -> float:
    """The share of words that must be added, removed or replaced."""
    return Levenshtein.distance(gold, found) / max(1, len(gold))


def words_of(reading: Reading, tables: bool = True) -> list[str]:
    blocks = (block for block in reading.blocks if tables or block.kind != "table")
    return [word for block in blocks for word in spoken(reading.text[block.visible[0].start : block.end])]


def same_entries(gold: Reading, found: Reading) -> dict[int, str]:
    """The id of the gold entry for each entry that was found, by its end."""
    known = [(block.id or "", letters(gold.text[block.start : block.end])) for block in entries(gold, {"reference"})]
    same: dict[int, str] = {}
    for block in entries(found, ENTRIES):
        words = letters(found.text[block.start : block.end])
        best, id = max(((fuzz.ratio(words, text), id) for id, text in known), default=(0, ""))
        if best > SAME_ENTRY:
            same[block.end] = id
    return same


def entries(reading: Reading, kinds: Iterable[str]) -> Iterator[Block]:
    return (block for block in reading.blocks if block.kind in kinds)


def linked_pairs(reading: Reading, names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """(letters before a mark, entry) for each link; `names` are the entries by the ids that links have."""
    for link in reading.links:
        before = letters(reading.text[max(0, link.start - 80) : link.start])[-LETTERS_BEFORE:]
        yield from ((before, names.get(target, "?")) for target in link.targets)


@dataclass(frozen=True)
class Figures:
    dress: str
    pages: int
    error_rate: float
    entries: Score
    pairs: Score
    headings: Score
    per_second: float

    def lines(self) -> Iterator[str]:
        yield f"HTML as of {self.dress}, {self.pages} pages, {self.per_second:.0f} a second of CPU time"
        yield f"  word error rate {self.error_rate:.4f}"
        yield f"  pairs of mark and entry: {self.pairs}"
        yield f"  entries: {self.entries}"
        yield f"  headings: {self.headings}"

    def faults(self) -> Iterator[str]:
        for name, score in (("pairs", self.pairs), ("entries", self.entries)):
            if score.f < 0.98:
                yield f"{self.dress}: {name} F {score.f:.4f} is below .98"
        if self.error_rate > 0.02:
            yield f"{self.dress}: word error rate {self.error_rate:.4f} is above .02"


def measure(articles: Sequence[Reading]) -> Iterator[Figures]:
    """The figures for each system, with these articles."""
    for name, dress in DRESSES.items():
        seconds, rates = 0.0, []
        listed = pairs = headings = Score()
        for gold in articles:
            page = dressed(gold, dress)
            start = time.process_time()
            found = read_document("page.html", page)
            seconds += time.process_time() - start
            rates.append(error_rate(words_of(gold), words_of(found)))
            same = same_entries(gold, found)
            listed += compare(
                [block.id for block in entries(gold, {"reference"})],
                [same.get(block.end, "?") for block in entries(found, ENTRIES)],
            )
            true = {block.id: block.id for block in entries(gold, {"reference"}) if block.id}
            given = {block.id: same[block.end] for block in found.blocks if block.id and block.end in same}
            pairs += compare((pair for pair in linked_pairs(gold, true) if pair[1] != "?"), linked_pairs(found, given))
            headings += compare(titles(gold), titles(found))
        rate = sum(rates) / max(1, len(rates))
        yield Figures(name, len(articles), rate, listed, pairs, headings, len(articles) / max(seconds, 1e-9))


def titles(reading: Reading) -> Iterator[str]:
    return (letters(reading.text[block.start : block.end]) for block in reading.blocks if block.kind == "heading")
