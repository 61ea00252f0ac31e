"""What is known of a document: what its owner gives, then what the file says, then what can be guessed."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import PurePath

from qa.models import Block, DateSource, Provenance, Reading
from qa.readers.plain import visible_words
from qa.readers.typed_references import NOTES_HEADING, REFERENCES_HEADING
from qa.text.language import ENGLISH, language_of

AT_THE_TOP = frozenset({"heading", "byline", "metadata"})
NAMED_BY_PROGRAMS = frozenset({".docx", ".pdf"})  # their author is often a program or whose computer it was
LONGEST_LOOKED_AT = 20_000  # characters, to guess the language
# Titles that programs write, which say nothing about the document.
NO_TITLE = re.compile(
    r"(?:microsoft word|untitled|unnamed|document ?\d*$|dokument ?\d*$|title$)|"
    r".*\.(?:docx?|pdf|html?|txt|md|odt|rtf|indd|tex)$",
    re.I,
)

# Headings of parts that many documents have.
PART = re.compile(
    r"(?:\d+\.?\s+)?(?:abstract|background|contents|foreword|introduction|keywords|preface|summary|"
    r"table of contents)\W*$",
    re.I,
)
DATED_NAME = re.compile(r"((?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]))[-_ ]+[^\W\d_]")
FIRST_PART = re.compile(r"(?:1|I|A)[.):]?\s+\S")


def complete(given: Provenance, path: str, reading: Reading) -> Provenance:
    """What the owner gives of a document, with the rest from the file itself.

    A document without any title has its heading at the top, or else its file's name. One that does not say its language
    has that of its words, or else English.
    """
    file = reading.metadata
    own = file.title if file.title and not NO_TITLE.match(file.title) else ""
    named = DATED_NAME.match(PurePath(path).stem)  # as Jekyll names its pages
    in_file = file.date or (named[1] if named else None)
    dates: dict[DateSource, str | None] = {"owner": given.date, "file": in_file, "saved": file.modified}
    source, date = next(((source, date) for source, date in dates.items() if date), (None, None))
    return replace(
        given,
        # A heading may be wrapped in the file; a title is one line wherever it is shown.
        title=given.title or " ".join((own or top_heading(reading) or PurePath(path).stem).split()),
        date=date,
        date_from=source,
        language=given.language or file.language or language_of(reading.text[:LONGEST_LOOKED_AT]) or ENGLISH,
        licence=given.licence or file.licence,
        kind=given.kind or file.kind,
        doi=given.doi or file.doi,
        author=given.author or (None if PurePath(path).suffix.lower() in NAMED_BY_PROGRAMS else file.author),
    )


def top_heading(reading: Reading) -> str:
    """The words of the first heading of level 1, or of a heading that comes before all text; else empty. That of a part
    which many documents have, such as "References", is no title."""
    headings = [block for block in reading.blocks if block.kind == "heading"]
    begins = next((block.start for block in reading.blocks if block.kind not in AT_THE_TOP), len(reading.text))
    for heading in (block for block in headings if block.level == 1 or block.start < begins):
        if not is_part(reading, heading):
            return visible_words(reading, heading)
        if heading.level == 1:
            return ""  # the highest headings are those of parts
    return ""


def is_part(reading: Reading, heading: Block) -> bool:
    words = visible_words(reading, heading)
    alike = sum(block.kind == "heading" and block.level == heading.level for block in reading.blocks)
    if alike > 1 and FIRST_PART.match(words):
        return True
    return any(shape.match(words) for shape in (PART, REFERENCES_HEADING, NOTES_HEADING))
