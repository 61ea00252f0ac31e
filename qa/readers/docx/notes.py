"""Footnotes and endnotes of a Word document, in the order in which the text calls them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from qa.readers.docx.package import W
from qa.readers.xml import Element, attribute

NoteKind = Literal["footnotes", "endnotes"]


@dataclass(frozen=True, slots=True)
class CalledNote:
    """A note that the text calls: its printed number or sign, its label and its content."""

    printed: str
    label: str
    content: Element

    @property
    def id(self) -> str:
        return f"note-{self.label}"


class Notes:
    """The notes by kind and id. `waiting` are those called since they were last written."""

    def __init__(self, parts: dict[NoteKind, Element | None]) -> None:
        self.contents = {
            (kind, attribute(note, f"{W}id")): note
            for kind, part in parts.items()
            for note in (part if part is not None else ())
            if attribute(note, f"{W}type") in ("", "normal")
        }
        self.counts: dict[NoteKind, int] = {"footnotes": 0, "endnotes": 0}
        self.both = all(part is not None and len(part) > 2 for part in parts.values())  # each has two separators
        self.called: dict[tuple[NoteKind, str], CalledNote] = {}
        self.waiting: dict[NoteKind, list[CalledNote]] = {"footnotes": [], "endnotes": []}

    def call(self, kind: NoteKind, id: str, sign: str = "") -> CalledNote | None:
        """The note that a mark calls; `sign` is what is printed instead of a number. None if there is no such note."""
        if (kind, id) in self.called:
            return self.called[kind, id]
        content = self.contents.get((kind, id))
        if content is None:
            return None
        if not sign:
            self.counts[kind] += 1
        number = str(self.counts[kind])
        label = f"e{number}" if kind == "endnotes" and self.both and not sign else sign or number
        note = CalledNote(sign or number, label, content)
        self.called[kind, id] = note
        self.waiting[kind].append(note)
        return note

    def take(self, kind: NoteKind) -> list[CalledNote]:
        notes, self.waiting[kind] = self.waiting[kind], []
        return notes
