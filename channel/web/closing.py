"""Closing of months: what is unfinished, closing the next one, and reopening with a reason."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, request
from flask_babel import gettext as _

from channel import clock
from channel.access import Permission, may
from channel.queries import audit
from channel.queries import closing as reads
from channel.queries.credit_recount import last_control
from channel.rules.closing import last_closed, to_close
from channel.services import closing as service
from channel.services.work import Refused
from channel.web.pages import actor, flash_refusal, page, see_other, seen_version, show
from contracts.values.findings import block
from contracts.values.periods import Period

bp = Blueprint("closing", __name__)


@page(bp, "/closing", Permission.CLOSING_READ)
def index() -> Any:
    """The lock, the next month with what is unfinished in it, and the history."""
    closing = reads.the_closing()
    month = to_close(closing.open_from, clock.today())
    control = last_control()
    return show(
        "closing/index.html",
        closing=closing,
        month=month,
        findings=reads.checklist(month, control.differing if control else 0) if month else [],
        control=control,
        may_close=may(actor(), Permission.CLOSING_WRITE),
        may_reopen=may(actor(), Permission.CLOSING_REOPEN) and closing.open_from is not None,
        last=last_closed(closing.open_from),
        entries=audit.history("closing", closing.id),
    )


def _month() -> Period:
    """The month that was typed, or a refusal that names the text."""
    text = request.form.get("month", "").strip()
    try:
        return Period.parse(text)
    except ValueError:
        raise Refused([block("closing.no_month", period=text)]) from None


@page(bp, "/closing/close", Permission.CLOSING_WRITE, methods=("POST",))
def close() -> Any:
    try:
        month = _month()
        service.close_month(actor(), month, seen_version())
        flash(_("%(month)s is closed: nothing in it changes any more.", month=month), "success")
    except Refused as refused:
        flash_refusal(refused)
    return see_other("closing.index")


@page(bp, "/closing/reopen", Permission.CLOSING_REOPEN, methods=("POST",))
def reopen() -> Any:
    try:
        month = _month()
        service.reopen_month(actor(), month, request.form.get("reason", ""), seen_version())
        flash(_("%(month)s and what follows is open again.", month=month), "success")
    except Refused as refused:
        flash_refusal(refused)
    return see_other("closing.index")
