"""Use cases about suggested prices: wholesale, retail and the band of a good, from a day on.

One person proposes, a second approves; what was suggested before stays to be read.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from channel.access import Actor, Permission
from channel.models.catalogue import Product, SuggestedPrice
from channel.queries import partners
from channel.queries.catalogue import get_product, get_record
from channel.services.work import Refused, Work, work
from contracts.values.findings import Finding, block
from contracts.values.money import Money


@dataclass(frozen=True)
class Suggestion:
    """Prices of one unit incl. VAT in fen; an empty bound of the band holds nothing."""

    valid_from: date
    wholesale_fen: int
    retail_fen: int
    floor_fen: int | None = None
    ceiling_fen: int | None = None


def _check(w: Work, product: Product, wish: Suggestion, approved: list[SuggestedPrice]) -> None:
    findings: list[Finding] = []
    name = f"{product.code} {product.name}"
    if wish.wholesale_fen < 1 or wish.retail_fen < 1:
        findings.append(block("price.below_cent", product.code))
    if wish.retail_fen < wish.wholesale_fen:
        findings.append(
            block(
                "suggested.retail_low",
                product.code,
                wholesale=Money.from_fen(wish.wholesale_fen),
                retail=Money.from_fen(wish.retail_fen),
            )
        )
    floor, ceiling = wish.floor_fen, wish.ceiling_fen
    if floor is not None and ceiling is not None and floor > ceiling:
        findings.append(
            block(
                "suggested.band_crossed",
                product.code,
                floor=Money.from_fen(floor),
                ceiling=Money.from_fen(ceiling),
            )
        )
    if any(e.valid_from == wish.valid_from for e in approved):
        findings.append(block("price.same_day", product.code, product=name, since=wish.valid_from))
    elif wish.valid_from < w.today and _holding(approved, wish.valid_from):
        findings.append(block("suggested.backdated", product.code, product=name, today=w.today))
    if findings:
        raise Refused(findings)


def _approved(w: Work, product_id: int, currency: str) -> list[SuggestedPrice]:
    statement = (
        sa.select(SuggestedPrice)
        .where(
            SuggestedPrice.product_id == product_id,
            SuggestedPrice.currency == currency,
            SuggestedPrice.approved_at.is_not(None),
        )
        .order_by(SuggestedPrice.valid_from)
    )
    return list(w.session.scalars(statement))


def _holding(entries: list[SuggestedPrice], on: date) -> SuggestedPrice | None:
    holds = [e for e in entries if e.valid_from <= on and (e.valid_to is None or on < e.valid_to)]
    return max(holds, key=lambda e: e.valid_from, default=None)


def suggest(actor: Actor, product_id: int, wish: Suggestion) -> int:
    """Propose the suggested prices of a good from a day on; the id of the entry.

    A second proposal for the same day takes the place of the first.
    """
    with work(actor, Permission.CATALOGUE_WRITE) as w:
        product = get_product(product_id)
        currency = partners.get_maker().currency
        _check(w, product, wish, _approved(w, product_id, currency))
        entry = w.session.scalar(
            sa.select(SuggestedPrice).where(
                SuggestedPrice.product_id == product_id,
                SuggestedPrice.currency == currency,
                SuggestedPrice.valid_from == wish.valid_from,
            )
        )
        if entry is None:
            entry = SuggestedPrice(product_id=product_id, currency=currency)
            w.session.add(entry)
        for name, value in asdict(wish).items():
            setattr(entry, name, value)
        entry.proposed_by_id, entry.proposed_at = actor.user_id, w.now
        w.session.flush()  # the audit entry needs its id
        w.audit("suggested:propose", product, label=product.code, changes=_told(wish))
        return entry.id


def _told(wish: Suggestion) -> dict[str, Any]:
    """The fields as the trail names them: a floor is a band's here, no minimum shipment."""
    told = asdict(wish)
    told["band_floor_fen"] = told.pop("floor_fen")
    return told


def withdraw_suggestion(actor: Actor, entry_id: int) -> int:
    """Take a proposal back; the id of its product. An approved one stays."""
    with work(actor, Permission.CATALOGUE_WRITE) as w:
        entry: SuggestedPrice = get_record(SuggestedPrice, entry_id)
        if entry.approved_at is not None:
            raise Refused([block("price.approved_already")])
        product = get_product(entry.product_id)
        changes = {"valid_from": entry.valid_from, "retail_fen": entry.retail_fen}
        w.audit("suggested:withdraw", product, label=product.code, changes=changes)
        w.session.delete(entry)
        return product.id


def approve_suggestion(actor: Actor, entry_id: int) -> int:
    """Approve a proposal that somebody else made; the id of its product.

    It ends the former one on its first day, and itself ends where a later approved one begins.
    """
    with work(actor, Permission.PRICES_APPROVE) as w:
        entry: SuggestedPrice = get_record(SuggestedPrice, entry_id)
        # The product's row is the lock: two approvals at once see each other's dates.
        product = w.session.scalars(
            sa.select(Product).where(Product.id == entry.product_id).with_for_update()
        ).one()
        w.session.refresh(entry)
        if entry.approved_at is not None:
            raise Refused([block("price.nothing_to_approve")])
        if entry.proposed_by_id == actor.user_id:
            raise Refused([block("price.own_proposal")])
        approved = _approved(w, product.id, entry.currency)
        wish = Suggestion(
            entry.valid_from,
            entry.wholesale_fen,
            entry.retail_fen,
            entry.floor_fen,
            entry.ceiling_fen,
        )
        _check(w, product, wish, approved)
        former = _holding(approved, entry.valid_from)
        later = [e.valid_from for e in approved if e.valid_from > entry.valid_from]
        entry.valid_to = min(later, default=None)
        if former is not None:
            former.valid_to = entry.valid_from
        entry.approved_by_id, entry.approved_at = actor.user_id, w.now
        w.audit("suggested:approve", product, label=product.code, changes=_told(wish))
        return product.id
