"""From every figure of a statement to what it rests on: lines, tiers, evidence, earlier papers."""

from __future__ import annotations

from datetime import timedelta

from flask import url_for

from channel.models.rebates import RebateStatement
from contracts.rebates.steps import Step

#: Steps that come from the invoice lines, and those that the tier table holds.
OF_LINES = (
    "base_rounding", "part", "units", "group_total", "accumulated", "orders", "negative_base",
    "negative_units", "group_share",
)  # fmt: skip
OF_TIERS = ("below_", "reached_", "tier", "segment", "pays_", "lump", "multiple")


def step_url(statement: RebateStatement, step: Step) -> str:
    """Where the figures of a step are looked at; one click."""
    kind = step.kind
    if kind in OF_LINES:
        return url_for("rebates.statement_lines", id=statement.id)
    if kind.startswith("condition_"):
        name = kind.removeprefix("condition_")
        return evidence_url(statement, str(step.facts.get("condition", name)))
    if kind in ("growth", "no_baseline"):
        return url_for("rebates.policy_baselines", q=statement.distributor.code)
    if kind in ("attainment", "no_target"):
        return url_for("targets.record", id=statement.distributor_id)
    if kind == "reduced":
        last = statement.period_end - timedelta(days=1)
        span = {"from": statement.period_start.isoformat(), "to": last.isoformat()}
        return url_for("rebates.statements", q=statement.distributor.code, **span)
    if kind == "lump_before":
        return "#earlier"
    return "#tiers" if kind.startswith(OF_TIERS) else "#policy"


def evidence_url(statement: RebateStatement, condition: str) -> str:
    """The list or record by which a condition is judged, narrowed to the distributor."""
    code = statement.distributor.code
    last = statement.period_end - timedelta(days=1)
    if condition in ("diversion", "price_order"):
        return url_for("market.incidents", q=code)
    if condition == "report":
        return url_for("stock.index", q=code)
    if condition == "display":
        return url_for("market.displays", q=code)
    if condition == "training":
        return url_for("agreements.obligations", q=code)
    if condition == "fifo":
        return url_for("stock_advice.record", id=statement.distributor_id)
    if condition in ("collection", "overdue"):
        span = {"from": statement.period_start.isoformat(), "to": last.isoformat()}
        return url_for("account_statement.record", id=statement.distributor_id, **span)
    if condition == "exclusivity":
        return url_for("rebates.exclusivity", q=code)
    return url_for("targets.record", id=statement.distributor_id)
