"""Measure the readers of file formats: `python -m benchmarks.formats [--worst] [--hostile]`.

Without options: JATS (all links of 80 articles, letters lost), DOCX (citation managers, articles written as Word
documents), HTML (articles dressed as pages of common systems) and PDF (articles as set by LaTeX and WeasyPrint, papers
as published). `--worst` also lists the articles with most errors, `--hostile` reads files made to harm in processes of
their own. Ends with status 1 if a figure is below its floor. Reads the folder named by QA_TEST_DATA.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from benchmarks.formats import docx, hostile, jats, print_files, web_pages
from qa.readers import read_document

ARTICLES_WRITTEN = 20


class Figures(Protocol):
    """What was measured of a format: lines to print, and what is below its floor."""

    def lines(self) -> Iterator[str]: ...

    def faults(self) -> Iterator[str]: ...


def main(arguments: list[str]) -> int:
    files = sorted((Path(os.environ["QA_TEST_DATA"]) / "jats").glob("*.nxml"))
    articles = jats.measure(files)
    golds = [read_document(file.name, file.read_bytes()) for file in files[:ARTICLES_WRITTEN]]
    faults: list[str] = []
    folder = Path(os.environ["QA_TEST_DATA"]) / "formats" / "samples" / "pdf"
    measured: list[Figures] = [
        articles,
        docx.measure_managers(),
        docx.measure_articles(golds),
        *web_pages.measure(golds),
        *print_files.measure(folder),
        print_files.measure_published(folder),
    ]
    for figures in measured:
        print(*figures.lines(), sep="\n")
        faults += figures.faults()
    if "--worst" in arguments:
        print("JATS, articles with most errors:")
        print(*(f"  {name}: {score}" for name, score in articles.worst), sep="\n")
    if "--hostile" in arguments:
        print("Files made to harm, each with 60 s and 1 GB:")
        for name, said in hostile.outcomes():
            print(f"  {name:40} {said}", flush=True)
            faults += [f"{name} {said}"] if said.startswith("died") else []
    print(*(f"Below its floor: {fault}" for fault in faults), sep="\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
