"""Exchange claims from the draft to the goods on their way back: filed, decided, sent, lapsed.

A claim is laid out from our own deliveries and judged by clause 7 in force; what stops it is
kept with the draft, so that nothing typed is lost and an exception can be asked for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from channel import clock
from channel.access import Actor, Permission
from channel.models.exchanges import ExchangeClaim, ExchangeGoods
from channel.models.partners import Distributor
from channel.queries import exchanges as reads
from channel.queries.scope import get_visible
from channel.services.jobs import CHORES
from channel.services.steps import credit, exchanges_mails, exchanges_papers, waivers
from channel.services.steps import exchanges as steps
from channel.services.steps.exchanges import Wanted as Wanted
from channel.services.work import Refused, Work, work
from contracts import exchanges as rules
from contracts.exchanges import Change
from contracts.values.findings import block, to_json


@dataclass(frozen=True)
class Claim:
    """A claim as typed; `goods` are (product, quantity) that are taken for it."""

    distributor_id: int
    means: str
    reason: str
    wanted: tuple[Wanted, ...]
    goods: tuple[tuple[int, int], ...] = ()
    once: str = ""


@dataclass(frozen=True)
class Parcel:
    """How goods went back; quantities by line, freight incl. VAT and the side that paid it."""

    on: date
    quantities: Mapping[int, int]
    carrier: str = ""
    waybill: str = ""
    freight_fen: int = 0
    paid_by: str = "distributor"


def save_claim(
    actor: Actor,
    typed: Claim,
    claim_id: int | None = None,
    seen_version: int | None = None,
    *,
    file: bool = False,
) -> int:
    """Write a claim, or a draft anew, and file it at once if nothing stops it; gives its id."""
    with work(actor, Permission.EXCHANGES_FILE) as w:
        if claim_id is None:
            if (twin := reads.written_once(actor, typed.once)) is not None:
                return twin
            claim = _new(w, typed)
        else:
            claim = steps.locked(w, claim_id, seen_version)
            if claim.state != "draft":
                facts = {"number": claim.number, "state": claim.state}
                raise Refused([block("exchange.not_now", claim.number, **facts)])
        wanted = [one for one in typed.wanted if one.quantity > 0]
        if not wanted:
            raise Refused([block("exchange.empty")])
        claim.means = typed.means if typed.means in rules.MEANS else "credit"
        claim.reason = typed.reason.strip()[:500]
        claim.goods.clear()
        w.session.flush()  # a product stands once in a claim
        if claim.means == "other":
            sums: dict[int, int] = {}
            for product_id, quantity in typed.goods:
                sums[product_id] = sums.get(product_id, 0) + quantity
            claim.goods = [
                ExchangeGoods(product_id=p, quantity=n) for p, n in sums.items() if n > 0
            ]
        laid = steps.lay_out(w, claim, wanted)
        claim.findings = to_json(laid.findings)
        tag = "exchange:draft" if claim_id is None else "exchange:save"
        w.audit(tag, claim, changes={"quantity": sum(line.asked for line in claim.lines)})
        if file:
            _file(w, claim, laid)
        return claim.id


def _new(w: Work, typed: Claim) -> ExchangeClaim:
    distributor: Distributor = get_visible(w.actor, Distributor, typed.distributor_id)
    credit.lock_account(w, distributor.id, distributor.currency)
    claim = ExchangeClaim(
        number=w.draw("XC", w.today),
        distributor_id=distributor.id,
        currency=distributor.currency,
        state="draft",
        created_by_id=w.actor.user_id,
        created_at=w.now,
        row_version=1,
        base_net_fen=0,
        used_net_fen=0,
        freight_fen=0,
        freight_paid_by="distributor",
        once=typed.once or None,
    )
    w.session.add(claim)
    return claim


def file_claim(actor: Actor, claim_id: int, seen_version: int | None = None) -> bool:
    """File a draft, judged by today; False where something stops it, which stands with it."""
    with work(actor, Permission.EXCHANGES_FILE) as w:
        claim = steps.locked(w, claim_id, seen_version)
        if not rules.WORKFLOW.allows(claim.state, "file"):
            steps.step(claim, "file")
        laid = steps.lay_out(w, claim, steps.wanted_of(claim))
        claim.findings = to_json(laid.findings)
        return _file(w, claim, laid)


def _file(w: Work, claim: ExchangeClaim, laid: steps.Laid) -> bool:
    """File what nothing stops. From now on it holds its goods and its part of the cap."""
    if not claim.reason:
        raise Refused([block("exchange.reason_wanted", "reason")])
    if any(f.is_blocking for f in laid.findings):
        return False
    change = steps.step(claim, "file")
    claim.filed_on, claim.filed_by_id = w.today, w.actor.user_id
    steps.hold(claim, lambda line: line.asked)
    if laid.waiver is not None:
        units = sum(line.asked for line in claim.lines)
        waivers.use(
            w, laid.waiver.waiver.id, claim, value_fen=laid.late_fen, quantity=units, on=w.today
        )
    w.audit("exchange:file", claim, reason=claim.reason, changes={"state": change})
    exchanges_mails.tell(w, claim)
    return True


def approve(
    actor: Actor,
    claim_id: int,
    quantities: Mapping[int, int],
    reasons: Mapping[int, str],
    note: str = "",
    seen_version: int | None = None,
) -> None:
    """Approve the claim, in whole or in part; the clock of the way back begins."""
    with work(actor, Permission.EXCHANGES_DECIDE) as w:
        claim = steps.locked(w, claim_id, seen_version)
        change = steps.step(claim, "approve")
        _assert_other(w, claim)
        said = {line.id: quantities.get(line.id, line.asked) for line in claim.lines}
        changes = [
            Change(steps.goods_of(line), line.asked, said[line.id], reasons.get(line.id, ""))
            for line in claim.lines
        ]
        if findings := rules.check_said("approve", changes):
            raise Refused(findings)
        for line in claim.lines:
            line.approved = said[line.id]
            line.approve_note = reasons.get(line.id, "").strip()[:500]
        steps.hold(claim, lambda line: line.approved or 0)
        days = steps.duties_of(claim).exchange_return_days
        claim.decided_on, claim.decided_by_id, claim.note = w.today, actor.user_id, note.strip()
        claim.return_by = w.today + timedelta(days=days)
        claim.document = exchanges_papers.return_note(w, claim)
        units = sum(line.approved or 0 for line in claim.lines)
        w.audit(
            "exchange:approve", claim, reason=note,
            changes={"state": change, "quantity": units, "return_by": claim.return_by},
        )  # fmt: skip
        exchanges_mails.tell(w, claim)


def _assert_other(w: Work, claim: ExchangeClaim) -> None:
    """Who filed for a distributor does not decide about it."""
    if w.actor.user_id in (claim.filed_by_id, claim.created_by_id):
        raise Refused([block("exchange.own_claim", claim.number, number=claim.number)])


def refuse(actor: Actor, claim_id: int, note: str, seen_version: int | None = None) -> None:
    """Say no; what it held is free again."""
    with work(actor, Permission.EXCHANGES_DECIDE) as w:
        claim = steps.locked(w, claim_id, seen_version)
        change = steps.step(claim, "refuse")
        if not note.strip():
            raise Refused([block("exchange.reason_wanted", "note")])
        _assert_other(w, claim)
        claim.decided_on, claim.decided_by_id, claim.note = w.today, actor.user_id, note.strip()
        _let_go(w, claim)
        w.audit("exchange:refuse", claim, reason=note, changes={"state": change})
        exchanges_mails.tell(w, claim)


def withdraw(actor: Actor, claim_id: int, reason: str, seen_version: int | None = None) -> None:
    """Take a claim back before its goods are on the way."""
    with work(actor, Permission.EXCHANGES_FILE) as w:
        claim = steps.locked(w, claim_id, seen_version)
        change = steps.step(claim, "withdraw")
        _let_go(w, claim)
        w.audit("exchange:withdraw", claim, reason=reason, changes={"state": change})


def _let_go(w: Work, claim: ExchangeClaim) -> None:
    steps.hold(claim, lambda line: 0)
    waivers.give_back(w, claim, w.today)


def send(actor: Actor, claim_id: int, parcel: Parcel, seen_version: int | None = None) -> None:
    """The goods are on their way back; what is not sent of the approval lapses."""
    with work(actor, Permission.EXCHANGES_FILE) as w:
        claim = steps.locked(w, claim_id, seen_version)
        change = steps.step(claim, "send")
        assert claim.decided_on is not None and claim.return_by is not None
        if not claim.decided_on <= parcel.on <= w.today:
            facts = {"on": parcel.on, "first": claim.decided_on}
            raise Refused([block("exchange.sent_day", "on", **facts)])
        if parcel.on > claim.return_by:
            raise Refused([block("exchange.late_return", "on", last=claim.return_by)])
        said = {line.id: parcel.quantities.get(line.id, line.approved or 0) for line in claim.lines}
        changes = [Change(steps.goods_of(x), x.approved or 0, said[x.id]) for x in claim.lines]
        if findings := rules.check_said("send", changes):
            raise Refused(findings)
        for line in claim.lines:
            line.sent = said[line.id]
        steps.hold(claim, lambda line: line.sent or 0)
        claim.sent_on, claim.carrier = parcel.on, parcel.carrier.strip()[:255]
        claim.waybill, claim.freight_fen = parcel.waybill.strip()[:100], parcel.freight_fen
        claim.freight_paid_by = "maker" if parcel.paid_by == "maker" else "distributor"
        units = sum(line.sent or 0 for line in claim.lines)
        w.audit("exchange:send", claim, changes={"state": change, "sent": units})
        exchanges_mails.tell(w, claim)


def return_note_pdf(actor: Actor, claim_id: int, lang: str) -> tuple[str, bytes]:
    """(file name, PDF) of the return note, as it was frozen with the approval."""
    return exchanges_papers.printed(reads.get_claim(actor, claim_id), lang)


def lapse(actor: Actor) -> None:
    """The chore: approvals whose goods were not sent back by their last day lapse."""
    today = clock.today()
    for claim_id in reads.overdue_ids(today):
        with work(actor) as w:
            claim = steps.locked(w, claim_id)
            if claim.state != "approved" or claim.return_by is None or claim.return_by >= today:
                continue
            change = steps.step(claim, "lapse")
            _let_go(w, claim)
            w.audit("exchange:lapse", claim, changes={"state": change})
            exchanges_mails.tell(w, claim)


CHORES.append(lapse)
