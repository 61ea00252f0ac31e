"""Floors of `python -m benchmarks.formats`: articles and documents against gold that does not come from the readers."""

from __future__ import annotations

import pytest

from benchmarks.formats import docx, jats, print_files, web_pages
from qa.readers import read_document


@pytest.mark.slow
def test_jats_articles(data):
    """Every citation as the file ties it, in 80 articles; at most a thousandth of the letters of their bodies lost."""
    figures = jats.measure(sorted((data / "jats").glob("*.nxml")))
    assert figures.articles == 80
    assert list(figures.faults()) == []


@pytest.mark.slow
def test_articles_written_as_word_documents(data):
    files = sorted((data / "jats").glob("*.nxml"))[:10]
    golds = [read_document(file.name, file.read_bytes()) for file in files]
    assert list(docx.measure_articles(golds).faults()) == []


@pytest.mark.slow
def test_articles_dressed_as_web_pages(data):
    files = sorted((data / "jats").glob("*.nxml"))[::4]
    for figures in web_pages.measure([read_document(file.name, file.read_bytes()) for file in files]):
        assert list(figures.faults()) == []


@pytest.mark.slow
def test_pdf_files_made_from_articles_and_as_published(data):
    folder = data / "formats" / "samples" / "pdf"
    made = list(print_files.measure(folder))
    assert len(made) == 2
    assert [fault for figures in made for fault in figures.faults()] == []
    assert list(print_files.measure_published(folder).faults()) == []
