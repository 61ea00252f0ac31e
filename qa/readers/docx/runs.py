"""The words of a Word document: runs of text within a paragraph, with fields, notes, links and raised numbers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Literal

from qa.readers.docx.fields import BOOKMARK, Fields, ManagedWorks
from qa.readers.docx.managers import NotUnderstood, decoded
from qa.readers.docx.notes import NoteKind, Notes
from qa.readers.docx.package import W, value
from qa.readers.docx.styles import Styles
from qa.readers.writer import Place, Writer
from qa.readers.xml import Element, attribute, short_text

MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
ALTERNATE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"
BOX = f"{W}txbxContent"
# Deleted or moved text, and properties.
PASSED_OVER = frozenset(f"{W}{name}" for name in ("del", "moveFrom", "pPr", "rPr", "sdtPr", "sdtEndPr"))
NOTE_MARKS: Mapping[str, NoteKind] = {f"{W}footnoteReference": "footnotes", f"{W}endnoteReference": "endnotes"}
PLAIN_CHARACTERS = {"tab": " ", "ptab": " ", "br": " ", "cr": " ", "noBreakHyphen": "\u2011"}
# Characters of the fonts Symbol and Wingdings, which have no code of their own in Unicode's sense.
SYMBOLS = {
    0xF0B3: "≥", 0xF0A3: "≤", 0xF0B1: "±", 0xF0B4: "×", 0xF0B0: "°", 0xF0B9: "≠", 0xF0BB: "≈", 0xF0B7: "•",
    0xF061: "α", 0xF062: "β", 0xF063: "χ", 0xF064: "δ", 0xF065: "ε", 0xF067: "γ", 0xF06B: "κ", 0xF06C: "λ",
    0xF06D: "μ", 0xF070: "π", 0xF072: "ρ", 0xF073: "σ", 0xF044: "Δ", 0xF053: "Σ", 0xF0AE: "→", 0xF0E0: "→",
}  # fmt: skip
UNKNOWN_SYMBOL = "\ufffd"
ZOTERO_BOOKMARK = "ZOTERO_BREF_"
MENDELEY_TAG = "MENDELEY_CITATION_v3_"


class Runs:
    """Writes what is in paragraphs. `boxes` are the text boxes met, for after the paragraph; `bookmarks` the places of
    bookmarks by name; `properties` those of the document that hold what bookmarks of Zotero mean. While `muted`,
    fields are followed but nothing is written. `left_out` counts the letters of what is not written, by name."""

    def __init__(
        self, writer: Writer, styles: Styles, notes: Notes, properties: Mapping[str, str], works: ManagedWorks
    ) -> None:
        self.writer = writer
        self.styles = styles
        self.notes = notes
        self.properties = properties
        self.works = works
        self.fields = Fields(writer, works)
        self.boxes: list[Element] = []
        self.bookmarks: dict[str, Place] = {}
        self.open_bookmarks: dict[str, tuple[str, Place]] = {}
        self.left_out: Counter[str] = Counter()
        self.muted = False
        self.special: Mapping[str, Callable[[Element], None]] = {
            f"{W}r": self.run,
            f"{W}hyperlink": self.hyperlink,
            f"{W}fldSimple": self.simple_field,
            f"{W}sdt": self.control,
            f"{W}bookmarkStart": self.begin_bookmark,
            f"{W}bookmarkEnd": self.end_bookmark,
            f"{MATH}sSup": self.power,
            f"{MATH}sSub": self.power,
            f"{MATH}f": self.fraction,
            f"{MATH}t": self.formula,
            ALTERNATE: self.alternate,
        }

    def content(self, element: Element) -> None:
        for child in element:
            if write := self.special.get(child.tag):
                write(child)
            elif child.tag not in PASSED_OVER:
                self.content(child)

    def alternate(self, element: Element) -> None:
        if (chosen := chosen_form(element)) is not None:
            self.content(chosen)

    def run(self, run: Element) -> None:
        position = self.styles.position(run)
        words = "".join(text.text or "" for text in run.findall(f"{W}t"))
        before = self.writer.raised(position, words.strip()) if position and words.strip() else self.writer.script
        hidden = self.muted or self.styles.is_hidden(run)
        start = self.writer.place()
        for child in run:
            name = child.tag.rpartition("}")[2] if child.tag.startswith(W) else ""
            if name == "fldChar":
                self.fields.mark(child)
            elif name == "instrText":
                self.fields.instruct(child.text)
            elif child.tag == ALTERNATE or name in ("pict", "drawing", "object"):
                self.boxes += boxes_in(child)
            elif hidden:
                continue
            elif self.fields.in_instruction:
                self.left_out["text within the instructions of fields"] += sum(map(str.isalnum, child.text or ""))
            else:
                self.piece(child, name, words)
        self.writer.script = before
        if self.writer.draft is not None and self.writer.draft.kind != "heading":
            for style in self.styles.looks(run):
                self.writer.style(start, style)

    def piece(self, child: Element, name: str, words: str) -> None:
        """A piece of the text of a run, whose own words are `words`."""
        if name == "t":
            self.writer.add(child.text)
        elif name in PLAIN_CHARACTERS:
            self.writer.add(PLAIN_CHARACTERS[name])
        elif name == "sym":
            self.writer.add(symbol(attribute(child, f"{W}char")))
        elif child.tag in NOTE_MARKS:
            self.note_mark(child, words.strip())
        elif name == "ruby":
            self.content(child)

    def note_mark(self, mark: Element, words: str) -> None:
        """The number of a note; if it has a sign of its own, that is in the same run."""
        own = attribute(mark, f"{W}customMarkFollows") not in ("", "0", "false")
        note = self.notes.call(NOTE_MARKS[mark.tag], attribute(mark, f"{W}id"), words if own else "")
        if note is None:
            return
        start = self.writer.place()
        before = self.writer.raised("sup", note.printed)
        self.writer.add("" if own else note.printed)
        self.writer.script = before
        self.writer.link(start, [note.id])

    def hyperlink(self, element: Element) -> None:
        start = self.writer.place()
        self.content(element)
        if anchor := attribute(element, f"{W}anchor"):
            self.writer.link(start, [BOOKMARK + anchor])

    def simple_field(self, element: Element) -> None:
        fields = self.fields
        begin = element.makeelement(f"{W}fldChar", {f"{W}fldCharType": "begin"})
        fields.mark(begin)
        fields.instruct(attribute(element, f"{W}instr"))
        fields.open[-1].start = self.writer.place()
        self.content(element)
        fields.finish(fields.open.pop())

    def control(self, element: Element) -> None:
        """A content control; those of Mendeley hold a mark."""
        start = self.writer.place()
        for content in element.findall(f"{W}sdtContent"):
            self.content(content)
        tag = value(element, "sdtPr", "tag") or ""
        if tag.startswith(MENDELEY_TAG):
            try:
                self.works.tie_json(start, decoded(tag.removeprefix(MENDELEY_TAG)))
            except NotUnderstood:
                self.works.tie_json(start, "")

    def begin_bookmark(self, element: Element) -> None:
        name = attribute(element, f"{W}name")
        self.bookmarks.setdefault(name, self.writer.place())
        if name.startswith(ZOTERO_BOOKMARK):
            self.open_bookmarks[attribute(element, f"{W}id")] = name, self.writer.place()

    def end_bookmark(self, element: Element) -> None:
        name, start = self.open_bookmarks.pop(attribute(element, f"{W}id"), ("", None))
        if start is None:
            return
        pieces = [self.properties.get(name, "")]
        while (piece := self.properties.get(f"{name}_{len(pieces)}")) is not None:
            pieces.append(piece)
        text = "".join(pieces)
        if "{" in text:
            self.works.tie_json(start, text[text.index("{") :])

    def formula(self, element: Element) -> None:
        if not self.muted:
            self.writer.add(element.text)

    def power(self, element: Element) -> None:
        position: Literal["sup", "sub"] = "sup" if element.tag.endswith("sSup") else "sub"
        for part in element:
            if part.tag == f"{MATH}{position}":
                before = self.writer.raised(position, short_text(part))
                self.content(part)
                self.writer.script = before
            else:
                self.content(part)

    def fraction(self, element: Element) -> None:
        for part in element:
            if part.tag == f"{MATH}den":
                self.formula_sign("/")
            self.content(part)

    def formula_sign(self, sign: str) -> None:
        if not self.muted:
            self.writer.add(sign)


def chosen_form(element: Element) -> Element | None:
    """Of the forms of one thing for programs of different age, the first."""
    return element[0] if len(element) else None


def boxes_in(element: Element) -> Iterator[Element]:
    """The outermost text boxes of a drawing, each in one of its forms."""
    if element.tag == BOX:
        yield element
    elif element.tag == ALTERNATE:
        if (chosen := chosen_form(element)) is not None:
            yield from boxes_in(chosen)
    else:
        for child in element:
            yield from boxes_in(child)


def symbol(code: str) -> str:
    """The character of a symbol font; a sign of replacement if it is not known which."""
    number = int(code, 16) if re.fullmatch(r"[0-9A-Fa-f]{1,5}", code) else 0
    private = 0xE000 <= number <= 0xF8FF or not 32 <= number < 0xD800
    return SYMBOLS.get(number) or (UNKNOWN_SYMBOL if private else chr(number))
