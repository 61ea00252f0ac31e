"""Strict parsing of `ask` requests, shared by page and API so that both accept and reject the same."""

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

from qa.engine import Service
from qa.errors import UnknownCondition
from qa.messages import say
from qa.models import Answer
from qa.understanding.parse import MAX_CHARACTERS, check_question
from qa.web.problems import BadParameters, Fault

# What qa/understanding/parse.py accepts, as a regular expression for the API description: not only white space, and no
# control characters but tabs and line ends.
CONTROL = r"\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f"
QUESTION_PATTERN = rf"^[^\S{CONTROL}]*[^\s{CONTROL}][^{CONTROL}]*$"
MAX_BODY = 65_536  # bytes; a question of 1,000 characters with conditions needs a tenth of this


@dataclass(frozen=True, slots=True)
class Ask:
    """A question, the ids of the conditions to filter by, and options."""

    __pydantic_config__ = ConfigDict(extra="forbid")

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
    version: Annotated[
        str, Field(description="The version of the documents to answer from; 410 if it is no longer served.")
    ] = ""
    as_written: Annotated[
        bool, Field(description="Search for the words as written: no spelling correction, no interpretation.")
    ] = False
    explain: Annotated[bool, Field(description="Include the contributions to the score of each passage (`why`).")] = (
        False
    )

    @property
    def key(self) -> tuple[str, ...]:
        """Everything an answer depends on except the version."""
        return (self.q, *self.condition, *(name for name in FLAGS if getattr(self, name)))


def put(ask: Ask, service: Service) -> Answer:
    """Put the question to the service."""
    return service.ask(ask.q, ask.condition, as_written=ask.as_written, explain=ask.explain)


ASK: TypeAdapter[Ask] = TypeAdapter(Ask)
FLAGS = ("as_written", "explain")
PARAMETERS = ("q", "condition", "version", *FLAGS)
NOT_REPEATABLE = ("version", *FLAGS)  # optional URL parameters that must not be repeated
FLAG_VALUES = {"1": True, "true": True, "0": False, "false": False}  # values of flags in a URL
SAFE_NAME = re.compile(r"[A-Za-z0-9_-]{1,40}")  # a parameter name that is safe to repeat in an error message
MAX_NAMED = 10  # unknown names listed in an error; only made-up requests have more

UrlParameters = Mapping[str, Sequence[str]]  # URL parameters, each with its values


def url_parameters(request: Request, only: Collection[str] | None = None) -> UrlParameters:
    """Return the URL parameters. With `only`, as for pages, all others are ignored: sites add parameters ("fbclid",
    "utm_source") to links they pass on, and a reader can do nothing about them."""
    return {name: values for name, values in request.args.lists() if only is None or name in only}


def read_query(sent: UrlParameters) -> Ask:
    """Parse an `ask` request from URL parameters. Only list parameters may be repeated."""
    given, version = sent.get("q", []), sent.get("version", [""])
    faults = unknown_names(sent)
    if len(given) != 1:
        faults.append(fault("q", "repeated" if given else "missing"))
    faults += [fault(name, "repeated") for name in NOT_REPEATABLE if len(sent.get(name, ())) > 1]
    flags = {name: FLAG_VALUES.get(sent.get(name, ["0"])[-1]) for name in FLAGS}
    faults += [fault(name, "no_flag") for name, value in flags.items() if value is None]
    raise_faults(faults)
    return normalised(given[0], sent.get("condition", []), version[0], **{name: bool(flags[name]) for name in FLAGS})


def read_body(request: Request) -> Ask:
    """Parse an `ask` request from the JSON body of a POST."""
    if request.args:
        raise_faults([Fault(None, say("fault.in_address"))])
    if request.mimetype != "application/json":
        raise UnsupportedMediaType
    if request.content_length is None:
        raise LengthRequired
    sent = read_object(read_bytes(request))
    given, condition, version = sent.get("q", ""), sent.get("condition", []), sent.get("version", "")
    faults = unknown_names(sent)
    if "q" not in sent or not isinstance(given, str):
        faults.append(fault("q", "no_text" if "q" in sent else "missing"))
    if not isinstance(condition, list) or not all(isinstance(id, str) for id in condition):
        faults.append(fault("condition", "no_list"))
    if not isinstance(version, str):
        faults.append(fault("version", "no_text"))
    flags = {name: sent.get(name, False) for name in FLAGS}
    faults += [fault(name, "no_boolean") for name, value in flags.items() if not isinstance(value, bool)]
    raise_faults(faults)
    return normalised(given, condition, version, **flags)


def normalised(question: str, conditions: Iterable[str], version: str, *, as_written: bool, explain: bool) -> Ask:
    """Normalise a request: the question trimmed and in Unicode NFC, each condition id once, sorted."""
    return Ask(check_question(question), tuple(sorted(set(conditions))), version, as_written, explain)


def raise_faults(faults: Sequence[Fault]) -> None:
    """Raise BadParameters with all faults, if there are any."""
    if faults:
        raise BadParameters(faults)


def fault(name: str, what: str) -> Fault:
    """Return a fault of a known parameter; `what` is the name of its message."""
    return Fault(name, say(f"fault.{what}", name=name))


def unknown_names(names: Iterable[str], known: Collection[str] = PARAMETERS) -> list[Fault]:
    """Return a fault for each unknown name. A name is repeated in the message only if it is short and has no special
    characters; all others share one fault."""
    unknown = [name for name in names if name not in known]
    named = [name for name in unknown if SAFE_NAME.fullmatch(name)][:MAX_NAMED]
    accepted = ", ".join(known)
    faults = [Fault(name, say("fault.unknown", name=name, known=accepted)) for name in named]
    return faults if len(named) == len(unknown) else [*faults, Fault(None, say("fault.unknown_others", known=accepted))]


def read_object(body: bytes) -> dict[str, Any]:
    try:
        sent = json.loads(body.decode("utf-8"), object_pairs_hook=unique_names)
    except (ValueError, RecursionError):
        raise BadRequest(say("fault.json")) from None
    if not isinstance(sent, dict):
        raise BadRequest(say("fault.json"))
    return sent


def read_bytes(request: Request) -> bytes:
    if (request.content_length or 0) > MAX_BODY:
        raise RequestEntityTooLarge
    body = request.get_data()
    request.environ["wsgi.input"] = BytesIO(body)  # already received, so that an error page can read it
    return body


def unique_names(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Build an object. Raises ValueError if a name is repeated: which value is meant would be a guess."""
    if len(dict(pairs)) < len(pairs):
        raise ValueError
    return dict(pairs)


def read_chosen(sent: UrlParameters, known: Sequence[str]) -> tuple[str, ...]:
    """Return the conditions in a URL without a question. Raises UnknownCondition."""
    chosen = tuple(sorted(set(sent.get("condition", ()))))
    if set(chosen) - set(known):
        raise UnknownCondition(known)
    return chosen


def read_version(sent: UrlParameters) -> str:
    """Return the version in a URL that has no other parameters; empty if not given."""
    given = sent.get("version", [""])
    raise_faults([*unknown_names(sent, ("version",)), *(fault("version", "repeated") for _ in given[1:2])])
    return given[0]
