"""Bank lines: given to distributors, learned from, and booked as receipts like any others."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa

from channel.access import Actor, Permission
from channel.db import lock
from channel.models.cash import BankLine, PayerMemory
from channel.models.closing import Closing
from channel.models.credit import CreditAccount
from channel.models.partners import Distributor
from channel.queries import bank as reads
from channel.queries.scope import get_visible
from channel.rules import bank
from channel.rules.collection import plain_name
from channel.services.jobs import handles, report_progress
from channel.services.steps import booking, credit, parking, receipts
from channel.services.steps.booking import Money
from channel.services.steps.importing.accounts import Owner, lock_accounts
from channel.services.work import Refused, Work, assert_seen, work
from contracts.values.findings import block

#: More lines than these are booked as a job.
AT_ONCE = 200
#: Lines that are booked in one transaction of the job.
LINES_AT_ONCE = 300
#: How a bank's money came.
METHOD = "transfer"


@dataclass
class Booked:
    """What came of a booking: lines that count, that are parked, and that stay as they were: in
    a closed month, or because a receipt booked by hand may be the same money."""

    counted: int = 0
    parked: int = 0
    closed: int = 0
    twins: int = 0


def assign(
    actor: Actor,
    line_id: int,
    distributor_id: int,
    *,
    learn: bool,
    seen_version: int | None = None,
) -> int:
    """Give a line to a distributor; what is learned of its payer is used for other lines that
    wait, too. Gives how many of those found their distributor by it."""
    with work(actor, Permission.RECEIPTS_WRITE) as w:
        distributor: Distributor = get_visible(actor, Distributor, distributor_id)
        line = _locked(w, line_id, ("unassigned", "matched"), seen_version)
        before = (line.state, "matched")
        line.distributor_id, line.state = distributor.id, "matched"
        line.reason, line.evidence = bank.HAND, ""
        line.decided_by_id, line.decided_at = actor.user_id, w.now
        changes = {"state": before, "distributor_id": distributor.code}
        w.audit("bank_line:assign", line, label=_label(line), changes=changes)
        if not learn:
            return 0
        _learn(w, line, distributor)
        w.session.flush()  # what was just learned takes part
        return _match_again(w, line)


def _learn(w: Work, line: BankLine, distributor: Distributor) -> None:
    """The payer's account and name, as far as they are not known to be the distributor's."""
    wanted = [("account", bank.plain_account(line.payer_account))]
    name = plain_name(line.payer_name)
    if name not in {plain_name(distributor.name), plain_name(distributor.tax_name)}:
        wanted.append(("name", name))
    for kind, value in wanted:
        mine = (PayerMemory.kind == kind, PayerMemory.value == value[:255])
        standing = w.session.scalar(
            sa.select(PayerMemory.id).where(*mine, PayerMemory.distributor_id == distributor.id)
        )
        if value and standing is None:
            w.session.add(
                PayerMemory(
                    kind=kind, value=value[:255], distributor_id=distributor.id,
                    learned_by_id=w.actor.user_id, learned_at=w.now,
                )
            )  # fmt: skip


def _match_again(w: Work, line: BankLine) -> int:
    """Other unassigned lines by what the house knows now."""
    waiting = w.session.scalars(
        sa.select(BankLine).where(BankLine.state == "unassigned", BankLine.id != line.id)
    ).all()
    known = reads.known([reads.as_line(other) for other in waiting])
    found = 0
    for other in waiting:
        match = bank.match(reads.as_line(other), known)
        if match.distributor_id is not None:
            other.distributor_id, other.state = match.distributor_id, "matched"
            other.reason, other.evidence = match.reason, match.evidence[:255]
            other.row_version += 1
            found += 1
    return found


def leave_out(actor: Actor, line_id: int, reason: str, seen_version: int | None = None) -> None:
    """A line that is no distributor's payment, e.g. bank interest: it is kept and not booked."""
    with work(actor, Permission.RECEIPTS_WRITE) as w:
        line = _locked(w, line_id, ("unassigned", "matched"), seen_version)
        if not reason.strip():
            raise Refused([block("bank.reason_needed")])
        before, line.state = line.state, "left_out"
        line.note, line.distributor_id = reason.strip()[:500], None
        line.decided_by_id, line.decided_at = actor.user_id, w.now
        changes = {"state": (before, "left_out")}
        w.audit("bank_line:leave_out", line, label=_label(line), reason=reason, changes=changes)


def take_back(actor: Actor, line_id: int, seen_version: int | None = None) -> None:
    """Take a line that was left out, or given to the wrong one, back among the unassigned."""
    with work(actor, Permission.RECEIPTS_WRITE) as w:
        line = _locked(w, line_id, ("left_out", "matched"), seen_version)
        before, line.state = line.state, "unassigned"
        line.distributor_id, line.reason, line.evidence = None, bank.UNKNOWN, ""
        changes = {"state": (before, "unassigned")}
        w.audit("bank_line:take_back", line, label=_label(line), changes=changes)


def settle(actor: Actor, line_id: int, receipt_id: int, seen_version: int | None = None) -> None:
    """Say that a line is the money of a receipt that was booked by hand: nothing is booked."""
    with work(actor, Permission.RECEIPTS_WRITE) as w:
        line = _locked(w, line_id, ("matched",), seen_version)
        receipt = next((r for r in reads.twins_of(line) if r.id == receipt_id), None)
        if receipt is None:
            raise Refused([block("bank.no_twin")])
        line.receipt_id, line.state = receipt.id, "booked"
        line.decided_by_id, line.decided_at = actor.user_id, w.now
        changes = {"state": ("matched", "booked"), "receipt": receipt.number}
        w.audit("bank_line:settle", line, label=_label(line), changes=changes)


def _locked(w: Work, line_id: int, states: Collection[str], seen_version: int | None) -> BankLine:
    reads.get_line(w.actor, line_id)
    [line] = lock(BankLine, [line_id])
    if line.state not in states:
        raise Refused([block("bank.not_now", state=line.state)])
    assert_seen(line, seen_version)
    return line  # type: ignore[no-any-return]


def _label(line: BankLine) -> str:
    return line.reference or f"{line.booked_on.isoformat()} {line.payer_name}"[:100]


def book(actor: Actor, line_ids: Sequence[int] | None = None) -> Booked:
    """Book matched lines, those chosen or all, in one transaction: all of them or none.

    Of all, those stay for a person that may be money which was booked by hand already.
    """
    with work(actor, Permission.RECEIPTS_WRITE) as w:
        chosen = _matched(w, line_ids)
        waiting = reads.twins_waiting() if line_ids is None else 0
        if not chosen and not waiting:
            raise Refused([block("bank.nothing")])
        done = _book(w, chosen)
        done.twins = waiting
        return done


def order(actor: Actor, line_ids: Sequence[int] | None = None) -> int | None:
    """Order the booking as a job where there is much to book; None where there is not."""
    with work(actor, Permission.RECEIPTS_WRITE) as w:
        chosen = _matched(w, line_ids)
        if sum(len(ids) for ids in chosen.values()) <= AT_ONCE:
            return None
        last = max(line_id for ids in chosen.values() for line_id in ids)
        payload = {"lines": sorted(line_ids) if line_ids else None}
        return w.job("bank", f"bank:{w.now.isoformat()}:{last}", payload).id


def _matched(w: Work, line_ids: Sequence[int] | None) -> dict[Owner, list[int]]:
    """Debtor → ids of its matched lines in their order, debtors in the order of their locks."""
    statement = sa.select(BankLine.distributor_id, BankLine.currency, BankLine.id).where(
        BankLine.state == "matched", BankLine.amount_fen > 0
    )
    if line_ids is None:
        statement = statement.where(~reads.has_twin())
    else:
        statement = statement.where(BankLine.id.in_(line_ids))
    found: dict[Owner, list[int]] = {}
    rows = w.session.execute(
        statement.order_by(BankLine.distributor_id, BankLine.booked_on, BankLine.id)
    )
    for distributor_id, currency, line_id in rows:
        found.setdefault((distributor_id, currency), []).append(line_id)
    return found


def _book(w: Work, chosen: dict[Owner, list[int]]) -> Booked:
    """Accounts first, all in one order, then the lines, which may have moved on meanwhile."""
    accounts = lock_accounts(w, list(chosen))
    lines = lock(BankLine, [line_id for ids in chosen.values() for line_id in ids])
    by_id = {line.id: line for line in lines if line.state == "matched"}
    distributors = {
        one.id: one
        for one in w.session.scalars(
            sa.select(Distributor).where(Distributor.id.in_({d for d, _currency in chosen}))
        )
    }
    open_from = w.session.scalar(sa.select(Closing.open_from).where(Closing.id == 1))
    done = Booked()
    for owner, ids in chosen.items():
        mine = [by_id[i] for i in ids if i in by_id and by_id[i].distributor_id == owner[0]]
        ready = [line for line in mine if open_from is None or line.booked_on >= open_from]
        done.closed += len(mine) - len(ready)
        _book_debtor(w, accounts[owner], distributors[owner[0]], ready, done)
    return done


def _book_debtor(
    w: Work, account: CreditAccount, distributor: Distributor, lines: list[BankLine], done: Booked
) -> None:
    """The receipts of one debtor; they are applied, and what waited is judged again, once."""
    if not lines:
        return
    counts = False
    moneys = [_money(distributor, line) for line in lines]
    made = booking.add_many(w, moneys, [f"bank:{line.fingerprint}" for line in lines])
    for line, money, receipt in zip(lines, moneys, made, strict=True):
        w.audit("receipt:post", receipt, changes={"amount_fen": money.amount_fen})
        if findings := booking.objections(w, distributor, money):
            parking.park(w, receipt, findings)
            done.parked += 1
        else:
            received = [("unapplied", receipt.amount_fen)]
            credit.move(w, account, received, act="receive", document=receipt, on=line.booked_on)
            done.counted += 1
            counts = True
        line.receipt_id, line.state = receipt.id, "booked"
        line.decided_by_id, line.decided_at = w.actor.user_id, w.now
        line.row_version += 1
    if counts:
        receipts.apply_waiting_money(w, account, min(line.booked_on for line in lines))
        booking.judge_again(w, account)


def _money(distributor: Distributor, line: BankLine) -> Money:
    said = " ".join(filter(None, [line.purpose, line.reference]))[:255]
    return Money(
        distributor.id,
        line.booked_on,
        line.amount_fen,
        line.currency,
        METHOD,
        line.payer_name,
        said,
    )


def _batches(chosen: dict[Owner, list[int]]) -> Iterator[dict[Owner, list[int]]]:
    """The lines in portions, so that no debtor is locked for long; the order stays."""
    batch: dict[Owner, list[int]] = {}
    room = LINES_AT_ONCE
    for owner, ids in chosen.items():
        for line_id in ids:
            batch.setdefault(owner, []).append(line_id)
            room -= 1
            if not room:
                yield batch
                batch, room = {}, LINES_AT_ONCE
    if batch:
        yield batch


@handles("bank")
def _as_job(actor: Actor, job_id: int, payload: dict[str, Any]) -> dict[str, Any]:
    """Some hundred lines at a time, a transaction each; a second attempt finds what is left."""
    with work(actor, Permission.RECEIPTS_WRITE) as w:
        chosen = _matched(w, payload["lines"])
    total, told, done = sum(len(ids) for ids in chosen.values()), 0, Booked()
    for batch in _batches(chosen):
        with work(actor, Permission.RECEIPTS_WRITE) as w:
            now = _book(w, batch)
        done.counted += now.counted
        done.parked += now.parked
        done.closed += now.closed
        told += sum(len(ids) for ids in batch.values())
        report_progress(job_id, told, total)
    if payload["lines"] is None:
        done.twins = reads.twins_waiting()
    return asdict(done)
