"""«Apply for exception» beside a finding, with what was refused already filled in (D01)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import g, url_for

from channel.access import Permission, may
from contracts.values.findings import Finding

#: finding code → type of exception that can let it pass.
TYPE_OF = {
    "minimum.below": "minimum",
    "credit.over_limit": "credit",
    "credit.overdue": "credit",
    "credit.prepaid_short": "credit",
    "territory.outside": "territory",
    "price.differs": "price",
    "agreement.none_in_force": "expiry",
}


def apply_link(kind: str, document: Any) -> Callable[[Finding], str | None]:
    """finding → address of the prefilled application, or None where none can help."""
    allowed = g.get("actor") is not None and may(g.actor, Permission.EXCEPTIONS_REQUEST)

    def link(finding: Finding) -> str | None:
        wanted = TYPE_OF.get(finding.code)
        if not allowed or wanted is None or not finding.is_blocking:
            return None
        return url_for(
            "exceptions.new", type=wanted, kind=kind, document=document.id, code=finding.code
        )

    return link
