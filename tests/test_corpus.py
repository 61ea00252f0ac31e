"""The corpus folder: the shipped one opens, a damaged one is refused with file, line and remedy, and the guide for
editors is correct."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qa.conditions import Vocabulary
from qa.corpus import Corpus, open_corpus
from qa.corpus.csl import KEYS
from qa.corpus.editorial import WrittenNote
from qa.errors import CorpusError
from qa.models import Aspect, Condition, GlossaryEntry, Intervention, Judgment, Notice, Provenance, Site, SynonymGroup
from qa.understanding.notices import Notices
from tests.conftest import number_of_examples

ROOT = Path(__file__).parent.parent
SHIPPED = ROOT / "corpus"
GUIDE = (ROOT / "docs" / "corpus.md").read_text(encoding="utf-8")
FIRST = "documents/ketamine-substance-use-disorders.txt"
OPTIONAL = (
    "conditions.toml",
    "references.json",
    "notes.toml",
    "notices.toml",
    "questions.jsonl",
    "site.toml",
    "glossary.toml",
)
VOCABULARIES = ("aspects.toml", "interventions.toml", "synonyms.toml")  # not in the shipped corpus


@pytest.fixture(scope="module")
def shipped() -> Corpus:
    return open_corpus(SHIPPED)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped corpus to damage."""
    return Path(shutil.copytree(SHIPPED, tmp_path / "corpus"))


# --- the shipped corpus---------------------------------------------------------------------------


def test_first_document_is_as_received(shipped: Corpus) -> None:
    [file] = shipped.files
    assert file.path == FIRST
    assert hashlib.sha256(file.data).hexdigest() == "ceb466472d04ee070ce65e3fa19d6d167248d8cd21be5199ae50738520fa6031"
    assert file.provenance == Provenance(
        "Ketamine for substance use disorders", language=""
    )  # nothing else is known of it


def test_shipped_vocabulary(shipped: Corpus) -> None:
    conditions = {condition.id: condition for condition in shipped.conditions}
    assert len(conditions) == 25
    assert conditions["heroin-dependence"].parent == "opioid-use-disorder"
    [cud] = [a for a in conditions["cocaine-use-disorder"].abbreviations if a.text == "CUD"]
    assert cud.ambiguous == ("cannabis-use-disorder",)
    assert "coke" in conditions["cocaine-use-disorder"].asked_as
    assert any("snow" in cued.words for cued in conditions["cocaine-use-disorder"].asked_as_with_cue)


def test_works_state_their_certainty(shipped: Corpus) -> None:
    for reference in shipped.references:
        custom = reference.csl["custom"]
        assert set(custom["certainty"]) == set(reference.csl) - {"id", "type", "custom"}
        assert custom["retraction"] == {"status": "unknown", "checked": "2026-11-23"}
    assert [reference.id for reference in shipped.references if reference.note_only] == ["kelson2023"]


def test_notes_quote_whole_sentences_that_occur_once(shipped: Corpus) -> None:
    text = shipped.files[0].data.decode()
    assert len(shipped.notes) == 5
    for note in shipped.notes:
        assert text.count(note.sentence) == 1
        before, after = text.split(note.sentence)
        assert before.endswith((" ", "\n"))
        assert after.startswith((" ", "\n"))
        assert (SHIPPED / note.file).read_text("utf-8").split("\n")[note.line - 1] == "[[note]]"


def test_questions_quote_first_words_that_occur_once(shipped: Corpus) -> None:
    text = shipped.files[0].data.decode()
    for judgment in shipped.judgments:
        assert all(text.count(sentence) == 1 for sentence in judgment.sentences), judgment.question
    examples = [judgment for judgment in shipped.judgments if judgment.example]
    assert len(examples) >= 6
    assert len({condition for judgment in examples for condition in judgment.conditions}) >= 4


def test_notices_give_no_telephone_number(shipped: Corpus) -> None:
    """Numbers differ between countries: the owner adds them; none are shipped."""
    assert not [notice.id for notice in shipped.notices if re.search(r"\d", notice.title + notice.text)]
    assert [notice.id for notice in shipped.notices if notice.always] == ["not-medical-advice"]
    assert {notice.id for notice in shipped.notices if notice.urgent} == {"suicidal-thoughts", "overdose"}


SUICIDE, OVERDOSE, PREGNANCY = "suicidal-thoughts", "overdose", "pregnancy"
SAYINGS = {
    # what people write in an emergency
    "I want to die": {SUICIDE},
    "i dont want to live anymore": {SUICIDE},
    "I don’t want to be here anymore": {SUICIDE},  # typographic apostrophe, as typed on phones
    "everyone would be better off without me": {SUICIDE},
    "thinking of ending it all, would ketamine help": {SUICIDE},
    "my son says he wants to die": {SUICIDE},
    "she keeps cutting herself": {SUICIDE},
    "I keep cutting myself when I drink": {SUICIDE},
    "Does ketamine reduce suicidal thoughts?": {SUICIDE},
    "KMS": {SUICIDE},
    "I think I took too much": {OVERDOSE},
    "my friend is not breathing": {OVERDOSE},
    "he isn't breathing": {OVERDOSE},
    "she od'd on heroin last year": {OVERDOSE},
    "he OD'd": {OVERDOSE},
    "my brother od’d": {OVERDOSE},
    "can you od on ketamine": {OVERDOSE},
    "what happens in an overdose": {OVERDOSE},
    "she won't wake up after drinking": {OVERDOSE},
    "his lips turned blue": {OVERDOSE},
    "I took too many pills because I want to die": {SUICIDE, OVERDOSE},
    "is it safe when pregnant": {PREGNANCY},
    "Can I have ketamine while breastfeeding?": {PREGNANCY},
    "breast-feeding and alcohol": {PREGNANCY},
    "we are having a baby in may": {PREGNANCY},
    "trying to conceive": {PREGNANCY},
    # everyday idioms, and words that look alike
    "I am dying to know whether it works": set(),
    "this craving is killing me": set(),
    "I could murder a drink": set(),
    "Does it kill the craving?": set(),
    "odd side effects of ketamine": set(),
    "odds of relapse": set(),
    "has odd dreams after ketamine": set(),
    "how much ketamine is given": set(),
    "was there too much bias in the trials": set(),
    "is it expected to work": set(),
    "does the baby boomer generation drink more": set(),
    "nursing care in detox": set(),
    "delivery of care": set(),
    "what does the study conceive of as relapse": set(),
    "did attention collapse": set(),
    "patients not responding to therapy": set(),
    "unconscious bias in trials": set(),
    "": set(),
}


@pytest.mark.parametrize("text", SAYINGS)
def test_sayings_trigger_notices(text: str, shipped: Corpus) -> None:
    called = Notices(shipped.notices, Vocabulary(shipped.conditions)).matching(text)
    assert {notice.id for notice in called if not notice.always} == SAYINGS[text]


# --- optional files -----------------------------------------------------------------


@pytest.mark.parametrize("file", OPTIONAL)
def test_optional_file_may_be_absent(file: str, folder: Path) -> None:
    for name in (
        OPTIONAL[OPTIONAL.index("notes.toml") :] if file in OPTIONAL[:2] else [file]
    ):  # these name the first two
        (folder / name).unlink()
    (folder / file).unlink(missing_ok=True)
    assert open_corpus(folder).files


def test_minimal_corpus(tmp_path: Path) -> None:
    """One document with a title is a corpus; everything else has a neutral default that names nobody."""
    write(tmp_path, {"documents.toml": '[[document]]\nfile = "a.md"\ntitle = "A"\n', "documents/a.md": "Text.\n"})
    corpus = open_corpus(tmp_path)
    assert (corpus.files[0].id, corpus.files[0].data) == ("a", b"Text.\n")
    assert (corpus.references, corpus.conditions, corpus.notes, corpus.notices, corpus.judgments) == ((),) * 5
    assert corpus.site.owner
    assert corpus.site.contact == ""


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


def test_what_editors_and_systems_produce_is_accepted(folder: Path) -> None:
    """A byte order mark and Windows line ends; dates with and without quotes; hidden files; a folder in documents/; a
    link within the folder, as container platforms mount files."""
    for file in (*OPTIONAL, "documents.toml"):
        text = (folder / file).read_bytes()
        (folder / file).write_bytes(b"\xef\xbb\xbf" + text.replace(b"\n", b"\r\n"))
    (folder / "documents" / ".DS_Store").write_bytes(b"\0")
    (folder / "documents" / "2024").mkdir()
    (folder / "documents" / "2024" / "b.txt").write_text("B.")
    (folder / "documents" / "c.txt").symlink_to("2024/b.txt")
    with (folder / "documents.toml").open("a") as more:
        more.write('[[document]]\nfile = "2024/b.txt"\ntitle = "B"\ndate = 2024-05-01\n')
        more.write('[[document]]\nfile = "c.txt"\nid = "C-1"\ntitle = "C"\ndate = "2024-05"\n')
    files = open_corpus(folder).files
    assert [file.id for file in files] == ["ketamine-substance-use-disorders", "b", "C-1"]
    assert [file.provenance.date for file in files] == [None, "2024-05-01", "2024-05"]
    assert open_corpus(folder).notes[1].line == 14


def test_the_line_of_a_note_is_right_despite_multi_line_strings(folder: Path) -> None:
    """What looks like the start of an entry may be inside a multi-line string."""
    (folder / "notes.toml").write_text(
        '[[note]]\ndocument = "ketamine-substance-use-disorders"\nsentence = "S."\nstatus = "agrees"\ndate = 2026-01-01\n'
        'text = """\n[[note]]\nstatus = 5\n"""\n\n'
        '[["note"]]\ndocument = "ketamine-substance-use-disorders"\nsentence = "T."\nstatus = "agrees"\ntext = "U."\ndate = 2026\n'
    )
    assert fault(folder).line == 16
    (folder / "notes.toml").write_text((folder / "notes.toml").read_text().replace("= 2026\n", "= 2026-01-02\n"))
    assert [note.line for note in open_corpus(folder).notes] == [1, 11]


# --- damage --------------------------------------------------------------------------------------


def fault(folder: Path) -> CorpusError:
    """The fault that prevents opening, or the fault of the one work that was skipped."""
    found = opened_or_refused(folder)
    [found] = found.left_out if isinstance(found, Corpus) else [found]
    assert "\n" not in str(found)
    return found


def opened_or_refused(folder: Path) -> Corpus | CorpusError:
    try:
        return open_corpus(folder)
    except CorpusError as error:
        return error


class Damage(NamedTuple):
    """Replace `old` with `new` in `file`: the message must name the file and a line containing `at`, and say `says`."""

    file: str
    old: str
    new: str
    at: str
    says: tuple[str, ...]


DAMAGES = {
    # syntax
    "TOML: quote not closed": Damage(
        "site.toml", 'demonstration"', "demonstration", "owner = ", ("not valid TOML", "Correct this line")
    ),
    "TOML: bracket open to the end": Damage(
        "documents.toml", "[[document]]", "[[document]]\nx = [", "file", ("not valid TOML",)
    ),
    "JSON: comma missing": Damage(
        "references.json",
        '"type": "article-journal",',
        '"type": "article-journal"',
        '"title"',
        ("not valid JSON at column", "missing or extra quote"),
    ),
    "JSON: not a list": Damage("references.json", "[", '{"a": 1} [', '{"a"', ("not valid JSON",)),
    "JSONL: brace missing": Damage(
        "questions.jsonl", '"asker": "policy"}', '"asker": "policy"', '"asker": "policy"', ("not valid JSON",)
    ),
    "JSONL: not an object": Damage(
        "questions.jsonl", '{"question": "What dose', '5\n{"question": "What dose', "5", ("must be an object",)
    ),
    "keys outside an entry": Damage(
        "notes.toml", "[[note]]", 'status = "agrees"\n[[note]]', 'status = "agrees"', ("outside an entry", "[[note]]")
    ),
    "entry header misspelt": Damage(
        "notices.toml",
        '[[notice]]\nid = "pregnancy"',
        '[[notices]]\nid = "pregnancy"',
        "[[notices]]",
        ("outside an entry", "[[notice]]"),
    ),
    "entry header with one bracket": Damage(
        "documents.toml", "[[document]]", "[document]", "[document]", ("list of entries", "[[document]]")
    ),
    # keys and types
    "misspelt key": Damage(
        "notes.toml",
        "sentence = ",
        "sentense = ",
        "sentense = ",
        ('unknown key "sentense"', 'Did you mean "sentence"?'),
    ),
    "key that has another name now": Damage(
        "notes.toml", 'words = ["relapse"]', 'bears_on = ["relapse"]', "bears_on", ('"bears_on" is now called "words"',)
    ),
    "key that is no longer used": Damage(
        "aspects.toml",
        'kind = "soft"',
        'kind = "soft"\nbound = true',
        "bound",
        ('"bound" is no longer used. Remove it.',),
    ),
    "key that only the product sets": Damage(
        "notes.toml", 'status = "partly"', 'status = "partly"\nline = 3', "line = 3", ('unknown key "line"',)
    ),
    "key missing": Damage(
        "documents.toml",
        'file = "ketamine-substance-use-disorders.txt"',
        "",
        "[[document]]",
        ('"file" is missing', "Add it"),
    ),
    "wrong type: number for text": Damage(
        "documents.toml",
        'title = "Ketamine for substance use disorders"',
        "title = 5",
        "title = 5",
        ('"title" must be text in quotes',),
    ),
    "wrong type: text for a switch": Damage(
        "notices.toml", "\nalways = true", '\nalways = "yes"', 'always = "yes"', ("must be true or false",)
    ),
    "wrong type: text for a list": Damage(
        "notes.toml",
        'words = ["relapse"]',
        'words = "relapse"',
        'words = "relapse"',
        ("must be a list in square brackets",),
    ),
    "status that is none": Damage(
        "notes.toml",
        '"contradicted"',
        '"wrong"',
        'status = "wrong"',
        ("'agrees', 'partly', 'contradicted' or 'unchecked'",),
    ),
    "misspelt key within a list": Damage(
        "conditions.toml",
        '{ text = "SUDs" }',
        '{ text = "SUDs", ambigous = [] }',
        "abbreviations",
        ('"abbreviations[2]"', 'unknown key "ambigous"', 'Did you mean "ambiguous"?'),
    ),
    "key missing within a list": Damage(
        "conditions.toml",
        '{ text = "SUDs" }',
        '{ txt = "SUDs" }',
        "abbreviations",
        ('"abbreviations[2].text" is missing',),
    ),
    "empty name": Damage(
        "conditions.toml", '"addictive disorder"', '" "', "names", ('"names[3]" is empty', "remove it")
    ),
    "number beyond storing": Damage(
        "documents.toml", "title =", f"date = 1{'0' * 30}\ntitle =", "[[document]]", ("cannot be stored",)
    ),
    "key that CSL-JSON does not have": Damage(
        "references.json",
        '"DOI": "10.1176/appi.ajp.2019',
        '"doi": "10.1176/appi.ajp.2019',
        '"doi": ',
        ('unknown key "doi"', 'Did you mean "DOI"?'),
    ),
    "extension outside custom": Damage(
        "references.json",
        '"volume": "16"',
        '"note_only": true, "volume": "16"',
        '"note_only": true, "volume"',
        ('unknown key "note_only"',),
    ),
    "misspelt key within custom": Damage(
        "references.json", '"note_only"', '"noteonly"', '"custom"', ('unknown key "noteonly"',)
    ),
    "name of an author as text": Damage(
        "references.json",
        '[{"family": "Dakwar", "given": "E."}]',
        '["Dakwar E"]',
        '["Dakwar E"]',
        ('"author[1]" must be keys with values',),
    ),
    "certainty of a key that is not there": Damage(
        "references.json",
        '"PMCID": "single source"',
        '"ISSN": "single source"',
        '"custom"',
        ('"ISSN", which this entry does not have',),
    ),
    "day of looking up that is no day": Damage(
        "references.json",
        '"checked": "2026-11-23"}\n    }\n  },\n  {\n    "id": "shen',
        '"checked": "soon"}\n    }\n  },\n  {\n    "id": "shen',
        '"custom"',
        ("not a date", "2026-11-23"),
    ),
    # ids
    "work without type": Damage(
        "references.json",
        '"id": "shen2025",\n    "type": "article-journal",',
        '"id": "shen2025",',
        "{",
        ('"type" is missing. Add it',),
    ),
    "id twice, conditions": Damage(
        "conditions.toml",
        'id = "ptsd"',
        'id = "ocd"',
        'id = "ocd"',
        ('id "ocd" occurs twice, first on line', "Change or remove one"),
    ),
    "id twice, references": Damage(
        "references.json",
        '"id": "shen2025"',
        '"id": "grabski2022"',
        '"id": "grabski2022"',
        ('id "grabski2022" occurs twice, first on line 3',),
    ),
    "id twice, notices": Damage(
        "notices.toml", 'id = "pregnancy"', 'id = "overdose"', 'id = "overdose"', ('id "overdose" occurs twice',)
    ),
    "question twice": Damage(
        "questions.jsonl",
        "What dose of ketamine was given in the alcohol trial?",
        "Does ketamine help people with alcohol use disorder stay abstinent?",
        "stay abstinent?",
        ("occurs twice, first on line 1",),
    ),
    "file listed twice": Damage(
        "documents.toml",
        "[[document]]",
        f'[[document]]\nfile = "./{Path(FIRST).name}"\ntitle = "T"\nid = "t"\n[[document]]',
        f'file = "{Path(FIRST).name}"',
        ("occurs twice",),
    ),
    "id that fits no address": Damage(
        "conditions.toml", 'id = "ptsd"', 'id = "p/t sd"', 'id = "p/t sd"', ("is not valid", "no spaces")
    ),
    # missing things
    "unknown parent": Damage(
        "conditions.toml",
        'parent = "major-depressive-disorder"',
        'parent = "depression"',
        'parent = "depression"',
        ('no condition "depression"', "add the condition"),
    ),
    "parents in a circle": Damage(
        "conditions.toml",
        'id = "substance-use-disorder"',
        'id = "substance-use-disorder"\nparent = "heroin-dependence"',
        'parent = "heroin-dependence"',
        (
            "form a cycle: substance-use-disorder → heroin-dependence → opioid-use-disorder → substance-use-disorder",
            "Remove one parent",
        ),
    ),
    "ambiguous with an unknown condition": Damage(
        "conditions.toml",
        'ambiguous = ["cannabis-use-disorder"]',
        'ambiguous = ["cannabis"]',
        "abbreviations",
        ('no condition "cannabis"',),
    ),
    "note to an unknown document": Damage(
        "notes.toml",
        'document = "ketamine-substance-use-disorders"',
        'document = "ketamine"',
        'document = "ketamine"',
        ('no document "ketamine"', "Correct the id"),
    ),
    "note to an unknown reference": Damage(
        "notes.toml",
        'reference = "kelson2023"',
        'reference = "kelson2022"',
        'reference = "kelson2022"',
        ('no reference "kelson2022"', 'Did you mean "kelson2023"?'),
    ),
    "note with a condition": Damage(
        "notes.toml",
        'status = "partly"',
        'status = "partly"\ncondition = "gout"',
        'condition = "gout"',
        ('unknown key "condition"', "Known keys:"),
    ),
    "unknown condition in a notice": Damage(
        "notices.toml",
        '["opioid-overdose"]',
        '["overdose"]',
        'conditions = ["overdose"]',
        ('no condition "overdose"', 'Did you mean "opioid-overdose"?'),
    ),
    "unknown condition in a question": Damage(
        "questions.jsonl", '["tobacco-use-disorder"]', '["smoking"]', "smoking", ('no condition "smoking"',)
    ),
    "unknown document in a question": Damage(
        "questions.jsonl",
        '"document": "ketamine-substance-use-disorders"',
        '"document": "other"',
        '"other"',
        ('no document "other"',),
    ),
    "document listed but absent": Damage(
        "documents.toml",
        "ketamine-substance-use-disorders.txt",
        "ketamin-substance-use-disorders.txt",
        "file =",
        ("there is no file", f'Did you mean "{Path(FIRST).name}"?'),
    ),
    "document outside the folder": Damage(
        "documents.toml",
        "ketamine-substance-use-disorders.txt",
        "../site.toml",
        "../site.toml",
        ("is outside documents/",),
    ),
    "document by its whole path": Damage(
        "documents.toml",
        "ketamine-substance-use-disorders.txt",
        "/etc/hostname",
        "/etc/hostname",
        ("is outside documents/",),
    ),
    # entries without effect
    "notice that nothing calls up": Damage(
        "notices.toml",
        "\nalways = true",
        "\nalways = false",
        'id = "not-medical-advice"',
        ("this notice is never shown", "Add words"),
    ),
    "notice by a word without letters": Damage(
        "notices.toml", '"pregnant",', '"!",', "words", ('"!" has no letter or digit', "Remove it")
    ),
    "example without an answer": Damage(
        "questions.jsonl",
        '"kind": "not covered"',
        '"example": true, "kind": "not covered"',
        '"not covered"',
        ("an example must have an answer",),
    ),
    "sentences without a document": Damage(
        "questions.jsonl",
        '"document": "ketamine-substance-use-disorders", ',
        "",
        '"question": "Does ketamine help people with',
        ("without a document", "Add the document's id"),
    ),
    "contact that a browser would run": Damage(
        "site.toml",
        "mailto:corrections@example.org",
        "javascript:alert(1)",
        "contact =",
        ('"mailto:name@example.org"',),
    ),
    "note without a real date": Damage(
        "notes.toml",
        "date = 2026-11-23",
        'date = "2026-02-30"',
        'date = "2026-02-30"',
        ("is not a date. Write it as 2026-11-23",),
    ),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_damage_is_named_with_file_line_and_remedy(name: str, folder: Path) -> None:
    damage = DAMAGES[name]
    whole = (folder / damage.file).read_text("utf-8")
    assert damage.old in whole, "the table is out of date"
    (folder / damage.file).write_text(whole.replace(damage.old, damage.new, 1), encoding="utf-8")
    found = fault(folder)
    assert found.file == damage.file
    assert found.line
    assert damage.at in (folder / damage.file).read_text("utf-8").split("\n")[found.line - 1]
    for words in damage.says:
        assert words in str(found)


def remove_folder(folder: Path) -> None:
    shutil.rmtree(folder)


def remove_documents(folder: Path) -> None:
    shutil.rmtree(folder / "documents")
    (folder / "documents.toml").unlink()


def empty_listing(folder: Path) -> None:
    shutil.rmtree(folder / "documents")
    (folder / "documents.toml").write_text("# nothing yet\n")


def add_unlisted(folder: Path) -> None:
    (folder / "documents" / "a" / "new-trial.md").parent.mkdir()
    (folder / "documents" / "a" / "new-trial.md").write_text("New.")


def odd_name(folder: Path) -> None:
    """A name that is not UTF-8 must not break the message about it."""
    (folder / "documents" / os.fsdecode(b"\xff.txt")).write_text("x")


def link_out(folder: Path) -> None:
    (folder.parent / "secret.txt").write_text("secret")
    (folder / FIRST).unlink()
    (folder / FIRST).symlink_to(folder.parent / "secret.txt")


def link_file_out(folder: Path) -> None:
    shutil.move(folder / "notes.toml", folder.parent / "notes.toml")
    (folder / "notes.toml").symlink_to(folder.parent / "notes.toml")


def link_to_itself(folder: Path) -> None:
    (folder / "notes.toml").unlink()
    (folder / "notes.toml").symlink_to("notes.toml")


def folder_for_file(folder: Path) -> None:
    (folder / "site.toml").unlink()
    (folder / "site.toml").mkdir()


def pipe_for_document(folder: Path) -> None:
    """Opening a pipe would block forever."""
    (folder / FIRST).unlink()
    os.mkfifo(folder / FIRST)


def broken_link(folder: Path) -> None:
    (folder / FIRST).unlink()
    (folder / FIRST).symlink_to("gone.txt")


def not_utf8(folder: Path) -> None:
    text = (folder / "notices.toml").read_bytes()
    (folder / "notices.toml").write_bytes(text + "# Müller\n".encode("latin-1"))


def same_ids(folder: Path) -> None:
    (folder / "documents" / Path(FIRST).with_suffix(".md").name).write_text("x")
    with (folder / "documents.toml").open("a") as more:
        more.write(f'[[document]]\nfile = "{Path(FIRST).with_suffix(".md").name}"\ntitle = "T"\n')


def name_no_address(folder: Path) -> None:
    (folder / "documents" / "Über uns.txt").write_text("x")
    with (folder / "documents.toml").open("a") as more:
        more.write('[[document]]\nfile = "Über uns.txt"\ntitle = "T"\n')


FOLDERS: dict[Callable[[Path], None], tuple[str, ...]] = {
    remove_folder: ("there is no such corpus folder", "QA_CORPUS"),
    remove_documents: ("has no document", "Put your files into it"),
    empty_listing: ("documents.toml: lists no document", "delete the file to have all documents read"),
    add_unlisted: ("documents/a/new-trial.md: is not listed", 'file = "a/new-trial.md"', "move the file out"),
    odd_name: ("is not listed",),
    link_out: ("documents.toml:5:", "links to a file outside the corpus folder", "Replace the link"),
    link_file_out: ("notes.toml: links to a file outside the corpus folder",),
    link_to_itself: ("notes.toml: cannot be read", "Make it readable"),
    folder_for_file: ("site.toml: is not a file",),
    pipe_for_document: ("documents.toml:5:", "is not a file"),
    broken_link: ("documents.toml:5:", "is not a file"),
    not_utf8: ("notices.toml:", "is not valid UTF-8. Save the file as UTF-8"),
    same_ids: ("documents.toml:7:", 'id "ketamine-substance-use-disorders" occurs twice', "first on line 4"),
    name_no_address: ("documents.toml:8:", "is not a valid document id", 'id = "my-document"'),
}


@pytest.mark.parametrize("damage", FOLDERS, ids=lambda damage: damage.__name__)
def test_folder_that_is_not_a_corpus(damage: Callable[[Path], None], folder: Path) -> None:
    damage(folder)
    found = fault(folder)
    str(found).encode()
    for words in FOLDERS[damage]:
        assert words in str(found)


# One entry of every kind, so that an example takes only a millisecond.
SMALL = {
    "documents.toml": '[[document]]\nfile = "a.md"\nid = "a"\ntitle = "A"\ndate = 2026-01-02\n',
    "documents/a.md": "# Gout\n\nDrug X helps in gout (Reyes et al., 2019). Rest did not help.\n",
    "conditions.toml": '[[condition]]\nid = "gout"\nlabel = "Gout"\nabbreviations = [{ text = "G" }]\nnames = ["podagra"]\n'
    'asked_as = ["sore toe"]\n',
    "references.json": '[{"id": "reyes2019", "type": "article-journal", "title": "X", "issued": {"date-parts": [[2019]]},\n'
    ' "author": [{"family": "Reyes", "given": "A."}], "page": "1-9", "DOI": "10.1000/x"}]\n',
    "glossary.toml": '[[term]]\nterm = "Gout"\nmeaning = "A disease."\nsource = "S"\nforms = ["podagra"]\n',
    "notes.toml": '[[note]]\ndocument = "a"\nsentence = "Rest did not help."\nstatus = "partly"\ntext = "It says more."\n'
    'reference = "reyes2019"\ndate = 2026-11-23\n',
    "notices.toml": '[[notice]]\nid = "help"\ntitle = "Help"\ntext = "Call."\nurgent = true\nconditions = ["gout"]\n'
    'words = ["want to die"]\n',
    "questions.jsonl": '{"question": "Does X help?", "document": "a", "sentences": ["Drug X helps"], "conditions": ["gout"]}\n',
    "site.toml": 'owner = "O"\nintro = "Ask."\nfooter = "F."\ncontact = "mailto:a@example.org"\n',
}


def test_the_small_corpus_has_no_fault(tmp_path: Path) -> None:
    write(tmp_path, SMALL)
    assert isinstance(opened_or_refused(tmp_path), Corpus)


@pytest.mark.parametrize("file", [*OPTIONAL, "documents.toml"])
@settings(max_examples=number_of_examples(150), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_bytes_raise_anything_but_a_corpus_error(file: str, data: st.DataObject, tmp_path: Path) -> None:
    """Whatever happens to a file, its owner sees a CorpusError, not a traceback."""
    write(tmp_path, SMALL)
    whole = SMALL[file].encode()
    start = data.draw(st.integers(0, len(whole)))
    end = data.draw(st.one_of(st.integers(start, min(len(whole), start + 20)), st.just(len(whole))))
    new = data.draw(st.one_of(st.binary(max_size=12), st.text("[]{}\"'=,.:#\\\n\0 a1-", max_size=8).map(str.encode)))
    (tmp_path / file).write_bytes(whole[:start] + new + whole[end:])
    outcome = opened_or_refused(tmp_path)
    assert "\n" not in str(outcome)
    str(outcome).encode()


@pytest.mark.parametrize(
    "text", ["[" * 5000, '{"a":' * 5000, "[{" * 3000, "9" * 5000, '["\\ud800"]', "[1e999]", "null", ""]
)
@pytest.mark.parametrize("file", [*OPTIONAL, "documents.toml"])
def test_extreme_input_is_a_fault_and_not_a_crash(file: str, text: str, folder: Path) -> None:
    (folder / file).write_text(text)
    (folder / "notes.toml").write_text(text if file == "notes.toml" else "")  # which name works
    may_be_empty = {"notes.toml", "notices.toml", "site.toml", "questions.jsonl", "glossary.toml"}
    if file == "references.json" and text in ('["\\ud800"]', "[1e999]"):  # one odd entry
        assert str(fault(folder)).startswith("references.json:1: an entry must be an object")
    else:
        assert isinstance(opened_or_refused(folder), Corpus if text == "" and file in may_be_empty else CorpusError)


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=4), inner, max_size=2),
    max_leaves=4,
)
CSL_KEYS = ["id", "type", "custom", "categories", *(key for _, keys in KEYS for key in keys.split())]


@settings(max_examples=number_of_examples(150), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(entry=st.dictionaries(st.sampled_from(CSL_KEYS), JSON_VALUES, max_size=4))
def test_no_value_of_a_reference_raises_anything_but_a_fault(entry: dict[str, object], tmp_path: Path) -> None:
    work = {"id": "a", "type": "book", **entry}
    write(tmp_path, {"documents.toml": '[[document]]\nfile = "a.md"\ntitle = "A"\n', "documents/a.md": "Text.\n"})
    (tmp_path / "references.json").write_text(json.dumps([work]))
    corpus = open_corpus(tmp_path)
    if corpus.left_out:
        assert {(fault.file, fault.line) for fault in corpus.left_out} == {("references.json", 1)}
        assert not corpus.references
    else:
        (taken,) = corpus.references
        (tmp_path / "references.json").write_text(json.dumps([taken.csl]))
        assert open_corpus(tmp_path).references == (taken,), "normalising twice changes nothing"


VOCABULARY_FAULTS = [
    # (file, text, line, words of the message)
    ("aspects.toml", '[[aspect]]\nid = "a"\nlabel = "A"\nkind = "rare"\n', 4, "general"),
    ("aspects.toml", '[[aspect]]\nid = "a"\nlabel = "A"\nkind = "soft"\ncues = ["a"]\n', 2, "evidence"),
    (
        "aspects.toml",
        '[[aspect]]\nid = "a"\nlabel = "A"\nkind = "soft"\ncue_patterns = ["("]\nevidence = ["a"]\n',
        5,
        "regular expression",
    ),
    ("interventions.toml", '[[intervention]]\nid = "a"\nnames = []\n', 3, "at least one name"),
    ("synonyms.toml", '[[group]]\nwords = ["a"]\n', 2, "at least two"),
    ("glossary.toml", '[[term]]\nterm = "A"\n', 1, '"meaning" is missing'),
    ("glossary.toml", '[[term]]\nterm = "A"\nmeaning = " "\n', 3, "is empty"),
    ("glossary.toml", '[[term]]\nterm = "!"\nmeaning = "M"\n', 2, "never matches"),
    ("glossary.toml", '[[term]]\nterm = "A"\nmeaning = "M"\n\n[[term]]\nterm = "a"\nmeaning = "N"\n', 6, "twice"),
    ("glossary.toml", '[[term]]\nterm = "A"\nmeaning = "M"\nforms = ["b", "B"]\n', 4, "twice"),
    ("glossary.toml", '[[term]]\nterm = "A"\nmeening = "M"\n', 3, 'Did you mean "meaning"'),
    ("glossary.toml", '[[word]]\nterm = "A"\nmeaning = "M"\n', 1, "outside an entry"),
]


@pytest.mark.parametrize(("file", "text", "line", "words"), VOCABULARY_FAULTS)
def test_faults_in_vocabularies(file: str, text: str, line: int, words: str, folder: Path) -> None:
    write(folder, {file: text})
    with pytest.raises(CorpusError, match=words) as caught:
        open_corpus(folder)
    assert (caught.value.file, caught.value.line) == (file, line)


# --- the guide for editors -----------------------------------------------------------------------


def examples() -> list[tuple[str, str]]:
    """The example files in docs/corpus.md, each named above its code block as **`file`**."""
    return re.findall(r"^\*\*`([\w./-]+)`\*\*\n\n```\w*\n(.*?)^```", GUIDE, re.M | re.S)


def test_examples_of_the_guide_are_a_corpus(tmp_path: Path) -> None:
    shown = examples()
    assert {name for name, _ in shown} == {"documents.toml", "documents/gout-diet.md", *OPTIONAL, *VOCABULARIES}
    assert len(shown) == GUIDE.count("```") // 2, "every block names its file"
    write(tmp_path, dict(shown))
    corpus = open_corpus(tmp_path)
    assert all((corpus.files, corpus.references, corpus.conditions, corpus.notes, corpus.notices, corpus.judgments))
    for note in corpus.notes:
        assert corpus.files[0].data.decode().count(note.sentence) == 1


@pytest.mark.parametrize(
    "model",
    [Provenance, Condition, WrittenNote, Notice, Judgment, Site, Aspect, Intervention, SynonymGroup, GlossaryEntry],
    ids=lambda m: m.__name__,
)
def test_the_guide_explains_every_key(model: type) -> None:
    explained = set(re.findall(r"^\| `(\w+)` \|", GUIDE, re.M))
    not_written = {WrittenNote: {"file", "line"}, Provenance: {"date_from", "retraction"}}  # not by the editor
    own = not_written.get(model, set())
    assert set(model.__dataclass_fields__) - own <= explained  # type: ignore[attr-defined]
