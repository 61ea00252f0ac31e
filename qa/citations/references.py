"""Read a document's reference list."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import takewhile

from qa.citations.identifiers import find_identifiers, identifier_fields
from qa.citations.notes import entries_under_notes
from qa.citations.parsing import parse_reference
from qa.citations.reference_ids import ReferenceIds
from qa.citations.reference_index import IDENTIFYING_FIELDS, ReferenceIndex
from qa.models import CSL, Block, Reading, Reference

WORK_FIELDS = ("author", "editor", "container-title", "DOI", "PMID", "URL", "number", "publisher")


def read_references(reading: Reading, known: ReferenceIndex | None = None) -> dict[str, Reference]:
    """The document's own references by id: the entries of its reference list, footnotes that are references (all
    footnotes if most are), and works that the file describes without an entry.

    A work found among `known` keeps its id there; new ids differ from all of theirs.
    """
    names = ReferenceIds(known or ReferenceIndex(()))
    read = ((block, raw, described(reading, block, raw)) for block, raw in entries(reading))
    listed = with_repeated_authors(reading.text, read)
    notes_in_list = entries_under_notes(reading)
    parsed = [
        (block, raw, csl)
        for block, raw, csl in listed
        if not is_remark(raw, csl) and not (block.start in notes_in_list and is_sentence(raw, csl))
    ]
    notes = [is_note_of_work(raw, csl) for block, raw, csl in parsed if block.kind == "footnote"]
    all_notes = sum(notes) > len(notes) / 2
    works = [
        replace(names.assign(csl, raw, block.end - len(raw)), key=block.id)
        for block, raw, csl in parsed
        if block.kind == "reference" or all_notes or is_note_of_work(raw, csl)
    ]
    printed = {block.id for block in reading.blocks}
    works += [names.listed(csl, key) for key, csl in reading.works.items() if key not in printed]
    return {work.id: work for work in works}


# Words of sentences, which entries of a list rarely have outside their titles.
OF_A_SENTENCE = re.compile(
    r"\b(?:is|are|was|were|has|have|had|did|does|do|can|could|may|might|will|would|should|must|we|our|denotes?|indicates?|"
    r"means|refers?|excludes?|includes?|calculated|estimated|rounded|adjusted|measured)\b"
)


def is_sentence(raw: str, csl: CSL) -> bool:
    """Whether a note is a remark in words: it has nothing that identifies a work, though it may begin like a name."""
    described = FIELDS_OF_A_WORK - {"author"} | {"issued", "publisher", "status", "container-title"}
    return not described & csl.keys() and bool(OF_A_SENTENCE.search(raw))


def entries(reading: Reading) -> Iterator[tuple[Block, str]]:
    """Yield blocks that may be references, with their text after the label."""
    for block in reading.blocks:
        if block.kind in ("reference", "footnote") and block.visible[0].start < block.end:
            yield block, reading.text[block.visible[0].start : block.end]


def with_repeated_authors(text: str, listed: Iterable[tuple[Block, str, CSL]]) -> Iterator[tuple[Block, str, CSL]]:
    """Entries that begin with a dash instead of their authors have those of the entry before, and so do entries that
    begin with their year behind that one: "Reyes A. 2019. Lanes; (2020) Paint."."""
    above: CSL = {}
    end = 0
    for block, raw, csl in listed:
        again = SAME_AUTHORS.match(raw) or (ANOTHER_YEAR.match(raw) if "\n" not in text[end : block.start] else None)
        if again and above:
            csl = {**parse_reference(f"{ANY_AUTHOR} {raw[again.end() :].lstrip(' .,')}"), **above}
        above = {key: csl[key] for key in ("author", "editor", "custom") if key in csl}
        end = block.end
        yield block, raw, csl


def described(reading: Reading, block: Block, raw: str) -> CSL:
    """The fields of an entry: those that the file gives, or else those read from its text."""
    if given := reading.works.get(block.id) if block.id else None:
        return dict(given)
    csl = parse_reference(raw)
    addresses = " ".join(style.value for style in block.styles if style.kind == "link")
    return identifier_fields(find_identifiers(addresses)) | csl if addresses else csl


SAME_AUTHORS = re.compile(r"(?:[—–―⸺⸻]{2,}|-{3,}|_{3,})[.,]?")
ANOTHER_YEAR = re.compile(r"(?=\((?:1[6-9]|20)\d\d[a-z]?\)|(?:1[6-9]|20)\d\d[a-z]?\.\s)")
ANY_AUTHOR = "Author A."  # where an entry leaves out its authors, so that the rest is read as of any other


def is_work(csl: CSL) -> bool:
    """Whether a footnote is a reference, not a remark: it has an identifier, or a year and an author or place."""
    return any(field in csl for field in ("DOI", "PMID", "URL")) or (
        "issued" in csl and any(field in csl for field in WORK_FIELDS)
    )


# "Arts Council, Who Sings? (March 2019)", "FFT, Absence in schools, September 2023.": a name, a title, and a date at
# the end, perhaps with a page.
DATED_NOTE = re.compile(
    r"[^\W\d_][^,:.]{1,80}[,:]\s.{8,}[(,]\s?(?:\d{1,2}\s)?(?:[^\W\d_]{3,9}\.?\s)?(?:\d{1,2},\s)?(?:1[6-9]|20)\d\d\)?"
    r"(?:,\s(?:pp?\.?|pages?)\s?\d[\d–-]*)?\.?\s*",
    re.DOTALL,
)


def is_note_of_work(raw: str, csl: CSL) -> bool:
    """Whether a footnote is a reference: by its fields, or because it ends with its date and tells nothing more."""
    return is_work(csl) or (DATED_NOTE.fullmatch(raw) is not None and not OF_A_SENTENCE.search(raw))


# Remarks about the list or its entries: "The following sources were used.", "Sources (accessed in 2020):".
ABOUT_LIST = re.compile(
    r"\A(?!.*[\w)]\. ).*(?:\b(?:sources?|references?|works?|list|links?|papers?|publications?|entries|citations?|"
    r"titles|numbers?)\b.*\b(?:follow\w*|below|listed|sorted|ordered|order|arranged|numbered|cited|consulted|used|"
    r"accessed|checked|given|relied|alphabetical\w*|appear\w*)\b|\b(?:follow\w*|below|listed|cited|consulted|used|accessed|"
    r"checked|these)\b.*\b(?:sources?|references?|works?|links?|papers?|publications?|entries|citations?)\b|:\s*\Z)",
    re.IGNORECASE | re.DOTALL,
)
FIELDS_OF_A_WORK = frozenset({"author", "editor", "volume", "page", *IDENTIFYING_FIELDS})


def is_remark(raw: str, csl: CSL) -> bool:
    """Whether a line of the list is a remark about the list rather than an entry."""
    return not FIELDS_OF_A_WORK & csl.keys() and len(raw) < 400 and bool(ABOUT_LIST.match(raw))


def labelled(blocks: Sequence[Block], references: Iterable[Reference]) -> tuple[dict[str, str], bool]:
    """Reference ids by label, and whether the labels are printed; in an unnumbered list, positions from 1 are used.

    The labels are those of the list of references; of footnotes only if there is none."""
    by_end = {reference.end: reference for reference in references if reference.end is not None}
    known = [block for block in blocks if block.end in by_end and block.kind in ("reference", "footnote")]
    listed = [block for block in known if block.kind == "reference"] or known
    numbered = any(block.label for block in listed)
    entries = listed if numbered else list(takewhile(lambda block: not is_heading_like(by_end[block.end]), listed))
    works: dict[str, set[str]] = {}
    for place, block in enumerate(entries, start=1):
        works.setdefault(block.label or ("" if numbered else str(place)), set()).add(by_end[block.end].id)
    # A label with two works, as when a document has two lists, is ambiguous and left out.
    return {label: found.pop() for label, found in works.items() if label and len(found) == 1}, numbered


def is_heading_like(work: Reference) -> bool:
    """Whether an entry is a subheading ("Guidelines", "Web pages"), after which positions in a list are unreliable."""
    raw = work.raw or ""
    return not (FIELDS_OF_A_WORK | {"issued"}) & work.csl.keys() and not re.search(r"[.,;\d]|\S+(?:\s+\S+){4}", raw)


def numbered_lists(blocks: Sequence[Block], references: Iterable[Reference]) -> list[tuple[int, dict[str, str]]]:
    """The end and the labels of each list of a document with several numbered lists, one a chapter, that begin anew;
    empty for all other documents.

    Lists with nothing but headings between them are no lists of chapters: a number that two of them have means neither.
    """
    by_end = {reference.end: reference.id for reference in references if reference.end is not None}
    lists: list[tuple[int, dict[str, str]]] = []
    twice: set[tuple[int, str]] = set()
    within = False
    for block in blocks:
        if block.kind == "reference" and block.label and block.end in by_end:
            labels = lists.pop()[1] if within else {}
            if block.label in labels:
                twice.add((len(lists), block.label))
            lists.append((block.end, labels | {block.label: by_end[block.end]}))
            within = True
        elif block.kind not in ("reference", "metadata", "heading"):
            within = False
    anew = [labels for _, labels in lists if "1" in labels]
    if len(anew) < 2 or len(anew) < len(lists):
        return []
    return [
        (end, {label: id for label, id in labels.items() if (place, label) not in twice})
        for place, (end, labels) in enumerate(lists)
    ]
