"""What a contested line makes of a rebate: the same computation once more, with one thing changed.

Nothing here decides who is right; it only says how much of the entitlement rests on the line.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from contracts.rebates.compute import compute
from contracts.rebates.figures import Facts, Figures
from contracts.rebates.ladder import ZERO
from contracts.rebates.model import RebateTerms
from contracts.values.money import divide_half_up, fen_of


@dataclass(frozen=True, slots=True)
class Line:
    """A part of the base as the statement says it: value in ten-thousandths, and base units.

    `part` names the part of the facts to which it belongs; "" where there is only one.
    """

    e4: int
    quantity: int = 0
    part: str = ""


@dataclass(frozen=True, slots=True)
class Contest:
    """The entitlement as stated, and as it would be if the distributor is right; whole fen."""

    stated_fen: int
    claimed_fen: int

    @property
    def difference_fen(self) -> int:
        """What the rebate would change by; negative: less would be due."""
        return self.claimed_fen - self.stated_fen

    def held_fen(self, free_fen: int) -> int:
        """How much of a statement's amount is in dispute, never more than what is free of it.

        The rest stays usable. Of a statement that gave nothing, nothing can be held.
        """
        return max(0, min(abs(self.difference_fen), free_fen))


def of_line(
    terms: RebateTerms, facts: Facts, line: Line, claimed: int | None, currency: str = "CNY"
) -> Contest:
    """The base with the line at another figure: `claimed` in ten-thousandths, or in base units
    where the policy counts quantities; None: without the line.

    Where only one of value and quantity is claimed, the other moves in proportion.
    """
    by_quantity = terms.base.measure == "quantity"
    stated = line.quantity if by_quantity else line.e4
    more = (claimed or 0) - stated
    other = line.e4 if by_quantity else line.quantity
    beside = -other if claimed is None else _beside(other, more, stated)
    value, quantity = (beside, more) if by_quantity else (more, beside)
    name = line.part if line.part in facts.parts else next(iter(sorted(facts.parts)), "")
    moved = _moved(facts.parts.get(name, Figures()), value, quantity)
    return _against(terms, facts, replace(facts, parts={**facts.parts, name: moved}), currency)


def without_condition(
    terms: RebateTerms, facts: Facts, kind: str, currency: str = "CNY"
) -> Contest:
    """As if the condition took nothing away."""
    kept = tuple(one for one in terms.conditions if one.kind != kind)
    stated = compute(terms, facts, currency).entitlement_fen
    return Contest(
        stated, compute(replace(terms, conditions=kept), facts, currency).entitlement_fen
    )


def without_tier(terms: RebateTerms, facts: Facts, number: int, currency: str = "CNY") -> Contest:
    """Without what the tier of this number, from 1, gives in the parts of the statement.

    Conditions, rounding, cap and minimum payout follow in proportion to what the tiers gave.
    """
    result = compute(terms, facts, currency)
    own = [rung.amount for part in result.parts for rung in part.rungs if rung.number == number]
    every = [rung.amount for part in result.parts for rung in part.rungs]
    whole, gone = fen_of(sum(every, ZERO)), fen_of(sum(own, ZERO))
    if whole <= 0:
        return Contest(result.entitlement_fen, result.entitlement_fen)
    lost = divide_half_up(result.entitlement_fen * gone, whole)
    return Contest(result.entitlement_fen, result.entitlement_fen - lost)


def amounts(stated_fen: int, claimed_fen: int | None) -> Contest:
    """Of a plain amount, such as what was granted before: the amount itself, or another one."""
    return Contest(stated_fen, claimed_fen or 0)


def _against(terms: RebateTerms, facts: Facts, changed: Facts, currency: str) -> Contest:
    return Contest(
        compute(terms, facts, currency).entitlement_fen,
        compute(terms, changed, currency).entitlement_fen,
    )


def _beside(other: int, more: int, stated: int) -> int:
    """How the other measure moves when this one moves by `more` of `stated`."""
    return divide_half_up(other * more, stated) if stated > 0 else 0


def _moved(figures: Figures, value: int, quantity: int) -> Figures:
    """The figures with value and quantity moved; what the tiers look at moves along."""
    gauge, units = figures.gauge_e4, figures.gauge_quantity
    return replace(
        figures,
        base_e4=figures.base_e4 + value,
        quantity=figures.quantity + quantity,
        gauge_e4=None if gauge is None else gauge + value,
        gauge_quantity=None if units is None else units + quantity,
    )
