"""The formats that reference managers read, chosen by ending or by what the sender accepts."""

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
    return id, accepted(request)


def accepted(request: Request) -> str:
    """The ending of the format that is accepted rather than plain JSON, if any. Most senders name none of these, and
    are not kept waiting for the header to be weighed."""
    header = request.environ.get("HTTP_ACCEPT", "").lower()
    if not any(kind in header for kind in EXPORT_KINDS.values()):
        return ""
    wanted = request.accept_mimetypes.best_match(["application/json", *EXPORT_KINDS.values()])
    return next((ending for ending, kind in EXPORT_KINDS.items() if kind == wanted), "")
