"""Citations that a file ties to its works itself, as Word, JATS or HTML do: exact, and before all marks read by shape."""

from __future__ import annotations

import re

import pytest

from qa.citations.marks import find_citations
from qa.citations.references import read_references
from qa.models import CSL, Block, Link, Reading

LINK = re.compile(r"<([\w ]+)\|([^>]*)>")
ENTRIES = (
    "Reyes J. Lanes. J Roads. 2019;1:2-3.",
    "Ito B. Paint. J Roads. 2020;2:3-4.",
    "Wu C. Trees. J Roads. 2021;3:4-5.",
)


def linked(text: str, works: dict[str, CSL] | None = None) -> Reading:
    """A reading of one paragraph in which <r1 r2|words> is a link to entries, with a list of the entries r1, r2, r3."""
    links: list[Link] = []
    plain = ""
    done = 0
    for match in LINK.finditer(text):
        plain += text[done : match.start()]
        links.append(Link(len(plain), len(plain) + len(match[2]), tuple(match[1].split())))
        plain += match[2]
        done = match.end()
    plain += text[done:]
    blocks = [Block("paragraph", 0, len(plain))]
    for number, entry in enumerate(ENTRIES, start=1):
        blocks.append(
            Block("reference", len(plain) + 2, len(plain) + 2 + len(entry), label=str(number), id=f"r{number}")
        )
        plain += f"\n\n{entry}"
    return Reading(plain, tuple(blocks), links=tuple(links), works=works or {})


def found(reading: Reading) -> list[tuple[str, str, tuple[str, ...]]]:
    marks, _ = find_citations(reading, read_references(reading))
    return [(mark.text, mark.family, mark.references) for mark in marks]


CASES = [
    ("one link", "Lanes help <r1|1>.", [("1", ("reyes2019",))]),
    ("its brackets belong to the mark", "Lanes help [<r2|2>].", [("[2]", ("ito2020",))]),
    ("neighbours are one mark", "Lanes help [<r1|1>, <r3|3>].", [("[1, 3]", ("reyes2019", "wu2021"))]),
    ("a range brings in what is between", "Lanes help [<r1|1>–<r3|3>].", [("[1–3]", ("reyes2019", "ito2020", "wu2021"))]),
    ("a link to two works", "Lanes help <r1 r2|(both)>.", [("(both)", ("reyes2019", "ito2020"))]),
    ("words between part them", "Lanes <r1|1> help <r2|2>.", [("1", ("reyes2019",)), ("2", ("ito2020",))]),
    ("what links do not mark is no mark once they cover the list", "Lanes <r1|1> <r2|2> of 5 m³ (3).", [("1 2", ("reyes2019", "ito2020"))]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "marks"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_links(text, marks):
    assert found(linked(text)) == [(words, "cross_reference", works) for words, works in marks]


def test_marks_by_shape_count_while_few_works_are_linked():
    assert [family for _, family, _ in found(linked("Lanes <r1|here> help [2]. So do trees [3]."))] == [
        "cross_reference",
        "numeric",
        "numeric",
    ]


def test_the_files_own_description_of_a_work_is_used():
    given: CSL = {
        "type": "book",
        "title": "Lanes of towns",
        "author": [{"family": "Reyes"}],
        "issued": {"date-parts": [[2018]]},
    }
    works = read_references(linked("Lanes help <r1|1>.", {"r1": given}))
    assert works["reyes2018"].csl["title"] == "Lanes of towns"
    assert works["reyes2018"].raw == ENTRIES[0]


def test_a_work_without_an_entry_may_be_cited():
    """A citation manager's field describes its work even where no list is printed."""
    given: CSL = {"type": "book", "title": "Roads", "author": [{"family": "Osei"}], "issued": {"date-parts": [[2001]]}}
    reading = linked("Lanes help <osei|(Osei)>.", {"osei": given})
    assert found(reading) == [("(Osei)", "cross_reference", ("osei2001",))]
    assert read_references(reading)["osei2001"].raw is None
