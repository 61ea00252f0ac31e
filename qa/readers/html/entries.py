"""Entries of a web page without what is no part of them: links back to the text, links to other sites."""

from __future__ import annotations

import re
from collections.abc import Iterable

from qa.readers.html.marks import BACK, Marks
from qa.readers.html.page import ancestors, tokens_of
from qa.readers.xml import Element, element_names, flat, letters_of

# Words of links in an entry that lead to other sites.
LINK_OUT = re.compile(
    r"\W*(?:doi|pubmed(?: central)?|pmc(?: free article)?|(?:pmc )?free (?:full text|article)|google ?scholar|"
    r"cross ?ref|full[- ]text|view (?:article|record)[\w ]*|web of science|isi|medline|scopus|ads|cas|article|"
    r"abstract|pdf)\W*",
    re.IGNORECASE,
)
REFERENCE_LIST = re.compile(
    r"(?:^|[\s_-])(?:references|reflist|ref-list|bibliography|csl-bib-body|citation-list|doc-bibliography)(?:$|[\s_-])",
    re.IGNORECASE,
)
HOLDERS = element_names("blockquote dd div dt figcaption h1 h2 h3 h4 h5 h6 li p section td th")
OPENED, CLOSED = re.compile(r"[\[(]\s*\Z"), re.compile(r"\A\s*[\])]")


def tidy_entries(root: Element, marks: Marks) -> int:
    """Take the words out of links in entries that lead back to the text or to other sites; their addresses stay.

    Returns the number of letters taken out.
    """
    cited_in = {(holder_of(link), entry) for link, entry in marks.entry_of_link.items()}
    removed = 0
    for link in list(root.iter("a")):
        around = [each for each in link.iterancestors() if each in marks.ids]
        if (around and is_back_link(link, marks, around, cited_in)) or is_link_out(link, around):
            removed += letters_of(link)
            empty(link)
    return removed


def is_back_link(
    link: Element, marks: Marks, around: Iterable[Element], cited_in: set[tuple[Element | None, Element]]
) -> bool:
    """Whether a link in an entry leads to a place that cites the entry."""
    _base, _, fragment = (link.get("href") or "").partition("#")
    target = marks.anchors.get(fragment)
    if link in marks.entry_of_link or target is None:
        return False
    return bool(BACK.fullmatch(flat(link))) or any((holder_of(target), entry) in cited_in for entry in around)


def holder_of(element: Element) -> Element | None:
    return next(ancestors(element, HOLDERS), None)


def is_link_out(link: Element, around: Iterable[Element]) -> bool:
    if not (link.get("href") or "").startswith(("http:", "https:", "/")) or not LINK_OUT.fullmatch(flat(link)):
        return False
    return bool(list(around)) or any(REFERENCE_LIST.search(tokens_of(each)) for each in link.iterancestors())


def empty(link: Element) -> None:
    """Take out the words of a link and the brackets around it."""
    tail = link.tail or ""
    for child in list(link):
        link.remove(child)
    link.text = None
    previous = link.getprevious()
    before = (previous.tail if previous is not None else link.getparent().text) or ""
    if OPENED.search(before) and CLOSED.match(tail):
        before, link.tail = OPENED.sub("", before), CLOSED.sub("", tail)
        if previous is not None:
            previous.tail = before
        else:
            link.getparent().text = before
