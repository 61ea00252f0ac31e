"""A work in the formats that reference managers read, chosen by ending or by what the sender accepts."""

from __future__ import annotations

from collections.abc import Collection

from flask import Request

from qa.citations.export import EXPORTS

EXPORT_KINDS = {
    "json": "application/vnd.citationstyles.csl+json",
    "bib": "application/x-bibtex",
    "ris": "application/x-research-info-systems",
}


def export_wanted(request: Request, id: str, known: Collection[str]) -> tuple[str, str]:
    """The id of the work and the format, "" for the full view: by ending unless an id itself ends so, else by what is
    accepted."""
    stem, _, ending = id.rpartition(".")
    if id not in known and ending in EXPORTS:
        return stem, ending
    wanted = request.accept_mimetypes.best_match(["application/json", *EXPORT_KINDS.values()])
    return id, next((kind for kind, mimetype in EXPORT_KINDS.items() if mimetype == wanted), "")
