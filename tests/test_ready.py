"""Ready passages, published chunk by chunk: the same as in memory, and the same from several processes as from one."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.answering.answer import answer
from qa.answering.options import Options
from qa.cache import temporary_cache
from qa.editing.collections import read_collection
from qa.encoder import Encoder
from qa.errors import CorpusError, NotFound
from qa.indexes import OpenIndex, open_index
from qa.indexes.disk.files import SectionFiles, read_file_list
from qa.indexes.disk.versions import folder_of
from qa.indexing import ready
from qa.indexing.pieces import Pieces
from qa.indexing.publish import open_content, publish_content
from qa.indexing.ready import LINES, publish_ready, ready_file
from qa.indexing.sentence_aspects import ReadSentences, SentenceAspects
from qa.indexing.vectors import open_with_vectors
from qa.indexing.written_words import WrittenWords
from qa.text.analysis import WORD_OR_NUMBER
from qa.understanding.aspects import Aspects
from qa.understanding.shipped import aspects
from testkit.encoders import tiny_encoder
from testkit.opensearch_nodes import Cluster
from testkit.servers import python_environment

SUBJECTS = ["Ketamine", "Aspirin", "The vaccine", "Rye", "Ibuprofen", "CBT (cognitive behavioural therapy)"]
FINDINGS = [
    "reduced craving in 12 of 96 people within two weeks",
    "costs $12 a month, and was well tolerated",
    "had no effect on relapse; participants got 2.5 mg twice daily",
    "was better than placebo in children with asthma",
    "suppressed weeds by half when it was sown early",
]


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six hundred passages in several chunks; some are tagged, one is empty and one has only stop words."""
    chance, folder = random.Random(3), tmp_path_factory.mktemp("source")
    rows: list[dict[str, Any]] = []
    for number in range(600):
        sentences = [
            f"{chance.choice(SUBJECTS)} {chance.choice(FINDINGS)}. Group {chance.randint(1, 90)} of trial w{number % 70} said so."
            for _ in range(chance.randint(1, 4))
        ]
        rows.append({"_id": f"p{number}", "title": chance.choice(SUBJECTS), "text": " ".join(sentences)})
    rows[7]["conditions"] = ["asthma"]
    rows[8] |= {"conditions": ["asthma", "relapse"], "title": ""}
    rows[9]["text"] = ""
    rows[10] |= {"text": "To be or not to be.", "title": ""}
    (folder / LINES).write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    return folder


@pytest.fixture(scope="module")
def built(source: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    """The folder of the version made by one and by two processes."""
    found = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ready, "CHUNK", 8_000)
        for processes in (1, 2):
            url = f"disk:{tmp_path_factory.mktemp('index') / 'index'}"
            publish_ready(source / LINES, url, processes=processes)
            [name] = folder_of(url).names()
            found[processes] = folder_of(url).versions / name
    return found


def opened(place: Path) -> OpenIndex:
    return open_index(f"disk:{place.parent.parent}", place.name.partition(".")[0], temporary_cache())


def test_several_processes_make_the_same_bytes(built: dict[int, Path]) -> None:
    one, two = (read_file_list(built[number]) for number in (1, 2))
    same = {file.name: file.checksums for file in one.files if not file.name.startswith("tantivy/")}
    assert same == {file.name: file.checksums for file in two.files if not file.name.startswith("tantivy/")}
    assert len(same) > 30


def test_the_words_are_those_of_the_index_in_memory(source: Path, built: dict[int, Path]) -> None:
    """Number by number: of words, terms, passages, sentences and their tags."""
    content = read_collection(source)
    url = f"disk:{built[1].parent.parent.parent / 'whole'}"
    whole = open_content(content, url)
    [name] = folder_of(url).names()
    place = folder_of(url).versions / name
    sections = [SectionFiles(each, read_file_list(each)) for each in (place, built[2])]
    for section in [
        "words",
        "words.starts",
        "words.lengths",
        "words.titles",
        "words.texts",
        "terms.of_forms",
        "forms.of_terms",
        "terms.frequencies",
        "tags.of_passages",
        "sentences.starts",
        "sentences.firsts",
        "sentences.kinds",
    ]:
        first, second = (each.numbers(section) for each in sections)
        assert np.array_equal(first, second), section
    for section in ("tags", "kinds", "lower_case", "words.total"):
        assert sections[0].json(section) == sections[1].json(section), section
    ours = opened(built[2])
    assert ours.manifest.knowledge == whole.manifest.knowledge
    assert list(ours.documents()) == list(content.documents)
    assert list(ours.manifest.documents) == list(whole.manifest.documents)
    assert ours.quotation("p7") == whole.quotation("p7")


QUESTIONS = [
    "Does ketamine reduce craving?",
    "What does aspirin cost?",
    "How many milligrams of ibuprofen were given?",
    "What is CBT?",
    "Is rye sown early?",
    "Does the vaccine work in children?",
    "Who found this in trial w13?",
    "What about quantum computing?",
]


@pytest.mark.parametrize("question", QUESTIONS)
def test_answers_are_those_of_the_index_in_memory(source: Path, built: dict[int, Path], question: str) -> None:
    memory, disk = (
        answer(question, index, Options(explain=True, limit=10))
        for index in (open_content(read_collection(source)), opened(built[2]))
    )
    assert disk.answers == memory.answers
    assert (disk.status, disk.missing, disk.abstention) == (memory.status, memory.missing, memory.abstention)


def test_passages_with_a_condition(built: dict[int, Path]) -> None:
    assert list(opened(built[2]).candidates(["said"], 10, {"relapse"}).ids) == ["p8"]
    assert set(opened(built[2]).candidates(["said"], 10, {"asthma"}).ids) == {"p7", "p8"}


@pytest.fixture(scope="module")
def in_cluster(source: Path, cluster: Cluster) -> str:
    """The address of a cluster with these passages, stored in several chunks."""
    url = f"opensearch+http://{','.join(cluster.hosts)}/ready?shards=2&replicas=0"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ready, "CHUNK", 8_000)
        publish_ready(source / LINES, url, processes=1)
    return url


@pytest.mark.slow
@pytest.mark.parametrize("encoder", [None, tiny_encoder()], ids=["words", "vectors"])
def test_answers_from_a_cluster_are_those_of_memory_and_disk(
    source: Path, built: dict[int, Path], in_cluster: str, encoder: Encoder | None
) -> None:
    kept = temporary_cache()
    memory = publish_content(read_collection(source), "memory:", kept), "memory:"
    version = built[2].name.partition(".")[0]
    versions = memory, (version, f"disk:{built[2].parent.parent}"), (version, in_cluster)
    first, *others = (open_with_vectors(url, version, kept, encoder) for version, url in versions)
    for question in QUESTIONS:
        for options in (Options(explain=True, limit=10), Options(explain=True, conditions=("asthma",))):
            expected = answer(question, first, options)
            for index in others:
                given = answer(question, index, options)
                assert given.answers == expected.answers
                assert (given.status, given.abstention) == (expected.status, expected.abstention)


@pytest.mark.slow
def test_documents_in_a_cluster_are_those_of_the_index_on_disk(built: dict[int, Path], in_cluster: str) -> None:
    disk = opened(built[2])
    stored = open_index(in_cluster, disk.manifest.version, temporary_cache())
    assert list(stored.documents()) == list(disk.documents())
    assert list(stored.manifest.documents) == list(disk.manifest.documents)
    assert stored.manifest.documents[-3:] == disk.manifest.documents[-3:]
    assert stored.manifest.documents[5] == disk.manifest.documents[5]
    for read in ("document", "overview", "quotation", "passage", "notes"):
        assert getattr(stored, read)("p7") == getattr(disk, read)("p7")
        assert said_of_unknown(stored, read) == said_of_unknown(disk, read)


def said_of_unknown(index: OpenIndex, read: str) -> str:
    with pytest.raises(NotFound) as error:
        getattr(index, read)("no such id")
    return str(error.value)


# What patterns and phrases of aspects look for, and letters that are other letters when folded.
PIECES = [
    "12 mg",
    "1.5mg",
    "1,000 people",
    "in",
    " two",
    "weeks",
    "$12 a month",
    "half",
    "the cost of",
    "daily",
    "in 2019;4",
    "follow-up",
    "two thirds",
    "µg",
    "é",
    "e\u0301",
    "et al.",
    "…",
    "％",
    "²",
    "(p<0.05)",
]


@given(st.lists(st.lists(st.sampled_from(PIECES) | st.text(max_size=4), max_size=9).map(" ".join), max_size=4))
def test_aspects_of_many_sentences_are_those_of_each(sentences: list[str]) -> None:
    vocabulary = Aspects(aspects())
    pieces = Pieces(WrittenWords(vocabulary))
    numbers = [[pieces.numbers[piece] for piece in sentence.split()] for sentence in sentences]
    pieces.learn()
    flat, ends = np.array([*chain.from_iterable(numbers)], np.int64), np.cumsum([0, *map(len, numbers)])
    words, starts = pieces.words_in(flat)
    read = ReadSentences(sentences, flat, ends, words, starts[ends])
    shown, of_sentences = SentenceAspects(pieces).shown(read)
    assert [shown[number] for number in of_sentences] == [vocabulary.shown(sentence) for sentence in sentences]


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=6), max_size=9).map("".join))
def test_the_words_of_a_text_are_those_of_its_pieces(text: str) -> None:
    assert [word for piece in text.split() for word in WORD_OR_NUMBER.findall(piece)] == WORD_OR_NUMBER.findall(text)


@pytest.mark.parametrize(
    "line",
    [
        '{"_id": 1, "text": "One word. Two.", "cuts": [0, 6, 6, 14]}',  # a sentence begins within a word
        '{"_id": 1, "text": "One word. Two.", "cuts": [0, 9]}',  # a word in no sentence
        '{"_id": "1"}',
        '{"_id": "1", "text": ',
        "[1, 2]",
        '{"text": "No id."}',
        '"text"',
        '{"_id": 1, "text": "x", "conditions": 3}',
    ],
)
def test_a_line_that_is_no_passage(tmp_path: Path, line: str) -> None:
    """The error says where, and the index is left as it is."""
    good = '{"_id": "1", "text": "A text."}'
    (tmp_path / LINES).write_text(f"{good}\n{line}\n")
    with pytest.raises(CorpusError, match=rf"corpus.jsonl: the line at byte {len(good) + 1} is no passage"):
        publish_ready(tmp_path / LINES, f"disk:{tmp_path / 'index'}", processes=1)
    assert folder_of(f"disk:{tmp_path / 'index'}").names() == []
    assert sorted(path.name for path in (tmp_path / "index").iterdir()) == ["index", "lock", "versions"]


def test_what_is_a_file_of_ready_passages(source: Path, tmp_path: Path) -> None:
    assert ready_file(source) == ready_file(source / LINES) == source / LINES
    assert ready_file(tmp_path) is None
    (tmp_path / "a.txt").touch()
    assert ready_file(tmp_path / "a.txt") is None


# --- after a kill, and how much memory it takes ------------------------------------------------

# Publishes passages; after so many chunks it kills itself. Prints how many chunks were made, and the peak of memory.
CHILD = """
import os, resource, signal, sys
from pathlib import Path
from qa.cache import Cache
from qa.indexing import ready
from qa.indexing.chunks import ChunkMaker
source, index, kept, most, ready.CHUNK = *sys.argv[1:4], *map(int, sys.argv[4:])
made = 0
class Counting(ChunkMaker):
    def __call__(self, passages):
        global made
        if made == most:
            os.kill(os.getpid(), signal.SIGKILL)
        made += 1
        return super().__call__(passages)
ready.ChunkMaker = Counting
ready.publish_ready(Path(source), f"disk:{index}", processes=1, kept=Cache(Path(kept)) if kept else None)
print(made, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def run_child(*arguments: object) -> tuple[int, tuple[int, ...]]:
    """The exit status, and what it prints."""
    command = [sys.executable, "-c", CHILD, *map(str, arguments)]
    run = subprocess.run(command, env=python_environment(), capture_output=True, text=True, check=False)
    return run.returncode, tuple(map(int, run.stdout.split()))


def test_a_killed_build_goes_on_from_the_chunks_that_were_made(
    source: Path, built: dict[int, Path], tmp_path: Path
) -> None:
    chunks = -(-(source / LINES).stat().st_size // 8_000)
    arguments = source / LINES, tmp_path / "index", tmp_path / "cache"
    for kill in (3, 5):
        assert run_child(*arguments, kill, 8_000) == (-signal.SIGKILL, ())
    status, (made, _) = run_child(*arguments, -1, 8_000)
    assert (status, made) == (0, chunks - 3 - 5)
    [name] = folder_of(f"disk:{tmp_path / 'index'}").names()
    once, again = (read_file_list(place).files for place in (built[1], tmp_path / "index" / "versions" / name))
    same = {file.name: file.checksums for file in once if not file.name.startswith("tantivy/")}
    assert same == {file.name: file.checksums for file in again if not file.name.startswith("tantivy/")}


MOST_EACH = 4_000  # bytes of memory for each further passage; as objects, a passage takes five times as much


def test_memory_hardly_grows_with_the_number_of_passages(tmp_path: Path) -> None:
    """Ten times the passages: the peak of memory grows by what the index of tantivy keeps before it writes."""
    peaks = []
    for number in (2_000, 20_000):
        rows = (
            json.dumps({"_id": str(n), "text": f"Rye {n % 97} suppressed weeds in {n} of 96 fields. " * 12})
            for n in range(number)
        )
        (tmp_path / f"{number}.jsonl").write_text("\n".join(rows))
        status, (_, peak) = run_child(tmp_path / f"{number}.jsonl", tmp_path / f"index{number}", "", -1, 1 << 20)
        assert status == 0
        peaks.append(peak * 1024)
    assert peaks[1] - peaks[0] < 18_000 * MOST_EACH, peaks
