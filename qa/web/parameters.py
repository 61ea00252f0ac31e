"""A request to ask, read strictly; page and API read it here, so that they take and refuse the same."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Annotated, Any

from flask import Request
from pydantic import ConfigDict, Field, TypeAdapter
from werkzeug.exceptions import BadRequest, LengthRequired, RequestEntityTooLarge, UnsupportedMediaType

from qa.errors import UnknownCondition
from qa.messages import say
from qa.understanding.parse import MAX_CHARACTERS, check_question
from qa.web.problems import BadParameters, Fault

# What qa/understanding/parse.py takes, as a regular expression for the description: something beside blanks, and of
# control characters only tab and line ends.
CONTROL = r"\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f"
SAYABLE = rf"^[^\S{CONTROL}]*[^\s{CONTROL}][^{CONTROL}]*$"
MAX_BODY = 65_536  # bytes; a question of 1,000 characters with conditions needs a tenth of it


@dataclass(frozen=True, slots=True)
class Ask:
    """A question, the ids of the conditions that it is kept to, and how it is to be answered."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    # The limits only describe: they are checked in qa/understanding/parse.py, for page, API and terminal alike.
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
ONCE = ("version", *FLAGS)  # parameters of an address that may be left out, but not given twice
WRITTEN = {"1": True, "true": True, "0": False, "false": False}  # flags in an address
HARMLESS = re.compile(r"[A-Za-z0-9_-]{1,40}")  # a name that can be repeated to the sender, wherever it is shown
NAMED = 10  # unknown names that are repeated; more only come from whoever makes them up

Sent = Mapping[str, Sequence[str]]  # the parameters of an address, each with its values


def sent_in(request: Request, only: Collection[str] | None = None) -> Sent:
    """The parameters of the address. With `only`, as for pages, all others are passed over: whoever hands a link on
    adds parameters to it ("fbclid", "utm_source"), and its reader can do nothing about them."""
    return {name: values for name, values in request.args.lists() if only is None or name in only}


def read_query(sent: Sent) -> Ask:
    """A question by its address. A name given twice is only taken where a list is meant."""
    given, version = sent.get("q", []), sent.get("version", [""])
    faults = strangers(sent)
    if len(given) != 1:
        faults.append(fault("q", "repeated" if given else "missing"))
    faults += [fault(name, "repeated") for name in ONCE if len(sent.get(name, ())) > 1]
    flags = {name: WRITTEN.get(sent.get(name, ["0"])[-1]) for name in FLAGS}
    faults += [fault(name, "no_flag") for name, value in flags.items() if value is None]
    refuse(faults)
    return checked(given[0], sent.get("condition", []), version[0], **{name: bool(flags[name]) for name in FLAGS})


def read_body(request: Request) -> Ask:
    """The JSON object of a POST."""
    if request.args:
        refuse([Fault(None, say("fault.in_address"))])
    if request.mimetype != "application/json":
        raise UnsupportedMediaType
    if request.content_length is None:
        raise LengthRequired
    sent = read_object(read_bytes(request))
    given, condition, version = sent.get("q", ""), sent.get("condition", []), sent.get("version", "")
    faults = strangers(sent)
    if "q" not in sent or not isinstance(given, str):
        faults.append(fault("q", "no_text" if "q" in sent else "missing"))
    if not isinstance(condition, list) or not all(isinstance(id, str) for id in condition):
        faults.append(fault("condition", "no_list"))
    if not isinstance(version, str):
        faults.append(fault("version", "no_text"))
    flags = {name: sent.get(name, False) for name in FLAGS}
    faults += [fault(name, "no_boolean") for name, value in flags.items() if not isinstance(value, bool)]
    refuse(faults)
    return checked(given, condition, version, **flags)


def checked(question: str, conditions: Iterable[str], version: str, *, as_written: bool, explain: bool) -> Ask:
    """The same for every way of putting it: a question trimmed and composed, ids each once and in order."""
    return Ask(check_question(question), tuple(sorted(set(conditions))), version, as_written, explain)


def refuse(faults: Sequence[Fault]) -> None:
    """All faults at once, if there are any."""
    if faults:
        raise BadParameters(faults)


def fault(name: str, what: str) -> Fault:
    """What is wrong with a parameter of ours, by the name of its phrase."""
    return Fault(name, say(f"fault.{what}", name=name))


def strangers(names: Iterable[str], known: Collection[str] = PARAMETERS) -> list[Fault]:
    """A fault for each name that is not known here. A name is repeated to the sender only if it is short and made of
    characters that mean nothing anywhere; all others share one fault."""
    unknown = [name for name in names if name not in known]
    named = [name for name in unknown if HARMLESS.fullmatch(name)][:NAMED]
    taken = ", ".join(known)
    faults = [Fault(name, say("fault.unknown", name=name, known=taken)) for name in named]
    return faults if len(named) == len(unknown) else [*faults, Fault(None, say("fault.unknown_others", known=taken))]


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
    body = request.get_data()
    request.environ["wsgi.input"] = BytesIO(body)  # it is here now: a page about a fault may look into it
    return body


def once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object in which no name stands twice: which one is meant would be a guess."""
    if len(dict(pairs)) < len(pairs):
        raise ValueError
    return dict(pairs)


def read_chosen(sent: Sent, known: Sequence[str]) -> tuple[str, ...]:
    """The conditions of an address without a question."""
    chosen = tuple(sorted(set(sent.get("condition", ()))))
    if set(chosen) - set(known):
        raise UnknownCondition(known)
    return chosen


def read_version(sent: Sent) -> str:
    """For an address that has no other parameter."""
    given = sent.get("version", [""])
    refuse([*strangers(sent, ("version",)), *(fault("version", "repeated") for _ in given[1:2])])
    return given[0]
