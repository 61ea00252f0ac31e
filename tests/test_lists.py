"""Lists of documents, works and conditions: sorted, filtered, counted, divided into pages, and as tables."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from io import StringIO
from typing import Any

import bibtexparser
import pytest

from qa.engine import Service, open_service
from qa.models import ListName, Selection
from qa.settings import Settings
from qa.web import create_app
from qa.web.tables import safe_cell
from testkit.corpora import all_corpora

DOCUMENTS = """
[[document]]
file = "a.md"
title = "Ärger with tea"
date = 2024-05-01

[[document]]
file = "b.md"
title = "Zest"
date = "2021"

[[document]]
file = "c.md"
title = "berries"
"""
TEXTS = {
    "a.md": "# Gout\n\nTea helped in gout (Reyes, 2019). Gout got better with cherries (Moss, 2020).\n",
    "b.md": "# Fever\n\nLemons helped in fever (Moss, 2020). Fever fell (Ames, 2019).\n\n# Gout\n\nSo did gout.\n",
    "c.md": "# Berries\n\nBerries are red.\n",
}
CONDITIONS = """
[[condition]]
id = "illness"
label = "Illness"

[[condition]]
id = "gout"
label = "Gout"
parent = "illness"

[[condition]]
id = "fever"
label = "Fever"
parent = "illness"

[[condition]]
id = "mumps"
label = "Mumps"
"""


def work(id: str, family: str, year: int | None, **more: Any) -> dict[str, Any]:
    issued = {"issued": {"date-parts": [[year]]}} if year else {}
    return {"id": id, "type": "article-journal", "author": [{"family": family, "given": "A."}], **issued, **more}


WORKS = [
    work("reyes", "Reyes", 2019, title="=Tea", custom={"study_type": "Trial", "participants": 7}),
    work("moss", "Moss", 2020, title="Cherries", custom={"study_type": "Trial"}),
    work("ames", "Ames", 2019, title="apples", type="book"),
    work("other", "Öman", None, custom={"note_only": True}),
]


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Service:
    folder = tmp_path_factory.mktemp("lists")
    (folder / "documents").mkdir()
    for name, text in TEXTS.items():
        (folder / "documents" / name).write_text(text)
    (folder / "documents.toml").write_text(DOCUMENTS)
    (folder / "conditions.toml").write_text(CONDITIONS)
    (folder / "references.json").write_text(json.dumps(WORKS))
    return open_service(Settings(corpus=folder, encoder="off"))


@pytest.fixture(scope="module")
def client(service: Service) -> Any:
    return create_app(service.settings, service.index).test_client()


def ids_of(found: list[dict[str, Any]]) -> list[str]:
    return [each.get("id") or each["document"]["id"] for each in found]


SORTED = [
    # (list with its parameters, ids, why)
    ("documents", "a b c", "the order of the owner"),
    ("documents?order=desc", "c b a", "and back"),
    ("documents?sort=title", "a c b", "neither accents nor capitals matter"),
    ("documents?sort=title&order=desc", "b c a", "backwards"),
    ("documents?sort=date", "a b c", "the newest first, one without a date last"),
    ("documents?sort=date&order=asc", "b a c", "the oldest first, one without a date still last"),
    ("documents?sort=references", "a b c", "equal ones keep their order"),
    ("references?sort=author", "ames moss other reyes", "by what the works are called"),
    ("references?sort=author&order=desc", "reyes other moss ames", "backwards"),
    ("references?sort=year", "moss reyes ames other", "an unknown year comes last, equal ones keep their order"),
    ("references?sort=year&order=asc", "reyes ames moss other", "in either order"),
    ("references?sort=title", "reyes ames moss other", "a work without a title comes last"),
    ("references?sort=sentences&limit=1", "moss", "the most used first"),
    ("conditions?sort=label", "fever gout illness mumps", "by name"),
    ("conditions?sort=passages", "illness gout fever mumps", "by size"),
    # filtered
    ("references?year=2019", "reyes ames", "one year"),
    ("references?year=2019&year=2020", "reyes moss ames", "one of two years"),
    ("references?year=2019&kind=Trial", "reyes", "one value of each facet"),
    ("references?kind=Book", "ames", "by the name of the type where the owner gives no kind of study"),
    ("references?document=b", "moss ames", "what a document cites"),
    ("references?condition=gout", "reyes moss", "what sentences about a condition rely on"),
    ("references?condition=illness", "reyes moss ames", "narrower conditions count"),
    ("references?year=1900", "", "nothing"),
    ("references?document=none", "", "no such document"),
    ("references?condition=mumps", "", "known, but in none of the documents"),
    ("documents?condition=gout", "a b", "documents about a condition"),
    ("documents?year=2024", "a", "of a year, whatever the day"),
    ("conditions?document=a", "illness gout", "what a document is about"),
    # pages
    ("references?sort=author&limit=3", "ames moss other", "the first page"),
    ("references?sort=author&limit=3&page=2", "reyes", "the last page"),
    ("references?sort=author&limit=3&page=3", "", "no such page"),
    ("references?year=2019&limit=1&page=2", "ames", "pages of what is selected"),
]


@pytest.mark.parametrize(("address", "ids", "why"), SORTED)
def test_lists_are_sorted_and_filtered(client: Any, address: str, ids: str, why: str) -> None:
    assert ids_of(client.get(f"/api/v1/{address}").json) == ids.split(), why


REFUSED = [
    # (parameters, words of the message, why)
    ("sort=size", "one of these: author, title, year, sentences", "the columns are named"),
    ("order=up", "one of these: asc, desc", "so are the orders"),
    ("page=0", "at least 1", "pages are counted from 1"),
    ("limit=1001", "at most 1000", "the limit is named"),
    ("limit=-1", "at least 0", "a negative number"),
    ("limit=ten", "whole number", "no number"),
    ("page=1.5", "whole number", "half a page"),
    ("condition=none", "Known conditions are: illness", "conditions are named as for a question"),
    ("colour=red", "Known parameters are", "an unknown parameter"),
    ("sort=year&sort=title", "only once", "twice"),
]


@pytest.mark.parametrize(("sent", "words", "why"), REFUSED)
def test_what_cannot_be_listed_is_refused_with_a_reason(client: Any, sent: str, words: str, why: str) -> None:
    for address in (f"references?{sent}", f"references.csv?{sent}", f"facets/references?{sent}"):
        response = client.get(f"/api/v1/{address}")
        assert response.status_code == 422, why
        assert words in response.json["detail"] + str(response.json["errors"]), why


def every_list(services: list[Service]) -> Iterator[tuple[Service, ListName]]:
    names: tuple[ListName, ...] = ("documents", "references", "conditions")
    return ((service, name) for service in services for name in names)


@pytest.fixture(scope="module")
def services(service: Service, tmp_path_factory: pytest.TempPathFactory) -> list[Service]:
    corpora = all_corpora(tmp_path_factory.mktemp("corpora"))
    return [service, *(Service(service.settings, index) for _, index in corpora)]


def test_counts_are_what_choosing_gives(services: list[Service]) -> None:
    """A value of a facet leads to as many entries as it says, alone and beside a value of another facet."""
    tried = 0
    for service, name in every_list(services):
        for first in service.facets(name).facets:
            for value in first.values[:5]:
                selection = Selection(chosen={first.name: (value.value,)})
                found = service.facets(name, selection)
                assert found.total == value.count == len(getattr(service, name)(selection)) > 0
                for second in (facet for facet in found.facets if facet.name != first.name):
                    for other in second.values[:3]:
                        both = Selection(chosen={first.name: (value.value,), second.name: (other.value,)})
                        assert service.facets(name, both).total == other.count
                        tried += 1
    assert tried > 20


def test_pages_have_every_entry_once(services: list[Service]) -> None:
    for service, name in every_list(services):
        everything = getattr(service, name)()
        for limit in (1, 2, 7):
            pages = [
                getattr(service, name)(Selection(page=n, limit=limit)) for n in range(1, len(everything) // limit + 2)
            ]
            assert [each for page in pages for each in page] == list(everything)
            assert all(len(page) <= limit for page in pages)


def test_every_order_has_every_entry(services: list[Service]) -> None:
    for service, name in every_list(services):
        everything = getattr(service, name)()
        for sort in ("title", "date", "passages", "references", "author", "year", "sentences", "label"):
            for order in ("asc", "desc"):
                found = getattr(service, name)(Selection(sort=sort, order=order))
                assert sorted(map(repr, found)) == sorted(map(repr, everything))


# --- tables and exports --------------------------------------------------------------------------

CELLS = [
    # (value, cell, why)
    ("=1+1", "'=1+1", "a formula"),
    ("+49 30", "'+49 30", "a sum"),
    ("-2", "'-2", "a difference, as text"),
    ("@SUM(A1)", "'@SUM(A1)", "a function of an old program"),
    ("\t=1", "'=1", "after a tab"),
    (" \r\n =1", "'=1", "after blanks and line ends"),
    ("＝1", "'＝1", "a wide sign, which some programs read as the plain one"),
    ("a=1", "a=1", "a sign within the text is harmless"),
    ("'=1", "'=1", "has an apostrophe"),
    ("10-20", "10-20", "pages"),
    (-2, "-2", "a number is a number"),
    (0, "0", "zero is a number"),
    (None, "", "not given"),
    ("a\nb", "a b", "one line"),
    ('say "a", b', 'say "a", b', "quotes and commas are the writer's work"),
]  # fmt: skip


@pytest.mark.parametrize(("value", "cell", "why"), CELLS)
def test_cells_are_safe_in_a_spreadsheet(value: object, cell: str, why: str) -> None:
    assert safe_cell(value) == cell, why


@pytest.mark.parametrize("name", ["documents", "references", "conditions", "glossary"])
def test_a_table_has_a_row_for_each_entry(client: Any, name: str) -> None:
    response = client.get(f"/api/v1/{name}.csv")
    assert response.mimetype == "text/csv"
    header, *rows = csv.reader(StringIO(response.text))
    assert len(rows) == len(client.get(f"/api/v1/{name}").json)
    assert all(len(row) == len(header) for row in rows)
    for cell in (cell for row in rows for cell in row):
        assert not cell.startswith(("=", "+", "-", "@"))
    by_header = client.get(f"/api/v1/{name}", headers={"Accept": "text/csv"})
    assert (by_header.data, by_header.mimetype, by_header.headers["Vary"]) == (response.data, "text/csv", "Accept")


def test_a_table_has_what_is_selected(client: Any) -> None:
    [row] = csv.DictReader(StringIO(client.get("/api/v1/references.csv?year=2019&kind=Trial").text))
    assert (row["id"], row["title"], row["participants"], row["authors"]) == ("reyes", "'=Tea", "7", "Reyes A")


def test_a_list_of_works_is_exported_for_reference_managers(client: Any) -> None:
    for ending in ("bib", "ris", "json"):
        text = client.get(f"/api/v1/references.{ending}?year=2019").text
        assert ("Reyes" in text, "Moss" in text) == (True, False)
    assert len(bibtexparser.parse_string(client.get("/api/v1/references.bib").text).entries) == len(WORKS)
    assert client.get("/api/v1/documents.bib").status_code == 404, "documents are not works"


@pytest.mark.parametrize("address", ["references", "references.csv", "facets/references"])
def test_lists_are_cached_as_everything_else(client: Any, address: str) -> None:
    first = client.get(f"/api/v1/{address}?year=2019")
    assert first.headers["Cache-Control"] == "no-cache"
    again = client.get(f"/api/v1/{address}?year=2019", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert client.get(f"/api/v1/{address}?year=2020").headers["ETag"] != first.headers["ETag"]
