"""Sentences, and passages with stable ids."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.citations.marks import find_citations
from qa.citations.reference_index import ReferenceIndex
from qa.conditions import Vocabulary
from qa.corpus.documents import CorpusFile
from qa.indexing.ingest import annotate_document
from qa.indexing.passages import LONGEST_PASSAGE, PROSE, place_sentences, split_passages
from qa.indexing.placement import sentence_in_file
from qa.indexing.sections import divide
from qa.models import UNCITED, Condition, Passage, Provenance, Reading, Section, Sentence
from qa.readers.markdown import read_markdown
from qa.readers.plain import Plain, visible_words
from qa.readers.text import read_text

TEXT_READERS = {".txt": read_text, ".md": read_markdown}

VOCABULARY = Vocabulary([Condition("pain", "Pain"), Condition("asthma", "Asthma")])


def read(text: str, suffix: str = ".md", id: str = "d") -> tuple[Reading, list[Section], list[Sentence], list[Passage]]:
    plain = Plain(TEXT_READERS[suffix](text))
    reading = plain.file
    sections = divide(reading, VOCABULARY)
    found = place_sentences(id, plain, sections, find_citations(plain.reading, {})[0], VOCABULARY)
    sentences = [sentence_in_file(plain, sentence, UNCITED) for sentence in found]
    return reading, sections, sentences, split_passages(id, text, reading.blocks, sections, sentences)


def words_of(text: str, suffix: str = ".md") -> list[list[str]]:
    return [[text[s.start : s.end] for s in passage.sentences] for passage in read(text, suffix)[3]]


@pytest.mark.parametrize(
    "sentences",
    [
        ["One is so.(1)", "Two is so.(2)", "Three is so.(3,4)"],
        ["One is so. (1)", "Two is so. (2, 3)", "Three is so. (4)"],
        ["One is so. [1]", "Two is so. [2] [3]", "Three is so. [4]"],
        ["One is so.¹", "Two is so. ²˒³", "Three is so. ⁴"],
    ],
)
def test_citations_behind_the_full_stop_stay_with_their_sentence(sentences: list[str]) -> None:
    entries = "".join(f"{n}. Lee {'abcd'[n - 1]}. A title. J Tea. 200{n};1:2.\n" for n in range(1, 5))
    text = f"{' '.join(sentences)}\n\n# References\n\n{entries}"
    file = CorpusFile("a", "a.md", text.encode(), Provenance("A"), 1)
    document = annotate_document(file, Vocabulary(()), ReferenceIndex(())).document
    assert [text[s.start : s.end] for s in document.sentences] == sentences
    assert all(sentence.support.references for sentence in document.sentences)


CASES = {
    "a paragraph is a passage": (
        "One is so. Two is so.\n\nThree is so.",
        [["One is so.", "Two is so."], ["Three is so."]],
    ),
    "a lead-in is in no passage": ("One is so. These are known:\n\nTwo is so.", [["One is so."], ["Two is so."]]),
    "a colon inside a paragraph is not a lead-in": ("Note: one is so.", [["Note: one is so."]]),
    "a short list is one passage, without bullets": (
        "These help:\n\n- Rest helps.\n- Pills help.\n\nOne is so.",
        [["Rest helps.", "Pills help."], ["One is so."]],
    ),
    "a numbered list too": (
        "1. Rest helps. It is free.\n2. Pills help.",
        [["Rest helps.", "It is free.", "Pills help."]],
    ),
    "a lead-in within a list splits it": (
        "- Rest helps.\n- There are pills:\n    - Red ones.\n    - Blue ones.",
        [["Rest helps."], ["Red ones.", "Blue ones."]],
    ),
    "numbers and points alone state nothing": (
        "2.\n\nOne is so.\n\nIV.\n\n(a)\n\nTwo is so.\n\n- 3.",
        [["One is so."], ["Two is so."]],
    ),
    "nor do citations alone": ("One is so.\n\n[1] [2] [3]\n\nTwo is so.", [["One is so."], ["Two is so."]]),
    "a quotation without its marker": ("> One is so. Two is so.", [["One is so.", "Two is so."]]),
    "rows of a table, not the head": (
        "| What | Effect |\n|---|---|\n| Rest | 2.5 better. No harm. |\n| Pills | none |",
        [["Rest | 2.5 better. No harm.", "Pills | none"]],
    ),
    "bylines in italics are not claims": (
        "# Lanes\n\n*Evidence brief, Wound and Vascular Network, 2024*\n\nOne is so.\n\n_By A. Reyes_  \n_May 2024_",
        [["One is so."]],
    ),
    "nor in HTML": ('<p align="center"><em>By A. Reyes, 2024</em></p>\n\nOne is so.', [["One is so."]]),
    "but a sentence in italics is": ("*Do not use it in pregnancy.*", [["*Do not use it in pregnancy.*"]]),
    "and one that begins in italics": ("*Rest* helps some", [["*Rest* helps some"]]),
    "tags, entities and images alone are not sentences": (
        "<section>\n\nOne is so.\n\n</section>\n\n![Logo of us](a.png)\n\n&nbsp;\n\n<br>",
        [["One is so."]],
    ),
    "code and comments are not claims": ("```\nx = 1\n```\n\n<!-- later -->\n\nOne is so.", [["One is so."]]),
    "nor is the reference list": (
        "One is so.\n\n# References\n\n1. Lee A. Rest. J Rest. 2019;1:2-3.",
        [["One is so."]],
    ),
    "a heading separates passages": ("- Rest helps.\n\n# Pills\n\n- Pills help.", [["Rest helps."], ["Pills help."]]),
}


@pytest.mark.parametrize(("text", "expected"), CASES.values(), ids=CASES)
def test_passages(text: str, expected: list[list[str]]) -> None:
    assert words_of(text) == expected


def test_a_long_paragraph_is_split_at_sentence_ends() -> None:
    sentences = [f"Number {n} of these sentences has ten words in it." for n in range(30)]
    passages = words_of(" ".join(sentences))
    assert [sentence for passage in passages for sentence in passage] == sentences
    assert [len(passage) for passage in passages] == [10, 10, 10]


def test_every_part_of_a_long_table_has_the_head_of_that_table() -> None:
    rows = "".join(f"| Town number {n} | {n} |\n" for n in range(60))
    text = f"| Town | Injuries |\n|---|---|\n{rows}\n| Road | Length |\n|---|---|\n| Ring | 9 |\n\nOne is so."
    *parts, other, prose = read(text)[3]
    assert len(parts) > 1
    assert {part.head.text if part.head else None for part in parts} == {"Town | Injuries"}
    assert other.head is not None
    assert other.head.text == "Road | Length"
    assert prose.head is None


def test_a_sentence_is_never_split() -> None:
    text = "One " + "very " * 2 * LONGEST_PASSAGE + "long sentence. And a short one."
    assert [len(passage) for passage in words_of(text)] == [1, 1]


def test_a_passage_has_the_conditions_of_its_sentences_with_the_closest_basis() -> None:
    text = "# Asthma\n\nIt is common. Asthma is common.\n\nIt is rare. Pain is not.\n\nThey know:"
    passages = read(text)[3]
    assert [[(tag.id, tag.basis) for tag in passage.conditions] for passage in passages] == [
        [("asthma", "sentence")],
        [("asthma", "heading"), ("pain", "sentence")],
    ]
    assert read(text)[2][-1].conditions == ()  # lead-ins have none


# --- ids -----------------------------------------------------------------------------------------

PAGE = "# Asthma\n\nOne is so. Two is so.\n\nThree is so.\n\n# Pain\n\nOne is so. Two is so.\n\nThree is so.\n\nThree is so."


def ids_of(text: str, id: str = "d") -> tuple[list[str], list[str]]:
    _, _, sentences, passages = read(text, id=id)
    return [sentence.id for sentence in sentences], [passage.id for passage in passages]


def test_ids_are_unique() -> None:
    """Even for identical text, under the same heading or another."""
    sentences, passages = ids_of(PAGE)
    assert len(set(sentences)) == len(sentences) == 7
    assert len(set(passages)) == len(passages) == 5
    assert all(id.startswith("s-") and len(id) == 14 for id in sentences)
    assert all(id.startswith("p-") and len(id) == 18 for id in passages)


EDITS = [
    # (edit, numbers of the passages whose ids change)
    (lambda t: t, []),
    (lambda t: t.replace("Three is so.\n\n# Pain", "Three is not so.\n\n# Pain"), [1]),  # edited passage
    (lambda t: "Something new before it all.\n\n" + t, []),
    (lambda t: t + "\n\nFour is so.", []),
    (lambda t: t.replace("One is so. Two", "One is so.\nTwo"), []),  # rewrapped
    (lambda t: t.replace("# Pain", "# Back"), [2, 3, 4]),  # moved under another heading
]


@pytest.mark.parametrize(("edit", "changed"), EDITS)
def test_edits_elsewhere_do_not_change_ids(edit, changed: list[int]) -> None:
    before, after = ids_of(PAGE)[1], set(ids_of(edit(PAGE))[1])
    assert [number for number, id in enumerate(before) if id not in after] == changed


def test_ids_differ_between_documents() -> None:
    assert not set(ids_of(PAGE)[1]) & set(ids_of(PAGE, "another")[1])


# --- properties ----------------------------------------------------------------------------------

PIECES = ["One is so. ", "Two (see 3.5 mg/kg i.v.) is. ", "Lead:", "\n", "\n\n", "# Pain\n", "- ", "> ", "1. ", "| a | b |\n", "|---|---|\n",
          "(Lee et al., J Rest. 2019;1(2):3-4)", "[^1]", "\n[^1]: Note.\n", "```\n", "  ", "\r\n", "\ufeff", "é", "𝄞. ", "Asthma. "]  # fmt: skip


@given(st.sampled_from([".txt", ".md"]), st.one_of(st.lists(st.sampled_from(PIECES)).map("".join), st.text()))
def test_passages_are_verbatim_and_without_duplicates(suffix: str, text: str) -> None:
    """Passages quote the text, each claim is in exactly one of them, lead-ins are in none, and all prose is in a
    sentence except list, quotation and table markers."""
    reading, sections, sentences, passages = read(text, suffix)
    assert reading.text == text
    held = [sentence for passage in passages for sentence in passage.sentences]
    assert held == [sentence for sentence in sentences if sentence.kind == "claim"]
    assert len({sentence.id for sentence in sentences}) == len(sentences)
    for passage in passages:
        assert text[passage.start : passage.end] == passage.text
        assert (passage.start, passage.end) == (passage.sentences[0].start, passage.sentences[-1].end)
        assert {passage.path} == {sections[sentence.section].path for sentence in passage.sentences}
        head = passage.head
        assert head is None or (text[head.start : head.end] == head.text and head.end <= passage.start)
    end = 0
    for sentence in sentences:
        block = reading.blocks[sentence.block]
        assert end <= sentence.start < sentence.end
        assert block.start <= sentence.start
        assert sentence.end <= block.end
        assert text[sentence.start : sentence.end].strip() == text[sentence.start : sentence.end] != ""
        end = sentence.end
    for number, block in enumerate(reading.blocks):
        if block.kind in PROSE - {"table"}:
            inside = [text[s.start : s.end] for s in sentences if s.block == number]
            lost = letters(visible_words(reading, block)) - letters("".join(inside))
            assert lost <= 3  # "iv)" and the like at the start of an item


def letters(text: str) -> int:
    return sum(map(str.isalpha, text))


@given(st.lists(st.integers(1, 60), min_size=1, max_size=40))
def test_parts_have_similar_lengths(lengths: list[int]) -> None:
    """No part exceeds the limit by more than a sentence, and none is empty."""
    text = " ".join("One " + "word " * (length - 1) + "here." for length in lengths)
    passages = read(text, ".txt")[3]
    for passage in passages:
        assert passage.sentences
        assert len(passage.text.split()) <= LONGEST_PASSAGE + max(lengths) + 1
