"""Look up documents and the works they cite in the owner's list of retractions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import NamedTuple

from qa.citations.identifiers import normal_doi
from qa.corpus.retractions import RetractionList, RetractionRow, look_up
from qa.models import CSL, Provenance, Reference, Retraction

SERIOUS = ("retracted", "expression of concern")


class Identity(NamedTuple):
    """The DOI and the PubMed number of a work; empty if unknown."""

    doi: str
    pmid: str


@dataclass(frozen=True, slots=True)
class LookedUp:
    """What was found in the list: the rows of each work (`works`) and document, by id, oldest first, how many works
    and documents there are to look up (those with a DOI or PubMed number), and the rows (`unsure`) of which one number
    is that of a work, by id, and the other is not."""

    found: RetractionList
    works: Mapping[str, Sequence[RetractionRow]]
    documents: Mapping[str, Sequence[RetractionRow]]
    number: int
    unsure: Sequence[tuple[str, RetractionRow]] = ()


def look_up_all(path: Path, documents: Mapping[str, Provenance], references: Sequence[Reference]) -> LookedUp:
    """Find the rows of all works and of documents, by id. Raises CorpusError if the list cannot be read."""
    works = {each.id: identity_of_work(each.csl) for each in references}
    own = {id: identity_of_document(known) for id, known in documents.items()}
    everything = [identity for identity in (*works.values(), *own.values()) if any(identity)]
    found = look_up(path, {number for identity in everything for number in identity if number})
    rows: dict[str, list[RetractionRow]] = defaultdict(list)
    for row in found.rows:
        for number in {row.doi, row.pmid} - {""}:
            rows[number].append(row)
    unsure: list[tuple[str, RetractionRow]] = []
    return LookedUp(
        found,
        {id: own_rows for id, identity in works.items() if (own_rows := rows_of_work(id, identity, rows, unsure))},
        {id: own_rows for id, identity in own.items() if (own_rows := rows_of_work(id, identity, rows, unsure))},
        len(everything),
        unsure,
    )


def identity_of_work(csl: CSL) -> Identity:
    return Identity(normal_doi(csl.get("DOI", "")), str(csl.get("PMID", "")).strip())


def identity_of_document(known: Provenance) -> Identity:
    doi = normal_doi(known.doi or "") or normal_doi(known.origin or "")
    return Identity(doi, (known.pmid or "").strip())


def rows_of_work(
    id: str, identity: Identity, rows: Mapping[str, Sequence[RetractionRow]], unsure: list[tuple[str, RetractionRow]]
) -> list[RetractionRow]:
    """The rows of a work, oldest first. One that has another number than the work is `unsure` instead: one of the two
    is mistyped, and which one nobody knows."""
    either = {row.line: row for number in identity if number for row in rows.get(number, ())}
    other = [row for row in either.values() if differs(row.doi, identity.doi) or differs(row.pmid, identity.pmid)]
    unsure += [(id, row) for row in other]
    return sorted((row for row in either.values() if row not in other), key=order_of)


def differs(one: str, other: str) -> bool:
    return bool(one and other and one != other)


def order_of(row: RetractionRow) -> tuple[bool, str, bool]:
    """By date. Of notices without a date or of one day, a reinstatement is the last."""
    back = row.status == "reinstated"
    return (back and not row.date, row.date or "", back)


# --- what it comes to ------------------------------------------------------------------------------


def state_after(rows: Sequence[RetractionRow], latest: str | None) -> Retraction:
    """What has become of a work with these notices, oldest first. A correction or an expression of concern does not
    take a retraction back; only a reinstatement does. `latest` is the latest date in the list."""
    state = Retraction("not listed", checked=latest)
    for row in rows:
        weaker = SERIOUS[:1] if row.status == "expression of concern" else SERIOUS if row.status == "corrected" else ()
        if state.status not in weaker:
            state = Retraction(row.status, latest, row.date, row.notice, row.reasons)
    return state


def with_owners(listed: Retraction, own: Retraction | None) -> Retraction:
    """What the list says, or what the owner says if that is more serious, or if the list says nothing."""
    if own is None or own.status == "unknown":
        return listed
    if listed.status == "reinstated" and (own.date or own.checked or "") <= (listed.date or "9999"):
        return listed
    severity = ("not listed", "none found", "reinstated", "corrected", *reversed(SERIOUS))
    return own if severity.index(own.status) > severity.index(listed.status) else listed


def with_retraction(document: str, known: Provenance, looked_up: LookedUp) -> Provenance:
    """What is known of a document, with what has become of it."""
    if not any(identity_of_document(known)):
        return known
    return replace(known, retraction=state_after(looked_up.documents.get(document, ()), looked_up.found.latest))


def with_states(references: Sequence[Reference], looked_up: LookedUp) -> Iterator[Reference]:
    """The works, with what has become of them under `custom.retraction`."""
    for work in references:
        if any(identity_of_work(work.csl)):
            custom = work.csl.get("custom") or {}
            own = Retraction(**custom["retraction"]) if custom.get("retraction") else None
            state = with_owners(state_after(looked_up.works.get(work.id, ()), looked_up.found.latest), own)
            known = {key: value for key, value in asdict(state).items() if value}
            work = replace(work, csl=work.csl | {"custom": custom | {"retraction": known}})
        yield work
