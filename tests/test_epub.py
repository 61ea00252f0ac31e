"""EPUB: the pages of a book in their order, with citations across its files."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.errors import ReadingError
from qa.models import Metadata
from qa.readers import read_document
from testkit.books import book
from testkit.reading_contract import broken_promises

CHAPTER = '<h1>Lanes<a id="top"/></h1><p>Lanes help.<sup><a href="notes.xhtml#n1">1</a></sup> See <a href="two.xhtml">on</a>.</p>'
NOTES = '<h1>References</h1><ol><li id="n1">Reyes J. Lanes in towns. Road Journal 2019;4:1-9. <a href="one.xhtml#top">↩</a></li></ol>'
DESCRIBED = "<dc:title>On lanes</dc:title><dc:creator>J. Reyes</dc:creator><dc:language>en-GB</dc:language><dc:date>2019-05-04T00:00:00Z</dc:date>"


def test_a_book_is_read_in_its_order_with_citations_across_files():
    data = book(
        {"nav.xhtml": "<nav><p>Contents</p></nav>", "one.xhtml": CHAPTER, "notes.xhtml": NOTES}, metadata=DESCRIBED
    )
    reading = read_document("lanes.epub", data)
    assert reading.text.startswith("Lanes\n\nLanes help.¹ See on.")
    (link,) = reading.links
    (entry,) = (block for block in reading.blocks if block.id in link.targets)
    assert (entry.kind, entry.label) == ("reference", "1")
    assert reading.text[link.start : link.end] == "¹"
    assert reading.metadata == Metadata(title="On lanes", author="J. Reyes", date="2019-05-04", language="en")
    assert [trouble.letters for trouble in reading.trouble] == [len("Contents")]
    assert (
        broken_promises(
            reading, letters=len("ContentsLanesLaneshelp1SeeonReferencesReyesJLanesintownsRoadJournal2019419")
        )
        == []
    )


REFUSED = [
    ("protected", lambda: book({"one.xhtml": CHAPTER}, encrypted="OEBPS/one.xhtml"), "is protected against copying"),
    ("without text", lambda: book({"one.xhtml": "<p/>"}), "has no text"),
    ("cut off", lambda: book({"one.xhtml": CHAPTER})[:-30], "is no EPUB, or is damaged"),
    ("not a book", lambda: b"hello", "is no EPUB, or is damaged"),
]


@pytest.mark.parametrize(("made", "message"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_refused_by_name(made, message):
    with pytest.raises(ReadingError) as error:
        read_document("lanes.epub", made())
    assert str(error.value).startswith("lanes.epub: ")
    assert message in str(error.value)


def test_encrypted_fonts_are_no_protection():
    assert read_document("lanes.epub", book({"one.xhtml": CHAPTER}, encrypted="OEBPS/font.otf")).blocks


ELEMENTS = (
    "p", "div", "section", "nav", "ol", "li", "table", "tr", "td", "h2", "sup", "a", "em", "dl", "dt", "dd", "pre",
    "aside", "figure", "figcaption", "blockquote",
)  # fmt: skip
TREES = st.recursive(
    st.text(alphabet="ab1 .[]", max_size=6),
    lambda inner: st.builds(
        lambda tag, children: f'<{tag} id="x{tag}" href="two.xhtml#xli">{"".join(children)}</{tag}>',
        st.sampled_from(ELEMENTS),
        st.lists(inner, max_size=4),
    ),
    max_leaves=20,
)


@settings(max_examples=60, deadline=None)
@given(one=TREES, two=TREES)
def test_every_letter_is_in_a_block_or_counted(one, two):
    seen = "".join(part.rsplit(">", 1)[-1] for part in f"{one}{two}".split("<"))
    reading = read_document("a.epub", book({"one.xhtml": f"<p>x</p>{one}", "two.xhtml": two}))
    assert broken_promises(reading, letters=1 + sum(map(str.isalnum, seen))) == []
