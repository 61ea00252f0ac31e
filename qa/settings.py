"""Settings of the service, read from `QA_*` environment variables here and nowhere else."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict, SettingsError

from qa.errors import BadSetting

# A scheme and a host, which may begin with "*." for all its subdomains, without a path.
ORIGIN = re.compile(
    r"https?://(?:\*\.)?[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?|https?://\[[0-9a-f:]+\](?::\d{1,5})?"
)


class Settings(BaseSettings):
    """Operator settings. Each field is set by an environment variable with the prefix `QA_`."""

    model_config = SettingsConfigDict(env_prefix="QA_", env_ignore_empty=True, frozen=True, extra="forbid")

    corpus: Path = Field(default=Path("corpus"), description="the corpus folder to serve")
    index: str = Field(default="memory:", description="where the index is stored: memory:, or disk: with a folder")
    encoder: str = Field(default="on", description="find by meaning too: on, off, or a folder with your own model")
    skip_broken: bool = Field(default=False, description="skip documents that cannot be read and name each")
    host: str = Field(default="127.0.0.1", description="the address to listen on")
    port: Annotated[int, Field(ge=1, le=65535)] = Field(default=8000, description="the port to listen on")
    workers: Annotated[int, Field(ge=1, le=64)] = Field(default=2, description="number of worker processes")
    versions: Path | None = Field(
        default=None, description="a folder where qa serve keeps the last 20 versions of the corpus"
    )
    cache: Path | None = Field(
        default=Path("~/.cache/chapter-and-verse"),
        description="a folder for what is made from files, so that it is not made again; empty to keep nothing",
    )
    metrics: Path | None = Field(
        default=None, description="a folder where all processes count requests for /metrics; qa serve needs none"
    )
    results: Annotated[int, Field(ge=1, le=20)] = Field(default=3, description="maximum number of passages shown")
    trusted_hosts: tuple[str, ...] = Field(
        default=("localhost", "127.0.0.1", "[::1]"), description="host names the service answers to, as a JSON list"
    )
    hsts: bool = Field(default=False, description="send Strict-Transport-Security; only behind TLS")
    cors_origins: tuple[str, ...] = Field(
        default=(), description='origins allowed to call the API from a browser, as a JSON list; ["*"] for any'
    )
    frame_ancestors: Annotated[tuple[str, ...] | None, NoDecode] = Field(
        default=None, description="sites that may show the question box in a frame (/embed), separated by blanks"
    )
    rate_limit: Annotated[int, Field(ge=0)] = Field(
        default=0, description="requests per minute that a worker accepts from one address; 0 for no limit"
    )
    log_questions: bool = Field(default=False, description="log questions; when off, no question is stored")
    feedback: Path | None = Field(
        default=None, description="a folder for readers' judgments and the questions that are not answered"
    )
    answer_from: Annotated[float, Field(ge=0, le=1)] | None = Field(
        default=None,
        description="confidence, from 0 to 1, from which a question counts as answered; empty for the fitted ones",
    )

    @field_validator("frame_ancestors", mode="before")
    @classmethod
    def _split_origins(cls, given: object) -> object:
        origins = tuple(given.split()) if isinstance(given, str) else given
        if isinstance(origins, tuple | list) and not all(ORIGIN.fullmatch(str(each)) for each in origins):
            raise ValueError("must be origins separated by blanks, for example https://www.example.org")
        return origins

    @model_validator(mode="before")
    @classmethod
    def _choose_cache(cls, given: dict[str, object]) -> dict[str, object]:
        """An empty QA_CACHE means none, and the user's cache folder may be elsewhere."""
        if os.environ.get("QA_CACHE") == "":
            return {"cache": None, **given}
        elsewhere = os.environ.get("XDG_CACHE_HOME")
        return {"cache": Path(elsewhere, "chapter-and-verse"), **given} if elsewhere else given


class ClusterAccess(BaseSettings):
    """How to be let in by an OpenSearch cluster: environment variables with the prefix `QA_OPENSEARCH_`."""

    model_config = SettingsConfigDict(env_prefix="QA_OPENSEARCH_", env_ignore_empty=True, frozen=True)

    user: str = Field(default="", description="the user of the cluster")
    password: SecretStr = Field(default=SecretStr(""), description="the user's password")
    ca: Path | None = Field(default=None, description="a file with the certificate of the nodes' authority")


def read_cluster_access() -> ClusterAccess:
    return ClusterAccess()


GONE = ("QA_REFUSE_BELOW", "QA_PARTIAL_BELOW")  # settings of earlier releases, replaced by QA_ANSWER_FROM


def settings_gone() -> list[str]:
    """The names of the environment variables that are set and no longer have a meaning."""
    return [name for name in GONE if os.environ.get(name)]


def read_settings() -> Settings:
    """Read the settings. Raises BadSetting, which names every invalid variable."""
    try:
        return Settings()
    except SettingsError as error:
        [name] = re.findall(r'field "(\w+)"', str(error)) or [""]
        raise BadSetting(setting_fault(name, 'must be a JSON list, for example ["a.example.org"]')) from None
    except ValidationError as error:
        faults = [setting_fault(str(e["loc"][0]), in_our_words(e["msg"])) for e in error.errors()]
        raise BadSetting(" ".join(faults)) from None


def in_our_words(message: str) -> str:
    """What pydantic says, without what only programmers understand."""
    return message.removeprefix("Value error, ").partition(", unable")[0]


def setting_fault(name: str, what: str) -> str:
    """Say which variable is invalid, what it is for, what it must be, and how to restore its default."""
    field = Settings.model_fields.get(name)
    known = f" ({field.description})" if field else ""
    return f"QA_{name.upper()}{known} {what.replace('Input should', 'must')}. Leave it empty to use the default."
