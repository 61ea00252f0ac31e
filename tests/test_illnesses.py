"""Illnesses named in questions: every listed name is found, none is found where none is meant, and a page answers only
for those that it mentions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.answering.answer import answer
from qa.indexes import OpenIndex
from qa.indexing.publish import open_published
from qa.text.analysis import in_terms, occurs_in, passage_terms, read_lines
from qa.text.phrases import in_words, singular_form
from qa.understanding.illnesses import EVERYDAY, FILE, find_illnesses, names_in_line

key_of = partial(in_words, normalise=singular_form)

NAMED = [
    # (text, illnesses named, why)
    ("is the heat bad for my asthma", ["asthma"], "one"),
    ("cluster headaches and parkinsons", ["cluster headaches", "parkinsons"], "a plural, and a missing apostrophe"),
    ("type 2 diabetes", ["type 2 diabetes"], "the longest name"),
    ("haemorrhoids or hemorrhoids", ["haemorrhoids", "hemorrhoids"], "British and American"),
    ("do people with AIDS gain weight", ["AIDS"], "an abbreviation, in capitals"),
    ("what aids riders to feel safer", [], "a verb with the same letters"),
    ("first aid for cramp", [], "nor its singular"),
    ("WHAT AIDS RIDERS TO FEEL SAFER", [], "nor in a message that is all in capitals"),
    ("are there AIDs for hearing", [], "nor when only partly in capitals"),
    ("a depression in the kerb", [], "a common word"),
    ("is it luck or strokes of genius", [], "a common word"),
    ("does postnatal depression pass", ["postnatal depression"], "a common word made an illness by its context"),
    ("the piles of a bridge, and hives for bees", [], "common words"),
    ("roof shingles were fitted, the fit is tight", [], "common words, and in another tense"),
    ("do blockers delay puberty", [], "an action in the words of an illness"),
    ("which is the best disease control", [], "a phrase about diseases in general"),
    ("loneliness, nausea and back ache at night", [], "symptoms are not illnesses"),
    ("out in the cold with a burn", [], "common words"),
    ("", [], "nothing"),
]


@pytest.mark.parametrize(("text", "expected", "why"), NAMED)
def test_named_illnesses_are_found(text: str, expected: list[str], why: str) -> None:
    assert [text[illness.start : illness.end] for illness in find_illnesses(text)] == expected, why


@given(st.text(max_size=200))
def test_illnesses_are_in_text_order_and_do_not_overlap(text: str) -> None:
    end = 0
    for illness in find_illnesses(text):
        assert end <= illness.start < illness.end <= len(text)
        end = illness.end


def lines(*files: str) -> Iterator[list[str]]:
    for file in files:
        yield from (names_in_line(line)[0] for line in read_lines(file))


def test_every_name_is_found_in_a_question_and_in_a_passage() -> None:
    """Asked about by a name, an illness is recognised by the same name in a passage."""
    names = [name for line in lines(FILE, EVERYDAY) for name in line if not name.startswith("(")]
    assert len(names) > 6_000
    lost = []
    for name in names:
        asked, said = f"does it help with {name} at night?", passage_terms(f"It was given for {name} in two trials.")
        found = [illness for illness in find_illnesses(asked) if asked[illness.start : illness.end] == name]
        if not any(occurs_in(in_terms(each), said) for illness in found for each in illness.names):
            lost.append(name)
    assert lost == []


def test_no_line_mixes_two_illnesses() -> None:
    """Illnesses that the ontology distinguishes have separate lines, and no name is on two lines."""
    number = {key_of(name): n for n, line in enumerate(lines(FILE)) for name in line}
    mixed = [line for line in lines(EVERYDAY) if len({number[key] for key in map(key_of, line) if key in number}) > 1]
    assert mixed == []
    often = Counter(key for line in lines(EVERYDAY) for key in {key_of(n) for n in line if not n.startswith("(")})
    assert [key for key, times in often.items() if times > 1] == []


def test_no_line_mixes_two_illnesses_of_the_whole_ontology(data: Path) -> None:
    """Including those whose names are too long or too rare to ship."""
    entries = [orjson.loads(line) for line in (data / "vocab" / "doid.jsonl").read_bytes().splitlines()]
    of = {key_of(entry["name"]): entry["id"] for entry in entries}
    everyday = [{of[key] for key in map(key_of, line) if key in of} for line in lines(EVERYDAY)]
    assert max(map(len, everyday)) == 1
    assert [line for line, ids in zip(lines(EVERYDAY), everyday, strict=True) if len(ids) > 1] == []


def page(folder: Path, text: str) -> OpenIndex:
    (folder / "documents").mkdir()
    (folder / "documents" / "page.txt").write_text(text)
    (folder / "documents.toml").write_text('[[document]]\nfile = "page.txt"\ntitle = "Page"\n')
    return open_published(folder, "memory:")


SAID = [
    # (what the page is about, question, status or reason for abstaining, why)
    ("heart disease", "do statins prevent heart disease", "answered", "the page says so"),
    ("strokes", "do statins prevent ischaemic stroke", "answered|closest", "under a common word"),
    ("kidney stones", "do statins prevent kidney stones", "answered", "a plural"),
    ("an overactive bladder", "do statins prevent an overactive bladder", "answered", "an ending in e"),
    ("heart attacks", "do statins prevent myocardial infarction", "answered|closest", "another name"),
    ("heart failure", "do statins prevent heart disease", "answered|closest", "a kind of it"),
    ("hypothyroidism", "do statins prevent an underactive thyroid", "answered|closest", "the scholarly name"),
    ("hypothyroidism", "do statins prevent an overactive thyroid", "condition_not_covered", "its opposite"),
    (
        "lung cancer",
        "do statins prevent prostate cancer",
        "condition_not_covered",
        "a different illness of the same kind",
    ),
    ("measles", "do statins prevent chickenpox", "condition_not_covered", "a different illness of the same kind"),
    ("restless legs", "do statins prevent insomnia", "condition_not_covered", "a different illness of the same kind"),
    (
        "heart disease",
        "do statins prevent heart failure",
        "condition_not_covered",
        "the broader illness does not answer for a kind of it",
    ),
    ("asthma", "do statins prevent asthma or gout", "answered|closest", "one of two is answered, the other reported"),
]


def test_an_illness_not_mentioned_is_reported_by_its_full_name(tmp_path: Path) -> None:
    text = "Statins\n\nA 2020 trial of 90 adults found that statins prevent asthma. Statins were cheap.\n"
    result = answer("do statins prevent asthma or prostate cancer", page(tmp_path, text))
    assert result.missing == ("prostate cancer",)


@pytest.mark.parametrize(("about", "question", "expected", "why"), SAID)
def test_a_page_answers_only_for_illnesses_that_it_mentions(
    about: str, question: str, expected: str, why: str, tmp_path: Path
) -> None:
    """Without an owner's vocabulary."""
    said = f"A 2020 trial of 90 adults found that statins prevent {about}. Statins were cheap."
    result = answer(question, page(tmp_path, f"Statins\n\n{said}\n"))
    outcome = result.abstention.reason if result.abstention else result.status
    assert outcome in expected.split("|"), why
