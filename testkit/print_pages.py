"""PDF files made by hand: text at places on pages, and broken ones."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import NamedTuple

BODY = 10  # points
LEADING = 12
LEFT, TOP = 60, 760
WIDTH = 66  # characters of a full line
HEAD = b"%PDF-1.4\n"


class Placed(NamedTuple):
    """Text at a place on a page, in points from the lower left corner."""

    left: float
    baseline: float
    size: float
    text: str
    bold: bool = False


def text_file(*pages: Sequence[Placed], trailer: str = "") -> bytes:
    """A PDF with these texts on its pages."""
    return page_file([content(page) for page in pages], trailer=trailer)


def content(page: Sequence[Placed]) -> bytes:
    """The drawing instructions of a page."""
    lines = []
    for piece in page:
        words = piece.text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
        font = "F2" if piece.bold else "F1"
        lines.append(f"BT /{font} {piece.size} Tf {piece.left} {piece.baseline} Td ({words}) Tj ET")
    return "\n".join(lines).encode("cp1252")


def page_file(contents: Sequence[bytes], trailer: str = "", info: str = "") -> bytes:
    """A PDF with these drawing instructions on its pages."""
    count = len(contents)
    kids = " ".join(f"{5 + n} 0 R" for n in range(count))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R/Lang(en-GB)>>",
        f"<</Type/Pages/Kids[{kids}]/Count {count}>>".encode(),
        b"<</Type/Font/Subtype/Type1/BaseFont/Courier/Encoding/WinAnsiEncoding>>",
        b"<</Type/Font/Subtype/Type1/BaseFont/Courier-Bold/Encoding/WinAnsiEncoding>>",
        *(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents {5 + count + n} 0 R"
            "/Resources<</Font<</F1 3 0 R/F2 4 0 R>>>>>>".encode()
            for n in range(count)
        ),
        *map(stream, contents),
        f"<<{info}>>".encode(),
    ]
    return as_file(objects, f"/Info {len(objects)} 0 R{trailer}")


def stream(data: bytes) -> bytes:
    packed = zlib.compress(data, 9)
    return f"<</Length {len(packed)}/Filter/FlateDecode>>stream\n".encode() + packed + b"\nendstream"


def as_file(objects: Sequence[bytes], trailer: str = "") -> bytes:
    """A PDF of numbered objects."""
    data, places = HEAD, []
    for number, each in enumerate(objects, 1):
        places.append(len(data))
        data += f"{number} 0 obj\n".encode() + each + b"\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    end = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
    end += f"trailer<</Root 1 0 R/Size {len(objects) + 1}{trailer}>>\nstartxref\n{len(data)}\n%%EOF"
    return data + end.encode()


def paragraphs(*texts: str, top: float = TOP, left: float = LEFT, width: int = WIDTH) -> list[Placed]:
    """Texts set in lines one below the other, with a blank line between them."""
    placed: list[Placed] = []
    for text in texts:
        line = ""
        for word in [*text.split(" "), ""]:
            if not word or len(line) + len(word) >= width:
                placed.append(Placed(left, top, BODY, line.strip()))
                top, line = top - LEADING, ""
            line += f"{word} "
        top -= LEADING
    return placed
