"""Media types of the exports, and the choice by Accept header."""

from __future__ import annotations

from flask import Request

PLAIN_TEXT = "text/plain"
NEGOTIATED = {
    "json": "application/vnd.citationstyles.csl+json",
    "bib": "application/x-bibtex",
    "ris": "application/x-research-info-systems",
}


# Lists of references and quotations to read and paste: by the ending of an address only, as they are plain text.
EXPORT_KINDS = NEGOTIATED | dict.fromkeys(("ama", "vancouver", "apa"), PLAIN_TEXT) | {"md": "text/markdown"}
AS_PLAIN_TEXT = {ending: kind if ending == "json" else PLAIN_TEXT for ending, kind in EXPORT_KINDS.items()}


def prefers_plain_text(request: Request) -> bool:
    """Return whether the Accept header asks for plain text rather than for the types of BibTeX and RIS, as generated
    clients do that know no other type of text."""
    if PLAIN_TEXT not in request.environ.get("HTTP_ACCEPT", "").lower():
        return False
    return request.accept_mimetypes.best_match([*NEGOTIATED.values(), PLAIN_TEXT]) == PLAIN_TEXT


def accepted_export(request: Request) -> str:
    """Return the ending of the export format preferred in the Accept header; "" for JSON. The header is only parsed if
    it names one of these formats, which is rare."""
    header = request.environ.get("HTTP_ACCEPT", "").lower()
    if not any(kind in header for kind in NEGOTIATED.values()):
        return ""
    wanted = request.accept_mimetypes.best_match(["application/json", *NEGOTIATED.values()])
    return next((ending for ending, kind in NEGOTIATED.items() if kind == wanted), "")
