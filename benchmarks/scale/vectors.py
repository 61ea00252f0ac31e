"""Vectors of any number of passages, put together from those of real sentences: for timing only."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import numpy as np

from benchmarks.scale.data import real_passages
from qa.encoder import Encoder
from qa.encoder.vectors import StoredVectors, quantize
from qa.indexes.layout import Numbers
from qa.indexes.stored import StoredIndex
from qa.indexes.vectors import PassageVectors, VectorTables

POOL = 1_000  # vectors of real sentences, of which the others are copies


def made_vectors(data: Path, ends: Numbers, encoder: Encoder) -> VectorTables:
    """A vector for each passage and sentence; the sentences of passage `n` are `ends[n]` to `ends[n + 1]`."""
    real = (sentence for _, sentences in real_passages(data) for sentence in sentences)
    pool, chance = quantize(encoder.encode(islice(real, POOL))), np.random.default_rng(5)

    def some(number: int) -> StoredVectors:
        rows = chance.integers(0, POOL, number)
        return StoredVectors(pool.steps[rows], pool.scales[rows])

    passages, sentences = some(len(ends) - 1), some(int(ends[-1]))
    return VectorTables(encoder.fingerprint, passages, sentences, ends, encoder.languages, encoder.scale)


def give_vectors(index: StoredIndex, tables: VectorTables, encoder: Encoder) -> None:
    """Let an index that was opened without vectors use these."""
    ids, place = index._quotations.ids, index._quotations.place
    index.vectors = PassageVectors(tables, encoder.encode_question, ids, place, index._marks.passages_with_one_of)
    index.encoder = "on"


def sentences_of(index: StoredIndex) -> Numbers:
    """Where the sentences of each passage begin, and where the last ones end."""
    return index._sections.numbers("sentences.starts")
