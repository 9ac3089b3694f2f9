"""The use case about safety stock: how it is found for one product of one distributor."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from channel.access import Actor, Permission
from channel.models.catalogue import Product
from channel.models.partners import Distributor
from channel.models.stock import InventoryReport, InventoryRow
from channel.models.stock_advice import StockPolicy
from channel.queries.scope import get_visible
from channel.queries.stock_advice_levels import policies
from channel.services.work import Refused, Work, work
from contracts.values.findings import Finding, block


@dataclass(frozen=True)
class Choice:
    """What shall hold from a day on; method '' gives the choice back to the rule."""

    method: str
    valid_from: date
    service_bp: int
    review_days: int
    safety_days: int
    cover_days: int
    reason: str
    #: None: as our deliveries took.
    lead_days: int | None = None


def set_policy(actor: Actor, distributor_id: int, product_id: int, choice: Choice) -> int:
    """Write the choice beside those before it; gives its id.

    Refuses `stock.policy_reason`, `stock.policy_past`, `stock.policy_not_held`.
    """
    with work(actor, Permission.STOCK_FILE) as w:
        distributor: Distributor = get_visible(actor, Distributor, distributor_id)
        if found := _refusals(w, distributor_id, product_id, choice):
            raise Refused(found)
        product = w.session.get_one(Product, product_id)
        before = policies(distributor_id, choice.valid_from).get(product_id)
        policy = StockPolicy(
            distributor_id=distributor_id,
            product_id=product_id,
            valid_from=choice.valid_from,
            method=choice.method,
            service_bp=choice.service_bp,
            review_days=choice.review_days,
            lead_days=choice.lead_days,
            safety_days=choice.safety_days,
            cover_days=choice.cover_days,
            reason=choice.reason.strip(),
            made_by_id=actor.user_id,
            made_at=w.now,
        )
        w.session.add(policy)
        w.session.flush()  # the audit line needs its id
        changes = {
            "stock_method": (before.method if before else None, policy.method),
            "service_bp": (before.service_bp if before else None, policy.service_bp),
            "review_days": (before.review_days if before else None, policy.review_days),
            "lead_days": (before.lead_days if before else None, policy.lead_days),
            "safety_days": (before.safety_days if before else None, policy.safety_days),
            "cover_days": (before.cover_days if before else None, policy.cover_days),
        }
        w.audit(
            "stock_policy:set",
            policy,
            label=f"{distributor.code} {product.code}",
            reason=policy.reason,
            changes={key: pair for key, pair in changes.items() if pair[0] != pair[1]},
        )
        return policy.id


def _refusals(w: Work, distributor_id: int, product_id: int, choice: Choice) -> list[Finding]:
    found = []
    if not choice.reason.strip():
        found.append(block("stock.policy_reason", "reason"))
    if choice.valid_from < w.today:
        found.append(block("stock.policy_past", "valid_from", day=choice.valid_from))
    named = (
        sa.select(InventoryRow.id)
        .join(InventoryReport, InventoryReport.id == InventoryRow.report_id)
        .where(
            InventoryReport.distributor_id == distributor_id, InventoryRow.product_id == product_id
        )
        .limit(1)
    )
    if w.session.scalar(named) is None:
        found.append(block("stock.policy_not_held", "product"))
    return found
