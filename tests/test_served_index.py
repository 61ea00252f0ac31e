"""A service on an index on disk, on a machine without the documents: new versions while visitors ask, and backups."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from qa.indexes.disk.versions import folder_of
from testkit.load import built, load_on, new_corpus, publish_under_load, qa_index, served_index
from testkit.reliability import report

pytestmark = pytest.mark.slow

LONG = os.environ.get("QA_FAULTS") == "long"


def test_new_versions_while_visitors_ask(tmp_path: Path) -> None:
    """No request fails, and every answer is wholly of one version."""
    url, corpus = f"disk:{tmp_path / 'index'}", new_corpus(tmp_path)
    built(url, corpus)
    with served_index(url, tmp_path) as served:
        load = publish_under_load(url, corpus, served, 20 if LONG else 3)
    report("requests while versions on disk change", load.requests, load.failed)


def test_a_backup_of_an_index_that_is_served(tmp_path: Path) -> None:
    """As docs/operations.md says: a copy of the version's folder, made while visitors ask, is whole elsewhere."""
    url, corpus, copy = f"disk:{tmp_path / 'index'}", new_corpus(tmp_path), tmp_path / "elsewhere"
    version = built(url, corpus)
    [name] = folder_of(url).names()
    with served_index(url, tmp_path) as served, load_on(served.url) as load:
        served.wait_until(lambda: bool(load.seen))
        (copy / "versions").mkdir(parents=True)
        shutil.copy(tmp_path / "index" / "index", copy)
        shutil.copytree(tmp_path / "index" / "versions" / name, copy / "versions" / name)
    report("requests while a backup is made", load.requests, load.failed)
    restored = f"disk:{copy}"
    assert qa_index(restored, "verify").exit_code == 0
    assert qa_index(restored, "promote", version).exit_code == 0
    shutil.rmtree(tmp_path / "index")
    (tmp_path / "again").mkdir()
    with served_index(restored, tmp_path / "again") as served, load_on(served.url) as again:
        served.wait_until(lambda: bool(again.seen))
    assert again.seen == load.seen
