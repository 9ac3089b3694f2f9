"""The return note of a claim: frozen with the approval, printed whenever it is asked for."""

from __future__ import annotations

from typing import Any, cast

from channel.access import NotVisible
from channel.documents.exchanges import ReturnNoteDoc, render_return_note
from channel.documents.model import Lang
from channel.models.agreements import AgreementVersion
from channel.models.exchanges import ExchangeClaim
from channel.models.orders import Shipment
from channel.queries import partners
from channel.services.steps import exchanges
from channel.services.steps.agreement_papers import distributor_party, maker_party
from channel.services.work import Work


def return_note(w: Work, claim: ExchangeClaim) -> dict[str, Any]:
    """What is printed, as plain values; the claim is approved and its lines have quantities."""
    assert claim.decided_on is not None and claim.return_by is not None
    version = None
    if claim.agreement_version_id is not None:
        version = w.session.get_one(AgreementVersion, claim.agreement_version_id)
    duties = exchanges.duties_of(claim)
    numbers = _shipments(w, claim)
    doc: ReturnNoteDoc = {
        "number": claim.number,
        "contract": version.agreement.number if version else "",
        "version": version.version_no if version else 0,
        "approved_on": claim.decided_on.isoformat(),
        "return_by": claim.return_by.isoformat(),
        "currency": claim.currency,
        "maker": maker_party(partners.get_maker()),
        "distributor": distributor_party(claim.distributor),
        "lines": [
            {
                "product": line.product.code,
                "name": line.product.name,
                "unit": line.product.unit,
                "batch": line.batch,
                "shipment": numbers.get(line.id, ""),
                "shipped_on": line.shipped_on.isoformat() if line.shipped_on else "",
                "quantity": line.approved or 0,
                "unit_gross_fen": line.unit_gross_fen,
            }
            for line in claim.lines
            if line.approved
        ],
        "means": claim.means,
        "goods": [
            [one.product.code, one.product.name, one.quantity, one.product.unit]
            for one in claim.goods
        ],
        "freight_by": duties.exchange_freight_by,
        "sealed": duties.exchange_sealed,
        "approved_by": w.actor.name,
        "note": claim.note,
    }
    return dict(doc)


def _shipments(w: Work, claim: ExchangeClaim) -> dict[int, str]:
    """line → number of the shipment that it came with."""
    return {
        line.id: w.session.get_one(Shipment, line.shipment_line.shipment_id).number
        for line in claim.lines
        if line.shipment_line is not None
    }


def printed(claim: ExchangeClaim, lang: str) -> tuple[str, bytes]:
    """(file name, PDF); before the approval there is none."""
    if not claim.document:
        raise NotVisible
    side: Lang = "en" if lang.startswith("en") else "zh"
    doc = cast(ReturnNoteDoc, claim.document)
    return f"{claim.number}-return-note.pdf", render_return_note(doc, side)
