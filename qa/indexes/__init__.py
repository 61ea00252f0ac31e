"""Index and store of passages: two small protocols, and `open_index`.

Every index uses the terms of `text/analysis.py` and returns the same candidates. They are scored in a second stage
(`retrieval/scoring.py`), so the ranking does not depend on the index. tests/test_indexes.py tests every index against
these protocols.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from qa.cache import Cache
from qa.encoder import Encoder
from qa.errors import IndexUnavailable
from qa.indexes.candidates import CandidatePassages
from qa.indexes.opensearch.address import EXAMPLE, is_cluster, read_cluster_address
from qa.indexes.vectors import Vectors, VectorTables, find_vectors, write_vectors
from qa.indexes.versions import Versions
from qa.models import (
    Document,
    DocumentOverview,
    EncoderState,
    Manifest,
    Note,
    Passage,
    Quotation,
    Reference,
    ReferenceUses,
)
from qa.text.analysis import PassageTerms, Statistics

if TYPE_CHECKING:
    from qa.indexes.stored_documents import VersionContent

IN_MEMORY = "memory:"
ON_DISK = "disk:"  # before a folder


class Index(Protocol):
    """Find passages by the terms of their text, headings and document title."""

    @property
    def statistics(self) -> Statistics:
        """Term statistics of this version."""
        ...

    @property
    def words(self) -> Mapping[str, int]:
        """Counts of folded words that occur in lower case: the candidates for spelling correction.

        A word that is always capitalised is taken for a name and left out.
        """
        ...

    def term_of(self, form: str) -> str | None:
        """The term of a folded word of the passages; None if they do not have it."""
        ...

    def candidates(
        self,
        terms: Sequence[str],
        limit: int = 100,
        conditions: Collection[str] | None = None,
        also: Sequence[str] = (),
    ) -> CandidatePassages:
        """The best passages by BM25 with k1 = 0.9 and b = 0.4, at most `limit`; ties are in document order.

        Every match shares a term with the question and has a score above 0; repeated terms count once. With
        `conditions`, only passages tagged with one of these ids; none if the collection is empty. The passages with the
        ids `also` follow, except for those that are there already. Raises NotFound for an unknown one.
        """
        ...

    def gather(self, ids: Sequence[str]) -> CandidatePassages:
        """The passages with these ids, in this order, each once. Raises NotFound."""
        ...

    def terms(self, passage: str) -> PassageTerms:
        """The terms of a passage, as published. Raises NotFound."""
        ...


class Store(Protocol):
    """Passages, documents, references and notes by id. An unknown id raises NotFound."""

    @property
    def manifest(self) -> Manifest:
        """The summary of this version."""
        ...

    def passage(self, id: str) -> Passage: ...

    def quotation(self, id: str) -> Quotation:
        """A passage with what showing it needs."""
        ...

    def document(self, id: str) -> Document: ...

    def overview(self, id: str) -> DocumentOverview:
        """A document as shown in lists."""
        ...

    def references_by_id(self, ids: Iterable[str]) -> list[Reference]:
        """The references with these ids, in this order."""
        ...

    def uses(self, id: str) -> ReferenceUses:
        """A reference with the sentences it supports and the notes that cite it."""
        ...

    def notes(self, document: str) -> tuple[Note, ...]:
        """The notes on sentences of a document, in reading order."""
        ...

    def documents(self) -> Iterator[Document]:
        """All documents in order, one at a time. For editors' tools: never used to answer a request."""
        ...

    def references(self) -> Iterator[Reference]:
        """All references in order."""
        ...


class OpenIndex(Index, Store, Protocol):
    """Index and store of one published version. Immutable: publishing again creates a new version."""

    @property
    def encoder(self) -> EncoderState:
        """Whether passages are found by meaning too."""
        ...

    @property
    def vectors(self) -> Vectors | None:
        """The vectors of this version; None unless `encoder` is "on"."""
        ...

    @property
    def derived(self) -> dict[Any, Any]:
        """What was worked out from this version, see derived.py."""
        ...

    def __hash__(self) -> int: ...


def check_url(url: str) -> None:
    """Raise IndexUnavailable for an unknown kind of index, BadSetting for an address that is not valid."""
    if is_cluster(url):
        read_cluster_address(url)
    elif url != IN_MEMORY and not has_folder(url):
        known = f"Known are memory: (the default), disk: with a folder such as disk:/var/lib/index, and {EXAMPLE}."
        raise IndexUnavailable(f"QA_INDEX: unknown kind of index: {url!r}. {known}")


def has_folder(url: str) -> bool:
    """Whether this is disk: with a folder."""
    return url.startswith(ON_DISK) and url != ON_DISK


def versions_of(url: str) -> Versions | None:
    """The versions that an index on disk or in a cluster keeps; None for `memory:`. Raises as `check_url`."""
    check_url(url)
    if is_cluster(url):
        from qa.indexes.opensearch import cluster

        return cluster.versions_in_cluster(url)
    if has_folder(url):
        from qa.indexes.disk.versions import DiskVersions, folder_of

        return DiskVersions(folder_of(url))
    return None


def store_version(version: VersionContent, url: str, kept: Cache) -> None:
    """Store a version in the index at `url`; `kept` is where memory: keeps it. Raises IndexUnavailable."""
    check_url(url)
    if is_cluster(url):
        from qa.indexes.opensearch import cluster

        cluster.store_in_cluster(version, url)
    elif has_folder(url):
        from qa.indexes.disk import versions

        versions.store_on_disk(version, url)
    else:
        from qa.indexes.memory import write_version

        write_version(version, kept)


def has_version(url: str, version: str, kept: Cache) -> bool:
    """Whether the index at `url` has this version, made by this program. Raises IndexUnavailable for an unknown kind of
    index."""
    check_url(url)
    if is_cluster(url):
        from qa.indexes.opensearch import cluster

        return cluster.is_in_cluster(url, version)
    if has_folder(url):
        from qa.indexes.disk import versions

        return versions.is_on_disk(url, version)
    from qa.indexes.memory import find_version

    return find_version(version, kept) is not None


def has_vectors(url: str, version: str, encoder: Encoder, kept: Cache) -> bool:
    """Whether the vectors of a version have been made by this encoder."""
    if is_cluster(url):
        from qa.indexes.opensearch import cluster

        return cluster.vectors_are_in_cluster(url, version, encoder)
    return find_vectors(version, encoder, kept) is not None


def store_vectors(tables: VectorTables, url: str, version: str, encoder: Encoder, kept: Cache) -> None:
    """Store the vectors of a version. Raises IndexUnavailable."""
    if is_cluster(url):
        from qa.indexes.opensearch import cluster

        cluster.store_vectors_in_cluster(tables, url, version, encoder)
    else:
        write_vectors(tables, version, encoder, kept)


def open_index(url: str, version: str, kept: Cache, encoder: Encoder | None = None) -> OpenIndex:
    """Open a published version of the index at `url`, with its vectors by this encoder if they have been made. Raises
    IndexUnavailable if the version is not there or damaged."""
    check_url(url)
    if is_cluster(url):
        from qa.indexes.opensearch import cluster

        return cluster.open_in_cluster(url, version, encoder)
    vectors = find_vectors(version, encoder, kept) if encoder else None
    if has_folder(url):
        from qa.indexes.disk import versions

        return versions.open_on_disk(url, version, encoder, vectors)
    from qa.indexes.memory import find_version, open_version

    data = find_version(version, kept)
    if data is None:
        raise IndexUnavailable(f"There is no version {version!r} in {kept.folder}. Publish it again.")
    return open_version(data, encoder, vectors)
