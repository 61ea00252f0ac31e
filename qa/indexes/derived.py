"""What is worked out from an open index once, and kept as long as the index."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from qa.indexes import OpenIndex

Given = ParamSpec("Given")
WorkedOut = TypeVar("WorkedOut")


def once_per_index(
    make: Callable[Concatenate[OpenIndex, Given], WorkedOut],
) -> Callable[Concatenate[OpenIndex, Given], WorkedOut]:
    """Let a function of an index, and of further arguments, be called once for each. What it returns is kept
    as long as the index, so that a service that has served many versions keeps nothing of the old ones."""

    @wraps(make)
    def kept(index: OpenIndex, /, *args: Given.args, **kwargs: Given.kwargs) -> WorkedOut:
        key = (make, *args, *kwargs.items())
        if key not in index.derived:
            index.derived[key] = make(index, *args, **kwargs)
        found: WorkedOut = index.derived[key]
        return found

    return kept
