"""Sentences like "The study found …": is the source inherited where it should be, and only there?

    python -m benchmarks.back_references

reads `citations/back_references*.json` in the folder QA_TEST_DATA: sentences of trial reports and of encyclopaedias,
labelled by hand, each with up to three sentences before it. They are given without their articles, so references
further back cannot be found. The sentences of `tests/data/back-references.tsv` are read in their whole articles (`jats`
in that folder). Precision comes first: a wrong citation is worse than a missing one.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from testkit.back_references import measure


def main() -> None:
    folder = os.environ.get("QA_TEST_DATA")
    if not folder:
        sys.exit("QA_TEST_DATA is not set. Set it to the folder with the development data.")
    for what, count in measure(Path(folder)).items():
        print(f"{what:64} {count}")


if __name__ == "__main__":
    main()
