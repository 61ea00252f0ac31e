"""Word documents: marks and works of seven citation managers, and articles as Word documents, against gold."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.formats.scores import Score, compare, words
from qa.corpus.embedded import with_normal_works
from qa.models import Reading
from qa.readers import read_document
from testkit.word_documents import CITING, MANAGERS, WORKS, WordFile, paragraph, run, styles, with_citations

RAISED_NUMBER = re.compile(r"[⁰¹²³⁴-⁹⁺⁻][⁰¹²³⁴-⁹⁺⁻,–]*")
PLAIN = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+-")
LETTERS_BEFORE = 12


@dataclass(frozen=True)
class ManagedFigures:
    """Right marks, works with all fields right, and entries tied to their work, each with how many there are."""

    marks: tuple[int, int]
    works: tuple[int, int]
    entries: tuple[int, int]

    def lines(self) -> Iterator[str]:
        yield f"DOCX, {len(MANAGERS)} ways of keeping citations ({', '.join(MANAGERS)})"
        for name, (right, total) in (("marks", self.marks), ("works", self.works), ("entries", self.entries)):
            yield f"  {name} right: {right} of {total}"

    def faults(self) -> Iterator[str]:
        for right, total in (self.marks, self.works, self.entries):
            if right < total:
                yield f"{total - right} of {total} marks, works or entries of citation managers are wrong"


def measure_managers() -> ManagedFigures:
    readings = [with_normal_works(read_document("a.docx", with_citations(manager)), "a.docx") for manager in MANAGERS]
    gold = [[WORKS[id]["DOI"] for id in ids] for _, ids in CITING]
    right = [sum(map(list.__eq__, marks_of(reading), gold)) for reading in readings]
    exact = sum(work in WORKS for reading in readings for work in reading.works.values())
    dois = [work["DOI"] for work in WORKS]
    tied = sum(sum(map(str.__eq__, entries_of(reading), dois)) for reading in readings)
    count = len(MANAGERS)
    return ManagedFigures((sum(right), count * len(gold)), (exact, count * len(WORKS)), (tied, count * len(WORKS)))


def marks_of(reading: Reading) -> list[list[str]]:
    return [[str(reading.works[id].get("DOI")) for id in link.targets] for link in reading.links]


def entries_of(reading: Reading) -> list[str]:
    entries = [block for block in reading.blocks if block.kind == "reference"]
    return [str(reading.works.get(block.id or "", {}).get("DOI")) for block in entries]


# --- articles ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ArticleFigures:
    """Articles that were written as Word documents, against what was written."""

    articles: int
    raised: Score
    headings: Score
    words: Score
    per_second: float

    def lines(self) -> Iterator[str]:
        yield f"DOCX, {self.articles} articles written as Word documents, {self.per_second:.0f} a second of CPU time"
        yield f"  raised numbers: {self.raised}"
        yield f"  headings with their level: {self.headings}"
        yield f"  words: {self.words}"

    def faults(self) -> Iterator[str]:
        if self.raised.f < 0.99:
            yield f"raised numbers F {self.raised.f:.4f} is below .99"


def as_word(reading: Reading) -> bytes:
    """The text of an article as a Word document: styles for headings, runs for raised numbers."""
    body = ""
    for block in reading.blocks:
        text = reading.text[block.start : block.end]
        style = f"H{min(block.level or 1, 6)}" if block.kind == "heading" else ""
        body += paragraph(*runs_of(text), style=style)
    return WordFile(body, {"styles": styles(**{f"H{level}": f"heading {level}" for level in range(1, 7)})}).to_bytes()


def runs_of(text: str) -> Iterator[str]:
    place = 0
    for match in RAISED_NUMBER.finditer(text):
        yield run(text[place : match.start()])
        yield run(match[0].translate(PLAIN), '<w:rPr><w:vertAlign w:val="superscript"/></w:rPr>')
        place = match.end()
    yield run(text[place:])


def raised_numbers(reading: Reading) -> list[tuple[str, str]]:
    """Raised numbers with the letters before them."""
    text = reading.text
    matches = RAISED_NUMBER.finditer(text)
    return [("".join(words(text[max(0, m.start() - 40) : m.start()]))[-LETTERS_BEFORE:], m[0]) for m in matches]


def headings_of(reading: Reading) -> list[tuple[int | None, str]]:
    return [(b.level, "".join(words(reading.text[b.start : b.end]))) for b in reading.blocks if b.kind == "heading"]


def measure_articles(golds: list[Reading]) -> ArticleFigures:
    raised = headings = found = Score()
    seconds = 0.0
    for gold in golds:
        data = as_word(gold)
        start = time.process_time()
        reading = read_document("a.docx", data)
        seconds += time.process_time() - start
        raised += compare(raised_numbers(gold), raised_numbers(reading))
        headings += compare(headings_of(gold), headings_of(reading))
        found += compare(words(gold.text), words(reading.text))
    return ArticleFigures(len(golds), raised, headings, found, len(golds) / max(seconds, 1e-9))
