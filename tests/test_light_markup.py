"""Sources of wikis, AsciiDoc, Org and OpenDocument: what each sentence cites, and that no markup is shown."""

from __future__ import annotations

import pytest

from qa.errors import ReadingError
from qa.models import Reading
from qa.readers import read_document
from testkit.books import opendocument
from testkit.reading_contract import broken_promises

WORK = "Reyes J. Lanes in towns. Road Journal. 2019;4:1-9."
WIKI = f"""{{{{Infobox road|name=Lanes|width={{{{convert|5|m}}}}}}}}
'''Lanes''' help ''people''.<ref name="a">{{{{cite journal |last=Reyes |first=Ana |last2=Ito |first2=Bo |title=Lanes in towns
 |journal=Road Journal |date=May 2019 |volume=4 |issue=2 |pages=1–9 |doi=10.5555/lanes}}}}</ref> Paint does not.<ref>{WORK}</ref>
So did [[Town planning|planners]] find.<ref name="a" /> It is {{{{convert|5|km|mi}}}} long.<!-- or six -->

== Findings ==
[[File:x.jpg|thumb|A [[picture]] of it]]
* One [https://example.org lane], H<sub>2</sub>O
# First
# Second

{{| class="wikitable"
|-
! Town !! Lanes
|-
| style="width:2em" | A || 3
|}}

== References ==
{{{{reflist}}}}

[[Category:Lanes]]
"""
ADOC = f"""= Lanes in towns
Ana Bo <ana@example.org>
v1.0, 2020-05-01
:toc:

Lanes *help* _people_ <<reyes>>. So says <<ito,Ito 2020>>.footnote:[Lee K. Cheap paint. Road Journal. 2020;5:2-7.]
NOTE: Paint does not help cite:[lee2020(3)].

== Findings
// nothing to see

.Some of them
* one
** inner
. first
. second

[cols="1,2"]
|===
|Town |Lanes

|A |3
|B |4
|===

----
code *here*
----

See https://example.org/a_b_c[the page], `code` and 10^6^.

[bibliography]
== References

* [[[reyes]]] {WORK}
* [[[ito,2]]] Ito B. Painted lanes. J Roads. 2020;5(1):30-39.
"""
ORG = f"""#+TITLE: Lanes in towns
#+AUTHOR: Ana Bo
#+DATE: <2020-05-01 Fri>
:PROPERTIES:
:ID: 1
:END:

* TODO Findings                                   :lanes:
Lanes *help* /people/ [cite:@reyes2019]. So say [cite/t:@ito2020 p. 3;@reyes2019] and
cite:reyes2019,ito2020. Paint [[https://example.org/x/y][does not]] help[fn:1].

1. One lane
   goes on
2. Two lanes

| Town | Lanes |
|------+-------|
| A    |     3 |

#+BEGIN_SRC python
print(1)
#+END_SRC

See https://example.org/b/c/d and $x_{{1}}/2/3$.

[fn:1] {WORK}
"""
NAMESPACES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for short, name in (("office", "office"), ("text", "text"), ("style", "style"), ("table", "table"), ("fo", "xsl-fo-compatible"))
)  # fmt: skip
ODT = f"""<office:document-content {NAMESPACES} xmlns:xlink="http://www.w3.org/1999/xlink"><office:automatic-styles>
<style:style style:name="P1" style:parent-style-name="Title"/><style:style style:name="T1"><style:text-properties
style:text-position="super 58%"/></style:style></office:automatic-styles><office:body><office:text>
<text:p text:style-name="P1">Lanes in towns</text:p><text:h text:outline-level="1">Findings</text:h>
<text:p>Lanes help people<text:note text:note-class="footnote"><text:note-citation>1</text:note-citation><text:note-body>
<text:p>{WORK}</text:p></text:note-body></text:note>. They<text:s/>are 10<text:span text:style-name="T1">6</text:span> long<office:annotation><text:p>Really?</text:p></office:annotation>.</text:p>
<text:list><text:list-item><text:p>One lane</text:p></text:list-item></text:list>
<table:table><table:table-header-rows><table:table-row><table:table-cell><text:p>Town</text:p></table:table-cell><table:table-cell>
<text:p>Lanes</text:p></table:table-cell></table:table-row></table:table-header-rows><table:table-row><table:table-cell><text:p>A</text:p>
</table:table-cell><table:table-cell><text:p>3</text:p></table:table-cell></table:table-row></table:table>
</office:text></office:body></office:document-content>"""


FILES = {
    "lanes.wiki": WIKI.encode(),
    "lanes.adoc": ADOC.encode(),
    "lanes.org": ORG.encode(),
    "lanes.odt": opendocument(ODT),
}


def outline(reading: Reading) -> list[str]:
    return [f"{block.kind}: {reading.text[block.start : block.end]}" for block in reading.blocks]


OUTLINES = {
    "lanes.wiki": [
        "paragraph: Lanes help people.[1] Paint does not.[2] So did planners find.[1] It is 5 km long.",
        "heading: Findings", "list_item: One lane, H₂O", "list_item: 1. First", "list_item: 2. Second",
        "table: Town\tLanes\nA\t3", "heading: References",
        "reference: 1. Reyes A, Ito B (2019). Lanes in towns. Road Journal. 4 (2): 1–9. doi:10.5555/lanes.",
        f"reference: 2. {WORK}",
    ],
    "lanes.adoc": [
        "heading: Lanes in towns", "paragraph: Lanes help people [reyes]. So says [Ito 2020].[1] Paint does not help [@lee2020].",
        "heading: Findings", "paragraph: Some of them", "list_item: one", "list_item: inner", "list_item: 1. first", "list_item: 2. second",
        "table: Town\tLanes\nA\t3\nB\t4", "code: code *here*", "paragraph: See the page, code and 10⁶.", "heading: References",
        f"reference: [reyes] {WORK}", "reference: [2] Ito B. Painted lanes. J Roads. 2020;5(1):30-39.", "heading: References",
        "reference: 1. Lee K. Cheap paint. Road Journal. 2020;5:2-7.",
    ],
    "lanes.org": [
        "heading: Findings",
        "paragraph: Lanes help people [@reyes2019]. So say [@ito2020 p. 3;@reyes2019] and [@reyes2019; @ito2020]. Paint does not help[1].",
        "list_item: 1. One lane goes on", "list_item: 2. Two lanes", "table: Town\tLanes\nA\t3", "code: print(1)",
        "paragraph: See https://example.org/b/c/d and $x_{1}/2/3$.", "heading: References", f"reference: 1. {WORK}",
    ],
    "lanes.odt": [
        "heading: Lanes in towns", "heading: Findings", "paragraph: Lanes help people¹. They are 10⁶ long.", "list_item: One lane",
        "table: Town\tLanes\nA\t3", "heading: Notes", f"footnote: 1. {WORK}",
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_blocks_without_markup(name):
    reading = read_document(name, FILES[name])
    assert outline(reading) == OUTLINES[name]
    assert broken_promises(reading) == []


LINKED = {"lanes.wiki": ["1", "2", "1"], "lanes.adoc": ["reyes", "2", "1"], "lanes.org": ["1"], "lanes.odt": ["1"]}


@pytest.mark.parametrize("name", FILES)
def test_marks_are_tied_to_their_notes_and_entries(name):
    reading = read_document(name, FILES[name])
    labels = {block.id: block.label or "reyes" for block in reading.blocks if block.id}
    assert [labels[link.targets[0]] for link in reading.links] == LINKED[name]


ABOUT = {
    "lanes.adoc": ("Lanes in towns", "Ana Bo", "2020-05-01"),
    "lanes.org": ("Lanes in towns", "Ana Bo", "2020-05-01"),
    "lanes.odt": ("Lanes in towns", None, None),
}


@pytest.mark.parametrize("name", ABOUT)
def test_what_a_file_says_about_itself(name):
    about = read_document(name, FILES[name]).metadata
    assert (about.title, about.author, about.date) == ABOUT[name]


LOST = [
    ("lanes.wiki", {"Not in the text: templates of the wiki.", "Not in the text: pictures and what is written below them."}),
    ("lanes.odt", {"Not in the text: comments, deleted text, and the table of contents."}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "said"), LOST)
def test_what_is_left_out_is_said(name, said):
    assert {trouble.message for trouble in read_document(name, FILES[name]).trouble} == said


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (opendocument(ODT, **{"META-INF__manifest.xml": "<manifest:encryption-data/>"}), "has a password"),
        (opendocument("<a/>"), "has no text"),
        (opendocument("<a"), "is broken XML"),
    ],
    ids=["encrypted", "no text", "cut off"],
)
def test_refused(data, message):
    with pytest.raises(ReadingError, match=message):
        read_document("a.odt", data)


@pytest.mark.parametrize("name", ["a.wiki", "a.adoc", "a.org"])
@pytest.mark.parametrize(
    "text", ["{{" * 2000, "[[" * 2000, "<ref>" * 2000, "*" * 5000, "| a " * 2000, "'''a" * 2000, "[fn:1:" * 2000]
)
def test_broken_markup_is_text(name, text):
    reading = read_document(name, f"Lanes help.\n\n{text}\n".encode())
    assert reading.text.startswith("Lanes help.")
