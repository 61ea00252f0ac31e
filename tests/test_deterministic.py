"""The same question gets the same answer in every process."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

# The digest of all that is answered to the questions of two pages, whose words have several synonyms.
ASK = """
from hashlib import sha256
from itertools import chain
from dataclasses import replace
from pathlib import Path
import sys
from qa.answering.answer import answer
from qa.answering.options import Options
from qa.indexing.publish import open_published
from testkit.corpora import corpus_of_page
from testkit.question_sets import rows_of

digest = sha256()
for page in ("sleep-apnoea", "school-phones"):
    index = open_published(corpus_of_page(page, Path(sys.argv[1]) / page), "memory:")
    for row in rows_of(f"{page}-held-out"):
        found = answer(row["question"], index, Options(limit=10, explain=True))
        digest.update(repr([(hit.id, hit.score, hit.why) for hit in found.answers]).encode())
print(digest.hexdigest())
"""


@pytest.mark.parametrize("seed", ["1", "2"])
def test_answers_do_not_depend_on_the_seed_of_hashes(seed: str, tmp_path: str) -> None:
    def digest(seed: str) -> str:
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        run = [sys.executable, "-c", ASK, f"{tmp_path}/{seed}"]
        return subprocess.run(run, env=environment, capture_output=True, check=True, text=True).stdout

    assert digest(seed) == digest("0")
