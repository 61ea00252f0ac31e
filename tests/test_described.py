"""The API against its own description: schemathesis, every check that it has, on every address."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings

from qa.settings import Settings
from qa.web import create_app
from tests.conftest import number_of_examples

ROOT = Path(__file__).parent.parent
# A version that is not in the description is gone, which is a refusal of its own.
CONFIG = schemathesis.Config.from_dict(
    {"checks": {"negative_data_rejection": {"expected-statuses": [400, 404, 405, 410, 411, 413, 415, 422]}}}
)


@schemathesis.hook
def before_load_schema(context: Any, raw_schema: dict[str, Any]) -> None:
    """To the description, versions and conditions are any text. Of these the service takes only what the documents
    have now, so that is all that is sent as right here, and everything else as wrong."""
    lists = [methods["get"]["parameters"] for methods in raw_schema["paths"].values() if "parameters" in methods["get"]]
    taken = [(each["name"], each["schema"]) for parameters in lists for each in parameters]
    taken += raw_schema["components"]["schemas"]["Ask"]["properties"].items()
    for name, schema in taken:
        if name in {"version", "condition"}:
            values = schema.get("items", schema)
            values["enum"] = [*values.pop("examples"), *([""] if name == "version" else [])]  # "" is whichever there is


SCHEMA = schemathesis.openapi.from_wsgi(
    "/api/v1/openapi.json", create_app(Settings(corpus=ROOT / "corpus")), config=CONFIG
)


@pytest.mark.slow
@SCHEMA.parametrize()
@settings(max_examples=number_of_examples(300), suppress_health_check=list(HealthCheck))
def test_the_api_is_what_it_says(case: Any) -> None:
    """No 5xx, the statuses, types and bodies that are described, and what the description refuses is refused."""
    case.call_and_validate()
