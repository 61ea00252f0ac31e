"""The interface can be translated: with every message in an invented language, no English of ours is left on a page."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from qa.answer import answer
from qa.messages import MESSAGES, say
from qa.settings import Settings
from qa.understanding.context import context_of
from qa.web import create_app
from testkit.corpora import SHIPPED, shipped
from testkit.page_reading import texts

BEGIN, END = "⟦", "⟧"
# The owner's and visitors' words, names of formats, and the lists of words that the package has for English.
NAMES = {"bibtex", "ris", "csl", "json", "csv", "ama", "vancouver", "apa", "markdown", "doi", "pubmed", "and", "or"}
NAMES |= {"apache"}  # a licence

PAGES = [
    ("/", "the first page"),
    ("/?q=Does+ketamine+help+people+stop+drinking%3F", "an answer"),
    ("/?q=What+does+ketamine+cost+for+alcohol+and+cocaine%3F", "an aspect that no passage covers"),
    ("/?q=Can+ketamine+help+someone+stop+gambling%3F", "a condition that is not covered"),
    ("/?q=Does+prostate+cancer+respond%3F", "an illness that the vocabulary lacks"),
    ("/?q=Does+psilocybin+help%3F", "a treatment that is not covered"),
    ("/?q=What+is+the+price+of+a+house%3F", "off topic"),
    ("/?q=%C2%BFAyuda+la+ketamina+a+dejar+de+beber+alcohol%3F", "another language"),
    ("/?q=what+is+it", "no words to search for"),
    ("/?q=does+ketamnie+help%3F+And+how+many+infusions+were+given%3F", "a correction and two questions"),
    ("/?q=ketamine&condition=cocaine-use-disorder", "a filter"),
    ("/?q=ketamine&condition=nothing", "an unknown condition"),
    ("/?q=", "an empty question"),
    ("/?q=" + "a" * 1001, "a question that is too long"),
    ("/?q=a%00b", "a control character"),
    ("/?q=a&q=b", "a parameter given twice"),
    ("/?q=ketamine&version=0000000000000000", "a version that is gone"),
    ("/nope", "no page"),
    ("/references/nope", "no reference"),
    ("/coverage", "coverage"),
    ("/documents/ketamine-substance-use-disorders", "a document"),
    ("/references/grabski2022", "a reference"),
    ("/documents", "documents"),
    ("/references?year=2022&kind=Randomised+trial", "sources"),
    ("/references?year=1900", "no sources"),
    ("/references?sort=size", "an unknown column"),
    ("/conditions", "conditions"),
    ("/glossary", "the glossary"),
    ("/about", "about the service"),
]


def invented(message: str) -> str:
    """The message in the invented language; what is filled in stays."""
    parts = re.split(r"(\{\w+\})", message)
    return BEGIN + "".join(part if part.startswith("{") else part.replace("e", "ë") for part in parts) + END


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Any:
    for section, messages in MESSAGES.items():
        for key, message in messages.items():
            if section != "date" and (section, key) != ("site", "language"):
                monkeypatch.setitem(messages, key, invented(message))
    return create_app(Settings(corpus=SHIPPED), shipped()).test_client()


def words_of_others() -> set[str]:
    """Words that are not the interface's: those of the corpus and of the package's lists."""
    files = [path for path in SHIPPED.rglob("*") if path.is_file()]
    files += [Path(__file__).parent.parent / "qa" / "data" / name for name in ("aspects.toml", "languages.txt")]
    found = " ".join(path.read_text("utf-8") for path in files)
    conditions = " ".join(condition.label for condition in context_of(shipped()).covered)
    conditions += f" {MESSAGES['date']['months']}"  # which stay as they are, as the date of publishing has one
    conditions += f" {shipped().manifest.version}"  # whose letters may look like words
    return set(re.findall(r"[^\W\d_]+", f"{found} {conditions}".casefold())) | NAMES


def left_in_english(page: str, asked: str) -> set[str]:
    """Words of a page outside all messages, which neither the visitor nor an owner wrote."""
    text = " ".join(texts(page.replace("<", " <"), "body"))
    while (without := re.sub(f"{BEGIN}[^{BEGIN}{END}]*{END}", " ", text)) != text:
        text = without
    words = set(re.findall(r"[^\W\d_]{3,}", text.casefold()))
    return words - words_of_others() - set(re.findall(r"[^\W\d_]+", asked.casefold()))


@pytest.mark.parametrize(("address", "what"), PAGES, ids=[what for _, what in PAGES])
def test_no_sentence_of_the_interface_stays_english(client: Any, address: str, what: str) -> None:
    page = client.get(address).text
    assert BEGIN in page
    assert left_in_english(page, address) == set(), what


def test_a_sentence_outside_the_messages_would_be_found(client: Any) -> None:
    page = client.get("/").text.replace("</main>", "<p>Untranslatable greetings</p></main>")
    assert left_in_english(page, "/") == {"untranslatable", "greetings"}


def test_the_reason_in_the_json_is_a_message_too(client: Any) -> None:
    """For programs in another language that show it."""
    found = answer("Can ketamine help someone stop gambling?", shipped())
    assert found.abstention
    assert found.abstention.message.startswith(BEGIN)


@pytest.mark.parametrize("name", ["hit.dated_by_owner", "question.too_long"])
def test_placeholders_are_filled_in_whatever_the_language(client: Any, name: str) -> None:
    assert "2026" in say(name, date="2026", limit="2026")
