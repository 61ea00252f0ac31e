"""Write entries of documents.toml, with what was guessed of a document as comments for its owner."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from qa.corpus.documents import DOCUMENTS
from qa.editing.replacing import replace_whole
from qa.models import Provenance

HEAD = """\
# One entry for each document. Titles, dates and languages are guesses from the files: correct them. Remove the # at the
# beginning of a line to use it. docs/corpus.md explains every key.
"""
DATES = {"file": "in the file itself", "saved": "when the file was last saved", "owner": "given"}


def entry_of(id: str, path: str, about: Provenance, place: str, bibliographies: Iterable[str] = ()) -> str:
    """The entry of a document at `path`; `place` is the folder that files are named from."""
    file = path.removeprefix(place)
    lines = ["[[document]]", f"file = {in_toml(file)}"]
    if id != PurePosixPath(file).stem:
        lines.append(f"id = {in_toml(id)}")
    lines += [f"title = {in_toml(about.title)}", f"language = {in_toml(about.language)}"]
    if about.date and about.date_from:
        lines.append(f"# date = {in_toml(about.date)}  # {DATES[about.date_from]}")
    else:
        lines.append('# date = "2026-01-31"')
    lines.append('# owner = "Who is responsible for it"')
    lines.append(f"# licence = {in_toml(about.licence or 'CC BY 4.0')}")
    if beside := [name.removeprefix(place) for name in bibliographies]:
        lines.append(f"bibliography = [{', '.join(map(in_toml, beside))}]")
    return "\n".join(lines) + "\n"


def left_out_entry(file: str, reason: str) -> str:
    return f"# {' '.join(reason.split())}\n[[document]]\nfile = {in_toml(file)}\nleft_out = true\n"


def in_toml(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def add_entries(folder: Path, entries: Iterable[str]) -> None:
    """Append entries to documents.toml."""
    path = folder / DOCUMENTS
    written = path.read_text(encoding="utf-8-sig").rstrip() if path.exists() else HEAD.rstrip()
    replace_file(path, "\n\n".join([written, *(entry.rstrip() for entry in entries)]) + "\n")


def replace_file(path: Path, text: str) -> None:
    """Write a TOML file, whole or not at all."""
    tomllib.loads(text)  # never leave a file that cannot be read
    replace_whole(path, text.encode("utf-8"))
