"""Clause 4 for receipts by file: which of them are parked, judged as if booked one by one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa

from channel.db import db
from channel.models.agreements import Agreement, AgreementVersion
from channel.models.partners import Distributor
from channel.models.receivables import ParkedReceipt
from channel.rules.collection import check_receipt
from channel.services.steps.importing.plan import Task, chunks, insert_many
from channel.services.work import Work
from contracts.values.findings import Finding, Severity, to_json


def objections(receipts: Mapping[str, dict[str, Any]]) -> dict[str, list[Finding]]:
    """Receipt key → what stands against it; receipts as agreed are left out."""
    owners = {receipt["distributor_id"] for receipt in receipts.values()}
    agreed, names = _agreed(owners), _names(owners)
    found = {}
    for key, receipt in receipts.items():
        on, owner = receipt["received_on"], receipt["distributor_id"]
        allowed = next((m for start, end, m in agreed.get(owner, ()) if start <= on < end), None)
        # Only money that comes in is judged: what is negative undoes some.
        if receipt["amount_fen"] > 0 and (
            wrong := check_receipt(receipt["method"], allowed, receipt["payer_name"], names[owner])
        ):
            found[key] = wrong
    return found


def told(task: Task, found: Mapping[str, list[Finding]]) -> list[Finding]:
    """How many will be parked, and why; said before anything is saved."""
    if not found:
        return []
    codes = [finding.code for wrong in found.values() for finding in wrong]
    methods = codes.count("receipt.method_not_allowed")
    payers = codes.count("receipt.payer_differs")
    return [
        task.note(
            "import.receipts_parked", Severity.WARN, count=len(found), methods=methods,
            payers=payers,
        )
    ]  # fmt: skip


def park(
    w: Work,
    receipts: Mapping[str, dict[str, Any]],
    ids: Mapping[str, int],
    found: Mapping[str, list[Finding]],
) -> None:
    """The rows of the receipts that are put aside."""
    insert_many(
        w,
        ParkedReceipt,
        [
            {
                "receipt_id": ids[key],
                "distributor_id": receipts[key]["distributor_id"],
                "findings": to_json(wrong),
                "state": "parked",
                "parked_at": w.now,
                "note": "",
                "row_version": 1,
            }
            for key, wrong in found.items()
        ],
    )


def _agreed(owners: Collection[int]) -> dict[int, list[tuple[date, date, list[str]]]]:
    """Distributor → (first day, end, methods) of its signed versions, what rules first."""
    agreed: dict[int, list[tuple[date, date, list[str]]]] = defaultdict(list)
    v = AgreementVersion
    for part in chunks(sorted(owners)):
        rows = db.session.execute(
            sa.select(Agreement.distributor_id, v.valid_from, v.valid_to, v.ended_on, v.terms)
            .join(v.agreement)
            .where(
                Agreement.distributor_id.in_(part),
                v.state.in_(("approved", "suspended", "terminated")),
            )
            .order_by(Agreement.id.desc(), v.version_no.desc())
        )
        for owner, start, end, ended_on, terms in rows:
            agreed[owner].append((start, min(end, ended_on or end), terms["payment_methods"]))
    return dict(agreed)


def _names(owners: Collection[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for part in chunks(sorted(owners)):
        rows = db.session.execute(
            sa.select(Distributor.id, Distributor.name).where(Distributor.id.in_(part))
        )
        found |= {i: name for i, name in rows}
    return found
