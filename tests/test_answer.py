"""Questions about the first document, as people ask them: tables of cases, each with its reason."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest

from qa.answering.answer import answer
from qa.answering.options import Options
from qa.errors import QuestionError, UnknownCondition
from qa.indexing.publish import open_published
from qa.understanding.parse import MAX_CHARACTERS
from testkit.corpora import corpus_of_page, shipped

ANSWERED = [
    # (question, start of the answering sentence, why)
    ("Does ketamine increase days abstinent in alcohol use disorder?", ("A 2022 Phase 2", "The study found"), "plain"),
    ("three ketamine infusions in severe AUD", ("A 2022 Phase 2 trial",), "abbreviation defined by a heading"),
    ("can it stop me going back to booze, the relapse I mean", ("A 2022 Phase 2",), "the key finding is disputed"),
    ("ketamin infusions for alchohol", ("A 2022 Phase 2 trial", "The study found"), "two typos"),
    ("abstinence after repeated sessions with heroin", ("A 2025 scoping review",), "the narrower condition"),
    (
        "managing opioid withdrawal",
        ("Ketamine may also help manage withdrawal",),
        "named by a heading and a word together",
    ),
    ("cocaine craving scores", ("Craving scores were",), "keywords"),
    (
        "special K for alcohol, does it bring fewer relapses",
        ("A 2022", "Key finding"),
        "a drug's everyday name is not a condition",
    ),
    (
        "heroin: naltrexone instead of methadone",
        ("Ketamine may also help",),
        "an excluded treatment is not asked about",
    ),
    (
        "My brother drinks. He is 30 and works nights. He was in detox. How strong was the dose?",
        ("A 2022 Phase 2",),
        "the condition is named before the question",
    ),
    ("what dose for alcohol, and what does it cost?", ("A 2022 Phase 2",), "one of two questions is answered"),
    ("Grabski", ("A 2022 Phase 2",), "an author"),
    (
        "CUD medication approved by the FDA",
        ("There is no FDA-approved",),
        "an abbreviation that means cannabis elsewhere",
    ),
    ("Is ketamine off-label for addiction?", ("Using ketamine to treat",), "a general passage for a general question"),
    ("how much does it help with cocaine craving?", ("Craving scores were",), "a degree, stated in words"),
    ("KETAMINE, COCAINE: CRAVING???", ("Craving scores were",), "capitals and punctuation"),
    ("craving cocaine' OR 1=1; --", ("Craving scores were",), "injection attempt with real words"),
    ("<script>alert(1)</script> cocaine craving", ("Craving scores were",), "markup with real words"),
]


@pytest.mark.parametrize(("question", "beginnings", "why"), ANSWERED)
def test_answered(question: str, beginnings: tuple[str, ...], why: str) -> None:
    first = answer(question, shipped()).answers[0]
    marked = [first.text[s.start : s.end] for s in first.sentences if s.answers]
    assert any(sentence.startswith(beginnings) for sentence in marked), (why, marked)


def test_a_general_passage_is_found_for_a_narrower_question() -> None:
    texts = [hit.text for hit in answer("is it off-label for cocaine", shipped()).answers]
    assert any("Using ketamine to treat" in text for text in texts)


ABSTAINED = [
    # (question, reason, why)
    ("what about it?", "no_searchable_words", "stop words only"),
    ("¿?…", "no_searchable_words", "no words at all"),
    ("Does ketamine help with crystal meth?", "condition_not_covered", "known but not covered"),
    ("ketamine for depression", "condition_not_covered", "a known use of the drug, not covered"),
    ("does weed help", "condition_not_covered", "a lay word for a condition not covered"),
    ("alcohol withdrawal", "condition_not_covered", "the documents cover the disorder, not this state of it"),
    ("best recipe for banana bread", "off_topic", "off topic"),
    ("xyzzy plugh quux", "off_topic", "nonsense"),
    ("who won the football world cup in 1998", "off_topic", "off topic, with a number"),
    ("magic mushrooms for alcoholism", "intervention_not_covered", "another treatment, by a lay name"),
    ("naltrexone for cocaine", "intervention_not_covered", "mentioned, but not for this condition"),
    ("zibotelumab for heroin", "intervention_not_covered", "an unknown drug, recognised by its ending"),
    ("¿La ketamina ayuda a dejar la cocaína?", "language_not_covered", "another language with similar names"),
    ("is it any good for cluster headaches", "condition_not_covered", "an illness not in the vocabulary"),
    ("../../etc/passwd", "off_topic", "path traversal attempt"),
]


@pytest.mark.parametrize(("question", "reason", "why"), ABSTAINED)
def test_abstained(question: str, reason: str, why: str) -> None:
    result = answer(question, shipped())
    assert result.status == "abstained", why
    assert result.abstention is not None
    assert result.abstention.reason == reason, why
    assert result.abstention.message.endswith(".")
    assert not any(s.answers for hit in result.abstention.nearest for s in hit.sentences)
    assert result.confidence == 0


CLOSEST = [
    # (question, words reported as missing, why)
    ("what does ketamine cost", {"cost"}, "an aspect that no passage shows"),
    ("side effects in alcohol use disorder", {"side effects"}, "not stated for this condition"),
    ("how many people with cocaine problems were in the trial", set(), "the number belongs to another trial"),
]


@pytest.mark.parametrize(("question", "missing", "why"), CLOSEST)
def test_closest(question: str, missing: set[str], why: str) -> None:
    result = answer(question, shipped())
    assert result.status == "closest", why
    assert 0 < result.confidence < 1
    assert result.abstention is None
    assert missing <= set(result.missing), result.missing
    first, *others = result.answers
    assert any(sentence.answers for sentence in first.sentences), "the best sentence is marked in the first passage"
    assert not any(sentence.answers for hit in others for sentence in hit.sentences)


def test_an_injection_attempt_is_only_words() -> None:
    result = answer("'; DROP TABLE passages; --", shipped())
    assert result.status != "answered"
    assert "TABLE" in result.missing


EVERYDAY = [
    # (question, conditions recognised, why)
    ("is there a crack in the evidence", [], "a common word"),
    ("they crack down on clinics", [], "a common verb"),
    ("does ketamine help with crack", ["cocaine-use-disorder"], "the context makes it the drug"),
    ("my brother smokes crack", ["cocaine-use-disorder"], "near a cue"),
    ("how do you weed out bad studies", [], "a common word"),
    ("will it help me quit weed", ["cannabis-use-disorder"], "near a cue"),
    ("is it crystal clear what the dose was", [], "a common word"),
    ("is it for crystal meth", ["stimulant-use-disorder"], "the drug named in full"),
    ("was the point hammered home, were spirits lifted", [], "common words"),
    ("I get hammered every night", ["alcohol-use-disorder"], "near a cue"),
    ("do they use an alcohol wipe first", [], "a product with alcohol in its name"),
    ("can I drink water before the drip", [], "another drink"),
    ("can I drink before the drip", ["alcohol-use-disorder"], "'drink' alone means alcohol"),
]


@pytest.mark.parametrize(("question", "conditions", "why"), EVERYDAY)
def test_slang_is_recognised_only_where_it_is_meant(question: str, conditions: list[str], why: str) -> None:
    assert [c.id for c in answer(question, shipped()).interpretation.conditions] == conditions, why


def test_a_refusal_names_what_was_asked_and_what_is_covered() -> None:
    result = answer("Does ketamine help with methamphetamine?", shipped())
    assert result.abstention is not None
    assert result.abstention.headline == "No passage was found on “methamphetamine” (amphetamines)."
    assert result.abstention.message.startswith(result.abstention.headline)
    assert "alcohol, opioids, heroin" in result.abstention.message
    assert result.abstention.conditions == ("stimulant-use-disorder",)
    # passages on substance use disorders in general are near
    assert any(hit.general for hit in result.abstention.nearest)


ON_PAGES = [
    # (page, question, reason for abstaining or start of the answering sentence, why)
    ("wound-care", "did the review look at cost", "The review did not", "that cost was not studied answers a question about it"),
    ("wound-care", "how much does it help with healing", "In a randomised|Supervised|Key finding|A 2020 pilot", "not about a price"),
    ("wound-care", "how many people with venous leg ulcers got iron", "A 2020 pilot", "people are counted, not ulcers"),
    ("wound-care", "how much did silver dressings help", "A meta-analysis", "a degree, in the past tense"),
    ("wound-care", "how many weeks until ulcers heal with four-layer bandages", "In a randomised", "what is counted"),
    ("wound-care", "how many people were in the honey trial", "Key finding: Honey", "a number about the topic asked about"),
    ("wound-care", "do maggots work", "intervention_not_covered", "a treatment that is not mentioned"),
    ("wound-care", "frostbite first aid", "condition_not_covered|off_topic", "another illness"),
    ("clinical-guideline", "does propanolol work", "A 2021 Cochrane|Propranolol", "a drug, one letter wrong"),
    ("clinical-guideline", "tension headaches", "condition_not_covered", "a longer name than the word for migraine here"),
    ("clinical-guideline", "should codeine be stopped all at once", "Opioids are|Advise", "codeine is an opioid"),
    ("clinical-guideline", "should naproxen be stopped all at once", "Advise", "an analgesic is a painkiller"),
]  # fmt: skip


@pytest.mark.parametrize(("page", "question", "expected", "why"), ON_PAGES)
def test_questions_on_other_pages(page: str, question: str, expected: str, why: str, tmp_path: Path) -> None:
    result = answer(question, open_published(corpus_of_page(page, tmp_path / page), "memory:"))
    first = next(iter(result.answers), None)
    marked = [first.text[s.start : s.end] for s in first.sentences if s.answers] if first else []
    said = marked or [result.abstention.reason if result.abstention else ""]
    assert any(each.startswith(tuple(expected.split("|"))) for each in said), (why, said)


@pytest.mark.parametrize("question", [case[0] for case in ANSWERED])
def test_a_score_is_the_sum_of_its_contributions(question: str) -> None:
    explained = answer(question, shipped(), Options(explain=True))
    for hit in explained.answers:
        assert hit.why
        assert hit.score == pytest.approx(sum(each.value for each in hit.why), abs=1e-12)
    plain = answer(question, shipped())
    assert [(hit.id, hit.score) for hit in plain.answers] == [(hit.id, hit.score) for hit in explained.answers]
    assert not any(hit.why for hit in plain.answers)


def test_interpretation_can_be_switched_off() -> None:
    asked = "ketaminne for booze"
    understood, written = answer(asked, shipped()), answer(asked, shipped(), Options(as_written=True))
    assert understood.interpretation.corrections
    assert understood.interpretation.conditions
    nothing = written.interpretation
    assert not any((nothing.corrections, nothing.conditions, nothing.interventions, nothing.aspects))
    assert nothing.terms == ("ketaminne", "booze")


AS_WRITTEN = [
    ("¿La ketamina ayuda a mi hermano a dejar la cocaína?", "language_not_covered", "another language"),
    ("Psilocybin", "intervention_not_covered", "a treatment that is not mentioned"),
    ("zibotelumab ketamine cocaine", "intervention_not_covered", "a drug, recognised by its ending"),
    ("cluster headaches and cocaine", "condition_not_covered", "an illness that the documents do not mention"),
]


@pytest.mark.parametrize(("question", "reason", "why"), AS_WRITTEN)
def test_a_question_as_written_is_refused_only_for_its_words(question: str, reason: str, why: str) -> None:
    result = answer(question, shipped(), Options(as_written=True))
    assert result.abstention is None or result.abstention.reason == "off_topic", why
    assert len(result.interpretation.questions) == 1, why


def test_a_question_about_the_subject_is_answered_next_to_an_off_topic_one() -> None:
    result = answer("What is the weather like in Paris? Does ketamine help with alcohol?", shipped())
    assert result.status == "answered"
    weather, ketamine = result.interpretation.questions
    assert weather.status != "answered"
    assert (ketamine.status, ketamine.confidence) == ("answered", result.confidence)
    assert {"weather", "Paris"} <= set(result.missing)


@pytest.mark.parametrize("fillers", [0, 10, 98, 99, 100, 250])
def test_an_answer_does_not_depend_on_how_many_other_passages_there_are(fillers: int, tmp_path: Path) -> None:
    """Even if the answer shares no word with the question and does not mention its subject."""
    folder = tmp_path / "documents"
    folder.mkdir()
    others = (f"The mill of village number {n} grinds wheat and rye.\n\n" for n in range(fillers))
    (folder / "a.txt").write_text("Trial\n\nThree of them had nausea.\n\n" + "".join(others), encoding="utf-8")
    (tmp_path / "documents.toml").write_text('[[document]]\nfile = "a.txt"\ntitle = "A"\n', encoding="utf-8")
    result = answer("any side effects?", open_published(tmp_path, "memory:"))
    assert [hit.text for hit in result.answers[:1]] == ["Three of them had nausea."]


@pytest.mark.parametrize(
    ("question", "why"),
    [
        ("does ketamine help or is it harmful in alcohol use disorder?", "a result is stated, harm is not"),
        ("Is it harmful in alcohol use disorder, or does it help?", "in reverse order"),
    ],
)
def test_one_of_two_alternatives_is_enough(question: str, why: str) -> None:
    result = answer(question, shipped())
    assert result.answers, why


def test_the_whole_interpretation_is_shown() -> None:
    understood = answer("Is ketaminne safe, and does it cut alcohol relapse?", shipped()).interpretation
    assert [c.label for c in understood.conditions] == ["Alcohol use disorder"]
    assert [(i.label, i.covered) for i in understood.interventions] == [("ketamine", True)]
    assert {a.id: a.shown for a in understood.aspects} == {"safety": False, "relapse": True}
    assert [question.text for question in understood.questions] == [
        "Is ketamine safe, and",
        "does it cut alcohol relapse?",
    ]
    assert [c.written for c in understood.corrections] == ["ketaminne"]


def test_of_several_questions_what_is_not_answered_is_reported() -> None:
    result = answer("what dose for alcohol, and what does it cost?", shipped())
    assert result.status == "answered"
    assert [question.status for question in result.interpretation.questions] == ["answered", "closest"]
    assert "cost" in result.missing


def test_works_are_found_through_the_references(tmp_path: Path) -> None:
    """This page cites by number: author and journal appear only in its reference list."""
    page = open_published(corpus_of_page("clinical-guideline", tmp_path / "page"), "memory:")
    first = answer("Sundqvale candesartan", page).answers[0]
    assert first.text.startswith("Propranolol")


def test_missing_words_are_reported() -> None:
    result = answer("banana bread for cocaine craving in penguins", shipped())
    assert {"banana", "bread", "penguins"} <= set(result.missing)


@pytest.mark.parametrize(
    "question",
    [
        "Does ketamine reduce alcohol cravings?",
        "craving for booze",
        "alcohol craving scores",
        "AUD craving ketamine group",
    ],
)
def test_a_finding_on_one_condition_never_answers_for_another(question: str) -> None:
    """Craving was measured for cocaine only."""
    result = answer(question, shipped())
    assert not any("Craving scores" in hit.text for hit in result.answers)
    chosen = answer("craving", shipped(), Options(conditions=["alcohol-use-disorder"]))
    assert not any("Craving scores" in hit.text for hit in chosen.answers)


def test_choosing_a_condition_is_like_naming_it() -> None:
    chosen = answer("abstinence", shipped(), Options(conditions=["opioid-use-disorder"]))
    named = answer("abstinence opioid use disorder", shipped())
    assert chosen.answers[0].id == named.answers[0].id


def test_an_unknown_condition_lists_the_known_ones() -> None:
    with pytest.raises(UnknownCondition, match="alcohol-use-disorder") as caught:
        answer("abstinence", shipped(), Options(conditions=["no-such-thing"]))
    assert caught.value.status == 422
    assert "no-such-thing" not in str(caught.value)


def test_of_two_conditions_the_one_not_covered_is_reported() -> None:
    result = answer("ketamine for cocaine and cannabis", shipped())
    assert result.answers
    assert "cannabis" in result.missing
    assert "cocaine-use-disorder" in {condition.id for condition in result.answers[0].conditions}


def test_a_general_passage_says_that_it_is_general() -> None:
    hits = answer("is the evidence promising for cocaine", shipped()).answers
    general = [hit for hit in hits if hit.text.startswith("Evidence for using")]
    assert general
    assert general[0].general


def test_corrections_are_shown() -> None:
    result = answer("psychotherpy for cocaine", shipped())
    assert [(c.written, c.read_as) for c in result.interpretation.corrections] == [("psychotherpy", "psychotherapy")]


NEVER_CORRECTED = [
    ("esketamine", "another drug, two letters away"),
    ("Dakwer", "an unknown name is not turned into an author's"),
    ("naltrexol", "a drug ending"),
    ("placebos", "a plural"),
]


@pytest.mark.parametrize(("word", "why"), NEVER_CORRECTED)
def test_never_corrected(word: str, why: str) -> None:
    result = answer(f"{word} for cocaine", shipped())
    assert not result.interpretation.corrections, why


BAD = [
    ("", "empty"),
    (" \n\t ", "blank"),
    ("a" * (MAX_CHARACTERS + 1), "one character too long"),
    ("cocaine\0craving", "NUL"),
    ("cocaine \x1b[31m", "escape sequence"),
    ("\ud800", "half of a surrogate pair"),
]


@pytest.mark.parametrize(("question", "why"), BAD)
def test_an_invalid_question_is_rejected(question: str, why: str) -> None:
    with pytest.raises(QuestionError) as caught:
        answer(question, shipped())
    assert caught.value.status == 422, why
    assert not question.strip() or question not in str(caught.value), "the input is not echoed"


def test_a_question_of_maximum_length_is_accepted() -> None:
    assert answer(("cocaine craving " * 63)[:MAX_CHARACTERS], shipped()).answers


def test_examples_are_answered() -> None:
    examples = shipped().manifest.examples
    assert len(examples) >= 6
    for question in examples:
        assert answer(question, shipped()).status == "answered", question


NOTICES = [
    # (text, notices besides those always shown, why)
    ("ketamine for alcohol", set(), "nothing triggers a notice"),
    ("I want to die, does ketamine help", {"suicidal-thoughts"}, "everyday words, whether answered or not"),
    ("my friend overdosed", {"overdose"}, "an emergency outside the documents' subject"),
    ("is it safe when pregnant", {"pregnancy"}, "pregnancy"),
    ("dying to know what the study found", set(), "a figure of speech is not an alarm"),
]


@pytest.mark.parametrize(("question", "expected", "why"), NOTICES)
def test_notices(question: str, expected: set[str], why: str) -> None:
    notices = answer(question, shipped()).notices
    always = {notice.id for notice in notices if notice.always}
    assert always, "the 'not medical advice' notice is always shown"
    assert {notice.id for notice in notices} - always == expected, why
    assert [notice.urgent for notice in notices] == sorted((notice.urgent for notice in notices), reverse=True)


def test_a_note_relevant_to_the_question_is_marked() -> None:
    result = answer("odds of relapse with alcohol", shipped())
    notes = [note for hit in result.answers for s in hit.sentences for note in s.notes]
    assert any(note.bears_on_question and note.status == "contradicted" for note in notes)
    assert any(not note.bears_on_question for note in notes)


def test_an_off_topic_question_gets_no_nearest_passages() -> None:
    result = answer("What is the capital of Mongolia?", shipped())
    assert result.abstention
    assert result.abstention.nearest == ()
    near = answer("Does naltrexone help against cocaine?", shipped()).abstention
    assert near
    assert near.nearest, "a passage on the condition is still near"


def test_a_treatment_found_only_by_its_kind_is_reported_as_missing() -> None:
    """ "Non-opioid medications" mentions opioids but not methadone."""
    result = answer("ketamine vs methadone", shipped())
    assert "methadone" in result.missing
    assert [
        treatment.covered for treatment in result.interpretation.interventions if treatment.label == "methadone"
    ] == [False]


def test_no_word_of_a_question_is_kept_in_memory() -> None:
    """Caches hold only what owners wrote: neither as a whole question nor as a word of one, whatever keeps it."""
    backwards = ("bamulzzwq", "ralupitnax", "gnilbroz", "llovrik")  # so that the test itself does not hold the words
    questions = (
        "does {} help {} folk with {} cravings? What did {} (2022) find?",
        "{} for alcohol, according to the {} trial of {}; nothing on {} disease",
    )
    for question in questions:
        for as_written in (False, True):
            answer(question.format(*(word[::-1] for word in backwards)), shipped(), Options(as_written=as_written))
    gc.collect()
    kept = " ".join(all_strings()).casefold()
    assert "ketamine" in kept
    assert [word for word in backwards if word[::-1] in kept] == []


def all_strings() -> set[str]:
    """Every string that an object of this process refers to: also those in a cache of `functools`, which a table of all
    containers does not list."""
    found: set[str] = set()
    pending: list[object] = gc.get_objects()
    while pending:
        referents = {id(each): each for each in gc.get_referents(*pending)}.values()
        found.update(each for each in referents if isinstance(each, str))
        pending = [each for each in referents if isinstance(each, dict | tuple) and not gc.is_tracked(each)]
    return found
