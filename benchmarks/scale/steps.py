"""Where the time of an answer goes: each step of `qa.answering.answer`, timed by itself."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from qa.answering.compose import present
from qa.answering.decision import decide
from qa.answering.options import DEFAULT
from qa.indexes import OpenIndex
from qa.retrieval.candidates import find_candidates
from qa.retrieval.evidence import gather_evidence
from qa.retrieval.request import build_request
from qa.retrieval.scoring import score_passages
from qa.text.once import reading_once
from qa.understanding.context import context_of
from qa.understanding.parse import read_message
from qa.understanding.topics import asked_topics

Timed = dict[str, float]


def time_steps(question: str, index: OpenIndex) -> Timed:
    """The CPU time of each step of an answer, in ms."""
    context, spent = context_of(index), defaultdict[str, float](float)

    def do(step: str, call: Callable[..., Any], *given: Any) -> Any:
        begun = time.process_time_ns()
        made = call(*given)
        spent[step] += (time.process_time_ns() - begun) / 1e6
        return made

    with reading_once(index.term_of):
        message = do("reading the message", read_message, question, context.lexicon)
        decided = []
        for each in message.questions:
            topics = do("topics and request", asked_topics, each, (), context)
            request = do("topics and request", build_request, each, topics, context)
            found = do("candidates", find_candidates, request, context)
            evidence = do("words, conditions, aspects", gather_evidence, found, request, context)
            scored = do("scores and coverage", score_passages, evidence, request, context)
            decided.append(do("decision", decide, request, scored, DEFAULT.threshold(index), context))
        do("showing", present, message, decided, DEFAULT, context)
    return dict(spent)


def least_steps(asked: Sequence[str], index: OpenIndex, rounds: int) -> dict[str, list[float]]:
    """For each step, the least time for each question in several rounds."""
    least: list[Timed] = [time_steps(question, index) for question in asked]
    for _ in range(rounds):
        for number, question in enumerate(asked):
            again = time_steps(question, index)
            least[number] = {step: min(spent, again[step]) for step, spent in least[number].items()}
    return {step: [each[step] for each in least] for step in least[0]}
