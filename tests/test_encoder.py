"""Sentence vectors, of the model in the package and of an owner's own model."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from qa.encoder import SHIPPED, Encoder, encode_many
from qa.encoder.vectors import quantize
from qa.errors import BadSetting
from testkit.encoders import ALL_INPUTS, TABLE, VOCABULARY, opened_encoder, shipped_encoder, write_tiny_encoder
from testkit.onnx_files import INT32, INT64, write_encoder
from testkit.servers import python_environment
from tests.conftest import ROOT

pytest.importorskip("onnxruntime", reason="this environment is older than requirements-dev.lock")

LONG = "The trial enrolled adults with moderate symptoms and followed them for a year. " * 200


@pytest.fixture
def encoder() -> Encoder:
    return shipped_encoder()


# --- any text gets a vector --------------------------------------------------------------------

TEXTS = [
    ("Does it help people sleep?", 1, "a question"),
    ("sleep", 1, "one word"),
    ("你好吗？ Hilft das?", 1, "another language"),
    ("🙂🙂 →", 1, "symbols only"),
    ("a\x00b\u200bc\ud800", 1, "control characters and an unpaired surrogate"),
    (LONG, 1, "longer than the model reads"),
    ("x" * 100_000, 1, "one very long word"),
    ("", 0, "nothing"),
    (" \n\t\u00a0", 0, "spaces only"),
    ("\x00\u200b\ufeff", 0, "characters that the tokenizer drops"),
]


@pytest.mark.parametrize(("text", "length", "why"), TEXTS, ids=[why for _, _, why in TEXTS])
def test_any_text_has_a_vector_of_length_one_or_zero(encoder: Encoder, text: str, length: int, why: str) -> None:
    question, (passage,) = encoder.encode_question(text), encoder.encode([text])
    for vector in (question, passage):
        assert vector.dtype == np.float32
        assert vector.shape == (encoder.dimensions,)
        assert np.linalg.norm(vector) == pytest.approx(length, abs=1e-6)


def test_no_texts_have_no_vectors(encoder: Encoder) -> None:
    assert encoder.encode([]).shape == encode_many(encoder, []).shape == (0, encoder.dimensions)


def test_a_vector_depends_on_its_text_alone(encoder: Encoder) -> None:
    """Not on the texts encoded before or with it, nor on the number of threads: to the last bit."""
    texts = [text for text, _, _ in TEXTS] * 8
    alone = np.array([encoder.encode_question(text) for text in texts])
    again = opened_encoder("on")
    assert np.array_equal(encoder.encode(texts), alone)
    assert np.array_equal(again.encode(texts[::-1])[::-1], alone)
    for threads in (1, 2, 5):
        assert np.array_equal(encode_many(encoder, texts, threads=threads), alone)


def test_progress_is_reported_up_to_the_last_text(encoder: Encoder) -> None:
    reported: list[tuple[int, int]] = []
    encode_many(encoder, ["word"] * 70, progress=lambda done, of: reported.append((done, of)))
    assert [of for _, of in reported] == [70] * len(reported)
    assert len(reported) > 1
    assert [done for done, _ in reported] == sorted({done for done, _ in reported})
    assert reported[-1] == (70, 70)


def test_only_the_beginning_of_a_long_text_is_read(encoder: Encoder) -> None:
    assert np.array_equal(encoder.encode([LONG]), encoder.encode([LONG + "Bicycles were repaired."]))


# --- meaning ---------------------------------------------------------------------

NEARER = [
    ("Can I still drive after taking it?", "Do not operate vehicles for 24 hours.", "Store below 25 degrees."),
    ("Why do my ears ring?", "Tinnitus follows damage to the inner ear.", "The ring was made of gold."),
    ("How much does a heat pump cost to run?", "Annual electricity bills fell by 340 pounds.", "It is very quiet."),
    ("Does it help with snoring?", "Obstructive sleep apnoea improved.", "Helpers met on Mondays."),
    (
        "Are teenagers happier without phones?",
        "Adolescents' wellbeing did not change after the ban.",
        "Calls are free.",
    ),
    ("wood stove smoke", "Burning logs raises indoor particulate matter.", "Trees are felled in winter."),
]


@pytest.mark.parametrize(("question", "near", "far"), NEARER)
def test_the_same_meaning_is_nearer_than_a_shared_word(encoder: Encoder, question: str, near: str, far: str) -> None:
    to_near, to_far = encoder.encode([near, far]) @ encoder.encode_question(question)
    assert to_near > to_far


def test_the_model_is_the_published_one(encoder: Encoder) -> None:
    """The model's own page gives these sentences and cosines; weights in bytes change them a little."""
    others = ["That is a happy dog", "That is a very happy person", "Today is a sunny day"]
    cosines = encoder.encode(others) @ encoder.encode_question("That is a happy person")
    assert cosines == pytest.approx([0.695, 0.943, 0.257], abs=0.03)


def test_notice_names_the_digests_of_the_files() -> None:
    description = (SHIPPED / "encoder.toml").read_text(encoding="utf-8")
    digests = re.findall(r"[0-9a-f]{64}", description)
    assert len(digests) == 2
    notice = (ROOT / "NOTICE").read_text(encoding="utf-8")
    assert [digest for digest in digests if digest not in notice] == []


# --- an owner's model ----------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_tiny_encoder(tmp_path)
    return tmp_path


def expected(pooling: str, *words: str) -> np.ndarray:
    rows = TABLE[[VOCABULARY[word] for word in ("[CLS]", *words, "[SEP]")]]
    vector = rows[0] if pooling == "cls" else rows.mean(axis=0)
    return np.asarray(vector / np.linalg.norm(vector))


@pytest.mark.parametrize("pooling", ["mean", "cls", "none"])
def test_pooling_is_as_described(folder: Path, pooling: str) -> None:
    if pooling == "none":
        write_encoder(folder / "model.onnx", TABLE, pooled=True)
    (folder / "encoder.toml").write_text(f'pooling = "{pooling}"\n')
    (vector,) = opened_encoder(str(folder)).encode(["red green"])
    assert vector == pytest.approx(expected(pooling, "red", "green"), abs=1e-6)


def test_questions_and_passages_get_their_prefixes(folder: Path) -> None:
    (folder / "encoder.toml").write_text(
        'pooling = "mean"\nquery_prefix = "query: "\npassage_prefix = "passage: "\nlanguages = ["de", "en"]\n'
    )
    encoder = opened_encoder(str(folder))
    assert encoder.languages == ("de", "en")
    assert encoder.encode_question("blue") == pytest.approx(expected("mean", "query:", "blue"), abs=1e-6)
    assert encoder.encode(["blue"])[0] == pytest.approx(expected("mean", "passage:", "blue"), abs=1e-6)
    assert not encoder.encode([" "]).any(), "a prefix alone has no meaning"


def test_tokens_beyond_the_limit_are_not_read(folder: Path) -> None:
    (folder / "encoder.toml").write_text('pooling = "mean"\nmax_tokens = 8\n')
    (vector,) = opened_encoder(str(folder)).encode(["red " * 6 + "blue"])
    assert vector == pytest.approx(expected("mean", *["red"] * 6), abs=1e-6)


def test_fingerprint_changes_with_the_vectors(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = Path(shutil.copytree(folder, tmp_path_factory.mktemp("moved") / "encoder"))
    first = opened_encoder(str(folder)).fingerprint
    assert opened_encoder(str(elsewhere)).fingerprint == first
    (folder / "encoder.toml").write_text('pooling = "cls"\n')
    second = opened_encoder(str(folder)).fingerprint
    write_encoder(folder / "model.onnx", TABLE * 2, inputs=ALL_INPUTS)
    assert len({first, second, opened_encoder(str(folder)).fingerprint}) == 3


def written(file: str, content: str) -> Callable[[Path], None]:
    return lambda folder: void((folder / file).write_text(content))


def removed(file: str) -> Callable[[Path], None]:
    return lambda folder: (folder / file).unlink()


def void(_: object) -> None:
    return None


DIGEST = 'pooling = "mean"\n[sha256]\n"model.onnx" = "00"\n'
FAULTY = {
    "no folder": (lambda folder: shutil.rmtree(folder), "", "no such folder"),
    "no model": (removed("model.onnx"), "model.onnx", "is missing"),
    "no tokenizer": (removed("tokenizer.json"), "tokenizer.json", "is missing"),
    "no description": (removed("encoder.toml"), "encoder.toml", "is missing"),
    "not TOML": (written("encoder.toml", "pooling: mean"), "encoder.toml", "is not TOML"),
    "not UTF-8": (lambda folder: (folder / "encoder.toml").write_bytes(b"\xff"), "encoder.toml", "UTF-8"),
    "no pooling": (written("encoder.toml", ""), "encoder.toml", "pooling"),
    "unknown pooling": (written("encoder.toml", 'pooling = "max"'), "encoder.toml", "'mean', 'cls' or 'none'"),
    "unknown entry": (written("encoder.toml", 'pooling = "mean"\nprefix = "a"'), "encoder.toml", "prefix"),
    "limit too low": (written("encoder.toml", 'pooling = "mean"\nmax_tokens = 0'), "encoder.toml", "max_tokens"),
    "damaged model": (written("encoder.toml", DIGEST), "model.onnx", "SHA-256"),
    "pooled already": (
        lambda folder: write_encoder(folder / "model.onnx", TABLE, pooled=True),
        "encoder.toml",
        "Try none",
    ),
    "not pooled yet": (written("encoder.toml", 'pooling = "none"'), "encoder.toml", "Try mean and cls"),
    "unreadable model": (written("model.onnx", "version https://git-lfs"), "model.onnx", "cannot be read"),
    "unreadable tokenizer": (written("tokenizer.json", "{}"), "tokenizer.json", "cannot be read"),
    "another model's tokenizer": (
        lambda folder: write_encoder(folder / "model.onnx", TABLE[:2], inputs=ALL_INPUTS),
        "model.onnx",
        "tokenizer.json belongs to this model",
    ),
    "model with other inputs": (
        lambda folder: write_encoder(folder / "model.onnx", TABLE, inputs={**ALL_INPUTS, "pixels": INT64}),
        "model.onnx",
        "has the inputs input_ids",
    ),
    "inputs of another type": (
        lambda folder: write_encoder(folder / "model.onnx", TABLE, inputs={"input_ids": INT32}),
        "model.onnx",
        "int64",
    ),
}


@pytest.mark.parametrize("case", FAULTY)
def test_unsuitable_folder_is_refused_with_file_fault_and_remedy(folder: Path, case: str) -> None:
    spoil, file, words = FAULTY[case]
    spoil(folder)
    with pytest.raises(BadSetting) as raised:
        opened_encoder(str(folder))
    message = str(raised.value)
    assert message.startswith(f"QA_ENCODER: {folder / file}: ")
    assert words in message
    assert "\n" not in message
    assert message.endswith((".", "?"))


# --- no network client, and nothing when off ----------------------------------------------------------------

CLIENTS = {"huggingface_hub", "requests", "urllib3", "httpx", "httpcore", "aiohttp", "fsspec"}
HEAVY = {"onnxruntime", "tokenizers"}


def test_no_network_client_is_installed_to_serve() -> None:
    installed = set(re.findall(r"^([\w-]+)==", (ROOT / "requirements.lock").read_text(encoding="utf-8"), re.M))
    assert installed >= HEAVY
    assert not {name.replace("-", "_") for name in installed} & CLIENTS


# All that `qa serve` and `qa ask` import.
SERVING = """
import sys
import qa.cli, qa.server
from qa.engine import open_service
from qa.settings import read_settings
service = open_service(read_settings())
print(service.ask("Does it help?").index.encoder, *{name.split(".")[0] for name in sys.modules})
"""


@pytest.mark.parametrize(("setting", "unwanted"), [("off", CLIENTS | HEAVY), ("on", CLIENTS)])
def test_serving_imports_no_network_client_and_nothing_of_the_encoder_when_off(
    setting: str, unwanted: set[str]
) -> None:
    command, environment = [sys.executable, "-c", SERVING], python_environment(QA_ENCODER=setting)
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    state, *loaded = ended.stdout.split()
    assert state == setting
    assert set(loaded) & unwanted == set()
    assert "qa" in loaded
    assert ended.stderr == "", "no library prints warnings into the log"


def test_a_missing_library_is_named_with_what_to_do() -> None:
    script = (
        "import sys; sys.modules['onnxruntime'] = None\n"
        "from qa.encoder import open_encoder\n"
        "try: open_encoder('on')\n"
        "except Exception as error: print(type(error).__name__, error)"
    )
    command = [sys.executable, "-c", script]
    ended = subprocess.run(command, cwd=ROOT, env=python_environment(), capture_output=True, text=True, check=True)
    assert ended.stdout.startswith("BadSetting QA_ENCODER: onnxruntime is not installed. Install")
    assert "QA_ENCODER=off" in ended.stdout


# --- stored vectors ------------------------------------------------------------------------

some_vectors = arrays.arrays(
    np.float32,
    st.tuples(st.integers(0, 6), st.just(24)),
    # Not so small that their squares are zero in single precision: no vector of a text is.
    elements=st.floats(-1, 1, width=32).map(lambda x: x if abs(x) > 1e-6 else 0.0),
)


@given(some_vectors, some_vectors)
def test_stored_vectors_keep_their_cosines(vectors: np.ndarray, questions: np.ndarray) -> None:
    stored = quantize(vectors)
    assert stored.steps.dtype == np.int8
    assert len(stored) == len(vectors)
    restored = stored.restored()
    assert np.linalg.norm(restored, axis=1) == pytest.approx(vectors.any(axis=1).astype(float), abs=1e-5)
    exact, each = unit(vectors), unit(questions)
    for question in each:
        assert stored.cosines(question) == pytest.approx(exact @ question, abs=0.02)
        assert stored.cosines(question) == pytest.approx(restored @ question, abs=1e-5)
        rows = list(range(len(vectors)))[::-2]
        assert stored.cosines(question, rows) == pytest.approx(stored.cosines(question)[rows], abs=1e-6)


def unit(vectors: np.ndarray) -> np.ndarray:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0))


def test_the_nearest_stays_the_nearest_when_stored(encoder: Encoder) -> None:
    vectors = encoder.encode(text for row in NEARER for text in row[1:])
    for question in (row[0] for row in NEARER):
        vector = encoder.encode_question(question)
        assert np.argmax(quantize(vectors).cosines(vector)) == np.argmax(vectors @ vector)
