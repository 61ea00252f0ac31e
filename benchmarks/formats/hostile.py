"""Files made to harm, each read in a process with 60 seconds and 1 GB: each must be read or refused in one line."""

from __future__ import annotations

import resource
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from testkit.books import book
from testkit.print_pages import as_file, content, page_file, paragraphs, text_file
from testkit.word_documents import WordFile, field_of, instruction, mark, paragraph, run

SECONDS = 60
BYTES = 1 << 30
READ = """
import resource, sys
from qa.errors import ReadingError
from qa.readers import read_document
name, data = sys.argv[1], open(sys.argv[1], "rb").read()
try:
    said = f"read, {len(read_document(name.rpartition('/')[2], data).text)} characters"
except ReadingError as error:
    said = f"refused: {error.message}"
used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
seconds = sum(each.ru_utime + each.ru_stime for each in used)
print(f"{seconds:5.1f} s {max(each.ru_maxrss for each in used) // 1024:4} MB  {said}")
"""


def article(body: str, doctype: str = "") -> bytes:
    return f"{doctype}<article><body>{body}</body></article>".encode()


def word(*paragraphs: str) -> bytes:
    return WordFile("".join(paragraphs)).to_bytes()


def cited(id: int) -> str:
    items = f'[{{"uris": ["{id}"], "itemData": {{"title": "A title of some length {id}"}}}}]'
    return field_of(f'ADDIN CSL_CITATION {{"citationItems": {items}}}', "x")


def many_works() -> bytes:
    entries = (paragraph(run(f"Reyes J. A title of some length. J Roads 2019;{id}:1.")) for id in range(20_000))
    return word(*(paragraph(cited(id)) for id in range(20_000)), paragraph(run("References")), *entries)


LINK = '<xref rid="r{0}">{0}</xref>, '
ENTRY = '<ref id="r{0}"><mixed-citation>Reyes J. A title. J Roads 2019;{0}:1.</mixed-citation></ref>'
HOSTILE: Mapping[str, Callable[[], bytes]] = {
    "entities that multiply.xml": lambda: article(
        "<p>&a9;</p>",
        "<!DOCTYPE article [<!ENTITY a0 'lol'>"
        + "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 10))
        + "]>",
    ),
    "a long entity many times.xml": lambda: article(
        "<p>" + "&a;" * 20_000 + "</p>", f"<!DOCTYPE article [<!ENTITY a '{'A' * 20_000}'>]>"
    ),
    "elements nested 100,000 deep.xml": lambda: article("<sec>" * 100_000 + "</sec>" * 100_000),
    "1.4 million elements.xml": lambda: article("<p>" + "<i/>x" * 1_400_000 + "</p>"),
    "5 million elements.xml": lambda: article("<p>" + "<i/>x" * 5_000_000 + "</p>"),
    "200 raised stretches in one another.xml": lambda: article(
        "<p>" + "<sup>" * 200 + "x " * 2_000_000 + "</sup>" * 200 + "</p>"
    ),
    "cells across 1,000 columns.xml": lambda: article(
        "<table>" + '<tr><td colspan="1000">a</td></tr>' * 100_000 + "</table>"
    ),
    "50,000 links and entries.xml": lambda: article(
        f"<p>{''.join(map(LINK.format, range(50_000)))}</p></body><back><ref-list>"
        f"{''.join(map(ENTRY.format, range(50_000)))}</ref-list></back><body>"
    ),
    "groups nested 100,000 deep.rtf": lambda: b"{\\rtf1 " + b"{" * 100_000 + b"x",
    "50,000 notes in one another.rtf": lambda: b"{\\rtf1 " + b"a{\\footnote " * 50_000,
    "1 million stretches in bold.rtf": lambda: b"{\\rtf1 " + b"\\b a\\b0  b" * 1_000_000,
    "60,000 rows.rtf": lambda: b"{\\rtf1 " + b"\\trowd\\intbl a\\cell b\\cell\\row " * 60_000,
    "elements nested 50,000 deep.html": lambda: b"<div>" * 50_000 + b"x",
    "60,000 links in one another.html": lambda: b"<p>" + b"<b><i><a href='#x'>" * 20_000 + b"text",
    "120,000 cells.html": lambda: b"<table>" + b"<tr><td>a<td>b" * 60_000 + b"</table>",
    "400,000 cells.html": lambda: b"<table>" + b"<tr><td>a<td>b" * 200_000 + b"</table>",
    "20,000 links and anchors.html": lambda: (
        b"<p>" + b"".join(b"<a href='#r%d'>%d</a> <a name='r%d'></a> text " % (n, n, n) for n in range(20_000))
    ),
    "8,000 links and entries.html": lambda: (
        b"".join(b"<a href='#r%d'>%d</a> " % (n, n) for n in range(8_000))
        + b"".join(b"<li id='r%d'>Smith J. A title of a work. Lancet 2001;%d:1." % (n, n) for n in range(8_000))
    ),
    "300 MB of blanks.epub": lambda: book({"one.xhtml": "<p>x</p>" + " " * 300_000_000}),
    "400 MB of blanks.pdf": lambda: page_file([b"BT /F1 12 Tf 50 700 Td (x) Tj ET" + b" " * 400_000_000]),
    "1,000,000 characters on a page.pdf": lambda: page_file(
        [b"BT /F1 1 Tf 50 700 Td " + b"(abcdefghij) Tj " * 100_000 + b" ET"]
    ),
    "2,000 pages.pdf": lambda: page_file([content(paragraphs("Lanes help where there is space. " * 9))] * 2_000),
    "3,000 pages.pdf": lambda: page_file([content(paragraphs("Lanes help where there is space. " * 9))] * 3_000),
    "pages within themselves.pdf": lambda: as_file(
        [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[2 0 R]/Count 1>>"]
    ),
    "no text.pdf": lambda: page_file([b""]),
    "cut off.pdf": lambda: text_file(paragraphs("Lanes help where there is space."))[:300],
    "300 MB of blanks.docx": lambda: word("<w:p/>" + " " * 300_000_000),
    "50 MB of text.docx": lambda: word(paragraph(run("word " * 1_900_000)) * 5),
    "fields in one another.docx": lambda: word(
        "<w:p>" + (mark("begin") + instruction("REF a")) * 30_000 + "</w:p>",
        *[paragraph(run("a")) for _ in range(30_000)],
        "<w:p>" + mark("end") * 30_000 + "</w:p>",
    ),
    "tables nested 3,000 deep.docx": lambda: word("<w:tbl><w:tr><w:tc>" * 3_000 + "</w:tc></w:tr></w:tbl>" * 3_000),
    "20,000 works and entries.docx": many_works,
}


def limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


def outcomes() -> Iterator[tuple[str, str]]:
    """What happens with each file, in a line that begins with "died" if its process did."""
    with TemporaryDirectory() as folder:
        for name, make in HOSTILE.items():
            path = Path(folder) / name
            path.write_bytes(make())
            done = subprocess.run(
                [sys.executable, "-c", READ, str(path)], capture_output=True, text=True, preexec_fn=limit, check=False
            )
            said = done.stdout.strip() or f"died: {(done.stderr.strip().splitlines() or ['killed'])[-1]}"
            yield name, said
            path.unlink()
