"""Cited works as page, JSON and terminal show them: what they are called, and the facts of their records."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from qa.messages import MESSAGES, count
from qa.models import CSL, ReferenceUses, Retraction, WorkFacts, WorkUses, WorkView, makers_of
from qa.models.addresses import reference_url
from qa.views.verdicts import LEVEL_OF_NOTE, LEVEL_OF_WORK, SEVERITY

LITERAL_ET_AL = "et al."  # the last "author" if only some are known
TITLE_WORDS = 5  # of a title that stands for the authors
BETWEEN_FACTS = " · "
ADDED = ("label", "url", "facts")  # what `with_facts` adds to CSL-JSON


def show_uses(uses: ReferenceUses, retractions: Mapping[str, Retraction]) -> WorkUses:
    """Return a work with its uses as shown. `retractions` are those of works, by id."""
    return WorkUses(show_work(uses, retractions), uses.sentences, uses.notes)


def show_work(uses: ReferenceUses, retractions: Mapping[str, Retraction]) -> WorkView:
    """Return a work as shown, with the numbers of its uses."""
    work = uses.reference
    used = [*(each.document for each in uses.sentences), *(each.document for each in uses.notes)]
    return WorkView(
        id=work.id,
        label=label_of_work(work.csl),
        url=reference_url(work.id),
        facts=facts_of(work.csl),
        csl=work.csl,
        raw=work.raw,
        start=work.start,
        end=work.end,
        note_only=work.note_only,
        key=work.key,
        sentences=len(uses.sentences),
        notes=len(uses.notes),
        documents=tuple(dict.fromkeys(used)),
        conditions=tuple(dict.fromkeys(id for each in uses.sentences for id in each.conditions)),
        verdicts=count_verdicts(uses, retractions.get(work.id)),
    )


def count_verdicts(uses: ReferenceUses, retraction: Retraction | None) -> dict[str, int]:
    """Return the numbers of verdicts by level, most serious first."""
    levels = Counter(LEVEL_OF_NOTE[each.note.status] for each in uses.notes)
    if retraction and (level := LEVEL_OF_WORK.get(retraction.status)):
        levels[level] = 1
    return {level: levels[level] for level in SEVERITY if levels[level]}


def with_facts(csl: CSL) -> CSL:
    """Return CSL-JSON with what the work is called, its page and its facts."""
    return csl | dict(zip(ADDED, (label_of_work(csl), reference_url(csl["id"]), facts_of(csl)), strict=True))


def as_recorded(work: CSL) -> CSL:
    """Return CSL-JSON without what `with_facts` added."""
    return {key: value for key, value in work.items() if key not in ADDED}


# --- facts -----------------------------------------------------------------------------------------


def facts_of(csl: CSL) -> WorkFacts:
    """Return what the record of a work says of it."""
    custom = csl.get("custom") or {}
    year, study, people = issued_year(csl), custom.get("study_type") or None, custom.get("participants")
    kind = study or MESSAGES["kind"].get(csl.get("type", ""), "")
    registration = tuple(custom.get("registration") or ())
    parts = (kind, count("fact.people", people) if people else "", *registration)
    return WorkFacts(
        year=int(year) if year else None,
        type=csl.get("type", ""),
        kind=kind,
        study_type=study,
        participants=people,
        registration=registration,
        line=BETWEEN_FACTS.join(filter(None, parts)),
    )


# --- what a work is called -----------------------------------------------------------------------


def label_of_work(csl: CSL) -> str:
    """Return what a work is called in a text: "Grabski et al. 2022"."""
    return " ".join(part for part in (short_author(csl) or short_title(csl), issued_year(csl)) if part)


def short_author(csl: CSL) -> str:
    """Return the authors as cited in a text: "Grabski et al.", "Smith and Jones"."""
    names = [str(author.get("literal") or author.get("family", "")) for author in makers_of(csl)]
    names = [name for name in names if name and name != LITERAL_ET_AL]
    if len(names) > 2 or (names and partly_known(csl)):
        return f"{names[0]} {LITERAL_ET_AL}"
    return " and ".join(names)


def short_title(csl: CSL) -> str:
    """Return the first words of the title of a work without known authors, or else its journal or its id: a year alone
    names no work."""
    words = str(csl.get("title") or csl.get("container-title") or csl["id"]).split()
    return " ".join(words[:TITLE_WORDS]) + ("…" if len(words) > TITLE_WORDS else "")


def partly_known(csl: CSL) -> bool:
    """Return whether the names of some authors are unknown."""
    custom = csl.get("custom") or {}
    certainty = custom.get("certainty") or {}
    named_only = any(author.get("literal") == LITERAL_ET_AL for author in csl.get("author", ()))
    return bool(custom.get("etAl")) or named_only or certainty.get("author") == "first author only"


def issued_year(csl: CSL) -> str:
    parts = (csl.get("issued") or {}).get("date-parts") or [[]]
    return str(parts[0][0]) if parts[0] else ""
