"""Shared limits: groups of debtors and the budget of the house, with who uses what of them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, flash, request, url_for
from flask_babel import gettext as _

from channel import clock
from channel.access import Permission, may, require
from channel.messages.limits import LIMIT_KINDS
from channel.queries import audit, credit_limits, limit_routes, partners
from channel.queries import credit_pools as reads
from channel.services import credit as limits
from channel.services import credit_pools as service
from channel.services.credit import POOL_KINDS_OF_LIMIT
from channel.services.work import Refused
from channel.web import lists
from channel.web.forms.credit import PLACES as LIMIT_PLACES
from channel.web.forms.credit_pools import PLACES, MemberForm, PoolForm, PoolLimitForm
from channel.web.forms.refusals import show_refusal
from channel.web.pages import actor, flash_refusal, page, see_other, show
from credit.limits import explain

bp = Blueprint("credit_pools", __name__)


@page(bp, "/credit/pools", Permission.CREDIT_POOLS)
def index() -> Any:
    """Every shared limit with what is in use of it, and the proposals that wait."""
    actions = []
    if may(actor(), Permission.CREDIT_WRITE):
        actions = [
            {"url": url_for("credit_pools.new"), "icon": "plus", "label": _("Open a shared limit")}
        ]
    return lists.answer(
        reads.pools_listing(clock.today()),
        actions=actions,
        subtitle=_(
            "The limits given may add up to more; what is used together may not exceed these."
        ),
    )


@page(bp, "/credit/pools/new", Permission.CREDIT_WRITE, methods=("GET", "POST"))
def new() -> Any:
    form = PoolForm()
    form.currency.choices = [(c, c) for c in reads.currencies()]
    if request.method == "GET":
        form.currency.data = partners.get_maker().currency
    elif form.validate():
        try:
            pool_id = service.open_pool(
                actor(), form.name.data or "", form.kind.data, form.currency.data
            )
        except Refused as refused:
            show_refusal(form, refused, PLACES)
        else:
            flash(_("Opened: propose its limit, and take its debtors in."), "success")
            return see_other("credit_pools.record", id=pool_id)
    return show("credit_pools/new.html", form=form), 422 if request.method == "POST" else 200


@page(bp, "/credit/pools/<int:id>", Permission.CREDIT_POOLS, methods=("GET", "POST"))
def record(id: int) -> Any:
    """The limit of today, what is free of it, each debtor's share of the use, and who joins."""
    pool, today = reads.get_pool(actor(), id), clock.today()
    form = MemberForm()
    may_write = may(actor(), Permission.CREDIT_WRITE)
    if may_write and pool.kind == "group":
        form.distributor_id.choices = [("", _("choose")), *partners.choices(actor())]
    if request.method == "GET":
        form.first_day.data = today
    else:
        require(actor(), Permission.CREDIT_WRITE)
    if request.method == "POST" and form.validate() and form.first_day.data:
        last = form.last_day.data
        end = last + timedelta(days=1) if last else None
        try:
            service.join(actor(), id, form.distributor_id.data, form.first_day.data, end)
        except Refused as refused:
            show_refusal(form, refused, PLACES)
        else:
            flash(_("Taken into the group."), "success")
            return see_other("credit_pools.record", id=id)
    rows = reads.limit_rows(id)
    known = [credit_limits.as_limit(row) for row in rows if row.approved_at]
    return show(
        "credit_pools/record.html",
        pool=pool,
        use=reads.pool_on(pool, today),
        parts=explain(known, today),
        limits=rows,
        members=reads.members(pool, today),
        form=form if may_write and pool.kind == "group" else None,
        kinds=LIMIT_KINDS,
        today=today,
        may_sign=lambda limit: limit_routes.may_sign(actor(), limit),
        waits_for=limit_routes.waits_for,
        history_lines=audit.history(
            ("credit_pool", id), *[("credit_limit", row.id) for row in rows[:20]]
        ),
    ), 422 if request.method == "POST" else 200


@page(bp, "/credit/pools/<int:id>/limits/new", Permission.CREDIT_WRITE, methods=("GET", "POST"))
def propose(id: int) -> Any:
    """A limit of the pool for others to sign, on the same routes as a debtor's."""
    pool = reads.get_pool(actor(), id)
    form = PoolLimitForm()
    if request.method == "GET":
        form.valid_from.data = clock.today()
    elif form.validate() and not form.lacks_amount:
        try:
            limits.propose_pool_limit(actor(), id, form.wish())
        except Refused as refused:
            show_refusal(form, refused, LIMIT_PLACES)
        else:
            flash(_("The limit waits for a second person."), "success")
            return see_other("credit_pools.record", id=id)
    elif form.lacks_amount:
        message = _("Enter the limit; 0 means no credit. For none at all tick «unlimited».")
        form.amount_fen.errors = [*form.amount_fen.errors, message]
    kinds = {kind: LIMIT_KINDS[kind] for kind in POOL_KINDS_OF_LIMIT}
    return show(
        "credit/limit_form.html",
        form=form,
        owner=pool.name,
        back=url_for("credit_pools.record", id=id),
        kinds=kinds,
    ), 422 if request.method == "POST" else 200


@page(bp, "/credit/pools/members/<int:id>", Permission.CREDIT_WRITE, methods=("POST",))
def leave(id: int) -> Any:
    """End a membership today: from tomorrow on the debtor stands alone."""
    try:
        pool_id = service.leave(actor(), id, clock.today())
    except Refused as refused:
        flash_refusal(refused)
        return see_other("credit_pools.index")
    flash(_("The membership ends today."), "success")
    return see_other("credit_pools.record", id=pool_id)
