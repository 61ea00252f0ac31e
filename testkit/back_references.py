"""Measure references back to an earlier work ("The study found …") against hand-labelled sentences."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple

from qa.citations.attach import CitingText, attach_support
from qa.citations.cues import OWN, OWN_SECTION
from qa.citations.reference_index import ReferenceIndex
from qa.citations.sources import find_sources
from qa.conditions import Vocabulary
from qa.corpus.documents import CorpusFile
from qa.indexing.ingest import annotate_document
from qa.models import Citation, Provenance, Section, Sentence, Support

LABELLED = Path(__file__).parent.parent / "tests" / "data" / "back-references.tsv"
# Citations as these articles write them; one that this does not match is put at the end of the sentence.
MARK = re.compile(r"\[[\d,–\-\s]+\]|\((?:\d{1,3}[,–\-\s]*)+\)|\((?:[^()]*\D)?(?:19|20)\d\d[a-z]?(?:[;,][^()]*)?\)")
THE_STUDY = re.compile(
    r"\b(?:the|this|these) (?:[\w-]+ ){0,3}?"
    r"(?:study|trial|analysis|paper|article|findings|results|evaluation|survey)\b",
    re.IGNORECASE,
)
# Labels of sentences whose source was named before without a citation.
REFERS_TO_NAMED_SOURCE = ("inherits from an unreferenced named source", "inherits backwards and forwards")


class Case(NamedTuple):
    """A sentence with its label, after the sentences before it, each with the numbers of its references."""

    path: tuple[str, ...]
    previous: tuple[tuple[str, tuple[int, ...]], ...]
    sentence: str
    label: str
    references: frozenset[str]


class Count(NamedTuple):
    found: int
    right: int
    wanted: int

    def __str__(self) -> str:
        precision = self.right / self.found if self.found else 1.0
        recall = self.right / self.wanted if self.wanted else 1.0
        shares = f"({self.right} of {self.found})  recall {recall:.2f} ({self.right} of {self.wanted})"
        return f"precision {precision:.2f} {shares}"


def read_trials(path: Path) -> Iterator[Case]:
    for record in json.loads(path.read_text(encoding="utf-8")):
        previous = tuple((sentence["t"], tuple(sentence["refs"])) for sentence in record["previous"])
        references = frozenset(map(str, record["refs"])) if record["label"] == "inherits" else frozenset()
        path_of = tuple(part.strip() for part in record["section"].split(">"))
        yield Case(path_of, previous, record["sentence"], record["label"], references)


def read_encyclopaedias(path: Path) -> Iterator[Case]:
    for record in json.loads(path.read_text(encoding="utf-8")):
        previous = tuple((text, tuple(map(int, re.findall(r"\[(\d+)\]", text)))) for text in record["previous"])
        sources = previous[-1][1] if record["label"] == "inherits from a marked sentence before" else ()
        yield Case((), previous, record["sentence"], record["label"], frozenset(map(str, sources)))


def support_in(case: Case, kind: Literal["summary", "research"]) -> tuple[Support, str, Sequence[Sentence]]:
    """The support of the case's sentence."""
    parts = [*case.previous, (case.sentence, ())]
    text = "\n".join(sentence for sentence, _ in parts)
    sentences: list[Sentence] = []
    citations: list[Citation] = []
    start = 0
    for number, (words, references) in enumerate(parts):
        end = start + len(words)
        sentences.append(Sentence(f"s{number}", start, end, "claim", 0, 0))
        citations += marks_of(text, start, end, references)
        start = end + 1
    sections = [Section(case.path, 0, len(text))]
    sources = find_sources(text, sentences, citations, {})
    return attach_support(CitingText(text, sections, sentences, kind), citations, sources)[-1], text, sentences


def marks_of(text: str, start: int, end: int, references: Sequence[int]) -> Iterator[Citation]:
    """The citations of a sentence: each mark with the references whose numbers are in it, the first with all others."""
    marks = [match.span() for match in MARK.finditer(text, start, end)] or [(end - 1, end)]
    inside = [[r for r in references if re.search(rf"(?<!\d){r}(?!\d)", text[slice(*mark)])] for mark in marks]
    others = [reference for reference in references if not any(reference in found for found in inside)]
    for number, (place, found) in enumerate(zip(marks, inside, strict=True)):
        if cited := [*found, *(others if not number else ())]:
            yield Citation(f"c{place[0]}", *place, text[slice(*place)], "numeric", tuple(map(str, cited)))


def inherited(cases: Sequence[Case], kind: Literal["summary", "research"]) -> Count:
    """Count inherited pairs of a sentence and a reference."""
    pairs = [(c.references, {i.reference for i in support_in(c, kind)[0].inherited}) for c in cases]
    return Count(
        sum(len(got) for _, got in pairs),
        sum(len(got & want) for want, got in pairs),
        sum(len(want) for want, _ in pairs),
    )


class Labelled(NamedTuple):
    """A sentence of an article, known by its beginning, and the places in the list of the works it takes over."""

    article: str
    beginning: str
    places: frozenset[int]


def read_labelled(path: Path) -> list[Labelled]:
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return [
        Labelled(article, words, frozenset(map(int, re.findall(r"\d+", places)))) for article, words, places in rows
    ]


def inherited_in_articles(folder: Path, cases: Sequence[Labelled]) -> Count:
    """Count inherited pairs of a sentence and a reference in whole articles, read from JATS."""
    found = right = 0
    for article in sorted({case.article for case in cases}):
        file = CorpusFile("a", "a.nxml", (folder / f"{article}.nxml").read_bytes(), Provenance("A"), 1)
        annotated = annotate_document(file, Vocabulary(()), ReferenceIndex(()))
        entries = [block.end for block in annotated.document.blocks if block.kind == "reference"]
        places = {end: place for place, end in enumerate(entries, start=1)}
        text = annotated.document.text
        for case in (case for case in cases if case.article == article):
            sentence = next(
                s for s in annotated.document.sentences if flat(text[s.start : s.end]).startswith(case.beginning)
            )
            got = {places.get(annotated.works[i.reference].end or -1, 0) for i in sentence.support.inherited}
            found, right = found + len(got), right + len(got & case.places)
    return Count(found, right, sum(len(case.places) for case in cases))


def flat(text: str) -> str:
    return " ".join(text.split())


def about_own_study(cases: Sequence[Case]) -> Count:
    """Count sentences of trial reports that are about the report's own study."""
    said = [
        (
            case.label == "self",
            not support_in(case, "research")[0].inherited and mentions_own_study(case.sentence, case.path),
        )
        for case in cases
    ]
    return Count(sum(got for _, got in said), sum(want and got for want, got in said), sum(want for want, _ in said))


def mentions_own_study(words: str, path: Sequence[str]) -> bool:
    """Whether a sentence of a research article that inherits nothing is about the article's own study."""
    return bool(OWN.search(words) or THE_STUDY.search(words) or any(map(OWN_SECTION.search, path)))


def referred_back(cases: Sequence[Case]) -> Count:
    """Count sentences that refer back to a source named before without a reference."""
    said = [
        (
            case.label.startswith(REFERS_TO_NAMED_SOURCE),
            any(source.start < sentences[-1].start for source in support.named_sources),
        )
        for case in cases
        for support, _, sentences in [support_in(case, "summary")]
    ]
    return Count(sum(got for _, got in said), sum(want and got for want, got in said), sum(want for want, _ in said))


def measure(folder: Path) -> dict[str, Any]:
    """The counts of each set, given the folder of the development data."""
    trials = list(read_trials(folder / "citations" / "back_references.json"))
    encyclopaedias = list(read_encyclopaedias(folder / "citations" / "back_references_secondary.json"))
    labelled = read_labelled(LABELLED)
    return {
        f"whole articles ({len(labelled)} sentences), inherited": inherited_in_articles(folder / "jats", labelled),
        f"trial reports ({len(trials)} sentences), inherited": inherited(trials, "research"),
        f"trial reports ({len(trials)} sentences), about its own study": about_own_study(trials),
        f"encyclopaedias ({len(encyclopaedias)} sentences), inherited": inherited(encyclopaedias, "summary"),
        f"encyclopaedias ({len(encyclopaedias)} sentences), named source referred back to": referred_back(
            encyclopaedias
        ),
    }
