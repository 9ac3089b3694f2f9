"""The outcome of an exception: its figures on the day, and keep, widen or end."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import flash
from flask_babel import gettext as _

from channel import clock
from channel.access import NotVisible, Permission, may
from channel.messages.coded import EXCEPTION_TYPES
from channel.queries import audit, outcomes
from channel.queries import exceptions as reads
from channel.services import outcomes as service
from channel.services.work import Refused
from channel.web.exceptions.blueprint import bp
from channel.web.exceptions.wording import asked_words
from channel.web.forms.exceptions import PLACES, ReviewDaysForm, ReviewForm
from channel.web.forms.refusals import show_refusal
from channel.web.pages import actor, flash_refusal, page, see_other, seen_version, show
from contracts.outcomes import percent


@page(bp, "/exceptions/reviews/<int:id>", Permission.EXCEPTIONS_READ, methods=("GET", "POST"))
def review(id: int) -> Any:
    """What the exception brought so far, and the decision."""
    found = outcomes.get_review(actor(), id)
    form = ReviewForm()
    if not form.is_submitted():
        form.seen_version.data = str(found.row_version)
        form.ends_on.data = clock.today()
    if form.is_submitted():
        if not may(actor(), Permission.EXCEPTIONS_DECIDE):
            raise NotVisible
        if form.validate() and (answer := _decide(found, form)) is not None:
            return answer
    figures, is_frozen = found.figures, found.decided_at is not None
    if not is_frozen:
        due = min(found.due_on, max(clock.today(), found.request.valid_from + timedelta(days=1)))
        measured = outcomes.measure(found.request, due)
        figures = service.frozen(*measured) if measured else None
    if figures and not outcomes.sees_peers(actor()):
        # A rep learns the rank; other distributors' figures stay with the desks.
        figures = {**figures, "peers": [p for p in figures["peers"] if p["own"]]}
    status = 422 if form.is_submitted() else 200
    return show(
        "exceptions/review.html",
        review=found,
        request_=found.request,
        word=EXCEPTION_TYPES[found.request.type],
        asked=asked_words(found.request),
        figures=figures,
        percent=percent(figures["actual_fen"], figures["forecast_fen"]) if figures else None,
        elapsed=_elapsed(found, figures),
        is_frozen=is_frozen,
        is_due=found.due_on <= clock.today(),
        may_decide=may(actor(), Permission.EXCEPTIONS_DECIDE)
        and found.request.requester_id != actor().user_id,
        names=reads.names({found.decided_by_id} if found.decided_by_id else set()),
        form=form,
        history_lines=audit.history("exception_request", found.request_id),
    ), status


def _elapsed(found: Any, figures: Any) -> tuple[int, int] | None:
    """(days measured, days of the whole exception)."""
    if not figures:
        return None
    days = (min(found.due_on, found.request.valid_to) - found.request.valid_from).days
    return days, (found.request.valid_to - found.request.valid_from).days


def _decide(found: Any, form: ReviewForm) -> Any:
    """Where to go after the decision; None when it was refused."""
    verdict = service.Verdict(
        decision=form.decision.data or "",
        reason=form.reason.data or "",
        margin_bp=form.margin_bp.data,
        ends_on=form.ends_on.data,
    )
    try:
        decision = service.decide_review(actor(), found.id, verdict, seen_version())
    except Refused as refused:
        show_refusal(form, refused, PLACES)
        return None
    if decision == "widen":
        flash(_("Decided. Here is the wider application, filled in: raise what shall be wider."))
        if may(actor(), Permission.EXCEPTIONS_REQUEST):
            request_ = found.request
            return see_other("exceptions.new", type=request_.type, widens=request_.id)
    flash(_("The outcome is decided; its figures are kept."), "success")
    return see_other("exceptions.record", id=found.request_id)


@page(bp, "/exceptions/<int:id>/reviews", Permission.EXCEPTIONS_DECIDE, methods=("POST",))
def set_days(id: int) -> Any:
    """Move the days on which the outcome is measured."""
    form = ReviewDaysForm()
    if not form.validate():
        for _field, message in form.errors_in_order():
            flash(message, "danger")
        return see_other("exceptions.record", id=id)
    try:
        service.set_reviews(actor(), id, [f.data for f in form.days() if f.data is not None])
    except Refused as refused:
        flash_refusal(refused)
    else:
        flash(_("The days of the outcome reviews are set."), "success")
    return see_other("exceptions.record", id=id)
