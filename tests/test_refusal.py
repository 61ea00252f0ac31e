"""What a refusal says: it is true, uses the asker's words, and claims certainty only where there is any."""

from __future__ import annotations

import re
from pathlib import Path

import orjson
import pytest

from qa.answering.answer import answer
from qa.indexes import OpenIndex
from qa.indexing.publish import open_published
from qa.text.analysis import Statistics
from qa.understanding.mentions import Mentions, forms_in
from testkit.corpora import SHIPPED, shipped

PAGE = """Sleep

Melatonin was tested in three trials, and none of them looked at haemorrhages.

A 2020 trial of 90 children found that melatonin makes them fall asleep 30 minutes sooner. Effects on puberty have not
been studied in a controlled trial. Psoriatic children were left out.
"""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> OpenIndex:
    """One document and nothing else: no conditions, no lists."""
    folder: Path = tmp_path_factory.mktemp("page")
    (folder / "documents").mkdir()
    (folder / "documents" / "page.txt").write_text(PAGE)
    (folder / "documents.toml").write_text('[[document]]\nfile = "page.txt"\ntitle = "Melatonin for jet lag"\n')
    return open_published(folder, "memory:")


MENTIONED = [
    # (name, whether the page may mention it, why)
    ("migraine", False, "it does not"),
    ("puberty", True, "it does"),
    ("delayed puberty", False, "one of two words is nowhere"),
    ("Pubertal", True, "in another form"),
    ("psoriasis", True, "in another form, whose stem is another"),
    ("hemorrhage", True, "in another spelling"),
    ("jet lag", True, "in the title"),
    ("melatonin trials", True, "separate words may be the name in another order"),
    ("with it", True, "of stop words nothing is known"),
]


@pytest.mark.parametrize(("name", "may", "why"), MENTIONED)
def test_what_the_documents_may_mention(name: str, may: bool, why: str) -> None:
    mentions = Mentions(forms_in([PAGE, "Melatonin for jet lag"]), frozenset(), Statistics(0, 0.0, {}))
    assert mentions.may_have(name) is may, why


SAID = [
    # (question, what the refusal says, why)
    ("does melatonin help with migraine", "The documents do not mention “migraine”.", "certain"),
    ("does melatonin help with psoriasis", "No passage was found on “psoriasis”.", "the documents have psoriatic"),
    ("does melatonin help with asthma or gout", "The documents do not mention “asthma” or “gout”.", "two"),
    (
        "does it help with psoriasis or gout",
        "No passage was found on “psoriasis” or “gout”.",
        "one of two may be there",
    ),
    (
        "does valproate stop nightmares",
        "The documents do not mention “valproate”. The documents are about melatonin.",
        "a treatment",
    ),
    (
        "zebra crossings and lollipop men in rainy weather",
        "No passage was found that is close to this question. Not found in the closest passage: “zebra crossings”, "
        "“lollipop men” and “rainy weather”.",
        "neighbours as they were asked",
    ),
]


@pytest.mark.parametrize(("question", "message", "why"), SAID)
def test_what_a_refusal_says(question: str, message: str, why: str, page: OpenIndex) -> None:
    result = answer(question, page)
    assert result.abstention, why
    assert result.abstention.message == message, why


def test_what_is_done_is_not_called_a_condition(page: OpenIndex) -> None:
    """On a corpus without conditions the words are looked for, and they are there."""
    result = answer("Does melatonin delay puberty?", page)
    assert result.answers
    assert "Effects on puberty" in result.answers[0].text


def test_a_feeling_is_not_called_a_condition(page: OpenIndex) -> None:
    result = answer("does melatonin help with loneliness and nausea", page)
    assert not result.abstention or result.abstention.reason != "condition_not_covered"


def test_what_is_asked_about_and_not_shown_is_told_as_it_was_written() -> None:
    assert "Should I stop taking" in answer("Should I stop taking it?", shipped()).missing


def test_a_condition_is_named_in_the_askers_words_and_the_owners_everyday_word() -> None:
    result = answer("does it help with crystal meth", shipped())
    assert result.abstention
    assert "“crystal meth” (amphetamines)" in result.abstention.message


def test_words_that_say_nothing_are_not_told_as_missing() -> None:
    result = answer("will it get my husband off peyote buttons", shipped())
    assert result.abstention
    assert not {"get", "husband"} & set(re.findall(r"\w+", result.abstention.message))


def test_degrees_are_not_told_as_missing(page: OpenIndex) -> None:
    result = answer("does melatonin give children fewer nightmares", page)
    assert "nightmares" in result.missing
    assert "fewer" not in result.missing


def test_what_is_said_not_to_be_mentioned_occurs_nowhere() -> None:
    """Of all questions that are refused on the shipped corpus."""
    texts = " ".join(document.text for document in shipped().documents()).casefold()
    questions = [orjson.loads(line)["question"] for line in (SHIPPED / "questions.jsonl").read_bytes().splitlines()]
    messages = [a.message for a in (answer(q, shipped()).abstention for q in questions) if a]
    denied = [m for m in messages if m.startswith("The documents do not mention")]
    assert len(denied) > 10
    names = [name for m in denied for name in re.findall("“([^”]+)”", m.partition(".")[0])]
    assert [name for name in names if name.casefold() in texts] == []
    assert not any("say nothing" in m or "Below" in m for m in messages)
