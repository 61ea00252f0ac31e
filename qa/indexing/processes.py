"""Do many tasks in several processes, and get the results in order.

Processes are forked: they share the documents and word lists of this one, and start at once. Starting them afresh would
run the main module again, which a program without `if __name__ == "__main__"` does not survive. A fork copies the locks
of other threads in whatever state they are, so a process with several threads does everything itself, and so does one
on a system where forking is not safe.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import sys
import threading
from collections import Counter, deque
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection, wait
from typing import Any, Generic, TypeVar

Result = TypeVar("Result")

MOST_PROCESSES = 8  # each needs memory of its own for what it changes, some 50 MB
BYTES_EACH = (
    200_000  # of documents for each process: with less, starting it takes longer than it saves (benchmarks.reading)
)
AHEAD = 2  # tasks that a process is given at a time, so that it need not wait for the next one
TRIES = 2  # of a task whose process dies: the first time, something else may have killed it
HANDLED = {signal.SIGTERM, signal.SIGINT, signal.SIGHUP}


def fitting_processes(sizes: Sequence[int]) -> int:
    """How many processes are worth while for documents of these sizes in bytes."""
    if sys.platform != "linux" or threading.active_count() > 1 or multiprocessing.current_process().daemon:
        return 1
    return max(1, min(len(os.sched_getaffinity(0)), MOST_PROCESSES, len(sizes), sum(sizes) // BYTES_EACH))


def in_processes(
    do: Callable[[int], Result], stopped: Callable[[int], Result], tasks: int, processes: int
) -> Generator[Result, None, None]:
    """Yield the results of `do` for 0, 1, … up to the number of tasks, in order. For a task that ends its process each
    time it is tried, the result is that of `stopped`."""
    if processes < 2:
        yield from map(do, range(tasks))
        return
    crew = Crew(do, stopped, tasks)
    try:
        crew.start(processes)
        yield from map(crew.result, range(tasks))
    finally:
        crew.stop()


@contextmanager
def without_collecting() -> Iterator[None]:
    """Within the block, which makes many objects and no cycles of them, do not look for such cycles."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


class Helper:
    """A process that does tasks, and the numbers of those that it has been given, in order."""

    def __init__(self, do: Callable[[int], Any], others: Sequence[Helper]) -> None:
        context: Any = multiprocessing.get_context("fork")
        self.given: deque[int] = deque()
        self.connection, theirs = context.Pipe()
        ours = [self.connection, *(other.connection for other in others)]
        self.process = context.Process(target=do_tasks, args=(do, theirs, ours), daemon=True)
        before = signal.pthread_sigmask(signal.SIG_BLOCK, HANDLED)  # until the new process has its own handlers
        try:
            self.process.start()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
            theirs.close()

    def give(self, number: int) -> None:
        self.given.append(number)
        with suppress(OSError):  # it has died, which `Crew.receive` sees
            self.connection.send(number)

    def stop(self) -> None:
        self.process.kill()
        self.process.join()
        self.process.close()
        self.connection.close()


def do_tasks(do: Callable[[int], object], tasks: Connection, ours: Sequence[Connection]) -> None:
    """Do the tasks that the other process sends, until it ends. `ours` are its ends of connections."""
    try:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        for number in (signal.SIGHUP, signal.SIGINT):  # handled by the other process
            signal.signal(number, signal.SIG_IGN)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, HANDLED)
        threading.Thread(target=end_with_parent, daemon=True).start()
        for connection in ours:
            connection.close()
        gc.freeze()
        while True:
            task = tasks.recv()
            tasks.send((task, do(task)))
    finally:
        os._exit(1)  # without the exit handlers of the other process


def end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent:
        wait([parent.sentinel])
        os._exit(1)


class Crew(Generic[Result]):
    """The processes, the tasks that no process has been given yet, and the results that are not needed yet."""

    def __init__(self, do: Callable[[int], Result], stopped: Callable[[int], Result], tasks: int) -> None:
        self.do, self.stopped = do, stopped
        self.waiting = deque(range(tasks))
        self.results: dict[int, Result] = {}
        self.died: Counter[int] = Counter()
        self.helpers: list[Helper] = []

    def start(self, processes: int) -> None:
        """Start so many processes. Raises OSError if the system does not allow that."""
        while len(self.helpers) < processes:
            self.helpers.append(Helper(self.do, self.helpers))

    def result(self, number: int) -> Result:
        while number not in self.results:
            self.give_tasks()
            ready = wait([helper.connection for helper in self.helpers])
            for helper in [helper for helper in self.helpers if helper.connection in ready]:
                self.receive(helper)
        return self.results.pop(number)

    def give_tasks(self) -> None:
        for helper in self.helpers:
            while self.waiting and len(helper.given) < AHEAD:
                helper.give(self.waiting.popleft())

    def receive(self, helper: Helper) -> None:
        try:
            number, result = helper.connection.recv()
        except (EOFError, OSError):
            self.replace(helper)
        else:
            helper.given.remove(number)
            self.results[number] = result

    def replace(self, helper: Helper) -> None:
        """Start another process for one that has died. The task it was doing is tried again, but not endlessly."""
        self.helpers.remove(helper)
        helper.stop()
        self.waiting.extendleft(reversed(helper.given))
        if helper.given:
            self.died[helper.given[0]] += 1
            if self.died[helper.given[0]] == TRIES:
                self.results[helper.given[0]] = self.stopped(self.waiting.popleft())
        self.start(len(self.helpers) + 1)

    def stop(self) -> None:
        for helper in self.helpers:
            helper.stop()
