"""From nothing to a right answer: `git clone`, then one command on a folder of twelve files of all formats, as they are."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from testkit.corpora import ROOT
from tests.test_folder import BESIDE, MIXED, folder_of, state_of_folder

pytestmark = pytest.mark.slow

ASKED = [row for row in MIXED if row[0].endswith((".docx", ".nxml", ".pdf"))]  # all are asked in tests/test_folder.py


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clone of this repository, with the environment of this test run in the place of the one that `./run` would
    install from the network."""
    if not (ROOT / ".git").exists() or shutil.which("git") is None:
        pytest.skip("not a git repository")
    place = tmp_path_factory.mktemp("walk") / "chapter-and-verse"
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(place)], check=True, capture_output=True, timeout=120)
    environment = place / ".venv"
    for folder in (environment / "bin", place.parent / "bin"):
        folder.mkdir(parents=True)
        for name in ("python", "python3"):
            (folder / name).write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
            (folder / name).chmod(0o755)
    lock = hashlib.sha256((place / "requirements.lock").read_bytes()).hexdigest()
    (environment / "stamp").write_text(f"{lock} {sys.version.split()[0]} {sys.base_prefix} {environment}\n")
    return place


def test_two_commands_and_no_edit(clone: Path, tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "files", {**{name: data for name, data, _, _ in MIXED}, **BESIDE})
    assert sum(path.is_file() for path in folder.rglob("*")) == 12
    before = state_of_folder(folder)
    unset = {name: value for name, value in os.environ.items() if not name.startswith(("QA_", "PYTHON"))}
    settings = {"QA_CORPUS": str(folder), "QA_CACHE": str(tmp_path / "kept")}
    path = os.pathsep.join([str(clone.parent / "bin"), os.environ.get("PATH", "")])
    for name, _, question, words in ASKED:
        command = [str(clone / "run"), "qa", "ask", question]
        answered = subprocess.run(
            command, env={**unset, **settings, "PATH": path}, cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False
        )  # fmt: skip
        assert answered.returncode == 0, answered.stderr
        assert words in " ".join(answered.stdout.split()), f"{name}: {answered.stdout[:400]}"
        assert "first start" not in answered.stderr, "the environment of this test run is used"
    assert state_of_folder(folder) == before, "nothing is written into the folder"
