"""The vocabularies that ship with the package, as data files that anyone can read and correct."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from qa.models import Aspect, Intervention, SynonymGroup


def tables(name: str, table: str) -> list[dict[str, Any]]:
    """The tables of a TOML file of the package, with tuples for lists as the models have them."""
    read = tomllib.loads(files("qa").joinpath("data", name).read_text(encoding="utf-8"))[table]
    return [{key: tuple(v) if isinstance(v, list) else v for key, v in entry.items()} for entry in read]


@cache
def aspects() -> tuple[Aspect, ...]:
    return tuple(Aspect(**entry) for entry in tables("aspects.toml", "aspect"))


@cache
def synonyms() -> tuple[SynonymGroup, ...]:
    return tuple(SynonymGroup(**entry) for entry in tables("synonyms.toml", "group"))


@cache
def interventions() -> tuple[Intervention, ...]:
    return tuple(Intervention(**entry) for entry in tables("interventions.toml", "intervention"))
