"""Versions in a cluster: store one, open one, and say which one the alias names."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import cache

import numpy as np

from qa.cache import maker_digest
from qa.encoder import Encoder
from qa.errors import IndexUnavailable, NotFound
from qa.indexes.layout import Numbers
from qa.indexes.opensearch.address import ClusterAddress, read_cluster_address
from qa.indexes.opensearch.client import STORE_WITHIN, Access, Client
from qa.indexes.opensearch.entries import Entries
from qa.indexes.opensearch.index import OpenSearchIndex
from qa.indexes.opensearch.layout import PASSAGE
from qa.indexes.opensearch.publishing import is_complete, store_entries, version_entries
from qa.indexes.opensearch.vectors import STORED, VECTORS, VectorsOfCandidates, vector_entries, vectors_from
from qa.indexes.stored import VersionContent
from qa.indexes.vectors import MOST_COMPARED, PassageVectors, Vectors, VectorTables
from qa.messages import say
from qa.settings import read_cluster_access


@cache
def connect(url: str) -> tuple[Client, ClusterAddress]:
    """A client for the cluster at `url`. Raises BadSetting for an address or a setting that is not valid."""
    address, access = read_cluster_address(url), read_cluster_access()
    return Client(address.nodes, Access(access.user, access.password.get_secret_value(), access.ca)), address


def index_of(version: str, address: ClusterAddress) -> str:
    """The index of a version as this program makes it: another release may make others from the same files."""
    return f"{address.name}-{version}-{maker_digest()[:8]}".lower()


def index_of_vectors(index: str, encoder: Encoder) -> str:
    return f"{index}-{encoder.fingerprint[:16]}".lower()


def store_in_cluster(version: VersionContent, url: str) -> None:
    """Store a version and let the alias name it. Raises IndexUnavailable."""
    client, address = connect(url)
    index = index_of(version.manifest.version, address)
    store_entries(version_entries(version), index, client, address)
    point_to(index, client, address)


def point_to(index: str, client: Client, address: ClusterAddress) -> None:
    """Let the alias name this index and no other, in one step."""
    actions = [
        {"remove": {"index": f"{address.name}-*", "alias": address.name, "must_exist": False}},
        {"add": {"index": index, "alias": address.name}},
    ]
    client.request("POST", "/_aliases", {"actions": actions}, within=STORE_WITHIN)


def is_in_cluster(url: str, version: str) -> bool:
    """Whether the cluster has all of this version. Raises IndexUnavailable if it cannot be asked."""
    client, address = connect(url)
    return is_complete(index_of(version, address), client)


def store_vectors_in_cluster(tables: VectorTables, url: str, version: str, encoder: Encoder) -> None:
    """Store the vectors of a version. Raises IndexUnavailable."""
    client, address = connect(url)
    index = index_of_vectors(index_of(version, address), encoder)
    store_entries(vector_entries(tables), index, client, address)


def vectors_are_in_cluster(url: str, version: str, encoder: Encoder) -> bool:
    """Whether the cluster has all vectors of this version by this encoder."""
    client, address = connect(url)
    return is_complete(index_of_vectors(index_of(version, address), encoder), client)


def open_in_cluster(url: str, version: str, encoder: Encoder | None) -> OpenSearchIndex:
    """Open a version. Raises IndexUnavailable if it is not there or the cluster cannot be asked."""
    client, address = connect(url)
    name = index_of(version, address)
    if not is_complete(name, client):
        raise IndexUnavailable(f"There is no version {version!r} in {address.name}. Publish it again.")
    index = OpenSearchIndex(Entries(client, name))
    if encoder:
        of_vectors = index_of_vectors(name, encoder)
        index.encoder = "on" if is_complete(of_vectors, client) else "preparing"
        if index.encoder == "on":
            index.vectors = open_vectors(index, Entries(client, of_vectors), encoder)
    return index


def open_vectors(index: OpenSearchIndex, entries: Entries, encoder: Encoder) -> Vectors:
    if index.manifest.passages > MOST_COMPARED:
        return VectorsOfCandidates(entries, encoder, index.numbers)
    tables = vectors_from(entries.all(VECTORS, STORED), encoder)
    passages = list(index.entries.all(PASSAGE, ("id", "tagged")))
    ids = [entry["id"] for entry in passages]
    tags = [frozenset(entry["tagged"]) for entry in passages]
    return PassageVectors(tables, encoder.encode_question, ids, place_among(ids), tagged_with(tags))


def place_among(ids: Sequence[str]) -> Callable[[str], int]:
    places = {id: place for place, id in enumerate(ids)}

    def place(id: str) -> int:
        if id not in places:
            raise NotFound(say("not_found.passage"))
        return places[id]

    return place


def tagged_with(tags: Sequence[frozenset[str]]) -> Callable[[Collection[str]], Numbers]:
    def has_tag(conditions: Collection[str]) -> Numbers:
        return np.array([not each.isdisjoint(conditions) for each in tags], bool)

    return has_tag
