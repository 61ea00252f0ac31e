"""The index version as shown beside an answer."""

from __future__ import annotations

from qa.indexes import Store
from qa.models import IndexInfo


def index_info(store: Store) -> IndexInfo:
    manifest = store.manifest
    return IndexInfo(manifest.version, len(manifest.documents), manifest.passages)
