"""Word documents: text with the numbers that Word draws, and citations as citation managers keep them."""

from __future__ import annotations

from collections import Counter

from qa.errors import ReadingError
from qa.models import CSL, Metadata, Reading, Trouble
from qa.readers.docx.body import Body
from qa.readers.docx.fields import ManagedWorks
from qa.readers.docx.managers import works_of_word
from qa.readers.docx.notes import Notes
from qa.readers.docx.numbering import Numbering
from qa.readers.docx.package import Package, W, letters_in
from qa.readers.docx.runs import Runs
from qa.readers.docx.styles import Styles
from qa.readers.docx.tied import folded, follow_bookmarks, pass_on_notes, tie_entries
from qa.readers.reference_list import mark_entries
from qa.readers.writer import Writer
from qa.readers.xml import Element, attribute, flat

BESIDE = {
    "header": "headers and footers",
    "footer": "headers and footers",
    "comments": "comments",
    "chart": "charts and diagrams",
    "diagramData": "charts and diagrams",
    "aFChunk": "files within the file",
}


def read_docx(data: bytes, name: str) -> Reading:
    """Read a Word document; `name` appears in messages. Raises ReadingError."""
    package = Package(data, name)
    main = next((each.path for each in package.relations("") if each.kind == "officeDocument"), "word/document.xml")
    document = package.xml(main)
    body = document.find(f"{W}body") if document is not None else None
    if body is None:
        raise ReadingError(name, "is no Word document, or is damaged. Open it in a word processor and save it again.")
    writer = Writer()
    styles = Styles(next(package.related(main, "styles"), None))
    numbering = Numbering(next(package.related(main, "numbering"), None), styles)
    story = Body(writer, make_runs(package, main, writer, styles), numbering)
    story.runs.fields.match(body)
    story.content(body)
    story.write_notes("footnotes")
    story.write_notes("endnotes")
    writer.end()
    if not writer.blocks:
        raise ReadingError(name, "has no text. If it shows pictures of pages, put their text into a document.")
    writer.blocks = list(mark_entries(writer.text(), writer.blocks))
    tie_entries(writer)
    follow_bookmarks(writer, story.runs.bookmarks)
    pass_on_notes(writer)
    say_left_out(package, main, writer, story.runs.left_out)
    return writer.reading(read_properties(package, writer, styles, story.title))


def make_runs(package: Package, main: str, writer: Writer, styles: Styles) -> Runs:
    sources: dict[str, CSL] = {}
    for root in package.related(main, "customXml"):
        if root.tag.endswith("}Sources"):
            sources |= dict(works_of_word(root))
    notes = Notes(
        {
            "footnotes": next(package.related(main, "footnotes"), None),
            "endnotes": next(package.related(main, "endnotes"), None),
        }
    )
    properties = {
        attribute(each, "name"): "".join(each.itertext())
        for root in package.related("", "custom-properties")
        for each in root
    }
    return Runs(writer, styles, notes, properties, ManagedWorks(writer, sources))


def say_left_out(package: Package, main: str, writer: Writer, left_out: Counter[str]) -> None:
    """Say what of the document is not in the text."""
    for relation in package.relations(main):
        if relation.kind in BESIDE:
            root = package.xml(relation.path) if relation.kind != "aFChunk" else None
            left_out[BESIDE[relation.kind]] += 1 if root is None else seen_letters(root)
    named = [name for name, letters in left_out.items() if letters]
    if named:
        total = sum(left_out.values())
        writer.trouble.append(Trouble(f"Not in the text: {', '.join(named)}.", letters=total))


def seen_letters(root: Element) -> int:
    """Letters of a part that is not read: text of Word, or of a drawing."""
    return letters_in(root) or sum(sum(map(str.isalnum, e.text or "")) for e in root.iter("{*}t", "{*}v"))


def read_properties(package: Package, writer: Writer, styles: Styles, title: str) -> Metadata:
    """What the document says about itself. `title` is its printed one; that of the properties is often one of a
    template, and counts only if the text has it."""
    core = [each for root in package.related("", "core-properties") for each in root]
    fields = {each.tag.rpartition("}")[2]: flat(each) for each in core}
    named = fields.get("title", "")
    if not folded(named) or folded(named) not in folded(writer.text()):
        named = ""
    return Metadata(
        title=title or named or None,
        author=fields.get("creator") or None,
        modified=fields.get("modified", "")[:10] or None,
        language=styles.language or fields.get("language", "")[:2].lower() or None,
    )
