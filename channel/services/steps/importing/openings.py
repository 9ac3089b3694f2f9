"""Opening balances: every open item of the old ledger with its own due date, without lines."""

from __future__ import annotations

from typing import Any

from channel.models.partners import Distributor
from channel.models.receivables import Invoice
from channel.services.steps.importing import settling
from channel.services.steps.importing.accounts import Move, lock_accounts, post
from channel.services.steps.importing.plan import Plan, Task, by_key, insert_many, yuan
from channel.services.steps.importing.trail import Trace, leave
from channel.services.work import Work
from contracts.values.findings import Finding

COMPARED = ("invoice_date", "due_date", "currency", "gross_fen")


def plan(task: Task) -> Plan:
    """Items by distributor and number; an item that stands with other figures is refused."""
    owners = by_key(Distributor.code, [r.distributor for r in task.rows], Distributor.id)
    heads = {}
    for row in task.rows:
        key = f"opening:{row.distributor}:{row.document}"
        heads[key] = {
            "number": row.document,
            "kind": "opening",
            "distributor_id": owners[row.distributor].id,
            "invoice_date": row.date,
            "due_date": row.due_date,
            "pay_by": row.due_date,
            "currency": row.currency,
            "net_fen": row.open_fen,
            "tax_fen": 0,
            "gross_fen": row.open_fen,
            "external_key": key,
        }
    rows = {f"opening:{r.distributor}:{r.document}": r for r in task.rows}
    standing = by_key(Invoice.external_key, list(heads), *(getattr(Invoice, n) for n in COMPARED))
    result = Plan()
    for key, stored in standing.items():
        differing = next((n for n in COMPARED if getattr(stored, n) != heads[key][n]), None)
        if differing is None:
            result.same += 1
            continue
        result.findings.append(_differs(task, rows[key], differing, stored, heads[key]))
    fresh = {key: head for key, head in heads.items() if key not in standing}
    result.findings += _number(task, fresh, rows)
    result.new = len(fresh)
    sums: dict[str, tuple[int, int]] = {}
    for head in fresh.values():
        count, fen = sums.get(head["currency"], (0, 0))
        sums[head["currency"]] = (count + 1, fen + head["gross_fen"])
    result.totals = [(currency, *figures) for currency, figures in sorted(sums.items())]
    result.write = lambda w, reason: _post(w, fresh, reason)
    return result


def _differs(task: Task, row: Any, name: str, stored: Any, head: dict[str, Any]) -> Finding:
    old, new = getattr(stored, name), head[name]
    if name == "gross_fen":
        old, new = yuan(old), yuan(new)
    return task.stop(
        "import.posted_differs", row.row, "document", document=row.document,
        differs_in=name, old=str(old), new=str(new),
    )  # fmt: skip


def _number(task: Task, fresh: dict[str, dict[str, Any]], rows: dict[str, Any]) -> list[Finding]:
    """Give each item its number: two debtors may have used the same one in the old ledger."""
    used: dict[str, int] = {}
    for head in fresh.values():
        used[head["number"]] = used.get(head["number"], 0) + 1
    taken = by_key(Invoice.number, list(used), Invoice.kind, Invoice.distributor_id)
    found = []
    for key, head in fresh.items():
        number = head["number"]
        other = taken.get(number)
        if (
            other is not None
            and other.kind != "opening"
            and (other.distributor_id == head["distributor_id"])
        ):
            found.append(
                task.stop("import.opening_booked", rows[key].row, "document", document=number)
            )
        elif other is not None or used[number] > 1:
            head["number"] = f"{number}/{rows[key].distributor}"[:64]
    return found


def _post(w: Work, fresh: dict[str, dict[str, Any]], reason: str) -> None:
    heads = list(fresh.values())
    accounts = lock_accounts(w, {(h["distributor_id"], h["currency"]) for h in heads})
    insert_many(w, Invoice, [{**head, "created_at": w.now} for head in heads])
    ids = by_key(Invoice.external_key, list(fresh), Invoice.id)
    post(
        w,
        accounts,
        [
            Move((h["distributor_id"], h["currency"]), "invoiced", h["gross_fen"], "open",
                 "invoice", ids[key].id, h["invoice_date"])
            for key, h in fresh.items()
        ],
    )  # fmt: skip
    leave(
        w,
        (
            Trace("invoice:import", "invoice", ids[key].id, h["number"], h["distributor_id"],
                  {"gross_fen": h["gross_fen"]})
            for key, h in fresh.items()
        ),
        reason,
    )  # fmt: skip
    settling.settle(w, accounts)
