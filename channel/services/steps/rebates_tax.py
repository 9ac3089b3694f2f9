"""The VAT inside a rebate: it bears the rates of the goods that earned it.

A rebate amount includes VAT, as what it is used on does. With goods of several rates it is shared
by their value, largest remainder, and each share is split by its own rate.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from channel.documents.model import BaseLine, Tax, TaxRate
from channel.models.rebates import RebateStatement
from channel.queries.statement_rates import Mixed, rates_of_groups, sold_at
from contracts.values.money import allocate, vat_split


@dataclass(frozen=True)
class Rates:
    """The rates of a run's goods."""

    groups: dict[str, set[int]]
    mixed: Mixed

    def tax_of(self, statement: RebateStatement, lines: Sequence[BaseLine]) -> Tax | None:
        """The split of a statement's amount; None without an amount, rates, or a Chinese VAT."""
        if statement.currency != "CNY" or not statement.amount_fen:
            return None
        weights = self._weights(statement, lines)
        if not weights:
            return None
        rates = sorted(weights, reverse=True)
        shares = allocate(statement.amount_fen, [weights[rate] for rate in rates])
        split = []
        for rate, share in zip(rates, shares, strict=True):
            net, tax = vat_split(share, rate)
            split.append(TaxRate(rate_bp=rate, gross_fen=share, net_fen=net, tax_fen=tax))
        found = Tax(
            rate_bp=rates[0],
            net_fen=sum(one["net_fen"] for one in split),
            tax_fen=sum(one["tax_fen"] for one in split),
        )
        if len(split) > 1:
            found["rates"] = split
        return found

    def _weights(self, statement: RebateStatement, lines: Sequence[BaseLine]) -> dict[int, int]:
        """rate → value of the goods that were bought at it."""
        weights: dict[int, int] = {}
        for line in lines:
            code, value = line["group"].partition(" ")[0], max(line["net_e4"], 0)
            rates = self.groups.get(code, set())
            sold = self.mixed.get((statement.distributor_id, statement.currency, code), {})
            total = sum(sold.values())
            for rate in rates if len(rates) == 1 or not total else sold:
                part = value if len(rates) == 1 else value * sold.get(rate, 0) // (total or 1)
                if part > 0:
                    weights[rate] = weights.get(rate, 0) + part
        return weights


def read_rates(statements: Sequence[RebateStatement]) -> Rates:
    """The rates of all goods, and for groups that mix them what was sold at which."""
    first = min(s.period_start for s in statements)
    until = max(s.period_end for s in statements)
    groups = rates_of_groups(until)
    mixing = [code for code, rates in groups.items() if len(rates) > 1]
    return Rates(groups, sold_at(mixing, first, until) if mixing else {})
