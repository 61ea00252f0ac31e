"""Deprecated alias of `qa.indexing.ingest`; will be removed in the next release."""

from qa.indexing.ingest import publish

__all__ = ["publish"]
