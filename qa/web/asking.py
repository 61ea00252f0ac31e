"""A request to ask, read strictly; page and API read it here, so that they take and refuse the same."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from flask import Request
from pydantic import ConfigDict, Field, TypeAdapter
from werkzeug.exceptions import BadRequest, LengthRequired, RequestEntityTooLarge, UnsupportedMediaType

from qa.errors import UnknownCondition
from qa.questions import MAX_CHARACTERS, check_question
from qa.web.phrases import say
from qa.web.problems import BadParameters, Fault

# What qa/questions.py takes, as a regular expression for the description: something beside blanks, and of control
# characters only tab and line ends.
CONTROL = r"\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f"
SAYABLE = rf"^[^\S{CONTROL}]*[^\s{CONTROL}][^{CONTROL}]*$"
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
            json_schema_extra={"minLength": 1, "maxLength": MAX_CHARACTERS, "pattern": SAYABLE},
        ),
    ]
    condition: Annotated[
        tuple[str, ...], Field(description="Ids of conditions to keep to; does what naming one in the question does.")
    ] = ()
    version: Annotated[
        str, Field(description="The version of the documents that the answer must come from; if it is gone, a 410.")
    ] = ""


ASK: TypeAdapter[Ask] = TypeAdapter(Ask)
PARAMETERS = ("q", "condition", "version")
MISSING, REPEATED, WRONG_TYPE = "fault.missing", "fault.repeated", "fault.wrong_type"


def read_query(request: Request) -> Ask:
    """The parameters of the address. A name given twice is only taken where a list is meant."""
    sent = dict(request.args.lists())
    given, version = sent.get("q", []), sent.get("version", [""])
    faults = strangers(sent)
    if len(given) != 1:
        faults.append(Fault("q", say(REPEATED if given else MISSING)))
    if len(version) > 1:
        faults.append(Fault("version", say(REPEATED)))
    refuse(faults)
    return checked(given[0], sent.get("condition", []), version[0])


def read_body(request: Request) -> Ask:
    """The JSON object of a POST."""
    if request.args:
        refuse(strangers(["?"]))
    if request.mimetype != "application/json":
        raise UnsupportedMediaType
    if request.content_length is None:
        raise LengthRequired
    sent = read_object(read_bytes(request))
    given, condition, version = sent.get("q", ""), sent.get("condition", []), sent.get("version", "")
    faults = strangers(sent)
    if "q" not in sent or not isinstance(given, str):
        faults.append(Fault("q", say(WRONG_TYPE if "q" in sent else MISSING)))
    if not isinstance(condition, list) or not all(isinstance(id, str) for id in condition):
        faults.append(Fault("condition", say(WRONG_TYPE)))
    if not isinstance(version, str):
        faults.append(Fault("version", say(WRONG_TYPE)))
    refuse(faults)
    return checked(given, condition, version)


def checked(question: str, conditions: Iterable[str], version: str) -> Ask:
    """The same for every way of putting it: a question trimmed and composed, ids each once and in order."""
    return Ask(check_question(question), tuple(sorted(set(conditions))), version)


def refuse(faults: Sequence[Fault]) -> None:
    """All faults at once, if there are any."""
    if faults:
        raise BadParameters(faults)


def strangers(names: Iterable[str]) -> list[Fault]:
    """A fault if there are names that are not known here. Those are never repeated to the sender."""
    known = not set(names) - set(PARAMETERS)
    return [] if known else [Fault(None, say("fault.unknown", known=", ".join(PARAMETERS)))]


def read_object(body: bytes) -> dict[str, Any]:
    try:
        sent = json.loads(body.decode("utf-8"), object_pairs_hook=once_each)
    except (ValueError, RecursionError):
        raise BadRequest(say("fault.json")) from None
    if not isinstance(sent, dict):
        raise BadRequest(say("fault.json"))
    return sent


def read_bytes(request: Request) -> bytes:
    if (request.content_length or 0) > MAX_BODY:
        raise RequestEntityTooLarge
    return request.get_data()


def once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object in which no name stands twice: which one is meant would be a guess."""
    if len(dict(pairs)) < len(pairs):
        raise ValueError
    return dict(pairs)


def read_chosen(request: Request, known: Sequence[str]) -> tuple[str, ...]:
    """The conditions of an address without a question."""
    refuse(strangers(request.args))
    chosen = tuple(sorted(set(request.args.getlist("condition"))))
    if set(chosen) - set(known):
        raise UnknownCondition(known)
    return chosen


def read_version(request: Request) -> str:
    """For an address that has no other parameter."""
    sent = request.args.getlist("version")
    if len(request.args) > bool(sent):
        refuse([Fault(None, say("fault.unknown", known="version"))])
    if len(sent) > 1:
        refuse([Fault("version", say(REPEATED))])
    return sent[0] if sent else ""
