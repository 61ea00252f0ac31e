"""`qa init`: write the files of a new corpus, filled in with what the documents say about themselves."""

from __future__ import annotations

import os
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from qa.cache import Cache
from qa.corpus import look_at_corpus
from qa.corpus.documents import DOCUMENTS
from qa.corpus.folder import document_names, documents_folder, sorted_out
from qa.corpus.named_lists import names_lists
from qa.editing.listing import HEAD, entry_of, left_out_entry
from qa.errors import CorpusError
from qa.indexing.ingest import annotate_each
from qa.messages import count, say

STARTERS = ("site.toml", "notices.toml")


def start_corpus(folder: Path, kept: Cache | None = None) -> Iterator[str]:
    """Write the files that are not there yet, and yield a line for each. `kept` is where readings are kept.

    Raises CorpusError.
    """
    if not folder.is_dir():
        raise CorpusError(str(folder), say("init.no_folder"))
    if os.path.lexists(folder / DOCUMENTS):
        yield say("init.kept", file=DOCUMENTS)
    else:
        yield from list_found(folder, kept)
    for name in STARTERS:
        if os.path.lexists(folder / name):
            yield say("init.kept", file=name)
        else:
            with (folder / name).open("x", encoding="utf-8") as starter:
                starter.write(files("qa").joinpath("data", "starter", name).read_text(encoding="utf-8"))
            yield say("init.written", file=name)
    yield say("init.next")


def list_found(folder: Path, kept: Cache | None) -> Iterator[str]:
    """Write documents.toml with what was read of all files. Raises CorpusError if there is no document."""
    corpus = look_at_corpus(folder)
    if not corpus.files:
        raise corpus.faults[0]
    annotated = annotate_each(corpus, kept=kept)
    place = documents_folder(folder)
    beside = {file.path: [path for path, _ in file.bibliographies] for file in corpus.files}
    to_write = {file.path: [] if names_lists(file.path, file.data) else beside[file.path] for file in corpus.files}
    entries = [
        entry_of(document.id, document.file, document.provenance, place, to_write[document.file])
        for document in annotated.documents
    ]
    named = {document.file for document in annotated.documents} | {path for paths in beside.values() for path in paths}
    reasons = {fault.file: fault.message for fault in annotated.skipped}
    for name in sorted_out(folder, document_names(folder))[0]:
        if name not in named:
            entries.append(left_out_entry(name.removeprefix(place), reasons.get(name, "")))
    with (folder / DOCUMENTS).open("x", encoding="utf-8") as listing:
        listing.write("\n".join([HEAD, *entries]))
    yield count("init.listed", len(annotated.documents))
    for fault in annotated.skipped:
        yield say("init.skipped", fault=str(fault))
