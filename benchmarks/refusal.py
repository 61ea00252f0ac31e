"""What coverage refuses, on public sets: `python -m benchmarks.refusal`.

Asks whole sets the questions of other sets (`corpora`), and pages of ten passages around an answer the questions of
other pages (`pages`, and with `answer()` itself: `answers`). Reads the folder named by QA_TEST_DATA. All samples are
drawn with a fixed seed.
"""

from __future__ import annotations

import random
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from statistics import mean, quantiles

from benchmarks.public_sets import DATA, MEDICAL, Collection, collection, corrected, off_topic, written_small
from qa.answering.answer import answer
from qa.editing.collections import read_collection
from qa.indexing.publish import open_content
from qa.models import Catalogue, Site
from qa.retrieval.coverage import Allowances, cover
from qa.text.analysis import analyze
from qa.text.background import generic_words
from testkit.postings import Postings

PAGED = ("covidqa-para", "evidence-inference-dev")
PAGE = 10  # passages
ASKED_PAGES = 150
EMPTY = Catalogue("", (), (), (), (), (), Site("", "", "", ""))
THRESHOLDS = (0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.7)


def best_of(question: str, postings: Postings) -> tuple[int | None, float]:
    """Return the position of the first passage and its coverage, or None and 0 if nothing is found."""
    tokens = analyze(question)
    first = next(iter(postings.rank(tokens)), None)
    if first is None:
        return None, 0.0
    terms = postings.passages[int(first.id)]
    share = cover(tokens, terms, postings.statistics, Allowances(generic_words())).share
    return int(first.id), share


def report(name: str, own: Sequence[float], others: Mapping[str, Sequence[float]], losing: float) -> None:
    threshold = quantiles(own, n=1000, method="inclusive")[round(losing * 1000) - 1]
    stopped = ", ".join(f"{label} {refused(shares, threshold):.3f}" for label, shares in others.items())
    counts = ", ".join(str(len(shares)) for shares in (own, *others.values()))
    print(f"  {name:24} below {threshold:.2f}: {stopped}  (of {counts})")
    for value in THRESHOLDS:
        row = "  ".join(f"{refused(shares, value):.3f}" for shares in others.values())
        print(f"    below {value:.2f}: own refused {refused(own, value):.3f}, others {row}")


def refused(shares: Sequence[float], threshold: float) -> float:
    return mean(share < threshold for share in shares)


# --- across corpora ------------------------------------------------------------------------------


def corpora() -> None:
    print("across corpora, at the threshold that refuses 7.5 % of the set's own questions (targets .67 and .85)")
    pooled: list[list[float]] = [[], [], []]
    for name in MEDICAL:
        draw = random.Random(0)
        own = draw.sample(sorted(collection(name).questions.values()), 600)
        rest = [sorted(collection(other).questions.values()) for other in MEDICAL if other != name]
        medical = [question for questions in rest for question in draw.sample(questions, 150)]
        shares = [shares_of(questions, collection(name)) for questions in (own, medical, off_topic())]
        report(name, shares[0], {"other medical": shares[1], "off topic": shares[2]}, losing=0.075)
        for together, each in zip(pooled, shares, strict=True):
            together += each
    report("all three, one threshold", pooled[0], {"other medical": pooled[1], "off topic": pooled[2]}, losing=0.075)


def shares_of(questions: Sequence[str], data: Collection) -> list[float]:
    read = corrected({question: question for question in questions}, data.words, data.postings.statistics)
    return [best_of(question, data.postings)[1] for question in read.values()]


# --- pages of ten passages -----------------------------------------------------------------------


def pages() -> None:
    print("pages of ten passages, at the threshold that refuses 5 % of a page's own questions (target .92)")
    for name in PAGED:
        right: list[bool] = []
        shares: dict[str, list[float]] = defaultdict(list)
        for stretch, answering, questions in drawn_pages(collection(name)):
            asked = ask_page(collection(name), stretch, questions)
            right.append(asked["own"][0] in answering)
            for label, (_, share) in asked.items():
                shares[label].append(share)
        print(f"  {name:24} right passage first {mean(right):.3f}")
        report(name, shares.pop("own"), shares, losing=0.05)


def ask_page(data: Collection, stretch: range, questions: dict[str, str]) -> dict[str, tuple[int | None, float]]:
    """For each question, the position of the first passage in the collection, and its coverage."""
    passages = data.passages[stretch.start : stretch.stop]
    postings = Postings(passages)
    words = written_small(data.texts[stretch.start : stretch.stop], passages)
    found = {id: best_of(text, postings) for id, text in corrected(questions, words, postings.statistics).items()}
    return {id: (None if place is None else stretch[place], share) for id, (place, share) in found.items()}


def drawn_pages(data: Collection, number: int = 1300) -> Iterator[tuple[range, set[int], dict[str, str]]]:
    """Yield pages (ranges of passages), the passages that answer, and a question they answer and three they do not."""
    draw = random.Random(0)
    article = [id.rsplit(":", 1)[0] for id in data.ids]
    places = {id: place for place, id in enumerate(data.ids)}
    extent = {name: range(article.index(name), len(article) - article[::-1].index(name)) for name in set(article)}
    asked = [(id, {places[p] for p in judged if p in places}) for id, judged in data.judged.items()]
    asked = draw.sample([(id, answering) for id, answering in asked if answering], number)
    medical = [q for name in MEDICAL if collection(name) is not data for q in collection(name).questions.values()]
    for turn, (id, answering) in enumerate(asked):
        place = min(answering)
        whole = extent[article[place]]
        begin = max(whole.start, min(place - draw.randrange(PAGE), whole.stop - PAGE))
        elsewhere = (other for other, found in asked[turn + 1 :] + asked[:turn] if min(found) not in whole)
        yield (
            range(begin, min(begin + PAGE, whole.stop)),
            answering,
            {
                "own": data.questions[id],
                "another page": data.questions[next(elsewhere)],
                "off topic": off_topic()[turn % len(off_topic())],
                "other medical": draw.choice(medical),
            },
        )


# --- what users get ------------------------------------------------------------------------------


def answers() -> None:
    """Ask `answer()` the questions of ASKED_PAGES pages, each page as a corpus of its own, at the shipped threshold."""
    print(
        f"by answer(), {ASKED_PAGES} pages of ten passages: own questions answered, right passage first, others refused"
    )
    for name in PAGED:
        documents = read_collection(DATA / "retrieval" / name).documents
        found: dict[str, list[bool]] = defaultdict(list)
        for stretch, answering, questions in islice(drawn_pages(collection(name)), ASKED_PAGES):
            index = open_content(replace(EMPTY, documents=documents[stretch.start : stretch.stop]))
            results = {label: answer(text, index) for label, text in questions.items()}
            own = results.pop("own").answers
            found["answered"].append(bool(own))
            found["right first"].append(bool(own) and own[0].id in {documents[place].id for place in answering})
            for label, result in results.items():
                found[f"{label}, refused"].append(not result.answers)
        print(f"  {name:24} " + "  ".join(f"{label} {mean(hits):.3f}" for label, hits in found.items()))


PARTS = {"corpora": corpora, "pages": pages, "answers": answers}

if __name__ == "__main__":
    for part in sys.argv[1:] or PARTS:
        PARTS[part]()
