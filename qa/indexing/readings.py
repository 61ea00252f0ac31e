"""Readings of files, kept so that a file that takes long to read is not read again at the next start (QA_CACHE)."""

from __future__ import annotations

import time
from hashlib import sha256

import orjson

from qa.cache import Cache, maker_digest
from qa.corpus.documents import CorpusFile
from qa.log import LOG
from qa.models import Reading
from qa.readers import read_document
from qa.readers.kind import ending_of
from qa.readers.stored import as_json, from_json

WORTH_KEEPING = 0.1  # seconds


def read_file_once(file: CorpusFile, kept: Cache | None) -> Reading:
    """The reading of a file: the one that is kept for the same content, ending of the name and readers, or else a new
    one. Raises ReadingError, and then keeps nothing."""
    if kept is None:
        return read_document(file.path, file.data)
    parts = sha256(file.data).hexdigest(), ending_of(file.path), maker_digest()
    key = "reading-" + sha256("\0".join(parts).encode()).hexdigest()[:32]
    if (found := kept.find(key)) is not None:
        return from_json(orjson.loads(found))
    start = time.monotonic()
    reading = read_document(file.path, file.data)
    if reading.extracted and time.monotonic() - start >= WORTH_KEEPING:
        try:
            # orjson does not take a named tuple, such as a Span, for a tuple
            kept.store(key, [orjson.dumps(as_json(reading), default=tuple)])
        except OSError as error:
            LOG.warning("reading not kept", file=file.path, fault=str(error))
    return reading
