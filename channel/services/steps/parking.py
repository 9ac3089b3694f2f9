"""Receipts that are booked but do not count yet: why, and since when."""

from __future__ import annotations

from collections.abc import Sequence

from channel.models.receivables import ParkedReceipt, Receipt
from channel.services.work import Work
from contracts.values.findings import Finding, to_json


def park(w: Work, receipt: Receipt, findings: Sequence[Finding]) -> ParkedReceipt:
    """Put the receipt aside with what was found against it; it moves no balance."""
    parked = ParkedReceipt(
        receipt_id=receipt.id,
        distributor_id=receipt.distributor_id,
        findings=to_json(findings),
        state="parked",
        parked_at=w.now,
        row_version=1,
    )
    w.session.add(parked)
    w.audit(
        "receipt:park", receipt, changes={"findings": ", ".join(sorted({f.code for f in findings}))}
    )
    return parked
