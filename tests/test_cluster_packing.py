"""What ranking needs of passages, packed for a cluster: unpacked, it is the same."""

from __future__ import annotations

from typing import NamedTuple
from zlib import compress

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from qa.encoder.vectors import quantize
from qa.indexes.layout import ends_of
from qa.indexes.opensearch.packing import (
    NUMBER_AT,
    PackedPassages,
    PassageNumbers,
    pack_numbers,
    packed_text,
    record_in,
    unpack,
)
from qa.indexes.opensearch.vectors import vector_entries, vectors_from
from qa.indexes.vectors import VectorTables, closeness_in
from testkit.encoders import tiny_encoder

NUMBERS = st.integers(0, 2**32 - 1) | st.integers(0, 300)  # of one to five bytes


class Row(NamedTuple):
    """A passage: the numbers before those of its sentences, its sentences as pairs, its words."""

    head: tuple[int, ...]
    sentences: list[tuple[int, int]]
    words: list[int]


ROWS = st.builds(Row, st.tuples(*[NUMBERS] * 5), st.lists(st.tuples(NUMBERS, NUMBERS), max_size=4), st.lists(NUMBERS))


def packed(rows: list[Row]) -> PackedPassages:
    heads = np.array([(*row.head, len(row.sentences)) for row in rows]).reshape(len(rows), 6)
    pairs = [pair for row in rows for pair in row.sentences]
    passages = PassageNumbers(
        heads,
        ends_of(len(row.sentences) for row in rows),
        np.array([first for first, _ in pairs], np.uint32),
        np.array([kind for _, kind in pairs], np.uint32),
        ends_of(len(row.words) for row in rows),
        np.array([word for row in rows for word in row.words], np.uint32),
    )
    return unpack([packed_text(str(n), each, compress(b"%d" % n)) for n, each in enumerate(pack_numbers(passages))])


@given(st.lists(ROWS, max_size=5))
def test_unpacked_is_what_was_packed(rows: list[Row]) -> None:
    found = packed(rows)
    heads = found.heads()
    assert [(found.ids[n], record_in(found.records[n])) for n in range(len(rows))] == [
        (str(n), b"%d" % n) for n in range(len(rows))
    ]
    assert heads.tolist() == [[*row.head, len(row.sentences)] for row in rows]
    words, starts = found.words(heads)
    assert words.tolist() == [word for row in rows for word in row.words]
    assert np.diff(starts).tolist() == [len(row.words) for row in rows]
    of, firsts, kinds = found.sentences(heads)
    assert list(zip(firsts.tolist(), kinds.tolist(), strict=True)) == [pair for row in rows for pair in row.sentences]
    assert np.diff(of).tolist() == [len(row.sentences) for row in rows]


@given(st.lists(ROWS, min_size=1, max_size=5), st.data())
def test_some_of_them_in_another_order(rows: list[Row], data: st.DataObject) -> None:
    chosen = data.draw(st.lists(st.integers(0, len(rows) - 1)))
    found = packed(rows).rows(np.array(chosen, np.int64))
    assert found.heads()[:, NUMBER_AT].tolist() == [rows[number].head[0] for number in chosen]
    assert found.words(found.heads())[0].tolist() == [word for number in chosen for word in rows[number].words]


def test_closeness_of_some_passages_is_that_of_all_tables() -> None:
    """To the last digit: cosines that are computed in other groups are rounded in another way."""
    chance = np.random.default_rng(3)
    counts, made = [3, 0, 9, 1, 5, 2], quantize(chance.standard_normal((26, 384)).astype(np.float32))
    tables = VectorTables("", made.rows(slice(6)), made.rows(slice(6, None)), ends_of(counts))
    entries = list(vector_entries(tables))
    question = made.restored()[4]
    for places in ([0], [5, 2, 1], [4, 3, 2, 1, 0, 5]):
        some = vectors_from([entries[place] for place in places], tiny_encoder())
        assert closeness_in(some, question, range(len(places))) == closeness_in(tables, question, places)
