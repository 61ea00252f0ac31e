"""Web pages: the main part, marks tied to entries, and nothing lost without a word."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.errors import ReadingError
from qa.models import Reading
from qa.readers import read_document
from testkit.reading_contract import broken_promises

PROSE = (
    "Protected lanes in towns are wide enough for two, and they are cheap to build where there is space for them. " * 3
)
ENTRY = "Reyes J. Lanes in towns. Road Journal. 2019;4:1-9."
LIST = f'<h2>References</h2><ol><li id="r1">{ENTRY}</li><li id="r2">Lee K. Cheap paint. Road Journal. 2020;5:2-7.</li></ol>'


def read(body: str, head: str = "", name: str = "lanes.html") -> Reading:
    return read_document(name, f"<!DOCTYPE html><html lang='en'><head>{head}</head><body>{body}</body></html>".encode())


def outline(reading: Reading) -> list[tuple[str, str]]:
    return [(block.kind, reading.text[block.visible[0].start : block.end]) for block in reading.blocks]


def cited(reading: Reading) -> list[tuple[str, list[str]]]:
    """The words of each mark, and the first word of each entry that it cites."""
    first = {
        block.id: reading.text[block.visible[0].start : block.end].split()[0] for block in reading.blocks if block.id
    }
    return [(reading.text[link.start : link.end], [first[id] for id in link.targets]) for link in reading.links]


MARKS = [
    ("a number in brackets", f'<p>Lanes help [<a href="#r1">1</a>].</p>{LIST}', [("1", ["Reyes"])]),
    ("raised", f'<p>Lanes help.<sup><a href="#r2">2</a></sup></p>{LIST}', [("²", ["Lee"])]),
    ("author and year", f'<p>So <a href="#r1">Reyes (2019)</a> says.</p>{LIST}', [("Reyes (2019)", ["Reyes"])]),
    ("a name only", f'<p>So <a href="#r1">Reyes et al.</a> say.</p>{LIST}', [("Reyes et al.", ["Reyes"])]),
    ("an anchor in the entry", f'<p>Lanes help [<a href="#a">1</a>].</p><ol><li><a name="a"></a>{ENTRY}</li></ol>', [("1", ["Reyes"])]),
    ("a whole address of this page", f'<p>Lanes help [<a href="file:///C:/pages/lanes.html#r1">1</a>].</p>{LIST}', [("1", ["Reyes"])]),
    ("an address on another page", f'<p>Lanes help [<a href="other.html#r1">1</a>].</p>{LIST}', []),
    ("a chapter of a book, with its part of the list hidden", f'<p>Lanes help (<a href="refs.html#ref-b" role="doc-biblioref">2019</a>).</p><div id="refs" class="references csl-bib-body" style="display: none"><div id="ref-b" class="csl-entry">{ENTRY}</div></div>', [("2019", ["Reyes"])]),
    ("a figure is no entry", f'<p>See <a href="#f">1</a>.</p><figure id="f"><p>{ENTRY}</p></figure>{LIST}', []),
    ("a section is no entry", f'<p>See <a href="#s">2</a>.</p><section id="s"><p>{PROSE}</p></section>', []),
    ("a page number of an index is no mark", f'<p id="p6">{PROSE} As was known in 2019.</p><h2>Index</h2><p>Lanes, <a href="#p6">6</a></p>{LIST}', []),
    ("a line of the contents is no mark", f'<p><a href="#i">Introduction</a></p><p id="i">{PROSE}</p>{LIST}', []),
    ("a link in prose is no mark", f'<p>Lanes help, <a href="#r1">as we have read in a paper</a>.</p>{LIST}', []),
    ("back to the text", f'<p>Lanes help<sup id="b"><a href="#r1">1</a></sup>.</p><ol><li id="r1"><a href="#b">a</a> {ENTRY}</li></ol>', [("¹", ["Reyes"])]),
    ("a short note to the full entry", f'<p>Lanes help<sup><a href="#n">1</a></sup>.</p><h2>Notes</h2><ol><li id="n"><a href="#r1">Reyes 2019</a>, p. 5.</li></ol>{LIST}', [("¹", ["Reyes"]), ("Reyes 2019", ["Reyes"])]),
    ("docutils: a term with its definition", f'<p>Lanes help <a href="#id1">[1]</a>.</p><dl><dt id="id1">1</dt><dd><p>{ENTRY}</p></dd></dl>', [("[1]", ["Reyes"])]),
]  # fmt: skip


@pytest.mark.parametrize(("body", "marks"), [row[1:] for row in MARKS], ids=[row[0] for row in MARKS])
def test_links_to_entries_are_citations(body, marks):
    reading = read(f"<h1>Lanes</h1><p>{PROSE}</p>{body}")
    assert cited(reading) == marks
    assert broken_promises(reading) == []


WORDS = [
    ("powers are not glued", "<p>10<sup>6</sup> lanes, CO<sub>2</sub></p>", "10⁶ lanes, CO₂"),
    ("letters stay", "<p>The 1<sup>st</sup> lane</p>", "The 1st lane"),
    ("a formula", "<p>So <math><msup><mi>m</mi><mn>2</mn></msup></math>.</p>", "So m²."),
    ("a formula that is hidden behind its picture", '<p>So <span style="display:none"><math><mi>x</mi></math></span><img alt="x">.</p>', "So x."),
    ("quotation marks of a browser", "<p>They say <q>lanes</q>.</p>", "They say “lanes”."),
    ("soft hyphens and line ends", "<p>wide\n la&shy;nes</p>", "wide lanes"),
    ("numbers that a browser draws", '<ol start="4"><li>Paint</li></ol>', "4. Paint"),
    ("hidden words", '<p>Lanes<span hidden> or not</span><span style="display: none">!</span></p>', "Lanes"),
    ("keys of a file beside the page", '<p>Lanes help<d-cite key="reyes2019,lee2020"></d-cite>.</p>', "Lanes help [@reyes2019; @lee2020]."),
    ("links to other sites in an entry", f'<p>x <a href="#e">1</a></p><ol><li id="e">{ENTRY} [<a href="https://doi.org/10.5555/x">DOI</a>] [<a href="https://x.org">Google Scholar</a>]</li></ol>', f"1. {ENTRY}"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "words"), [row[1:] for row in WORDS], ids=[row[0] for row in WORDS])
def test_words(body, words):
    reading = read(f"<p>{PROSE}</p>{body}")
    assert reading.text[reading.blocks[-1].start : reading.blocks[-1].end] == words


def test_the_address_of_an_entry_is_kept_when_its_words_are_not_shown():
    body = f'<p>{PROSE} [<a href="#e">1</a>]</p><ol><li id="e">{ENTRY} [<a href="https://doi.org/10.5555/x">DOI</a>]</li></ol>'
    (style,) = read(body).blocks[-1].styles
    assert (style.kind, style.value) == ("link", "https://doi.org/10.5555/x")


BLOCKS = [
    ("headings keep their level", "<h2>A</h2><p>x</p>", ["heading", "paragraph"]),
    ("two line breaks end a paragraph", "<div>Lanes help.<br><br>They are cheap.<br>Very.</div>", ["paragraph", "paragraph"]),
    ("nested lists", "<ul><li>A<ul><li>B</li></ul></li><li>C</li></ul>", ["list_item"] * 3),
    ("a term with its definition", "<dl><dt>Lane</dt><dd>A part of a road.</dd></dl>", ["list_item"]),
    ("a quotation", "<blockquote><p>Lanes help.</p></blockquote>", ["quotation"]),
    ("a table with a caption", "<table><caption>T</caption><tr><th>A</th><th>B</th></tr><tr><td>1</td><td>2</td></tr></table>", ["paragraph", "table"]),
    ("a table that arranges the page", "<table><tr><td><h2>A</h2><p>x</p></td><td><p>y</p></td></tr></table>", ["heading", "paragraph", "paragraph"]),
    ("entries without marks", f"<h2>References</h2><ol><li>{ENTRY}</li></ol>", ["heading", "reference"]),
    ("entries of a class, without a heading", f'<div class="csl-bib-body"><div class="csl-entry">{ENTRY}</div></div>', ["reference"]),
    ("code", "<pre>a\n  b</pre>", ["code"]),
    ("a note within the text", "<p>Lanes help.<d-footnote>Mostly.</d-footnote> So.</p>", ["paragraph", "footnote"]),
]  # fmt: skip


@pytest.mark.parametrize(("body", "kinds"), [row[1:] for row in BLOCKS], ids=[row[0] for row in BLOCKS])
def test_blocks(body, kinds):
    reading = read(f"<p>{PROSE}</p>{body}")
    assert [kind for kind, _ in outline(reading)][1:] == kinds
    assert broken_promises(reading) == []


AROUND = [
    ("navigation", "<nav><ul><li>Home</li></ul></nav>", ""),
    ("a banner by its class", '<div class="cookie-banner"><p>We use cookies.</p></div>', ""),
    ("comments after the article", "", '<section id="comments"><p>It cured me completely.</p></section>'),
    ("a sidebar by its role", '<div role="complementary"><p>Popular posts</p></div>', ""),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after"), [row[1:] for row in AROUND], ids=[row[0] for row in AROUND])
def test_what_is_around_an_article_is_left_out_and_counted(before, after):
    reading = read(f"{before}<article><h1>Lanes</h1><p>{PROSE}</p></article>{after}")
    assert outline(reading) == [("heading", "Lanes"), ("paragraph", PROSE.strip())]
    assert sum(trouble.letters for trouble in reading.trouble) > 0


KEPT = [
    ("a widget that is the article", f'<div class="widget"><p>{PROSE}</p></div>'),
    ("a section whose name is its heading", f'<p>{PROSE}</p><section id="related-work"><h2>Related work</h2><p>Lanes are old.</p></section>'),
    ("a summary beside the title", f"<div><h1>Lanes</h1><p>In short: they help.</p></div><div><p>{PROSE * 5}</p></div>"),
    ("entries outside the article", f'<main><h1>Lanes</h1><p>{PROSE} [<a href="#r1">1</a>]</p></main><aside><p id="r1">{ENTRY}</p></aside>'),
]  # fmt: skip


@pytest.mark.parametrize("body", [row[1] for row in KEPT], ids=[row[0] for row in KEPT])
def test_content_stays_whatever_its_name(body):
    assert read(body).trouble == ()


HEADS = [
    ("without the name of the site", "<title>Lanes in towns - Road Journal</title>", "title", "Lanes in towns"),
    ("as cited", '<meta name="citation_title" content="Lanes: a trial"><title>x</title>', "title", "Lanes: a trial"),
    ("a date with slashes", '<meta name="citation_publication_date" content="2014/3/5">', "date", "2014-03-05"),
    ("a date that is none", '<meta name="date" content="yesterday">', "date", None),
    ("a wiki's birthday is not its date", '<script type="application/ld+json">{"datePublished": "2002-01-01", "dateModified": "2024-05-06"}</script>', "date", "2024-05-06"),
    ("an identifier", '<meta name="citation_doi" content="doi:10.5555/lanes">', "doi", "10.5555/lanes"),
    ("a licence", '<link rel="license" href="https://creativecommons.org/licenses/by/4.0/">', "licence", "https://creativecommons.org/licenses/by/4.0/"),
]  # fmt: skip


@pytest.mark.parametrize(("head", "field", "value"), [row[1:] for row in HEADS], ids=[row[0] for row in HEADS])
def test_what_a_page_says_about_itself(head, field, value):
    assert getattr(read(f"<p>{PROSE}</p>", head).metadata, field) == value


ENCODED = [
    ("Latin-1 as browsers read it", "<meta charset=iso-8859-1>", "windows-1252"),
    ("declared by XML", '<?xml version="1.0" encoding="iso-8859-15"?>', "iso-8859-15"),
    ("a byte order mark", "", "utf-8-sig"),
    ("UTF-16", "", "utf-16"),
    ("undeclared UTF-8", "", "utf-8"),
    ("undeclared and old", "", "windows-1252"),
]


@pytest.mark.parametrize(("head", "encoding"), [row[1:] for row in ENCODED], ids=[row[0] for row in ENCODED])
def test_encodings(head, encoding):
    reading = read_document("a.html", f"{head}<p>Ärzte für Bäume</p>".encode(encoding))
    assert reading.text == "Ärzte für Bäume"


def test_an_empty_element_of_xhtml_holds_nothing():
    page = '<html xmlns="http://www.w3.org/1999/xhtml"><head><title/></head><body><p><a id="x"/>Lanes&nbsp;help.</p></body></html>'
    assert read_document("a.xhtml", page.encode()).text == "Lanes help."


def test_text_below_many_elements_is_read():
    """A parser with its usual limits ends here without an error."""
    reading = read("<div>" * 260 + "<p>Lanes</p>" + "</div>" * 260 + "<p>help.</p>")
    assert reading.text == "Lanes\n\nhelp."


REFUSED = [
    ("nested too deeply", "<div>" * 5000 + "x", "nested too deeply"),
    ("too many elements", "<table>" + "<tr><td>a<td>b" * 70_000, "too many elements"),
    ("no text", "<script>1</script>", "has no text"),
    ("a character of binary files", "<p>\0</p>", "NUL"),
]


@pytest.mark.parametrize(("body", "message"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_refused_by_name(body, message):
    with pytest.raises(ReadingError, match=message):
        read(body)


PIECES = st.lists(
    st.sampled_from(
        ["<p>", "</p>", "<div class=sidebar>", "<div>", "</div>", "<nav>", "</nav>", "<ol>", "<li id=r>", "</ol>", "<table>",
         "<tr>", "<td>", "</table>", "<h1>", "</h1>", "<h2 id=r>", "</h2>", "<sup>", "</sup>", "<a href='#r'>", "</a>", "<br>",
         "<dl>", "<dt>", "<dd>", "<pre>", "</pre>", "<em>", "</em>", "<caption>", "<footer>", "<aside id=r>", "</aside>", "1",
         "word and word ", "[2] ", "Smith J. A title of a work. 2001.", "<q>", "</q>", "<d-footnote>", "</d-footnote>"]
    )
    | st.text(alphabet="ab1 .\n", max_size=6),
    max_size=40,
).map("".join)  # fmt: skip


@settings(max_examples=150)
@given(body=PIECES)
def test_every_letter_is_in_a_block_or_counted(body):
    letters = sum(map(str.isalnum, without_tags(body)))
    try:
        reading = read(body)
    except ReadingError:
        return
    assert broken_promises(reading, letters=letters) == []


def without_tags(body: str) -> str:
    import lxml.html

    return (
        "".join(lxml.html.document_fromstring(f"<html><body>{body}</body></html>").itertext()) if body.strip() else ""
    )
