"""Which kind of file some bytes are: by their content first, then by the ending of the name."""

from __future__ import annotations

import re
import zipfile
import zlib
from io import BytesIO
from pathlib import PurePath
from typing import NamedTuple

from qa.errors import ReadingError
from qa.models import Trouble

FIRST_BYTES = 4096
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
BEFORE_ROOT = rb"(?:\xef\xbb\xbf)?(?:\s|<\?.*?\?>|<!--.*?-->)*"
HTML_PAGE = re.compile(BEFORE_ROOT + rb"<(?:!doctype\s+html|html[\s>])", re.IGNORECASE | re.DOTALL)
JATS_ARTICLE = re.compile(
    BEFORE_ROOT + rb"(?:<!doctype\s+(?:article|pmc-articleset)\b|<(?:\w+:)?(?:article|pmc-articleset)[\s>])",
    re.IGNORECASE | re.DOTALL,
)
LATEX_DOCUMENT = re.compile(rb"(?:\xef\xbb\xbf)?(?:\s|%[^\n]*\n)*\\document(?:class|style)\b")


class Kind(NamedTuple):
    """A kind of file: its name in messages and the ending under which its reader is listed."""

    name: str
    ending: str


HTML = Kind("a web page", ".html")
JATS = Kind("a JATS article", ".xml")
PDF = Kind("a PDF", ".pdf")
DOCX = Kind("a Word document", ".docx")
EPUB = Kind("an EPUB", ".epub")
ODT = Kind("an OpenDocument text", ".odt")
RTF = Kind("a rich text file", ".rtf")
LATEX = Kind("a LaTeX document", ".tex")
LATEX_ENDINGS = (".tex", ".latex")

BY_ENDING = {
    **dict.fromkeys((".html", ".htm", ".xhtml"), HTML),
    **dict.fromkeys((".xml", ".nxml", ".jats"), JATS),
    **dict.fromkeys(LATEX_ENDINGS, LATEX),
    **{kind.ending: kind for kind in (PDF, DOCX, EPUB, ODT, RTF)},
}
# Files that are no documents, although they may have a text in them.
NO_DOCUMENTS = {
    ending: reason
    for endings, reason in {
        ".xls .xlsx .xlsm .ods .csv .tsv": "is a spreadsheet. Put what it says into a text document.",
        ".zip .gz .tgz .bz2 .xz .tar .7z .rar": "is an archive. Unpack it.",
        ".png .jpg .jpeg .gif .tif .tiff .svg .webp .heic .bmp .ico": "is a picture. Put its text into a document.",
        ".mp3 .m4a .wav .ogg .flac .mp4 .mov .avi .mkv .webm": "is a recording. Put what it says into a document.",
        ".css .js .ttf .otf .woff .woff2": "is part of a web page.",
        ".cls .sty .bst .aux .bbl .toc .lof .lot .blg .bcf": "is a part of a LaTeX document.",
    }.items()
    for ending in endings.split()
}
# Kinds that nothing reads, with what to do instead.
REFUSED = {
    **NO_DOCUMENTS,
    ".doc": "is a Word document of the old kind. Open it in a word processor and save it as .docx.",
    ".docm": "is a Word document with macros. Save it as .docx.",
    ".dotx": "is a Word template. Save it as .docx.",
    ".pages": "is a Pages document. Export it as .docx.",
    **dict.fromkeys((".ppt", ".pptx", ".odp"), "is a set of slides. Put what it says into a text document."),
    ".rst": "is source of a typesetter. Convert it to .docx, .html or .pdf.",
}
IN_OLE = (
    "is a Word document of the old kind, or one with a password. Save it as .docx without a password: "
    "open it in a word processor, remove the password and choose that type."
)
MIMETYPES = {
    b"application/epub+zip": ".epub",
    b"application/vnd.oasis.opendocument.text": ".odt",
    b"application/vnd.oasis.opendocument.spreadsheet": ".ods",
    b"application/vnd.oasis.opendocument.presentation": ".odp",
}
FOLDERS = {"word/": ".docx", "xl/": ".xlsx", "ppt/": ".pptx"}
# Quarto, R Markdown and MDX are Markdown with more in it.
MARKDOWN_ENDINGS = (".md", ".markdown", ".mdown", ".mkd", ".qmd", ".rmd", ".mdx")
LIGHT_MARKUP = (".wiki", ".mediawiki", ".wikitext", ".adoc", ".asciidoc", ".org")
PLAIN = frozenset({".txt", ".text", *MARKDOWN_ENDINGS, *LIGHT_MARKUP})


def ending_of(name: str) -> str:
    return PurePath(name).suffix.lower()


def find_kind(data: bytes, name: str) -> tuple[str, Trouble | None]:
    """The ending under which the reader for these bytes is listed, and what to say if it is not that of the name.

    Raises ReadingError for kinds that nothing reads, and for a web page that is named as if it were something else: it
    is most often the error page of a site.
    """
    named = ending_of(name)
    found = sniff(data, name)
    if found in REFUSED:
        raise ReadingError(name, REFUSED[found])
    if found is None:
        if named in REFUSED:
            raise ReadingError(name, REFUSED[named])
        return named, None
    claimed = BY_ENDING.get(named)
    if claimed == BY_ENDING[found]:
        return named, None
    if found == HTML.ending and claimed is not None and claimed != JATS:
        message = f"is a web page, not {claimed.name}, perhaps the error page of a site. Download the file again."
        raise ReadingError(name, message)
    return found, Trouble(f"The file is {BY_ENDING[found].name} and is read as one. Rename it to {found}.")


def sniff(data: bytes, name: str) -> str | None:
    """The ending of the kind that the content shows, or None if it shows none. Raises ReadingError."""
    first = data[:FIRST_BYTES]
    if b"%PDF-" in first[:1024]:
        return ".pdf"
    if first.startswith(OLE):
        raise ReadingError(name, IN_OLE)
    if first.startswith(b"{\\rtf"):
        return ".rtf"
    if first.startswith(b"PK\x03\x04"):
        return in_archive(data)
    if HTML_PAGE.match(first) and ending_of(name) not in PLAIN - {".txt"}:
        return ".html"
    if JATS_ARTICLE.match(first) and BY_ENDING.get(ending_of(name)) != HTML:
        return ".xml"
    if LATEX_DOCUMENT.match(first) and ending_of(name) not in PLAIN - {".txt", ".text"}:
        return LATEX.ending
    return None


def in_archive(data: bytes) -> str | None:
    """The kind of an archive by its first entry or its folders; None if it is damaged."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            names = [entry.filename for entry in archive.infolist()]
            stored = archive.open("mimetype").read(100).strip() if "mimetype" in names else b""
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, OSError, ValueError):
        return None
    if stored in MIMETYPES:
        return MIMETYPES[stored]
    kinds = [ending for folder, ending in FOLDERS.items() if any(entry.startswith(folder) for entry in names)]
    return kinds[0] if kinds else ".zip"
