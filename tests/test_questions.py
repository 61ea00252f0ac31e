"""How questions are understood: what of a message asks, aspects, treatments, other words, language. Tables of cases,
each with why it is there; the vocabularies are those that ship."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.models import Aspect, Condition, Intervention
from qa.text.analysis import form_of
from qa.text.language import foreign_language
from qa.text.phrases import Phrases, bare
from qa.understanding.aspects import Aspects, compiled
from qa.understanding.expansion import Synonyms
from qa.understanding.interventions import MARK, is_drug, names_of_both
from qa.understanding.segmentation import find_questions
from qa.understanding.shipped import aspects, interventions, synonyms

SHIPPED = Aspects(aspects())
QUESTIONS = Path(__file__).parent / "data" / "questions"
PAGES = Path(__file__).parent / "data" / "pages"

FOCUS = [
    # (message, what of it asks, why)
    ("off-label?", ["off-label?"], "a question of one word"),
    ("cocaine craving scores", ["cocaine craving scores"], "keywords: all of it"),
    ("My son drinks. He is 30. Does it help?", ["Does it help?"], "told before, in sentences"),
    ("my uncle has been on heroin for years, does it help", ["does it help"], "told before, in the same sentence"),
    ("with alcohol, does it help", ["with alcohol, does it help"], "a few words before belong to the question"),
    ("In adults with chronic migraine, does topiramate help?", ["In adults with chronic migraine, does topiramate help?"],
     "for whom: no telling of a person"),
    ("With respect to X in older people, what is the effect of Y?",
     ["With respect to X in older people, what is the effect of Y?"], "the outcome asked about"),
    ("Regarding pain scores at 24 hours, is ketamine better?", ["Regarding pain scores at 24 hours, is ketamine better?"],
     "what is compared"),
    ("Across the pooled alcohol studies, did therapy matter, and did it do any lasting harm?",
     ["Across the pooled alcohol studies, did therapy matter, and", "did it do any lasting harm?"], "the second by itself"),
    ("Does it help with drink, and does it help with coke?", ["Does it help with drink, and", "does it help with coke?"],
     "two questions in a sentence"),
    ("Is it a drip or is it a tablet?", ["Is it a drip or is it a tablet?"], "alternatives are one question"),
    ("side effects? will it hurt my bladder", ["side effects?", "will it hurt my bladder"], "the second without mark"),
    ("How many studies did Shen et al. include?", ["How many studies did Shen et al. include?"], "no stop: et al."),
]  # fmt: skip


@pytest.mark.parametrize(("message", "asked", "why"), FOCUS)
def test_what_asks(message: str, asked: list[str], why: str) -> None:
    assert [message[start:end].strip() for start, end in find_questions(message)] == asked, why


@given(st.text(max_size=300))
def test_what_asks_lies_in_the_message_in_order(message: str) -> None:
    spans = find_questions(message)
    assert spans
    places = [place for span in spans for place in span]
    assert places == sorted(places)
    assert 0 <= places[0] <= places[-1] <= len(message)


BARE = [
    # (words that are one, why)
    (("infusion", "infusions"), "plural"),
    (("crave", "craving", "cravings", "craved"), "tense, plural of it, final e"),
    (("study", "studies"), "-ies"),
    (("stop", "stopping", "stopped"), "doubled consonant"),
    (("randomised", "randomized"), "British and American"),
]


@pytest.mark.parametrize(("words", "why"), BARE)
def test_one_word_for_phrases(words: tuple[str, ...], why: str) -> None:
    assert len({bare(form_of(word)) for word in words}) == 1, why


@pytest.mark.parametrize(
    ("one", "other"),
    [("definite", "definition"), ("author", "authority"), ("use", "us"), ("lens", "less"), ("care", "car")],
)
def test_different_words_for_phrases(one: str, other: str) -> None:
    assert bare(one) != bare(other)


def test_phrases_are_found_within_longer_ones() -> None:
    phrases = Phrases([("side effect", "safety"), ("effect", "effect"), ("side effect", "harm")])
    found = [(phrase.value, phrase.words) for phrase in phrases.find("Any side-effects?")]
    assert sorted(found) == [("effect", 1), ("harm", 2), ("safety", 2)]


ASKED = [
    # (question, aspects it must ask about, aspects it must not, why)
    ("is it expensive", {"cost"}, {"price"}, "a cue"),
    ("what does it cost", {"price"}, {"cost"}, "a sum of money is asked for, and that is a narrower thing"),
    ("what is the price of that", {"price"}, {"cost"}, "by its name"),
    ("is it expensive at street price", {"cost"}, {"price"}, "a cue within another's longer one takes nothing away"),
    ("how much do installers earn", {"number"}, set(), "no degree"),
    ("how much did it help", set(), {"number"}, "a degree"),
    ("how much do they give you", {"dose"}, {"cost", "price"}, "a pattern; how much is no price here"),
    ("how much does it reduce craving", {"craving"}, {"cost", "price"}, "... nor here"),
    ("what does the review say about cost", {"cost"}, {"price"}, "what is said is asked"),
    ("how much does the injection cost", {"price"}, {"dose", "cost"}, "... and here no dose"),
    ("side effects", {"safety"}, {"effect"}, "a cue within a longer one of another aspect is none"),
    ("how long did it last", {"followup"}, set(), "time"),
    ("can pregnant women have it", {"pregnancy"}, set(), "a group of people"),
    ("tell me about curtains", set(), {"cost", "dose", "safety", "followup"}, "nothing"),
]


@pytest.mark.parametrize(("question", "must", "never", "why"), ASKED)
def test_aspects_asked(question: str, must: set[str], never: set[str], why: str) -> None:
    asked = {cue.id for cue in SHIPPED.asked(question)}
    assert must <= asked, why
    assert not never & asked, why


SHOWN = [
    ("It was given at 0.8 mg/kg over 40 minutes.", {"dose", "duration"}, {"cost"}, "figures with their units"),
    ("Building costs run from 150 euros a metre.", {"cost", "price"}, {"dose"}, "no treatment"),
    ("The review did not look at cost.", {"cost"}, {"price"}, "no sum of money"),
    ("It costs 5p, or EUR 18 a year.", {"cost", "price"}, set(), "sums of money, however written"),
    ("They were 12 pounds lighter.", set(), {"cost", "price"}, "pounds of weight"),
    ("They had lost 12 pounds in a year.", set(), {"cost", "price"}, "pounds of weight, as it is told more often"),
    ("It has cost 2 million dollars, 500 € or 20 quid.", {"cost", "price"}, set(), "sums with a word between"),
    ("See page 12p.", set(), {"cost", "price"}, "no pence"),
    ("Relapse risk was lower.", {"relapse"}, {"safety"}, "a risk of relapse says nothing of harm"),
    ("The trial enrolled 240 pairs.", {"sample"}, {"safety"}, "how many"),
]


@pytest.mark.parametrize(("sentence", "must", "never", "why"), SHOWN)
def test_aspects_shown(sentence: str, must: set[str], never: set[str], why: str) -> None:
    shown = SHIPPED.shown(sentence)
    assert must <= shown, why
    assert not never & shown, why


def test_a_pattern_whose_cue_is_left_out_is_a_cue_itself() -> None:
    vocabulary = Aspects([Aspect("fee", "Fee", "specific", cue_patterns=(r"how much(?: (?P<cue>fee))?",))])
    assert [(cue.start, cue.end) for cue in vocabulary.asked("so how much is it")] == [(3, 11)]
    assert [(cue.start, cue.end) for cue in vocabulary.asked("so how much fee")] == [(12, 15)]


def test_patterns_end_with_words() -> None:
    """What a pattern finds is never the beginning or the end of a longer word: "how many did it use", not "useful"."""
    texts = [path.read_text(encoding="utf-8").lower() for path in sorted(QUESTIONS.glob("*.jsonl"))]
    texts += [path.read_text(encoding="utf-8").lower() for path in sorted(PAGES.glob("*.txt"))]
    cut = []
    for aspect in aspects():
        for pattern in (*aspect.cue_patterns, *aspect.evidence_patterns):
            for match in (match for text in texts for match in compiled(pattern).finditer(text)):
                longer = compiled(pattern).match(f"{match[0]}q")
                if match[0][-1:].isalpha() and longer and longer.end() == len(match[0]):
                    cut.append((aspect.id, pattern, match[0]))
    assert not cut


def test_patterns_find_their_place_in_the_question_as_written() -> None:
    vocabulary = Aspects([Aspect("time", "Time", "specific", cue_patterns=(r"within <number> <time>",))])
    (cue,) = vocabulary.asked("Ça marche WITHIN six Weeks?")
    assert "Ça marche WITHIN six Weeks?"[cue.start : cue.end] == "WITHIN six Weeks"


NAMES = names_of_both(
    [Condition("alcohol", "Alcohol use disorder", asked_as=("alcohol", "K-hole"))],
    [Intervention("keta", ("keta", "special K"), beside=("K",)), Intervention("lax", ("lax",))],
)


@pytest.mark.parametrize(
    ("question", "ids", "why"),
    [
        ("special K for alcohol", {MARK + "keta", "alcohol"}, "both, each by its longest name"),
        ("K for alcohol", {MARK + "keta", "alcohol"}, "a letter beside a condition"),
        ("vitamin K", set(), "a letter by itself is nothing"),
    ],
)
def test_conditions_and_interventions_together(question: str, ids: set[str], why: str) -> None:
    assert {mention.id for mention in NAMES.find(question, asking=True)} == ids, why


@pytest.mark.parametrize(
    ("word", "drug", "why"),
    [
        ("amitriptyline", True, "listed"),
        ("zibotelumab", True, "unknown, and by its ending"),
        ("concept", False, "a word, though it ends as drugs do"),
        ("crab", False, "too short to go by its ending"),
        ("window", False, "an ordinary word"),
    ],
)
def test_drugs(word: str, drug: bool, why: str) -> None:
    assert is_drug(word) is drug, why


def test_other_words_of_a_phrase_are_those_of_the_phrase() -> None:
    words = Synonyms([("pack in", "stop"), ("pack", "bundle")])
    assert words.alike("do people pack in")["pack"] == {"stop"}
    assert words.alike("did they pack it")["pack"] == {"bundl"}


LANGUAGES = [
    # (text, documents' languages, language named, why)
    ("¿La ketamina ayuda a mi hermano a dejar la cocaína?", {"en"}, "Spanish", "another language"),
    ("czy ketamina pomaga na alkoholizm", {"en"}, "Polish", "few words, no accents"),
    ("Welche Dosis wurde bei Migräne gegeben?", {"de"}, None, "the documents' own"),
    ("Welche Dosis wurde bei Migräne gegeben?", {"de-AT", "en"}, None, "a region of it"),
    ("does the dose help", {"de"}, "English", "English is no exception"),
    ("MOH or EM de novo", {"en"}, None, "abbreviations and a loan are no language"),
    ("naltrexone acamprosate", {"en"}, None, "cannot be told"),
    ("min-till potential, GtC/yr", {"en"}, None, "words within others and units are no small words"),
    ("potential min till GtC yr", {"en"}, None, "words that English knows outweigh small ones"),
    ("cost–benefit of µg/ml", {"en"}, None, "signs of units"),
    ("α/β ratio", {"en"}, None, "letters that are signs are no script"),
    ("per se in vivo dose of El Niño and La Niña years", {"en"}, None, "names and loans"),
    ("wie lange muss ich die Maske jede Nacht tragen?", {"en"}, "German", "a word like an English one"),
    ("¿La ketamina ayuda?", set(), None, "taken as written: any language"),
    ("кетамин", set(), None, "... and any script"),
    ("помогает ли кетамин", {"en"}, "Cyrillic script", "another script"),
    ("помогает ли кетамин", {"ru"}, None, "a language nothing is known of is not judged"),
]


@pytest.mark.parametrize(("text", "covered", "expected", "why"), LANGUAGES)
def test_languages(text: str, covered: set[str], expected: str | None, why: str) -> None:
    assert foreign_language(text, covered) == expected, why


def test_vocabularies_that_ship_hold_together() -> None:
    """Every entry can be reached, no id stands twice, and what is named is a cue."""
    entries = aspects()
    assert all(a.cues or a.cue_patterns for a in entries)
    assert all(a.evidence or a.evidence_patterns for a in entries)
    assert len({i.id for i in interventions()}) == len(interventions())
    assert all(len(group.words) > 1 for group in synonyms())
