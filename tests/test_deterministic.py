"""The same question is understood in the same way in every process."""

from __future__ import annotations

import subprocess
import sys

from testkit.servers import python_environment

# Everything that is searched for, in its order: the words "quit" and "sober" have several synonyms.
UNDERSTAND = """
from qa.understanding.context import context_of
from qa.understanding.parse import read_message
from testkit.corpora import shipped

(question,) = read_message("does it help people quit booze and stay sober?", context_of(shipped()).lexicon).questions
print(question.alike)
"""


def test_what_is_searched_for_does_not_depend_on_the_seed_of_hashes() -> None:
    """The order of synonyms once did, and with it that of passages with nearly the same score."""
    found = {
        subprocess.run(
            [sys.executable, "-c", UNDERSTAND],
            env=python_environment(PYTHONHASHSEED=seed),
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(found) == 1
    assert "sobrieti" in found.pop()
