"""A rebate policy read aloud: the sentences that say, in order, what the terms mean.

Each sentence is a finding of severity INFO whose code begins with `rebate.reads.`; the page and
the contract print them, so that the people who sign read the same rule that is computed.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from contracts.rebates.compute import compute
from contracts.rebates.model import Method, RebateTerms, ascending
from contracts.values.findings import Fact, Finding, Severity
from contracts.values.money import Money, fen_of

# Where the scale has no bound above zero, the worked example needs some figure to work on.
EXAMPLE_BASE = Decimal(100_000)


def read_aloud(terms: RebateTerms, currency: str = "CNY") -> list[Finding]:
    """The policy in plain sentences, from the base to the rounding, with one worked example.

    ValueError for terms that `compute` refuses: show `validate` for those.
    """
    return [
        *_base(terms),
        *_goods(terms),
        *_scale(terms, currency),
        *_limits(terms, currency),
        _say(terms, "rounding"),
        _example(terms, currency),
    ]


def _say(terms: RebateTerms, word: str, **facts: Fact) -> Finding:
    return Finding(f"rebate.reads.{word}", Severity.INFO, subject=terms.code, facts=facts)


def _base(terms: RebateTerms) -> Iterator[Finding]:
    yield _say(terms, f"period_{terms.period_kind}")
    yield _say(terms, f"base_{terms.base.kind}_{terms.base.vat}")


def _goods(terms: RebateTerms) -> Iterator[Finding]:
    if terms.goods:
        yield _say(terms, "goods_in", groups=tuple(sorted(terms.goods)))
    else:
        yield _say(terms, "goods_all")
    if terms.goods_out:
        yield _say(terms, "goods_out", groups=tuple(sorted(terms.goods_out)))


def _scale(terms: RebateTerms, currency: str) -> Iterator[Finding]:
    whole = terms.method is Method.WHOLE
    yield _say(terms, "method_whole" if whole else "method_segment")
    tiers = ascending(terms.tiers)
    if tiers and tiers[0].lower > 0:
        yield _say(terms, "nothing_below", lower=Money(tiers[0].lower, currency))
    for number, tier in enumerate(tiers, start=1):
        lower = Money(tier.lower, currency)
        if number == len(tiers):
            yield _say(terms, "tier_top", number=number, lower=lower, rate=tier.rate)
        else:
            upper = Money(tiers[number].lower, currency)
            yield _say(
                terms, "tier_between", number=number, lower=lower, upper=upper, rate=tier.rate
            )


def _limits(terms: RebateTerms, currency: str) -> Iterator[Finding]:
    if terms.cap_fen is not None:
        yield _say(terms, "cap", cap=Money.from_fen(terms.cap_fen, currency))
    if terms.floor_payout_fen > 0:
        minimum = Money.from_fen(terms.floor_payout_fen, currency)
        yield _say(terms, "minimum_payout", minimum=minimum)


def _example(terms: RebateTerms, currency: str) -> Finding:
    """The rebate at the bound of the top tier, where the two methods differ most plainly."""
    base = ascending(terms.tiers)[-1].lower if terms.tiers else Decimal(0)
    if base <= 0:
        base = EXAMPLE_BASE
    result = compute(terms, fen_of(base) * 100, currency)
    return _say(terms, "example", base=Money(base, currency), rebate=result.entitlement)
