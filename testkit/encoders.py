"""Sentence encoders for tests: the one in the package, and a tiny one of eight words, as an owner would prepare it."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from qa.encoder import Encoder, open_encoder
from testkit.onnx_files import INT64, write_encoder

VOCABULARY = {"[UNK]": 0, "[CLS]": 1, "[SEP]": 2, "query:": 3, "passage:": 4, "red": 5, "green": 6, "blue": 7}
TABLE = np.random.default_rng(1).normal(size=(len(VOCABULARY), 4)).astype(np.float32)
ALL_INPUTS = {"input_ids": INT64, "attention_mask": INT64, "token_type_ids": INT64}


def opened_encoder(setting: str) -> Encoder:
    pytest.importorskip("onnxruntime", reason="this environment is older than requirements-dev.lock")
    encoder = open_encoder(setting)
    assert encoder is not None
    return encoder


@cache
def shipped_encoder() -> Encoder:
    return opened_encoder("on")


@cache
def tiny_encoder() -> Encoder:
    pytest.importorskip("tokenizers", reason="this environment is older than requirements-dev.lock")
    with tempfile.TemporaryDirectory() as folder:
        write_tiny_encoder(Path(folder))
        return opened_encoder(folder)


def write_tiny_encoder(folder: Path) -> None:
    """An encoder of eight words and four dimensions: the vector of a text is the mean of its words' vectors."""
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.pre_tokenizers import WhitespaceSplit
    from tokenizers.processors import TemplateProcessing

    tokenizer = Tokenizer(WordLevel(VOCABULARY, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = WhitespaceSplit()
    marks = [(mark, VOCABULARY[mark]) for mark in ("[CLS]", "[SEP]")]
    tokenizer.post_processor = TemplateProcessing(single="[CLS] $A [SEP]", special_tokens=marks)
    tokenizer.enable_padding(length=20)  # as in many published tokenizers
    tokenizer.save(str(folder / "tokenizer.json"))
    write_encoder(folder / "model.onnx", TABLE, inputs=ALL_INPUTS)
    (folder / "encoder.toml").write_text('pooling = "mean"\n')
