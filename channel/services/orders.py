"""Orders: written, judged under the debtor's lock, reserved, cancelled, reopened.

Every path (form, file, API, copy, change, reopening) goes through the one `judge` of the steps;
a draft shows the same verdict without saving anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from channel import clock
from channel.access import Actor, Permission, may
from channel.db import db
from channel.models.credit import CreditAccount
from channel.models.orders import Order
from channel.models.partners import Distributor, ShipTo
from channel.queries.scope import get_visible
from channel.services.steps import credit, places, rebates_pool_orders, revising, waivers
from channel.services.steps import orders as order_steps
from channel.services.steps.pricing import Priced, Wanted
from channel.services.work import Refused, Work, assert_seen, work
from contracts.values.findings import Finding, Severity, to_json
from credit.release import Decision


@dataclass(frozen=True)
class Draft:
    """An order as somebody wants it."""

    distributor_id: int
    order_date: date
    ship_to_id: int | None
    lines: tuple[Wanted, ...]
    note: str = ""
    #: The day on which the goods are wanted, if one is named.
    deliver_on: date | None = None


def _own(actor: Actor, draft: Draft) -> tuple[Distributor, ShipTo | None]:
    """The distributor, visible to the actor, and its ship-to."""
    distributor: Distributor = get_visible(actor, Distributor, draft.distributor_id)
    ship_to = None
    if draft.ship_to_id is not None:
        ship_to = get_visible(actor, ShipTo, draft.ship_to_id)
        if ship_to.distributor_id != distributor.id:
            raise Refused([Finding("order.foreign_ship_to", Severity.BLOCK)])
    return distributor, ship_to


def check_form(actor: Actor, draft: Draft, kept: date | None = None) -> list[Finding]:
    """What cannot even be a draft. `kept` is the date of an order that is changed: it may stay."""
    findings = check_date(actor, draft.order_date) if draft.order_date != kept else []
    if draft.deliver_on is not None and draft.deliver_on < draft.order_date:
        facts = {"on": draft.deliver_on, "ordered": draft.order_date}
        findings.append(Finding("order.deliver_before", Severity.BLOCK, "", facts))
    if any(line.is_free for line in draft.lines) and not may(actor, Permission.ORDERS_FREE):
        findings.append(Finding("order.free_goods", Severity.BLOCK))
    if not draft.lines:
        findings.append(Finding("order.no_lines", Severity.BLOCK))
    findings += [
        Finding("order.quantity", Severity.BLOCK, "", {"quantity": line.quantity})
        for line in draft.lines
        if line.quantity <= 0 or line.quantity > 10_000_000
    ]
    return findings


def check_date(actor: Actor, order_date: date) -> list[Finding]:
    """A distributor orders from today on: the price is that of the order date."""
    today = clock.today()
    if actor.is_distributor and order_date < today:
        return [Finding("order.past_date", Severity.BLOCK, "", {"on": order_date, "today": today})]
    return []


def preview(
    actor: Actor, draft: Draft, changed: Order | None = None
) -> tuple[dict[str, Any], list[Priced]]:
    """The verdict that the draft, or the change of an order, would get now; saves nothing."""
    distributor, ship_to = _own(actor, draft)
    findings = check_form(actor, draft, changed.order_date if changed else None)
    if findings:
        return {"decision": "refuse", "findings": to_json(findings)}, []
    account = db.session.scalar(
        sa.select(CreditAccount).where(
            CreditAccount.distributor_id == distributor.id,
            CreditAccount.currency == distributor.currency,
        )
    ) or CreditAccount(
        distributor_id=distributor.id,
        currency=distributor.currency,
        ordered_fen=0,
        shipped_fen=0,
        invoiced_fen=0,
        unapplied_fen=0,
    )
    judgement, lines = order_steps.judge(
        distributor,
        account,
        ship_to.division_code if ship_to else None,
        draft.lines,
        draft.order_date,
        order_steps.unshipped_fen(changed) if changed and changed.state == "confirmed" else 0,
        draft.deliver_on,
    )
    return judgement.frozen(draft.order_date), lines


def draft_order(actor: Actor, draft: Draft, *, external_key: str | None = None) -> int:
    """Keep an order as a draft, priced by the book; nothing is reserved."""
    with work(actor, Permission.ORDERS_WRITE) as w:
        order, _distributor = _new(w, draft, external_key)
        order.number = w.draw("SO", draft.order_date)
        w.session.add(order)
        w.session.flush()  # the lines and the audit line need order.id
        order_steps.write_lines(w, order, draft.lines)
        w.audit("order:draft", order, changes={"gross_fen": order.gross_fen})
        return order.id


def place_order(actor: Actor, draft: Draft, *, external_key: str | None = None) -> int:
    """Write and submit in one go: priced and judged once, under the debtor's lock."""
    with work(actor, Permission.ORDERS_WRITE) as w:
        order, _distributor = _new(w, draft, external_key)
        order_steps.place(w, order, draft.lines)
        return order.id


def _new(w: Work, draft: Draft, external_key: str | None) -> tuple[Order, Distributor]:
    """The order, without number and lines and not in the session yet; and its distributor."""
    if findings := check_form(w.actor, draft):
        raise Refused(findings)
    distributor, ship_to = _own(w.actor, draft)
    order = Order(
        distributor_id=distributor.id,
        order_date=draft.order_date,
        ship_to_id=draft.ship_to_id,
        division_code=ship_to and ship_to.division_code,
        deliver_on=draft.deliver_on,
        currency=distributor.currency,
        state="draft",
        note=draft.note,
        created_by_id=w.actor.user_id,
        created_at=w.now,
        external_key=external_key,
        row_version=1,
    )
    return order, distributor


def _load(w: Work, order_id: int) -> Order:
    order: Order = get_visible(w.actor, Order, order_id, selectinload(Order.lines))
    return order


def submit_order(actor: Actor, order_id: int, seen_version: int | None = None) -> str:
    """Submit a draft, or a refused or held order again; gives the new state."""
    with work(actor, Permission.ORDERS_WRITE) as w:
        order = _load(w, order_id)
        assert_seen(order, seen_version)
        if findings := check_date(actor, order.order_date):
            raise Refused(findings)
        order_steps.submit(w, order, order_steps.wanted_of(order))
        return order.state


def edit_order(actor: Actor, order_id: int, draft: Draft, seen_version: int | None) -> str:
    """Change an order; gives the state in which it is then.

    What is not confirmed becomes a draft again and must be submitted. A confirmed order of which
    nothing has left stays confirmed, judged anew under the lock, or is not changed at all.
    """
    with work(actor, Permission.ORDERS_WRITE) as w:
        order = _load(w, order_id)
        account = credit.lock_account(w, order.distributor_id, order.currency)
        w.session.refresh(order)
        assert_seen(order, seen_version)
        if findings := check_form(actor, draft, order.order_date):
            raise Refused(findings)
        new_state = order_steps.step(order, "edit")
        _distributor, ship_to = _own(w.actor, draft)
        old = _told(order)
        if order.state == "confirmed":
            _refuse_begun(order, draft)
        _write_head(order, draft, ship_to)
        if new_state == "confirmed":
            revising.revise(w, order, account, draft.lines)
        else:
            order.state, order.verdict = new_state, None
            order_steps.write_lines(w, order, draft.lines)
        w.session.flush()  # the audit line tells the goods by name
        rebates_pool_orders.fit(w, order)
        new = _told(order)
        w.audit(
            "order:revise" if new_state == "confirmed" else "order:save",
            order,
            changes={key: (old[key], new[key]) for key in old if old[key] != new[key]},
        )
        return order.state


def _write_head(order: Order, draft: Draft, ship_to: ShipTo | None) -> None:
    order.order_date, order.note = draft.order_date, draft.note
    order.deliver_on, order.ship_to_id = draft.deliver_on, draft.ship_to_id
    order.division_code = ship_to.division_code if ship_to else None


def _told(order: Order) -> dict[str, Any]:
    """What the audit trail keeps of an order before and after a change."""
    goods = ", ".join(f"{line.product.code} {line.quantity}" for line in order.lines)
    return {
        "gross_fen": order.gross_fen,
        "state": order.state,
        "order_lines": goods,
        "order_date": order.order_date,
        "deliver_on": order.deliver_on,
        "ship_to_id": order.ship_to.name if order.ship_to else "",
        "note": order.note,
    }


def _refuse_begun(order: Order, draft: Draft) -> None:
    """A confirmed order is changed as a whole or not at all, and its place by a notice."""
    if any(line.shipped_quantity for line in order.lines):
        raise Refused([Finding("order.begun", Severity.BLOCK, order.number)])
    revising.refuse_planned(order)
    if draft.ship_to_id != order.ship_to_id or draft.deliver_on != order.deliver_on:
        raise Refused([Finding("order.place_by_notice", Severity.BLOCK, order.number)])


def end_order(
    actor: Actor, order_id: int, act: str, reason: str, seen_version: int | None = None
) -> None:
    """Cancel an order, or close what will not be shipped any more: credit is released."""
    assert act in ("cancel", "close")
    with work(actor, Permission.ORDERS_WRITE) as w:
        order = _load(w, order_id)
        account = credit.lock_account(w, order.distributor_id, order.currency)
        w.session.refresh(order)
        assert_seen(order, seen_version)
        new_state = order_steps.step(order, act)
        revising.refuse_planned(order)
        shipped = any(line.shipped_quantity for line in order.lines)
        if act == "cancel" and shipped:
            raise Refused([Finding("order.shipped", Severity.BLOCK, order.number)])
        if order.state == "confirmed":
            rest = -order_steps.unshipped_fen(order)
            credit.move(w, account, [("ordered", rest)], act="release", document=order, on=w.today)
            if not shipped:
                waivers.give_back(w, order, w.today)
            places.give_up_order(w, account, order)
        rebates_pool_orders.end(w, order, reason)
        old, order.state = order.state, new_state
        w.audit(f"order:{act}", order, reason=reason, changes={"state": (old, new_state)})


def reopen_order(actor: Actor, order_id: int, seen_version: int | None = None) -> str:
    """Take a closed or cancelled order up again: judged anew for what is not shipped."""
    with work(actor, Permission.ORDERS_WRITE) as w:
        order = _load(w, order_id)
        order_steps.step(order, "reopen")
        account = credit.lock_account(w, order.distributor_id, order.currency)
        w.session.refresh(order)
        assert_seen(order, seen_version)
        distributor = w.session.get_one(Distributor, order.distributor_id)
        rest = [
            Wanted(line.product_id, line.quantity - line.shipped_quantity, line.is_free)
            for line in order.lines
            if line.quantity > line.shipped_quantity and line.pool_use_id is None
        ]
        judgement, _lines = order_steps.judge(
            distributor,
            account,
            order.division_code,
            rest,
            order.order_date,
            deliver_on=order.deliver_on,
        )
        verdict = judgement.verdict()
        if verdict.decision is not Decision.ACCEPT:
            raise Refused(list(verdict.reasons))
        old, order.state = order.state, "confirmed"
        order.verdict = judgement.frozen(order.order_date)
        credit.move(
            w,
            account,
            [("ordered", order_steps.unshipped_fen(order))],
            act="reserve",
            document=order,
            on=w.today,
        )
        for waiver_id, value, quantity in judgement.uses:
            waivers.use(w, waiver_id, order, value_fen=value, quantity=quantity, on=w.today)
        w.audit("order:reopen", order, changes={"state": (old, order.state)})
        return order.state
