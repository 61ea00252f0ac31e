"""What may import what, which libraries each part may use, and other rules that no single file shows."""

from __future__ import annotations

import ast
import re
import statistics
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import qa.answer
import qa.answering.answer
import qa.indexing.publish
import qa.ingest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "qa"

# The layers: a part of `qa` (a module or a folder) and the parts above it in this table that it may import, and no
# others. A name added here is a decision: docs/design.md gives the reasons.
MAY_IMPORT = {
    # what every layer uses
    "models": "",
    "messages": "",
    "errors": "messages",
    "settings": "errors",
    "log": "",
    "cache": "log",
    "feedback": "models log",
    # reading: text, files, the owner's words
    "text": "models",
    "readers": "models errors",
    "citations": "models text",
    "conditions": "models text",
    "corpus": "models errors text readers",
    # the index, and what a question means
    "encoder": "errors",
    "indexes": "models messages errors settings log cache text encoder",
    "understanding": "models messages errors text conditions indexes",
    # the two paths: documents to the index, a question to its answer
    "indexing": "models errors log cache text encoder readers citations conditions corpus indexes understanding",
    "retrieval": "models text encoder conditions indexes understanding",
    "views": "models messages errors text conditions indexes",
    "answering": "models messages errors text conditions indexes understanding retrieval views",
    "engine": "models errors settings log cache citations encoder indexes understanding indexing views answering",
    "earlier": "cache encoder indexing engine",
    "editing": "models messages errors settings cache feedback text citations conditions corpus indexes understanding indexing retrieval views engine",
    # the interfaces
    "terminal": "models messages views",
    "web": "models messages errors settings log cache feedback conditions corpus indexes indexing understanding views engine earlier",
    "server": "errors settings log cache encoder indexes understanding indexing editing engine web",
    "console": "errors text",
    "meter": "messages",
    "owner_commands": "cache feedback messages errors settings text corpus indexing editing console",
    "index_commands": "messages errors settings text cache encoder indexes indexing console meter",
    "cli": "messages errors settings text engine editing terminal server console owner_commands index_commands",
    "__main__": "cli",
    # names of the last release
    "answer": "answering",
    "ingest": "indexing",
}

# A library and the parts that may use it. All others use it through these.
LIBRARIES = {
    "bibtexparser": "citations",
    "click": "cli console index_commands meter owner_commands",
    "flask": "web",
    "granian": "server",
    "ir_measures": "editing",
    "lxml": "readers",
    "markdown_it": "readers",
    "mdit_py_plugins": "readers",
    "nltk": "text",
    "numpy": "encoder indexes indexing retrieval",
    "onnxruntime": "encoder",
    "orjson": "log cache feedback citations corpus indexes indexing editing web console",
    "pydantic": "settings corpus encoder indexes indexing web",
    "pydantic_settings": "settings",
    "pylatexenc": "corpus readers",
    "pypdfium2": "readers",
    "rank_bm25": "indexes",
    "rapidfuzz": "text",
    "rispy": "citations",
    "structlog": "log",
    "tantivy": "indexes",
    "tokenizers": "encoder",
    "markupsafe": "web",  # Flask's text that is markup already
    "werkzeug": "web server",  # Flask's other half: its exceptions and its data structures
}

# Not a library: the names under which type checkers know the standard library's own types.
FOR_TYPES_ONLY = {"_typeshed"}
STANDARD = sys.stdlib_module_names | FOR_TYPES_ONLY

LONGEST_MODULE = 250

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


def test_imports_go_one_way() -> None:
    """A part may import only those above it in the table, so there is no import cycle."""
    above: set[str] = set()
    for part, others in MAY_IMPORT.items():
        assert set(others.split()) <= above, part
        above.add(part)


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
    """Each development dependency is imported by a test, or called by name in `run` or a test."""
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
    """`os.environ`, `os.getenv` and the like, also imported by name; a request's `environ` is something else."""
    names = {"environ", "environb", "getenv", "getenvb"}
    if isinstance(node, ast.ImportFrom):
        return node.module == "os" and any(alias.name in names for alias in node.names)
    return (
        isinstance(node, ast.Attribute)
        and node.attr in names
        and isinstance(node.value, ast.Name)
        and node.value.id == "os"
    )


def test_no_module_is_too_long() -> None:
    assert [path for path in modules() if lines_of(path) > LONGEST_MODULE] == []


def lines_of(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


MOST_PARAMETERS = 5


def test_no_function_has_too_many_parameters() -> None:
    """What travels together is bundled. Commands are exempt: each parameter is an option of the command line."""
    found = [
        f"{path.relative_to(ROOT)}: {node.name}"
        for path in modules()
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and number_of_parameters(node) > MOST_PARAMETERS
        and not is_command(node)
    ]
    assert found == []


def number_of_parameters(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Without `self` and `cls`."""
    given = function.args
    names = [each.arg for each in (*given.posonlyargs, *given.args, *given.kwonlyargs)]
    collecting = (given.vararg, given.kwarg)
    return len(names) - (names[:1] in (["self"], ["cls"])) + sum(each is not None for each in collecting)


def is_command(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether a function is a command of click: decorated with `@….command()`."""
    calls = (each.func for each in function.decorator_list if isinstance(each, ast.Call))
    return any(isinstance(call, ast.Attribute) and call.attr == "command" for call in calls)


def test_names_of_the_last_release_still_work() -> None:
    assert qa.answer.answer is qa.answering.answer.answer
    assert qa.ingest.publish is qa.indexing.publish.open_published


# A command is named after what it runs.
SAME_MEANING = {"check", "serve"}


def test_one_name_one_meaning() -> None:
    """A class, a function, and whatever another module imports, has a name that no other module defines."""
    defined: dict[str, set[str]] = defaultdict(set)
    for path in modules():
        for name in defined_names(path):
            defined[name].add(str(path.relative_to(PACKAGE)))
    shared = {name for path in modules() for name in names_taken(path)}
    wrong = [
        f"{name} is defined in {' and '.join(sorted(places))}"
        for name, places in sorted(defined.items())
        if len(places) > 1 and (name in shared or not name.isupper())
    ]
    assert not wrong, "\n".join(wrong)


def defined_names(path: Path) -> Iterator[str]:
    """The classes, functions, types and constants that a module defines for others; a type variable is its own."""
    for node in tree_of(path).body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            names = [node.name]
        elif isinstance(node, ast.Assign):
            names = [target.id for target in node.targets if isinstance(target, ast.Name)]
        else:
            names = [node.target.id] if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) else []
        yield from (n for n in names if len(n) > 1 and not n.startswith("_") and n not in SAME_MEANING)


def names_taken(path: Path) -> Iterator[str]:
    """What a module imports by name from another module of the package."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("qa."):
            yield from (alias.name for alias in node.names)


def test_no_drawers() -> None:
    """A module is named after its contents."""
    names = {path.stem for path in modules()} | {path.parent.name for path in modules()}
    assert not names & DRAWERS


def test_every_module_says_what_it_is_for() -> None:
    assert [str(path.relative_to(ROOT)) for path in modules() if not ast.get_docstring(tree_of(path))] == []


OF_NAMES = {"drug_names.txt", "illnesses.txt", "british_american.txt"}  # complete lists, not of one subject


def test_nothing_of_the_first_document_is_in_the_package() -> None:
    """The package reads any owner's documents: their subject may be in an example or a comment, but neither in a string
    that decides something nor in a list of words. Lists of names from public sources are complete, so they have it."""
    document = (ROOT / "corpus" / "documents" / "ketamine-substance-use-disorders.txt").read_text(encoding="utf-8")
    headings = [line for line in document.splitlines() if line and len(line.split()) < 8 and line[-1] not in ".:"]
    assert headings
    words = [*headings, "ketamine", "abstinen", "addict", "craving", "relapse rate", "psychedelic", "sober"]
    strings = [(path, line, text) for path in modules() for line, text in strings_that_decide(tree_of(path))]
    for path in sorted((PACKAGE / "data").glob("*.t*")):
        if path.suffix != ".gz" and path.name not in OF_NAMES:
            lines = enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
            strings += [(path, number, line) for number, line in lines if not line.startswith("#")]
    wrong = [
        f"{path.relative_to(ROOT)}:{line} {text!r}"
        for path, line, text in strings
        if any(word.casefold() in text.casefold() for word in words)
    ]
    assert not wrong, "\n".join(wrong)


def strings_that_decide(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Every string that is not a statement of its own, as docstrings are, with its line."""
    remarks = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in remarks:
            yield node.lineno, node.value


# --- the structure in figures: python -m tests.test_architecture -----------------------------------


def imports_between() -> set[tuple[str, str]]:
    """Pairs of parts: the first imports the second."""
    ends = {(part, name.split(".")[1]) for part, _, name in imports() if name.startswith("qa.")}
    return {(part, other) for part, other in ends if part != other}


def lengths_of_functions() -> list[int]:
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return [
        node.end_lineno - node.lineno + 1
        for path in modules()
        for node in ast.walk(tree_of(path))
        if isinstance(node, kinds) and node.end_lineno
    ]


def print_structure() -> None:
    order = {part: number for number, part in enumerate(MAY_IMPORT)}
    upward = sorted(f"{part} -> {other}" for part, other in imports_between() if order[other] > order[part])
    long = {path.relative_to(ROOT): lines for path in modules() if (lines := lines_of(path)) > LONGEST_MODULE}
    print(
        f"{len(MAY_IMPORT)} layers, {len(imports_between())} imports between them, upward: {', '.join(upward) or 'none'}"
    )
    print(f"{len(modules())} modules, over {LONGEST_MODULE} lines: {', '.join(map(str, long)) or 'none'}")
    functions = lengths_of_functions()
    print(f"{len(functions)} functions, median {statistics.median(functions):.0f} lines")
    for part in MAY_IMPORT:
        print(f"  {part:14} <- {' '.join(sorted(other for one, other in imports_between() if one == part))}")


if __name__ == "__main__":
    print_structure()
