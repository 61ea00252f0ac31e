r"""Numbers with units (siunitx), abbreviations of a list (glossaries, acronym), and words of options."""

from __future__ import annotations

import re
from html import escape

from qa.readers.latex.state import TexDocument
from qa.readers.latex.symbols import known_signs, number_in_html, unit_in_html

SIUNITX = {"num": "n", "SI": "nu", "qty": "nu", "si": "u", "unit": "u", "ang": "a", "numrange": "nn", "SIrange": "nnu",
           "qtyrange": "nnu", "numlist": "l", "SIlist": "lu", "qtylist": "lu"}  # fmt: skip


def render(latex: str) -> str:
    """Words of an option as HTML: those of commands stay, without them."""
    words = re.sub(r"(?<!\\)~", " ", latex.replace("--", "–"))
    words = re.sub(r"\\([a-zA-Z]+|.)\s*", lambda found: known_signs().get(found[1], ""), words)
    return escape(" ".join(re.sub(r"[{}$]", "", words).split()), quote=False)


def write_number(body: TexDocument, name: str) -> None:
    r"""Numbers and units of siunitx: `\SI{5}{\milligram}`."""
    body.source.option()
    arguments = [body.source.argument() for _ in SIUNITX[name]]
    numbers = [number_in_html(words) for kind, words in zip(SIUNITX[name], arguments, strict=True) if kind == "n"]
    for kind, words in zip(SIUNITX[name], arguments, strict=True):
        if kind == "l":
            numbers += [", ".join(number_in_html(each) for each in words.split(";"))]
        if kind == "a":
            numbers += [f"{number_in_html(words.split(';')[0])}°"]
    unit = unit_in_html(arguments[-1]) if SIUNITX[name].endswith("u") else ""
    apart = " " if (unit and numbers and unit[0] not in "°′″") or unit.startswith("°C") else ""
    body.output.put("–".join(numbers) + apart + unit)


def write_term(body: TexDocument, name: str) -> None:
    """An abbreviation of the file's own list, in full at its first use."""
    body.source.take("*")
    body.source.option()
    label = body.source.argument().strip()
    short, long = body.terms.get(label, (label, ""))
    many = "s" if name.lower() in ("glspl", "acp", "acrshortpl", "acsp") else ""
    if name.lower() in ("acrlong", "acl", "glsdesc", "acrfull", "acf") or (long and label not in body.terms_used):
        full = name.lower() in ("acrlong", "acl", "glsdesc")
        words = f"{long or short}{many}" if full or not long else f"{long}{many} ({short}{many})"
    else:
        words = f"{short}{many}"
    body.terms_used.add(label)
    body.output.put(render(words[:1].upper() + words[1:] if name[0].isupper() else words))


def define_term(body: TexDocument, name: str) -> None:
    body.source.option()
    label = body.source.argument().strip()
    if name in ("newacronym", "acrodef"):
        short = body.source.argument() if name == "newacronym" else (body.source.option() or label)
        body.terms[label] = (short, body.source.argument())
        return
    fields = body.source.argument()
    found = {
        key: re.search(rf"\b{key}\s*=\s*(?:\{{([^{{}}]*)\}}|([^,{{}}]*))", fields) for key in ("name", "short", "long")
    }
    words = {key: (match[1] or match[2] or "").strip() for key, match in found.items() if match}
    body.terms[label] = (words.get("short") or words.get("name") or label, words.get("long", ""))
