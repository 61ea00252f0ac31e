"""Questions that ask what something is, and findings that are disputed."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa.answering.answer import answer
from qa.answering.options import Options
from qa.indexing.publish import open_published
from qa.retrieval.definitions import asked_definition, defines

ASKED = [
    # (question, what is to be defined, why)
    ("What is a pied de cuve?", "pied de cuve", "an article"),
    ("whats sleep apnoea", "sleep apnoea", "without an apostrophe"),
    ("So what are transceivers exactly?", "transceivers", "words around it"),
    ("What does OGTT stand for?", "OGTT", "an abbreviation"),
    ("what is meant by staffless opening", "staffless opening", "meant by"),
    ("What is the best way to keep concrete bridge decks from cracking?", None, "more than a definition"),
    ("Is it safe?", None, "another question"),
]


@pytest.mark.parametrize(("question", "what", "why"), ASKED)
def test_what_is_to_be_defined(question: str, what: str | None, why: str) -> None:
    assert asked_definition(question) == what, why


SAYS = [
    # (sentence, what, whether it says what that is, why)
    ("A pied de cuve is a starter made of early grapes.", "pied de cuve", True, "is"),
    ("Obstructive sleep apnoea (OSA) is a disorder of breathing.", "obstructive sleep apnoea", True, "an abbreviation"),
    ("Transceivers are small radios.", "transceiver", True, "another form"),
    ("Enriched air, also called nitrox, is air with more oxygen.", "enriched air", True, "another name"),
    ("The transceiver was switched off.", "transceiver", False, "something that happened"),
    ("Users of a transceiver are faster.", "transceiver", False, "about somebody else"),
]


@pytest.mark.parametrize(("sentence", "what", "says", "why"), SAYS)
def test_a_sentence_says_what_something_is(sentence: str, what: str, says: bool, why: str) -> None:
    assert defines(sentence, what) is says, why


def test_the_definition_comes_first(tmp_path: Path) -> None:
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "a.md").write_text(
        "# Gear\n\n## Use\n\nTransceiver training with a transceiver halves the time to find a transceiver.\n\n"
        "## Terms\n\nA transceiver is a small radio, worn against the body.\n\n## Care\n\nA transceiver needs batteries.\n"
    )
    (tmp_path / "documents.toml").write_text('[[document]]\nfile = "a.md"\ntitle = "Gear"\n')
    first, *_ = answer("what is a transceiver?", open_published(tmp_path, "memory:"), Options(explain=True)).answers
    assert first.text == "A transceiver is a small radio, worn against the body."
    assert "definition" in {each.kind for each in first.why}


DISPUTED = """# Lanes

## Injuries

Protected lanes cut injuries by a third (Reyes, 2019).

## Other results

In a later study, protected lanes cut injuries by a tenth (Okoro, 2021).
"""
NOTE = """[[note]]
document = "a"
sentence = "Protected lanes cut injuries by a third (Reyes, 2019)."
status = "{status}"
text = "The study found a tenth."
date = 2026-01-01
"""
STATUSES = [
    # (status of the note on the first finding, retraction of its work, which comes first, why)
    ("agrees", "none found", "Protected lanes cut injuries by a third", "nothing is disputed"),
    ("partly", "none found", "Protected lanes cut injuries by a third", "nor when it agrees in part"),
    ("contradicted", "none found", "In a later study", "a reviewer says that its source says otherwise"),
    ("agrees", "retracted", "In a later study", "its work is retracted"),
]


@pytest.mark.parametrize(("status", "retraction", "first", "why"), STATUSES)
def test_a_disputed_finding_does_not_come_first_while_another_answers_as_well(
    status: str, retraction: str, first: str, why: str, tmp_path: Path
) -> None:
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "a.md").write_text(DISPUTED)
    (tmp_path / "documents.toml").write_text('[[document]]\nfile = "a.md"\ntitle = "Lanes"\n')
    (tmp_path / "notes.toml").write_text(NOTE.format(status=status))
    works = ", ".join(
        f'{{"id": "{name}{year}", "type": "article-journal", "title": "Lanes", "author": [{{"family": "{name}"}}], '
        f'"issued": {{"date-parts": [[{year}]]}}, "custom": {{"retraction": {{"status": "{state}", '
        '"checked": "2026-01-01"}}}'
        for name, year, state in (("Reyes", 2019, retraction), ("Okoro", 2021, "none found"))
    )
    (tmp_path / "references.json").write_text(f"[{works}]")
    hits = answer("do protected lanes cut injuries?", open_published(tmp_path, "memory:")).answers
    assert hits[0].text.startswith(first), why
    assert len(hits) == 2, "the disputed one is still shown, with its note"
