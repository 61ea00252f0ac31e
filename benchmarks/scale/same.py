"""Whether all indexes give the same answers: `python -m benchmarks.scale.same DATA FOLDER [NUMBER ...] [--words]`.

Stores the passages of benchmarks/scale/data.py in memory, on disk and in a cluster of three nodes on this machine
(testkit/opensearch_nodes.py), and asks each of them two hundred questions, without the encoder and with it (unless
`--words`). Prints for how many the first ten passages are the same, in the same order, with scores that differ by at
most 1e-9. Above ENCODED passages, vectors are not made of the passages, which takes long, but put together from those
of real sentences: each index has the same ones, which is all that matters here.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.scale.data import questions, write_passages
from benchmarks.scale.vectors import made_vectors
from qa.answering.answer import answer
from qa.answering.options import Options
from qa.cache import Cache
from qa.editing.collections import read_collection
from qa.encoder import Encoder, open_encoder
from qa.indexes import OpenIndex, open_index, store_vectors
from qa.indexes.layout import ends_of
from qa.indexing.publish import publish_content
from qa.indexing.ready import LINES, publish_ready
from qa.indexing.vectors import open_with_vectors
from testkit.opensearch_nodes import missing, running_cluster

ENCODED = 3_000  # passages
TOLERANCE = 1e-9
Versions = Mapping[str, tuple[str, str]]  # address and version by name
Ten = Sequence[tuple[str, float]]


def main(data: Path, folder: Path, sizes: Sequence[int], *, words: bool) -> None:
    if reason := missing():
        print(f"without a cluster: {reason}")
        compare(data, folder, sizes, "", words=words)
        return
    with tempfile.TemporaryDirectory() as place:
        Path(place).chmod(0o755)  # the server runs as another user
        with running_cluster(Path(place)) as cluster:
            hosts = ",".join(cluster.hosts)
            compare(data, folder, sizes, f"opensearch+http://{hosts}/same?shards=3&replicas=0", words=words)


def compare(data: Path, folder: Path, sizes: Sequence[int], cluster: str, *, words: bool) -> None:
    asked, encoder = questions(data), None if words else open_encoder("on")
    for size in sizes:
        with tempfile.TemporaryDirectory(dir=folder) as place:
            kept = Cache(Path(place) / "kept")
            versions = stored(write_passages(data, size, folder), Path(place), cluster, kept)
            print_same(size, "without the encoder", first_tens(versions, asked, kept, None))
            if encoder:
                if size > ENCODED:
                    store_made_vectors(data, versions, encoder, kept)
                print_same(size, "with the encoder", first_tens(versions, asked, kept, encoder))


def stored(source: Path, place: Path, cluster: str, kept: Cache) -> Versions:
    """These passages in each kind of index."""
    found = {"memory": ("memory:", publish_content(read_collection(source), "memory:", kept))}
    for name, url in (("disk", f"disk:{place / 'index'}"), ("OpenSearch", cluster)):
        if url:
            found[name] = url, publish_ready(source / LINES, url)
    return found


def store_made_vectors(data: Path, versions: Versions, encoder: Encoder, kept: Cache) -> None:
    """Store the same vectors for each version, put together from those of real sentences."""
    url, version = versions["disk"]
    counts = [len(document.sentences) for document in open_index(url, version, kept).documents()]
    tables = made_vectors(data, ends_of(counts), encoder)
    for url, version in versions.values():
        store_vectors(tables, url, version, encoder, kept)


def first_tens(
    versions: Versions, asked: Sequence[str], kept: Cache, encoder: Encoder | None
) -> Mapping[str, list[Ten]]:
    """The first ten passages of each question, by the name of the index."""
    indexes = {name: open_with_vectors(url, version, kept, encoder) for name, (url, version) in versions.items()}
    return {name: [first_ten(index, question) for question in asked] for name, index in indexes.items()}


def first_ten(index: OpenIndex, question: str) -> Ten:
    """The first ten passages of an answer, or the nearest ones, with their scores."""
    given = answer(question, index, Options(limit=10))
    hits = given.answers or (given.abstention.nearest if given.abstention else ())
    return [(hit.id, hit.score) for hit in hits]


def are_same(one: Ten, other: Ten) -> bool:
    return [id for id, _ in one] == [id for id, _ in other] and all(
        abs(first - second) <= TOLERANCE for (_, first), (_, second) in zip(one, other, strict=True)
    )


def print_same(size: int, how: str, found: Mapping[str, list[Ten]]) -> None:
    first, *others = found.values()
    same = sum(all(are_same(ten, each) for each in more) for ten, *more in zip(first, *others, strict=True))
    some = sum(map(bool, first))
    print(
        f"{size:,} passages, {how}: {' = '.join(found)} for {same} of {len(first)} questions"
        f" ({some} of which show passages)",
        flush=True,
    )


if __name__ == "__main__":
    given = [each for each in sys.argv[1:] if each != "--words"]
    wanted = [int(each) for each in given[2:]] or [3_000, 10_000, 100_000]
    main(Path(given[0]), Path(given[1]), wanted, words="--words" in sys.argv)
