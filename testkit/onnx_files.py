"""Writes small ONNX models byte by byte, because the onnx package is large and nothing else here needs it.

The field numbers are those of onnx.proto3.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

FLOAT, INT32, INT64 = 1, 6, 7
INTS = 7  # the kind of an attribute that is a list of whole numbers
IR_VERSION, OPSET = 8, 17

Field = tuple[int, "int | str | bytes | list[Field]"]


def write_encoder(
    path: Path, table: np.ndarray, *, pooled: bool = False, inputs: Mapping[str, int] | None = None
) -> None:
    """A model that looks tokens up in a table: their rows as they are, or the mean of them when `pooled`."""
    nodes = [node("Gather", ["table", "input_ids"], "rows")]
    if pooled:
        nodes.append(node("ReduceMean", ["rows"], "mean", axes=[1], keepdims=[0]))
    output, axes = ("mean", [1, table.shape[1]]) if pooled else ("rows", [1, 0, table.shape[1]])
    graph: list[Field] = [
        *((1, each) for each in nodes),
        (2, "tiny"),
        (5, [*((1, size) for size in table.shape), (2, FLOAT), (8, "table"), (9, table.astype("<f4").tobytes())]),
        *((11, value(name, kind, [1, 0])) for name, kind in (inputs or {"input_ids": INT64}).items()),
        (12, value(output, FLOAT, axes)),
    ]
    path.write_bytes(message([(1, IR_VERSION), (7, graph), (8, [(1, ""), (2, OPSET)])]))


def node(operation: str, inputs: Sequence[str], output: str, **attributes: list[int]) -> list[Field]:
    described: list[Field] = []
    for name, numbers in attributes.items():
        # `keepdims` is a single number, which has another field and another type
        many = name == "axes"
        field: list[Field] = [(8, number) for number in numbers] if many else [(3, numbers[0])]
        described.append((5, [(1, name), *field, (20, INTS if many else 2)]))
    return [*((1, name) for name in inputs), (2, output), (4, operation), *described]


def value(name: str, kind: int, axes: Sequence[int]) -> list[Field]:
    """An input or output; an axis of 0 is of any length."""
    shape: list[Field] = [(1, [(1, size)] if size else [(2, "tokens")]) for size in axes]
    return [(1, name), (2, [(1, [(1, kind), (2, shape)])])]


def message(fields: Sequence[Field]) -> bytes:
    return b"".join(encoded(number, content) for number, content in fields)


def encoded(number: int, content: int | str | bytes | list[Field]) -> bytes:
    if isinstance(content, int):
        return varint(number << 3) + varint(content)
    if isinstance(content, str):
        content = content.encode()
    elif isinstance(content, list):
        content = message(content)
    return varint(number << 3 | 2) + varint(len(content)) + content


def varint(number: int) -> bytes:
    """Seven bits a byte, the lowest first; the eighth says that more follow."""
    return bytes([number]) if number < 128 else bytes([number & 127 | 128]) + varint(number >> 7)
