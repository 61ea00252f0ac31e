"""What is delivered works: `run` in a bare folder, the lock files, the wheel, and every server in the README."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
import tomllib
import urllib.request
import zipfile
from hashlib import sha256
from pathlib import Path

import pytest

from testkit.servers import WAIT, free_port, python_environment
from tests.conftest import ROOT, Start

pytestmark = pytest.mark.slow

LOCKS = ("requirements.lock", "requirements-dev.lock")
INSTALLED_WITHIN = 600  # seconds; only reached when something is broken

# As in the README. The test adds a free port.
SERVERS = {
    "flask --app wsgi run": "--port {port}",
    "granian --interface wsgi wsgi:app": "--port {port}",
    "gunicorn --worker-class gthread --threads 4 wsgi:app": "--bind 127.0.0.1:{port} --no-control-socket",
}


@pytest.mark.parametrize("command", SERVERS)
def test_server_answers(command: str, start: Start) -> None:
    url = start("-m", *shlex.split(command), port_option=SERVERS[command])
    with urllib.request.urlopen(url + "/api/v1/openapi.json", timeout=WAIT) as response:
        assert response.headers.get_content_type() == "application/json"
        assert response.read().startswith(b"{")


@pytest.mark.parametrize("command", SERVERS)
def test_server_that_cannot_start_says_why_in_one_line(command: str) -> None:
    """And it exits, instead of restarting workers that fail forever."""
    ended = subprocess.run(
        [sys.executable, "-m", *shlex.split(command), *SERVERS[command].format(port=free_port()).split()],
        cwd=ROOT,
        env=python_environment(QA_CORPUS="/no/such/folder"),
        capture_output=True,
        text=True,
        timeout=WAIT,
        check=False,
    )
    said = ended.stdout + ended.stderr
    assert ended.returncode != 0
    assert len([line for line in said.splitlines() if "there is no such corpus folder" in line]) == 1
    assert "Traceback" not in said


def test_server_names_skipped_documents(tmp_path: Path) -> None:
    corpus = Path(shutil.copytree(ROOT / "corpus", tmp_path / "corpus"))
    (corpus / "documents" / "b.txt").write_bytes(b"\xff\xfe broken")
    with (corpus / "documents.toml").open("a") as listing:
        listing.write('\n[[document]]\nfile = "b.txt"\ntitle = "B"\n')
    environment = python_environment(QA_CORPUS=str(corpus), QA_SKIP_BROKEN="true")
    ended = subprocess.run(
        [sys.executable, "-c", "import wsgi"], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    (line,) = ended.stderr.splitlines()
    assert json.loads(line)["fault"].startswith("documents/b.txt:1")


# --- lock files --------------------------------------------------------------------------------


def locked(name: str) -> dict[str, list[str]]:
    """Return the hashes of each requirement."""
    entries = re.split(r"\n(?=\S)", (ROOT / name).read_text(encoding="utf-8"))
    return {e.split(" ")[0]: re.findall(r"--hash=sha256:[0-9a-f]{64}", e) for e in entries if not e.startswith("#")}


@pytest.mark.parametrize("name", LOCKS)
def test_lock_pins_and_hashes_everything(name: str) -> None:
    entries = locked(name)
    assert entries
    assert [e for e, hashes in entries.items() if "==" not in e or not hashes] == []


@pytest.mark.parametrize("name", LOCKS)
def test_lock_contains_no_url(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert not re.search(r"https?:|file:|--(?:extra-)?index-url|--find-links|--trusted-host", text)


def test_lock_contains_all_dependencies() -> None:
    """A dependency missing in the lock file would not be installed by `run`."""
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    project, groups = declared["project"], declared["dependency-groups"]
    asked = {LOCKS[0]: project["dependencies"]}
    extras = project["optional-dependencies"]  # `dev` includes the project's own extras by name
    asked[LOCKS[1]] = [*project["dependencies"], *extras["evaluate"], *extras["dev"], *groups["csl-schema"]]
    for name, requirements in asked.items():
        pinned = {re.split("==", e)[0] for e in locked(name)}
        direct = set(
            re.findall(
                r"^(\S+?)==(?:.*\n)(?: .*\n)*?(?: +# +(?:via )?chapter-and-verse)",
                (ROOT / name).read_text("utf-8"),
                re.M,
            )
        )
        wanted = {re.match(r"[\w.-]+", r)[0] for r in requirements} - {"chapter-and-verse"}  # type: ignore[index]
        assert wanted <= pinned
        assert direct == wanted, "out of date with pyproject.toml: compile it again (its first lines say how)"


def test_both_locks_agree() -> None:
    """The tests run with the versions that are served."""
    runtime, development = (locked(name) for name in LOCKS)
    assert {e: development.get(e) for e in runtime} == runtime


# --- wheel -------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    built = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stdout + built.stderr
    (made,) = folder.glob("*.whl")
    return made


def test_wheel_contains_the_whole_package(wheel: Path) -> None:
    ours = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "qa").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert any(not name.endswith(".py") for name in ours), "templates and tables belong to the package"
    packed = set(zipfile.ZipFile(wheel).namelist())
    assert "qa/encoder/minilm/model.onnx" in ours
    assert ours <= packed
    assert [name for name in packed if name.endswith("/licenses/NOTICE")], "the model's licence asks for it"
    assert all(name.startswith(("qa/", "chapter_and_verse-")) for name in packed)


def test_wheel_works_outside_the_repository(wheel: Path, tmp_path: Path) -> None:
    """Installed elsewhere, with QA_CORPUS set."""
    zipfile.ZipFile(wheel).extractall(tmp_path)
    environment = python_environment(PYTHONPATH=str(tmp_path), QA_CORPUS=str(ROOT / "corpus"))
    script = "import qa.cli, sys; sys.exit(qa.cli.main(['ask', sys.argv[1]], prog_name='qa'))"
    command = [sys.executable, "-P", "-c", script, "Does ketamine help people stop drinking?"]
    ended = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.strip()


def test_version() -> None:
    command = [sys.executable, "-m", "qa", "--version"]
    ended = subprocess.run(command, cwd=ROOT, env=python_environment(), capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    import qa

    assert qa.__version__ in ended.stdout


# --- run ---------------------------------------------------------------------------------------


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with a space in its name, with `run`, empty lock files, and a `qa` that prints how it was called."""
    folder = tmp_path / "a folder"
    (folder / "qa").mkdir(parents=True)
    shutil.copy(ROOT / "run", folder / "run")
    for name in LOCKS:
        (folder / name).write_text("# nothing to install\n")
    (folder / "qa" / "__init__.py").touch()
    telling = "import os, sys\nprint(sys.argv[1:], sys.prefix, os.environ['QA_CORPUS'], os.getcwd(), sep='\\n')\n"
    (folder / "qa" / "__main__.py").write_text(telling)
    return folder


def call(run: Path, *arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(run), *arguments],
        cwd=cwd,
        env={**python_environment(), **environment},
        capture_output=True,
        text=True,
        timeout=INSTALLED_WITHIN,
        check=False,
    )


def environments(project: Path) -> list[str]:
    return sorted(path.name for path in project.glob(".venv*"))


def test_run_passes_arguments_on_from_any_folder(project: Path, tmp_path: Path) -> None:
    ended = call(project / "run", "qa", "ask", "two words", "", "$HOME *", cwd=tmp_path)
    assert ended.returncode == 0, ended.stderr
    arguments, prefix, corpus, folder = ended.stdout.splitlines()
    assert arguments == str(["ask", "two words", "", "$HOME *"])
    assert prefix == str(project / ".venv")
    assert corpus == str(project / "corpus")
    assert folder == str(tmp_path), "a relative path in an argument is the caller's"
    assert call(project / "run", "serve", "--port", "1", cwd=tmp_path).stdout.startswith("['serve', '--port', '1']")


def tiny_package(folder: Path) -> str:
    """Build an empty wheel; return its line for a lock file."""
    wheel = folder / "tiny-1.0-py3-none-any.whl"
    files = {"METADATA": "Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n", "RECORD": ""}
    files["WHEEL"] = "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    with zipfile.ZipFile(wheel, "w") as archive:
        for name, text in files.items():
            archive.writestr(f"tiny-1.0.dist-info/{name}", text)
    return f"{wheel} --hash=sha256:{sha256(wheel.read_bytes()).hexdigest()}\n"


@pytest.mark.parametrize(
    ("arguments", "environment"),
    [
        (("evaluate",), ".venv-dev"),
        (("evaluate", "questions.jsonl", "--help"), ".venv"),
    ],
)
def test_only_evaluate_installs_the_development_packages(
    arguments: tuple[str, ...], environment: str, project: Path, tmp_path: Path
) -> None:
    ended = call(project / "run", "qa", *arguments, cwd=tmp_path)
    assert ended.stdout.splitlines()[0] == str(list(arguments))
    assert environments(project) == [environment]


def test_the_first_start_shows_its_progress(project: Path, tmp_path: Path) -> None:
    """Each step, its duration and the output of pip are printed to standard error; standard output is the command's."""
    (project / LOCKS[0]).write_text(tiny_package(tmp_path))
    ended = call(project / "run", "qa", cwd=tmp_path)
    printed = ended.stderr.splitlines()
    assert [line.partition(":")[2].split(",")[0] for line in printed if line.startswith("run: first")] == [
        " first start"
    ] * 2
    assert any("a minute" in line for line in printed)
    assert any("tiny" in line for line in printed), "each package is named"
    assert printed[-1] == "run: ready"
    assert ended.stdout.startswith("[]")


def test_run_installs_once_and_again_when_the_lock_changes(project: Path, tmp_path: Path) -> None:
    assert "installing" in call(project / "run", "qa", cwd=tmp_path).stderr
    assert call(project / "run", "qa", cwd=tmp_path).stderr == ""
    (project / LOCKS[0]).write_text("# another lock\n")
    assert "installing" in call(project / "run", "qa", cwd=tmp_path).stderr
    assert environments(project) == [".venv"]


def test_run_works_after_the_folder_is_moved(project: Path, tmp_path: Path) -> None:
    """Scripts in an environment contain its path and would run the Python of the old folder."""
    call(project / "run", "qa", cwd=tmp_path)
    moved = project.rename(tmp_path / "elsewhere")
    ended = call(moved / "run", "qa", cwd=tmp_path)
    assert ended.stdout.splitlines()[1] == str(moved / ".venv")
    assert not [path for path in (moved / ".venv" / "bin").iterdir() if b".venv.tmp" in path.read_bytes()], (
        "scripts must contain the final path of the environment"
    )


def test_a_failed_installation_leaves_the_old_environment(project: Path, tmp_path: Path) -> None:
    call(project / "run", "qa", cwd=tmp_path)
    (project / LOCKS[0]).write_text("./no-such-package --hash=sha256:" + "0" * 64 + "\n")
    ended = call(project / "run", "qa", cwd=tmp_path)
    assert ended.returncode == 1
    assert ended.stdout == ""
    assert ended.stderr.splitlines()[-1].startswith("run: installing failed")
    assert environments(project) == [".venv"]


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_interrupted_run_leaves_no_partial_environment(project: Path, tmp_path: Path, stop: signal.Signals) -> None:
    """Ctrl-C and closing the terminal signal the whole process group."""
    process = subprocess.Popen(
        [str(project / "run"), "qa"],
        cwd=tmp_path,
        env=python_environment(),
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=as_in_a_terminal,
    )
    until = time.monotonic() + WAIT
    while not list(project.glob(".venv.tmp.*/bin/python")):
        assert process.poll() is None
        assert time.monotonic() < until
        time.sleep(0.01)
    os.killpg(process.pid, stop)
    assert process.wait(WAIT) != 0
    assert environments(project) == []


def as_in_a_terminal() -> None:
    """Where these tests run in the background, such signals may be ignored, by the processes that they start too."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


def test_run_twice_at_once(project: Path, tmp_path: Path) -> None:
    """`./run serve` in one terminal and `./run qa ask` in another, both for the first time."""
    starts = [
        subprocess.Popen(
            [str(project / "run"), "qa", str(n)], cwd=tmp_path, env=python_environment(), stdout=subprocess.PIPE
        )
        for n in range(2)
    ]
    said = [process.communicate(timeout=INSTALLED_WITHIN)[0].decode().splitlines()[0] for process in starts]
    assert said == ["['0']", "['1']"]
    assert environments(project) == [".venv"]


def machine_with(folder: Path, **programs: str) -> str:
    """Return a PATH with only the programs that `run` may rely on, and these scripts."""
    folder.mkdir()
    for name in ("sh", "dirname", "basename", "cat", "rm", "mv"):
        found = shutil.which(name)
        assert found
        (folder / name).symlink_to(found)
    for name, text in programs.items():
        (folder / name).write_text(f"#!{shutil.which('sh')}\n{text}\n")
        (folder / name).chmod(0o755)
    return str(folder)


MACHINES = {
    "no Python at all": ({}, "needs Python 3.11 or newer"),
    "an old Python only": (
        {"python3": f'exec "{sys.executable}" -c "import sys; sys.exit(1)"'},
        "needs Python 3.11 or newer",
    ),
    # Debian without python3-venv: the interpreter is there, ensurepip is not.
    "no venv module": (
        {"python3": f'case "$2" in *ensurepip*) exit 1 ;; esac\nexec "{sys.executable}" "$@"'},
        "apt install python3-venv",
    ),
}


@pytest.mark.parametrize("machine", MACHINES)
def test_run_says_what_the_machine_lacks(machine: str, project: Path, tmp_path: Path) -> None:
    programs, sentence = MACHINES[machine]
    ended = call(project / "run", "serve", cwd=tmp_path, PATH=machine_with(tmp_path / "bin", **programs))
    assert ended.returncode == 1
    assert len(ended.stderr.splitlines()) == 1
    assert sentence in ended.stderr
    assert environments(project) == []


@pytest.mark.parametrize(("arguments", "code"), [((), 2), (("unknown",), 2), (("--help",), 0)])
def test_run_explains_itself(arguments: tuple[str, ...], code: int, project: Path, tmp_path: Path) -> None:
    ended = call(project / "run", *arguments, cwd=tmp_path)
    assert ended.returncode == code
    assert "./run serve" in ended.stdout + ended.stderr
    assert environments(project) == []
