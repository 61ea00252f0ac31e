"""Rich text (RTF) as word processors write it: what becomes a heading, a list, a note, and what is left out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.errors import ReadingError
from qa.readers import read_document
from testkit.reading_contract import broken_promises
from tests.test_dialects import sentences

HEAD = (
    r"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\fcharset0 Times;}{\f1\fcharset204 Arial Cyr;}{\f2\fcharset128 Gothic;}}"
    r"{\colortbl;\red0\green0\blue0;}{\stylesheet{Normal;}{\s1\outlinelevel0 heading 1;}{\s2 \u220\'dcberschrift 2;}}"
    r"{\info{\title Lanes in towns}{\author Ana Reyes}}"
)
WORK = "Reyes A. Protected lanes. J Roads. 2019;4:1-9."


def blocks(body: str) -> list[tuple[str, int | None, str]]:
    reading = read_document("a.rtf", f"{HEAD}{body}}}".encode("latin-1"))
    assert broken_promises(reading) == []
    return [(block.kind, block.level, reading.text[block.start : block.end]) for block in reading.blocks]


def words(body: str) -> str:
    return " | ".join(text for _, _, text in blocks(body))


TEXTS = [
    # (why, rich text, text of the blocks)
    ("bytes of the file's code page", r"Caf\'e9 \'96 closed\par", "Café – closed"),
    ("bytes of a font's code page", r"{\f1 \'cf\'f0\'e8\'e2\'e5\'f2} all\par", "Привет all"),
    ("characters of two bytes", r"{\f2 \'93\'fa\'96\'7b}\par", "日本"),
    ("Unicode, with what stands for it elsewhere", r"\u8220?Lanes\u8221?\uc2 \u233ab\uc0\u233\par", "“Lanes”éé"),
    ("a negative number, and a pair", r"\u-4051?\u-10179?\u-8704?\par", "\uf02d😀"),
    ("signs with names", r"a\emdash b\~c\_d \lquote e\rquote\tab f \{g\}\par", "a—b c‑d ‘e’ f {g}"),
    ("an optional hyphen", r"pro\-tected\par", "protected"),
    ("raised and lowered numbers", r"10{\super 6} m{\super 2}, H{\sub 2}O\nosupersub .\par", "10⁶ m², H₂O."),
    ("lines of the file are no lines of the text", "one\r\n two\\\nthree\\par", "one two | three"),
    ("hidden and deleted text", r"shown{\v hidden}{\deleted gone}\par", "shown"),
    ("pictures, unknown groups and bytes", r"a{\pict 89504e}{\*\later b}\bin3 }}}c\par", "ac"),
    ("a text box", r"a{\shp{\*\shpinst\shptop0{\sp{\sn x}{\sv 1}}{\shptxt In a box.\par}}{\shprslt again}}b\par", "In a box. | ab"),
    ("comments", r"a{\*\annotation not this}b\par", "ab"),
    ("a file that is cut off", r"{\b whole\par {\i cut", "whole | cut"),
]  # fmt: skip


@pytest.mark.parametrize(("why", "body", "text"), TEXTS, ids=[case[0] for case in TEXTS])
def test_text(why, body, text):
    assert words(body).replace("\xa0", " ") == text, why


STRUCTURES = [
    # (why, rich text, blocks)
    ("a style with a level", r"\pard\s1 Lanes\par\pard They help.\par", [("heading", 1, "Lanes"), ("paragraph", None, "They help.")]),
    ("a style with a name", r"\pard\s2 Lanes\par\pard They help.\par", [("heading", 2, "Lanes"), ("paragraph", None, "They help.")]),
    ("large type", r"\pard\fs36 Lanes\par\fs24 They help all of us.\par", [("heading", 1, "Lanes"), ("paragraph", None, "They help all of us.")]),
    ("a short line in bold", r"\pard{\b Lanes}\par They help.\par", [("heading", 1, "Lanes"), ("paragraph", None, "They help.")]),
    ("a sentence in bold", r"\pard{\b They help.}\par They do.\par", [("paragraph", None, "They help."), ("paragraph", None, "They do.")]),
    ("items", r"{\listtext\tab 3.}One.\par{\pntext\'b7\tab}Two.\par", [("list_item", None, "3. One."), ("list_item", None, "Two.")]),
    ("a table with its head", r"\trowd\trhdr\pard\intbl Town\cell Lanes\cell\row\trowd\intbl A\par B\cell 3\cell\row\pard So.\par",
     [("table", None, "Town\tLanes\nA B\t3"), ("paragraph", None, "So.")]),
]  # fmt: skip


@pytest.mark.parametrize(("why", "body", "found"), STRUCTURES, ids=[case[0] for case in STRUCTURES])
def test_structure(why, body, found):
    assert blocks(body) == found, why


CITING = [
    # (why, rich text of one sentence and of what it cites)
    ("a footnote", rf"Lanes help.{{\super\chftn}}{{\footnote\pard{{\super\chftn}} {WORK}}}\par"),
    ("a numbered list", rf"Lanes help [1].\par{{\b References}}\par 1. {WORK}\par"),
    ("a raised number", rf"Lanes help.{{\super 1}}\par{{\b References}}\par {{\listtext 1.\tab}}{WORK}\par"),
    ("names and years", rf"Lanes help (Reyes 2019).\par{{\b References}}\par {WORK}\par"),
    ("the address of a link", r'Lanes help {\field{\*\fldinst HYPERLINK "https://doi.org/10.5555/a"}{\fldrslt (Reyes, 2019)}}.\par'),
]  # fmt: skip


@pytest.mark.parametrize(("why", "body"), CITING, ids=[case[0] for case in CITING])
def test_citations(why, body):
    [(_, works)] = sentences(f"{HEAD}{body}}}", "a.rtf")
    assert [name.startswith("?") for name in works] == [False], why


def test_what_is_beside_the_text_is_counted():
    body = r"{\header Page of the town}{\footer{\pict 00ff}7}Lanes help.\par"
    reading = read_document("a.rtf", f"{HEAD}{body}}}".encode())
    assert reading.text == "Lanes help."
    assert [trouble.letters for trouble in reading.trouble] == [len("Pageofthetown7")]
    assert (reading.metadata.title, reading.metadata.author) == ("Lanes in towns", "Ana Reyes")


BROKEN = [
    (b"{\\rtf1 {\\pict 00}}", "has no text", "a scan"),
    (b"{\\rtf1 " + b"{" * 10_000 + b"x", "nested too deeply", "a stack of groups"),
    (b"Lanes help.", "is no rich text file", "text by another name"),
]


@pytest.mark.parametrize(("data", "said", "why"), BROKEN, ids=[case[2] for case in BROKEN])
def test_what_cannot_be_read_is_refused_in_one_line(data, said, why):
    with pytest.raises(ReadingError, match=said) as error:
        read_document("a.rtf", data)
    assert "\n" not in str(error.value), why


PIECES = st.lists(
    st.sampled_from(
        ["{", "}", "\\par ", "\\pard ", "\\intbl ", "\\cell ", "\\row ", "\\b ", "\\super ", "\\plain ", "{\\footnote ",
         "{\\listtext 1.}", '{\\field{\\*\\fldinst HYPERLINK "a"}{\\fldrslt ', "{\\shptxt ", "{\\header ", "{\\*\\x ", "\\s1 ",
         "\\u-1?", "\\u55357?", "\\'e9", "\\'", "\\bin2 ", "\\uc3 ", "\\", "text ", "References", "\n", "\x00", "\\line "]
    )
    | st.text(st.characters(max_codepoint=255), max_size=4)
).map("".join)  # fmt: skip


@given(body=PIECES)
def test_any_rich_text_is_read_or_refused(body):
    try:
        reading = read_document("a.rtf", f"{HEAD}{body}".encode("latin-1"))
    except ReadingError:
        return
    assert broken_promises(reading) == []
