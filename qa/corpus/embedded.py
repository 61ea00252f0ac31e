"""Works that a document's own file describes in fields, as JATS articles and citation managers do."""

from __future__ import annotations

from dataclasses import replace

from qa.corpus.entries import Entry
from qa.corpus.works import read_exported
from qa.errors import CorpusError
from qa.models import CSL, Reading, Trouble

NOT_KEPT = frozenset({"abstract", "id", "note"})  # `abstract` and `note` are long, and nothing shows them


def with_normal_works(reading: Reading, file: str) -> Reading:
    """The reading with its works in the form of all works. Fields that cannot be read are left out and said."""
    if not reading.works:
        return reading
    trouble = list(reading.trouble)
    works = {key: normal_fields(file, csl, trouble) for key, csl in reading.works.items()}
    return replace(reading, works=works, trouble=tuple(trouble))


def normal_fields(file: str, csl: CSL, trouble: list[Trouble]) -> CSL:
    given = {name: value for name, value in csl.items() if name not in NOT_KEPT}
    try:
        return kept_fields(file, given)
    except (CorpusError, RecursionError):
        good: CSL = {}
        for name, value in given.items():
            try:
                good |= kept_fields(file, {name: value})
            except CorpusError as error:
                trouble.append(Trouble(f"A field of a cited work is not used: {error.message}"))
            except RecursionError:
                trouble.append(Trouble("A field of a cited work is not used: it is nested too deeply."))
        return good


def kept_fields(file: str, fields: CSL) -> CSL:
    work = read_exported(Entry(file, {**fields, "id": "work"}, lambda key: None)).csl
    return {name: value for name, value in work.items() if name != "id" and (name != "type" or "type" in fields)}
