"""Marks in all families: what is a citation, of which works, and what only looks like one."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.citations import measures, score_folder
from qa.citations.marks import find_citations
from qa.citations.references import read_references
from qa.models import Reference
from qa.readers.markdown import read_markdown
from qa.readers.text import read_text

NUMBERED = "\nReferences\n" + "".join(
    f"{n}. Author{'abcdefghij'[n - 1]} B. Title {n}. Lancet. 20{n + 10};{n}:5-9.\n" for n in range(1, 11)
)
NAMED = """
References
Lee, K. (2010). One. Journal, 1, 2–3.
Lee, K., & Roe, A. (2010). Two. Journal, 3, 4–5.
Lee, K., Poe, A., & Doe, B. (2010). Three. Journal, 5, 6–7.
Kim, A. (2012). Four. Journal, 7, 8–9.
Kim, A. (2012). Five. Journal, 9, 10–11.
van den Brink, W., & O’Neil, P. (2011). Six. Journal, 11, 12–13.
World Health Organization. (2009). Seven. Geneva.
National Institute for Clinical Excellence (2007). Eight. London.
"""  # fmt: skip


def found(text, reader=read_text, extra=None):
    """The marks of a text, each with the labels, ids or words of what it points at."""
    reading = reader(text)
    works = read_references(reading) | (extra or {})
    citations, _ = find_citations(reading, works)
    assert all(reading.text[c.start : c.end] == c.text for c in citations)
    assert all(one.end <= other.start for one, other in pairwise(citations))
    return [(c.text, *c.references, *(f"?{target.text}" for target in c.unresolved)) for c in citations]


def numbers(text, list_=NUMBERED, reader=read_text):
    """The marks of a text with a numbered list, each with the numbers of its works."""
    ids = [work.id for work in read_references(reader("Text.\n" + list_)).values()]
    return [(mark[0], *(ids.index(id) + 1 for id in mark[1:])) for mark in found(f"{text}\n{list_}", reader)]


# Enough round and raised marks for their families to be admitted.
ROUND = "All say so (1), (2), (3, 4). "
GLUED = "All say so,1 and so,2 and again.3,4 "

NUMERIC = [
    ("one, several, a range", "So [1]. So [2,3]. So [4–6, 8].", [("[1]", 1), ("[2,3]", 2, 3), ("[4–6, 8]", 4, 5, 6, 8)]),
    ("words and pages in the bracket", "So [see 1, p. 12] and [e.g. 2 and 3].", [("[see 1, p. 12]", 1), ("[e.g. 2 and 3]", 2, 3)]),
    ("a range over two brackets", "So [1]–[3].", [("[1]", 1), ("–[3]", 2, 3)]),
    ("after the stop", "So it is.[1][2] And so.", [("[1]", 1), ("[2]", 2)]),
    ("by its word", "See ref. 3 and refs 4 and 5.", [("ref. 3", 3), ("refs 4 and 5", 4, 5)]),
    ("a registry number is none", "Approved (reference 12/EE/0315) by [1].", [("[1]", 1)]),
    ("an interval is none", "An odds ratio of 2 (95% CI [1, 3]) was found [2].", [("[2]", 2)]),
    ("beyond the list is none", "A dose of [95] was given [2].", [("[2]", 2)]),
    ("round, when they use enough of the list", "All say so (1), (2), (3, 4).", [("(1)", 1), ("(2)", 2), ("(3, 4)", 3, 4)]),
    ("round, when they do not", "Two groups (1) and nothing else.", []),
    ("round with blanks between", ROUND + "And so (5 6 7).", [("(1)", 1), ("(2)", 2), ("(3, 4)", 3, 4), ("(5 6 7)", 5, 6, 7)]),
    ("statistics are none", ROUND + "It was F(1, 6) = 4 and t (9) = 2.", [("(1)", 1), ("(2)", 2), ("(3, 4)", 3, 4)]),
    ("counts are none", ROUND + "It was 45% (5) and grade (2).", [("(1)", 1), ("(2)", 2), ("(3, 4)", 3, 4)]),
    ("parts of the document are none", ROUND + "See Table (2) and Eq. (3).", [("(1)", 1), ("(2)", 2), ("(3, 4)", 3, 4)]),
    ("molecules are none", ROUND + "Levels of CO(2) and H(2)O.", [("(1)", 1), ("(2)", 2), ("(3, 4)", 3, 4)]),
    ("points of an enumeration are none", ROUND + "\nThe aims: (1) to ask, (2) to tell and (3) to go.", [("(1)", 1), ("(2)", 2), ("(3, 4)", 3, 4)]),
    ("raised by carets", "So^1,2^ and so^3^.", [("^1,2^", 1, 2), ("^3^", 3)]),
    ("raised by tags", "So<sup>1,2</sup> and so.", [("<sup>1,2</sup>", 1, 2)]),
    ("raised by Unicode", "So it is.¹˒² And so³⁻⁵.", [("¹˒²", 1, 2), ("³⁻⁵", 3, 4, 5)]),
    ("powers are none", "In kg/m² and cm³, R², 10⁵ cells, as said¹.", [("¹", 1)]),
    ("glued, when they use enough of the list", "It improved.1,2 It fell3 and rose,4–6 too.", [("1,2", 1, 2), ("3", 3), ("4–6", 4, 5, 6)]),
    ("glued, when they do not", "It improved.1 It fell.", []),
    ("numbers are none", GLUED + "p = 0.05, no.4, p.5, Fig.2 and 3.6 mg.", [("1", 1), ("2", 2), ("3,4", 3, 4)]),
    ("names with digits are none", GLUED + "We gave IL6, CD4, H2 and Nexus6 to them.", [("1", 1), ("2", 2), ("3,4", 3, 4)]),
    ("short forms that stand without digits too are no such names", GLUED + "The AUDIT is old, as AUDIT5 shows.", [("1", 1), ("2", 2), ("3,4", 3, 4), ("5", 5)]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "marks"), [case[1:] for case in NUMERIC], ids=[case[0] for case in NUMERIC])
def test_numbers(text, marks):
    assert numbers(text) == marks


AUTHOR_YEAR = [
    ("one in brackets", "So it is (Lee, 2010).", [("(Lee, 2010)", "lee2010")]),
    ("as many authors as it says", "So it is (Lee & Roe, 2010; Lee et al., 2010).", [("(Lee & Roe, 2010; Lee et al., 2010)", "lee2010b", "lee2010c")]),
    ("in the sentence", "As Lee and Roe (2010, p. 4) say.", [("Lee and Roe (2010, p. 4)", "lee2010b")]),
    ("with other words in the bracket", "So (low dose; see Lee, 2010 for all).", [("Lee, 2010", "lee2010")]),
    ("in square brackets", "So [Lee et al., 2010].", [("[Lee et al., 2010]", "lee2010c")]),
    ("possessive", "In Lee et al.’s (2010) trial.", [("Lee et al.’s (2010)", "lee2010c")]),
    ("two fit: unresolved", "So it is (Kim, 2012).", [("(Kim, 2012)", "?Kim, 2012")]),
    ("letters by the order of the list", "So it is (Kim, 2012a,b).", [("(Kim, 2012a,b)", "kim2012", "kim2012b")]),
    ("particles", "As Van den Brink & O'Neil (2011) say.", [("Van den Brink & O'Neil (2011)", "vandenbrink2011")]),
    ("bodies by their initials", "So it is (WHO, 2009).", [("(WHO, 2009)", "who2009")]),
    ("bodies with their initials", "So (National Institute for Clinical Excellence (NICE), 2007).", [("(National Institute for Clinical Excellence (NICE), 2007)", "nice2007")]),
    ("capitalised words before the name", "In Japan, Lee (2010) said so.", [("Lee (2010)", "lee2010")]),
    ("an author whom no reference has: unresolved", "So it is (Poe et al., 2010).", [("(Poe et al., 2010)", "?Poe et al., 2010")]),
    ("months and years are none", "From July 2012 to May 2013, in Boston (2012), by Pfizer (2011).", []),
    ("a range of years is none", "The Lee cohort 2010-2012 went on.", []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "marks"), [case[1:] for case in AUTHOR_YEAR], ids=[case[0] for case in AUTHOR_YEAR])
def test_author_and_year(text, marks):
    assert found(text + "\n" + NAMED) == marks


INLINE = [
    ("the form of the first document", "A trial (Grabski et al., Am J Psychiatry. 2022;179(2):152-162) of 96.", [("(Grabski et al., Am J Psychiatry. 2022;179(2):152-162)", "grabski2022")]),
    ("several, one without volume", "So (Shen et al., Front. 2025;16:1552; Butler & Moseley, Explain pain. 2003).", [("(Shen et al., Front. 2025;16:1552; Butler & Moseley, Explain pain. 2003)", "shen2025", "butler2003")]),
    ("the same work twice is one work", "So (Lee et al., J. 2010;1:2). So (Lee et al., J. 2010;1:2).", [("(Lee et al., J. 2010;1:2)", "lee2010")] * 2),
    ("another work of that name and year is another", "So (Lee et al., J. 2010;1:2). So (Lee et al., J. 2010;3:4).", [("(Lee et al., J. 2010;1:2)", "lee2010"), ("(Lee et al., J. 2010;3:4)", "lee2010b")]),
    ("a whole reference", "So (Lee K, Roe A. A title. J. 2010;1:2-3.).", [("(Lee K, Roe A. A title. J. 2010;1:2-3.)", "lee2010")]),
    ("the journal alone", "So (Lee et al., Am J. 2010;1:2). So (Am J. 2010;1:2).", [("(Lee et al., Am J. 2010;1:2)", "lee2010"), ("(Am J. 2010;1:2)", "lee2010")]),
    ("a version is none", "We used SPSS (version 22, 2013) and a guide (NICE guideline CG115, 2011).", []),
    ("beside author and year", "So (see Lee et al., J. 2010;1:2; Roe et al., 2011).", [("Lee et al., J. 2010;1:2", "lee2010"), ("Roe et al., 2011", "?Roe et al., 2011")]),
    ("a remark is none", "So (Boston, Massachusetts. 2010) they went, 40 minutes (0.8 mg/kg).", []),
    ("identifiers", "So (PMID: 35012326) and doi:10.1176/appi.AJP.", [("(PMID: 35012326)", "pmid"), ("doi:10.1176/appi.AJP", "doiappiajp")]),
    ("an identifier after it is of the same work", "So (Lee et al., Am J. 2010;1:2; PMID: 20123456; doi:10.1000/x). So it is.", [("(Lee et al., Am J. 2010;1:2; PMID: 20123456; doi:10.1000/x)", "lee2010")]),
    ("but not before the next work", "So (Lee et al., Am J. 2010;1:2; PMID: 20123456; Kim et al., Am J. 2011;1:2).", [("(Lee et al., Am J. 2010;1:2; PMID: 20123456; Kim et al., Am J. 2011;1:2)", "lee2010", "kim2011")]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "marks"), [case[1:] for case in INLINE], ids=[case[0] for case in INLINE])
def test_marks_that_describe_the_work(text, marks):
    assert found(text) == marks


def test_a_work_that_a_mark_describes_is_a_reference_with_its_string_and_place():
    reading = read_text("So (see Lee et al., J Psych. 2010;1(2):3-4; Roe et al., BMJ. 2011;5:6).")
    _, works = find_citations(reading, {})
    assert [reading.text[w.start : w.end] for w in works.values()] == [w.raw for w in works.values()]
    assert works["lee2010"].raw == "Lee et al., J Psych. 2010;1(2):3-4"
    assert works["lee2010"].csl == {
        "id": "lee2010", "type": "article-journal", "author": [{"family": "Lee"}], "custom": {"etAl": True},
        "issued": {"date-parts": [[2010]]}, "volume": "1", "issue": "2", "page": "3-4", "container-title": "J Psych",
    }  # fmt: skip


def test_a_mark_resolves_to_the_owners_reference():
    csl = {"id": "x", "author": [{"family": "Lee"}], "issued": {"date-parts": [[2010]]}, "volume": "1", "page": "3-4"}
    assert found("So (Lee et al., J. 2010;1(2):3-4).", extra={"x": Reference("x", csl)})[0][1:] == ("x",)


def test_works_of_other_documents_keep_their_ids_and_are_not_pointed_at():
    other = read_text("So (Lee et al., J. 2010;1:2).")
    _, known = find_citations(other, {})
    same, works = find_citations(read_text("Here (Lee et al., J. 2010;1:2) and (Lee et al., K. 2010;7:8)."), {}, known)
    assert [c.references for c in same] == [("lee2010",), ("lee2010b",)]
    assert list(works) == ["lee2010", "lee2010b"]
    unknown, _ = find_citations(read_text("Here (Lee et al., 2010) only."), {}, known)
    assert unknown[0].references == ()


MARKDOWN = [
    ("keys", "So [see @lee2010, p. 3; @roe]. @lee2010 says.", [("[see @lee2010, p. 3; @roe]", "lee2010", "?@roe"), ("@lee2010", "lee2010")]),
    ("addresses and handles are none", "Write to a@lee2010.org or @someone.", []),
    ("footnotes", "So[^1] and[^n].\n\n[^1]: Poe A. A. J. 2010;1:2.\n[^n]: Roe A. B. J. 2011;1:2.", [("[^1]", "poe2010"), ("[^n]", "roe2011")]),
    ("a footnote without definition", "So[^1].", [("[^1]", "?[^1]")]),
    ("emphasis", "As *Poe et al.* (2010).\n\n# References\n\n- Poe A, Roe B, Lee C. *A.* J. 2010;1:2.", [("Poe et al.* (2010)", "poe2010")]),
    ("code is no prose", "    So [@lee2010]\n", []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "marks"), [case[1:] for case in MARKDOWN], ids=[case[0] for case in MARKDOWN])
def test_markdown(text, marks):
    lee = Reference("lee2010", {"id": "lee2010", "type": "book"})
    assert found(text, read_markdown, {"lee2010": lee}) == marks


def test_links_count_where_nothing_else_is_cited():
    assert found("The NHS says so (https://nhs.uk/a).")[0][0] == "https://nhs.uk/a"
    assert [mark[0] for mark in found("So (Lee et al., J. 2010;1:2), see https://nhs.uk/a.")] == [
        "(Lee et al., J. 2010;1:2)"
    ]


def test_an_unnumbered_list_is_counted_only_where_marks_use_most_of_it():
    listed = "\nReferences\n" + "".join(f"Poe {x}. Title. J. 2010;{n}:2.\n" for n, x in enumerate("ABCDE", start=3))
    assert [mark[1:] for mark in numbers("So [1], [2] and [3-5].", listed)] == [(1,), (2,), (3, 4, 5)]
    assert numbers("The dose was [2].", listed) == []


def test_a_missing_list_leaves_marks_unresolved():
    assert found("So [1]. So [2,3]. And so [4].") == [("[1]", "?1"), ("[2,3]", "?2", "?3"), ("[4]", "?4")]
    assert found("The matrix [1] has entries.") == []


# Pieces that nearly are marks.
PIECES = st.lists(
    st.sampled_from(
        [
            "(",
            ")",
            "[",
            "]",
            "Lee",
            " et al.",
            ", ",
            "2010",
            "; ",
            "J. ",
            "1:2",
            "1",
            "-",
            "[1]",
            "(1)",
            "¹",
            "^1^",
            "[^1]",
            "@a",
            "10.1/2",
            "PMID 1",
            "\n",
            " ",
            "References\n",
            "1. Lee K. A. J. 2010;1:2.\n",
            "and ",
            "a1",
            ".",
        ]
    )
    | st.text(max_size=4),
    max_size=60,
).map("".join)


@pytest.mark.parametrize("reader", [read_text, read_markdown])
@given(text=PIECES)
def test_marks_lie_in_order_in_the_text_and_point_at_references_that_exist(reader, text):
    reading = reader(text)
    own = read_references(reading)
    citations, works = find_citations(reading, own)
    assert all(reading.text[c.start : c.end] == c.text for c in citations)
    assert all(one.end <= other.start for one, other in pairwise(citations))
    assert all(id in works for c in citations for id in c.references)
    assert all(c.references or c.unresolved for c in citations)
    assert own.keys() <= works.keys()
    assert all(work.csl["id"] == id for id, work in works.items())


def test_pairs_on_documents_in_all_styles(data):
    """The floors of benchmarks/citations: pairs of a sentence and a reference, over 109 documents."""
    counts, _ = score_folder(data / "citations" / "citegold")
    precision, _, f = measures(counts["ALL"], "pair")
    assert precision >= 0.985
    assert f >= 0.975
    assert {style: measures(c, "pair")[2] for style, c in counts.items() if measures(c, "pair")[2] < 0.93} == {}
