"""Promises to pay: the log, one promise, and what is done about a broken one."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, request, url_for
from flask_babel import gettext as _

from channel import clock
from channel.access import Permission, may
from channel.models.partners import Distributor
from channel.queries import audit
from channel.queries import promises as reads
from channel.queries.scope import get_visible
from channel.services import promises as service
from channel.services.work import Refused
from channel.web import lists
from channel.web.dunning_tabs import tabs
from channel.web.forms.dunning import PLACES, PromiseForm
from channel.web.forms.refusals import show_refusal
from channel.web.pages import actor, flash_refusal, page, see_other, seen_version, show

bp = Blueprint("promises", __name__)


@page(bp, "/promises", Permission.CREDIT_READ)
def index() -> Any:
    return lists.answer(reads.listing(actor(), clock.today()), tabs=tabs())


@page(bp, "/credit/<int:id>/promises/new", Permission.PROMISES_LOG, methods=("GET", "POST"))
def new(id: int) -> Any:
    """Log what a distributor promised."""
    distributor: Distributor = get_visible(actor(), Distributor, id)
    form = PromiseForm()
    if request.method == "GET":
        form.made_on.data = clock.today()
    elif form.validate():
        try:
            service.log_promise(actor(), id, form.word(distributor.currency))
        except Refused as refused:
            show_refusal(form, refused, PLACES)
        else:
            flash(_("The promise is logged; letters for this amount rest until its day."),
                  "success")  # fmt: skip
            return see_other("credit.record", id=id)
    return show(
        "promises/form.html",
        form=form,
        distributor=distributor,
        back=url_for("credit.record", id=id),
    ), 422 if request.method == "POST" else 200


@page(bp, "/promises/<int:id>", Permission.CREDIT_READ)
def record(id: int) -> Any:
    """A promise with the money that came in, and what was said when it was broken."""
    promise = reads.get_promise(actor(), id)
    today = clock.today()
    told = reads.promises_of(actor(), today, [promise.distributor_id])
    return show(
        "promises/record.html",
        promise=promise,
        standing=reads.standings_of(told, today).get(id),
        can_log=may(actor(), Permission.PROMISES_LOG),
        history_lines=[] if actor().is_distributor else audit.history("promise", id),
    )


@page(bp, "/promises/<int:id>/act", Permission.PROMISES_LOG, methods=("POST",))
def act(id: int) -> Any:
    """Say what was said about a broken promise, or take out one logged by mistake."""
    note = request.form.get("note", "")
    try:
        if request.form.get("act") == "withdraw":
            service.withdraw(actor(), id, note, seen_version())
            flash(_("Taken out of the log."), "success")
        else:
            service.follow_up(actor(), id, note, seen_version())
            flash(_("Saved."), "success")
    except Refused as refused:
        flash_refusal(refused)
    return see_other("promises.record", id=id)
