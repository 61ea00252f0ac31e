"""CSL-JSON, the standard format for bibliography entries: the allowed keys and their types.

This follows version 1.0 of the schema published by the Citation Style Language project (tests/test_export.py compares
the tables below with it), in the form that works.py normalises to: where the schema allows text or a number, it is
text; dates are numbers or words (`literal`); and `custom`, which the schema leaves open, has only the keys of `Custom`.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from qa.models import Retraction

Certainty = Literal["certain", "single source", "as cited", "first author only"]
Switch = bool | int | float | str
Day = Annotated[list[int], Field(min_length=1, max_length=3)]
Days = Annotated[list[Day], Field(min_length=1, max_length=2)]


class CslValue(BaseModel):
    """An object value. All keys are optional; CSL-JSON spells them with hyphens."""

    model_config = ConfigDict(alias_generator=lambda name: name.replace("_", "-"))


class Name(CslValue):
    family: str = ""
    given: str = ""
    dropping_particle: str = ""
    non_dropping_particle: str = ""
    suffix: str = ""
    comma_suffix: Switch = False
    static_ordering: Switch = False
    literal: str = ""
    parse_names: Switch = False


class Date(CslValue):
    date_parts: Days = []
    season: str = ""
    circa: Switch = False
    literal: str = ""


class Custom(BaseModel):
    """Fields that CSL-JSON does not have.

    `certainty` gives the certainty of fields of the entry, by key; `note_only` marks a work that only a reviewer's note
    cites; `study_type` is what kind of study it is, in the owner's words; `participants` the number of people studied;
    `etAl`: there are more authors than are listed; `registration` lists trial registration numbers.
    """

    certainty: dict[str, Certainty] = {}
    note_only: bool = False
    study_type: str = ""
    participants: Annotated[int, Field(ge=1)] | None = None
    etAl: bool = False
    registration: list[str] = []
    retraction: Retraction | None = None


CSL_TYPES = (
    "article article-journal article-magazine article-newspaper bill book broadcast chapter classic collection "
    "dataset document entry entry-dictionary entry-encyclopedia event figure graphic hearing interview legal_case "
    "legislation manuscript map motion_picture musical_score pamphlet paper-conference patent performance "
    "periodical personal_communication post post-weblog regulation report review review-book software song speech "
    "standard thesis treaty webpage"
)

# Type of the values, and the keys that have it.
KEYS: tuple[tuple[Any, str], ...] = (
    (
        str,
        "citation-key language journalAbbreviation shortTitle abstract annote archive archive_collection "
        "archive_location archive-place authority call-number citation-label collection-title container-title "
        "container-title-short dimensions division DOI event event-title event-place genre ISBN ISSN jurisdiction "
        "keyword medium note original-publisher original-publisher-place original-title part-title PMCID PMID "
        "publisher publisher-place references reviewed-genre reviewed-title scale section source status title "
        "title-short URL version volume-title volume-title-short year-suffix "
        "chapter-number citation-number collection-number edition first-reference-note-number issue locator "
        "number number-of-pages number-of-volumes page page-first part printing supplement volume",
    ),
    (
        list[Name],
        "author chair collection-editor compiler composer container-author contributor curator director editor "
        "editorial-director executive-producer guest host interviewer illustrator narrator organizer "
        "original-author performer producer recipient reviewed-author script-writer series-creator translator",
    ),
    (
        Date,
        "accessed available-date event-date issued original-date submitted",
    ),
)

SHAPES: dict[str, Any] = {
    "id": str,
    "type": Literal[tuple(CSL_TYPES.split())],
    "categories": list[str],
    "custom": Custom,
    **{key: kind for kind, keys in KEYS for key in keys.split()},
}
