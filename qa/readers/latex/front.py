r"""What a LaTeX file says about itself: title, authors, date, language, abstract, and files that belong to it."""

from __future__ import annotations

import re
from html import escape

from qa.readers.latex.state import TexDocument
from qa.readers.latex.works import words_of_html

LANGUAGES = {
    "english": "en", "american": "en", "USenglish": "en", "british": "en", "UKenglish": "en", "german": "de",
    "ngerman": "de", "austrian": "de", "naustrian": "de", "french": "fr", "francais": "fr", "frenchb": "fr",
    "spanish": "es", "italian": "it", "portuguese": "pt", "brazil": "pt", "brazilian": "pt", "dutch": "nl",
    "swedish": "sv", "danish": "da", "norsk": "no", "nynorsk": "nn", "finnish": "fi", "polish": "pl", "czech": "cs",
    "russian": "ru", "ukrainian": "uk", "greek": "el", "turkish": "tr", "hungarian": "hu", "catalan": "ca",
}  # fmt: skip


AUTHORS = "Not in the text: addresses of authors, keywords and other front matter."


REMARKS = "Not in the text: remarks for editors."


def take_title(body: TexDocument, name: str) -> None:
    body.source.option()
    body.capture(lambda html: setattr(body, "title", body.title or re.sub(r"<sup>.*?</sup>", "", html)))


def take_author(body: TexDocument, name: str) -> None:
    body.source.option()

    def add(html: str) -> None:
        body.authors += [words_of_html(re.sub(r"<sup>.*?</sup>|\$[^$]*\$", "", html))]

    body.capture(add)


def take_date(body: TexDocument, name: str) -> None:
    body.capture(lambda html: setattr(body, "date", words_of_html(html)))


def use_packages(body: TexDocument, name: str) -> None:
    options = body.source.option() or ""
    package = body.source.argument().strip()
    if package == "babel" or name in ("setdefaultlanguage", "setmainlanguage"):
        named = [each.strip() for each in (options.split(",") if package == "babel" else [package])]
        main = [each.removeprefix("main=") for each in named if each.startswith("main=")]
        known = [LANGUAGES[each] for each in (main or named) if each in LANGUAGES]
        body.language = known[-1] if known else body.language


def leave_front(body: TexDocument, name: str) -> None:
    body.source.option()
    body.lose(AUTHORS, body.source.argument())


def leave_remark(body: TexDocument, name: str) -> None:
    body.source.option()
    body.lose(REMARKS, body.source.argument())


def begin_abstract(body: TexDocument, name: str) -> None:
    body.output.flush()
    body.output.page.heading(body.level, "Abstract")
    body.open(name, body.output.flush)


def take_abstract(body: TexDocument, name: str) -> None:
    """An abstract in braces, which may come before the document proper."""

    def keep(html: str) -> None:
        body.abstract = html
        put_abstract(body)

    body.capture(keep)


def put_abstract(body: TexDocument) -> None:
    if words_of_html(body.abstract):
        body.output.flush()
        body.output.page.heading(body.level, "Abstract")
        body.output.page.block("p", body.abstract)


def name_file(body: TexDocument, name: str) -> None:
    """A file that would be put in this place; it is named, and not opened."""
    body.source.option()
    parts = [body.source.argument() for _ in range(2 if name in ("import", "subimport") else 1)]
    named = "".join(parts).strip()
    if len(named) == 1:  # TeX's own form, without braces
        named += body.source.text[body.source.place : (end := body.source.match_end(re.compile(r"[^\s{}\\]*")))]
        body.source.place = end
    body.files[escape(named, quote=False)[:100]] = None
