"""Reference strings, reference lists and bibliography files: parsed fields are right, unparsed ones absent."""

from __future__ import annotations

import contextlib
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.citations.export import EXPORTS
from qa.citations.identifiers import find_identifiers
from qa.citations.parsing import parse_reference
from qa.citations.person_names import fold_name
from qa.citations.reference_ids import ReferenceIds
from qa.citations.reference_index import ReferenceIndex
from qa.citations.references import read_references
from qa.corpus.bibliography import read_bibliography
from qa.errors import CorpusError
from qa.models import Reference
from qa.readers import read_document
from qa.readers.markdown import read_markdown
from qa.readers.plain import Plain
from qa.readers.text import read_text


def gist(csl):
    """The fields that identify a work: surnames, year, volume, issue, page."""
    authors = [author.get("family") or author["literal"] for author in csl.get("author", [])]
    year = csl.get("issued", {}).get("date-parts", [[None]])[0][0]
    return authors, year, csl.get("volume"), csl.get("issue"), csl.get("page")


STRINGS = [
    # Vancouver, AMA
    ("Grabski M, McAndrew A, et al. A title. Am J Psychiatry. 2022;179(2):152-162.", (["Grabski", "McAndrew"], 2022, "179", "2", "152-162")),
    # a month, an article number
    ("Fine AM. Oligomeric complexes. Altern Med Rev. 2000 Apr;5(2):e144.", (["Fine"], 2000, "5", "2", "e144")),
    # APA: year after the names, page range with an en dash
    ("van der Velden, V. H., & Laan, M. P. (2001a). A title. Clin Exp Allergy, 31(7), 997–1006.", (["van der Velden", "Laan"], 2001, "31", "7", "997-1006")),
    # year at the end: Nature, Springer
    ("Lai, S. Z. & Lee, K. A title. Int J Radiat 80, 661–668 (2011).", (["Lai", "Lee"], 2011, "80", None, "661-668")),
    ("Franklin DW, Burdet E. CNS learns movements. J Neurosci 28: 11165–11173, 2008", (["Franklin", "Burdet"], 2008, "28", None, "11165-11173")),
    # a page number that looks like a year
    ("Falbe J, Becker CM. 2016. A tax. Am J Public Health 106:1865.", (["Falbe", "Becker"], 2016, "106", None, "1865")),
    # names pasted from markup without separators
    ("Rita LCox JMSeleny FL Ketamine for premedication. Anesth Analg. 1974;53(3):375–9.", (["Rita", "Cox", "Seleny"], 1974, "53", "3", "375-9")),
    # a supplement
    ("Chan AT. A title. Eur J Cancer. 2011;47 Suppl 3:S302-3.", (["Chan"], 2011, "47", "Suppl 3", "S302-3")),
    # MLA: the year between number and pages
    ("Reyes, Ana, and Bo Ito. “A title.” J Roads, vol. 4, no. 2, May 2019, pp. 10–19.", (["Reyes", "Ito"], 2019, "4", "2", "10-19")),
    ("Ito, Bo. “A title.” J Roads, vol. 5, 2020, pp. 30–39.", (["Ito"], 2020, "5", None, "30-39")),
    # surnames only, before a title in quotation marks, a journal or a year
    ("Hu & Ito, “A title,” J Roads 7 (2015).", (["Hu", "Ito"], 2015, None, None, None)),
    ("Hu, Road Sci. 31 (2018).", (["Hu"], 2018, None, None, None)),
    ("Reyes, Hu and Ito (2019), A title, Roads Press.", (["Reyes", "Hu", "Ito"], 2019, None, None, None)),
    # initials before the surname
    ("J. K. Smith and A. Jones, A title, Journal, vol. 3, no. 2, pp. 1-4, 2010.", (["Smith", "Jones"], 2010, "3", "2", "1-4")),
    # given names before surnames: one name and others, and one alone before a title in quotation marks
    ("Dana Lee, et al. “A title” Lanes 2017.", (["Lee"], 2017, None, None, None)),
    ("Dana Lee et al. A longer title of paint. Lanes 2017.", (["Lee"], 2017, None, None, None)),
    ("Dana Lee. “A title.” Lanes, 2019.", (["Lee"], 2019, None, None, None)),
    ("Public Health. A history of towns. 2019.", ([], 2019, None, None, None)),
    # a particle first, several given names, a double surname, a given name behind its initial
    ("de Laan, Pia, Dana Lee, Christo J. Ros, Ana Temple Bo, and Rast Bodik. 2017. “A title.” J Lanes 26 (2): 403–13.",
     (["de Laan", "Lee", "Ros", "Temple Bo", "Bodik"], 2017, "26", "2", "403-13")),
    ("F. Warren Lee and Dana D. Ros. A title. J Lanes, 3(2):171–190, 1993.", (["Lee", "Ros"], 1993, "3", "2", "171-190")),
    # German, Spanish
    ("Müller, Hans; Schmidt, Eva (2003): Ein Titel. Berlin: Springer.", (["Müller", "Schmidt"], 2003, None, None, None)),
    ("García Ruiz, G. y Pérez, J. (2005). Un título. Madrid: Alianza.", (["García Ruiz", "Pérez"], 2005, None, None, None)),
    # a book: no volume or page, and none invented
    ("Benedetti F. Placebo Effects. New York, NY: Oxford University Press; 2009.", (["Benedetti"], 2009, None, None, None)),
    # a guideline by an organisation
    ("World Health Organization. Guidelines for treatment. Geneva: WHO; 2009.", (["World Health Organization"], 2009, None, None, None)),
    # several years, none in a typical place: no year rather than a guess
    ("Kessler RC, Wang PS. Trends from 1990 to 1992 and from 2001 to 2003 in adults", (["Kessler", "Wang"], None, None, None, None)),
    # not a reference at all
    ("As described above.", ([], None, None, None, None)),
    ("", ([], None, None, None, None)),
]  # fmt: skip


@pytest.mark.parametrize(("raw", "expected"), STRINGS, ids=[raw[:30] for raw, _ in STRINGS])
def test_reference_strings(raw, expected):
    assert gist(parse_reference(raw)) == expected


@pytest.mark.parametrize(
    ("raw", "field", "value"),
    [
        # a DOI excludes the full stop of the sentence but includes its own brackets
        ("Smith J. A. J. 2001;1:2. doi:10.1016/S0140-6736(12)61053-0.", "DOI", "10.1016/s0140-6736(12)61053-0"),
        ("Smith J. A. https://doi.org/10.1234/ABC", "DOI", "10.1234/abc"),
        ("Smith J. A. J. 2001;1:2. PMID: 35012326", "PMID", "35012326"),
        ("ClinicalTrials.gov. NCT02649231. A trial.", "number", "NCT02649231"),
        ("NHS. Ketamine. https://www.nhs.uk/ketamine. Accessed 2 May 2024.", "URL", "https://www.nhs.uk/ketamine"),
        ("Smith J. *A title.* _J Psych_. 2001;1:2.", "container-title", "J Psych"),
        # quotation marks of British lists; an apostrophe does not end the title
        ("Smith, J. (2001) ‘Farmers’ lanes’, *J Roads*, 1(2), pp. 3–4.", "title", "Farmers’ lanes"),
        ("Smith, J. (2001) 'Farmers' lanes', *J Roads*, 1(2), pp. 3–4.", "container-title", "J Roads"),
        ("Smith J. A title. In: Lee K, editor. A book. London: Press; 2001.", "type", "chapter"),
        ("Controlled Substances Act, 1970.", "type", "legislation"),
    ],
)
def test_fields(raw, field, value):
    assert parse_reference(raw).get(field) == value


@given(
    st.text(max_size=200)
    | st.lists(
        st.sampled_from(
            ["Smith J", ", ", ". ", "2010", ";", "12", "(3)", ":", "1-4", " et al", "&", "doi:10.1/2", "\n"]
        )
    ).map("".join)
)
def test_fields_are_never_invented(raw):
    csl = parse_reference(raw)
    written = without_emphasis(raw)
    for key in ("volume", "issue", "title", "container-title"):
        assert without_emphasis(str(csl.get(key, ""))) in written or "10." in raw or "http" in raw


def without_emphasis(words):
    """Without `*`, `_` and whitespace; an asterisk inside a word ("0*0") is not emphasis and stays in the field."""
    return "".join(words.replace("*", "").replace("_", "").split())


LIST = """A text that is long enough for its heading to be one, and cites [1].

References
1. Smith J. A title. Lancet. 2010;1:2-3.
2. Smith J. Another title. Lancet. 2010;4:5-6.
3. World Health Organization. A report. Geneva: WHO; 2010.
"""


def test_listed_works_have_ids_from_name_and_year_and_raw_text_with_span():
    reading = Plain(read_text(LIST)).reading
    works = read_references(reading)
    assert list(works) == ["smith2010", "smith2010b", "who2010"]
    for work in works.values():
        assert reading.text[work.start : work.end] == work.raw
    assert works["smith2010"].raw == "Smith J. A title. Lancet. 2010;1:2-3."


def test_a_known_work_keeps_its_id_and_no_other_gets_it():
    known = {
        "lancet-paper": Reference("lancet-paper", parse_reference("Smith J. A title. Lancet. 2010;1:2-3.")),
        "smith2010": Reference("smith2010", parse_reference("Smith J. Unlike. BMJ. 2010;7:8-9.")),
    }
    assert list(read_references(Plain(read_text(LIST)).reading, ReferenceIndex(known.values()))) == [
        "lancet-paper",
        "smith2010b",
        "who2010",
    ]


def test_a_work_listed_twice_is_two_entries():
    reading = read_text(LIST.replace("Another title. Lancet. 2010;4:5-6", "A title. Lancet. 2010;1:2-3"))
    assert len(read_references(Plain(reading).reading)) == 3


def test_footnotes_that_are_references_and_remarks():
    text = "a[^1] b[^2]\n\n[^1]: Smith J. A title. Lancet. 2010;1:2-3.\n[^2]: Not all agree.\n"
    assert list(read_references(Plain(read_markdown(text)).reading)) == ["smith2010"]


def work(key, raw):
    return Reference(key, parse_reference(raw), raw)


SHELF = ReferenceIndex(
    [
        work("lee", "Lee K. One. J. 2010;1:2."),
        work("lee-roe", "Lee K, Roe A. Two. J. 2010;3:4."),
        work("lee-al", "Lee K, Poe A, Doe B. Three. J. 2010;5:6."),
        work("kim1", "Kim A. One. J. 2012;1:2."),
        work("kim2", "Kim A. Two. J. 2012;3:4."),
        work("brink", "van den Brink W. One. J. 2011;1:2."),
        work("who", "World Health Organization. One. Geneva: WHO; 2009."),
    ]
)


@pytest.mark.parametrize(
    ("mark", "found"),
    [
        # the same number of authors: one, two, more
        ({"author": [{"family": "Lee"}]}, ("lee",)),
        ({"author": [{"family": "Lee"}, {"family": "Roe"}]}, ("lee-roe",)),
        ({"author": [{"family": "Lee"}], "custom": {"etAl": True}}, ("lee-al",)),
        # a second author that no work has: no match, not the nearest
        ({"author": [{"family": "Lee"}, {"family": "Moe"}]}, ()),
        # two match: both are returned
        ({"author": [{"family": "Kim"}], "year": 2012}, ("kim1", "kim2")),
        # year letters that the list does not print follow its order
        ({"author": [{"family": "Kim"}], "year": 2012, "year-suffix": "b"}, ("kim2",)),
        # the volume decides
        ({"author": [{"family": "Kim"}], "year": 2012, "volume": "3"}, ("kim2",)),
        ({"author": [{"family": "Kim"}], "year": 2012, "volume": "9"}, ()),
        # particles may be left out; organisations may be abbreviated
        ({"author": [{"family": "Brink"}], "year": 2011}, ("brink",)),
        ({"author": [{"family": "WHO"}], "year": 2009}, ("who",)),
        # another year
        ({"author": [{"family": "Brink"}], "year": 2012}, ()),
    ],
)
def test_which_works_match_a_description(mark, found):
    csl = {"issued": {"date-parts": [[mark.pop("year", 2010)]]}, **mark}
    assert SHELF.find(csl) == found


def test_ids_differ_for_any_number_of_namesakes():
    names = ReferenceIds(ReferenceIndex(()))
    given_ids = [names.assign(parse_reference(f"Smith J. A. J. 2010;{n}:2."), "Smith J.", 0).id for n in range(1, 60)]
    assert len(set(given_ids)) == 59
    assert given_ids[:3] == ["smith2010", "smith2010b", "smith2010c"]


FILES = [
    ("a.bib", '@article{k1, author={Grabski, Meryem and M{\\"u}ller, Jo}, title={A {Title}}, journal={J}, year=2022, pages={1--4}}', (["Grabski", "Müller"], 2022, None, None, "1-4")),
    ("a.bib", "@report{k1, author={{World Health Organization}}, title={T}, year={2009}}", (["World Health Organization"], 2009, None, None, None)),
    ("a.ris", "TY  - JOUR\nID  - k1\nAU  - Grabski, M\nT1  - T\nJO  - J\nPY  - 2022\nVL  - 3\nIS  - 2\nSP  - 1\nEP  - 4\nER  - \n", (["Grabski"], 2022, "3", "2", "1-4")),
    ("a.json", '[{"id": "k1", "type": "book", "author": [{"family": "Grabski"}], "issued": {"date-parts": [[2022]]}}]', (["Grabski"], 2022, None, None, None)),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "expected"), FILES, ids=["bibtex", "bibtex body", "ris", "csl"])
def test_bibliography_files(name, text, expected):
    (work,) = read_bibliography(name, text.encode()).references
    assert work.id == work.csl["id"] == "k1"
    assert gist(work.csl) == expected


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.bib", "no bibliography", "has no entries"),
        ("a.ris", "no bibliography", "has no entries"),
        ("a.json", "{", "a.json:1"),
        ("a.json", "[" * 90000, "a.json:1: is nested too deeply"),
        ("a.doc", "", "not a supported bibliography format"),
    ],
)
def test_a_bibliography_file_that_cannot_be_read_is_named(name, text, message):
    with pytest.raises(CorpusError, match=message):
        read_bibliography(name, text.encode())


LEFT_OUT = [
    # (file, entries before and after a valid one with the id "good", words of the error, why)
    ("a.bib", "@article{good, title={T}}\n@article{k1, title={T}\n", "a.bib:2: .*not valid BibTeX", "never closed"),
    ("a.bib", "@article{good, title={T}}\n\n@book{good, title={U}}", 'a.bib:3: id "good" occurs twice, first on line 1', "two works"),
    ("a.bib", "@article{good, title={T}}\n@article{k1, title={" + "\\textbf{" * 1500 + "}" * 1500 + "}}", "a.bib:2: .*LaTeX", "nested"),
    ("a.bib", "@article{good, title={T}}\n@article{k1, title={\\begin{x} $ \\verb}}", "a.bib:2: .*LaTeX", "invalid LaTeX"),
    ("a.ris", "TY  - JOUR\nID  - good\nER  - \nTY  - JOUR\nID  - a b\nER  - \n", 'a.ris:4: id "a b" is not valid', "space in an id"),
    ("a.json", '[{"id": "good"},\n{"title": "T"}]', 'a.json:2: "id" is missing', "no id"),
    ("a.json", '[{"id": "good"},\n{"id": "good", "title": "T"}]', "a.json:2: .*occurs twice, first on line 1", "two works"),
    ("a.json", '[{"id": "good"}, 5]', "a.json:1: an entry must be an object", "not an entry"),
    ("a.json", '[{"id": "good"},\n{"id": "k",\n"author": "Smith"}]', 'a.json:3: "author" must be a list', "a name as text"),
    ("a.json", '[{"id": "good"},\n{"id": "k", "title": "\\ud800"}]', "a.json:2: contains a number or text", "lone surrogate"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "message", "why"), LEFT_OUT)
def test_a_bad_entry_does_not_affect_others(name, text, message, why, caplog):
    works = read_bibliography(name, text.encode())
    assert [work.id for work in works.references] == ["good"], why
    (fault,) = works.left_out
    assert re.match(message, str(fault)), why
    assert not caplog.records, "libraries do not log it again"


ONE_FORM = [
    # (value as written, key, normalised value, why)
    ({"page": 12}, "page", "12", "a number instead of text"),
    ({"volume": 3, "page": "3–4"}, "page", "3-4", "one dash"),
    ({"DOI": "https://doi.org/10.5555/X.1"}, "DOI", "10.5555/X.1", "a URL is not a DOI"),
    ({"title": "A\n  title\u001b[31m"}, "title", "A title[31m", "one line, without control characters"),
    ({"issued": {"date-parts": [["2020", "05"]]}}, "issued", {"date-parts": [[2020, 5]]}, "years as text"),
    ({"issued": {"date-parts": [[2020, None]]}}, "issued", {"date-parts": [[2020]]}, "unknown parts are left out"),
    ({"issued": {"date-parts": [[None]]}}, "issued", None, "an unknown year too"),
    ({"issued": {"date-parts": [["in press"]]}}, "issued", {"literal": "in press"}, "no year"),
    ({"issued": {"literal": "in press"}}, "issued", {"literal": "in press"}, "no year"),
    ({"issued": {"raw": "2020-05-01"}}, "issued", {"date-parts": [[2020, 5, 1]]}, "as text"),
    ({"issued": {"raw": "Spring 2020"}}, "issued", {"date-parts": [[2020]], "literal": "Spring 2020"}, "year and words"),
    ({"issued": "2020"}, "issued", {"date-parts": [[2020]]}, "as some programs write it"),
    ({"issued": {"date-parts": [["2020-2021"]]}}, "issued", {"date-parts": [[2020]], "literal": "2020-2021"}, "two years"),
    ({"author": [{"literal": 5}]}, "author", [{"literal": "5"}], "a number instead of text"),
    ({"author": [{"family": "A", "given": None, "role": "x"}]}, "author", [{"family": "A"}], "fields outside CSL-JSON are ignored"),
    ({"type": "journal-article"}, "type", "document", "an unknown type"),
    ({"author": None, "title": ""}, "author", None, "empty fields are left out"),
]  # fmt: skip


@pytest.mark.parametrize(("written", "key", "seen", "why"), ONE_FORM)
def test_works_have_one_form(written, key, seen, why):
    works = read_bibliography("a.json", json.dumps([{"id": "k", "type": "book"} | written]).encode())
    assert not works.left_out, why
    assert works.references[0].csl.get(key) == seen, why


def test_a_duplicate_field_or_entry_is_harmless():
    entry = "@article{k1, title={{Painted} lanes}, author={{Lane Society}}, year={2019}, year={2020}}\n"
    works = read_bibliography("a.bib", (entry + entry).encode())
    (work,) = works.references
    assert work.csl["title"] == "Painted lanes"
    assert work.csl["author"] == [{"literal": "Lane Society"}]
    assert work.csl["issued"] == {"date-parts": [[2019]]}
    assert not works.left_out


ORGANISATIONS = [
    # (entry, authors, title, why)
    ("National Tea Institute (NTI) (2007). Tea: a guide.", ["National Tea Institute (NTI)"], "Tea: a guide", "its acronym is no title"),
    ("World Tea Organization (WTO). World report. Geneva: WTO; 2019.", ["World Tea Organization (WTO)"], "World report", "Vancouver"),
    ("American Tea Association, 2013. Tea manual. ATA.", ["American Tea Association"], "Tea manual", "the year is not part of the name"),
    ("EFSA Panel on Teas and Allergies (NDA) (2010). Opinion. EFSA J 8:1.", ["EFSA Panel on Teas and Allergies (NDA)"], "Opinion", "(NDA is not “no date”"),
    ("Packaging Working Party. 2018. Twelve years of foil. Note 6.", ["Packaging Working Party"], "Twelve years of foil", "full stops around the year"),
    ("Statistics Netherlands (n.d.). StatLine.", ["Statistics Netherlands"], "StatLine", "known by its capital letters before the year"),
    ("UN Statistics (2016). Profile of Teas.", ["UN Statistics"], "Profile of Teas", "with an acronym"),
    ("IBM Corp. (2017). IBM SPSS Statistics for Windows.", ["IBM Corp"], "IBM SPSS Statistics for Windows", "a company"),
    ("Sleep Executive Committee, Tea Writing Committee (2008). Guidelines.", ["Sleep Executive Committee", "Tea Writing Committee"], "Guidelines", "two bodies"),
    ("Lee A, Ito B, for the ORBIT Investigators. A trial of tea. Lancet 2020;1:2.", ["Lee", "Ito", "ORBIT Investigators"], "A trial of tea", "people and their group"),
    ("Lee A, Ito B; ORBIT Study Group. A trial of tea. Lancet 2020;1:2.", ["Lee", "Ito", "ORBIT Study Group"], "A trial of tea", "their group after a semicolon"),
    ("Lee A. For the love of the College. J Tea 2001;1:2.", ["Lee"], "For the love of the College", "a title that begins with For the"),
    ("Depression in adults (2009). Guideline 90.", [], "Depression in adults", "a title before the year"),
]  # fmt: skip


@pytest.mark.parametrize(("raw", "authors", "title", "why"), ORGANISATIONS, ids=[why for *_, why in ORGANISATIONS])
def test_organisations(raw, authors, title, why):
    csl = parse_reference(raw)
    assert (gist(csl)[0], csl.get("title")) == (authors, title)


SICI = "10.1002/(sici)1097-0258(19980815/30)17:15/16<1661::aid-sim968>3.0.co;2-2"
OF_ECOLOGY = "10.1890/0012-9658(2006)87[2614:cetuis]2.0.co;2"
IN_TEXT = [
    # (text, the DOIs in it, why)
    (f"(doi:{SICI}).", [SICI], "pages and a code between angle brackets"),
    (SICI.upper(), [SICI], "in capitals"),
    (f"https://doi.org/{SICI.replace('<', '%3C').replace('>', '%3E')}.", [SICI], "an address"),
    (SICI.replace("<", "&lt;").replace(">", "&gt;"), [SICI], "as HTML writes it"),
    (f"{OF_ECOLOGY}; see", [OF_ECOLOGY], "a semicolon within and one behind"),
    ("10.1175/1520-0477(1996)077<0437:tnyrp>2.0.co;2,", ["10.1175/1520-0477(1996)077<0437:tnyrp>2.0.co;2"], "<…>"),
    ("10.5555/a;10.5555/b", ["10.5555/a", "10.5555/b"], "two, with a semicolon alone between them"),
    ("10.5555/a;PMID:123", ["10.5555/a"], "another identifier"),
    ("(10.5555/a)[2] and", ["10.5555/a"], "a bracket that closes another"),
    ("10.5555/a<br>5 men", ["10.5555/a"], "a tag"),
    ("10.5555/a<b>5</b>", ["10.5555/a"], "a tag before a number"),
]


@pytest.mark.parametrize(("text", "expected", "why"), IN_TEXT, ids=[why for *_, why in IN_TEXT])
def test_dois_are_whole(text, expected, why):
    assert [found.value for found in find_identifiers(text, kinds=("DOI",))] == expected


ESCAPED = SICI.replace("<", "&lt;").replace(">", "&gt;")
FILES_WITH_OLD_DOI = {
    "a.txt": f"Tea [1].\n\nReferences\n\n1. Lee A. A trial. Stat Med. 1998;17:1661-9. doi:{SICI}\n",
    "a.md": f"Tea [1].\n\n# References\n\n1. Lee A. A trial. Stat Med. 1998;17:1661-9. doi:{SICI}\n",
    "escaped.md": f"Tea [1].\n\n# References\n\n1. Lee A. A trial. 1998. doi:{ESCAPED}\n",
    "link.md": f"Tea [1].\n\n# References\n\n1. Lee A. A trial. 1998. [doi](https://doi.org/{SICI.replace('<', '%3C').replace('>', '%3E')})\n",
    "a.html": f'<article><p>Tea <a href="#r">[1]</a>.</p><ol><li id="r">Lee A. Trial. 1998. doi:{ESCAPED}</li></ol></article>',
    "a.nxml": '<article><body><p>Tea [<xref ref-type="bibr" rid="r">1</xref>].</p></body><back><ref-list><ref id="r">'
    f"<mixed-citation>Lee A. Trial. 1998. doi:{ESCAPED}</mixed-citation></ref></ref-list></back></article>",
}


@pytest.mark.parametrize("name", FILES_WITH_OLD_DOI)
def test_an_old_doi_is_whole_in_every_format(name):
    reading = Plain(read_document(name, FILES_WITH_OLD_DOI[name].encode())).reading
    (work,) = read_references(reading).values()
    assert work.csl["DOI"] == SICI


def test_an_old_doi_is_whole_in_bibliographies_and_exports():
    tex = SICI.replace("<", "$<$").replace(">", r"{\textgreater}")
    (work,) = read_bibliography("a.bib", f"@misc{{k, title={{A}}, doi={{{tex}}}}}".encode()).references
    assert work.csl["DOI"] == SICI
    for form in ("ris", "bib", "json"):
        (again,) = read_bibliography(f"a.{form}", EXPORTS[form]([work.csl]).encode()).references
        assert again.csl["DOI"] == SICI, form


def test_identifiers_are_not_read_as_latex():
    text = r"@misc{k1, url={https://example.org/a%20b\_c~d}, doi={10.5555/a\_b}, title={50\% \& more -- ``all''}}"
    (work,) = read_bibliography("a.bib", text.encode()).references
    assert work.csl["URL"] == "https://example.org/a%20b_c~d"
    assert work.csl["DOI"] == "10.5555/a_b"
    assert work.csl["title"] == "50% & more – “all”"


REPAIRED = [
    # (file, text, id, fields of the work, what is said, why)
    ("a.bib", "@article{k,\n author = {Reyes, A. and Ito, B.}\n title = {Lanes},\n year = 2019}", "k",
     {"author": [{"family": "Reyes", "given": "A."}, {"family": "Ito", "given": "B."}], "title": "Lanes"}, 'a.bib:3: a comma is missing before "title"', "a missing comma"),
    ("a.bib", "@book{k\n title = {Lanes}}", "k", {"title": "Lanes"}, "a.bib:2: a comma is missing behind the key", "the key without a comma"),
    ("a.bib", "@book{k, title = Lanes of towns, year = 2019}", "k", {"title": "Lanes of towns"}, "has no braces", "a value without braces"),
    ("a.bib", "@book{k, title = {Lanes}, year = 2019, year = 2020}", "k", {"issued": {"date-parts": [[2019]]}}, 'the field "year" occurs twice', "a field twice"),
    ("a.bib", "@book{k, title = {Lanes}, some words, year = 2019}", "k", {"issued": {"date-parts": [[2019]]}}, '"some words" is no field', "words that are no field"),
    ("a.bib", b"@book{k, title = {Gr\xf6\xdfe}}", "k", {"title": "Größe"}, "is not UTF-8 and is read as windows-1252", "an older encoding"),
    ("a.bib", b"% Encoding: ISO8859_2\n@book{k, title = {\xb1\xb6}}", "k", {"title": "ąś"}, "is read as ISO8859_2", "the encoding that the file names"),
    ("a.ris", "AU  - Reyes, A.\nTI  - Lanes\nER  - \n", "a-1", {"type": "document", "title": "Lanes"}, "a record does not say its type", "a record without TY"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "id", "fields", "said", "why"), REPAIRED)
def test_a_small_fault_is_repaired_and_said(name, text, id, fields, said, why):
    works = read_bibliography(name, text if isinstance(text, bytes) else text.encode())
    [work] = works.references
    assert work.id == id, why
    assert {key: work.csl.get(key) for key in fields} == fields, why
    assert [said in str(fault) for fault in works.repaired] == [True], why
    assert not works.left_out


AS_WRITTEN = [
    # (file, text, fields of its only work, why); nothing is said of these
    ("a.bib", '@string{jr = "J Roads"}\n@STRING(lt = {Letters})\n@article{k, journal = jr # { } # lt}', {"container-title": "J Roads Letters"}, "macros, joined"),
    ("a.bib", "% a remark\n@Comment{jabref-meta: x;}\nsome text\n@preamble{ {\\x} }\n@book{k, title = {Lanes}}\n@comment{@book{l, title = {M}}}", {"title": "Lanes"}, "comments and a preamble"),
    ("a.bib", "@book(k, title = {Lanes (new)})", {"title": "Lanes (new)"}, "round brackets"),
    ("a.bib", "@article{k, year = 2019, month = jan}", {"issued": {"date-parts": [[2019, 1]]}}, "a month as a macro"),
    ("a.bib", "@article{k, year = {2019}, month = {12~} # dec}", {"issued": {"date-parts": [[2019]]}}, "a month that cannot be read"),
    ("a.bib", "@online{k, date = {2015-06-01/2015-07-01}}", {"type": "webpage", "issued": {"date-parts": [[2015, 6, 1]]}}, "a range of days"),
    ("a.bib", "\ufeff@ARTICLE{k,\r\n  TITLE = {Lanes},\r\n}\r\n", {"type": "article-journal", "title": "Lanes"}, "BOM, line ends of Windows, capitals"),
    ("a.bib", "@book{k, author = {M{\\\"u}ller, J{\\\"o}rg and {\\O}re, {\\v C}. and Garc{\\'\\i}a, A}}", {"author": [{"family": "Müller", "given": "Jörg"}, {"family": "Øre", "given": "Č."}, {"family": "García", "given": "A"}]}, "accents in TeX"),
    ("a.bib", "@book{k, author = {Reyes, A. and others}}", {"author": [{"family": "Reyes", "given": "A."}], "custom": {"etAl": True}}, "others are no author"),
    ("a.bib", "@book{k, author = {{Towns and Roads Society} and Ludwig van Beethoven and King, Jr., Martin}}", {"author": [{"literal": "Towns and Roads Society"}, {"family": "van Beethoven", "given": "Ludwig"}, {"family": "King", "given": "Martin", "suffix": "Jr."}]}, "forms of names"),
    ("a.bib", "@report{k, author = {World Health Organization}, number = 7, institution = {WHO}, address = {Geneva}}", {"author": [{"literal": "World Health Organization"}], "number": "7", "publisher": "WHO", "publisher-place": "Geneva"}, "an organisation without braces"),
    ("a.bib", "@book{k, author = {Reyes A., Ito BC, Van Dam D.}}", {"author": [{"family": "Reyes", "given": "A."}, {"family": "Ito", "given": "BC"}, {"family": "Van Dam", "given": "D."}]}, "names with initials between commas"),
    ("a.bib", "@misc{k, howpublished = {\\url{https://example.org/a_b}}}", {"URL": "https://example.org/a_b"}, "an address in howpublished"),
    ("a.bib", "@misc{k, url = {https://doi.org/10.5555/a.b}}", {"DOI": "10.5555/a.b", "URL": None}, "a DOI as an address"),
    ("a.ris", "ty  - JOUR\nau  - Reyes, A.\nti  - Lanes\npy  - 2019\n", {"type": "article-journal", "title": "Lanes", "issued": {"date-parts": [[2019]]}}, "tags in lower case, no last line"),
    ("a.ris", "Provider: X\nContent: text/plain\n\n1.\nTY  - JOUR\nTI  - Lanes in towns\nand villages\nAB  - One\nin - depth\nER  - \n", {"title": "Lanes in towns and villages"}, "a header, a number, wrapped lines"),
    ("a.ris", "TY - BOOK\rTI - Lanes\rAU - Reyes A\rER -\r", {"title": "Lanes", "author": [{"family": "Reyes", "given": "A"}]}, "one blank, line ends of the Mac"),
    ("a.ris", "TY  - RPRT\nAU  - Public Health England\nAU  - World Health Organization,\nPB  - PHE\nCY  - London\nER  - \n", {"author": [{"literal": "Public Health England"}, {"literal": "World Health Organization"}], "publisher": "PHE", "publisher-place": "London"}, "organisations"),
    ("a.ris", "TY  - JOUR\nPY  - 2019\nDA  - 2019/05/01/epub\nER  - \n", {"issued": {"date-parts": [[2019, 5, 1]]}}, "the date that says more"),
    ("a.ris", "TY  - JOUR\nY1  - 2019///\nM3  - doi: 10.5555/a\nER  - \n", {"DOI": "10.5555/a", "issued": {"date-parts": [[2019]]}}, "a DOI in M3"),
    ("a.ris", "TY  - JOUR\nUR  - http://dx.doi.org/10.5555/a\nER  - \n", {"DOI": "10.5555/a", "URL": None}, "a DOI in UR"),
    ("a.ris", "TY  - CHAP\nTI  - Paint\nT2  - Lanes\nA2  - Ito, B.\nSP  - 1-9\nER  - \n", {"title": "Paint", "container-title": "Lanes", "editor": [{"family": "Ito", "given": "B."}], "page": "1-9"}, "a chapter"),
    ("a.ris", "TY  - JOUR\nTI  - Größe\nER  - \n".encode("utf-16"), {"title": "Größe"}, "UTF-16"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "fields", "why"), AS_WRITTEN)
def test_files_as_programs_and_people_write_them(name, text, fields, why):
    works = read_bibliography(name, text if isinstance(text, bytes) else text.encode())
    [work] = works.references
    assert {key: work.csl.get(key) for key in fields} == fields, why
    assert not works.left_out + works.repaired, why


BROKEN = [
    # (an entry of BibTeX that cannot be read, why)
    ("@book{k, title = {An {open title}, year = 1999}", "a brace is not closed"),
    ("@book{k, title = {A title}}, year = {1999}}", "a brace too many: what follows would be lost"),
    ('@book{k, title = "A title, year = 1999}', "a quote is not closed"),
    ("@book{k, title = {A title}, year = 1999", "the entry is not closed"),
]  # fmt: skip


@pytest.mark.parametrize(("entry", "why"), BROKEN)
def test_a_broken_entry_costs_only_itself(entry, why):
    works = read_bibliography(
        "a.bib", f"@book{{one, title = {{One}}}}\n\n{entry}\n\n@book{{two, title = {{Two}}}}\n".encode()
    )
    assert [work.id for work in works.references] == ["one", "two"], why
    assert [str(fault).partition(" is not valid")[0] for fault in works.left_out] == ["a.bib:3: an entry"], why


PIECES = st.sampled_from(
    ["@article{", "@a(", "@comment{", "@string{x = ", "k", ",", "title", " = ", "{", "}", '"', "#", "\\", "\n", "TY  - JOUR\n", "ty - x\n", "ER  -\n", "AU  - A, B\n", "-", " and ", "10.1/x", "é"]
)  # fmt: skip


@given(st.sampled_from(["a.bib", "a.ris"]), st.lists(PIECES, max_size=40).map("".join) | st.text(max_size=100))
def test_whatever_is_in_a_bibliography_is_read_or_named(name, text):
    """Each fault has a line of the file; no work comes from nowhere."""
    try:
        works = read_bibliography(name, text.encode())
    except CorpusError:
        return
    lines = text.count("\n") + text.count("\r") + 1
    assert all(1 <= (fault.line or 1) <= lines for fault in works.left_out + works.repaired)
    assert len(works.references) <= text.count("@") + text.count("\n") + 1


LARGE = ["@a{k}", "@comment{", "@a{", "@a{k, title = {", "@string{", "TY  - ", "AU  - x\n", "{", "@a{k, a = b # "]


@pytest.mark.parametrize("piece", LARGE)
def test_a_large_strange_bibliography_ends(piece):
    """In a few seconds: time grows with the size, not with its square."""
    for name in ("a.bib", "a.ris"):
        with contextlib.suppress(CorpusError):
            read_bibliography(name, (piece * (60_000 // len(piece))).encode())


def test_an_entry_takes_fields_from_the_book_it_names():
    text = "@inbook{k, title = {Paint}, crossref = {b}}\n@book{b, title = {Lanes}, publisher = {P}, year = 2019}"
    works = {work.id: work.csl for work in read_bibliography("a.bib", text.encode()).references}
    assert works["k"]["title"] == "Paint"
    assert (works["k"]["container-title"], works["k"]["publisher"]) == ("Lanes", "P")


PASTED_DOIS = [
    # (as pasted, as used, why)
    ("doi:10.5555/a.", "10.5555/a", "a full stop behind it"),
    ("DOI: 10.5555/a", "10.5555/a", "named"),
    ("https://doi.org/https://doi.org/10.5555/a", "10.5555/a", "the address twice"),
    ("10.5555/a10.5555/a", "10.5555/a", "twice"),
    ("10.5555/a, https://doi.org/10.5555/A", "10.5555/a", "twice, in two forms"),
    ("http://dx.doi.org.proxy.example.edu/10.5555/a", "10.5555/a", "through a library"),
    ("https://doi.org/10.5555/%28b%29", "10.5555/(b)", "signs of an address"),
    ("10.5555/a(b)c)", "10.5555/a(b)c", "a bracket that was not opened"),
    ("10.1002/(SICI)1097<1661::AID>3.0.CO;2-2", "10.1002/(SICI)1097<1661::AID>3.0.CO;2-2", "an older DOI is kept whole"),
    ("10.5555/a; 10.5555/b", "10.5555/a; 10.5555/b", "two works: a fault that the check reports"),
    ("none", "none", "no DOI: a fault that the check reports"),
]  # fmt: skip


@pytest.mark.parametrize(("written", "used", "why"), PASTED_DOIS)
def test_dois_as_people_paste_them(written, used, why):
    [work] = read_bibliography("a.json", json.dumps([{"id": "k", "DOI": written}]).encode()).references
    assert work.csl["DOI"] == used, why


def test_a_record_without_its_last_line_is_read():
    (work,) = read_bibliography("a.ris", b"TY  - JOUR\nID  - k1\nTI  - Lanes\nPY  - 2019/05/01/\n").references
    assert work.csl == {
        "id": "k1",
        "type": "article-journal",
        "title": "Lanes",
        "issued": {"date-parts": [[2019, 5, 1]]},
    }


def test_share_of_reference_strings_parsed_in_full(data):
    """Surname, year, volume and first page all correct; benchmarks/citations prints the figure."""
    right = total = 0
    for gold in json.loads((data / "citations" / "reference_strings.json").read_text()):
        if all(gold[key] for key in ("surname", "year", "volume", "fpage")):
            authors, year, volume, _, page = gist(parse_reference(gold["string"]))
            total += 1
            right += (fold_name("".join(authors[:1])), str(year), volume, (page or "").split("-")[0]) == (
                fold_name(gold["surname"]), gold["year"], gold["volume"], gold["fpage"],
            )  # fmt: skip
    assert right / total >= 0.88
