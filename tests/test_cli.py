"""The terminal: the same answer as on the page and in the API, and one line for every expected error."""

from __future__ import annotations

import re
import shutil
import unicodedata
from dataclasses import replace
from pathlib import Path

import orjson
import pytest
from click.testing import CliRunner, Result

from qa.answering.answer import answer
from qa.cli import main
from qa.terminal import as_text
from testkit.corpora import ROOT, SHIPPED, shipped


def run(*arguments: str, **environment: str) -> Result:
    """The command in this process, as if its output went to a file: pytest-xdist sets COLUMNS."""
    return CliRunner().invoke(main, [*arguments], env={"QA_CORPUS": str(SHIPPED), "COLUMNS": None, **environment})


def test_an_answer_in_the_terminal() -> None:
    said = run("ask", "Does ketamine reduce cocaine craving?").stdout
    first = answer("Does ketamine reduce cocaine craving?", shipped()).answers[0]
    for sentence in first.sentences:
        assert first.text[sentence.start : sentence.end] in said
    assert "> Craving scores" in said, "the sentence that answers is marked"
    assert "source dakwar2019, carried over from: In a randomized" in said, "an inherited citation says from where"
    assert "Not medical advice" in said


def test_notes_are_shown_below_the_sentence() -> None:
    lines = run("ask", "odds of relapse with alcohol").stdout.splitlines()
    place = next(number for number, line in enumerate(lines) if "The odds of relapse" in line)
    assert "Disputed: its source says otherwise. " in lines[place + 2]


HEADLINES = [
    # (question, how its headline begins, why)
    ("Does ketamine reduce cocaine craving?", "Answer: ", "answered"),
    ("Does ketamine help with crystal meth?", "No answer: ", "refused"),
]


@pytest.mark.parametrize(("question", "words", "why"), HEADLINES)
def test_the_headline_states_the_outcome(question: str, words: str, why: str) -> None:
    result = run("ask", question)
    assert sum(line.startswith(words) for line in result.stdout.splitlines()) == 1, why
    assert result.exit_code == 0


def test_closest_passages_are_not_called_an_answer_and_the_words_not_found_are_named() -> None:
    found = replace(answer("cocaine craving", shipped()), status="closest", missing=("half-life", "dose"))
    text = as_text(found)
    assert re.search(
        r"^The documents may not answer this\. .* Not found in the first passage: half-life, dose\.$",
        text,
        re.MULTILINE,
    )
    assert not re.search(r"^ *>", text, re.MULTILINE)


def test_the_works_cited_are_listed_at_the_end() -> None:
    said = run("ask", "Does ketamine reduce cocaine craving?").stdout
    passages, works = said.split("\nWorks cited:\n")
    listed = re.findall(r"^  \[(\S+)\] \S", works, re.MULTILINE)
    assert set(re.findall(r"\[cites (\S+)\]", passages)) <= set(listed)
    assert "dakwar2019" in listed
    assert "https://doi.org/" in works


@pytest.mark.parametrize("width", [60, 100])
def test_lines_fit_the_terminal(width: int) -> None:
    """Wrapped only at spaces: the words are the same, and no line is too wide unless a single word is."""
    whole = run("ask", "odds of relapse with alcohol").stdout
    said = run("ask", "odds of relapse with alcohol", COLUMNS=str(width)).stdout
    assert said.split() == whole.split()
    assert all(len(line) <= width or len(line.split()) == 1 for line in said.splitlines())
    assert max(map(len, said.splitlines())) > width - 20


def test_a_refusal_says_that_the_nearest_passages_are_no_answer() -> None:
    said = run("ask", "Does ketamine help with crystal meth?").stdout
    assert "No answer: " in said
    assert "They do not answer your question." in said
    assert "   > " not in said


def test_json_is_the_answer() -> None:
    said = orjson.loads(run("ask", "cocaine craving", "--json").stdout)
    assert said == orjson.loads(orjson.dumps(answer("cocaine craving", shipped())))


def test_json_of_a_document_with_emphasis_and_a_table(tmp_path: Path) -> None:
    """The same as the API gives."""
    text = "# Lanes\n\nLanes *reduce* **crashes** [1].\n\n| kind | crashes |\n|---|---|\n| lanes | *9* of 10 |\n"
    (tmp_path / "a.md").write_text(f"{text}\n## References\n\n1. Reyes A. Lanes. J Roads. 2019;4:1-9.\n")
    said = orjson.loads(run("ask", "do lanes reduce crashes", "--json", QA_CORPUS=str(tmp_path)).stdout)
    assert "*reduce*" in said["answers"][0]["text"]


def test_corrections_are_shown() -> None:
    assert (
        "“psychotherpy” was not found in the documents. Searched for “psychotherapy” instead."
        in run("ask", "psychotherpy for cocaine").stdout
    )


def with_a_broken_document(folder: Path) -> Path:
    corpus = Path(shutil.copytree(SHIPPED, folder / "corpus"))
    (corpus / "documents" / "b.txt").write_bytes(b"\xff\xfe broken")
    with (corpus / "documents.toml").open("a") as listing:
        listing.write('\n[[document]]\nfile = "b.txt"\ntitle = "B"\n')
    return corpus


@pytest.mark.parametrize("command", [("ask", "cocaine craving"), ("ask", "cocaine craving", "--json"), ("evaluate",)])
@pytest.mark.parametrize("by", ["option", "setting"])
def test_skipped_documents_are_named(tmp_path: Path, command: tuple[str, ...], by: str) -> None:
    """So that an answer from part of the corpus is not mistaken for one from all of it."""
    options = ("--skip-broken",) if by == "option" else ()
    environment = {"QA_SKIP_BROKEN": "true"} if by == "setting" else {}
    result = run(*command, *options, QA_CORPUS=str(with_a_broken_document(tmp_path)), **environment)
    assert result.exit_code == 0
    (line,) = result.stderr.splitlines()
    assert line.startswith("skipped: documents/b.txt:1")
    assert result.stdout


HOSTILE = (
    "Lanes \x1b[31mhelp\x1b[0m all riders\x07 of the town a lot\x9b2J (Reyes, 2019).\r\n\r\n"
    "Lanes \u202epleh\u202c \u2066them\u2069 too,\x08\x08 as most riders of the town say.\r\n\r\n"
    "A 2023 review of \x1b]0;lanes\x07 in the town says so.\r\n"
)
TURNS = {"LRM", "RLM", "ALM", "LRE", "RLE", "PDF", "LRO", "RLO", "LRI", "RLI", "FSI", "PDI"}


def hostile(folder: Path) -> Path:
    (folder / "documents").mkdir(parents=True)
    (folder / "documents" / "a.txt").write_bytes(HOSTILE.encode())
    (folder / "documents.toml").write_text('[[document]]\nfile = "a.txt"\ntitle = "A \\u001b[31m title"\n')
    return folder


COMMANDS = [
    # (arguments, words that must be there, visible)
    (
        ("ask", "do lanes help riders"),
        r"Lanes \x1b[31mhelp\x1b[0m all riders\x07 of the town a lot\x9b2J (Reyes, 2019).",
    ),
    (("ask", "do lanes help riders"), r"Lanes \u202epleh\u202c \u2066them\u2069 too,\x08\x08 as most riders"),
    (("check",), r"A 2023 review of \x1b]0;lanes\x07"),
    (("check", "--ledger"), r"Lanes \x1b[31mhelp"),
    (("check", "--since", str(SHIPPED)), r"Lanes \x1b[31mhelp"),
    (("ask", "do lanes help riders", "--json"), r"Lanes \u001b[31mhelp\u001b[0m all riders\u0007 of the town a lot\u009b2J"),
    (("ask", "do lanes help riders", "--export", "json"), r"Lanes \u001b[31mhelp\u001b[0m all riders\u0007 of the town a lot\u009b2J"),
    (("ask", "do lanes help riders", "--export", "bib"), "Lanes [31mhelp[0m all riders of the town a lot2J"),
    (("ask", "do lanes help riders", "--export", "ris"), "Lanes [31mhelp[0m all riders of the town a lot2J"),
    (("check", "--json"), r"A 2023 review of \u001b]0;lanes\u0007"),
]  # fmt: skip


@pytest.mark.parametrize(("arguments", "words"), COMMANDS)
def test_control_characters_are_shown_not_obeyed(tmp_path: Path, arguments: tuple[str, ...], words: str) -> None:
    """A document cannot colour, clear, retitle or reverse what an editor reads."""
    said = run(*arguments, QA_CORPUS=str(hostile(tmp_path / "corpus"))).output.replace("\r\n", "\n")
    assert words in said
    obeyed = {c for c in said if unicodedata.category(c) == "Cc" or unicodedata.bidirectional(c) in TURNS} - {
        "\n",
        "\t",
    }
    assert not obeyed


def test_control_characters_in_an_error_are_escaped(tmp_path: Path) -> None:
    corpus = hostile(tmp_path / "corpus")
    (corpus / "documents" / "\x1b[31mred.txt").write_text("Not listed.")
    result = run("ask", "lanes", QA_CORPUS=str(corpus))
    assert result.exit_code == 1
    assert r"\x1b[31mred.txt" in result.stderr
    assert "\x1b" not in result.stderr


def test_json_keeps_control_characters(tmp_path: Path) -> None:
    answers = orjson.loads(run("ask", "do lanes help", "--json", QA_CORPUS=str(hostile(tmp_path / "c"))).stdout)[
        "answers"
    ]
    assert answers
    assert all(hit["text"] in HOSTILE for hit in answers)
    assert any("\x1b[31mhelp" in hit["text"] for hit in answers)


FAULTS = [
    # (arguments, environment, words of the one line)
    (("evaluate", "--compare", str(ROOT / "README.md")), {}, "README.md: is not a saved run"),
    (("evaluate", "--compare", str(SHIPPED / "references.json")), {}, "references.json: is not a saved run"),
    (("evaluate", "--save", "/no/such/folder/run.json"), {}, "/no/such/folder/run.json: No such file or directory"),
    (("evaluate", str(ROOT / "README.md")), {}, "README.md:1"),
    (("evaluate", str(SHIPPED)), {}, "matching files in qrels"),
    (("evaluate", str(SHIPPED), "--wrong"), {}, "needs a questions.jsonl file"),
    (("check", "--since", "0123456789abcdef"), {}, "no versions are stored"),
    (("ask", ""), {}, "The question is empty"),
    (("ask", "x" * 1001), {}, "longer than 1,000 characters"),
    (("ask", "cocaine", "--condition", "nope"), {}, "Known conditions are: substance-use-disorder"),
    (("ask", "cocaine"), {"QA_CORPUS": "/no/such/folder"}, "there is no such corpus folder"),
    (
        ("ask", "cocaine"),
        {"QA_RESULTS": "many"},
        "QA_RESULTS (maximum number of passages shown) must be a valid integer. Leave",
    ),
    (("ask", "cocaine"), {"QA_RESULTS": "21"}, "must be less than or equal to 20"),
    (("ask", "cocaine"), {"QA_TRUSTED_HOSTS": "a,b"}, "QA_TRUSTED_HOSTS (host names the service answers to"),
    (("ask", "cocaine"), {"QA_TRUSTED_HOSTS": "a,b"}, 'must be a JSON list, for example ["a.example.org"]'),
    (
        ("ask", "cocaine"),
        {"QA_INDEX": "postgres:"},
        "QA_INDEX: unknown kind of index: 'postgres:'. Known are memory:",
    ),
    (("check",), {"QA_CORPUS": "/no/such/folder"}, "there is no such corpus folder"),
]


@pytest.mark.parametrize(("arguments", "environment", "words"), FAULTS)
def test_fault(arguments: tuple[str, ...], environment: dict[str, str], words: str) -> None:
    result = run(*arguments, **environment)
    assert result.exit_code == 1
    assert words in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
    assert "nope" not in result.stderr


def test_an_empty_setting_is_the_default() -> None:
    """An empty line in an environment file; an empty QA_VERSIONS is not the current folder."""
    assert run("check", QA_VERSIONS="", QA_PORT="").exit_code == 0
    assert "no versions are stored" in run("check", "--since", "0123456789abcdef", QA_VERSIONS="").stderr


def test_an_old_setting_is_named_with_what_replaced_it() -> None:
    result = run("ask", "Does ketamine reduce cocaine craving?", QA_REFUSE_BELOW="0.5")
    assert result.exit_code == 0
    assert result.stderr.splitlines() == [
        "QA_REFUSE_BELOW is not used any more. Set QA_ANSWER_FROM, the confidence from which a question counts as answered."
    ]
