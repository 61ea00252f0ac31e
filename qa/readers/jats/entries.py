"""Entries of a JATS reference list: a block for each, and the fields of its work."""

from __future__ import annotations

import re

from qa.readers.jats.inline import Inline
from qa.readers.jats.works import line_of_work, work_of
from qa.readers.writer import Writer
from qa.readers.xml import Element, attribute, flat

CITATIONS = frozenset(["citation", "mixed-citation", "element-citation", "nlm-citation", "citation-alternatives"])
NAMES = frozenset({"name", "string-name", "collab"})
EDGES = re.compile(r"^\W+|\W+$")
WORDS_FOR_ID = {"doi": "doi:", "pmid": "PMID: ", "pmcid": "PMCID: ", "pmc": "PMCID: "}


def write_entry(element: Element, place: int, writer: Writer, inline: Inline) -> None:
    """Write the entry of a `ref` element. Its label is the printed one, else its place in the list, from 1."""
    citations = [child for child in element if child.tag in CITATIONS]
    printed = next((found for each in (element, *citations) if flat(found := each.find("label"))), None)
    label = EDGES.sub("", flat(printed)) or str(place)
    id = inline.targets.get(attribute(element, "id")) or f"entry-{place}"
    writer.begin("reference", label=label, id=id)
    writer.mark(f"{label}." if label.isdigit() else f"[{label}]")
    writer.add(element.text)
    for child in element:
        if child.tag in CITATIONS:
            write_citation(child, writer, inline, printed)
        elif child is not printed:
            inline.write(child)
        writer.add(child.tail or " ")
    block = writer.end()
    csl = next((csl for each in citations if (csl := work_of(element_form(each)))), None)
    if block is not None and block.id is not None and csl:
        writer.works[block.id] = csl


def write_citation(citation: Element, writer: Writer, inline: Inline, label: Element | None) -> None:
    """Write the string that the file gives, or one made from the elements where it gives none, without the label."""
    whole = string_form(citation)
    if not is_string(whole):
        writer.add(line_of_work(whole, work_of(whole)))
        return
    writer.add(whole.text)
    for child in whole:
        if child.tag == "pub-id":
            write_id(child, writer)
        elif child is not label:
            inline.write(child)
        writer.add(child.tail)


def write_id(element: Element, writer: Writer) -> None:
    """Write an identifier with its name, where the string does not have it."""
    word = WORDS_FOR_ID.get(attribute(element, "pub-id-type"), "")
    before = "".join(writer.draft.pieces[-3:]).lower().rstrip() if writer.draft else ""
    named = before.endswith((word.strip(": ").lower(), word.strip().lower(), "/", ":"))
    writer.add(flat(element) if named or not word else f" {word}{flat(element)}")


def is_string(citation: Element) -> bool:
    """Whether a citation has punctuation of its own between its elements, also between the names."""
    mixed = bool((citation.text or "").strip()) or any((child.tail or "").strip() for child in citation)
    names = citation.iter(*NAMES)
    return (mixed or len(citation) < 2) and not any(is_glued(name) for name in names)


def is_glued(name: Element) -> bool:
    after = name.getnext()
    return after is not None and after.tag in NAMES and not (name.tail or "").strip()


def string_form(citation: Element) -> Element:
    """Of two forms of one citation, the one that is a string."""
    if citation.tag != "citation-alternatives" or not len(citation):
        return citation
    return next((form for form in citation if form.tag == "mixed-citation"), citation[0])


def element_form(citation: Element) -> Element:
    """Of two forms of one citation, the one with elements."""
    if citation.tag != "citation-alternatives" or not len(citation):
        return citation
    return next((form for form in citation if form.tag == "element-citation"), citation[0])
