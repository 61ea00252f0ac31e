"""Export references and quotations for reference managers: CSL-JSON, BibTeX, RIS.

CSL-JSON is the internal format; the other two are mapped from its fields. RIS tags follow rispy's tag list; BibTeX
fields follow Patashnik's "BibTeXing" (1988) plus `doi`, `url` and `note`, which all current styles support.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import orjson
import rispy
from bibtexparser import write_string
from bibtexparser.library import Library
from bibtexparser.model import Entry, Field

from qa.models import CSL
from qa.text.characters import is_balanced, one_line, visible_json

# CSL type -> (BibTeX entry type, RIS type). Other types are exported as miscellaneous, never as an article.
TYPES = {
    "article-journal": ("article", "JOUR"),
    "article": ("unpublished", "UNPB"),
    "book": ("book", "BOOK"),
    "chapter": ("incollection", "CHAP"),
    "paper-conference": ("inproceedings", "CONF"),
    "report": ("techreport", "RPRT"),
    "thesis": ("phdthesis", "THES"),
    "legislation": ("misc", "STAT"),
    "webpage": ("misc", "ELEC"),
}
ET_AL = "et al."  # last entry of an incomplete list of authors
BIBTEX_FIELDS = {
    "title": "title",
    "container-title": "journal",
    "publisher": "publisher",
    "publisher-place": "address",
    "edition": "edition",
    "volume": "volume",
    "issue": "number",
    "DOI": "doi",
    "URL": "url",
    "note": "note",
}
RIS_FIELDS = {
    "title": "title",
    "publisher": "publisher",
    "publisher-place": "place_published",
    "edition": "edition",
    "volume": "volume",
    "issue": "number",
    "DOI": "doi",
    "PMID": "accession_number",
}


def to_csl_json(items: Sequence[CSL]) -> str:
    """A CSL-JSON array; our extensions are under `custom`, as the schema allows."""
    return visible_json(orjson.dumps(list(items), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)).decode()


def to_bibtex(items: Sequence[CSL]) -> str:
    """BibTeX entries, escaped so that TeX prints the text as given."""
    library = Library([bibtex_entry(item) for item in items])
    return str(write_string(library))


def bibtex_entry(item: CSL) -> Entry:
    kind, _ = TYPES.get(item.get("type", ""), ("misc", ""))
    container_names = {"incollection": "booktitle", "inproceedings": "booktitle", "techreport": "institution"}
    publisher_names = {"techreport": "institution", "phdthesis": "school"}
    fields = {name: item[key] for key, name in BIBTEX_FIELDS.items() if item.get(key)}
    if kind in container_names and "journal" in fields:
        fields[container_names[kind]] = fields.pop("journal")
    if kind in publisher_names and "publisher" in fields:
        fields[publisher_names[kind]] = fields.pop("publisher")
    names = [bibtex_name(name) for name in item.get("author", ())]
    unnamed = ["others"] if has_more_authors(item) and "others" not in names else []
    fields |= {"author": " and ".join([*names, *unnamed]), "year": year(item)}
    fields |= {"editor": " and ".join(bibtex_name(name) for name in item.get("editor", ()))}
    fields |= {"pages": re.sub(r"[-–]+", "--", str(item.get("page", ""))), "pmid": item.get("PMID", "")}
    escaped = {
        name: value if name in ("author", "editor") else tex(name, value) for name, value in fields.items() if value
    }
    # Extra braces preserve capitals in titles; the writer adds the outer pair to every value.
    escaped |= {"title": f"{{{escaped['title']}}}"} if "title" in escaped else {}
    return Entry(kind, bibtex_key(item["id"]), [Field(name, value) for name, value in escaped.items()])


def has_more_authors(item: CSL) -> bool:
    """Whether a work has authors whose names are not known."""
    custom = item.get("custom") or {}
    unnamed = any(name.get("literal") == ET_AL for name in item.get("author", ()))
    return bool(custom.get("etAl")) or unnamed or (custom.get("certainty") or {}).get("author") == "first author only"


def named_only(names: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The names without "et al."."""
    return [name for name in names if name.get("literal") != ET_AL]


def bibtex_name(name: dict[str, Any]) -> str:
    """A person as `Family, Given`, an organisation in braces so that it is not split, "et al." as `others`."""
    if "literal" in name:
        return "others" if name["literal"] == ET_AL else f"{{{tex('author', name['literal'])}}}"
    return tex("author", family_first(name))


def family_first(name: dict[str, Any]) -> str:
    family = " ".join(filter(None, (name.get("non-dropping-particle"), name.get("family"))))
    return ", ".join(filter(None, (family, name.get("given"))))


def bibtex_key(id: str) -> str:
    """A citation key of ASCII letters, digits and `:_.-` only, which every BibTeX implementation accepts."""
    plain = unicodedata.normalize("NFKD", id).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9:_.-]+", "-", plain).strip("-") or "work"


TEX = {"\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
TEX |= {character: f"\\{character}" for character in "&%$#_"}
# BibTeX counts escaped braces too, so unmatched ones are written as commands.
UNMATCHED = TEX | {"{": r"\textbraceleft{}", "}": r"\textbraceright{}"}
FOR_PROGRAMS = {"doi", "url", "pmid"}
# Percent-encode characters that would end the field or break the entry.
IN_ADDRESS = str.maketrans({character: f"%{ord(character):02X}" for character in ' "\\{}'})


def tex(field: str, value: object) -> str:
    """A field value escaped for TeX; identifiers are percent-encoded instead, because programs read them, not TeX."""
    text = one_line(value)
    if field in FOR_PROGRAMS:
        return text.translate(IN_ADDRESS)
    escapes = TEX if is_balanced(text) else UNMATCHED
    return "".join(escapes.get(character, character) for character in text)


class WithoutNumbers(rispy.RisWriter):  # type: ignore[misc]  # rispy publishes no types
    """Without the "1." that rispy writes above each record, which is not part of the format."""

    def set_header(self, count: int) -> str:
        return ""


def to_ris(items: Sequence[CSL]) -> str:
    """RIS records. Each value is on one line, since a line break would start a new tag."""
    written = str(rispy.dumps([ris_record(item) for item in items], implementation=WithoutNumbers))
    return re.sub(r"\n{2,}", "\n\n", written).lstrip("\n")


def ris_record(item: CSL) -> dict[str, Any]:
    record: dict[str, Any] = {"type_of_reference": TYPES.get(item.get("type", ""), ("", "GEN"))[1]}
    record |= {name: one_line(item[key]) for key, name in RIS_FIELDS.items() if item.get(key)}
    record |= container_fields(item, record["type_of_reference"]) | {"id": one_line(item["id"]), "year": year(item)}
    for people, key in (("author", "authors"), ("editor", "secondary_authors")):
        names = [one_line(name.get("literal") or family_first(name)) for name in item.get(people, ())]
        record[key] = [name for name in names if name != ET_AL]
    start, _, end = one_line(item.get("page", "")).replace("–", "-").partition("-")
    record |= {"start_page": start, "end_page": end}
    # Reference managers list records by title; without one, use the raw reference or a description.
    record["title"] = record.get("title") or one_line((item.get("custom") or {}).get("raw") or substitute_title(record))
    record["urls"] = [one_line(item["URL"])] if item.get("URL") else []
    record["notes"] = [one_line(line) for line in str(item.get("note", "")).splitlines() if line.strip()]
    return {key: value for key, value in record.items() if value}


def substitute_title(record: Mapping[str, Any]) -> str:
    """A title for a record without one: author, journal, year, volume and first page as far as known, or its id."""
    journals = [record.get(key, "") for key in ("alternate_title3", "alternate_title2", "secondary_title")]
    journal = next(filter(None, journals), "")
    known = (*record.get("authors", ())[:1], journal, record["year"], record.get("volume", ""), record["start_page"])
    return ", ".join(filter(None, known)) or str(record["id"])


def container_fields(item: CSL, kind: str) -> dict[str, str]:
    """RIS fields for the journal or book. Journals have their own tags: JF (full name) and JA (abbreviated)."""
    full, short = (one_line(item.get(key, "")) for key in ("container-title", "container-title-short"))
    return {"alternate_title3": full, "alternate_title2": short} if kind == "JOUR" else {"secondary_title": full}


def year(item: CSL) -> str:
    parts = item.get("issued", {}).get("date-parts", [[]])
    return str(parts[0][0]) if parts and parts[0] else ""


EXPORTS: dict[str, Callable[[Sequence[CSL]], str]] = {"json": to_csl_json, "bib": to_bibtex, "ris": to_ris}
