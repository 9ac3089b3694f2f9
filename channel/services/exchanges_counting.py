"""Exchange claims from the arrival of the goods: counted, disputed, settled by two persons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from channel import clock
from channel.access import Actor, Permission
from channel.models.exchanges import ExchangeClaim, ExchangePosting
from channel.services.steps import credit, exchanges_mails, exchanges_posting
from channel.services.steps import exchanges as steps
from channel.services.steps.closing import assert_open
from channel.services.steps.exchanges_posting import Out
from channel.services.work import Refused, work
from contracts import exchanges as rules
from contracts.exchanges import Change
from contracts.values.findings import block


def count(
    actor: Actor,
    claim_id: int,
    quantities: Mapping[int, int],
    reasons: Mapping[int, str],
    seen_version: int | None = None,
) -> None:
    """What the house counted as good; the rest of what was sent is disputed, with the reason."""
    with work(actor, Permission.EXCHANGES_COUNT) as w:
        claim = steps.locked(w, claim_id, seen_version)
        change = steps.step(claim, "count")
        said = {line.id: quantities.get(line.id, line.sent or 0) for line in claim.lines}
        changes = [
            Change(steps.goods_of(x), x.sent or 0, said[x.id], reasons.get(x.id, ""))
            for x in claim.lines
        ]
        if findings := rules.check_said("count", changes):
            raise Refused(findings)
        for line in claim.lines:
            line.accepted = said[line.id]
            line.count_note = reasons.get(line.id, "").strip()[:500]
        claim.counted_on, claim.counted_by_id = w.today, actor.user_id
        units = sum(said.values())
        w.audit("exchange:count", claim, changes={"state": change, "accepted": units})
        exchanges_mails.tell(w, claim)


def disputed_of(claim: ExchangeClaim) -> int:
    """Units that were sent back and not accepted by the count."""
    return sum((line.sent or 0) - (line.accepted or 0) for line in claim.lines)


def judge(
    actor: Actor,
    claim_id: int,
    quantities: Mapping[int, int],
    reasons: Mapping[int, str],
    seen_version: int | None = None,
) -> None:
    """Grant or dismiss what is disputed, line by line; where nothing is granted it is settled."""
    with work(actor, Permission.EXCHANGES_DECIDE) as w:
        claim = steps.locked(w, claim_id, seen_version)
        open_units = {x.id: (x.sent or 0) - (x.accepted or 0) for x in claim.lines}
        said = {line.id: quantities.get(line.id, 0) for line in claim.lines}
        changes = [
            Change(steps.goods_of(x), open_units[x.id], said[x.id], reasons.get(x.id, ""))
            for x in claim.lines
        ]
        granted = sum(said.values())
        change = steps.step(claim, "judge" if granted > 0 else "dismiss")
        if findings := rules.check_said("judge", changes):
            raise Refused(findings)
        for line in claim.lines:
            line.granted = said[line.id]
            line.judge_note = reasons.get(line.id, "").strip()[:500]
        claim.judged_on, claim.judged_by_id = w.today, actor.user_id
        steps.hold(claim, lambda line: (line.accepted or 0) + (line.granted or 0))
        w.audit("exchange:judge", claim, changes={"state": change, "granted": granted})
        exchanges_mails.tell(w, claim)


def settle(
    actor: Actor,
    claim_id: int,
    *,
    goods: Mapping[int, int] | None = None,
    batches: Mapping[int, str] | None = None,
    seen_version: int | None = None,
) -> None:
    """Post what is settled now: what was counted, or what was granted of a dispute.

    `goods` are product → units of the other goods that go out; None: as claimed.
    """
    with work(actor, Permission.EXCHANGES_SETTLE) as w:
        claim = steps.locked(w, claim_id, seen_version)
        assert_open(w, w.today)
        first = claim.state == "counted"
        act = "settle_part" if first and disputed_of(claim) else "settle"
        change = steps.step(claim, act)
        other = claim.counted_by_id if first else claim.judged_by_id
        if actor.user_id == other:
            raise Refused([block("exchange.own_count", claim.number, number=claim.number)])
        units = units_of(claim, first=first)
        wanted = _goods_out(claim, units, goods, first=first)
        outs = exchanges_posting.priced(claim, wanted, w.today, batches)
        worth = sum(units[x.id] * x.unit_gross_fen for x in claim.lines)
        if first and claim.means == "other" and worth:
            exchanges_posting.check_goods_worth(claim, worth, outs)
        account = credit.lock_account(w, claim.distributor_id, claim.currency)
        exchanges_posting.post(w, account, claim, units, outs, with_freight=first)
        claim.settled_on, claim.settled_by_id = w.today, actor.user_id
        if claim.state == "settled":
            steps.hold(claim, lambda line: (line.accepted or 0) + (line.granted or 0))
        changes = {"state": change, "quantity": sum(units.values())}
        w.audit("exchange:settle", claim, changes=changes)
        exchanges_mails.tell(w, claim)


def units_of(claim: ExchangeClaim, *, first: bool) -> dict[int, int]:
    """line → units that the next document settles: the counted ones, or those granted after."""
    return {x.id: (x.accepted if first else x.granted) or 0 for x in claim.lines}


@dataclass(frozen=True)
class Preview:
    """What the next document would say: its lines, and the goods that go out."""

    rows: list[ExchangePosting]
    outs: list[Out]

    @property
    def gross_fen(self) -> int:
        return sum(row.gross_fen for row in self.rows)


def preview(claim: ExchangeClaim) -> Preview:
    """The document that settling now would post; nothing is saved."""
    first = claim.state == "counted"
    units = units_of(claim, first=first)
    wanted = _goods_out(claim, units, None, first=first)
    outs = exchanges_posting.priced(claim, wanted, clock.today())
    return Preview(exchanges_posting.rows_of(claim, units, outs, first), outs)


def _goods_out(
    claim: ExchangeClaim, units: Mapping[int, int], goods: Mapping[int, int] | None, *, first: bool
) -> dict[int, int]:
    """product → units that go out: as many of the same as are settled, or what was claimed."""
    found: dict[int, int] = {}
    if claim.means == "same":
        for line in claim.lines:
            if units[line.id]:
                found[line.product_id] = found.get(line.product_id, 0) + units[line.id]
    elif claim.means == "other" and first and any(units.values()):
        for one in claim.goods:
            said = one.quantity if goods is None else goods.get(one.product_id, one.quantity)
            if not 0 <= said <= one.quantity:
                raise Refused(
                    [
                        block(
                            "exchange.goods_more",
                            goods=one.product.code,
                            said=said,
                            before=one.quantity,
                        )
                    ]
                )
            found[one.product_id] = said
    return found
