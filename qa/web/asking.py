"""A request to ask, read strictly; page and API read it here, so that they take and refuse the same."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any

import pydantic
from flask import Request
from pydantic import ConfigDict, Field, TypeAdapter
from werkzeug.exceptions import BadRequest, LengthRequired, RequestEntityTooLarge, UnsupportedMediaType

from qa.errors import UnknownCondition
from qa.questions import MAX_CHARACTERS, check_question
from qa.web.phrases import say
from qa.web.problems import BadParameters, Fault

MAX_BODY = 65_536  # bytes; a question of 1,000 characters with conditions needs a tenth of it


@dataclass(frozen=True, slots=True)
class Ask:
    """A question, and the ids of the conditions that it is kept to."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    # The limits only describe: they are checked in qa/questions.py, for page, API and terminal alike.
    q: Annotated[
        str,
        Field(
            description="The question, in plain words. Control characters are not taken.",
            examples=["Does ketamine help people stop drinking?"],
            json_schema_extra={"minLength": 1, "maxLength": MAX_CHARACTERS},
        ),
    ]
    condition: Annotated[
        tuple[str, ...], Field(description="Ids of conditions to keep to; does what naming one in the question does.")
    ] = field(default=())


ASK: TypeAdapter[Ask] = TypeAdapter(Ask)
PARAMETERS = tuple(Ask.__slots__)


def read_query(request: Request) -> Ask:
    """The parameters of the address. A name given twice is only taken where a list is meant."""
    sent = {name: values if name == "condition" else values[0] for name, values in request.args.lists()}
    twice = [name for name, values in request.args.lists() if name in PARAMETERS and name != "condition" and values[1:]]
    return read_ask(sent, twice)


def read_body(request: Request) -> Ask:
    """The JSON object of a POST."""
    if list(request.args):
        raise BadParameters([unknown_parameter()])
    if request.mimetype != "application/json":
        raise UnsupportedMediaType
    if request.content_length is None:
        raise LengthRequired
    try:
        sent = json.loads(read_bytes(request).decode("utf-8"), object_pairs_hook=once_each)
    except (ValueError, RecursionError):
        raise BadRequest(say("fault.json")) from None
    if not isinstance(sent, dict):
        raise BadRequest(say("fault.json"))
    return read_ask(sent)


def read_bytes(request: Request) -> bytes:
    if (request.content_length or 0) > MAX_BODY:
        raise RequestEntityTooLarge
    return request.get_data()


def once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object in which no name stands twice: which one is meant would be a guess."""
    if len(dict(pairs)) < len(pairs):
        raise ValueError
    return dict(pairs)


def read_ask(sent: dict[str, Any], twice: Iterable[str] = ()) -> Ask:
    """What was sent as an Ask with a checked question, or all its faults at once. Names and values that the
    sender made up are never repeated to them."""
    faults = [Fault(name, say("fault.repeated")) for name in twice]
    try:
        ask = ASK.validate_python(sent)
    except pydantic.ValidationError as error:
        raise BadParameters(faults + list(dict.fromkeys(as_fault(fault) for fault in error.errors()))) from None
    if faults:
        raise BadParameters(faults)
    return Ask(check_question(ask.q), tuple(sorted(set(ask.condition))))


def as_fault(error: Any) -> Fault:
    if error["type"] == "unexpected_keyword_argument":
        return unknown_parameter()
    return Fault(error["loc"][0], say("fault.missing" if error["type"] == "missing" else "fault.wrong_type"))


def unknown_parameter() -> Fault:
    return Fault(None, say("fault.unknown", known=", ".join(PARAMETERS)))


def read_chosen(request: Request, known: Sequence[str]) -> tuple[str, ...]:
    """The conditions of an address without a question."""
    if set(request.args) - {"condition"}:
        raise BadParameters([unknown_parameter()])
    chosen = tuple(sorted(set(request.args.getlist("condition"))))
    if set(chosen) - set(known):
        raise UnknownCondition(known)
    return chosen
