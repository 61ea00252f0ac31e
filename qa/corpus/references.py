"""Read the owner's references.json."""

from __future__ import annotations

from pathlib import Path

from qa.corpus.folder import read_file
from qa.corpus.formats import decode, read_records
from qa.corpus.works import Works, collect_works, read_owner_work

REFERENCES = "references.json"


def read_owner_works(folder: Path) -> Works:
    data = read_file(folder, REFERENCES)
    return (
        collect_works(read_records(REFERENCES, decode(REFERENCES, data)), read_owner_work)
        if data is not None
        else Works()
    )
