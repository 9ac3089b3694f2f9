"""Exact numbers of a statement's file: fractions in, one way of rounding out."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any


class Unreadable(ValueError):
    """Something in the file is not what the format says; the text names the place."""


@dataclass(frozen=True)
class Rounded:
    """A number that is printed rounded, to as many decimals as it is printed with."""

    value: Fraction

    def agrees(self, told: str) -> bool:
        text = told.removeprefix("+")
        places = len(text.partition(".")[2])
        return number(text) == to_places(self.value, places)


def number(told: Any, place: str = "") -> Fraction:
    """An exact number from decimal text or a whole number."""
    if isinstance(told, int) and not isinstance(told, bool):
        return Fraction(told)
    try:
        found = Decimal(told)
        if isinstance(told, str) and found.is_finite() and abs(found.adjusted()) < 60:
            return Fraction(found)
    except (InvalidOperation, TypeError, ValueError):
        pass
    raise Unreadable(f"{place}: {told!r}")


def whole(told: Any, place: str = "") -> int:
    if isinstance(told, int) and not isinstance(told, bool):
        return told
    raise Unreadable(f"{place}: {told!r}")


def half_up(value: Fraction) -> int:
    """To a whole number, half away from zero."""
    size = abs(value)
    rounded = (2 * size.numerator + size.denominator) // (2 * size.denominator)
    return rounded if value >= 0 else -rounded


def to_places(value: Fraction, places: int) -> Fraction:
    return Fraction(half_up(value * 10**places), 10**places)


def shown(value: Any) -> str:
    """A number as people read it, for the report."""
    if isinstance(value, Rounded):
        value = to_places(value.value, 1)
    if not isinstance(value, Fraction):
        return str(value)
    if value.denominator == 1:
        return f"{value.numerator:,}"
    return float_free(value)


def float_free(value: Fraction) -> str:
    """Up to twelve decimals, without ever touching a binary float."""
    scaled = half_up(value * 10**12)
    sign, size = ("-" if scaled < 0 else ""), abs(scaled)
    rest = f"{size % 10**12:012d}".rstrip("0")
    return f"{sign}{size // 10**12:,}" + (f".{rest}" if rest else "")
