"""The addresses of pages: paths below the address of the service, as in the `url` of everything that has a page."""

from __future__ import annotations

from urllib.parse import quote


def document_url(id: str, sentence: str = "") -> str:
    """The page of a document, at one of its sentences if it is given."""
    return f"/documents/{quote(id)}{'#' if sentence else ''}{sentence}"


def reference_url(id: str) -> str:
    """The page of a cited work."""
    return f"/references/{quote(id)}"


def condition_url(id: str) -> str:
    """The page of a condition."""
    return f"/conditions/{quote(id, safe='')}"


def term_url(anchor: str) -> str:
    """A term on the page of the glossary."""
    return f"/glossary#{anchor}"
