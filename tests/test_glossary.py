"""The owner's glossary: which of its terms occur in what is shown."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from qa.corpus import open_corpus
from qa.editing.check import check
from qa.engine import open_service
from qa.indexing.ingest import annotate
from qa.models import GlossaryEntry
from qa.settings import Settings
from qa.views.glossary import glossary_with
from qa.web import create_app
from testkit.page_reading import texts

ROOT = Path(__file__).parent.parent

CASES = [
    # (terms with their forms, text, terms found, why)
    (["Placebo"], "Half got a placebo.", ["Placebo"], "capitals do not matter"),
    (["placebo"], "PLACEBOS were given.", ["placebo"], "nor does number"),
    (["Randomised"], "A randomized trial.", ["Randomised"], "nor the spelling of another country"),
    (["OR"], "Tea or coffee, and an OR of 2.", ["OR"], "an abbreviation in capitals"),
    (["OR"], "Tea or coffee.", [], "an abbreviation is not an everyday word"),
    (["OR"], "Both ORs were below 1.", ["OR"], "the plural of an abbreviation"),
    (["use disorder", "alcohol use disorder"], "Alcohol use disorder is common.", ["alcohol use disorder"], "longest"),
    (["Relapse|relapsed"], "They relapsed.", ["Relapse"], "by another form"),
    (["odds ratio"], "odds\nratio", ["odds ratio"], "over a line end"),
    (["odds ratio"], "the odds of a ratio", [], "the words of a phrase are adjacent"),
    (["b", "A"], "A and b, then A.", ["A", "b"], "in order of appearance, each once"),
    (["n"], "N people, n = 5", ["n"], "a letter is found as written"),
    (["in"], "within", [], "whole words"),
    (["β-blocker"], "a β-blocker", ["β-blocker"], "other alphabets"),
]


@pytest.mark.parametrize(("terms", "text", "found", "why"), CASES)
def test_terms_that_occur(terms: list[str], text: str, found: list[str], why: str) -> None:
    split = [term.split("|") for term in terms]
    glossary = glossary_with(GlossaryEntry(term, "M", None, tuple(forms)) for term, *forms in split)
    assert [each.term for each in glossary.occurring([text])] == found, why


def test_every_term_has_a_place_of_its_own() -> None:
    """On the page: readable where the term can be written in plain letters, and never twice."""
    terms = ["Odds ratio", "odds: ratio", "Été", "比", "2", "<b>"]
    places = [each.id for each in glossary_with(GlossaryEntry(term, "M") for term in terms).terms]
    assert places == ["odds-ratio", "odds-ratio-2", "ete", "term-4", "2", "b"]


@pytest.fixture(scope="module")
def client() -> Any:
    service = open_service(Settings(corpus=ROOT / "corpus", encoder="off"))
    return create_app(service.settings, service.index).test_client()


def test_an_answer_has_the_terms_of_its_passages(client: Any) -> None:
    known = client.get("/api/v1/glossary").json
    assert len(known) > 5
    answer = client.get("/api/v1/ask?q=Does+ketamine+lower+the+odds+of+relapse%3F").json
    shown = " ".join(sentence["plain"] for hit in answer["answers"] for sentence in hit["sentences"]).lower()
    assert {"Odds", "Relapse"} <= {term["term"] for term in answer["glossary"]}
    for term in answer["glossary"]:
        assert term in known
        assert any(form.lower()[:7] in shown for form in (term["term"], *term["forms"])), term
    assert client.get("/api/v1/ask?q=What+is+the+capital+of+France%3F").json["glossary"] == []


def test_quotations_are_not_changed_by_a_glossary(client: Any) -> None:
    page = client.get("/documents/ketamine-substance-use-disorders").text
    assert "Intravenous: given into a vein." not in page
    assert texts(page, "article")


def test_check_names_terms_that_help_nobody(tmp_path: Path) -> None:
    """Terms that are in no document, and meanings without a source."""
    (tmp_path / "a.md").write_text("# A\n\nCherries helped.\n")
    (tmp_path / "glossary.toml").write_text(
        '[[term]]\nterm = "Cherry"\nmeaning = "A fruit."\nsource = "S"\n\n'
        '[[term]]\nterm = "Plum"\nmeaning = "A fruit."\nsource = "S"\n\n'
        '[[term]]\nterm = "Helped"\nmeaning = "Was of use."\n'
    )
    corpus = open_corpus(tmp_path)
    found = [(f.kind, f.line, f.text) for f in check(corpus, annotate(corpus)) if f.file == "glossary.toml"]
    assert found == [("term that is not used", 6, "Plum"), ("term without source", 11, "Helped")]
