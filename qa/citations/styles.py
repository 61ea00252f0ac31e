"""Write a work as an entry of a list of references, in plain text: AMA, Vancouver or APA style.

Nothing is added to what the record has, and titles keep their capitals. A work whose authors are known in part has "et
al."; one without a title is quoted as the document cites it; one that was retracted says so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from qa.citations.export import has_more_authors, named_only, year
from qa.models import CSL
from qa.text.characters import one_line
from qa.text.markdown import link_to_work

ARTICLE_TYPES = frozenset({"article-journal", "article-magazine", "article-newspaper", "article"})
INITIALS = re.compile(r"[^\W\d_]{1,4}")
MOST_IN_AMA, NAMED_IN_AMA = 6, 3
MOST_IN_VANCOUVER = 6
MOST_IN_APA, NAMED_IN_APA = 20, 19


class Person(NamedTuple):
    """A name. `initials` are those of the given names, "J-P" being one; an organisation has only `family`."""

    family: str
    initials: tuple[str, ...] = ()
    suffix: str = ""


class People(NamedTuple):
    """The known authors or editors, and whether there are others."""

    known: tuple[Person, ...]
    others: bool


NOBODY = People((), others=False)

# --- the three styles ------------------------------------------------------------------------------


def ama(csl: CSL) -> str:
    """American Medical Association, 11th edition."""
    by = run_together(people(csl, "author"), MOST_IN_AMA, NAMED_IN_AMA) or edited(csl, ("ed", "eds"))
    made = join_parts(":", published(csl), csl.get("page"))
    where = in_journal(csl) if is_article(csl) else [in_book(csl, ("ed", "eds")), with_stop(made)]
    address = f"doi:{csl['DOI']}" if csl.get("DOI") else csl.get("URL")
    return entry(csl, with_stop(by), with_stop(titled(csl)), *where, address)


def vancouver(csl: CSL) -> str:
    """Vancouver style, as in the samples of the National Library of Medicine."""
    by = run_together(people(csl, "author"), MOST_IN_VANCOUVER, MOST_IN_VANCOUVER) or edited(csl, ("editor", "editors"))
    pages = with_stop(join_parts(" ", "p.", csl.get("page")))
    in_a_book = [in_book(csl, ("editor", "editors")), with_stop(published(csl)), pages]
    where = in_journal(csl) if is_article(csl) else in_a_book
    web = f"Available from: {csl['URL']}" if csl.get("URL") else ""
    address = f"doi: {csl['DOI']}." if csl.get("DOI") else web
    number = f"PMID: {csl['PMID']}." if csl.get("PMID") else ""
    return entry(csl, with_stop(by), with_stop(titled(csl)), *where, address, number)


def apa(csl: CSL) -> str:
    """American Psychological Association, 7th edition."""
    by, when, what = made_by_for_apa(csl), f"({issued_in(csl) or 'n.d.'}).", with_stop(titled(csl))
    first = [with_stop(by), when, what] if by else [what, when]
    pages = csl.get("page", "").replace("-", "–")
    if is_article(csl):
        volume = csl.get("volume", "") + (f"({csl['issue']})" if csl.get("issue") else "")
        journal = csl.get("container-title") or container(csl)
        where = [with_stop(join_parts(", ", journal, volume, pages))]
    else:
        made = csl.get("publisher", "")
        where = [in_book_for_apa(csl, pages), with_stop(made) if made != by else ""]
    return entry(csl, *first, *where, f"https://doi.org/{csl['DOI']}" if csl.get("DOI") else csl.get("URL"))


def markdown(csl: CSL) -> str:
    """An item of a Markdown list, in AMA style, with a link to the work."""
    return f"- {link_to_work(csl, ama(csl))}"


REFERENCE_STYLES: Mapping[str, Callable[[CSL], str]] = {"ama": ama, "vancouver": vancouver, "apa": apa, "md": markdown}


def to_style(name: str, works: Sequence[CSL]) -> str:
    """The works in a style, one a line. Raises KeyError for a style that is not known."""
    return "".join(f"{REFERENCE_STYLES[name](work)}\n" for work in works)


# --- parts of an entry -------------------------------------------------------------------------------


def entry(csl: CSL, *parts: str | None) -> str:
    """The parts as one line; the words of the document for a work without a title."""
    raw = (csl.get("custom") or {}).get("raw")
    return one_line(raw if raw and not csl.get("title") else join_parts(" ", *parts))


def join_parts(between: str, *parts: str | None) -> str:
    """The parts that there are. A part that only announces the next ("p.") is dropped with it."""
    if parts[0] == "p." and not any(parts[1:]):
        return ""
    return between.join(part for part in parts if part)


def with_stop(part: str) -> str:
    """The part with a full stop, unless it ends in a mark that ends a sentence."""
    part = part.strip()
    return part if not part or part[-1] in ".?!…" else f"{part}."


def is_article(csl: CSL) -> bool:
    return csl.get("type") in ARTICLE_TYPES


def container(csl: CSL) -> str:
    return str(csl.get("container-title-short") or csl.get("container-title") or "")


def titled(csl: CSL) -> str:
    """The title, with what has become of the work if it was retracted."""
    retracted = ((csl.get("custom") or {}).get("retraction") or {}).get("status") == "retracted"
    return join_parts(
        " ", str(csl.get("title", "")).rstrip(".") if retracted else csl.get("title"), "[retracted]" * retracted
    )


def in_journal(csl: CSL) -> list[str]:
    """The journal, and the place in it: "2022;179(2):152-162.", as far as known."""
    issue = f"({csl['issue']})" if csl.get("issue") else ""
    date = join_parts(";", issued_in(csl), f"{csl.get('volume', '')}{issue}")
    return [with_stop(container(csl)), with_stop(join_parts(":", date, csl.get("page")))]


def published(csl: CSL) -> str:
    """ "Accra: Roads Institute; 2020", as far as known."""
    return join_parts("; ", join_parts(": ", csl.get("publisher-place"), csl.get("publisher")), issued_in(csl))


def issued_in(csl: CSL) -> str:
    """The year, or else the words that are known instead ("in press")."""
    return year(csl) or str(csl.get("issued", {}).get("literal", ""))


def edited(csl: CSL, words: tuple[str, str]) -> str:
    """The editors of a whole book; `words` are what one and several of them are called."""
    editors = people(csl, "editor") if not csl.get("container-title") else NOBODY
    role = words[len(editors.known) > 1 or editors.others]
    return f"{run_together(editors, MOST_IN_AMA, NAMED_IN_AMA)}, {role}" if editors.known else ""


def made_by_for_apa(csl: CSL) -> str:
    if by := listed_for_apa(people(csl, "author")):
        return by
    editors = people(csl, "editor") if not csl.get("container-title") else NOBODY
    return f"{listed_for_apa(editors)} ({'Eds.' if len(editors.known) > 1 else 'Ed.'})" if editors.known else ""


def in_book(csl: CSL, words: tuple[str, str]) -> str:
    """The book that a chapter is in, with its editors; `words` are what one and several of them are called."""
    book = csl.get("container-title", "")
    editors = people(csl, "editor")
    by = run_together(editors, MOST_IN_AMA, NAMED_IN_AMA)
    role = words[len(editors.known) > 1 or editors.others]
    return join_parts(" ", "In:", with_stop(f"{by}, {role}") if by else "", with_stop(book)) if book else ""


def in_book_for_apa(csl: CSL, pages: str) -> str:
    book, editors = csl.get("container-title", ""), people(csl, "editor")
    by = " & ".join(join_parts(" ", spaced(person), person.family) for person in editors.known)
    role = "Eds." if len(editors.known) > 1 else "Ed."
    at = f"(pp. {pages})" if pages else ""
    return with_stop(join_parts(" ", "In", f"{by} ({role})," if by else "", book, at)) if book else at and f"{at}."


# --- people ------------------------------------------------------------------------------------------


def people(csl: CSL, role: str) -> People:
    """The authors or editors; `role` is their key."""
    given = csl.get(role, ())
    known = named_only(given)
    others = has_more_authors(csl) if role == "author" else len(known) < len(given)
    return People(tuple(map(name_parts, known)), bool(known) and others)


def name_parts(name: Mapping[str, Any]) -> Person:
    if "literal" in name:
        return Person(str(name["literal"]))
    before = (name.get("dropping-particle"), name.get("non-dropping-particle"), name.get("family"))
    return Person(join_parts(" ", *before), tuple(initials(str(name.get("given", "")))), str(name.get("suffix", "")))


def initials(given: str) -> Iterator[str]:
    """The initials of given names: of "Mary-Ann B." "M-A" and "B"; letters without full stops are initials already."""
    if INITIALS.fullmatch(given) and given.isupper():
        yield from given
        return
    for word in given.replace(".", " ").split():
        parts = [part[0] for part in re.split("[-‐‑]", word) if part]
        yield "-".join(parts)


def together(person: Person) -> str:
    """ "Grabski MA"."""
    return join_parts(" ", person.family, "".join(person.initials).replace("-", ""), person.suffix)


def spaced(person: Person) -> str:
    """ "M. A."."""
    return " ".join(f"{each.replace('-', '.-')}." for each in person.initials)


def run_together(by: People, most: int, named: int) -> str:
    """Names without full stops, separated by commas: of more than `most`, the first `named`."""
    shown = by.known if len(by.known) <= most else by.known[:named]
    more = "et al" if by.others or len(shown) < len(by.known) else ""
    return join_parts(", ", *map(together, shown), more)


def listed_for_apa(by: People) -> str:
    """Names with full stops and an ampersand; of more than twenty, the first nineteen and the last."""
    names = [join_parts(", ", person.family, spaced(person), person.suffix) for person in by.known]
    if by.others:
        return join_parts(", ", *names[:MOST_IN_APA], "et al.")
    if len(names) > MOST_IN_APA:
        return f"{', '.join(names[:NAMED_IN_APA])}, . . . {names[-1]}"
    return f"{', '.join(names[:-1])}, & {names[-1]}" if len(names) > 1 else "".join(names)
