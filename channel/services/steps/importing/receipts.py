"""Receipts: money as it came in, set against what is open as if booked one by one."""

from __future__ import annotations

from typing import Any

from channel.models.partners import Distributor
from channel.models.receivables import Invoice, Receipt
from channel.services.steps.importing import methods, settling
from channel.services.steps.importing.accounts import Move, lock_accounts, post
from channel.services.steps.importing.plan import Plan, Task, by_key, insert_many, yuan
from channel.services.steps.importing.trail import Trace, leave
from channel.services.work import Work
from contracts.values.findings import Finding, Severity

COMPARED = ("distributor_id", "received_on", "currency", "amount_fen")


def plan(task: Task) -> Plan:
    """Receipts by their number; one that stands with other figures is refused."""
    owners = by_key(Distributor.code, [r.distributor for r in task.rows], Distributor.id)
    rows = {row.document: row for row in task.rows}
    made = {key: _receipt(row, owners[row.distributor].id) for key, row in rows.items()}
    standing = by_key(Receipt.external_key, list(made), *(getattr(Receipt, n) for n in COMPARED))
    fresh = {key: receipt for key, receipt in made.items() if key not in standing}
    result = Plan(new=len(fresh))
    for key, stored in standing.items():
        differing = next((n for n in COMPARED if getattr(stored, n) != made[key][n]), None)
        if differing is None:
            result.same += 1
        else:
            result.findings.append(_differs(task, rows[key], differing, stored, made[key]))
    taken = by_key(Receipt.number, list(fresh))
    result.findings += [
        task.stop("import.number_taken", rows[key].row, "document", document=key) for key in taken
    ]
    result.findings += _impossible(task)
    named = _named(task, fresh, rows, result)
    wrong = methods.objections(fresh)
    result.findings += methods.told(task, wrong)
    sums: dict[str, tuple[int, int]] = {}
    for receipt in fresh.values():
        count, fen = sums.get(receipt["currency"], (0, 0))
        sums[receipt["currency"]] = (count + 1, fen + receipt["amount_fen"])
    result.totals = [(currency, *figures) for currency, figures in sorted(sums.items())]
    result.write = lambda w, reason: _book(w, fresh, named, wrong, reason)
    return result


def _receipt(row: Any, distributor_id: int) -> dict[str, Any]:
    return {
        "number": row.document,
        "distributor_id": distributor_id,
        "received_on": row.date,
        "currency": row.currency,
        "amount_fen": row.amount_fen,
        "method": row.method or "transfer",
        "payer_name": row.payer,
        "reference": row.invoice,
        "external_key": row.document,
    }


def _differs(task: Task, row: Any, name: str, stored: Any, receipt: dict[str, Any]) -> Finding:
    old, new = getattr(stored, name), receipt[name]
    if name == "amount_fen":
        old, new = yuan(old), yuan(new)
    elif name == "distributor_id":
        old = new = ""
    return task.stop(
        "import.posted_differs", row.row, "document", document=row.document,
        differs_in=name, old=str(old), new=str(new),
    )  # fmt: skip


def _impossible(task: Task) -> list[Finding]:
    """Money that has not come in yet, and receipts of nothing."""
    found = []
    for row in task.rows:
        if row.date > task.today:
            found.append(
                task.stop("import.receipt_future", row.row, "date", value=row.date.isoformat())
            )
        if row.amount_fen == 0:
            found.append(task.stop("import.receipt_nothing", row.row, "amount", value="0"))
    return found[:200]


def _named(task: Task, fresh: dict[str, Any], rows: dict[str, Any], result: Plan) -> dict[str, int]:
    """Receipt key → the invoice that the file says it pays; unknown ones are told."""
    wanted = {key: rows[key].invoice for key in fresh if rows[key].invoice}
    if not wanted:
        return {}
    known = by_key(Invoice.number, list(wanted.values()), Invoice.id)
    missing = sorted({number for number in wanted.values() if number not in known})
    if missing:
        result.findings.append(
            task.note(
                "import.invoice_unknown", Severity.WARN, count=len(missing),
                value="、".join(missing[:5]),
            )
        )  # fmt: skip
    return {key: known[number].id for key, number in wanted.items() if number in known}


def _book(
    w: Work,
    fresh: dict[str, dict[str, Any]],
    named: dict[str, int],
    wrong: dict[str, list[Finding]],
    reason: str,
) -> None:
    receipts = list(fresh.values())
    accounts = lock_accounts(w, {(r["distributor_id"], r["currency"]) for r in receipts})
    extra = {"created_by_id": w.actor.user_id, "created_at": w.now}
    insert_many(w, Receipt, [{**receipt, **extra} for receipt in receipts])
    ids = {k: row.id for k, row in by_key(Receipt.external_key, list(fresh), Receipt.id).items()}
    post(
        w,
        accounts,
        [
            Move((r["distributor_id"], r["currency"]), "unapplied", r["amount_fen"], "receive",
                 "receipt", ids[key], r["received_on"])
            for key, r in fresh.items()
            if key not in wrong
        ],
    )  # fmt: skip
    methods.park(w, fresh, ids, wrong)
    leave(
        w,
        (
            Trace("receipt:import", "receipt", ids[key], r["number"], r["distributor_id"],
                  {"amount_fen": r["amount_fen"]})
            for key, r in fresh.items()
        ),
        reason,
    )  # fmt: skip
    settling.settle(w, accounts, {ids[key]: invoice_id for key, invoice_id in named.items()})
    settling.recheck(w, accounts)
