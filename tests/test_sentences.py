"""Sentence boundaries. Each row is a list of sentences, joined by spaces: the text must be split into exactly these."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nltk.tokenize.punkt import PunktParameters, PunktSentenceTokenizer

from qa.models import Span
from qa.text.full_stops import FullStops
from qa.text.sentences import ABBREVIATIONS, LONGEST_CHUNK, split_sentences

CASES = [
    # an inline citation contains three full stops
    ["A trial (Grabski et al., Am J Psychiatry. 2022;179(2):152-162) of 96 people found more.", "A review agreed."],
    # abbreviations before a name, a number, a lower-case word
    ["Shen et al. reported it.", "The sample was small."],
    ["See Fig. 2 for details.", "See also Figs. 3 and 4, Tab. 1 and Eq. (5)."],
    ["Some drugs, e.g. naltrexone, may help.", "Others, i.e. disulfiram, may not."],
    # abbreviations that may also end a sentence: the next word decides
    ["The drug is not approved in the U.S.", "It is approved elsewhere."],
    ["It was run in the U.S. and the U.K. by one group.", "Ten sites took part."],
    # a unit after a number ends the sentence before any capital
    ["Cells were starved for 48 h.", "Receptor levels fell."],
    ["The infusion took 40 min.", "Vital signs were stable."],
    # a citation after the full stop belongs to the sentence before it
    ["Abstinence improved.[1]", "Craving did not change.[2][3]"],
    ["Abstinence improved. [1]", "Craving did not change. [2,3]", "Nothing else did."],
    ["Abstinence improved. [^1]", "Craving did not change. [@key2019]"],
    # a citation that is the subject of a sentence starts it
    ["Abstinence improved.", "[1] shows the same."],
    ["Abstinence improved.1,2", "Craving did not change.3"],
    ["Abstinence improved.¹˒²", "Craving did not change.³"],
    ["Abstinence improved.[^1]", "Craving did not change.[^2]"],
    # initials belong to a name, other single letters do not
    ["It was led by J. Krystal and E. M. Krupitsky in Boston.", "It closed early."],
    ["They were given vitamin D.", "The others were not."],
    # genus names
    ["E. coli was not detected.", "S. aureus was."],
    # no boundary within brackets, unless the brackets enclose a whole sentence
    ["Grade was low (see Suppl. Table 3. It lists all).", "Heterogeneity was high."],
    ["Patients improved (see below).", "(The converse was also true.)", "Controls did not."],
    # numbers
    ["The difference was significant (p<0.05).", "N = 96."],
    ["Doses were 0.2, 0.5 and 0.8 mg/kg.", "0.8 mg/kg was best."],
    # a mixed-case word may start a sentence
    ["HbA1c fell by 0.5%.", "mTOR signalling rose."],
    # a question, a quotation
    ["Was the effect durable?", "The authors say yes."],
    ['The authors wrote that "the odds were lower."', "This was the key finding."],
    # a lead-in is a sentence; the first document has one
    ["Evidence is promising.", "Key findings by condition:"],
    # a reference in running text is not split before its journal
    [
        "Lawn W, et al. Relapse prevention in alcohol disorder. Am J Psychiatry. 2022;179(2):152-162.",
        "It is registered.",
    ],
    # hard-wrapped lines
    ["One sentence goes on\nin the next line.", "Another begins."],
]


@pytest.mark.parametrize("sentences", CASES, ids=lambda sentences: sentences[0][:30])
def test_boundaries(sentences):
    text = " ".join(sentences)
    assert [text[a:b] for a, b in split_sentences(text, 0, len(text))] == sentences


def test_no_boundary_within_a_protected_span():
    text = "One (a. The b) two. The three."
    assert len(split_sentences("One a. The b two.", 0, 17)) == 2
    assert split_sentences("One a. The b two.", 0, 17, [Span(4, 12)]) == [Span(0, 17)]
    assert split_sentences(text, 0, len(text)) == [Span(0, 19), Span(20, 30)]


def test_offsets_count_from_the_start_of_the_text():
    text = "Heading\nFirst one. Second one.\nFoot"
    assert split_sentences(text, 8, 30) == [Span(8, 18), Span(19, 30)]


def test_a_block_longer_than_a_chunk_is_split_only_at_sentences():
    text = " ".join(["The trial of Dr. Lee had an effect on the odds."] * (3 * LONGEST_CHUNK // 40))
    assert {text[a:b] for a, b in split_sentences(text, 0, len(text))} == {text[:47]}


# Fragments that look like sentence ends, citations and brackets, which random characters hardly ever do.
PIECES = st.lists(
    st.sampled_from(
        [
            ". ",
            "! ",
            ".[1] ",
            ".1,2 ",
            "¹ ",
            "(",
            ")",
            "[",
            "]",
            "et al. ",
            "Am J. 2022;1:2",
            "5 h. ",
            "J. ",
            "The ",
            "\n",
            " ",
            "\u2028",
            "é",
            "word ",
            "\ufeff",
            "…",
            "e.g. ",
            "(Fig. 2)",
            "U.S. ",
            "3. ",
            ".5",
            ". . ",
            '." ',
            ".) ",
            "? ",
            "--",
            ",",
            "lower",
        ]
    )
    | st.text(max_size=5)
).map("".join)


@given(PIECES)
def test_every_non_blank_character_is_in_one_sentence_and_in_order(text):
    spans = split_sentences(text, 0, len(text))
    ends = [0] + [end for _, end in spans]
    starts = [start for start, _ in spans] + [len(text)]
    assert all(not text[end:start].strip() for end, start in zip(ends, starts, strict=True))
    assert all(text[a] == text[a:].lstrip()[0] and text[b - 1] == text[:b].rstrip()[-1] for a, b in spans)


@given(PIECES)
def test_full_stops_are_those_of_punkt(text):
    """Which full stops end a sentence, by the same rules but not by the same code."""
    text = text.translate(dict.fromkeys(range(0x1C, 0x20)))  # blanks for Python, but not for NLTK's patterns
    parameters = PunktParameters()
    parameters.abbrev_types = set(ABBREVIATIONS)
    expected = [start for start, _ in PunktSentenceTokenizer(parameters).span_tokenize(text) if start]
    assert FullStops(ABBREVIATIONS).starts(text) == expected


def test_first_document(data):
    gold = json.loads((data / "first-document" / "gold.json").read_text())
    text = (data / "first-document" / "document.txt").read_text()
    for sentence in gold["sentences"]:
        # One paragraph at a time, as a reader returns it.
        start = text.rfind("\n", 0, sentence["start"]) + 1
        end = text.find("\n", sentence["start"])
        found = split_sentences(text, start, len(text) if end < 0 else end)
        assert Span(sentence["start"], sentence["end"]) in found


def test_hard_lines(data):
    lines = (data / "citations" / "sentences" / "hard.txt").read_text().splitlines()
    cases = [line.split(" || ") for line in lines if line and not line.startswith("#")]
    wrong = []
    for sentences in cases:
        text = " ".join(sentences)
        if [text[a:b] for a, b in split_sentences(text, 0, len(text))] != sentences:
            wrong.append(text)
    assert len(wrong) <= 2, wrong
