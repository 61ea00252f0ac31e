"""AsciiDoc: headings, paragraphs, lists, tables, notes, links, footnotes, and citations of the bibliography."""

from __future__ import annotations

import re
from html import unescape

from qa.models import Metadata, Reading
from qa.readers.dates import date_in_words
from qa.readers.written_page import WrittenPage, as_html

HEADING = re.compile(r"(={1,6}|#{1,6})\s+(?P<words>\S.*)")
ATTRIBUTE = re.compile(r":(?P<name>!?[\w-]+!?):(?:\s+(?P<value>.*))?$")
STYLE_LINE = re.compile(r"\[(?P<style>[^\[\]]*)\]\s*$")
TITLE_LINE = re.compile(r"\.(?P<words>[^\s.].*)")
FENCE = re.compile(r"(?:-{4,}|={4,}|\*{4,}|_{4,}|\.{4,}|\+{4,}|/{4,}|--|```\w*|\|===|!===|,===)\s*$")
ITEM = re.compile(r"\s*(?P<signs>\*{1,5}|-|\.{1,5}|\d{1,3}\.)\s+(?:\[[ x*]\]\s+)?(?P<words>.*)")
TERM = re.compile(r"(?P<term>\S.*?):{2,4}(?:\s+(?P<words>.*))?$")
CALLOUT = re.compile(r"&lt;(?:\d+|\.)&gt;\s+(?P<words>.*)")
NO_TEXT = re.compile(
    r"(?:image|include|video|audio|toc|ifdef|ifndef|endif|ifeval|bibliography|indexterm)::\S*?\[.*\]\s*$|'''\s*$|"
    r"&lt;&lt;&lt;\s*$|//|\[\[[\w:.-]+(?:,[^\[\]]*)?\]\]\s*$|\[#[^\[\]]*\]\s*$"
)
ADMONITION = re.compile(r"(?:NOTE|TIP|IMPORTANT|WARNING|CAUTION):\s+(?P<words>.*)")
ENTRY = re.compile(r"\[\[\[(?P<id>[\w:.-]+)(?:,\s*(?P<label>[^\[\]]*))?\]\]\]\s*")
ANCHOR = re.compile(r"\[\[[\w:.-]+(?:,[^\[\]]*)?\]\]|\[#[\w.-]+\](?=[#*_`])|anchor:[\w-]+\[[^\]]*\]")
NOTE_MACRO = re.compile(r"\s?footnote(?:ref)?:(?P<name>[\w-]*)\[(?P<words>(?:[^\[\]]|\[[^\[\]]*\])*)\]")
REFERENCE = re.compile(
    r"&lt;&lt;(?P<id>[^&,\s]+?)(?:,\s*(?P<words>.*?))?&gt;&gt;|xref:(?P<to>[^\[\s]+)\[(?P<said>[^\]]*)\]"
)
CITE = re.compile(r"\bcite(?:np|t|p|a)?:\[(?P<keys>[^\[\]]+)\]")
KEY_PLACE = re.compile(r"\(.*?\)")
LINK = re.compile(
    r"(?:link:)?(?P<address>https?://[^\s\[\]<>]{1,2000}|mailto:[^\s\[\]]+)\[(?P<words>[^\]]{0,1000})\]|link:(?P<file>[^\s\[\]]{1,500})\[(?P<said>[^\]]{0,1000})\]"
)
PICTURE = re.compile(
    r"(?:image|icon|kbd|btn|menu):[^\s\[\]:]*\[[^\]]*\]|\(\(\([^()]{0,300}\)\)\)|indexterm:?\[[^\]]*\]"
)
INDEX_TERM = re.compile(r"\(\((?P<words>[^()]{1,300})\)\)")
EMPHASIS = tuple(
    (re.compile(shape), tags)
    for shape, tags in (
        (r"\+\+(.+?)\+\+|``(.+?)``", r"<code>\1\2</code>"),
        (r"(?<![\w\\])(?:\+(?=\S)([^+]*?\S)\+|`(?=\S)([^`]*?\S)`)(?!\w)", r"<code>\1\2</code>"),
        (r"\*\*(.+?)\*\*", r"<b>\1</b>"), (r"(?<![\w\\])\*(?=\S)([^*]*?\S)\*(?!\w)", r"<b>\1</b>"),
        (r"__(.+?)__", r"<i>\1</i>"), (r"(?<![\w\\])_(?=\S)([^_]*?\S)_(?!\w)", r"<i>\1</i>"),
        (r"\^(\S[^\^\n]{0,40}?)\^", r"<sup>\1</sup>"), (r"~(\S[^~\n]{0,40}?)~", r"<sub>\1</sub>"),
        (r"(?<!\w)(?:\[[\w.,-]+\])?##?(?=\S)([^#]*?\S)##?(?!\w)", r"\1"),
    )
)  # fmt: skip
PASSED = re.compile(r"pass:[a-z,]*\[(?P<words>.*?)\]|\+\+\+(?P<raw>.*?)\+\+\+")
TAGS = re.compile(r"&lt;/?\w.*?&gt;")
CODE_FENCES = ("----", "....", "++++", "```")
COMMENTS = "Not in the text: comments."
CELL = re.compile(r"(?:(?:\d+(?:\.\d+)?|\.\d+)?[*+]?[<^>.]*[a-z]?)\|")


class Asciidoc:
    """Writes the lines of a file as a page. `entries` are the anchors of the bibliography."""

    def __init__(self, text: str) -> None:
        self.page = WrittenPage()
        self.lines = as_html(text).replace("\r\n", "\n").split("\n")
        self.fields: dict[str, str] = {}
        self.entries = {
            match["id"]: match["label"] or match["id"] for line in self.lines for match in ENTRY.finditer(line)
        }
        self.title = ""
        self.headed = False

    def write(self) -> None:
        place = 0
        while place < len(self.lines):
            line = self.lines[place].rstrip()
            place = self.write_fence(line, place + 1) if FENCE.match(line) else self.write_line(line, place + 1)
        self.page.end()

    def write_fence(self, fence: str, place: int) -> int:
        """Write what is between two equal lines; returns the place after it."""
        self.page.end()
        end = next(
            (
                n
                for n in range(place, len(self.lines))
                if self.lines[n].rstrip() == fence.rstrip("abcdefghijklmnopqrstuvwxyz")
            ),
            None,
        )
        if fence.endswith("===") and fence[0] in "|!,":
            self.write_table(self.lines[place:end], fence[0])
        elif fence.startswith("////"):
            self.page.lose(COMMENTS, "".join(self.lines[place:end]))
        elif fence.startswith(CODE_FENCES):
            self.page.block("pre", "\n".join(self.lines[place:end]))
        else:
            return place  # the lines within are text
        return len(self.lines) if end is None else end + 1

    def write_line(self, line: str, place: int) -> int:
        page = self.page
        if heading := HEADING.match(line):
            if not self.title and len(heading[1]) == 1:
                self.title = heading["words"]
                place = self.skip_byline(place)
            page.heading(len(heading[1]), self.inline(heading["words"]))
        elif attribute := ATTRIBUTE.match(line):
            self.fields.setdefault(attribute["name"].lower(), attribute["value"] or "")
        elif line.strip() in ("", "+") or NO_TEXT.match(line):
            page.end()
        elif STYLE_LINE.match(line) and not page.lines:
            return place
        elif (title := TITLE_LINE.match(line)) and not page.lines:
            page.block("p", f"<b>{self.inline(title['words'])}</b>")
        elif item := ITEM.match(line):
            self.write_item(item)
        elif callout := CALLOUT.match(line):
            page.item("#", self.inline(callout["words"]))
        elif (term := TERM.match(line)) and not page.lines:
            page.item("*", f"{self.inline(term['term'])}: {self.inline(term['words'] or '')}")
        else:
            note = ADMONITION.match(line)
            page.line(self.inline(note["words"] if note else line.strip()))
        return place

    def write_item(self, item: re.Match[str]) -> None:
        entry = ENTRY.match(item["words"])
        words = self.inline(ENTRY.sub("", item["words"], count=1) if entry else item["words"])
        sign = "#" if item["signs"][0] in ".0123456789" else "*"
        label = f"[{self.entries[entry['id']]}] " if entry else ""
        self.page.item(
            "*" * (len(item["signs"].rstrip("0123456789")) - 1) + sign, label + words, entry["id"] if entry else ""
        )

    def skip_byline(self, place: int) -> int:
        """The lines below the title name the authors, and the version with its date."""
        for name in ("author", "revision"):
            line = self.lines[place] if place < len(self.lines) else ""
            if not line.strip() or ATTRIBUTE.match(line) or line.startswith(("//", "=", "[", ":")):
                break
            self.fields.setdefault(name, line.strip())
            place += 1
        return place

    def write_table(self, lines: list[str], sign: str) -> None:
        rows: list[list[str]] = []
        head = bool(lines) and lines[0].strip() != "" and len(lines) > 1 and not lines[1].strip()
        cells: list[str] = []
        width = 0
        for line in lines:
            parts = [part.strip() for part in (line.split(",") if sign == "," else CELL.split(line)[1:])]
            if line.strip() and not parts and cells:
                cells[-1] += f" {line.strip()}"
            width = width or len(parts)
            cells += parts
        for start in range(0, len(cells), max(width, 1)):
            rows.append([self.inline(cell) for cell in cells[start : start + max(width, 1)]])
        self.page.table(rows, 1 if head else 0)

    def inline(self, html: str) -> str:
        """The marks, links and emphasis of a line."""
        kept: list[str] = []

        def keep(written: str) -> str:
            kept.append(written)
            return f"\ue000{len(kept) - 1}\ue001"

        html = PASSED.sub(lambda m: TAGS.sub("", m["words"] or m["raw"] or ""), html)
        html = PICTURE.sub("", INDEX_TERM.sub(r"\g<words>", html))
        html = NOTE_MACRO.sub(
            lambda m: keep(self.page.mark(m["name"] or f"\0{len(self.page.notes)}", m["words"])), html
        )
        html = CITE.sub(lambda m: keep(keys_of_macro(m["keys"])), html)
        html = REFERENCE.sub(lambda m: keep(self.reference(m)), ANCHOR.sub("", html))
        html = LINK.sub(lambda m: keep(link_of_macro(m)), html)
        html = re.sub(r'"`(.+?)`"', r"“\1”", html)
        for shape, tags in EMPHASIS:
            html = shape.sub(tags, html)
        for number in reversed(range(len(kept))):
            html = html.replace(f"\ue000{number}\ue001", kept[number])
        return html.removesuffix(" +")

    def reference(self, match: re.Match[str]) -> str:
        target, words = match["id"] or match["to"], match["words"] or match["said"] or ""
        if target in self.entries:
            return f'<a role="doc-biblioref" href="#{target}">[{words or self.entries[target]}]</a>'
        return words or target.rpartition("#")[2].replace("_", " ").strip()


def keys_of_macro(keys: str) -> str:
    return "[" + "; ".join(f"@{KEY_PLACE.sub('', key).strip()}" for key in keys.split(",")) + "]"


def link_of_macro(match: re.Match[str]) -> str:
    if match["file"]:
        return match["said"] or match["file"]
    words = match["words"].split(",")[0].strip("^ ") or match["address"].removeprefix("mailto:")
    return f'<a href="{match["address"].replace(chr(34), "%22")}">{words}</a>'


def read_asciidoc(text: str, name: str) -> Reading:
    """Read an AsciiDoc file; `name` appears in messages. Raises ReadingError."""
    file = Asciidoc(text)
    file.write()
    fields = {key: unescape(value) for key, value in file.fields.items()}
    revision = (
        fields.get("revdate") or fields.get("date") or fields.get("revision", "").rpartition(",")[2].split(":")[0]
    )
    metadata = Metadata(
        title=unescape(file.title) or fields.get("doctitle") or None,
        author=fields.get("author", "").split("<")[0].strip() or None,
        date=date_in_words(revision.strip()),
        language=fields.get("lang", "")[:2].lower() or None,
    )
    return file.page.reading(metadata, name)
