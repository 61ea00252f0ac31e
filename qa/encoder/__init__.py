"""Sentence vectors: the dot product of two vectors is the higher, the more similar their texts are in meaning.

`open_encoder` opens what QA_ENCODER names: the model in the package, an owner's model, or none. With none, neither
onnxruntime nor tokenizers is imported. Nothing is downloaded.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from qa.encoder.description import EncoderFolder, read_folder
from qa.encoder.scale import Scale, find_scale
from qa.encoder.vectors import Floats
from qa.errors import BadSetting

__all__ = ["Encoder", "encode_many", "open_encoder"]

SHIPPED = Path(__file__).parent / "minilm"
BATCH = 32  # texts between two progress reports


class Encoder:
    """Encodes texts as vectors of length one. A text's vector does not depend on the other texts encoded with it."""

    def __init__(self, folder: EncoderFolder) -> None:
        """Takes a few tenths of a second. Raises BadSetting if the folder's files do not fit together."""
        from qa.encoder.runtime import Runtime

        self._runtime = Runtime(folder)
        self._description = folder.description
        self.fingerprint = folder.fingerprint
        """Identifies model, tokenizer and description. Vectors of different fingerprints must not be compared."""
        self.scale = Scale() if folder.path == SHIPPED else find_scale(self)
        """Makes cosines comparable with those of the encoder in the package."""

    @property
    def dimensions(self) -> int:
        return self._runtime.dimensions

    @property
    def languages(self) -> tuple[str, ...]:
        """Codes of the languages that the model was trained for, such as "en"; empty if its owner does not say."""
        return self._description.languages

    def encode_question(self, question: str) -> Floats:
        """One vector, (d,)."""
        return self._vector(self._description.query_prefix, question)

    def encode(self, texts: Iterable[str]) -> Floats:
        """Vectors of passages or sentences, (n, d). An empty text has a vector of zeros; of a long text, only the first
        `max_tokens` tokens are read."""
        vectors = [self._vector(self._description.passage_prefix, text) for text in texts]
        return np.array(vectors, dtype=np.float32).reshape(-1, self.dimensions)

    def _vector(self, prefix: str, text: str) -> Floats:
        return self._runtime.vector(prefix + text if text.strip() else "")


def open_encoder(setting: str) -> Encoder | None:
    """The encoder that QA_ENCODER names: `on`, `off`, or a folder. Raises BadSetting."""
    if setting == "off":
        return None
    try:
        return Encoder(read_folder(SHIPPED if setting == "on" else Path(setting)))
    except ModuleNotFoundError as error:
        advice = "Install the requirements again, or set QA_ENCODER=off to search by words alone."
        raise BadSetting(f"QA_ENCODER: {error.name} is not installed. {advice}") from None


def encode_many(
    encoder: Encoder,
    texts: Sequence[str],
    *,
    threads: int | None = None,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> Floats:
    """`encoder.encode(texts)` on several cores (default: all); calls `progress(done, total)` after each batch.

    Each text is encoded by one thread, so vectors do not depend on their number. onnxruntime releases Python's lock
    while it computes, so threads are as fast as processes and the model is in memory once.
    """
    batches = [texts[start : start + BATCH] for start in range(0, len(texts), BATCH)]
    made: list[Floats] = []
    with ThreadPoolExecutor(threads or os.cpu_count()) as pool:
        for vectors in pool.map(encoder.encode, batches):
            made.append(vectors)
            progress(min(len(made) * BATCH, len(texts)), len(texts))
    return np.concatenate([np.zeros((0, encoder.dimensions), dtype=np.float32), *made])
