"""What a list of works adds to the time of a start: `python -m benchmarks.works`.

Prints the processor time of publishing one document with 2,000 works in each format, minus that of the document alone.
"""

from __future__ import annotations

import json
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from qa.indexing.publish import open_published

WORKS = 2000
ROUNDS = 3


def csl(number: int) -> dict[str, object]:
    return {
        "id": f"k{number}",
        "type": "article-journal",
        "title": f"Study {number} of lanes",
        "author": [{"family": f"Reyes{number}", "given": "A."}, {"family": "Müller", "given": "B."}],
        "container-title": "Journal of Roads",
        "issued": {"date-parts": [[2000 + number % 24]]},
        "volume": str(number % 90),
        "page": f"{number}-{number + 9}",
        "DOI": f"10.5555/x.{number}",
        "abstract": "Words of an abstract. " * 20,
    }


def bibtex(n: int) -> str:
    author, fields = (
        f'Reyes{n}, A. and M{{\\"u}}ller, B.',
        f"journal={{J Roads}}, year={2000 + n % 24}, volume={n % 90}",
    )
    return f"@article{{k{n}, title={{{{Study}} {n} of lanes}}, author={{{author}}}, {fields}, doi={{10.5555/x.{n}}}}}"


def ris(n: int) -> str:
    lines = ("TY  - JOUR", f"ID  - k{n}", f"AU  - Reyes{n}, A.", f"TI  - Study {n}", f"PY  - {2000 + n % 24}", "ER  - ")
    return "\n".join(lines)


FILES = {
    "none": {},
    "references.json": {"references.json": json.dumps([csl(n) for n in range(WORKS)], indent=1)},
    "CSL-JSON": {"documents/b.json": json.dumps([csl(n) for n in range(WORKS)], indent=1)},
    "BibTeX": {"documents/b.bib": "\n".join(map(bibtex, range(WORKS)))},
    "RIS": {"documents/b.ris": "\n".join(map(ris, range(WORKS)))},
}


def seconds(files: dict[str, str]) -> float:
    """Return the processor time of publishing a document with these files, the minimum of some rounds."""
    with TemporaryDirectory() as folder:
        corpus = Path(folder)
        (corpus / "documents").mkdir()
        beside = [name.removeprefix("documents/") for name in files if name.startswith("documents/")]
        listing = f'[[document]]\nfile = "a.md"\ntitle = "A"\nbibliography = {json.dumps(beside)}\n'
        text = "# Lanes\n\nLanes help [@k1], [@k2] and (Reyes3, 2003).\n"
        for name, content in {"documents/a.md": text, "documents.toml": listing, **files}.items():
            (corpus / name).write_text(content, encoding="utf-8")
        return min(timed(corpus) for _ in range(ROUNDS))


def timed(corpus: Path) -> float:
    begun = time.process_time()
    open_published(corpus, "memory:")
    return time.process_time() - begun


def main() -> None:
    alone = seconds(FILES["none"])
    for name, files in FILES.items():
        print(f"{name:16} {seconds(files) - alone:6.2f} s" if files else f"without works    {alone:6.2f} s")


if __name__ == "__main__":
    main()
