"""Citations in articles that were not looked at while rules were written: `python -m benchmarks.unseen_citations`.

Reads the JATS articles in `jats` of the folder QA_TEST_DATA, except those of the gold set of `benchmarks.citations`,
and writes their paragraphs as plain text with citations in each style. Which sentence cites which reference is known
from JATS. `--errors STYLE` lists the errors in one style.
"""

from __future__ import annotations

import json
import os
import re
import sys
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

from qa.citations.reference_index import ReferenceIndex
from qa.conditions import Vocabulary
from qa.corpus.documents import CorpusFile
from qa.indexing.ingest import annotate_document
from qa.models import Provenance
from testkit.citation_gold import clip, measures

# Citations while the text is assembled: the position in the list of each work cited, between characters that no article
# contains; and one such position with the dash of a range after it.
MARK = re.compile(r"\s?[\[(]?\s?((?:\ue000\d+\ue001[\s,;–‐-]{0,3})+)[\])]?")
ONE = re.compile(r"\ue000(\d+)\ue001[\s,;]*([–‐-]?)")
NO_PROSE = ("table-wrap", "fig", "disp-formula", "inline-formula", "fn", "supplementary-material")


class Work(NamedTuple):
    names: list[str]
    people: str
    dated: str
    rest: str


class Article(NamedTuple):
    title: str
    works: list[Work]
    paragraphs: list[str]


def read_article(path: Path) -> Article | None:
    """Return the article, or None if its citations are not numbers or its list lacks names and years."""
    root = ElementTree.parse(path).getroot()
    refs = root.findall(".//ref-list//ref")
    works = list(read_works(refs))
    marks = ["".join(xref.itertext()) for xref in root.findall(".//body//xref[@ref-type='bibr']")]
    described = all(work.names and work.dated for work in works)
    if not marks or not described or not all(re.fullmatch(r"\W*\d{1,3}\W*", mark) for mark in marks):
        return None
    places = {ref.get("id", ""): place for place, ref in enumerate(refs)}
    paragraphs = [" ".join(prose(p, places).split()) for p in root.findall(".//body//p")]
    return Article(words_in(root, "article-title"), works, paragraphs)


def read_works(refs: Sequence[ElementTree.Element]) -> Iterator[Work]:
    """Yield the works; those with the same first author and year get letters."""
    named = [[(n.findtext("surname", ""), n.findtext("given-names", "")) for n in ref.iter("name")] for ref in refs]
    keys = [(names[0][0] if names else "", words_in(ref, "year")[:4]) for names, ref in zip(named, refs, strict=True)]
    for place, (names, ref) in enumerate(zip(named, refs, strict=True)):
        letter = chr(ord("a") + keys[:place].count(keys[place])) if keys.count(keys[place]) > 1 else ""
        people = ", ".join(f"{family} {re.sub(r'[^A-Z]', '', given)}" for family, given in names)
        spot = f"{words_in(ref, 'volume')}:{words_in(ref, 'fpage')}"
        rest = f"{words_in(ref, 'article-title')}. {words_in(ref, 'source')}, {spot}."
        yield Work([family for family, _ in names], people, keys[place][1] + letter if keys[place][1] else "", rest)


def words_in(element: ElementTree.Element, tag: str) -> str:
    return " ".join("".join(next(element.iter(tag), ElementTree.Element(tag)).itertext()).split())


def prose(element: ElementTree.Element, places: dict[str, int]) -> str:
    """Return the text of a paragraph, with each citation as the positions of its works in the list."""
    if element.tag in NO_PROSE:
        return ""
    if element.tag == "xref" and element.get("ref-type") == "bibr":
        return "".join(f"\ue000{places[id]}\ue001" for id in element.get("rid", "").split() if id in places)
    return (element.text or "") + "".join(prose(child, places) + (child.tail or "") for child in element)


def pointed_at(mark: str) -> list[int]:
    found: list[int] = []
    dash = ""
    for place, after in ONE.findall(mark):
        found += range(found[-1] + 1, int(place) + 1) if dash and found else [int(place)]
        dash = after
    return found


def numbers(places: Sequence[int], joint: str = ",") -> str:
    return joint.join(str(place + 1) for place in places)


def short(work: Work) -> str:
    first, *others = work.names
    return f"{first}{' et al.' if len(others) > 1 else f' & {others[0]}' if others else ''}, {work.dated}"


# How each style cites works, given their positions.
STYLES: dict[str, Callable[[Sequence[int], Sequence[Work]], str]] = {
    "square": lambda places, works: f" [{numbers(places)}]",
    "round": lambda places, works: f" ({numbers(places)})",
    "raised": lambda places, works: numbers(places, "˒").translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")),
    "author-year": lambda places, works: f" ({'; '.join(short(works[place]) for place in places)})",
}


def write_out(article: Article, style: str) -> tuple[str, list[tuple[int, list[int]]], dict[int, int]]:
    """Return the plain text, its citations (start, positions of works), and list positions by the end of the entry."""
    text, marks, ends = article.title, [], {}
    for paragraph in article.paragraphs:
        text, done = text + "\n\n", 0
        for match in MARK.finditer(paragraph):
            written = STYLES[style](pointed_at(match[1]), article.works)
            text += paragraph[done : match.start()] + written
            marks.append((len(text) - len(written.strip()), pointed_at(match[1])))
            done = match.end()
        text += paragraph[done:]
    text += "\n\nReferences\n"
    for place, work in enumerate(article.works):
        number = "" if style == "author-year" else f"{place + 1}. "
        text += f"{number}{work.people} ({work.dated}). {work.rest}"
        ends[len(text)] = place
        text += "\n"
    return text, marks, ends


def score(article: Article, style: str) -> tuple[Counter[str], list[str]]:
    """Compare pairs of a sentence and a reference with the article's own; return counts and errors."""
    text, marks, ends = write_out(article, style)
    file = CorpusFile("a", "a.txt", text.encode(), Provenance("A"), 1)
    annotated = annotate_document(file, Vocabulary(()), ReferenceIndex(()))
    document, works = annotated.document, annotated.works
    starts = [sentence.start for sentence in document.sentences]
    true = {(bisect_right(starts, start) - 1, place) for start, places in marks for place in places}
    found = {
        (bisect_right(starts, mark.start) - 1, ends.get(works[id].end or -1, -1))
        for mark in document.citations
        for id in mark.references
    }
    errors = [
        f"{kind} {place + 1}: {clip(text, document.sentences[number].start, document.sentences[number].end)}"
        for kind, pairs in (("FP", found - true), ("FN", true - found))
        for number, place in sorted(pairs)
    ]
    return Counter(pair_tp=len(true & found), pair_fp=len(found - true), pair_fn=len(true - found)), errors


def unseen(folder: Path) -> Iterator[Article]:
    index = json.loads((folder / "citations" / "citegold" / "index.json").read_text())
    seen = {entry["file"] for entry in index} | {entry["title"] for entry in index}
    for path in sorted((folder / "jats").glob("*.nxml")):
        if path.name not in seen and (article := read_article(path)) and article.title not in seen:
            yield article


def main(arguments: list[str]) -> None:
    articles = list(unseen(Path(os.environ["QA_TEST_DATA"])))
    print(f"{len(articles)} articles   pairs P/R/F")
    for style in STYLES:
        scores = [score(article, style) for article in articles]
        counts = sum((one for one, _ in scores), Counter[str]())
        print(f"{style:13} {' '.join(f'{figure:.3f}' for figure in measures(counts, 'pair'))}")
        if arguments == ["--errors", style]:
            print(*(error for _, errors in scores for error in errors), sep="\n")


if __name__ == "__main__":
    main(sys.argv[1:])
