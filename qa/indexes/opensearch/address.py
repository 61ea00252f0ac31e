"""The address of a cluster, as given in QA_INDEX."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from qa.errors import BadSetting

SCHEME = "opensearch+"
EXAMPLE = "opensearch+https://node1:9200,node2:9200/evidence"
NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,99}")  # a valid index name, with room for a version
NUMBERS = {"shards": (1, 1024), "replicas": (0, 10)}
DEFAULTS = {"shards": 1, "replicas": 1}


@dataclass(frozen=True, slots=True)
class ClusterAddress:
    """The nodes to ask, the name that all indexes of this service begin with, and how each index is divided."""

    nodes: tuple[str, ...]
    name: str
    shards: int
    replicas: int


def is_cluster(url: str) -> bool:
    return url.startswith(SCHEME)


def read_cluster_address(url: str) -> ClusterAddress:
    """Read an address such as EXAMPLE, with `?shards=3&replicas=2` if wanted. Raises BadSetting."""
    parts = urlsplit(url.removeprefix(SCHEME))
    hosts, name = parts.netloc.split(","), parts.path.strip("/")
    if "@" in parts.netloc:
        raise BadSetting("QA_INDEX must not contain a password. Set QA_OPENSEARCH_USER and QA_OPENSEARCH_PASSWORD.")
    if parts.scheme not in ("http", "https") or not all(hosts) or not NAME.fullmatch(name):
        raise BadSetting(
            f"QA_INDEX must be an address such as {EXAMPLE}: the nodes, and a name in lower case for the indexes."
        )
    numbers = {**DEFAULTS, **{key: read_number(key, value) for key, value in parse_qsl(parts.query)}}
    return ClusterAddress(tuple(f"{parts.scheme}://{host}" for host in hosts), name, **numbers)


def read_number(key: str, value: str) -> int:
    least, most = NUMBERS.get(key, (0, -1))
    if not value.isdecimal() or not least <= int(value) <= most:
        known = " and ".join(f"{name} ({low} to {high})" for name, (low, high) in NUMBERS.items())
        raise BadSetting(f"QA_INDEX: {key}={value} is not valid. Known are {known}.")
    return int(value)
