"""What an ETag depends on, and what it must not depend on."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from qa.settings import Settings
from qa.web import create_app
from qa.web.responses import WITHOUT_EFFECT
from testkit.corpora import ROOT, SHIPPED
from testkit.servers import AS_SERVED, python_environment

OTHER_MACHINE: dict[str, Any] = {"port": 8001, "workers": 7, "rate_limit": 9_999, "hsts": True}


def test_an_etag_is_the_same_on_two_machines(tmp_path: Path) -> None:
    """And after a restart: paths, addresses and limits are not part of it."""
    tags = set()
    different: tuple[tuple[str, dict[str, Any]], ...] = (("one", {}), ("two", OTHER_MACHINE))
    for name, chosen in different:
        corpus = shutil.copytree(SHIPPED, tmp_path / name)
        sender = create_app(Settings(corpus=corpus, versions=tmp_path, **chosen)).test_client()
        tags.add(sender.get("/api/v1/ask?q=relapse").headers["ETag"])
    assert len(tags) == 1


@pytest.mark.slow
def test_the_etag_depends_on_every_file_of_the_package(tmp_path: Path) -> None:
    """Word lists change answers too. The location of the package does not matter."""
    program = "from qa.web.responses import package_digest; print(package_digest())"

    def digest(root: Path) -> str:
        environment = python_environment(PYTHONPATH=f"{root}{os.pathsep}{AS_SERVED}", PYTHONDONTWRITEBYTECODE="1")
        return subprocess.check_output([sys.executable, "-c", program], env=environment, cwd=root, text=True)

    copy = tmp_path / "elsewhere"
    shutil.copytree(ROOT / "qa", copy / "qa", ignore=shutil.ignore_patterns("__pycache__"))
    before = digest(copy)
    assert before == digest(ROOT)
    for file in sorted((copy / "qa" / "data").iterdir())[:2]:
        file.write_bytes(file.read_bytes() + b"\n")
        before, after = digest(copy), before
        assert before != after, file.name


def test_the_etag_depends_on_settings_that_change_answers() -> None:
    """A new setting is part of it unless explicitly excluded: the encoder in use counts with the version."""
    assert set(Settings.model_fields) - WITHOUT_EFFECT == {
        "results",
        "log_questions",
        "answer_from",
        "feedback",  # a form on the page
        "frame_ancestors",  # a list of sites on the page in a frame
    }
