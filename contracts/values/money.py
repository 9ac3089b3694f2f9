"""Exact money: amounts with their currency, one rounding rule, and shares that add up.

Rounding is half-up away from zero and happens only where a function here says so; floats and
mixed currencies are refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation

from contracts.values.rates import EXACT, Rate

_ROUNDING = Context(prec=100, rounding=ROUND_HALF_UP, traps=[InvalidOperation])
_FEN_PER_UNIT = 100
_BP_PER_ONE = 10_000


class CurrencyMismatch(ValueError):
    """Two amounts of different currencies met in one sum or comparison."""


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in units of its currency (yuan, not fen), exact; ordered within a currency.

    Raises TypeError for anything but a Decimal, ValueError for NaN, infinities and for a
    currency that is not three capital letters (ISO 4217).
    """

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        if not isinstance(self.amount, Decimal):
            raise TypeError(f"money is a Decimal, not {self.amount!r}")
        if not self.amount.is_finite():
            raise ValueError(f"money is finite, not {self.amount}")
        code = self.currency
        if not (isinstance(code, str) and len(code) == 3 and code.isascii() and code.isupper()):
            raise ValueError(f"not a currency code: {code!r}")

    @classmethod
    def from_fen(cls, fen: int, currency: str = "CNY") -> Money:
        """The amount of so many hundredths of the unit; two decimals are kept."""
        if isinstance(fen, bool) or not isinstance(fen, int):
            raise TypeError(f"fen are whole numbers, not {fen!r}")
        return cls(EXACT.scaleb(Decimal(fen), -2), currency)

    @property
    def fen(self) -> int:
        """The amount in whole fen; ValueError when part of a fen would be lost."""
        scaled = EXACT.scaleb(self.amount, 2)
        if scaled != scaled.to_integral_value():
            raise ValueError(f"{self.amount} {self.currency} is not a whole number of fen")
        return int(scaled)

    def rounded(self) -> Money:
        """The same amount to the fen, half-up away from zero."""
        return Money(round_half_up(self.amount), self.currency)

    def _same_currency(self, other: Money) -> Money:
        if other.currency != self.currency:
            raise CurrencyMismatch(f"{self.currency} met {other.currency}")
        return other

    def __add__(self, other: Money) -> Money:
        if not isinstance(other, Money):
            return NotImplemented
        return Money(EXACT.add(self.amount, self._same_currency(other).amount), self.currency)

    def __sub__(self, other: Money) -> Money:
        if not isinstance(other, Money):
            return NotImplemented
        amount = EXACT.subtract(self.amount, self._same_currency(other).amount)
        return Money(amount, self.currency)

    def __neg__(self) -> Money:
        return Money(EXACT.minus(self.amount), self.currency)

    def __mul__(self, rate: Rate) -> Money:
        """The unrounded share; round it where the contract says so and nowhere else."""
        if not isinstance(rate, Rate):
            return NotImplemented
        return Money(rate.of(self.amount), self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.amount < self._same_currency(other).amount

    def __le__(self, other: Money) -> bool:
        return self.amount <= self._same_currency(other).amount

    def __gt__(self, other: Money) -> bool:
        return self.amount > self._same_currency(other).amount

    def __ge__(self, other: Money) -> bool:
        return self.amount >= self._same_currency(other).amount

    def __str__(self) -> str:
        return f"{self.amount:f} {self.currency}"


def round_half_up(amount: Decimal, places: int = 2) -> Decimal:
    """The amount to so many places, ties away from zero: 0.125 → 0.13, −0.125 → −0.13."""
    if not isinstance(amount, Decimal):
        raise TypeError(f"only a Decimal is rounded, not {amount!r}")
    rounded = amount.quantize(Decimal(1).scaleb(-places), context=_ROUNDING)
    return rounded if rounded else abs(rounded)  # no minus sign before a zero


def divide_half_up(numerator: int, denominator: int) -> int:
    """The integer quotient, ties away from zero; the denominator must be positive."""
    if denominator <= 0:
        raise ValueError(f"the denominator must be positive, not {denominator}")
    quotient = (2 * abs(numerator) + denominator) // (2 * denominator)
    return quotient if numerator >= 0 else -quotient


def fen_of(amount: Decimal) -> int:
    """An amount in units to whole fen, half-up away from zero."""
    return int(_ROUNDING.scaleb(round_half_up(amount), 2))


def fen_from_e4(e4: int) -> int:
    """Ten-thousandths of the unit (ledger lines of four decimals) to fen, half-up."""
    return divide_half_up(e4, _BP_PER_ONE // _FEN_PER_UNIT)


def allocate(total: int, weights: Sequence[int]) -> list[int]:
    """Share a whole amount by weight so that the parts add up to it exactly.

    Largest remainder; among equal remainders the earlier part is served first. A negative
    total gives the mirror image. ValueError when the weights are none, negative or all zero.
    """
    if any(weight < 0 for weight in weights):
        raise ValueError("weights may not be negative")
    whole = sum(weights)
    if not whole:
        raise ValueError("at least one weight must be positive")
    size = abs(total)
    shares = [size * weight // whole for weight in weights]
    by_remainder = sorted(range(len(shares)), key=lambda i: -(size * weights[i] % whole))
    for i in by_remainder[: size - sum(shares)]:
        shares[i] += 1
    return shares if total >= 0 else [-share for share in shares]


def vat_split(gross_fen: int, rate_bp: int) -> tuple[int, int]:
    """(net, tax) of a tax-inclusive amount; the rate in basis points (1300 = 13 %).

    The net is rounded half-up once and the tax is what remains, so the two always add up.
    """
    if rate_bp < 0:
        raise ValueError(f"a tax rate is not negative: {rate_bp}")
    net = divide_half_up(gross_fen * _BP_PER_ONE, _BP_PER_ONE + rate_bp)
    return net, gross_fen - net
