"""PDF: text in reading order, headings, raised numbers, entries and pages; and every refusal by name."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.errors import ReadingError
from qa.models import Reading
from qa.readers import read_document
from qa.readers.pdf.glyphs import Glyph, spread_ligatures
from qa.readers.pdf.lines import make_lines
from qa.readers.pdf.reading import may_mean, read_document_pages
from qa.readers.stored import as_json, from_json
from testkit.print_pages import Placed, as_file, content, page_file, paragraphs, text_file
from testkit.reading_contract import broken_promises

PROSE = (
    "Protected lanes in towns are wide enough for two, and they are cheap to build where there is space for them beside "
    "the road, as all towns that have built them report in their own words."
)
MORE = "Towns without such lanes have more accidents, and fewer people who ride to work in the morning."


def read(*pages: list[Placed]) -> Reading:
    return read_document_pages(text_file(*pages), "lanes.pdf")


def outline(reading: Reading) -> list[tuple[str, str]]:
    return [(block.kind, reading.text[block.start : block.end]) for block in reading.blocks]


def test_a_file_is_read_in_a_process_of_its_own():
    page = [Placed(60, 800, 18, "Lanes in towns"), *paragraphs(PROSE, MORE)]
    reading = read_document("lanes.pdf", text_file(page))
    assert outline(reading) == [("heading", "Lanes in towns"), ("paragraph", PROSE), ("paragraph", MORE)]
    assert reading == read_document_pages(text_file(page), "lanes.pdf")
    assert (reading.metadata.title, reading.metadata.language) == ("Lanes in towns", "en")
    assert reading.extracted


WORDS = [
    ("a word that is divided", [*paragraphs(PROSE), Placed(60, 600, 10, "These are pro-"), Placed(60, 588, 10, "tected lanes.")], "These are protected lanes."),
    ("a hyphen of its own", [*paragraphs(f"{PROSE} They have a long-term use."), Placed(60, 600, 10, "It is a well-known, long-"), Placed(60, 588, 10, "term lane.")], "It is a well-known, long-term lane."),
    ("a raised number", [*paragraphs(PROSE), Placed(60, 600, 10, "Lanes help."), Placed(126, 604, 6, "1,2")], "Lanes help.¹,²"),
    ("a power", [*paragraphs(PROSE), Placed(60, 600, 10, "All 10"), Placed(96, 604, 6, "6"), Placed(103, 600, 10, "lanes")], "All 10⁶ lanes"),
    ("a lowered number", [*paragraphs(PROSE), Placed(60, 600, 10, "Less CO"), Placed(102, 597, 6, "2"), Placed(112, 600, 10, "here")], "Less CO₂ here"),
    ("printed twice to look bold", [*paragraphs(PROSE), Placed(60, 600, 10, "Lanes"), Placed(60.1, 600, 10, "Lanes")], "Lanes"),
]  # fmt: skip


@pytest.mark.parametrize(("page", "words"), [row[1:] for row in WORDS], ids=[row[0] for row in WORDS])
def test_words(page, words):
    if "divided" in words or "pro" in words:
        page = [*page, *paragraphs("These protected lanes are known.", top=500)]
    reading = read(page)
    assert words in [text for _, text in outline(reading)]
    assert broken_promises(reading) == []


def test_two_columns_are_read_one_after_the_other():
    left = paragraphs(PROSE, top=700, width=36)
    right = paragraphs(MORE, top=700, left=320, width=36)
    assert [text for _, text in outline(read([*left, *right]))] == [PROSE, MORE]


def test_columns_that_the_file_mixes_are_told_apart_by_their_places():
    left = paragraphs(*[PROSE] * 3, top=700, width=36)
    right = paragraphs(*[MORE] * 6, top=700, left=320, width=36)
    mixed = [piece for n in range(0, 24, 4) for piece in (*right[n : n + 4], *left[n : n + 4])]
    assert len(left) == len(right) == 18
    assert [text for _, text in outline(read(mixed))] == [*[PROSE] * 3, *[MORE] * 6]


def test_a_paragraph_goes_on_over_the_page_and_pages_are_known():
    first, second = paragraphs(f"{PROSE} And so", top=120), paragraphs(f"it goes on. {MORE}")
    reading = read(first, second)
    (block,) = reading.blocks
    assert reading.page_starts == (0, reading.text.index("it goes on"))
    assert [reading.page(block.start), reading.page(block.end - 1)] == [1, 2]


def noted(first: str, second: str, notes: list[str]) -> list[Placed]:
    """A page with two sentences, each with a raised number, and notes in small type at its foot."""
    raised = [Placed(60, 700, 10, "Lanes help."), Placed(126, 704, 6, first)]
    raised += [Placed(60, 600, 10, "Paint does not."), Placed(150, 604, 6, second)]
    foot = [Placed(60, 120 - 9 * line, 8, words) for line, words in enumerate(notes)]
    return [*paragraphs(PROSE), *raised, *paragraphs(MORE, top=560), *foot]


@pytest.mark.parametrize(("sign", "why"), [("{} ", "at the size of the note"), ("{}. ", "with a full stop")])
def test_footnotes_are_tied_to_their_numbers(sign, why):
    """Also where numbers begin anew on each page, and where one note is directly below another."""
    lane, paint, tea, tax = (
        "Reyes A. Lanes. J Roads. 2019;4:1-9.",
        "In May.",
        "Ito B. Tea. J Tea. 2020;5:3-9.",
        "Tax Board, Taxes, 2021.",
    )
    pages = [[lane, paint], [tea, tax]]
    reading = read(*(noted("1", "2", [sign.format(n) + note for n, note in enumerate(page, 1)]) for page in pages))
    notes = {block.id: reading.text[block.start : block.end] for block in reading.blocks if block.kind == "footnote"}
    assert [notes[link.targets[0]] for link in reading.links] == [lane, paint, tea, tax]
    assert [reading.text[link.start : link.end] for link in reading.links] == ["¹", "²", "¹", "²"]
    assert broken_promises(reading) == []


@pytest.mark.parametrize(
    ("words", "fits", "why"),
    [
        ("Reyes et al., 2019", True, "author and year"),
        ("Reyes et al., 2018", False, "the entry above, of another year"),
        ("Ito and Lee, 2019", False, "the entry below"),
        ("[12]", True, "a number says nothing against it"),
        ("2019", True, "a year alone"),
        ("2008, 2019", True, "one of two years"),
    ],
)
def test_a_link_that_leads_beside_its_entry_is_not_followed(words, fits, why):
    assert may_mean(words, "Reyes, A., Ossi, B., 2019. Protected lanes. J. Roads 4, 10–19.") == fits


def test_a_number_that_nothing_calls_begins_no_note():
    page = [*paragraphs(PROSE), Placed(60, 120, 8, "12 riders were counted in May.")]
    assert ("paragraph", "12 riders were counted in May.") in outline(read(page))


def test_running_heads_are_left_out_and_said():
    pages = [
        [
            Placed(60, 810, 8, f"Road Journal 2019, page {n}"),
            *paragraphs(f"{PROSE} {n}", top=700),
            Placed(290, 30, 8, str(n)),
        ]
        for n in (1, 2, 3)
    ]
    reading = read(*pages)
    assert "Road Journal" not in reading.text
    (trouble,) = reading.trouble
    assert "Road Journal 2019, page 1" in trouble.message
    assert trouble.letters == 3 * len("RoadJournal2019page1") + 3


def numbered_lines(text: str, first: int) -> list[Placed]:
    """A page with a number before each line, as manuscripts have them."""
    lines = [line for line in paragraphs(text) if line.text]
    return [*lines, *(Placed(30, line.baseline, 6, str(first + n)) for n, line in enumerate(lines))]


def test_numbers_of_lines_are_no_part_of_the_text():
    pages = [numbered_lines(" ".join([PROSE] * 3), 1), numbered_lines(" ".join([MORE] * 4), 12)]
    reading = read(*pages)
    assert reading.text.split() == " ".join([*[PROSE] * 3, *[MORE] * 4]).split()
    assert [trouble.message for trouble in reading.trouble] == ["Not in the text: the numbers of lines."]
    listed = [Placed(60, 720, 14, "References"), *numbered_lines(" ".join([MORE] * 5), 1)]
    assert "numbers of lines" not in str(read(*[paragraphs(PROSE)] * 3, listed).trouble), "one page of four is a list"


def test_without_larger_type_there_is_no_title():
    assert read(paragraphs(PROSE, MORE)).metadata.title is None


def test_entries_of_a_numbered_list():
    """Only the next number begins an entry, whatever begins a line."""
    texts = [
        "1. Reyes J. Lanes in towns. Road Journal. 2019;4:1-9, with figures and",
        "12 tables of towns.",
        "2. Lee K. Cheap paint. 2020.",
    ]
    lines = [Placed(60, 700 - 12 * n, 10, text) for n, text in enumerate(texts)]
    reading = read([*paragraphs(PROSE), Placed(60, 720, 14, "References"), *lines])
    entries = [block for block in reading.blocks if block.kind == "reference"]
    assert [block.label for block in entries] == ["1", "2"]
    assert reading.text[entries[0].start : entries[0].end].endswith("figures and 12 tables of towns.")


ENTRIES = [
    ["Lee K. Cheap paint for lanes in towns of all", "sizes. Road Journal. 2019;4:1-9."],
    ["Reyes J, Lee K, Moss P. Lanes for people who", "walk. Oslo. 2020."],
    ["Stone A. A report on the lanes of towns and on", "all that was said of them in the years since", "they were built. 2021."],
    ["Vance B. Width of lanes, and why. Oslo. 2018."],
]  # fmt: skip
SET = [
    ("later lines are indented", 12, 0, 12),
    ("first lines are indented", 12, 12, 0),
    ("with more space between entries", 18, 0, 0),
    ("only short lines end entries", 12, 0, 0),
]


@pytest.mark.parametrize(("between", "first", "later"), [row[1:] for row in SET], ids=[row[0] for row in SET])
def test_entries_of_a_list_without_numbers(between, first, later):
    """An entry of one page is not the end of that at the end of the page before."""
    pages = []
    for entries in (ENTRIES[:2], ENTRIES[2:]):
        placed, top = [], 700
        for entry in entries:
            for number, text in enumerate(entry):
                placed.append(Placed(60 + (later if number else first), top, 10, text))
                top -= 12
            top -= between - 12
        pages.append(placed)
    full = Placed(60, 500, 10, "Words that fill their line to the margin of it.")
    reading = read([*paragraphs(PROSE, width=48), full], [Placed(60, 720, 14, "References"), *pages[0]], pages[1])
    assert [text for kind, text in outline(reading) if kind == "reference"] == [" ".join(entry) for entry in ENTRIES]


def test_a_list_in_small_type_longer_than_the_text_makes_no_headings():
    listed = [
        Placed(60, 700 - 9 * n, 7.5, f"{n}. Reyes J. Lanes in the towns of the north, {n}. 2019.") for n in range(1, 40)
    ]
    reading = read(paragraphs(*[PROSE, MORE] * 4), [Placed(60, 720, 7.5, "References"), *listed])
    assert [kind for kind, _ in outline(reading)] == [*["paragraph"] * 8, "heading", *["reference"] * 39]


def test_a_box_does_not_end_a_list():
    first = [
        Placed(60, 720, 14, "References"),
        Placed(60, 700, 10, "1. Reyes J. Lanes. 2019."),
        Placed(60, 688, 10, "2. Lee K. Paint. 2020."),
    ]
    box = [Placed(60, 660, 14, "Main messages"), *paragraphs(MORE, top=640)]
    second = [Placed(60, 760, 10, "3. Moss P. Walls. 2021.")]
    reading = read(paragraphs(PROSE), [*first, *box], second)
    assert [block.label for block in reading.blocks if block.kind == "reference"] == ["1", "2", "3"]


def test_authors_in_bold_are_no_headings_of_a_list():
    entries = [Placed(60, 700 - 24 * n, 10, "Reyes J, Lee K, Moss P. 2019.", bold=True) for n in range(3)]
    below = [Placed(72, 688 - 24 * n, 10, f"Lanes of towns, part {n}. J Roads 4:1.") for n in range(3)]
    placed = [piece for pair in zip(entries, below, strict=True) for piece in pair]
    reading = read([*paragraphs(PROSE), Placed(60, 720, 14, "References"), *placed])
    assert [kind for kind, _ in outline(reading)] == ["paragraph", "heading", *["reference"] * 3]


def test_names_of_parts_by_themselves_are_headings():
    page = [*paragraphs(PROSE), Placed(60, 700, 10, "Methods"), *paragraphs(MORE, top=688)]
    assert ("heading", "Methods") in outline(read(page))


def test_letters_of_a_ligature_stay_in_their_word():
    """PDFium gives all letters of a ligature its place: a wide one looks like a step back."""
    glyphs = [
        Glyph(letter, left, right, 700, 712, 12, False, 0, False, number)
        for number, (letter, left, right) in enumerate(
            [("e", 60, 67), ("f", 67, 81), ("f", 67, 81), ("i", 67, 81), ("c", 81, 88)]
        )
    ]
    spread_ligatures(glyphs)
    assert [line.text for line in make_lines(glyphs, 595)] == ["effic"]


def test_rows_of_a_table_are_no_prose():
    rows = [
        Placed(60 + 150 * column, 600 - 12 * row, 10, f"cell {row}{column}") for row in range(4) for column in range(3)
    ]
    reading = read([*paragraphs(PROSE), *rows])
    (table,) = [block for block in reading.blocks if block.kind == "table"]
    cells = [[reading.text[slice(*cell)] for cell in row] for row in table.rows]
    assert cells == [[f"cell {row}{column}" for column in range(3)] for row in range(4)]
    assert broken_promises(reading) == []


SCAN = page_file([b"0 0 100 100 re f"])
ENCRYPT = "/Encrypt<</Filter/Standard/V 1/R 2/O(12345678901234567890123456789012)/U(12345678901234567890123456789012)/P -4>>/ID[<00><00>]"
REFUSED = [
    ("a scan", SCAN, "it is a scan"),
    ("a password", text_file(paragraphs(PROSE), trailer=ENCRYPT), "has a password"),
    ("cut off", text_file(paragraphs(PROSE))[:300], "is damaged"),
    ("no PDF", b"hello", "is no PDF"),
    ("an error page", b"<!DOCTYPE html><html><p>Not found</p></html>", "is a web page, not a PDF"),
    ("pages within themselves", as_file([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[2 0 R]/Count 1>>"]), "damaged"),
    ("too many characters on a page", page_file([b"BT /F1 1 Tf 50 700 Td " + b"(abcdefghij) Tj " * 7000 + b" ET"]), "too many characters on page 1"),
    ("too many pages", page_file([content(paragraphs(PROSE))] * 2001), "more than 2,000 pages"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "message"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_refused_by_name(data, message):
    with pytest.raises(ReadingError) as error:
        read_document("lanes.pdf", data)
    assert str(error.value).startswith("lanes.pdf: ")
    assert message in str(error.value)


def test_a_file_that_unpacks_to_more_than_the_memory_ends_with_one_line():
    with pytest.raises(ReadingError, match=r"damaged|memory|scan"):
        read_document("lanes.pdf", page_file([b"BT /F1 12 Tf (x) Tj ET" + b" " * 900_000_000]))


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.builds(
            Placed,
            st.integers(20, 500),
            st.integers(20, 820),
            st.sampled_from([6, 8, 10, 10, 10, 14]),
            st.text(alphabet="abc XY12.-()[]", min_size=1, max_size=30),
            st.booleans(),
        ),
        min_size=1,
        max_size=25,
    )
)
def test_every_letter_is_in_a_block_or_counted(pieces):
    """Wherever the pieces are; those that lie upon one another at one place may be one."""
    apart = list({(round(piece.left, -1), round(piece.baseline, -1)): piece for piece in pieces}.values())
    page = [*paragraphs(PROSE), *apart]
    letters = sum(
        character.isalnum()
        for piece in page
        for character in piece.text
        if piece.left + 0.6 * piece.size * len(piece.text) < 595
    )
    reading = read(page)
    assert broken_promises(reading, letters=letters) == []
    assert from_json(as_json(reading)) == reading
