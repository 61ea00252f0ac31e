"""Exports are read back without loss by widely used libraries."""

from __future__ import annotations

import re
from importlib.metadata import distribution
from pathlib import Path

import bibtexparser
import orjson
import pytest
import rispy
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft7Validator  # type: ignore[import-untyped]
from pydantic import TypeAdapter

from qa.answering.answer import answer
from qa.citations.export import EXPORTS, to_bibtex, to_csl_json, to_ris
from qa.citations.parsing import parse_reference
from qa.corpus.csl import CSL_TYPES, SHAPES
from qa.indexes import OpenIndex
from qa.indexing.publish import open_published
from qa.models import CSL
from qa.views.quotations import works_of
from testkit.corpora import all_corpora, page_names, shipped

WORK: CSL = {
    "id": "grabski2022",
    "type": "article-journal",
    "title": "Adjunctive 50% & more: {braces}, _lines_ and #marks",
    "author": [{"family": "Grabski", "given": "M"}, {"family": "Waal", "non-dropping-particle": "de", "given": "C"}],
    "container-title": "American Journal of Psychiatry",
    "container-title-short": "Am J Psychiatry",
    "issued": {"date-parts": [[2022]]},
    "volume": "179",
    "issue": "2",
    "page": "152-162",
    "DOI": "10.1176/appi.ajp.2021_1",
    "PMID": "35012326",
}


def test_bibtex_is_read_back() -> None:
    (entry,) = bibtexparser.parse_string(to_bibtex([WORK])).entries
    fields = {field.key: field.value for field in entry.fields}
    assert (entry.entry_type, entry.key) == ("article", "grabski2022")
    assert fields["author"] == "Grabski, M and de Waal, C"
    assert fields["pages"] == "152--162"
    assert fields["doi"] == "10.1176/appi.ajp.2021_1", "a DOI is for programs and not escaped"
    assert fields["title"] == r"{Adjunctive 50\% \& more: \{braces\}, \_lines\_ and \#marks}"


def test_ris_is_read_back() -> None:
    (record,) = rispy.loads(to_ris([WORK]))
    assert record["type_of_reference"] == "JOUR"
    assert record["authors"] == ["Grabski, M", "de Waal, C"]
    assert (record["alternate_title3"], record["alternate_title2"]) == (
        "American Journal of Psychiatry",
        "Am J Psychiatry",
    )
    assert (record["start_page"], record["end_page"], record["year"]) == ("152", "162", "2022")


def test_csl_json_is_the_internal_format() -> None:
    assert orjson.loads(to_csl_json([WORK])) == [WORK]


CASES = [
    # (change to the work, format, text that must or must not be there, why)
    ({"author": [{"literal": "World Health Organization"}]}, "bib", "{World Health Organization}", "an organisation is not split"),
    ({"author": [{"family": "Dakwar"}, {"literal": "et al."}]}, "bib", "Dakwar and others", "an incomplete list"),
    ({"type": "report", "container-title": "NIHR"}, "bib", "@techreport", "a report is not an article"),
    ({"type": "webpage", "URL": "https://example.org/a_b"}, "ris", "UR  - https://example.org/a_b", "a web page has its URL"),
    ({"type": "no-such-type"}, "ris", "TY  - GEN", "an unknown type is never called an article"),
    ({"id": "müller 2020/a"}, "bib", "{muller-2020-a,", "a key valid in every BibTeX"),
    ({}, "ris", "JF  - American Journal of Psychiatry", "the tag of a journal's full name"),
    ({}, "ris", "JA  - Am J Psychiatry", "the tag of its abbreviation"),
    ({"type": "chapter", "container-title": "A Handbook"}, "ris", "T2  - A Handbook", "a chapter is in a book, not in a journal"),
    ({"type": "chapter", "container-title": "A Handbook"}, "bib", "booktitle = {A Handbook}", "the same"),
    ({"title": "One\nTY  - BOOK"}, "ris", "TI  - One TY - BOOK", "a line break does not start a tag"),
    ({"note": "Quoted: “x” & y"}, "bib", r"Quoted: “x” \& y", "a note is exported"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "form", "words", "why"), CASES)
def test_case(change: CSL, form: str, words: str, why: str) -> None:
    assert words in EXPORTS[form]([WORK | change]), why


def test_et_al_is_not_a_person_in_ris() -> None:
    (record,) = rispy.loads(to_ris([WORK | {"author": [{"family": "Dakwar"}, {"literal": "et al."}]}]))
    assert record["authors"] == ["Dakwar"]


@pytest.mark.parametrize("form", EXPORTS)
def test_every_shipped_work_is_exported(form: str) -> None:
    works = [reference.csl for reference in shipped().references()]
    text = EXPORTS[form](works)
    assert all(work["DOI"] in text for work in works if "DOI" in work)


@given(st.text(max_size=60), st.text(max_size=30))
def test_any_words_make_one_record(title: str, family: str) -> None:
    work = WORK | {"title": title, "author": [{"family": family}]}
    assert len(rispy.loads(to_ris([work]))) == 1
    assert len(bibtexparser.parse_string(to_bibtex([work])).entries) == 1


# --- CSL-JSON ------------------------------------------------------------------------------------


ADAPTERS = {key: TypeAdapter(kind) for key, kind in SHAPES.items() if key != "custom"}
OFFICIAL = orjson.loads(
    Path(str(distribution("commonmeta-py").locate_file("commonmeta/resources/csl-data.json"))).read_bytes()
)
SCHEMA = Draft7Validator(OFFICIAL, format_checker=Draft7Validator.FORMAT_CHECKER)


def test_the_schema_is_the_official_one() -> None:
    assert OFFICIAL["$id"] == "https://resource.citationstyles.org/schema/v1.0/input/json/csl-data.json"
    Draft7Validator.check_schema(OFFICIAL)
    assert not SCHEMA.is_valid([{"id": "a", "type": "journal-article"}])
    assert not SCHEMA.is_valid([{"id": "a", "type": "article-journal", "Title": "A key that it does not have"}])


def test_owners_may_use_exactly_the_fields_of_the_schema() -> None:
    """The tables in qa/corpus/csl.py match the keys and types of the schema."""
    assert SHAPES.keys() == OFFICIAL["items"]["properties"].keys()
    assert set(CSL_TYPES.split()) == set(OFFICIAL["items"]["properties"]["type"]["enum"])


def check_csl(work: CSL) -> None:
    """Check against the official schema, and keys and values against qa/corpus/csl.py."""
    SCHEMA.validate([work])
    assert {"id", "type"} <= work.keys()
    for key, value in work.items():
        assert key in SHAPES
        if key in ADAPTERS:
            ADAPTERS[key].validate_python(value)


@pytest.fixture(scope="session")
def corpora(tmp_path_factory: pytest.TempPathFactory) -> dict[str, OpenIndex]:
    return dict(all_corpora(tmp_path_factory.mktemp("corpora")))


@pytest.mark.parametrize("name", ["shipped", *page_names()])
def test_every_work_is_csl_json(corpora: dict[str, OpenIndex], name: str) -> None:
    for reference in corpora[name].references():
        check_csl(reference.csl)
    text = to_csl_json([reference.csl for reference in corpora[name].references()])
    SCHEMA.validate(orjson.loads(text))


@pytest.mark.parametrize("name", ["shipped", *page_names()])
def test_every_answer_is_csl_json(corpora: dict[str, OpenIndex], name: str) -> None:
    """Each passage is used as a question, so that every passage and its works are in some answer."""
    index = corpora[name]
    for document in index.documents():
        for passage in document.passages:
            works = works_of(answer(passage.text[:500], index))
            for work in works:
                check_csl(work)
            SCHEMA.validate(orjson.loads(to_csl_json(works)))


@given(st.text(max_size=120))
def test_whatever_is_read_is_csl_json(raw: str) -> None:
    check_csl({"id": "a"} | parse_reference(raw))


def test_reference_strings_are_csl_json(data: Path) -> None:
    """Real reference strings from many journals."""
    for row in orjson.loads((data / "citations" / "reference_strings.json").read_bytes()):
        check_csl({"id": "a"} | parse_reference(row["string"]))


# --- answers -------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", EXPORTS)
def test_a_note_is_exported_with_its_quotation(form: str) -> None:
    """A contested finding is never exported without the note that contests it."""
    result = answer("odds of relapse in the alcohol ketamine group", shipped())
    text = " ".join(EXPORTS[form](works_of(result)).split())
    assert "The odds of relapse were significantly lower" in text
    assert "reports no significant difference in relapse rate" in text


@pytest.mark.parametrize("question", shipped().manifest.examples)
def test_an_answer_is_exported_with_its_quotations(question: str) -> None:
    result = answer(question, shipped())
    works = works_of(result)
    for work in works:
        check_csl(work)
    (document,) = [work for work in works if work["type"] == "document"]
    exported = [(hit, [s for s in hit.sentences if s.answers] or hit.sentences) for hit in result.answers]
    quoted = [hit.text[s.start : s.end] for hit, sentences in exported for s in sentences]
    lines = document["note"].splitlines()
    assert [line[: len(words) + 2] for line, words in zip(lines, quoted, strict=True)] == [f"“{w}”" for w in quoted]
    assert not re.search(r"\b[sp]-[0-9a-f]{8}", document["note"]), "no id of a sentence or passage"
    for work in works:
        if work["type"] != "document":
            assert work["note"] == f"Cited in “{document['title']}” ({document['id']})."
            assert work["id"] in document["note"], "a quotation names the works that it cites"
    assert not any(work.get("custom", {}).get("note_only") for work in works), "no document cites it"


def test_a_document_is_exported_with_its_url(tmp_path: Path) -> None:
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "a.txt").write_text("Lanes help riders (Reyes et al., J Roads. 2019;4(2):10-19).")
    (tmp_path / "documents.toml").write_text(
        '[[document]]\nfile = "a.txt"\ntitle = "A"\norigin = "https://roads.example/a"\n'
    )
    works = works_of(answer("do lanes help riders", open_published(tmp_path, "memory:")))
    (document, work) = rispy.loads(to_ris(works))
    assert document["urls"] == ["https://roads.example/a"]
    assert "url = {https://roads.example/a}" in to_bibtex(works)
    # nothing is known of this work except its citation
    assert work["title"] == "(Reyes et al., J Roads. 2019;4(2):10-19)"
    assert "title" not in works[1]


@pytest.mark.parametrize(
    ("csl", "title", "why"),
    [
        ({"id": "a", "custom": {"raw": "Reyes, J Roads"}}, "Reyes, J Roads", "the raw citation"),
        (
            {"id": "a", "author": [{"family": "Ito"}], "issued": {"date-parts": [[2020]]}},
            "Ito, 2020",
            "author and year",
        ),
        ({"id": "a"}, "a", "only its id is known"),
    ],
)
def test_a_ris_record_always_has_a_title(csl: CSL, title: str, why: str) -> None:
    (record,) = rispy.loads(to_ris([csl]))
    assert record["title"] == title, why


def test_a_refusal_has_no_works() -> None:
    assert works_of(answer("ketamine for depression", shipped())) == []
