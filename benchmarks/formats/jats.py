"""JATS: every link to an entry, found by a walk over the XML of its own, against the citations of the service."""

from __future__ import annotations

import html.entities
import re
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from lxml import etree

from benchmarks.formats.scores import Score, compare, letters, words
from qa.citations.marks import find_citations
from qa.citations.references import read_references
from qa.models import Reading
from qa.readers import read_document
from qa.readers.plain import Plain
from qa.readers.xml import element_names

LETTERS_BEFORE = 12  # that say where a mark is
RANGE = re.compile(r"\s*[\])]?\s*[\[(]?\s*[‐-―−-]\s*[\[(]?\s*")
LONGEST_RANGE = 40
ENTITY = re.compile(rb"&(?!amp;|lt;|gt;|quot;|apos;)(\w+);")
# Text of these elements is not text of the article, or not in the reading under the same name.
NOT_TEXT = frozenset({"tex-math", "ref-list", "label"})
NOT_BODY = element_names("annotation graphic inline-graphic label media object-id supplementary-material tex-math")
# Elements within words; all others are apart from what is beside them.
WITHIN = element_names(
    "bold italic sc sub sup underline styled-content named-content xref mi mn mo mtext msub msup mrow"
)
Pair = tuple[str, str]


def character(entity: re.Match[bytes]) -> bytes:
    return html.entities.html5[f"{entity[1].decode()};"].encode()


def without_namespaces(data: bytes) -> etree._Element:
    """The article by itself, with entities that only its DTD names replaced."""
    root = etree.fromstring(
        ENTITY.sub(character, data), etree.XMLParser(load_dtd=False, resolve_entities=False, remove_comments=True)
    )
    for element in root.iter(etree.Element):
        element.tag = etree.QName(element).localname
    for part in root.findall("sub-article") + root.findall("response"):
        root.remove(part)
    return root


@dataclass
class Walk:
    """The pairs of (letters before a mark, id of an entry) in the order of the file."""

    ids: dict[str, str]
    order: list[str]
    before: str = ""
    since: str | None = None
    last: Pair | None = None
    pairs: list[Pair] = field(default_factory=list)

    def element(self, element: etree._Element) -> None:
        if not isinstance(element.tag, str) or element.tag in NOT_TEXT:
            return
        named = [self.ids[id] for id in (element.get("rid") or "").split() if id in self.ids]
        if element.tag == "xref" and named:
            self.mark(named)
            return
        self.text(element.text)
        for child in element:
            self.element(child)
            self.text(child.tail)

    def text(self, text: str | None) -> None:
        if text:
            self.before = (self.before + letters(text))[-LETTERS_BEFORE:]
            self.since = None if self.since is None else self.since + text

    def mark(self, named: list[str]) -> None:
        place = self.before
        if self.last and self.since is not None and RANGE.fullmatch(self.since) and self.since.strip():
            first, last = self.order.index(self.last[1]), self.order.index(named[0])
            if 0 < last - first <= LONGEST_RANGE:
                self.pairs += [(place, id) for id in self.order[first + 1 : last]]
        self.pairs += [(place, id) for id in named]
        self.last, self.since = (place, named[-1]), ""


def gold_pairs(data: bytes) -> list[Pair]:
    root = without_namespaces(data)
    ids: dict[str, str] = {}
    order: list[str] = []
    for place, entry in enumerate(root.iter("ref"), start=1):
        order.append(entry.get("id") or f"entry-{place}")
        ids |= {each.get("id"): order[-1] for each in entry.iter() if each.get("id")}
    pairs: list[Pair] = []
    for path in ("front/article-meta/abstract", "body", "floats-group", "back"):
        for part in root.findall(path):
            walk = Walk(ids, order)
            walk.element(part)
            pairs += walk.pairs
    return pairs


def found_pairs(reading: Reading) -> list[Pair]:
    """The pairs that the service attaches. Letters within marks do not count as before a mark."""
    reading = Plain(reading).reading
    works = read_references(reading)
    marks, _ = find_citations(reading, works)
    keys = {work.id: work.key or "" for work in works.values()}
    pairs: list[Pair] = []
    before, done = "", 0
    for mark in marks:
        before = (before + letters(reading.text[done : mark.start]))[-LETTERS_BEFORE:]
        done = max(done, mark.end)
        pairs += [(before, keys.get(id, "")) for id in mark.references] + [(before, "")] * len(mark.unresolved)
    return pairs


def missing_letters(data: bytes, reading: Reading) -> tuple[int, int]:
    """Letters of words of the body that the reading lacks, and letters of the body."""
    root = without_namespaces(data)
    etree.strip_elements(root, *NOT_BODY, with_tail=False)
    body = Counter(word for part in root.findall("body") for word in words("".join(pieces(part))))
    missing = body - Counter(words(reading.text))
    return sum(len(word) * n for word, n in missing.items()), sum(len(word) * n for word, n in body.items())


def pieces(element: etree._Element) -> Iterator[str]:
    """The text of an element, with blanks between elements that are not within a word."""
    gap = "" if element.tag in WITHIN else " "
    yield gap + (element.text or "")
    for child in element:
        yield from pieces(child)
        yield child.tail or ""
    yield gap


@dataclass(frozen=True)
class Figures:
    articles: int
    pairs: Score
    loss: float
    per_second: float
    worst: tuple[tuple[str, Score], ...]

    def lines(self) -> Iterator[str]:
        yield f"JATS, {self.articles} articles, {self.per_second:.0f} a second of CPU time"
        yield f"  pairs of mark and entry: {self.pairs}"
        yield f"  letters of the bodies that are not in the text: {self.loss:.4%}"

    def faults(self) -> Iterator[str]:
        if self.pairs.f < 0.995:
            yield f"pairs F {self.pairs.f:.4f} is below .995"
        if self.loss > 0.001:
            yield f"{self.loss:.4%} of the letters are lost, more than .1 %"


def measure(files: Iterable[Path]) -> Figures:
    lost = total = articles = 0
    seconds = 0.0
    scores: dict[str, Score] = {}
    for file in files:
        data = file.read_bytes()
        start = time.process_time()
        reading = read_document(file.name, data)
        seconds += time.process_time() - start
        articles += 1
        scores[file.name] = compare(gold_pairs(data), found_pairs(reading))
        missing, letters_of_body = missing_letters(data, reading)
        lost, total = lost + missing, total + letters_of_body
    worst = sorted(scores.items(), key=lambda pair: -(pair[1].wrong + pair[1].missing))
    pairs = sum(scores.values(), Score())
    return Figures(articles, pairs, lost / max(1, total), articles / max(seconds, 1e-9), tuple(worst[:10]))
