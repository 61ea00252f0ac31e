"""EPUB files made from pages."""

from __future__ import annotations

import io
import zipfile

CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="OEBPS/book.opf"/></rootfiles></container>'
)
ENCRYPTED = (
    '<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><EncryptedData><CipherData>'
    '<CipherReference URI="{path}"/></CipherData></EncryptedData></encryption>'
)


def page(body: str) -> str:
    return (
        '<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml" '
        'xmlns:epub="http://www.idpf.org/2007/ops"><head><title/></head>'
        f"<body>{body}</body></html>"
    )


def book(pages: dict[str, str], *, encrypted: str | None = None, metadata: str = "") -> bytes:
    """An EPUB with these bodies of pages by file name, in this order; `nav.xhtml` is the table of contents."""
    items = "".join(
        f'<item id="i{n}" href="{file}" media-type="application/xhtml+xml"'
        + (' properties="nav"/>' if file == "nav.xhtml" else "/>")
        for n, file in enumerate(pages)
    )
    spine = "".join(f'<itemref idref="i{n}"/>' for n in range(len(pages)))
    opf = (
        '<package xmlns="http://www.idpf.org/2007/opf"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"{metadata}</metadata><manifest>{items}</manifest><spine>{spine}</spine></package>"
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/epub+zip")
        archive.writestr("META-INF/container.xml", CONTAINER)
        archive.writestr("OEBPS/book.opf", opf)
        if encrypted:
            archive.writestr("META-INF/encryption.xml", ENCRYPTED.format(path=encrypted))
        for file, body in pages.items():
            archive.writestr(f"OEBPS/{file}", page(body))
    return buffer.getvalue()


def opendocument(content: str, **parts: str) -> bytes:
    """An OpenDocument text with that content and further parts, by path with "__" for "/"."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text", zipfile.ZIP_STORED)
        for path, part in {"content.xml": content, **parts}.items():
            archive.writestr(path.replace("__", "/"), part)
    return packed.getvalue()
