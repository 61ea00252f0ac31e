"""Templates of MediaWiki that stand for words: citations as a list would print them, units, languages, quotations."""

from __future__ import annotations

import re

OF_WORDS = frozenset(
    {"lang", "nowrap", "nobr", "small", "em", "strong", "abbr", "tooltip", "ill", "quote", "blockquote", "cquote"}
)
CITATION = re.compile(
    r"(?:cite[ _]\w+|citation|literatur|ouvrage|article|internetquelle|cita \w+|lien web)$", re.IGNORECASE
)
NOTES_HERE = frozenset({"reflist", "references", "refs", "notelist", "références"})
SHORT_NOTES = frozenset({"sfn", "sfnp", "harv", "harvnb", "harvtxt", "harvp"})
YEAR = re.compile(r"(?:1[0-9]|20)\d\d[a-z]?")
PLACE_OF_LIST = "\ue002"  # stands for the list of the notes; a sign of no script


def words_of_template(inside: str) -> str | None:
    """The words that a template stands for; None if it is not known. `inside` is what is between its brackets."""
    title, *given = (part.strip() for part in inside.split("|"))
    name = title.strip().lower().replace("_", " ")
    fields = dict(field_of(part) for part in given if "=" in part)
    words = [part for part in given if "=" not in part]
    if name in NOTES_HERE:
        return f"\n{PLACE_OF_LIST}\n"
    if name in SHORT_NOTES:
        year = next((word for word in words if YEAR.fullmatch(word)), "")
        place = next((f", p. {fields[key]}" for key in ("p", "pp", "page", "pages") if fields.get(key)), "")
        return f" ({' & '.join(word for word in words if word != year)} {year}{place})"
    if CITATION.match(name):
        return citation(fields)
    if name in ("convert", "cvt"):
        return " ".join(words[:2])
    if name in ("doi", "pmid") and words:
        return f"{name}:{words[0]}"
    if name in OF_WORDS and words:
        return words[-1] if name.startswith("lang") else words[0]
    return None


def field_of(part: str) -> tuple[str, str]:
    key, _, value = part.partition("=")
    return key.strip().lower(), " ".join(value.split())


def citation(fields: dict[str, str]) -> str:
    """A work as a list would print it: "Reyes J, Ito B (2019). Lanes in towns. Road Journal. 4 (2): 1–9. doi:…"."""
    first = next((fields[key] for key in ("vauthors", "authors", "author", "autor", "auteur") if key in fields), "")
    people = [first] if first else list(people_in(fields))
    year = next(
        iter(re.findall(r"\d{4}", fields.get("date", "") or fields.get("year", "") or fields.get("datum", ""))), ""
    )
    title = fields.get("title") or fields.get("titel") or fields.get("titre") or ""
    journal = next(
        (fields[key] for key in ("journal", "work", "website", "newspaper", "magazine", "sammelwerk") if key in fields),
        "",
    )
    issue = f" ({number})" if (number := fields.get("issue") or fields.get("number")) else ""
    pages = fields.get("pages") or fields.get("page") or ""
    place = fields.get("volume", "") + issue + (f": {pages}" if pages else "")
    made = ": ".join(
        filter(None, (fields.get("location", "") if fields.get("publisher") else "", fields.get("publisher", "")))
    )
    numbers = (f"{key}:{fields[key]}" for key in ("doi", "pmid") if fields.get(key))
    address = fields.get("url", "") if not fields.get("doi") else ""
    head = " ".join(filter(None, (", ".join(people), f"({year})" if year else "")))
    return (
        ". ".join(
            part.strip(" .")
            for part in (head, title, journal, place.strip(), made, *numbers, address)
            if part.strip(" .")
        )
        + "."
    )


def people_in(fields: dict[str, str]) -> list[str]:
    """The authors, else the editors, of numbered fields: last1, first1, last2, …"""
    found = []
    for role in ("", "editor"):
        for number in ("", *map(str, range(1, 31))):
            family = (
                fields.get(f"{role}last{number}")
                or fields.get(f"{role}-last{number}")
                or fields.get(f"author{number}", "")
            )
            given = fields.get(f"{role}first{number}") or fields.get(f"{role}-first{number}", "")
            if family:
                found.append(f"{family} {''.join(word[0] for word in given.split())}".strip())
        if found:
            break
    return found
