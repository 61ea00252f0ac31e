"""Words of a JATS article: citations, raised and lowered numbers, formulas, notes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import Literal

from lxml import etree

from qa.models import StyleKind
from qa.readers.writer import Writer
from qa.readers.xml import XLINK_HREF, Element, attribute, element_names, letters_of, short_text

# What a reader of the article does not see.
UNSEEN = element_names(
    "alt-text alt-title annotation graphic index-term index-term-range-end inline-graphic inline-media "
    "journal-id long-desc media milestone-end milestone-start object-id private-char processing-meta sec-meta"
)
# What is seen beside the text, such as the licence of a figure.
BESIDE_TEXT = frozenset({"kwd-group", "permissions", "related-article", "related-object"})
# Elements with text of their own: blanks separate it from what is beside it.
APART = element_names("array attrib caption def disp-formula fig label list list-item p td term th title tr verse-line")
# The elements of MathML with scripts after a base.
SCRIPTS: Mapping[str, tuple[Literal["sup", "sub"], ...]] = {
    "msup": ("sup",),
    "msub": ("sub",),
    "msubsup": ("sub", "sup"),
}
# Parts of an entry that are words of their own, also where the file has no blank between them.
PARTS_OF_ENTRY = element_names(
    "article-title chapter-title collab conf-name edition etal fpage given-names issue lpage month name part-title "
    "person-group pub-id publisher-loc publisher-name source string-name suffix surname trans-title volume year"
)
STYLES: Mapping[str, StyleKind] = {
    "italic": "emphasis",
    "bold": "strong",
    "strike": "struck",
    "monospace": "code",
}
LINKS_TO_NOTES = frozenset({"fn", "table-fn"})
TEX = re.compile(r"\\begin\{document\}(?P<body>.*)\\end\{document\}", re.DOTALL)


class Inline:
    """Writes the content of elements within a block. `targets` are the entries of the list that links may point to, by
    the ids of the entries and of the citations in them. `notes` are those met, for the end of the section;
    `left_out` counts the letters of what is not written, by name."""

    def __init__(self, writer: Writer, targets: Mapping[str, str]) -> None:
        self.writer = writer
        self.targets = targets
        self.notes: list[Element] = []
        self.left_out: Counter[str] = Counter()

    def content(self, element: Element) -> None:
        """Write the text and the elements in an element."""
        self.writer.add(element.text)
        for child in element:
            self.write(child)
            self.writer.add(child.tail)

    def write(self, element: Element) -> None:
        tag = element.tag
        if tag in UNSEEN:
            return
        if tag in BESIDE_TEXT:
            self.leave_out(element, "licences of figures, keywords and related articles")
        elif tag == "fn":
            self.notes.append(element)
        elif tag == "alternatives":
            self.write(best_form(element))
        elif tag == "xref":
            self.write_link(element)
        elif tag in ("sup", "sub"):
            self.write_script(element, tag)
        elif tag in SCRIPTS and len(element) == 1 + len(SCRIPTS[tag]):
            self.write_power(element)
        elif tag == "mfrac" and len(element) == 2:
            self.write_parts(element, "/")
        elif style := STYLES.get(tag):
            self.write_styled(element, style)
        elif tag in ("ext-link", "uri"):
            self.write_address(element)
        elif tag == "tex-math":
            body = TEX.search(element.text or "")
            self.writer.add((body["body"] if body else element.text or "").strip(" $"))
        elif tag == "break" or tag in APART:
            self.writer.add(" ")
            self.content(element)
            self.writer.add(" ")
        else:
            self.content(element)
            following = element.getnext()
            if tag in PARTS_OF_ENTRY and not element.tail and following is not None:
                self.writer.add(" " * (following.tag in PARTS_OF_ENTRY))

    def write_link(self, element: Element) -> None:
        start = self.writer.place()
        self.content(element)
        ids = attribute(element, "rid").split()
        notes = ids if attribute(element, "ref-type") in LINKS_TO_NOTES else ()
        self.writer.link(start, [*filter(None, map(self.targets.get, ids)), *notes])

    def write_script(self, element: Element, position: Literal["sup", "sub"]) -> None:
        start = self.writer.place()
        before = self.writer.raised(position, short_text(element))
        as_letters = self.writer.script is None
        self.content(element)
        self.writer.script = before
        if as_letters:
            self.writer.style(start, "raised" if position == "sup" else "lowered")

    def write_styled(self, element: Element, style: StyleKind) -> None:
        start = self.writer.place()
        self.content(element)
        self.writer.style(start, style)

    def write_address(self, element: Element) -> None:
        """A link to a page elsewhere."""
        start = self.writer.place()
        self.content(element)
        address = "".join(attribute(element, XLINK_HREF).split())
        if address.startswith(("http:", "https:")):
            self.writer.style(start, "link", address)

    def write_power(self, element: Element) -> None:
        """A base with an index, an exponent or both."""
        base, *scripts = element
        self.write(base)
        for script, position in zip(scripts, SCRIPTS[element.tag], strict=True):
            before = self.writer.raised(position, short_text(script))
            self.write(script)
            self.writer.script = before

    def write_parts(self, element: Element, sign: str) -> None:
        first, second = element
        self.write(first)
        self.writer.add(sign)
        self.write(second)

    def leave_out(self, element: Element, name: str) -> None:
        self.left_out[name] += letters_of(element)


def best_form(alternatives: Element) -> Element:
    """Of several forms of the same thing, the first that is text; the whole if none is."""
    forms = [form for form in alternatives if form.tag not in UNSEEN]
    whole = etree.Element("unknown")
    whole.text = alternatives.text
    return next((form for form in forms if form.tag != "tex-math"), forms[0] if forms else whole)
