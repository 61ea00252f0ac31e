"""Publish ready passages: a file of JSON lines with `_id`, `title` and `text`, as corpus.jsonl of the BEIR layout.
`conditions` may give the ids of the conditions that a passage is about, `cuts` where its sentences begin and end.

The file is read in chunks by several processes; what they make does not depend on their number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from qa.errors import CorpusError, IndexUnavailable
from qa.indexes.disk.files import finish
from qa.indexes.disk.versions import about_version, folder_name, folder_of, is_on_disk
from qa.indexes.disk.writer import ReadyChunk, ReadyWriter
from qa.indexes.ready import ReadyPassage, conditions_named
from qa.indexing.chunks import ChunkMaker
from qa.indexing.processes import fitting_processes, in_processes
from qa.models import Manifest, Site
from qa.text.analysis import WORD_OR_NUMBER
from qa.text.language import ENGLISH
from qa.text.sentences import split_sentences
from qa.understanding.gathering import PassageFacts, knowledge_of_passages

CHUNK = 1 << 20  # bytes of the file
LINES = "corpus.jsonl"
BytesRead = Callable[[int, int], None]


class ReadChunk(NamedTuple):
    """What comes of a chunk of the file."""

    passages: ReadyChunk
    facts: PassageFacts


def ready_file(source: Path) -> Path | None:
    """The file of ready passages that a path names: itself, or the one in a folder; None if it is neither."""
    if source.is_file() and source.suffix == ".jsonl":
        return source
    return source / LINES if (source / LINES).is_file() else None


def publish_ready(
    source: Path, url: str, *, processes: int | None = None, progress: BytesRead = lambda done, of: None
) -> str:
    """Publish the ready passages of a file in an index on disk and return the version, a digest of the file.

    `progress` is called with the numbers of bytes read and in all. Raises CorpusError, with file and line, for a line
    that is no passage, and IndexUnavailable if the index cannot be written.
    """
    folder, version = folder_of(url), digest_of_file(source)
    name = folder_name(version)
    try:
        with folder.lock():
            if not is_on_disk(url, version):
                with folder.building(name) as place:
                    write_ready(source, place, version, processes, progress)
            folder.promote(name)
            folder.prune()
    except OSError as error:
        advice = "The version served so far is not affected."
        raise IndexUnavailable(
            f"The index in {folder.path} cannot be written: {error.strerror or error}. {advice}"
        ) from None
    return version


def digest_of_file(source: Path) -> str:
    digest = sha256()
    with source.open("rb") as file:
        while data := file.read(1 << 20):
            digest.update(data)
    return digest.hexdigest()[:16]


def write_ready(source: Path, place: Path, version: str, processes: int | None, progress: BytesRead) -> None:
    """Write all files of a version into its folder."""
    size = source.stat().st_size
    number = max(1, -(-size // CHUNK))
    make = ChunkMaker()

    def read(chunk: int) -> ReadChunk | CorpusError:
        try:
            rows = list(passages_in(source, chunk * CHUNK, (chunk + 1) * CHUNK))
            return ReadChunk(*make(rows))
        except CorpusError as error:
            return error

    def stopped(chunk: int) -> CorpusError:
        return CorpusError(source.name, f"reading the passages from byte {chunk * CHUNK:,} on ends the process.")

    writer: ReadyWriter | None = None
    facts = PassageFacts()
    used = processes or fitting_processes([CHUNK] * number)
    with closing(in_processes(read, stopped, number, used)) as results:
        for done, found in enumerate(results, 1):
            if isinstance(found, CorpusError):
                raise found
            lengths = found.passages.lengths
            writer = writer or ReadyWriter(place, float(lengths.mean()) if len(lengths) else 0.0)
            writer.add(found.passages)
            facts.add(found.facts)
            progress(min(size, done * CHUNK), size)
    assert writer is not None  # there is at least one chunk
    conditions = conditions_named(writer.tagged)
    manifest = Manifest(
        version=version,
        passages=writer.passages,
        documents=(),
        conditions=conditions,
        notices=(),
        site=Site("", "", "", ""),
        knowledge=knowledge_of_passages(facts, writer.passages, conditions, writer.tagged),
        languages=(ENGLISH,) if writer.passages else (),
        published=datetime.now(UTC).date().isoformat(),
    )
    finish(place, writer.finish(manifest), about_version(manifest, "passages"))


def passages_in(source: Path, begin: int, end: int) -> Iterator[tuple[str, ReadyPassage]]:
    """The passages, with their ids, of the lines that begin within a range of bytes."""
    with source.open("rb") as file:
        if begin:
            file.seek(begin - 1)
            file.readline()
        while file.tell() < end and (line := file.readline()):
            if line.strip():
                yield ready_passage(line, source.name, file.tell() - len(line))


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
