"""The index `memory:`: one version in one piece of mapped memory, for up to some ten thousand passages.

The scores are exactly those of rank-bm25, computed for the passages that have a term (tests/test_indexes.py compares
them).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from functools import partial
from io import BytesIO
from itertools import chain, pairwise
from typing import Any

import numpy as np
from rank_bm25 import BM25Okapi

from qa.cache import Cache, maker_digest
from qa.encoder import Encoder
from qa.indexes.candidates import BREAK
from qa.indexes.layout import Numbers, PackedSections, SectionData, Sections, ends_of, pack
from qa.indexes.stored import K1, B, StoredIndex, bm25_damping
from qa.indexes.stored_documents import VersionContent
from qa.indexes.vectors import VectorTables
from qa.indexes.words import TagTable, Words
from qa.indexes.writing import TYPE_OF_WORDS, WORDS_SECTION, PassagesWriter, write_documents
from qa.text.analysis import lucene_idf


class LuceneBM25(BM25Okapi):  # type: ignore[misc]  # rank-bm25 publishes no types
    """BM25Okapi with Lucene's idf.

    The original idf is zero or negative for terms in at least half of the passages; on a single page, these are the
    terms of its subject.
    """

    def _calc_idf(self, nd: dict[str, int]) -> None:
        self.frequencies = nd
        self.idf = {term: lucene_idf(frequency, self.corpus_size) for term, frequency in nd.items()}


class Postings:
    """For each term the passages that have it, and how often; implements `FirstStage`."""

    def __init__(self, sections: Sections, words: Words, tags: TagTable, average_length: float) -> None:
        self._of_terms = sections.numbers("postings.of_terms")
        self._places, self._counts = sections.numbers("postings.places"), sections.numbers("postings.counts")
        self._tags, self._damping = tags, bm25_damping(words.lengths, average_length)

    def best(self, terms: Sequence[int], limit: int, conditions: Collection[str] | None) -> tuple[Numbers, Numbers]:
        scores = np.zeros(len(self._damping))
        for number in terms:
            within = slice(self._of_terms[number], self._of_terms[number + 1])
            places, counts = self._places[within], self._counts[within]
            idf = lucene_idf(len(places), len(scores))
            scores[places] += idf * (counts * (K1 + 1) / (counts + self._damping[places]))
        matching = np.flatnonzero(scores)
        if conditions is not None:
            matching = matching[self._tags.with_one_of(conditions)[self._tags.of_passages[matching]]]
        # A stable sort keeps ties in document order.
        best = matching[np.argsort(-scores[matching], kind="stable")][:limit]
        return best, scores[best]


def open_version(data: memoryview, encoder: Encoder | None, vectors: VectorTables | None) -> StoredIndex:
    sections = PackedSections(data)
    return StoredIndex(sections, partial(Postings, sections), encoder, vectors)


# --- publishing ------------------------------------------------------------------------------------


def key_of_version(version: str) -> str:
    return f"memory-{version}-{maker_digest()[:16]}"


def find_version(version: str, kept: Cache) -> memoryview | None:
    return kept.find(key_of_version(version))


def write_version(version: VersionContent, kept: Cache) -> None:
    """Write a version to where this index keeps it."""
    pieces: defaultdict[str, BytesIO] = defaultdict(BytesIO)
    passages = PassagesWriter("passage", pieces.__getitem__)
    sections = write_documents(version, passages.add, pieces.__getitem__) | passages.sections()
    sections |= {name: piece.getvalue() for name, piece in pieces.items()}
    sections[WORDS_SECTION] = np.frombuffer(pieces[WORDS_SECTION].getvalue(), TYPE_OF_WORDS)
    kept.store(key_of_version(version.manifest.version), pack(sections | pack_postings(sections)))


def pack_postings(sections: Mapping[str, Any]) -> dict[str, SectionData]:
    """For each term, in the order of their numbers: the passages that have it, and how often."""
    terms = sections["terms.of_forms"][sections[WORDS_SECTION]]
    stretches = pairwise(sections["words.starts"].tolist())
    bags = [[term for term in terms[begin:end].tolist() if term != BREAK] for begin, end in stretches]
    places: list[list[int]] = [[] for _ in sections["terms.frequencies"]]
    counts: list[list[int]] = [[] for _ in places]
    # rank-bm25 would divide by zero if no passage has a term.
    for place, bag in enumerate(LuceneBM25(bags, k1=K1, b=B).doc_freqs if any(bags) else ()):
        for term, count in bag.items():
            places[term].append(place)
            counts[term].append(count)
    return {
        "postings.of_terms": ends_of(map(len, places)),
        "postings.places": np.array(list(chain.from_iterable(places)), np.uint32),
        "postings.counts": np.array(list(chain.from_iterable(counts)), np.uint32),
    }
