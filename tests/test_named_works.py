"""Questions that name a work by its author or year are answered only by sentences which that work supports."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa.answering.answer import answer
from qa.answering.options import Options
from qa.indexes import OpenIndex
from qa.indexing.publish import open_published

PAGE = """# Walking after a fall

A brown bandage may help young people.

In a trial of 90 adults, walking daily cut falls by a third [1]. The trial also found that it improved sleep.

Walking daily did not improve sleep in a second trial [2]. A 2021 survey of 400 adults found that most liked walking
daily.

Walking daily improved mood in older adults [3].

Walking daily also lowered blood pressure [4].

## References

1. Dakwarez N, Lindq P. Daily walking and falls. J Walk. 2019;1(2):3-9.
2. Brown A, Young C. Walking and sleep. J Walk. 2022;4(1):10-15.
3. May T, Sleepp R. Walking and mood in later life. J Walk. 2016;2(1):5-8.
4. Ownerby Q. Walking and blood pressure. J Walk. 2017;3(1):11-19.
"""

FALLS = "In a trial of 90 adults"
SLEEP = "The trial also"
SECOND = "Walking daily did not improve sleep"
SURVEY = "A 2021 survey"
MOOD = "Walking daily improved mood"
NONE = "No passage was found"
EVERY = frozenset((FALLS, SLEEP, SECOND, SURVEY, MOOD, "Walking daily also lowered", "A brown bandage"))


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> OpenIndex:
    folder: Path = tmp_path_factory.mktemp("page")
    (folder / "documents").mkdir()
    (folder / "documents" / "page.md").write_text(PAGE)
    (folder / "documents.toml").write_text(
        '[[document]]\nfile = "page.md"\ntitle = "Walking, a summary by Ownerby"\ndate = "2017"\n'
    )
    return open_published(folder, "memory:")


NAMED = [
    # (question, the only sentences that may answer, why)
    ("What did Dakwarez find about walking daily and falls?", {FALLS, SLEEP}, "an author"),
    ("What did Dakwarez find about sleep?", {SLEEP}, "the sentence that inherits the work answers, not the other work's"),
    ("does sleep improve in the Dakwarez trial", {SLEEP}, "a trial by its author"),
    ("what did dakwarez find about sleep", {SLEEP}, "small letters, where only an author can be meant"),
    ("what did Lindq report about walking daily", {FALLS, SLEEP}, "an author who is not the first"),
    ("Dakwarez et al. 2019: walking daily", {FALLS, SLEEP}, "author and year"),
    ("What did Brown et al. find about walking daily?", {SECOND}, "an ordinary word followed by et al."),
    ("Did Brown report that walking daily improved sleep?", {SECOND}, "an ordinary word that reports something"),
    ("Young and colleagues on walking daily", {SECOND}, "at the beginning too, with colleagues"),
    ("What did May (2016) find about walking daily?", {MOOD}, "a month, with a year"),
    ("What did Sleepp report about mood?", {MOOD}, "a name is not corrected to a word that is nearly the same"),
    ("What did the 2022 trial find about walking daily?", {SECOND}, "a trial by its year"),
    ("walking daily in the 2021 survey", {SURVEY}, "a work without reference, by what the sentence calls it"),
    ("What did Dakwarez find about mood in older adults?", {FALLS, SLEEP}, "never another work's finding"),
    ("What did Dakwarez 2022 find about walking daily?", set(), "no work of this author is from that year"),
]  # fmt: skip


@pytest.mark.parametrize(("question", "only", "why"), NAMED)
def test_only_sentences_of_the_work_named_answer(question: str, only: set[str], why: str, page: OpenIndex) -> None:
    found = marked(question, page)
    assert found <= only, why
    assert bool(found) == bool(only), why


FREE = [
    # (question, why no work is named)
    ("does walking daily help young people sleep", "an ordinary word in small letters"),
    ("Young people and walking daily: does it improve sleep?", "an ordinary word at the beginning"),
    ("May walking daily improve sleep?", "nor is a verb an author"),
    ("Brown bandages, walking daily and sleep", "nor a colour"),
    ("apart from Dakwarez, what is known of walking daily and sleep", "a work that is set aside"),
    ("walking daily and sleep since 2022", "a year without a kind of work"),
    ("in 2022, did the trials find that walking daily improved sleep", "a year that belongs to nothing"),
    ("What does Ownerby say about walking daily and sleep?", "the author of the document, who is also cited in it"),
    ("walking daily and sleep in the 2017 review", "the year of the document"),
]


@pytest.mark.parametrize(("question", "why"), FREE)
def test_other_words_name_no_work(question: str, why: str, page: OpenIndex) -> None:
    assert len({hit.id for hit in answer(question, page).answers}) > 1, why


def test_a_work_that_supports_nothing_asked_about_is_named_in_the_refusal(page: OpenIndex) -> None:
    result = answer("What did Dakwarez 2022 find about walking daily?", page)
    assert result.abstention
    assert result.abstention.message.startswith(NONE)
    assert "Dakwarez 2022" in result.abstention.message


def test_as_written_names_no_work(page: OpenIndex) -> None:
    assert SECOND in marked("Dakwarez sleep walking daily", page, as_written=True)


def marked(question: str, index: OpenIndex, *, as_written: bool = False) -> set[str]:
    """The beginnings of all answering sentences."""
    result = answer(question, index, Options(as_written=as_written))
    texts = [hit.text[s.start : s.end] for hit in result.answers for s in hit.sentences if s.answers]
    return {beginning for text in texts for beginning in EVERY if text.startswith(beginning)}
