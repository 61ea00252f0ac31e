"""The writer that readers of formats use: whatever is written, text, blocks, links and cells fit together."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.models import Metadata, Reading
from qa.readers.plain import visible_words
from qa.readers.writer import Writer
from testkit.reading_contract import broken_promises

WORDS = st.text(alphabet="ab1²\u00a0 \n\t.,–\u200b\u00ad|", max_size=8)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("add"), WORDS),
        st.tuples(st.just("lines"), WORDS),
        st.tuples(st.just("mark"), WORDS),
        st.tuples(st.just("begin"), st.sampled_from(["paragraph", "heading", "table", "reference", "code"])),
        st.tuples(st.sampled_from(["end", "row", "head", "cell", "open", "link", "nowhere"]), st.none()),
        st.tuples(st.sampled_from(["sup", "sub"]), WORDS),
    ),
    max_size=30,
)


def written(steps) -> Reading:
    writer = Writer()
    start = writer.place()
    for number, (step, value) in enumerate(steps):
        if step == "add":
            writer.add(value)
        elif step == "lines":
            writer.add_lines(value)
        elif step == "mark":
            writer.mark(value)
        elif step == "begin":
            writer.begin(value, id=f"b{number % 5}")
        elif step == "end":
            writer.end()
        elif step in ("row", "head"):
            writer.row(head=step == "head")
        elif step == "cell":
            writer.cell()
        elif step == "open":
            start = writer.place()
        elif step == "link":
            writer.link(start, ["b0", "b1", "no such block"])
        elif step == "nowhere":
            writer.link(start, ["no such block"])
        else:
            before = writer.raised(step, value)
            writer.add(value)
            writer.script = before
    return writer.reading(Metadata())


@given(steps=STEPS)
def test_offsets_fit_whatever_is_written(steps):
    assert broken_promises(written(steps)) == []


@given(steps=STEPS)
def test_no_letter_is_lost(steps):
    # text added after a block has ended begins a paragraph of its own; lines and marks need a block
    given = 0
    open_block = False
    for step, value in steps:
        open_block = {"begin": True, "end": False}.get(step, open_block or (step == "add" and bool(value.strip())))
        if step in ("add", "sup", "sub"):
            open_block = open_block or bool(value.strip())
            given += sum(map(str.isalnum, value))
        elif step in ("lines", "mark") and open_block:
            given += sum(map(str.isalnum, value))
    assert sum(map(str.isalnum, written(steps).text)) == given


def test_blocks_links_and_marks():
    writer = Writer()
    writer.begin("paragraph")
    writer.add("Lanes \n help ")
    start = writer.place()
    before = writer.raised("sup", "1, 2")
    writer.add("1, 2")
    writer.script = before
    writer.link(start, ["r1", "r2"])
    writer.add(" .")
    for label, id in (("1.", "r1"), ("2.", "r2")):
        writer.begin("reference", id=id)
        writer.mark(label)
        writer.add("Reyes J.")
    reading = writer.reading(Metadata())
    assert reading.text == "Lanes help ¹,² .\n\n1. Reyes J.\n\n2. Reyes J."
    assert [(reading.text[a.start : a.end], a.targets) for a in reading.links] == [("¹,²", ("r1", "r2"))]
    assert visible_words(reading, reading.blocks[1]) == "Reyes J."


def test_a_table_with_a_head():
    writer = Writer()
    writer.begin("table")
    for number, row in enumerate((("", " Town "), ("Oslo", ""), ("", "3"))):
        writer.row(head=number == 0)
        for cell in row:
            writer.cell()
            writer.add(cell)
    (block,) = writer.reading(Metadata()).blocks
    text = writer.text()
    assert text == "\tTown\nOslo\t\n\t3"
    assert block.head is not None
    assert text[slice(*block.head)] == "Town"
    assert [[text[slice(*cell)] for cell in row] for row in block.rows] == [["", "Town"], ["Oslo", ""], ["", "3"]]


SCRIPTS = [
    ("10", "sup", "6", "10⁶", "a number raised is not part of the number before"),
    ("10", "sup", "-6", "10⁻⁶", "a sign"),
    ("10", "sup", "−6", "10⁻⁶", "a minus sign"),
    ("so", "sup", "3–5", "so³–⁵", "a range"),
    ("so", "sup", "3, 4", "so³,⁴", "a list"),
    ("Ca", "sup", "2+", "Ca²⁺", "a charge"),
    ("1", "sup", "st", "1st", "letters stay"),
    ("10", "sup", "6.5", "10^6.5", "no such character: kept apart"),
    ("H", "sub", "2", "H₂", "an index"),
    ("log10", "sub", "2.5", "log10_2.5", "no such character: kept apart"),
    ("x", "sub", "max", "xmax", "letters stay"),
    ("FEV", "sub", "1 ", "FEV₁ ", "a blank within the markup"),
]


@pytest.mark.parametrize(("before", "position", "text", "shown", "why"), SCRIPTS)
def test_raised_and_lowered(before, position, text, shown, why):
    writer = Writer()
    writer.begin("paragraph")
    writer.add(before)
    outside = writer.raised(position, text)
    writer.add(text)
    writer.script = outside
    writer.add("|")
    assert writer.reading(Metadata()).text == f"{shown}|", why
