"""Works that a JATS article cites, from the elements of their entries: CSL-JSON, and a line of text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from qa.models import CSL
from qa.readers.xml import XLINK_HREF, Element, attribute, element_names, first_text, flat

TYPES = {
    "journal": "article-journal",
    "book": "book",
    "chapter": "chapter",
    "confproc": "paper-conference",
    "conf-proc": "paper-conference",
    "conference": "paper-conference",
    "thesis": "thesis",
    "report": "report",
    "gov": "report",
    "patent": "patent",
    "preprint": "article",
    "data": "dataset",
    "software": "software",
    "web": "webpage",
    "webpage": "webpage",
    "website": "webpage",
}
IDENTIFIERS = {"doi": "DOI", "pmid": "PMID", "pmcid": "PMCID", "pmc": "PMCID"}
# Elements whose words are in the line that is made of a citation.
IN_LINE = element_names(
    "article-title chapter-title collab data-title day elocation-id etal fpage issue label lpage month name "
    "part-title person-group pub-id publisher-loc publisher-name season source string-name volume year"
)
YEAR = re.compile(r"\d{4}")


def work_of(citation: Element) -> CSL:
    """The fields of a citation; empty if it has no elements to take them from."""
    title = first_text(citation, ".//article-title", ".//chapter-title", ".//part-title", ".//data-title")
    source = first_text(citation, ".//source")
    kind = attribute(citation, "publication-type") or attribute(citation, "citation-type")
    csl: dict[str, Any] = {
        "title": title or source,
        "container-title": source if title else "",
        "author": list(people_named(citation, "author")),
        "editor": list(people_named(citation, "editor")),
        "volume": first_text(citation, ".//volume"),
        "issue": first_text(citation, ".//issue"),
        "page": pages(citation),
        "edition": first_text(citation, ".//edition"),
        "publisher": first_text(citation, ".//publisher-name"),
        "publisher-place": first_text(citation, ".//publisher-loc"),
        "URL": address(citation),
    }
    if year := YEAR.search(first_text(citation, ".//year")):
        csl["issued"] = {"date-parts": [[int(year[0])]]}
    for id in citation.iter("pub-id"):
        if name := IDENTIFIERS.get(attribute(id, "pub-id-type")):
            csl[name] = flat(id)
    csl = {key: value for key, value in csl.items() if value}
    return {"type": TYPES.get(kind) or ("article-journal" if title and source else "document"), **csl} if csl else {}


def people_named(citation: Element, role: str) -> Iterator[dict[str, str]]:
    """The names of a role; names outside groups are those of the authors."""
    for name in citation.iter("name", "collab", "string-name"):
        group = next(name.iterancestors("person-group"), None)
        if (attribute(group, "person-group-type") or "author") != role or name.find("name") is not None:
            continue
        family = flat(name.find("surname"))
        if family and name.tag != "collab":
            parts = {"family": family, "given": flat(name.find("given-names")), "suffix": flat(name.find("suffix"))}
            yield {key: value for key, value in parts.items() if value}
        elif flat(name):
            yield {"literal": flat(name)}


def pages(citation: Element) -> str:
    first, last = first_text(citation, ".//fpage"), first_text(citation, ".//lpage")
    if not first:
        return first_text(citation, ".//elocation-id", ".//page-range")
    return f"{first}-{last}" if last and last != first else first


def address(citation: Element) -> str:
    links = (attribute(link, XLINK_HREF) or flat(link) for link in citation.iter("ext-link", "uri"))
    return next((link for link in links if link.startswith(("http:", "https:"))), "")


def line_of_work(citation: Element, csl: CSL) -> str:
    """A reference string for a citation that has only elements, with all their words."""
    people_of: list[dict[str, str]] = csl.get("author") or csl.get("editor") or []
    names = ", ".join(whole_name(name) for name in people_of)
    day = " ".join(text for part in ("year", "month", "day", "season") if (text := first_text(citation, f".//{part}")))
    issue = f"({csl['issue']})" if "issue" in csl else ""
    place = f"{csl.get('volume', '')}{issue}" + (f":{csl['page']}" if "page" in csl else "")
    where = " ".join(part for part in (csl.get("container-title", ""), place) if part)
    publisher = ", ".join(csl[key] for key in ("publisher-place", "publisher") if key in csl)
    rest = [flat(child) for child in citation if child.tag not in IN_LINE]
    head = [f"{names} ({day})" if names and day else names or day]
    sentences = [part for part in (*head, csl.get("title", ""), where, publisher, *rest) if part]
    ids = [f"{word}{csl[key]}" for key, word in (("DOI", "doi:"), ("PMID", "PMID: "), ("URL", "")) if key in csl]
    ended = [f"{part.rstrip('.')}{'' if part.endswith(('?', '!')) else '.'}" for part in sentences]
    return " ".join([*ended, *ids])


def whole_name(name: dict[str, str]) -> str:
    return name.get("literal") or " ".join(name[part] for part in ("family", "given", "suffix") if part in name)
