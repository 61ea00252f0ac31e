"""Fields of a Word document: an instruction and the text that it shows."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from qa.models import CSL, Trouble
from qa.readers.docx.managers import Cited, NotUnderstood, decoded, works_in_endnote, works_in_json
from qa.readers.docx.package import W
from qa.readers.writer import Place, Writer
from qa.readers.xml import Element

JSON_MARK = re.compile(r"ADDIN\s+(?:ZOTERO_ITEM\s+)?(?:CSL_CITATION\s+)?(\{.*)", re.DOTALL)
ENDNOTE_MARK = re.compile(r"ADDIN\s+EN\.CITE(?:\.DATA)?\b")
WORD_MARK = re.compile(r"CITATION\s+(\S+)")
MORE_TAGS = re.compile(r"\\m\s+(\S+)")
REFERENCE = re.compile(r"(?:REF|NOTEREF|HYPERLINK\s+\\l)\s+\"?([^\s\"\\]+)")
LIST = re.compile(r"ADDIN\s+(?:ZOTERO_BIBL|Mendeley Bibliography|EN\.REFLIST|CSL_BIBLIOGRAPHY)|BIBLIOGRAPHY\b")
CONTENTS = re.compile(r"TO[CA]\b")
SHOWS_NO_TEXT = re.compile(r"(?:SYMBOL|EQ)\b")
BOOKMARK = "bookmark:"
DEEPEST = 50  # fields in one another; those further in are passed over
NO_END = "A field has no end; its text is kept, but what it means is not used."
UNREADABLE = "A citation field is damaged; its printed text is kept, and not tied to a work."
NO_WORK = "A citation field does not describe its work; its printed text is kept, and not tied to it."


@dataclass(slots=True)
class OpenField:
    """A field that has begun. `start` is where its text begins, None while its instruction is read."""

    instruction: str = ""
    data: str = ""
    start: Place | None = None


class ManagedWorks:
    """The works that marks of the document name, each once, in `writer.works`."""

    def __init__(self, writer: Writer, listed: dict[str, CSL]) -> None:
        self.writer = writer
        self.listed = listed
        self.keys: dict[str, str] = {}
        self.by_doi: dict[str, str] = {}

    def tie(self, start: Place, cited: Iterable[Cited]) -> None:
        """Tie what was written since `start` to the works; says so if a work is not described."""
        keys = []
        for id, csl in cited:
            if csl and id:
                keys.append(self.key(id, csl))
            else:
                self.writer.trouble.append(Trouble(NO_WORK))
        self.writer.link(start, keys)

    def key(self, id: str, csl: CSL) -> str:
        doi = str(csl.get("DOI") or "").lower()
        if id not in self.keys:
            self.keys[id] = self.by_doi.get(doi) or f"work-{len(self.writer.works) + 1}"
            self.writer.works.setdefault(self.keys[id], csl)
            if doi:
                self.by_doi[doi] = self.keys[id]
        return self.keys[id]

    def tie_json(self, start: Place, text: str) -> None:
        try:
            self.tie(start, list(works_in_json(text)))
        except NotUnderstood:
            self.writer.trouble.append(Trouble(UNREADABLE))


class Fields:
    """The fields that are open at a place in the document, the innermost last."""

    def __init__(self, writer: Writer, works: ManagedWorks) -> None:
        self.writer = writer
        self.works = works
        self.open: list[OpenField] = []
        self.unmatched: set[Element] = set()

    def match(self, story: Element) -> None:
        """Find begins without end and ends without begin in a story, which are passed over: such a field would take in
        the rest of the document."""
        begun: list[Element] = []
        for mark in story.iter(f"{W}fldChar"):
            kind = mark.get(f"{W}fldCharType")
            if kind == "begin":
                begun.append(mark)
            elif kind == "end":
                begin = begun.pop() if begun else None
                if begin is None or len(begun) >= DEEPEST:
                    self.unmatched |= {mark} if begin is None else {mark, begin}
        self.unmatched.update(begun)
        self.writer.trouble += [Trouble(NO_END)] * len(begun)

    @property
    def in_instruction(self) -> bool:
        return any(field.start is None for field in self.open)

    @property
    def in_list(self) -> bool:
        return any(LIST.match(field.instruction.strip()) for field in self.open if field.start)

    @property
    def in_contents(self) -> bool:
        return any(CONTENTS.match(field.instruction.strip()) for field in self.open if field.start)

    def mark(self, mark: Element) -> None:
        """A begin, separate or end."""
        kind = mark.get(f"{W}fldCharType")
        if mark in self.unmatched:
            return
        if kind == "begin":
            self.open.append(OpenField(data=mark.findtext(f"{W}fldData") or ""))
        elif kind == "separate" and self.open:
            self.open[-1].start = self.writer.place()
        elif kind == "end" and self.open:
            self.finish(self.open.pop())

    def instruct(self, text: str | None) -> None:
        if self.open and text:
            self.open[-1].instruction += text

    def finish(self, field: OpenField) -> None:
        """Tie the text of a field to the works or the place that it names."""
        instruction = field.instruction.strip()
        try:
            if ENDNOTE_MARK.match(instruction):
                self.finish_endnote(field, instruction)
            elif field.start is None:
                if SHOWS_NO_TEXT.match(instruction):
                    self.writer.trouble.append(Trouble("A symbol or a formula that a field draws is not in the text."))
            elif match := JSON_MARK.match(instruction):
                self.works.tie_json(field.start, match[1])
            elif match := WORD_MARK.match(instruction):
                tags = [match[1], *MORE_TAGS.findall(instruction)]
                self.works.tie(field.start, [(f"tag:{tag}", self.works.listed.get(tag, {})) for tag in tags])
            elif match := REFERENCE.match(instruction):
                self.writer.link(field.start, [BOOKMARK + match[1]])
        except NotUnderstood:
            self.writer.trouble.append(Trouble(UNREADABLE))

    def finish_endnote(self, field: OpenField, instruction: str) -> None:
        """EndNote writes its record into the instruction, or encoded beside it, and then again in a field within."""
        if field.start is None:
            if self.open and not self.open[-1].data:
                self.open[-1].data = field.data
            return
        text = instruction if "EndNote" in instruction else decoded(field.data)
        self.works.tie(field.start, list(works_in_endnote(text)))
