"""Publish ready passages: a file of JSON lines with `_id`, `title` and `text`, as corpus.jsonl of the BEIR layout.
`conditions` may give the ids of the conditions that a passage is about, `cuts` where its sentences begin and end.

The file is read in chunks by several processes; what they make does not depend on their number.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime
from hashlib import sha256
from io import BytesIO
from itertools import chain
from pathlib import Path
from typing import Any

import orjson

from qa.cache import Cache
from qa.errors import CorpusError, IndexUnavailable
from qa.indexes.disk.files import finish
from qa.indexes.disk.versions import about_version, folder_name, folder_of, is_on_disk
from qa.indexes.disk.writer import VersionWriter
from qa.indexes.opensearch.address import is_cluster
from qa.indexes.ready import READY, ReadyPassage, conditions_named
from qa.indexes.ready_chunks import ReadyChunk, VersionNumbers
from qa.indexes.writing import sections_of_nothing
from qa.indexing.chunks import ChunkMaker
from qa.indexing.kept_chunks import ReadChunk, find_chunk, key_of_chunk, store_chunk
from qa.indexing.processes import fitting_processes, in_processes, without_collecting
from qa.indexing.progress import tell_watcher
from qa.models import Manifest, Site
from qa.text.analysis import WORD_OR_NUMBER
from qa.text.language import ENGLISH
from qa.text.sentences import split_sentences
from qa.understanding.gathering import PassageFacts, knowledge_of_passages

CHUNK = 1 << 21  # bytes of the file: with less, more is passed on between processes
LINES = "corpus.jsonl"


def ready_file(source: Path) -> Path | None:
    """The file of ready passages that a path names: itself, or the one in a folder; None if it is neither."""
    if source.is_file() and source.suffix == ".jsonl":
        return source
    return source / LINES if (source / LINES).is_file() else None


def publish_ready(source: Path, url: str, *, processes: int | None = None, kept: Cache | None = None) -> str:
    """Publish the ready passages of a file in an index on disk or in a cluster, and return the version, a digest of the
    file. On disk it is the current one then.

    `kept` is where what was read is kept, so that a build that is interrupted goes on. The watcher (`watched_by`) is
    told the numbers of bytes read and in all. Raises CorpusError, with file and line, for a line that is no passage,
    and IndexUnavailable if the index cannot be written.
    """
    reading = ReadyReading(source, digest_of_file(source))
    with closing(read_chunks(source, processes, kept)) as chunks:
        if is_cluster(url):
            from qa.indexes.opensearch import cluster

            if not cluster.is_in_cluster(url, reading.version):
                cluster.store_ready_in_cluster(reading.version, reading.chunks(chunks), reading.manifest, url)
        else:
            store_ready_on_disk(reading, chunks, url)
    return reading.version


class ReadyReading:
    """Reads the chunks of a file, and gathers what is said of all of them: their manifest."""

    def __init__(self, source: Path, version: str) -> None:
        self.version, self._size, self._facts = version, source.stat().st_size, PassageFacts()

    def chunks(self, found: Iterable[ReadChunk | CorpusError]) -> Iterator[ReadyChunk]:
        """The passages of each chunk, in order. Raises CorpusError for the first line that is no passage."""
        for done, chunk in enumerate(found, 1):
            if isinstance(chunk, CorpusError):
                raise chunk
            self._facts.add(chunk.facts)
            yield chunk.passages
            tell_watcher(min(self._size, done * CHUNK), self._size)

    def manifest(self, numbering: VersionNumbers) -> Manifest:
        """The manifest, once all chunks are read and numbered."""
        self._facts.add_words(numbering.forms(), numbering.forms(in_titles=True))
        conditions = conditions_named(numbering.tagged)
        passages = numbering.passages
        return Manifest(
            version=self.version,
            passages=passages,
            documents=(),
            conditions=conditions,
            notices=(),
            site=Site("", "", "", ""),
            knowledge=knowledge_of_passages(self._facts, passages, conditions, numbering.tagged),
            languages=(ENGLISH,) if passages else (),
            published=datetime.now(UTC).date().isoformat(),
        )


def store_ready_on_disk(reading: ReadyReading, chunks: Iterable[ReadChunk | CorpusError], url: str) -> None:
    """Store ready passages as a version, unless it is there, and make it the current one."""
    folder, name = folder_of(url), folder_name(reading.version)
    try:
        with folder.lock():
            if not is_on_disk(url, reading.version):
                with folder.building(name) as place:
                    write_ready(reading, chunks, place)
            folder.promote(name)
            folder.prune()
    except OSError as error:
        advice = "The version served so far is not affected."
        raise IndexUnavailable(
            f"The index in {folder.path} cannot be written: {error.strerror or error}. {advice}"
        ) from None


def write_ready(reading: ReadyReading, chunks: Iterable[ReadChunk | CorpusError], place: Path) -> None:
    """Write all files of a version into its folder."""
    writer: VersionWriter | None = None
    for chunk in reading.chunks(chunks):
        writer = writer or VersionWriter(place, READY, float(chunk.lengths.mean()) if len(chunk.lengths) else 0.0)
        writer.add(chunk)
    assert writer is not None  # there is at least one chunk
    manifest = reading.manifest(writer.numbering)
    finish(place, writer.finish(sections_of_nothing(manifest)), about_version(manifest, "passages"))


def digest_of_file(source: Path) -> str:
    digest = sha256()
    with source.open("rb") as file:
        while data := file.read(1 << 20):
            digest.update(data)
    return digest.hexdigest()[:16]


def read_chunks(
    source: Path, processes: int | None, kept: Cache | None
) -> Generator[ReadChunk | CorpusError, None, None]:
    """What comes of each chunk of a file, in order, or why a line of it is no passage."""
    number = max(1, -(-source.stat().st_size // CHUNK))
    make = ChunkMaker()

    def read(chunk: int) -> ReadChunk | CorpusError:
        place, lines = lines_of_chunk(source, chunk)
        key = key_of_chunk(lines) if kept else ""
        if kept and (found := find_chunk(key, kept)):
            return found
        try:
            with without_collecting():
                made = ReadChunk(*make(list(passages_in(lines, source.name, place))))
        except CorpusError as error:
            return error
        if kept:
            store_chunk(key, made, kept)
        return made

    def stopped(chunk: int) -> CorpusError:
        return CorpusError(source.name, f"reading the passages from byte {chunk * CHUNK:,} on ends the process.")

    return in_processes(read, stopped, number, processes or fitting_processes([CHUNK] * number))


def lines_of_chunk(source: Path, chunk: int) -> tuple[int, bytes]:
    """The lines that begin within a chunk of a file, and the place of the first."""
    with source.open("rb") as file:
        if chunk:
            file.seek(chunk * CHUNK - 1)
            file.readline()
        place = file.tell()
        data = file.read(max(0, (chunk + 1) * CHUNK - place))
        return place, data if data.endswith(b"\n") else data + file.readline()


def passages_in(lines: bytes, file: str, place: int) -> Iterator[tuple[str, ReadyPassage]]:
    """The passages, with their ids, of lines of a file that begin at byte `place`."""
    for line in BytesIO(lines):
        if line.strip():
            yield ready_passage(line, file, place)
        place += len(line)


def ready_passage(line: bytes, file: str, place: int) -> tuple[str, ReadyPassage]:
    """The passage of a line that begins at byte `place` of a file. Raises CorpusError."""
    try:
        row: Mapping[str, Any] = orjson.loads(line)
        return str(row["_id"]), as_ready(row)
    except (ValueError, KeyError, TypeError, AttributeError):
        message = (
            f'the line at byte {place:,} is no passage. It must be like {{"_id": "1", "title": "…", "text": "…"}}.'
        )
        raise CorpusError(file, message) from None


def as_ready(row: Mapping[str, Any]) -> ReadyPassage:
    """A passage with its sentences: `cuts` are the offsets at which each begins and ends, if they are known already.
    Raises KeyError, TypeError or ValueError for a row that is no passage."""
    text, given = str(row["text"]), row.get("cuts")
    cuts = tuple(map(int, given or (cut for span in split_sentences(text, 0, len(text)) for cut in span)))
    if given and not are_sentences(text, cuts):
        raise ValueError("cuts")
    return ReadyPassage(str(row.get("title") or ""), text, cuts, tuple(map(str, row.get("conditions") or ())))


def are_sentences(text: str, cuts: Sequence[int]) -> bool:
    """Whether a text is cut into sentences in order, with each of its words within one."""
    if len(cuts) % 2 or list(cuts) != sorted(cuts) or not 0 <= cuts[0] <= cuts[-1] <= len(text):
        return False
    between = [text[end:begin] for end, begin in zip([0, *cuts[1::2]], [*cuts[::2], len(text)], strict=True)]
    if all(map(str.isspace, between[1:-1])) and not between[0].strip() and not between[-1].strip():
        return True
    parts = (WORD_OR_NUMBER.findall(text[begin:end]) for begin, end in zip(cuts[::2], cuts[1::2], strict=True))
    return list(chain.from_iterable(parts)) == WORD_OR_NUMBER.findall(text)
