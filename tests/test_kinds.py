"""A treatment counts as covered only by its own names. Passages on what it is a kind of ("opioids" for codeine) may be
shown, and the treatment is then always named as missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa.answering.answer import answer
from qa.indexes import OpenIndex
from qa.indexing.publish import open_published

PAGE = """Back pain

Opioids gave adults with back pain no relief in a 2023 trial of 347 adults, and constipation was common. Opioids cost 20
euros a month.

Ibuprofen brought relief within a week in two trials.

Walking is advised for most adults with back pain.
"""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> OpenIndex:
    folder: Path = tmp_path_factory.mktemp("page")
    (folder / "documents").mkdir()
    (folder / "documents" / "page.txt").write_text(PAGE)
    (folder / "documents.toml").write_text('[[document]]\nfile = "page.txt"\ntitle = "Back pain"\n')
    return open_published(folder, "memory:")


NOT_COVERED = [
    # (question, status, treatments named as missing, why)
    ("does codeine relieve back pain", "answered|closest", {"codeine"}, "the page has opioids only"),
    ("codeine", "answered|closest", {"codeine"}, "by itself"),
    ("does codeine or ibuprofen bring relief", "answered|closest", {"codeine"}, "the other treatment is covered"),
    ("codeine and morphine for back pain relief", "answered|closest", {"codeine", "morphine"}, "both are opioids"),
    ("what does codeine cost", "answered|closest", {"codeine"}, "the price is that of opioids"),
    ("does codeine bring relief, and is walking advised?", "answered|closest", {"codeine"}, "one of two questions"),
    (
        "Opioids gave no relief in back pain, what about codeine",
        "answered|closest",
        {"codeine"},
        "the kind is named too",
    ),
    ("side effects of codeine: constipation", "answered|closest", {"codeine"}, "constipation is there"),
    ("does naproxen bring relief", "abstained", {"naproxen"}, "nor does the page have what it is a kind of"),
    ("do opioids relieve back pain", "answered|closest", set(), "the kind itself is covered"),
    (
        "is walking advised instead of codeine",
        "answered|closest",
        set(),
        "a treatment that is set aside is not asked about",
    ),
]


@pytest.mark.parametrize(("question", "status", "missing", "why"), NOT_COVERED)
def test_a_treatment_is_not_covered_by_its_kind(
    question: str, status: str, missing: set[str], why: str, page: OpenIndex
) -> None:
    result = answer(question, page)
    assert result.status in status.split("|"), why
    assert {each.asked_as for each in result.interpretation.interventions if not each.covered} == missing, why
    assert missing <= set(result.missing), why
