"""13 open-access articles with marks in three styles, set as PDF by three producers, read again and compared.

`python -m benchmarks.formats --pdf [FOLDER]` makes the files in the folder, or in one that is removed afterwards, and
names the Debian packages of the programs that are missing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from benchmarks.formats.print_files import Figures, Gold, cited_pairs, entries_found, measure_file
from benchmarks.formats.producers import set_article
from benchmarks.formats.restyled import restyled
from benchmarks.formats.scores import Score, compare
from qa.readers import read_document

# All CC BY, by the style that their marks get. The first of each style but the last has it by itself.
ARTICLES: Mapping[str, tuple[str, ...]] = {
    "numeric": ("PMC1087853", "PMC1847683", "PMC1913915", "PMC3046499", "PMC3672758"),
    "raised": ("PMC5834094", "PMC3376123", "PMC3654568", "PMC4170701"),
    "author-year": ("PMC4188038", "PMC3532083", "PMC4497726", "PMC5805261"),
}
MOST_BELOW_CLEAN = 0.01


@dataclass
class Run:
    """The figures of each producer, and what is found in the same texts without PDF."""

    producers: dict[str, Figures] = field(default_factory=dict)
    clean: Score = field(default_factory=Score)
    by_style: dict[tuple[str, str], Score] = field(default_factory=dict)

    def lines(self) -> Iterator[str]:
        count = sum(map(len, ARTICLES.values()))
        yield f"The texts of {count} articles with marks in {len(ARTICLES)} styles ({', '.join(ARTICLES)}), without PDF"
        yield f"  pairs of mark and entry: {self.clean}"
        for producer, figures in self.producers.items():
            yield from figures.lines()
            of_style = (f"{style} F {self.by_style[producer, style].f:.4f}" for style in ARTICLES)
            yield f"  pairs by style: {', '.join(of_style)}"

    def faults(self) -> Iterator[str]:
        for producer, figures in self.producers.items():
            yield from figures.faults()
            pairs = figures.scores["pairs of mark and entry"]
            if producer == "tx" and pairs.f < self.clean.f - MOST_BELOW_CLEAN:
                yield f"{producer}: pairs F {pairs.f:.4f} is more than {MOST_BELOW_CLEAN} below {self.clean.f:.4f}"


def measure_run(articles: Path, folder: Path) -> Run:
    """Set the articles, of which `articles` is the folder, as PDF in `folder`, and read them."""
    run = Run()
    for style, names in ARTICLES.items():
        for name in names:
            path = articles / f"{name}.nxml"
            reading = restyled(read_document(path.name, path.read_bytes()), style)
            gold = Gold(
                reading.text,
                list(reading.blocks),
                [(link.start, link.end, list(link.targets)) for link in reading.links],
            )
            clean = replace(reading, links=(), works={})
            run.clean += compare(gold.pairs(), cited_pairs(clean, entries_found(gold, clean)))
            for producer, file in set_article(reading, name, folder):
                figures = run.producers.setdefault(producer, Figures(producer))
                before = figures.scores.get("pairs of mark and entry", Score())
                measure_file(gold, file.read_bytes(), figures)
                pairs = figures.scores["pairs of mark and entry"] - before
                run.by_style[producer, style] = run.by_style.get((producer, style), Score()) + pairs
    return run
