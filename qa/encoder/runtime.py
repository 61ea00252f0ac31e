"""Runs the model. The only module that imports onnxruntime and tokenizers, and only when a model is opened."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from qa.encoder.description import DESCRIPTION, MODEL, TOKENIZER, EncoderFolder
from qa.encoder.vectors import Floats

if TYPE_CHECKING:
    import onnxruntime
    import tokenizers

# The inputs a model may have, computed from the token ids of one text. No text is padded, so the mask is all ones.
INPUTS: dict[str, Callable[[npt.NDArray[np.int64]], npt.NDArray[np.int64]]] = {
    "input_ids": lambda ids: ids,
    "attention_mask": np.ones_like,
    "token_type_ids": np.zeros_like,
}
POOL: dict[str, Callable[[npt.NDArray[np.floating]], npt.NDArray[np.floating]]] = {
    "mean": lambda output: output[0].mean(axis=0),
    "cls": lambda output: output[0, 0],
    "none": lambda output: output[0],
}
AXES = {"mean": 3, "cls": 3, "none": 2}  # of the output: text, token, dimension; or text, dimension
SAMPLE = "a text"  # run when the model is opened, so that an unsuitable model is refused at startup
ERRORS_ONLY = 3  # one of onnxruntime's log levels


class Runtime:
    """A model and its tokenizer. A run is one unpadded text on one thread, so the vector depends on nothing else."""

    def __init__(self, folder: EncoderFolder) -> None:
        """Raises BadSetting if the files do not fit the folder's description."""
        self.folder = folder
        self.pooling = folder.description.pooling
        self.tokenizer = load_tokenizer(folder)
        self.session = load_session(folder)
        self.inputs = input_names(self.session, folder)
        self.output = self.find_output()
        self.dimensions = len(self.vector(SAMPLE))

    def vector(self, text: str) -> Floats:
        """The text's vector, of length one; all zeros for a text without tokens."""
        encoding = self.tokenizer.encode(without_surrogates(text))
        (output,) = self.run(encoding.ids, [self.output])
        pooled = POOL[self.pooling](output).astype(np.float32)
        length = 0 if all(encoding.special_tokens_mask) else np.linalg.norm(pooled)
        return np.asarray(pooled / length if length else np.zeros_like(pooled), dtype=np.float32)

    def run(self, tokens: list[int], outputs: list[str] | None) -> list[npt.NDArray[np.floating]]:
        ids = np.array([tokens], dtype=np.int64)
        try:
            return list(self.session.run(outputs, {name: INPUTS[name](ids) for name in self.inputs}))
        except Exception as error:  # onnxruntime's errors have no common class
            check = f"Check that {TOKENIZER} belongs to this model and that max_tokens is not too high."
            raise self.folder.problem(MODEL, f"fails on a text of {ids.size} tokens. {check}") from error

    def find_output(self) -> str:
        """The model's first output with the number of axes that the pooling needs."""
        outputs = self.run(self.tokenizer.encode(SAMPLE).ids, None)
        for described, output in zip(self.session.get_outputs(), outputs, strict=True):
            if output.ndim == AXES[self.pooling]:
                return str(described.name)
        others = " and ".join(pooling for pooling, axes in AXES.items() if axes != AXES[self.pooling])
        raise self.folder.problem(DESCRIPTION, f"pooling: the model has no output for {self.pooling}. Try {others}.")


def without_surrogates(text: str) -> str:
    """Replace unpaired surrogates, which a tokenizer cannot read, with question marks."""
    return text.encode("utf-8", errors="replace").decode("utf-8")


def load_tokenizer(folder: EncoderFolder) -> tokenizers.Tokenizer:
    import tokenizers

    try:
        tokenizer = tokenizers.Tokenizer.from_file(str(folder.path / TOKENIZER))
    except Exception as error:  # it raises nothing more specific
        raise folder.problem(
            TOKENIZER, "cannot be read as a tokenizer. Use the tokenizer.json that was published with the model."
        ) from error
    tokenizer.no_padding()
    tokenizer.enable_truncation(folder.description.max_tokens)
    return tokenizer


def load_session(folder: EncoderFolder) -> onnxruntime.InferenceSession:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False  # it would keep the memory that the longest text needed
    options.log_severity_level = ERRORS_ONLY
    try:
        return onnxruntime.InferenceSession(str(folder.path / MODEL), options, providers=["CPUExecutionProvider"])
    except Exception as error:
        raise folder.problem(MODEL, "cannot be read as an ONNX model. Copy or export it again.") from error


def input_names(session: onnxruntime.InferenceSession, folder: EncoderFolder) -> list[str]:
    names = [str(each.name) for each in session.get_inputs() if each.type == "tensor(int64)"]
    if len(names) < len(session.get_inputs()) or not {"input_ids"} <= set(names) <= set(INPUTS):
        wanted = ", ".join(f"{each.name} {each.type}" for each in session.get_inputs())
        expected = f"An encoder needs input_ids and at most {' and '.join(list(INPUTS)[1:])}, all int64."
        raise folder.problem(MODEL, f"has the inputs {wanted}. {expected}")
    return names
