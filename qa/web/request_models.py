"""What requests may contain: a model for each kind, from which reading and description follow."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Annotated, Self, cast

from pydantic import ConfigDict, Field

from qa.models.answer import MOST_SHOWN
from qa.understanding.parse import MAX_CHARACTERS, check_question

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

# What qa/understanding/parse.py accepts, as a regular expression for the API description: not only white space, and no
# control characters but tabs and line ends.
CONTROL = r"\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f"
QUESTION_PATTERN = rf"^[^\S{CONTROL}]*[^\s{CONTROL}][^{CONTROL}]*$"

Version = Annotated[
    str, Field(description="The version of the documents to answer from; 410 if it is no longer served.")
]


class RequestModel:
    """What all requests have in common. A model is a frozen dataclass derived from it.

    Each field is a parameter, of type `str`, `bool`, `int`, a `Literal` or `tuple[str, ...]` (which may be repeated),
    with its description and limits in `Annotated`; one with a default is optional.
    """

    __slots__ = ()
    __pydantic_config__ = ConfigDict(extra="forbid")

    version: str

    @property
    def key(self) -> tuple[str, ...]:
        """Everything a response depends on except the version."""
        names = (field.name for field in fields(cast("DataclassInstance", self)))
        return tuple(f"{name}={getattr(self, name)!r}" for name in names if name != "version")

    def normalised(self) -> Self:
        """Return the request in the form that all equal requests have. Raises QuestionError if it is invalid."""
        return self


@dataclass(frozen=True, slots=True)
class OfVersion(RequestModel):
    """A request without other parameters."""

    version: Version = ""


@dataclass(frozen=True, slots=True)
class OfTopic(RequestModel):
    """A request for what there is on a condition."""

    version: Version = ""
    page: Annotated[int, Field(description="Which page of documents, counted from 1.", ge=1, le=1_000_000)] = 1
    limit: Annotated[int, Field(description="Documents on a page.", ge=1, le=1000)] = 20


@dataclass(frozen=True, slots=True)
class Ask(RequestModel):
    """A question, the ids of the conditions to filter by, and options."""

    # These limits are only documentation: qa/understanding/parse.py checks them for page, API and terminal.
    q: Annotated[
        str,
        Field(
            description="The question, in plain words. Control characters are not allowed.",
            json_schema_extra={"minLength": 1, "maxLength": MAX_CHARACTERS, "pattern": QUESTION_PATTERN},
        ),
    ]
    condition: Annotated[
        tuple[str, ...],
        Field(description="Ids of conditions to filter by; has the same effect as naming them in the question."),
    ] = ()
    version: Version = ""
    as_written: Annotated[
        bool, Field(description="Search for the words as written: no spelling correction, no interpretation.")
    ] = False
    limit: Annotated[
        int,
        Field(
            ge=1,
            le=MOST_SHOWN,
            description="The number of passages to show at most; the operator's if not given.",
            json_schema_extra=lambda schema: schema.pop("default"),
        ),
    ] = 0
    explain: Annotated[bool, Field(description="Include the contributions to the score of each passage (`why`).")] = (
        False
    )

    def normalised(self) -> Ask:
        """Return the question trimmed and in Unicode NFC, each condition id once, sorted."""
        return replace(self, q=check_question(self.q), condition=tuple(sorted(set(self.condition))))
