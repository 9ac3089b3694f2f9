"""The nightly control of credit: counts of all accounts against documents and entries."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash
from flask_babel import gettext as _

from channel.access import Permission, may
from channel.queries import credit_recount as reads
from channel.services import credit_control as service
from channel.web.pages import actor, page, see_other, show

bp = Blueprint("credit_control", __name__)


@page(bp, "/credit/control", Permission.CREDIT_POOLS)
def index() -> Any:
    """The newest counts, and each bucket in which the last one found a difference."""
    last = reads.last_control()
    return show(
        "credit/control.html",
        last=last,
        controls=reads.controls(),
        names=reads.names_of(last),
        may_count=may(actor(), Permission.CREDIT_WRITE),
    )


@page(bp, "/credit/control/count", Permission.CREDIT_WRITE, methods=("POST",))
def count() -> Any:
    """Count now instead of waiting for the night."""
    differing = service.count_now(actor())
    if differing:
        flash(
            _("%(count)s credit balances differ from their documents.", count=differing), "danger"
        )
    else:
        flash(_("Counted: everything agrees."), "success")
    return see_other("credit_control.index")
