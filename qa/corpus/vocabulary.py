"""Read the owner's conditions, aspects, interventions and synonyms."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from qa.corpus.entries import Entry, Known, lineage, quoted, require_known, require_valid_ids
from qa.corpus.faults import Faults
from qa.corpus.folder import read_entries
from qa.errors import CorpusError
from qa.models import Aspect, Condition, Intervention, SynonymGroup


def read_conditions(folder: Path, faults: Faults) -> tuple[tuple[Condition, ...], Known]:
    """The conditions, and the ids of all that are written. If one has a fault there are no conditions, because those
    that are right may depend on it."""
    before = len(faults)
    read = read_entries(folder, "conditions.toml", "condition", Condition, faults)
    records = read.records
    with faults.collected():
        require_valid_ids(records)
    parents = {condition.id: condition.parent for _, condition in records}
    known = read.ids
    for entry, condition in records:
        ambiguous = [id for abbreviation in condition.abbreviations for id in abbreviation.ambiguous]
        with faults.collected():
            require_known(entry, "parent", "condition", [condition.parent] if condition.parent else [], known)
        with faults.collected():
            require_known(entry, "abbreviations", "condition", ambiguous, known)
    for entry, condition in records:
        line = lineage(condition.id, parents)
        if len(set(line)) < len(line):
            faults.append(entry.fault(f"its parents form a cycle: {' → '.join(line)}. Remove one parent.", "parent"))
    return tuple(condition for _, condition in records) if len(faults) == before else (), known


def read_aspects(folder: Path, faults: Faults) -> tuple[Aspect, ...]:
    records = read_entries(folder, "aspects.toml", "aspect", Aspect, faults).records
    with faults.collected():
        require_valid_ids(records)
    for entry, aspect in records:
        faults += faulty_patterns(entry, "cue_patterns", aspect.cue_patterns)
        faults += faulty_patterns(entry, "evidence_patterns", aspect.evidence_patterns)
        if not (aspect.cues or aspect.cue_patterns) or not (aspect.evidence or aspect.evidence_patterns):
            faults.append(entry.fault("needs cues that ask for it and evidence that addresses it. Add both.", "id"))
    return tuple(aspect for _, aspect in records)


def faulty_patterns(entry: Entry, key: str, patterns: Iterable[str]) -> Iterator[CorpusError]:
    for pattern in patterns:
        try:
            re.compile(pattern)
        except re.error as error:
            yield entry.fault(f"{quoted(pattern)} is not a valid regular expression ({error}).", key)


def read_interventions(folder: Path, faults: Faults) -> tuple[Intervention, ...]:
    records = read_entries(folder, "interventions.toml", "intervention", Intervention, faults).records
    with faults.collected():
        require_valid_ids(records)
    for entry, intervention in records:
        if not intervention.names:
            faults.append(entry.fault("names is empty. Add at least one name.", "names"))
    return tuple(intervention for _, intervention in records)


def read_synonyms(folder: Path, faults: Faults) -> tuple[SynonymGroup, ...]:
    groups = read_entries(folder, "synonyms.toml", "group", SynonymGroup, faults).records
    for entry, group in groups:
        if len(group.words) < 2:
            faults.append(entry.fault("a group needs at least two words. Add a word, or remove the group.", "words"))
    return tuple(group for _, group in groups)
