"""Makes the vectors of a version: of each passage, with its headings, and of each sentence.

A text is encoded once: its vector is kept (QA_CACHE) by the digest of the text for later versions.
"""

from __future__ import annotations

import re
import time
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from hashlib import sha256
from typing import NamedTuple

import numpy as np

from qa.cache import Cache
from qa.encoder import Encoder, encode_many
from qa.encoder.vectors import StoredVectors, quantize
from qa.indexes import OpenIndex, has_vectors, open_index, store_vectors
from qa.indexes.layout import Numbers, PackedSections, ends_of, pack
from qa.indexes.vectors import VectorTables, key_of_vectors
from qa.models import Document, Sentence, Span

Progress = Callable[[int, int], None]

BEFORE_MARK = re.compile(r"\s+(?=[.,;:!?)])")  # what a citation leaves: "of patients ."

# How much the vector of its last heading adds to that of a passage, whose text begins with all headings. With the mean
# of the two closest sentences, right in three on pages left out of the fit: .86 instead of .81.
HEADING = 0.3

DIGEST = 16  # bytes
CHUNK = 1024  # texts
SAVE_AFTER = 20.0  # seconds, so that a start that is interrupted is not lost
MOST_KEPT = 200_000  # texts, at 400 bytes each; more if one version has more


def no_progress(done: int, total: int) -> None:
    """Report nothing."""


def open_with_vectors(
    url: str, version: str, kept: Cache, encoder: Encoder | None, progress: Progress = no_progress
) -> OpenIndex:
    """Open a published version after making its vectors if necessary. `progress` is called with the numbers of texts
    encoded so far and in all, as long as there are new ones. If several processes do so, one makes them."""
    if encoder and not has_vectors(url, version, encoder, kept):
        with kept.lock(key_of_vectors(version, encoder)):
            if not has_vectors(url, version, encoder, kept):
                documents = open_index(url, version, kept).documents()
                texts = [each for document in documents for each in texts_of(document)]
                store_vectors(make_vectors(texts, encoder, kept, progress), url, version, encoder, kept)
    return open_index(url, version, kept, encoder)


class PassageTexts(NamedTuple):
    """What is encoded of a passage: the passage after its document's title and headings, each sentence, and the last
    heading, if any."""

    passage: str
    sentences: list[str]
    heading: str = ""


def make_vectors(passages: Sequence[PassageTexts], encoder: Encoder, kept: Cache, progress: Progress) -> VectorTables:
    """The vectors of these passages and their sentences."""
    under = [place for place, each in enumerate(passages) if each.heading]
    texts = [each.passage for each in passages] + [passages[place].heading for place in under]
    vectors = TextVectors(encoder, kept).of([*texts, *(text for each in passages for text in each.sentences)], progress)
    return VectorTables(
        encoder=encoder.fingerprint,
        passages=with_headings(
            vectors.rows(slice(len(passages))), vectors.rows(slice(len(passages), len(texts))), under
        ),
        sentences=vectors.rows(slice(len(texts), None)),
        ends=ends_of(len(each.sentences) for each in passages),
    )


def with_headings(passages: StoredVectors, headings: StoredVectors, under: Sequence[int]) -> StoredVectors:
    """The vectors of passages, moved towards those of their headings; `under` are the places of those that have one."""
    steps, scales = passages.steps.copy(), passages.scales.copy()
    for start in range(0, len(under), CHUNK):
        places, chunk = under[start : start + CHUNK], slice(start, start + CHUNK)
        moved = quantize(passages.rows(places).restored() + HEADING * headings.rows(chunk).restored())
        steps[places], scales[places] = moved.steps, moved.scales
    return StoredVectors(steps, scales)


def texts_of(document: Document) -> Iterator[PassageTexts]:
    """The texts to encode, as they are read: without markup and citations, which say nothing of the meaning.

    Sentences are encoded without headings: with them, those of a passage are too much alike.
    """
    title = document.provenance.title
    for passage in document.passages:
        sentences = [as_read(sentence, document) for sentence in passage.sentences]
        above = passage.path if title.casefold() in map(str.casefold, passage.path) else (title, *passage.path)
        head = (passage.head.text,) if passage.head else ()
        text = ". ".join(filter(None, (*above, *head, " ".join(sentences))))
        yield PassageTexts(text, sentences, passage.path[-1] if passage.path else "")


def as_read(sentence: Sentence, document: Document) -> str:
    """A sentence without markup and without citations, unless their words are the sentence's own ("Reyes (2019)
    found", a link); as it is written if nothing else is left."""
    whole = Span(sentence.start, sentence.end)
    stretches = document.blocks[sentence.block].inner if document.blocks else ()  # none in a test collection
    pieces = [clipped(each, whole) for each in stretches] or [whole]
    for mark in citations_in(whole, document):
        begin = next((each.start for each in (clipped(piece, mark) for piece in pieces) if each.start < each.end), None)
        if begin is not None and not document.text[begin].isalpha():
            pieces = [part for piece in pieces for part in left_of(piece, mark)]
    words = " ".join(document.text[piece.start : piece.end] for piece in pieces if piece.start < piece.end)
    return BEFORE_MARK.sub("", " ".join(words.split())) or document.text[whole.start : whole.end]


def clipped(span: Span, whole: Span) -> Span:
    return Span(max(span.start, whole.start), min(span.end, whole.end))


def left_of(piece: Span, left_out: Span) -> tuple[Span, Span]:
    """What is left of a piece before and after a span; parts that are empty end before they start, or there."""
    return Span(piece.start, min(piece.end, left_out.start)), Span(max(piece.start, left_out.end), piece.end)


def citations_in(whole: Span, document: Document) -> list[Span]:
    """The citations of a document that begin within a span."""
    first = bisect_left(document.citations, whole.start, key=lambda citation: citation.start)
    last = bisect_left(document.citations, whole.end, key=lambda citation: citation.start)
    return [Span(citation.start, citation.end) for citation in document.citations[first:last]]


class TextVectors:
    """The vectors of texts by their digests, kept between versions."""

    def __init__(self, encoder: Encoder, kept: Cache) -> None:
        self._encoder, self._kept, self._key = encoder, kept, f"texts-{encoder.fingerprint}"
        self._saved_at = time.monotonic()
        self._digests, self._vectors = self._read()

    def of(self, texts: Sequence[str], progress: Progress) -> StoredVectors:
        """A vector for each text."""
        by_digest = {digest_of_text(text): text for text in texts}
        known = set(self._digests)
        new = [digest for digest in by_digest if digest not in known]
        for start in range(0, len(new), CHUNK):
            self._encode(by_digest, new, start, progress)
            if time.monotonic() - self._saved_at > SAVE_AFTER:
                self._save(by_digest)
        if new:
            self._save(by_digest)
        places = {digest: place for place, digest in enumerate(self._digests)}
        return self._vectors.rows([places[digest_of_text(text)] for text in texts])

    def _encode(self, by_digest: Mapping[bytes, str], new: Sequence[bytes], start: int, progress: Progress) -> None:
        """Encode the new texts from number `start` to the end of the chunk."""

        def report(done: int, _: int) -> None:
            progress(start + done, len(new))

        chunk = new[start : start + CHUNK]
        made = quantize(encode_many(self._encoder, [by_digest[digest] for digest in chunk], progress=report))
        self._digests += chunk
        self._vectors = self._vectors.joined(made)

    def _read(self) -> tuple[list[bytes], StoredVectors]:
        data = self._kept.find(self._key)
        if data is None:
            return [], quantize(np.zeros((0, self._encoder.dimensions), np.float32))
        sections = PackedSections(data)
        digests = bytes(sections.bytes("digests"))
        steps = sections.numbers("steps").reshape(-1, self._encoder.dimensions)
        return (
            [digests[start : start + DIGEST] for start in range(0, len(digests), DIGEST)],
            StoredVectors(steps, sections.numbers("scales")),
        )

    def _save(self, used: Mapping[bytes, str]) -> None:
        """Keep the texts of this version, and others while there is room."""
        places = [place for place, digest in enumerate(self._digests) if digest in used]
        others = [place for place, digest in enumerate(self._digests) if digest not in used]
        places += others[::-1][: max(0, MOST_KEPT - len(places))]  # the ones added last
        self._digests, self._vectors = [self._digests[place] for place in places], self._vectors.rows(places)
        sections: dict[str, Numbers | bytes] = {
            "digests": b"".join(self._digests),
            "steps": self._vectors.steps,
            "scales": self._vectors.scales,
        }
        self._kept.store(self._key, pack(sections))
        self._saved_at = time.monotonic()


def digest_of_text(text: str) -> bytes:
    return sha256(text.encode("utf-8", "surrogatepass")).digest()[:DIGEST]
