"""Rich text (RTF) as a stream: groups, control words and text, with characters of any code page decoded."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z'])|([{}])|[\r\n\0]+|([^\\{}\r\n\0]+)",
    re.DOTALL,
)
# Code pages by the character sets of fonts; 0 and 1 are those of the file itself.
CODE_PAGES = {
    77: "mac_roman", 128: "cp932", 129: "cp949", 134: "cp936", 136: "cp950", 161: "cp1253", 162: "cp1254",
    163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250",
}  # fmt: skip
OF_THE_FILE = {"mac": "mac_roman", "pc": "cp437", "pca": "cp850"}
SIGN_WORDS = {
    "tab": " ", "emdash": "—", "endash": "–", "emspace": " ", "enspace": " ", "qmspace": " ", "bullet": "•",
    "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”",
    "\\~": "\xa0", "\\_": "‑", "\\\\": "\\", "\\{": "{", "\\}": "}",
}  # fmt: skip
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff￾￿]")


class StreamToken(NamedTuple):
    """A control word with its number, if any; a sign behind a backslash; a brace; or, of the kind "bytes", text that is
    not decoded yet."""

    kind: str
    number: int | None = None
    text: bytes = b""


def tokens(data: bytes) -> Iterator[StreamToken]:
    place = 0
    while place < len(data):
        match = TOKEN.match(data, place)
        if match is None:  # a backslash that begins nothing
            place += 1
            continue
        place = match.end()
        word, number, code, symbol, brace, text = match.groups()
        if word == b"bin":
            place += max(0, int(number or 0))
        elif word:
            yield StreamToken(word.decode(), int(number) if number else None)
        elif code:
            yield StreamToken("bytes", text=bytes.fromhex(code.decode()))
        elif symbol:
            yield StreamToken("par" if symbol in b"\r\n" else f"\\{symbol.decode('latin-1')}")
        elif brace or text:
            yield StreamToken(brace.decode()) if brace else StreamToken("bytes", text=text)


def in_unicode(data: bytes, code_page: str) -> str:
    return printable(data.decode(code_page, "replace"))


def character(number: int) -> str:
    """A character of `\\u`, whose number may be negative; half of a pair is kept for the other half."""
    return chr(number % 0x10000)


def joined_pairs(text: str) -> str:
    """The text with its surrogate pairs as one character each."""
    return printable(text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace"))


def printable(text: str) -> str:
    return UNPRINTABLE.sub("", text)
