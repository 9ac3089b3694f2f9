"""Use cases about dealer prices: one person proposes, a second approves, history stays.

A price changes in advance only, so that what was ordered yesterday keeps yesterday's price.
"""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from channel.access import Actor, NotVisible, Permission
from channel.models.catalogue import PriceBook, PriceEntry, Product
from channel.queries.catalogue import get_product, get_record
from channel.services.work import Refused, Work, work
from contracts.values.findings import Fact, Finding, block
from contracts.values.money import Money


def _approved(w: Work, book_id: int, product_ids: set[int]) -> dict[int, list[PriceEntry]]:
    """product id → its approved prices in the book, the earliest first."""
    found: dict[int, list[PriceEntry]] = {product_id: [] for product_id in product_ids}
    statement = (
        sa.select(PriceEntry)
        .where(
            PriceEntry.book_id == book_id,
            PriceEntry.product_id.in_(product_ids),
            PriceEntry.approved_at.is_not(None),
        )
        .order_by(PriceEntry.valid_from)
    )
    for entry in w.session.scalars(statement):
        found[entry.product_id].append(entry)
    return found


def _holding(entries: list[PriceEntry], on: date) -> PriceEntry | None:
    """The approved price that holds on a day."""
    holds = [e for e in entries if e.valid_from <= on and (e.valid_to is None or on < e.valid_to)]
    return max(holds, key=lambda e: e.valid_from, default=None)


def _check_proposal(
    product: Product,
    gross_fen: int,
    valid_from: date,
    approved: list[PriceEntry],
    currency: str,
    today: date,
) -> list[Finding]:
    """What speaks against a price from a day on, given the approved ones."""
    name = f"{product.code} {product.name}"
    if any(e.valid_from == valid_from for e in approved):
        return [block("price.same_day", product.code, product=name, since=valid_from)]
    standing = _holding(approved, valid_from)
    if standing is None:
        return []
    price = Money.from_fen(standing.gross_fen, currency)
    facts: dict[str, Fact] = {"product": name, "price": price, "since": valid_from}
    if valid_from < today:
        return [block("price.backdated", product.code, **facts, today=today)]
    if standing.gross_fen == gross_fen:
        return [block("price.unchanged", product.code, **facts)]
    return []


def propose_price(
    actor: Actor, book_id: int, product_id: int, gross_fen: int, valid_from: date
) -> int:
    """Propose a price incl. VAT from a day on; the id of the entry, which holds for nothing yet.

    A second proposal for the same product and day takes the place of the first.
    """
    with work(actor, Permission.CATALOGUE_WRITE) as w:
        book: PriceBook = get_record(PriceBook, book_id)
        product = get_product(product_id)
        if gross_fen < 1:
            raise Refused([block("price.below_cent", product.code)])
        approved = _approved(w, book_id, {product_id})[product_id]
        findings = _check_proposal(product, gross_fen, valid_from, approved, book.currency, w.today)
        if findings:
            raise Refused(findings)
        entry = w.session.scalar(
            sa.select(PriceEntry).where(
                PriceEntry.book_id == book_id,
                PriceEntry.product_id == product_id,
                PriceEntry.valid_from == valid_from,
            )
        )
        old = entry.gross_fen if entry else None
        if entry is None:
            entry = PriceEntry(book_id=book_id, product_id=product_id, valid_from=valid_from)
            w.session.add(entry)
        entry.gross_fen, entry.proposed_by_id, entry.proposed_at = gross_fen, actor.user_id, w.now
        w.session.flush()  # the audit entry needs its id
        changes = {"gross_fen": (old, gross_fen), "valid_from": valid_from}
        w.audit("price:propose", entry, label=f"{book.code} {product.code}", changes=changes)
        return entry.id


def withdraw_price(actor: Actor, entry_id: int) -> int:
    """Take a proposal back; the id of its book. An approved price stays."""
    with work(actor, Permission.CATALOGUE_WRITE) as w:
        entry: PriceEntry = get_record(PriceEntry, entry_id)
        if entry.approved_at is not None:
            raise Refused([block("price.approved_already")])
        book_id = entry.book_id
        product = get_product(entry.product_id)
        changes = {"gross_fen": entry.gross_fen, "valid_from": entry.valid_from}
        w.audit("price:withdraw", entry, label=product.code, changes=changes)
        w.session.delete(entry)
        return book_id


def approve_prices(actor: Actor, book_id: int, seen_ids: set[int]) -> int:
    """Approve the proposals that the actor saw and did not make; how many.

    Each new price ends the former one on its first day, and itself ends where a later approved
    one begins. Proposals that came in after the page was drawn go on waiting; one whose day has
    passed meanwhile stops the whole act, until it is withdrawn.
    """
    with work(actor, Permission.PRICES_APPROVE) as w:
        book = w.session.scalar(
            sa.select(PriceBook).where(PriceBook.id == book_id).with_for_update()
        )
        if book is None:
            raise NotVisible
        waiting = list(
            w.session.scalars(
                sa.select(PriceEntry)
                .where(
                    PriceEntry.book_id == book_id,
                    PriceEntry.id.in_(seen_ids),
                    PriceEntry.approved_at.is_(None),
                )
                .options(joinedload(PriceEntry.product))
                .order_by(PriceEntry.product_id, PriceEntry.valid_from)
            )
        )
        if not waiting:
            raise Refused([block("price.nothing_to_approve")])
        others = [e for e in waiting if e.proposed_by_id != actor.user_id]
        if not others:
            raise Refused([block("price.own_proposal")])
        approved = _approved(w, book_id, {e.product_id for e in others})
        if late := _late(others, approved, book.currency, w.today):
            raise Refused(late)
        for entry in others:
            _fit(entry, approved[entry.product_id])
            entry.approved_by_id, entry.approved_at = actor.user_id, w.now
        w.session.flush()  # a price that cannot stand is refused here, not at the commit
        changes = {"prices": len(others), "first_day": min(e.valid_from for e in others)}
        w.audit("price:approve", book, label=book.code, changes=changes)
        return len(others)


def _late(
    proposed: list[PriceEntry], approved: dict[int, list[PriceEntry]], currency: str, today: date
) -> list[Finding]:
    """Proposals whose first day has passed meanwhile, or whose day has a price by now."""
    return [
        finding
        for entry in proposed
        for finding in _check_proposal(
            entry.product,
            entry.gross_fen,
            entry.valid_from,
            approved[entry.product_id],
            currency,
            today,
        )
        if finding.code != "price.unchanged"
    ]


def _fit(entry: PriceEntry, approved: list[PriceEntry]) -> None:
    """Put a price among the approved ones of its product: no day has two, history is whole."""
    former = _holding(approved, entry.valid_from)
    ends = [e.valid_from for e in approved if e.valid_from > entry.valid_from]
    if entry.valid_to is not None:  # an imported price may say its own end
        ends.append(entry.valid_to)
    entry.valid_to = min(ends, default=None)
    if former is not None:
        former.valid_to = entry.valid_from
    approved.append(entry)
