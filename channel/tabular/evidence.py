"""Proof that a spreadsheet dropped decimal points on the way: 2024.9940 became «2,024,994».

No single value shows it. Rows do: quantity × price misses the amount by exactly a power of ten,
the tax of one row is ten times the rate of the next, or a price is a thousand times the list.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

_TENS = tuple(Decimal(10) ** k for k in (1, 2, 3, 4, -1, -2, -3, -4))
#: Half of the n-th decimal place; no amount here has more than 40 of them.
_HALVES = tuple(Decimal(5).scaleb(-places - 1) for places in range(41))
#: No country's turnover tax is higher than this part of the net amount.
TAX_RATE_MAX = Decimal("0.5")
#: From so many rows on it is the column, not a slip of the pen.
ROWS_MIN = 3
SHARE_MIN = Decimal("0.02")


@dataclass(frozen=True, slots=True)
class Line:
    """The figures of one row as typed; `net` excludes tax, None = not in the file."""

    number: int
    quantity: Decimal
    price: Decimal | None
    discount: Decimal
    net: Decimal
    tax: Decimal | None
    product: str = ""


@dataclass(frozen=True, slots=True)
class Judgement:
    """Rows that break an identity: `lost` by a power of ten, `wrong` by anything else."""

    lost: tuple[int, ...]
    wrong: tuple[int, ...]

    def is_column(self, rows: int) -> bool:
        """Whether the lost points are the column's fault rather than one row's.

        Where most wrong rows are wrong by something else, the column is another column.
        """
        lost = len(self.lost)
        many = lost >= ROWS_MIN or (lost > 0 and lost >= SHARE_MIN * rows)
        return many and lost >= len(self.wrong)


def half_unit(value: Decimal, places_min: int = 2) -> Decimal:
    """Half of the last written place, but not coarser than half a cent: 3.5 → 0.005."""
    _sign, _digits, exponent = value.as_tuple()
    places = max(places_min, -exponent if isinstance(exponent, int) else 0)
    return _HALVES[places]


def tolerance(line: Line) -> Decimal:
    """What rounding of price, amount and discount can add up to on this row."""
    assert line.price is not None
    of_price = abs(line.quantity) * half_unit(line.price)
    return max(of_price + half_unit(line.net) + half_unit(line.discount), Decimal("0.0051"))


def judge_amounts(lines: Sequence[Line]) -> Judgement:
    """quantity × price − discount must be the amount, before or after tax."""
    lost: list[int] = []
    wrong: list[int] = []
    for place, line in enumerate(lines):
        if line.price is None:
            continue
        computed = line.quantity * line.price - line.discount
        if computed == line.net:
            continue  # exact: most lines of most files
        room = tolerance(line)
        targets = [line.net] if line.tax is None else [line.net, line.net + line.tax]
        if any(abs(computed - target) <= room for target in targets):
            continue
        by_ten = any(
            target and abs(computed - target * ten) <= room * max(ten, Decimal(1))
            for target in targets
            for ten in _TENS
        )
        (lost if by_ten and computed else wrong).append(place)
    return Judgement(tuple(lost), tuple(wrong))


def judge_taxes(lines: Sequence[Line]) -> Judgement:
    """Tax rates of one file may differ, but not by a factor of ten beyond every real rate."""
    rates: dict[int, Decimal] = {}
    for place, line in enumerate(lines):
        if line.tax is not None and line.net:
            rates[place] = line.tax / line.net
    sound = {rate.quantize(Decimal("0.001")) for rate in rates.values() if 0 < rate <= TAX_RATE_MAX}
    lost: list[int] = []
    wrong: list[int] = []
    for place, rate in rates.items():
        if 0 <= rate <= TAX_RATE_MAX:
            continue
        shifted = {(rate / ten).quantize(Decimal("0.001")) for ten in _TENS[:4]}
        (lost if rate > 0 and shifted & sound else wrong).append(place)
    return Judgement(tuple(lost), tuple(wrong))


def judge_prices(lines: Sequence[Line], usual_e4: dict[str, int]) -> Judgement:
    """Prices at least a hundred times, and by a power of ten, above the usual one of the product.

    Room of 30 % either way: a price list may be another year's, never another magnitude's.
    """
    lost = []
    for place, line in enumerate(lines):
        usual = usual_e4.get(line.product)
        if line.price is None or not usual or line.price <= 0:
            continue
        ratio = line.price * 10_000 / usual
        if any(Decimal("0.7") <= ratio / ten <= Decimal("1.3") for ten in _TENS[1:4]):
            lost.append(place)
    return Judgement(tuple(lost), ())
