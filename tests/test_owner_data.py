"""Whatever an owner's files contain, it is served or refused with a line number: no traceback, no 500, no broken export.

Each variant is the smallest corpus that has it. It is opened as at a start; then every view and export is asked for.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import product
from pathlib import Path
from typing import Any
from urllib.parse import quote

import bibtexparser
import pytest
import rispy
from jinja2 import FileSystemBytecodeCache

from qa.citations.export import EXPORTS
from qa.errors import CorpusError
from qa.indexes import OpenIndex
from qa.indexing.publish import open_published
from qa.settings import Settings
from qa.web import create_app

DOCUMENT = "# Lanes\n\nPainted lanes reduced injuries [@k1]. Riders of the town liked [@good].\n"
GOOD = {"id": "good", "type": "book", "title": "Lanes", "issued": {"date-parts": [[2019]]}}
Files = dict[str, str | bytes]


# --- odd values in fields of works, in two files -------------------------------------------------------

ANYTHING: dict[str, object] = {
    "null": None, "true": True, "number": 12, "fraction": 1.5, "huge": 10**30, "empty": "", "blank": " ", "list": ["a"],
    "list of lists": [[1]], "empty list": [], "mapping": {"a": 1}, "empty mapping": {}, "half a character": "\ud800",
    "NUL": "a\0b", "terminal": "\x1b[31mred\x07\x9b2J", "turned": "\u202etxet", "line breaks": "a\nTI  - injected\r\nER  - ",
    "braces": "x},evil={y", "open brace": "x{", "closed brace": "}x", "backslash": "\\input{x}\\", "entry": "x\n@misc{evil,",
    "markup": "<script>alert(1)</script>", "script": "javascript:alert(1)", "long": "word " * 5000,
    "digits": "9" * 5000, "raised digit": "²", "RTL": "שלום", "emoji": "\U0001f984",
}  # fmt: skip
FIELDS = ("id", "type", "title", "author", "issued", "page", "URL", "custom")

DATES: dict[str, object] = {
    "year in words": {"date-parts": [["in press"]]}, "year as text": {"date-parts": [["2020"]]},
    "fraction": {"date-parts": [[2020.5]]}, "empty": {"date-parts": [[""]]}, "null": {"date-parts": [[None]]},
    "no parts": {"date-parts": []}, "no day": {"date-parts": [[]]}, "two years": {"date-parts": [["2020-2021"]]},
    "year 99999": {"date-parts": [[99999]]}, "before Christ": {"date-parts": [[-44, 3, 15]]}, "month 45": {"date-parts": [[2020, 45]]},
    "a mapping": {"date-parts": {"year": 2020}}, "true": {"date-parts": [[True]]}, "three days": {"date-parts": [[2020], [2021], [2022]]},
    "raw": {"raw": "May 2020"}, "raw as number": {"raw": 2020}, "words": {"literal": "forthcoming"}, "season": {"date-parts": [[2020]], "season": 2},
    "huge year": {"date-parts": [[10**30]]}, "infinite": {"date-parts": [[1e999]]}, "raised": {"date-parts": [["²"]]},
}  # fmt: skip
AUTHORS: dict[str, object] = {
    "text": ["Smith"], "nothing": [{}], "null": [None], "family null": [{"family": None}], "literal number": [{"literal": 5}],
    "list": [{"family": ["a"]}], "unknown key": [{"family": "A", "orcid": "0"}], "control": [{"family": "\x1b]0;x\x07"}],
    "line break": [{"family": "A\nTI  - injected"}], "brace": [{"literal": "}"}], "given alone": [{"given": "A."}], "blank": [{"family": " "}],
}  # fmt: skip
CUSTOM: dict[str, object] = {
    "certainty as text": {"certainty": "x"}, "certainty of nothing": {"certainty": {"ISSN": "certain"}}, "retraction as text": {"retraction": "x"},
    "retraction without a day": {"retraction": {"status": "retracted"}}, "day in words": {"retraction": {"status": "retracted", "checked": "soon"}},
    "note only": {"note_only": True}, "note only as text": {"note_only": "yes"}, "numbers as text": {"registration": "NCT1"}, "own key": {"x": {"y": 1}},
    "partly known": {"etAl": True}, "people as text": {"participants": "96"}, "no people": {"participants": 0}, "people true": {"participants": True},
    "kind as number": {"study_type": 5}, "kind as markup": {"study_type": "<b>=1+1"}, "kind blank": {"study_type": " "}, "many people": {"participants": 10**30},
}  # fmt: skip
IDS: dict[str, object] = {
    "slash": "a/../b", "parent": "..", "two slashes": "//evil.example/x", "braces": "a},@misc{x", "blank": "a b", "ending": "a.bib",
    "percent": "a%2fb", "question": "a?b#c", "letters": "é", "long": "a" * 301, "quote": "a\"'<b>",
}  # fmt: skip


LISTS = ("references.json", "documents/b.json")  # written by the owner, exported by a program


def odd_works() -> Iterator[tuple[str, str, dict[str, object]]]:
    """Name, file and fields of each odd work. Values of ANYTHING alternate between the two files, so that every field and
    every value occurs in both; the others are put in both."""
    for (place, field), (number, name) in product(enumerate(FIELDS), enumerate(ANYTHING)):
        yield f"{field}: {name}", LISTS[(place + number) % 2], {field: ANYTHING[name]}
    for field, values in {"issued": DATES, "author": AUTHORS, "custom": CUSTOM, "id": IDS}.items():
        yield from ((f"{field}, {name}", file, {field: values[name]}) for file, name in product(LISTS, values))


WORKS = {f"{file}, {name}": (file, {"id": "k1", "type": "article-journal", **odd}) for name, file, odd in odd_works()}


# --- whole files that are odd ----------------------------------------------------------------------------

JSON_FILES: dict[str, str | bytes] = {
    "deep": "[" * 200_000, "deep and closed": "[" * 3000 + "]" * 3000,
    "deep title": '[{"id":"k1","type":"book","title":' + "[" * 900 + "]" * 900 + "}]",
    "deeper title": '[{"id":"k1","type":"book","title":' + "[" * 90_000 + "]" * 90_000 + "}]",
    "deep custom": '[{"id":"k1","type":"book","custom":' + '{"a":' * 900 + "1" + "}" * 900 + "}]",
    "not UTF-8": b"\xff\xfe[]", "NaN": '[{"id":"k1","type":"book","volume":NaN}]', "huge number": '[{"id":"k1","type":"book","volume":' + "9" * 5000 + "}]",
    "twice": '[{"id":"k1","type":"book"},{"id":"k1","type":"thesis"}]', "null": "null", "empty": "", "BOM": "\ufeff[]", "mapping": '{"items": []}',
    "no mapping": '[5, null, "a", [], {"id": "k1", "type": "book"}]', "comma": "[,]", "comma at the end": '[{"id":"k1","type":"book"},]',
    "not closed": '[{"id":"k1"', "more": "[] []", "NUL": "\0", "no type": '[{"id":"k1"}]', "no id": '[{"type":"book"}]',
    "control": '[{"id":"k1","title":"a\tb"}]', "key twice": '[{"id":"k1","id":"k2","type":"book"}]',
}  # fmt: skip
BIBTEX: dict[str, str | bytes] = {
    "deep braces": "@article{k1, title={" + "{" * 3000 + "a" + "}" * 3000 + "}}", "deep macros": "@article{k1, title={" + "\\textbf{" * 1500 + "a" + "}" * 1500 + "}}",
    "not closed": "@article{k1, title={a", "strings": "@string{a={x}}\n@article{k1, title=a # a # b}", "odd LaTeX": "@article{k1, title={\\begin{x} $ \\verb}, year={x2020y99999}}",
    "input": "@article{k1, title={\\input{/etc/passwd}}}", "mathematics": "@article{k1, title={$\\frac{a}{b}$ \\[ x}}", "key with line break": "@article{k1\nx, title={a}}",
    "no key": "@article{, title={a}}", "remark": "% x", "twice": "@article{k1, title={a}}\n@article{k1, title={b}}", "field twice": "@article{k1, title={a}, title={b}}",
    "only and": "@article{k1, author={and and and , and}, year=2020}", "backslash": "@article{k1, title={\\}}", "author": '@article{k1, author={\\"{O}z{, } x and {\\',
    "not UTF-8": b"@article{k1, title={\xff}}", "BOM": "\ufeff@article{k1, title={a}}", "CRLF": "@article{k1,\r\n title={a},\r\n}\r\n", "at signs": "@" * 5000,
    "page": "@article{k1, pages={" + "-" * 500 + "}}", "DOI": "@article{k1, doi={10.1000/x\ny}, title={a}}", "preamble": '@preamble{"\\write18{id}"}\n@article{k1, title={a}}',
    "NUL": "@article{k1, title={a\0b}}", "control": "@article{k1, title={\x1b[31m\u202e}}", "year": "@article{k1, year={in press}}", "digits": "@article{k1, year=" + "9" * 5000 + "}",
    "injection": "@article{k1, url={http://x\nTI  - injected}, doi={10.1/x\\},evil=\\{y}}", "percent": "@article{k1, url={http://x/%7D%20a_b~c}}", "raised": "@article{k1, volume={²}, year={²}}",
    "type": "@dataset{k1, title={a}}", "quotes": '@article{k1, title="a "b" c"}', "comma": "@article{k1,,, title={a},,}", "person": "@article{k1, author={, and {} and {{}} and ~}}",
}  # fmt: skip
RIS: dict[str, str | bytes] = {
    "whole": "TY  - JOUR\nID  - k1\nTI  - a\nER  - \n", "no ER": "TY  - JOUR\nID  - k1\nTI  - a\n", "two TY": "TY  - JOUR\nTY  - JOUR\nER  - \n",
    "unknown tag": "TY  - JOUR\nZZ  - a\nER  - \n", "no TY": "TI  - a\nER  - \n", "no RIS": "hello", "odd id": "TY  - JOUR\nID  - ../../x\nER  - \n", "id with blank": "TY  - JOUR\nID  - a b\nER  - \n",
    "addresses": "TY  - JOUR\nID  - k1\nUR  - javascript:x\nUR  - b\nER  - \n", "pages": "TY  - JOUR\nID  - k1\nSP  - a\nSP  - b\nEP  -\nER  - \n", "CR": "TY  - JOUR\rID  - k1\rTI  - a\rER  - \r",
    "BOM": "\ufeffTY  - JOUR\nID  - k1\nER  - \n", "authors": "TY  - JOUR\nID  - k1\nAU  - ,\nAU  - \nAU  - a,b,c\nPY  - 20\nER  - \n", "year": "TY  - JOUR\nID  - k1\nPY  - in press//\nER  - \n",
    "not UTF-8": b"TY  - JOUR\nTI  - \xff\nER  - \n", "NUL": "TY  - JOUR\nID  - k\0\nER  - \n", "control": "TY  - JOUR\nID  - k1\nTI  - \x1b[31m\nER  - \n", "text first": "a line\n\nTY  - JOUR\nstray\nER  - \n",
    "empty type": "TY  - \nID  - k1\nER  - \n", "digits": "TY  - JOUR\nID  - k1\nPY  - " + "9" * 5000 + "\nER  - \n", "only TY": "TY  -", "blank": " \n", "separators": "TY  - JOUR\nID  - k1\nTI  - a\u2028ER  - \u0085TY  - BOOK\nER  - \n",
}  # fmt: skip
OTHERS: dict[str, Files] = {
    "deep list in TOML": {"conditions.toml": "a=" + "[" * 20_000}, "deep key in TOML": {"conditions.toml": "a" + ".a" * 2000 + "=1"},
    "huge id in TOML": {"conditions.toml": "[[condition]]\nid=" + "9" * 6000}, "day as id": {"conditions.toml": "[[condition]]\nid=2020-01-01\nlabel='x'"},
    "NaN as label": {"conditions.toml": "[[condition]]\nid='a'\nlabel=nan"}, "its own parent": {"conditions.toml": "[[condition]]\nid='a'\nlabel='a'\nparent='a'"},
    "NUL in an owner": {"site.toml": 'owner="a\\u0000b"'}, "turned owner": {"site.toml": 'owner="a\\u202eb"'}, "contact": {"site.toml": 'contact="mailto:x\\njavascript:"'},
    "contact with quote": {"site.toml": "contact='https://x/\"onclick=zq9'"}, "footer as number": {"site.toml": "footer=1"}, "half a question": {"questions.jsonl": '{"question": "\\ud800"}'},
    "note on a work left out": {"references.json": '[{"id": "k1"}]', "notes.toml": "[[note]]\ndocument='a'\nsentence='Riders of the town liked [@good].'\nstatus='agrees'\ntext='x'\ndate=2024-01-01\nreference='k1'\n"},
}  # fmt: skip

# --- odd documents ------------------------------------------------------------------------------------------

DOCUMENTS: dict[str, str] = {
    "empty": "", "blank": "  \n\n", "one letter": "a", "one word": "Lanes", "stop words": "To be or not to be.", "BOM": "\ufeff# A\n\nLanes help.\n", "CR": "A\rB\rLanes help.\r", "CRLF": "# A\r\n\r\nLanes help.\r\n",
    "separators": "A\u2028Lanes\u2029help.\x0b\x0c\x85And so on.\n", "front matter alone": "---\na: b\n---\n", "front matter not closed": "---\na: b\nLanes help.\n", "front matter, odd": "---\n: [\n---\n# A\n\nLanes.\n",
    "noncharacters": "Lanes \uffff \ufffe \U0010ffff help.\n", "zero width": "La\u200bnes\u200d he\ufefflp ri\u00adders.\n", "RTL": "# שלום\n\nمسارات الدراجات تساعد (رييس، 2019). \u202eLanes\u202c help.\n", "control": "Lanes \x1b[31mhelp\x07 riders.\n",
    "headings alone": "# A\n\n## B\n\n### C\n", "tables alone": "| a | b |\n|---|---|\n| 1 | 2 |\n", "table, odd": "| a |\n|---|---|\n||||\n| \n", "code alone": "```\nlanes [1]\n", "remark alone": "<!-- lanes -->", "not closed": "<!-- lanes",
    "deep quotation": "> " * 5000 + "lanes\n", "deep list": "".join(" " * 2 * i + "- a\n" for i in range(1200)), "hashes": "#" * 100_000 + " a\n", "brackets": "[" * 3000 + "lanes" + "]" * 3000 + "\n", "emphasis": "*" * 5000 + "lanes\n",
    "footnote in itself": "Lanes[^1] help.\n\n[^1]: [^1]\n", "footnotes": "Lanes " + "[^1] " * 2000 + "\n\n[^1]: A note.\n", "links": "[a](" * 2000 + "\n", "links not ended": "[a][" * 2000 + "\n", "images": "![](" * 2000,
    "scale": "SENSITIVITY FROM THE VRS (0 TO 4)\n\nPain fell on the scale [1 TO 3] (2 To 5), [1 AND 2].\n", "ranges": "So [1-9999], [9-1], [0], [1–], (2 2 2), [²], [٣-٥] and 5^1-3^ and x²⁻³.\n\nReferences\n\n1. Reyes A. 2019.\n",
    "numbers": "In 99999999999 (Reyes, 99999), [12345678901234567890], ref. 99999 and 9" + "9" * 5000 + ".\n", "list of nothing": "Lanes [1].\n\n## References\n\n1.\n2.\n[3]\n- \n", "list alone": "## References\n\n1. Reyes A. Lanes. J Roads. 2019;4(2):1-9.\n",
    "marks alone": "[1] (2) [@k1] (Reyes, 2019) ^3^ 10.5555/x PMID: 1 https://example.org\n", "identifiers": "doi:10.5555/ 10.1234/ PMID: 00000000 https:// doi.org/10.1/\n", "dots": ". . . ... ?! ?! !!\n", "one sentence": "lanes help riders " * 3000,
    "years": "(Reyes, 2019" * 500 + "\n", "et al.": "Reyes et al. et al. (et al., 2019; et al.) and and (and, 2019).\n", "bars": "|" * 5000 + "\n", "ticks": "`" * 5000 + "\n", "HTML": "<div><p>Lanes<br>" * 500 + "\n", "entities": "&#0; &#x110000; &amp;lanes; &zzz;\n",
}  # fmt: skip


def variants() -> Iterator[tuple[str, Files]]:
    for file in LISTS:
        yield from ((f"{file}, {name}", {file: content}) for name, content in JSON_FILES.items())
    yield from ((f"BibTeX, {name}", {"documents/b.bib": content}) for name, content in BIBTEX.items())
    yield from ((f"RIS, {name}", {"documents/b.ris": content}) for name, content in RIS.items())
    yield from OTHERS.items()
    for name, content in DOCUMENTS.items():
        yield f"Markdown, {name}", {"documents/a.md": content}
        yield f"text, {name}", {"documents/a.txt": content}


VARIANTS = dict(variants())


def corpus_of(folder: Path, files: Files) -> Path:
    """A corpus of one document, with these files added or replacing its own."""
    name = "a.txt" if "documents/a.txt" in files else "a.md"
    beside = [path.removeprefix("documents/") for path in files if path.startswith("documents/b.")]
    listing = f'[[document]]\nfile = "{name}"\ntitle = "A"\n' + (
        f"bibliography = {json.dumps(beside)}\n" if beside else ""
    )
    for path, content in {f"documents/{name}": DOCUMENT, "documents.toml": listing, **files}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass"))
    return folder


def assert_says_where(fault: CorpusError, files: Files) -> None:
    assert fault.file in {*files, "documents.toml"}
    assert fault.message.endswith((".", "?")), "it is a sentence"
    assert len(str(fault).splitlines()) == 1
    str(fault).encode()
    assert "bug in this program" not in str(fault)


@pytest.fixture(scope="module")
def templates(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """Compiled once, as templates are the same for every corpus."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


def views(index: OpenIndex) -> Iterator[str]:
    ids = [quote(reference.id, safe="/") for reference in index.references()]
    yield from ("/", "/coverage", "/documents/a", "/api/v1/documents/a", "/api/v1/references", "/api/v1/coverage")
    yield from (f"/api/v1/ask{ending}?q=painted+lanes+help" for ending in ("", ".json", ".bib", ".ris"))
    yield "/?q=painted+lanes+help"
    yield from (f"/references/{id}" for id in ids)
    yield from (f"/api/v1/references/{id}{ending}" for id in ids for ending in ("", ".json", ".bib", ".ris"))


def a_tenth_is_fast(names: Iterable[str]) -> list[Any]:
    """All names as test parameters; nine of ten are marked slow, so that ./run check stays short."""
    return [pytest.param(name, marks=[pytest.mark.slow] if n % 10 else []) for n, name in enumerate(names)]


@pytest.mark.parametrize("name", a_tenth_is_fast(WORKS))
def test_odd_work(name: str, tmp_path: Path) -> None:
    file, odd = WORKS[name]
    files: Files = {file: json.dumps([GOOD, odd])}
    index = open_published(corpus_of(tmp_path, files), "memory:", tell=lambda fault: assert_says_where(fault, files))
    works = [reference.csl for reference in index.references()]
    assert "good" in [work["id"] for work in works], "an odd entry affects no other"
    for ending, export in EXPORTS.items():
        assert_export(ending, export(works))


@pytest.mark.parametrize("file", LISTS)
def test_odd_works_are_served(file: str, tmp_path: Path, templates: FileSystemBytecodeCache) -> None:
    """All odd works in one file, with unique ids unless the id is what is odd."""
    odd = [
        work | ({"id": f"k{n}"} if work["id"] == "k1" else {})
        for n, (at, work) in enumerate(WORKS.values())
        if at == file
    ]
    index = open_published(corpus_of(tmp_path, {file: json.dumps([GOOD, *odd])}), "memory:")
    assert len(list(index.references())) > len(odd) / 3
    assert_served(tmp_path, index, templates)


@pytest.mark.parametrize("name", a_tenth_is_fast(VARIANTS))
def test_variant(name: str, tmp_path: Path, templates: FileSystemBytecodeCache) -> None:
    files = VARIANTS[name]
    try:
        index = open_published(
            corpus_of(tmp_path, files), "memory:", tell=lambda fault: assert_says_where(fault, files)
        )
    except CorpusError as fault:
        return assert_says_where(fault, files)
    assert_served(tmp_path, index, templates)


def assert_served(corpus: Path, index: OpenIndex, templates: FileSystemBytecodeCache) -> None:
    app = create_app(Settings(corpus=corpus), index)
    app.jinja_env.bytecode_cache = templates
    client = app.test_client()
    for address in views(index):
        response = client.get(address, headers={"Host": "127.0.0.1"})
        said = response.get_data(as_text=True)
        assert response.status_code < 500, (address, said)
        if response.status_code == 200:
            assert_export(address.partition("?")[0].rpartition(".")[2], said)


def assert_export(ending: str, said: str) -> None:
    """Other programs can read the export back completely, and it has no control characters."""
    if ending in EXPORTS:
        assert not set(said) & set("\x00\x07\x1b\x9b\u202e")
    if ending == "bib":
        library = bibtexparser.parse_string(said)
        assert not library.failed_blocks
        assert "evil" not in {name for entry in library.entries for name in (entry.key, *(f.key for f in entry.fields))}
        assert said.count("{") == said.count("}"), "BibTeX also counts escaped braces"
    if ending == "ris":
        assert "injected" not in [record.get("title") for record in rispy.loads(said)]
        assert not [line for line in said.splitlines() if line and line[2:5] != "  -"]


def test_there_are_enough_variants() -> None:
    assert len(WORKS) + len(VARIANTS) >= 200
