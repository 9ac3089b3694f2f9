"""What does not hold, and the comparisons that find it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from channel.checker.arithmetic import number, shown


@dataclass(frozen=True)
class Fault:
    """A figure that does not hold: where it stands, what is told, what it must be."""

    code: str
    place: str
    told: str = ""
    found: str = ""


def same(code: str, place: str, told: Any, found: Any) -> Iterator[Fault]:
    if told != found:
        yield Fault(code, place, str(told), str(found))


def same_number(code: str, place: str, told: Any, found: Fraction | int) -> Iterator[Fault]:
    exact = number(told, place)
    if exact != found:
        yield Fault(code, place, shown(exact), shown(Fraction(found)))


def same_or_none(code: str, place: str, told: Any, found: Fraction | None) -> Iterator[Fault]:
    if told is None or found is None:
        if (told is None) != (found is None):
            yield Fault(code, place, str(told), "–" if found is None else shown(found))
    else:
        yield from same_number(code, place, told, found)
