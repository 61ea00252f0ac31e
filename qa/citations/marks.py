from __future__ import annotations

import re
from collections.abc import Mapping

from qa.citations.references import add_reference, match, parse_mark
from qa.models import Citation, Reading, Reference

GROUP = re.compile(r"\((?:[^()]|\([^()]{0,200}\)){1,600}\)")


def find_citations(
    reading: Reading, references: Mapping[str, Reference]
) -> tuple[list[Citation], dict[str, Reference]]:
    """Marks of a reading, and all references, with those added that a mark itself describes well enough."""
    known = dict(references)
    citations = []
    for block in reading.blocks:
        if block.kind in ("reference", "code", "metadata"):
            continue
        for group in GROUP.finditer(reading.text, block.start, block.end):
            items = re.split(r";\s+(?=[^\W\d])", group[0][1:-1])
            parsed = [parse_mark(item) for item in items]
            fields = [csl for csl in parsed if csl]
            if len(fields) != len(items):
                continue
            ids = [match(csl, known) or add_reference(csl, known) for csl in fields]
            citations.append(Citation(f"c{len(citations) + 1}", *group.span(), group[0], "ama", tuple(ids)))
    return citations, known
