"""A rate is a fraction that knows it is one, so that 4.5 % is never taken for 4.5.

Rates are exact decimals; nothing here rounds.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Context, Decimal, DivisionByZero, Inexact, InvalidOperation

#: Wide enough for any product of a rate and an amount; a lost digit is an error, not a rounding.
EXACT = Context(prec=100, traps=[Inexact, InvalidOperation, DivisionByZero])


@dataclass(frozen=True, slots=True, order=True)
class Rate:
    """A fraction of one: Rate(Decimal("0.045")) is 4.5 %. Negative rates are representable.

    Raises TypeError for anything but a Decimal and ValueError for NaN and infinities.
    """

    fraction: Decimal

    def __post_init__(self) -> None:
        if not isinstance(self.fraction, Decimal):
            raise TypeError(f"a rate is a Decimal fraction, not {self.fraction!r}")
        if not self.fraction.is_finite():
            raise ValueError(f"a rate is finite, not {self.fraction}")

    @classmethod
    def percent(cls, percent: str | int | Decimal) -> Rate:
        """The rate written as a percentage: percent("4.5") is 0.045. ValueError if unreadable."""
        if isinstance(percent, bool) or not isinstance(percent, (str, int, Decimal)):
            raise TypeError(f"a percentage is text, int or Decimal, not {percent!r}")
        try:
            number = Decimal(percent)
        except InvalidOperation:
            raise ValueError(f"not a percentage: {percent!r}") from None
        if not number.is_finite():
            raise ValueError(f"not a percentage: {percent!r}")
        return cls(EXACT.scaleb(number, -2))

    @classmethod
    def basis_points(cls, points: int) -> Rate:
        """The rate in ten-thousandths: basis_points(1300) is 13 %."""
        if isinstance(points, bool) or not isinstance(points, int):
            raise TypeError(f"basis points are whole numbers, not {points!r}")
        return cls(EXACT.scaleb(Decimal(points), -4))

    def as_percent(self) -> Decimal:
        """The number before the percent sign, exact and without needless zeros."""
        percent = EXACT.normalize(EXACT.scaleb(self.fraction, 2))
        # normalize() writes one hundred as 1E+2; people write 100.
        return Decimal(format(percent, "f")) if percent else Decimal(0)

    def of(self, amount: Decimal) -> Decimal:
        """The unrounded share of an amount, in the unit of that amount."""
        return EXACT.multiply(amount, self.fraction)

    def __str__(self) -> str:
        return f"{self.as_percent()} %"
