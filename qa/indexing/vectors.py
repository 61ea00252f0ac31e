"""Makes the vectors of a version: of each passage, with its headings, and of each sentence.

A text is encoded once: its vector is kept (QA_CACHE) by the digest of the text for later versions.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256

import numpy as np

from qa.cache import Cache
from qa.encoder import Encoder, encode_many
from qa.encoder.vectors import StoredVectors, quantize
from qa.indexes import OpenIndex, open_index
from qa.indexes.layout import Numbers, Sections, ends_of, pack
from qa.indexes.vectors import VectorTables, find_vectors, key_of_vectors, write_vectors
from qa.models import Passage

Progress = Callable[[int, int], None]

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
    if encoder and not find_vectors(version, encoder, kept):
        with kept.lock(key_of_vectors(version, encoder)):
            if not find_vectors(version, encoder, kept):
                documents = open_index(url, version, kept).documents()
                passages = [passage for document in documents for passage in document.passages]
                write_vectors(make_vectors(passages, encoder, kept, progress), version, encoder, kept)
    return open_index(url, version, kept, encoder)


def make_vectors(passages: Sequence[Passage], encoder: Encoder, kept: Cache, progress: Progress) -> VectorTables:
    """The vectors of these passages and their sentences."""
    sentences = [sentence_texts(passage) for passage in passages]
    texts = [*map(passage_text, passages), *(text for each in sentences for text in each)]
    vectors = TextVectors(encoder, kept).of(texts, progress)
    return VectorTables(
        encoder=encoder.fingerprint,
        passages=vectors.rows(slice(len(passages))),
        sentences=vectors.rows(slice(len(passages), None)),
        ends=ends_of(map(len, sentences)),
    )


def passage_text(passage: Passage) -> str:
    """A passage after the headings above it. Sentences are encoded without: with headings, those of a passage are too
    much alike."""
    return ". ".join((*passage.path, passage.text))


def sentence_texts(passage: Passage) -> list[str]:
    return [passage.text[each.start - passage.start : each.end - passage.start] for each in passage.sentences]


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
        sections = Sections(data)
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
