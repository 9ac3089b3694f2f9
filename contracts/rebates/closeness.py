"""Who stands so close under a bound that a little more would have paid."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from contracts.rebates.compute import Part, Result
from contracts.rebates.ladder import place_of
from contracts.rebates.model import RebateTerms
from contracts.rebates.reaching import gain_at_next_fen, missing_fen, missing_units
from contracts.values.rates import EXACT

_ALL_BP = Decimal(10_000)


@dataclass(frozen=True, slots=True)
class Close:
    """What was missing to the next tier, in money or in pieces or orders, and its worth."""

    part: str
    short_fen: int | None
    short_units: int | None
    gain_fen: int


def closest(terms: RebateTerms, result: Result, close_bp: int) -> Close | None:
    """The part within so many basis points under its next bound that would gain most by it.

    None where no part is, or where reaching the bound would pay nothing more.
    """
    found = [
        Close(part.name, missing_fen(terms, part), missing_units(terms, part), gain)
        for part in result.parts
        if _is_close(terms, part, close_bp)
        and (gain := gain_at_next_fen(terms, result, part) or 0) > 0
    ]
    return max(found, key=lambda close: close.gain_fen, default=None)


def _is_close(terms: RebateTerms, part: Part, close_bp: int) -> bool:
    """Whether the missing part is no more than that share of the bound; who sold nothing is not."""
    if part.to_next is None:
        return False
    value = place_of(terms, part.figures).value
    if value <= 0:
        return False
    bound = EXACT.add(value, part.to_next)
    return EXACT.multiply(part.to_next, _ALL_BP) <= EXACT.multiply(bound, Decimal(close_bp))
