"""How each search library stores texts and finds ten of them: a function of the texts and of the place to store them, a
folder or the address of a server, which returns the search. Every one has its default settings, with English stemming
where that is a name to give; a question is searched as "any of these words".

Nothing is imported before its engine is asked for: each runs in a process of its own, Xapian in the system's Python.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable, Sequence
from http.client import HTTPConnection
from typing import Any

SHOWN = 10
BATCH = 1000
Search = Callable[[str], Sequence[int]]  # a question to the numbers of texts, best first


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def rank_bm25(texts: Sequence[str], folder: str) -> Search:
    from rank_bm25 import BM25Okapi

    index = BM25Okapi([words(text) for text in texts])
    return lambda question: [int(n) for n in (-index.get_scores(words(question))).argsort()[:SHOWN]]


def bm25s(texts: Sequence[str], folder: str) -> Search:
    import bm25s

    index = bm25s.BM25()
    index.index(bm25s.tokenize(list(texts), show_progress=False), show_progress=False)

    def search(question: str) -> Sequence[int]:
        terms = bm25s.tokenize(question, show_progress=False)
        found = index.retrieve(terms, k=min(SHOWN, len(texts)), show_progress=False)[0][0]
        return [int(number) for number in found]

    return search


def langchain(texts: Sequence[str], folder: str) -> Search:
    from langchain_community.retrievers import BM25Retriever

    index = BM25Retriever.from_texts(texts, metadatas=[{"number": n} for n in range(len(texts))], k=SHOWN)
    return lambda question: [found.metadata["number"] for found in index.invoke(question)]


def haystack(texts: Sequence[str], folder: str) -> Search:
    from haystack import Document
    from haystack.components.retrievers.in_memory import InMemoryBM25Retriever
    from haystack.document_stores.in_memory import InMemoryDocumentStore

    store = InMemoryDocumentStore(shared=False)
    store.write_documents([Document(id=str(n), content=text) for n, text in enumerate(texts)])
    retriever = InMemoryBM25Retriever(store, top_k=SHOWN)
    return lambda question: [int(found.id) for found in retriever.run(question)["documents"]]


def fts5(texts: Sequence[str], folder: str) -> Search:
    store = sqlite3.connect(f"{folder}/passages.sqlite")
    store.execute("CREATE VIRTUAL TABLE passages USING fts5(text, tokenize='porter unicode61')")
    store.executemany("INSERT INTO passages(rowid, text) VALUES (?, ?)", enumerate(texts))
    store.execute("INSERT INTO passages(passages) VALUES ('optimize')")
    store.commit()

    def search(question: str) -> Sequence[int]:
        asked = " OR ".join(f'"{word}"' for word in words(question))
        found = store.execute("SELECT rowid FROM passages WHERE passages MATCH ? ORDER BY rank LIMIT ?", (asked, SHOWN))
        return [number for (number,) in found]

    return search


def xapian(texts: Sequence[str], folder: str) -> Search:
    import xapian

    store = xapian.WritableDatabase(f"{folder}/passages", xapian.DB_CREATE)
    maker, reader = xapian.TermGenerator(), xapian.QueryParser()
    for each in (maker, reader):
        each.set_stemmer(xapian.Stem("en"))
    for number, text in enumerate(texts):
        document = xapian.Document()
        document.set_data(str(number))
        maker.set_document(document)
        maker.index_text(text)
        store.add_document(document)
    store.commit()
    store.close()
    searched = xapian.Enquire(xapian.Database(f"{folder}/passages"))

    def search(question: str) -> Sequence[int]:
        searched.set_query(reader.parse_query(" ".join(words(question))))
        return [int(found.document.get_data()) for found in searched.get_mset(0, SHOWN)]

    return search


def tantivy(texts: Sequence[str], folder: str) -> Search:
    import tantivy

    fields = tantivy.SchemaBuilder()
    fields.add_text_field("text", tokenizer_name="en_stem")
    fields.add_integer_field("number", stored=True)
    index = tantivy.Index(fields.build(), path=folder)
    writer = index.writer(256_000_000, 1)
    for number, text in enumerate(texts):
        writer.add_document(tantivy.Document(text=text, number=number))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()

    def search(question: str) -> Sequence[int]:
        query = index.parse_query(" ".join(words(question)), ["text"])
        hits = searcher.search(query, SHOWN, count=False).hits
        return [searcher.doc(address)["number"][0] for _, address in hits]

    return search


def opensearch(texts: Sequence[str], host: str) -> Search:
    connection = HTTPConnection(host, timeout=120)

    def send(method: str, path: str, body: str) -> Any:
        connection.request(method, path, body.encode(), {"Content-Type": "application/json"})
        return json.loads(connection.getresponse().read())

    fields = {"text": {"type": "text", "analyzer": "english"}}
    settings = {"number_of_shards": 1, "number_of_replicas": 0}
    send("PUT", "/texts", json.dumps({"settings": settings, "mappings": {"properties": fields}}))
    for start in range(0, len(texts), BATCH):
        batch = enumerate(texts[start : start + BATCH], start)
        lines = [json.dumps(each) for n, text in batch for each in ({"index": {"_id": str(n)}}, {"text": text})]
        send("POST", "/texts/_bulk", "\n".join([*lines, ""]))
    send("POST", "/texts/_forcemerge?max_num_segments=1", "")
    send("POST", "/texts/_refresh", "")

    def search(question: str) -> Sequence[int]:
        body = {"query": {"match": {"text": question}}, "size": SHOWN, "_source": False}
        return [int(hit["_id"]) for hit in send("POST", "/texts/_search", json.dumps(body))["hits"]["hits"]]

    return search


LIBRARIES: dict[str, Callable[[Sequence[str], str], Search]] = {
    "rank-bm25": rank_bm25,
    "bm25s": bm25s,
    "LangChain BM25": langchain,
    "Haystack BM25": haystack,
    "SQLite FTS5": fts5,
    "Xapian": xapian,
    "tantivy": tantivy,
    "OpenSearch": opensearch,
}
