"""CSL-JSON, the common form of a bibliography entry: which keys a work may have and what each holds.

As version 1.0 of the schema that the Citation Style Language project publishes, but for two things: an `id` is text,
and `custom`, which that schema leaves open, holds the keys of `Custom` and no others.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError
from typing_extensions import TypedDict  # typing's own is too old before Python 3.12 for pydantic

Certainty = Literal["certain", "single source", "as cited", "first author only"]


def text_or_number(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise PydanticCustomError("text_or_number", "must be text in quotes or a number")
    return value


def text_number_or_switch(value: object) -> object:
    return value if isinstance(value, bool) else text_or_number(value)


Number = Annotated[Any, AfterValidator(text_or_number)]
Switch = Annotated[Any, AfterValidator(text_number_or_switch)]
Day = Annotated[list[Number], Field(min_length=1, max_length=3)]
Days = Annotated[list[Day], Field(min_length=1, max_length=2)]

Name = TypedDict(
    "Name",
    {
        "family": str,
        "given": str,
        "dropping-particle": str,
        "non-dropping-particle": str,
        "suffix": str,
        "comma-suffix": Switch,
        "static-ordering": Switch,
        "literal": str,
        "parse-names": Switch,
    },
    total=False,
)

Date = TypedDict(
    "Date", {"date-parts": Days, "season": Number, "circa": Switch, "literal": str, "raw": str}, total=False
)


class Retraction(TypedDict):
    """Whether the work still stands, and the day on which that was looked up."""

    status: Literal["unknown", "none found", "corrected", "expression of concern", "retracted"]
    checked: str


class Custom(TypedDict, total=False):
    """What CSL-JSON has no key for.

    `certainty` says of keys of the entry how sure they are; `note_only` marks a work that a reviewer's note uses and
    the documents do not cite; `registration` holds trial registry numbers.
    """

    certainty: dict[str, Certainty]
    note_only: bool
    registration: list[str]
    retraction: Retraction


TYPES = (
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
        "title-short URL version volume-title volume-title-short year-suffix",
    ),
    (
        Number,
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
    "type": Literal[tuple(TYPES.split())],
    "categories": list[str],
    "custom": Custom,
    **{key: kind for kind, keys in KEYS for key in keys.split()},
}
