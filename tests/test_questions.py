"""How questions are interpreted: segmentation, aspects, treatments, synonyms, language.

Tables of cases, each with its reason; the vocabularies are the shipped ones.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.models import Aspect, Condition, Intervention
from qa.text.analysis import form_of
from qa.text.language import foreign_language
from qa.text.phrases import PhraseMatcher, bare, words_of
from qa.understanding.aspects import Aspects, compiled
from qa.understanding.expansion import Synonyms
from qa.understanding.interventions import MARK, is_drug, names_of_both
from qa.understanding.segmentation import find_questions
from qa.understanding.shipped import aspects, interventions, synonyms

SHIPPED = Aspects(aspects())
QUESTIONS = Path(__file__).parent / "data" / "questions"
PAGES = Path(__file__).parent / "data" / "pages"

SEGMENTATION = [
    # (message, its questions, why)
    ("off-label?", ["off-label?"], "a question of one word"),
    ("cocaine craving scores", ["cocaine craving scores"], "keywords: all of it"),
    ("My son drinks. He is 30. Does it help?", ["Does it help?"], "a statement first, in sentences of its own"),
    ("my uncle has been on heroin for years, does it help", ["does it help"], "a statement first, in the same sentence"),
    ("with alcohol, does it help", ["with alcohol, does it help"], "a few leading words belong to the question"),
    ("In adults with chronic migraine, does topiramate help?", ["In adults with chronic migraine, does topiramate help?"],
     "a population, not a statement about a person"),
    ("With respect to X in older people, what is the effect of Y?",
     ["With respect to X in older people, what is the effect of Y?"], "a leading phrase names the outcome"),
    ("Regarding pain scores at 24 hours, is ketamine better?", ["Regarding pain scores at 24 hours, is ketamine better?"],
     "a leading phrase names what is compared"),
    ("Across the pooled alcohol studies, did therapy matter, and did it do any lasting harm?",
     ["Across the pooled alcohol studies, did therapy matter, and", "did it do any lasting harm?"], "the second question is separate"),
    ("Does it help with drink, and does it help with coke?", ["Does it help with drink, and", "does it help with coke?"],
     "two questions in a sentence"),
    ("Is it a drip or is it a tablet?", ["Is it a drip or is it a tablet?"], "alternatives are one question"),
    ("side effects? will it hurt my bladder", ["side effects?", "will it hurt my bladder"], "the second has no question mark"),
    ("How many studies did Shen et al. include?", ["How many studies did Shen et al. include?"], "'et al.' does not end the sentence"),
]  # fmt: skip


@pytest.mark.parametrize(("message", "asked", "why"), SEGMENTATION)
def test_questions_are_found(message: str, asked: list[str], why: str) -> None:
    assert [message[start:end].strip() for start, end in find_questions(message)] == asked, why


@given(st.text(max_size=300))
def test_questions_lie_within_the_message_in_order(message: str) -> None:
    spans = find_questions(message)
    assert spans
    places = [place for span in spans for place in span]
    assert places == sorted(places)
    assert 0 <= places[0] <= places[-1] <= len(message)


WORD_FORMS = [
    # (words that count as one, why)
    (("infusion", "infusions"), "plural"),
    (("crave", "craving", "cravings", "craved"), "tense, its plural, final e"),
    (("study", "studies"), "-ies"),
    (("stop", "stopping", "stopped"), "doubled consonant"),
    (("randomised", "randomized"), "British and American"),
]


@pytest.mark.parametrize(("words", "why"), WORD_FORMS)
def test_forms_of_one_word_match_in_phrases(words: tuple[str, ...], why: str) -> None:
    assert len({bare(form_of(word)) for word in words}) == 1, why


@pytest.mark.parametrize(
    ("one", "other"),
    [("definite", "definition"), ("author", "authority"), ("use", "us"), ("lens", "less"), ("care", "car")],
)
def test_different_words_do_not_match_in_phrases(one: str, other: str) -> None:
    assert bare(one) != bare(other)


def test_phrases_are_found_within_longer_phrases() -> None:
    phrases = PhraseMatcher([("side effect", "safety"), ("effect", "effect"), ("side effect", "harm")])
    found = [(phrase.values, phrase.words) for phrase in phrases.find(words_of("Any side-effects?"))]
    assert found == [(["safety", "harm"], 2), (["effect"], 1)]


def test_the_longest_phrase_that_is_accepted_is_taken() -> None:
    phrases = PhraseMatcher([("heart", 1), ("heart attack", 2), ("heart attack clinic", 3), ("attack", 4)])
    words = words_of("A heart attack clinic for attacks")
    assert [phrase.values for phrase in phrases.longest(words)] == [[3], [4]]
    assert [phrase.values for phrase in phrases.longest(words, lambda phrase: phrase.words < 3)] == [[2], [4]]


@given(st.lists(st.sampled_from("abc"), max_size=9), st.lists(st.lists(st.sampled_from("abc"), min_size=1, max_size=3)))
def test_phrases_found_are_in_the_vocabulary(words: list[str], listed: list[list[str]]) -> None:
    """Every phrase is found wherever it occurs; the longest ones follow one another without overlap."""
    phrases = {" ".join(phrase) for phrase in listed}
    matcher, text = PhraseMatcher(((phrase, phrase) for phrase in phrases), str), " ".join(words)
    spans = {(found.start, found.end) for found in matcher.find(words_of(text))}
    assert spans == {(n, n + len(p)) for p in phrases for n in range(0, len(text), 2) if text[n : n + len(p)] == p}
    end = 0
    for found in matcher.longest(words_of(text)):
        assert end <= found.start < found.end
        assert text[found.start : found.end] == found.values[0]
        end = found.end


ASKED = [
    # (question, aspects it must ask about, aspects it must not, why)
    ("is it expensive", {"cost"}, set(), "a cue"),
    ("what is the price of that", {"cost"}, set(), "another"),
    ("how much do installers earn", {"number"}, set(), "a number, not a degree"),
    ("how much did it help", set(), {"number"}, "a degree, not a number"),
    ("how much do they give you", {"dose"}, {"cost"}, "a pattern; 'how much' is not about a price here"),
    ("how much does it reduce nausea", {"safety"}, {"cost"}, "... nor here"),
    ("how much does the injection cost", {"cost"}, {"dose"}, "'how much' is not about a dose here"),
    ("side effects", {"safety"}, {"effect"}, "a cue inside a longer one of another aspect does not count"),
    ("how long did it last", {"followup"}, set(), "a length of time"),
    ("can pregnant women have it", {"pregnancy"}, set(), "a group of people"),
    ("tell me about curtains", set(), {"cost", "dose", "safety", "followup"}, "nothing"),
]


@pytest.mark.parametrize(("question", "must", "never", "why"), ASKED)
def test_aspects_asked(question: str, must: set[str], never: set[str], why: str) -> None:
    asked = {cue.id for cue in SHIPPED.asked(question)}
    assert must <= asked, why
    assert not never & asked, why


SHOWN = [
    ("It was given at 0.8 mg/kg over 40 minutes.", {"dose", "followup"}, {"cost"}, "numbers with their units"),
    ("Building costs run from 150 euros a metre.", {"cost"}, {"dose"}, "euros a metre are not a dose"),
    ("It costs 5p, or EUR 18 a year.", {"cost"}, set(), "sums of money, however written"),
    ("A month costs 20\neuros.", {"cost"}, set(), "a sum that is wrapped"),
    ("They were 12 pounds lighter.", set(), {"cost"}, "pounds of weight"),
    ("They had lost 12 pounds in a year.", set(), {"cost"}, "pounds of weight, in a more common wording"),
    ("It has cost 2 million dollars, 500 € or 20 quid.", {"cost"}, set(), "sums with a word between"),
    ("See page 12p.", set(), {"cost"}, "a page number"),
    ("Relapse risk was lower.", {"effect"}, {"safety"}, "a risk of relapse is not harm"),
    ("The trial enrolled 240 pairs.", {"number", "design"}, {"safety"}, "a number of people studied"),
]


@pytest.mark.parametrize(("sentence", "must", "never", "why"), SHOWN)
def test_aspects_shown(sentence: str, must: set[str], never: set[str], why: str) -> None:
    shown = SHIPPED.shown(sentence)
    assert must <= shown, why
    assert not never & shown, why


def test_patterns_end_at_word_boundaries() -> None:
    """A match never ends inside a longer word: "how many did it use" does not match "useful"."""
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


def test_cue_offsets_refer_to_the_question_as_written() -> None:
    vocabulary = Aspects([Aspect("time", "Time", "specific", cue_patterns=(r"within <number> <time>",))])
    (cue,) = vocabulary.asked("Ça marche WITHIN six Weeks?")
    assert "Ça marche WITHIN six Weeks?"[cue.start : cue.end] == "WITHIN six Weeks"


NAMES = names_of_both(
    [Condition("alcohol", "Alcohol use disorder", asked_as=("alcohol", "K-hole"))],
    [Intervention("keta", ("keta", "special K"), short_names=("K",)), Intervention("lax", ("lax",))],
)


@pytest.mark.parametrize(
    ("question", "ids", "why"),
    [
        ("special K for alcohol", {MARK + "keta", "alcohol"}, "both, each by its longest name"),
        ("K for alcohol", {MARK + "keta", "alcohol"}, "a single letter near a condition"),
        ("vitamin K", set(), "a single letter alone is not a name"),
    ],
)
def test_conditions_and_treatments_are_matched_together(question: str, ids: set[str], why: str) -> None:
    assert {mention.id for mention in NAMES.find(question, asking=True)} == ids, why


@pytest.mark.parametrize(
    ("word", "drug", "why"),
    [
        ("amitriptyline", True, "listed"),
        ("zibotelumab", True, "unknown, with a drug ending"),
        ("concept", False, "an ordinary word that ends like a drug"),
        ("crab", False, "too short to be recognised by its ending"),
        ("window", False, "an ordinary word"),
    ],
)
def test_drug_names(word: str, drug: bool, why: str) -> None:
    assert is_drug(word) is drug, why


def test_words_of_a_phrase_get_the_synonyms_of_the_phrase() -> None:
    words = Synonyms([("pack in", "stop"), ("pack", "bundle")])
    assert words.alike("do people pack in")["pack"] == ("stop",)
    assert words.alike("did they pack it")["pack"] == ("bundl",)


LANGUAGES = [
    # (text, the documents' languages, language reported, why)
    ("¿La ketamina ayuda a mi hermano a dejar la cocaína?", {"en"}, "Spanish", "another language"),
    ("czy ketamina pomaga na alkoholizm", {"en"}, "Polish", "few words, no accents"),
    ("Welche Dosis wurde bei Migräne gegeben?", {"de"}, None, "the language of the documents"),
    ("Welche Dosis wurde bei Migräne gegeben?", {"de-AT", "en"}, None, "a regional variant"),
    ("does the dose help", {"de"}, "English", "English is no exception"),
    ("MOH or EM de novo", {"en"}, None, "abbreviations and a loanword do not indicate a language"),
    ("naltrexone acamprosate", {"en"}, None, "cannot be determined"),
    ("min-till potential, GtC/yr", {"en"}, None, "parts of words and units are not function words"),
    ("potential min till GtC yr", {"en"}, None, "English words outweigh function words"),
    ("cost–benefit of µg/ml", {"en"}, None, "unit symbols"),
    ("α/β ratio", {"en"}, None, "letters used as symbols are not a script"),
    ("per se in vivo dose of El Niño and La Niña years", {"en"}, None, "names and loanwords"),
    ("wie lange muss ich die Maske jede Nacht tragen?", {"en"}, "German", "a word that looks English"),
    ("¿La ketamina ayuda?", set(), None, "as written: any language"),
    ("кетамин", set(), None, "... and any script"),
    ("помогает ли кетамин", {"en"}, "Cyrillic script", "another script"),
    ("помогает ли кетамин", {"ru"}, None, "a language without data is not judged"),
]


@pytest.mark.parametrize(("text", "covered", "expected", "why"), LANGUAGES)
def test_languages(text: str, covered: set[str], expected: str | None, why: str) -> None:
    assert foreign_language(text, covered) == expected, why


def test_shipped_vocabularies_are_consistent() -> None:
    """Every aspect can be asked about and shown, ids are unique, and synonym groups have at least two words."""
    entries = aspects()
    assert all(a.cues or a.cue_patterns for a in entries)
    assert all(a.evidence or a.evidence_patterns for a in entries)
    assert len({i.id for i in interventions()}) == len(interventions())
    assert all(len(group.words) > 1 for group in synonyms())
