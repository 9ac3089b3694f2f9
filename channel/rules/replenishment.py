"""How much stock a product needs so as not to run out, and how much to order, by days of cover.

All levels are computed exactly and rounded once, up to a whole base unit (an order up to a whole
case), so that a level is never promised that the stock does not reach.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from channel.rules.stock_row import Quantity, plain
from contracts.values.findings import Finding, warn
from contracts.values.money import round_half_up


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An order worked out: every part that leads to it, in base units.

    `target` is the stock that covers the days wanted; `need` is what is missing to it, never
    below zero; `quantity` is the need rounded up to whole cases.
    """

    target: int
    stock: Quantity
    in_transit: Quantity
    need: int
    cases: int
    quantity: int
    #: Ordered and not shipped yet.
    on_order: Quantity = 0


def safety_level(sold: Quantity, days: int, safety_days: int) -> int:
    """Daily sell-out times safety days, rounded up: 300 sold in 30 days, 7 days → 70.

    `sold` is the sell-out, net of returns from customers, over `days` days. Nothing sold, or
    more returned than sold, needs no safety stock: 0.
    """
    return _up(_cover(sold, days, safety_days))


def check_safety(product: str, stock: Quantity, level: int) -> list[Finding]:
    """A warning when saleable stock is below the level; stock equal to the level is enough.

    `stock` is what can be sold: closing stock without what is held or damaged.
    """
    if stock >= level:
        return []
    short = plain(level - stock)
    return [
        warn(
            "stock.below_safety",
            product,
            product=product,
            stock=plain(stock),
            level=level,
            short=short,
        )
    ]


def days_of_cover(stock: Quantity, sold: Quantity, days: int) -> Decimal | None:
    """How many days the stock lasts at the pace of the last `days`; one decimal, half-up.

    None is «no movement»: neither zero days nor for ever.
    """
    _check_days(days)
    if sold <= 0:
        return None
    exact = Fraction(max(stock, 0)) * days / Fraction(sold)
    return round_half_up(Decimal(exact.numerator) / Decimal(exact.denominator), 1)


def suggested_order(
    sold: Quantity,
    days: int,
    cover_days: int,
    stock: Quantity,
    in_transit: Quantity = 0,
    units_per_case: int = 1,
    on_order: Quantity = 0,
) -> Suggestion:
    """What to order to cover `cover_days`: 21 days at 10 a day, 60 in stock, none moving → 150.

    Stock below zero is a wrong figure and counts as none. The need is rounded up to whole cases
    only after stock, goods in transit and open orders are taken off.
    """
    wanted = _cover(sold, days, cover_days)
    return _fill_up(wanted, stock, in_transit, units_per_case, on_order)


def order_up_to(
    target: int,
    stock: Quantity,
    in_transit: Quantity = 0,
    units_per_case: int = 1,
    on_order: Quantity = 0,
) -> Suggestion:
    """What to order so that stock and all that is coming reach the target, in whole cases."""
    return _fill_up(Fraction(target), stock, in_transit, units_per_case, on_order)


def _fill_up(
    wanted: Fraction,
    stock: Quantity,
    in_transit: Quantity,
    units_per_case: int,
    on_order: Quantity,
) -> Suggestion:
    if units_per_case <= 0:
        raise ValueError("a case holds at least one unit")
    there = Fraction(max(stock, 0)) + Fraction(in_transit) + Fraction(on_order)
    missing = max(wanted - there, Fraction(0))
    cases = _up(missing / units_per_case)
    return Suggestion(
        target=_up(wanted),
        stock=plain(max(stock, 0)),
        in_transit=plain(in_transit),
        need=_up(missing),
        cases=cases,
        quantity=cases * units_per_case,
        on_order=plain(on_order),
    )


def _cover(sold: Quantity, days: int, cover_days: int) -> Fraction:
    """The exact quantity that covers `cover_days` at the pace of `sold` in `days`."""
    _check_days(days)
    if cover_days < 0:
        raise ValueError("days of cover are not negative")
    return Fraction(max(sold, 0)) * cover_days / days


def _check_days(days: int) -> None:
    if days <= 0:
        raise ValueError("a pace is measured over at least one day")


def _up(exact: Fraction) -> int:
    return -(-exact.numerator // exact.denominator)
