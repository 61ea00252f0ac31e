"""Citations of a web page: links from a mark in the text to an entry of a list on the same page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import takewhile
from pathlib import PurePath
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from qa.readers.html.page import ancestors, elements, tokens_of
from qa.readers.typed_references import YEAR_OR_ADDRESS
from qa.readers.xml import Element, element_names, flat

LONGEST_MARK = 110
LONGEST_ENTRY = 1500
LEAST_ENTRY = 8  # letters and digits
LONGEST_SHORT_NOTE = 40  # letters and digits beside its links
MOST_BEFORE_ANCHOR = 6  # letters and digits of an entry before the anchor in it
MOST_PARTS = 3  # paragraphs and items that an entry may have
MARK_WORDS = re.compile(
    r"(?i:[\[(]?\s*(?:(?:note|nb|ref|fn|n)\.?\s*)?"
    r"(?:\d{1,4}|[a-z]{1,2}|[ivxl]{1,5}|[*†‡§¶#]{1,3}|[¹²³⁰⁴-⁹]+)\s*[\])]?[.,]?)"
    r"|(?=.*[^\W\d_]).{2,90}\b(?:1[6-9]|20)\d\d[a-z]?\b.{0,12}"
    r"|[A-Z][\w’'.-]*(?:,? (?:[A-Z][\w’'.-]*|and|&|et al\.?|van|von|de|der|la)){0,6}",
    re.DOTALL,
)
BACK = re.compile(
    r"\W*(?:[↑^↩⤴]\ufe0e?|jump up(?: to)?:?|back(?: to (?:text|top))?|return(?: to text)?)[\s\W]*", re.IGNORECASE
)
MARK_SIGN = re.compile(r"[\[(*†‡§¶#¹²³⁰⁴-⁹]")
NAMED_AS_MARK = re.compile(
    r"(?:^|[\s_-])(?:\w*notes?|\w*refs?|noteref|biblioref|bibr|cit(?:e|ation)\w*)(?:$|[\s_-])", re.IGNORECASE
)
INLINE = element_names("a abbr b bdi cite code em font i label mark small span strong sub sup u")
ENTRIES = element_names("aside blockquote dd div dt li p td tr")
ITEMS = frozenset({"li", "tr"})
PARTS = ("p", "li", "h2", "h3", "tr")


class LinkedMark(NamedTuple):
    """A link that is a citation, and the element of its entry."""

    link: Element
    entry: Element


class Marks:
    """The marks of a page: `entry_of_link` by link, and the ids given to entries. `own` are addresses of the page."""

    def __init__(self, root: Element, own: frozenset[str]) -> None:
        self.anchors = named_elements(root)
        self.found: dict[Element, Element | None] = {}
        self.places = {element: place for place, element in enumerate(elements(root))}
        found = [mark for link in root.iter("a") if (mark := self.as_mark(link, own))]
        self.entry_of_link = {mark.link: mark.entry for mark in without_back_links(found, self.places)}
        self.short = short_notes(self.entry_of_link)
        self.ids: dict[Element, str] = {}
        for entry in self.entry_of_link.values():
            self.ids.setdefault(entry, entry.get("id") or f"entry-{len(self.ids) + 1}")

    def as_mark(self, link: Element, own: frozenset[str]) -> LinkedMark | None:
        base, _, fragment = (link.get("href") or "").partition("#")
        if not fragment or not (not base or is_own_address(base, own) or cites_by_role(link)):
            return None
        target = self.anchors.get(fragment, self.anchors.get(unquote(fragment)))
        words = flat(link)
        if (
            target is None
            or not words
            or len(words) > LONGEST_MARK
            or not (MARK_WORDS.fullmatch(words) or BACK.fullmatch(words) or cites_by_role(link))
        ):
            return None
        if target not in self.found:
            self.found[target] = find_entry(target)
        entry = self.found[target]
        if entry is None or entry in link.iterancestors():
            return None
        return LinkedMark(link, entry) if looks_like_mark(link, words) or self.is_work_below(entry, link) else None

    def is_work_below(self, entry: Element, link: Element) -> bool:
        """Whether an entry comes after a link and is a work: links from an index or contents to text are no marks."""
        return self.places[entry] > self.places[link] and YEAR_OR_ADDRESS.search(flat(entry)) is not None

    def targets(self, link: Element) -> list[str]:
        """The ids of what a mark cites: its entry, or the works that a short note ("Smith 2010, p. 5") refers to."""
        entry = self.entry_of_link.get(link)
        if entry is None:
            return []
        return [self.ids[further] for further in self.short.get(entry, [])] or [self.ids[entry]]


def cites_by_role(link: Element) -> bool:
    """Whether a link says that it is a citation. In a book, it may lead to the page with the list of all chapters,
    although the page itself has the entry too."""
    return "doc-biblioref" in tokens_of(link)


def looks_like_mark(link: Element, words: str) -> bool:
    """Whether a link is raised, in brackets, or said to be a mark."""
    around = [link, *takewhile(lambda each: each.tag in INLINE, link.iterancestors())]
    said = any(each.tag == "sup" or NAMED_AS_MARK.search(tokens_of(each)) for each in around)
    return said or MARK_SIGN.match(words) is not None or bool(BACK.fullmatch(words))


def named_elements(root: Element) -> dict[str, Element]:
    """The elements that fragments of addresses name."""
    found: dict[str, Element] = {}
    for element in elements(root):
        for key in (element.get("id"), element.get("name") if element.tag == "a" else None):
            if key:
                found.setdefault(key, element)
    return found


def own_addresses(root: Element, name: str) -> frozenset[str]:
    """The addresses of the page itself, and the name of its file."""
    named = [*root.xpath("//link[@rel='canonical']/@href"), *root.xpath("//meta[@property='og:url']/@content")]
    return frozenset({PurePath(name).name, *(address.partition("#")[0] for address in named)})


def is_own_address(base: str, own: frozenset[str]) -> bool:
    """Whether an address before the fragment is that of the page, also as a browser saves it (file:///…/page.html)."""
    return (
        base in own
        or unquote(PurePath(urlsplit(base).path).name) in own
        or any(address.endswith(base) for address in own if base.startswith("/"))
    )


def find_entry(target: Element) -> Element | None:
    """The entry of a list that an anchor is or begins; None if it is something else, such as a section."""
    if target.tag not in INLINE | ENTRIES:
        return None
    entry = next(ancestors(target, ENTRIES), None)
    if entry is None or not begins_with(entry, target):
        return None
    if entry.tag == "dt" and (after := entry.getnext()) is not None and after.tag == "dd":
        entry = after if visible_letters(flat(entry)) < LEAST_ENTRY else entry
    item = next(ancestors(entry, ITEMS), entry)
    return next((element for element in (item, entry) if is_entry(element)), None)


def is_entry(element: Element) -> bool:
    words = flat(element)
    if len(words) > LONGEST_ENTRY or visible_letters(words) < LEAST_ENTRY:
        return False
    return element.tag in ITEMS or sum(1 for _ in element.iter(*PARTS)) <= MOST_PARTS


def begins_with(around: Element, target: Element) -> bool:
    """Whether hardly any text of an element comes before another one in it."""
    before = 0
    node = target
    while node is not around:
        for sibling in node.itersiblings(preceding=True):
            before += visible_letters((sibling.tail or "") + "".join(sibling.itertext()))
            if before > MOST_BEFORE_ANCHOR:
                return False
        node = node.getparent()
        before += visible_letters(node.text or "")
    return before <= MOST_BEFORE_ANCHOR


def visible_letters(text: str) -> int:
    return sum(map(str.isalnum, text))


def without_back_links(found: list[LinkedMark], places: dict[Element, int]) -> Iterator[LinkedMark]:
    """The marks without links from an entry back to where it is cited: of two entries that cite one another, the later
    one is the note."""
    entries = {mark.entry for mark in found}
    holder = {
        mark.link: next((around for around in mark.link.iterancestors() if around in entries), None) for mark in found
    }
    ways = {(holder[mark.link], mark.entry) for mark in found}
    for mark in found:
        within = holder[mark.link]
        goes_back = within is not None and (mark.entry, within) in ways and places[mark.entry] < places[mark.link]
        if not goes_back and not BACK.fullmatch(flat(mark.link)):
            yield mark


def short_notes(entry_of_link: dict[Element, Element]) -> dict[Element, list[Element]]:
    """The full entries that short notes refer to."""
    cited = set(entry_of_link.values())
    found: dict[Element, list[Element]] = {}
    for note in cited:
        links = [link for link in note.iter("a") if link in entry_of_link]
        linked = sum(visible_letters(flat(link)) for link in links)
        if links and visible_letters(flat(note)) - linked <= LONGEST_SHORT_NOTE:
            further = [entry_of_link[link] for link in links]
            found[note] = [entry for entry in dict.fromkeys(further) if entry is not note]
    return found
