"""Media types of the exports for reference managers, and the choice by Accept header."""

from __future__ import annotations

from flask import Request

EXPORT_KINDS = {
    "json": "application/vnd.citationstyles.csl+json",
    "bib": "application/x-bibtex",
    "ris": "application/x-research-info-systems",
}


PLAIN_TEXT = "text/plain"


def prefers_plain_text(request: Request) -> bool:
    """Return whether the Accept header asks for plain text rather than for the types of BibTeX and RIS, as generated
    clients do that know no other type of text."""
    if PLAIN_TEXT not in request.environ.get("HTTP_ACCEPT", "").lower():
        return False
    return request.accept_mimetypes.best_match([*EXPORT_KINDS.values(), PLAIN_TEXT]) == PLAIN_TEXT


def accepted_export(request: Request) -> str:
    """Return the ending of the export format preferred in the Accept header; "" for JSON. The header is only parsed if
    it names one of these formats, which is rare."""
    header = request.environ.get("HTTP_ACCEPT", "").lower()
    if not any(kind in header for kind in EXPORT_KINDS.values()):
        return ""
    wanted = request.accept_mimetypes.best_match(["application/json", *EXPORT_KINDS.values()])
    return next((ending for ending, kind in EXPORT_KINDS.items() if kind == wanted), "")
