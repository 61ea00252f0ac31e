"""A folder of documents without documents.toml: everything in it is read, and what is not is named."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from qa.cli import main
from qa.corpus import look_at_corpus, open_corpus
from qa.errors import CorpusError
from qa.indexing import readings
from qa.indexing.ingest import Annotated, annotate, annotate_each
from qa.indexing.publish import open_published
from qa.settings import read_settings
from qa.web import create_app
from testkit.books import book
from testkit.corpora import PAGES, ROOT
from testkit.print_pages import Placed, paragraphs, text_file
from testkit.word_documents import WordFile, paragraph
from testkit.word_documents import run as written

LANES = "# Bicycle lanes\n\nProtected lanes halve injuries among riders. Paint alone does not help much.\n"
LONG = "\n\n".join(
    f"In ward {n * 7} the lane of road number {n} was used by {n + 100} riders a day." for n in range(20)
)


def run(*arguments: str, corpus: Path) -> Result:
    return CliRunner().invoke(main, arguments, env={"QA_CORPUS": str(corpus), "QA_ENCODER": "off", "COLUMNS": None})


def folder_of(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def read(folder: Path) -> Annotated:
    return annotate(open_corpus(folder))


FOUND = [
    # (files, paths of the documents, why)
    (["a.md", "b/c.txt"], ["a.md", "b/c.txt"], "the folder itself and its subfolders"),
    (["documents/a.md", "b.md"], ["documents/a.md"], "only what is in documents/, if there is such a folder"),
    (["a.md", ".b.md", ".git/c.md", "~$a.docx", "Thumbs.db", ".DS_Store", "d.md~"], ["a.md"], "left by programs"),
    (["a.md", "README", "readme.md", "LICENSE.txt", "LICENCE", "b/README.de.md"], ["a.md"], "about the folder"),
    (["a.md", "licensed-premises.md"], ["a.md", "licensed-premises.md"], "names that only begin like these"),
    (["a.md", "b_files/c.txt", "b.txt"], ["a.md", "b.txt", "b_files/c.txt"], "a folder that belongs to no page"),
    (["a.md", "page.html", "page_files/style.txt"], ["a.md"], "what a browser saves beside a page"),
    (["a.md", "site.toml", "notes.toml"], ["a.md"], "the owner's other files"),
]  # fmt: skip


@pytest.mark.parametrize(("files", "documents", "why"), FOUND)
def test_what_is_a_document(tmp_path: Path, files: list[str], documents: list[str], why: str) -> None:
    folder_of(tmp_path, {name: "" if name.endswith(".toml") else f"On {name}.\n\n{LANES}" for name in files})
    found = [file.path for file in open_corpus(tmp_path).files if not file.path.endswith(".html")]
    assert found == documents, why


IDS = [
    # (names of files, ids, why)
    (["Bike lanes (final).md"], ["Bike-lanes-final"], "only characters that addresses may have"),
    (["Größe.md", "naïve.txt"], ["Grosse", "naive"], "accents"),
    (["a.md", "a.txt", "b.txt"], ["a.md", "a.txt", "b"], "with the ending where the name is not enough"),
    (["x/a.md", "y/a.md"], ["x-a.md", "y-a.md"], "with the folder where that is not enough"),
    (["血.md", "肺.md"], ["document-2", "document-3"], "nothing that an address may have"),
]


@pytest.mark.parametrize(("names", "ids", "why"), IDS)
def test_ids(tmp_path: Path, names: list[str], ids: list[str], why: str) -> None:
    folder_of(tmp_path, dict.fromkeys(names, LANES))
    assert sorted(file.id for file in open_corpus(tmp_path).files) == sorted(ids), why


GUESSES = [
    # (name, content, title, date, who gives the date, language, why)
    ("a.md", LANES, "Bicycle lanes", None, None, "en", "the first heading"),
    ("a.md", f"---\ntitle: Lanes\ndate: 2024-05-01\nlang: fr\n---\n{LANES}", "Lanes", "2024-05-01", "file", "fr", "front matter"),
    ("bike-lanes.txt", "Protected lanes halve the injuries of the people who ride on them.", "bike-lanes", None, None, "en", "the file's name"),
    ("lanes.txt", "Protected lanes halve the injuries of the people who ride on them. They are also used more.\n\nCosts\nThey cost little.\n", "lanes", None, None, "en", "a heading further down is no title"),
    ("a.md", "# Radwege\n\nGeschützte Radwege sind für die Fahrer nicht nur sicher, sie werden auch von allen genutzt.\n", "Radwege", None, None, "de", "the words tell the language"),
    ("lanes.md", "# Introduction\n\nThe lanes are safe.\n\n# Conclusion\n\nThey were used by all.\n", "lanes", None, None, "en", "headings of parts are no title"),
    ("a.md", "Massage and tablets\nfor back pain\n===\n\nThe pain fell in both of the groups that were treated.\n", "Massage and tablets for back pain", None, None, "en", "a wrapped title is one line"),
    ("a.md", "---\ntitle: Microsoft Word - final2.doc\n---\n# Lanes\n\nThe lanes are safe.\n", "Lanes", None, None, "en", "a title that a program made up"),
    ("lanes.md", "Protected lanes help.\n\n# References\n\n1. Reyes A. Lanes. J Roads. 2019;4:1-9.\n", "lanes", None, None, "en", "a heading that many documents have is no title"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "content", "title", "date", "source", "language", "why"), GUESSES)
def test_what_is_known_of_a_document(
    tmp_path: Path, name: str, content: str, title: str, date: str | None, source: str | None, language: str, why: str
) -> None:
    [document] = read(folder_of(tmp_path, {name: content})).documents
    about = document.provenance
    assert (about.title, about.date, about.date_from, about.language) == (title, date, source, language), why


def test_who_gives_the_date_is_said(tmp_path: Path) -> None:
    """A date of the file is not one that the owner vouches for."""
    folder_of(tmp_path, {"a.md": f"---\ndate: 2024-05-01\n---\n{LANES}"})
    answered = run("ask", "Do protected lanes halve injuries?", "--json", corpus=tmp_path).stdout
    assert '"date_from": "file"' in answered


BIB = "@article{reyes2019, author = {Reyes, A.}, title = {Lanes}, journal = {J Roads}, year = {2019}}"
LISTS = [
    # (names of files, the list of each document, what is left out, why)
    (["a.md", "a.bib", "b.md"], {"a.md": ["a.bib"], "b.md": []}, [], "of the same name"),
    (["a.md", "b.md", "refs.bib"], {"a.md": ["refs.bib"], "b.md": ["refs.bib"]}, [], "alone in the folder"),
    (["a.md", "x/refs.bib", "x/b.md"], {"a.md": [], "x/b.md": ["x/refs.bib"]}, [], "in each folder"),
    (["refs.bib", "x/y/b.md"], {"x/y/b.md": ["refs.bib"]}, [], "in the next folder above that has one"),
    (["a.md", "r.bib", "s.bib"], {"a.md": []}, ["r.bib", "s.bib"], "two lists that could both be meant"),
]  # fmt: skip


@pytest.mark.parametrize(("names", "lists", "left_out", "why"), LISTS)
def test_lists_of_works(
    tmp_path: Path, names: list[str], lists: dict[str, list[str]], left_out: list[str], why: str
) -> None:
    folder_of(
        tmp_path, {name: BIB if name.endswith(".bib") else f"# {name}\n\nLanes help [@reyes2019].\n" for name in names}
    )
    corpus = open_corpus(tmp_path)
    assert {file.path: [name for name, _ in file.bibliographies] for file in corpus.files} == lists, why
    assert [fault.file for fault in corpus.left_out] == left_out, why


CITING = "Lanes help [@reyes2019].\n"
NAMED_LISTS = [
    # (path of the document, its front matter, other files, lists that are used, what is said of the document, why)
    ("a.md", "bibliography: x/refs.bib", ["x/refs.bib", "a.bib"], ["x/refs.bib"], None, "relative to the document, before one of the same name"),
    ("x/a.md", "bibliography: [../one.bib, 'two.bib']", ["one.bib", "x/two.bib"], ["one.bib", "x/two.bib"], None, "several"),
    ("x/a.md", "bibliography:\n  - ../one.bib\n- two.bib", ["one.bib", "x/two.bib"], ["one.bib", "x/two.bib"], None, "several, each on a line"),
    ("a.Rmd", "title   : x\nbibliography   : [one.bib, two.bib]", ["one.bib", "two.bib"], ["one.bib", "two.bib"], None, "in R Markdown, with blanks before the colon"),
    ("documents/a.md", "bibliography: ../refs.bib", ["refs.bib"], ["refs.bib"], None, "beside documents/"),
    ("a.md", "bibliography: gone.bib", ["a.bib"], ["a.bib"], 'a.md:2: there is no bibliography "gone.bib"', "one that is not there"),
    ("a.md", "title: x\nbibliography: ../refs.bib", ["../refs.bib"], [], 'a.md:3: the bibliography "../refs.bib" is outside', "one outside of the corpus"),
    ("a.md", "bibliography: /etc/hosts", [], [], "is outside", "an absolute path"),
]  # fmt: skip


@pytest.mark.parametrize("listed", [False, True])
@pytest.mark.parametrize(("document", "front", "files", "used", "said", "why"), NAMED_LISTS)
def test_lists_that_front_matter_names(
    tmp_path: Path,
    document: str,
    front: str,
    files: list[str],
    used: list[str],
    said: str | None,
    why: str,
    listed: bool,
) -> None:
    corpus = tmp_path / "corpus"
    folder_of(corpus, {document: f"---\n{front}\n---\n{CITING}", **dict.fromkeys(files, BIB)})
    if listed:
        folder_of(corpus, {"documents.toml": f'[[document]]\nfile = "{document.removeprefix("documents/")}"\n'})
        used = [] if said else used
    opened = look_at_corpus(corpus)
    assert [name for name, _ in opened.files[0].bibliographies] == used, why
    faults = [str(fault) for fault in opened.left_out if fault.file == document]
    assert [said in fault for fault in faults if said] == [True] * len(faults) == [True] * bool(said), why
    assert all(sentence.support.references for sentence in annotate_each(opened).documents[0].sentences) == bool(used)


SHARED = [
    # (documents with the lists that they name, the lists of the document that names none, why)
    ({"index.Rmd": ["one.bib", "two.bib"]}, ["one.bib", "two.bib"], "a book names its lists in one chapter"),
    ({"a.md": ["one.bib"], "b.md": ["one.bib"]}, ["one.bib"], "all the same"),
    ({"a.md": ["one.bib"], "b.md": ["two.bib"]}, [], "each its own"),
]


@pytest.mark.parametrize(("named", "used", "why"), SHARED, ids=[case[2] for case in SHARED])
@pytest.mark.parametrize("place", ["", "chapters/"], ids=["beside them", "below them"])
def test_lists_that_all_others_name(
    tmp_path: Path, named: dict[str, list[str]], used: list[str], why: str, place: str
) -> None:
    documents = {
        name: f"---\nbibliography: [{', '.join(lists)}]\n---\n{CITING}Of {name}.\n" for name, lists in named.items()
    }
    folder_of(tmp_path, {**documents, f"{place}z.md": CITING, "one.bib": BIB, "two.bib": BIB})
    files = {file.path: [list for list, _ in file.bibliographies] for file in look_at_corpus(tmp_path).files}
    assert files[f"{place}z.md"] == used


def test_authors_in_front_matter_are_shown_and_exported(tmp_path: Path) -> None:
    """Those of a Word document are not: its author is often a program."""
    front = "---\nauthor:\n  - name: Ana Reyes\n    affiliation: 1\n  - name: Lane Society\n---\n"
    folder_of(tmp_path, {"a.md": front + LANES, "b.docx": word(LONG)})
    authors = {document.file: document.provenance.author for document in read(tmp_path).documents}
    assert authors == {"a.md": "Ana Reyes, Lane Society", "b.docx": None}
    exported = run("ask", "Do protected lanes halve injuries?", "--export", "ris", corpus=tmp_path).stdout
    assert "AU  - Ana Reyes, Lane Society" in exported
    page = create_app(read_settings(), open_published(tmp_path, "memory:")).test_client().get("/documents/a").text
    assert "Ana Reyes, Lane Society" in page


def test_what_cannot_be_read_is_skipped_and_named(tmp_path: Path) -> None:
    """Also when asking, with no option; with documents.toml it would prevent the start."""
    files: dict[str, str | bytes] = {"a.md": LANES, "b.txt": b"\xff\xfe broken", "old.doc": "x", "table.xlsx": "x"}
    folder_of(tmp_path, files)
    asked = run("ask", "Do protected lanes halve injuries?", corpus=tmp_path)
    assert asked.exit_code == 0
    assert "halve injuries" in asked.stdout
    for name in ("b.txt", "old.doc", "table.xlsx"):
        assert f"skipped: {name}" in asked.stderr


def test_a_link_out_of_the_folder_is_skipped(tmp_path: Path) -> None:
    folder_of(tmp_path, {"corpus/a.md": LANES, "secret.md": "# Secret\n\nNobody may read this here.\n"})
    (tmp_path / "corpus" / "b.md").symlink_to(tmp_path / "secret.md")
    annotated = read(tmp_path / "corpus")
    assert [document.file for document in annotated.documents] == ["a.md"]
    assert [fault.file for fault in annotated.skipped] == ["b.md"]


@pytest.mark.parametrize("listed", [False, True], ids=["every file is read", "with documents.toml"])
def test_what_is_no_file_is_named(tmp_path: Path, listed: bool) -> None:
    """Opening a pipe would block forever."""
    files: dict[str, str | bytes] = {"a.md": LANES}
    folder_of(tmp_path, files | ({"documents.toml": '[[document]]\nfile = "a.md"\n'} if listed else {}))
    os.mkfifo(tmp_path / "b.md")
    (tmp_path / "c.md").symlink_to("gone.md")
    checked = run("check", corpus=tmp_path)
    assert checked.exit_code == 0
    for name in ("b.md", "c.md"):
        assert [line for line in checked.output.splitlines() if f"{name}:" in line and "not read" in line], name
    assert run("check", "--fix", corpus=tmp_path).exit_code == 0


def test_a_folder_with_no_readable_document_says_why(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="has no document"):
        open_corpus(folder_of(tmp_path, {"README.md": "x"}))
    with pytest.raises(CorpusError, match=r"a\.xlsx"):
        read(folder_of(tmp_path, {"a.xlsx": "x"}))


def word(text: str) -> bytes:
    return WordFile("".join(paragraph(written(words)) for words in text.split("\n\n"))).to_bytes()


def web_page(title: str, *texts: str) -> bytes:
    body = "".join(f"<p>{text}</p>" for text in texts)
    return f"<!DOCTYPE html><html><head><title>{title}</title></head><body><main><h1>{title}</h1>{body}</main></body></html>".encode()


SAME = [
    # (files, the documents that are kept, why)
    ({"a.md": LONG, "a.docx": word(LONG)}, ["a.docx"], "the format that says more is kept"),
    ({"a.md": f"# Lanes\n\n{LONG}", "b.docx": word(f"Lanes\n\n{LONG}"), "b.md": "# Other\n\nOne more."}, ["b.docx", "b.md"], "by the words, whatever it is called"),
    ({"a.txt": LONG, "copy of it.txt": LONG}, ["a.txt"], "a copy with another name"),
    ({"towns-2023.md": LONG, "towns-2024.docx": word(LONG.replace("ward 7 ", "ward 8 "))}, ["towns-2023.md", "towns-2024.docx"], "two versions in two formats"),
    ({"a.md": f"# A\n\n{LONG}", "b.docx": word(LONG.replace("the lane of road", "a path along street"))}, ["a.md", "b.docx"], "another text, and nothing else is the same"),
    ({"a.md": f"---\ndoi: 10.5555/a\n---\n{LONG}", "b.md": f"---\ndoi: https://doi.org/10.5555/A\n---\n{LONG} More."}, ["a.md"], "the same DOI"),
    ({"a.md": f"---\ndoi: 10.5555/a\n---\n{LONG}", "a.html": web_page("A", *LONG.split("\n\n")).replace(b"<head>", b'<head><meta name="citation_doi" content="10.5555/b">')}, ["a.html", "a.md"], "another DOI, such as that of a preprint"),
    ({"a.md": "# Lanes\n\nHelp.", "b.md": "# Paint\n\nHelp."}, ["a.md", "b.md"], "too short to be known by the words"),
    ({"a.txt": LONG, "copy/a.txt": LONG}, ["a.txt"], "a copy"),
    ({"a.txt": LONG, "2024/a.txt": LONG.replace("ward 7 ", "ward 8 ")}, ["2024/a.txt", "a.txt"], "two versions in one format"),
    ({"a.md": LONG, "a.docx": word(LONG[: len(LONG) // 2])}, ["a.docx", "a.md"], "half of the text is no copy"),
]  # fmt: skip


@pytest.mark.parametrize(("files", "kept", "why"), SAME)
def test_the_same_work_is_kept_once(tmp_path: Path, files: dict[str, str | bytes], kept: list[str], why: str) -> None:
    annotated = read(folder_of(tmp_path, files))
    assert [document.file for document in annotated.documents] == kept, why
    dropped = sorted(files.keys() - kept)
    assert [fault.file for fault in annotated.skipped] == dropped
    assert all("same work as" in fault.message for fault in annotated.skipped)


JATS = (ROOT / "tests" / "data" / "formats" / "PMC3672758.nxml").read_bytes()
# A file of each format: a question, and words of the passage that answers it. A new format is a new row.
MIXED: list[tuple[str, bytes, str, str]] = [
    ("asthma.txt", (PAGES / "asthma.txt").read_bytes(), "Does breathing retraining improve quality of life in asthma?", "breathing retraining improved quality of life"),
    ("heat pumps.md", (PAGES / "heat-pumps.md").read_bytes(), "What flow temperature should a heat pump have?", "flow temperature of 45"),
    ("lanes.docx", word("Bicycle lanes\n\nProtected lanes halve injuries among riders."), "Do protected lanes halve injuries among riders?", "halve injuries"),
    ("articles/PMC3672758.nxml", JATS, "Which primary breast cancer patients received celecoxib before surgery?", "celecoxib"),
    ("web/hedges.html", web_page("Hedges", "Hedges in fields shelter voles and partridges in winter."), "Do hedges shelter voles?", "shelter voles"),
    ("book.epub", book({"a.xhtml": "<h1>Ponds</h1><p>Garden ponds attract newts within two years.</p>"}), "Do garden ponds attract newts?", "attract newts"),
    ("kites.pdf", text_file([Placed(60, 720, 18, "Red kites", bold=True), *paragraphs("Red kites nest in tall oak trees and return to the same nest every spring, as counts of ringed birds in three valleys have shown.")]), "Where do red kites nest?", "nest in tall oak trees"),
]  # fmt: skip
BESIDE: dict[str, str | bytes] = {"README.md": "x", "photo.png": b"\x89PNG", "web/hedges_files/a.js": "x", "copy/lanes.docx": MIXED[2][1], "~$lanes.docx": "x"}  # fmt: skip


def test_from_a_folder_of_files_to_an_answer_by_one_command(tmp_path: Path) -> None:
    """What a new user does: one command, nothing written, nothing edited. Twelve files of all formats; what is no
    document, or a copy of one, does no harm."""
    folder_of(tmp_path, {**{name: data for name, data, _, _ in MIXED}, **BESIDE})
    before = state_of_folder(tmp_path)
    for name, _, question, words in MIXED:
        answered = run("ask", question, corpus=tmp_path)
        assert answered.exit_code == 0
        assert "No answer" not in answered.stdout, f"{name}: {answered.stderr}{answered.stdout[:300]}"
        assert words in " ".join(answered.stdout.split()), name
        assert "skipped: photo.png" in answered.stderr
    assert state_of_folder(tmp_path) == before


def test_the_check_names_what_is_not_read(tmp_path: Path) -> None:
    """A document that is not read is an error, a second copy of a work a warning, a picture neither. The file is named
    once."""
    folder_of(tmp_path, {"a.txt": LONG, "b/a.txt": LONG, "old.doc": "x", "table.xlsx": "x", "photo.PNG": "x"})
    checked = run("check", corpus=tmp_path)
    assert checked.exit_code == 1
    report = checked.stdout.split("\n")
    assert report[:2] == ["old.doc: errors: 1, warnings: 0", "  error: skipped (1)"]
    assert report[2].startswith("    is a Word document of the old kind.")
    assert "  warning: same work twice (1)" in report
    assert report[-3:-1] == [
        "photo.PNG: not a document: is a picture. Put its text into a document.",
        "table.xlsx: not a document: is a spreadsheet. Put what it says into a text document.",
    ]
    assert checked.stderr.endswith("notes: 2\n")


@pytest.mark.parametrize("listing", ["", '[[document]]\nfile = "a.md"\n'], ids=["not listed", "listed"])
def test_pictures_beside_documents_are_no_error(tmp_path: Path, listing: str) -> None:
    folder_of(tmp_path, {"documents/a.md": LANES, "documents/map.svg": "x", "documents/b/data.csv": "x"})
    if listing:
        folder_of(tmp_path, {"documents.toml": listing})
    checked = run("check", "--json", corpus=tmp_path)
    assert checked.exit_code == 0
    left_out = [(f["file"], f["severity"]) for f in json.loads(checked.stdout) if f["kind"] == "not a document"]
    assert left_out == [("documents/b/data.csv", "note"), ("documents/map.svg", "note")]
    assert run("ask", "Do protected lanes halve injuries?", corpus=tmp_path).exit_code == 0


PLACES = [
    # (name, content, place of the finding in the report, the same as JSON, why)
    ("a.txt", LANES.replace("# ", "").encode(), "line 3", (3, None, ""), "text has lines"),
    ("a.pdf", text_file([Placed(60, 720, 18, "Lanes", bold=True), *paragraphs(LANES.split("\n")[2])]), "page 1", (None, 1, ""), "a PDF has pages"),
    ("a.html", web_page("Lanes", *LANES.split("\n")[2:3]), "below “Lanes”", (None, None, "Lanes"), "other text has only headings: a line of it is no line of the file"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "content", "place", "known", "why"), PLACES)
def test_findings_say_where_they_are(
    tmp_path: Path, name: str, content: bytes, place: str, known: tuple[int | None, int | None, str], why: str
) -> None:
    folder_of(tmp_path, {name: content})
    assert f"    {place}: Protected lanes halve" in run("check", corpus=tmp_path).stdout, why
    found = json.loads(run("check", "--json", corpus=tmp_path).stdout)
    assert {(f["line"], f["page"], f["section"]) for f in found if f["text"].startswith("Protected")} == {known}
    first, *_ = json.loads(run("check", "--ledger", "--json", corpus=tmp_path).stdout)
    assert (first["line"], first["page"], first["section"]) == known
    listed = run("check", "--ledger", corpus=tmp_path).stdout
    assert listed.startswith("a.txt:3\t" if name == "a.txt" else f"{name} {place}\t")


def test_commands_read_a_file_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second command finds what the first has read, however they differ (QA_CACHE)."""
    monkeypatch.setattr(readings, "WORTH_KEEPING", 0)  # however fast this machine is
    corpus, kept = tmp_path / "corpus", tmp_path / "kept"
    folder_of(corpus, {"kites.pdf": MIXED[-1][1]})
    environment = {"QA_CORPUS": str(corpus), "QA_ENCODER": "off", "QA_CACHE": str(kept)}
    for command in (["check"], ["check", "--ledger"], ["suggest"], ["add", str(corpus / "kites.pdf")], ["init"]):
        assert CliRunner().invoke(main, command, env=environment).exit_code == 0
        assert len(list(kept.rglob("reading-*.entry"))) == 1
        used = [entry for entry in kept.rglob("*.entry") if entry.stat().st_mtime > 1000]
        # A document that was annotated before is not read at all.
        assert any(entry.name.startswith(("reading-", "document-")) for entry in used), f"{command} reads it again"
        for entry in used:
            os.utime(entry, (1000, 1000))


# --- qa init and qa add ------------------------------------------------------------------------


def state_of_folder(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


INIT = [
    # (files, why)
    ({"a.md": LANES, "b.txt": LONG}, "the folder itself"),
    ({"documents/a.md": LANES, "documents/x/ü (1).txt": LONG}, "documents/, a name that is no id"),
    ({"a.md": LANES, "a.txt": LONG, "b.md": f"---\ntitle: B\ndate: 2024-05\nlang: fr\n---\n{LANES}"}, "two of one name, front matter"),
    ({"a.md": "# Lanes\n\nLanes help [@reyes2019].\n", "a.bib": BIB}, "a list of works"),
    ({"a.md": LANES, "photo.png": "x", "b/c.md": LANES, "old.doc": "x", "r.bib": BIB, "s.bib": BIB}, "files that are not read"),
]  # fmt: skip


@pytest.mark.parametrize(("files", "why"), INIT)
def test_init_writes_what_was_read(tmp_path: Path, files: dict[str, str | bytes], why: str) -> None:
    """The written files change nothing by themselves: the same documents with the same titles are read, without a
    fault."""
    before = read(folder_of(tmp_path, files)).documents
    assert run("init", corpus=tmp_path).exit_code == 0
    corpus = open_corpus(tmp_path)
    assert corpus.listed
    after = annotate(corpus).documents
    assert [(d.id, d.file, d.provenance.title, d.provenance.language, d.references) for d in after] == [
        (d.id, d.file, d.provenance.title, d.provenance.language, d.references) for d in before
    ], why
    assert any(notice.always for notice in corpus.notices)
    assert run("check", corpus=tmp_path).exit_code == 0, "nothing that must be fixed"


def test_init_never_changes_a_file(tmp_path: Path) -> None:
    folder_of(tmp_path, {"a.md": LANES, "site.toml": 'owner = "Me"\n'})
    first = run("init", str(tmp_path), corpus=ROOT / "corpus")
    assert "site.toml: is there already" in first.stdout
    before = state_of_folder(tmp_path)
    assert before["site.toml"] == b'owner = "Me"\n'
    again = run("init", corpus=tmp_path)
    assert again.exit_code == 0
    assert state_of_folder(tmp_path) == before


@pytest.mark.parametrize(("folder", "words"), [("gone", "no such folder"), ("empty", "has no document")])
def test_init_without_documents(tmp_path: Path, folder: str, words: str) -> None:
    (tmp_path / "empty").mkdir()
    result = run("init", str(tmp_path / folder), corpus=tmp_path)
    assert result.exit_code == 1
    assert words in result.stderr
    assert not state_of_folder(tmp_path)


ADDED = [
    # (files of the corpus, name and content of the new file, words of the report, new id or None if refused, why)
    ({}, "lanes.md", LANES, ["lanes.md: copied", "“Bicycle lanes” (en)", "no list of works", "qa check"], "lanes", "the first document"),
    ({"documents/a.md": LANES}, "b.md", LONG, ["documents/b.md: copied"], "b", "into documents/"),
    ({"a.md": LANES, "documents.toml": '[[document]]\nfile = "a.md"\n'}, "b (1).md", LONG, ["Listed in documents.toml"], "b-1", "listed"),
    ({"a.md": LANES, "documents.toml": '[[document]]\nfile = "a.md"\n'}, "a.txt", LONG, ["Listed"], "a.txt", "an id that is taken"),
    ({"a.md": LANES}, "a.md", LANES, ["a.md: is there already"], "a", "the same file again"),
    ({"a.md": LANES}, "a.md", LONG, ["another file"], None, "never over another file"),
    ({"a.md": LANES}, "b.doc", "x", ["b.doc", "of the old kind"], None, "not copied if it cannot be read"),
    ({"a.md": LANES}, "README.md", LANES, ["never read as a document"], None, "a name that is not read"),
    ({}, "n.md", "Lanes [1]. Paint [2], [9].\n\n## References\n\n1. Reyes A. Lanes. J Roads. 2019;4:10.\n2. Ito B. Paint. J Roads. 2020;5:30.\n", ["has 2 entries", "match no work: [9]"], "n", "its list, and a mark without a work"),
]  # fmt: skip


@pytest.mark.parametrize(("files", "name", "content", "words", "id", "why"), ADDED)
def test_add(
    tmp_path: Path, files: dict[str, str | bytes], name: str, content: str, words: list[str], id: str | None, why: str
) -> None:
    corpus = folder_of(tmp_path / "corpus", files)
    corpus.mkdir(exist_ok=True)
    folder_of(tmp_path / "new", {name: content})
    before = state_of_folder(corpus)
    result = run("add", str(tmp_path / "new" / name), corpus=corpus)
    assert [each for each in words if each not in result.stdout + result.stderr] == [], why
    assert result.exit_code == (id is None)
    if id is None:
        assert state_of_folder(corpus) == before, "nothing is written"
    else:
        assert id in {file.id for file in open_corpus(corpus).files}


# --- pages without a vocabulary, and with one --------------------------------------------------

CONDITIONS = '[[condition]]\nid = "lanes"\nlabel = "Bicycle lanes"\n'
WORDS = [
    # (conditions.toml, site.toml, headings on the page of what is covered, why)
    ("", "", ["Documents, and the sources of their sentences"], "no vocabulary: no list of it"),
    (CONDITIONS, "", ["Topics", "Documents, and the sources of their sentences"], "no word given"),
    (CONDITIONS, 'topics = "Measures"\n', ["Measures", "Documents, and the sources of their sentences"], "the owner's word"),
]  # fmt: skip


@pytest.mark.parametrize(("conditions", "site", "headings", "why"), WORDS)
def test_the_pages_use_the_owners_word(
    tmp_path: Path, conditions: str, site: str, headings: list[str], why: str
) -> None:
    folder_of(tmp_path, {"a.md": LANES, "conditions.toml": conditions, "site.toml": site})
    index = open_published(tmp_path, "memory:")
    client = create_app(read_settings(), index).test_client()
    assert re.findall("<h2>(.*?)</h2>", client.get("/coverage").text) == headings, why
    assert "Condition" not in client.get("/").text, why


# --- qa suggest --------------------------------------------------------------------------------

SUGGESTED = [
    # (text, a line of what is suggested, whether it is there, why)
    ("Alcohol use disorder (AUD) is common. AUD is treated. People with AUD drink less.", 'label = "Alcohol use disorder"', True, "a phrase with a short form"),
    ("Alcohol use disorder (AUD) is common. AUD is treated. People with AUD drink less.", 'abbreviations = [{ text = "AUD" }]', True, "its short form"),
    ("A bus gate helps. The bus gate is new. No bus gate is cheap.", 'label = "Bus gate"', True, "a repeated phrase"),
    ("A bus gate helps. No bus gate is cheap.", 'label = "Bus gate"', False, "too rare"),
    ("Tillage costs. No tillage pays.", '# words = ["tillage", ""]', True, "a word that no list has"),
    ("Dose 5 m x. Dose 7 m x.", '# words = ["m", ""]', False, "a letter is no word"),
    ("Drone brood removal slowed mites. Bees liked it. Drone brood removal took hours.", '# names = ["drone brood removal"]', True, "a measure: it does something"),
    ("Lamps with timers were compared with dimming. Towns like dimming.", '# names = ["dimming"]', True, "a measure: something is compared with it"),
    ("The mites of towns are small. Bees like towns.", '# names = ["mites"]', False, "nothing is said of what it does"),
    ("# Bees\n\n## Queens\n\nQueens were lost. No queens came back.", '# cues = ["queens"]', True, "a heading whose word its section uses"),
    ("# Bees\n\n## Loose ends 2018\n\nColonies were lost. No colonies came back.", '# id = "loose"', False, "a heading that says nothing of its section"),
    ("The treatment costs. No treatment pays.", '# words = ["treatment", ""]', False, "a word of any subject"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "line", "there", "why"), SUGGESTED)
def test_suggestions(tmp_path: Path, text: str, line: str, there: bool, why: str) -> None:
    suggested = run("suggest", corpus=folder_of(tmp_path, {"a.md": text})).stdout
    assert (line in suggested.splitlines()) == there, why


def test_words_of_questions_are_suggested(tmp_path: Path) -> None:
    """Those that neither the documents nor a list has, with the words of the sentence that answers."""
    asked = '{"question": "Do varroas die of frost?", "document": "a", "sentences": ["Mites perish"]}\n'
    folder_of(tmp_path, {"a.md": "Mites perish in cold winters.", "questions.jsonl": asked})
    suggested = run("suggest", corpus=tmp_path).stdout
    assert '# words = ["varroas", ""]' in suggested
    assert "# answering sentence: mites, perish" in suggested.casefold()
    (tmp_path / "synonyms.toml").write_text('[[group]]\nwords = ["varroas", "mites"]\n')
    assert "varroas" not in run("suggest", corpus=tmp_path).stdout


def test_suggested_conditions_can_be_used_as_printed(tmp_path: Path) -> None:
    """Conditions are ready; all else is a comment, because only its owner knows what means the same."""
    shutil.copy(PAGES / "sleep-apnoea.txt", tmp_path)
    suggested = run("suggest", corpus=tmp_path).stdout
    (tmp_path / "conditions.toml").write_text(suggested)
    assert "obstructive-sleep-apnoea" in {condition.id for condition in open_corpus(tmp_path).conditions}
    again = run("suggest", corpus=tmp_path).stdout
    assert 'id = "obstructive-sleep-apnoea"' not in again, "what the vocabulary has is not suggested"
