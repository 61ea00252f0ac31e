"""The documentation is true: every setting and command is in it, its examples run, and nothing in the repository
names the machine it was made on."""

from __future__ import annotations

import importlib.util
import json
import re
import shlex
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from pathlib import Path

import click
import pytest

from qa.cli import main
from qa.settings import ClusterAccess, Settings
from testkit.servers import WAIT, python_environment
from tests.conftest import ROOT

README, COMMANDS, SETTINGS = (
    (ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "docs/commands.md", "docs/settings.md")
)


def tracked_files() -> list[Path]:
    """All files of the repository. The test is skipped without git or in an unpacked archive."""
    if not shutil.which("git"):
        pytest.skip("no git on this machine: the files of the repository cannot be listed")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("not a git clone: the files of the repository cannot be listed")
    return [ROOT / name for name in listed.stdout.decode().split("\0") if name and (ROOT / name).is_file()]


# --- settings and commands ---------------------------------------------------------------------


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_in_the_docs_with_its_default(name: str) -> None:
    default = Settings.model_fields[name].get_default()
    shown = default if isinstance(default, str) else str(default) if isinstance(default, Path) else as_json(default)
    row = f"| `QA_{name.upper()}` | {'not set' if default is None else f'`{shown}`'} |"
    assert row in SETTINGS, f"docs/settings.md lacks: {row}"


def as_json(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))


def test_the_docs_name_no_setting_that_is_not_there() -> None:
    named = set(re.findall(r"`QA_(\w+)`", SETTINGS))
    of_clusters = {f"OPENSEARCH_{name.upper()}" for name in ClusterAccess.model_fields}
    assert named == {name.upper() for name in Settings.model_fields} | of_clusters


@pytest.mark.parametrize("name", main.commands)
def test_every_command_is_in_the_docs_with_its_options(name: str) -> None:
    row = next((line for line in COMMANDS.splitlines() if line.startswith(f"| `./run qa {name}")), "")
    assert row, f"docs/commands.md lacks `./run qa {name}`"
    options = [o.opts[-1] for o in main.commands[name].params if isinstance(o, click.Option)]
    assert [option for option in options if option not in row] == []


def test_every_command_explains_itself() -> None:
    assert [name for name, command in main.commands.items() if not command.help] == []


# --- examples ----------------------------------------------------------------------------------


SHOWN = f"{README}\n{COMMANDS}"


def shell_examples() -> list[str]:
    """The lines that the README and the page on commands show as code, without their comments."""
    indented = [line[4:] for line in SHOWN.splitlines() if line.startswith("    ")]
    fenced = [line for block in re.findall(r"```(?:sh|console)?\n(.*?)```", SHOWN, re.S) for line in block.splitlines()]
    return [re.sub(r"\s+#.*", "", line) for line in [*indented, *fenced] if line.strip()]


def run_qa(example: str) -> str:
    command = [sys.executable, "-m", "qa", *shlex.split(example)[2:]]
    ended = subprocess.run(command, cwd=ROOT, env=python_environment(), capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def asks_by_terminal(example: str, request: pytest.FixtureRequest) -> None:
    assert run_qa(example).strip()


def asks_by_program(example: str, request: pytest.FixtureRequest) -> None:
    live_server = request.getfixturevalue("live_server")
    url = next(word for word in shlex.split(example) if word.startswith("http"))
    with urllib.request.urlopen(url.replace("http://127.0.0.1:8000", live_server), timeout=WAIT) as response:
        assert json.load(response)["status"] == "answered"


def runs_a_module(example: str, request: pytest.FixtureRequest) -> None:
    """Benchmarks take long, so it is only checked that the module exists."""
    assert importlib.util.find_spec(shlex.split(example)[2])


def is_a_script(example: str, request: pytest.FixtureRequest) -> None:
    """These start the tests or are started by test_packaging, so here only their syntax is checked."""
    script = ROOT / shlex.split(example)[0]
    assert script.stat().st_mode & 0o111
    shell = script.read_text(encoding="utf-8").splitlines()[0].split("/")[-1].split()[-1]
    assert subprocess.run([shell, "-n", str(script)], check=False).returncode == 0


def is_a_setting(example: str, request: pytest.FixtureRequest) -> None:
    name = example.split()[1].partition("=")[0]
    assert name.removeprefix("QA_").lower() in Settings.model_fields


def is_a_server(example: str, request: pytest.FixtureRequest) -> None:
    """test_packaging starts each of these as the docs show it; here it is checked that `run` installs it."""
    from tests.test_packaging import LOCKS, SERVERS, locked

    python, _, command = example.partition(" -m ")
    lock = LOCKS["-dev" in python]
    assert command in SERVERS
    assert any(requirement.startswith(f"{command.split()[0]}==") for requirement in locked(lock))


EXAMPLES: dict[str, Callable[[str, pytest.FixtureRequest], None]] = {
    r"\./run serve": is_a_script,
    r"\./run (check|test)": is_a_script,
    r"\.ci/run": is_a_script,
    r"\./run qa .*": asks_by_terminal,
    r"./run qa check": is_a_script,
    r"export .*": is_a_setting,
    r"curl .*": asks_by_program,
    r"\.venv-dev/bin/python -m benchmarks\.\w+": runs_a_module,
    r"\.venv(-dev)?/bin/python -m (flask|granian|gunicorn) .*wsgi.*": is_a_server,
}


@pytest.mark.parametrize("example", shell_examples())
def test_example_of_the_readme_runs(example: str, request: pytest.FixtureRequest) -> None:
    check = next((check for pattern, check in EXAMPLES.items() if re.fullmatch(pattern, example)), None)
    assert check, "nothing here runs this example: add a row to EXAMPLES"
    check(example, request)


def test_the_readme_has_examples() -> None:
    assert len(shell_examples()) >= 5


# --- links and places --------------------------------------------------------------------------


def test_links_between_pages_lead_somewhere() -> None:
    pages = [path for path in tracked_files() if path.suffix == ".md" and "tests" not in path.parts]
    links = [
        (page, link) for page in pages for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text("utf-8"))
    ]
    assert links
    assert [f"{page.name}: {link}" for page, link in links if not (page.parent / link).exists()] == []


# Written in two halves, so that this file does not find itself.
ELSEWHERE = {
    "a folder of the machine it was written on": re.compile(
        r"(?<![\w.])/(?:" + "wor" + r"k|roo" + r"t|hom" + r"e|var/tm" + r"p)/\w"
    ),
    "the address of a package registry": re.compile(
        r"//(?:"
        + "|".join(
            (
                "py" + "pi",
                "test.py" + "pi",
                "files.python" + "hosted",
                "registry.np" + "mjs",
                "static.crates",
                "proxy.gol" + "ang",
                "deb.deb" + "ian",
                "repo1?.mav" + "en",
            )
        )
        + r")\b"
    ),
}


@pytest.mark.parametrize("what", ELSEWHERE)
def test_no_file_names(what: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}"
        for path in tracked_files()
        if b"\0" not in path.read_bytes()
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1)
        if ELSEWHERE[what].search(line)
    ]
    assert not found, "\n".join(found)


def test_the_changelog_has_an_unreleased_part() -> None:
    """Keep a Changelog: an Unreleased part first, every other version with its date."""
    headings = re.findall(r"^## (.+)$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.M)
    assert headings[0] == "[Unreleased]"
    assert [h for h in headings[1:] if not re.fullmatch(r"\[\d+\.\d+\.\d+\] - \d{4}-\d{2}-\d{2}", h)] == []
