"""Reading a page as a browser does, as far as the tests need it."""

from __future__ import annotations

import re
from functools import lru_cache
from html.parser import HTMLParser

VOID = {"meta", "link", "input", "br", "img", "hr"}


class Reader(HTMLParser):
    """Collects the text of every element with the wanted tag, and all links and attributes."""

    def __init__(self, tag: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tag, self.depth = tag, 0
        self.texts: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag == self.tag and not self.depth:
            self.texts.append("")
        if (self.depth or tag == self.tag) and tag not in VOID:
            self.depth += 1

    def handle_endtag(self, tag: str) -> None:
        self.depth -= bool(self.depth)

    def handle_data(self, data: str) -> None:
        if self.depth:
            self.texts[-1] += data


@lru_cache(1)  # a page is asked for its addresses and for its ids
def read(page: str, tag: str) -> Reader:
    reader = Reader(tag)
    reader.feed(page)
    reader.close()
    return reader


def texts(page: str, tag: str) -> list[str]:
    """The unescaped text of each element of that name."""
    return [*read(page, tag).texts]


def quotations(page: str) -> list[str]:
    """The text of each quotation, without the header row of its table."""
    return texts(re.sub(r"<thead>.*?</thead>", "", page), "blockquote")


def addresses(page: str) -> list[str]:
    """Every address that the page leads to or loads from."""
    found = [attrs.get("href") or attrs.get("src") for _, attrs in read(page, "html").elements]
    return [address for address in found if address]


def ids(page: str) -> list[str]:
    return [attrs["id"] or "" for _, attrs in read(page, "html").elements if "id" in attrs]
