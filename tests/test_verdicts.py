"""What stands at the head of a sentence: reviewers' verdicts, retractions and expressions of concern."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from qa.engine import Service, open_service
from qa.models import HitSentence, VerdictLevel
from qa.settings import Settings

DOCUMENT = """# Lanes

Cycle lanes lower the number of crashes [@reyes]. Painted lanes lower the number of crashes too [@reyes; @osei].
Kerbs keep cars out of the lanes [@osei]. The trial also found that kerbs are cheap.
"""
REYES = {"id": "reyes", "type": "article-journal", "title": "Lanes", "issued": {"date-parts": [[2019]]}}
OSEI = {"id": "osei", "type": "article-journal", "title": "A trial of kerbs", "issued": {"date-parts": [[2020]]}}
RETRACTED = {"status": "retracted", "checked": "2026-05", "date": "2026-03-01", "notice": "https://example.org/notice"}
CONCERN = {"status": "expression of concern", "checked": "2026-05"}
SETTINGS = Settings(cache=None, encoder="off")
NOTE = """[[note]]
document = "lanes"
sentence = "Kerbs keep cars out of the lanes [@osei]."
status = "{status}"
{short}
text = "The cited trial is about paint."
reference = "osei"
date = 2026-05-02
"""


def service_of(folder: Path, *, reyes: object = None, osei: object = None, notes: str = "") -> Service:
    """A service for the document above; `reyes` and `osei` are what has become of the two works."""
    (folder / "lanes.md").write_text(DOCUMENT)
    works = [
        work | ({"custom": {"retraction": given}} if given else {}) for work, given in ((REYES, reyes), (OSEI, osei))
    ]
    (folder / "references.json").write_bytes(orjson.dumps(works))
    (folder / "notes.toml").write_text(notes)
    return open_service(SETTINGS, corpus=folder)


def sentence(service: Service, question: str, words: str) -> HitSentence:
    answers = service.ask(question).answers
    return next(s for hit in answers for s in hit.sentences if words in hit.text[s.start : s.end])


LEVELS = [
    ("contradicted", "disputed", "Disputed"),
    ("partly", "partly", "Partly"),
    ("unchecked", "unchecked", "Not checked"),
    ("agrees", "agrees", "Agrees"),
]


@pytest.mark.parametrize(("status", "level", "word"), LEVELS)
def test_a_note_is_a_word_and_a_line(tmp_path: Path, status: str, level: VerdictLevel, word: str) -> None:
    service = service_of(tmp_path, notes=NOTE.format(status=status, short='short = "It is\\nabout paint."'))
    found = sentence(service, "Do kerbs keep cars out?", "keep cars")
    [verdict] = found.verdicts
    assert (verdict.level, verdict.word, verdict.line) == (level, word, "It is about paint.")
    assert verdict.note == 0
    assert found.notes[0].short == verdict.line
    assert (verdict.reference, verdict.date) == ("osei", "2026-05-02")


def test_a_note_without_a_line_says_what_its_status_means(tmp_path: Path) -> None:
    service = service_of(tmp_path, notes=NOTE.format(status="contradicted", short=""))
    assert sentence(service, "Do kerbs keep cars out?", "keep cars").verdicts[0].line == "Its source says otherwise."


WORKS = [
    # (words of the sentence, levels and lines)
    ("lower the number of crashes [@reyes]", [("retracted", "This source was withdrawn on 1 March 2026.")]),
    (
        "Painted lanes",
        [
            ("retracted", "One of its sources was withdrawn on 1 March 2026."),
            ("concern", "The publisher has doubts about one of its sources."),
        ],
    ),
    ("keep cars", [("concern", "The publisher has doubts about this source."), ("disputed", "It is about paint.")]),
    ("also found", [("concern", "The publisher has doubts about this source.")]),  # carried over
]


@pytest.mark.parametrize(("words", "expected"), WORKS)
def test_what_has_become_of_the_works_comes_first(
    tmp_path: Path, words: str, expected: list[tuple[VerdictLevel, str]]
) -> None:
    notes = NOTE.format(status="contradicted", short='short = "It is about paint."')
    service = service_of(tmp_path, reyes=RETRACTED, osei=CONCERN, notes=notes)
    found = sentence(service, "Do lanes and kerbs lower the number of crashes?", words)
    assert [(verdict.level, verdict.line) for verdict in found.verdicts] == expected


def test_a_retraction_has_the_address_of_its_notice(tmp_path: Path) -> None:
    found = sentence(service_of(tmp_path, reyes=RETRACTED), "Do lanes lower the number of crashes?", "[@reyes].")
    assert found.verdicts[0].notice == "https://example.org/notice"
    assert found.verdicts[0].reference == "reyes"


@pytest.mark.parametrize("status", ["unknown", "none found", "corrected", "reinstated", "not listed"])
def test_a_work_that_is_sound_has_no_verdict(tmp_path: Path, status: str) -> None:
    service = service_of(tmp_path, reyes={"status": status, "checked": "2026-05"})
    assert sentence(service, "Do lanes lower the number of crashes?", "[@reyes].").verdicts == ()


def test_reading_a_document_shows_the_verdicts_of_its_sentences(tmp_path: Path) -> None:
    """Numbered in reading order, each at the offsets of its sentence."""
    notes = NOTE.format(status="contradicted", short="")
    service = service_of(tmp_path, reyes=RETRACTED, notes=notes)
    document, read = service.document("lanes"), service.verdicts("lanes")
    shown = [(each.number, document.text[each.start : each.end][:14], len(each.notes)) for each in read.sentences]
    assert shown == [(1, "Cycle lanes lo", 0), (2, "Painted lanes ", 0), (3, "Kerbs keep car", 1)]
    assert [each.verdicts[0].level for each in read.sentences] == ["retracted", "retracted", "disputed"]
    assert {each.sentence for each in read.sentences} <= {each.id for each in document.sentences}


def test_a_sentence_of_a_retracted_work_is_not_first_while_another_answers_as_well(tmp_path: Path) -> None:
    question = "Do cycle lanes lower the number of crashes?"
    (tmp_path / "more.md").write_text("# Streets\n\nCycle lanes lower the number of crashes [@osei].\n")

    def first(**works: object) -> str:
        service_of(tmp_path, **works)  # type: ignore[arg-type]
        (tmp_path / "lanes.md").write_text("# Lanes\n\nCycle lanes lower the number of crashes [@reyes].\n")
        return open_service(SETTINGS, corpus=tmp_path).ask(question).answers[0].document

    assert first() == "lanes"
    assert first(reyes=RETRACTED) == "more"
    assert first(reyes=RETRACTED, osei=RETRACTED) == "lanes"
    assert first(reyes={"status": "reinstated", "checked": "2026-05"}) == "lanes"
