"""The name of the last release for `qa.indexing.ingest`; gone in the next."""

from qa.indexing.ingest import publish

__all__ = ["publish"]
