"""The vocabularies shipped with the package, as data files that anyone can read and correct."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from qa.models import Aspect, Intervention, SynonymGroup


def tables(name: str, table: str) -> list[dict[str, Any]]:
    """The tables called `table` of a TOML data file, with lists as tuples, as the models expect."""
    read = tomllib.loads(files("qa").joinpath("data", name).read_text(encoding="utf-8"))[table]
    return [{key: tuple(v) if isinstance(v, list) else v for key, v in entry.items()} for entry in read]


@cache
def aspects() -> tuple[Aspect, ...]:
    """The shipped aspects."""
    return tuple(Aspect(**entry) for entry in tables("aspects.toml", "aspect"))


@cache
def synonyms() -> tuple[SynonymGroup, ...]:
    """The shipped synonym groups."""
    return tuple(SynonymGroup(**entry) for entry in tables("synonyms.toml", "group"))


@cache
def interventions() -> tuple[Intervention, ...]:
    """The shipped treatments."""
    return tuple(Intervention(**entry) for entry in tables("interventions.toml", "intervention"))
