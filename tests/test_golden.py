"""Whole documents, read as the service reads them, against one reader's annotation, field by field.

`tests/data/first-document` is the first document. `tests/data/pages` are pages on other subjects, with other headings
and habits of citing; where their annotation broke the written rules it was corrected, and `corrections` in the file
says what and why.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from qa.corpus import CorpusFile, open_corpus
from qa.ingest import annotate_document
from qa.conditions import Vocabulary
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
def read(path: Path) -> tuple[Document, dict[str, Reference]]:
    """The document that a gold file is about, with the vocabulary beside it."""
    file = document_file(path)
    listed = CorpusFile(file.stem, file.name, file.read_bytes(), Provenance(title=file.stem), 1)
    return annotate_document(listed, Vocabulary(conditions_of(path)), ())


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
        asked_as_with_cue=tuple(
            Cued(tuple(c["words"]), tuple(c["cues"])) for c in record.get("asked_as_with_cue", ())
        ),
    )


# --- what is compared ----------------------------------------------------------------------------


def key_of(path: Path, id: str) -> str:
    """The annotation's name for a work: that of the entry, or of the first mark, at the same place."""
    document, references = read(path)
    marked = {citation.start for citation in document.citations if citation.references == (id,)}
    for key, work in gold_of(path)["references"].items():
        entry = work.get("entry")
        if (entry and entry["start"] == references[id].start) or (not entry and work["start"] in marked):
            return str(key)
    return f"{id}, which the annotation does not know"


def sentence_names(path: Path) -> dict[str, str]:
    """Our ids of sentences to the annotation's, by place."""
    by_place = {(s["start"], s["end"]): s["id"] for s in gold_of(path)["sentences"]}
    return {s.id: by_place.get((s.start, s.end), f"at {s.start}") for s in read(path)[0].sentences}


def tags(conditions: Any) -> list[tuple[str, str]]:
    return [(c["id"], c["basis"]) if isinstance(c, dict) else (c.id, c.basis) for c in conditions]


def expected(path: Path, sentence: dict[str, Any]) -> dict[str, Any]:
    gold, support = gold_of(path), sentence.get("support") or {}
    named = [gold["named_sources"][name] for name in support.get("named_sources", ())]
    return {
        "text": sentence["text"],
        "kind": sentence["kind"],
        "path": sentence["path"],
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
