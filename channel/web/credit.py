"""Credit: debtors, the figures with their lines, limits proposed and approved."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, flash, request, url_for
from flask_babel import gettext as _

from channel import clock
from channel.access import Permission, may
from channel.messages.dunning import LEVEL_WORDS
from channel.messages.limits import LIMIT_KINDS, LIMIT_WHY
from channel.messages.scores import format_e2
from channel.models.credit import CreditLimit
from channel.models.partners import Distributor
from channel.queries import (
    audit,
    credit_limits,
    disputes,
    dunning_lists,
    limit_routes,
    promises,
    scores,
)
from channel.queries import credit as reads
from channel.queries.scope import get_visible
from channel.services import credit as service
from channel.services.steps.credit import exposure_of, limit_of
from channel.services.work import Refused
from channel.web import lists
from channel.web.forms.credit import PLACES, LimitForm
from channel.web.forms.refusals import show_refusal
from channel.web.pages import actor, day_asked, flash_refusal, page, see_other, show

bp = Blueprint("credit", __name__)

#: Reviews and ends of limits are shown so long before.
LOOK_AHEAD = timedelta(days=30)


def _may_sign(limit: CreditLimit) -> bool:
    return limit_routes.may_sign(actor(), limit)


@page(bp, "/credit", Permission.CREDIT_READ)
def index() -> Any:
    if actor().is_distributor:
        return see_other("credit.record", id=actor().distributor_id)
    today = clock.today()
    pending = credit_limits.pending_limits() if may(actor(), Permission.CREDIT_APPROVE) else []
    return lists.answer(
        reads.accounts_listing(today),
        template="credit/index.html",
        pending=pending,
        reviews=credit_limits.limits_to_review(today, today + LOOK_AHEAD),
        kinds=LIMIT_KINDS,
        today=today,
        may_sign=_may_sign,
        waits_for=limit_routes.waits_for,
        actions=_house_pages(),
    )


def _house_pages() -> list[dict[str, Any]]:
    """The way to what concerns all debtors together, for those who may see it."""
    policies = {
        "url": url_for("credit_policies.index"),
        "icon": "settings",
        "label": _("Credit policies"),
    }
    if not may(actor(), Permission.CREDIT_POOLS):
        return [policies]
    return [
        policies,
        {"url": url_for("credit_pools.index"), "icon": "sitemap", "label": _("Shared limits")},
        {"url": url_for("credit_control.index"), "icon": "scale", "label": _("Control of credit")},
    ]


@page(bp, "/credit/<int:id>", Permission.CREDIT_READ)
def record(id: int) -> Any:
    """What the debtor uses, of which limit, and the lines behind each figure."""
    distributor: Distributor = get_visible(actor(), Distributor, id)
    today = clock.today()
    accounts = []
    for account in reads.accounts(actor(), id):
        exposure = exposure_of(account)
        limit = limit_of(id, account.currency, today, exposure.used_fen)
        free = None if limit.amount_fen is None else limit.amount_fen - exposure.used_fen
        accounts.append(
            {
                "account": account,
                "exposure": exposure,
                "limit": limit,
                "free_fen": free,
                "entries": reads.entries(account.id, request.args.get("bucket") or None),
            }
        )
    limits = credit_limits.limit_rows(id)
    subjects = [("credit_limit", limit.id) for limit in limits[:20]]
    return show(
        "credit/record.html",
        distributor=distributor,
        accounts=accounts,
        limits=limits,
        kinds=LIMIT_KINDS,
        today=today,
        may_sign=_may_sign,
        waits_for=limit_routes.waits_for,
        bucket=request.args.get("bucket", ""),
        promises=promises.told_of(actor(), id, today),
        open_disputes=disputes.open_of(actor(), id, today),
        letters=dunning_lists.letters_of(actor(), id),
        level_words=LEVEL_WORDS,
        history_lines=audit.history(*subjects) if subjects else [],
    )


def _suggest(form: LimitForm, grade_id: int, distributor_id: int) -> None:
    """Fill in what an accepted grade suggests; who proposes may change every field."""
    if not may(actor(), Permission.SCORES_READ):
        return
    grade = scores.get_grade(actor(), grade_id)
    if grade.distributor_id != distributor_id or grade.state != "accepted":
        return
    form.amount_fen.data = grade.limit_fen
    form.reason.data = _(
        "Grade %(grade)s of %(on)s, score %(score)s",
        grade=grade.grade,
        on=grade.graded_on.isoformat(),
        score=format_e2(grade.score_e2),
    )


@page(bp, "/credit/<int:id>/limits/new", Permission.CREDIT_WRITE, methods=("GET", "POST"))
def propose(id: int) -> Any:
    """A limit of any kind for a second person to approve."""
    distributor: Distributor = get_visible(actor(), Distributor, id)
    form = LimitForm()
    if request.method == "GET":
        form.valid_from.data = clock.today()
        if (asked := request.args.get("grade", "")).isdecimal():
            _suggest(form, int(asked), id)
    elif form.validate() and not form.lacks_amount:
        try:
            service.propose_limit(actor(), id, form.wish())
        except Refused as refused:
            show_refusal(form, refused, PLACES)
        else:
            flash(_("The limit waits for a second person."), "success")
            return see_other("credit.record", id=id)
    elif form.lacks_amount:
        message = _("Enter the limit; 0 means no credit. For none at all tick «unlimited».")
        form.amount_fen.errors = [*form.amount_fen.errors, message]
    status = 422 if request.method == "POST" else 200
    return show(
        "credit/limit_form.html",
        form=form,
        owner=distributor.name,
        back=url_for("credit.record", id=id),
        kinds=LIMIT_KINDS,
    ), status


@page(bp, "/credit/<int:id>/limit", Permission.CREDIT_READ)
def limit_of_day(id: int) -> Any:
    """The limit on a date, row by row with what each gives and why; and what was in use."""
    distributor: Distributor = get_visible(actor(), Distributor, id)
    on = day_asked()
    return show(
        "credit/limit_of_day.html",
        distributor=distributor,
        on=on,
        days=credit_limits.limits_of_day(id, on),
        kinds=LIMIT_KINDS,
        why=LIMIT_WHY,
    )


@page(bp, "/credit/limits/<int:id>", Permission.CREDIT_APPROVE, methods=("POST",))
def decide(id: int) -> Any:
    """Approve or reject a proposed limit."""
    limit: CreditLimit = get_visible(actor(), CreditLimit, id)
    distributor_id, pool_id = limit.distributor_id, limit.pool_id
    try:
        if request.form.get("act") == "approve":
            if service.sign_limit(actor(), id):
                flash(_("The limit is in force from its date."), "success")
            else:
                flash(_("Signed; the next desk has been asked."), "success")
        else:
            service.reject_limit(actor(), id, request.form.get("reason", ""))
            flash(_("The proposal is rejected."), "success")
    except Refused as refused:
        flash_refusal(refused)
    if pool_id is not None:
        return see_other("credit_pools.record", id=pool_id)
    return see_other("credit.record", id=distributor_id)
