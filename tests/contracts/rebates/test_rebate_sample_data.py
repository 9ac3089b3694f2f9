"""The quarterly policy of the sample tenant on the real lines of its resellers.

Invoice lines carry four decimals and five currencies; the expected figures are worked out here in
whole numbers only.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pytest
from rebate_builders import RESELLERS, some_terms

from contracts.rebates.compute import compute
from contracts.rebates.figures import plain

LINES = Path(__file__).parents[4] / "shared/data/adventureworks/FactResellerSales_2010-2012.csv"
# Lower bounds in fen and rates in basis points, from the top down.
SCALE = ((10_000_000, 450), (5_000_000, 300), (2_500_000, 200), (1_000_000, 100), (0, 0))

Statement = tuple[str, str, str]


def bases_e4() -> dict[Statement, int]:
    """Net sales in ten-thousandths by reseller, quarter of the order, and currency."""
    bases: dict[Statement, int] = defaultdict(int)
    with LINES.open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            year, month = int(line["OrderDate"][:4]), int(line["OrderDate"][5:7])
            quarter = f"{year}Q{(month + 2) // 3}"
            amount = Decimal(line["SalesAmount"]) * 10_000
            assert amount == int(amount)
            bases[line["ResellerKey"], quarter, line["CurrencyKey"]] += int(amount)
    return bases


def expected_fen(base_e4: int) -> int:
    base_fen = (base_e4 + 50) // 100
    rate_bp = next(rate for lower, rate in SCALE if base_fen >= lower)
    return (base_fen * rate_bp + 5_000) // 10_000


@pytest.mark.row("E02")
def test_every_statement_of_the_sample_resellers_is_exact() -> None:
    if not LINES.exists():
        pytest.skip("the sample data of ../shared is not on this machine")
    terms = some_terms(*RESELLERS)

    statements = {key: compute(terms, plain(base)) for key, base in bases_e4().items()}

    assert len(statements) > 2_000
    assert {key: result.entitlement_fen for key, result in statements.items()} == {
        key: expected_fen(base) for key, base in bases_e4().items()
    }
    for result in statements.values():
        assert sum(step.amount for step in result.steps) * 100 == result.entitlement_fen
