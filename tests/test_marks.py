"""Citations in every style: what is a citation, which works it points to, and what only looks like one."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.citations.marks import find_citations
from qa.citations.reference_index import ReferenceIndex
from qa.citations.references import read_references
from qa.models import Reference
from qa.readers import read_document
from qa.readers.markdown import read_markdown
from qa.readers.plain import Plain
from qa.readers.text import read_text
from testkit.citation_gold import measures, score_folder

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
    """The citations in a text, each with the labels, ids or raw text of its targets."""
    reading = Plain(reader(text)).reading
    works = read_references(reading) | (extra or {})
    citations, _ = find_citations(reading, works)
    assert all(reading.text[c.start : c.end] == c.text for c in citations)
    assert all(one.end <= other.start for one, other in pairwise(citations))
    return [(c.text, *c.references, *(f"?{target.text}" for target in c.unresolved)) for c in citations]


def numbers(text, list_=NUMBERED, reader=read_text):
    """The citations in a text with a numbered list, each with the numbers of its references."""
    ids = [work.id for work in read_references(Plain(reader("Text.\n" + list_)).reading).values()]
    return [(mark[0], *(ids.index(id) + 1 for id in mark[1:])) for mark in found(f"{text}\n{list_}", reader)]


# Enough round and superscript citations for these styles to be accepted.
ROUND = "All say so (1), (2), (3, 4). "
GLUED = "All say so,1 and so,2 and again.3,4 "

NUMERIC = [
    ("one, several, a range", "So [1]. So [2,3]. So [4–6, 8].", [("[1]", 1), ("[2,3]", 2, 3), ("[4–6, 8]", 4, 5, 6, 8)]),
    ("with words and pages", "So [see 1, p. 12] and [e.g. 2 and 3].", [("[see 1, p. 12]", 1), ("[e.g. 2 and 3]", 2, 3)]),
    ("a range of two brackets", "So [1]–[3].", [("[1]", 1), ("–[3]", 2, 3)]),
    ("after the full stop", "So it is.[1][2] And so.", [("[1]", 1), ("[2]", 2)]),
    ("after the word ref.", "See ref. 3 and refs 4 and 5.", [("ref. 3", 3), ("refs 4 and 5", 4, 5)]),
    ("not a registry number", "Approved (reference 12/EE/0315) by [1].", [("[1]", 1)]),
    ("not a confidence interval", "An odds ratio of 2 (95% CI [1, 3]) was found [2].", [("[2]", 2)]),
    ("not an interval in a sentence", "The interval was [1, 3].", []),
    ("not a range after its value", "It took 5 [1 to 3] days and 30% [2-4] fell, as in 2016 [3-5].", [("[3-5]", 3, 4, 5)]),
    ("a range in capitals", "So [1 TO 3] and [4, AND 5].", [("[1 TO 3]", 1, 2, 3), ("[4, AND 5]", 4, 5)]),
    ("not a scale", "On the scale (0 TO 4) and [0 TO 3] pain fell [2].", [("[2]", 2)]),
    ("not a reversed or very long range", "So [9-3] and [1-9999] [2].", [("[2]", 2)]),
    ("not an array element", "Let x[1] be the price, for vitamin D[2].", [("[2]", 2)]),
    ("not in code, link texts or comments", "See `items[2]`, [3](https://a.org/b), [a page][4] and <!-- [5] --> so [1].", [("[1]", 1)]),
    ("but in a link to the list", "So [3](#ref3).", [("[3]", 3)]),
    ("with a page after a colon", "So [2: p. 14].", [("[2: p. 14]", 2)]),
    ("or is not an odds ratio", "Rest or [2] not.", [("[2]", 2)]),
    ("not far beyond the list", "A dose of [95] was given [2].", [("[2]", 2)]),
    ("round, if they cite enough of the list", "All say so (1), (2), (3, 4).", [("(1)", 1), ("(2)", 2), ("(3, 4)", 3, 4)]),
    ("round, if they do not", "Two groups (1) and nothing else.", []),
    ("round, separated by spaces", ROUND + "And so (5 6 7).", [("(1)", 1), ("(2)", 2), ("(3, 4)", 3, 4), ("(5 6 7)", 5, 6, 7)]),
    ("not statistics", ROUND + "It was F(1, 6) = 4 and t (9) = 2.", [("(1)", 1), ("(2)", 2), ("(3, 4)", 3, 4)]),
    ("not counts", ROUND + "It was 45% (5) and grade (2).", [("(1)", 1), ("(2)", 2), ("(3, 4)", 3, 4)]),
    ("not parts of the document", ROUND + "See Table (2) and Eq. (3).", [("(1)", 1), ("(2)", 2), ("(3, 4)", 3, 4)]),
    ("not molecules", ROUND + "Levels of CO(2) and H(2)O.", [("(1)", 1), ("(2)", 2), ("(3, 4)", 3, 4)]),
    ("not points of an enumeration", ROUND + "\nThe aims: (1) to ask, (2) to tell and (3) to go.", [("(1)", 1), ("(2)", 2), ("(3, 4)", 3, 4)]),
    ("nor after other citations", ROUND + "\nAs Lee et al. (5) say, either (1) to ask or (2) to tell.", [("(1)", 1), ("(2)", 2), ("(3, 4)", 3, 4), ("(5)", 5)]),
    ("not a count with its share", ROUND + "That is enough (18 for 90%).", [("(1)", 1), ("(2)", 2), ("(3, 4)", 3, 4)]),
    ("after a year", ROUND + "It was made in 1816 (5).", [("(1)", 1), ("(2)", 2), ("(3, 4)", 3, 4), ("(5)", 5)]),
    ("superscript with carets", "So^1,2^ and so^3^.", [("¹˒²", 1, 2), ("³", 3)]),
    ("superscript with tags", "So<sup>1,2</sup> and so.", [("¹˒²", 1, 2)]),
    ("superscript in Unicode", "So it is.¹˒² And so³⁻⁵.", [("¹˒²", 1, 2), ("³⁻⁵", 3, 4, 5)]),
    ("not powers", "In kg/m² and cm³, R², 10⁵ cells, as said¹.", [("¹", 1)]),
    ("not powers of any unit", "Of 3 dB² and 5 ft², per mi², X² tests, 2 kN/yd², m³/s², E = mc², as men² and the 1830's³ said.", [("²", 2), ("³", 3)]),
    ("glued, if they cite enough of the list", "It improved.1,2 It fell3 and rose,4–6 too.", [("1,2", 1, 2), ("3", 3), ("4–6", 4, 5, 6)]),
    ("glued, if they do not", "It improved.1 It fell.", []),
    ("not numbers", GLUED + "p = 0.05, no.4, p.5, Fig.2 and 3.6 mg.", [("1", 1), ("2", 2), ("3,4", 3, 4)]),
    ("not digits in names", GLUED + "We gave IL6, CD4, H2 and Nexus6 to them.", [("1", 1), ("2", 2), ("3,4", 3, 4)]),
    ("after abbreviations that also occur without digits", GLUED + "The AUDIT is old, as AUDIT5 shows.", [("1", 1), ("2", 2), ("3,4", 3, 4), ("5", 5)]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "marks"), [case[1:] for case in NUMERIC], ids=[case[0] for case in NUMERIC])
def test_numbers(text, marks):
    assert numbers(text) == marks


THREE = "".join(NUMBERED.splitlines(keepends=True)[:5])
BEYOND = [
    # (why, text above a list of three, its citations with reference numbers or unresolved labels)
    ("alone, in square brackets", "Lanes help riders [4].", [("[4]", "?4")]),
    ("next to a listed one, which is kept", "Lanes help riders [1,4].", [("[1,4]", 1, "?4")]),
    ("the end of a range", "Lanes help riders [2-4].", [("[2-4]", 2, 3, "?4")]),
    ("alone, between carets", "Lanes help riders^5^.", [("⁵", "?5")]),
    ("in round brackets, like all others", "So (1). And so (2), so (3). Or so (9).", [("(1)", 1), ("(2)", 2), ("(3)", 3), ("(9)", "?9")]),
    ("glued, like all others", "It improved.1 It fell.2 It rose.4 And so.", [("1", 1), ("2", 2), ("4", "?4")]),
    ("not a count within a clause", "So (1). And so (2), so (3). We had (9) cars.", [("(1)", 1), ("(2)", 2), ("(3)", 3)]),
    ("not brackets without further evidence", "Lanes help riders (9). Most were men (4).", []),
    ("not points of an enumeration", "So [1]. We (1) ask, (2) tell, (3) go and (4) rest.", [("[1]", 1)]),
    ("not a year, a count or a scale", "So [1]. In [2019] it was [95] on a scale of [1-40].", [("[1]", 1)]),
    ("not brackets in a text with author-year citations", "So it is (Authora, 2011). We had [4] of them.", [("(Authora, 2011)", 1)]),
    ("an incomplete list: as far as numbers continue", "So [1-3]. So [9], so [17] and [25].", [("[1-3]", 1, 2, 3), ("[9]", "?9"), ("[17]", "?17"), ("[25]", "?25")]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "marks"), [case[1:] for case in BEYOND], ids=[case[0] for case in BEYOND])
def test_numbers_missing_from_the_list(text, marks):
    """A citation of a missing entry is unresolved, never ignored: `qa check` reports it."""
    ids = [work.id for work in read_references(Plain(read_text("Text.\n" + THREE)).reading).values()]
    assert len(ids) == 3
    numbered = [
        tuple(ids.index(part) + 1 if part in ids else part for part in mark) for mark in found(f"{text}\n{THREE}")
    ]
    assert numbered == marks


AUTHOR_YEAR = [
    ("one in brackets", "So it is (Lee, 2010).", [("(Lee, 2010)", "lee2010")]),
    ("by number of authors", "So it is (Lee & Roe, 2010; Lee et al., 2010).", [("(Lee & Roe, 2010; Lee et al., 2010)", "lee2010b", "lee2010c")]),
    ("in the sentence", "As Lee and Roe (2010, p. 4) say.", [("Lee and Roe (2010, p. 4)", "lee2010b")]),
    ("with other words in the bracket", "So (low dose; see Lee, 2010 for all).", [("Lee, 2010", "lee2010")]),
    ("in square brackets", "So [Lee et al., 2010].", [("[Lee et al., 2010]", "lee2010c")]),
    ("possessive", "In Lee et al.’s (2010) trial.", [("Lee et al.’s (2010)", "lee2010c")]),
    ("two matches: unresolved", "So it is (Kim, 2012).", [("(Kim, 2012)", "?Kim, 2012")]),
    ("letters in the order of the list", "So it is (Kim, 2012a,b).", [("(Kim, 2012a,b)", "kim2012", "kim2012b")]),
    ("particles", "As Van den Brink & O'Neil (2011) say.", [("Van den Brink & O'Neil (2011)", "vandenbrink2011")]),
    ("organisations by acronym", "So it is (WHO, 2009).", [("(WHO, 2009)", "who2009")]),
    ("organisations with acronym", "So (National Institute for Clinical Excellence (NICE), 2007).", [("(National Institute for Clinical Excellence (NICE), 2007)", "nice2007")]),
    ("capitalised words before the name", "In Japan, Lee (2010) said so.", [("Lee (2010)", "lee2010")]),
    ("an author without a reference: unresolved", "So it is (Poe et al., 2010).", [("(Poe et al., 2010)", "?Poe et al., 2010")]),
    ("a letter that the only work of the year lacks: unresolved", "So (Lee, 2010). So it is (WHO, 2009b).", [("(Lee, 2010)", "lee2010"), ("(WHO, 2009b)", "?WHO, 2009b")]),
    ("another initial: unresolved", "So it is (B. Lee & A. Roe, 2010).", [("(B. Lee & A. Roe, 2010)", "?B. Lee & A. Roe, 2010")]),
    ("the same initial", "As K. Lee (2010) and Lee, K. (2010) say.", [("K. Lee (2010)", "lee2010"), ("Lee, K. (2010)", "lee2010")]),
    ("et al. is not one person: unresolved", "So it is (Kim et al., 2012).", [("(Kim et al., 2012)", "?Kim et al., 2012")]),
    ("not months and years", "From July 2012 to May 2013, in Boston (2012), by Pfizer (2011).", []),
    ("not a range of years", "The Lee cohort 2010-2012 went on.", []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "marks"), [case[1:] for case in AUTHOR_YEAR], ids=[case[0] for case in AUTHOR_YEAR])
def test_author_and_year(text, marks):
    assert found(text + "\n" + NAMED) == marks


# (a sentence in Markdown, the numbers it cites, why)
RAISED = [
    ("HbA1c^2^ fell.", [2], "an acronym that ends in a digit"),
    ("CO~2~^2,3^ rose.", [2, 3], "a formula"),
    ("VO~2~^2^ rose.", [2], "a formula, and a single number"),
    ("CO<sub>2</sub><sup>2</sup> fell.", [2], "in tags"),
    ("Vitamin B~12~^2^ helps.", [2], "a vitamin"),
    ("IL-6^2^ fell.", [2], "a name with a number behind a hyphen"),
    ("In COVID-19^2^ tea helps.", [2], "a year as part of a name"),
    ("Type 2^3^ diabetes.", [3], "a number that is named"),
    ("Adults (n = 40)^2^ slept.", [2], "a bracket"),
    ("It fell by 12 mg/d^3^ at once.", [3], "a unit that nobody cubes"),
    ("Below 1.8 mmol/L^3^ it is rare.", [3], "a concentration"),
    ("It was 5.2^3^ at last.", [3], "a measured value"),
    ("BMI (kg/m^2^)^3^ rose.", [3], "a unit in brackets and a citation"),
    ("From 10^3^–10^4^ copies and 2^3^ designs.", [], "powers of numbers"),
    ("An area of 5 m^2^, 3 cm^2^ and 4 km^2^.", [], "areas"),
    ("W/m^2^ and m s^-2^ and 4 × 10^3^/mm^3^.", [], "compound units"),
    ("Weight/height^2^ and (mmHg)^2^.", [], "quantities and units in brackets"),
    ("N^2^ = 4 and x^2^ + y^2^.", [], "formulas"),
    ("^3^H and ^14^C and Ca^2+^.", [], "isotopes and charges"),
]


@pytest.mark.parametrize(("sentence", "cited", "why"), RAISED, ids=[why for *_, why in RAISED])
def test_raised_numbers(sentence, cited, why):
    """Raised numbers are citations in this text, if they are no powers."""
    marks = numbers(f"Tea.^5^ Coffee.^6^\n\n{sentence}\n", reader=read_markdown)
    assert [number for _, *found in marks[2:] for number in found] == cited


WORKS = [
    "Lee A. A trial. J Tea. 2001;1:1-9.",
    "Ito B. A review. J Tea. 2002;2:1-9.",
    "Roe C. Cocoa. J Tea. 2003;3:1-9.",
]
LISTED = "".join(f"{n}. {work}\n" for n, work in enumerate(WORKS, 1))
REMARK = "The dose was measured twice."
NOTES_AND_WORKS = [
    # (file, text, the citations with the authors of their works, why)
    ("a.md", f"So.[^1] And.[^2]\n\n[^1]: {WORKS[0]}\n[^2]: {REMARK}\n", [["Lee"]], "a footnote of Markdown that is a remark"),
    ("a.md", f"So.^1^ And.^2^ Or.^3^\n\n## Notes\n\n1. {WORKS[0]}\n2. {REMARK}\n3. {WORKS[1]}\n", [["Lee"], ["Ito"]], "a list of notes"),
    ("a.md", f"So.¹ And.² Or.³\n\n¹ {WORKS[0]}\n\n² {REMARK}\n\n³ {WORKS[1]}\n", [["Lee"], ["Ito"]], "notes typed as paragraphs"),
    ("a.md", f"So.^1^ And.^2^\n\n^1^ {WORKS[0]}\n^2^ {REMARK}\n", [["Lee"]], "notes typed as lines"),
    ("a.md", f"So [1]. And [2]. Or.¹\n\n¹ {REMARK}\n\n## References\n\n{LISTED}", [["Lee"], ["Ito"]], "notes beside a list with the same numbers"),
    ("a.html", f"<p>So.<sup><a href='#a'>1</a></sup> And.<sup><a href='#b'>2</a></sup></p><h2>Notes</h2><ol><li id=a>{WORKS[0]}</li><li id=b>{REMARK}</li></ol>", [["Lee"]], "notes of a page"),
    ("a.nxml", "<article><body><p>So.<xref ref-type='fn' rid='a'><sup>1</sup></xref> And.<xref ref-type='fn' rid='b'><sup>2</sup></xref></p></body>"
     f"<back><fn-group><fn id='a'><label>1</label><p>{WORKS[0]}</p></fn><fn id='b'><label>2</label><p>{REMARK}</p></fn></fn-group></back></article>", [["Lee"]], "notes of an article"),
    ("a.nxml", "<article><body><p>So.<sup>1</sup> And.<sup>2</sup> Or.<sup>3</sup></p><table-wrap><label>Table 1</label><caption><p>Teas<sup>1</sup></p></caption>"
     "<table><tr><td>Tea<sup>1</sup></td></tr></table><table-wrap-foot><fn><label>1</label><p>In cups.</p></fn></table-wrap-foot></table-wrap></body><back><ref-list>"
     + "".join(f"<ref><label>{n}</label><mixed-citation>{work}</mixed-citation></ref>" for n, work in enumerate(WORKS, 1)) + "</ref-list></back></article>",
     [["Lee"], ["Ito"], ["Roe"]], "a note of a table has the number of an entry"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "cited", "why"), NOTES_AND_WORKS, ids=[why for *_, why in NOTES_AND_WORKS])
def test_raised_numbers_of_notes(name, text, cited, why):
    """The number of a footnote is a citation if the footnote is a reference, not if it is a remark."""
    reading = Plain(read_document(name, text.encode())).reading
    citations, works = find_citations(reading, read_references(reading))
    authors = [[works[id].csl["author"][0]["family"] for id in citation.references] for citation in citations]
    assert authors == cited
    assert not any(citation.unresolved for citation in citations)


DATED = [
    # (text of the only note, whether it is a work, why)
    ("Tea Council, Who Drinks? (March 2019)", True, "a body, a title and a date in brackets"),
    ("TC, Cups in schools in 2023, September 2023.", True, "a date behind a comma"),
    ("Tea Council, Green Tea (2 June 2019), p. 3.", True, "a page behind the date"),
    ("Cups, which were counted twice, 2019.", False, "a sentence that ends with a year"),
    ("In cups of 2019.", False, "a remark"),
]


@pytest.mark.parametrize(("note", "is_work", "why"), DATED, ids=[why for *_, why in DATED])
def test_notes_of_reports(note, is_work, why):
    citations, _ = find_citations(read := read_markdown(f"So.[^1]\n\n[^1]: {note}\n"), read_references(read))
    assert bool(citations) == is_work


def test_affiliations_of_authors_are_no_citations():
    """Their numbers are those of the list by chance; a drug and an entry of a table are no authors."""
    text = (
        "Ana van Reyes^1,2^, Bo Ito^2^ and Cy Roe^1^\n\nTea helps.^1^ So do cups.^2^ And jugs.^3^\n\n- Green Tea^3^\n"
    )
    assert [number for _, *found in numbers(text, reader=read_markdown) for number in found] == [1, 2, 3, 3]


def test_the_documents_own_list_comes_before_other_lists():
    """A manuscript beside the bibliography that it was made with: each of its works is there twice."""
    reading = read_text(
        "So (Lee, 2001). And (Ito, 2002).\n\nReferences\nLee A. A trial. J Tea. 2001;1:1-9.\nRoe C. Cocoa. J Tea. 2003;3:1-9.\n"
    )
    beside = {
        id: Reference(
            id, {"id": id, "author": [{"family": name}], "issued": {"date-parts": [[year]]}, "title": "Another trial"}
        )
        for id, name, year in (("lee01", "Lee", 2001), ("a", "Ito", 2002), ("b", "Ito", 2002))
    }
    citations, _ = find_citations(reading, beside | read_references(reading))
    assert [citation.references for citation in citations] == [("lee2001",), ("a",)]


IN_WORDS = """
References
O’Brien, A. (2001). One. Journal, 1, 2–3.
Müller, H., Meier, K., & Schmidt, L. (2004). Two. Journal, 3, 4–5.
World Health Organization (WHO). (2019). Three. Geneva: WHO.
Statistics Netherlands (2016). Four. StatLine.
Unsgaard-Tøndel, M., Lund, N., & Vasseljen, O. (2012). Five. Journal, 7, 8–9.
European Sleep Executive Committee, Tea Writing Committee (2008). Six. Journal, 9, 10–11.
"""
SPELLINGS = [
    # (a citation, the number of its entry, why)
    ("(O'Brien, 2001)", 1, "a straight apostrophe"),
    ("(OʼBrien 2001: 12)", 1, "a modifier letter, and a page"),
    ("(O´Brien, 2001)", 1, "an accent for the apostrophe"),
    ("(Müller u. a. 2004)", 2, "German for et al."),
    ("(Müller u.a., 2004, S. 12)", 2, "without a blank, and a German page"),
    ("Müller und Mitarbeiter (2004)", 2, "written out"),
    ("(Müller et alii, 2004)", 2, "in full"),
    ("(Mueller et al., 2004)", 2, "two letters for one"),
    ("(Müller, Meier und Schmidt, 2004)", 2, "all authors, in German"),
    ("(Müller/Meier/Schmidt 2004)", 2, "with slashes"),
    ("(WHO, 2019)", 3, "the acronym in the entry"),
    ("(World Health Organization, 2019)", 3, "without the acronym in the entry"),
    ("World Health Organization [WHO] (2019)", 3, "the acronym in square brackets"),
    ("(Statistics Netherlands, 2016)", 4, "an organisation by nothing but its capital letters"),
    ("(Unsgaard-Tøndel, Lund Nilsen & Vasseljen, 2012)", 5, "a double surname that the entry shortens"),
    ("(European Sleep Executive Committee and Tea Writing Committee, 2008)", 6, "two bodies"),
]


@pytest.mark.parametrize(("citation", "number", "why"), SPELLINGS, ids=[why for *_, why in SPELLINGS])
def test_names_as_citations_spell_them(citation, number, why):
    ids = [work.id for work in read_references(Plain(read_text("Text.\n" + IN_WORDS)).reading).values()]
    assert found(f"So says {citation} at last.\n{IN_WORDS}") == [(citation, ids[number - 1])]


INLINE = [
    ("the form of the first document", "A trial (Grabski et al., Am J Psychiatry. 2022;179(2):152-162) of 96.", [("(Grabski et al., Am J Psychiatry. 2022;179(2):152-162)", "grabski2022")]),
    ("several, one without volume", "So (Shen et al., Front. 2025;16:1552; Butler & Moseley, Explain pain. 2003).", [("(Shen et al., Front. 2025;16:1552; Butler & Moseley, Explain pain. 2003)", "shen2025", "butler2003")]),
    ("the same work twice is one work", "So (Lee et al., J. 2010;1:2). So (Lee et al., J. 2010;1:2).", [("(Lee et al., J. 2010;1:2)", "lee2010")] * 2),
    ("another work of that author and year", "So (Lee et al., J. 2010;1:2). So (Lee et al., J. 2010;3:4).", [("(Lee et al., J. 2010;1:2)", "lee2010"), ("(Lee et al., J. 2010;3:4)", "lee2010b")]),
    ("without a full stop before the year", "So (Lee et al., JAMA 2010).", [("(Lee et al., JAMA 2010)", "lee2010")]),
    ("a whole reference", "So (Lee K, Roe A. A title. J. 2010;1:2-3.).", [("(Lee K, Roe A. A title. J. 2010;1:2-3.)", "lee2010")]),
    ("the journal alone", "So (Lee et al., Am J. 2010;1:2). So (Am J. 2010;1:2).", [("(Lee et al., Am J. 2010;1:2)", "lee2010"), ("(Am J. 2010;1:2)", "lee2010")]),
    ("not a version", "We used SPSS (version 22, 2013) and a guide (NICE guideline CG115, 2011).", []),
    ("next to author and year", "So (see Lee et al., J. 2010;1:2; Roe et al., 2011).", [("Lee et al., J. 2010;1:2", "lee2010"), ("Roe et al., 2011", "?Roe et al., 2011")]),
    ("not a remark", "So (Boston, Massachusetts. 2010) they went, 40 minutes (0.8 mg/kg).", []),
    ("identifiers", "So (PMID: 35012326) and doi:10.1176/appi.AJP.", [("(PMID: 35012326)", "pmid"), ("doi:10.1176/appi.AJP", "doiappiajp")]),
    ("an identifier after a work belongs to it", "So (Lee et al., Am J. 2010;1:2; PMID: 20123456; doi:10.1000/x). So it is.", [("(Lee et al., Am J. 2010;1:2; PMID: 20123456; doi:10.1000/x)", "lee2010")]),
    ("but not before the next work", "So (Lee et al., Am J. 2010;1:2; PMID: 20123456; Kim et al., Am J. 2011;1:2).", [("(Lee et al., Am J. 2010;1:2; PMID: 20123456; Kim et al., Am J. 2011;1:2)", "lee2010", "kim2011")]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "marks"), [case[1:] for case in INLINE], ids=[case[0] for case in INLINE])
def test_citations_that_describe_the_work(text, marks):
    assert found(text) == marks


def test_a_work_described_in_the_text_becomes_a_reference_with_its_raw_text_and_span():
    reading = read_text("So (see Lee et al., J Psych. 2010;1(2):3-4; Roe et al., BMJ. 2011;5:6).")
    _, works = find_citations(reading, {})
    assert [reading.text[w.start : w.end] for w in works.values()] == [w.raw for w in works.values()]
    assert works["lee2010"].raw == "Lee et al., J Psych. 2010;1(2):3-4"
    assert works["lee2010"].csl == {
        "id": "lee2010", "type": "article-journal", "author": [{"family": "Lee"}], "custom": {"etAl": True},
        "issued": {"date-parts": [[2010]]}, "volume": "1", "issue": "2", "page": "3-4", "container-title": "J Psych",
    }  # fmt: skip


def test_a_citation_resolves_to_the_owners_reference():
    csl = {"id": "x", "author": [{"family": "Lee"}], "issued": {"date-parts": [[2010]]}, "volume": "1", "page": "3-4"}
    assert found("So (Lee et al., J. 2010;1(2):3-4).", extra={"x": Reference("x", csl)})[0][1:] == ("x",)


def test_works_of_other_documents_keep_their_ids_and_are_not_cited():
    other = read_text("So (Lee et al., J. 2010;1:2).")
    _, known = find_citations(other, {})
    shelf = ReferenceIndex(known.values())
    same, works = find_citations(read_text("Here (Lee et al., J. 2010;1:2) and (Lee et al., K. 2010;7:8)."), {}, shelf)
    assert [c.references for c in same] == [("lee2010",), ("lee2010b",)]
    assert list(works) == ["lee2010", "lee2010b"]
    unknown, _ = find_citations(read_text("Here (Lee et al., 2010) only."), {}, shelf)
    assert unknown[0].references == ()


MARKDOWN = [
    ("keys", "So [see @lee2010, p. 3; @roe]. @lee2010 says.", [("[see @lee2010, p. 3; @roe]", "lee2010", "?@roe"), ("@lee2010", "lee2010")]),
    ("not addresses and handles", "Write to a@lee2010.org or @someone.", []),
    ("footnotes", "So[^1] and[^n].\n\n[^1]: Poe A. A. J. 2010;1:2.\n[^n]: Roe A. B. J. 2011;1:2.", [("[^1]", "poe2010"), ("[^n]", "roe2011")]),
    ("a footnote without a definition", "So[^1].", [("[^1]", "?[^1]")]),
    ("emphasis", "As *Poe et al.* (2010).\n\n# References\n\n- Poe A, Roe B, Lee C. *A.* J. 2010;1:2.", [("Poe et al. (2010)", "poe2010")]),
    ("not in code", "    So [@lee2010]\n", []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "marks"), [case[1:] for case in MARKDOWN], ids=[case[0] for case in MARKDOWN])
def test_markdown(text, marks):
    lee = Reference("lee2010", {"id": "lee2010", "type": "book"})
    assert found(text, read_markdown, {"lee2010": lee}) == marks


def test_links_are_citations_only_in_documents_without_others():
    assert found("The NHS says so (https://nhs.uk/a).")[0][0] == "https://nhs.uk/a"
    assert [mark[0] for mark in found("So (Lee et al., J. 2010;1:2), see https://nhs.uk/a.")] == [
        "(Lee et al., J. 2010;1:2)"
    ]


MAY = "\nReferences\nMay, R. (2019). Rotations. Field Crops, 3, 1–2.\nPoe, A. (2015). Soil. Plants, 1, 3–4.\n"
MONTHS = [
    ("a month in a date", "In the May (2019) election, on 3 May (2019) and in early May (2019).", []),
    ("a month in brackets has no comma", "Posters went up (May 2019).", []),
    ("a person", "As May (2019) found (Poe, 2015; May, 2019).", [("May (2019)", "may2019"), ("(Poe, 2015; May, 2019)", "poe2015", "may2019")]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "marks"), [case[1:] for case in MONTHS], ids=[case[0] for case in MONTHS])
def test_a_month_that_is_a_surname(text, marks):
    assert found(text + "\n" + MAY) == marks


JOURNALS = [
    ("in full", "British Medical Journal", True),
    ("by its initials", "BMJ", True),
    ("another, for which one initial is no abbreviation", "Lancet", False),
    ("another with the same beginning", "BMJ Open", False),
    ("the title of the work", "Salt and blood", True),
]


@pytest.mark.parametrize(("named", "same"), [case[1:] for case in JOURNALS], ids=[case[0] for case in JOURNALS])
def test_the_journal_must_match(named, same):
    """The only Lee of 2013 does not match a citation that names another journal."""
    listed = "\nReferences\nLee FJ, Roe L, Poe G. Salt and blood. BMJ. 2013;346:f1325.\n"
    marks = found(f"So (Lee et al., {named}. 2013) it is.{listed}")
    assert (marks[0][1] == "lee2013") == same


def test_with_a_short_list_citations_must_end_a_clause():
    """Two counts in brackets already cover a list of two."""
    short = NUMBERED[: NUMBERED.index("3. Author")]
    said = "Rest helps (1). Pills help too (2)."
    assert numbers(said, short) == [("(1)", 1), ("(2)", 2)]
    assert numbers(said + " Of those who fell (2) had pain.", short) == [("(1)", 1), ("(2)", 2)]
    assert numbers("Of those (1) who fell (2) had pain.", short) == []
    three = NUMBERED[: NUMBERED.index("4. Author")]
    assert numbers("The town has a school (1), a bank (2) and two shops (3).", three) == []


ENTRIES = "Poe A. One. J. 2010;1:2.\nRoe B. Two. J. 2011;3:4.\n"
REMARKS = [
    "The following sources were used in this summary.",
    "Works consulted in May 2024:",
    "References are numbered as they appear in the text.",
]


@pytest.mark.parametrize("remark", REMARKS)
def test_a_remark_is_not_an_entry_of_an_unnumbered_list(remark):
    text = f"So [1]. And so [2].\n\nReferences\n\n{remark}\n{ENTRIES}"
    assert [mark[1:] for mark in found(text)] == [("poe2010",), ("roe2011",)]


def test_an_unnumbered_list_is_not_counted_past_a_possible_heading():
    """ "Web pages" may or may not be an entry, so the position of the next one is unknown and a citation of it is
    unresolved."""
    listed = f"# References\n\n- {ENTRIES.splitlines()[0]}\n- Web pages\n- {ENTRIES.splitlines()[1]}\n"
    assert [mark[1:] for mark in found(f"So [1]. And so [2].\n\n{listed}", read_markdown)] == [("poe2010",), ("?2",)]


def test_an_unnumbered_list_is_counted_only_if_most_of_it_is_cited():
    listed = "\nReferences\n" + "".join(f"Poe {x}. Title. J. 2010;{n}:2.\n" for n, x in enumerate("ABCDE", start=3))
    assert [mark[1:] for mark in numbers("So [1], [2] and [3-5].", listed)] == [(1,), (2,), (3, 4, 5)]
    assert numbers("The dose was [2].", listed) == []


def test_numbers_of_formulas_are_no_marks_where_authors_and_years_cite_the_list():
    listed = "\nReferences\n" + "".join(
        f"Poe{x}, A. (2010). Title. Journal, {n}, 2.\n" for n, x in enumerate("abcde", 3)
    )
    text = (
        "So (Poea, 2010; Poeb, 2010). And (Poec, 2010; Poed, 2010). x = y (1). y = z (2). z = a (3). a = b (4). b (5)."
    )
    assert [mark[0] for mark in found(text + listed)] == ["(Poea, 2010; Poeb, 2010)", "(Poec, 2010; Poed, 2010)"]


def test_without_a_list_citations_are_unresolved():
    assert found("So [1]. So [2,3]. And so [4].") == [("[1]", "?1"), ("[2,3]", "?2", "?3"), ("[4]", "?4")]
    assert found("The matrix [1] has entries.") == []


# Fragments that look like citations.
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
def test_citations_are_in_order_and_point_to_existing_references(reader, text):
    reading = Plain(reader(text)).reading
    own = read_references(reading)
    citations, works = find_citations(reading, own)
    assert all(reading.text[c.start : c.end] == c.text for c in citations)
    assert all(one.end <= other.start for one, other in pairwise(citations))
    assert all(id in works for c in citations for id in c.references)
    assert all(c.references or c.unresolved for c in citations)
    assert own.keys() <= works.keys()
    assert all(work.csl["id"] == id for id, work in works.items())


def test_accuracy_on_documents_of_all_styles(data):
    """Minimum scores of benchmarks/citations: (sentence, reference) pairs in 109 documents."""
    counts, _ = score_folder(data / "citations" / "citegold")
    precision, _, f = measures(counts["ALL"], "pair")
    assert precision >= 0.985
    assert f >= 0.975
    assert {style: measures(c, "pair")[2] for style, c in counts.items() if measures(c, "pair")[2] < 0.93} == {}
