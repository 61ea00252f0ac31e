"""Word documents: citations as citation managers keep them, numbers that Word draws, notes, tables; no letter lost."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.corpus.embedded import with_normal_works
from qa.errors import ReadingError
from qa.models import Reading
from qa.readers import read_document
from testkit.reading_contract import broken_promises, citations_of
from testkit.word_documents import (
    CITING,
    MANAGERS,
    RAISED,
    WORKS,
    W,
    WordFile,
    field_of,
    instruction,
    mark,
    notes,
    paragraph,
    run,
    styles,
    with_citations,
)

STYLES = styles(
    H1="heading 1", H2="heading 2", T="Title", Q="Quote", C="Source Code", B="Bibliography", Toc="toc 1", N="Normal"
)
NUMBERING = (
    "numbering.xml",
    f'<w:numbering {W}><w:abstractNum w:abstractNumId="0">'
    '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>'
    '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%1.%2)"/></w:lvl>'
    '</w:abstractNum><w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="o"/></w:lvl>'
    '</w:abstractNum><w:abstractNum w:abstractNumId="2"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/>'
    '<w:lvlText w:val="[%1]"/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    '<w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num><w:num w:numId="3"><w:abstractNumId w:val="2"/></w:num>'
    '<w:num w:numId="4"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
    "</w:numbering>",
)


def read(body: str, **related: tuple[str, str]) -> Reading:
    return read_document("a.docx", WordFile(body, {"styles": STYLES, "numbering": NUMBERING, **related}).to_bytes())


def outline(reading: Reading) -> list[tuple[str, str]]:
    return [(block.kind, reading.text[block.start : block.end]) for block in reading.blocks]


def item(text: str, list: int = 1, level: int = 0, style: str = "") -> str:
    number = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list}"/></w:numPr>'
    return paragraph(run(text), style=style, properties=number)


def table(*rows: tuple[str, ...]) -> str:
    cells = ("".join(f"<w:tc>{cell}</w:tc>" for cell in row) for row in rows)
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in cells)}</w:tbl>"


@pytest.mark.parametrize("manager", MANAGERS)
def test_citations_of_each_manager(manager):
    """All marks, all works with all their fields, and each printed entry as that of its work."""
    reading = with_normal_works(read_document("a.docx", with_citations(manager)), "a.docx")
    assert broken_promises(reading) == []
    assert reading.trouble == ()
    marks = [[reading.works[id]["DOI"] for id in link.targets] for link in reading.links]
    assert marks == [[WORKS[id]["DOI"] for id in ids] for _, ids in CITING]
    by_doi = {work["DOI"]: work for work in reading.works.values()}
    assert list(by_doi.values()) == list(WORKS)
    entries = [block for block in reading.blocks if block.kind == "reference"]
    assert [reading.works[block.id or ""]["DOI"] for block in entries] == [work["DOI"] for work in WORKS]
    assert [block.label for block in entries] == ["1", "2", "3", "4"]
    found = citations_of(reading)
    assert [(len(mark.references), mark.family) for mark in found] == [
        (len(ids), "cross_reference") for _, ids in CITING
    ]


BOLD = "<w:rPr><w:b/></w:rPr>"
BLOCKS = [
    ("styles of headings", paragraph(run("Lanes"), style="T") + paragraph(run("So"), style="H2") + paragraph(run("They help.")), [("heading", "Lanes"), ("heading", "So"), ("paragraph", "They help.")]),
    ("a line in bold is a heading", paragraph(run("So", BOLD)) + paragraph(run("They help.")), [("heading", "So"), ("paragraph", "They help.")]),
    ("the caption of a table in bold is none", paragraph(run("Table 1: Lanes", BOLD)) + paragraph(run("They help.")), [("paragraph", "Table 1: Lanes"), ("paragraph", "They help.")]),
    ("numbers that Word draws", item("one") + item("first", level=1) + item("second", level=1) + item("two") + item("first", level=1), [("list_item", "1. one"), ("list_item", "1.a) first"), ("list_item", "1.b) second"), ("list_item", "2. two"), ("list_item", "2.a) first")]),
    ("a list that starts again", item("one") + item("two") + item("one", list=4), [("list_item", "1. one"), ("list_item", "2. two"), ("list_item", "1. one")]),
    ("a numbered heading", item("Lanes", style="H1"), [("heading", "1. Lanes")]),
    ("bullets", item("one", list=2), [("list_item", "one")]),
    ("a quotation and code", paragraph(run("They help."), style="Q") + paragraph(run("x = 1"), style="C"), [("quotation", "They help."), ("code", "x = 1")]),
    ("a power", paragraph(run("10"), run("6", RAISED), run(" cars")), [("paragraph", "10⁶ cars")]),
    ("a power by position", paragraph(run("10"), run("6", '<w:rPr><w:position w:val="6"/></w:rPr>')), [("paragraph", "10⁶")]),
    ("deleted and hidden text is not there", paragraph(run("a"), f"<w:del>{run('b')}</w:del>", run("c", "<w:rPr><w:vanish/></w:rPr>"), f"<w:ins>{run('d')}</w:ins>"), [("paragraph", "ad")]),
    ("special characters", paragraph('<w:r><w:t>p </w:t><w:sym w:font="Symbol" w:char="F0A3"/><w:t> 0</w:t><w:noBreakHyphen/><w:t>1</w:t></w:r>'), [("paragraph", "p ≤ 0‑1")]),
    ("a table", table((paragraph(run("Town", BOLD)), paragraph(run("2020", BOLD))), (paragraph(run("Oslo")), paragraph(run("3")))), [("table", "Town\t2020\nOslo\t3")]),
    ("a frame of one cell", table((paragraph(run("So"), style="H1") + paragraph(run("They help.")),)), [("heading", "So"), ("paragraph", "They help.")]),
    ("a table in a table", table((paragraph(run("a")), table((paragraph(run("b")), paragraph(run("c"))))), (paragraph(run("d")), paragraph(run("e")))), [("table", "a\tb c\nd\te")]),
    ("a text box comes after its paragraph", paragraph(run("They "), f"<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><w:txbxContent>{paragraph(run('Box.'))}</w:txbxContent></w:drawing></mc:Choice><mc:Fallback><w:pict><w:txbxContent>{paragraph(run('Box.'))}</w:txbxContent></w:pict></mc:Fallback></mc:AlternateContent></w:r>", run("help.")), [("paragraph", "They help."), ("paragraph", "Box.")]),
    ("a formula", paragraph(run("So "), "<m:oMath><m:sSup><m:e><m:r><m:t>x</m:t></m:r></m:e><m:sup><m:r><m:t>2</m:t></m:r></m:sup></m:sSup></m:oMath>"), [("paragraph", "So x²")]),
    ("a list under its heading", paragraph(run("References"), style="H1") + paragraph(run("[1] Reyes J. Lanes. 2019.")) + paragraph(run("[2] Ito B. Paint. 2020.")), [("heading", "References"), ("reference", "[1] Reyes J. Lanes. 2019."), ("reference", "[2] Ito B. Paint. 2020.")]),
    ("a list under a plain line", paragraph(run("Bibliography")) + item("Reyes J. Lanes. 2019.", list=3), [("heading", "Bibliography"), ("reference", "[1] Reyes J. Lanes. 2019.")]),
]  # fmt: skip


@pytest.mark.parametrize(("body", "blocks"), [case[1:] for case in BLOCKS], ids=[case[0] for case in BLOCKS])
def test_blocks(body, blocks):
    reading = read(body)
    assert outline(reading) == blocks
    assert broken_promises(reading) == []


def test_labels_of_a_numbered_list_of_works():
    """The numbers are only drawn by Word, and the text cites them as [1]."""
    reading = read(
        paragraph(run("Lanes help [2]. Paint does too [1].")) + paragraph(run("References"), style="H1")
        + item("Reyes J. Paint. J Roads 2019;1:2.", list=3) + item("Ito B. Lanes. J Roads 2020;2:3.", list=3)
    )  # fmt: skip
    found = citations_of(reading)
    assert [mark.references for mark in found] == [("ito2020",), ("reyes2019",)]


def test_footnotes_come_after_their_section():
    body = (
        paragraph(run("So"), style="H1")
        + paragraph(run("Lanes help."), '<w:r><w:footnoteReference w:id="1"/></w:r>')
        + paragraph(run("More"), style="H1")
        + paragraph(run("Paint too."), '<w:r><w:endnoteReference w:id="1"/></w:r>')
    )
    reading = read(
        body,
        footnotes=notes("footnote", paragraph(run("Reyes J. Lanes. J Roads 2019;1:2."))),
        endnotes=notes("endnote", paragraph(run("Ito B. Paint. J Roads 2020;2:3."))),
    )
    assert outline(reading) == [
        ("heading", "So"),
        ("paragraph", "Lanes help.¹"),
        ("footnote", "1 Reyes J. Lanes. J Roads 2019;1:2."),
        ("heading", "More"),
        ("paragraph", "Paint too.¹"),
        ("footnote", "1 Ito B. Paint. J Roads 2020;2:3."),
    ]
    assert [block.label for block in reading.blocks if block.label] == ["1", "e1"]
    found = citations_of(reading)
    assert [mark.references for mark in found] == [("reyes2019",), ("ito2020",)]


def test_the_number_of_a_remark_is_no_citation():
    """A raised 1 may be the first entry of the list, but here it calls a note."""
    reading = read(
        paragraph(run("Lanes help."), '<w:r><w:footnoteReference w:id="1"/></w:r>', run(" Paint too."), run("2", RAISED))
        + paragraph(run("References"), style="H1") + item("Reyes J. Lanes. J Roads 2019;1:2.", list=3) + item("Ito B. Paint. J Roads 2020;2:3.", list=3),
        footnotes=notes("footnote", paragraph(run("For riders who like them."))),
    )  # fmt: skip
    assert [(mark.text, mark.references) for mark in citations_of(reading)] == [("²", ("ito2020",))]


def test_a_work_cited_in_a_footnote_is_cited_where_the_note_is_called():
    """Styles of the humanities: Zotero's field is in the footnote."""
    instr = (
        'ADDIN ZOTERO_ITEM CSL_CITATION {"citationItems": [{"uris": ["u"], "itemData": {"type": "book", '
        '"title": "Lanes", "author": [{"family": "Reyes"}], "issued": {"date-parts": [["2019"]]}}}]}'
    )
    reading = read(
        paragraph(run("Lanes help."), '<w:r><w:footnoteReference w:id="1"/></w:r>'),
        footnotes=notes("footnote", paragraph(field_of(instr, "Reyes, Lanes, 12."))),
    )
    reading = with_normal_works(reading, "a.docx")
    found = citations_of(reading)
    assert (found[0].text, found[0].references) == ("¹", ("reyes2019",))


def test_cross_references_to_a_numbered_list():
    """A mark by Word's own cross-references: a bookmark around the entry, and REF fields."""
    entry = paragraph('<w:bookmarkStart w:id="1" w:name="_Ref1"/>', run("Reyes J. Lanes. 2019."), '<w:bookmarkEnd w:id="1"/>', properties='<w:numPr><w:ilvl w:val="0"/><w:numId w:val="3"/></w:numPr>')  # fmt: skip
    body = paragraph(run("Lanes help "), field_of("REF _Ref1 \\r \\h", "[1]"), run(".")) + paragraph(run("Literatur"), style="H1") + entry  # fmt: skip
    reading = read(body)
    assert [(reading.text[a.start : a.end], a.targets) for a in reading.links] == [("[1]", (reading.blocks[-1].id,))]
    assert reading.blocks[-1].kind == "reference"


def test_a_table_of_contents_and_headers_are_left_out_and_counted():
    contents = paragraph(mark("begin"), instruction('TOC \\o "1-3"'), mark("separate"), run("Lanes 1"), style="Toc")
    body = contents + paragraph(run("So 2"), mark("end"), style="Toc") + paragraph(run("Lanes help."))
    reading = read(body, header=("header1.xml", f"<w:hdr {W}>{paragraph(run('Page head'))}</w:hdr>"))
    assert outline(reading) == [("paragraph", "Lanes help.")]
    assert [trouble.letters for trouble in reading.trouble] == [len("Lanes1So2Pagehead")]


def test_metadata():
    core = (
        '<cp:coreProperties xmlns:cp="c" xmlns:dc="d" xmlns:t="t"><dc:title>Microsoft Word - Document1</dc:title>'
        "<dc:creator>J Reyes</dc:creator><t:modified>2024-05-01T10:00:00Z</t:modified></cp:coreProperties>"
    )
    file = WordFile(
        paragraph(run("Lanes in towns"), style="T") + paragraph(run("They help.")), {"styles": STYLES}, core=core
    )
    found = read_document("a.docx", file.to_bytes()).metadata
    assert (found.title, found.author, found.modified) == ("Lanes in towns", "J Reyes", "2024-05-01")
    file.body = paragraph(run("They help."))
    assert read_document("a.docx", file.to_bytes()).metadata.title is None


TROUBLE = [
    ("a field without end keeps what follows", paragraph(run("a "), mark("begin"), instruction("ADDIN ZOTERO_ITEM {")) + paragraph(run("b")), "no end"),
    ("broken JSON keeps the printed mark", paragraph(run("a "), field_of("ADDIN ZOTERO_ITEM CSL_CITATION {bad}", "b")), "damaged"),
    ("JSON nested too deeply", paragraph(run("a "), field_of("ADDIN CSL_CITATION {\"citationItems\":" + "[" * 50_000, "b")), "damaged"),
    ("a field that does not describe its work", paragraph(run("a "), field_of('ADDIN ZOTERO_ITEM CSL_CITATION {"citationItems": [{"uris": ["x"]}]}', "b")), "does not describe"),
    ("a tag without source", paragraph(run("a "), field_of("CITATION Rey19 \\l 1033", "b")), "does not describe"),
    ("a symbol that a field draws", paragraph(run("a b"), mark("begin"), instruction("SYMBOL 176"), mark("end")), "symbol"),
    ("an end without begin", paragraph(run("a "), mark("end"), run("b")), None),
]  # fmt: skip


@pytest.mark.parametrize(("body", "words"), [case[1:] for case in TROUBLE], ids=[case[0] for case in TROUBLE])
def test_damaged_fields_lose_no_text(body, words):
    reading = read(body)
    assert reading.text.split() == ["a", "b"]
    assert [words in trouble.message for trouble in reading.trouble] == ([True] if words else [])
    assert broken_promises(reading) == []


def bomb() -> bytes:
    return WordFile("<w:p/>" + " " * 300_000_000).to_bytes()


def many_parts() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for number in range(5_001):
            archive.writestr(f"word/{number}.xml", "")
    return buffer.getvalue()


GOOD = WordFile(paragraph(run("They help."))).to_bytes()
REFUSED = [
    ("not an archive", lambda: b"hello", "is no Word document, or is damaged"),
    ("cut off", lambda: GOOD[:-40], "is no Word document, or is damaged"),
    ("a byte changed", lambda: GOOD.replace(GOOD[200:240], b"\0" * 40), "damaged"),
    ("no main part", lambda: WordFile("").to_bytes().replace(b"word/document.xml", b"word/documenu.xml"), "damaged"),
    ("no text", lambda: WordFile("<w:p/>").to_bytes(), "has no text"),
    ("an external file", lambda: WordFile("<w:p><w:r><w:t>&x;</w:t></w:r></w:p>", before='<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]>').to_bytes(), "a DTD"),
    ("deep nesting", lambda: WordFile("<w:tbl><w:tr><w:tc>" * 3000 + "</w:tc></w:tr></w:tbl>" * 3000).to_bytes(), "nested too deeply"),
    ("too many parts", many_parts, "more than 5000 parts"),
    ("a bomb", bomb, "too large when unpacked"),
]  # fmt: skip


@pytest.mark.parametrize(("make", "words"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED])
def test_broken_and_hostile_documents_are_refused(make, words):
    with pytest.raises(ReadingError) as error:
        read_document("a.docx", make())
    assert words in str(error.value)
    assert str(error.value).count("\n") == 0


PIECES = st.recursive(
    st.text(alphabet="ab1 .", min_size=1, max_size=5).map(lambda text: run(text)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda runs: f"<w:ins>{''.join(runs)}</w:ins>"),
        st.lists(inner, max_size=3).map(lambda runs: f'<w:hyperlink w:anchor="b1">{"".join(runs)}</w:hyperlink>'),
        st.lists(inner, max_size=3).map(lambda runs: f'<w:fldSimple w:instr="REF b1">{"".join(runs)}</w:fldSimple>'),
        st.lists(inner, max_size=3).map(lambda runs: f"<w:sdt><w:sdtContent>{''.join(runs)}</w:sdtContent></w:sdt>"),
        st.lists(inner, max_size=3).map(lambda runs: mark("begin") + mark("separate") + "".join(runs) + mark("end")),
        st.lists(inner, max_size=3).map(lambda runs: f'<w:bookmarkStart w:id="1" w:name="b1"/>{"".join(runs)}'),
        st.lists(inner, max_size=3).map(lambda runs: f"{''.join(runs)}<w:r>{'<w:tab/>' * len(runs)}</w:r>"),
        st.lists(inner, max_size=2).map(lambda runs: mark("begin") + "".join(runs)),
        st.lists(inner, max_size=2).map(lambda runs: mark("end") + "".join(runs)),
    ),
    max_leaves=8,
)
PARAGRAPHS = st.builds(
    lambda runs, style, listed: paragraph(
        *runs, style=style, properties=f'<w:numPr><w:numId w:val="{listed}"/></w:numPr>' if listed else ""
    ),
    st.lists(PIECES, max_size=3),
    st.sampled_from(["", "H1", "T", "Q", "C", "B", "N"]),
    st.sampled_from([0, 0, 1, 2, 3]),
)
BODIES = st.lists(
    st.one_of(
        PARAGRAPHS,
        st.lists(PARAGRAPHS, min_size=1, max_size=4).map(lambda cells: table(tuple(cells), tuple(cells[:1]))),
        st.just(paragraph(run("References"))),
    ),
    min_size=1,
    max_size=4,
).map("".join)


@given(body=BODIES)
def test_no_letter_is_lost_whatever_the_elements(body):
    seen = "".join(part.split("</w:t>")[0] for part in body.split('<w:t xml:space="preserve">')[1:])
    reading = read(paragraph(run("x")) + body)
    assert broken_promises(reading, letters=1 + sum(map(str.isalnum, seen))) == []


def test_emphasis_looks_as_in_the_document():
    """Word splits what looks alike into many runs."""
    italic = "<w:rPr><w:i/></w:rPr>"
    reading = read(paragraph(run("Lanes "), run("help ", italic), run("much", italic), run(".")))
    (block,) = reading.blocks
    assert [(reading.text[style.start : style.end], style.kind) for style in block.styles] == [
        ("help much", "emphasis")
    ]
