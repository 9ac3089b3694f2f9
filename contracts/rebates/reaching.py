"""What the next tier is worth: the statement computed once more, with just so much bought.

A bound is met exactly; where both values and pieces count, the other moves in proportion.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import ROUND_CEILING, Decimal

from contracts.rebates.compute import Part, Result, compute
from contracts.rebates.figures import Facts, Figures
from contracts.rebates.ladder import is_split
from contracts.rebates.model import RebateTerms
from contracts.values.money import fen_from_e4
from contracts.values.rates import EXACT

_FEN_E4 = 100


def gain_at_next_fen(terms: RebateTerms, result: Result, part: Part | None = None) -> int | None:
    """What more the statement would pay on reaching exactly the next bound; None at the top.

    Of several parts, say which moves.
    """
    moving = part or (result.parts[0] if len(result.parts) == 1 else None)
    if moving is None or moving.to_next is None:
        return None
    reached = compute(terms, at_next(terms, result, moving), result.currency)
    return reached.entitlement_fen - result.entitlement_fen


def at_next(terms: RebateTerms, result: Result, part: Part) -> Facts:
    """The facts with one part moved up to its next bound."""
    moved = _moved_up(terms, part)
    return replace(result.facts, parts={**result.facts.parts, part.name: moved})


def missing_fen(terms: RebateTerms, part: Part) -> int | None:
    """What is missing to the next tier in fen, rounded up; None at the top or in other units."""
    if part.to_next is None or terms.gauge == "orders" or terms.base.measure == "quantity":
        return None
    return _whole(EXACT.scaleb(part.to_next, 2))


def missing_units(terms: RebateTerms, part: Part) -> int | None:
    """What is missing in pieces or orders, rounded up; None at the top or where it is money."""
    in_money = terms.gauge != "orders" and terms.base.measure == "value"
    return None if part.to_next is None or in_money else _whole(part.to_next)


def _moved_up(terms: RebateTerms, part: Part) -> Figures:
    figures, missing = part.figures, part.to_next or Decimal(0)
    if terms.gauge == "orders":
        return replace(figures, orders=figures.orders + _whole(missing))
    if terms.base.measure == "quantity":
        return _more_pieces(figures, _whole(missing))
    alone = terms.scope != "group" and terms.accumulate is None
    with_vat = terms.gauge == "attainment" and terms.base.vat == "net" and alone
    return _more_value(figures, missing, is_rounded=not is_split(terms), with_vat=with_vat)


def _more_pieces(figures: Figures, more: int) -> Figures:
    gauge = figures.gauge_quantity
    return replace(
        figures,
        quantity=figures.quantity + more,
        gauge_quantity=None if gauge is None else gauge + more,
        base_e4=figures.base_e4 + _in_proportion(figures.base_e4, more, figures.quantity),
    )


def _more_value(figures: Figures, missing: Decimal, *, is_rounded: bool, with_vat: bool) -> Figures:
    """From the rounded figure on, because that is what was compared with the bound."""
    more = _whole(EXACT.scaleb(missing, 2)) * _FEN_E4 if is_rounded else _e4(missing)
    quantity = figures.quantity + _in_proportion(figures.quantity, more, figures.base_e4)
    gauge = figures.gauge_e4
    if gauge is not None:
        compared = _rounded(gauge) if is_rounded else gauge
        # A target may include VAT that the base does not: then the base moves in proportion.
        own = _in_proportion(figures.base_e4, more, gauge) if with_vat else more
        return replace(
            figures,
            base_e4=figures.base_e4 + own,
            gauge_e4=compared + more,
            quantity=quantity,
        )
    base = _rounded(figures.base_e4) if is_rounded else figures.base_e4
    # Rebates that come first eat what is bought until they are covered.
    uncovered = max(0, figures.reduced_e4 - base) if base > 0 else 0
    if base <= 0 and figures.reduced_e4 > 0:
        uncovered = figures.reduced_e4
    return replace(figures, base_e4=base + more + uncovered, quantity=quantity)


def _rounded(e4: int) -> int:
    return fen_from_e4(e4) * _FEN_E4


def _e4(amount: Decimal) -> int:
    return _whole(EXACT.scaleb(amount, 4))


def _whole(number: Decimal) -> int:
    """Rounded up: a bound is met, never nearly met."""
    return int(number.to_integral_value(rounding=ROUND_CEILING))


def _in_proportion(size: int, more: int, whole: int) -> int:
    return size * more // whole if whole > 0 else 0
