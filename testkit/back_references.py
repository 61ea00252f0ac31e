"""Measure references back to an earlier work ("The study found …") against hand-labelled sentences."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple

from qa.citations.attach import CitingText, attach_support
from qa.citations.cues import OWN, OWN_SECTION
from qa.citations.sources import find_sources
from qa.models import Citation, Section, Sentence, Support

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
    if references:
        match = next(MARK.finditer(text, start, end), None)
        place = match.span() if match else (end - 1, end)
        yield Citation(f"c{start}", *place, text[slice(*place)], "numeric", tuple(map(str, references)))


def inherited(cases: Sequence[Case], kind: Literal["summary", "research"]) -> Count:
    """Count inherited pairs of a sentence and a reference."""
    pairs = [(c.references, {i.reference for i in support_in(c, kind)[0].inherited}) for c in cases]
    return Count(
        sum(len(got) for _, got in pairs),
        sum(len(got & want) for want, got in pairs),
        sum(len(want) for want, _ in pairs),
    )


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
    trials = list(read_trials(folder / "back_references.json"))
    encyclopaedias = list(read_encyclopaedias(folder / "back_references_secondary.json"))
    return {
        f"trial reports ({len(trials)} sentences), inherited": inherited(trials, "research"),
        f"trial reports ({len(trials)} sentences), about its own study": about_own_study(trials),
        f"encyclopaedias ({len(encyclopaedias)} sentences), inherited": inherited(encyclopaedias, "summary"),
        f"encyclopaedias ({len(encyclopaedias)} sentences), named source referred back to": referred_back(
            encyclopaedias
        ),
    }
