"""Articles with marks in each of three styles: numbers in brackets, raised numbers, authors and years."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from string import ascii_lowercase

from qa.citations.marks import find_citations
from qa.citations.references import read_references
from qa.models import CSL, Block, Citation, Reading, Span
from qa.readers.writer import Writer

STYLES = ("numeric", "raised", "author-year")
RAISE = str.maketrans("0123456789,–", "⁰¹²³⁴⁵⁶⁷⁸⁹,–")
BLANKS_BEFORE = re.compile(r"\s+$")


class Restyled:
    """Writes an article again, with its marks and its list of entries in another style."""

    def __init__(self, article: Reading, style: str) -> None:
        self.article = article
        self.style = style
        works = read_references(article)
        self.ids = {id: work.key or "" for id, work in works.items()}
        self.labels = label_works({work.key or "": work.csl for work in works.values()})
        listed = [block for block in article.blocks if block.kind == "reference"]
        if style == "author-year":
            listed.sort(key=lambda block: self.labels.get(block.id or "", ("", "")))
        self.entries = iter(listed)
        self.numbers = {block.id: number for number, block in enumerate(listed, start=1)}
        self.marks = find_citations(article, works)[0]
        self.writer = Writer()

    def reading(self) -> Reading:
        for block in self.article.blocks:
            if block.kind == "reference":
                self.entry(next(self.entries))
            elif block.rows:
                self.table(block)
            else:
                self.writer.begin(block.kind, level=block.level, label=block.label)
                self.stretch(Span(block.start, block.end))
        return self.writer.reading(self.article.metadata)

    def entry(self, block: Block) -> None:
        number = self.numbers[block.id]
        words = self.article.text[block.visible[0].start : block.end]
        numbered = self.style != "author-year"
        self.writer.begin("reference", label=str(number) if numbered else None, id=block.id)
        if numbered:
            self.writer.mark(f"{number}.")
        else:
            year = self.labels[block.id or ""][1]
            words = words.replace(year[:4], year, 1)
        self.writer.add(words)

    def table(self, block: Block) -> None:
        self.writer.begin("table")
        for row in block.rows:
            self.writer.row()
            for cell in row:
                self.writer.cell()
                self.stretch(cell)

    def stretch(self, span: Span) -> None:
        """Write a stretch of the article with its marks in the new style."""
        place = span.start
        for mark in self.marks:
            keys = [self.ids[id] for id in mark.references]
            if not place <= mark.start < mark.end <= span.end or not all(key in self.numbers for key in keys):
                continue
            before = self.article.text[place : mark.start]
            self.writer.add(BLANKS_BEFORE.sub("", before) if self.style == "raised" else before)
            start = self.writer.place()
            self.writer.add(self.mark(mark, keys))
            self.writer.link(start, keys)
            place = mark.end
        self.writer.add(self.article.text[place : span.end])

    def mark(self, mark: Citation, keys: Sequence[str]) -> str:
        if self.style == "author-year":
            words = "; ".join(", ".join(self.labels[key]) for key in keys)
            return f"({words})"
        numbers = ",".join(runs_of(sorted(self.numbers[key] for key in keys)))
        return f"[{numbers}]" if self.style == "numeric" else numbers.translate(RAISE)


def restyled(article: Reading, style: str) -> Reading:
    """The article with its marks in that style, each tied to its entries by a link."""
    return Restyled(article, style).reading()


def runs_of(numbers: Sequence[int]) -> Iterator[str]:
    """1, 3–5"""
    first = 0
    for place in range(1, len(numbers) + 1):
        if place == len(numbers) or numbers[place] != numbers[place - 1] + 1:
            run = numbers[first:place]
            yield from [f"{run[0]}–{run[-1]}"] if len(run) > 2 else map(str, run)
            first = place


def label_works(works: Mapping[str, CSL]) -> dict[str, tuple[str, str]]:
    """Names and year of each work, with a letter where two have the same."""
    labels = {
        key: (names_of(csl), str(csl.get("issued", {}).get("date-parts", [[""]])[0][0])) for key, csl in works.items()
    }
    often = Counter(labels.values())
    seen: Counter[tuple[str, str]] = Counter()
    found: dict[str, tuple[str, str]] = {}
    for key, label in labels.items():
        letter = ascii_lowercase[seen[label]] if often[label] > 1 else ""
        seen[label] += 1
        found[key] = (label[0], label[1] + letter)
    return found


def names_of(csl: CSL) -> str:
    names = [author.get("family") or author.get("literal") or "" for author in csl.get("author", [])]
    names = names or [str(csl.get("title", ""))[:40]]
    return f"{names[0]} et al." if len(names) > 2 else " & ".join(names)
