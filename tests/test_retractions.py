"""The owner's list of retractions: what is found in it, and what comes of it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.corpus import look_at_corpus, open_corpus
from qa.corpus.retractions import RetractionRow, look_up
from qa.editing.check import check
from qa.engine import open_service
from qa.errors import CorpusError
from qa.indexing.ingest import annotate
from qa.indexing.retractions import order_of, state_after
from qa.models import Retraction, RetractionStatus
from qa.settings import Settings

HEAD = (
    "Record ID,Title,Subject,Institution,Journal,Publisher,Country,Author,URLS,ArticleType,RetractionDate,RetractionDOI,"
    "RetractionPubMedID,OriginalPaperDate,OriginalPaperDOI,OriginalPaperPubMedID,RetractionNature,Reason,Paywalled,Notes,"
)
WORK = {
    "id": "reyes",
    "type": "article-journal",
    "title": "Lanes",
    "issued": {"date-parts": [[2019]]},
    "DOI": "10.5555/Lanes.1",
    "PMID": "111",
}


def row(
    nature: str = "Retraction",
    *,
    on: str = "3/24/2026 0:00",
    doi: str = "10.5555/lanes.1",
    pmid: str = "111",
    notice: str = "10.5555/notice",
) -> str:
    return (
        f'7,"Lanes, and more",(SOC);,"Roads Institute, Town",J Roads,Press,Spain,A Reyes;B Osei,,Research Article;,{on},'
        f"{notice},0,1/1/2019 0:00,{doi},{pmid},{nature},+Error in Data;+Notice - Limited;,No,,"
    )


def folder_with(folder: Path, *rows: str, work: object = WORK, head: str = HEAD) -> Path:
    (folder / "lanes.md").write_text("# Lanes\n\nCycle lanes lower the number of crashes [@reyes].\n")
    (folder / "references.json").write_bytes(orjson.dumps([work]))
    (folder / "retractions.csv").write_text("\n".join([head, *rows]) + "\n")
    return folder


def status(folder: Path) -> dict[str, object]:
    """What has become of the work, as its record has it."""
    [work] = annotate(open_corpus(folder)).references
    return dict((work.csl.get("custom") or {}).get("retraction") or {})


def test_a_work_in_the_list_is_retracted_wherever_it_is_shown(tmp_path: Path) -> None:
    folder_with(tmp_path, row())
    service = open_service(Settings(cache=None, encoder="off"), corpus=tmp_path)
    answer = service.ask("Do cycle lanes lower the number of crashes?")
    assert answer.references[0]["custom"]["retraction"] == {
        "status": "retracted",
        "checked": "2026-03-24",
        "date": "2026-03-24",
        "notice": "https://doi.org/10.5555/notice",
        "reasons": ["Error in Data", "Notice - Limited"],
    }
    [verdict] = answer.answers[0].sentences[0].verdicts
    assert (verdict.level, verdict.date) == ("retracted", "2026-03-24")
    assert verdict.line == "This source was withdrawn on 24 March 2026."


MATCHES = [
    # (row, status, why)
    (row(), "retracted", "both numbers; a DOI has no case"),
    (row(pmid="0"), "retracted", "the DOI alone; 0 is no number"),
    (row(doi="unavailable"), "retracted", "the PubMed number alone"),
    (row(doi="https://doi.org/10.5555/LANES.1", pmid=""), "retracted", "a DOI with its resolver"),
    (row(pmid="111.0"), "retracted", "what a spreadsheet makes of a number"),
    (row(doi="10.5555/lanes.2", pmid="222"), "not listed", "another work"),
    (row(doi="10.5555/lanes.2"), "not listed", "the number of this work, the DOI of another: one is mistyped"),
    (row(pmid="222"), "not listed", "the DOI of this work, the number of another"),
    (row(doi="", pmid=""), "not listed", "a row without numbers is no row of a work without numbers"),
    (row(doi="10.5555/other", pmid="9", notice="10.5555/lanes.1"), "not listed", "this work is the notice"),
]


@pytest.mark.parametrize(("line", "expected", "why"), MATCHES)
def test_which_rows_are_those_of_a_work(tmp_path: Path, line: str, expected: str, why: str) -> None:
    assert status(folder_with(tmp_path, line))["status"] == expected, why


def test_a_work_without_numbers_is_not_looked_up(tmp_path: Path) -> None:
    work = {key: value for key, value in WORK.items() if key not in ("DOI", "PMID")}
    assert status(folder_with(tmp_path, row(doi="", pmid=""), work=work)) == {}


HISTORIES = [
    # (notices and their dates, what has become of the work, why)
    ((("Retraction", "3/1/2020"),), "retracted", "one notice"),
    ((("EXPRESSION OF CONCERN", "3/1/2020"),), "expression of concern", "in any case"),
    ((("Correction", "3/1/2020"),), "corrected", "one notice"),
    ((("Expression of concern", "3/1/2020"), ("Retraction", "3/1/2021")), "retracted", "the usual course"),
    ((("Retraction", "3/1/2021"), ("Expression of concern", "3/1/2020")), "retracted", "in any order"),
    ((("Retraction", "3/1/2020"), ("Correction", "3/1/2021")), "retracted", "of the notice, for example"),
    ((("Retraction", "3/1/2020"), ("Expression of concern", "3/1/2021")), "retracted", "it does not take it back"),
    ((("Retraction", "3/1/2020"), ("Reinstatement", "3/1/2021")), "reinstated", "taken back"),
    ((("Reinstatement", "3/1/2021"), ("Retraction", "3/1/2020")), "reinstated", "in any order"),
    ((("Reinstatement", "3/1/2021"), ("Retraction", "3/1/2021")), "reinstated", "on one day"),
    ((("Retraction", "3/1/2020"), ("Reinstatement", "")), "reinstated", "without a date"),
    ((("Retraction", "3/1/2020"), ("Reinstatement", "3/1/2021"), ("Retraction", "3/1/2022")), "retracted", "again"),
]


@pytest.mark.parametrize(("notices", "expected", "why"), HISTORIES)
def test_several_notices(tmp_path: Path, notices: tuple[tuple[str, str], ...], expected: str, why: str) -> None:
    folder_with(tmp_path, *(row(nature, on=on) for nature, on in notices))
    assert status(tmp_path)["status"] == expected, why


OWNERS = [
    # (what references.json says, notice in the list, what is shown, why)
    ({"status": "unknown", "checked": "2026"}, "Retraction", "retracted", "the owner does not know"),
    ({"status": "none found", "checked": "2026"}, "Retraction", "retracted", "the owner has missed it"),
    ({"status": "retracted", "checked": "2026"}, "Correction", "retracted", "the more serious of both"),
    ({"status": "retracted", "checked": "2020"}, "Reinstatement", "reinstated", "taken back since"),
    ({"status": "retracted", "checked": "2026-05"}, "Reinstatement", "retracted", "again, after the list was made"),
    ({"status": "none found", "checked": "2026"}, None, "none found", "the owner has looked elsewhere too"),
]


@pytest.mark.parametrize(("own", "nature", "expected", "why"), OWNERS)
def test_the_owner_and_the_list(tmp_path: Path, own: object, nature: str | None, expected: str, why: str) -> None:
    work = WORK | {"custom": {"retraction": own}}
    folder_with(tmp_path, *([row(nature)] if nature else []), work=work)
    assert status(tmp_path)["status"] == expected, why


OF_DOCUMENTS = ['doi = "10.5555/lanes.9"', "pmid = '999'", 'origin = "https://doi.org/10.5555/LANES.9"']


@pytest.mark.parametrize("key", OF_DOCUMENTS)
def test_a_retracted_document(tmp_path: Path, key: str) -> None:
    """Each of its sentences says so."""
    folder_with(tmp_path, row(doi="10.5555/lanes.9", pmid="999"))
    (tmp_path / "documents.toml").write_text(f'[[document]]\nfile = "lanes.md"\n{key}\n')
    answer = open_service(Settings(cache=None, encoder="off"), corpus=tmp_path).ask("Do cycle lanes lower crashes?")
    assert answer.documents[0].retraction
    assert answer.documents[0].retraction.status == "retracted"
    verdict = answer.answers[0].sentences[0].verdicts[0]
    assert (verdict.level, verdict.reference) == ("retracted", None)
    assert verdict.line == "This document was withdrawn on 24 March 2026."


# --- files as they are ------------------------------------------------------------------------------

LAYOUTS = [
    ("RetractionNature,OriginalPaperDOI\nRetraction,10.5555/lanes.1\n", "the columns that are needed"),
    ("\ufeffRetractionNature,OriginalPaperDOI\r\nRetraction,10.5555/lanes.1\r\n", "as Windows writes it"),
    ("OriginalPaperDOI;RetractionNature\n10.5555/lanes.1;Retraction\n", "semicolons, in another order"),
    ("retractionnature\tORIGINALPAPERPUBMEDID\nRetraction\t111\n", "tabs, in another case"),
    ("RetractionNature,OriginalPaperDOI\n\nRetraction,10.5555/lanes.1", "an empty row, no line end"),
    (f"{HEAD}\n{row().removesuffix(',,')}\n", "without the empty cells at the end"),
]


@pytest.mark.parametrize(("text", "why"), LAYOUTS)
def test_layouts(tmp_path: Path, text: str, why: str) -> None:
    folder_with(tmp_path)
    (tmp_path / "retractions.csv").write_text(text, newline="")
    assert status(tmp_path)["status"] == "retracted", why
    assert "row not read" not in [kind for kind, *_ in found_by_check(tmp_path)], why


UNREADABLE = [
    # (a row before that of the work, why)
    (row("Withdrawal"), "an unknown kind of notice"),
    (row(on="24/3/2026 0:00"), "the day first"),
    (row(on="2/30/2026"), "no such day"),
    (row(on="last spring"), "no date"),
    ("7,Lanes,,J Roads", "too few cells"),
    (row() + "more,cells", "too many cells"),
    (row().replace('"Lanes, and more"', '"Lanes, and more'), "a missing quotation mark, which hides the next row"),
    (row().replace("7,", '"7,', 1) + "x" * 200_000, "a cell that is too long"),
]


@pytest.mark.parametrize(("line", "why"), UNREADABLE)
def test_a_row_that_cannot_be_read_is_named_and_costs_only_itself(tmp_path: Path, line: str, why: str) -> None:
    folder_with(tmp_path, row(doi="10.1/a", pmid="1"), line, row(), row(doi="10.1/b", pmid="2"))
    corpus = open_corpus(tmp_path)
    findings = [f for f in check(corpus, annotate(corpus)) if f.kind == "row not read"]
    assert [(f.file, f.line, f.severity) for f in findings] == [("retractions.csv", 3, "warning")], why
    assert status(tmp_path)["status"] == "retracted"


NO_LISTS = [
    ("", "an empty file"),
    ("a,b\n1,2\n", "other columns"),
    ("OriginalPaperDOI\n10.1/a\n", "no kind of notice"),
    ("RetractionNature,Title\nRetraction,Lanes\n", "no numbers"),
]


@pytest.mark.parametrize(("text", "why"), NO_LISTS)
def test_what_is_no_such_list_is_refused(tmp_path: Path, text: str, why: str) -> None:
    """A list that is silently not used would be worse than none."""
    folder_with(tmp_path)
    (tmp_path / "retractions.csv").write_text(text)
    with pytest.raises(CorpusError, match=r"retractions\.csv:1: the first row must name"):
        open_corpus(tmp_path)
    assert len(look_at_corpus(tmp_path).faults) == 1


def test_a_file_of_unreadable_rows_is_a_few_findings(tmp_path: Path) -> None:
    folder_with(tmp_path, *(["x"] * 500))
    corpus = open_corpus(tmp_path)
    findings = [f for f in check(corpus, annotate(corpus)) if f.kind == "row not read"]
    assert len(findings) == 51
    assert findings[-1].message == "450 more rows cannot be read."


@given(st.binary(max_size=300) | st.text(alphabet='",R\n\r;x\0', max_size=30).map(str.encode))
def test_whatever_a_file_has_the_row_of_a_work_is_found(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "retractions.csv"
    path.write_bytes(b"RetractionNature,OriginalPaperDOI\n" + data + b"\nRetraction,10.5555/lanes.1\n")
    assert [row.doi for row in look_up(path, {"10.5555/lanes.1"}).rows][-1:] == ["10.5555/lanes.1"]


# --- what qa check says ------------------------------------------------------------------------------


def found_by_check(folder: Path) -> list[tuple[str, int | None, str, str]]:
    corpus = open_corpus(folder)
    findings = check(corpus, annotate(corpus))
    return [(f.kind, f.line, f.text, f.message) for f in findings if f.file == "retractions.csv"]


def test_check_reports_what_was_found(tmp_path: Path) -> None:
    folder_with(tmp_path, row(doi="10.1/a", pmid="1"), row())
    assert found_by_check(tmp_path) == [
        ("retracted", 3, "reyes", "Retracted. Notice of 24 March 2026. 1 sentence is supported by it."),
        (
            "looked up",
            None,
            "",
            "2 rows, the latest of 24 March 2026. 1 of 2 documents and works have a DOI or a PubMed number and were "
            "looked up; 1 were found.",
        ),
    ]


def test_check_reports_rows_with_one_number_of_a_work_and_another_that_differs(tmp_path: Path) -> None:
    folder_with(tmp_path, row(pmid="222"))
    [(kind, line, text, message), _] = found_by_check(tmp_path)
    assert (kind, line, text) == ("perhaps retracted", 2, "reyes")
    assert "10.5555/lanes.1" in message
    assert "222" in message


def test_the_latest_date_is_none_of_the_future(tmp_path: Path) -> None:
    """A mistyped year must not make the list look fresh."""
    folder_with(tmp_path, row(on="3/1/2026", doi="10.1/a", pmid="1"), row(on="3/1/2206", doi="10.1/b", pmid="2"))
    assert status(tmp_path) == {"status": "not listed", "checked": "2026-03-01"}


NATURES: list[RetractionStatus] = ["retracted", "expression of concern", "corrected", "reinstated"]


@given(st.lists(st.tuples(st.sampled_from(NATURES), st.dates(date(2020, 1, 1), date(2020, 2, 1))), min_size=1))
def test_a_work_is_retracted_until_it_is_reinstated(notices: list[tuple[RetractionStatus, date]]) -> None:
    """Whatever else is published about it, in whatever order the list has it."""
    rows = [RetractionRow(0, status, "", "", day.isoformat(), None, ()) for status, day in notices]
    last = {status: max((d for s, d in notices if s == status), default=date.min) for status in NATURES}
    state: Retraction = state_after(sorted(rows, key=order_of), None)
    assert (state.status == "retracted") == (last["retracted"] > last["reinstated"])
