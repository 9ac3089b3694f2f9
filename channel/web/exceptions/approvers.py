"""Who signs what, by kind, amount and class; and who is away, with the delegate."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import flash, request
from flask_babel import gettext as _

from channel import clock
from channel.access import NotVisible, Permission, Role, may
from channel.messages.coded import EXCEPTION_TYPES, ROLES
from channel.messages.exceptions import CLASSES
from channel.queries import accounts as people
from channel.queries import approvals as reads
from channel.queries import partners
from channel.services import approvers as service
from channel.services.work import Refused
from channel.web.exceptions.blueprint import bp, tabs
from channel.web.forms.exceptions import PLACES, AbsenceForm, BandForm
from channel.web.forms.refusals import show_refusal
from channel.web.pages import actor, flash_refusal, page, see_other, show


@page(bp, "/exceptions/bands", Permission.EXCEPTIONS_READ, methods=("GET", "POST"))
def bands() -> Any:
    """Every kind with its bands; the administrator sets them."""
    if actor().is_distributor:
        raise NotVisible
    may_set = may(actor(), Permission.SETTINGS_MANAGE)
    form = BandForm()
    if form.is_submitted() and may_set and form.validate():
        try:
            service.save_band(
                actor(),
                form.kind.data,
                form.class_code.data or "",
                form.from_fen.data or 0,
                form.stages(),
            )
        except Refused as refused:
            show_refusal(form, refused, PLACES)
        else:
            flash(_("Saved: it holds for applications from now on."), "success")
            return see_other("exceptions.bands")
    if not form.is_submitted() and request.args.get("kind") in EXCEPTION_TYPES:
        form.kind.data = request.args["kind"]
    own = {(b.type, b.class_code, b.from_fen): b.id for b in reads.bands()}
    shown = sorted(service.bands_now(), key=lambda b: (b.class_code, b.from_fen))
    return show(
        "exceptions/bands.html",
        kinds=EXCEPTION_TYPES,
        classes=CLASSES,
        roles=ROLES,
        bands={kind: [b for b in shown if b.type == kind] for kind in EXCEPTION_TYPES},
        own=own,
        form=form if may_set else None,
        currency=partners.get_maker().currency,
        tabs=tabs("bands"),
    ), 422 if form.is_submitted() else 200


@page(bp, "/exceptions/bands/<int:id>/delete", Permission.SETTINGS_MANAGE, methods=("POST",))
def delete_band(id: int) -> Any:
    try:
        service.delete_band(actor(), id)
    except Refused as refused:
        flash_refusal(refused)
    else:
        flash(_("The band is taken away."), "success")
    return see_other("exceptions.bands")


@page(bp, "/exceptions/absences", Permission.EXCEPTIONS_READ, methods=("GET", "POST"))
def absences() -> Any:
    """Who is away and who signs meanwhile; one enters one's own, the administrator all."""
    who = actor()
    if who.is_distributor:
        raise NotVisible
    is_admin = who.role is Role.ADMIN
    may_enter = is_admin or may(who, Permission.EXCEPTIONS_DECIDE)
    form = AbsenceForm()
    approvers = people.people_with(Permission.EXCEPTIONS_DECIDE)
    named = [(str(u.id), f"{u.name} ({ROLES[u.role]})") for u in approvers]
    form.person_id.choices = named if is_admin else [c for c in named if c[0] == str(who.user_id)]
    form.delegate_id.choices = [
        ("", _("nobody: the colleagues of the role")),
        *(c for c in named if is_admin or c[0] != str(who.user_id)),
    ]
    if not form.is_submitted():
        form.valid_from.data = clock.today()
    if may_enter and form.validate_on_submit():
        away = service.Away(
            person_id=form.person_id.data or who.user_id or 0,
            delegate_id=form.delegate_id.data,
            valid_from=form.valid_from.data,
            valid_to=form.last_day.data + timedelta(days=1),
            reason=form.reason.data or "",
        )
        try:
            service.enter_absence(who, away)
        except Refused as refused:
            show_refusal(form, refused, PLACES)
        else:
            flash(_("The absence is entered."), "success")
            return see_other("exceptions.absences")
    return show(
        "exceptions/absences.html",
        form=form if may_enter else None,
        absences=reads.absences(),
        is_admin=is_admin,
        today=clock.today(),
        tabs=tabs("absences"),
    ), 422 if form.is_submitted() else 200


@page(bp, "/exceptions/absences/<int:id>/end", Permission.EXCEPTIONS_READ, methods=("POST",))
def end_absence(id: int) -> Any:
    service.end_absence(actor(), id)
    flash(_("Welcome back: signatures are yours again."), "success")
    return see_other("exceptions.absences")
