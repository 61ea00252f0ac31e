"""What readers take away: lists of references in three styles, quotations as Markdown, addresses of sentences."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from qa.citations.styles import REFERENCE_STYLES, ama, apa, vancouver
from qa.engine import Service, open_service
from qa.errors import NotFound
from qa.models import CSL, Document
from qa.settings import Settings
from qa.text.markdown import escaped
from qa.views.fragments import page_words, text_fragment
from qa.web import create_app
from qa.web.exports import EXPORT_KINDS
from qa.web.takeaway import TAKE_FORMATS
from tests.test_embed import serving

SETTINGS = Settings(cache=None, encoder="off")
PEOPLE = [{"family": f"Reyes{letter}", "given": "Ana B."} for letter in "ABCDEFGHIJKLMNOPQRSTUVW"]
ARTICLE: CSL = {
    "id": "reyes",
    "type": "article-journal",
    "title": "Do lanes help?",
    "author": PEOPLE[:2],
    "container-title": "Journal of Roads",
    "container-title-short": "J Roads",
    "issued": {"date-parts": [[2019, 3]]},
    "volume": "4",
    "issue": "2",
    "page": "100-109",
    "DOI": "10.5555/lanes",
    "PMID": "111",
}
BOOK: CSL = {
    "id": "osei",
    "type": "book",
    "title": "Kerbs.",
    "author": [{"literal": "Roads Institute"}],
    "publisher": "Roads Institute",
    "publisher-place": "Accra",
    "issued": {"date-parts": [[2020]]},
}
CHAPTER = BOOK | {
    "type": "chapter",
    "title": "Paint",
    "container-title": "Streets",
    "editor": PEOPLE[2:4],
    "page": "7-9",
    "publisher": "Kerb Press",
}

EDITED = {key: value for key, value in BOOK.items() if key != "author"} | {
    "editor": PEOPLE[:1],
    "publisher": "Kerb Press",
}

WHOLE = [
    # (style, work, entry, why)
    (ama, ARTICLE, "ReyesA AB, ReyesB AB. Do lanes help? J Roads. 2019;4(2):100-109. doi:10.5555/lanes", "an article"),
    (
        vancouver,
        ARTICLE,
        "ReyesA AB, ReyesB AB. Do lanes help? J Roads. 2019;4(2):100-109. doi: 10.5555/lanes. PMID: 111.",
        "an article",
    ),
    (
        apa,
        ARTICLE,
        "ReyesA, A. B., & ReyesB, A. B. (2019). Do lanes help? Journal of Roads, 4(2), 100–109. "
        "https://doi.org/10.5555/lanes",
        "an article",
    ),
    (ama, BOOK, "Roads Institute. Kerbs. Accra: Roads Institute; 2020.", "a book"),
    (vancouver, BOOK, "Roads Institute. Kerbs. Accra: Roads Institute; 2020.", "a book"),
    (apa, BOOK, "Roads Institute. (2020). Kerbs.", "a publisher that is the author is not repeated"),
    (ama, EDITED, "ReyesA AB, ed. Kerbs. Accra: Kerb Press; 2020.", "a book with an editor only"),
    (vancouver, EDITED, "ReyesA AB, editor. Kerbs. Accra: Kerb Press; 2020.", "a book with an editor only"),
    (
        apa,
        EDITED | {"editor": PEOPLE[:2]},
        "ReyesA, A. B., & ReyesB, A. B. (Eds.). (2020). Kerbs. Kerb Press.",
        "editors only",
    ),
    (
        ama,
        CHAPTER,
        "Roads Institute. Paint. In: ReyesC AB, ReyesD AB, eds. Streets. Accra: Kerb Press; 2020:7-9.",
        "a chapter",
    ),
    (
        vancouver,
        CHAPTER,
        "Roads Institute. Paint. In: ReyesC AB, ReyesD AB, editors. Streets. Accra: Kerb Press; 2020. p. 7-9.",
        "a chapter",
    ),
    (
        apa,
        CHAPTER,
        "Roads Institute. (2020). Paint. In A. B. ReyesC & A. B. ReyesD (Eds.), Streets (pp. 7–9). Kerb Press.",
        "a chapter",
    ),
]


@pytest.mark.parametrize(("style", "work", "expected", "why"), WHOLE)
def test_an_entry(style: object, work: CSL, expected: str, why: str) -> None:
    assert style(work) == expected, why  # type: ignore[operator]


def without(*keys: str) -> CSL:
    return {key: value for key, value in ARTICLE.items() if key not in keys}


PARTS = [
    # (style, work, text that must be there, why)
    (ama, ARTICLE | {"author": PEOPLE[:6]}, "ReyesE AB, ReyesF AB. Do", "six authors are all named"),
    (ama, ARTICLE | {"author": PEOPLE[:7]}, "ReyesB AB, ReyesC AB, et al. Do", "of seven, three"),
    (vancouver, ARTICLE | {"author": PEOPLE[:7]}, "ReyesF AB, et al. Do", "of seven, six"),
    (apa, ARTICLE | {"author": PEOPLE[:20]}, "ReyesS, A. B., & ReyesT, A. B. (2019)", "twenty authors are all named"),
    (apa, ARTICLE | {"author": PEOPLE[:21]}, "ReyesS, A. B., . . . ReyesU, A. B. (2019)", "of more, 19 and the last"),
    (ama, ARTICLE | {"author": [{"family": "Law", "given": "MR"}]}, "Law MR.", "initials are not cut to the first"),
    (apa, ARTICLE | {"author": [{"family": "Law", "given": "MR"}]}, "Law, M. R. (2019)", "the same"),
    (ama, ARTICLE | {"author": [{"family": "Sartre", "given": "Jean-Paul"}]}, "Sartre JP.", "a name of two"),
    (apa, ARTICLE | {"author": [{"family": "Sartre", "given": "Jean-Paul"}]}, "Sartre, J.-P. (2019)", "the same"),
    (ama, ARTICLE | {"author": [{"family": "Li", "given": "S.R."}]}, "Li SR.", "full stops without blanks"),
    (ama, ARTICLE | {"author": [{"family": "Dam", "non-dropping-particle": "van", "given": "A"}]}, "van Dam A.", "a particle"),
    (apa, ARTICLE | {"author": [{"family": "Udall", "given": "JN", "suffix": "Jr"}]}, "Udall, J. N., Jr. (2019)", "a suffix"),
    (ama, ARTICLE | {"custom": {"etAl": True}}, "ReyesB AB, et al. Do", "there are more authors than are known"),
    (apa, ARTICLE | {"custom": {"etAl": True}}, "ReyesB, A. B., et al. (2019)", "the same"),
    (vancouver, ARTICLE | {"author": [PEOPLE[0], {"literal": "et al."}]}, "ReyesA AB, et al. Do", "the same, as a name"),
    (ama, ARTICLE | {"custom": {"certainty": {"author": "first author only"}}}, "ReyesB AB, et al.", "as the owner says"),
    (ama, without("author"), "Do lanes help? J Roads.", "no authors: the title is first"),
    (apa, without("author"), "Do lanes help? (2019). Journal", "the same"),
    (apa, without("issued"), "(n.d.). Do lanes help?", "no date"),
    (ama, ARTICLE | {"issued": {"literal": "in press"}}, "J Roads. in press;4(2)", "not yet published"),
    (ama, without("DOI") | {"URL": "https://example.org/a"}, ":100-109. https://example.org/a", "an address instead of a DOI"),
    (vancouver, without("DOI") | {"URL": "https://example.org/a"}, "Available from: https://example.org/a", "the same"),
    (ama, without("volume", "issue", "page"), "J Roads. 2019. doi", "no place in the journal"),
    (ama, without("title") | {"custom": {"raw": "Reyes et al., J Roads. 2019"}}, "Reyes et al., J Roads. 2019", "no title: as the document cites it"),
    (ama, ARTICLE | {"title": "Lanes.", "custom": {"retraction": {"status": "retracted"}}}, "Lanes [retracted]. J", "retracted"),
    (apa, ARTICLE | {"custom": {"retraction": {"status": "retracted"}}}, "Do lanes help? [retracted]. J", "retracted"),
    (ama, ARTICLE | {"title": "Lanes\n\x1b[31m help"}, "Lanes [31m help.", "one line without control characters"),
]  # fmt: skip


@pytest.mark.parametrize(("style", "work", "words", "why"), PARTS)
def test_part_of_an_entry(style: object, work: CSL, words: str, why: str) -> None:
    assert words in style(work), why  # type: ignore[operator]


FIELDS = sorted(ARTICLE.keys() - {"id"} | {"publisher", "editor"})
ANY: CSL = ARTICLE | {"publisher": "Kerb Press", "editor": PEOPLE[:1]}


@given(st.sets(st.sampled_from(FIELDS)), st.sampled_from(["article-journal", "book", "chapter", "webpage"]))
def test_whatever_is_missing_an_entry_is_well_formed(keys: set[str], kind: str) -> None:
    work = {key: ANY[key] for key in keys} | {"id": "x", "type": kind}
    for style in (ama, vancouver, apa):
        entry = style(work)
        assert not re.search(r"\s\s|^[.,;:]|[,;:]\.|[.?!]\.(?!\s\.)|\(\)|;\s?:|None", entry), entry
        assert not keys & {"title"} or "Do lanes help?" in entry


# --- Markdown -------------------------------------------------------------------------------------

DOCUMENT = """# Lanes

Cycle lanes lower the number of *crashes* [@reyes]. The study also found that 2 * 3 lanes_are_cheap.

## Paint

No serious crashes were seen. Painted lanes are not safe. {long}

| Kind | Crashes |
|---|---|
| Painted lanes of the town | 12 of 100 |
| Posts | 1 |
| Bollards | 13 of 100 |
| Kerbs | 12 of 100 |

## Kerbs

No serious crashes were seen. Riders said so, twice a day & more – well-known, too.
"""
LONG = " ".join(
    ["A study of lanes", *(f"in town {n}" for n in range(20)), "found that they help, as a study of lanes did."]
)


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Service:
    folder = tmp_path_factory.mktemp("lanes")
    (folder / "lanes.md").write_text(DOCUMENT.format(long=LONG))
    (folder / "references.json").write_bytes(orjson.dumps([ARTICLE]))
    note = 'document = "lanes"\nsentence = "Painted lanes are not safe."\nstatus = "contradicted"'
    (folder / "notes.toml").write_text(f'[[note]]\n{note}\nshort = "They are *safe*."\ntext = "T"\ndate = "2026"\n')
    return open_service(SETTINGS, corpus=folder)


def test_a_quotation_as_markdown_has_its_source_and_its_place(service: Service) -> None:
    answer = service.ask("Do cycle lanes lower the number of crashes?")
    first = service.export(answer, "md", "https://example.org").split("\n\n")[:2]
    assert first[0] == "> Cycle lanes lower the number of crashes \\[@reyes\\]."
    source, _, place = first[1].partition(". [")
    assert source == "— [ReyesA and ReyesB 2019](<https://doi.org/10.5555/lanes>)"
    assert place.startswith("Lanes](https://example.org/documents/lanes#s-")


def test_a_disputed_quotation_is_taken_away_with_its_verdict(service: Service) -> None:
    text = service.export(service.ask("Are painted lanes safe?"), "md")
    assert "**Disputed.** They are \\*safe\\*.\n\n> Painted lanes are not safe.\n" in text


@given(st.text(alphabet="ab *_`#[]<>()|~-+1.\\&;", max_size=30))
def test_any_words_are_only_words_in_markdown(words: str) -> None:
    shown = MarkdownIt("gfm-like", {"linkify": False}).render(f"> {escaped(words)}")
    inside = re.sub(r"^<blockquote>\n?(?:<p>(.*)</p>\n)?</blockquote>\n$", r"\1", shown, flags=re.DOTALL)
    assert unescape(inside) == unescape(" ".join(words.split()))


# --- addresses that highlight a sentence ------------------------------------------------------------


@pytest.mark.slow
def test_a_browser_finds_the_words(browser: Any, service: Service, tmp_path: Path) -> None:
    """Also where the page does not scroll to the id: only the words tell where to."""
    text = DOCUMENT.format(long=LONG).replace(
        "# Lanes\n", "# Lanes\n\n" + "\n\n".join(f"Town {n} has no lanes." for n in range(60))
    )
    (tmp_path / "lanes.md").write_text(text)
    lanes = open_service(SETTINGS, corpus=tmp_path)
    document = lanes.document("lanes")
    in_view = "id => { const at = document.getElementById(id).getBoundingClientRect(); return at.top >= 0 && at.bottom <= innerHeight }"
    with serving(create_app(lanes.settings, lanes.index)) as address:
        for sentence in document.sentences[-9:]:
            page = browser.new_page(viewport={"width": 900, "height": 400})
            before, _, words = lanes.sentence_url("lanes", sentence.id).partition(":~:")
            page.goto(f"{address}{before.partition('#')[0]}#:~:{words}" if words else address + before)
            page.wait_for_function(in_view, arg=sentence.id)
            page.close()


FRAGMENTS = [
    # (begin of the sentence, the directive, why)
    ("Cycle lanes", "Cycle lanes lower the number of crashes [@reyes].", "once in the document: as it is, without markup"),
    ("Painted lanes are", "Painted lanes are not safe.", "once"),
    ("A study of", "A study of lanes in,lanes did.", None),
    ("Riders said", "Riders said so, twice a day & more – well-known, too.", "characters that mean something are encoded"),
]  # fmt: skip


def directives(document: Document) -> dict[str, str]:
    page = page_words(document)
    return {document.text[s.start : s.end]: text_fragment(page, s) for s in document.sentences}


@pytest.mark.parametrize(("begins", "expected", "why"), [case for case in FRAGMENTS if case[2]])
def test_a_sentence_that_occurs_once(service: Service, begins: str, expected: str, why: str) -> None:
    [found] = [each for text, each in directives(service.document("lanes")).items() if text.startswith(begins)]
    words = found.removeprefix(":~:text=")
    assert not set(words) & set("-,& "), why
    assert unquote(words) == expected, why


def test_a_long_sentence_is_given_by_its_ends(service: Service) -> None:
    """By more words where its first or last ones occur again."""
    [found] = [each for text, each in directives(service.document("lanes")).items() if text.startswith("A study")]
    start, end = map(unquote, found.removeprefix(":~:text=").split(","))
    assert (start, end) == ("A study of lanes in", "a study of lanes did.")


def test_a_sentence_that_occurs_twice_has_words_around_it(service: Service) -> None:
    document = service.document("lanes")
    page = page_words(document)
    twice = [s for s in document.sentences if document.text[s.start : s.end] == "No serious crashes were seen."]
    first, second = (unquote(text_fragment(page, s)) for s in twice)
    assert first == ":~:text=Paint-,No serious crashes were seen."
    assert second == ":~:text=Kerbs-,No serious crashes were seen."


def test_a_sentence_that_nothing_tells_from_others_is_given_by_its_id_alone(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# A\n\n" + "Lanes help.\n\n" * 40)
    document = open_service(SETTINGS, corpus=tmp_path).document("a")
    middle = document.sentences[20]
    assert text_fragment(page_words(document), middle) == ""


def test_a_row_of_a_table_is_given_from_its_first_cell_to_its_last(service: Service) -> None:
    rows = [unquote(each) for text, each in directives(service.document("lanes")).items() if " of 100" in text]
    assert rows == [
        ":~:text=Painted lanes of the,12 of 100",
        ":~:text=Bollards,13 of 100",
        ":~:text=13 of 100-,Kerbs,12 of 100",
    ]


def test_a_sentence_has_an_address(service: Service) -> None:
    sentence = service.document("lanes").sentences[1]
    assert service.sentence_url("lanes", sentence.id).startswith(f"/documents/lanes#{sentence.id}:~:text=")
    with pytest.raises(NotFound):
        service.sentence_url("lanes", "s-none")


@pytest.fixture(scope="module")
def client(service: Service) -> Any:
    return create_app(service.settings, service.index).test_client()


def test_the_link_to_the_words_leads_to_the_sentence(client: Any, service: Service) -> None:
    sentence = service.document("lanes").sentences[1].id
    sent = client.get(f"/documents/lanes/words/{sentence}?version={service.version}")
    assert (sent.status_code, sent.headers["Location"]) == (303, service.sentence_url("lanes", sentence))
    gone = client.get("/documents/lanes/words/s-none")
    assert gone.status_code == 404
    assert 'href="/documents/lanes"' in gone.text, "it was changed or removed, so its document is the next step"
    assert client.get("/documents/none/words/s-none").status_code == 404
    assert client.get(f"/documents/lanes/words/{sentence}?version=0").status_code == 410


ASKED = "/?q=Do+cycle+lanes+lower+the+number+of+crashes%3F"


@pytest.mark.parametrize("address", [ASKED, "/references/reyes"])
def test_every_format_can_be_chosen_without_script(client: Any, address: str) -> None:
    page = client.get(address).text
    links = [unescape(link) for link in re.findall(r'href="(/api/v1/[^"]+)"', page)]
    for ending, _ in TAKE_FORMATS:
        found = [link for link in links if link.partition("?")[0].endswith(f".{ending}")]
        assert found, ending
        for link in found:
            sent = client.get(link)
            assert (sent.status_code, sent.mimetype) == (200, EXPORT_KINDS[ending])
            assert sent.text.strip()


def test_the_page_of_a_work_has_its_entries(client: Any, service: Service) -> None:
    page = unescape(client.get("/references/reyes").text)
    for style in (ama, vancouver, apa):
        assert style(service.reference("reyes").reference.csl) in page


def test_every_style_is_offered() -> None:
    assert set(REFERENCE_STYLES) == {"ama", "vancouver", "apa", "md"}


def test_a_retracted_work_says_so_in_every_format(tmp_path: Path) -> None:
    retraction = {"status": "retracted", "checked": "2026", "date": "2026-03-24", "notice": "https://example.org/n"}
    (tmp_path / "lanes.md").write_text("# Lanes\n\nCycle lanes lower the number of crashes [@reyes].\n")
    (tmp_path / "references.json").write_bytes(orjson.dumps([ARTICLE | {"custom": {"retraction": retraction}}]))
    service = open_service(SETTINGS, corpus=tmp_path)
    for found in (service.ask("Do cycle lanes lower the number of crashes?"), service.reference("reyes")):
        for format in ("bib", "ris", "json", "ama", "vancouver", "apa", "md"):
            assert "retracted" in service.export(found, format).lower(), format
