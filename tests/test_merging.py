"""Documents are read by several processes, each for itself, and then put together: as one process would have done."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.corpus import Corpus, open_corpus
from qa.corpus.documents import CorpusFile
from qa.errors import OurFault, ReadingError, ReadingStopped
from qa.indexing.ingest import Annotated, annotate
from qa.indexing.processes import BYTES_EACH, fitting_processes, in_processes
from qa.models import Provenance, Reference, Site
from testkit.servers import WAIT, is_running, python_environment

OWNERS = (
    Reference("lee-owner", {"id": "lee-owner", "type": "article-journal", "author": [{"family": "Lee", "given": "A"}], "issued": {"date-parts": [[2010]]}, "container-title": "J Health", "volume": "1", "page": "2-3"}),
    Reference("lee2010b", {"id": "lee2010b", "type": "book", "author": [{"family": "Lee"}], "issued": {"date-parts": [[2010]]}, "title": "Walls"}),
)  # fmt: skip
WORKS = (
    "Lee A. Lanes. J Health. 2010;1:2-3.",  # the owner's
    "Lee A. Lanes. J Health. 2010;1:2-3. doi:10.1234/lanes",  # the same with a field more
    "Lee A. Roads. J Health. 2010;4:5-6.",  # another work of the same name and year
    "Lee A. Roads. J Health. 2010;4:5-6. PMID: 1234567",
    "Lee B. Trees. Ecology. 2010;7:8-9.",
    "Osei K. Rivers. Water. 2012;3:44-45.",
    "World Health Organization. Sleep. Geneva; 2012.",
    "Sleep diaries, without author or year.",
)
IN_FULL = "Lanes help (Osei K, et al., Water. 2012;3:44-45). The study was small. See doi:10.1234/lanes."
BROKEN = (b"\xff\xfe\x00", b"")


def document(works: Sequence[str], tail: str) -> bytes:
    cited = " ".join(f"Finding {n} was clear [{n}]. The study had 12 sites." for n in range(1, len(works) + 1))
    entries = "\n".join(f"{n}. {work}" for n, work in enumerate(works, start=1))
    return f"# Lanes\n\n{cited} {tail}\n\n## References\n\n{entries}\n".encode()


DOCUMENTS = st.one_of(
    st.builds(document, st.lists(st.sampled_from(WORKS), max_size=5), st.sampled_from(["", IN_FULL])),
    st.sampled_from(BROKEN),
)


def corpus_of(contents: Sequence[bytes], suffix: str = ".md") -> Corpus:
    files = [CorpusFile(f"d{n}", f"d{n}{suffix}", data, Provenance("Lanes"), 1) for n, data in enumerate(contents)]
    return Corpus(tuple(files), OWNERS, (), (), (), (), Site("", "", "", ""))


def outcome(corpus: Corpus, processes: int) -> tuple[Annotated | None, list[str]]:
    try:
        annotated = annotate(corpus, skip_broken=True, processes=processes)
    except ReadingError as error:  # no document is left
        return None, [f"{type(error)} {error}"]
    faults = [f"{type(error)} {error}" for error in annotated.skipped]
    return Annotated(annotated.documents, annotated.references), faults


@settings(max_examples=25, deadline=None)
@given(st.lists(DOCUMENTS, min_size=1, max_size=7), st.integers(2, 4))
def test_several_processes_read_as_one(contents: list[bytes], processes: int) -> None:
    corpus = corpus_of(contents)
    assert outcome(corpus, processes) == outcome(corpus, 1)


@settings(max_examples=50, deadline=None)
@given(st.lists(DOCUMENTS, min_size=2, max_size=6))
def test_each_work_has_one_id_and_documents_do_not_change_each_other(contents: list[bytes]) -> None:
    """A document cites the works that it cites alone, whatever ids they have among those of other documents."""
    together, _ = outcome(corpus_of(contents), 1)
    works = {work.id: work for work in together.references} if together else {}
    for found in together.documents if together else ():
        alone = annotate(corpus_of([contents[int(found.id[1:])]]))
        raws = {work.id: work for work in alone.references}
        pairs = list(zip(found.citations, alone.documents[0].citations, strict=True))
        for one, other in pairs:
            assert [works[id].csl.get("page") for id in one.references] == [
                raws[id].csl.get("page") for id in other.references
            ]
        used = [
            id for s in found.sentences for id in (*s.support.references, *(i.reference for i in s.support.inherited))
        ]
        assert {*used} <= {*found.references} <= works.keys()
        assert [s for p in found.passages for s in p.sentences] == [s for s in found.sentences if s.kind == "claim"]


def test_a_work_of_several_documents_is_one_work_with_the_fields_of_all() -> None:
    annotated = annotate(corpus_of([document(WORKS[2:3], ""), document(WORKS[4:5], ""), document(WORKS[3:4], "")]))
    assert [d.references for d in annotated.documents] == [("lee2010",), ("lee2010c",), ("lee2010",)]
    (roads,) = [work for work in annotated.references if work.id == "lee2010"]
    assert roads.csl["PMID"] == "1234567"


@pytest.mark.parametrize("processes", [1, 3])
def test_the_first_broken_document_is_named_and_no_process_is_left(processes: int) -> None:
    contents = [document(WORKS, ""), b"\xff\xfe\x00", *[document(WORKS, "")] * 5, b"\xff\xfe\x00"]
    with pytest.raises(ReadingError, match=r"^d1\.md:1: "):
        annotate(corpus_of(contents), processes=processes)
    assert not multiprocessing.active_children()


# --- processes that die ------------------------------------------------------------------------


def dying(numbers: set[int], marks: Path, how: Callable[[], object]) -> Callable[[int], str]:
    """A task that ends its process for some numbers, unless there is a mark for the number."""

    def do(number: int) -> str:
        if number in numbers and not (marks / str(number)).exists():
            how()
        return f"result {number}"

    return do


HOWS = {
    "killed": lambda: os.kill(os.getpid(), signal.SIGKILL),
    "exit": lambda: os._exit(3),
    "system exit": lambda: sys.exit(3),
}


@pytest.mark.parametrize("how", HOWS)
@pytest.mark.parametrize("numbers", [{0}, {3}, {8, 9}, set(range(10))], ids=str)
def test_a_task_that_ends_its_process_loses_no_other(numbers: set[int], how: str, tmp_path: Path) -> None:
    results = list(in_processes(dying(numbers, tmp_path, HOWS[how]), "stopped {}".format, 10, 2))
    assert results == [f"{'stopped' if n in numbers else 'result'} {n}" for n in range(10)]
    assert not multiprocessing.active_children()


def test_a_task_whose_process_was_killed_once_is_done_again(tmp_path: Path) -> None:
    def killed_once() -> None:
        (tmp_path / "4").touch()
        os.kill(os.getpid(), signal.SIGKILL)

    results = list(in_processes(dying({4}, tmp_path, killed_once), "stopped {}".format, 10, 2))
    assert results == [f"result {n}" for n in range(10)]


def test_the_error_says_what_to_do() -> None:
    error = ReadingStopped("a.md")
    assert isinstance(error, OurFault)  # skipped, and tried again at the next start
    assert str(error).startswith("a.md: cannot be read: the process that reads it ends")


SLOW = """
import os, signal, time
from qa.indexing.processes import in_processes
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs ignore it
def do(number):
    os.write(1, f"{os.getpid()}\\n".encode())  # at once: two processes write
    time.sleep(600)
list(in_processes(do, do, 4, 2))
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT], ids=str)
def test_processes_end_with_the_one_that_started_them(number: signal.Signals) -> None:
    command = [sys.executable, "-c", SLOW]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=python_environment()
    ) as process:
        assert process.stdout
        helpers = [int(process.stdout.readline()) for _ in range(2)]
        process.send_signal(number)
        process.wait(WAIT)
    by = time.monotonic() + WAIT
    while any(map(is_running, helpers)) and time.monotonic() < by:
        time.sleep(0.02)
    assert not any(map(is_running, helpers))


SIZES = [
    # (sizes of documents in bytes, whether several processes read them, why)
    ([], False, "nothing to read"),
    ([BYTES_EACH * 50], False, "one document"),
    ([2000] * 20, False, "a few pages"),
    ([BYTES_EACH] * 20, True, "a folder of articles"),
]


@pytest.mark.parametrize(("sizes", "several", "why"), SIZES)
def test_several_processes_read_what_is_worth_it(sizes: list[int], several: bool, why: str) -> None:
    if threading.active_count() > 1:
        assert fitting_processes(sizes) == 1, "a process with several threads is not forked"
    else:
        assert (fitting_processes(sizes) > 1) == (several and len(os.sched_getaffinity(0)) > 1)


def bib(key: str, author: str, title: str, doi: str) -> str:
    return f"@article{{{key}, author = {{{author}}}, title = {{{title}}}, doi = {{{doi}}}, year = 2019}}\n"


ONE_WORK = [
    # (lists of works of two documents, the title cited by each under the key "k", ids of all works, why)
    ([bib("k", "Reyes, A", "Lanes", "10.5555/a"), bib("k", "Ito, B", "Trees", "10.5555/b")], ["Lanes", "Trees"], ["k", "k-2"], "one key, two works"),
    ([bib("k", "Reyes, A", "Lanes", "10.5555/a")] * 2, ["Lanes", "Lanes"], ["k"], "the same entry"),
    ([bib("j", "Reyes, A", "Lanes", "10.5555/a") + bib("k", "Reyes, Ana", "Lanes", "https://doi.org/10.5555/A."), ""], ["Lanes", None], ["j"], "twice in one list, by DOI"),
    ([bib("j", "Reyes, A", "Paint", "10.5555/a") + bib("k", "Reyes, Ana", "Lanes", "10.5555/a"), ""], ["Lanes", None], ["j", "k"], "a DOI of another work, by mistake"),
]  # fmt: skip


@pytest.mark.parametrize(("lists", "titles", "ids", "why"), ONE_WORK)
def test_works_of_bibliographies(
    tmp_path: Path, lists: list[str], titles: list[str | None], ids: list[str], why: str
) -> None:
    """No document is shown with the work of another, whatever keys their lists use; a work has one id."""
    for name, works in zip("ab", lists, strict=True):
        (tmp_path / f"{name}.md").write_text(f"# {name}\n\nLanes of {name} help [@k].\n")
        (tmp_path / f"{name}.bib").write_text(works)
    annotated = annotate(open_corpus(tmp_path))
    works_by_id = {work.id: work.csl for work in annotated.references}
    cited = [[works_by_id[id]["title"] for c in d.citations for id in c.references] for d in annotated.documents]
    assert cited == [[title] if title else [] for title in titles], why
    assert sorted(works_by_id) == ids, why
