"""Rebate policies for the tests: short to write, with the defaults that most tests do not mind."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from contracts.rebates.model import Method, RebateTerms, Tier
from contracts.values.rates import Rate

# The two tier tables of the acceptance rows: E02, and the quarterly policy of the sample tenant.
E02 = (("0", "1"), ("100000", "2"), ("200000", "3"))
RESELLERS = (("0", "0"), ("10000", "1"), ("25000", "2"), ("50000", "3"), ("100000", "4.5"))


def some_tiers(*steps: tuple[str, str]) -> tuple[Tier, ...]:
    """Tiers from (lower bound, percent) texts."""
    return tuple(Tier(Decimal(lower), Rate.percent(percent)) for lower, percent in steps)


def some_terms(
    *steps: tuple[str, str], method: Method = Method.WHOLE, **changes: object
) -> RebateTerms:
    """A policy with the given steps (those of E02 when none are given)."""
    terms = RebateTerms("R1", "Quarterly rebate", method, some_tiers(*(steps or E02)))
    return replace(terms, **changes)  # type: ignore[arg-type]
