"""all-MiniLM-L6-v2 as an ONNX graph, from its weights: the ids of one text to one vector of length one.

Reimers and Gurevych, Sentence-BERT, EMNLP 2019; the layers are BERT's (Devlin et al., NAACL 2019).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

LAYERS, WIDTH, HEADS = 6, 384, 12
EPSILON = 1e-12
WORD_STEPS = 127  # of a row of the table of words, on each side of 0
# Of a column of a matrix. Older processors add pairs of products of two bytes in sixteen bits, which holds 255 times 64
# twice, but not 255 times 127.
STEPS = 64
FINER = 254  # what the first byte of an activation leaves over is at most half a step: the second byte divides it
MIDDLE = 128  # stands for 0 in the second byte
INSIDE = ("attention.self.query", "attention.self.key", "attention.self.value")
OUTPUT = "attention.output.dense"
FEED_FORWARD = ("intermediate.dense", "output.dense")
CONTRIBUTED = "com.microsoft"  # onnxruntime's operators beyond the standard

Weights = dict[str, np.ndarray]


class Graph:
    """The graph as it grows. With `compact`, weights are stored in bytes and products are computed in whole numbers."""

    def __init__(self, weights: Weights, *, compact: bool) -> None:
        self.weights, self.compact = weights, compact
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def model(self) -> onnx.ModelProto:
        x = self.normalised(self.embeddings(), "embeddings.LayerNorm")
        for layer in range(LAYERS):
            x = self.layer(x, f"encoder.layer.{layer}.")
        mean = self.node("ReduceMean", x, self.constant([1]), keepdims=0)
        self.nodes.append(helper.make_node("LpNormalization", [mean], ["sentence_embedding"], axis=-1, p=2))
        taken = helper.make_tensor_value_info("input_ids", TensorProto.INT64, [1, "tokens"])
        given = helper.make_tensor_value_info("sentence_embedding", TensorProto.FLOAT, [1, WIDTH])
        graph = helper.make_graph(self.nodes, "all-MiniLM-L6-v2", [taken], [given], self.constants)
        operators = [helper.make_opsetid("", 20), helper.make_opsetid(CONTRIBUTED, 1)]
        made = helper.make_model(graph, opset_imports=operators, ir_version=9)
        onnx.checker.check_model(made)
        return made

    def constant(self, value: object) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), f"constant_{len(self.constants)}"))
        return str(self.constants[-1].name)

    def node(self, operation: str, *inputs: str, **attributes: Any) -> str:
        name = f"{operation}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(operation, inputs, [name], name=name, **attributes))
        return name

    def embeddings(self) -> str:
        table = self.weights["embeddings.word_embeddings.weight"]
        if self.compact:
            whole, steps = in_bytes(table, WORD_STEPS, axis=1)
            rows = self.node("Gather", self.constant(whole), "input_ids")
            scales = self.node("Gather", self.constant(steps), "input_ids")
            words = self.node("Mul", self.node("Cast", rows, to=TensorProto.FLOAT), scales)
        else:
            words = self.node("Gather", self.constant(table), "input_ids")
        kind = self.weights["embeddings.token_type_embeddings.weight"][0]
        places = self.constant(self.weights["embeddings.position_embeddings.weight"] + kind)
        length = self.node("Shape", "input_ids", start=1, end=2)
        return self.node("Add", words, self.node("Slice", places, self.constant([0]), length))

    def layer(self, x: str, prefix: str) -> str:
        attended = self.linear(self.attention(x, prefix), *self.matrix(prefix + OUTPUT))
        normal = prefix + "attention.output.LayerNorm"
        x = self.normalised(self.node("Add", x, attended), normal)
        first, second = (self.matrix(prefix + part) for part in FEED_FORWARD)
        widened = self.node("Gelu", self.linear(x, *first))
        narrowed = self.linear(widened, *second)
        return self.normalised(self.node("Add", x, narrowed), prefix + "output.LayerNorm")

    def attention(self, x: str, prefix: str) -> str:
        matrices, biases = zip(*(self.matrix(prefix + part) for part in INSIDE), strict=True)
        together = self.linear(x, np.concatenate(matrices, axis=1), np.concatenate(biases))
        query, key, value = (
            self.node("Transpose", self.node("Reshape", part, self.constant([0, 0, HEADS, WIDTH // HEADS])), perm=turn)
            for part, turn in zip(self.split(together), ([0, 2, 1, 3], [0, 2, 3, 1], [0, 2, 1, 3]), strict=True)
        )
        scale = self.constant(np.float32((WIDTH // HEADS) ** -0.5))
        shares = self.node("Softmax", self.node("Mul", self.node("MatMul", query, key), scale), axis=-1)
        mixed = self.node("Transpose", self.node("MatMul", shares, value), perm=[0, 2, 1, 3])
        return self.node("Reshape", mixed, self.constant([0, 0, WIDTH]))

    def split(self, x: str) -> list[str]:
        parts = [f"{x}_{part}" for part in range(len(INSIDE))]
        self.nodes.append(helper.make_node("Split", [x], parts, axis=-1, num_outputs=len(parts)))
        return parts

    def matrix(self, name: str) -> tuple[np.ndarray, np.ndarray]:
        return self.weights[f"{name}.weight"].T, self.weights[f"{name}.bias"]

    def linear(self, x: str, matrix: np.ndarray, bias: np.ndarray) -> str:
        """`x` times the matrix plus the bias."""
        if self.compact:
            return self.linear_in_bytes(x, matrix, bias)
        return self.node("Add", self.node("MatMul", x, self.constant(matrix)), self.constant(bias))

    def linear_in_bytes(self, x: str, matrix: np.ndarray, bias: np.ndarray) -> str:
        """The same in products of whole numbers, with two bytes for each number of `x`.

        With one byte, numbers close to a half step are rounded up by one processor and down by another, and the
        difference grows from layer to layer to a hundredth of a cosine.
        """
        whole, steps = (self.constant(np.squeeze(each)) for each in in_bytes(matrix, STEPS, axis=0))
        first, step, zero = self.quantized(x)
        left_over = self.node("Sub", x, self.node("DequantizeLinear", first, step, zero))
        finer = self.node("Mul", step, self.constant(np.float32(1 / FINER)))
        middle = self.constant(np.uint8(MIDDLE))
        second = self.node("QuantizeLinear", left_over, finer, middle)
        return self.node(
            "Add",
            self.contributed("MatMulIntegerToFloat", first, whole, step, steps, zero, "", self.constant(bias)),
            self.contributed("MatMulIntegerToFloat", second, whole, finer, steps, middle),
        )

    def quantized(self, x: str) -> list[str]:
        """`x` in bytes, the size of a step, and the byte that stands for 0."""
        parts = [f"{x}_{part}" for part in ("bytes", "step", "zero")]
        self.nodes.append(helper.make_node("DynamicQuantizeLinear", [x], parts))
        return parts

    def contributed(self, operation: str, *inputs: str) -> str:
        return self.node(operation, *inputs, domain=CONTRIBUTED)

    def normalised(self, x: str, name: str) -> str:
        gain, shift = (self.constant(self.weights[f"{name}.{part}"]) for part in ("weight", "bias"))
        return self.node("LayerNormalization", x, gain, shift, axis=-1, epsilon=EPSILON)


def in_bytes(matrix: np.ndarray, most: int, axis: int) -> tuple[np.ndarray, np.ndarray]:
    """The matrix as int8, at most `most` on each side of 0, and the size of a step along the axis, as float32."""
    steps = np.maximum(np.abs(matrix).max(axis=axis, keepdims=True), np.finfo(np.float32).tiny) / most
    return np.round(matrix / steps).astype(np.int8), steps.astype(np.float32)
