"""An encoder's folder: model.onnx, tokenizer.json, and encoder.toml, which says how to use them."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from qa.errors import BadSetting

MODEL, TOKENIZER, DESCRIPTION = "model.onnx", "tokenizer.json", "encoder.toml"
# Part of every fingerprint. Increase it when a change to the code changes the vectors.
CODE_VERSION = "1"


class EncoderDescription(BaseModel):
    """The entries of encoder.toml."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    # A text's vector is the mean of its tokens' vectors, the first of them, or computed by the model itself.
    pooling: Literal["mean", "cls", "none"]
    query_prefix: str = ""  # added before a question
    passage_prefix: str = ""  # added before a passage or sentence
    languages: tuple[str, ...] = ()  # codes such as "en"; empty if not known
    max_tokens: Annotated[int, Field(ge=8)] = 512  # the rest of a text is not read
    sha256: dict[Literal["model.onnx", "tokenizer.json"], str] = {}  # optional: the digests that the files must have


@dataclass(frozen=True, slots=True)
class EncoderFolder:
    """An encoder's folder, complete and described."""

    path: Path
    description: EncoderDescription
    fingerprint: str  # changes whenever the vectors may change

    def problem(self, file: str, message: str) -> BadSetting:
        return bad_encoder(self.path / file, message)


def bad_encoder(path: Path, message: str) -> BadSetting:
    return BadSetting(f"QA_ENCODER: {path}: {message}")


def read_folder(path: Path) -> EncoderFolder:
    """Raises BadSetting with the file, what is wrong with it and how to fix it."""
    if not path.is_dir():
        raise bad_encoder(
            path, f"no such folder. Use on, off, or a folder with {MODEL}, {TOKENIZER} and {DESCRIPTION}."
        )
    contents = {name: read_content(path / name) for name in (MODEL, TOKENIZER, DESCRIPTION)}
    description = read_description(path / DESCRIPTION, contents[DESCRIPTION])
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()}
    for name, digest in description.sha256.items():
        if digests[name] != digest:
            raise bad_encoder(
                path / name, f"is damaged: its SHA-256 is not the one in {DESCRIPTION}. Install or copy it again."
            )
    parts = " ".join([CODE_VERSION, *digests.values()])
    return EncoderFolder(path, description, fingerprint=hashlib.sha256(parts.encode()).hexdigest()[:16])


def read_description(path: Path, content: bytes) -> EncoderDescription:
    try:
        return EncoderDescription.model_validate(tomllib.loads(content.decode("utf-8")))
    except UnicodeDecodeError:
        raise bad_encoder(path, "is not UTF-8 text. Save it as UTF-8.") from None
    except tomllib.TOMLDecodeError as error:
        raise bad_encoder(path, f"is not TOML: {error}.") from None
    except ValidationError as error:
        faults = [f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors()]
        raise bad_encoder(path, f"{'; '.join(faults)}. docs/operations.md describes the entries.") from None


def read_content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise bad_encoder(
            path, f"is missing. An encoder's folder contains {MODEL}, {TOKENIZER} and {DESCRIPTION}."
        ) from None
    except OSError as error:
        raise bad_encoder(path, f"cannot be read: {error.strerror}.") from None
