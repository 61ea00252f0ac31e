"""Measure the readers of file formats: `python -m benchmarks.formats [--worst] [--hostile] [--pdf [FOLDER]]`.

Without options: JATS (all links of 80 articles, letters lost), DOCX (citation managers, articles written as Word
documents), HTML (articles dressed as pages of common systems) and PDF (articles as set by LaTeX and WeasyPrint, papers
as published). `--worst` also lists the articles with most errors, `--hostile` reads files made to harm in processes of
their own. `--pdf` measures nothing but PDF, on 13 articles that it sets with LaTeX, WeasyPrint and LibreOffice in the
folder, and names the Debian packages for that if they are missing. Ends with status 1 if a figure is below its floor.
Reads the folder named by QA_TEST_DATA.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

from benchmarks.formats import docx, hostile, jats, print_files, print_run, producers, web_pages
from qa.readers import read_document

ARTICLES_WRITTEN = 20


class Figures(Protocol):
    """What was measured of a format: lines to print, and what is below its floor."""

    def lines(self) -> Iterator[str]: ...

    def faults(self) -> Iterator[str]: ...


def measure_pdf(folder: str) -> int:
    """Set articles as PDF in the folder, or in one that is removed afterwards, and measure what is read of them."""
    if missing := producers.missing_programs():
        print(f"Not installed: {', '.join(missing)}. On Debian, as root:")
        print(f"  apt-get install --no-install-recommends {' '.join(producers.PACKAGES)}")
        return 1
    articles = Path(os.environ["QA_TEST_DATA"]) / "jats"
    with TemporaryDirectory() as removed:
        Path(folder or removed).mkdir(parents=True, exist_ok=True)
        run = print_run.measure_run(articles, Path(folder or removed).absolute())
    print(*run.lines(), sep="\n")
    faults = list(run.faults())
    print(*(f"Below its floor: {fault}" for fault in faults), sep="\n")
    return 1 if faults else 0


def main(arguments: list[str]) -> int:
    if arguments[:1] == ["--pdf"]:
        return measure_pdf("".join(arguments[1:2]))
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
