"""Reads of support: budgets with what is left of them, the ledger of claims, the seasons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload

from channel.access import Actor
from channel.db import db
from channel.messages.supports import SUPPORT_KINDS, TRIGGERS
from channel.models.catalogue import ProductGroup
from channel.models.partners import Distributor
from channel.models.supports import SupportBudget, SupportClaim, SupportSeason
from channel.queries.listing import Column, Filter, Listing
from channel.queries.scope import get_visible, visible

#: What counts against a budget: claims that are not cancelled, less what an exception lets over.
_AGAINST = sa.case(
    (SupportClaim.state == "cancelled", 0),
    else_=SupportClaim.granted_fen - SupportClaim.over_fen,
)


def _claims_of(expression: Any) -> Any:
    return (
        sa.select(sa.cast(sa.func.coalesce(sa.func.sum(expression), 0), sa.BigInteger))
        .where(SupportClaim.budget_id == SupportBudget.id)
        .correlate(SupportBudget)
        .scalar_subquery()
    )


_GRANTED = _claims_of(_AGAINST)
_PAID = _claims_of(sa.case((SupportClaim.state == "paid", SupportClaim.used_fen), else_=0))

BUDGETS = Listing(
    name="support-budgets",
    title=_l("Support budgets"),
    identity=SupportBudget.id,
    source=sa.join(SupportBudget, Distributor, SupportBudget.distributor_id == Distributor.id),
    columns=[
        Column("number", _l("number"), SupportBudget.number, "code"),
        Column("distributor", _l("distributor"), Distributor.name),
        Column("title", _l("purpose"), SupportBudget.title, wide=True),
        Column("valid_from", _l("valid from"), SupportBudget.valid_from, "date", wide=True),
        Column("valid_to", _l("until (exclusive)"), SupportBudget.valid_to, "date", wide=True),
        Column("amount_fen", _l("budget"), SupportBudget.amount_fen, "fen", total=True),
        Column("granted_fen", _l("granted amount"), _GRANTED, "fen", total=True),
        Column("paid_fen", _l("amount paid"), _PAID, "fen", total=True),
        Column("left_fen", _l("left"), SupportBudget.amount_fen - _GRANTED, "fen", total=True),
    ],
    default_sort="-number",
    scope=lambda actor: visible(actor, SupportBudget.distributor_id),
    search=[SupportBudget.number, Distributor.name, Distributor.code, SupportBudget.title],
    currency=SupportBudget.currency,
    endpoint="supports.record",
    empty=_l("No support budget yet: set the first one."),
)

LEDGER = Listing(
    name="support-ledger",
    title=_l("Support ledger"),
    identity=SupportClaim.id,
    source=sa.join(SupportClaim, Distributor, SupportClaim.distributor_id == Distributor.id).join(
        SupportBudget, SupportBudget.id == SupportClaim.budget_id
    ),
    columns=[
        Column("number", _l("number"), SupportClaim.number, "code"),
        Column("distributor", _l("distributor"), Distributor.name),
        Column("kind", _l("what with"), SupportClaim.kind, "support_kind"),
        Column("trigger", _l("why now"), SupportClaim.trigger, "support_trigger", wide=True),
        Column("on_date", _l("date"), SupportClaim.on_date, "date"),
        Column("title", _l("measure"), SupportClaim.title, wide=True),
        Column("asked_fen", _l("planned"), SupportClaim.asked_fen, "fen", total=True),
        Column("granted_fen", _l("granted amount"), SupportClaim.granted_fen, "fen", total=True),
        Column("used_fen", _l("amount used"), SupportClaim.used_fen, "fen", total=True, wide=True),
        Column("state", _l("state"), SupportClaim.state, "state"),
    ],
    default_sort="-number",
    scope=lambda actor: visible(actor, SupportClaim.distributor_id),
    filters=[
        Filter("kind", _l("what with"), SupportClaim.kind, choices=list(SUPPORT_KINDS.items())),
        Filter("trigger", _l("why now"), SupportClaim.trigger, choices=list(TRIGGERS.items())),
        Filter(
            "state",
            _l("state"),
            SupportClaim.state,
            choices=[
                ("planned", _l("planned")),
                ("paid", _l("paid")),
                ("cancelled", _l("cancelled")),
            ],
        ),
        Filter("from", _l("from"), SupportClaim.on_date, kind="from"),
        Filter("to", _l("until"), SupportClaim.on_date, kind="to"),
    ],
    search=[SupportClaim.number, SupportClaim.title, Distributor.name],
    currency=SupportBudget.currency,
    endpoint="supports.claim",
    empty=_l("No support yet: plan the first one from its budget."),
)


@dataclass(frozen=True)
class Figures:
    """What became of a budget, in fen; `over_fen` was granted above it by exceptions."""

    granted_fen: int
    over_fen: int
    used_fen: int
    paid_fen: int


def get_budget(actor: Actor, budget_id: int) -> SupportBudget:
    found: SupportBudget = get_visible(
        actor, SupportBudget, budget_id, joinedload(SupportBudget.distributor)
    )
    return found


def get_claim(actor: Actor, claim_id: int) -> SupportClaim:
    found: SupportClaim = get_visible(
        actor,
        SupportClaim,
        claim_id,
        joinedload(SupportClaim.budget),
        joinedload(SupportClaim.distributor),
    )
    return found


def claims_of(budget_id: int) -> list[SupportClaim]:
    """The claims against a budget, oldest first."""
    return list(
        db.session.scalars(
            sa.select(SupportClaim)
            .where(SupportClaim.budget_id == budget_id)
            .order_by(SupportClaim.id)
        )
    )


def figures(claims: list[SupportClaim]) -> Figures:
    """The sums of a budget's claims; cancelled ones count nothing."""
    alive = [c for c in claims if c.state != "cancelled"]
    return Figures(
        granted_fen=sum(c.granted_fen - c.over_fen for c in alive),
        over_fen=sum(c.over_fen for c in alive),
        used_fen=sum(c.used_fen or 0 for c in alive),
        paid_fen=sum(c.used_fen or 0 for c in alive if c.state == "paid"),
    )


def taken_fen(budget_id: int, but: int | None = None) -> int:
    """What other claims have taken of a budget."""
    statement = sa.select(sa.func.coalesce(sa.func.sum(_AGAINST), 0)).where(
        SupportClaim.budget_id == budget_id
    )
    if but is not None:
        statement = statement.where(SupportClaim.id != but)
    return int(db.session.scalar(statement) or 0)


def season_of(group_id: int | None) -> list[int] | None:
    """The season months of a product group; None where none are set."""
    if group_id is None:
        return None
    found = db.session.scalar(
        sa.select(SupportSeason.months).where(SupportSeason.group_id == group_id)
    )
    return list(found) if found else None


def seasons() -> list[tuple[ProductGroup, list[int]]]:
    """Every product group with its season months."""
    rows = db.session.execute(
        sa.select(ProductGroup, SupportSeason.months)
        .outerjoin(SupportSeason, SupportSeason.group_id == ProductGroup.id)
        .order_by(ProductGroup.code)
    )
    return [(group, list(months or [])) for group, months in rows]


def group_choices() -> list[tuple[str, str]]:
    """(id, «code name») of the product groups."""
    rows = db.session.execute(
        sa.select(ProductGroup.id, ProductGroup.code, ProductGroup.name).order_by(ProductGroup.code)
    )
    return [(str(i), f"{code} {name}") for i, code, name in rows]


def evidence_of(actor: Actor, claim_id: int) -> tuple[str, str, bytes]:
    """(name, media type, bytes) of the file that proves a claim."""
    claim = get_claim(actor, claim_id)
    return claim.evidence_name, claim.evidence_type, claim.evidence_data or b""
