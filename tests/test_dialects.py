"""Markdown and text as people and programs write them: what each sentence cites, and that no markup is a sentence."""

from __future__ import annotations

import pytest

from qa.citations.reference_index import ReferenceIndex
from qa.citations.references import read_references
from qa.conditions import Vocabulary
from qa.corpus.documents import CorpusFile
from qa.indexing.ingest import annotate_document
from qa.indexing.provenance import complete
from qa.models import Provenance, Reference
from qa.readers import read_document
from qa.readers.text import read_text

LIST = """
1. Reyes A, Ito B. Protected lanes. J Roads. 2019;4(2):10-19.
2. Ito B. Painted lanes. J Roads. 2020;5(1):30-39.
3. Osei C. More paint. Lancet. 2021;6(3):40-49.
"""
WITH_LIST = f"\n\n## References\n{LIST}"
BESIDE = (
    Reference("reyes2019", {"id": "reyes2019", "type": "article-journal", "title": "Protected lanes"}),
    Reference("ito2020", {"id": "ito2020", "type": "article-journal", "title": "Painted lanes"}),
)
LANES, PAINT, MORE = "protected", "painted", "more"


def sentences(text: str, name: str = "a.md") -> list[tuple[str, tuple[str, ...]]]:
    """Each claim with the first word of the title of each work it cites, or "?" and the mark if it is unresolved."""
    file = CorpusFile("a", name, text.encode(), Provenance("A"), 1)
    annotated = annotate_document(file, Vocabulary(()), ReferenceIndex(BESIDE))
    document, works = annotated.document, annotated.works
    marks = {mark.id: mark for mark in document.citations}
    return [
        (
            " ".join(document.text[s.start : s.end].split()),
            (
                *(str(works[id].csl.get("title") or works[id].raw).split()[0].lower() for id in s.support.references),
                *(f"?{lost.text}" for id in s.support.citations for lost in marks[id].unresolved),
            ),
        )
        for s in document.sentences
        if s.kind == "claim"
    ]


MARKS = [
    # (why, text, sentences with their works)
    ("brackets escaped by Word and pandoc", r"Lanes helped \[1\]. Paint did not \[2,3\]." + WITH_LIST,
     [(r"Lanes helped \[1\].", (LANES,)), (r"Paint did not \[2,3\].", (PAINT, MORE))]),
    ("links of an exported wiki", "Lanes helped.[\\[1\\]](#cite_note-1) So.<sup>[\\[3\\]](#cite_note-3)</sup>" + WITH_LIST,
     [("Lanes helped.[\\[1\\]](#cite_note-1)", (LANES,)), ("So.<sup>[\\[3\\]](#cite_note-3)</sup>", (MORE,))]),
    ("sentences that end within emphasis", "**Lanes helped [1].** *Paint did not [2].* So." + WITH_LIST,
     [("**Lanes helped [1].**", (LANES,)), ("*Paint did not [2].*", (PAINT,)), ("So.", ())]),
    ("a few bold words are a label of their sentence", "**Costs.** Lanes are cheap [1]." + WITH_LIST,
     [("**Costs.** Lanes are cheap [1].", (LANES,))]),
    ("roles of MyST", "Lanes helped {cite}`reyes2019`. So {cite:t}`reyes2019,ito2020` say. See {ref}`that <x>`.",
     [("Lanes helped {cite}`reyes2019`.", (LANES,)), ("So {cite:t}`reyes2019,ito2020` say.", (LANES, PAINT)),
      ("See {ref}`that <x>`.", ())]),
    ("tags of Hugo and Jekyll", 'Lanes helped {{< cite "reyes2019 ito2020" "p. 3" >}}. So {% cite ito2020 --l 3 %}.',
     [('Lanes helped {{< cite "reyes2019 ito2020" "p. 3" >}}.', (LANES, PAINT)), ("So {% cite ito2020 --l 3 %}.", (PAINT,))]),
    ("roles of Sphinx", "Lanes helped :cite:p:`reyes2019`, so :cite:`ito2020`.", [("Lanes helped :cite:p:`reyes2019`, so :cite:`ito2020`.", (LANES, PAINT))]),
    ("a list that stayed a table of HTML", 'Lanes helped.<sup><a href="refs.html#c-1">1</a></sup> So.<sup><a\nhref="refs.html#c-2">2</a></sup>\n\n'
     '# Bibliography<a href="#b" class="headerlink"\ntitle="Permalink">¶</a>\n\n<table>\n<tbody>\n<tr id="c-1">\n<td>[1]</td>\n<td>Reyes A.\n'
     'Protected lanes. J Roads. 2019;4:1-9.</td>\n</tr>\n<tr id="c-2">\n<td>[2]</td>\n<td>Ito B. Painted lanes.\nJ Roads. 2020.</td>\n</tr>\n</tbody>\n</table>',
     [('Lanes helped.<sup><a href="refs.html#c-1">1</a></sup>', (LANES,)), ('So.<sup><a href="refs.html#c-2">2</a></sup>', (PAINT,))]),
    ("a list of HTML below a line of text", "Lanes helped [1]. So [2].\n\nReferences\n\n<ol>\n<li>Reyes A. Protected lanes. J Roads. 2019.</li>\n"
     "<li>Ito B. Painted lanes. J Roads. 2020.</li>\n</ol>", [("Lanes helped [1].", (LANES,)), ("So [2].", (PAINT,))]),
    ("an unknown key of a role", "Lanes helped {cite}`wu2020`.", [("Lanes helped {cite}`wu2020`.", ("?wu2020",))]),
    ("keys of figures are none of works", r"Lanes helped [@reyes2019; @fig-a]. See [@tbl-b] and \@ref(c).",
     [("Lanes helped [@reyes2019; @fig-a].", (LANES,)), (r"See [@tbl-b] and \@ref(c).", ())]),
    ("keys that are identifiers", "Lanes helped [@doi:10.5555/a.1]. So [@tag:b].\n\n[@tag:b]: doi:10.5555/b.2",
     [("Lanes helped [@doi:10.5555/a.1].", ("doi:10.5555/a.1",)), ("So [@tag:b].", ("10.5555/b.2",))]),
    ("a mark that is a link", "So ([Reyes et al., 2019](https://doi.org/10.5555/a)).",
     [("So ([Reyes et al., 2019](https://doi.org/10.5555/a)).", ("reyes",))]),
    ("counts beside marks in square brackets", "Lanes helped [1]. It needs (1) a sample, (2) a plan. So [2,3]." + WITH_LIST,
     [("Lanes helped [1].", (LANES,)), ("It needs (1) a sample, (2) a plan.", ()), ("So [2,3].", (PAINT, MORE))]),
    ("places in a work", "Lanes helped [1, Ch. 3]. So [2, Sec. 2.1; 3]. And [1, see also 2]." + WITH_LIST,
     [("Lanes helped [1, Ch. 3].", (LANES,)), ("So [2, Sec. 2.1; 3].", (PAINT, MORE)), ("And [1, see also 2].", (LANES, PAINT))]),
    ("a footnote that names a work of the list", "Lanes helped.[^1] So.[^2]\n\n[^1]: Ito, “Painted Lanes,” 31.\n[^2]: Not in towns."
     "\n\n## Bibliography\n\nAdu, Dan. “Humps.” *J Roads* 2 (2017): 3–9.\n\nIto, Bo. “Painted Lanes.” *J Roads* 5 (2020): 1–9.",
     [("Lanes helped.[^1]", (PAINT,)), ("So.[^2]", ())]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "found"), [case[1:] for case in MARKS], ids=[case[0] for case in MARKS])
def test_marks(text, found):
    assert sentences(text) == found


BLOCKS = [
    ("divisions", "::: {.callout-tip}\nLanes helped.\n:::\n\nSo.", ["Lanes helped.", "So."]),
    ("directives hold text", "```{note}\n:class: x\nLanes helped.\n```\n\nSo.", ["Lanes helped.", "So."]),
    ("directives of code do not", "```{code-cell}\nlanes = 1\n```\n\n```{r}\nx <- 2\n```\n\nSo.", ["So."]),
    ("colons within code", "```\n::: {.x}\n```\n\nSo.", ["So."]),
    (
        "notes of Docusaurus",
        ":::tip Why lanes\nLanes helped.\n:::\n\n:::note[A note]\n\nSo.\n:::",
        ["Why lanes", "Lanes helped.", "A note]", "So."],
    ),
    (
        "notes of MkDocs",
        '!!! note "Why lanes"\n    Lanes helped.\n\n    - Two of them.\n\n??? tip\n    So.\n\nAnd so.',
        ['Why lanes"', "Lanes helped.", "Two of them.", "So.", "And so."],
    ),
    (
        "callouts of Obsidian",
        "> [!info] Why lanes\n> Lanes helped.\n\n> [!note]-\n> So.",
        ["Why lanes", "Lanes helped.", "So."],
    ),
    (
        "directives with a title",
        "```{admonition} Why lanes\n:class: x\nLanes helped.\n```",
        ["Why lanes", "Lanes helped."],
    ),
    ("code of MDX", "import Tabs from '@theme/Tabs';\n\nexport const a = 1;\n\nSo.", ["So."]),
    (
        "formulas by themselves",
        "$$\nx = y\n$$ {#eq-a}\n\n\\begin{align}\na &= b\n\\end{align}\n\n\\newpage\n\nSo.",
        ["So."],
    ),
    (
        "commands that lay out a page",
        '\\begingroup\n\\setlength{\\parindent}{-0.5in}\n\\setlength{\\leftskip}{0.5in}\n\nSo.\n\n<div id="x"></div>\n\\endgroup',
        ["So."],
    ),
    ("tags of Obsidian", "#lanes #towns/all\n\nSo.", ["So."]),
    ("tags of Hugo", '{{< figure src="a.png" >}}\n\nSo.', ["So."]),
    ("code of MDX within code", "```\nimport a from 'b';\n!!! note\n```\n\nSo.", ["So."]),
    ("pictures and comments", "![Lanes](a.png)\n\n<!-- Lanes. -->\n\nSo.", ["So."]),
]


@pytest.mark.parametrize(("text", "found"), [case[1:] for case in BLOCKS], ids=[case[0] for case in BLOCKS])
def test_markup_is_no_sentence(text, found):
    assert [sentence for sentence, _ in sentences(text)] == found


TWO = "Lanes helped [1]. Paint did not [2]."
LISTS = [
    # (why, list below the text with the marks [1] and [2])
    ("another heading", "\n\n## Endnotes\n\n1. Reyes A. Protected lanes. J Roads. 2019;4:1-9.\n2. Wu E. Painted lanes. J Roads. 2020;5:3-9."),
    ("another language", "\n\n## Literatur\n\n1. Reyes A. Protected lanes. J Roads. 2019;4:1-9.\n2. Wu E. Painted lanes. J Roads. 2020;5:3-9."),
    ("no heading", "\n\n---\n\n[1] Reyes A. Protected lanes. J Roads. 2019;4:1-9.\n\n[2] Wu E. Painted lanes. J Roads. 2020;5:3-9."),
    ("no heading, no blank lines", "\n\n---\n\n[1] Reyes A. Protected lanes. J Roads. 2019;4:1-9.\n[2] Wu E. Painted lanes. J Roads. 2020;5:3-9."),
    ("escaped numbers", "\n\n## References\n\n1\\. Reyes A. Protected lanes. J Roads. 2019;4:1-9.\n\n2\\. Wu E. Painted lanes. J Roads. 2020;5:3-9."),
    ("wrapped entries", "\n\n## References\n\n1\\. Reyes A, Ito B.\nProtected lanes: a trial. In: *Proceedings of the\nRoad Congress*. Vol 28. Press; 2019.\n\n2\\. Wu E. Painted lanes. J Roads. 2020;5:3-9."),
]  # fmt: skip


@pytest.mark.parametrize("below", [case[1] for case in LISTS], ids=[case[0] for case in LISTS])
def test_numbered_lists(below):
    found = sentences(TWO + below)
    assert [works for _, works in found] == [
        (LANES,) if "Protected lanes." in below or "lanes:" in below else (),
        (PAINT,),
    ]
    assert len(found) == 2, "no entry is a sentence"


def test_notes_that_are_no_works_are_text():
    assert len(sentences("Lanes helped.\n\n## Notes\n\n1. We counted riders twice.\n2. Rain was rare.")) == 3


ENTRIES = [
    # (why, mark, entry)
    ("given names written out", "(Reyes 2019)", "Reyes, Ana. 2019. “Protected Lanes.” Journal of Roads 4 (2): 10–19."),
    ("initials without stops", "(Reyes and Parish 2019)", "Reyes, R, and S Parish. 2019. “Protected Lanes.” Journal of Roads 4 (2): 10–19."),
    ("given names first", "(Reyes & Wu, 2019)", "Ana Reyes and Eve Wu. Protected lanes in towns. J Towns. 2019;3(3-4):126-131."),
    ("a particle behind the initials", "(van Reyes, 2019)", "Reyes, R. C. M. van. (2019). Protected lanes. Journal of Roads, 5(1), 30–39."),
    ("a particle left out in the text", "(Reyes et al., 2019)", "Reyes, J. van der, Ito, B., & Osei, C. (2019). Protected lanes. Journal of Roads, 4(2), 10–19."),
    ("a name of two words", "(Ó Súilleabháin, 2014)", "Ó Súilleabháin, S. (2014). Protected lanes. Journal of Roads, 1(1), 3–9."),
    ("in press", "(Reyes, in press)", "Reyes, A. (in press). Protected lanes. Journal of Roads."),
    ("no date", "(Reyes, n.d.)", "Reyes, A. (n.d.). Protected lanes. Retrieved from https://example.org"),
    ("a page behind a colon", "(Reyes 2019: 12)", "Reyes, A. (2019). Protected lanes. Journal of Roads, 4(2), 10–19."),
    ("a letter after n.d.", "(Reyes, n.d.a)", "Reyes, A. (n.d.a). Protected lanes. Retrieved from https://example.org\n\nReyes, A. (n.d.b). Humps."),
    ("an apostrophe of another kind", "(O‘Reyes & Wu, 2019)", "O'Reyes, H., & Wu, E. (2019). Protected lanes. Journal of Roads, 4(2), 10–19."),
    ("particles left out in the text", "(Reyes et al., 2019)", "De las Reyes, C., Ito, B., & Wu, E. (2019). Protected lanes. Journal of Roads, 4(2), 10–19."),
    ("initials in the mark", "(A. B. Reyes, 2019)", "Reyes, A. B. (2019). Protected lanes. Journal of Roads, 4(2), 10–19."),
    ("editors of a whole book", "(Reyes & Wu, 2019)", "Reyes, A., & Wu, E. (Eds.). (2019). Protected lanes. London: Roads Press."),
    ("a wrapped entry", "(Reyes et al., 2019)", "Reyes, A., Ito, B., Osei, C. D., Kim, F. G., Lee, H. I., Adu, D., Bose,\nB. A., & Chen, R. (2019). Protected lanes. Journal of Roads, 4(2),\n10–19."),
]  # fmt: skip
OTHER = "Wu, E. (2020). Painted lanes. Journal of Roads, 5(1), 30–39."


@pytest.mark.parametrize(("mark", "entry"), [case[1:] for case in ENTRIES], ids=[case[0] for case in ENTRIES])
def test_author_year_lists(mark, entry):
    found = sentences(f"Lanes helped {mark}. Paint did not (Wu, 2020).\n\nReferences\n\n{entry}\n\n{OTHER}\n", "a.txt")
    assert [works for _, works in found] == [(LANES,), (PAINT,)]


def test_a_dash_repeats_the_authors_above():
    below = "Reyes, Ana. 2019. “Protected Lanes.” J Roads 4: 10–19.\n\n———. 2020. “Painted Lanes.” J Roads 5: 3–9."
    found = sentences(f"So (Reyes 2019). And so (Reyes 2020).\n\nReferences\n\n{below}\n", "a.txt")
    assert [works for _, works in found] == [(LANES,), (PAINT,)]
    works = read_references(read_text(f"So.\n\nReferences\n\n{below}\n"))
    assert list(works) == ["reyes2019", "reyes2020"], "the year is read behind a dash too"


def test_a_mark_of_names_and_years_makes_no_work():
    assert [
        works for _, works in sentences("So (Reyes, Ito, and Osei 2019). And (A. B. Reyes, 2019, 2020).", "a.txt")
    ] == [
        ("?Reyes, Ito, and Osei 2019",),
        ("?A. B. Reyes, 2019, 2020", "?A. B. Reyes, 2019, 2020"),
    ]


def test_signs_of_chemistry_are_no_marks():
    text = "Lanes helped.¹ So.² And.³ The Ca²⁺ ion rose. The ³H label was used."
    assert [works for _, works in sentences(f"{text}\n\nReferences\n{LIST}", "a.txt")][3:] == [(), ()]


def test_a_wrapped_line_may_begin_with_a_mark():
    text = "Protected lanes on wide roads halved the number of injuries in towns\n[1], while paint alone did not [2]\nor hardly. So."
    assert sentences(f"{text}\n\nReferences\n{LIST}", "a.txt")[0][1] == (LANES, PAINT)


def test_a_mark_in_brackets_behind_the_full_stop_belongs_to_the_sentence_before():
    text = "Lanes helped. (1) Paint did not. (2) So did more. (3)\n\nNone else."
    assert [works for _, works in sentences(f"{text}\n\nReferences\n{LIST}", "a.txt")][:3] == [
        (LANES,),
        (PAINT,),
        (MORE,),
    ]


def test_each_chapter_may_have_its_own_list():
    one = "# One\n\nLanes helped [1].\n\n## References\n\n1. Reyes A. Protected lanes. J Roads. 2019;4:1-9.\n"
    two = "# Two\n\nPaint did not [1].\n\n## References\n\n1. Wu E. Painted lanes. J Roads. 2020;5:3-9.\n"
    assert [works for _, works in sentences(f"{one}\n{two}")] == [(LANES,), (PAINT,)]


LETTER_LABELS = """

## References

[AB+12] Ana Bo, Bea Gil and Cid Ros. Protected views. J Roads, 4:10-19, 2012.

[RFC9999] Lee, B., "Painted words", BCP 14, RFC 9999, May 2017.
"""


@pytest.mark.parametrize(
    ("mark", "works", "why"),
    [
        ("[AB+12]", (LANES,), "letters of the authors"),
        ("[RFC9999, p. 3]", (PAINT,), "a standard, with a page"),
        ("[AB+12; RFC9999]", (LANES, PAINT), "several"),
        ("[RFC9999][AB+12]", (PAINT, LANES), "next to each other"),
        ("[ISO9]", (), "words in brackets that are no label of the list"),
        ("[RFC 9999]", (), "a blank in it"),
    ],
)
def test_labels_with_letters(mark, works, why):
    assert sentences(f"Views help {mark}.{LETTER_LABELS}") == [(f"Views help {mark}.", works)], why


def test_labels_of_standards():
    """They have blanks, and anchors before them."""
    listed = '## References\n\n### 2.1 Standards\n\n<a name="a"></a>[ISO 9241-11] Gate Board, *Gates*, 2018.\n\n[Red Flags Rule] 15 U.S.C. 1681, *Flags*, 2003.'
    found = sentences(f"Gates are wide [ISO 9241-11]. Flags are red [Red Flags Rule]. So [ISO 1].\n\n{listed}\n")
    assert [len(works) for _, works in found] == [1, 1, 0]


IN_PAGES = """Working Group                                        A. Bo
Memo: 9999                                         May 2020


                  Trees and their balance

1.  Introduction

   Trees are balanced when a branch is
   added [RFC2119].  So says [I-D.trees].

Bo                           Informational                      [Page 1]

2.  References

2.1.  Normative References

   [RFC2119]  Bradner, S., "Words for use in memos to indicate
              levels", BCP 14, RFC 2119, March 1997.

2.2.  Informative References

   [I-D.trees]
              Bo, A., "Trees", Work in Progress, May 2019.
"""


def test_a_memo_in_pages():
    assert sentences(IN_PAGES, "memo.txt") == [
        ("Trees are balanced when a branch is added [RFC2119].", ("words",)),
        ("So says [I-D.trees].", ("trees",)),
    ]


def test_raised_numbers_without_a_list_are_marks_only_if_they_count_up():
    assert sentences("Lanes help¹. Paint helps². So does more³.")[0][1] == ("?1",)
    assert sentences("The area is a². The sum is x³ and y². Then z¹ is left.")[0][1] == ()


AT_THE_TOP = [
    ("Hugo", '+++\ntitle = "Lanes"\nauthor = ["Ana Bo"]\ndate = 2020-05-01T10:00:00Z\n+++\n', "2020-05-01"),
    ("pandoc", "% Lanes\n% Ana Bo\n% 3 May 2019\n", "2019-05-03"),
    ("Pelican", "Title: Lanes\nAuthor: Ana Bo\nDate: 2010-12-03 10:20\n", "2010-12-03"),
    ("in words", '---\ntitle: Lanes\nauthor: Ana Bo\ndate: "May 11th, 2018"\n---\n', "2018-05-11"),
    ("a month", "---\ntitle: Lanes\nauthor: Ana Bo\ndate: October 2018\n---\n", "2018-10"),
    ("with full stops", "---\ntitle: Lanes\nauthor: Ana Bo\ndate: 1.12.2018\n---\n", "2018-12-01"),
    ("which is the month?", "---\ntitle: Lanes\nauthor: Ana Bo\ndate: 5/11/2018\n---\n", None),
]


@pytest.mark.parametrize(("front", "date"), [row[1:] for row in AT_THE_TOP], ids=[row[0] for row in AT_THE_TOP])
def test_front_matter(front, date):
    reading = read_document("a.md", f"{front}\nLanes help.\n".encode())
    about = reading.metadata
    assert (about.title, about.author, about.date) == ("Lanes", "Ana Bo", date)
    assert [block.kind for block in reading.blocks] == ["metadata", "paragraph"]
    assert bool(reading.trouble) == (date is None)


TITLES = [
    ("a page of Jekyll", "2019-02-03-lanes.md", "# Lanes\n\nLanes help.\n", ("Lanes", "2019-02-03")),
    ("numbered parts have no title above them", "lanes.md", "# 1 Ideas\n\nA.\n\n# 2 Facts\n\nB.\n", ("lanes", None)),
    ("a number may begin a title", "lanes.md", "# 1 in 3 falls\n\nA.\n\n## Facts\n\nB.\n", ("1 in 3 falls", None)),
]


@pytest.mark.parametrize(("name", "text", "about"), [row[1:] for row in TITLES], ids=[row[0] for row in TITLES])
def test_titles_and_dates(name, text, about):
    found = complete(Provenance(""), name, read_document(name, text.encode()))
    assert (found.title, found.date) == about
