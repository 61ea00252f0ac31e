"""The terminal: the same answer as page and API, and one line for every fault that was foreseen."""

from __future__ import annotations

import orjson
import pytest
from click.testing import CliRunner, Result

from qa.answer import answer
from qa.cli import main
from tests.corpora import SHIPPED, shipped


def run(*arguments: str, **environment: str) -> Result:
    return CliRunner().invoke(main, [*arguments], env={"QA_CORPUS": str(SHIPPED), **environment})


def test_an_answer_in_the_terminal() -> None:
    said = run("ask", "Does ketamine reduce cocaine craving?").stdout
    first = answer("Does ketamine reduce cocaine craving?", shipped()).answers[0]
    for sentence in first.sentences:
        assert first.text[sentence.start : sentence.end] in said
    assert "> Craving scores" in said, "the sentence that answers is marked"
    assert "carries on dakwar2019 from: In a randomized" in said, "an inherited citation says from where"
    assert "Not medical advice" in said


def test_notes_stand_beside_the_sentence() -> None:
    lines = run("ask", "odds of relapse with alcohol").stdout.splitlines()
    place = next(number for number, line in enumerate(lines) if "The odds of relapse" in line)
    assert "Note (contradicted" in lines[place + 2]


def test_a_refusal_says_that_what_is_near_is_no_answer() -> None:
    said = run("ask", "Does ketamine help with crystal meth?").stdout
    assert "No answer: " in said
    assert "which are not an answer" in said
    assert "   > " not in said


def test_json_is_the_answer() -> None:
    said = orjson.loads(run("ask", "cocaine craving", "--json").stdout)
    assert said == orjson.loads(orjson.dumps(answer("cocaine craving", shipped())))


def test_corrections_and_missing_words_are_told() -> None:
    assert "(read 'psychotherpy' as 'psychotherapy')" in run("ask", "psychotherpy for cocaine").stdout


FAULTS = [
    # (arguments, environment, words of the one line)
    (("ask", ""), {}, "The question is empty"),
    (("ask", "x" * 1001), {}, "longer than 1,000 characters"),
    (("ask", "cocaine", "--condition", "nope"), {}, "Known are: substance-use-disorder"),
    (("ask", "cocaine"), {"QA_CORPUS": "/no/such/folder"}, "there is no such corpus folder"),
    (("ask", "cocaine"), {"QA_RESULTS": "many"}, "QA_RESULTS"),
    (("check",), {"QA_CORPUS": "/no/such/folder"}, "there is no such corpus folder"),
]


@pytest.mark.parametrize(("arguments", "environment", "words"), FAULTS)
def test_fault(arguments: tuple[str, ...], environment: dict[str, str], words: str) -> None:
    result = run(*arguments, **environment)
    assert result.exit_code == 1
    assert words in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
    assert "nope" not in result.stderr
