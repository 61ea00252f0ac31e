"""JATS articles: what becomes a heading, a paragraph, an entry; citations tied as the file ties them; no letter lost."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.errors import ReadingError
from qa.models import Reading
from qa.readers import read_document
from qa.readers.plain import visible_words
from testkit.reading_contract import broken_promises, citations_of

LIST = (
    "<ref-list><title>References</title>"
    '<ref id="r1"><label>1.</label><mixed-citation publication-type="journal"><string-name><surname>Reyes</surname> '
    "<given-names>J</given-names></string-name>. <article-title>Lanes in towns</article-title>. <source>J Roads</source>. "
    '<year>2019</year>;<volume>1</volume>:<fpage>2</fpage>-<lpage>3</lpage>. <pub-id pub-id-type="doi">10.5555/a</pub-id>'
    "</mixed-citation></ref>"
    '<ref id="r2"><label>[2]</label><element-citation publication-type="journal"><person-group person-group-type="author">'
    "<name><surname>Ito</surname><given-names>B</given-names></name></person-group><article-title>Paint</article-title>"
    "<source>J Roads</source><year>2020</year><volume>2</volume><fpage>3</fpage></element-citation></ref>"
    '<ref id="r3"><mixed-citation id="c3"><name><surname>Wu</surname><given-names>C</given-names></name><name>'
    "<surname>Osei</surname><given-names>D</given-names></name><article-title>Trees</article-title><year>2021</year>"
    "</mixed-citation></ref>"
    '<ref id="r4"><mixed-citation><name><surname>Lee</surname> <given-names>K</given-names></name><etal>et al</etal>. '
    "<article-title>Walls</article-title>. <source>J Roads</source><year>2022</year>;<volume>3</volume>:1.</mixed-citation>"
    "</ref></ref-list>"
)


def article(body: str, front: str = "", attributes: str = "") -> bytes:
    return (
        f'<?xml version="1.0"?><article xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'xmlns:mml="http://www.w3.org/1998/Math/MathML" {attributes}><front><article-meta><title-group>'
        f"<article-title>Lanes</article-title></title-group>{front}</article-meta></front>"
        f"<body>{body}</body><back>{LIST}</back></article>"
    ).encode()


def read(body: str, front: str = "", attributes: str = "") -> Reading:
    return read_document("a.xml", article(body, front, attributes))


def body_of(reading: Reading) -> Iterator[tuple[str, str]]:
    """Kind and text of the blocks between the title and the list."""
    for block in reading.blocks[1:]:
        if reading.text[block.start : block.end] == "References":
            return
        yield block.kind, reading.text[block.start : block.end]


BLOCKS = [
    ("a section", "<sec><label>1</label><title>So</title><p>Lanes help.</p></sec>", [("heading", "1 So"), ("paragraph", "Lanes help.")]),
    ("a list within a paragraph", "<p>Lanes<list><list-item><p>help</p></list-item></list>a lot.</p>", [("paragraph", "Lanes"), ("list_item", "help"), ("paragraph", "a lot.")]),
    ("the label of an item", "<list><list-item><label>a)</label><p>help</p></list-item></list>", [("list_item", "a) help")]),
    ("a quotation", "<disp-quote><p>Lanes help.</p></disp-quote>", [("quotation", "Lanes help.")]),
    ("a note within a paragraph comes after its section", "<sec><p>Lanes<fn><label>*</label><p>Wide ones.</p></fn> help.</p><p>So.</p></sec>", [("paragraph", "Lanes help."), ("paragraph", "So."), ("footnote", "* Wide ones.")]),
    ("a figure", '<fig><label>Fig. 1.</label><caption><title>Towns.</title><p>By size.</p></caption><graphic xlink:href="x"/></fig>', [("paragraph", "Fig. 1: Towns. By size.")]),
    ("a table with its notes", "<table-wrap><label>Table 1</label><caption><p>Towns</p></caption><table><thead><tr><th/><th>2020</th></tr></thead><tbody><tr><td>Oslo</td><td>3</td></tr></tbody></table><table-wrap-foot><fn><p>Counts.</p></fn></table-wrap-foot></table-wrap>", [("paragraph", "Table 1: Towns"), ("table", "\t2020\nOslo\t3"), ("footnote", "Counts.")]),
    ("one of two forms of a table", "<table-wrap><alternatives><graphic/><table><tr><td>Oslo</td></tr></table></alternatives></table-wrap>", [("table", "Oslo")]),
    ("definitions", "<def-list><def-item><term>LTN</term><def><p>low traffic</p></def></def-item></def-list>", [("list_item", "LTN: low traffic")]),
    ("a box with a title", "<boxed-text><caption><title>Key points</title></caption><p>Lanes help.</p></boxed-text>", [("heading", "Key points"), ("paragraph", "Lanes help.")]),
    ("a formula", "<p>So <inline-formula><alternatives><tex-math>\\documentclass{x}\\begin{document}$$x^2$$\\end{document}</tex-math><mml:math><mml:msup><mml:mi>x</mml:mi><mml:mn>2</mml:mn></mml:msup></mml:math></alternatives></inline-formula>.</p>", [("paragraph", "So x².")]),
    ("a formula in TeX only", "<p><inline-formula><tex-math>\\documentclass{x}\\begin{document}$$x^2$$\\end{document}</tex-math></inline-formula></p>", [("paragraph", "x^2")]),
    ("a fraction", "<p><mml:math><mml:mfrac><mml:mn>1</mml:mn><mml:mn>2</mml:mn></mml:mfrac></mml:math></p>", [("paragraph", "1/2")]),
    ("a power", "<p>10<sup>6</sup> cars</p>", [("paragraph", "10⁶ cars")]),
    ("a file beside the article is no claim", "<supplementary-material><caption><p>Data of towns</p></caption></supplementary-material>", [("metadata", "Data of towns")]),
    ("code keeps its lines", "<preformat>a\n  b</preformat>", [("code", "a\n  b")]),
    ("words outside paragraphs", "<sec><title>So</title>stray <bold>words</bold><p>Lanes.</p></sec>", [("heading", "So"), ("paragraph", "stray words"), ("paragraph", "Lanes.")]),
]  # fmt: skip


@pytest.mark.parametrize(("body", "blocks"), [case[1:] for case in BLOCKS], ids=[case[0] for case in BLOCKS])
def test_blocks(body, blocks):
    reading = read(body)
    assert list(body_of(reading)) == blocks
    assert broken_promises(reading) == []


CITATIONS = [
    ("a link", 'Lanes <xref ref-type="bibr" rid="r1">1</xref>.', [("1", ["reyes2019"])]),
    ("superscripts with a range", '<sup>[<xref rid="r1">1</xref>–<xref rid="r3">3</xref>]</sup>', [("[1–3]", ["reyes2019", "ito2020", "wu2021"])]),
    ("superscripts", '10<sup>6</sup> so<sup><xref rid="r1">1</xref>,<xref rid="r2">2</xref></sup>', [("¹,²", ["reyes2019", "ito2020"])]),
    ("two entries at once", '<xref rid="r1 r2">(both)</xref>', [("(both)", ["reyes2019", "ito2020"])]),
    ("a citation within an entry", '(<xref rid="c3">Wu 2021</xref>)', [("(Wu 2021)", ["wu2021"])]),
    ("a link to a table is none", '<xref ref-type="table" rid="t1">Table 1</xref> <xref rid="r2">[2]</xref>', [("[2]", ["ito2020"])]),
    ("in a table", '<table-wrap><table><tr><td>Oslo <xref rid="r2">2</xref></td></tr></table></table-wrap>', [("2", ["ito2020"])]),
]  # fmt: skip


@pytest.mark.parametrize(("body", "marks"), [case[1:] for case in CITATIONS], ids=[case[0] for case in CITATIONS])
def test_citations_are_those_that_the_file_ties(body, marks):
    reading = read(f"<p>{body}</p>")
    found = citations_of(reading)
    assert [(mark.text, list(mark.references)) for mark in found] == marks


def test_entries_and_their_works():
    reading = read("<p>Lanes help.</p>")
    entries = [block for block in reading.blocks if block.kind == "reference"]
    assert [(block.id, block.label, visible_words(reading, block)) for block in entries] == [
        ("r1", "1", "Reyes J. Lanes in towns. J Roads. 2019;1:2-3. doi:10.5555/a"),
        ("r2", "2", "Ito B (2020). Paint. J Roads 2:3."),
        ("r3", "3", "Wu C, Osei D (2021). Trees."),
        ("r4", "4", "Lee K et al. Walls. J Roads 2022;3:1."),
    ]
    assert reading.works["r1"] == {
        "type": "article-journal",
        "title": "Lanes in towns",
        "container-title": "J Roads",
        "author": [{"family": "Reyes", "given": "J"}],
        "issued": {"date-parts": [[2019]]},
        "volume": "1",
        "page": "2-3",
        "DOI": "10.5555/a",
    }
    assert [name["family"] for name in reading.works["r3"]["author"]] == ["Wu", "Osei"]


def test_metadata():
    front = (
        '<article-id pub-id-type="doi">10.5555/x</article-id><contrib-group><contrib contrib-type="author"><name>'
        "<surname>Reyes</surname><given-names>J</given-names></name></contrib></contrib-group>"
        '<pub-date pub-type="collection"><year>2018</year></pub-date>'
        '<pub-date pub-type="ppub"><year>2019</year><month>3</month></pub-date>'
        '<pub-date pub-type="epub"><year>2019</year><month>2</month><day>1</day></pub-date>'
        '<permissions><license xlink:href="https://creativecommons.org/licenses/by/4.0/"/></permissions>'
    )
    found = read("<p>Lanes.</p>", front, 'article-type="review-article" xml:lang="en-GB"').metadata
    assert (found.title, found.author, found.date, found.language) == ("Lanes", "J Reyes", "2019-02-01", "en")
    assert (found.doi, found.licence, found.kind) == (
        "10.5555/x",
        "https://creativecommons.org/licenses/by/4.0/",
        "summary",
    )


def test_what_is_left_out_is_said_and_counted():
    data = article("<p>Lanes.</p>", "<kwd-group><kwd>towns</kwd></kwd-group>").replace(
        b"</article>", b"<sub-article><body><p>A review of it.</p></body></sub-article></article>"
    )
    (trouble,) = read_document("a.xml", data).trouble
    assert trouble.letters == len("towns") + len("Areviewofit")


HOSTILE = [
    ("an external file", '<!DOCTYPE article [<!ENTITY x SYSTEM "file:///etc/passwd">]>', "<p>&x;</p>", "&x; which is not known"),
    ("entities that multiply", "<!DOCTYPE article [<!ENTITY a0 'lol'>" + "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 10)) + "]>", "<p>&a9;</p>", "entities that multiply"),
    ("deep nesting", "", "<sec>" * 100_000 + "</sec>" * 100_000, "nested too deeply"),
    ("millions of elements", "", "<p/>" * 3_000_001, "too many elements"),
    ("an unknown name", '<!DOCTYPE article SYSTEM "http://127.0.0.1:9/x.dtd">', "<p>\n&mgr;</p>", "a.xml:2: has the entity &mgr;"),
    ("cut off", "", "<p>Lanes", "broken XML"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("doctype", "body", "words"), [case[1:] for case in HOSTILE], ids=[case[0] for case in HOSTILE]
)
def test_hostile_and_broken_articles_are_refused(doctype, body, words):
    start = time.process_time()
    with pytest.raises(ReadingError) as error:
        read_document("a.xml", f"{doctype}<article><body>{body}</body></article>".encode())
    assert words in str(error.value)
    assert str(error.value).startswith("a.xml")
    assert time.process_time() - start < 60


def test_characters_that_only_a_dtd_names():
    """The DTD is never fetched; HTML has the same names for most."""
    data = b'<!DOCTYPE article SYSTEM "http://127.0.0.1:9/x.dtd"><article><body><p>ok &alpha;&mdash;so</p></body></article>'
    assert read_document("a.xml", data).text == "ok α—so"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"<?xml version='1.0'?><html><p>Lanes</p></html>", "another kind"),
        (b"<pmc-articleset><article/><article/></pmc-articleset>", "2 articles"),
        (b"<article><front/></article>", "no text"),
        (b"<?xml version='1.0' encoding='utf-99'?><article/>", "encoding"),
        (b"", "broken XML"),
    ],
)
def test_other_xml_is_refused_by_name(data, words):
    with pytest.raises(ReadingError, match=words):
        read_document("a.nxml", data.replace(b"<html", b"<record").replace(b"</html", b"</record"))


ELEMENTS = [
    "p",
    "sec",
    "title",
    "list",
    "list-item",
    "bold",
    "sup",
    "sub",
    "xref",
    "fn",
    "table-wrap",
    "table",
    "tr",
    "td",
    "fig",
    "caption",
    "label",
    "disp-quote",
    "def-list",
    "def-item",
    "term",
    "def",
    "boxed-text",
    "ref-list",
    "ref",
    "mixed-citation",
    "name",
    "surname",
    "break",
    "code",
    "ack",
    "unknown",
]
TREES = st.recursive(
    st.text(alphabet="ab1 .", max_size=6),
    lambda inner: st.builds(
        lambda tag, children: f'<{tag} rid="r1" id="{tag}">{"".join(children)}</{tag}>',
        st.sampled_from(ELEMENTS),
        st.lists(inner, max_size=4),
    ),
    max_leaves=25,
)


@given(body=TREES)
def test_no_letter_is_lost_whatever_the_elements(body):
    data = f"<article><body><p>x</p>{body}</body></article>".encode()
    reading = read_document("a.xml", data)
    seen = "".join(part.rsplit(">", 1)[-1] for part in body.split("<"))
    assert broken_promises(reading, letters=1 + sum(map(str.isalnum, seen))) == []


def test_a_published_article():
    data = (Path(__file__).parent / "data" / "formats" / "PMC3672758.nxml").read_bytes()
    reading = read_document("PMC3672758.nxml", data)
    assert broken_promises(reading) == []
    assert len(reading.works) == sum(block.kind == "reference" for block in reading.blocks) == 60
    found = citations_of(reading)
    assert {mark.family for mark in found} == {"cross_reference"}


def test_emphasis_and_links_look_as_in_the_article():
    reading = read(
        '<p>Lanes <italic>help</italic>, 1<sup>st</sup> <ext-link xlink:href="https://a.org/b">here</ext-link>.</p>'
    )
    (block,) = (block for block in reading.blocks if block.kind == "paragraph")
    assert [(reading.text[style.start : style.end], style.kind, style.value) for style in block.styles] == [
        ("help", "emphasis", ""),
        ("st", "raised", ""),
        ("here", "link", "https://a.org/b"),
    ]
