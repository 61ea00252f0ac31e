"""Media types of the exports, and the choice by Accept header."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Request

PLAIN_TEXT = "text/plain"
TABLE = {"csv": "text/csv"}
NEGOTIATED = {
    "json": "application/vnd.citationstyles.csl+json",
    "bib": "application/x-bibtex",
    "ris": "application/x-research-info-systems",
    **TABLE,
}


# Lists of references and quotations to read and paste: by the ending of an address only, as they are plain text.
EXPORT_KINDS = NEGOTIATED | dict.fromkeys(("ama", "vancouver", "apa"), PLAIN_TEXT) | {"md": "text/markdown"}
AS_TABLE = tuple(TABLE)  # endings of tables, and of exports of works
FOR_WORKS = tuple(ending for ending in EXPORT_KINDS if ending not in TABLE)
KEPT_TYPES = {"json", "csv"}  # for clients that know no other type of text than plain text
AS_PLAIN_TEXT = {ending: kind if ending in KEPT_TYPES else PLAIN_TEXT for ending, kind in EXPORT_KINDS.items()}


def prefers_plain_text(request: Request) -> bool:
    """Return whether the Accept header asks for plain text rather than for the types of BibTeX and RIS, as generated
    clients do that know no other type of text."""
    if PLAIN_TEXT not in request.environ.get("HTTP_ACCEPT", "").lower():
        return False
    return request.accept_mimetypes.best_match([*NEGOTIATED.values(), PLAIN_TEXT]) == PLAIN_TEXT


def accepted_export(request: Request, endings: Sequence[str]) -> str:
    """Return which of these endings has the format preferred in the Accept header; "" for JSON. The header is only
    parsed if it names one of the formats, which is rare."""
    header = request.environ.get("HTTP_ACCEPT", "").lower()
    kinds = {NEGOTIATED[ending]: ending for ending in endings if ending in NEGOTIATED}
    if not any(kind in header for kind in kinds):
        return ""
    return kinds.get(request.accept_mimetypes.best_match(["application/json", *kinds]) or "", "")
