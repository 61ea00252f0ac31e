"""Readers: which text becomes a heading, paragraph or reference entry; and that no text is lost, whatever the file."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.errors import ReadingError
from qa.models import Metadata, Reading
from qa.readers import READERS, read_document
from qa.readers.kind import LATEX_ENDINGS, MARKDOWN_ENDINGS
from qa.readers.markdown import read_markdown
from qa.readers.plain import visible_words
from qa.readers.text import read_text
from testkit.books import book, opendocument
from testkit.print_pages import Placed, paragraphs, text_file
from testkit.reading_contract import broken_promises
from testkit.word_documents import with_citations


def outline(reading: Reading) -> list[tuple[str, str]]:
    return [(block.kind, reading.text[block.start : block.end]) for block in reading.blocks]


LONG = "This paragraph is longer than the heading above it, as paragraphs are."

TEXTS = [
    ("one paragraph a line, no blank lines, no final newline", f"Title of it\n{LONG}\n{LONG}", ["heading", "paragraph", "paragraph"]),
    ("blank lines between", f"Title of it\n\n{LONG}\n\n{LONG}\n", ["heading", "paragraph", "paragraph"]),
    ("CRLF", f"Title of it\r\n\r\n{LONG}\r\n", ["heading", "paragraph"]),
    ("a stack of headings", f"The whole\nA part\nA smaller part\n{LONG}", ["heading", "heading", "heading", "paragraph"]),
    ("a label with a phrase is a heading", f"Efficacy: Days of Abstinence\n{LONG}", ["heading", "paragraph"]),
    ("a label with a clause is a paragraph", f"Key finding: the odds were lower\n{LONG}", ["paragraph", "paragraph"]),
    ("a label with a question is a heading", f"Lanes in towns: what is known\n{LONG}", ["heading", "paragraph"]),
    ("a title followed by a blank line may be a clause", f"Lanes in towns: the evidence was read by us\n\n{LONG}", ["heading", "paragraph"]),
    ("a lead-in on the same line as a sentence is no heading", f"Evidence is promising. Key findings by condition:\nAlcohol\n{LONG}", ["paragraph", "heading", "paragraph"]),
    ("a question may be a heading", f"What does it cost?\n{LONG}", ["heading", "paragraph"]),
    ("a numbered heading", f"Title\n{LONG}\n1. Background\n{LONG}", ["heading", "paragraph", "heading", "paragraph"]),
    ("a numbered list", "Three drugs were used here:\n1. naltrexone\n2. acamprosate\n3. disulfiram", ["paragraph", *["list_item"] * 3]),
    ("the last item of a list is no heading of what follows", f"Two drugs:\n1. naltrexone\n2. acamprosate\n\n{LONG}", ["paragraph", "list_item", "list_item", "paragraph"]),
    ("bullets", "Three drugs were used here:\n- naltrexone\n• acamprosate\n* disulfiram", ["paragraph", *["list_item"] * 3]),
    ("a short last line is no heading, as no text follows", f"{LONG}\nThe end", ["paragraph", "paragraph"]),
    ("a list without bullets is not a stack of headings", f"{LONG}\nNaltrexone\nAcamprosate\nDisulfiram\nTopiramate\nBaclofen\n{LONG}", ["paragraph", "paragraph", "paragraph", "heading", "heading", "heading", "paragraph"]),
    ("rows of a table", f"{LONG}\na\tb\tc\n1\t2\t3", ["paragraph", "table"]),
    ("tables with a blank line between them", "a\tb\tc\n1\t2\t3\n\nd\te\tf\n4\t5\t6", ["table", "table"]),
    ("a table aligned with blanks", f"{LONG}\n\nTree     Cooling   Water\n-------  --------  -----\nLime     -9 °C     110 l\nBirch    -4 °C      80 l\n\n{LONG}", ["paragraph", "table", "paragraph"]),
    ("columns aligned at the right", "Tree   Cooling    Water\nLime        -9      110\nRobinia    -14       45", ["table"]),
    ("justified lines are no table", "Protected  lanes on wide  roads halved  the number of\ninjuries,  and on  narrow roads  they  did so too, as\nall of the  towns said  that built  them  in the end.", ["paragraph"]),
    ("a table drawn with lines", "+---+---+\n| a | b |\n+===+===+\n| 1 | 2 |\n+---+---+", ["table"]),
    ("a reference list to the end", f"{LONG}\nReferences\n1. Smith J. A title. 2010\n2. Lee K. Another. 2011", ["paragraph", "heading", "reference", "reference"]),
    ("a section after the reference list", f"{LONG}\nReferences\nSmith J. A title. J. 2010;1:2.\nAppendix\n{LONG}", ["paragraph", "heading", "reference", "heading", "paragraph"]),
    ("a byte order mark stays in the text but is in no block", f"\ufeffTitle of it\n{LONG}", ["heading", "paragraph"]),
    ("an empty file", "", []),
    ("headings between equal signs", f"== Lanes ==\n{LONG}\n=== Wide ones ===\n{LONG}", ["heading", "paragraph", "heading", "paragraph"]),
    ("headings between asterisks", f"**** Lanes ****\n{LONG}\n*** Wide ones[edit] ***\n{LONG}", ["heading", "paragraph", "heading", "paragraph"]),
    ("headings with number signs", f"# Lanes\n\n{LONG}\n\n## Wide ones\n\n{LONG}", ["heading", "paragraph", "heading", "paragraph"]),
    ("underlined headings", f"Lanes\n=====\n\n{LONG}\n\nWide ones\n---------\n{LONG}", ["heading", "paragraph", "heading", "paragraph"]),
    ("a line of signs above too", f"=====\nLanes\n=====\n\n{LONG}", ["heading", "paragraph"]),
    ("where headings have signs, bare lines are none", f"Lanes\n=====\n{LONG}\nA picture of a lane\n{LONG}\n\nPaint\n=====\n{LONG}\n\nWhat next\n=========\n{LONG}", ["heading", "paragraph", "paragraph", "paragraph", "heading", "paragraph", "heading", "paragraph"]),
    ("the rule below the head row of a table is no underline", "Town    Year\n------------\nOslo    2020", ["paragraph", "metadata", "paragraph"]),
    ("directives and fields of reStructuredText", ".. image:: a.png\n   :alt: So\n:Date: 2024-02-03\n.. note:: Lanes help.", ["metadata", "metadata", "metadata", "paragraph"]),
    ("lines of signs are no text", f"{LONG}\n* * *\n=== ===\n-----", ["paragraph", "metadata", "metadata", "metadata"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "kinds"), [case[1:] for case in TEXTS], ids=[case[0] for case in TEXTS])
def test_plain_text(text, kinds):
    assert [kind for kind, _ in outline(read_text(text))] == kinds


WRAPPED = "Protected lanes on wide roads halved the number of injuries, and on narrow roads\nthey did so too, as all of the towns that built them said in their own words.\n"
JOINED = [
    ("a mark behind the stop", f"{WRAPPED}Paint alone did nothing of the kind in any of the towns that were observed then.\n[2] So did signs.", 1),
    ("a mark before the stop", f"{WRAPPED}Paint alone did nothing of the kind in any of the towns that were observed then\n(2). So did signs.", 1),
    ("the last number of a sentence", f"{WRAPPED}Paint alone did nothing of the kind in any of the towns that were observed in\n2019. So did signs.", 1),
    ("a number within a sentence", f"{WRAPPED}Paint alone did nothing of the kind in any of the towns that were observed for\n6 months before. So did signs.", 1),
    ("a number with a name within a sentence", f"{WRAPPED}Paint alone did nothing of the kind in any of the towns that were observed by\n23 Norwegian clerks. So did signs.", 1),
    ("a list without a blank line above", f"{WRAPPED}Paint alone did nothing of the kind in any of the towns that were observed then:\n1. Oslo\n2. Bergen", 3),
    ("an indented line below an item", f"{WRAPPED}\n1. Reyes J. An act on lanes of\n   1972. Oslo.\n2. Ito B. Paint.", 3),
    ("an item below an item", f"{WRAPPED}\n1. Lanes\n   a. wide ones\n   b. narrow ones", 4),
]  # fmt: skip


@pytest.mark.parametrize(("text", "count"), [case[1:] for case in JOINED], ids=[case[0] for case in JOINED])
def test_what_continues_a_line_of_wrapped_text(text, count):
    assert len(read_text(text).blocks) == count


def test_hard_wrapped_text_is_joined():
    text = (
        "Alcohol Use Disorder\n"
        "Ketamine with therapy led to more days abstinent than\n"
        "placebo did, and the effect was there at six months in\n"
        "Grabski's trial of adults.\n"
        "\n"
        "- One point that goes on and on until the line is full\n"
        "  and then goes on in the next\n"
        "- Another point\n"
    )
    kinds = [kind for kind, _ in outline(read_text(text))]
    assert kinds == ["heading", "paragraph", "list_item", "list_item"]


@pytest.mark.parametrize(
    ("line", "label"),
    [
        ("1. Smith J.", "1"),
        ("[12] Smith J.", "12"),
        ("(3) Smith J.", "3"),
        ("4 Smith J.", "4"),
        ("Smith J. 2010.", None),
    ],
)
def test_labels_of_reference_entries(line, label):
    reading = read_text(f"{LONG}\nReferences\n{line}\n")
    assert reading.blocks[-1].kind == "reference"
    assert reading.blocks[-1].label == label


MARKDOWN = [
    ("headings with number signs or underlines", "# One\n\nText\n\nTwo\n---\nText", [("heading", "# One"), ("paragraph", "Text"), ("heading", "Two\n---"), ("paragraph", "Text")]),
    ("a line of bold text is a heading", "**Results**\n\nText", [("heading", "**Results**"), ("paragraph", "Text")]),
    ("a nested list", "- a\n  - b\n\n    more\n1. c", [("list_item", "- a"), ("list_item", "- b"), ("list_item", "more"), ("list_item", "1. c")]),
    ("a quotation", "> a\n> b\n\nc", [("quotation", "> a\n> b"), ("paragraph", "c")]),
    ("code", "```\n[1] # no\n```\n", [("code", "```\n[1] # no\n```")]),
    ("a table is one block", "| a | b |\n|---|---|\n| 1 | 2 |\n", [("table", "| a | b |\n|---|---|\n| 1 | 2 |")]),
    ("a link definition is kept as metadata", "a [b]\n\n[b]: http://c.d\n", [("paragraph", "a [b]"), ("metadata", "[b]: http://c.d")]),
    ("footnotes without blank lines between", "a[^1]\n\n[^1]: One.\n[^2]: Two.", [("paragraph", "a[^1]"), ("footnote", "[^1]: One."), ("footnote", "[^2]: Two.")]),
    ("entries without blank lines between", "a [1]\n\n## References\n\n[1] One\n[2] Two", [("paragraph", "a [1]"), ("heading", "## References"), ("reference", "[1] One"), ("reference", "[2] Two")]),
    ("a section after the list", "# References\n\n1. One\n\n# Notes\n\nText", [("heading", "# References"), ("reference", "1. One"), ("heading", "# Notes"), ("paragraph", "Text")]),
    ("a comment is metadata", "<!-- a -->\n\nb", [("metadata", "<!-- a -->"), ("paragraph", "b")]),
    ("a comment followed by text", "<!-- a --> b", [("metadata", "<!-- a -->"), ("paragraph", "b")]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "blocks"), [case[1:] for case in MARKDOWN], ids=[case[0] for case in MARKDOWN])
def test_markdown(text, blocks):
    assert outline(read_markdown(text)) == blocks


def test_markdown_levels_and_labels():
    blocks = read_markdown("# One\n\n### Three\n\na[^x]\n\n[^x]: Note").blocks
    assert [(block.level, block.label) for block in blocks] == [(1, None), (3, None), (None, None), (None, "x")]


def test_front_matter_is_metadata():
    reading = read_markdown('---\ntitle: "A title"\ndate: 2024-05-01\nkeywords:\n---\n\n# One\n')
    assert reading.metadata == Metadata(title="A title", date="2024-05-01")
    assert [kind for kind, _ in outline(reading)] == ["metadata", "heading"]


# Fragments that create structure, which random characters hardly ever do.
PIECES = st.lists(
    st.sampled_from(
        [
            "\n",
            "\r\n",
            "\r",
            "# ",
            "- ",
            "1. ",
            "> ",
            "```\n",
            "    ",
            "\t",
            "[^1]: ",
            "[a]: b\n",
            "---\n",
            "===\n",
            "| a | b |\n|--|--|\n",
            "<div>\n",
            "<!--",
            "**A**\n",
            "References\n",
            "\ufeff",
            "\u2028",
            "\x0c",
            "\x85",
            "\x1c",
            "Alpha beta\n",
            "gamma. Delta\n",
            "a: b\n",
            ":::tip A\n",
            "!!! note\n",
            '??? x "A"\n',
            "> [!x] A\n",
            "```{note} A\n",
            ".. note:: a\n",
            ".. [1] A\n",
            "== A ==\n",
            "<li id=a>",
            "<tr><td>1</td>",
            "# A <a\n",
            "{{< cite a >}}",
            "==a==",
            "%%a%%",
            "`a <b>`_",
            ":cite:`a`",
            "$$\na\n$$\n",
            "import a from 'b'\n",
            "1. ^ a ",
        ]
    )
    | st.text(max_size=6)
).map("".join)


@pytest.mark.parametrize("read", [read_text, read_markdown])
@given(text=PIECES)
def test_readers_keep_their_promises_whatever_the_text(read, text):
    """Most of all: every non-blank character is in exactly one block."""
    reading = read(text)
    assert reading.text == text
    assert broken_promises(reading) == []


# One file for each kind, with what makes structure in it. A new reader adds a row.
SAMPLES: dict[str, bytes] = {
    **dict.fromkeys((".txt", ".text"), b"Lanes in towns\nWe read what is known of them.\n\nReferences\n1. Reyes J. Lanes. 2019.\n"),
    **dict.fromkeys(MARKDOWN_ENDINGS, b"# Lanes\n\n| a | b |\n|--|--|\n| 1 | 2 |\n\n# References\n\n1. Reyes J. Lanes. 2019.\n"),
    **dict.fromkeys((".xml", ".nxml", ".jats"), b"<article><front><article-meta><title-group><article-title>Lanes</article-title></title-group></article-meta></front><back><ref-list><ref><mixed-citation>Reyes J. Lanes. 2019.</mixed-citation></ref></ref-list></back></article>"),
    ".docx": with_citations("zotero"),
    **dict.fromkeys((".html", ".htm", ".xhtml"), b"<h1>Lanes</h1><p>We read what is known of them.</p><h2>References</h2><ol><li>Reyes J. Lanes. 2019.</li></ol>"),
    ".pdf": text_file([Placed(60, 780, 18, "Lanes in towns"), *paragraphs("We read what is known of them.", top=740), Placed(60, 700, 14, "References"), Placed(60, 680, 10, "1. Reyes J. Lanes. 2019.")]),
    **dict.fromkeys((".wiki", ".mediawiki", ".wikitext"), b"== Lanes ==\nThey help.<ref>Reyes J. Lanes. 2019.</ref>\n\n== References ==\n<references/>\n"),
    **dict.fromkeys((".adoc", ".asciidoc"), b"= Lanes\n\nThey help <<r>>.\n\n== References\n\n* [[[r]]] Reyes J. Lanes. 2019.\n"),
    ".rtf": rb"{\rtf1 {\b Lanes}\par They help.\par {\b References}\par 1. Reyes J. Lanes. 2019.\par}",
    ".org": b"* Lanes\nThey help[fn:1].\n\n[fn:1] Reyes J. Lanes. 2019.\n",
    **dict.fromkeys(LATEX_ENDINGS, rb"\section{Lanes}They help \cite{r}. \begin{thebibliography}{1}\bibitem{r} Reyes J. Lanes. 2019.\end{thebibliography}"),
    ".odt": opendocument('<a><body><text><h outline-level="1">References</h><p>Reyes J. Lanes. 2019.</p></text></body></a>'),
    ".epub": book({"one.xhtml": "<h1>Lanes</h1><h2>References</h2><ol><li>Reyes J. Lanes. 2019.</li></ol>"}),
}  # fmt: skip


def test_every_ending_has_a_sample():
    assert set(SAMPLES) == set(READERS)


@pytest.mark.parametrize("ending", sorted(SAMPLES))
def test_a_sample_of_each_kind(ending):
    reading = read_document(f"a{ending}", SAMPLES[ending])
    assert broken_promises(reading) == []
    assert {"heading", "reference"} <= {block.kind for block in reading.blocks}


@pytest.mark.parametrize("ending", sorted(READERS))
def test_bytes_of_another_kind_give_one_error(ending):
    """As an owner meets it: a file with the wrong ending, or a broken download."""
    with pytest.raises(ReadingError) as error:
        read_document(f"a{ending}", b"\x00\xff\xfe\x01 no such file \x00")
    assert str(error.value).startswith(f"a{ending}")


INNER = [
    ("a heading", read_markdown, "## Lanes in *towns* ##", ["Lanes in towns"]),
    ("an underlined heading", read_markdown, "Lanes\n-----", ["Lanes"]),
    ("a bullet", read_markdown, "- Lanes help.", ["Lanes help."]),
    ("a box to tick", read_markdown, "- [x] Lanes help.", ["Lanes help."]),
    ("a number and a bracket", read_text, "Points:\n(1) Lanes help.\n(2) So.", ["Points:", "Lanes help.", "So."]),
    ("a quotation", read_markdown, "> Lanes help.", ["Lanes help."]),
    ("the number of an entry", read_markdown, "# References\n\n1. Reyes J. Lanes.", ["References", "Reyes J. Lanes."]),
    ("the label of a note", read_markdown, "a[^1]\n\n[^1]: See Reyes.", ["a[^1]", "See Reyes."]),
    ("links back of a page saved as text", read_text, "References\n1. ^ a b Reyes J. Lanes.\n2. ^ Ito B. Paint.\n3. ^ a bWu E. Humps.", ["References", "Reyes J. Lanes.", "Ito B. Paint.", "Wu E. Humps."]),
    ("signs around and below headings", read_text, "== Lanes ==\nThey help.\n\nPaint[edit]\n-----------\nIt does not.", ["Lanes", "They help.", "Paint", "It does not."]),
    ("a heading of signs only", read_markdown, "# #", [""]),
    ("emphasis, code, escapes", read_markdown, r"**Lanes** *may* help `a*b` \[1\] in a_b_c.", ["Lanes may help a*b [1] in a_b_c."]),
    ("emphasis within emphasis", read_markdown, "***Lanes** may* help 2 * 3 * 4.", ["Lanes may help 2 * 3 * 4."]),
    ("links and pictures", read_markdown, "See [Wu (2020)](https://a.b/c_(d)) and [that][x].![p](q.png)\n\n[x]: http://e.f", ["See Wu (2020) and that.", "[x]: http://e.f"]),
    ("links of notes", read_markdown, "See [[Gout|the page]] or [[Diet]]. ![[x.png]]", ["See the page or Diet. "]),
    ("tags and entities", read_markdown, "<b>Lanes</b>&nbsp;help &amp; pay.<br>So.", ["Lanes help & pay.\nSo."]),
    ("raised digits", read_markdown, "10<sup>6</sup> so^1,2^ m<sup>2</sup> 1<sup>st</sup> x^{3}", ["10⁶ so¹˒² m² 1st x³"]),
    ("lines of a quotation", read_markdown, "> Lanes\n> help.", ["Lanes\nhelp."]),
    ("the id of a heading", read_markdown, "## Lanes {#sec-lanes .x}", ["Lanes"]),
    ("pictures only are no heading", read_markdown, "# ![a](b.png)", [""]),
    ("what is highlighted, and remarks", read_markdown, "It is ==very== so.%% Ask Wu. %% If a==b and c==d.", ["It is very so. If a==b and c==d."]),
    ("tags of templates", read_markdown, "See {{ site.url }} or {% include x.html %}{{< ref a >}}.", ["See  or ."]),
    ("links, roles and marks of reStructuredText", read_text, "See `the report <https://a.b>`_ and :ref:`that <x>` [1]_, or :doc:`it` and ``x``.", ["See the report and that [1], or it and x."]),
    ("entries of reStructuredText", read_text, "References\n\n.. [1] Reyes J. Lanes.\n.. [2] Ito B. Paint.", ["References", "Reyes J. Lanes.", "Ito B. Paint."]),
    ("money is no formula", read_markdown, "It costs $5 or *$6*.", ["It costs $5 or $6."]),
]  # fmt: skip


@pytest.mark.parametrize(("read", "text", "words"), [case[1:] for case in INNER], ids=[case[0] for case in INNER])
def test_markup_is_outside_the_words_of_a_block(read, text, words):
    reading = read(text)
    assert [visible_words(reading, block) for block in reading.blocks] == words


def test_cells_of_a_table():
    text = "| Town | 2020 |\n|---|---|\n| | 12 |\n|Paris|3|"
    (block,) = read_markdown(text).blocks
    assert [[text[slice(*cell)] for cell in row] for row in block.rows] == [
        ["Town", "2020"],
        ["", "12"],
        ["Paris", "3"],
    ]


HEADS = [
    # (reader, text, head, why)
    (read_markdown, "| Town | 2020 |\n|---|---|\n| Oslo | 12 |", "Town | 2020", "above the rule"),
    (read_markdown, "Town | 2020\n--- | ---\nOslo | 12", "Town | 2020", "without pipes at the edges"),
    (read_markdown, "| | |\n|---|---|\n| Oslo | 12 |", None, "an empty row is no header"),
    (read_text, "| Town | Note |\n|---|---|\n| Oslo | good |", "Town | Note", "a rule in plain text"),
    (read_text, "+---+---+\n| a | b |\n+===+===+\n| 1 | 2 |\n+---+---+", "a | b", "drawn with lines"),
    (read_text, "Town\t2020\t2021\nOslo\t12\t3\nParis\t40\t—", "Town\t2020\t2021", "years name columns of counts"),
    (read_text, "Town\tInjuries in 2020\tShare\nOslo\t12\t3%", "Town\tInjuries in 2020\tShare", "words above numbers"),
    (read_text, "Town\tYear\tNote\nOslo\t2020\tgood\nParis\t2021\tbad", "Town\tYear\tNote", "a name above years"),
    (read_text, "Oslo\t2020\tgood\nParis\t2021\tbad", None, "a year above years names nothing"),
    (read_text, "Oslo\t12\t3\nParis\t40\t22", None, "numbers above numbers"),
    (read_text, "Lanes\tgood\tcheap\nPaint\tbad\tdear", None, "only words: no row differs from the others"),
    (read_text, "Town\t2020\t2021", None, "a single row"),
]  # fmt: skip


@pytest.mark.parametrize(("reader", "text", "head", "why"), HEADS)
def test_table_header(reader, text, head, why):
    (block,) = reader(text).blocks
    assert (text[slice(*block.head)] if block.head else None) == head, why


@pytest.mark.parametrize(
    ("name", "data", "place"),
    [
        ("a.docm", b"text", "a.docm"),  # no reader
        ("a.txt", b"one\ntwo \xff\n", "a.txt:2"),  # not UTF-8
        ("a.txt", "Käse".encode("utf-16"), "a.txt:1"),  # another encoding
        ("a.md", b"one\n\ntwo\0", "a.md:3"),  # a binary file with the wrong name
    ],
)
def test_an_unreadable_file_is_reported_with_its_line(name, data, place):
    with pytest.raises(ReadingError) as error:
        read_document(name, data)
    assert str(error.value).startswith(f"{place}: ")


def test_labels_with_letters_in_print():
    lines = [
        Placed(60, 780, 18, "Lanes in towns"),
        *paragraphs("We read what is known of them [Rey19].", top=740),
        Placed(60, 700, 14, "References"),
        Placed(60, 680, 10, "[Ito20] Ito B. Painted lanes. J Roads. 2020;5:30-39."),
        Placed(60, 660, 10, "[Rey19] Reyes J. Protected lanes. J Roads. 2019;4:10-19."),
    ]
    entries = [block.label for block in read_document("a.pdf", text_file(lines)).blocks if block.kind == "reference"]
    assert entries == ["Ito20", "Rey19"]
