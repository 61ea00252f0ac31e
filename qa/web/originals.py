"""The files that documents were read from, for download."""

from __future__ import annotations

from hashlib import sha256
from pathlib import PurePath
from urllib.parse import quote

from flask import Flask, Response

from qa.corpus.folder import read_file
from qa.errors import CorpusError, NotFound
from qa.messages import say
from qa.models import Document
from qa.web.responses import Responder

# What the page calls a format, by the ending of the file's name: names of sentences in qa/messages.toml.
KINDS_OF_FILE = {
    ".pdf": "document.a_pdf",
    ".docx": "document.a_word_document",
    **dict.fromkeys((".html", ".htm", ".xhtml"), "document.a_web_page"),
    ".epub": "document.a_book",
    **dict.fromkeys((".xml", ".nxml", ".jats"), "document.an_article"),
}


def add_originals(app: Flask, responder: Responder) -> None:
    service = responder.service

    @app.get("/documents/<id>/original")
    def original(id: str) -> Response:
        document = service.document(id)
        data = original_of(document, responder)
        name = quote(PurePath(document.file).name)
        return Response(
            data,
            headers={
                # never shown by the browser within this site, whatever it contains
                "Content-Type": "application/octet-stream",
                "Content-Disposition": f"attachment; filename*=UTF-8''{name}",
                "Cache-Control": "no-cache",
                "ETag": f'"{document.digest[:32]}"',
            },
        )


def original_of(document: Document, responder: Responder) -> bytes:
    """The file of a document, as it was read. Raises NotFound if it has changed since or is gone."""
    try:
        data = read_file(responder.service.settings.corpus, document.file)
    except CorpusError:
        data = None
    if data is None or sha256(data).hexdigest() != document.digest:
        raise NotFound(say("not_found.original"))
    return data


def kind_of(document: Document) -> str:
    """What a page calls the format of a document's file, as the name of a sentence."""
    return KINDS_OF_FILE.get(PurePath(document.file).suffix.lower(), "document.a_file")
