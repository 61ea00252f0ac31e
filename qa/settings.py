"""The settings of the service, read from the environment in this one place (`QA_*`)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

from qa.errors import BadSetting


class Settings(BaseSettings):
    """What an operator can choose. Every field is an environment variable with the prefix `QA_`."""

    model_config = SettingsConfigDict(env_prefix="QA_", env_ignore_empty=True, frozen=True, extra="forbid")

    corpus: Path = Field(default=Path("corpus"), description="the corpus folder that is served")
    index: str = Field(
        default="memory:", description="where the index is kept; memory: is built at start from the corpus"
    )
    skip_broken: bool = Field(default=False, description="leave out documents that cannot be read, naming each")
    host: str = Field(default="127.0.0.1", description="the address to listen on")
    port: Annotated[int, Field(ge=1, le=65535)] = Field(default=8000, description="the port to listen on")
    workers: Annotated[int, Field(ge=1, le=64)] = Field(default=2, description="processes that answer")
    versions: Path | None = Field(
        default=None, description="a folder in which qa serve keeps the last 20 versions of the corpus"
    )
    results: Annotated[int, Field(ge=1, le=20)] = Field(default=5, description="passages shown at the most")
    trusted_hosts: tuple[str, ...] = Field(
        default=("localhost", "127.0.0.1", "[::1]"), description="host names the service answers to, as a JSON list"
    )
    hsts: bool = Field(default=False, description="send Strict-Transport-Security; only behind TLS")
    cors_origins: tuple[str, ...] = Field(
        default=(), description='origins whose pages may read the API from a browser, as a JSON list; ["*"] for any'
    )
    rate_limit: Annotated[int, Field(ge=0)] = Field(
        default=0, description="requests a minute that a worker takes from one address; 0 for any number"
    )
    log_questions: bool = Field(
        default=False, description="write questions to the log; off, so that nothing asked is kept"
    )
    refuse_below: Annotated[float, Field(ge=0, le=1)] = Field(
        default=0.38, description="coverage below which there is no answer"
    )
    partial_below: Annotated[float, Field(ge=0, le=1)] = Field(
        default=0.7, description="coverage below which it is partial"
    )


def read_settings() -> Settings:
    """The settings. Raises BadSetting, which names each variable that cannot be used."""
    try:
        return Settings()
    except SettingsError as error:
        [name] = re.findall(r'field "(\w+)"', str(error)) or [""]
        raise BadSetting(setting_fault(name, 'must be a list in JSON, as in ["a.example.org"]')) from None
    except ValidationError as error:
        faults = [setting_fault(str(e["loc"][0]), e["msg"].partition(", unable")[0]) for e in error.errors()]
        raise BadSetting(" ".join(faults)) from None


def setting_fault(name: str, what: str) -> str:
    """Which variable cannot be used, what it is for, what it must be, and the way back to its default."""
    field = Settings.model_fields.get(name)
    known = f" ({field.description})" if field else ""
    return f"QA_{name.upper()}{known} {what.replace('Input should', 'must')}. Leave it empty for its default."
