r"""LaTeX: headings, paragraphs, lists, tables, captions, notes, and citations by key or of the file's own list.

Only what the file itself holds is read: files that it would put in are named (`\input`), and never opened. Commands are
read one by one without recursion; what they do is in tables by name. What is written becomes a page, which is read as
that of a light markup is.
"""

from __future__ import annotations

import re
from dataclasses import replace

from qa.errors import ReadingError
from qa.models import Metadata, Reading, Trouble
from qa.readers.dates import date_in_words
from qa.readers.encoding import decode_text
from qa.readers.latex.reading import read_tokens
from qa.readers.latex.source import TexSource
from qa.readers.latex.state import TexDocument
from qa.readers.latex.structure import HAS_TITLE, TEX_SECTIONS, USED
from qa.readers.latex.terms import render
from qa.readers.latex.works import OwnWorks, label_in_words, with_bibitems, words_of_html

LARGEST = 5_000_000  # bytes
DECLARED = re.compile(
    rb"\\usepackage\s*\[\s*(?P<name>latin1|latin9|ansinew|cp1252|applemac|latin2)\s*\]\s*\{inputenc\}"
)
ENCODINGS = {"latin1": "cp1252", "latin9": "iso8859-15", "ansinew": "cp1252", "cp1252": "cp1252",
             "applemac": "mac-roman", "latin2": "iso8859-2"}  # fmt: skip
MOST_NAMED = 12
NOT_CLOSED = "Braces or environments are not closed, or closed twice: text near them may be in the wrong place."


def read_latex(data: bytes, name: str) -> Reading:
    """Read a LaTeX file; `name` appears in messages. Raises ReadingError."""
    if len(data) > LARGEST:
        raise ReadingError(name, f"is larger than {LARGEST // 1_000_000} MB. Split the file.")
    text = decode_latex(data, name).removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    text = text.replace("\ue000", "").replace("\ue001", "")
    text = with_bibitems(text)
    works = OwnWorks()
    labels = works.find(text, name)
    body = TexDocument(TexSource(text, name), works)
    for key, label in labels.items():
        works.entries[key].label = render(label_in_words(label))
    used = {match[1] for match in USED.finditer(text)}
    body.highest = next((section for section in TEX_SECTIONS if section in used), "section")
    body.level = 2 if HAS_TITLE.search(text) else 1
    read_tokens(body)
    return as_reading(body, name)


def decode_latex(data: bytes, name: str) -> str:
    """The text as UTF-8, or else in the older encoding that the file names. Raises ReadingError."""
    declared = DECLARED.search(data)
    try:
        return decode_text(data, name)
    except ReadingError:
        if declared is None or b"\0" in data:
            raise
    return data.decode(ENCODINGS[declared["name"].decode()], "replace")


def as_reading(body: TexDocument, name: str) -> Reading:
    page = body.output.page
    title = words_of_html(body.title)
    if title:
        page.parts.insert(0, f"<h1>{body.title}</h1>")
    if any(body.notes):
        page.heading(body.level, "Notes")
        notes = (f'<li id="note-{number}">{html}</li>' for number, html in enumerate(body.notes, start=1))
        page.parts.append(f"<ol>{''.join(notes)}</ol>")
    joined = "".join(page.parts)
    page.parts = [re.sub(r"\ue000(\d+)\ue001", lambda found: body.show_reference(int(found[1])), joined)]
    authors = [each for author in body.authors for part in author.split(",") if (each := part.strip())]
    metadata = Metadata(
        title=title or None,
        author=", ".join(authors) or None,
        date=date_in_words(body.date),
        language=body.language or None,
    )
    reading = page.reading(metadata, name)
    return replace(reading, trouble=(*reading.trouble, *trouble_of(body)))


def trouble_of(body: TexDocument) -> list[Trouble]:
    found = [f"The file {file} that it puts in is not read with it. Keep it as a document too." for file in body.files]
    if body.unknown:
        names = [f"\\{command}" for command in body.unknown]
        more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
        listed = f"{', '.join(names[:MOST_NAMED])}{more}"
        found.append(f"Commands that are not known, of which only the words in braces are kept: {listed}.")
    if missing := body.missing():
        found.append(f"References to parts that are not in the file ({missing}) are shown as ??.")
    if body.broken:
        found.append(NOT_CLOSED)
    return [Trouble(message) for message in found]
