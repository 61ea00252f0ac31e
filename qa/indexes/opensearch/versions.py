"""The versions in a cluster: which there are, which one the alias names, and whether they are whole."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from qa.errors import IndexUnavailable, NotFound
from qa.indexes.opensearch.address import ClusterAddress
from qa.indexes.opensearch.client import STORE_WITHIN, Client
from qa.indexes.opensearch.entries import Entries
from qa.indexes.opensearch.layout import CLUSTER_FORMAT, COMPLETE, entry_id
from qa.indexes.opensearch.publishing import Sent, check, checksum_of
from qa.indexes.versions import AboutVersion, version_among

MOST_VERSIONS = 1000
NAME = re.compile(r"[0-9a-z]+\.[0-9a-f]{8}")  # a digest of the content and one of the program
VECTORS_OF = re.compile(r"-[0-9a-f]{16}")  # what follows the name of a version's index in that of its vectors
ADVICE = "Build the version again with `qa index build`, or serve another one with `qa index promote`."


def index_named(name: str, address: ClusterAddress) -> str:
    """The index of a version."""
    return f"{address.name}-{name.replace('.', '-')}"


def index_of_vectors(index: str, encoder: str) -> str:
    """The index of the vectors of a version by the encoder with this fingerprint."""
    return f"{index}-{encoder[:16]}".lower()


class ClusterVersions:
    """The complete versions of one service in a cluster; implements `Versions`."""

    def __init__(self, client: Client, address: ClusterAddress) -> None:
        self._client, self._address = client, address

    def _complete(self) -> dict[str, Mapping[str, Any]]:
        """What is written down about each version, by name, the newest last."""
        body = {"size": MOST_VERSIONS, "query": {"term": {"kind": COMPLETE}}}
        found = self._client.request("POST", f"/{self._address.name}-*/_search?ignore_unavailable=true", body)
        if found.get("timed_out") or found["_shards"]["failed"]:
            raise IndexUnavailable("A part of the index does not answer. Try again later.")
        entries = [hit["_source"] for hit in found["hits"]["hits"]]
        # Indexes of another service, whose name begins with ours and a hyphen, are none of ours.
        ours = [each for each in entries if each.get("of") == self._address.name]
        return {each["name"]: each for each in sorted(ours, key=lambda each: each["moment"])}

    def names(self) -> list[str]:
        return [*self._complete()]

    def named(self, version: str) -> str:
        return version_among(self.names(), version, self._address.name)

    def current(self) -> str | None:
        try:
            [index] = self._client.request("GET", f"/_alias/{self._address.name}")
        except NotFound:
            return None
        except ValueError:
            raise IndexUnavailable(
                f"The alias {self._address.name} names several indexes. Remove all but one."
            ) from None
        name: str = index.removeprefix(f"{self._address.name}-").replace("-", ".")
        return name

    def about(self, name: str) -> AboutVersion:
        said = self._said(name)
        size = self._client.request("GET", f"/{self._index(name)}/_stats/store?filter_path=_all.primaries.store")
        return AboutVersion(said["made"], said["passages"], size["_all"]["primaries"]["store"]["size_in_bytes"])

    def check(self, name: str) -> None:
        """Compare counts and checksums of what the cluster has."""
        said = self._said(name)
        check(self._index(name), self._client, Sent(said["counts"], said["total"]))

    def verify(self, name: str) -> int:
        said, read = self._said(name), 0
        self.check(name)
        entries = Entries(self._client, self._index(name))
        for kind in said["counts"]:
            for entry in entries.all(kind, None):
                given = dict(entry)
                if given.pop("checksum") != checksum_of(given)[0]:
                    raise IndexUnavailable(f"The index {entries.index} is damaged: an entry has changed. {ADVICE}")
                read += 1
        if read != sum(said["counts"].values()):
            raise IndexUnavailable(f"The index {entries.index} is damaged: {read} entries could be read. {ADVICE}")
        return read

    def promote(self, name: str) -> None:
        """Let the alias name this version and no other, in one step."""
        self.check(name)
        actions = [
            {"remove": {"index": f"{self._address.name}-*", "alias": self._address.name, "must_exist": False}},
            {"add": {"index": self._index(name), "alias": self._address.name}},
        ]
        self._client.request("POST", "/_aliases", {"actions": actions}, within=STORE_WITHIN)

    def prune(self, keep: int) -> list[str]:
        current = self.current()
        old = [name for name in self.names()[: -keep or None] if name != current]
        for name in old:
            for index in (*self._vectors_of(name), self._index(name)):
                self._client.request("DELETE", f"/{index}?ignore_unavailable=true", within=STORE_WITHIN)
        return old

    def _index(self, name: str) -> str:
        if not NAME.fullmatch(name):
            raise IndexUnavailable(f"There is no version {name!r} in {self._address.name}.")
        return index_named(name, self._address)

    def _vectors_of(self, name: str) -> Sequence[str]:
        index = self._index(name)
        found = self._client.request("GET", f"/{index}-*/_settings?filter_path=*.settings.index.uuid")
        return [each for each in found if VECTORS_OF.fullmatch(each.removeprefix(index))]

    def _said(self, name: str) -> Mapping[str, Any]:
        """What the index of a version says of it. Raises IndexUnavailable."""
        try:
            said: Mapping[str, Any] = self._client.request(
                "GET", f"/{self._index(name)}/_doc/{entry_id(COMPLETE, '')}"
            )["_source"]
        except NotFound:
            raise IndexUnavailable(f"There is no version {name!r} in {self._address.name}.") from None
        if said.get("format") != CLUSTER_FORMAT:
            raise IndexUnavailable(
                f"{self._index(name)} was made by a release with another format. Build it again with `qa index build`, "
                "or use the release that made it."
            )
        return said
