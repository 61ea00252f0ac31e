"""Versions in a cluster: store one, and open one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import cache, partial
from typing import Any

from qa.cache import maker_digest
from qa.encoder import Encoder
from qa.errors import IndexUnavailable
from qa.indexes.layout import Names, place_among
from qa.indexes.opensearch.address import ClusterAddress, read_cluster_address
from qa.indexes.opensearch.client import Access, Client
from qa.indexes.opensearch.entries import Entries
from qa.indexes.opensearch.index import OpenSearchIndex
from qa.indexes.opensearch.layout import PASSAGE, PASSAGE_IDS
from qa.indexes.opensearch.publishing import is_complete, store_entries
from qa.indexes.opensearch.ready import ready_entries, version_entries
from qa.indexes.opensearch.vectors import STORED, VECTORS, VectorsOfCandidates, vector_entries, vectors_from
from qa.indexes.opensearch.versions import ClusterVersions, index_named, index_of_vectors
from qa.indexes.ready_chunks import ReadyChunk, VersionNumbers
from qa.indexes.stored_documents import VersionContent
from qa.indexes.vectors import MOST_COMPARED, PassageVectors, Vectors, VectorTables
from qa.models import Manifest
from qa.settings import read_cluster_access


@cache
def connect(url: str) -> tuple[Client, ClusterAddress]:
    """A client for the cluster at `url`. Raises BadSetting for an address or a setting that is not valid."""
    address, access = read_cluster_address(url), read_cluster_access()
    return Client(address.nodes, Access(access.user, access.password.get_secret_value(), access.ca)), address


def versions_in_cluster(url: str) -> ClusterVersions:
    return ClusterVersions(*connect(url))


def name_of_version(version: str) -> str:
    """The name of a version made by this program: another release may make another from the same files."""
    return f"{version}.{maker_digest()[:8]}".lower()


def store_in_cluster(version: VersionContent, url: str) -> None:
    """Store a version, and serve it if there is none yet. Raises IndexUnavailable."""
    store_as(version.manifest.version, version_entries(version), url)


def store_ready_in_cluster(
    version: str, chunks: Iterable[ReadyChunk], manifest: Callable[[VersionNumbers], Manifest], url: str
) -> None:
    """Store ready passages as a version, and serve it if there is none yet. `manifest` is called when all chunks are
    read. Raises IndexUnavailable."""
    store_as(version, ready_entries(chunks, manifest), url)


def store_as(version: str, entries: Iterable[dict[str, Any]], url: str) -> None:
    client, address = connect(url)
    name, now = name_of_version(version), datetime.now(UTC)
    made = {"made": now.isoformat(timespec="seconds"), "moment": now.timestamp()}
    about = {"of": address.name, "name": name, **made}
    store_entries(entries, index_named(name, address), client, address, about)
    versions = ClusterVersions(client, address)
    if not versions.current():
        versions.promote(name)


def is_in_cluster(url: str, version: str) -> bool:
    """Whether the cluster has all of this version, made by this program. Raises IndexUnavailable if it cannot be
    asked."""
    client, address = connect(url)
    return is_complete(index_named(name_of_version(version), address), client)


def found_in_cluster(url: str, version: str) -> str:
    """The index of a version, made by this program or, if there is none, by another of the same format. Raises
    IndexUnavailable."""
    client, address = connect(url)
    index = index_named(name_of_version(version), address)
    if is_complete(index, client):
        return index
    index = index_named(ClusterVersions(client, address).named(version), address)
    if not is_complete(index, client):
        raise IndexUnavailable(
            f"The version {version} in {address.name} was made by a release with another format. Build it again with "
            "`qa index build`, or use the release that made it."
        )
    return index


def store_vectors_in_cluster(tables: VectorTables, url: str, version: str, encoder: Encoder) -> None:
    """Store the vectors of a version. Raises IndexUnavailable."""
    client, address = connect(url)
    index = index_of_vectors(found_in_cluster(url, version), encoder.fingerprint)
    store_entries(vector_entries(tables), index, client, address, {})


def vectors_are_in_cluster(url: str, version: str, encoder: Encoder) -> bool:
    """Whether the cluster has all vectors of this version by this encoder."""
    client, _ = connect(url)
    return is_complete(index_of_vectors(found_in_cluster(url, version), encoder.fingerprint), client)


def open_in_cluster(url: str, version: str, encoder: Encoder | None) -> OpenSearchIndex:
    """Open a version. Raises IndexUnavailable if it is not there or the cluster cannot be asked."""
    client, _ = connect(url)
    name = found_in_cluster(url, version)
    index = OpenSearchIndex(Entries(client, name))
    if encoder:
        of_vectors = index_of_vectors(name, encoder.fingerprint)
        index.encoder = "on" if is_complete(of_vectors, client) else "preparing"
        if index.encoder == "on":
            index.vectors = open_vectors(index, Entries(client, of_vectors), encoder)
    return index


def open_vectors(index: OpenSearchIndex, entries: Entries, encoder: Encoder) -> Vectors:
    if index.manifest.passages > MOST_COMPARED:
        return VectorsOfCandidates(entries, encoder, index.numbers)
    tables = vectors_from(entries.all(VECTORS, STORED), encoder)
    ids = Names(index.sections, PASSAGE_IDS)
    place = partial(place_among, ids, PASSAGE)
    return PassageVectors(tables, encoder.encode_question, ids, place, index.tags.passages_with_one_of)
