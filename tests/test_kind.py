"""Which kind of file some bytes are: the content counts before the ending, and what cannot be read is refused by name."""

from __future__ import annotations

import io
import zipfile

import pytest

from qa.errors import ReadingError
from qa.readers.kind import find_kind


def archive(**entries: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in entries.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return buffer.getvalue()


PAGE = b"<!DOCTYPE html>\n<html><body><h1>404 Not found</h1></body></html>"
ARTICLE = b'<?xml version="1.0"?>\n<!DOCTYPE article PUBLIC "x" "y.dtd">\n<article><front/></article>'
WORD = archive(word__document_xml="<w/>")
EPUB = archive(mimetype="application/epub+zip", META__x="")

KINDS = [
    # (name, content, ending of the reader, whether something is said, why)
    ("a.pdf", b"%PDF-1.7\n", ".pdf", False, "as named"),
    ("a.PDF", b"\n\n%PDF-1.7\n", ".pdf", False, "capitals, and blank lines before"),
    ("a.docx", WORD, ".docx", False, "as named"),
    ("a.epub", EPUB, ".epub", False, "as named"),
    ("a.nxml", ARTICLE, ".nxml", False, "as named"),
    ("a.htm", PAGE, ".htm", False, "as named"),
    ("a.md", b"# Lanes", ".md", False, "no sign in the content: as named"),
    ("a.md", PAGE, ".md", False, "Markdown may hold HTML"),
    ("a.html", b"<p>Lanes</p>", ".html", False, "a part of a page"),
    ("a.html", b"<article><p>Lanes</p></article>", ".html", False, "an element of HTML too"),
    ("a.xml", b"<html><p>Lanes</p></html>", ".html", True, "XHTML"),
    ("a.txt", PAGE, ".html", True, "a page saved as text"),
    ("a.txt", ARTICLE, ".xml", True, "an article saved as text"),
    ("a.docx", b"%PDF-1.7\n", ".pdf", True, "the content counts"),
    ("a.pdf", WORD, ".docx", True, "the content counts"),
    ("a.rtf", b"{\\rtf1 text}", ".rtf", False, "as named"),
    ("a.doc", b"{\\rtf1 text}", ".rtf", True, "rich text that a word processor saved as .doc"),
    ("lanes", WORD, ".docx", True, "no ending"),
    ("a.xyz", b"text", ".xyz", False, "an unknown ending is for the caller to refuse"),
    ("a.docx", b"hello", ".docx", False, "broken: for the reader to refuse"),
    ("a.latex", b"% Lanes\n\\documentclass{article}", ".latex", False, "as named"),
    ("a.txt", b"\n% Lanes\n\\documentclass[a4paper]{article}", ".tex", True, "LaTeX saved as text"),
    ("lanes", b"\\documentstyle{article}", ".tex", True, "LaTeX of the old kind, without an ending"),
    ("a.md", b"\\documentclass{article} begins a file of LaTeX.", ".md", False, "Markdown may tell of LaTeX"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "data", "ending", "said", "why"), KINDS)
def test_kind(name, data, ending, said, why):
    found, trouble = find_kind(data, name)
    assert (found, trouble is not None) == (ending, said), why


REFUSED = [
    ("a.pdf", PAGE, "a web page, not a PDF"),
    ("a.docx", b"\n<html lang=en>", "a web page, not a Word document"),
    ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0", "with a password"),
    ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0", "the old kind"),
    ("a.doc", b"something else", "the old kind"),
    ("a.docx", archive(xl__workbook_xml=""), "a spreadsheet"),
    ("a.pptx", archive(ppt__presentation_xml=""), "slides"),
    ("a.zip", archive(a="text"), "an archive"),
    ("a.docx", archive(a="text"), "an archive"),
    ("a.rst", b"Lanes\n=====\n", "a typesetter"),
    ("a.tex", PAGE, "a web page, not a LaTeX document"),
    ("a.sty", b"\\ProvidesPackage{a}", "a part of a LaTeX document"),
    ("a.png", b"\x89PNG", "a picture"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "data", "words"), REFUSED, ids=[f"{row[0]}: {row[2]}" for row in REFUSED])
def test_refused_by_name_with_what_to_do(name, data, words):
    with pytest.raises(ReadingError) as error:
        find_kind(data, name)
    message = str(error.value)
    assert message.startswith(f"{name}: is ")
    assert words in message
    assert message.count(".") >= 2, "one sentence says what it is, another what to do"


@pytest.mark.parametrize("data", [WORD[:40], WORD[:-10], b"PK\x03\x04" + b"\0" * 50], ids=["cut", "cut late", "zeros"])
def test_a_damaged_archive_is_left_to_the_reader(data):
    assert find_kind(data, "a.docx") == (".docx", None)
