"""Read the owner's conditions, aspects, interventions and synonyms."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from qa.corpus.entries import Entry, lineage, quoted, require_known, require_valid_ids
from qa.corpus.folder import read_file
from qa.corpus.formats import read_tables
from qa.models import Aspect, Condition, Intervention, SynonymGroup


def read_conditions(folder: Path) -> tuple[Condition, ...]:
    file = "conditions.toml"
    records = [(e, e.read_as(Condition)) for e in read_tables(file, read_file(folder, file) or b"", "condition")]
    require_valid_ids(records)
    parents = {condition.id: condition.parent for _, condition in records}
    for entry, condition in records:
        ambiguous = [id for abbreviation in condition.abbreviations for id in abbreviation.ambiguous]
        require_known(entry, "parent", "condition", [condition.parent] if condition.parent else [], parents)
        require_known(entry, "abbreviations", "condition", ambiguous, parents)
    for entry, condition in records:
        line = lineage(condition.id, parents)
        if len(set(line)) < len(line):
            raise entry.fault(f"its parents form a cycle: {' → '.join(line)}. Remove one parent.", "parent")
    return tuple(condition for _, condition in records)


def read_aspects(folder: Path) -> tuple[Aspect, ...]:
    file = "aspects.toml"
    records = [(e, e.read_as(Aspect)) for e in read_tables(file, read_file(folder, file) or b"", "aspect")]
    require_valid_ids(records)
    for entry, aspect in records:
        require_patterns(entry, "cue_patterns", aspect.cue_patterns)
        require_patterns(entry, "evidence_patterns", aspect.evidence_patterns)
        if not (aspect.cues or aspect.cue_patterns) or not (aspect.evidence or aspect.evidence_patterns):
            raise entry.fault("needs cues that ask for it and evidence that addresses it. Add both.", "id")
    return tuple(aspect for _, aspect in records)


def require_patterns(entry: Entry, key: str, patterns: Iterable[str]) -> None:
    for pattern in patterns:
        try:
            re.compile(pattern)
        except re.error as error:
            raise entry.fault(f"{quoted(pattern)} is not a valid regular expression ({error}).", key) from None


def read_interventions(folder: Path) -> tuple[Intervention, ...]:
    file = "interventions.toml"
    tables = read_tables(file, read_file(folder, file) or b"", "intervention")
    records = [(entry, entry.read_as(Intervention)) for entry in tables]
    require_valid_ids(records)
    for entry, intervention in records:
        if not intervention.names:
            raise entry.fault("names is empty. Add at least one name.", "names")
    return tuple(intervention for _, intervention in records)


def read_synonyms(folder: Path) -> tuple[SynonymGroup, ...]:
    file = "synonyms.toml"
    groups = [(e, e.read_as(SynonymGroup)) for e in read_tables(file, read_file(folder, file) or b"", "group")]
    for entry, group in groups:
        if len(group.words) < 2:
            raise entry.fault("a group needs at least two words. Add a word, or remove the group.", "words")
    return tuple(group for _, group in groups)
