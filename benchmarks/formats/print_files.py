"""PDF: files made from articles by common producers, against the articles; and files as published."""

from __future__ import annotations

import json
import re
import time
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from rapidfuzz import fuzz

from benchmarks.formats.scores import Score, compare, letters
from benchmarks.formats.web_pages import LETTERS_BEFORE, SAME_ENTRY, error_rate, spoken
from qa.citations.marks import find_citations
from qa.citations.references import read_references
from qa.models import Block, Reading
from qa.readers.pdf.document import read_pages
from qa.readers.pdf.reading import PdfWriter, read_document_pages

PRODUCERS = {"tx": "LaTeX, two columns", "w2": "WeasyPrint, two columns", "lo": "LibreOffice"}
MOST_WRONG = {"tx": 0.01, "w2": 0.05, "lo": 0.05}  # word error rate
LEAST_PAIRS = 0.95
RAISED = re.compile(r"[⁰¹²³⁴-⁹](?:[⁰¹²³⁴-⁹⁻,–-]*[⁰¹²³⁴-⁹])?")
TABLES = frozenset({"table"})
ENTRIES = frozenset({"reference"})
Pair = tuple[str, str]


@dataclass
class Gold:
    """An article as it was given to a producer: text, blocks and marks."""

    text: str
    blocks: list[Block]
    marks: list[tuple[int, int, list[str]]]

    @classmethod
    def load(cls, path: Path) -> Gold:
        stored = json.loads(path.read_text(encoding="utf-8"))
        blocks = [
            Block(kind, start, end, level, label, id=id) for kind, start, end, level, label, id in stored["blocks"]
        ]
        return cls(stored["text"], blocks, [(start, end, ids) for start, end, ids in stored["marks"]])

    def pairs(self) -> Iterator[Pair]:
        tables = [block for block in self.blocks if block.kind == "table"]
        for start, _, ids in self.marks:
            if not any(table.start <= start < table.end for table in tables):
                yield from ((place_of(self.text, start), id) for id in ids)


@dataclass
class Figures:
    """What was read of the files of a producer, added up."""

    producer: str
    pages: int = 0
    seconds: float = 0
    rates: list[float] = field(default_factory=list)
    scores: dict[str, Score] = field(default_factory=dict)

    def add(self, name: str, score: Score) -> None:
        self.scores[name] = self.scores.get(name, Score()) + score

    @property
    def error_rate(self) -> float:
        return sum(self.rates) / max(1, len(self.rates))

    def lines(self) -> Iterator[str]:
        speed = self.pages / max(self.seconds, 1e-9)
        yield f"PDF by {PRODUCERS[self.producer]}, {len(self.rates)} articles, {speed:.0f} pages a second of CPU time"
        yield f"  word error rate {self.error_rate:.4f}"
        yield from (f"  {name}: {score}" for name, score in self.scores.items())

    def faults(self) -> Iterator[str]:
        if self.error_rate > MOST_WRONG[self.producer]:
            yield f"{self.producer}: word error rate {self.error_rate:.4f} is above {MOST_WRONG[self.producer]}"
        if self.scores["pairs of mark and entry"].f < LEAST_PAIRS:
            yield f"{self.producer}: pairs F {self.scores['pairs of mark and entry'].f:.4f} is below {LEAST_PAIRS}"


def place_of(text: str, start: int) -> str:
    return letters(text[max(0, start - 80) : start])[-LETTERS_BEFORE:]


def raised_numbers(text: str, blocks: Iterable[Block]) -> Iterator[Pair]:
    for block in blocks:
        if block.kind not in ("table", "reference"):
            words = text[block.start : block.end]
            for match in RAISED.finditer(words):
                before = letters(words[max(0, match.start() - 40) : match.start()])[-8:]
                yield before, unicodedata.normalize("NFKC", match[0])


def titles(text: str, blocks: Iterable[Block]) -> Iterator[str]:
    return (letters(text[block.start : block.end]) for block in blocks if block.kind == "heading")


def prose(text: str, blocks: Iterable[Block]) -> list[str]:
    return [word for block in blocks if block.kind != "table" for word in spoken(text[block.start : block.end])]


def entries_found(gold: Gold, reading: Reading) -> dict[int, str]:
    """The gold entry for each entry that was read, by its end."""
    known = [(b.id or "", letters(gold.text[b.start : b.end])) for b in gold.blocks if b.kind == "reference"]
    found: dict[int, str] = {}
    for block in reading.blocks:
        if block.kind == "reference":
            words = letters(reading.text[block.start : block.end])
            score, id = max(((fuzz.ratio(words, entry), id) for id, entry in known), default=(0, ""))
            if score >= SAME_ENTRY:
                found[block.end] = id
    return found


def cited_pairs(reading: Reading, entries: Mapping[int, str]) -> Iterator[Pair]:
    works = read_references(reading)
    marks, _ = find_citations(reading, works)
    ids = {work.id: entries.get(work.end or 0, "?") for work in works.values()}
    silent = [block for block in reading.blocks if block.kind in ("table", "heading")]
    for mark in marks:
        if not any(block.start <= mark.start < block.end for block in silent):
            place = place_of(reading.text, mark.start)
            yield from ((place, ids.get(id, "?")) for id in mark.references)
            yield from ((place, "?") for _ in mark.unresolved)


def measure_file(gold: Gold, data: bytes, figures: Figures) -> Reading:
    start = time.process_time()
    reading = read_document_pages(data, "article.pdf")
    figures.seconds += time.process_time() - start
    figures.pages += len(reading.page_starts)
    figures.rates.append(error_rate(prose(gold.text, gold.blocks), prose(reading.text, reading.blocks)))
    found = entries_found(gold, reading)
    listed = Counter(found.values())
    known = [block.id for block in gold.blocks if block.kind == "reference"]
    read = [found.get(block.end, "?") for block in reading.blocks if block.kind == "reference"]
    figures.add("pairs of mark and entry", compare(gold.pairs(), cited_pairs(reading, found)))
    figures.add("entries", compare(known, read) if listed else compare(known, []))
    figures.add("headings", compare(titles(gold.text, gold.blocks), titles(reading.text, reading.blocks)))
    figures.add(
        "raised numbers", compare(raised_numbers(gold.text, gold.blocks), raised_numbers(reading.text, reading.blocks))
    )
    return reading


@dataclass
class Published:
    """What was read of files as published: links whose printed number is that of the entry that they lead to."""

    files: int = 0
    with_list: int = 0
    whole_lists: int = 0
    links: int = 0
    right: int = 0

    def add(self, data: bytes) -> None:
        writer = PdfWriter(read_pages(data, "published.pdf"))
        entries = {block.id: block.label for block in writer.blocks if block.kind == "reference"}
        labels = list(entries.values())
        self.files += 1
        self.with_list += bool(labels)
        self.whole_lists += labels == [str(number) for number in range(1, len(labels) + 1)]
        text = writer.text()
        for link in writer.entry_links():
            if printed := re.search(r"\d+", text[link.start : link.end]):
                self.links += 1
                self.right += entries.get(link.targets[0]) == printed[0]

    def lines(self) -> Iterator[str]:
        yield f"PDF as published, {self.files} papers"
        yield f"  list found in {self.with_list}, without a gap in {self.whole_lists}"
        yield f"  links whose printed number is that of their entry: {self.right} of {self.links}"

    def faults(self) -> Iterator[str]:
        if self.with_list < 0.95 * self.files or self.right < 0.95 * self.links:
            yield "published: less than .95 of the lists or entries"


def measure_published(folder: Path) -> Published:
    """The figures of all files in the folder for which there is no gold."""
    published = Published()
    for path in sorted(folder.glob("*.pdf")):
        if not any(path.name.endswith(f".{producer}.pdf") for producer in PRODUCERS):
            published.add(path.read_bytes())
    return published


def measure(folder: Path) -> Iterator[Figures]:
    """The figures of each producer of which there are files in the folder: NAME.json, NAME.PRODUCER.pdf."""
    for producer in PRODUCERS:
        figures = Figures(producer)
        for path in sorted(folder.glob(f"*.{producer}.pdf")):
            gold = Gold.load(folder / f"{path.name.partition('.')[0]}.json")
            measure_file(gold, path.read_bytes(), figures)
        if figures.rates:
            yield figures
