"""CSL-JSON, the common form of a bibliography entry: which keys a work may have and what each holds.

As version 1.0 of the schema that the Citation Style Language project publishes (tests/test_export.py holds the tables
below against it), in the one form that works.py brings it to: what the schema allows as text or number is text, dates
are numbers or words (`literal`), and `custom`, which that schema leaves open, holds the keys of `Custom` and no others.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Certainty = Literal["certain", "single source", "as cited", "first author only"]
Switch = bool | int | float | str
Day = Annotated[list[int], Field(min_length=1, max_length=3)]
Days = Annotated[list[Day], Field(min_length=1, max_length=2)]


class CslValue(BaseModel):
    """A value with keys of its own, none of them needed; CSL-JSON writes them with hyphens."""

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


class Retraction(BaseModel):
    """Whether the work still stands, and the day on which that was looked up."""

    status: Literal["unknown", "none found", "corrected", "expression of concern", "retracted"]
    checked: str


class Custom(BaseModel):
    """What CSL-JSON has no key for.

    `certainty` says of keys of the entry how sure they are; `note_only` marks a work that a reviewer's note uses and
    the documents do not cite; `registration` holds trial registry numbers.
    """

    certainty: dict[str, Certainty] = {}
    note_only: bool = False
    registration: list[str] = []
    retraction: Retraction | None = None


CSL_TYPES = (
    "article article-journal article-magazine article-newspaper bill book broadcast chapter classic collection "
    "dataset document entry entry-dictionary entry-encyclopedia event figure graphic hearing interview legal_case "
    "legislation manuscript map motion_picture musical_score pamphlet paper-conference patent performance "
    "periodical personal_communication post post-weblog regulation report review review-book software song speech "
    "standard thesis treaty webpage"
)

# What the values of a key are, and the keys.
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
