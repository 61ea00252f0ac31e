"""A client made from the description of the API can do everything that the API does."""

from __future__ import annotations

import csv
from io import StringIO
from pathlib import Path
from typing import Any

import bibtexparser
import pytest
import rispy

from qa.engine import open_service
from qa.settings import Settings
from qa.web import create_app
from testkit.generated_client import GeneratedClient

ROOT = Path(__file__).parent.parent
QUESTION = "Does ketamine help people stop drinking?"
LISTS = ("Documents", "References", "Conditions")


@pytest.fixture(scope="module")
def client() -> GeneratedClient:
    service = open_service(Settings(corpus=ROOT / "corpus", encoder="off"))
    sender = create_app(service.settings, service.index).test_client()
    description: Any = sender.get("/api/v1/openapi.json").json
    return GeneratedClient(description, sender.open)


def example_of(parameter: dict[str, Any]) -> Any:
    """The value that the description gives as an example; of a list of values, one."""
    schema = parameter["schema"]
    if "example" in parameter:
        return parameter["example"]
    known = schema.get("items", schema).get("examples") or schema.get("enum")
    if known:
        return [known[0]] if schema.get("type") == "array" else known[0]
    return {"boolean": True, "integer": 1, "array": [], "string": ""}[schema["type"]]


def test_every_operation_can_be_called(client: GeneratedClient) -> None:
    """With nothing but the values that the description gives as examples, and with all parameters at once."""
    called = 0
    for id, operation in client.operations.items():
        if operation.method == "GET":
            for names in (
                {name for name, each in operation.parameters.items() if each["required"]},
                operation.parameters.keys(),
            ):
                given = {name: example_of(operation.parameters[name]) for name in names}
                assert client.call(id, **given) is not None
                called += 1
    assert called > 60


@pytest.mark.parametrize("name", LISTS)
def test_lists_in_every_order(client: GeneratedClient, name: str) -> None:
    everything = client.call(f"list{name}")
    sort = client.operations[f"list{name}"].parameters["sort"]["schema"]["enum"]
    assert len(sort) > 2
    for column in sort:
        for order in ("asc", "desc"):
            found = client.call(f"list{name}", sort=column, order=order)
            assert sorted(map(str, found)) == sorted(map(str, everything))
            table = [*csv.DictReader(StringIO(client.call(f"export{name}Csv", sort=column, order=order)))]
            assert [row["url"] for row in table] == [each.get("url") or each["document"]["url"] for each in found]


def test_what_facets_offer_can_be_chosen(client: GeneratedClient) -> None:
    chosen = 0
    for name in LISTS:
        for facet in client.call(f"facetsOf{name}")["facets"]:
            for value in facet["values"]:
                assert len(client.call(f"list{name}", **{facet["name"]: [value["value"]]})) == value["count"]
                chosen += 1
    assert chosen > 10


def test_every_export(client: GeneratedClient) -> None:
    """Of an answer, of a work, of the list of works and of those that a document cites, in all formats."""
    document = "ketamine-substance-use-disorders"
    names = {"ask": {"q": QUESTION}, "reference": {"id": "grabski2022"}, "exportDocumentReferences": {"id": document}}
    exports = [
        id for id in client.operations if id.endswith(("Bibtex", "Ris", "CslJson", "Csv", "Ama", "Apa", "Markdown"))
    ]
    assert len(exports) > 20
    for id in exports:
        given = next((values for name, values in names.items() if id.startswith(name)), {})
        found = client.call(id, **given)
        if id.endswith("Bibtex"):
            assert any("Grabski" in str(entry.fields_dict) for entry in bibtexparser.parse_string(found).entries)
        if id.endswith("Ris"):
            assert any("Grabski, M." in record["authors"] for record in rispy.loads(found) if "authors" in record)
        assert "Ketamine" in str(found) or "ketamine" in str(found) or "Abstinence" in str(found)
