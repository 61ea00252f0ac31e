"""What an entry of a list says of its work, on cards and in exports: nothing lost, nothing made up, never a bare year."""

from __future__ import annotations

import pytest

from qa.citations.export import to_bibtex, to_ris
from qa.citations.parsing import parse_reference
from qa.web.works import as_work

# fmt: off
ENTRIES = [
    # (why, entry, label, authors, title, authors in BibTeX)
    ("initials and et al.", "Kahn SR, Comerota AJ, et al. Stockings. Circulation. 2014;130(18):1636-1661.", "Kahn et al. 2014", "Kahn SR, Comerota AJ", "Stockings", "Kahn, SR and Comerota, AJ and others"),
    ("one name and et al.", "Hoebert et al. Melatonin use at night. J Sleep. 2009;18:1-9.", "Hoebert et al. 2009", "Hoebert", "Melatonin use at night", "Hoebert and others"),
    ("a company", "Atkins (2018). 20mph research study: evaluation report. London: DfT.", "Atkins 2018", "Atkins", "20mph research study: evaluation report", "{Atkins}"),
    ("a department", "Department for Transport (2018) Setting local speed limits. London: DfT.", "Department for Transport 2018", "Department for Transport", "Setting local speed limits", "{Department for Transport}"),
    ("editors", "Smith J, Jones K, editors. Handbook of roads. Oxford: Oxford University Press; 2010.", "Smith and Jones 2010", "Smith J, Jones K", "Handbook of roads", "Smith, J and Jones, K"),
    ("editors in brackets", "Higgins JPT, Green S (eds.). Handbook of reviews. London: Wiley; 2011.", "Higgins and Green 2011", "Higgins JPT, Green S", "Handbook of reviews", "Higgins, JPT and Green, S"),
    ("editors with given names", "White, Pia, and Bo Green, eds. 2001. Roads. London: Press.", "White and Green 2001", "White P, Green B", "Roads", "White, Pia and Green, Bo"),
    ("editors in German", "Müller, H. (Hrsg.) (2003): Straßen. Berlin: Springer.", "Müller 2003", "Müller H", "Straßen", "Müller, H."),
    ("a title with a short word", "Royal College of Physicians. St. John's wort and mood. London: RCP, 2015.", "Royal College of Physicians 2015", "Royal College of Physicians", "St. John's wort and mood", "{Royal College of Physicians}"),
    ("no author", "Speed limits in the towns of today (2018). London: DfT.", "Speed limits in the towns… 2018", "", "Speed limits in the towns of today", ""),
    ("a body and its initials", "Public Health England. Alcohol treatment in England 2013-14. London: PHE; 2014.", "Public Health England 2014", "Public Health England", "Alcohol treatment in England 2013-14", "{Public Health England}"),
    ("a body that publishes itself", "Sound Research Scotland. Noise in towns. Edinburgh: Sound Research Scotland; 2016.", "Sound Research Scotland 2016", "Sound Research Scotland", "Noise in towns", "{Sound Research Scotland}"),
    ("a company before a title", "Atkins. 20mph research study: evaluation report. London: DfT; 2018.", "Atkins 2018", "Atkins", "20mph research study: evaluation report", "{Atkins}"),
    ("a title with a subtitle", "Handbook of Roads. A guide for planners. Oxford: OUP; 2010.", "Handbook of Roads 2010", "", "Handbook of Roads", ""),
    ("initials in a title", "Doe J. A study of U.S. roads [PhD thesis]. Leeds: University of Leeds; 2015.", "Doe 2015", "Doe J", "A study of U.S. roads", "Doe, J."),
    ("a date of access", "Department for Transport. Speed limits. 2013. https://example.org/x (accessed 3 May 2020).", "Department for Transport 2013", "Department for Transport", "Speed limits", "{Department for Transport}"),
]
# fmt: on


@pytest.mark.parametrize(
    ("why", "entry", "label", "authors", "title", "exported"), ENTRIES, ids=[row[0] for row in ENTRIES]
)
def test_entries_of_lists(why: str, entry: str, label: str, authors: str, title: str, exported: str) -> None:
    csl = parse_reference(entry) | {"id": "x"}
    work = as_work(csl)
    assert (work.short, work.authors, work.title) == (label, authors, title)
    role = "editor" if why.startswith("editor") else "author"
    assert (role + " = {" + exported + "}" in to_bibtex([csl])) == bool(exported)


@pytest.mark.parametrize(
    "csl", [{"issued": {"date-parts": [[2019]]}}, {"title": "Lanes", "issued": {"date-parts": [[2019]]}}, {}]
)
def test_a_label_is_never_a_bare_year(csl: dict[str, object]) -> None:
    assert not as_work({"id": "x", **csl}).short.isdigit()


BOOKS = [
    # (why, entry, lines in BibTeX, lines in RIS)
    ("a chapter and its editors", "Brown T. Paint. In: White P, Green Q, editors. Book of roads. 2nd ed. New York: Springer; 2001. p. 10-20.",
     ["booktitle = {Book of roads}", "editor = {White, P and Green, Q}", "address = {New York}", "edition = {2}"], ["A2  - White, P", "A2  - Green, Q", "T2  - Book of roads", "CY  - New York", "ET  - 2"]),
    ("the same in APA", "Brown, T. (2001). Paint. In P. White & Q. Green (Eds.), Book of roads (pp. 10-20). New York: Springer.",
     ["booktitle = {Book of roads}", "editor = {White, P. and Green, Q.}", "publisher = {Springer}"], ["T2  - Book of roads", "PB  - Springer"]),
    ("a thesis", "Doe J. Roads [PhD thesis]. Leeds: University of Leeds; 2015.", ["@phdthesis{x", "school = {University of Leeds}", "address = {Leeds}"], ["TY  - THES", "PB  - University of Leeds"]),
]  # fmt: skip


@pytest.mark.parametrize(("entry", "bibtex", "ris"), [row[1:] for row in BOOKS], ids=[row[0] for row in BOOKS])
def test_places_publishers_and_editors_are_exported(entry: str, bibtex: list[str], ris: list[str]) -> None:
    csl = parse_reference(entry) | {"id": "x"}
    assert [line for line in bibtex if line not in to_bibtex([csl])] == []
    assert [line for line in ris if line not in to_ris([csl])] == []
