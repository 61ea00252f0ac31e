"""Footnotes: which works each of them is or names. Its number is that of the note, never a place in the list."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from qa.citations.matching import author_names, fold_field
from qa.citations.person_names import fold_name
from qa.models import Reading, Reference

NOTE = "^"  # before the label of a note, to tell it from the number of an entry
SHORTEST_TITLE = 6  # letters of a title that can identify a work in a note
NOTES_ABOVE = re.compile(
    r"[\W\d]*(?:(?:foot|end)?notes?(?: and references)?|references and notes|anmerkungen|fußnoten|notas)\W*",
    re.IGNORECASE,
)
MAIN_TITLE = re.compile(r"[:.?!]\s")


def entries_under_notes(reading: Reading) -> set[int]:
    """Where the footnotes begin, and the entries of lists under "Notes": these may also be remarks."""
    found: set[int] = set()
    under_notes = False
    for block in reading.blocks:
        if block.kind == "heading":
            under_notes = bool(NOTES_ABOVE.fullmatch(reading.text[block.start : block.end]))
        elif block.kind == "footnote" or (block.kind == "reference" and under_notes):
            found.add(block.start)
    return found


def remarks_in_list(reading: Reading, own: Sequence[Reference]) -> dict[str, tuple[str, ...]]:
    """The entries of a list under "Notes" that are remarks, by "^" and their number; they have no works."""
    works, remarks = {work.end for work in own}, entries_under_notes(reading)
    return {
        f"{NOTE}{block.label}": ()
        for block in reading.blocks
        if block.kind == "reference" and block.label and block.start in remarks and block.end not in works
    }


def works_of_notes(reading: Reading, own: Sequence[Reference]) -> dict[str, tuple[str, ...]]:
    """The ids of the works of each footnote, by "^" and its label: the work that it is, or the works of the list that
    it names by author and title ("Chen and Guest, “Wide Lanes.”"); empty for a remark."""
    by_end = {work.end: work.id for work in own}
    listed = [work for work in own if work.csl.get("title") and work.end is not None]
    notes = [block for block in reading.blocks if block.kind == "footnote" and block.label]
    return {
        f"{NOTE}{block.label}": (by_end[block.end],)
        if block.end in by_end
        else named_in(reading.text[block.start : block.end], listed)
        for block in notes
    }


def named_in(note: str, listed: Sequence[Reference]) -> tuple[str, ...]:
    words, letters = fold_field(note), fold_name(note)
    return tuple(
        work.id
        for work in listed
        if names_title(words, str(work.csl["title"]))
        and any(fold_name(n) in letters for n in author_names(work.csl)[:1])
    )


def names_title(words: str, title: str) -> bool:
    """Whether the letters of a note contain a title, or a title without its subtitle."""
    for part in (title, MAIN_TITLE.split(title)[0]):
        folded = fold_field(part)
        if len(folded) >= SHORTEST_TITLE and folded in words:
            return True
    return False


def printed_labels(labels: Mapping[str, str], *, numbered: bool) -> dict[str, tuple[str, ...]]:
    """The works that a note's number may mean where the document defines no notes: entries with that printed number."""
    return {f"{NOTE}{label}": (id,) for label, id in labels.items()} if numbered else {}
