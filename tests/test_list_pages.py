"""The pages of lists: sorted and filtered by links, page and JSON agree, every link does what it says."""

from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from qa.engine import open_service
from qa.messages import MESSAGES, say
from qa.retrieval.fitted import fitted
from qa.settings import Settings
from qa.web import create_app
from testkit.page_reading import addresses, read, texts
from tests.test_lists import CONDITIONS, DOCUMENTS, TEXTS, WORKS, work

ROOT = Path(__file__).parent.parent
MANY = 120  # works


def write_corpus(folder: Path, works: list[dict[str, Any]]) -> Path:
    (folder / "documents").mkdir(parents=True)
    for name, text in TEXTS.items():
        (folder / "documents" / name).write_text(text)
    (folder / "documents.toml").write_text(DOCUMENTS)
    (folder / "conditions.toml").write_text(CONDITIONS)
    (folder / "references.json").write_text(json.dumps(works))
    return folder


def client_of(folder: Path) -> Any:
    service = open_service(Settings(corpus=folder, encoder="off"))
    return create_app(service.settings, service.index).test_client()


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return client_of(write_corpus(tmp_path_factory.mktemp("pages") / "few", WORKS))


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A list with more works than fit on a page, from more years than are shown at once."""
    works = [*WORKS, *(work(f"w{n}", f"Name{n:03}", 1900 + n % 70, title=f"Study {n}") for n in range(MANY))]
    return client_of(write_corpus(tmp_path_factory.mktemp("pages") / "many", works))


@pytest.fixture(scope="module")
def shipped() -> Any:
    return client_of(ROOT / "corpus")


def entries(page: str) -> list[str]:
    """The addresses of the entries of a list."""
    rows = re.findall(r'<th scope="row"[^>]*><a href="([^"]+)"', page)
    return [unescape(row) for row in rows]


PAGES = [
    # (address, the same in the API, why)
    ("/documents", "documents", "all, in the order of the owner"),
    ("/documents?sort=title&order=desc", "documents?sort=title&order=desc", "sorted"),
    ("/references", "references?sort=author", "by author unless asked otherwise"),
    ("/references?year=2019&kind=Trial", "references?year=2019&kind=Trial&sort=author", "filtered"),
    ("/references?sort=year&limit=2&page=2", "references?sort=year&limit=2&page=2", "a page"),
    ("/references?page=99", "references?sort=author", "beyond the last page is the last page"),
    ("/references?utm_source=x", "references?sort=author", "what others add to links is ignored"),
]


@pytest.mark.parametrize(("address", "same", "why"), PAGES)
def test_page_and_json_agree(client: Any, address: str, same: str, why: str) -> None:
    page = client.get(address)
    assert page.status_code == 200
    listed = client.get(f"/api/v1/{same}").json
    assert entries(page.text) == [each.get("url") or each["document"]["url"] for each in listed], why
    [alternate] = [a["href"] for tag, a in read(page.text, "html").elements if a.get("type") == "application/json"]
    assert client.get(alternate).status_code == 200


def test_everything_on_the_page_is_in_the_json(shipped: Any) -> None:
    """Facts, counts, verdicts: each row of the page shows what the entry of the JSON has."""
    page = shipped.get("/references").text
    rows = texts(page, "tr")[1:]
    works = shipped.get("/api/v1/references?sort=author").json
    assert len(rows) == len(works) == 4
    for row, each in zip(rows, works, strict=True):
        assert each["csl"]["title"] in row
        assert each["facts"]["line"] in row
        assert str(each["facts"]["year"]) in row
        assert str(each["sentences"]) in row
        for level, n in each["verdicts"].items():
            assert MESSAGES["tally"][level].format(n=n) in row
    assert any(each["verdicts"].get("disputed") for each in works)


REFUSED = [("/references?sort=size", 422), ("/documents?order=up", 422), ("/conditions?page=0", 422)]
REFUSED += [
    ("/references?condition=none", 422),
    ("/documents?version=gone", 410),
    ("/references?year=1&sort=a&sort=b", 422),
]


@pytest.mark.parametrize(("address", "status"), REFUSED)
def test_what_cannot_be_shown_is_explained(client: Any, address: str, status: int) -> None:
    response = client.get(address)
    assert response.status_code == status
    assert "<textarea" in response.text, "with the question box"


def test_nothing_that_was_sent_is_repeated(client: Any) -> None:
    page = client.get("/references", query_string={"year": "<b>zz</b>", "kind": "zz\u202e"}).text
    assert "zz</b>" not in page
    assert "zz" not in re.sub(r'href="[^"]*"', "", page)
    assert MESSAGES["list"]["unknown"] in page
    assert MESSAGES["list"]["nothing"] in page


# --- links ---------------------------------------------------------------------------------------


def test_a_column_is_sorted_by_a_link_and_turned_round_by_another(client: Any) -> None:
    now, orders = "/references", []
    for _ in range(3):
        [head] = re.findall("<thead>.*</thead>", client.get(now).text)
        link = next(url for url in addresses(head) if "sort=year" in url)
        page = client.get(link).text
        [state] = [a["aria-sort"] for tag, a in read(page, "html").elements if a.get("aria-sort")]
        orders.append((state, entries(page)[0]))
        now = link
    assert orders == [
        ("descending", "/references/moss"),
        ("ascending", "/references/reyes"),
        ("descending", "/references/moss"),
    ]


def test_a_value_leads_to_as_many_entries_as_it_says(long: Any) -> None:
    """Every link of every facet, also beside other filters."""
    tried = 0
    for address in ("/references", "/references?year=1950", "/references?kind=Trial&sort=title"):
        page = long.get(address).text
        for link, count in re.findall(r'<a rel="nofollow" href="([^"]+)">[^<]+<span class="n">([\d,]+)</span>', page):
            assert long.get(f"/api/v1/facets{unescape(link)}").json["total"] == int(count.replace(",", ""))
            assert ("sort=title" in link) == ("sort=title" in address), "the order stays"
            tried += 1
    assert tried > 20


def test_filters_are_removed_one_by_one(client: Any) -> None:
    page = client.get("/references?year=2019&year=2020&kind=Trial&sort=year").text
    buttons = [
        (a["aria-label"], dict.fromkeys(parse_qsl(urlsplit(a["href"] or "").query)))
        for tag, a in read(page, "html").elements
        if tag == "a" and a.get("class") == "button"
    ]
    assert [label for label, _ in buttons] == [
        f"Remove the filter {name}" for name in ("Year: 2019", "Year: 2020", "Kind: Trial")
    ]
    kept = [list(sent) for _, sent in buttons]
    assert sorted(kept[0]) == [("kind", "Trial"), ("sort", "year"), ("year", "2020")]
    assert sorted(kept[2]) == [("sort", "year"), ("year", "2019"), ("year", "2020")]
    [everything] = [url for url in addresses(page) if url == "/references?sort=year"]
    assert len(entries(client.get(everything).text)) == len(WORKS)


def test_pages_of_a_long_list(long: Any) -> None:
    """Going from page to page shows every work once."""
    now, seen, pages = "/references?sort=title", [], 0
    while now:
        page = long.get(now).text
        seen += entries(page)
        pages += 1
        following = [a["href"] for tag, a in read(page, "html").elements if tag == "a" and a.get("rel") == "next"]
        now = str(following[0]) if following else ""
    assert pages == 3
    assert len(seen) == len(set(seen)) == MANY + len(WORKS)


def test_long_facets_are_folded(long: Any) -> None:
    page = long.get("/references").text
    assert len(texts(page, "details")) == 1
    assert len(long.get("/references").data) < 100_000


def test_lists_need_no_script(long: Any) -> None:
    page = long.get("/references").text
    assert page.count("<script") == 1
    assert not re.search(r"<(select|input type=.?checkbox)", page)


# --- places --------------------------------------------------------------------------------------


def test_every_page_leads_to_every_list(client: Any, shipped: Any, tmp_path: Path) -> None:
    """Also pages of errors; a list that would be empty has no place."""
    for page in ("/", "/?q=gout", "/documents/a", "/references/moss", "/nowhere", "/about", "/api"):
        places = addresses(client.get(page).text)
        assert {"/", "/documents", "/references", "/conditions", "/about"} <= set(places), page
    (tmp_path / "a.md").write_text("# A\n\nNo list of anything.\n")
    places = addresses(client_of(tmp_path).get("/").text)
    assert {"/documents", "/about"} <= set(places)
    assert not {"/references", "/conditions"} & set(places)
    assert ">Conditions</a>" in shipped.get("/").text, "the owner's word"


def test_about_says_how_documents_were_read_and_how_sure_answers_are(client: Any, tmp_path: Path) -> None:
    about = client.get("/api/v1/about").json
    page = unescape(client.get("/about").text)
    certain = f"{about['answer_from']:.0%}".replace("%", " percent")
    assert about["formats"] == [{"format": "md", "documents": 3, "extracted": False, "trouble": 0}]
    for shown in (about["version"], about["owner"], about["release"], about["licence"], certain):
        assert shown in page
    assert about["answer_from"] == fitted().answer_from["meaning" if about["encoder"] == "on" else "words"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", about["published"])
    assert MESSAGES["about"]["not_measured"] in page
    assert about["licences"] == [{"licence": None, "documents": 3}]
    assert say("about.no_licence_other", n=3) in page
    assert MESSAGES["form"]["not_kept"] in page
    folder = write_corpus(tmp_path / "measured", WORKS)
    (folder / "site.toml").write_text('measured = "https://example.org/figures"\n')
    assert "https://example.org/figures" in addresses(client_of(folder).get("/about").text)


def test_list_pages_are_cached_as_others(client: Any) -> None:
    for address in ("/documents", "/references?year=2019", "/about", "/glossary"):
        first = client.get(address)
        assert first.headers["Cache-Control"] == "no-cache"
        assert client.get(address, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
