"""The document that a stream of rich text describes: what applies to its text, and where each paragraph ends."""

from __future__ import annotations

import re
from codecs import lookup
from dataclasses import dataclass, replace
from html import escape

from qa.readers.rtf.parts import Paragraph, RowOfCells
from qa.readers.rtf.stream import CODE_PAGES, OF_THE_FILE, SIGN_WORDS, StreamToken, character, in_unicode, joined_pairs
from qa.readers.written_page import WrittenPage

BESIDE = "Not in the text: headers and footers, comments and deleted text."
COUNTED = frozenset(
    ("header", "headerl", "headerr", "headerf", "footer", "footerl", "footerr", "footerf", "annotation")
)
# Groups whose text goes elsewhere, and those that have none for readers.
TEXTS = ("title", "author", "fldinst", "fonttbl", "listtext", "stylesheet")
READ = frozenset((*TEXTS, "pntext", "field", "fldrslt", "footnote", "shptxt"))
LEFT_OUT = frozenset(
    ("colortbl", "pict", "object", "nonshppict", "shprslt", "listtable", "listoverridetable", "info", "filetbl",
     "revtbl", "bkmkstart", "bkmkend", "sp")
)  # fmt: skip
HEADING = re.compile(r"(?:heading|überschrift|titre|titolo|título|rubrik|overskrift|kop) (\d)", re.IGNORECASE)
LINK = re.compile(r"\s*HYPERLINK\s+\"([^\"]+)\"", re.IGNORECASE)


@dataclass(frozen=True)
class State:
    """What applies to the text of a group. `into` is where the text goes: "" is the document, "skip" nowhere; `begun`
    is the word with which the group began, if that matters when it ends."""

    into: str = ""
    begun: str = ""
    tags: tuple[str, ...] = ()
    hidden: bool = False
    counted: bool = False
    skipped: int = 1  # characters behind each `\\u`, for programs that know no Unicode
    font: int = -1
    size: int = 24  # half points
    level: int = 0  # of a heading
    in_table: bool = False


class RichText:
    """Follows the stream and gathers paragraphs and rows."""

    def __init__(self) -> None:
        self.state, self.above = State(), list[State]()
        self.begun = self.starred = self.head = False
        self.code_page, self.code_pages = "cp1252", dict[int, str]()
        self.style, self.levels = -1, dict[int, int]()  # of headings, by the number of their style
        self.to_skip = 0
        self.raw, self.text = bytearray(), list[str]()  # of the same look, not written yet
        self.texts = dict.fromkeys(TEXTS, "")
        self.current, self.outer = Paragraph(), list[Paragraph]()
        self.cells, self.parts = list[str](), list[Paragraph | RowOfCells]()
        self.link = False
        self.page = WrittenPage()

    def read(self, token: StreamToken) -> None:
        if token.kind == "bytes":
            self.begun = False
            self.add(token.text)
        elif token.kind == "{":
            self.flush()
            self.above.append(self.state)
            self.state, self.begun, self.starred, self.to_skip = replace(self.state, begun=""), True, False, 0
        elif token.kind == "}":
            self.flush()
            self.end_group()
        elif token.kind == "\\*":
            self.starred = self.begun
        else:
            begins, self.begun = self.begun, False
            self.word(token.kind, token.number, begins=begins)

    def add(self, data: bytes) -> None:
        """Add text, without the characters that stand for the last one of `\\u`."""
        skipped = min(self.to_skip, len(data))
        self.to_skip -= skipped
        self.raw += data[skipped:]

    def put(self, text: str) -> None:
        if self.raw:
            self.text.append(in_unicode(bytes(self.raw), self.code_pages.get(self.state.font, self.code_page)))
            self.raw.clear()
        self.text.append(text)

    def flush(self) -> None:
        """Write the text so far, which all looks the same."""
        self.put("")
        text = joined_pairs("".join(self.text))
        self.text.clear()
        state, current = self.state, self.current
        if not text or state.into == "skip" or state.hidden:
            self.page.lose(BESIDE, text if state.counted else "")
        elif state.into:
            self.texts[state.into] += text
        else:
            opened, closed = (f"<{tag}>" for tag in state.tags), (f"</{tag}>" for tag in reversed(state.tags))
            current.html.append("".join((*opened, escape(text, quote=False), *closed)))
            current.sizes[state.size] += len(text.strip())
            current.bold += len(text.strip()) * ("b" in state.tags)
            current.level = current.level or state.level

    def word(self, word: str, number: int | None, *, begins: bool) -> None:
        if word in SIGN_WORDS or word == "u":
            self.put(SIGN_WORDS[word] if word in SIGN_WORDS else character(number or 0))
            self.to_skip = self.state.skipped if word == "u" else 0
            return
        self.flush()
        if begins and (self.starred or word in READ | LEFT_OUT | COUNTED):
            self.begin_group(word)
        elif self.state.into != "skip":
            self.look(word, number)
            self.structure(word)

    def begin_group(self, word: str) -> None:
        """A group whose text is no part of the paragraph around it."""
        state = replace(self.state, begun=word)
        if state.into == "skip" and word not in ("title", "author") and (word != "shptxt" or state.counted):
            no_text = word in LEFT_OUT or (self.starred and word != "shpinst")
            self.state = replace(state, counted=state.counted and not no_text)
        elif word in COUNTED:
            self.state = replace(state, into="skip", counted=True)
        elif word in ("footnote", "shptxt"):
            self.outer.append(self.current)
            self.current = Paragraph()
            self.state = replace(state, into="", hidden=False)
        elif word == "field":
            self.texts["fldinst"] = ""
            self.state = state
        elif word == "fldrslt":
            self.state = state
            if (link := LINK.match(self.texts["fldinst"])) and not self.link:
                self.current.html.append(f'<a href="{escape(link[1])}">')
                self.link = True
        elif word in (*TEXTS, "pntext"):
            self.state = replace(state, into="listtext" if word == "pntext" else word)
        else:
            self.state = replace(state, into="skip")

    def end_group(self) -> None:
        ended, self.state = self.state, self.above.pop() if self.above else State()
        if ended.begun == "footnote" and self.outer:
            html, self.current = "".join(self.current.html), self.outer.pop()
            self.current.html.append(self.page.mark(f"note {len(self.page.notes)}", html))
        elif ended.begun == "shptxt" and self.outer:
            self.parts.append(self.current)
            self.current = self.outer.pop()
        elif ended.begun == "fldrslt":
            self.end_link()
        elif ended.into == "listtext" and self.state.into != "listtext":
            self.current.sign, self.texts["listtext"] = self.texts["listtext"].strip(), ""
        elif ended.into == "stylesheet":
            named = HEADING.match(self.texts["stylesheet"].strip())
            if named and self.style not in self.levels:
                self.levels[self.style] = int(named[1])
            self.texts["stylesheet"] = ""

    def end_link(self) -> None:
        if self.link:
            self.current.html.append("</a>")
        self.link = False

    def look(self, word: str, number: int | None) -> None:
        """A word that changes how text looks or is encoded."""
        state, on = self.state, number != 0
        if word in ("b", "i"):
            self.state = replace(state, tags=with_tag(state.tags, word, on=on))
        elif word in ("super", "sub", "nosupersub"):
            others = tuple(tag for tag in state.tags if tag not in ("sup", "sub"))
            self.state = replace(state, tags=(*others, word[:3]) if on and word != "nosupersub" else others)
        elif word == "plain":
            self.state = replace(state, tags=(), hidden=False, size=24, counted=False)
        elif word in ("v", "deleted"):
            self.state = replace(state, hidden=on, counted=word == "deleted" and on)
        elif word == "f":
            self.state = replace(state, font=number or 0)
        elif word == "fs":
            self.state = replace(state, size=number or 24)
        elif word == "uc":
            self.state = replace(state, skipped=max(0, number or 0))
        elif word == "fcharset" and number in CODE_PAGES:
            self.code_pages[state.font] = CODE_PAGES[number]
        elif word == "ansicpg" or word in OF_THE_FILE:
            self.code_page = known_code_page(OF_THE_FILE.get(word, f"cp{number}"))
        elif word == "s":
            self.style = number or 0
            self.state = replace(state, level=self.levels.get(self.style, 0))
        elif word == "outlinelevel" and state.into == "stylesheet":
            self.levels[self.style] = (number or 0) + 1
        elif word in ("outlinelevel", "pard"):
            self.state = replace(state, level=(number or 0) + 1 if word == "outlinelevel" else 0, in_table=False)
        elif word == "intbl":
            self.state = replace(state, in_table=True)

    def structure(self, word: str) -> None:
        """A word that ends a paragraph, a cell or a row."""
        if word == "line":
            self.current.html.append("<br>")
        elif word in ("par", "sect", "page"):
            self.end_paragraph()
        elif word in ("cell", "nestcell"):
            self.end_link()
            self.cells.append("".join(self.current.html))
            self.current = Paragraph()
        elif word == "trhdr":
            self.head = True
        elif word == "row":
            self.end_row()

    def end_paragraph(self) -> None:
        self.end_link()
        if self.outer or self.state.in_table:
            self.current.html.append(" ")
            return
        self.end_row()
        self.parts.append(self.current)
        self.current = Paragraph()

    def end_row(self) -> None:
        if self.cells:
            self.parts.append(RowOfCells(self.cells, self.head))
        self.cells, self.head = [], False

    def finish(self) -> None:
        """End what the file leaves open, as one that is cut off does."""
        self.flush()
        while self.above:
            self.end_group()
        self.state = State()
        self.end_paragraph()
        self.parts = [part for part in self.parts if isinstance(part, RowOfCells) or part.words]


def with_tag(tags: tuple[str, ...], tag: str, *, on: bool) -> tuple[str, ...]:
    others = tuple(each for each in tags if each != tag)
    return (*others, tag) if on else others


def known_code_page(name: str) -> str:
    try:
        return lookup(name).name
    except LookupError:
        return "cp1252"
