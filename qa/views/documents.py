"""The index version as shown beside an answer."""

from __future__ import annotations

from qa.indexes import OpenIndex
from qa.models import IndexInfo


def index_info(index: OpenIndex) -> IndexInfo:
    manifest = index.manifest
    return IndexInfo(manifest.version, len(manifest.documents), manifest.passages, index.encoder)
