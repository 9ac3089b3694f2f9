"""Statements to print: built from real terms by the real computation, so that they re-add."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from channel.documents.model import BaseLine, RebateStatementDoc, TierRow
from contracts.rebates.compute import compute, steps_to_json
from contracts.rebates.figures import plain
from contracts.rebates.model import Method, RebateTerms, Tier
from contracts.values.money import vat_split
from contracts.values.rates import Rate

TIERS = (("0", "1"), ("100000", "2"), ("200000", "3"))


def terms(method: Method = Method.WHOLE, tiers: tuple[tuple[str, str], ...] = TIERS) -> RebateTerms:
    return RebateTerms(
        "RB-2026", "季度销量返利", method,
        tuple(Tier(Decimal(lower), Rate.percent(rate)) for lower, rate in tiers),
    )  # fmt: skip


def base_line(
    month: str, group: str, net_e4: int, returned_e4: int = 0, count: int = 3
) -> BaseLine:
    return {
        "month": month, "group": group, "line_count": count,
        "invoiced_e4": net_e4 + returned_e4, "returned_e4": returned_e4, "net_e4": net_e4,
    }  # fmt: skip


LINES = [
    base_line("2026-07", "酱料", 412_500_000, count=12),
    base_line("2026-07", "火锅底料", 260_000_000, count=8),
    base_line("2026-08", "酱料", 300_000_000, 100_000_000, count=9),
    base_line("2026-08", "火锅底料", 127_500_000, count=4),
    base_line("2026-09", "酱料", 100_000_000, count=2),
]


def a_statement(
    lines: list[BaseLine] | None = None,
    method: Method = Method.WHOLE,
    tiers: tuple[tuple[str, str], ...] = TIERS,
    currency: str = "CNY",
    **changes: Any,
) -> RebateStatementDoc:
    """Net 120,000.00 over three months: 2,400.00 whole amount, 1,400.00 by segment."""
    lines = LINES if lines is None else lines
    agreed = terms(method, tiers)
    base_e4 = sum(line["net_e4"] for line in lines)
    result = compute(agreed, plain(base_e4), currency)
    rows: list[TierRow] = [
        {
            "number": rung.number, "lower": f"{rung.lower:f}",
            "upper": None if rung.upper is None else f"{rung.upper:f}",
            "rate": f"{rung.rate.fraction:f}", "slice": f"{rung.slice:f}",
            "amount": f"{rung.amount:f}", "hit": rung.hit,
        }
        for rung in result.rungs
    ]  # fmt: skip
    granted = changes.pop("granted_before_fen", 0)
    amount = result.entitlement_fen - granted
    net, tax = vat_split(amount, 1300)
    doc: dict[str, Any] = {
        "number": "RS-2026-0001",
        "date": "2026-10-12",
        "run": "RR-2026Q3-01",
        "period_start": "2026-07-01",
        "period_end": "2026-10-01",
        "period_label": "2026Q3",
        "currency": currency,
        "maker": {
            "name": "川香食品有限公司", "name_en": "Chuanxiang Foods Co., Ltd.",
            "uscc": "91510100MA0000000H", "address": "四川省成都市武侯区科华北路1号",
        },
        "distributor": {
            "code": "D2", "name": "隆昌市味达商行", "name_en": "Longchang Weida Trading",
            "uscc": "92511083MA0000000W", "address": "四川省隆昌市金鹅街道",
        },
        "policy": {
            "code": agreed.code, "name": agreed.name, "version": 2, "method": method.value,
            "base_vat": "net", "period_kind": "quarter", "contract": "HT-2026-002",
        },
        "base_lines": lines,
        "base_e4": base_e4,
        "base_fen": int(result.base * 100),
        "tiers": rows,
        "to_next": None if result.to_next is None else f"{result.to_next:f}",
        "conditions": [],
        "steps": steps_to_json(result.steps),
        "entitlement_fen": result.entitlement_fen,
        "granted_before_fen": granted,
        "amount_fen": amount,
        "tax": {"rate_bp": 1300, "net_fen": net, "tax_fen": tax} if currency == "CNY" else None,
        "pool": {"opening_fen": 50_000, "earned_fen": amount, "used_fen": 20_000,
                 "closing_fen": 30_000 + amount},
        "objection_days": 7,
        "prepared_by": "李会计",
        "reviewed_by": "王主管",
        "approved_by": "陈总监",
    }  # fmt: skip
    doc.update(changes)
    return doc  # type: ignore[return-value]
