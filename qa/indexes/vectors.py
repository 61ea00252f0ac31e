"""The vectors of a version: how close its passages and their sentences are in meaning to a question."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from itertools import islice
from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from qa.cache import Cache
from qa.encoder import Encoder
from qa.encoder.scale import Scale
from qa.encoder.vectors import Floats, StoredVectors
from qa.indexes.layout import Numbers, PackedSections, pack

# Up to this many passages, all are compared with every question. Above, only the candidates that words found.
MOST_COMPARED = 5_000


class Closeness(NamedTuple):
    """The cosines of a question's vector, on the scale of the encoder in the package: with the passage's vector (of its
    headings and text), and with the vector of each of its sentences, in order."""

    passage: float
    sentences: tuple[float, ...]

    @property
    def closest_two(self) -> float:
        """The mean cosine of the two closest sentences, or that of the only one; of the passage if it has none."""
        closest = sorted(self.sentences)[-2:] or [self.passage]
        return sum(closest) / len(closest)

    @property
    def best(self) -> float:
        """The cosine of the closest sentence, or of the passage if it has no sentence."""
        return max(self.sentences, default=self.passage)


class Vectors(Protocol):
    """Vectors of the passages and sentences of one version."""

    @property
    def encoder(self) -> str:
        """The fingerprint of the encoder."""
        ...

    @property
    def languages(self) -> tuple[str, ...]:
        """The codes of the languages that the encoder was made for; none if its owner does not say."""
        ...

    @property
    def compares_all(self) -> bool:
        """Whether `nearest` finds passages. If not (MOST_COMPARED), vectors only re-rank what words found."""
        ...

    def encode(self, question: str) -> Floats:
        """The vector of a question, of length one; all zeros if it has no words."""
        ...

    def nearest(self, question: Floats, limit: int, conditions: Collection[str] | None = None) -> list[str]:
        """The ids of the closest passages, by the cosine of the passage plus that of its closest sentence, best first;
        ties are in document order. `conditions` as in `Index.search`. Empty unless `compares_all`."""
        ...

    def closeness(self, question: Floats, passages: Sequence[str]) -> list[Closeness]:
        """How close each of these passages is. Raises NotFound for an unknown id."""
        ...


class VectorTables(NamedTuple):
    """The stored vectors of one version: a row for each passage in document order, and one for each sentence. Those of
    the sentences of passage `n` are `ends[n]` to `ends[n + 1]`. `encoder` is the fingerprint of what made them,
    `languages` those that it was made for, `scale` that of its cosines."""

    encoder: str
    passages: StoredVectors
    sentences: StoredVectors
    ends: npt.NDArray[np.integer]
    languages: tuple[str, ...] = ()
    scale: Scale = Scale()


class PassageVectors:
    """The vectors of the passages with these ids, in document order; implements `Vectors`.

    `encode` makes a question's vector. `place` gives a passage's place among the ids, or raises NotFound. `has_tag`
    gives for each passage whether it is tagged with one of the conditions.
    """

    def __init__(
        self,
        tables: VectorTables,
        encode: Callable[[str], Floats],
        ids: Sequence[str],
        place: Callable[[str], int],
        has_tag: Callable[[Collection[str]], npt.NDArray[np.bool_]],
    ) -> None:
        self.encode, self.encoder, self.languages = encode, tables.encoder, tables.languages
        self.compares_all = len(ids) <= MOST_COMPARED
        self._tables, self._ids, self._place, self._has_tag = tables, ids, place, has_tag
        if self.compares_all:
            self._passages, self._sentences = tables.passages.restored(), tables.sentences.restored()

    def nearest(self, question: Floats, limit: int, conditions: Collection[str] | None = None) -> list[str]:
        if not self.compares_all or not question.any():
            return []
        passages, sentences = self._passages @ question, self._sentences @ question
        scores = passages + best_sentences(sentences, passages, self._tables.ends)
        places = np.arange(len(self._ids)) if conditions is None else np.flatnonzero(self._has_tag(conditions))
        best = places[np.argsort(-scores[places], kind="stable")][:limit]  # a stable sort keeps document order
        return [self._ids[place] for place in best.tolist()]

    def closeness(self, question: Floats, passages: Sequence[str]) -> list[Closeness]:
        return closeness_in(self._tables, question, [self._place(id) for id in passages])


def closeness_in(tables: VectorTables, question: Floats, places: Sequence[int]) -> list[Closeness]:
    """How close the passages at these places are. All cosines are computed at once: those of the same vectors computed
    a few at a time would differ in the last digits, and so would the scores of two indexes."""
    of_passages = tables.scale.closeness(tables.passages.cosines(question, places)).tolist()
    rows = [range(int(tables.ends[place]), int(tables.ends[place + 1])) for place in places]
    cosines = tables.sentences.cosines(question, [row for each in rows for row in each])
    of_sentences = iter(tables.scale.closeness(cosines).tolist())
    return [
        Closeness(cosine, tuple(islice(of_sentences, len(each))))
        for cosine, each in zip(of_passages, rows, strict=True)
    ]


def best_sentences(sentences: Floats, passages: Floats, ends: npt.NDArray[np.integer]) -> Floats:
    """For each passage, the cosine of its closest sentence, or its own if it has no sentence."""
    best = passages.copy()
    some = np.flatnonzero(np.diff(ends))
    if some.size:
        best[some] = np.maximum.reduceat(sentences, ends[some])
    return best


def halfway(one: Floats, other: Floats) -> Floats:
    """The vector of length one halfway between two; all zeros if both are."""
    total = one + other
    length = float(np.linalg.norm(total))
    return np.asarray(total / length if length else total, dtype=np.float32)


# --- storage ---------------------------------------------------------------------------------------


def key_of_vectors(version: str, encoder: Encoder) -> str:
    return f"vectors-with-headings-{version}-{encoder.fingerprint}"


def write_vectors(tables: VectorTables, version: str, encoder: Encoder, kept: Cache) -> None:
    """Write the vectors of a version to where `find_vectors` finds them."""
    sections: dict[str, Numbers | bytes] = {"ends": tables.ends}
    for name, vectors in (("passages", tables.passages), ("sentences", tables.sentences)):
        sections |= {f"{name}.steps": vectors.steps, f"{name}.scales": vectors.scales}
    kept.store(key_of_vectors(version, encoder), pack(sections))


def find_vectors(version: str, encoder: Encoder, kept: Cache) -> VectorTables | None:
    """The vectors of a version, mapped into memory; None if they have not been made."""
    data = kept.find(key_of_vectors(version, encoder))
    if data is None:
        return None
    sections = PackedSections(data)
    passages, sentences = (
        StoredVectors(
            sections.numbers(f"{name}.steps").reshape(-1, encoder.dimensions), sections.numbers(f"{name}.scales")
        )
        for name in ("passages", "sentences")
    )
    return VectorTables(
        encoder.fingerprint, passages, sentences, sections.numbers("ends"), encoder.languages, encoder.scale
    )
