"""Conditions found in a text, and those added by its heading."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.conditions import Vocabulary
from qa.models import Abbreviation, Basis, Condition, ConditionTag, Cued, Section


def abbreviations(*texts: str) -> tuple[Abbreviation, ...]:
    return tuple(Abbreviation(text) for text in texts)


CONDITIONS = [
    Condition("substance", "Substance use disorder", abbreviations=abbreviations("SUD"), names=("drug use disorder",)),
    Condition(
        "alcohol",
        "Alcohol use disorder",
        parent="substance",
        abbreviations=abbreviations("AUD", "EtOH use disorder"),
        names=("alcohol dependence", "alcoholic", "alcoholism"),
        asked_as=("alcohol", "booze", "the bottle", "spirits"),
        asked_as_with_cue=(Cued(("dry", "dried out"), ("drink", "stay")),),
    ),
    Condition(
        "cocaine",
        "Cocaine use disorder",
        parent="substance",
        abbreviations=(Abbreviation("CUD", ("cannabis",)),),
        asked_as=("cocaine", "coke"),
        asked_as_with_cue=(Cued(("snow",), ("sniff", "snort")),),
    ),
    Condition(
        "cannabis", "Cannabis use disorder", parent="substance", abbreviations=(Abbreviation("CUD", ("cocaine",)),)
    ),
    Condition("opioid", "Opioid use disorder", parent="substance", names=("opioid dependence", "opioid overdose")),
    Condition("heroin", "Heroin dependence", parent="opioid", asked_as=("heroin",)),
    Condition("withdrawal", "Alcohol withdrawal", parent="alcohol"),
    Condition("ideation", "Suicidal ideation", abbreviations=abbreviations("SI")),
    Condition("gambling", "Gambling disorder", abbreviations=abbreviations("GD", "PG")),
    Condition("overdose", "Overdose", abbreviations=abbreviations("OD")),
    Condition("shakes", "Delirium tremens", abbreviations=abbreviations("DTs")),
    Condition("ptsd", "Post-traumatic stress disorder", abbreviations=abbreviations("PTSD", "C-PTSD")),
    Condition("type1", "Type 1 diabetes", names=("diabetes type 1",)),
    Condition("type2", "Type 2 diabetes", names=("diabetes type 2",)),
    Condition("diabetes", "Diabetes"),
    Condition("tumour", "Brain tumour"),
    Condition("anaemia", "Anaemia"),
    Condition("psychosis", "Psychosis"),
    Condition("sjogren", "Sjögren's syndrome"),
    Condition("allergy", "Food allergy"),
    Condition("hiv", "HIV", names=("HIV infection",)),
]
VOCABULARY = Vocabulary(CONDITIONS)

FOUND = [
    # case, plural and hyphens do not matter
    ("Alcohol Use Disorder", ["alcohol"]),
    ("ALCOHOL USE DISORDERS ARE COMMON", ["alcohol"]),
    ("alcohol-use disorder", ["alcohol"]),
    ("treating post traumatic stress disorder", ["ptsd"]),
    ("posttraumatic stress disorder", ["ptsd"]),
    ("post‑traumatic stress disorder", ["ptsd"]),  # non-breaking hyphen
    ("food allergies", ["allergy"]),
    ("psychoses", ["psychosis"]),
    ("alcohol-dependent adults", ["alcohol"]),  # dependent, dependence
    # spelling, accents, possessives
    ("a brain tumor", ["tumour"]),
    ("anemia", ["anaemia"]),
    ("Sjogren syndrome", ["sjogren"]),
    ("Sjo\u0308gren’s syndrome", ["sjogren"]),  # combining accent
    # Markdown emphasis and a wrapped line do not end a name; a paragraph does
    ("**alcohol** use\ndisorder", ["alcohol"]),
    ("alcohol\n\nuse disorder", []),
    # whole words
    ("nonalcoholic beer", []),
    ("non-alcoholic fatty liver", []),
    ("alcohols use disordered", []),
    ("alcohol, use disorder", []),
    # the longest name wins: no "diabetes" inside "type 2 diabetes"
    ("type 2 diabetes", ["type2"]),
    ("diabetes of type 9", ["diabetes"]),
    # names that share words
    ("alcohol and cocaine use disorders", ["alcohol", "cocaine"]),
    ("alcohol, opioid, and cocaine use disorders", ["alcohol", "opioid", "cocaine"]),
    ("alcohol/opioid use disorder", ["alcohol", "opioid"]),
    ("opioid or alcohol dependence", ["opioid", "alcohol"]),
    ("heroin and alcohol dependence", ["heroin", "alcohol"]),
    ("alcohol dependence or withdrawal", ["alcohol", "withdrawal"]),
    ("type 1 or 2 diabetes", ["type1", "type2"]),
    ("diabetes type 1 and 2", ["type1", "type2"]),
    # but not every word next to "and" does
    ("people who drink alcohol and have opioid dependence", ["opioid"]),
    ("sugar and cocaine use disorder", ["cocaine"]),
    # abbreviations are case-sensitive
    ("with AUD", ["alcohol"]),
    ("several SUDs", ["substance"]),
    ("si od gd", []),
    ("in SI, OD and GD", ["ideation", "overdose", "gambling"]),
    ("DTs", ["shakes"]),
    ("EtOH use disorder", ["alcohol"]),
    ("ETOH use disorder", []),
    ("C-PTSD", ["ptsd"]),
    ("hiv infections", ["hiv"]),
    ("HIV", ["hiv"]),
    # an ambiguous abbreviation names no condition
    ("CUD", []),
    # words that count only in questions
    ("alcohol and the bottle", []),
    ("snow that people snort", []),
]

ASKED = [
    ("does it help with booze", ["alcohol"]),
    ("cocaine or alcohol?", ["cocaine", "alcohol"]),
    ("snow", []),
    ("the snow i sniff", ["cocaine"]),
    ("stay dry", ["alcohol"]),
    ("dried out, but i drink", ["alcohol"]),
    ("dry dry dry", []),  # a word is not its own cue
    ("spirits", ["alcohol"]),
    ("in good spirit", []),  # a plural name does not match its singular
    ("heroin", ["heroin"]),
    ("what about CUD", []),
]


def ids(text: str, vocabulary: Vocabulary = VOCABULARY, *, asking: bool = False) -> list[str]:
    return [mention.id for mention in vocabulary.find(text, asking=asking)]


@pytest.mark.parametrize(("text", "expected"), FOUND)
def test_find(text: str, expected: list[str]) -> None:
    assert ids(text) == expected


@pytest.mark.parametrize(("text", "expected"), ASKED)
def test_find_in_a_question(text: str, expected: list[str]) -> None:
    assert ids(text, asking=True) == expected


def test_offsets_of_mentions() -> None:
    text = "For alcohol and cocaine use disorders."
    assert [text[m.start : m.end] for m in VOCABULARY.find(text)] == ["alcohol", "cocaine use disorders"]


# --- abbreviations defined in the text -----------------------------------------------------------

LEARNED = [
    # which of its two meanings
    ("Cocaine Use Disorder (CUD). CUD is common.", ["cocaine", "cocaine", "cocaine"]),
    ("CUD (cannabis use disorder) is common.", ["cannabis", "cannabis"]),
    ("CUD = cannabis use disorder\n\nCUD", ["cannabis", "cannabis", "cannabis"]),
    ("Adults with alcohol dependence (ALD); ALDs", ["alcohol", "alcohol", "alcohol"]),
    # a meaning that differs from the vocabulary's
    ("Supporting information (SI) is online. See SI.", []),
    ("General Development (GD) of GD", []),
    # defined with two meanings
    ("Cocaine use disorder (CUD) and cannabis use disorder (CUD). CUD", ["cocaine", "cannabis"]),
    # not a definition: something else in brackets
    ("Alcohol use disorder (in adults), CUD", ["alcohol"]),
    # a definition that is not an acronym does not replace the vocabulary's
    ("alcohol use disorders, including dependence (AUD). AUD", ["alcohol", "alcohol", "alcohol"]),
]


@pytest.mark.parametrize(("text", "expected"), LEARNED)
def test_learn(text: str, expected: list[str]) -> None:
    assert ids(text, VOCABULARY.learn(text)) == expected


def test_definitions_of_one_text_do_not_apply_to_others() -> None:
    VOCABULARY.learn("Cannabis use disorder (CUD)")
    assert ids("CUD") == []


# --- headings ------------------------------------------------------------------------------------

TAGGED = [
    # heading, sentence, tags
    ("Alcohol use disorder", "Craving fell.", [("alcohol", "heading")]),
    ("Alcohol use disorder", "AUD is common.", [("alcohol", "sentence")]),
    # a narrower condition keeps the heading's
    ("Opioid use disorder", "Heroin dependence fell.", [("heroin", "sentence"), ("opioid", "heading")]),
    # another or a broader condition drops it
    ("Cocaine use disorder", "Alcohol dependence fell.", [("alcohol", "sentence")]),
    (
        "Cocaine use disorder",
        "Of alcohol and cocaine use disorders.",
        [("alcohol", "sentence"), ("cocaine", "sentence")],
    ),
    ("Cocaine use disorder", "All substance use disorders.", [("substance", "sentence")]),
    ("Cocaine use disorder", "Cocaine use disorder and HIV.", [("cocaine", "sentence"), ("hiv", "sentence")]),
    # a heading with two conditions: a sentence that names one is not about the other
    ("Alcohol and opioid use disorders", "Both fell.", [("alcohol", "heading"), ("opioid", "heading")]),
    ("Alcohol and opioid use disorders", "AUD fell.", [("alcohol", "sentence")]),
    ("Alcohol and opioid use disorders", "Heroin dependence.", [("heroin", "sentence"), ("opioid", "heading")]),
    # no heading, no tag
    ("", "Craving fell.", []),
    ("", "AUD fell.", [("alcohol", "sentence")]),
]


@pytest.mark.parametrize(("heading", "sentence", "expected"), TAGGED)
def test_tag(heading: str, sentence: str, expected: list[tuple[str, Basis]]) -> None:
    above = tuple(ConditionTag(mention.id, "heading") for mention in VOCABULARY.find(heading))
    section = Section((heading,), 0, 0, None, above)
    assert [(tag.id, tag.basis) for tag in VOCABULARY.tag(sentence, section)] == expected


# --- the hierarchy -------------------------------------------------------------------------------


def test_hierarchy() -> None:
    assert VOCABULARY.ancestors("heroin") == ("opioid", "substance")
    assert VOCABULARY.descendants("alcohol") == {"withdrawal"}
    assert VOCABULARY.descendants("substance") >= {"alcohol", "withdrawal", "heroin"}
    assert VOCABULARY.ancestors("substance") == ()


@pytest.mark.parametrize(
    ("tags", "asked", "relation"),
    [
        ({"alcohol"}, "alcohol", "exact"),
        ({"alcohol", "substance"}, "alcohol", "exact"),
        ({"heroin"}, "opioid", "descendant"),
        ({"substance"}, "heroin", "ancestor"),
        ({"cocaine"}, "alcohol", None),
        (set(), "alcohol", None),
    ],
)
def test_how_tags_relate_to_a_condition(tags: set[str], asked: str, relation: str | None) -> None:
    assert VOCABULARY.relation_of(tags, asked) == relation


def test_a_cycle_of_parents_ends() -> None:
    circle = Vocabulary([Condition("a", "A one", parent="b"), Condition("b", "B one", parent="a")])
    assert circle.ancestors("a") == ("b",)


# --- promises ------------------------------------------------------------------------------------

WORDS = ["alcohol", "Alcohol", "use", "disorder", "disorders", "and", ",", "or", "-", "cocaine", "CUD", "AUD", "(", ")",
         "type", "1", "2", "diabetes", "dependence", "non", "snow", "sniff", "\n\n", "’s", "ö", "**"]  # fmt: skip


@given(
    st.one_of(st.text(), st.lists(st.sampled_from(WORDS)).map(" ".join), st.lists(st.sampled_from(WORDS)).map("".join))
)
def test_any_text(text: str) -> None:
    """Mentions are within the text, in order, and start at a word; what is found in a document is found in a question."""
    vocabulary = VOCABULARY.learn(text)
    found = vocabulary.find(text)
    for mention in found:
        assert 0 <= mention.start < mention.end <= len(text)
        assert text[mention.start].isalnum()
        assert mention.id in vocabulary.conditions
    assert found == sorted(found, key=lambda mention: (mention.start, mention.end))
    assert {mention.id for mention in found} <= {mention.id for mention in vocabulary.find(text, asking=True)} | {
        "diabetes"
    }


def test_a_large_vocabulary() -> None:
    """In a vocabulary of ten thousand conditions, exactly the named ones are found."""
    many = [Condition(f"c{n}", f"Disease {n} of the liver", names=(f"liver disease {n}",)) for n in range(10_000)]
    vocabulary = Vocabulary(many)
    assert ids("Between disease 17 of the liver and liver diseases 9999", vocabulary) == ["c17", "c9999"]
