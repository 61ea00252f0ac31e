"""Annotated documents, kept so that only what changed is read again (QA_CACHE): a second build reads new and changed
documents, and one that was interrupted goes on from those that were finished."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from zlib import compress, decompress

import orjson
from pydantic import TypeAdapter

from qa.cache import Cache, maker_digest
from qa.corpus import Corpus
from qa.corpus.documents import CorpusFile
from qa.corpus.works import Works
from qa.indexing.merging import AnnotatedDocument
from qa.log import LOG

FAST = 1  # level of compression


class KeptDocuments:
    """The annotated documents of a corpus that are kept.

    One is found again if nothing has changed that it was made from: its file with its name and what its owner says of
    it, its bibliographies, the owner's conditions and works, and this program.
    """

    def __init__(self, corpus: Corpus, kept: Cache) -> None:
        self._kept = kept
        self._lists = digest_of((maker_digest(), corpus.conditions, corpus.references))
        self._bibliographies: dict[str, str] = {}

    def find(self, file: CorpusFile) -> AnnotatedDocument | None:
        found = self._kept.find(self._key(file))
        return None if found is None else annotated_documents().validate_json(decompress(found))

    def store(self, file: CorpusFile, annotated: AnnotatedDocument) -> None:
        """Keep a document if possible. It need not outlast a loss of power: a damaged one is made again."""
        try:
            written = orjson.dumps(annotated, default=known_to_orjson)
            self._kept.store(self._key(file), [compress(written, FAST)], lasting=False)
        except (OSError, TypeError) as error:  # no room, or not valid Unicode
            LOG.warning("document not kept", file=file.path, fault=str(error))

    def _key(self, file: CorpusFile) -> str:
        beside = [self._digest_of_works(path, works) for path, works in file.bibliographies]
        parts = self._lists, file.id, file.path, file.provenance, beside, sha256(file.data).hexdigest()
        return f"document-{digest_of(parts)[:32]}"

    def _digest_of_works(self, path: str, works: Works) -> str:
        if path not in self._bibliographies:
            self._bibliographies[path] = digest_of(works.references)
        return self._bibliographies[path]


def digest_of(value: object) -> str:
    return sha256(orjson.dumps(value, default=known_to_orjson)).hexdigest()


def known_to_orjson(value: object) -> list[object]:
    """What orjson does not know, such as named tuples; sets are sorted, so that the same is always the same text."""
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple):
        return list(value)
    raise TypeError


@cache
def annotated_documents() -> TypeAdapter[AnnotatedDocument]:
    return TypeAdapter(AnnotatedDocument)
