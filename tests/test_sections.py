"""Sections: heading paths, spans, and conditions inherited from headings."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.conditions import Vocabulary
from qa.indexing.sections import divide
from qa.models import Condition, Section
from qa.readers.markdown import read_markdown
from qa.readers.text import read_text

TEXT_READERS = {".txt": read_text, ".md": read_markdown}

VOCABULARY = Vocabulary(
    [
        Condition("pain", "Pain"),
        Condition("back-pain", "Back pain", parent="pain"),
        Condition("asthma", "Asthma"),
    ]
)
LONG = "This is a sentence that is longer than any of the headings that are above it here.\n"

# name: text, then path and tags of each section
PLAIN = {
    "no heading": (LONG, [((), [])]),
    "text before the first heading": (LONG + "Asthma\n" + LONG, [((), []), (("Asthma",), ["asthma heading"])]),
    "bare lines are of one level; those that name no condition have that of the last one that does": (
        "Asthma\n"
        + LONG
        + "What helps\n"
        + LONG
        + "What harms\n"
        + LONG
        + "Back pain\n"
        + LONG
        + "What helps\n"
        + LONG,
        [
            (("Asthma",), ["asthma heading"]),
            (("What helps",), ["asthma ancestor"]),
            (("What harms",), ["asthma ancestor"]),
            (("Back pain",), ["back-pain heading"]),
            (("What helps",), ["back-pain ancestor"]),
        ],
    ),
    "bare lines before any condition are top-level": (
        "A guide\n" + LONG + "When to start\n" + LONG + "Asthma\n" + LONG,
        [(("A guide",), []), (("When to start",), []), (("Asthma",), ["asthma heading"])],
    ),
    "numbers give the rank": (
        "1. Asthma\n" + LONG + "1.1 What helps\n" + LONG + "2. Costs\n" + LONG,
        [
            (("1. Asthma",), ["asthma heading"]),
            (("1. Asthma", "1.1 What helps"), ["asthma ancestor"]),
            (("2. Costs",), []),
        ],
    ),
    "a heading with two conditions": (
        "Asthma and back pain\n" + LONG + "What helps\n" + LONG,
        [
            (("Asthma and back pain",), ["asthma heading", "back-pain heading"]),
            (("What helps",), ["asthma ancestor", "back-pain ancestor"]),
        ],
    ),
}
MARKDOWN = {
    "levels as given": (
        f"# Pages\n\n{LONG}\n## Asthma\n\n{LONG}\n### What helps\n\n{LONG}\n## Costs\n\n{LONG}",
        [
            (("Pages",), []),
            (("Pages", "Asthma"), ["asthma heading"]),
            (("Pages", "Asthma", "What helps"), ["asthma ancestor"]),
            (("Pages", "Costs"), []),
        ],
    ),
    "a condition in the title is inherited, the nearest heading wins": (
        f"# Living with pain\n\n{LONG}\n## Sleep\n\n{LONG}\n## Back pain\n\n{LONG}",
        [
            (("Living with pain",), ["pain heading"]),
            (("Living with pain", "Sleep"), ["pain ancestor"]),
            (("Living with pain", "Back pain"), ["back-pain heading"]),
        ],
    ),
    "a line in bold is below the last level": (
        f"## Asthma\n\n{LONG}\n**Dose**\n\n{LONG}\n**Harms**\n\n{LONG}\n## Costs\n\n{LONG}",
        [
            (("Asthma",), ["asthma heading"]),
            (("Asthma", "Dose"), ["asthma ancestor"]),
            (("Asthma", "Harms"), ["asthma ancestor"]),
            (("Costs",), []),
        ],
    ),
    "a skipped level": (
        f"# Pages\n\n### Asthma\n\n{LONG}\n## Costs\n\n{LONG}",
        [(("Pages",), []), (("Pages", "Asthma"), ["asthma heading"]), (("Pages", "Costs"), [])],
    ),
}
CASES = [(".txt", *case) for case in PLAIN.values()] + [(".md", *case) for case in MARKDOWN.values()]


def sections_of(suffix: str, text: str) -> list[Section]:
    return divide(TEXT_READERS[suffix](text), VOCABULARY)


@pytest.mark.parametrize(("suffix", "text", "expected"), CASES, ids=[*PLAIN, *MARKDOWN])
def test_divide(suffix: str, text: str, expected: list[tuple[tuple[str, ...], list[str]]]) -> None:
    found = [(s.path, [f"{tag.id} {tag.basis}" for tag in s.conditions]) for s in sections_of(suffix, text)]
    assert found == expected


lines = st.sampled_from(
    ["Asthma", "# Asthma", "## Costs", "What helps", "1. Aims", "1.1 More", LONG, "", "- item", "x:"]
)


@given(st.sampled_from([".txt", ".md"]), st.lists(lines).map("\n".join))
def test_a_vocabulary_does_not_change_the_outline(suffix: str, text: str) -> None:
    reading = TEXT_READERS[suffix](text)
    assert [s.path for s in divide(reading, VOCABULARY)] == [s.path for s in divide(reading, Vocabulary(()))]


@given(st.sampled_from([".txt", ".md"]), st.one_of(st.lists(lines).map("\n".join), st.text()))
def test_sections_cover_everything(suffix: str, text: str) -> None:
    """Sections are in order without overlaps; text in none of them is a heading, which is the last part of a path."""
    reading = TEXT_READERS[suffix](text)
    sections = divide(reading, VOCABULARY)
    end = 0
    for section in sections:
        if section.heading:
            assert section.heading.start >= end
            assert section.path[-1] in text[slice(*section.heading)]
            assert section.start == section.heading.end
        assert section.end >= section.start
        end = section.end
    for block in reading.blocks:
        if block.kind != "heading":
            assert sum(s.start <= block.start and block.end <= s.end for s in sections) == 1
