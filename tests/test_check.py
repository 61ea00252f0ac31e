"""Checks before publishing: a finding for each kind of problem, changes, the ledger, exit codes."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import orjson
import pytest
from click.testing import CliRunner, Result

from qa.cli import main
from qa.corpus import open_corpus
from qa.editing.changes import compare
from qa.editing.check import CHECKS, check
from qa.editing.conflicts import Lists, find_conflicts
from qa.editing.findings import Finding, as_report
from qa.editing.ledger import ledger
from qa.errors import CorpusError
from qa.indexing.ingest import annotate
from qa.understanding.shipped import aspects, interventions, synonyms
from testkit.corpora import ROOT, SHIPPED
from testkit.servers import WAIT, python_environment

DOCUMENT = "documents/ketamine-substance-use-disorders.txt"


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SHIPPED, tmp_path / "corpus"))


def corpus_of(folder: Path, text: str, **files: str) -> Path:
    """A corpus of one document, a.txt, and other files by their names with _ for the point."""
    (folder / "documents").mkdir(exist_ok=True)
    (folder / "documents" / "a.txt").write_text(text)
    (folder / "documents.toml").write_text('[[document]]\nfile = "a.txt"\ntitle = "A"\n')
    for name, content in files.items():
        (folder / name.replace("_", ".")).write_text(content)
    return folder


def found(folder: Path) -> list[tuple[str, str, int | None]]:
    corpus = open_corpus(folder)
    return [(f.kind, f.file, f.line) for f in check(corpus, annotate(corpus))]


LIST = "\n\nReferences\n1. Reyes A. Lanes. J Roads. 2019;4(2):10-19.\n2. Ito B. Paint. J Roads. 2020;5(1):30-39.\n"
CASES = [
    # (kind, text, line, why)
    ("unresolved citation", "Lanes help (Reyes, 2018). Paint does not (Ito, 2020)." + "\n\nReferences\nIto, B. (2020). Paint. J Roads, 5(1), 30-39.\n", 1, "a year that no listed work has"),
    ("unresolved citation", "Lanes help [1]. Paint helps [2,3]." + LIST, 1, "a number that the list does not have"),
    ("ambiguous citation", "Lanes help (Reyes, 2019)." + "\n\nReferences\nReyes, A. (2019). Lanes. J Roads, 4(2), 10-19.\nReyes, A. (2019). Paint. J Roads, 4(3), 50-59.\n", 1, "two works with the same name and year"),
    ("impossible reference", "Lanes help [1]." + "\n\nReferences\n1. Reyes A. Lanes. J Roads. 2019;4(2):109-100.\n", 4, "the last page before the first"),
    ("impossible reference", "Lanes help [1]." + "\n\nReferences\n1. Reyes A. Lanes. J Roads. 2062;4(2):100-109.\n", 4, "a future year"),
    ("source without reference", "A 2023 systematic review of 11 studies concluded that lanes help.", 1, "named, not cited"),
    ("uncited claim", "Lanes help [1]. Paint helps [2]. Nothing else does." + LIST, 1, "no source at all"),
    ("reference never cited", "Lanes help [1]." + LIST, 5, "listed and never used"),
    ("marks not read", "Lanes help \\cite{a}. Paint does not \\cite{b}. So \\cite{c}.", 1, "a form that is not read"),
    ("marks not read", "Lanes help [4]. Paint does not [5]. So [6].", 1, "numbers without a list"),
]  # fmt: skip


COLLISIONS = [
    # (file, content, conflicting words, why)
    ("aspects_toml", '[[aspect]]\nid = "grip"\nlabel = "Grip"\nkind = "soft"\ncues = ["price"]\nevidence = ["grip"]\n',
     "price", "a cue of an aspect in the package"),
    ("interventions_toml", '[[intervention]]\nid = "pen"\nnames = ["ozempic"]\n',
     "ozempic", "a name of a treatment in the package"),
    ("interventions_toml", '[[intervention]]\nid = "it"\nnames = ["thing"]\n', "thing", "an everyday word"),
    ("conditions_toml", '[[condition]]\nid = "a"\nlabel = "Gout"\n[[condition]]\nid = "b"\nlabel = "B"\nasked_as = ["gout"]\n',
     "gout", "a name of two conditions"),
    ("synonyms_toml", '[[group]]\nwords = ["lump", "lumps"]\n', "lump, lumps", "two forms of one word"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "content", "words", "why"), COLLISIONS)
def test_words_that_collide(tmp_path: Path, file: str, content: str, words: str, why: str) -> None:
    corpus = open_corpus(corpus_of(tmp_path, "Lanes help.", **{file: content}))
    collide = [f for f in check(corpus, annotate(corpus)) if f.kind == "conflicting words"]
    assert words.lower() in [finding.text.lower() for finding in collide], why
    assert all(finding.severity == "warning" for finding in collide)


def test_an_owner_may_replace_an_entry_of_the_package(tmp_path: Path) -> None:
    entry = '[[intervention]]\nid = "semaglutide"\nnames = ["semaglutide", "ozempic"]\n'
    corpus = open_corpus(corpus_of(tmp_path, "Lanes help.", interventions_toml=entry))
    assert not [f for f in check(corpus, annotate(corpus)) if f.kind == "conflicting words"]


def test_the_words_in_the_package_do_not_collide() -> None:
    shipped = Lists((), aspects(), interventions(), synonyms())
    assert not list(find_conflicts(shipped, Lists((), (), (), ())))


@pytest.mark.parametrize(("kind", "text", "line", "why"), CASES)
def test_finding(tmp_path: Path, kind: str, text: str, line: int, why: str) -> None:
    assert (kind, "documents/a.txt", line) in found(corpus_of(tmp_path, text)), why


def test_a_clean_document_has_no_finding(tmp_path: Path) -> None:
    assert found(corpus_of(tmp_path, "Lanes help [1]. Paint helps [2]." + LIST)) == []


ROWS = "| Trial | Effect |\n|---|---|\n| Lee | 5 men |\n| Roe | 6 men{} |\n\n"
ARTICLE = "## Methods\n\n{}\n\n## Results\n\n{}\n"
UNCITED = [
    # (text in Markdown, sentences that are reported, lines that sum up, why)
    ("Lanes help. They are wide.", 2, 0, "each on a line"),
    (ROWS.format(""), 0, 0, "rows of a table in which no row has a source"),
    (ROWS.format(" [1]"), 1, 0, "a row without a source beside one with a source"),
    (ARTICLE.format("We saw lanes. " * 8, "They were wide. " * 8), 0, 1, "an article reports its own study"),
    ("Lanes help. " * 30, 0, 1, "a long text without sources"),
    ("Lanes help. " * 15 + "Paint helps [1]. " * 16, 15, 0, "most sentences have a source"),
]


@pytest.mark.parametrize(("text", "each", "sums", "why"), UNCITED, ids=[why for *_, why in UNCITED])
def test_claims_without_a_source(tmp_path: Path, text: str, each: int, sums: int, why: str) -> None:
    """Of an article, the report has their number in one line, and the ledger has all of them."""
    folder = corpus_of(tmp_path, "")
    (folder / "documents" / "a.txt").rename(folder / "documents" / "a.md")
    (folder / "documents" / "a.md").write_text(text + LIST.replace("References", "## References\n"))
    (folder / "documents.toml").write_text('[[document]]\nfile = "a.md"\ntitle = "A"\n')
    corpus = open_corpus(folder)
    annotated = annotate(corpus)
    findings = [finding for finding in check(corpus, annotated) if finding.kind == "uncited claim"]
    assert [bool(finding.text) for finding in findings] == [True] * each + [False] * sums
    uncited = sum(line.kind == "claim" and line.status == "uncited" for line in ledger(annotated))
    assert uncited >= each
    assert all(f"{uncited} of " in finding.message for finding in findings if not finding.text)


def test_short_last_pages_are_no_error(tmp_path: Path) -> None:
    """ "1361-9" is 1361 to 1369."""
    text = "Lanes help [1].\n\nReferences\n1. Reyes A. Lanes. J Roads. 2019;4(2):1361-9.\n"
    assert found(corpus_of(tmp_path, text)) == []


def test_a_section_without_a_condition(corpus: Path) -> None:
    with (corpus / DOCUMENT).open("a") as document:
        document.write("\nCosts of care\nMost services charge by the session and by the hour, as the table shows.\n")
    condition = [f for f in found(corpus) if f[0] == "section without condition"]
    assert condition == []  # a sub-heading of the last condition: it inherits that one
    text = "Costs of care\nMost services charge by the session, and some by the hour.\n"
    (corpus / DOCUMENT).write_text(text)
    (corpus / "notes.toml").unlink()
    assert ("section without condition", DOCUMENT, 2) in found(corpus)


UNFIT = [
    ("note without its sentence", lambda t: t.replace("Key finding: The odds", "The odds"), "notes.toml"),
    ("question without its sentence", lambda t: t.replace("Craving scores were", "Craving was"), "questions.jsonl"),
]


@pytest.mark.parametrize(("kind", "change", "file"), UNFIT)
def test_notes_and_questions_that_no_longer_fit(
    corpus: Path, kind: str, change: Callable[[str], str], file: str
) -> None:
    (corpus / DOCUMENT).write_text(change((corpus / DOCUMENT).read_text()))
    assert (kind, file) in [(kind, file) for kind, file, _ in found(corpus)]


SHORT_LINES = [
    ("", 1, "none"),
    ("Fine.", 0, "one line"),
    ("x" * 100, 0, "the longest line that fits"),
    ("x" * 101, 1, "too long to stand at the head of a quotation on a phone"),
]


@pytest.mark.parametrize(("short", "findings", "why"), SHORT_LINES)
def test_the_short_line_of_a_note(corpus: Path, short: str, findings: int, why: str) -> None:
    notes = (corpus / "notes.toml").read_text().split("[[note]]")
    given = f'short = "{short}"' if short else ""
    note = "\n".join(given if line.startswith("short = ") else line for line in notes[1].splitlines())
    (corpus / "notes.toml").write_text(f"[[note]]{note}\n")
    assert [kind for kind, _, _ in found(corpus)].count("note's short line") == findings, why


def test_a_finding_in_an_owners_list_has_its_line(corpus: Path) -> None:
    works = (corpus / "references.json").read_text().rstrip().removesuffix("]").rstrip()
    work = '{\n    "type": "book",\n    "id": "never",\n    "issued": {"date-parts": [[2099]]}\n}'
    (corpus / "references.json").write_text(f"{works},\n{work}\n]\n")
    line = works.count("\n") + 4
    assert ("impossible reference", "references.json", line) in found(corpus)
    assert ("reference never cited", "references.json", line) in found(corpus)
    (corpus / DOCUMENT).write_text((corpus / DOCUMENT).read_text().replace("Craving scores were", "Craving was"))
    questions = (corpus / "questions.jsonl").read_text().splitlines()
    line = next(number for number, question in enumerate(questions, 1) if "Craving scores" in question)
    assert ("question without its sentence", "questions.jsonl", line) in found(corpus)


def test_the_ledger_names_unresolved_citations(tmp_path: Path) -> None:
    first, second = list(ledger(annotate(open_corpus(corpus_of(tmp_path, CASES[0][1])))))[:2]
    assert first.by == ("unresolved: Reyes, 2018",)
    assert first.status == "cited"
    assert len(second.by) == 1


def test_skipped_works_are_listed(tmp_path: Path) -> None:
    """An invalid entry does not prevent the start or affect other works, and its line is reported."""
    folder = corpus_of(tmp_path, "Lanes help [@good].")
    (folder / "references.json").write_text('[{"id": "good", "type": "book"},\n {"id": "bad",\n "type": "boook"}]')
    assert found(folder) == [("skipped", "references.json", 3)]


def test_what_a_reader_could_not_use_is_listed(tmp_path: Path) -> None:
    """With its line, as far as the file has lines."""
    folder = corpus_of(tmp_path, "Lanes help.")
    (tmp_path / "documents.toml").write_text('[[document]]\nfile = "a.md"\ntitle = "A"\n')
    (tmp_path / "documents" / "a.txt").rename(tmp_path / "documents" / "a.md")
    (tmp_path / "documents" / "a.md").write_text("---\ntitle: Lanes\ndate: in May\n---\n\nLanes help (Reyes, 2019).\n")
    assert ("trouble while reading", "documents/a.md", 3) in found(folder)


def test_what_was_repaired_in_a_bibliography_is_listed(tmp_path: Path) -> None:
    folder = corpus_of(tmp_path, "Lanes help [@k].")
    (tmp_path / "documents.toml").write_text('[[document]]\nfile = "a.txt"\ntitle = "A"\nbibliography = ["a.bib"]\n')
    (tmp_path / "documents" / "a.bib").write_text("@book{k,\n author = {Reyes, A.}\n title = {Lanes}, year = 2019}\n")
    assert ("trouble while reading", "documents/a.bib", 3) in found(folder)
    assert run("check", corpus=folder).exit_code == 0


def test_works_that_only_notes_use_are_not_reported() -> None:
    corpus = open_corpus(SHIPPED)
    assert not [f for f in check(corpus, annotate(corpus)) if f.kind == "reference never cited"]


def test_every_kind_has_a_case() -> None:
    """Each kind of finding must have a case."""
    tested = (
        {case[0] for case in CASES}
        | {case[0] for case in UNFIT}
        | {"section without condition", "conflicting words", "skipped", "same work twice", "trouble while reading"}
        | {"fault in a file", "not a document", "note's short line"}
        | {"retracted", "perhaps retracted", "row not read", "looked up"}  # tests/test_retractions.py
        | {"term that is not used", "term without source"}  # in test_glossary.py
    )
    assert tested == set(CHECKS)


def run(*arguments: str, corpus: Path) -> Result:
    """Run the command in this process; return its output and exit status."""
    unset = {name: None for name in os.environ if name.startswith("QA_")}
    return CliRunner().invoke(main, arguments, env={**unset, "COLUMNS": None, "QA_CORPUS": str(corpus)})


def exit_status(*arguments: str, corpus: Path) -> int:
    """Run the command in its own process, as CI does."""
    command = [sys.executable, "-m", "qa", *arguments]
    environment = python_environment(QA_CORPUS=str(corpus))
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, timeout=WAIT, check=False).returncode


def test_the_exit_code(corpus: Path, tmp_path: Path) -> None:
    assert run("check", corpus=corpus).exit_code == 0, "warnings alone do not fail"
    broken = corpus_of(tmp_path, CASES[0][1])
    assert exit_status("check", corpus=broken) == 1
    result = run("check", corpus=broken)
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert lines[0] == "documents/a.txt: errors: 1, warnings: 0"
    assert lines[1].startswith("  “A” (en). No date given. Sentences: ")
    assert lines[2] == "  error: unresolved citation (1)"


def test_the_report_is_grouped_by_document_and_kind(tmp_path: Path) -> None:
    """One line per finding; a message shared by all of them is printed once."""
    long = "Use no lane " + "that is not wide enough for all riders of the town " * 3 + "at any time."
    text = f"Lanes help (Reyes, 2018). Paint does (Ito, 2020).\nDo not ride faster than 20 km/h.\n{long}\nA 2023 review of 11 studies found so.\n\n"
    text += "References\nIto, B. (2020). Paint. J Roads, 5(1), 30-39.\nReyes, A. (2019). Lanes. J Roads, 4(2), 10-19.\n"
    folder = corpus_of(tmp_path, text)
    lines = run("check", corpus=folder).stdout.splitlines()
    assert lines[0] == "documents/a.txt: errors: 1, warnings: 4"
    assert [line for line in lines if not line.startswith(" ")] == lines[:1]
    place = lines.index("  warning: uncited claim (2): has no source. Add a citation if there is one.")
    assert lines[place + 1] == "    line 2: Do not ride faster than 20 km/h."
    assert lines[place + 2].startswith("    line 3: Use no lane")
    assert len(lines[place + 2]) < 120
    assert sum("matches no reference" in line for line in lines) == 1
    assert len(lines) == 2 + len(found(folder)) + len({kind for kind, _, _ in found(folder)})


def test_each_finding_is_printed_on_one_line() -> None:
    """Also where a citation is wrapped in the document."""
    wrapped = "matches no reference: Ito et\nal., 2020. Add it."
    other = "matches no reference: Wu, 2021. Add it."
    findings = [Finding("unresolved citation", "error", "a.txt", 3, "(Ito et\nal., 2020)", wrapped)]
    findings += [Finding("unresolved citation", "error", "a.txt", 5, "(Wu, 2021)", other)]
    assert list(as_report(findings))[2:] == [
        "    line 3: (Ito et al., 2020): matches no reference: Ito et al., 2020. Add it.",
        "    line 5: (Wu, 2021): matches no reference: Wu, 2021. Add it.",
    ]


def test_what_is_found_often_in_one_place_is_said_once() -> None:
    findings = [Finding("unresolved citation", "error", "a\nb.txt", 3, "[9]", "matches no reference.")] * 3
    findings += [Finding("unresolved citation", "error", "a\nb.txt", 4, "[9]", "matches no reference.")]
    assert list(as_report(findings)) == [
        "a b.txt: errors: 4, warnings: 0",
        "  error: unresolved citation (4): matches no reference.",
        "    line 3: [9] (3 times)",
        "    line 4: [9]",
    ]


def test_findings_as_json(corpus: Path) -> None:
    findings = json.loads(run("check", "--json", corpus=corpus).stdout)
    assert {finding["kind"] for finding in findings} == {"source without reference", "uncited claim"}


def test_the_ledger_has_a_line_for_every_sentence(corpus: Path) -> None:
    lines = run("check", "--ledger", corpus=corpus).stdout.splitlines()
    annotated = annotate(open_corpus(corpus))
    sentences = sum(len(document.sentences) for document in annotated.documents)
    assert len(lines) == sentences == len(list(ledger(annotated)))
    craving = next(line for line in lines if "Craving" in line)
    assert craving.split("\t")[:3] == [f"{DOCUMENT}:10", "inherited", "dakwar2019 (I4: the ketamine group)"]


LEDGER = [
    # (text, what the ledger gives for its first sentence, why)
    ("Lanes help [1,4]." + LIST,
     {"line": 1, "sentence": "Lanes help [1,4].", "kind": "claim", "status": "cited", "unresolved": ["4"],
      "works": [{"id": "reyes2019", "title": "Lanes", "raw": None}]}, "a work with its title, and an unresolved citation"),
    ("Lanes help riders of the town:\n\n- They see it [1].\n- And so do others.\n" + LIST,
     {"line": 1, "kind": "lead_in", "status": "uncited", "works": [], "unresolved": []}, "a lead-in"),
    ("A trial (Reyes et al., J Roads. 2019;4(2):10-19) saw it. The trial found more.",
     {"status": "cited", "works": [{"id": "reyes2019", "title": None, "raw": "Reyes et al., J Roads. 2019;4(2):10-19"}]},
     "a work known only from its citation"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wanted", "why"), LEDGER)
def test_the_ledger_as_json(tmp_path: Path, text: str, wanted: dict[str, object], why: str) -> None:
    first, *_ = json.loads(run("check", "--ledger", "--json", corpus=corpus_of(tmp_path, text)).stdout)
    assert {key: first[key] for key in wanted} == wanted, why
    assert first["file"] == "documents/a.txt"


CHANGES = [
    # (edit, kinds of change, why)
    (lambda t: t.replace("substantially lower", "clearly lower"), ["edited"], "a word"),
    (lambda t: t + "\nAn entirely new finding about sleep was added by the editor.", ["added"], "a new paragraph"),
    (lambda t: t.replace("Key finding: The odds of relapse were significantly lower in the ketamine group, suggesting a powerful biological \"reset\" effect.\n", ""), ["removed"], "a deleted paragraph"),
    (lambda t: t.replace("Efficacy: Days of Abstinence", "Days of Abstinence"), ["moved", "moved"], "a heading renamed"),
    (lambda t: t.replace("In a randomized clinical trial (Dakwar et al., Am J Psychiatry. 2019;176(11):923-930), a", "Once a"), ["edited", "support"], "a deleted citation: sentences that inherited it change too"),
    (lambda t: t, [], "nothing"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "kinds", "why"), CHANGES)
def test_changes(corpus: Path, change: Callable[[str], str], kinds: list[str], why: str) -> None:
    old = annotate(open_corpus(corpus)).documents
    (corpus / DOCUMENT).write_text(change((corpus / DOCUMENT).read_text()))
    new = annotate(open_corpus(corpus)).documents
    assert [each.kind for each in compare(old, new)] == kinds, why


def test_every_edited_passage_of_a_long_document_is_found(tmp_path: Path) -> None:
    """Also if more passages have changed than each is compared with, and in a different order."""
    places = [f"Road number {n} of ward {n * 7} has a lane that is used by {n + 100} riders a day." for n in range(60)]
    states = []
    for name, texts in (("old", places), ("new", [text.replace("used", "taken") for text in reversed(places)])):
        (tmp_path / name).mkdir()
        states.append(annotate(open_corpus(corpus_of(tmp_path / name, "\n\n".join(texts)))).documents)
    changes = compare(*states)
    assert {change.kind for change in changes} == {"edited"}
    assert len(changes) == 60
    assert all(str(change.after).replace("taken", "used") == change.before for change in changes)


def test_changes_on_the_command_line(corpus: Path) -> None:
    path = corpus / DOCUMENT
    path.write_text(path.read_text().replace("substantially lower", "clearly lower"))
    (change,) = orjson.loads(run("check", "--since", str(SHIPPED), "--json", corpus=corpus).stdout)
    assert change["kind"] == "edited"
    same = run("check", "--since", str(corpus), corpus=corpus)
    assert (same.stdout, same.stderr) == ("", f"changes since {corpus}: 0\n")
    assert "clearly lower" in change["after"]


def test_broken_documents_are_skipped_only_on_request(corpus: Path) -> None:
    (corpus / "documents" / "b.txt").write_bytes(b"\xff\xfe broken")
    with (corpus / "documents.toml").open("a") as listing:
        listing.write('\n[[document]]\nfile = "b.txt"\ntitle = "B"\n')
    refused = run("check", corpus=corpus)
    assert refused.exit_code == 1
    assert refused.stdout.startswith("documents/b.txt: errors: 1, warnings: 0"), "the gravest first"
    taken = run("check", "--skip-broken", corpus=corpus)
    assert taken.exit_code == 0
    assert "skipped: documents/b.txt:1" in taken.stderr


FAULTY = {
    "documents.toml": '[[document]]\nfile = "a.txt"\n[[document]]\nfile = "gone.txt"\n[[document]]\nfile = "b.txt"\ntitel = "B"\n'
    'lang = "en"\n',
    "documents/a.txt": "Lanes help (Reyes, 2018). Paint does (Ito, 2020).\n\nReferences\nReyes, A. (2019). Lanes. J Roads, 4(2), 10-19.\n"
    "Ito, B. (2020). Paint. J Roads, 5(1), 30-39.\n",
    "documents/b.txt": "Paint does not.",
    "documents/c.txt": "Not listed.",
    "conditions.toml": '[[condition]]\nid = "a b"\nlabel = "A"\n[[condition]]\nid = "c"\nlabel = "C"\nparent = "d"\n',
    "notes.toml": '[[note]]\ndocument = "x"\nsentence = "S."\nstatus = "good"\ntext = "T."\ndate = 2026-01-01\n'
    '[[note]]\ndocument = "y"\nsentence = "S."\nstatus = "agrees"\ntext = "T."\ndate = "soon"\n',
    "notices.toml": '[[notice]]\nid = "n"\ntitle = "N"\ntext = "T."\nconditions = ["c", "e"]\n',
    "questions.jsonl": '{"question": "Why?", "document": "b", "sentences": ["Paint"], "conditions": ["c"]}\n{"question": 5}\n{\n',
    "site.toml": 'owner = 5\ncontact = "somebody"\n',
    "synonyms.toml": '[[group]]\nwords = ["a"]\n[[group\n',
}
ALL_FAULTS = [
    # (file, line, words of the message)
    ("documents.toml", 4, 'there is no file "documents/gone.txt"'),
    ("documents.toml", 7, 'unknown key "titel"'),
    ("documents.toml", 8, 'unknown key "lang"'),
    ("documents/c.txt", None, "is not listed"),
    ("conditions.toml", 2, 'id "a b" is not valid'),
    ("conditions.toml", 7, 'there is no condition "d"'),
    ("notes.toml", 4, '"status" must be'),
    ("notes.toml", 8, 'there is no document "y"'),
    ("notes.toml", 12, "is not a date"),
    ("notices.toml", 5, 'there is no condition "e"'),
    ("site.toml", 1, '"owner" must be text'),
    ("site.toml", 2, "contact must be"),
    ("synonyms.toml", 3, "not valid TOML"),
    ("questions.jsonl", 2, '"question" must be text'),
    ("questions.jsonl", 3, "not valid JSON"),
]


def test_all_faults_are_listed_at_once(tmp_path: Path) -> None:
    """Each fault once, and none that only follows from another: what refers to a faulty entry is not reported."""
    for name, content in FAULTY.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(content)
    findings = json.loads(run("check", "--json", corpus=tmp_path).stdout)
    faults = [(f["file"], f["line"], f["message"]) for f in findings if f["kind"] == "fault in a file"]
    for file, line, words in ALL_FAULTS:
        assert any((file, line) == fault[:2] and words in fault[2] for fault in faults), words
    assert len(faults) == len(ALL_FAULTS)
    assert any(finding["kind"] == "unresolved citation" for finding in findings), "documents are checked all the same"
    with pytest.raises(CorpusError) as caught:
        open_corpus(tmp_path)
    assert len(caught.value.others) == len(ALL_FAULTS) - 1, "serving stops"
