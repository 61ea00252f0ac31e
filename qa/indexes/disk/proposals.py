"""The first stage on disk: tantivy proposes passages, and exact BM25 over their stored words chooses among them.

Tantivy's BM25 has k1 = 1.2 and b = 0.75, ours 0.9 and 0.4. In both, a term counts n / (n + K), with

    tantivy  K = 1.2 * (0.25 + 0.75 * length / average) = 0.3  + 0.9  * length / average
    ours     K = 0.9 * (0.6  + 0.4  * length / average) = 0.54 + 0.36 * length / average

so tantivy's is ours if its average is 2.5 times as large and every passage has 0.24 * 2.5 / 0.9 averages of padding: a
word that no question has. Documents of nothing but padding raise the average. Tantivy rounds lengths down, which only
raises a score. So its score, times 1.9 / 2.2, is never less than ours, and a passage that it does not propose cannot be
among the best if its last proposal is worse than those: the first hundred are exact, however many proposals that takes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from errno import EIO
from math import ceil
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import orjson
import tantivy

from qa.indexes.layout import Numbers
from qa.indexes.stored import K1, exact_scores
from qa.indexes.words import TagTable, Words

TANTIVY = "tantivy"  # the folder within that of a version
TANTIVY_K1 = 1.2
RATIO = (K1 + 1) / (TANTIVY_K1 + 1)
ROUNDING = 1.0001  # tantivy computes in single precision
AVERAGE = 2.5  # times the average length
PADDING = 0.24 * AVERAGE / 0.9  # times the average length
FILLER = 1 << 20  # words of one document of nothing but padding
PROPOSED = 3.0  # times the limit: more are rarely needed, and asking twice takes twice as long
MORE = 2  # times as many, if they were not enough
BROAD = 0.2  # share of the passages from which on it is faster to drop those without a tag than to search within it

PADDING_WORD = "_"


def schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("words", stored=False, tokenizer_name="terms", index_option="freq")
    builder.add_text_field("tags", stored=False, tokenizer_name="terms", index_option="basic")
    builder.add_integer_field("place", fast=True, stored=False, indexed=False)
    return builder.build()


def with_tokenizer(index: tantivy.Index) -> tantivy.Index:
    index.register_tokenizer("terms", tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())
    return index


@contextmanager
def faults_of_files() -> Iterator[None]:
    """Raise OSError where tantivy raises ValueError because a file cannot be written."""
    try:
        yield
    except ValueError as error:
        raise OSError(EIO, "tantivy cannot write its files") from error


class ProposalWriter:
    """Writes the index of tantivy, passage by passage. `expected_length` is a guess at the average number of words."""

    MEMORY = 100_000_000  # bytes

    def __init__(self, folder: Path, expected_length: float) -> None:
        folder.mkdir()
        self._schema = schema()
        with faults_of_files():
            index = with_tokenizer(tantivy.Index(self._schema, path=str(folder)))
            self._writer = index.writer(heap_size=self.MEMORY, num_threads=1)
        self._padding = int(PADDING * expected_length)
        self._end = f" {PADDING_WORD}" * self._padding
        self._passages = self._words = 0

    def add(self, terms: Numbers, tags: int) -> None:
        """Add the next passage: the numbers of its terms, and the number of its combination of tags."""
        written = orjson.dumps(terms, option=orjson.OPT_SERIALIZE_NUMPY)  # faster than one by one
        words = written[1:-1].decode().replace(",", " ") + self._end
        with faults_of_files():
            self._writer.add_document(tantivy.Document(words=words, tags=str(tags), place=self._passages))
        self._passages += 1
        self._words += len(terms)

    def finish(self) -> None:
        """Raise the average length to what makes the scores ours, and write everything."""
        average = self._words / self._passages if self._passages else 0.0
        wanted = max(AVERAGE * average, self._padding * 0.9 / 0.24)
        lacking = wanted * self._passages - self._words - self._padding * self._passages
        fillers = ceil(lacking / FILLER)
        # Each of them counts as a passage too, which lowers the average.
        size = ceil((lacking + fillers * wanted) / fillers) if fillers else 0
        with faults_of_files():
            for _ in range(fillers):
                self._writer.add_document(tantivy.Document(words=f"{PADDING_WORD} " * size, place=-1))
            self._writer.commit()
            self._writer.wait_merging_threads()


class Dropping(NamedTuple):
    """Which combinations of tags are allowed; passages with others are dropped, so that this share is kept."""

    allowed: Numbers
    kept: float


class Proposals:
    """Finds passages by their words; implements `FirstStage`."""

    def __init__(self, folder: Path, words: Words, tags: TagTable, average_length: float) -> None:
        index = tantivy.Index.open(str(folder))
        index.config_reader("manual")
        self._index = with_tokenizer(index)
        self._schema, self._searcher = index.schema, index.searcher()
        self._words, self._tags, self._average = words, tags, average_length
        self._tagged = np.bincount(tags.of_passages, minlength=len(tags.tags))

    def best(self, terms: Sequence[int], limit: int, conditions: Collection[str] | None) -> tuple[Numbers, Numbers]:
        terms = [term for term in terms if self._words.frequencies[term]]
        if not terms or not limit:
            return np.zeros(0, np.int64), np.zeros(0)
        allowed = None if conditions is None else self._tags.with_one_of(conditions)
        query = self._any("words", terms, "freq")
        if allowed is None:
            return self._best_of(query, terms, limit)
        share = self._tagged[allowed].sum() / len(self._tags.of_passages)
        if share < BROAD:
            return self._best_of(self._tagged_query(query, np.flatnonzero(allowed).tolist()), terms, limit)
        return self._best_of(query, terms, limit, Dropping(allowed, share))

    def _best_of(
        self, query: tantivy.Query, terms: Sequence[int], limit: int, dropping: Dropping | None = None
    ) -> tuple[Numbers, Numbers]:
        """The best passages that a query finds, of those that are not dropped."""
        number = int(limit * PROPOSED / (dropping.kept if dropping else 1.0))
        while True:
            hits = self._searcher.search(query, number, count=False).hits
            places = self._places(hits)
            if dropping:
                places = places[dropping.allowed[self._tags.of_passages[places]]]
            scores = self._scores(places, terms)
            best = np.lexsort((places, -scores))[:limit]
            # The best of what was not proposed
            least = RATIO * ROUNDING * hits[-1][0] if len(hits) == number else -1.0
            if least < 0 or (len(best) == limit and least < scores[best[-1]]):
                return places[best], scores[best]
            number *= MORE

    def _places(self, hits: Sequence[tuple[float, Any]]) -> Numbers:
        if not hits:
            return np.zeros(0, np.int64)
        return np.array(self._searcher.fast_field_values("place", [address for _, address in hits]), np.int64)

    def _scores(self, places: Numbers, terms: Sequence[int]) -> Numbers:
        """The exact score of each passage."""
        words, starts = self._words.of_passages(places)
        counts, lengths = self._words.counts_in(words, starts, terms), self._words.lengths[places]
        frequencies = self._words.frequencies[np.array(terms)].tolist()
        return exact_scores(counts, frequencies, lengths, len(self._tags.of_passages), self._average)

    def _any(self, field: str, numbers: Sequence[int], option: str) -> tantivy.Query:
        queries = [tantivy.Query.term_query(self._schema, field, str(number), option) for number in numbers]
        return tantivy.Query.boolean_query([(tantivy.Occur.Should, query) for query in queries])

    def _tagged_query(self, query: tantivy.Query, combinations: Sequence[int]) -> tantivy.Query:
        tagged = tantivy.Query.const_score_query(self._any("tags", combinations, "basic"), 0.0)
        return tantivy.Query.boolean_query([(tantivy.Occur.Must, tagged), (tantivy.Occur.Must, query)])
