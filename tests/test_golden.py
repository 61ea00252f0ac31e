"""Whole documents as the service reads them, compared with a human annotation field by field.

`tests/data/first-document` is the first document. `tests/data/pages` are pages on other subjects, with other headings
and citation styles. Where an annotation broke the written rules it was corrected; `corrections` in the file says what
and why.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from qa.citations.reference_index import ReferenceIndex
from qa.conditions import Vocabulary
from qa.corpus import open_corpus
from qa.corpus.documents import CorpusFile
from qa.indexing.ingest import annotate_document
from qa.models import Abbreviation, Condition, Cued, Document, Provenance, Reference, Sentence

ROOT = Path(__file__).parent
FIRST = ROOT / "data" / "first-document" / "gold.json"
PAGES = sorted((ROOT / "data" / "pages").glob("*.gold.json"))
GOLDS = [FIRST, *PAGES]


@cache
def gold_of(path: Path) -> dict[str, Any]:
    gold: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return gold


@cache
def read(path: Path) -> tuple[Document, Mapping[str, Reference]]:
    """The document of a gold file, read with the vocabulary next to it."""
    file = document_file(path)
    listed = CorpusFile(file.stem, file.name, file.read_bytes(), Provenance(title=file.stem), 1)
    annotated = annotate_document(listed, Vocabulary(conditions_of(path)), ReferenceIndex(()))
    return annotated.document, annotated.works


def document_file(path: Path) -> Path:
    if path == FIRST:
        return path.with_name("document.txt")
    stem = path.name.removesuffix(".gold.json")
    return next(file for suffix in (".txt", ".md") if (file := path.with_name(stem + suffix)).exists())


def conditions_of(path: Path) -> tuple[Condition, ...]:
    if path == FIRST:
        return open_corpus(ROOT.parent / "corpus").conditions
    records = json.loads(path.with_name(path.name.replace(".gold.", ".conditions.")).read_text(encoding="utf-8"))
    return tuple(condition(record) for record in records)


def condition(record: dict[str, Any]) -> Condition:
    return Condition(
        id=record["id"],
        label=record["label"],
        parent=record.get("parent"),
        abbreviations=tuple(Abbreviation(a["text"], tuple(a["ambiguous"])) for a in record.get("abbreviations", ())),
        names=tuple(record.get("names", ())),
        asked_as=tuple(record.get("asked_as", ())),
        asked_as_with_cue=tuple(Cued(tuple(c["words"]), tuple(c["cues"])) for c in record.get("asked_as_with_cue", ())),
    )


# --- compared fields -----------------------------------------------------------------------------


def key_of(path: Path, id: str) -> str:
    """The annotation's key for a work: author and year, plus a letter if two works share these."""
    reference = read(path)[1][id]
    author = reference.csl.get("author", [{}])[0].get("family") or reference.raw or ""
    year = reference.csl.get("issued", {"date-parts": [[None]]})["date-parts"][0][0]
    works = gold_of(path)["references"].items()
    keys = [key for key, work in works if work["first_author"] in author and work["year"] == year]
    told_apart = [key for key in keys if len(keys) == 1 or key[-1] == id[-1]]
    return next(iter(told_apart), f"{id}, which the annotation does not know")


def sentence_names(path: Path) -> dict[str, str]:
    """The annotation's sentence ids by ours, matched by position."""
    by_place = {(s["start"], s["end"]): s["id"] for s in gold_of(path)["sentences"]}
    return {s.id: by_place.get((s.start, s.end), f"at {s.start}") for s in read(path)[0].sentences}


def tags(conditions: Any) -> list[tuple[str, str]]:
    return [(c["id"], c["basis"]) if isinstance(c, dict) else (c.id, c.basis) for c in conditions]


def outline(path: Path, headings: list[str]) -> list[str]:
    """The headings as the outline has them: in plain text, whose headings have no levels, only the nearest one. The
    annotation also has what a reader knows them to be part of."""
    return headings if document_file(path).suffix == ".md" else headings[-1:]


def expected(path: Path, sentence: dict[str, Any]) -> dict[str, Any]:
    gold, support = gold_of(path), sentence.get("support") or {}
    named = [gold["named_sources"][name] for name in support.get("named_sources", ())]
    return {
        "text": sentence["text"],
        "kind": sentence["kind"],
        "path": outline(path, sentence["path"]),
        "conditions": tags(sentence.get("conditions", ())),
        "status": support.get("status", "uncited"),
        "direct": support.get("direct", []),
        "inherited": [(i["reference"], i["antecedent"]) for i in support.get("inherited", ())],
        "named": [(n["start"], n["string"]) for n in named],
    }


def actual(path: Path, sentence: Sentence) -> dict[str, Any]:
    document, _ = read(path)
    names, support = sentence_names(path), sentence.support
    return {
        "text": document.text[sentence.start : sentence.end],
        "kind": sentence.kind,
        "path": list(document.sections[sentence.section].path),
        "conditions": tags(sentence.conditions),
        "status": support.status,
        "direct": [key_of(path, id) for id in support.references],
        "inherited": [(key_of(path, i.reference), names[i.antecedent]) for i in support.inherited],
        "named": [(source.start, source.text) for source in support.named_sources],
    }


SENTENCES = [
    pytest.param(path, number, id=f"{path.parent.name}-{path.name.split('.')[0]}-{sentence['id']}")
    for path in GOLDS
    for number, sentence in enumerate(gold_of(path)["sentences"])
]


@pytest.mark.parametrize("path", GOLDS, ids=lambda path: document_file(path).name)
def test_the_annotation_is_of_this_document(path: Path) -> None:
    """Otherwise a stale gold file would look like a reading error."""
    gold, document = gold_of(path), read(path)[0]
    assert document.digest == gold["sha256"]
    assert all(document.text[s["start"] : s["end"]] == s["text"] for s in gold["sentences"])


@pytest.mark.parametrize("path", GOLDS, ids=lambda path: document_file(path).name)
def test_spans_of_sentences(path: Path) -> None:
    found = [(s.start, s.end, s.kind) for s in read(path)[0].sentences]
    assert found == [(s["start"], s["end"], s["kind"]) for s in gold_of(path)["sentences"]]


@pytest.mark.parametrize(("path", "number"), SENTENCES)
def test_sentence(path: Path, number: int) -> None:
    """Path, conditions with their basis, status, direct and inherited references, named sources."""
    assert actual(path, read(path)[0].sentences[number]) == expected(path, gold_of(path)["sentences"][number])


@pytest.mark.parametrize("path", GOLDS, ids=lambda path: document_file(path).name)
def test_sections(path: Path) -> None:
    gold, document = gold_of(path), read(path)[0]
    found = [(list(s.path), tags(s.conditions)) for s in document.sections]
    wanted = [(outline(path, s["path"]), tags(s["conditions"])) for s in gold["sections"]]
    known = {tuple(headings) for headings, _ in wanted}  # annotators may leave out the reference list
    assert [section for section in found if tuple(section[0]) in known] == wanted


@pytest.mark.parametrize("path", GOLDS, ids=lambda path: document_file(path).name)
def test_passages(path: Path) -> None:
    names = sentence_names(path)
    found = [[names[sentence.id] for sentence in passage.sentences] for passage in read(path)[0].passages]
    assert found == gold_of(path)["passages"]


@pytest.mark.parametrize("path", GOLDS, ids=lambda path: document_file(path).name)
def test_no_forbidden_reference_is_attached(path: Path) -> None:
    """For some sentences, the annotation lists the works that a careless reader would attach."""
    wrong = [
        (sentence["id"], key)
        for number, sentence in enumerate(gold_of(path)["sentences"])
        for got in [actual(path, read(path)[0].sentences[number])]
        for key in sentence.get("must_not_cite", ())
        if key in got["direct"] or key in [reference for reference, _ in got["inherited"]]
    ]
    assert not wrong
