"""Export formats for reference managers, chosen by file ending or Accept header."""

from __future__ import annotations

from collections.abc import Collection

from flask import Request

from qa.citations.export import EXPORTS

EXPORT_KINDS = {
    "json": "application/vnd.citationstyles.csl+json",
    "bib": "application/x-bibtex",
    "ris": "application/x-research-info-systems",
}


def choose_export(request: Request, id: str, known: Collection[str]) -> tuple[str, str]:
    """Return the id of the work and the export format ("" for JSON), from the ending unless a known id has this ending,
    otherwise from the Accept header."""
    stem, _, ending = id.rpartition(".")
    if id not in known and ending in EXPORTS:
        return stem, ending
    return id, accepted_export(request)


def accepted_export(request: Request) -> str:
    """Return the ending of the export format preferred in the Accept header; "" for JSON. The header is only parsed if
    it names one of these formats, which is rare."""
    header = request.environ.get("HTTP_ACCEPT", "").lower()
    if not any(kind in header for kind in EXPORT_KINDS.values()):
        return ""
    wanted = request.accept_mimetypes.best_match(["application/json", *EXPORT_KINDS.values()])
    return next((ending for ending, kind in EXPORT_KINDS.items() if kind == wanted), "")
