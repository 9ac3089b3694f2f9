"""Lines of a bank statement: each is kept once, with the distributor it is from and by which hint.

Nothing is booked here: a person looks at the matched lines first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from channel.models.cash import BankLine
from channel.queries import bank as reads
from channel.queries import partners
from channel.rules import bank
from channel.services.steps.importing.plan import Plan, Task, by_key, insert_many
from channel.services.work import Work
from contracts.values.findings import Finding, Severity

#: The key under which a confirming import says which file it is.
UPLOAD = "importing.upload_id"


def plan(task: Task) -> Plan:
    """New lines with their match; those that are here already are counted and left out."""
    lines = [_line(row) for row in task.rows]
    currency = partners.get_maker().currency
    made = _fingerprints(task.rows, lines, currency)
    standing = by_key(BankLine.fingerprint, list(made))
    fresh = [n for print_, n in made.items() if print_ not in standing]
    known = reads.known([lines[n] for n in fresh])
    prints = {n: print_ for print_, n in made.items()}
    rows = [
        _row(task.rows[n], lines[n], prints[n], bank.match(lines[n], known), currency)
        for n in fresh
    ]
    result = Plan(new=len(rows), same=len(lines) - len(rows))
    result.findings = [*_impossible(task), *_told(task, rows, result.same)]
    result.totals = _totals(rows)
    result.write = lambda w, reason: _write(w, rows)
    return result


def _line(row: Any) -> bank.Line:
    return bank.Line(
        row.date, row.amount_fen, row.payer_name, row.payer_account, row.purpose, row.reference
    )


def _fingerprints(rows: Sequence[Any], lines: Sequence[bank.Line], currency: str) -> dict[str, int]:
    """Fingerprint → place of its line. Lines that are alike in all they say are told apart by
    their turn, unless the bank's own number says that they are one."""
    turns: Counter[str] = Counter()
    found: dict[str, int] = {}
    for n, (row, line) in enumerate(zip(rows, lines, strict=True)):
        owed_in = row.currency or currency
        first = bank.fingerprint(line, owed_in)
        found.setdefault(bank.fingerprint(line, owed_in, turns[first]), n)
        turns[first] += 1
    return found


def _row(
    row: Any, line: bank.Line, fingerprint: str, match: bank.Match, currency: str
) -> dict[str, Any]:
    is_matched = match.distributor_id is not None
    waits = "outgoing" if match.reason == bank.OUTGOING else "unassigned"
    return {
        "row_no": row.row,
        "booked_on": line.booked_on,
        "amount_fen": line.amount_fen,
        "currency": row.currency or currency,
        "payer_name": line.payer_name,
        "payer_account": line.payer_account,
        "purpose": line.purpose,
        "reference": line.reference,
        "fingerprint": fingerprint,
        "state": "matched" if is_matched else waits,
        "distributor_id": match.distributor_id,
        "reason": match.reason,
        "evidence": match.evidence[:255],
        "receipt_id": None,
        "note": "",
        "decided_by_id": None,
        "decided_at": None,
        "row_version": 1,
    }


def _impossible(task: Task) -> list[Finding]:
    """A bank says what happened, never what will."""
    found = [
        task.stop("import.bank_future", row.row, "date", value=row.date.isoformat())
        for row in task.rows
        if row.date > task.today
    ]
    return found[:200]


def _told(task: Task, rows: Sequence[dict[str, Any]], same: int) -> list[Finding]:
    states = Counter(row["state"] for row in rows)
    found = []
    if same:
        found.append(task.note("import.bank_known", count=same))
    if states["outgoing"]:
        found.append(task.note("import.bank_outgoing", count=states["outgoing"]))
    if states["unassigned"]:
        waiting = states["unassigned"]
        found.append(task.note("import.bank_unassigned", Severity.WARN, count=waiting))
    return found


def _totals(rows: Sequence[dict[str, Any]]) -> list[tuple[str, int, int]]:
    """What came in, by currency."""
    sums: dict[str, tuple[int, int]] = {}
    for row in rows:
        if row["amount_fen"] > 0:
            count, fen = sums.get(row["currency"], (0, 0))
            sums[row["currency"]] = (count + 1, fen + row["amount_fen"])
    return [(currency, *figures) for currency, figures in sorted(sums.items())]


def _write(w: Work, rows: Sequence[dict[str, Any]]) -> None:
    upload_id = w.memo.get(UPLOAD)
    insert_many(w, BankLine, [{**row, "upload_id": upload_id} for row in rows])
