"""How requests are read: strictly, and the same for page and API."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from functools import partial
from io import BytesIO
from typing import TYPE_CHECKING, Any, TypeVar, cast, get_args, get_origin, get_type_hints

from flask import Request
from pydantic import TypeAdapter, ValidationError
from werkzeug.exceptions import BadRequest, LengthRequired, RequestEntityTooLarge, UnsupportedMediaType

from qa.errors import UnknownCondition
from qa.messages import say
from qa.web.problems import BadParameters, Fault
from qa.web.request_models import RequestModel

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Model = TypeVar("Model", bound=RequestModel)
UrlParameters = Mapping[str, Sequence[str]]  # URL parameters, each with its values

MAX_BODY = 65_536  # bytes; a question of 1,000 characters with conditions needs a tenth of this
FLAG_VALUES = {"1": True, "true": True, "0": False, "false": False}  # values of flags in a URL
INTEGER = re.compile(r"-?[0-9]{1,9}")
SAFE_NAME = re.compile(r"[A-Za-z0-9_-]{1,40}")  # a parameter name that is safe to repeat in an error message
MAX_NAMED = 10  # unknown names listed in an error; only made-up requests have more

# How text in a URL becomes a value; other text is left as it is, and the check of the parameter refuses it.
FROM_TEXT: Mapping[object, Callable[[str], object]] = {
    bool: lambda text: FLAG_VALUES.get(text, text),
    int: lambda text: int(text) if INTEGER.fullmatch(text) else text,
}
# The names of our messages for a value that is not of its type, by pydantic's names for the fault.
WRONG_IN_BODY = {
    "string_type": "no_text",
    "bool_type": "no_boolean",
    "tuple_type": "no_list",
    "int_type": "no_number",
    "greater_than_equal": "too_small",
    "less_than_equal": "too_large",
    "literal_error": "not_one_of",
}
WRONG_IN_URL = WRONG_IN_BODY | {"bool_type": "no_flag"}


@dataclass(frozen=True, slots=True)
class Parameter:
    """A field of a request model. `check` returns a value of its type, or raises ValidationError."""

    kind: object
    required: bool
    check: Callable[[Any], Any]

    @property
    def is_list(self) -> bool:
        return get_origin(self.kind) is tuple

    def from_texts(self, texts: Sequence[str]) -> object:
        """Return the value that is given by texts in a URL."""
        return tuple(texts) if self.is_list else FROM_TEXT.get(self.kind, str)(texts[0])


def parameters_of(model: type[RequestModel]) -> Mapping[str, Parameter]:
    """Return the parameters of a request model by name."""
    if model not in KNOWN:
        KNOWN[model] = read_fields(model)
    return KNOWN[model]


KNOWN: dict[type[RequestModel], Mapping[str, Parameter]] = {}


def read_fields(model: type[RequestModel]) -> dict[str, Parameter]:
    kinds, annotated = get_type_hints(model), get_type_hints(model, include_extras=True)
    return {
        field.name: Parameter(
            kinds[field.name],
            field.default is MISSING,
            partial(TypeAdapter(annotated[field.name]).validate_python, strict=True),
        )
        for field in fields(cast("type[DataclassInstance]", model))
    }


def url_parameters(request: Request, only: Collection[str] | None = None) -> UrlParameters:
    """Return the URL parameters. With `only`, as for pages, all others are ignored: sites add parameters ("fbclid",
    "utm_source") to links they pass on, and a reader can do nothing about them."""
    return {name: values for name, values in request.args.lists() if only is None or name in only}


def read_query(model: type[Model], sent: UrlParameters) -> Model:
    """Read a request from URL parameters, of which only lists may be repeated.

    Raises BadParameters with all faults, or QuestionError."""
    known = parameters_of(model)
    given = {name: known[name].from_texts(values) for name, values in sent.items() if name in known}
    repeated = [name for name in given if len(sent[name]) > 1 and not known[name].is_list]
    faults = [*unknown_names(sent, known), *(fault(name, "repeated") for name in repeated)]
    return build(model, given, faults, WRONG_IN_URL)


def read_body(model: type[Model], request: Request) -> Model:
    """Read a request from the JSON body of a POST. Raises BadParameters with all faults, or QuestionError."""
    if request.args:
        raise BadParameters([Fault(None, say("fault.in_address"))])
    if request.mimetype != "application/json":
        raise UnsupportedMediaType
    if request.content_length is None:
        raise LengthRequired
    sent = read_object(read_bytes(request))
    given = {name: as_parameter(value) for name, value in sent.items()}
    return build(model, given, unknown_names(sent, parameters_of(model)), WRONG_IN_BODY)


def as_parameter(value: object) -> object:
    """A JSON value as Python has it: lists are tuples, and 3.0 is the whole number 3."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return tuple(value) if isinstance(value, list) else value


def build(model: type[Model], given: Mapping[str, object], faults: list[Fault], messages: Mapping[str, str]) -> Model:
    """Return the request with these values, unless there are `faults` or a value is missing or not of its type."""
    refused = {each.parameter for each in faults}
    values: dict[str, object] = {}
    for name, parameter in parameters_of(model).items():
        if name in given and name not in refused:
            try:
                values[name] = parameter.check(given[name])
            except ValidationError as error:
                faults.append(wrong_value(name, parameter, error, messages))
        elif parameter.required and name not in refused:
            faults.append(fault(name, "missing"))
    if faults:
        raise BadParameters(faults)
    make: Callable[..., Model] = model
    return make(**values).normalised()


def wrong_value(name: str, parameter: Parameter, error: ValidationError, messages: Mapping[str, str]) -> Fault:
    """Return the fault of a value that is not of the type of its parameter."""
    first = error.errors()[0]
    what = messages.get("tuple_type" if parameter.is_list else first["type"], "no_value")
    limits = {key: value for key, value in first.get("ctx", {}).items() if key in ("ge", "le")}
    return fault(name, what, allowed=", ".join(filter(None, map(str, get_args(parameter.kind)))), **limits)


def fault(name: str, what: str, **values: object) -> Fault:
    """Return a fault of a known parameter; `what` is the name of its message."""
    return Fault(name, say(f"fault.{what}", name=name, **values))


def unknown_names(names: Iterable[str], known: Collection[str]) -> list[Fault]:
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
