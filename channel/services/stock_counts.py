"""Use cases about counts: what a rep counted on a visit, and the follow-up of a gap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from channel.access import Actor, Permission
from channel.db import lock
from channel.models.channel_stock import StockCount, StockCountLine, StockFollowUp
from channel.models.partners import Distributor
from channel.queries import catalogue, partners, stock_counts
from channel.queries.channel_stock import shipped_since
from channel.queries.scope import get_visible
from channel.services.steps import market
from channel.services.steps import stock_counts as steps
from channel.services.steps.market import File
from channel.services.work import Refused, assert_seen, work
from contracts.values.findings import block


@dataclass(frozen=True)
class Counted:
    """One product at a place ('' = everywhere), in base units."""

    product_id: int
    quantity: int
    location: str = ""


def record_count(
    actor: Actor,
    distributor_id: int,
    counted_on: date,
    lines: Sequence[Counted],
    note: str = "",
    files: Sequence[File] = (),
) -> int:
    """Keep a count beside the report of its day; gaps above the bound open follow-ups. Its id.

    A gap above the bound that the count before found, too, is a case.
    """
    with work(actor, Permission.STOCK_COUNT) as w:
        owner: Distributor = get_visible(actor, Distributor, distributor_id)
        # Two counts at once must see each other, or neither would be the second in a row.
        lock(Distributor, [owner.id])
        products = catalogue.products_by_id([line.product_id for line in lines])
        _refuse(counted_on, w.today, lines, products)
        basis = stock_counts.basis_on(owner.id, counted_on)
        shipped = shipped_since(owner.id, basis.last_day, counted_on) if basis else {}
        before = stock_counts.last_above(owner.id, counted_on)
        bound = partners.get_maker().count_gap_bp
        count = StockCount(
            number=w.draw("CT", w.today),
            distributor_id=owner.id,
            counted_on=counted_on,
            report_id=basis.report.id if basis else None,
            period=basis.report.period if basis else "",
            last_day=basis.last_day if basis else None,
            note=note.strip()[:500],
            bound_bp=bound,
            counted_by_id=actor.user_id,
            recorded_at=w.now,
        )
        w.session.add(count)
        w.session.flush()  # lines, photos and the audit entry need its id
        above = []
        for one in lines:
            line = StockCountLine(
                count_id=count.id,
                distributor_id=owner.id,
                product_id=one.product_id,
                location=one.location,
                counted=one.quantity,
            )
            steps.hold_against(count, basis, shipped, line)
            line.is_above = (line.judged_bp or 0) > bound
            line.is_repeated = line.is_above and (one.product_id, one.location) in before
            w.session.add(line)
            if line.is_above:
                above.append((line, products[one.product_id]))
        w.session.flush()  # follow-ups point at their lines
        market.attach(w, count, owner.id, files)
        for line, _product in above:
            steps.open_follow_up(w, line)
        changes = {"lines": len(lines), "above": len(above)}
        w.audit("stock_count:record", count, label=count.number, changes=changes)
        if above:
            steps.tell(w, count, above)
        return count.id


def _refuse(on: date, today: date, lines: Sequence[Counted], products: dict[int, object]) -> None:
    findings = []
    if on > today:
        findings.append(block("count.in_future", on=on))
    if not lines:
        findings.append(block("count.nothing"))
    seen = set()
    for line in lines:
        product = products.get(line.product_id)
        name = getattr(product, "name", str(line.product_id))
        if product is None or line.quantity < 0:
            findings.append(block("count.not_whole", product=name, value=line.quantity))
        if (line.product_id, line.location) in seen:
            findings.append(block("count.twice", product=name))
        seen.add((line.product_id, line.location))
    if findings:
        raise Refused(findings)


def close_follow_up(actor: Actor, follow_up_id: int, result: str, seen: int | None) -> None:
    """Close with what came of it; without a word it stays open."""
    with work(actor, Permission.STOCK_COUNTS_CLEAR) as w:
        get_visible(actor, StockFollowUp, follow_up_id)
        [record] = lock(StockFollowUp, [follow_up_id])
        if record.state == "closed":
            raise Refused([block("follow_up.closed")])
        assert_seen(record, seen)
        if not result.strip():
            raise Refused([block("follow_up.result_needed")])
        record.state, record.result = "closed", result.strip()
        record.closed_at, record.closed_by_id = w.now, actor.user_id
        w.audit(
            "stock_follow_up:close",
            record,
            label=record.number,
            reason=result.strip()[:500],
            changes={"state": ("open", "closed")},
        )
