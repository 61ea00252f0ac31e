"""Who imports whom, which library lives where, and other rules of the house that a reader of one file cannot see."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "qa"

# A part of `qa` (a module or a folder of one kind) and the other parts that it may import. What is not in its row it
# knows nothing of. A line added here is a decision: docs/design.md says why the arrows point the way they do.
MAY_IMPORT = {
    "models": "",
    "characters": "",
    "errors": "",
    "settings": "errors",
    "log": "",
    "versions": "errors",
    # stages: documents to passages
    "readers": "models errors",
    "sentences": "models",
    "conditions": "models",
    "sections": "models conditions readers",
    "citations": "models errors characters",
    "passages": "models conditions sentences",
    # stages: a question and its passages
    "analysis": "models",
    "indexes": "models errors analysis",
    "spelling": "models analysis",
    "phrases": "analysis",
    "aspects": "models analysis phrases",
    "synonyms": "analysis phrases",
    "interventions": "models analysis conditions coverage phrases spelling",
    "focus": "models",
    "languages": "analysis coverage",
    "wordlists": "models",
    "illnesses": "analysis phrases",
    "mentions": "analysis indexes synonyms",
    "related": "analysis",
    "questions": "models errors conditions analysis aspects focus illnesses languages synonyms",
    "ranking": "models analysis",
    "coverage": "models analysis ranking",
    "highlight": "models analysis",
    "quotations": "models",
    "refusal": "models analysis",
    "notices": "models conditions",
    "showing": "models analysis conditions indexes",
    # the two flows, top to bottom
    "corpus": "models errors characters",
    "ingest": "models errors analysis citations conditions corpus indexes passages readers sections sentences",
    "knowledge": "models analysis aspects conditions coverage focus illnesses indexes interventions mentions phrases "
    "questions related showing spelling synonyms wordlists",
    "bearing": "models analysis conditions coverage highlight indexes knowledge questions ranking synonyms",
    "replies": "analysis models errors bearing coverage indexes interventions knowledge questions refusal synonyms",
    "answer": "models analysis bearing coverage highlight indexes knowledge languages notices questions refusal "
    "replies showing",
    "collisions": "models analysis phrases",
    "check": "models errors citations collisions corpus ingest wordlists",
    "ledger": "models ingest",
    "evaluate": "models errors analysis answer corpus coverage indexes ranking sentences",
    "scorecard": "evaluate",
    "changes": "models",
    "inventory": "models indexes showing",
    # the faces
    "terminal": "models quotations",
    "cli": "models errors characters settings citations quotations answer changes check corpus evaluate ingest ledger "
    "scorecard serving terminal "
    "versions",
    "web": "models errors settings log citations conditions corpus ingest answer indexes inventory knowledge notices "
    "questions quotations showing",
    "serving": "models errors settings log versions corpus indexes ingest knowledge web",
    "__main__": "cli",
}

# A library and the parts that may use it. Elsewhere it is behind the part's own words.
LIBRARIES = {
    "bibtexparser": "citations corpus",
    "click": "cli",
    "flask": "web",
    "granian": "serving",
    "ir_measures": "evaluate",
    "markdown_it": "readers",
    "mdit_py_plugins": "readers",
    "nltk": "sentences analysis",
    "numpy": "indexes",
    "orjson": "citations cli corpus evaluate ingest log web",
    "pydantic": "settings web corpus",
    "pydantic_settings": "settings",
    "pylatexenc": "corpus",
    "rank_bm25": "indexes",
    "rapidfuzz": "spelling",
    "rispy": "citations corpus",
    "structlog": "log",
    "markupsafe": "web",  # Flask's text that is markup already
    "werkzeug": "web serving",  # Flask's other half: its exceptions and its data structures
}

# Not a library: the names under which type checkers know the standard library's own types.
FOR_TYPES_ONLY = {"_typeshed"}
STANDARD = sys.stdlib_module_names | FOR_TYPES_ONLY

DRAWERS = {"utils", "util", "helpers", "common", "misc", "core", "base", "shared", "lib"}


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def part_of(path: Path) -> str:
    """The first name under `qa`: `qa/web/api.py` belongs to `web`."""
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def imported_names(path: Path) -> Iterator[str]:
    """Every module that a file imports, wherever in the file, as an absolute dotted name."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno} imports relatively; name the module in full"
            assert node.module is not None
            # `from qa import answer` imports the part `answer`, `from qa import __version__` the package itself
            names = [f"qa.{a.name}" for a in node.names if not a.name.startswith("__")]
            yield from names if node.module == "qa" else [node.module]


def imports() -> Iterator[tuple[str, Path, str]]:
    for path in modules():
        if path != PACKAGE / "__init__.py":
            yield from ((part_of(path), path.relative_to(ROOT), name) for name in imported_names(path))


def test_every_part_has_its_row() -> None:
    parts = {part_of(path) for path in modules()} - {"__init__"}
    assert parts == set(MAY_IMPORT)


def test_arrows_point_one_way() -> None:
    """The table itself has no circle, or the rule below would allow one."""
    order = {part: number for number, part in enumerate(topological())}
    for part, others in MAY_IMPORT.items():
        assert all(order[other] < order[part] for other in others.split()), part


def topological() -> list[str]:
    from graphlib import TopologicalSorter

    return list(TopologicalSorter({part: others.split() for part, others in MAY_IMPORT.items()}).static_order())


def test_imports_within_the_package() -> None:
    wrong = [
        f"{path} imports {name}"
        for part, path, name in imports()
        if name.startswith("qa.") and name.split(".")[1] not in {part, *MAY_IMPORT.get(part, "").split()}
    ]
    assert not wrong, "\n".join(wrong)


def test_libraries_stay_in_their_place() -> None:
    wrong = [
        f"{path} imports {name}"
        for part, path, name in imports()
        if (top := name.split(".")[0]) not in STANDARD | {"qa"} and part not in LIBRARIES.get(top, "").split()
    ]
    assert not wrong, "\n".join(wrong)


def test_every_dependency_is_used_and_every_library_declared() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = [line for name, lines in project["optional-dependencies"].items() if name != "dev" for line in lines]
    lines = [*project["dependencies"], *extras]
    declared = {re.match(r"[\w-]+", line)[0].replace("-", "_") for line in lines}  # type: ignore[index]
    declared = (declared - {"markdown_it_py"}) | {"markdown_it"}  # the one that is imported by another name
    used = {name.split(".")[0] for _, _, name in imports()} - STANDARD - {"qa"}
    comes_with_flask = {"markupsafe", "werkzeug"}
    assert used - comes_with_flask == declared


def test_every_tool_is_used() -> None:
    """What only development needs is imported by a test, or called by its name by `run` or a test."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    sources = [ROOT / "run", *(ROOT / "tests").glob("*.py"), *(ROOT / "benchmarks").glob("*.py")]
    words = {word for path in sources for word in re.findall(r"\w+", path.read_text(encoding="utf-8"))}
    tools = {re.split(r"[^\w-]", line)[0].replace("-", "_") for line in project["optional-dependencies"]["dev"]}
    assert tools - {"chapter_and_verse"} - words == set()  # the project itself, for its own extras


def test_the_environment_is_read_in_one_place() -> None:
    readers = {
        path.relative_to(ROOT) for path in modules() for node in ast.walk(tree_of(path)) if reads_environment(node)
    }
    assert readers <= {Path("qa/settings.py")}


def reads_environment(node: ast.AST) -> bool:
    """`os.environ`, `os.getenv` and their kin, also imported by name; a request's `environ` is something else."""
    names = {"environ", "environb", "getenv", "getenvb"}
    if isinstance(node, ast.ImportFrom):
        return node.module == "os" and any(alias.name in names for alias in node.names)
    return (
        isinstance(node, ast.Attribute)
        and node.attr in names
        and isinstance(node.value, ast.Name)
        and node.value.id == "os"
    )


def test_no_drawers() -> None:
    """A module is named after what lives in it."""
    names = {path.stem for path in modules()} | {path.parent.name for path in modules()}
    assert not names & DRAWERS


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_module_says_what_it_is_for(path: Path) -> None:
    assert ast.get_docstring(tree_of(path)), "no docstring: say in one line what the module is for"


def test_nothing_of_the_first_document_is_in_the_code() -> None:
    """The package reads any owner's documents: their subject may stand in an example of a comment, not in a string
    that decides something."""
    document = (ROOT / "corpus" / "documents" / "ketamine-substance-use-disorders.txt").read_text(encoding="utf-8")
    headings = [line for line in document.splitlines() if line and len(line.split()) < 8 and line[-1] not in ".:"]
    assert headings
    words = [*headings, "ketamine"]
    wrong = [
        f"{path.relative_to(ROOT)}:{line} {text!r}"
        for path in modules()
        for line, text in strings_that_decide(tree_of(path))
        if any(word.casefold() in text.casefold() for word in words)
    ]
    assert not wrong, "\n".join(wrong)


def strings_that_decide(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Every string that is not a statement of its own, as docstrings are, with its line."""
    remarks = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in remarks:
            yield node.lineno, node.value
