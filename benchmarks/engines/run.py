"""One engine on one set of passages: `python -m benchmarks.engines.run ENGINE PASSAGES QUESTIONS`.

Prints JSON: seconds to build, elapsed and of the processor; ms a question; peak memory in MB; bytes on disk; and the
ids of the ten passages found for each question.
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.engines.libraries import LIBRARIES, Search

ENOUGH = 60.0  # seconds; no question is asked a second time after that
SERVERS = {"OpenSearch", "Chapter & Verse, OpenSearch"}  # work in another process: times are elapsed


def passages(path: Path) -> tuple[list[str], list[str]]:
    """The ids and the texts, each after its title."""
    with path.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return [row["_id"] for row in rows], [f"{row.get('title') or ''}\n{row['text']}".strip() for row in rows]


def ours(engine: str, path: Path, place: str) -> Any:
    """A question to the ids of the passages of its answer; none if it abstains."""
    from qa.answering.answer import answer
    from qa.answering.options import Options
    from qa.cache import temporary_cache
    from qa.editing.collections import read_collection
    from qa.indexes import open_index
    from qa.indexing.publish import open_content
    from qa.indexing.ready import publish_ready

    if engine.endswith("memory"):
        index = open_content(read_collection(path.parent))
    else:
        disk, cluster = f"disk:{place}", f"opensearch+http://{place}/passages?shards=1&replicas=0"
        url = disk if engine.endswith("disk") else cluster
        index = open_index(url, publish_ready(path, url), temporary_cache())
    return lambda question: [hit.id for hit in answer(question, index, Options(limit=10)).answers]


def theirs(engine: str, path: Path, place: str) -> Any:
    ids, texts = passages(path)
    search: Search = LIBRARIES[engine](texts, place)
    return lambda question: [ids[number] for number in search(question)]


def spent() -> float:
    """CPU seconds of this process and of those that it has waited for."""
    return sum(each.ru_utime + each.ru_stime for each in map(resource.getrusage, (0, resource.RUSAGE_CHILDREN)))


def peak_memory() -> int:
    """In MB, of this program alone: what `getrusage` gives begins with the memory of the process that started it."""
    [line] = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")]
    return int(line.split()[1]) // 1024


def measured(engine: str, path: Path, questions: dict[str, str], place: str) -> dict[str, Any]:
    began, cpu = time.perf_counter(), spent()
    find = (theirs if engine in LIBRARIES else ours)(engine, path, place)
    built, cpu = time.perf_counter() - began, spent() - cpu
    clock = time.perf_counter if engine in SERVERS else time.process_time
    found, times, end = {}, dict.fromkeys(questions, float("inf")), time.monotonic() + ENOUGH
    for id, question in [*questions.items()] * 2:
        if id not in found or time.monotonic() < end:
            began = clock()
            found[id] = list(find(question))
            times[id] = min(times[id], 1000 * (clock() - began))
    return {
        "built": built,
        "cpu": cpu,
        "ms": [times[id] for id in found],
        "memory": peak_memory(),
        "found": found,
    }


def main() -> None:
    engine, path, asked = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    questions = json.loads(asked.read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as folder:
        if engine in SERVERS:
            from testkit.opensearch_nodes import running_cluster

            Path(folder).chmod(0o755)  # the server runs as another user
            with running_cluster(Path(folder), 1) as cluster:
                result = measured(engine, path, questions, cluster.hosts[0])
        else:
            result = measured(engine, path, questions, folder)
            result["bytes"] = sum(file.stat().st_size for file in Path(folder).rglob("*") if file.is_file())
    print(json.dumps(result))


if __name__ == "__main__":
    main()
