"""Citations as a careful reader would attach them, on small whole documents from many fields.

A wrong citation is worse than a missing one: none may be wrong, and unambiguous ones must be there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from qa.citations.reference_index import ReferenceIndex
from qa.conditions import Vocabulary
from qa.corpus.documents import CorpusFile
from qa.indexing.ingest import annotate_document
from qa.models import Provenance, Sentence

WRITTEN = Path(__file__).parent / "data" / "careful-reader" / "documents.txt"
READING = re.compile(r" ?«([DI])(\??) ([^»]+)»")
DOCUMENT = re.compile(r"^=== (\w+) (.+)\n((?:(?!===).*\n)+)", re.MULTILINE)


class Attached(NamedTuple):
    """One reference of a sentence, with its status "cited" or "inherited"."""

    sentence: str
    how: str
    work: str


def readings(written: str) -> tuple[str, list[tuple[int, str, bool, list[str]]]]:
    """A document without its annotations, and these: position, status, whether required, and references."""
    text, found, done = "", [], 0
    for match in READING.finditer(written):
        text += written[done : match.start()]
        done = match.end()
        how = "cited" if match[1] == "D" else "inherited"
        found.append((len(text.rstrip()) - 1, how, not match[2], match[3].split(",")))
    return text + written[done:], found


def attached(text: str, sentence: Sentence) -> Iterator[tuple[str, str]]:
    yield from (("cited", id) for id in sentence.support.references)
    yield from (("inherited", taken.reference) for taken in sentence.support.inherited)


@pytest.mark.parametrize(
    ("suffix", "written"),
    [pytest.param(m[1], m[3], id=m[2]) for m in DOCUMENT.finditer(WRITTEN.read_text(encoding="utf-8"))],
)
def test_as_a_careful_reader_attaches_them(suffix: str, written: str) -> None:
    text, read = readings(written)
    file = CorpusFile("a", f"a.{suffix}", text.encode(), Provenance("A"), 1)
    annotated = annotate_document(file, Vocabulary(()), ReferenceIndex(()))
    document, works = annotated.document, annotated.works

    def sentence_at(place: int) -> str:
        found = next(s for s in document.sentences if s.start <= place < s.end)
        return text[found.start : found.end]

    def work_of(words: str) -> str:
        (found,) = [id for id, work in works.items() if words.strip() in f"{work.raw} {work.csl}"]
        return found

    allowed = {Attached(sentence_at(at), how, work_of(w)) for at, how, _, by in read for w in by}
    expected = {Attached(sentence_at(at), how, work_of(w)) for at, how, must, by in read if must for w in by}
    got = {Attached(text[s.start : s.end], how, id) for s in document.sentences for how, id in attached(text, s)}
    assert got - allowed == set()
    assert expected - got == set()
