"""Work on many rows at once without the garbage collector walking over all of them again.

Rows, cells and statements are freed by counting; the collector looks for circles only, and
looking for them among half a million tuples takes longer than reading the file.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


def in_bulk(work: Callable[P, T]) -> Callable[P, T]:
    """Put the collector off until the function returns."""

    @wraps(work)
    def calmly(*args: P.args, **kwargs: P.kwargs) -> T:
        was_on = gc.isenabled()
        gc.disable()
        try:
            return work(*args, **kwargs)
        finally:
            if was_on:
                gc.enable()

    return calmly
