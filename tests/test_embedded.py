"""Works described by a document's own file are brought into the form of all works before they are shown."""

from __future__ import annotations

import pytest

from qa.corpus.embedded import with_normal_works
from qa.models import Reading

DEEP: list[object] = []
for _ in range(5000):
    DEEP = [DEEP]

WORKS = [
    ("numbers as text", {"type": "book", "id": 7, "volume": 3, "issued": {"date-parts": [["2013", "5"]]}}, {"type": "book", "volume": "3", "issued": {"date-parts": [[2013, 5]]}}, 0),
    ("keys of one program", {"type": "book", "title": "Lanes", "system_id": "x", "abstract": "Long."}, {"type": "book", "title": "Lanes"}, 0),
    ("an unknown type", {"type": "blog", "title": "Lanes"}, {"type": "document", "title": "Lanes"}, 0),
    ("one field of the wrong kind", {"type": "book", "title": "Lanes", "author": "Reyes", "issued": {"date-parts": [[2013]]}}, {"type": "book", "title": "Lanes", "issued": {"date-parts": [[2013]]}}, 1),
    ("one field nested too deeply", {"type": "book", "title": "Lanes", "author": DEEP}, {"type": "book", "title": "Lanes"}, 1),
]  # fmt: skip


@pytest.mark.parametrize(("given", "work", "faults"), [case[1:] for case in WORKS], ids=[case[0] for case in WORKS])
def test_works_of_a_file(given, work, faults):
    reading = with_normal_works(Reading("", (), works={"r1": given}), "a.docx")
    assert reading.works == {"r1": work}
    assert len(reading.trouble) == faults
