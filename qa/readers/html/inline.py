"""Words of a web page within a block: marks, raised and lowered numbers, emphasis, links, formulas."""

from __future__ import annotations

from typing import Literal

from qa.models import StyleKind
from qa.readers.html.marks import Marks
from qa.readers.jats.inline import SCRIPTS
from qa.readers.writer import Writer
from qa.readers.xml import Element, element_names, flat

DEEPEST_NESTING = 100
STYLES: dict[str, StyleKind] = {
    **dict.fromkeys(("em", "i", "cite", "dfn", "var"), "emphasis"),
    **dict.fromkeys(("strong", "b"), "strong"),
    **dict.fromkeys(("del", "s", "strike"), "struck"),
    **dict.fromkeys(("code", "kbd", "samp", "tt"), "code"),
}
# Elements that are apart from what is beside them.
SEPARATE = element_names(
    "address article aside blockquote br caption center dd details div dl dt figcaption figure footer "
    "h1 h2 h3 h4 h5 h6 header hr li main ol p pre section summary table tbody td tfoot th thead tr ul"
)
# Elements of Distill for citations by key and for notes.
BY_KEY = frozenset({"d-cite", "dt-cite"})
NOTES = frozenset({"d-footnote", "dt-fn"})


class PageInline:
    """Writes the content of elements within a block. `notes` are those met, for the end of the section."""

    def __init__(self, writer: Writer, marks: Marks) -> None:
        self.writer = writer
        self.marks = marks
        self.notes: list[Element] = []
        self.depth = 0

    def content(self, element: Element) -> None:
        """Write the text and the elements in an element."""
        self.depth += 1
        if self.depth > DEEPEST_NESTING:
            self.writer.add("".join(element.itertext()))
        else:
            self.writer.add(element.text)
            for child in element:
                self.write(child)
                self.writer.add(child.tail)
        self.depth -= 1

    def write(self, element: Element) -> None:
        tag = element.tag
        if tag in NOTES:
            self.notes.append(element)
        elif tag in BY_KEY:
            self.write_keys(element)
        elif tag == "a":
            self.write_link(element)
        elif tag in ("sup", "sub"):
            self.write_script(element, tag)
        elif tag in SCRIPTS and len(element) == 1 + len(SCRIPTS[tag]):
            self.write_power(element)
        elif tag == "q":
            self.writer.add("“")
            self.content(element)
            self.writer.add("”")
        elif tag in SEPARATE:
            self.writer.add(" ")
            self.content(element)
            self.writer.add(" ")
        elif style := STYLES.get(tag):
            start = self.writer.place()
            self.content(element)
            self.writer.style(start, style)
        else:
            self.content(element)

    def write_link(self, element: Element) -> None:
        address = (element.get("href") or "").strip()
        start = self.writer.place()
        self.content(element)
        self.writer.link(start, self.marks.targets(element))
        if address.startswith(("http:", "https:")):
            self.writer.style(start, "link", "".join(address.split()))

    def write_script(self, element: Element, position: Literal["sup", "sub"]) -> None:
        start = self.writer.place()
        before = self.writer.raised(position, flat(element))
        as_letters = self.writer.script is None
        self.content(element)
        self.writer.script = before
        if as_letters:
            self.writer.style(start, "raised" if position == "sup" else "lowered")

    def write_power(self, element: Element) -> None:
        """A base of a formula with an index, an exponent or both."""
        base, *scripts = element
        self.write(base)
        for script, position in zip(scripts, SCRIPTS[element.tag], strict=True):
            self.write_script(script, position)

    def write_keys(self, element: Element) -> None:
        """Works cited by their keys in a file beside the page, which a script would number."""
        keys = [key.strip() for key in (element.get("key") or element.get("bibtex-key") or "").split(",")]
        if any(keys):
            self.writer.add(" [" + "; ".join(f"@{key}" for key in keys if key) + "]")
        self.content(element)
