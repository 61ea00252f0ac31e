"""Ranking, whole answers, typing errors, answering sentences, costs on public sets: `python -m benchmarks.retrieval`.

Arguments select parts: ranking, answers, typing, sentences, costs; with `--all`, `answers` asks every question. Only if
it is named, `meaning` compares ranking and answers by words alone and with the encoder on a sample. Reads the folder
named by QA_TEST_DATA. All samples are drawn with a fixed seed.
"""

from __future__ import annotations

import os
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import mean
from typing import Any

from benchmarks.features import encoder, uses_meaning
from benchmarks.public_sets import DATA, SETS, Collection, collection, corrected, off_topic
from benchmarks.public_vectors import public_index
from qa.answering.answer import answer
from qa.answering.options import Options
from qa.editing.collections import read_collection, read_rows
from qa.editing.measures import measure_ranking
from qa.indexes import OpenIndex
from qa.indexes.memory import LuceneBM25
from qa.indexing.publish import open_content
from qa.retrieval.answer_sentences import SentenceWords, Wanted, pick_sentences, score_sentences
from qa.retrieval.coverage import Allowances, cover
from qa.retrieval.fitted import fitted
from qa.retrieval.ranking import Candidate, rank
from qa.text.analysis import analyze
from qa.text.background import generic_words
from qa.text.sentences import split_sentences
from qa.text.spelling import correct
from qa.understanding.parse import ASKS_EFFECT

GOALS = {"evidence-inference-dev": 0.535, "scifact": 0.705, "covidqa-para": 0.71, "cranfield": 0.54}
BY_ANSWER = {"evidence-inference-dev": 0.52, "scifact": 0.70}
SAMPLE = 150  # questions asked by `answers`
MEANING_GOALS = {"evidence-inference-dev": 0.56, "scifact": 0.735, "covidqa-para": 0.72, "cranfield": 0.57}
MEANING_SAMPLE = 250  # questions asked by `meaning`
GOALS_OF_SENTENCES = (0.81, 0.78)  # of sentences, with the encoder
NEAR = 50  # passages closest in meaning that are ranked besides those that words find


# --- ranking -------------------------------------------------------------------------------------


def ranking() -> None:
    print("ranking, with spelling corrected as in answers: nDCG@10, R@10, P@1 (target: nDCG@10)")
    for name in SETS:
        data = collection(name)
        questions = corrected(data.questions, data.words, data.postings.statistics)
        print(f"  {name:24} {measured(data, questions)}  target {GOALS[name]}  of {len(questions)}")


def measured(data: Collection, questions: dict[str, str]) -> str:
    found = {
        id: [data.ids[int(each.id)] for each in data.postings.rank(analyze(text))[:10]]
        for id, text in questions.items()
    }
    values = measure_ranking({id: data.judged[id] for id in found}, found)
    return "  ".join(f"{mean(each.values()):.4f}" for each in values.values())


# --- whole answers -------------------------------------------------------------------------------


def answers() -> None:
    """Print the measures of `ranking` for whole answers, on a sample or, with `--all`, on every question."""
    print("answer() with limit 10, a refusal counting 0: nDCG@10, R@10, P@1 (target: nDCG@10)")
    for name in SETS:
        judged, sample = collection(name).judged, sorted(collection(name).judged)
        if "--all" not in sys.argv:
            sample = random.Random(5).sample(sample, min(SAMPLE, len(sample)))
        index = open_content(read_collection(DATA / "retrieval" / name))
        given = {id: answer(collection(name).questions[id], index, Options(limit=10)) for id in sample}
        found = {id: [hit.id for hit in result.answers] for id, result in given.items()}
        values = measure_ranking({id: judged[id] for id in sample}, found)
        means = "  ".join(f"{mean(each.values()):.4f}" for each in values.values())
        refused = Counter(result.abstention.reason for result in given.values() if result.abstention)
        goal = f"  target {BY_ANSWER[name]}" if name in BY_ANSWER else ""
        print(f"  {name:24} {means}{goal}  of {len(sample)}, refused {dict(refused)}")


# --- with the encoder ----------------------------------------------------------------------------


def meaning() -> None:
    """Print nDCG@10 of ranking alone and of whole answers, each by words alone and with the encoder."""
    print("nDCG@10 by words alone, with the encoder (target): ranking, answer() with limit 10")
    for name in sorted(SETS, key=lambda name: len(collection(name).ids)):
        data = collection(name)
        chosen = random.Random(11).sample(sorted(data.judged), min(MEANING_SAMPLE, len(data.judged)))
        questions = corrected({id: data.questions[id] for id in chosen}, data.words, data.postings.statistics)
        words = {id: [data.ids[int(each.id)] for each in data.postings.rank(analyze(questions[id]))] for id in chosen}
        asked = [data.questions[id] for id in chosen]
        found = {passage for passages in words.values() for passage in passages}
        by_words, by_both = (public_index(name, asked, found, meaning=which) for which in (False, True))
        both = {id: ranked_by_both(questions[id], words[id], data, by_both) for id in chosen}
        ranked = f"{ndcg(data, words):.4f}  {ndcg(data, both):.4f} ({MEANING_GOALS[name]})"
        answered = "  ".join(f"{ndcg(data, answered_by(data, chosen, index)):.4f}" for index in (by_words, by_both))
        print(f"  {name:24} {ranked}  answers {answered}  of {len(chosen)}", flush=True)


def ranked_by_both(question: str, words: list[str], data: Collection, index: OpenIndex) -> list[str]:
    """The passages that words find and, up to MOST_COMPARED, the nearest ones, by words and closeness together."""
    vectors, tokens = index.vectors, analyze(question)
    assert vectors is not None
    asked = vectors.encode(question)
    ids = list(dict.fromkeys([*words, *vectors.nearest(asked, NEAR)]))
    candidates = [Candidate(id, data.passages[data.places[id]]) for id in ids]
    scores = {each.id: each.score for each in rank(tokens, 1, candidates, data.postings.statistics)}
    for id, close in zip(ids, vectors.closeness(asked, ids), strict=True):
        scores[id] += fitted().passage_gain * close.passage + fitted().sentence_gain * close.closest_two
    return sorted(ids, key=lambda id: -scores[id])


def answered_by(data: Collection, chosen: list[str], index: OpenIndex) -> dict[str, list[str]]:
    return {id: [hit.id for hit in answer(data.questions[id], index, Options(limit=10)).answers] for id in chosen}


def ndcg(data: Collection, found: dict[str, list[str]]) -> float:
    best = {id: passages[:10] for id, passages in found.items()}
    return mean(measure_ranking({id: data.judged[id] for id in best}, best)["nDCG@10"].values())


# --- typing errors -------------------------------------------------------------------------------


def typing() -> None:
    print("one typing error in a content word of six letters or more: nDCG@10, R@10, P@1")
    for name in SETS:
        data, draw = collection(name), random.Random(1)
        words, statistics = data.words, data.postings.statistics
        sample = draw.sample(sorted(data.questions), min(500, len(data.questions)))
        clean = {id: data.questions[id] for id in sample}
        wrong = {id: with_error(text, draw) for id, text in clean.items()}
        print(f"  {name}, {len(sample)} questions")
        print(f"    as asked            {measured(data, clean)}")
        print(f"    corrected           {measured(data, corrected(clean, words, statistics))}")
        print(f"    with an error       {measured(data, wrong)}")
        print(f"    error corrected     {measured(data, corrected(wrong, words, statistics))}")
        others = corrected({text: text for text in off_topic()}, words, statistics)
        print(f"    off-topic questions changed: {sum(a != b for a, b in others.items())} of {len(others)}")


def with_error(question: str, draw: random.Random) -> str:
    """Leave out, add, change or swap one letter of a content word, never the first."""
    words = [(token.start, token.end) for token in analyze(question) if len(token.form) >= 6 and token.form.isalpha()]
    if not words:
        return question
    start, end = draw.choice(words)
    word, letter = question[start:end], draw.choice("abcdefghijklmnopqrstuvwxyz")
    i = draw.randrange(1, len(word) - 1)
    wrong = draw.choice(
        [
            word[:i] + word[i + 1 :],
            word[:i] + letter + word[i:],
            word[:i] + letter + word[i + 1 :],
            word[:i] + word[i + 1] + word[i] + word[i + 2 :],
        ]
    )
    return question[:start] + wrong + question[end:]


# --- the answering sentence ----------------------------------------------------------------------


def sentences() -> None:
    """Print, for a question and the passage that answers it, how often the best sentence and one of those marked are
    right; with closeness if QA_ENCODER names an encoder."""
    close = f"with QA_ENCODER={os.environ['QA_ENCODER']}" if uses_meaning() else "by words alone"
    print(f"answering sentence, given the passage, {close}: best is right, one marked is right, mean number marked")
    for name, file, goal in (
        ("evidence-inference-dev", "evidence_inference_train", GOALS_OF_SENTENCES[0]),
        ("covidqa-para", "covid_qa", GOALS_OF_SENTENCES[1]),
    ):
        data, best, marked, number = collection(name), [], [], []
        for question, given, words, right in with_gold(data, DATA / "qa" / f"{file}.jsonl"):
            tokens = analyze(question)
            weights = {token.term: data.postings.statistics.idf(token.term) for token in tokens}
            wanted = Wanted(tokens, weights, bool(ASKS_EFFECT.search(question)))
            contents = with_closeness(question, words) if uses_meaning() else words
            scores = score_sentences(wanted, contents, given)
            picked = pick_sentences(wanted, contents, given)
            best.append(right[scores.index(max(scores))])
            marked.append(any(right[n] for n in picked))
            number.append(len(picked))
        print(f"  {name:24} {mean(best):.4f}  {mean(marked):.4f}  {mean(number):.2f}  target {goal}  of {len(best)}")


def with_closeness(question: str, words: list[SentenceWords]) -> list[SentenceWords]:
    """The sentences with their cosines to the question, by the encoder that QA_ENCODER names."""
    shipped = encoder()
    assert shipped is not None
    cosines = shipped.encode([each.text for each in words]) @ shipped.encode_question(question)
    return [each._replace(closeness=float(cosine)) for each, cosine in zip(words, cosines, strict=True)]


Gold = tuple[str, frozenset[str], list[SentenceWords], list[bool]]


def with_gold(data: Collection, file: Path) -> Iterator[Gold]:
    """Yield questions with an answering passage of at least two sentences: the question, the terms of the title, the
    sentences, and for each whether it contains a span of the answer or is half covered by one."""
    answers = {str(row["id"]): row for row in read_rows(file)}
    places = {id: place for place, id in enumerate(data.ids)}
    for id, judged in data.judged.items():
        for place in (places[passage] for passage in judged if passage in places):
            text, passage = data.texts[place], data.passages[place]
            spans = answer_spans(answers[id], text, data.starts[place])
            cut = split_sentences(text, 0, len(text))
            if spans and len(cut) > 1:
                right = [any(holds(start, end, span) for span in spans) for start, end in cut]
                words = [SentenceWords(text[start:end], passage.within(start, end)) for start, end in cut]
                yield data.questions[id], passage.given, words, right
                break


def answer_spans(row: dict[str, Any], text: str, offset: int | None) -> list[tuple[int, int]]:
    """Return the spans of the answers in a passage, by the set's offsets or, without offsets, by searching."""
    spans = []
    for words in (each.strip() for each in row["answers"]):
        starts = [text.find(words)] if offset is None else [start - offset for start in row["answer_start"]]
        spans += [(begin, begin + len(words)) for begin in starts if begin >= 0 and text.startswith(words, begin)]
    return spans


def holds(start: int, end: int, span: tuple[int, int]) -> bool:
    within = start <= span[0] and span[1] <= end
    return within or 2 * (min(end, span[1]) - max(start, span[0])) >= end - start


# --- costs ---------------------------------------------------------------------------------------


def costs() -> None:
    """Print CPU time a question, in ms and relative to a search of the same passages by rank-bm25 in the same run."""
    data = collection("cranfield")
    statistics, texts = data.postings.statistics, list(data.questions.values())
    questions = [analyze(text) for text in texts]
    found = [data.postings.search((token.term for token in tokens), 100) for tokens in questions]
    candidates = [[Candidate(str(place), data.passages[place]) for place in places] for places in found]
    bm25 = LuceneBM25([list(passage.counts.elements()) for passage in data.passages])
    cut = {place: split_sentences(data.texts[place], 0, len(data.texts[place])) for p in found for place in p[:5]}

    def show(turn: int) -> None:
        weights = {token.term: statistics.idf(token.term) for token in questions[turn]}
        wanted = Wanted(questions[turn], weights)
        for place in found[turn][:5]:
            text, passage = data.texts[place], data.passages[place]
            cover(questions[turn], passage, statistics, Allowances(generic_words()))
            words = [SentenceWords(text[start:end], passage.within(start, end)) for start, end in cut[place]]
            pick_sentences(wanted, words, passage.given)

    work: dict[str, Callable[[int], object]] = {
        f"rank-bm25 over {len(data.ids)} passages": lambda n: bm25.get_scores([token.term for token in questions[n]]),
        "analyze the question": lambda n: analyze(texts[n]),
        "second stage, 100 candidates": lambda n: rank(questions[n], 1, candidates[n], statistics),
        "coverage and sentences of 5 passages": show,
        "analyze 5 passages": lambda n: [analyze(data.texts[place]) for place in found[n][:5]],
        "correct one unknown word": lambda n: correct("aerodinamyc", data.words, lambda term: False),
    }
    seconds = {label: timed(call, len(questions)) for label, call in work.items()}
    unit = next(iter(seconds.values()))
    print("costs: ms a question, relative to the first")
    for label, each in seconds.items():
        print(f"  {label:38} {each * 1e3:.3f}  {each / unit:.3f}")


def timed(call: Callable[[int], object], turns: int) -> float:
    begin = time.process_time()
    for turn in range(turns):
        call(turn)
    return (time.process_time() - begin) / turns


PARTS = {"ranking": ranking, "answers": answers, "typing": typing, "sentences": sentences, "costs": costs}
BY_NAME = {**PARTS, "meaning": meaning}

if __name__ == "__main__":
    for part in [part for part in sys.argv[1:] if part != "--all"] or PARTS:
        BY_NAME[part]()
