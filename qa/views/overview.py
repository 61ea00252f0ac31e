"""Overviews: which conditions the documents cover and how their sentences are supported."""

from __future__ import annotations

from collections.abc import Iterable

from qa.indexes import OpenIndex
from qa.indexes.derived import once_per_index
from qa.models import CoverageReport, SupportCounts
from qa.views.documents import index_info


@once_per_index
def coverage_report(index: OpenIndex) -> CoverageReport:
    """Return what the documents cover, with the whole vocabulary: conditions not covered have 0 passages. Cached, as it
    walks all documents."""
    manifest = index.manifest
    return CoverageReport(
        conditions=manifest.knowledge.conditions,
        documents=tuple(manifest.documents),
        support=sum_of(document.support for document in manifest.documents),
        index=index_info(index),
    )


def sum_of(counts: Iterable[SupportCounts]) -> SupportCounts:
    every = list(counts)
    return SupportCounts(
        sum(each.cited for each in every),
        sum(each.inherited for each in every),
        sum(each.named_source for each in every),
        sum(each.uncited for each in every),
    )
