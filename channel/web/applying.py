"""Beside a finding: «apply for exception», filled in (D01), and who holds a place (A01)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import g, url_for
from flask_babel import gettext as _

from channel.access import Actor, Permission, may
from channel.queries import territory_holders
from contracts.values.findings import Finding
from credit.checking import is_firm

#: finding code → type of exception that can let it pass.
TYPE_OF = {
    "minimum.below": "minimum",
    "credit.over_limit": "credit",
    "credit.pool_over": "credit",
    "credit.overdue": "credit",
    "credit.prepaid_short": "credit",
    "credit.oldest_item": "credit",
    "credit.document_large": "credit",
    "credit.terms_longer": "credit",
    "territory.outside": "territory",
    "price.differs": "price",
    "agreement.none_in_force": "expiry",
    "agreement.level_closed": "level",
    "territory.cap": "level",
    "support.capped": "support",
    "exchange.window": "exchange",
}


#: Only warned of, and still to be helped by an exception.
SOFT = {"support.capped"}


def apply_link(kind: str, document: Any) -> Callable[[Finding], str | None]:
    """finding → address of the prefilled application, or None where none can help.

    `kind` is order, shipment or agreement (then the document is a version).
    """
    allowed = g.get("actor") is not None and may(g.actor, Permission.EXCEPTIONS_REQUEST)

    def link(finding: Finding) -> str | None:
        wanted = TYPE_OF.get(finding.code)
        helps = finding.is_blocking or finding.code in SOFT
        # The credit policy may let no exception through: its remedy says what helps instead.
        if not allowed or wanted is None or not helps or is_firm(finding):
            return None
        return url_for(
            "exceptions.new", type=wanted, kind=kind, document=document.id, code=finding.code
        )

    return link


def holder_note(actor: Actor, document: Any, on: date) -> str:
    """Who holds the place that a document was refused for; a distributor is never told."""
    codes = {f["code"] for f in (document.verdict or {}).get("findings", [])}
    if actor.is_distributor or "territory.outside" not in codes or not document.division_code:
        return ""
    found = territory_holders.holders(actor, [document.division_code], on)
    names = [h.name for h in found.get(document.division_code, ()) if h.is_known]
    if not names:
        return _("Nobody holds this place on that date.")
    return _("This place is held by %(names)s.", names="、".join(names))
