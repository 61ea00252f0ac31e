"""Where something is: a file, and in it a line, a page or the section of a heading."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from functools import lru_cache
from typing import NamedTuple

from qa.messages import say
from qa.models import Document


class Location(NamedTuple):
    """A place in a file. A file of text has lines; text that was taken out of a file has pages, as a PDF, or else the
    heading above (`section`), because its own lines are not those of the file."""

    file: str
    line: int | None = None
    page: int | None = None
    section: str = ""

    def __str__(self) -> str:
        """The place within the file; empty if it is not known."""
        if self.line:
            return say("check.line", n=self.line)
        if self.page:
            return say("hit.page", n=self.page)
        return say("check.section", heading=self.section) if self.section else ""


def location_of(document: Document, offset: int) -> Location:
    """The place of an offset of the document's text."""
    if not document.extracted:
        return Location(document.file, bisect_left(line_ends(document.text), offset) + 1)
    if page := bisect_right(document.page_starts, offset):
        return Location(document.file, page=page)
    above = [section.path[-1] for section in document.sections if section.path and section.start <= offset]
    return Location(document.file, section=above[-1] if above else "")


@lru_cache(maxsize=2)
def line_ends(text: str) -> list[int]:
    """The offsets of the line ends of a text, which many places are looked up in."""
    return [end for end, letter in enumerate(text) if letter == "\n"]
