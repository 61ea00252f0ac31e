"""Deprecated alias of `qa.indexing.ingest`; will be removed in the next release."""

from qa.indexing.publish import open_published as publish

__all__ = ["publish"]
