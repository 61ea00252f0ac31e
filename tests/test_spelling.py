"""Spelling correction: what is corrected and, above all, what is not."""

from __future__ import annotations

import random
from pathlib import Path

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.answering.answer import answer
from qa.text.analysis import analyze, form_of, read_words, term_of
from qa.text.background import background
from qa.text.spelling import correct
from testkit.corpora import shipped

WORDS = dict.fromkeys(
    [
        "alcohol",
        "abstinence",
        "relapse",
        "relapses",
        "craving",
        "cravings",
        "infusion",
        "infusions",
        "placebo",
        "withdrawal",
        "naltrexone",
        "propranolol",
        "ketamine",
        "mindfulness",
        "psychotherapy",
        "opioid",
        "cocaine",
        "heroin",
        "disorder",
        "significantly",
        "colitis",
        "major",
        "novel",
        "major",
        "prison",
        "house",
    ],
    2,
)


def corrected(word: str, words: dict[str, int] = WORDS) -> str | None:
    terms = {term_of(form) for form in words}
    return correct(word, words, lambda term: term in terms or background().knows(term))


def test_a_known_word_is_not_corrected_to_itself() -> None:
    """The stem of "mindfulness" is one letter away from the word."""
    assert not answer("does mindfulness help alcoholics", shipped()).interpretation.corrections


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("alchohol", "alcohol"),  # an extra letter
        ("alcahol", "alcohol"),  # a wrong letter
        ("abstinance", None),  # its term is the right one already
        ("relaspe", "relapse"),  # two letters swapped
        ("cravngs", "cravings"),  # a missing letter
        ("Infussion", "infusion"),  # capitalised at the start of a question
        ("psycotherepy", "psychotherapy"),  # two errors, allowed from eight letters
        ("naltrxone", "naltrexone"),  # a misspelt drug name; "xone" is not a drug ending
        ("sygnificently", "significantly"),
        ("propanolol", "propranolol"),  # has a drug ending and is one letter away from a listed drug
        ("propanalol", None),  # two letters are too many for a drug name
        ("metoprolol", None),  # another drug
        ("relap", None),  # two letters missing from a short word
        ("pls", None),  # too short to tell
        ("cravin6", None),  # not a word
        ("relapsing", None),  # another form of a known word
        ("zebrafishes", None),  # nothing is close
        ("thisisnoword", None),
        ("esketamine", None),  # the first letter is assumed right: esketamine is not ketamine
        ("arketamine", None),
        ("colistin", None),  # a drug, not the disease colitis
        ("mayor", None),  # English, though no trial mentions one
        ("nobel", None),
        ("horse", None),
        ("", None),
        ("'''", None),
    ],
)
def test_correct(written: str, meant: str | None) -> None:
    assert corrected(written) == meant


def test_the_closest_word_wins_then_the_most_frequent() -> None:
    assert corrected("relapsex", {"relapses": 1, "relapse": 9}) == "relapse"  # both are one error away
    assert corrected("psychotheraby", {"psychotherapy": 1, "psychotherapist": 9}) == "psychotherapy"


@pytest.mark.parametrize(
    ("written", "name", "right"),
    [
        ("coccaine", "cocaine", True),  # a doubled letter: no other drug is spelt like this
        ("cocainne", "cocaine", True),
        ("codaine", "cocaine", False),  # codeine may be meant
        ("proccaine", "prilocaine", False),
    ],
)
def test_drug_names_with_a_doubled_letter(written: str, name: str, right: bool) -> None:
    assert (corrected(written, {name: 1}) == name) is right


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("teh", "the"),  # two letters swapped, even in a short word
        ("wiht", "with"),  # not "wheat"
        ("shoud", "should"),  # a missing letter
        ("becuase", "because"),
        ("mri", None),  # an abbreviation
        ("wheta", "wheat"),  # no function word is closer
    ],
)
def test_function_words(written: str, meant: str | None) -> None:
    assert corrected(written, {"wheat": 9, "tea": 9}) == meant


def test_a_word_is_never_corrected_to_another_form_of_it() -> None:
    assert answer("businesses", shipped()).interpretation.corrections == ()


def test_a_word_that_may_be_either_of_two_drugs_is_left_alone() -> None:
    assert corrected("codaine", {"cocaine": 2, "codeine": 2}) is None
    assert corrected("propanolol", {"propranolol": 2}) == "propranolol"


def test_no_drug_is_corrected_to_another() -> None:
    """Each of 600 drugs is asked for in a corpus that contains only the others."""
    drugs = sorted(read_words("drug_names.txt"))
    assert len(drugs) > 600
    wrong = [
        (drug, other)
        for drug in drugs
        if (other := correct(drug, {name: 1 for name in drugs if name != drug}, lambda term: False))
    ]
    assert not wrong


# Word of a question : the only close word in the corpus, one or two letters away.
NEAR = [
    "hypotension:hypertension",
    "hyperthyroidism:hypothyroidism",
    "hyperglycemia:hypoglycemia",
    "hypokalemia:hyperkalemia",
    "bronchitis:bronchiolitis",
    "gastritis:arthritis",
    "nephritis:neuritis",
    "myositis:mycosis",
    "myeloma:mycetoma",
    "lupus:lapses",
    "anorexia:anoxia",
    "dyslexia:dyspepsia",
    "dysphagia:dysphasia",
    "amnesia:anemia",
    "insomnia:insulinoma",
    "leukemia:leukopenia",
    "melanoma:myeloma",
    "chancre:chance",
    "glanders:genders",
    "rubella:rubeola",
    "measles:measures",
    "mumps:lumps",
    "scabies:babies",
    "rabies:babies",
    "angina:vagina",
    "asthma:asthenia",
    "autism:artism",
    "bulimia:bulimic",
    "cholera:cholesterol",
    "dementia:demented",
    "diabetes:diabetic",
    "eczema:edema",
    "embolism:embolus",
    "epilepsy:epileptic",
    "glaucoma:glioma",
    "gonorrhea:gonorrheal",
    "hepatitis:hepatic",
    "herpes:heroes",
    "hernia:heroin",
    "influenza:influence",
    "jaundice:jaunty",
    "lymphoma:lipoma",
    "malaria:malarial",
    "meningitis:meningioma",
    "migraine:migrant",
    "narcolepsy:narcotics",
    "neuralgia:neuropathy",
    "obesity:obese",
    "otitis:colitis",
    "pellagra:pellet",
    "pertussis:percussion",
    "pneumonia:pneumonic",
    "polio:folio",
    "porphyria:euphoria",
    "psoriasis:psychosis",
    "psychosis:psychoses",
    "rickets:pickets",
    "rosacea:rosary",
    "sarcoidosis:sarcomas",
    "schizophrenia:schizoid",
    "scoliosis:sclerosis",
    "sepsis:sepia",
    "sinusitis:sinuses",
    "stroke:strike",
    "syphilis:syphilitic",
    "tetanus:titanium",
    "thrombosis:thrombus",
    "tinnitus:tinctures",
    "tuberculosis:tubercular",
    "typhoid:thyroid",
    "typhus:typhoid",
    "ulcer:ulcers",
    "urticaria:urinary",
    "varicella:vanilla",
    "vasculitis:vascular",
    "vertigo:vestige",
    "vitiligo:vigil",
    "hemophilia:homophilic",
    "homelessness:hopelessness",
    "gambling:rambling",
    "bingeing:binding",
    "overdose:overdosed",
    "cannabis:cannabic",
    "kratom:krypton",
    "tramadol:trauma",
    "methadone:methionine",
    "codeine:cocaine",
    "morphine:morpheme",
    "caffeine:cafeteria",
    "nicotine:nicotinic",
    "oxytocin:oxytocic",
    "dopamine:dopaminergic",
    "serotonin:serotonergic",
    "histamine:histidine",
    "melatonin:melanin",
    "cortisone:cortisol",
    "estradiol:estriol",
    "insulin:insulate",
    "heparin:herein",
    "warfarin:warfare",
    "statin:station",
    "aspirin:aspiring",
]


@pytest.mark.parametrize("pair", NEAR)
def test_a_known_word_is_left_alone(pair: str) -> None:
    """Both are words, and the corpus contains only the other one: correcting would answer a different question."""
    written, near = pair.split(":")
    assert corrected(written, {near: 9}) is None


def test_the_table_of_close_words_is_long_enough() -> None:
    assert len(NEAR) + len(read_words("drug_names.txt")) > 100


@given(
    st.text(max_size=14), st.dictionaries(st.text("abcdefgh", min_size=1, max_size=9), st.integers(1, 9), max_size=9)
)
def test_properties_of_corrections(written: str, words: dict[str, int]) -> None:
    """A correction is a word of the corpus with the same first letter; known words are left alone."""
    meant = correct(written, words, lambda term: False)
    assert meant is None or (meant in words and meant[0] == form_of(written)[0] and meant != form_of(written))
    assert correct(written, words, lambda term: True) is None


@pytest.mark.slow
def test_off_topic_questions_are_left_alone(data: Path) -> None:
    """94 factoid questions, none misspelt, against the words of a medical corpus."""
    lines = (data / "retrieval" / "covidqa-para" / "corpus.jsonl").read_bytes().splitlines()
    words: dict[str, int] = {}
    for line in lines:
        text = orjson.loads(line)["text"]
        for token in analyze(text):
            if text[token.start].islower():
                words[token.form] = words.get(token.form, 0) + 1
    questions = [
        orjson.loads(line)["question"] for line in (data / "qa" / "trecqa_train.jsonl").read_bytes().splitlines()
    ]
    sample = random.Random(0).sample(questions, min(len(questions), 94))
    wrong = [
        (token.form, meant)
        for q in sample
        for token in analyze(q)
        if (meant := corrected(q[token.start : token.end], words))
    ]
    assert not wrong
