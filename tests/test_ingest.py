"""Ingest: notes and questions are matched to their sentences, or publishing stops and says where."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from qa.corpus import open_corpus
from qa.errors import CorpusError, ReadingError
from qa.indexing.binding import bind_judgment
from qa.indexing.ingest import annotate, to_catalogue
from qa.indexing.publish import open_published
from qa.models import Judgment, Reading
from qa.readers import READERS
from testkit.corpora import SHIPPED, shipped

DOCUMENT = "documents/ketamine-substance-use-disorders.txt"
CRAVING = "Craving scores were substantially lower in the ketamine group."


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SHIPPED, tmp_path / "corpus"))


def edit(path: Path, change: Callable[[str], str]) -> None:
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")


def test_the_same_corpus_has_the_same_version() -> None:
    assert open_published(SHIPPED, "memory:").manifest.version == shipped().manifest.version


CHANGES = [
    # (file, change, why the version must change)
    (DOCUMENT, lambda t: t.replace("substantially lower", "lower"), "a word of a document"),
    ("notices.toml", lambda t: t.replace("Not medical advice", "No medical advice"), "a notice is shown"),
    ("site.toml", lambda t: t + "\n", None),
    ("references.json", lambda t: t.replace("35012326", "35012327"), "a reference is shown"),
]


@pytest.mark.parametrize(("file", "change", "why"), CHANGES)
def test_the_version_changes_with_what_is_shown(
    corpus: Path, file: str, change: Callable[[str], str], why: str | None
) -> None:
    edit(corpus / file, change)
    changed = open_published(corpus, "memory:").manifest.version != shipped().manifest.version
    assert changed == (why is not None)


DAMAGES = [
    # (file, change, file and words of the message)
    ("notes.toml", lambda t: t.replace("Key finding: The odds", "Key finding: The chance"), "notes.toml", "not in the document"),
    (DOCUMENT, lambda t: t + "\nThere is no FDA-approved medication for cocaine use disorder; ketamine is being studied as a potential option.", "notes.toml", "occurs 2 times"),
    ("documents.toml", lambda t: t.replace(".txt", ".xyz"), "documents/ketamine-substance-use-disorders.xyz", "this type of file cannot be read"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "change", "where", "words"), DAMAGES)
def test_an_error_stops_publishing_and_says_where(
    corpus: Path, file: str, change: Callable[[str], str], where: str, words: str
) -> None:
    edit(corpus / file, change)
    if where.endswith(".xyz"):
        (corpus / DOCUMENT).rename(corpus / where)
    with pytest.raises(CorpusError, match=words) as caught:
        open_published(corpus, "memory:")
    assert caught.value.file == where
    assert where.endswith(".xyz") or caught.value.line


def test_a_file_that_is_not_text_is_named_with_its_line(corpus: Path) -> None:
    path = corpus / DOCUMENT
    path.write_bytes(path.read_bytes().replace(b"Craving", b"\xff\xfe"))
    with pytest.raises(ReadingError) as caught:
        open_published(corpus, "memory:")
    assert caught.value.file == DOCUMENT
    assert caught.value.line == 10


def test_edits_elsewhere_do_not_change_ids(corpus: Path) -> None:
    """Permalinks and notes depend on ids."""
    edit(corpus / DOCUMENT, lambda t: t.replace(CRAVING, "Craving fell."))
    before = {p.text: p.id for p in next(shipped().documents()).passages}
    after = {p.text: p.id for p in next(open_published(corpus, "memory:").documents()).passages}
    same = before.keys() & after.keys()
    assert len(same) == len(before) - 1
    assert all(before[text] == after[text] for text in same)


def test_a_document_without_conditions_or_references(tmp_path: Path) -> None:
    """The minimal corpus: a text and its title."""
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "a.txt").write_text("Protected lanes halve injuries. Paint alone does not.")
    (tmp_path / "documents.toml").write_text('[[document]]\nfile = "a.txt"\ntitle = "Lanes"\n')
    index = open_published(tmp_path, "memory:")
    assert [p.text for p in next(index.documents()).passages] == [
        "Protected lanes halve injuries. Paint alone does not."
    ]


def test_questions_of_the_corpus_have_their_answers() -> None:
    corpus = open_corpus(SHIPPED)
    documents = annotate(corpus).documents
    for judgment in corpus.judgments:
        spans = bind_judgment(judgment, documents)
        assert len(spans) == len(judgment.sentences)


def test_a_question_whose_answer_is_gone_is_reported() -> None:
    documents = annotate(open_corpus(SHIPPED)).documents
    with pytest.raises(CorpusError, match="no sentence begins"):
        bind_judgment(Judgment("Does it?", sentences=("No such words",)), documents)
    with pytest.raises(CorpusError, match="sentences begin"):
        bind_judgment(Judgment("Does it?", sentences=("A 20",)), documents)


ABOUT = [
    # (documents.toml, file, title, date, language, why)
    ("", "---\ntitle: Lanes\ndate: 2024-05-01\nlang: en-GB\n---\n\nText.\n", "Lanes", "2024-05-01", "en", "the file's own"),
    ('title = "A"\ndate = "2020"\nlanguage = "de"\n', "---\ntitle: Lanes\ndate: 2024\nlang: en\n---\n\nText.\n",
     "A", "2020", "de", "the owner's come first"),
    ("", "# Lanes in towns\n\nText.\n", "Lanes in towns", None, "en", "the first heading"),
    ("", "Text.\n", "a", None, "en", "the name of the file"),
]  # fmt: skip


@pytest.mark.parametrize(("listing", "text", "title", "date", "language", "why"), ABOUT)
def test_what_a_file_says_about_itself(tmp_path: Path, listing, text, title, date, language, why) -> None:
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "a.md").write_text(text)
    (tmp_path / "documents.toml").write_text('[[document]]\nfile = "a.md"\n' + listing)
    (document,) = annotate(open_corpus(tmp_path)).documents
    about = document.provenance
    assert (about.title, about.date, about.language) == (title, date, language), why


def test_a_bug_costs_only_one_document(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its owner cannot fix it, and the other documents are still served."""
    monkeypatch.setitem(READERS, ".odd", failing_reader)
    (tmp_path / "documents").mkdir()
    for name in ("a.md", "b.odd"):
        (tmp_path / "documents" / name).write_text("Lanes help riders of the town.")
    listing = '[[document]]\nfile = "b.odd"\ntitle = "B"\n'
    (tmp_path / "documents.toml").write_text(listing + '[[document]]\nfile = "a.md"\ntitle = "A"\n')
    told: list[CorpusError] = []
    assert [d.id for d in open_published(tmp_path, "memory:", tell=told.append).documents()] == ["a"]
    (fault,) = told
    assert str(fault).startswith("documents/b.odd: cannot be read because of a bug in this program (RecursionError")
    assert "please report" in str(fault)
    assert "riders" not in str(fault), "what the document says is not what went wrong"

    (tmp_path / "documents" / "a.md").unlink()
    (tmp_path / "documents.toml").write_text(listing)
    with pytest.raises(CorpusError, match=r"documents/b\.odd"):
        open_published(tmp_path, "memory:")


def failing_reader(*arguments: object) -> Reading:
    return failing_reader(*arguments)


def test_the_catalogue_has_the_examples() -> None:
    corpus = open_corpus(SHIPPED)
    one = replace(corpus, judgments=(Judgment("A?", example=True), Judgment("B?")))
    assert to_catalogue(one, annotate(corpus)).examples == ("A?",)


BIBLIOGRAPHIES = [
    ("works.bib", "@article{reyes2019, author={Reyes, Ana}, title={Lanes}, journal={J Roads}, year={2019}, volume={4}, pages={1--9}}"),
    ("works.ris", "TY  - JOUR\nID  - reyes2019\nAU  - Reyes, Ana\nTI  - Lanes\nJO  - J Roads\nPY  - 2019\nVL  - 4\nSP  - 1\nEP  - 9\nER  - \n"),
    ("works.json", '[{"id": "reyes2019", "type": "article-journal", "title": "Lanes", "author": [{"family": "Reyes"}], "issued": {"date-parts": [[2019]]}}]'),
]  # fmt: skip


@pytest.mark.parametrize(("name", "works"), BIBLIOGRAPHIES)
def test_bibliography_beside_a_document(tmp_path: Path, name: str, works: str) -> None:
    """A reference manager's export next to the text that cites it."""
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "a.md").write_text("Protected lanes halve injuries [@reyes2019]. Paint does not.")
    (tmp_path / "documents" / name).write_text(works)
    entry = f'[[document]]\nfile = "a.md"\ntitle = "Lanes"\nbibliography = ["{name}"]\n'
    (tmp_path / "documents.toml").write_text(entry)
    index = open_published(tmp_path, "memory:")
    assert [s.support.references for s in next(index.documents()).sentences] == [("reyes2019",), ()]
    (tmp_path / "documents" / name).write_bytes(b"\xff\xfe\x00")
    with pytest.raises(CorpusError, match="UTF-8") as caught:
        open_published(tmp_path, "memory:")
    assert caught.value.file == f"documents/{name}"


def test_two_works_with_one_name_and_year_stay_two(tmp_path: Path) -> None:
    """Each of two documents cites another Smith of 2010."""
    (tmp_path / "documents").mkdir()
    entries = []
    for name, journal in (("a", "Lancet. 2010;1:1-2"), ("b", "BMJ. 2010;9:7-8")):
        text = f"Lanes helped (Smith et al., {journal}). Paint did not help anybody."
        (tmp_path / "documents" / f"{name}.txt").write_text(text)
        entries.append(f'[[document]]\nfile = "{name}.txt"\ntitle = "{name}"\n')
    (tmp_path / "documents.toml").write_text("\n".join(entries))
    index = open_published(tmp_path, "memory:")
    ids = [d.sentences[0].support.references for d in index.documents()]
    assert len({id for (id,) in ids}) == 2
    assert len(list(index.references())) == 2
