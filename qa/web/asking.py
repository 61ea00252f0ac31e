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
    """A question, the ids of the conditions that it is kept to, and how it is to be answered."""

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
    as_written: Annotated[
        bool, Field(description="Search for the words as they are written: nothing corrected, nothing understood.")
    ] = False
    explain: Annotated[bool, Field(description="Say of each passage what its score is the sum of.")] = False

    @property
    def key(self) -> tuple[str, ...]:
        """All that an answer depends on beside the version."""
        return (self.q, *self.condition, *(name for name in FLAGS if getattr(self, name)))


ASK: TypeAdapter[Ask] = TypeAdapter(Ask)
FLAGS = ("as_written", "explain")
PARAMETERS = ("q", "condition", "version", *FLAGS)
MISSING, REPEATED, WRONG_TYPE = "fault.missing", "fault.repeated", "fault.wrong_type"
NO_FLAG = "fault.no_flag"
WRITTEN = {"1": True, "true": True, "0": False, "false": False}  # flags in an address


def read_query(request: Request) -> Ask:
    """The parameters of the address. A name given twice is only taken where a list is meant."""
    sent = dict(request.args.lists())
    given, version = sent.get("q", []), sent.get("version", [""])
    faults = strangers(sent)
    if len(given) != 1:
        faults.append(Fault("q", say(REPEATED if given else MISSING)))
    if len(version) > 1:
        faults.append(Fault("version", say(REPEATED)))
    flags = {name: WRITTEN.get(sent.get(name, ["0"])[-1]) for name in FLAGS}
    faults += [Fault(name, say(REPEATED)) for name in FLAGS if len(sent.get(name, ())) > 1]
    faults += [Fault(name, say(NO_FLAG)) for name, value in flags.items() if value is None]
    refuse(faults)
    return checked(given[0], sent.get("condition", []), version[0], **{name: bool(flags[name]) for name in FLAGS})


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
    flags = {name: sent.get(name, False) for name in FLAGS}
    faults += [Fault(name, say(WRONG_TYPE)) for name, value in flags.items() if not isinstance(value, bool)]
    refuse(faults)
    return checked(given, condition, version, **flags)


def checked(question: str, conditions: Iterable[str], version: str, *, as_written: bool, explain: bool) -> Ask:
    """The same for every way of putting it: a question trimmed and composed, ids each once and in order."""
    return Ask(check_question(question), tuple(sorted(set(conditions))), version, as_written, explain)


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
