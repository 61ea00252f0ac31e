"""`qa check --fix`: what is mechanical is corrected, words are not, and a second run changes nothing."""

from __future__ import annotations

import os
import tempfile
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qa.cli import main
from qa.corpus import look_at_corpus
from qa.editing.encodings import text_in_certain_encoding
from qa.editing.fixing import fix_folder
from tests.conftest import number_of_examples

LANES = "# Lanes\n\nProtected lanes halve injuries.\n"
LISTED = '[[document]]\nfile = "a.md"\n'
FULL = LISTED + 'title = "Lanes"\nlanguage = "en"\n'
Files = dict[str, str | bytes]


def run(*arguments: str, corpus: Path) -> Result:
    environment = {name: None for name in os.environ if name.startswith("QA_")}
    return CliRunner().invoke(main, arguments, env={**environment, "COLUMNS": None, "QA_CORPUS": str(corpus)})


def folder_of(folder: Path, files: Files) -> Path:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


FIXED: list[tuple[Files, dict[str, str | bytes], str]] = [
    # (files, what some of them are afterwards, why)
    ({"a.txt": "Größe: “so”.\r\n".encode("cp1252")}, {"a.txt": "Größe: “so”.\r\n"}, "Windows-1252; line ends are no fault"),
    ({"a.txt": "Größe".encode("utf-16")}, {"a.txt": "Größe"}, "UTF-16"),
    ({"a.md": LANES, "a.bib": b"% Encoding: Cp1252\n@book{k, title = {Gr\xf6\xdfe}}"}, {"a.bib": "% Encoding: UTF-8\n@book{k, title = {Größe}}"}, "a list of works, which names its encoding"),
    ({"a.md": LANES, "documents.toml": FULL + 'date = "2024"\n', "site.toml": "owner = “Me”\rtopics = “Towns”  # ours\r"},
     {"site.toml": 'owner = "Me"\ntopics = "Towns"  # ours\n'}, "quotes of a word processor, line ends of the Mac"),
    ({"a.md": LANES, "references.json": '[{"id": "k", "type": "book", "title": "1,]",},]\n'}, {"references.json": '[{"id": "k", "type": "book", "title": "1,]"}]\n'}, "commas that no value follows, but not those in text"),
    ({"a.md": LANES, "references.json": '[{"id": "k", "type": "book", "DOI" : "https://doi.org/10.5555/a."}]'}, {"references.json": '[{"id": "k", "type": "book", "DOI" : "10.5555/a"}]'}, "a DOI as an address"),
    ({"a.md": LANES, "a.bib": "@book{k, doi = {10.5555/a10.5555/a}, url = {https://doi.org/10.5555/a.}}"}, {"a.bib": "@book{k, doi = {10.5555/a}, url = {https://doi.org/10.5555/a.}}"}, "a DOI twice; an address is one"),
    ({"a.md": LANES, "a.ris": "TY  - BOOK\r\nDO  - doi:10.5555/a.\r\nER  - \r\n"}, {"a.ris": "TY  - BOOK\r\nDO  - 10.5555/a\r\nER  - \r\n"}, "in RIS"),
    ({"a.md": LANES, "documents.toml": LISTED}, {"documents.toml": FULL}, "title and language, as the file says"),
    ({"a.md": "---\ndate: 2024-05-01\nlang: fr\n---\n" + LANES, "documents.toml": "# ours\r\n" + LISTED.replace("\n", "\r\n") + "owner = 'Me'  # us\r\n"},
     {"documents.toml": '# ours\r\n[[document]]\r\nfile = "a.md"\r\ntitle = "Lanes"\r\nlanguage = "fr"\r\ndate = "2024-05-01"\r\nowner = \'Me\'  # us\r\n'}, "the date, below the file; remarks and line ends stay"),
    ({"a.md": LANES, "documents.toml": FULL + '\n# old\n[[document]]\nfile = "gone.md"\ntitle = """\n# x\n"""\n'},
     {"documents.toml": FULL + '\n# old\n# There is no such file any more.\n# [[document]]\n# file = "gone.md"\n# title = """\n# # x\n# """\n'}, "a file that is gone"),
    ({"a.md": LANES, "documents.toml": FULL + "\n" + FULL}, {"documents.toml": FULL + "\n# This entry is there twice.\n" + "".join(f"# {line}\n" for line in FULL.splitlines())}, "an entry twice"),
    ({"a.md": LANES, "b/a.md": "Short.", "documents.toml": FULL + '\n[[document]]\nfile = "b/a.md"\nlanguage = "en"\n'}, {"documents.toml": FULL + '\n[[document]]\nfile = "b/a.md"\nid = "a.md"\nlanguage = "en"\n'}, "an id twice"),
    ({"a b.md": LANES, "documents.toml": FULL.replace("a.md", "a b.md")}, {"documents.toml": FULL.replace('a.md"', 'a b.md"\nid = "a-b"')}, "a name that is no id"),
    ({"a.md": LANES, "a.bib": "@book{k}", "documents.toml": FULL}, {"documents.toml": FULL.replace('a.md"', 'a.md"\nbibliography = ["a.bib"]')}, "the list of works of a document"),
]  # fmt: skip


@pytest.mark.parametrize(("files", "after", "why"), FIXED)
def test_what_is_mechanical_is_corrected(tmp_path: Path, files: Files, after: dict[str, str | bytes], why: str) -> None:
    before = contents(folder_of(tmp_path, files))
    fixed = run("check", "--fix", corpus=tmp_path)
    wanted = {name: content if isinstance(content, bytes) else content.encode() for name, content in after.items()}
    assert contents(tmp_path) == before | wanted, why
    assert [name for name in wanted if f"corrected: {name}: " not in fixed.stderr] == [], "it is said"
    assert not look_at_corpus(tmp_path).faults


def test_files_that_are_not_listed_get_an_entry(tmp_path: Path) -> None:
    """One that cannot be read is listed as left out; a picture needs none."""
    new: Files = {"documents/b.md": f"---\ndate: 2024\n---\n{LANES}", "documents/old.doc": "x", "documents/c.png": "x"}
    folder_of(tmp_path, {"documents/a.md": LANES, "documents.toml": FULL, **new, "documents/x.bib": "@book{k}"})
    assert len(look_at_corpus(tmp_path).faults) == 3
    run("check", "--fix", corpus=tmp_path)
    entries = tomllib.loads((tmp_path / "documents.toml").read_text())["document"]
    assert [(e["file"], e.get("title"), e.get("left_out", False), e.get("bibliography")) for e in entries] == [
        ("a.md", "Lanes", False, ["x.bib"]),
        ("b.md", "Lanes", False, ["x.bib"]),
        ("old.doc", None, True, None),
    ]
    assert not look_at_corpus(tmp_path).faults


KEPT: list[tuple[Files, str]] = [
    # (files, why nothing is changed)
    ({"a.txt": "Привет, это текст".encode("cp1251")}, "another encoding: letters in a row that no Western text has"),
    ({"a.txt": "café, naïve, don’t".encode("mac-roman")}, "the Mac's: capitals within words"),
    ({"a.txt": "złoty i żółw".encode("cp1250")}, "Eastern Europe: signs within words"),
    ({"a.txt": "half é".encode() + b" \xe9"}, "two encodings in one file"),
    ({"a.txt": b"x\0\xff"}, "no text"),
    ({"a.md": LANES, "documents.toml": FULL + 'titel = "x"\n'}, "a misspelt key: nobody knows what was meant"),
    ({"documents.toml": '[[document]]\nfile = "gone.md"\n'}, "nothing would be left to publish"),
    ({"a.md": LANES, "site.toml": "owner = “Me”\nintro = “a"}, "a file that would still be broken"),
    ({"a.md": "Lanes  [1] ,see https://doi.org/10.5555/a.\r\rTeh lanes “help\".\n"}, "the words of a document"),
    ({"a.md": LANES, "references.json": '[{"id": "k", "type": "book", "DOI": "10.5555/a; 10.5555/b"}]'}, "two DOIs"),
]  # fmt: skip


@pytest.mark.parametrize(("files", "why"), KEPT)
def test_what_somebody_must_judge_is_left_alone(tmp_path: Path, files: Files, why: str) -> None:
    before = contents(folder_of(tmp_path, files))
    assert fix_folder(tmp_path) == [], why
    assert contents(tmp_path) == before


def test_a_dry_run_shows_the_differences_and_writes_nothing(tmp_path: Path) -> None:
    before = contents(folder_of(tmp_path, {"a.md": LANES, "l.txt": b"Gr\xf6\xdfe", "documents.toml": LISTED}))
    shown = run("check", "--fix", "--dry-run", corpus=tmp_path)
    assert shown.exit_code == 0
    assert contents(tmp_path) == before
    lines = shown.stdout.splitlines()
    assert {"--- a/documents.toml", '+title = "Lanes"', "-Gr\\xf6\\xdfe", "+Größe"} <= set(lines)
    assert run("check", "--dry-run", corpus=tmp_path).exit_code == 2, "it would change nothing anyway"


def test_a_link_still_leads_to_its_file(tmp_path: Path) -> None:
    folder_of(tmp_path, {"texts/l.txt": b"Gr\xf6\xdfe"})
    (tmp_path / "texts" / "l.txt").chmod(0o640)
    (tmp_path / "m.txt").symlink_to("texts/l.txt")
    fix_folder(tmp_path)
    assert (tmp_path / "m.txt").is_symlink()
    assert (tmp_path / "texts" / "l.txt").read_bytes() == "Größe".encode()
    assert (tmp_path / "texts" / "l.txt").stat().st_mode & 0o777 == 0o640


WORDS = st.text("aé ñß’“”\n\r.[1](Größe", max_size=30)
TEXTS = st.builds(lambda text, encoding: text.encode(encoding, "replace"), WORDS, st.sampled_from(["utf-8", "cp1252", "utf-16", "mac-roman"]))  # fmt: skip
ENTRIES = st.lists(
    st.sampled_from(
        [LISTED, FULL, '[[document]]\nfile = "gone.md"\n', '[[document]]\nfile = "b/a.md"  # b\n# c\n', '[[document]]\nfile = “c.txt”\n', "[[document]]\n"]
    ),
    max_size=4,
)  # fmt: skip


@settings(max_examples=number_of_examples(40), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(TEXTS, TEXTS, TEXTS, st.none() | ENTRIES, st.sampled_from(["", "@book{k, doi={doi:10.5555/a.}}"]))
def test_a_second_run_changes_nothing_and_words_stay(
    a: bytes, b: bytes, c: bytes, entries: list[str] | None, works: str
) -> None:
    """Whatever is in the folder: what is corrected is right, and no document says anything else than before."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        files: Files = {"a.md": a, "b/a.md": b, "c.txt": c, "a.bib": works}
        folder_of(folder, files | ({"documents.toml": "\n".join(entries)} if entries is not None else {}))
        faults = len(look_at_corpus(folder).faults)
        fix_folder(folder)
        after = contents(folder)
        assert fix_folder(folder) == []
        assert contents(folder) == after
        if "“" not in "".join(entries or ()):  # a file that cannot be parsed hides its other faults
            assert len(look_at_corpus(folder).faults) <= faults
        for name, before in (("a.md", a), ("b/a.md", b), ("c.txt", c)):
            assert after[name] == before or after[name].decode() == text_in_certain_encoding(before)
